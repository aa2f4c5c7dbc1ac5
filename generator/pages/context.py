"""What the planners of all kinds of page share: heads, titles, the pages of a listing."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import NamedTuple, Protocol, TypeVar

from msgspec.structs import replace

from generator.config import Front, Settings
from generator.config.collections import collections_of
from generator.config.taxonomies import taxonomies_of
from generator.model import Anchors, Article, Site, term_key
from generator.moments import local
from generator.pages.blocks import NO_BLOCKS, KnownBlocks
from generator.pages.compose import Composer
from generator.pages.queries import Queries
from generator.related import Suggestion
from generator.site.anchors import place_of
from generator.site.cards import card_layout
from generator.site.layouts import layout_of
from generator.site.overlay import Overlay
from generator.site.partial import wordless
from generator.site.schedule import in_news_sitemap
from generator.site.stories import columns_of
from generator.site.watch import (
    ALL,
    Articles,
    ByPath,
    Facts,
    Family,
    Later,
    Watch,
    by_paths,
    check_function,
    exact,
    number_of,
    watched,
)
from generator.templates import views
from generator.templates.dates import format_date
from generator.urls import numbered


class Related(Protocol):
    """What is related to each story of a site."""

    def of(self, position: int) -> Sequence[Suggestion]:
        """Return the suggestions for the story at a position, best first."""


Relate = Callable[[Site, Watch], Related]
"""Returns what is related to the stories of a watched site."""
T = TypeVar("T")
Grouping = Callable[[Site], Mapping[str, Sequence[int]]]
"""Returns positions of a site's stories by key. The site it is given is `wordless`."""


class Unrelated:
    """No story is related to any."""

    def of(self, position: int) -> Sequence[Suggestion]:  # noqa: ARG002
        return ()


class Outline(NamedTuple):
    """What a list of addresses says of a story. It holds no words of it."""

    path: str
    url: str
    changed: datetime
    is_live: bool
    aliases: tuple[str, ...] = ()
    layout: str = ""
    card: str = ""


