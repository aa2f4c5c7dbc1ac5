"""Every value that travels between the rooms. All are frozen.

An article has three faces: what was written (`ArticleMatter`), what is known of it
(`Reading`, then `Article`), and what a layout may see (`templates.views.Story`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

Kind = Literal["articles", "authors", "terms", "pages", "promos", "items"]


class Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of every value."""


# ------------------------------------------------------- what was written: front matter


class Reference(Value, frozen=True):
    """An address in a text that is relative to it, and its line in the file.

    `attr` is the HTML attribute that it is the whole of, "" if a part; `shown` says that it is
    a picture, film or sound, `sized` that it is a picture whose width and height are not given.
    """

    attr: str
    target: str
    line: int = 0
    sized: bool = False
    shown: bool = False


class Phrase(Value, frozen=True):
    """A line of text as HTML, in which relative addresses stand as in `Prose`: its `references`."""

    html: str
    references: tuple[Reference, ...] = ()


class Phrased(Value, frozen=True, kw_only=True):
    """Base of front matter with texts that have Markdown inside their line.

    The text itself is what is read of it. `phrases` has those in which there is any, by field.
    """

    phrases: dict[str, Phrase] = {}


class Dated(Phrased, frozen=True, kw_only=True):
    """Base of front matter with moments. `timed` names those written with a time of day.

    A day without one is a moment too, its first: only this tells the two apart.
    """

    timed: tuple[str, ...] = ()


class PictureMatter(Phrased, frozen=True):
    """A picture: a file beside the text, a path of the site, or an address elsewhere.

    Its `focus` is what is to be seen however it is cut: "60% 30%", from the left and from the top.
    """

    src: str
    alt: str
    title: str = ""
    credit: str = ""
    caption: str = ""
    focus: str = ""


class AudioMatter(Value, frozen=True):
    """A story as a recording: a file beside the text, a path of the site, or an address elsewhere.

    `duration` is written as "1:02:03" or in seconds; `bytes` is the size of what is elsewhere.
    `transcript` is a file or page; `chapters` are a file, or each a time and a title.
    """

    src: str
    title: str = ""
    duration: str = ""
    bytes: int = 0
    transcript: str = ""
    chapters: str | tuple[str, ...] = ()
    explicit: bool = False
    episode: int | None = None
    season: int | None = None


class SourceMatter(Value, frozen=True):
    """The story elsewhere that this one curates."""

    name: str
    url: str
    author: str = ""
    published: datetime | None = None


class RelatedMatter(Value, frozen=True):
    """The editor's own choice of related stories: paths from here, or slugs."""

    pin: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class CorrectionMatter(Dated, frozen=True):
    """What was put right, and when."""

    date: datetime
    text: str


class SeriesMatter(Value, frozen=True):
    """The series that a story belongs to, and which of its parts it is, counted from 1."""

    name: str
    part: int | None = None


class FollowMatter(Value, frozen=True):
    """Where readers can follow an author."""

    url: str
    label: str


