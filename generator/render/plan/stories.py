"""The articles' own pages, each with what is related to it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from math import log1p
from typing import Protocol

from generator.arrange.related import Suggestion
from generator.model import Article
from generator.render import views
from generator.render.plan.desk import Desk, Page
from generator.urls import is_bare, output_path


class Related(Protocol):
    """What is related to each story of a site."""

    def of(self, position: int) -> Sequence[Suggestion]:
        """The suggestions for the story at a position, best first."""


def story_pages(desk: Desk, related: Related) -> Iterator[Page]:
    stories = _Stories(desk, related)
    for position, article in enumerate(desk.site.articles):
        view = partial(stories.view, position)
        path, bare = output_path(article.url), is_bare(article.url)
        yield Page(path, "article.html", view, article.path, watched=True, bare=bare)


class _Stories:
    """The stories of a desk, and how they are related."""

    def __init__(self, desk: Desk, related: Related) -> None:
        self.desk = desk
        self.related = related
        self.site = desk.site
        self.compose = desk.compose

    def view(self, position: int) -> views.View:
        article = self.site.articles[position]
        kin = [suggestion.position for suggestion in self.related.of(position)]
        beside = self.desk.beside[article.path]
        return views.ArticleView(
            head=self._head(article),
            story=self.compose.story(article),
            related=tuple(map(self.compose.suggestion, kin)),
            view_all=self._view_all(article, kin),
            promo=self.compose.promo(article),
            newer=self._link(beside, position - 1),
            older=self._link(beside, position + 1),
        )

    def _head(self, article: Article) -> views.Head:
        matter = article.matter
        tags = [self.site.tags[slug] for slug in article.tags[:1]]
        return views.Head(
            url=self.compose.href(article.url),
            title=self.desk.title(self.desk.headlines[article.url]),
            description=article.summary,
            kind="article",
            picture=self.compose.lead_picture(article),
            noindex=article.state != "live",
            trail=(
                self.desk.home(),
                *(self.desk.link(tag.name, tag.url) for tag in tags),
                self.desk.link(matter.title, article.url),
            ),
        )

    def _link(self, beside: Sequence[int], position: int) -> views.Link | None:
        return self.compose.link(position) if position in beside else None

    def _view_all(self, article: Article, kin: list[int]) -> views.Link | None:
        """The tag that ties the suggestions to the story most.

        The more of them have it the better, and the rarer it is among all stories: else
        "View all" would lead to a tag that half of the site has.
        """
        if not kin:
            return None
        shared = Counter(
            tag for p in kin for tag in self.site.articles[p].tags if tag in article.tags
        )
        if not shared:
            return self.desk.link(self.desk.labels["archive"], "/archive/")
        total = len(self.site.articles)
        tags = sorted((self.site.tags[slug] for slug in sorted(shared)), key=lambda tag: tag.order)
        best = max(
            tags, key=lambda tag: shared[tag.slug] * log1p(total / len(self.site.by_tag[tag.slug]))
        )
        return self.desk.link(best.name, best.url)
