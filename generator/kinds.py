"""What outputs are to the newsroom: the one registry of their kinds.

Planners say of each output which kind it is. All that holds for the whole kind stands here, and
nobody guesses it from a path or from the name of a layout. The inventory of an output folder and
the manifests at targets name kinds, so that names stay as they are; a name that an earlier or a
later Broadsheet wrote there, and this one does not know, is read as that of a file.
"""

from enum import IntEnum, StrEnum
from typing import Literal, NamedTuple, Self

Lifetime = Literal["short", "day", "forever"]
ShownAs = Literal["page", "feed", "file"]
FeedOf = Literal["", "every story", "some stories"]


class Phase(IntEnum):
    """When a deploy sends a file that is at the target already: what leads to others goes last."""

    FILES = 0
    PAGES = 1
    LISTINGS = 2
    FRONT = 3
    FEEDS = 4
    SITEMAPS = 5


class AliasPlace(NamedTuple):
    """Where the line belongs that leads on from an address: it begins with `aliases` and a sign."""

    where: str
    sign: str = ":"


class Traits(NamedTuple):
    """All that holds for each output of a kind."""

    phase: Phase
    layout: str = ""
    """The layout that makes it, where one makes all of the kind."""
    has_layout: bool = True
    """A layout makes it: the policy of the site's pages says which scripts may run in it."""
    shown_as: ShownAs = "page"
    """What the preview makes of it: a page that keeps itself up to date, a list of the feed's
    entries, or the file as it is.
    """
    is_story: bool = False
    """A deploy counts and announces it when it is new, and tells when its words are others."""
    is_of_text: bool = False
    """It stands for one text, whose front matter has a part in its address."""
    shows_related: bool = False
    """It shows the stories that are related to its own."""
    media_type: str = "text/html"
    """Its media type, without parameters; "": the ending of its name tells."""
    feed_of: FeedOf = ""
    """Which new stories feed readers find in it: each, or some of them; "" if it is no feed."""
    leads_on: bool = False
    """Whoever asks for it is sent to where it leads."""
    is_for_host: bool = False
    """The host reads it; readers need not get it."""
    lifetime: Lifetime = "short"
    """How long browsers may keep it. `forever`: its name holds a digest of what it is made from."""
    in_sitemap: bool = False
    """Search engines are told of it, unless its planner says otherwise."""
    is_drawn: bool = False
    """What its layout makes is a drawing, and the picture of that is published."""
    is_passing: bool = False
    """Its address may come and go: nobody need be asked when it goes."""
    alias: AliasPlace | None = None
    """Where an alias belongs that leads on from it once it is gone; None if there is no place."""


_INTO_STORY = AliasPlace("into the story that takes its place")
_INTO_PAGE = AliasPlace("into the page that takes its place, in content/pages/")
_INTO_TAG = AliasPlace("into the tag that takes its place, in content/tags/")
_INTO_TERM = AliasPlace("into the file of the term that takes its place, in content/")
_INTO_ITEM = AliasPlace("into the item that takes its place, in content/")
_INTO_AUTHOR = AliasPlace("into the author who takes its place, in content/authors/")
_INTO_FILE = AliasPlace("into the file that it led to")
_UNDER_FEEDS = AliasPlace("under [feeds], in site.toml", sign=" =")
_FILE = Traits(Phase.FILES, has_layout=False, shown_as="file", media_type="", lifetime="day")
_LASTING = _FILE._replace(lifetime="forever", is_passing=True)
_FEED = Traits(
    Phase.FEEDS, shown_as="feed", media_type="", feed_of="every story", alias=_UNDER_FEEDS
)
_FOR_PROGRAMS = Traits(Phase.SITEMAPS, shown_as="file", is_passing=True)
_ATOM = _FEED._replace(layout="feed.xml", media_type="application/atom+xml")