class ArticleMatter(Dated, frozen=True, tag="article"):
    """The front matter of `content/articles/**/*.md`.

    `terms` are the names that it has in the taxonomies which the site declares: each of those is a
    field of its own there.
    """

    title: str
    date: datetime
    author: str | tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    section: str = ""
    series: str | SeriesMatter = ""
    terms: dict[str, tuple[str, ...]] = {}
    summary: str = ""
    kicker: str = ""
    image: PictureMatter | None = None
    audio: AudioMatter | None = None
    source: SourceMatter | None = None
    related: RelatedMatter = RelatedMatter()
    featured: int | None = None
    updated: datetime | None = None
    corrections: tuple[CorrectionMatter, ...] = ()
    draft: bool = False
    expires: datetime | None = None
    slug: str = ""
    permalink: str = ""
    aliases: tuple[str, ...] = ()
    id: str = ""
    comments: bool = True
    promo: bool | str = True
    card: bool | str = True
    layout: str = ""
    extra: dict[str, Any] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names in `author` and `authors`."""
        return ((self.author,) if isinstance(self.author, str) else self.author) + self.authors

    @property
    def part(self) -> int | None:
        """Return which part of its series it is, if that is said."""
        return self.series.part if isinstance(self.series, SeriesMatter) else None

    def named(self, taxonomy: str) -> tuple[str, ...]:
        """Return the names that it has in a taxonomy."""
        if taxonomy == "authors":
            return self.names
        if taxonomy == "tags":
            return self.tags
        if taxonomy == "section":
            return (self.section,) if self.section else ()
        if taxonomy == "series":
            name = self.series if isinstance(self.series, str) else self.series.name
            return (name,) if name else ()
        return self.terms.get(taxonomy, ())


class AuthorMatter(Value, frozen=True, tag="author"):
    """The front matter of `content/authors/*.md`; the body is the bio."""

    name: str
    kind: Literal["person", "organization"] = "person"
    role: str = ""
    photo: str = ""
    follow: FollowMatter | None = None
    layout: str = ""
    aliases: tuple[str, ...] = ()


class TermMatter(Value, frozen=True, tag="term"):
    """The front matter of a term, such as `content/tags/*.md`; the body describes it.

    `parent` is the name of the term of the same taxonomy that this one is a part of.
    """

    name: str
    image: PictureMatter | None = None
    parent: str = ""
    layout: str = ""
    aliases: tuple[str, ...] = ()


class PageMatter(Phrased, frozen=True, tag="page"):
    """The front matter of `content/pages/**/*.md`."""

    title: str
    summary: str = ""
    updated: datetime | None = None
    draft: bool = False
    slug: str = ""
    permalink: str = ""
    aliases: tuple[str, ...] = ()
    card: bool | str = True
    layout: str = ""
    extra: dict[str, Any] = {}


class PromoMatter(Value, frozen=True, tag="promo"):
    """The front matter of `content/promos/*.md`; the body is the pitch."""

    title: str
    url: str
    label: str


class Fields(Value, frozen=True):
    """What a text says in the fields that its collection declares, by their names.

    Texts that readers see, lists of such, moments and pictures are in tables of their own. What is
    not said is in none.
    """

    plain: dict[str, bool | int | float | str | tuple[str, ...]] = {}
    texts: dict[str, str | tuple[str, ...]] = {}
    moments: dict[str, datetime] = {}
    pictures: dict[str, PictureMatter] = {}


class ItemMatter(Dated, frozen=True, tag="item"):
    """The front matter of an item of a collection, such as `content/events/**/*.md`.

    `declared` is what it says in the fields that the collection declares: each of those is a field
    of its own there.
    """

    title: str
    declared: Fields = Fields()
    summary: str = ""
    image: PictureMatter | None = None
    date: datetime | None = None
    updated: datetime | None = None
    expires: datetime | None = None
    draft: bool = False
    slug: str = ""
    permalink: str = ""
    aliases: tuple[str, ...] = ()
    card: bool | str = True
    layout: str = ""
    extra: dict[str, Any] = {}


Matter = ArticleMatter | AuthorMatter | TermMatter | PageMatter | PromoMatter | ItemMatter


# --------------------------------------------------------- what is known: from one file


class Heading(Value, frozen=True):
    """A heading of a text: `level` 2 to 6, `id` unique in the text."""

    level: int
    id: str
    text: str


class Anchors(Value, frozen=True):
    """The ids of a text that fragments may name. `own` stands before each, if it is its own."""

    ids: tuple[str, ...]
    own: str = ""


class Prose(Value, frozen=True):
    """A converted body, in two parts between which a promo may stand.

    Relative addresses stand in the HTML as `\\x02N\\x03`, N being the index of the
    `Reference` that goes there, attribute and all. So do blocks as `\\x04N\\x05`, N being that of
    the `Block`; what is written in each of them is among `blocks`, at the same index. `sheets` are
    the stylesheets that it needs beside those of every page, of `SHEETS`. A picture that may have
    other forms stands between `\\x06N\\x07` and `\\x06N\\x08`, N being the `Reference` of its file.
    """

    opening: str = ""
    rest: str = ""
    contents: tuple[Heading, ...] = ()
    sheets: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()


SHEETS = ("blocks.css", "code.css", "math.css")
"""The assets of the layouts that style what few texts have."""


class Block(Value, frozen=True):
    """A block of a body as it was typed: what stands behind the colons that open it.

    `line` is that of the file, `colons` how many there are; it `holds` what stands in its lines, if
    anything does.
    """

    written: str
    line: int
    colons: int
    is_closed: bool = True
    holds: bool = False

    @property
    def name(self) -> str:
        """Return the first word, if it can be a name."""
        first = self.written.partition(" ")[0]
        return first if first.replace("-", "").replace("_", "").isalnum() else ""


class BodyInfo(Value, frozen=True):
    """What is known of a body without its text. `key` finds its `Prose` in the cache.

    `terms` finds a story's `Terms` there. `anchors` are the ids in its HTML, which a fragment of
    an address may name; None if nobody has read it yet. `openings` are digests of its first
    paragraphs, of which `excerpt` is the first; `spare` are the excerpts that come next, for a
    story that begins like many others.
    """

    key: str
    excerpt: str = ""
    openings: tuple[str, ...] = ()
    spare: tuple[str, ...] = ()
    words: int = 0
    references: tuple[Reference, ...] = ()
    anchors: tuple[str, ...] | None = None
    terms: str = ""
    blocks: tuple[Block, ...] = ()

    @property
    def minutes(self) -> int:
        """Return the reading time, at least 1.

        Silent reading of non-fiction: 238 words a minute on average (Brysbaert 2019).
        """
        return max(1, round(self.words / 230))


class Reading(Value, frozen=True):
    """A text file as read. `path` is relative to `content/`, with forward slashes."""

    kind: Kind
    path: str
    matter: Matter
    body: BodyInfo


class Chapter(Value, frozen=True):
    """A chapter of a recording: the second at which it begins, and what it is called."""

    start: int
    title: str


class Raster(Value, frozen=True):
    """A picture of pixels: its format, such as "jpeg", and what is to be seen in it.

    `colour` is its main one, "#rrggbb"; `focus` the centre of its detail, in per cent from the left
    and from the top. `credit` says whose it is, as far as the file does.
    """

    format: str
    is_animated: bool = False
    has_alpha: bool = False
    colour: str = ""
    focus: tuple[int, int] = (50, 50)
    credit: str = ""


class File(Value, frozen=True):
    """A file that is copied as it is. `width` and `height` in pixels, 0 if no picture.

    Of one that is a picture of pixels its `raster` is known, and its size as people see it.
    `doubts` are why it may do more than be seen: it runs code, or says where it was made.
    `flaw` is why no browser shows it, though its name is that of a picture. `seconds` is how long
    a recording is, 0 if that cannot be read; `chapters` are those that a file of such tells of.
    """

    path: str
    digest: str
    size: int
    width: int = 0
    height: int = 0
    flaw: str = ""
    seconds: int = 0
    chapters: tuple[Chapter, ...] = ()
    raster: Raster | None = None
    doubts: tuple[str, ...] = ()


class Library(Value, frozen=True):
    """All that was read from `content/`.

    `unread` are the texts that have errors, with what is known of their bodies, so that
    mistakes in the links of those are found in the same build. `withheld` are the files that are
    not published, with the reason. The authors that are `lent` by another language have no page
    unless a story is by them. What is `elsewhere`, in other languages alone, counts as unread.
    """

    readings: tuple[Reading, ...]
    files: dict[str, File]
    unread: dict[str, BodyInfo] = {}
    withheld: dict[str, str] = {}
    lent: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()

    @property
    def has_all_names(self) -> bool:
        """Return whether all texts were read that name terms: stories, and files of terms."""
        unread = self.unread.keys() - self.elsewhere
        return all(path.startswith(("pages/", "promos/")) for path in unread)


# -------------------------------------------------------- what is known: the whole site


State = Literal["live", "draft", "scheduled", "expired"]


class KeptBack(Value, frozen=True):
    """How many stories a site does not show, and pages that are drafts."""

    drafts: int = 0
    scheduled: int = 0
    expired: int = 0


class Article(Value, frozen=True):
    """A story with its place in the site.

    `authors` are slugs; so are `terms`, by the taxonomy that they are of. `pinned` and `excluded`
    are the content paths of the stories that the editor chose, or ruled out, as related.
    """

    path: str
    slug: str
    url: str
    state: State
    matter: ArticleMatter
    body: BodyInfo
    authors: tuple[str, ...]
    terms: dict[str, tuple[str, ...]] = {}
    pinned: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the slugs of its tags."""
        return self.terms.get("tags", ())

    @property
    def summary(self) -> str:
        """Return the dek, or what the first paragraph gives."""
        return self.matter.summary or self.body.excerpt or self.matter.title

    @property
    def changed(self) -> datetime:
        """Return the last change of substance: never before the date."""
        return self.last_change[0]

    @property
    def last_change(self) -> tuple[datetime, bool]:
        """Return the last change of substance, and whether it has a time of day."""
        matter = self.matter
        published = matter.date, "date" in matter.timed
        if not matter.corrections and not matter.updated:
            return published
        corrected = ((c.date, "date" in c.timed) for c in matter.corrections)
        updated = [(matter.updated, "updated" in matter.timed)] if matter.updated else []
        return max([published, *corrected, *updated])


