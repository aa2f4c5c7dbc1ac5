"""The feeds: of the whole site in three formats, of each tag, and copies at old addresses."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import unquote

from generator.kinds import PageKind
from generator.pages.context import PageContext
from generator.pages.output import Rendered
from generator.site.watch import Watched
from generator.templates import views
from generator.urls import feed_of, old_feed, tag_feed_path, tag_path

WHOLE_FEEDS = ("feed.xml", "rss.xml", "feed.json")
"""The feeds of the whole site: their paths, which are the names of their layouts too."""
_NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)


def feeds(context: PageContext) -> Iterator[Rendered]:
    for name in WHOLE_FEEDS:
        yield Rendered(name, PageKind.FEED, Watched(_whole_feed, f"/{name}"), name)
    for slug in context.site.tags:
        path = unquote(tag_feed_path(tag_path(slug))).removeprefix("/")
        # It goes with its tag, of which one is asked.
        yield Rendered(path, PageKind.FEED, Watched(_tag_feed, slug), "feed.xml", passing=True)


def old_feeds(context: PageContext) -> Iterator[Rendered]:
    """Yield a copy of a feed at each of its old addresses."""
    for alias in context.settings.feeds.aliases:
        path = old_feed(alias)
        name = feed_of(path)
        view = Watched(_whole_feed, f"/{name}")
        yield Rendered(path, PageKind.FEED, view, name, leads=f"/{name}")


def _whole_feed(context: PageContext, path: str) -> views.View:
    newest = range(min(context.settings.feeds.size, len(context.site.articles)))
    return _feed(context, path, "/", context.settings.title, newest)


def _tag_feed(context: PageContext, slug: str) -> views.View:
    tag = context.site.tags[slug]
    newest = context.site.by_tag[slug][: context.settings.feeds.size]
    title = f"{tag.name} | {context.settings.title}"
    return _feed(context, tag_feed_path(tag.url), tag.url, title, newest)


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
