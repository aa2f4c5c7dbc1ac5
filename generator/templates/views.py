"""All that a layout may see: one frozen view for each kind of page.

Beside its own view every layout sees `site` (`SiteView`) and `label` (the
words of the interface in the site's language). Every `url` in a view is ready for
an `href`: it starts with the path the site lives under. The filter `absolute` puts
the host before it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from markupsafe import Markup, escape
from msgspec.structs import replace

from generator.config import Comments
from generator.errors import InternalError
from generator.hosts.media_types import by_name
from generator.templates.exchange import exchange


class Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of all that stands in a view."""


# --------------------------------------------------------------- parts of views


class Link(Value, frozen=True):
    """A title that leads somewhere."""

    title: str
    url: str


class Target(Value, frozen=True):
    """What an address in a body became: the attribute, its value, and what goes with it.

    An empty `url` means that the target is not public: the attribute is left out. With an
    empty `attr` only the address goes there, as in a `srcset`. A picture may have a `ladder`.
    """

    attr: str
    url: str
    extra: str = ""
    ladder: "Ladder | None" = None
    tone: str = ""


SHARE = (1200, 630)
"""The size of a picture that is shared, in pixels: what most programs crop it to."""


SIZES_IN_TEXT = "(min-width: 46rem) 44rem, 90vw"
"""How wide a picture is on a page, as browsers are told of it, where nobody says so: as wide as the
default stylesheet has a text, beside which some 5 per cent of a telephone are left free.
"""


class Source(NamedTuple):
    """A picture in one format: its media type, and its addresses with their widths."""

    type: str
    srcset: str


class Ladder(Value, frozen=True):
    """A picture in several widths, in pixels, and formats, the best first.

    `stem` begins the address of each; `width` and `height` are as the widest of them has them.
    """

    stem: str
    widths: tuple[int, ...]
    formats: tuple[str, ...]
    width: int
    height: int

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return it in each format."""
        return tuple(Source(f"image/{form}", self._srcset(form)) for form in self.formats)

    def url(self, form: str, width: int) -> str:
        """Return the address of a variant."""
        return f"{self.stem}.{width}.{form}"

    def within(self, widths: Sequence[int]) -> "Ladder":
        """Return it with those alone of its widths that are among some; with all if none is."""
        some = tuple(one for one in self.widths if one in widths) or self.widths
        height = max(1, round(some[-1] * self.height / self.width))
        return replace(self, widths=some, width=some[-1], height=height)

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height

    def _srcset(self, form: str) -> str:
        return ", ".join(f"{self.url(form, width)} {width}w" for width in self.widths)


class UnknownCropError(InternalError):
    """A picture is to be cropped to a ratio that is not among the `known` ones of the site."""

    def __init__(self, ratio: str, known: list[str]) -> None:
        super().__init__(f'no picture is cropped to "{ratio}"')
        self.remedy = f'add "{ratio}" to crops under [images], or write one of {", ".join(known)}'


class Picture(Value, frozen=True):
    """A picture with what is said about it. `width` and `height` in pixels, 0 if unknown.

    Here and below, a text that may have Markdown inside its line is plain by its own name; as HTML
    it is what ends with `_html`. Its `_markup` is there only if it has any.
    """

    url: str
    alt: str
    title: str = ""
    credit: str = ""
    caption: str = ""
    width: int = 0
    height: int = 0
    credit_markup: str = ""
    caption_markup: str = ""
    color: str = ""
    ladder: Ladder | None = None
    crops: dict[str, Ladder] = {}

    def __hash__(self) -> int:
        return hash(self.url)

    @property
    def tone(self) -> str:
        """Return the class of the colour that is behind it until it is there, "" for none."""
        return tone_of(self.color)

    @property
    def type(self) -> str:
        """Return the media type of its file, "" if that lies elsewhere: only its host knows it."""
        is_here = self.url.startswith("/") and not self.url.startswith("//")
        found = by_name(self.url) if is_here else ""
        return found if found.startswith("image/") else ""

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return it in the formats that not every browser shows, the best first."""
        return self.ladder.sources[:-1] if self.ladder else ()

    @property
    def srcset(self) -> str:
        """Return it in several widths, in the format that every browser shows; "" if it has one."""
        return self.ladder.sources[-1].srcset if self.ladder else ""

    @property
    def sizes(self) -> str:
        """Return how wide it stands on a page, if no layout says so."""
        return SIZES_IN_TEXT

    @property
    def share(self) -> "Picture":
        """Return it as it is shown where its page is shared: cropped, if it can be."""
        ratio = ratio_text(SHARE)
        return self.crop(ratio) if ratio in self.crops else self

    def crop(self, ratio: str, widths: Sequence[int] = ()) -> "Picture":
        """Return it cropped to a ratio such as "3:2", in these widths of those that there are.

        It is whole where it has no crop: it is no picture of front matter, is small, or moves.
        Raises `UnknownCropError` for a ratio that the site does not have.
        """
        if self.ladder is None or not self.crops:
            return self
        if ratio not in self.crops:
            raise UnknownCropError(ratio, [*self.crops])
        ladder = self.crops[ratio].within(widths)
        width, height = ladder.size
        url = ladder.url(ladder.formats[-1], width)
        return replace(self, url=url, width=width, height=height, ladder=ladder, crops={})

    @property
    def credit_html(self) -> Markup:
        return _html(self.credit_markup, self.credit)

    @property
    def caption_html(self) -> Markup:
        return _html(self.caption_markup, self.caption)