class PageKind(StrEnum):
    """A kind of output, by its name. Sitemaps list the kinds in this order."""

    traits: Traits

    def __new__(cls, name: str, traits: Traits) -> Self:
        kind = str.__new__(cls, name)
        kind._value_ = name
        kind.traits = traits
        return kind

    @classmethod
    def _missing_(cls, value: object) -> "PageKind | None":
        """Return a file in place of a kind that is not known: nobody lets one go unasked."""
        return cls.FILE if isinstance(value, str) else None

    FRONT = "front", Traits(Phase.FRONT, "front.html", in_sitemap=True)
    # One of tags, authors or years. Each of those has a listing of stories, of its own kind.
    LISTING = "listing", Traits(Phase.LISTINGS, in_sitemap=True, alias=_INTO_PAGE)
    STORY = (
        "story",
        Traits(
            Phase.PAGES,
            "article.html",
            is_story=True,
            is_of_text=True,
            shows_related=True,
            in_sitemap=True,
            alias=_INTO_STORY,
        ),
    )
    TAG = "tag", Traits(Phase.LISTINGS, "tag.html", in_sitemap=True, alias=_INTO_TAG)
    AUTHOR = "author", Traits(Phase.LISTINGS, "author.html", in_sitemap=True, alias=_INTO_AUTHOR)
    SECTION = (
        "section",
        Traits(Phase.LISTINGS, "section.html", in_sitemap=True, alias=_INTO_TERM),
    )
    SERIES = "series", Traits(Phase.LISTINGS, "series.html", in_sitemap=True, alias=_INTO_TERM)
    # A term of a taxonomy that the site declares.
    TERM = "term", Traits(Phase.LISTINGS, "term.html", in_sitemap=True, alias=_INTO_TERM)
    ARCHIVE = "archive", Traits(Phase.LISTINGS, in_sitemap=True, is_passing=True)
    PAGE = (
        "page",
        Traits(Phase.PAGES, "page.html", is_of_text=True, in_sitemap=True, alias=_INTO_PAGE),
    )
    # A text of a collection that the site declares, and the list of those.
    ITEM = (
        "item",
        Traits(Phase.PAGES, "item.html", is_of_text=True, in_sitemap=True, alias=_INTO_ITEM),
    )
    ITEMS = "items", Traits(Phase.LISTINGS, "items.html", in_sitemap=True, alias=_INTO_PAGE)
    NOT_FOUND = "not found", Traits(Phase.LISTINGS, "404.html")
    REDIRECT = (
        "redirect",
        Traits(Phase.PAGES, "redirect.html", is_of_text=True, leads_on=True, alias=_INTO_FILE),
    )
    ATOM_FEED = "atom feed", _ATOM
    RSS_FEED = "rss feed", _FEED._replace(layout="rss.xml", media_type="application/rss+xml")
    JSON_FEED = "json feed", _FEED._replace(layout="feed.json", media_type="application/feed+json")
    # It goes with its tag, or other term, of which one is asked.
    TAG_FEED = "tag feed", _ATOM._replace(feed_of="some stories", is_passing=True)
    TERM_FEED = "term feed", _ATOM._replace(feed_of="some stories", is_passing=True)
    COLLECTION_FEED = "collection feed", _ATOM._replace(feed_of="some stories", is_passing=True)
    # The stories with a recording, for directories of podcasts.
    PODCAST = (
        "podcast",
        _FEED._replace(
            layout="podcast.xml", media_type="application/rss+xml", feed_of="some stories"
        ),
    )
    # One of any format, as earlier versions wrote it down.
    FEED = "feed", _FEED
    # The chapters of a recording: they go with its story, of which one is asked.
    CHAPTERS = (
        "chapters",
        _FILE._replace(
            layout="chapters.json",
            has_layout=True,
            media_type="application/json",
            lifetime="short",
            is_passing=True,
        ),
    )
    # What other sites show where somebody shares a page. Its address says nothing of what is on it,
    # so that nobody has to read a story to know where its card is, and a new headline moves none.
    CARD = (
        "card",
        _FILE._replace(
            layout="cards/story.svg",
            has_layout=True,
            media_type="image/png",
            lifetime="short",
            is_drawn=True,
            is_passing=True,
        ),
    )
    SITEMAP = "sitemap", _FOR_PROGRAMS._replace(media_type="application/xml")
    ROBOTS = "robots", _FOR_PROGRAMS._replace(layout="robots.txt", media_type="text/plain")
    # `_redirects` and `_headers`; robots.txt too, as earlier versions wrote it down.
    RULES = "rules", _FOR_PROGRAMS._replace(media_type="text/plain", is_for_host=True)
    ASSET = "asset", _LASTING
    IMAGE = "image", _LASTING
    FILE = "file", _FILE
    HOST_FILE = "host file", _FILE._replace(is_for_host=True)
