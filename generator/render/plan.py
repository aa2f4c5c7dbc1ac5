"""Site → every page. Each is an output path, a layout and a view; nothing is rendered here."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

from generator.arrange.links import CONTENT, unknown_paths
from generator.arrange.related import Candidates, Subject, candidates, related
from generator.arrange.site import texts
from generator.config import FILE, Settings
from generator.errors import Problem
from generator.model import Article, Author, Site, StaticPage, Tag
from generator.render import views
from generator.render.assets import Asset
from generator.render.compose import Composer
from generator.render.dates import format_date
from generator.urls import month_path, numbered, output_path, year_path

SITEMAP_LIMIT = 50_000
"""Rows of one sitemap: https://www.sitemaps.org/protocol.html"""
NEWS_HOURS, NEWS_LIMIT = 48, 1_000
"""Age and number of a news sitemap's stories, as Google's documentation sets them."""
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)

Months = dict[tuple[int, int], tuple[int, ...]]


class Page(NamedTuple):
    """An output that a layout makes from a view. `owner` is the content file it stands for."""

    path: str
    layout: str
    view: Callable[[], views.View]
    owner: str = ""


class Copy(NamedTuple):
    """An output that is bytes as they are: a content file, or an asset."""

    path: str
    source: Path | bytes
    digest: str
    owner: str = ""


def plan(
    site: Site,
    settings: Settings,
    labels: dict[str, str],
    assets: dict[str, Asset],
    root: Path,
    sitemap_limit: int = SITEMAP_LIMIT,
) -> list[Page | Copy]:
    """Every output of the site. Views are made when they are asked for."""
    desk = _Desk(site, settings, labels)
    return [
        *desk.front(),
        *desk.articles(),
        *desk.tags(),
        *desk.authors(),
        *desk.archive(),
        *desk.pages(),
        *desk.redirects(),
        *desk.feeds(),
        *desk.sitemaps(sitemap_limit),
        *_copies(site, root),
        *(Copy(a.path, a.data, a.path) for a in assets.values()),
    ]


def collisions(pages: Iterable[Page | Copy]) -> Iterator[Problem]:
    """Outputs that would overwrite one another, or need a folder where a file is."""
    owners: dict[str, Page | Copy] = {}
    for page in pages:
        other = owners.setdefault(page.path.casefold(), page)
        if other is not page:
            yield _collision(page, other)
    for name, page in owners.items():
        parts = name.split("/")
        for depth in range(1, len(parts)):
            if above := owners.get("/".join(parts[:depth])):
                yield _collision(page, above)


def dead_paths(site: Site, pages: Iterable[Page | Copy], settings: Settings) -> Iterator[Problem]:
    """Links and menu entries that name a path of this site which no page answers for."""
    known = frozenset(
        path
        for page in pages
        for path in (f"/{page.path}", f"/{page.path.removesuffix('index.html')}")
    )
    yield from unknown_paths(site, texts(site), known)
    for item in settings.menu:
        path = item.url.split("#")[0]
        if path.startswith("/") and path not in known:
            what = f'menu: no page of this site answers for "{item.url}"'
            yield Problem(FILE, 0, what, "mend the address", "warning")


def _collision(page: Page | Copy, other: Page | Copy) -> Problem:
    mine, theirs = (page, other) if page.owner else (other, page)
    whose = f"of {CONTENT}/{theirs.owner}" if theirs.owner else "a page of Broadsheet's own"
    what = f"its output {mine.path} is also that {whose}".replace("that a page", "a page")
    remedy = "rename it, or give it another `slug`"
    return Problem(f"{CONTENT}/{mine.owner}", 0 if not mine.owner else 1, what, remedy)