def ratio_text(ratio: tuple[int, int]) -> str:
    """Return a ratio of width to height as layouts write it: "3:2"."""
    return f"{ratio[0]}:{ratio[1]}"


def tone_of(colour: str) -> str:
    """Return the classes that have a colour nearly, of 64; a strict policy forbids the very one."""
    parts = zip("rgb", (colour[place : place + 2] for place in (1, 3, 5)), strict=True)
    return " ".join(f"tone-{name}{int(part, 16) // 64}" for name, part in parts) if colour else ""


def _html(markup: str, text: str) -> Markup:
    """Return a text as HTML: as its markup, if it has any."""
    return Markup(markup) if markup else escape(text)


class Document(Value, frozen=True):
    """A file or page that goes with something: its address, and its media type."""

    url: str
    type: str


class Chapter(Value, frozen=True):
    """A chapter of a recording: the second at which it begins, and its address in the file."""

    start: int
    title: str
    url: str


class Audio(Value, frozen=True):
    """A story as a recording. `size` is in bytes; `seconds` are 0 if nobody knows them.

    `chapter_file` is a file of its own that tells of the `chapters`, if there is one. `episode` and
    `season` are 0 where none is said.
    """

    url: str
    type: str
    size: int
    title: str = ""
    seconds: int = 0
    transcript: Document | None = None
    chapters: tuple[Chapter, ...] = ()
    chapter_file: Document | None = None
    explicit: bool = False
    episode: int = 0
    season: int = 0


class Follow(Value, frozen=True):
    """Where a reader can follow an author."""

    url: str
    label: str


class AuthorCard(Value, frozen=True):
    """An author as others see them. `kind` is "person" or "organization"."""

    name: str
    url: str
    kind: str = "person"
    role: str = ""
    photo: Picture | None = None
    follow: Follow | None = None
    bio: "Body | None" = None
    count: int = 0


class TermCard(Value, frozen=True):
    """A term, such as a tag, as others see it. `count` is the number of its stories."""

    name: str
    url: str
    count: int = 0
    picture: Picture | None = None


class TaxonomyCard(Value, frozen=True):
    """What terms are sorted under; `url` is that of their list, "" if there is none."""

    name: str
    title: str
    url: str = ""


class Series(Value, frozen=True):
    """The series that a story is a part of: all parts in order, and those beside this one."""

    name: str
    url: str
    parts: tuple[Link, ...]
    previous: Link | None = None
    next: Link | None = None


class SourceNote(Value, frozen=True):
    """The story elsewhere that this one curates. In a layout it is printed by its name."""

    name: str
    url: str
    author: str = ""
    published: datetime | None = None

    def __str__(self) -> str:
        return self.name

    def __bool__(self) -> bool:
        return bool(self.name)


NO_SOURCE = SourceNote("", "")
"""That of a card whose story curates no other: nothing, also where it is printed."""


class Card(Value, frozen=True):
    """A story as other pages see it. `timed` says that its date has a time of day."""

    title: str
    url: str
    date: datetime
    summary: str
    kicker: str = ""
    state: str = "live"
    authors: tuple[Link, ...] = ()
    picture: Picture | None = None
    source: SourceNote = NO_SOURCE
    timed: bool = False
    section: Link | None = None
    extra: dict[str, Any] = {}
    summary_markup: str = ""

    def __hash__(self) -> int:
        return hash(self.url)  # what is `extra` may be a list, and has no hash

    @property
    def summary_html(self) -> Markup:
        return _html(self.summary_markup, self.summary)

    @property
    def opening(self) -> Markup:
        """Return the first paragraph of the story as HTML, which the page has to ask for."""
        return exchange().opening(self.url)