class Author(Value, frozen=True):
    """An author of at least one story, or with a file. `order` is the name's place in lists."""

    slug: str
    url: str
    matter: AuthorMatter
    path: str = ""
    bio: BodyInfo | None = None
    order: str = ""


class Term(Value, frozen=True):
    """A term of a taxonomy, such as a tag, that at least one story has.

    `order` is the name's place in lists; `parent` the slug of the term that it is a part of.
    """

    taxonomy: str
    slug: str
    url: str
    name: str
    path: str = ""
    description: BodyInfo | None = None
    image: PictureMatter | None = None
    parent: str = ""
    order: str = ""
    aliases: tuple[str, ...] = ()
    layout: str = ""

    @property
    def key(self) -> str:
        return term_key(self.taxonomy, self.slug)


def term_key(taxonomy: str, slug: str) -> str:
    """Return what a term is known by among those of all taxonomies."""
    return f"{taxonomy}/{slug}"


class StaticPage(Value, frozen=True):
    """A page such as About."""

    path: str
    url: str
    matter: PageMatter
    body: BodyInfo


class Item(Value, frozen=True):
    """An item of a collection, with its place in the site.

    `stories` are the content paths of those that its fields name, by field; `addresses` what it
    says in the fields that are for one.
    """

    path: str
    url: str
    collection: str
    state: State
    matter: ItemMatter
    body: BodyInfo
    stories: dict[str, tuple[str, ...]] = {}
    addresses: dict[str, str] = {}

    @property
    def summary(self) -> str:
        """Return its summary, or what the first paragraph gives."""
        return self.matter.summary or self.body.excerpt

    @property
    def changed(self) -> datetime | None:
        """Return when it was last changed, as far as that is said."""
        moments = [moment for moment in (self.matter.date, self.matter.updated) if moment]
        return max(moments, default=None)


