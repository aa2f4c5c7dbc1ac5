"""The articles' own pages, each with what is related to it."""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property, partial
from math import log1p

from generator.arrange.related import Relations
from generator.model import Article
from generator.render import views
from generator.render.plan.desk import Desk, Page
from generator.urls import output_path


def story_pages(desk: Desk, related: Relations) -> Iterator[Page]:
    stories = _Stories(desk, related)
    for position, article in enumerate(desk.site.articles):
        view = partial(stories.view, position)
        yield Page(output_path(article.url), "article.html", view, article.path)


class _Stories:
    """The stories of a desk, and how they are related."""

    def __init__(self, desk: Desk, related: Relations) -> None:
        self.desk = desk
        self.related = related
        self.site = desk.site
        self.compose = desk.compose

    def view(self, position: int) -> views.View:
        article = self.site.articles[position]
        kin = [suggestion.position for suggestion in self.related.of(position)]
        return views.ArticleView(
            head=self._head(article),
            story=self.compose.story(article),
            related=tuple(self.compose.suggestion(self.site.articles[p]) for p in kin),
            view_all=self._view_all(article, kin),
            promo=self.compose.promo(article),
            newer=self._link(position - 1),
            older=self._link(position + 1),
        )

    def _head(self, article: Article) -> views.Head:
        matter = article.matter
        tags = [self.site.tags[slug] for slug in article.tags[:1]]
        return views.Head(
            url=self.compose.href(article.url),
            title=self.desk.title(self._titles[article.url]),
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

    def _link(self, position: int) -> views.Link | None:
        if not 0 <= position < len(self.site.articles):
            return None
        article = self.site.articles[position]
        return self.desk.link(article.matter.title, article.url)

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
        best = max(
            sorted(shared), key=lambda tag: shared[tag] * log1p(total / len(self.site.by_tag[tag]))
        )
        return self.desk.link(self.site.tags[best].name, self.site.tags[best].url)

    @cached_property
    def _titles(self) -> dict[str, str]:
        """The document titles: stories that share a headline are told apart by their dates.

        Those of one day by the time, at last, as with a page of the same name, by address.
        """
        headlines = {article.url: article.matter.title for article in self.site.articles}
        count = Counter(headlines.values())
        dated = {
            article.url: f"{article.matter.title} ({self._date(article)})"
            for article in self.site.articles
            if count[article.matter.title] > 1
        }
        same_day = Counter(dated.values())
        dated |= {
            article.url: f"{dated[article.url]} {article.matter.date:%H:%M}"
            for article in self.site.articles
            if article.url in dated and same_day[dated[article.url]] > 1
        }
        pages = {page.url: page.matter.title for page in self.site.pages}
        return self.desk.told_apart(pages | headlines | dated)

    def _date(self, article: Article) -> str:
        return self.desk.date(article.matter.date, "long")