class Table(Value, frozen=True):
    """A table of a spreadsheet: the names of its columns, and the cells of each row below them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class MediaFile(Value, frozen=True):
    """A file of the content that a block names. `size` in bytes; `type` is such as "audio/mpeg".
    `seconds` is how long a recording is, 0 if that is not known.
    """

    url: str
    type: str
    size: int
    seconds: int = 0


class Embed(Value, frozen=True):
    """A page elsewhere, and the `service` that it is of. `player` is the address of the frame that
    shows it, if it is a film and the content security policy lets that in.
    """

    url: str
    service: str
    player: str = ""

    def __str__(self) -> str:
        return self.url


class Block(Value, frozen=True):
    """A block of a body, with the values of its arguments in tables by what they are.

    `block` is its name, and "" of one that there is none of: that is `written` as it was typed,
    behind so many `colons`. What is named and not public now is in no table. `file` and `line` are
    where it was typed.
    """

    block: str
    plain: dict[str, bool | int | float | str] = {}
    moments: dict[str, datetime] = {}
    addresses: dict[str, str] = {}
    embeds: dict[str, Embed] = {}
    pictures: dict[str, Picture] = {}
    files: dict[str, MediaFile] = {}
    lines: dict[str, str] = {}
    tables: dict[str, Table] = {}
    columns: dict[str, tuple[str, ...]] = {}
    stories: dict[str, Card] = {}
    written: str = ""
    colons: int = 0
    is_closed: bool = True
    file: str = ""
    line: int = 0


class Body(Value, frozen=True):
    """Prose by reference: the key of the converted text, its links resolved, and its blocks.

    `card` is that of the story whose text it is, where blocks may show it.
    """

    key: str
    targets: tuple[Target, ...] = ()
    blocks: tuple[Block, ...] = ()
    card: Card | None = None

    def __hash__(self) -> int:
        return hash(self.key)  # the tables of blocks have no hash


class Field(Value, frozen=True):
    """A field of an item, as its collection declares it, with what the item says in it.

    `type` is such as "moment"; of what may be said one alone is there, or nothing: `value`. `timed`
    says that a moment has a time of day.
    """

    name: str
    title: str
    type: str
    plain: bool | int | float | str | tuple[str, ...] | None = None
    moment: datetime | None = None
    timed: bool = False
    link: Link | None = None
    picture: Picture | None = None
    story: Card | None = None
    stories: tuple[Card, ...] = ()

    @property
    def value(self) -> Any:
        """Return what is said; None for nothing, but of a list an empty one."""
        if self.plain is not None:
            return self.plain
        if self.type == "list":
            return self.stories
        return self.moment or self.link or self.picture or self.story

    @property
    def is_said(self) -> bool:
        """Return whether the item says anything in it."""
        return self.value not in (None, ())


class ItemCard(Value, frozen=True):
    """An item of a collection as other pages see it. What it says in a field has that name."""

    title: str
    url: str
    summary: str = ""
    date: datetime | None = None
    timed: bool = False
    state: str = "live"
    picture: Picture | None = None
    fields: tuple[Field, ...] = ()
    extra: dict[str, Any] = {}
    summary_markup: str = ""

    @property
    def summary_html(self) -> Markup:
        return _html(self.summary_markup, self.summary)

    def __getattr__(self, name: str) -> Any:
        for field in self.fields:
            if field.name == name:
                return field.value
        raise AttributeError(name)

    @property
    def known_names(self) -> tuple[str, ...]:
        """Return the names of all that there is to be seen of it."""
        return (*self.__struct_fields__, *(field.name for field in self.fields))


class Suggestion(Value, frozen=True):
    """A related story: `excerpt` is cut off after a word; `picture` only where asked for."""

    title: str
    url: str
    kicker: str = ""
    excerpt: str = ""
    picture: Picture | None = None


class CorrectionNote(Value, frozen=True):
    """What was put right, and when; `timed` says that the date has a time of day."""

    date: datetime
    text: str
    timed: bool = False
    text_markup: str = ""

    @property
    def text_html(self) -> Markup:
        return _html(self.text_markup, self.text)


class Story(Value, frozen=True):
    """A story in full, as its own page shows it. `minutes` is the reading time, at least 1.

    `updated` is the last change of substance, a correction too, if there was one since `date`.
    `timed` and `updated_timed` say that the two have a time of day. `terms` are those of the
    taxonomies that the site declares, by their names.
    """

    title: str
    url: str
    date: datetime
    summary: str
    body: Body
    kicker: str = ""
    dek: str = ""
    state: str = "live"
    updated: datetime | None = None
    corrections: tuple[CorrectionNote, ...] = ()
    authors: tuple[AuthorCard, ...] = ()
    tags: tuple[Link, ...] = ()
    section: Link | None = None
    series: Series | None = None
    terms: dict[str, tuple[Link, ...]] = {}
    picture: Picture | None = None
    audio: Audio | None = None
    source: SourceNote | None = None
    words: int = 0
    minutes: int = 1
    comments: bool = True
    extra: dict[str, Any] = {}
    timed: bool = False
    updated_timed: bool = False
    summary_markup: str = ""

    @property
    def summary_html(self) -> Markup:
        return _html(self.summary_markup, self.summary)

    @property
    def dek_html(self) -> Markup:
        return _html(self.summary_markup, self.dek)


class Promo(Value, frozen=True):
    """A call to action."""

    title: str
    url: str
    label: str
    body: Body


class Entry(Value, frozen=True):
    """A story as a feed shows it, with its full text. By its `id` programs know it again.

    The `thumbnail` is its picture as a square, small enough for a list of headlines. An item of a
    collection has `fields`, whose addresses are whole ones.
    """

    id: str
    title: str
    url: str
    date: datetime
    updated: datetime
    summary: str
    body: Body
    authors: tuple[Link, ...] = ()
    tags: tuple[str, ...] = ()
    picture: Picture | None = None
    thumbnail: Picture | None = None
    audio: Audio | None = None
    source: SourceNote | None = None
    corrections: tuple[CorrectionNote, ...] = ()
    promo: Promo | None = None
    fields: tuple[Field, ...] = ()


class Pager(Value, frozen=True):
    """Where a listing's page stands among its pages. Empty addresses: none there."""

    number: int = 1
    total: int = 1
    newer: str = ""
    older: str = ""