class PageContext:
    """One site with its settings and labels, and what every page of it needs.

    The site and what is derived from it here is watched. `edition` is its language, "" for the main
    one, and `names` lead from its content paths to files. `translations` are what is there in
    several languages, by each of its paths, which stand in place of addresses. `editions` are those
    in the other languages. `blocks` are those that texts may have.
    """

    def __init__(
        self,
        site: Site,
        settings: Settings,
        labels: dict[str, str],
        relate: Relate = lambda *_: Unrelated(),
        *,
        edition: str = "",
        names: Mapping[str, str] = {},
        translations: Mapping[str, tuple[views.Translation, ...]] = {},
        editions: "tuple[PageContext, ...]" = (),
        blocks: KnownBlocks = NO_BLOCKS,
    ) -> None:
        self.edition = edition
        self.editions = editions
        self._names = names
        self.settings = settings
        self.paths = settings.paths
        self.taxonomies = taxonomies_of(settings)
        self.collections = collections_of(settings)
        self.labels = labels
        self.watch = Watch()
        self._translations = translations
        if translations:
            self._translations = self.watch.family("translations", translations)
        self._articles = Articles(self.watch, site.articles)
        self._new_anchors: dict[str, Anchors] = {}
        self._anchors = Overlay(site.anchors, self._new_anchors)
        self.site = watched(replace(site, anchors=self._anchors), self._articles, self.watch)
        self.plain = site
        self._groups: dict[Grouping, Family[Sequence[int]]] = {}
        chosen = self.positions("chosen", Later(partial(_chosen, site)))
        named = self.positions("named story", Later(partial(_named, site)))
        self.blocks = blocks
        self.compose = Composer(
            self.site, settings, self.watch, site.at.year, chosen, named, blocks
        )
        pages = {page.path: page for page in site.pages}
        self.pages = self.watch.family("page", pages, partial(exact, pages))
        outlines = Later(lambda: {"": [self._outline(article) for article in site.articles]})
        self.outlines = self.watch.family("outlines", outlines, partial(exact, outlines))
        paths, last = columns_of(site.articles).paths, len(site.articles) - 1
        self.beside = self.positions("beside", ByPath(paths, partial(_beside, last)))
        self.parts_of = self.watch.family("parts of", _parts_of(site))
        self.term_titles = self.watch.family("term's title", self._term_titles(site))
        names = {slug: author.matter.name for slug, author in site.authors.items()}
        self.author_titles = self.watch.family("author's title", self.told_apart(names))
        lists = {one.list: one.title for one in self.collections.values()}
        page_titles = self.told_apart(lists | _titles(site))
        self.page_titles = self.watch.family("page's title", page_titles)
        self.series = self.positions("series", Later(partial(_series, site)))
        self.front = self.positions("front", Later(partial(_front, site, settings.front)))
        self.news = self.positions("news", Later(lambda: {"": _news(site)}))
        recorded = Later(partial(_recorded, site)) if settings.podcast else {}
        self.recorded = self.positions("recorded", recorded)
        self.headlines = self._headlines(site)
        self.related = relate(self.site, self.watch)

    def of(self, edition: str) -> "PageContext":
        """Return the context of the site in a language; "" is the main one."""
        return next(one for one in self.editions if one.edition == edition) if edition else self

    @property
    def every(self) -> "tuple[PageContext, ...]":
        """Return the contexts of all languages, the main one first."""
        return self, *self.editions

    def file_of(self, path: str) -> str:
        """Return the content file of a text that goes by this path."""
        return self._names.get(path, path)

    def translated(self, url: str) -> tuple[views.Translation, ...]:
        """Return where else the page at a site's path is, if it is there in several languages."""
        found = self._translations.get(url, ())
        return tuple(replace(one, url=self.compose.href(one.url)) for one in found)

    def families_of(
        self, site: Site, translations: Mapping[str, tuple[views.Translation, ...]] = {}
    ) -> dict[str, Callable[[], Facts]]:
        """Return the families of another state of the site, grouped as this one was."""
        other = PageContext(site, self.settings, self.labels, translations=translations)
        for grouping in self._groups:
            other.grouped(grouping)
        if "queries" in vars(self):
            other.queries.expect(self.queries.spans)
        return other.watch.families

    def reword(self, site: Site, positions: Iterable[int]) -> set[int]:
        """Take over a site of which only the words of the stories at some positions are new.

        The pages that were planned stand; what of them was made from the old words is made
        again. Returns the numbers of the facts that are others now.
        """
        new = {position: site.articles[position] for position in positions}
        stale = {number_of("article", key) for key in (ALL, *(a.path for a in new.values()))}
        titles = {self.site.articles[p].matter.title != a.matter.title for p, a in new.items()}
        self._articles.put(new)
        stale |= self._take_anchors(site, new.values())
        if any(titles):
            before = {"headline": self.watch.families.pop("headline")}
            self.headlines = self._headlines(site)
            stale |= self.watch.changed(before)
        self.watch.forget(stale)
        return stale

    def take_anchors(self, site: Site, stories: Iterable[Article]) -> None:
        """Take over the anchors that these stories have in the site in another language."""
        self.watch.forget(self._take_anchors(site, stories))

    def _take_anchors(self, site: Site, stories: Iterable[Article]) -> set[int]:
        """Take over anchors of a site; return the numbers of the facts that are others now."""
        now = {place: site.anchors.get(place) for place in (place_of(s.url) for s in stories)}
        moved = {p: found for p, found in now.items() if found and self._anchors.get(p) != found}
        self._new_anchors |= moved
        return {number_of("anchors", place) for place in moved}

    def head(
        self,
        path: str,
        title: str,
        description: str = "",
        trail: tuple[views.Link, ...] = (),
        name: str = "",
        noindex: bool = False,
        feed: views.Link | None = None,
        pager: views.Pager | None = None,
        picture: views.Picture | None = None,
    ) -> views.Head:
        """Return a head. With a `name` the page gets a trail that ends in it."""
        url = self.compose.href(path)
        general = self.settings.description or self.settings.tagline or self.settings.title
        text = description or (f"{name}. {general}" if name else general)
        if pager and pager.number > 1:
            text = f"{text} {self._page_of(pager)}"
        here = (self.home(), *trail, views.Link(name, url)) if name else ()
        return views.Head(
            url,
            title,
            text,
            picture=picture,
            noindex=noindex,
            trail=here,
            feed=feed,
            translations=self.translated(path),
        )

    def title(self, *parts: str, pager: views.Pager | None = None) -> str:
        """Return a document title: what the page is, then where it belongs."""
        number = [self._page_of(pager)] if pager and pager.number > 1 else []
        return " | ".join([" · ".join([*parts, *number]), self.settings.title])

    def told_apart(self, names: Mapping[str, str]) -> dict[str, str]:
        """Return names by key, each with its key that several share or Broadsheet's pages have.

        So that no two documents of a site have one title.
        """
        own = [self.labels[key] for key in ("topics", "authors", "archive", "not_found")]
        count = Counter([*names.values(), *own])
        return {k: name if count[name] == 1 else f"{name} ({k})" for k, name in names.items()}

    def _outline(self, article: Article) -> Outline:
        is_live, aliases = article.state == "live", article.matter.aliases
        layout = self.layout_of(article.path, article.matter.layout)
        card = card_layout(article.path, article.matter, self.plain, self.settings)
        return Outline(article.path, article.url, article.changed, is_live, aliases, layout, card)

    def layout_of(self, path: str, own: str) -> str:
        """Return the layout that a text chooses by its field, else by the settings; "" if none."""
        by_files = self.settings.layouts
        return layout_of(path, own, by_files) if own or by_files else ""

    def _term_titles(self, site: Site) -> dict[str, str]:
        """Return the names of terms by key, those of each taxonomy told apart."""
        names: dict[str, dict[str, str]] = {}
        for term in site.terms.values():
            names.setdefault(term.taxonomy, {})[term.slug] = term.name
        return {
            term_key(taxonomy, slug): title
            for taxonomy, by_slug in names.items()
            for slug, title in self.told_apart(by_slug).items()
        }

    def heading(self, taxonomy: str) -> str:
        """Return what the list of a taxonomy's terms is called."""
        return self.taxonomies[taxonomy].title or self.labels[_HEADINGS[taxonomy]]

    def _headlines(self, site: Site) -> Family[str]:
        headlines = Later(partial(self._told_by_date, site))
        return self.watch.family("headline", headlines)

    def _told_by_date(self, site: Site) -> dict[str, str]:
        """Return the headlines by address: stories that share one are told apart by their dates.

        Those of one day by the time, at last, as with a page of the same name, by address.
        """
        columns = columns_of(site.articles)
        count = Counter(columns.titles)
        shared = (place for place, title in enumerate(columns.titles) if count[title] > 1)
        stories = [site.articles[place] for place in shared]
        dated = {
            article.url: f"{article.matter.title} ({self.date(article.matter.date, 'long')})"
            for article in stories
        }
        same_day = Counter(dated.values())
        dated |= {
            article.url: f"{dated[article.url]} {article.matter.date:%H:%M}"
            for article in stories
            if same_day[dated[article.url]] > 1
        }
        headlines = dict(zip(columns.urls, columns.titles, strict=True))
        return self.told_apart(_titles(site) | headlines | dated)

    @cached_property
    def queries(self) -> Queries:
        """Return what answers layouts, once one asks."""
        return Queries(self.site, self.plain, self.taxonomies, self.compose, self.watch)

    def positions(self, name: str, positions: Mapping[str, Sequence[int]]) -> Family[Sequence[int]]:
        """Return positions by key, watched: the same while they are those of the same stories."""
        return self.watch.family(name, positions, partial(by_paths, self.plain, positions))

    def home(self) -> views.Link:
        return self.link(self.settings.title, self.paths.front)

    def link(self, title: str, path: str) -> views.Link:
        return views.Link(title, self.compose.href(path))

    def date(self, moment: datetime, pattern: str) -> str:
        return format_date(moment, pattern, self.settings.language)

    def day(self, moment: datetime, timed: bool) -> datetime:
        """Return the day on which readers are told that a story of that date was published.

        A time is told as the clocks of the site show it.
        """
        shown = local(moment, self.settings.zone) if timed else moment
        return datetime(shown.year, shown.month, shown.day, tzinfo=UTC)

    def grouped(self, grouping: Grouping) -> Family[Sequence[int]]:
        """Return the positions of stories by key that a planner's own function finds, watched.

        It is one of a module, and found once. Raises `TypeError` if it may hold values, or reads
        what is no longer so when words are new.
        """
        if grouping not in self._groups:
            check_function(grouping)
            name = f"{grouping.__module__}.{grouping.__qualname__}"
            self._groups[grouping] = self.positions(name, grouping(self._wordless))
        return self._groups[grouping]

    @cached_property
    def _wordless(self) -> Site:
        return wordless(self.plain)

    def part(
        self, path: str, positions: Sequence[T], per_page: int, number: int
    ) -> tuple[views.Pager, Sequence[T]]:
        """Return the pager of a listing's page of that number, and what of it is shown there."""
        shown = positions[(number - 1) * per_page : number * per_page]
        return self._pager(path, number, pages_for(positions, per_page)), shown

    def _pager(self, path: str, number: int, total: int) -> views.Pager:
        newer = self.compose.href(numbered(path, number - 1)) if number > 1 else ""
        older = self.compose.href(numbered(path, number + 1)) if number < total else ""
        return views.Pager(number, total, newer, older)

    def _page_of(self, pager: views.Pager) -> str:
        text = self.labels["page_of"].replace("{number}", str(pager.number))
        return text.replace("{total}", str(pager.total))


