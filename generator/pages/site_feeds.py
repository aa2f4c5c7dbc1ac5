"""The feeds of the whole site: the one table of them.

In comes nothing, or an old address; out go feeds, as values that say where each is and what.
"""

from typing import Literal, NamedTuple

from generator.config import Settings
from generator.kinds import PageKind
from generator.urls import Paths


class SiteFeed(NamedTuple):
    """A feed of the whole site: its name in the settings, and the format that titles name."""

    name: Literal["feed", "rss", "json", "podcast"]
    kind: PageKind
    format: str

    def path(self, paths: Paths) -> str:
        """Return where the feed stands on a site that has its pages at these paths."""
        path: str = getattr(paths, self.name)
        return path


ATOM = SiteFeed("feed", PageKind.ATOM_FEED, "Atom")
RSS = SiteFeed("rss", PageKind.RSS_FEED, "RSS")
JSON = SiteFeed("json", PageKind.JSON_FEED, "JSON Feed")
PODCAST = SiteFeed("podcast", PageKind.PODCAST, "Podcast")
SITE_FEEDS = (ATOM, RSS, JSON)
"""Those that every site has."""

_SIGNS = {"feed.xml": ATOM, "atom": ATOM, "json": JSON, "rss": RSS, ".rdf": RSS}
"""The feeds, by what is in a name that means one of them; where nothing is, it is Atom."""


def feeds_of(settings: Settings) -> tuple[SiteFeed, ...]:
    """Return the feeds of a site with these settings."""
    return (*SITE_FEEDS, PODCAST) if settings.podcast else SITE_FEEDS


def feed_meant_by(path: str, settings: Settings) -> SiteFeed:
    """Return the feed that was at an old address: its name tells, or that of a folder above it."""
    names = [*reversed(path.lower().split("/"))]
    if settings.podcast and any("podcast" in name for name in names):
        return PODCAST
    meant = (feed for name in names for sign, feed in _SIGNS.items() if sign in name)
    return next(meant, ATOM)