class Month(Value, frozen=True):
    """A month of the archive: its first day, address, number of stories."""

    date: datetime
    url: str
    count: int


class Year(Value, frozen=True):
    """A year of the archive."""

    year: int
    url: str
    count: int
    months: tuple[Month, ...]


class Day(Value, frozen=True):
    """The stories of one day, newest first."""

    date: datetime
    stories: tuple[Card, ...]


class FullDay(Value, frozen=True):
    """The stories of one day in full, newest first."""

    date: datetime
    stories: tuple[Story, ...]


class Location(Value, frozen=True):
    """A row of a sitemap."""

    url: str
    modified: datetime | None = None


class Rule(Value, frozen=True):
    """An old address, where it leads, and how: a status such as `301`."""

    source: str
    target: str
    status: str


class HeaderRule(Value, frozen=True):
    """What is said of the files at a path; `lines` such as `Cache-Control: public`."""

    path: str
    lines: tuple[str, ...]


class Translation(Value, frozen=True):
    """A page in a language, by its tag and by the name that it has itself.

    `is_main`: that is the main language of the site.
    """

    language: str
    name: str
    url: str
    is_main: bool = False


class Feeds(Value, frozen=True):
    """The site's feeds. There is a `podcast` if the settings have one."""

    atom: Link
    rss: Link
    json: Link
    podcast: Link | None = None


class PodcastOwner(Value, frozen=True):
    """Who is asked about a podcast: for directories alone."""

    name: str
    email: str


class PublisherCard(Value, frozen=True):
    """Who publishes the site."""

    name: str
    url: str
    logo: Picture | None = None


class Look(Value, frozen=True):
    """What the settings say of the look, but for what is in its stylesheet.

    `theme` is "auto", "light" or "dark". `logo_dark` is for dark pages, where there are both; the
    `touch_icon` is the address of the icon's picture for telephones. `footer` are its own links.
    """

    theme: str = "auto"
    logo: Picture | None = None
    logo_dark: Picture | None = None
    icon: Picture | None = None
    touch_icon: str = ""
    footer: tuple[Link, ...] = ()