_HEADINGS = {"tags": "topics", "authors": "authors", "section": "menu", "series": "series"}
"""The labels of the taxonomies that come along."""


def _beside(last: int, place: int) -> list[int]:
    """Return the positions of the newer and the older neighbour of a story, if there are any."""
    return [*([place - 1] if place else []), *([place + 1] if place < last else [])]


def _front(site: Site, front: Front) -> dict[str, list[int]]:
    """Return where the front page's stories are: those on top, and the river below.

    The featured ones lead, by their rank; the newest fill what places are left. With links there is
    no order but that of the days.
    """
    if front.style == "links":
        return {"first": [], "river": [*range(len(site.articles))]}
    ranks = columns_of(site.articles).featured
    featured = sorted(ranks, key=lambda place: (ranks[place], place))
    others = [place for place in range(len(site.articles)) if place not in ranks]
    if front.style == "river":
        return {"first": [], "river": featured + others}
    first = (featured + others)[: 1 + front.top]
    return {"first": first, "river": sorted({*featured, *others} - {*first})}


def _titles(site: Site) -> dict[str, str]:
    """Return the titles of all pages and items by address."""
    titles = {page.url: page.matter.title for page in site.pages}
    return titles | {item.url: item.matter.title for item in site.items.values()}


def _chosen(site: Site) -> dict[str, list[int]]:
    """Return the positions of the stories that items name, by their paths."""
    named = (item.stories.values() for item in site.items.values())
    wanted = {path for fields in named for paths in fields for path in paths}
    paths = columns_of(site.articles).paths if wanted else []
    return {path: [place] for place, path in enumerate(paths) if path in wanted}