class Promo(Value, frozen=True):
    """A call to action, by the name of its file."""

    path: str
    matter: PromoMatter
    body: BodyInfo


class Site(Value, frozen=True):
    """The whole site as arranged for one moment. Every `url` is a path from its root.

    `articles` are those that are shown, newest first; `by_author` and the like hold their
    positions, in the same order. Terms are known by their keys; a story is one of a term's if it
    has that or one that is a part of it. Months are named as in "2026/03".
    `addresses` leads from a content path to the path it is published at, "" where it is not
    public now; a folder is at that of its `index.md`. `decomposed` leads to those that are not in
    Unicode's composed form (NFC) from what they are in it. `anchors` are those of the text at each
    place. `retired` are the paths that expired stories had, and those of the authors and tags that
    only they have. `withheld` are the content files that are not published, with the reason.
    `shared` are the openings that are passed over, as too many stories have them; `openings` counts
    those that several have, and some perhaps that one has. `led_into` are the places that texts
    lead to with a fragment, each with the content paths of those. `items` are those of collections
    that are shown, by content path; `by_collection` has the paths of each, in its order. `called`
    leads, by taxonomy, from what else than its name and slug a term may be called to its slug, and
    from all that terms are called which no story has that is shown.
    """

    at: datetime
    articles: Sequence[Article]
    authors: Mapping[str, Author]
    by_author: Mapping[str, Sequence[int]]
    terms: Mapping[str, Term]
    by_term: Mapping[str, Sequence[int]]
    by_month: Mapping[str, Sequence[int]]
    pages: tuple[StaticPage, ...]
    promos: Mapping[str, Promo]
    files: Mapping[str, File]
    addresses: Mapping[str, str]
    decomposed: Mapping[str, str] = {}
    anchors: Mapping[str, Anchors] = {}
    retired: tuple[str, ...] = ()
    withheld: Mapping[str, str] = {}
    shared: frozenset[str] = frozenset()
    openings: Mapping[str, int] = {}
    led_into: Mapping[str, tuple[str, ...]] = {}
    items: Mapping[str, Item] = {}
    by_collection: Mapping[str, tuple[str, ...]] = {}
    called: Mapping[str, Mapping[str, str]] = {}
