"""The only place where slugs, URLs and output paths are made.

A *path* here is the address of a page from the site's own root: it starts with "/"
and does not know where the site lives. `Home` puts that in front.
"""

import posixpath
import re
import unicodedata
from collections.abc import Container
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

import msgspec

from generator.slugs import Slugs

_SLUG = re.compile(r"[\w~][\w.~-]*")
_TEXTS = (".md", ".markdown")
_OF_PAGES = {"slug", "folder"}
_OF_STORIES = {*_OF_PAGES, "year", "month", "day", "section"}
"""The placeholders of their permalinks."""
_ALL_PLACEHOLDERS = ("year", "month", "day", "slug", "folder", "section")
_PLACEHOLDER_ELSEWHERE = re.compile(
    r"(?<![^\W_]):(?:categor(?:y|ies)|collection|content\w*|day|filename|hash|hour|id|[is]_day"
    r"|i_month|minute|monthname|month|name|output_ext|path|post_title|second|sections?"
    r"|short_(?:day|month|year)|slug\w*|slugified_\w+|title|week(?:day)?\w*|y_day|yearday|year)"
    r"(?![^\W_])(?:\[.*?\])?"
    r"|%(?:author|category|day|hour|minute|monthnum|post_id|postname|second|year)%",
    re.IGNORECASE,
)
"""How Jekyll, Hexo and Hugo, and how WordPress write theirs."""
_FEED_ENDINGS = {".atom", ".json", ".rdf", ".rss", ".xml"}
_UNREAD = "\ufffd"
"""Stands for what is no UTF-8."""
_OBEYED = re.compile(
    r"(?:^|/) *(?:\."
    r"|(?:web\.config|_worker\.js|_routes\.json|_redirects|_headers|git~\d+|_config\.ya?ml"
    r"|netlify\.toml|vercel\.json|staticwebapp\.config\.json)[. ]*(?:/|$))"
    r"|^/?cname[. ]*(?:/|$)",
    re.IGNORECASE,
)
"""Names that mean something to a web server (Apache, IIS), to git, or to a host: Cloudflare,
GitHub, GitLab, Netlify, Vercel, Azure. What begins with a dot is hidden or means something.
"""
_HTML = re.compile(r"\.html?", re.IGNORECASE)
_IRI = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]*:(?:[^\s<>"{}|\\^`%]|%[0-9A-Fa-f]{2})+""")
_IDS = {
    "tag": re.compile(r"tag:[^,:]+,[0-9]{4}(?:-[0-9]{2}){0,2}:", re.IGNORECASE),
    "urn": re.compile(r"urn:[a-z0-9][a-z0-9-]{0,31}:.", re.IGNORECASE),
}
"""How ids of these schemes begin."""
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


class Home(msgspec.Struct, frozen=True):
    """Where the site lives: `origin` such as https://example.org, `base` such as /news/."""

    origin: str
    base: str

    @classmethod
    def of(cls, url: str) -> "Home":
        parts = urlsplit(url)
        base = quote(f"/{parts.path.strip('/')}/".replace("//", "/"), safe="/%:@!$&'()*+,;=-._~")
        return cls(f"{parts.scheme}://{parts.netloc}", base)

    def href(self, path: str) -> str:
        """Return the address of a site's path, as pages link it: under the base, percent-encoded.

        What is encoded already stays so, a lone "%" does not; "?" and "#" begin a query and a
        fragment.
        """
        if "%" in path:
            path = _LONE_PERCENT.sub("%25", path)
        return self.base + quote(path.removeprefix("/"), safe="/:@!$&'()*+,;=-._~?#%")

    def absolute(self, url: str) -> str:
        """Return a whole address for what `href` returned; whole addresses pass through."""
        if url.startswith("//"):
            return self.origin.partition("//")[0] + url
        return self.origin + url if url.startswith("/") else url


def is_slug(text: str) -> bool:
    """Return whether a slug can stand in an address, and name a folder, as it is."""
    signs = (
        text if text.isascii() else "".join(c for c in text if unicodedata.category(c)[0] != "M")
    )
    return bool(_SLUG.fullmatch(signs)) and ".." not in text and len(text.encode()) <= _LONGEST


_LONGEST = 200
"""Bytes of a slug: disks take names of 255."""
_LONGEST_NAME, _LONGEST_PATH = 255, 2048
"""Bytes of a name, and of the names of a file and of its folders together."""
_SHORT = 60
"""Letters of a path that is never too long, whatever they are."""


def is_text(path: str) -> bool:
    """Return whether a file is a text by its ending, in capitals or not."""
    return path.lower().endswith(_TEXTS)


def is_index(path: str) -> bool:
    """Return whether a content file stands for its folder: `index.md`."""
    return is_text(path) and stem_of_file(path) == "index"


def stem_of_file(path: str) -> str:
    """Return the name of a file without its ending."""
    return posixpath.splitext(posixpath.basename(path))[0]


def folders_above(path: str) -> list[str]:
    """Return the folders between a content file and its kind; `index.md` is its folder."""
    folders = path.split("/")[1:-1]
    return folders[:-1] if is_index(path) else folders


def bad_permalink(pattern: str, of_pages: bool = False) -> str:
    """Say what is wrong with a pattern of permalinks for stories, or pages, or an empty string."""
    if _PLACEHOLDER_ELSEWHERE.search(pattern):
        return _placeholders(_OF_PAGES if of_pages else _OF_STORIES)
    names = set(re.findall(r"\{(.*?)\}", pattern))
    if unknown := sorted(names - _OF_STORIES):
        return f"unknown placeholder {{{unknown[0]}}}"
    if of_pages and (undated := sorted(names - _OF_PAGES)):
        return f"a page has no {{{undated[0]}}}"
    if "slug" not in names:
        return "it has no {slug}"
    if "{" in re.sub(r"\{\w+\}", "", pattern) or "}" in re.sub(r"\{\w+\}", "", pattern):
        return "its braces do not match"
    if re.search("%(?![0-9A-Fa-f]{2})", pattern):
        return 'a "%" in it stands for nothing'
    return bad_own_path(re.sub(r"[{}]", "", pattern))


def _placeholders(names: Container[str]) -> str:
    """Say what is wrong with a pattern with the placeholders of another generator."""
    known = (f"{{{name}}}" for name in _ALL_PLACEHOLDERS if name in names)
    return f"placeholders are written {', '.join(known)}"


def permalink(
    pattern: str,
    path: str,
    slug: str,
    slugs: Slugs,
    date: datetime | None = None,
    section: str = "",
) -> str:
    """Return the path of a story, or of a page, which has no date, that lies at a content path.

    Year, month and day are the date's in its own zone. A folder, or section, that is none leaves no
    slash.
    """
    values = {"slug": slug, "section": section}
    if date:
        values |= {"year": f"{date.year:04}", "month": f"{date.month:02}", "day": f"{date.day:02}"}
    if "{folder}" not in pattern:
        made = composed(pattern).format(**values)
        return made if section or "{section}" not in pattern else made.replace("//", "/")
    slug_of = slugs.of if date else slugs.of_folder
    folder = "/".join(filter(None, map(slug_of, folders_above(path))))
    return composed(pattern).format(folder=folder, **values).replace("//", "/")


def bad_own_path(path: str) -> str:
    """Say why a path may not be the permalink of one story or page, or an empty string."""
    if _PLACEHOLDER_ELSEWHERE.search(path):
        return "only patterns have placeholders"
    if reason := bad_address(path):
        return reason
    if "{" in path or "}" in path:
        return "only patterns have placeholders"
    return "" if path.startswith("/") else 'it does not start with "/"'


def own_path(permalink: str) -> str:
    """Return the permalink of one story or page, percent-encoded as other paths are."""
    return file_path(composed(unquote(permalink)))


def bad_path(path: str) -> str:
    """Say why a path may not be an address of this site, or an empty string."""
    typed, path = path, unquote(path)
    if _UNREAD in path and _UNREAD not in typed:
        return "what its percent signs stand for is no UTF-8"
    if any(ord(c) < 32 or ord(c) == 127 for c in path):
        return "it holds a control character"
    if is_elsewhere(path):
        return "it is the address of another site"
    if path.lstrip("/").startswith(".broadsheet"):
        return "that name is Broadsheet's own"
    if "\\" in path or "?" in path or "#" in path:
        return 'it holds "\\", "?" or "#"'
    if any(part in (".", "..") for part in path.split("/")):
        return "it leaves its folder"
    if "//" in path:
        return 'it holds "//"'
    return "" if path.strip("/ ") else "it is empty"


def bad_address(path: str) -> str:
    """Say why a path may not be the address of a text, or an empty string."""
    return bad_path(path) or obeyed(path)


def obeyed(path: str) -> str:
    """Say why hosts take a path for something that they obey or keep hidden, or an empty string.

    A file of such a name means something to them, in whatever case it is written, and disks
    drop dots and spaces at its end. Files are copied as they are; no text makes one.
    """
    plain = _decoded(path)
    if not plain.isascii():  # some disks pass over characters that nobody sees, or know one form
        seen = "".join(c for c in plain if unicodedata.category(c) != "Cf")
        plain = unicodedata.normalize("NFKC", seen.translate(_ELLIPSES))
    found = _OBEYED.search(plain)
    if found is None:
        return ""
    name = plain[found.start() :].strip("/").partition("/")[0].strip()
    if name.startswith("."):
        return "names that begin with a dot are for hosts and for hidden files"
    return f'"{name}" means something of its own to hosts'


def _decoded(path: str) -> str:
    """Return a path decoded of percent signs, be they encoded again and again."""
    for _ in range(_OFTEN):
        if "%" not in path or (plain := unquote(path)) == path:
            break
        path = plain
    return path


_OFTEN = 32
"""Times that a path is decoded: no host does it so often."""

_ELLIPSES = str.maketrans("\u2025\u2026", "__")
"""Signs that consist of dots, and are none."""


def file_path(name: str) -> str:
    """Return the path of a file that is published under its own name, percent-encoded."""
    return quote(name, safe="/!$&'()*+,;=:@-._~")


def is_bare(path: str) -> bool:
    """Return whether a path has no ending: some hosts answer for `/x` with the file `x.html`."""
    return path[-1:] not in ("", "/") and not _HTML.fullmatch(posixpath.splitext(path)[1])


def old_address(alias: str) -> str:
    """Return the path of the page that stands at an alias, from where readers are led on.

    A folder's, unless the alias ends as an HTML file: by any other ending a host would take the
    page for a script, a feed or nothing at all.
    """
    path = in_one_form(f"/{alias.lstrip('/')}")
    return f"{path}/" if is_bare(unquote(path)) else path


def old_feed(alias: str) -> str:
    """Return the file of a feed at an old address: one of that name if the ending is a feed's.

    Else the page of a folder, for to whatever else its name ends in a host gives another type.
    """
    path = composed(unquote(alias)).removeprefix("/")
    is_named = posixpath.splitext(path)[1].lower() in _FEED_ENDINGS
    return path if is_named else output_path(old_address(alias))


def output_path(path: str) -> str:
    """Return the file below the output folder that answers for the path of a page."""
    path = unquote(path).removeprefix("/")
    if not path or path.endswith("/"):
        return path + "index.html"
    return f"{path}.html" if is_bare(path) else path


def named_file(path: str) -> str:
    """Return the file below the output folder whose name is the end of a path, as a feed's is."""
    return unquote(path).removeprefix("/")


def files_for(path: str) -> tuple[str, ...]:
    """Return the pages below the output folder of which a host may take any for a path."""
    file = output_path(path)
    return (file, output_path(f"{path}/")) if is_bare(path) else (file,)


def answered_by(path: str, bare: bool = False) -> str:
    """Return the path that an output file answers for, percent-encoded: what `output_path` undoes.

    `bare`: without its ending.
    """
    folder, slash, name = path.rpartition("/")
    if bare:
        return "/" + file_path(posixpath.splitext(path)[0])
    return "/" + file_path(folder + slash if name == "index.html" else path)


def is_too_long(path: str) -> bool:
    """Return whether no disk could hold the file that answers for a path of the site."""
    if len(path) < _SHORT:
        return False
    return any(
        len(file.encode()) > _LONGEST_PATH
        or any(len(name.encode()) > _LONGEST_NAME for name in file.split("/"))
        for file in files_for(path)
    )


def folders_of(path: str) -> list[str]:
    """Return every folder above an output path, the highest first."""
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]


