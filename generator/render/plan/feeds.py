"""What machines fetch: feeds, sitemaps, robots.txt."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from generator.render import views
from generator.render.plan.archive import months_of
from generator.render.plan.desk import Desk, Page
from generator.urls import month_path, output_path, year_path

SITEMAP_LIMIT = 50_000
"""Rows of one sitemap: https://www.sitemaps.org/protocol.html"""
NEWS_HOURS, NEWS_LIMIT = 48, 1_000
"""Age and number of a news sitemap's stories, as Google's documentation sets them."""
_NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)


def feeds(desk: Desk) -> Iterator[Page]:
    newest = range(min(desk.settings.feeds.size, len(desk.site.articles)))
    for name in ("feed.xml", "rss.xml", "feed.json"):
        view = partial(_feed, desk, f"/{name}", "/", desk.settings.title, newest)
        yield Page(name, name, view)
    for slug, tag in desk.site.tags.items():
        path = f"{tag.url}feed.xml"
        title = f"{tag.name} | {desk.settings.title}"
        newest_of_tag = desk.site.by_tag[slug][: desk.settings.feeds.size]
        view = partial(_feed, desk, path, tag.url, title, newest_of_tag)
        yield Page(output_path(path), "feed.xml", view)


def sitemaps(desk: Desk, limit: int) -> Iterator[Page]:
    """One sitemap, or several of `limit` rows with an index; the news sitemap; robots.txt."""
    rows = tuple(_locations(desk))
    parts = [rows[start : start + limit] for start in range(0, len(rows), limit)]
    if len(parts) == 1:
        yield Page("sitemap.xml", "sitemap.xml", partial(views.SitemapView, rows))
    else:
        names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
        for name, part in zip(names, parts, strict=True):
            yield Page(name, "sitemap.xml", partial(views.SitemapView, part))
        index = tuple(views.Location(desk.compose.href(f"/{name}")) for name in names)
        yield Page("sitemap.xml", "sitemap-index.xml", partial(views.SitemapView, index))
    yield Page("news-sitemap.xml", "news-sitemap.xml", partial(_news, desk))
    links = tuple(
        desk.compose.addresses.absolute(desk.compose.href(path))
        for path in ("/sitemap.xml", "/news-sitemap.xml")
    )
    yield Page("robots.txt", "robots.txt", partial(views.PlainView, links))


def _feed(desk: Desk, path: str, home: str, title: str, positions: Iterable[int]) -> views.View:
    articles = [desk.site.articles[position] for position in positions]
    return views.FeedView(
        url=desk.compose.href(path),
        home=desk.compose.href(home),
        title=title,
        updated=max((article.changed for article in articles), default=_NO_DATE),
        entries=tuple(map(desk.compose.entry, articles)),
    )


def _locations(desk: Desk) -> Iterator[views.Location]:
    """Every page that a search engine may show; the later pages of listings are left out."""
    articles = desk.site.articles
    for path, positions in _pages_with_stories(desk):
        newest = max((articles[position].changed for position in positions), default=None)
        yield views.Location(desk.compose.href(path), newest)
    for page in desk.site.pages:
        if not page.matter.draft:
            yield views.Location(desk.compose.href(page.url), page.matter.updated)


def _pages_with_stories(desk: Desk) -> Iterator[tuple[str, Iterable[int]]]:
    """The path of every page that shows stories, and the positions of those it is about."""
    site = desk.site
    for path in ("/", "/tags/", "/authors/", "/archive/"):
        yield path, range(len(site.articles))
    for position, article in enumerate(site.articles):
        if article.state == "live":
            yield article.url, [position]
    for slug, tag in site.tags.items():
        yield tag.url, site.by_tag[slug]
    for slug, author in site.authors.items():
        yield author.url, site.by_author[slug]
    months = months_of(site)
    for year in dict.fromkeys(year for year, _ in months):
        yield year_path(year), [p for key in months if key[0] == year for p in months[key]]
    for key, positions in months.items():
        yield month_path(*key), positions


def _news(desk: Desk) -> views.View:
    since = desk.site.at - timedelta(hours=NEWS_HOURS)
    fresh = [
        article
        for article in desk.site.articles
        if article.state == "live" and since <= article.matter.date <= desk.site.at
    ]
    return views.NewsSitemapView(tuple(map(desk.compose.line, fresh[:NEWS_LIMIT])))