class Styles(Value, frozen=True):
    """What pages load beside `site.css`: the addresses of stylesheets, and of fonts at once.

    `ground` is the colour of the page, where it is the same for all readers.
    """

    sheets: tuple[str, ...] = ()
    fonts: tuple[str, ...] = ()
    ground: str = ""


class SiteView(Value, frozen=True, kw_only=True):
    """What layouts read as `site`. Each has those of its values that it reads, and no others.

    `url` is the whole address of the front page, `home` its path, and `root` that of the main
    language's, which all paths of the site begin with; `tags` come biggest
    first; `latest` are the five newest stories; `year` is the newest story's; `hub` is the
    address of the WebSub hub that feeds name, if there is one; `policy` is the content security
    policy, where it stands in the pages. `tags_index` and `authors_index` are empty where there
    are none; `sole_author` says that all stories with a name have the same.
    """

    title: str = ""
    tagline: str = ""
    description: str = ""
    language: str = ""
    og_locale: str = ""
    direction: str = ""
    url: str = ""
    home: str = ""
    root: str = ""
    menu: tuple[Link, ...] = ()
    publisher: PublisherCard
    picture: Picture | None = None
    feeds: Feeds
    hub: str = ""
    comments: Comments = Comments()
    tags: tuple[TermCard, ...] = ()
    latest: tuple[Card, ...] = ()
    archive: str = ""
    tags_index: str = ""
    authors_index: str = ""
    sole_author: bool = False
    generator: str = ""
    year: int = 0
    news_name: str = ""
    news_language: str = ""
    policy: str = ""
    look: Look = Look()
    styles: Styles = Styles()
    extra: dict[str, Any] = {}


# ------------------------------------------------------------------ whole views


class Head(Value, frozen=True):
    """What the document's head says. `title` is unique over the site.

    `noindex` keeps the page out of search engines; `trail` is the way from the front
    page to here; `feed` is the page's own feed, if it has one; `translations` are the page in all
    languages, this one among them, if it is there in several.
    """

    url: str
    title: str
    description: str
    kind: str = "website"
    picture: Picture | None = None
    noindex: bool = False
    trail: tuple[Link, ...] = ()
    feed: Link | None = None
    translations: tuple[Translation, ...] = ()


class View(Value, frozen=True, tag=True):
    """Base of the whole views. It is told by its class, so that names need not be unique."""


class FrontSection(Value, frozen=True):
    """A section on the front page, with its newest stories."""

    name: str
    url: str
    stories: tuple[Card, ...]


class FrontView(View, frozen=True):
    """`front.html`: the lead, the top stories, then the river; page 2 and on: the river.

    `front-river.html`: the river alone. `front-links.html`: the `days` have what is in the river.
    """

    head: Head
    pager: Pager
    lead: Card | None = None
    top: tuple[Card, ...] = ()
    sections: tuple[FrontSection, ...] = ()
    river: tuple[Card, ...] = ()
    days: tuple[FullDay, ...] = ()


class ArticleView(View, frozen=True):
    """`article.html`. `view_all` leads to the tag that the suggestions share, or to the archive."""

    head: Head
    story: Story
    related: tuple[Suggestion, ...] = ()
    view_all: Link | None = None
    promo: Promo | None = None
    newer: Link | None = None
    older: Link | None = None


class TagView(View, frozen=True):
    """`tag.html`: a tag's stories, newest first. `below` are the tags that are parts of it."""

    head: Head
    pager: Pager
    tag: TermCard
    description: Body | None = None
    below: tuple[TermCard, ...] = ()
    stories: tuple[Card, ...] = ()


class TagsView(View, frozen=True):
    """`tags.html`: all tags, by name."""

    head: Head
    tags: tuple[TermCard, ...] = ()


class TermView(View, frozen=True):
    """`section.html`, `series.html`, `term.html`: a term's stories, newest first, but those of a
    series in their order. `below` are the terms that are parts of it.
    """

    head: Head
    pager: Pager
    taxonomy: TaxonomyCard
    term: TermCard
    description: Body | None = None
    below: tuple[TermCard, ...] = ()
    stories: tuple[Card, ...] = ()


class TermsView(View, frozen=True):
    """`terms.html`: all terms of a taxonomy, by name."""

    head: Head
    taxonomy: TaxonomyCard
    terms: tuple[TermCard, ...] = ()


