"""What machines fetch: feeds, sitemaps, robots.txt."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import islice

from generator.model import Site
from generator.pages.archive import years_of
from generator.pages.context import Page, PageContext
from generator.site.schedule import NEWS_LIMIT, is_news
from generator.templates import views
from generator.urls import (
    author_path,
    feed_of,
    month_path,
    old_feed,
    output_path,
    tag_path,
    year_path,
)

SITEMAP_LIMIT = 50_000
"""Rows of one sitemap: https://www.sitemaps.org/protocol.html"""
_NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)


def feeds(context: PageContext) -> Iterator[Page]:
    for name in ("feed.xml", "rss.xml", "feed.json"):
        yield Page(name, name, partial(_whole_feed, context, f"/{name}"), watched=True)
    for slug in context.site.tags:
        path = output_path(tag_path(slug)).removesuffix("index.html") + "feed.xml"
        view = partial(_tag_feed, context, slug)  # it goes with its tag, of which one is asked
        yield Page(path, "feed.xml", view, watched=True, passing=True)


def old_feeds(context: PageContext) -> Iterator[Page]:
    """A copy of a feed at each of its old addresses."""
    for alias in context.settings.feeds.aliases:
        path = old_feed(alias)
        name = feed_of(path)
        view = partial(_whole_feed, context, f"/{name}")
        yield Page(path, name, view, watched=True, leads=f"/{name}")


def sitemaps(context: PageContext, limit: int) -> Iterator[Page]:
    """One sitemap, or several of `limit` rows with an index; the news sitemap; robots.txt."""
    rows = partial(context.watch.once, "locations", lambda: tuple(_locations(context)))
    starts = range(0, sum(1 for _ in _locatable(context)), limit)
    if len(starts) == 1:
        view = partial(_sitemap, rows, slice(None))
        yield Page("sitemap.xml", "sitemap.xml", view, watched=True)
    else:
        names = [f"sitemap-{number}.xml" for number in range(1, len(starts) + 1)]
        for name, start in zip(names, starts, strict=True):
            view = partial(_sitemap, rows, slice(start, start + limit))
            yield Page(name, "sitemap.xml", view, watched=True)
        index = tuple(views.Location(context.compose.href(f"/{name}")) for name in names)
        yield Page("sitemap.xml", "sitemap-index.xml", partial(views.SitemapView, index))
    news = [*islice(_news(context.site), NEWS_LIMIT)]
    view = partial(_news_sitemap, context, news)
    yield Page("news-sitemap.xml", "news-sitemap.xml", view, empty=not news)
    paths = ["/sitemap.xml", *(["/news-sitemap.xml"] if news else [])]
    links = tuple(context.compose.addresses.absolute(context.compose.href(path)) for path in paths)
    yield Page("robots.txt", "robots.txt", partial(views.PlainView, links))


def _whole_feed(context: PageContext, path: str) -> views.View:
    newest = range(min(context.settings.feeds.size, len(context.site.articles)))
    return _feed(context, path, "/", context.settings.title, newest)


def _tag_feed(context: PageContext, slug: str) -> views.View:
    tag = context.site.tags[slug]
    newest = context.site.by_tag[slug][: context.settings.feeds.size]
    return _feed(
        context, f"{tag.url}feed.xml", tag.url, f"{tag.name} | {context.settings.title}", newest
    )


def _feed(
    context: PageContext, path: str, home: str, title: str, positions: Sequence[int]
) -> views.View:
    articles = [context.site.articles[position] for position in positions]
    ids = context.settings.id_addresses
    return views.FeedView(
        id=ids.absolute(ids.href(path)),
        url=context.compose.href(path),
        home=context.compose.href(home),
        title=title,
        updated=max((article.changed for article in articles), default=_NO_DATE),
        entries=context.compose.entries(positions),
    )


def _sitemap(rows: Callable[[], tuple[views.Location, ...]], part: slice) -> views.View:
    return views.SitemapView(rows()[part])


def _locations(context: PageContext) -> Iterator[views.Location]:
    outlines = context.outlines[""]
    for path, what in _locatable(context):
        if isinstance(what, datetime | None):
            changed = what
        else:
            changed = max((outlines[position].changed for position in what), default=None)
        yield views.Location(context.compose.href(path), changed)


def _locatable(context: PageContext) -> Iterator[tuple[str, Iterable[int] | datetime | None]]:
    """The path of every page that a search engine may show, and when it last changed.

    Of one that is about stories, their positions. The later pages of listings are left out.
    """
    site, outlines = context.site, context.outlines[""]
    for path in ("/", "/tags/", "/authors/", "/archive/"):
        yield path, range(len(outlines))
    yield from ((story.url, story.changed) for story in outlines if story.is_live)
    yield from ((tag_path(slug), site.by_tag[slug]) for slug in site.tags)
    yield from ((author_path(slug), site.by_author[slug]) for slug in site.authors)
    for year in years_of(site.by_month):
        yield (
            year_path(year),
            [p for key in site.by_month if key[:4] == year for p in site.by_month[key]],
        )
    yield from ((month_path(month), site.by_month[month]) for month in site.by_month)
    shown = (page for page in context.pages.values() if not page.matter.draft)
    yield from ((page.url, page.matter.updated) for page in shown)


def _news(site: Site) -> Iterator[int]:
    """The positions of the stories that are news now."""
    for position, article in enumerate(site.articles):
        if article.state == "live" and is_news(article.matter, site.at):
            yield position


def _news_sitemap(context: PageContext, positions: Sequence[int]) -> views.View:
    return views.NewsSitemapView(context.compose.lines(positions))