class _Desk:
    """Plans one site: each method gives the pages of a kind. Values it shares are made once."""

    def __init__(self, site: Site, settings: Settings, labels: dict[str, str]) -> None:
        self.site = site
        self.settings = settings
        self.labels = labels
        self.compose = Composer(site, settings)

    # ------------------------------------------------------------------- front page

    def front(self) -> Iterator[Page]:
        featured = sorted(
            (a.matter.featured, i)
            for i, a in enumerate(self.site.articles)
            if a.matter.featured is not None
        )
        chosen = [position for _, position in featured]
        others = [i for i in range(len(self.site.articles)) if i not in set(chosen)]
        first = (chosen + others)[: 1 + self.settings.front.top]
        river = sorted(set(range(len(self.site.articles))) - set(first))
        title = self.settings.title
        if self.settings.tagline:
            title = f"{title}: {self.settings.tagline}"

        def view(pager: views.Pager, positions: list[int]) -> views.View:
            top = first if pager.number == 1 else []
            name = title if pager.number == 1 else self._title(self.labels["latest"], pager=pager)
            return views.FrontView(
                head=self._head(numbered("/", pager.number), name, pager=pager),
                pager=pager,
                lead=self.compose.card(self.site.articles[top[0]]) if top else None,
                top=self.compose.cards(top[1:]),
                river=self.compose.cards(positions),
            )

        yield from self._listing("/", "front.html", river, self.settings.front.per_page, view)

    # --------------------------------------------------------------------- articles

    def articles(self) -> Iterator[Page]:
        for position, article in enumerate(self.site.articles):
            view = partial(self._article, position)
            yield Page(output_path(article.url), "article.html", view, article.path)

    def _article(self, position: int) -> views.View:
        article = self.site.articles[position]
        kin = self._related(position)
        title = self._twin_titles.get(position, article.matter.title)
        trail = [self._home_link()]
        if article.tags:
            tag = self.site.tags[article.tags[0]]
            trail.append(views.Link(tag.name, self.compose.href(tag.url)))
        picture = article.matter.image
        head = views.Head(
            url=self.compose.href(article.url),
            title=self._title(title),
            description=article.summary,
            kind="article",
            picture=self.compose.picture(article.path, picture) if picture else None,
            noindex=article.state != "live",
            trail=(*trail, views.Link(article.matter.title, self.compose.href(article.url))),
        )
        return views.ArticleView(
            head=head,
            story=self.compose.story(article),
            related=tuple(self.compose.suggestion(self.site.articles[p]) for p in kin),
            view_all=self._view_all(article, kin),
            promo=self.compose.promo(article),
            newer=self._link(position - 1),
            older=self._link(position + 1),
        )

    def _link(self, position: int) -> views.Link | None:
        if not 0 <= position < len(self.site.articles):
            return None
        article = self.site.articles[position]
        return views.Link(article.matter.title, self.compose.href(article.url))

    def _related(self, position: int) -> tuple[int, ...]:
        settings = self.settings.related
        return related(
            position, self._subjects[position], self._candidates, settings.count, settings.half_life
        )

    def _view_all(self, article: Article, kin: tuple[int, ...]) -> views.Link | None:
        """The tag that most of the suggestions share with the story; of equals the rarest."""
        if not kin:
            return None
        shared = Counter(
            tag for p in kin for tag in self.site.articles[p].tags if tag in article.tags
        )
        if not shared:
            return views.Link(self.labels["archive"], self.compose.href("/archive/"))
        best = min(shared, key=lambda tag: (-shared[tag], len(self.site.by_tag[tag]), tag))
        tag = self.site.tags[best]
        return views.Link(tag.name, self.compose.href(tag.url))

    @cached_property
    def _subjects(self) -> list[Subject]:
        positions = {article.path: i for i, article in enumerate(self.site.articles)}
        return [
            Subject(
                tags=article.tags,
                day=article.matter.date.timestamp() / 86_400,
                pin=tuple(positions[p] for p in article.pinned if p in positions),
                exclude=frozenset(positions[p] for p in article.excluded if p in positions),
            )
            for article in self.site.articles
        ]

    @cached_property
    def _candidates(self) -> Candidates:
        return candidates(self._subjects)

    @cached_property
    def _twin_titles(self) -> dict[int, str]:
        """Stories that share a headline, told apart by date, by time, at last by slug."""
        twins = {
            i: article
            for i, article in enumerate(self.site.articles)
            if article.matter.title in self.site.twins
        }
        titles: dict[int, str] = {}
        for pattern in ("long", "d MMMM y, HH:mm", ""):
            names = {
                i: f"{a.matter.title} ({self._date(a.matter.date, pattern) if pattern else a.slug})"
                for i, a in twins.items()
                if i not in titles
            }
            count = Counter(names.values())
            titles |= {i: name for i, name in names.items() if count[name] == 1}
        return titles

    # ------------------------------------------------------------- tags and authors

    def tags(self) -> Iterator[Page]:
        yield Page("tags/index.html", "tags.html", self._tags)
        for slug, tag in self.site.tags.items():
            positions = list(self.site.by_tag[slug])
            per_page = self.settings.lists.per_page
            view = partial(self._tag, tag)
            yield from self._listing(tag.url, "tag.html", positions, per_page, view)

    def _tags(self) -> views.View:
        tags = sorted(self.site.tags.values(), key=lambda tag: (tag.name.casefold(), tag.slug))
        return views.TagsView(
            head=self._head("/tags/", self._title(self.labels["topics"])),
            tags=tuple(self.compose.tag(tag, counted=True) for tag in tags),
        )

    def _tag(self, tag: Tag, pager: views.Pager, positions: list[int]) -> views.View:
        feed = views.Link(
            f"{tag.name} | {self.settings.title}", self.compose.href(f"{tag.url}feed.xml")
        )
        return views.TagView(
            head=self._head(
                numbered(tag.url, pager.number),
                self._title(tag.name, self.labels["topics"], pager=pager),
                description=tag.description.excerpt if tag.description else "",
                trail=(views.Link(self.labels["topics"], self.compose.href("/tags/")),),
                name=tag.name,
                feed=feed,
                pager=pager,
            ),
            pager=pager,
            tag=self.compose.tag(tag, counted=True),
            description=self.compose.body(tag.path, tag.description) if tag.description else None,
            stories=self.compose.cards(positions),
        )

    def authors(self) -> Iterator[Page]:
        yield Page("authors/index.html", "authors.html", self._authors)
        for slug, author in self.site.authors.items():
            positions = list(self.site.by_author[slug])
            view = partial(self._author, author)
            per_page = self.settings.lists.per_page
            yield from self._listing(author.url, "author.html", positions, per_page, view)

    def _authors(self) -> views.View:
        authors = sorted(
            self.site.authors.values(), key=lambda a: (a.matter.name.casefold(), a.slug)
        )
        return views.AuthorsView(
            head=self._head("/authors/", self._title(self.labels["authors"])),
            authors=tuple(map(self.compose.counted_author, authors)),
        )

    def _author(self, author: Author, pager: views.Pager, positions: list[int]) -> views.View:
        return views.AuthorView(
            head=self._head(
                numbered(author.url, pager.number),
                self._title(author.matter.name, self.labels["authors"], pager=pager),
                description=author.bio.excerpt if author.bio else "",
                trail=(views.Link(self.labels["authors"], self.compose.href("/authors/")),),
                name=author.matter.name,
                pager=pager,
            ),
            pager=pager,
            author=self.compose.counted_author(author),
            stories=self.compose.cards(positions),
        )

    # ---------------------------------------------------------------------- archive

    @cached_property
    def _months(self) -> Months:
        """Positions by (year, month) of each story's date in its own zone, newest first."""
        months: dict[tuple[int, int], list[int]] = {}
        for position, article in enumerate(self.site.articles):
            date = article.matter.date
            months.setdefault((date.year, date.month), []).append(position)
        return {key: tuple(months[key]) for key in sorted(months, reverse=True)}

    def archive(self) -> Iterator[Page]:
        yield Page("archive/index.html", "archive.html", partial(self._archive, 0))
        for year in dict.fromkeys(year for year, _ in self._months):
            path = output_path(year_path(year))
            yield Page(path, "archive.html", partial(self._archive, year))
        keys = list(self._months)
        for number, (year, month) in enumerate(keys):
            newer = keys[number - 1] if number else None
            older = keys[number + 1] if number + 1 < len(keys) else None
            view = partial(self._month_page, (year, month), newer, older)
            yield Page(output_path(month_path(year, month)), "month.html", view)

    def _archive(self, year: int) -> views.View:
        years = dict.fromkeys(y for y, _ in self._months if year in (0, y))
        label = self.labels["archive"]
        return views.ArchiveView(
            head=self._head(
                year_path(year) if year else "/archive/",
                self._title(str(year), label) if year else self._title(label),
                name=str(year) if year else label,
                trail=self._archive_trail() if year else (),
            ),
            years=tuple(map(self._year, years)),
            year=year,
        )

    def _archive_trail(self) -> tuple[views.Link, ...]:
        return (views.Link(self.labels["archive"], self.compose.href("/archive/")),)

    def _year(self, year: int) -> views.Year:
        months = tuple(self._month(key) for key in self._months if key[0] == year)
        url = self.compose.href(year_path(year))
        return views.Year(year, url, sum(month.count for month in months), months)

    def _month(self, key: tuple[int, int]) -> views.Month:
        url = self.compose.href(month_path(*key))
        return views.Month(datetime(*key, 1, tzinfo=UTC), url, len(self._months[key]))

    def _month_page(
        self, key: tuple[int, int], newer: tuple[int, int] | None, older: tuple[int, int] | None
    ) -> views.View:
        days: dict[datetime, list[views.Card]] = {}
        for position in self._months[key]:
            article = self.site.articles[position]
            date = article.matter.date
            day = datetime(date.year, date.month, date.day, tzinfo=UTC)
            days.setdefault(day, []).append(self.compose.line(article))
        name = self._date(datetime(*key, 1, tzinfo=UTC), "LLLL y")
        year = views.Link(str(key[0]), self.compose.href(year_path(key[0])))
        return views.MonthView(
            head=self._head(
                month_path(*key),
                self._title(name, self.labels["archive"]),
                name=name,
                trail=(*self._archive_trail(), year),
            ),
            month=self._month(key),
            days=tuple(views.Day(day, tuple(days[day])) for day in sorted(days, reverse=True)),
            newer=self._month(newer) if newer else None,
            older=self._month(older) if older else None,
        )

    # ----------------------------------------------------------- pages and redirects

    def pages(self) -> Iterator[Page]:
        yield Page("404.html", "404.html", self._not_found)
        for page in self.site.pages:
            yield Page(output_path(page.url), "page.html", partial(self._page, page), page.path)

    def _page(self, page: StaticPage) -> views.View:
        matter = page.matter
        return views.PageView(
            head=self._head(
                page.url,
                self._title(matter.title),
                description=matter.summary or page.body.excerpt,
                name=matter.title,
                noindex=matter.draft,
            ),
            title=matter.title,
            body=self.compose.body(page.path, page.body),
            summary=matter.summary,
            extra=matter.extra,
        )

    def _not_found(self) -> views.View:
        return views.NotFoundView(
            head=self._head("/404.html", self._title(self.labels["not_found"]), noindex=True),
            latest=self.compose.cards(range(min(5, len(self.site.articles)))),
        )

    def redirects(self) -> Iterator[Page]:
        placed: list[Article | StaticPage] = [*self.site.articles, *self.site.pages]
        for item in placed:
            for alias in item.matter.aliases:
                view = partial(views.RedirectView, self.compose.href(item.url), item.matter.title)
                yield Page(output_path(alias), "redirect.html", view, item.path)

    # ------------------------------------------------------------ feeds and sitemaps

    def feeds(self) -> Iterator[Page]:
        newest = range(min(self.settings.feeds.size, len(self.site.articles)))
        for name in ("feed.xml", "rss.xml", "feed.json"):
            yield Page(
                name, name, partial(self._feed, f"/{name}", "/", self.settings.title, newest)
            )
        for slug, tag in self.site.tags.items():
            path = f"{tag.url}feed.xml"
            title = f"{tag.name} | {self.settings.title}"
            newest_of_tag = self.site.by_tag[slug][: self.settings.feeds.size]
            view = partial(self._feed, path, tag.url, title, newest_of_tag)
            yield Page(output_path(path), "feed.xml", view)

    def _feed(self, path: str, home: str, title: str, positions: Iterable[int]) -> views.View:
        articles = [self.site.articles[position] for position in positions]
        return views.FeedView(
            url=self.compose.href(path),
            home=self.compose.href(home),
            title=title,
            updated=max((article.changed for article in articles), default=NO_DATE),
            entries=tuple(map(self.compose.entry, articles)),
        )

    def sitemaps(self, limit: int) -> Iterator[Page]:
        rows = list(self._locations())
        parts = [rows[start : start + limit] for start in range(0, len(rows), limit)]
        if len(parts) == 1:
            yield Page("sitemap.xml", "sitemap.xml", partial(views.SitemapView, tuple(rows)))
        else:
            names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
            for name, part in zip(names, parts, strict=True):
                yield Page(name, "sitemap.xml", partial(views.SitemapView, tuple(part)))
            index = tuple(views.Location(self.compose.href(f"/{name}")) for name in names)
            yield Page("sitemap.xml", "sitemap-index.xml", partial(views.SitemapView, index))
        yield Page("news-sitemap.xml", "news-sitemap.xml", self._news)
        links = tuple(
            self.compose.addresses.absolute(self.compose.href(path))
            for path in ("/sitemap.xml", "/news-sitemap.xml")
        )
        yield Page("robots.txt", "robots.txt", partial(views.PlainView, links))

    def _locations(self) -> Iterator[views.Location]:
        """Every page that a search engine may show; the later pages of listings are left out."""
        live = [i for i, article in enumerate(self.site.articles) if article.state == "live"]
        everything = self._changed(live)
        for path in ("/", "/tags/", "/authors/", "/archive/"):
            yield self._location(path, everything)
        for position in live:
            article = self.site.articles[position]
            yield self._location(article.url, article.changed)
        for page in self.site.pages:
            if not page.matter.draft:
                yield self._location(page.url, page.matter.updated)
        for slug, tag in self.site.tags.items():
            yield self._location(tag.url, self._changed(self.site.by_tag[slug]))
        for slug, author in self.site.authors.items():
            yield self._location(author.url, self._changed(self.site.by_author[slug]))
        for year in dict.fromkeys(year for year, _ in self._months):
            of_year = (p for key, ps in self._months.items() if key[0] == year for p in ps)
            yield self._location(year_path(year), self._changed(of_year))
        for key, positions in self._months.items():
            yield self._location(month_path(*key), self._changed(positions))

    def _location(self, path: str, modified: datetime | None) -> views.Location:
        return views.Location(self.compose.href(path), modified)

    def _changed(self, positions: Iterable[int]) -> datetime | None:
        return max((self.site.articles[p].changed for p in positions), default=None)

    def _news(self) -> views.View:
        since = self.site.at - timedelta(hours=NEWS_HOURS)
        fresh = [
            article
            for article in self.site.articles
            if article.state == "live" and since <= article.matter.date <= self.site.at
        ]
        return views.NewsSitemapView(tuple(map(self.compose.line, fresh[:NEWS_LIMIT])))

    # ---------------------------------------------------------------------- common

    def _listing(
        self,
        url: str,
        layout: str,
        positions: list[int],
        per_page: int,
        view: Callable[[views.Pager, list[int]], views.View],
    ) -> Iterator[Page]:
        """The pages of a listing; there is always a first one."""
        total = max(1, -(-len(positions) // per_page))
        for number in range(1, total + 1):
            pager = views.Pager(
                number=number,
                total=total,
                newer=self.compose.href(numbered(url, number - 1)) if number > 1 else "",
                older=self.compose.href(numbered(url, number + 1)) if number < total else "",
            )
            shown = positions[(number - 1) * per_page : number * per_page]
            path = output_path(numbered(url, number))
            yield Page(path, layout, partial(view, pager, shown))

    def _head(
        self,
        path: str,
        title: str,
        description: str = "",
        trail: tuple[views.Link, ...] = (),
        name: str = "",
        noindex: bool = False,
        feed: views.Link | None = None,
        pager: views.Pager | None = None,
    ) -> views.Head:
        """A head. With a `name` the page gets a trail that ends in it."""
        url = self.compose.href(path)
        general = self.settings.description or self.settings.tagline or self.settings.title
        text = description or (f"{name}. {general}" if name else general)
        if pager and pager.number > 1:
            text = f"{text} {self._page_of(pager)}"
        here = (self._home_link(), *trail, views.Link(name, url)) if name else ()
        return views.Head(url, title, text, noindex=noindex, trail=here, feed=feed)

    def _home_link(self) -> views.Link:
        return views.Link(self.settings.title, self.compose.href("/"))

    def _title(self, *parts: str, pager: views.Pager | None = None) -> str:
        """A document title: what the page is, then where it belongs."""
        number = [self._page_of(pager)] if pager and pager.number > 1 else []
        return " | ".join([" · ".join([*parts, *number]), self.settings.title])

    def _page_of(self, pager: views.Pager) -> str:
        return self.labels["page_of"].format(number=pager.number, total=pager.total)

    def _date(self, moment: datetime, pattern: str) -> str:
        return format_date(moment, pattern, self.settings.language)


def _copies(site: Site, root: Path) -> Iterator[Copy]:
    for path, file in site.files.items():
        if address := site.addresses[path]:
            name = address.removeprefix("/")
            yield Copy(name, root / CONTENT / path, file.digest, path)
