"""The feeds: of the whole site in three formats, of each tag, and copies at old addresses."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import unquote

from generator.kinds import PageKind
from generator.pages.context import PageContext
from generator.pages.output import Rendered
from generator.pages.site_feeds import SITE_FEEDS, SiteFeed, feed_meant_by
from generator.site.watch import Watched
from generator.templates import views
from generator.urls import old_feed, tag_feed_path, tag_path

_NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)


def feeds(context: PageContext) -> Iterator[Rendered]:
    for feed in SITE_FEEDS:
        yield _site_feed(feed.path.removeprefix("/"), feed)
    for slug in context.site.tags:
        path = unquote(tag_feed_path(tag_path(slug))).removeprefix("/")
        yield Rendered(path, PageKind.TAG_FEED, Watched(_tag_feed, slug))


def old_feeds(context: PageContext) -> Iterator[Rendered]:
    """Yield a copy of a feed at each of its old addresses."""
    for alias in context.settings.feeds.aliases:
        path = old_feed(alias)
        feed = feed_meant_by(path)
        yield _site_feed(path, feed, leads=feed.path)


def _site_feed(path: str, feed: SiteFeed, leads: str = "") -> Rendered:
    return Rendered(path, feed.kind, Watched(_of_site, feed.path), leads=leads)


def _of_site(context: PageContext, path: str) -> views.View:
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
    ids = context.settings.id_home
    return views.FeedView(
        id=ids.absolute(ids.href(path)),
        url=context.compose.href(path),
        home=context.compose.href(home),
        title=title,
        updated=max((article.changed for article in articles), default=_NO_DATE),
        entries=context.compose.entries(positions),
    )
