"""The articles' own pages, each with what is related to it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from math import log1p

from generator.kinds import PageKind
from generator.model import Article, term_key
from generator.pages.cards import share_picture
from generator.pages.context import PageContext
from generator.pages.output import Rendered
from generator.site.watch import Watched
from generator.templates import views
from generator.urls import is_bare, output_path


def story_pages(context: PageContext) -> Iterator[Rendered]:
    for position, story in enumerate(context.outlines[""]):
        yield Rendered(
            output_path(story.url),
            PageKind.STORY,
            Watched(_story, position),
            story.layout,
            url=story.url,
            owner=story.path,
            bare=is_bare(story.url),
            unlisted=not story.is_live,
            changed=story.changed,
        )


def _story(context: PageContext, position: int) -> views.View:
    article = context.site.articles[position]
    series = _series(context, article, position)
    related = [suggestion.position for suggestion in context.related.of(position)]
    beside = context.beside[article.path]
    return views.ArticleView(
        head=_head(context, article),
        story=context.compose.story(article, series),
        related=tuple(map(context.compose.suggestion, related)),
        view_all=_view_all(context, article, related),
        promo=context.compose.promo(article),
        newer=_link(context, beside, position - 1),
        older=_link(context, beside, position + 1),
    )


def _head(context: PageContext, article: Article) -> views.Head:
    matter = article.matter
    return views.Head(
        url=context.compose.href(article.url),
        title=context.title(context.headlines[article.url]),
        description=article.summary,
        kind="article",
        picture=share_picture(context, article, context.compose.lead_picture(article)),
        noindex=article.state != "live",
        trail=(
            context.home(),
            *_above(context, article),
            context.link(matter.title, article.url),
        ),
        translations=context.translated(article.url),
    )


def _above(context: PageContext, article: Article) -> tuple[views.Link, ...]:
    """Return the steps from the front page to a story: its section, else its first tag."""
    for name in ("section", "tags"):
        for slug in article.terms.get(name, ())[:1]:
            term = context.site.terms[term_key(name, slug)]
            return *context.compose.terms_above(term), context.link(term.name, term.url)
    return ()


def _series(context: PageContext, article: Article, position: int) -> views.Series | None:
    """Return the series that a story is a part of, if it is of any."""
    for slug in article.terms.get("series", ()):
        term = context.site.terms[term_key("series", slug)]
        parts = [*context.series[term.key]]
        place = parts.index(position)
        links = tuple(map(context.compose.link, parts))
        before = links[place - 1] if place else None
        after = links[place + 1] if place + 1 < len(links) else None
        url = context.compose.href(term.url)
        return views.Series(term.name, url, links, before, after)
    return None


def _link(context: PageContext, beside: Sequence[int], position: int) -> views.Link | None:
    return context.compose.link(position) if position in beside else None


def _view_all(context: PageContext, article: Article, related: list[int]) -> views.Link | None:
    """Return the tag that ties the suggestions to the story most.

    The more of them have it the better, and the rarer it is among all stories: else
    "View all" would lead to a tag that half of the site has.
    """
    if not related:
        return None
    site = context.site
    keys = {slug: term_key("tags", slug) for slug in article.tags}
    shared = Counter(tag for p in related for tag in site.articles[p].tags if tag in article.tags)
    if not shared:
        return context.link(context.labels["archive"], context.paths.archive)
    total = len(site.articles)
    tags = sorted((site.terms[keys[slug]] for slug in sorted(shared)), key=lambda tag: tag.order)
    best = max(tags, key=lambda tag: shared[tag.slug] * log1p(total / len(site.by_term[tag.key])))
    return context.link(best.name, best.url)