def chapters_below(page: str) -> str:
    """Return where the file stands that tells of the recording's chapters of the page at a path."""
    if page.endswith("/"):
        return f"{page}chapters.json"
    stem, ending = posixpath.splitext(page)
    return f"{stem if _HTML.fullmatch(ending) else page}.chapters.json"


def card_of(page: str) -> str:
    """Return where the share card stands of the page at a path."""
    return f"/{CARDS}{page if page != '/' else '/index'}".rstrip("/") + ".png"


CARDS = "cards"
"""The folder of the site that share cards are in."""


def numbered(path: str, page: int) -> str:
    """Return the path of a listing's page: its own for 1, `page/N/` below it for others."""
    return path if page == 1 else f"{path}page/{page}/"


class Paths(NamedTuple):
    """Where a site has the pages and feeds that are made for it, each path percent-encoded.

    `tags`, `authors` and `archive` end with a slash: below them stand the pages of each; so does
    `front`, the front page's.
    """

    tags: str
    authors: str
    archive: str
    feed: str
    rss: str
    json: str
    podcast: str
    sitemap: str
    news_sitemap: str
    front: str = "/"

    def tag(self, slug: str) -> str:
        return f"{self.tags}{slug}/"

    def month(self, month: str) -> str:
        """Return the path of a month such as "2026/03"."""
        return f"{self.archive}{month}/"

    def year(self, year: str) -> str:
        return f"{self.archive}{year}/"

    def feed_below(self, page: str) -> str:
        """Return the path of the feed of a page at this path: of the site's Atom feed's name."""
        return page + posixpath.basename(self.feed)

    def part_of_sitemap(self, number: int) -> str:
        """Return the path of one of several sitemaps, counted from 1."""
        stem, ending = posixpath.splitext(self.sitemap)
        return f"{stem}-{number}{ending}"


