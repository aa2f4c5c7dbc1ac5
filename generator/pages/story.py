"""The articles' own pages, each with what is related to it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from math import log1p
from typing import Protocol

from generator.model import Article
from generator.pages.context import Page, PageContext
from generator.related import Suggestion
from generator.templates import views
from generator.urls import is_bare, output_path


class Related(Protocol):
    """What is related to each story of a site."""

    def of(self, position: int) -> Sequence[Suggestion]:
        """The suggestions for the story at a position, best first."""


def story_pages(context: PageContext, related: Related) -> Iterator[Page]:
    stories = _Stories(context, related)
    for position, article in enumerate(context.site.articles):
        view = partial(stories.view, position)
        path, bare = output_path(article.url), is_bare(article.url)
        yield Page(path, "article.html", view, article.path, watched=True, bare=bare)


class _Stories:
    """The stories of a desk, and how they are related."""

    def __init__(self, context: PageContext, related: Related) -> None:
        self.context = context
        self.related = related
        self.site = context.site
        self.compose = context.compose

    def view(self, position: int) -> views.View:
        article = self.site.articles[position]
        related = [suggestion.position for suggestion in self.related.of(position)]
        beside = self.context.beside[article.path]
        return views.ArticleView(
            head=self._head(article),
            story=self.compose.story(article),
            related=tuple(map(self.compose.suggestion, related)),
            view_all=self._view_all(article, related),
            promo=self.compose.promo(article),
            newer=self._link(beside, position - 1),
            older=self._link(beside, position + 1),
        )

    def _head(self, article: Article) -> views.Head:
        matter = article.matter
        tags = [self.site.tags[slug] for slug in article.tags[:1]]
        return views.Head(
            url=self.compose.href(article.url),
            title=self.context.title(self.context.headlines[article.url]),
            description=article.summary,
            kind="article",
            picture=self.compose.lead_picture(article),
            noindex=article.state != "live",
            trail=(
                self.context.home(),
                *(self.context.link(tag.name, tag.url) for tag in tags),
                self.context.link(matter.title, article.url),
            ),
        )

    def _link(self, beside: Sequence[int], position: int) -> views.Link | None:
        return self.compose.link(position) if position in beside else None

    def _view_all(self, article: Article, related: list[int]) -> views.Link | None:
        """The tag that ties the suggestions to the story most.

        The more of them have it the better, and the rarer it is among all stories: else
        "View all" would lead to a tag that half of the site has.
        """
        if not related:
            return None
        shared = Counter(
            tag for p in related for tag in self.site.articles[p].tags if tag in article.tags
        )
        if not shared:
            return self.context.link(self.context.labels["archive"], "/archive/")
        total = len(self.site.articles)
        tags = sorted((self.site.tags[slug] for slug in sorted(shared)), key=lambda tag: tag.order)
        best = max(
            tags, key=lambda tag: shared[tag.slug] * log1p(total / len(self.site.by_tag[tag.slug]))
        )
        return self.context.link(best.name, best.url)
