"""What search engines read: sitemaps and robots.txt.

The planners say of each page what the sitemap tells of it: a new kind of page is in it by itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial

from msgspec.structs import replace

from generator.kinds import PageKind
from generator.pages.context import PageContext
from generator.pages.output import MakeView, Output, Rendered
from generator.pages.planners import pages_of
from generator.site.watch import Unwatched, Watched
from generator.templates import views
from generator.urls import answered_by, named_file

SITEMAP_LIMIT = 50_000
"""Rows of one sitemap: https://www.sitemaps.org/protocol.html"""


def sitemaps(context: PageContext, pages: Iterable[Output], limit: int) -> Iterator[Rendered]:
    """Yield one sitemap of the pages, or several of `limit` rows with an index; and one of news."""
    starts = range(0, sum(map(_is_listed, pages)), limit)
    paths = context.paths
    if len(starts) == 1:
        yield _page(paths.sitemap, Watched(_sitemap, 0, limit), "sitemap.xml")
    else:
        parts = [paths.part_of_sitemap(number) for number in range(1, len(starts) + 1)]
        for part, start in zip(parts, starts, strict=True):
            yield _page(part, Watched(_sitemap, start, start + limit), "sitemap.xml")
        yield _page(paths.sitemap, Unwatched(_index, parts), "sitemap-index.xml")
    news = context.news[""]
    page = _page(paths.news_sitemap, Watched(_news_sitemap), "news-sitemap.xml")
    yield replace(page, empty=not news)


def robots(context: PageContext) -> Rendered:
    """Return `robots.txt`, which names the sitemaps of all languages."""
    told = [path for one in context.every for path in _sitemaps_of(one)]
    return Rendered("robots.txt", PageKind.ROBOTS, Unwatched(_robots, told))


def _sitemaps_of(context: PageContext) -> list[str]:
    paths = context.paths
    return [paths.sitemap, *([paths.news_sitemap] if context.news[""] else [])]


def _page(path: str, view: MakeView, layout: str) -> Rendered:
    return Rendered(named_file(path), PageKind.SITEMAP, view, layout)


def _is_listed(page: Output) -> bool:
    return page.kind.traits.in_sitemap and not page.unlisted


def _sitemap(context: PageContext, start: int, end: int) -> views.View:
    rows = context.watch.once("locations", partial(_locations, context))
    return views.SitemapView(rows[start:end])


def _locations(context: PageContext) -> tuple[views.Location, ...]:
    """Return a row for each page that search engines may show, kind by kind.

    The pages are planned once more, for what the planners look up is then noted.
    """
    order = {kind: place for place, kind in enumerate(PageKind)}
    listed = sorted(filter(_is_listed, pages_of(context)), key=lambda page: order[page.kind])
    moments = [story.changed for story in context.outlines[""]]
    return tuple(
        views.Location(context.compose.href(_address(page)), _changed(page.changed, moments))
        for page in listed
    )


def _address(page: Output) -> str:
    return page.url or answered_by(page.path)


def _changed(
    changed: Sequence[int] | datetime | None, moments: Sequence[datetime]
) -> datetime | None:
    if changed is None or isinstance(changed, datetime):
        return changed
    return max((moments[position] for position in changed), default=None)


def _index(context: PageContext, paths: Iterable[str]) -> views.View:
    locations = (views.Location(context.compose.href(path)) for path in paths)
    return views.SitemapView(tuple(locations))


def _news_sitemap(context: PageContext) -> views.View:
    return views.NewsSitemapView(context.compose.lines(context.news[""]))


def _robots(context: PageContext, sitemaps: Iterable[str]) -> views.View:
    home = context.compose.home
    return views.PlainView(tuple(home.absolute(context.compose.href(p)) for p in sitemaps))