class AuthorView(View, frozen=True):
    """`author.html`: an author, and their stories."""

    head: Head
    pager: Pager
    author: AuthorCard
    stories: tuple[Card, ...] = ()


class AuthorsView(View, frozen=True):
    """`authors.html`: all authors, by name."""

    head: Head
    authors: tuple[AuthorCard, ...] = ()


class ArchiveView(View, frozen=True):
    """`archive.html`: years and months with their counts; `year` is 0 on the page of all years."""

    head: Head
    years: tuple[Year, ...] = ()
    year: int = 0


class MonthView(View, frozen=True):
    """`month.html`: a month's stories by day, newest first."""

    head: Head
    month: Month
    days: tuple[Day, ...] = ()
    newer: Month | None = None
    older: Month | None = None


class PageView(View, frozen=True):
    """`page.html`: a page such as About. `path` is its file's, from the site's folder.

    `summary_markup` is the summary as HTML, if it has Markdown in it.
    """

    head: Head
    title: str
    body: Body
    summary: str = ""
    extra: dict[str, Any] = {}
    path: str = ""
    summary_markup: str = ""


class ItemView(View, frozen=True):
    """`item.html`: an item of a collection. `collection` leads to the list of all."""

    head: Head
    item: ItemCard
    body: Body
    collection: Link


class ItemsView(View, frozen=True):
    """`items.html`: the items of a collection, in its order."""

    head: Head
    pager: Pager
    title: str
    items: tuple[ItemCard, ...] = ()


class NotFoundView(View, frozen=True):
    """`404.html`."""

    head: Head
    latest: tuple[Card, ...] = ()


class RedirectView(View, frozen=True):
    """`redirect.html`: an old address that leads to `url`."""

    url: str
    title: str


class FeedView(View, frozen=True):
    """`feed.xml` (Atom), `rss.xml`, `feed.json`: the newest stories in full.

    `url` is the feed's own address, `home` the page it belongs to; `updated` is the
    moment of its newest change. The `id` is a whole address, but not one to be followed.
    """

    id: str
    url: str
    home: str
    title: str
    updated: datetime
    entries: tuple[Entry, ...] = ()


class PodcastView(View, frozen=True):
    """`podcast.xml`: the stories with a recording, the newest first, for directories of podcasts.

    `url` is the feed's own address, `home` the page it belongs to; `guid` is what directories know
    it by. A `category` has perhaps one within it, by a second name. One that is `serial` is
    heard from its first story on.
    """

    guid: str
    url: str
    home: str
    title: str
    description: str
    author: str
    category: tuple[str, ...]
    image: str
    owner: PodcastOwner | None
    explicit: bool
    locked: bool
    serial: bool
    updated: datetime | None = None
    entries: tuple[Entry, ...] = ()


class ChaptersView(View, frozen=True):
    """`chapters.json`: the chapters of a recording, as programs for podcasts read them."""

    chapters: tuple[Chapter, ...]


class CardView(View, frozen=True):
    """`cards/story.svg`: the share card of a story, a page or an item, which has its `headline`.

    `section` is that of a story, or the title of an item's collection; `authors` are their names.
    The `date` is the day of publication, if there is one. `accent` is the colour of the look, as it
    can be read on a light ground.
    """

    headline: str
    accent: str
    kicker: str = ""
    section: str = ""
    date: datetime | None = None
    authors: tuple[str, ...] = ()


class SitemapView(View, frozen=True):
    """`sitemap.xml`, `sitemap-index.xml`: addresses and when they last changed."""

    rows: tuple[Location, ...] = ()


class NewsSitemapView(View, frozen=True):
    """`news-sitemap.xml`: the stories of the last 48 hours."""

    stories: tuple[Card, ...] = ()


class RedirectsView(View, frozen=True):
    """`_redirects`: the rules for old addresses, for hosts that redirect by themselves.

    `before` and `after` are the two parts of the site's own file of that name.
    """

    rules: tuple[Rule, ...] = ()
    before: str = ""
    after: str = ""


class HeadersView(View, frozen=True):
    """`_headers`: what hosts are to say of files beside their bytes. `own` is the site's own."""

    rules: tuple[HeaderRule, ...] = ()
    own: str = ""


class PlainView(View, frozen=True):
    """`robots.txt`, and whatever needs nothing but `site`. `links` are absolute addresses."""

    links: tuple[str, ...] = ()
