"""The feeds: of the whole site in each format, of each term, and copies at old addresses."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from generator.config import USUAL
from generator.kinds import PageKind
from generator.pages.context import PageContext
from generator.pages.output import Rendered
from generator.pages.podcast import podcast_view
from generator.pages.site_feeds import PODCAST, SiteFeed, feed_meant_by, feeds_of
from generator.site.watch import Watched
from generator.templates import views
from generator.urls import named_file, old_feed

NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)


def feeds(context: PageContext) -> Iterator[Rendered]:
    for feed in feeds_of(context.settings):
        path = feed.path(context.paths)
        yield _site_feed(named_file(path), feed)
    for term in context.site.terms.values():
        if context.taxonomies[term.taxonomy].feed:
            path = named_file(context.paths.feed_below(term.url))
            kind = PageKind.TAG_FEED if term.taxonomy == "tags" else PageKind.TERM_FEED
            yield Rendered(path, kind, Watched(_term_feed, term.key))


def old_feeds(context: PageContext) -> Iterator[Rendered]:
    """Yield a copy of a feed at each of its old addresses."""
    for alias in context.settings.feeds.aliases:
        path = old_feed(alias)
        feed = feed_meant_by(path, context.settings)
        yield _site_feed(path, feed, leads=feed.path(context.paths))


def _site_feed(path: str, feed: SiteFeed, leads: str = "") -> Rendered:
    view = Watched(podcast_view) if feed is PODCAST else Watched(_of_site, feed.name)
    return Rendered(path, feed.kind, view, leads=leads)


def _of_site(context: PageContext, name: str) -> views.View:
    newest = range(min(context.settings.feeds.size, len(context.site.articles)))
    path, home = getattr(context.paths, name), context.paths.front
    usual = getattr(USUAL, name) if context.settings.is_main else path
    return _feed(context, usual, path, home, context.settings.title, newest)


def _term_feed(context: PageContext, key: str) -> views.View:
    term = context.site.terms[key]
    newest = context.site.by_term[key][: context.settings.feeds.size]
    title, path = f"{term.name} | {context.settings.title}", context.paths.feed_below(term.url)
    is_tag = term.taxonomy == "tags" and context.settings.is_main
    usual = USUAL.feed_below(USUAL.tag(term.slug)) if is_tag else path
    return _feed(context, usual, path, term.url, title, newest)


def _feed(
    context: PageContext, usual: str, path: str, home: str, title: str, positions: Sequence[int]
) -> views.View:
    """Return a feed that stands at a path. Its id is made from its `usual` one: if a site moves
    it, programs know it all the same.
    """
    articles = [context.site.articles[position] for position in positions]
    ids = context.settings.id_home
    return views.FeedView(
        id=ids.absolute(ids.href(usual)),
        url=context.compose.href(path),
        home=context.compose.href(home),
        title=title,
        updated=max((article.changed for article in articles), default=NO_DATE),
        entries=context.compose.entries(positions),
    )