def is_web_address(url: str) -> bool:
    """Return whether an address is a whole one of the web: http or https, a host, nothing odd."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    whole = parts.scheme in ("http", "https") and bool(parts.hostname)
    return whole and not set(url) & set(' \t\r\n<>"\\')


def is_placeholder(url: str) -> bool:
    """Return whether a whole address is one of those that RFC 2606 keeps for examples in manuals.

    The names that it keeps for tests (`.example`, `.test`, `localhost`) are none: nobody writes
    them by oversight, and rehearsals use them.
    """
    named = unicodedata.normalize("NFKC", _decoded(urlsplit(url).hostname or ""))
    host = re.sub("[\u3002\uff0e\uff61]", ".", named).casefold().rstrip(".")  # as browsers read it
    return f".{host}".endswith((".example.com", ".example.net", ".example.org"))


def is_iri(text: str) -> bool:
    """Return whether a text can be an id of a feed: an absolute IRI (RFC 4287, 4.2.6).

    Of those with a known scheme more is asked: RFC 4151 tells what a `tag:` is, RFC 8141 a `urn:`.
    """
    if not _IRI.fullmatch(text) or not text.isprintable():
        return False
    scheme = text.partition(":")[0].lower()
    if scheme in ("http", "https"):
        return is_web_address(text)
    return scheme not in _IDS or bool(_IDS[scheme].match(text))


def composed(name: str) -> str:
    """Return a name in the one Unicode form (NFC) for all ways to write it, such as é."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def in_one_form(path: str) -> str:
    """Return a path with its letters in one Unicode form (NFC), encoded or not."""
    if path.isascii() and "%" not in path:
        return path
    plain = unquote(path)
    return path if composed(plain) == plain else file_path(composed(plain))