def _named(site: Site) -> dict[str, list[int]]:
    """Return the position of each story by its path and by its slug; the newest has that."""
    columns = columns_of(site.articles)
    found = {story.slug: [place] for place, story in reversed([*enumerate(site.articles)])}
    return found | {path: [place] for place, path in enumerate(columns.paths)}


def _parts_of(site: Site) -> dict[str, list[str]]:
    """Return the keys of the terms that are parts of another, by the key of that."""
    parts: dict[str, list[str]] = {}
    for key, term in site.terms.items():
        if term.parent:
            parts.setdefault(term_key(term.taxonomy, term.parent), []).append(key)
    return parts


def _series(site: Site) -> dict[str, list[int]]:
    """Return the stories of each series in its order, by its key."""
    beginning = term_key("series", "")
    return {
        key: sorted(places, key=lambda place: _place_in_series(site.articles[place]))
        for key, places in site.by_term.items()
        if key.startswith(beginning)
    }


def _place_in_series(article: Article) -> tuple[bool, int, datetime, str]:
    """Return what orders the parts of a series: their numbers; behind those with one, dates."""
    part = article.matter.part
    return part is None, part or 0, article.matter.date, article.path


def _news(site: Site) -> list[int]:
    """Return where the stories are that a news sitemap holds."""
    live = (place for place, article in enumerate(site.articles) if article.state == "live")
    return in_news_sitemap(live, lambda place: site.articles[place].matter, site.at)


def _recorded(site: Site) -> dict[str, list[int]]:
    """Return where the stories are that have a recording, and those that write its chapters."""
    every = {n: audio for n, story in enumerate(site.articles) if (audio := story.matter.audio)}
    said = {n: audio.chapters for n, audio in every.items() if audio.chapters}
    written = [n for n, chapters in said.items() if isinstance(chapters, tuple)]
    return {"every": [*every], "with chapters": written}


def pages_for(positions: Sequence[object], per_page: int) -> int:
    """Return how many pages a listing has: there is always a first one."""
    return max(1, -(-len(positions) // per_page))
