"""The settings of a site, as values."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from generator.config.images import ImageFormat
from generator.globs import Glob, globs
from generator.slugs import Rule, Slugs
from generator.urls import Home, Paths, own_path

SITE_TOML = "site.toml"
INVENTORY = ".broadsheet"
"""In the output folder: the list of what Broadsheet wrote there."""
CONTENT, LAYOUTS = "content", "layouts"
"""The folders of a site's texts and files, and of its own layouts."""


class Table(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of the tables of `site.toml`."""


class MenuItem(Table, frozen=True):
    """An entry of the menu: `url` is a path of this site, or an address elsewhere."""

    title: str
    url: str


class Addresses(Table, frozen=True):
    """Where the pages and feeds stand that Broadsheet makes by itself: paths from the site's root.

    The pages of each tag, author, month and year stand below those of their lists.
    """

    tags: str = "/tags/"
    authors: str = "/authors/"
    archive: str = "/archive/"
    feed: str = "/feed.xml"
    rss: str = "/rss.xml"
    json: str = "/feed.json"
    podcast: str = "/podcast.xml"
    sitemap: str = "/sitemap.xml"
    news_sitemap: str = "/news-sitemap.xml"

    @property
    def front(self) -> str:
        """Return the path of the front page, which no site moves; see `config.editions`."""
        return "/"

    @property
    def paths(self) -> Paths:
        return Paths(*map(own_path, msgspec.structs.astuple(self)))


class OwnTaxonomy(Table, frozen=True):
    """A taxonomy that a site declares or changes: `[taxonomies.NAME]`. See `Taxonomy`.

    What it does not say is as usual: a title as the name, `/NAME/{slug}/`, no feeds, several terms.
    """

    title: str = ""
    permalink: str = ""
    feed: bool | None = None
    many: bool | None = None


class Language(Table, frozen=True):
    """Another language of the site: `[languages.TAG]`. See `config.editions`.

    All stands below its `prefix`, `/TAG/` where it says nothing. `title`, `footer` and the `titles`
    of taxonomies are the site's where it has none of its own, and so are the values of `extra`;
    `sections` are those of its front page.
    """

    title: str = ""
    prefix: str = ""
    tagline: str = ""
    description: str = ""
    menu: tuple[MenuItem, ...] = ()
    footer: tuple[MenuItem, ...] = ()
    sections: tuple[str, ...] = ()
    titles: dict[str, str] = {}
    labels: dict[str, str] = {}
    extra: dict[str, Any] = {}


FieldType = Literal["text", "number", "boolean", "moment", "address", "picture", "story", "list"]
"""What may stand in a field of a collection."""


class OwnField(Table, frozen=True):
    """A field that a collection declares, where its type alone does not say all.

    Its `title` is what readers see; a list is one `of` texts or of stories. An item that does not
    say it has the `default`, if there is one; one that is `required` has to say it.
    """

    type: FieldType
    of: Literal["text", "story"] = "text"
    title: str = ""
    required: bool = False
    default: Any = None


class OwnCollection(Table, frozen=True):
    """A collection that a site declares: `[collections.NAME]`. See `Collection`.

    What it does not say is as usual: a title as the name, items at `/NAME/{slug}/`, below their
    list, sorted by title.
    """

    title: str = ""
    permalink: str = ""
    list: str = ""
    sort: str = "title"
    layout: str = ""
    list_layout: str = ""
    feed: bool = False
    fields: dict[str, FieldType | OwnField] = {}


USUAL = Addresses().paths
"""Where all that stands which a site moves nowhere."""


class Publisher(Table, frozen=True):
    """Who publishes the site; the title and address of the site where it says nothing."""

    name: str = ""
    url: str = ""
    logo: str = ""


class Content(Table, frozen=True):
    """What of the content is published as it is, though by its name or opening it would not be.

    Patterns of paths: `*` within a name, `**` for any number of folders. `links` are folders,
    seen from the site's, that symbolic links may lead into.
    """

    publish: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    @property
    def meant(self) -> tuple[Glob, ...]:
        return globs(self.publish)


FrontStyle = Literal["paper", "river", "links"]
"""The front page of a newspaper, a list with pictures, or stories in full, day by day."""


class Front(Table, frozen=True):
    """The front page: how many top stories under the lead, how many in each page's river.

    Each of the `sections` has a block of its newest stories: so many `per_section`.
    """

    style: FrontStyle = "paper"
    top: int = 5
    per_page: int = 12
    sections: tuple[str, ...] = ()
    per_section: int = 4


class Lists(Table, frozen=True):
    """Tag and author pages: how many stories on each page."""

    per_page: int = 20


Theme = Literal["auto", "light", "dark"]
"""The scheme of colours: the reader's own, or one for all."""


class Look(Table, frozen=True):
    """How pages look: one colour and what follows from it, fonts, sizes in pixels, pictures.

    `serif` and `sans` are fonts, as a stylesheet lists them; those of the layouts' assets go by
    their names. `size` is that of a story's letters on a wide screen, `width` that of the page.
    """

    accent: str = ""
    accent_dark: str = ""
    serif: str = ""
    sans: str = ""
    size: int = 20
    width: int = 1280
    logo: str = ""
    logo_dark: str = ""
    icon: str = ""
    footer: tuple[MenuItem, ...] = ()
    theme: Theme = "auto"


class Feeds(Table, frozen=True):
    """Feeds: how many stories each holds, and which WebSub hub tells subscribers of new ones.

    `aliases` are old addresses of the site's own feeds. `id_url` is the address that ids are
    made from, "" for that of the site. With `promos` a story's call to action is in its text.
    """

    size: int = 20
    hub: str = ""
    aliases: tuple[str, ...] = ()
    id_url: str = ""
    promos: bool = False


class Owner(Table, frozen=True):
    """Who is asked about the podcast: directories write to that address."""

    name: str = ""
    email: str = ""


class Podcast(Table, frozen=True):
    """The podcast of the stories with a recording; there is none without this table.

    `category` is one of Apple's, such as "News > Politics". What is not said is as the site has it.
    While it is `locked` no other host may take it over.
    """

    category: str
    image: str
    title: str = ""
    description: str = ""
    author: str = ""
    owner: Owner = Owner()
    explicit: bool = False
    type: Literal["episodic", "serial"] = "episodic"
    locked: bool = True


class RelatedWeights(Table, frozen=True):
    """What counts beside the words of the body, which count 1; see `generator.related`."""

    headline: float = 0.15
    names: float = 0.5
    tags: float = 0.5
    recency: float = 0.08
    company: float = 2.0
    variety: float = 0.005


class Related(Table, frozen=True):
    """The sidebar: how many stories, how many characters of each, and how they are found.

    A story loses half of its bonus for recency every `half_life` days between the two
    dates. `least` is the least score, from 0 to 1. `per_source` 0: any number of one source.
    """

    count: int = 5
    excerpt: int = 110
    pictures: bool = False
    newer: bool = True
    half_life: int = 60
    least: float = 0.15
    per_source: int = 0
    weights: RelatedWeights = RelatedWeights()


class Images(Table, frozen=True):
    """How pictures are published: in these `widths`, in pixels, and these `formats`, best first.

    `quality` is on the scale of JPEG; others have one of the same looks. `avif_speed` goes from 0,
    slow and small, to 10. `crops` are the ratios that pictures of front matter are cropped to. The
    file itself is at most `PAGE_WIDTH` wide unless it is published as an `original`. A file of more
    than `max_bytes` is told; 0: none is. What these patterns `keep` is copied as it is. With
    `credit` a picture's own one is shown where its text has none. What a build makes of pictures
    takes it no longer than its `budget`, such as "60s" or "5m"; what is left the next one makes.
    """

    widths: tuple[int, ...] = (480, 800, 1200, 1600)
    formats: tuple[ImageFormat, ...] = ("avif", "jpeg")
    quality: int = 80
    avif_speed: int = 6
    crops: tuple[str, ...] = ("3:2",)
    original: bool = False
    max_bytes: int = 30_000_000
    budget: str = "60s"
    keep: tuple[str, ...] = ()
    credit: bool = True

    def keeps(self, path: str) -> bool:
        """Return whether a file of the content is copied as it is, whatever is in it."""
        return any(glob.matches(path) for glob in globs(self.keep))

    @property
    def ratios(self) -> tuple[tuple[int, int], ...]:
        """Return the ratios of width to height that pictures of front matter are cropped to."""
        parts = (crop.partition(":") for crop in self.crops)
        return tuple((int(width), int(height)) for width, _, height in parts)


class Cards(Table, frozen=True):
    """Which pages have a share card, drawn from a layout; none has one without this table."""

    for_: Literal["without-picture", "all", "none"] = msgspec.field(
        default="without-picture", name="for"
    )


PAGE_WIDTH = 1600
"""Pixels: the file of a picture is no wider, unless the original is published."""


class Security(Table, frozen=True):
    """What pages may run, load and show: with `csp`, nothing but what is the site's own.

    `embeds` are other hosts whose frames, pictures, films and sounds are shown, `scripts`
    those whose scripts run; see `config.policy`.
    """

    csp: bool = False
    embeds: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()


class Comments(Table, frozen=True):
    """How readers comment. Nothing of a third party is loaded before a click."""

    provider: Literal["mailto", "giscus", "isso", "none"] = "none"
    address: str = ""
    repo: str = ""
    repo_id: str = ""
    category: str = ""
    category_id: str = ""
    url: str = ""
    theme: str = "preferred_color_scheme"


class Promos(Table, frozen=True):
    """The call to action: which one by default, after how many paragraphs."""

    default: str = ""
    after: int = 3


Engine = Literal["markdown", "commonmark"]
"""Python-Markdown, or pulldown-cmark."""


EXTENSIONS = "markdown.extensions."
"""Begins the whole name of an extension of Python-Markdown's own."""
EXTENSIONS_ON = ("attr_list", "def_list", "fenced_code", "footnotes", "tables")
"""Those of its extensions that are on in every site: Broadsheet reads what they are for."""


ListRules = Literal["common", "classic"]
"""Where lists begin and what is in an item: as CommonMark has it, or as Python-Markdown does."""


RawHtml = bool | Literal["safe"]
"""What becomes of HTML in a text: it stays, is shown as it is typed, or what is harmless stays."""


Extra = Literal["mark", "sub", "sup", "abbr", "emoji"]
"""What a site may have beside the Markdown of all sites."""


class Markdown(Table, frozen=True):
    """How bodies are converted. `excerpt` is the length of a cut-off summary, in characters.

    `extras` are marks beside those of all sites. `extensions` are those of Python-Markdown, by
    name, with their `options`.
    """

    engine: Engine = "markdown"
    lists: ListRules = "classic"
    raw_html: RawHtml = True
    smart_quotes: bool = True
    math: bool = False
    excerpt: int = 200
    extras: tuple[Extra, ...] = ()
    extensions: tuple[str, ...] = ()
    options: dict[str, dict[str, Any]] = {}


class Deploy(Table, frozen=True, kw_only=True):
    """A place that the built site is carried to: `[deploy.NAME]`.

    `cache` gives files whose path matches a pattern a `Cache-Control` of their own. Not every
    kind of place has a use for every field: see `_USES`.
    """

    to: str
    endpoint: str = ""
    region: str = ""
    url: str = ""
    cache: dict[str, str] = {}
    compress: Literal["none", "gzip", "brotli"] = "none"
    redirects: bool = False
    history: Literal["keep", "squash"] = "keep"
    max_deletes: int = 256
    ping: tuple[Literal["websub", "indexnow"], ...] = ()
    indexnow: str = "https://api.indexnow.org/indexnow"
    indexnow_key: str = ""


Host = Literal["", "cloudflare", "github", "gitlab", "netlify"]
"""The hosts with pipelines of their own whose ways are known; see `deploy.limits`.

Each of them answers for `/x` with the file `x.html`, be there a dot in the `x` or not:

- Cloudflare: "Serving Pages", https://developers.cloudflare.com/pages/configuration/serving-pages/
- GitHub and Netlify, tried: https://github.com/slorber/trailing-slash-guide
- GitLab: "Resolve ambiguous URLs",
  https://docs.gitlab.com/user/project/pages/introduction/#resolve-ambiguous-urls
"""
UNSURE = "only a host that the setting `host` knows is sure to answer for such an address"


PAGES = "/{folder}/{slug}/"
"""The pattern of the addresses of pages, where the settings have none."""


class Settings(Table, frozen=True):
    """All of `site.toml`. Meanings and defaults are in the manual, setting by setting."""

    title: str
    url: str
    tagline: str = ""
    description: str = ""
    language: str = "en"
    timezone: str = "UTC"
    permalink: str = "/{year}/{month}/{slug}/"
    permalinks: dict[str, str] = {}
    slugs: Rule | None = None
    addresses: Addresses = Addresses()
    taxonomies: dict[str, OwnTaxonomy] = {}
    collections: dict[str, OwnCollection] = {}
    layouts: dict[str, str] = {}
    image: str = ""
    host: Host = ""
    extensions: tuple[str, ...] = ()
    menu: tuple[MenuItem, ...] = ()
    publisher: Publisher = Publisher()
    content: Content = Content()
    front: Front = Front()
    lists: Lists = Lists()
    look: Look = Look()
    feeds: Feeds = Feeds()
    podcast: Podcast | None = None
    images: Images = Images()
    cards: Cards | None = None
    related: Related = Related()
    comments: Comments = Comments()
    promos: Promos = Promos()
    markdown: Markdown = Markdown()
    security: Security = Security()
    labels: dict[str, str] = {}
    languages: dict[str, Language] = {}
    deploy: dict[str, Deploy] = {}
    extra: dict[str, Any] = {}

    @property
    def shaping(self) -> "Settings":
        """Return the settings that shape the site: where it is carried does not."""
        return replace(self, deploy={})

    @property
    def entries(self) -> Iterator[tuple[tuple[str | int, ...], MenuItem]]:
        """Yield the entries of menus and footers, each with the field that it stands in."""
        lists: dict[tuple[str | int, ...], tuple[MenuItem, ...]]
        lists = {("menu",): self.menu, ("look", "footer"): self.look.footer}
        for tag, language in self.languages.items():
            lists["languages", tag, "menu"] = language.menu
            lists["languages", tag, "footer"] = language.footer
        for field, items in lists.items():
            yield from (((*field, number), item) for number, item in enumerate(items))

    @property
    def is_main(self) -> bool:
        """Return whether these are of the site in its main language; see `config.editions`."""
        return self.addresses.front == "/"

    @property
    def is_folder_first(self) -> bool:
        """Return whether the host takes a folder `x` for the address `/x`, even beside `x.html`.

        It then leads on to `/x/`: https://gitlab.com/gitlab-org/gitlab-pages/-/issues/1130
        """
        return self.host == "gitlab"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def slugging(self) -> Slugs:
        """Return the rule by which slugs are made."""
        return Slugs(self.slugs, self.language)

    @property
    def home(self) -> Home:
        return Home.of(self.url)

    @property
    def paths(self) -> Paths:
        """Return where the pages and feeds stand that Broadsheet makes by itself."""
        return self.addresses.paths

    @property
    def id_home(self) -> Home:
        """Return the addresses that feeds and entries are known by, wherever the site lives."""
        return Home.of(self.feeds.id_url or self.url)


def publish_line(patterns: Iterable[str]) -> str:
    """Say what to write to have files published as they are: these alone."""
    written = ", ".join(json.dumps(pattern, ensure_ascii=False) for pattern in patterns)
    return f"publish = [{written}] under [content] in {SITE_TOML}"


def families(stack: str) -> list[str]:
    """Return the families of a font stack, as stylesheets write it; an empty list if it is none."""
    names = [_QUOTED.sub(r"\2", name.strip()) for name in stack.split(",")]
    return names if all(map(_FAMILY.fullmatch, names)) else []


_QUOTED = re.compile("""(["'])(.*)\\1""")
_FAMILY = re.compile(r"[\w.+&'-]+(?: +[\w.+&'-]+)*")