def own_address(url: str, site: str) -> str:
    """Return the path of a whole address that is the site's own; "" if it is none.

    `site` is the address of the site.
    """
    try:
        here, there = urlsplit(site), urlsplit(url)
        is_own = bool(there.hostname) and _host(there.hostname) == _host(here.hostname)
    except ValueError:
        return ""
    base, path = f"{here.path.rstrip('/')}/", there.path or "/"
    return f"/{path.removeprefix(base).lstrip('/')}" if is_own else ""


def _host(name: str | None) -> str:
    return (name or "").removeprefix("www.")


def is_elsewhere(url: str) -> bool:
    """Return whether an address leads out of the site or is no file at all (`mailto:`)."""
    return url.startswith("//") or bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", url))


def is_code(address: str, as_media: bool = False) -> bool:
    """Return whether browsers take an address for a script or document, and not for a place.

    As they read it: without line breaks and tabs. `as_media`: for a picture, film or sound, the
    whole of which may stand in a `data:` address.
    """
    plain = BREAKS.sub("", address).lstrip(BLANKS).lower()
    if as_media and plain.startswith(_MEDIA):
        return False
    return plain.startswith(("javascript:", "vbscript:", "data:"))


BREAKS = re.compile("[\t\r\n]")
"""What browsers drop from an address, wherever it stands."""
BLANKS = "".join(map(chr, range(33)))
"""What they drop from its ends."""
_MEDIA = ("data:image/", "data:audio/", "data:video/")


@lru_cache(maxsize=1 << 16)
def beside(path: str, name: str) -> str:
    """Return the content path that a relative one means, seen from the file at `path`.

    Starts with "../" when it leaves the content folder.
    """
    if name.startswith("/"):
        return posixpath.normpath(name.lstrip("/") or ".")
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
