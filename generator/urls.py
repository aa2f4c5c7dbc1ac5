"""The only place where slugs, URLs and output paths are made.

A *path* here is the address of a page from the site's own root: it starts with "/"
and does not know where the site lives. `Addresses` puts that in front.
"""

import posixpath
import re
import unicodedata
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

import msgspec
from slugify import slugify as transliterate

_ABBREVIATION = re.compile(r"\b(?:\w\.){2,}(?:\w\b)?")
_PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_SLUG = re.compile(r"[A-Za-z0-9_~][A-Za-z0-9._~-]*")
_PLACEHOLDERS = {"year", "month", "day", "slug"}
_LEADING_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}[-_ ](?=.)")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


class Addresses(msgspec.Struct, frozen=True):
    """Where the site lives: `origin` such as https://example.org, `base` such as /news/."""

    origin: str
    base: str

    @classmethod
    def of(cls, url: str) -> "Addresses":
        parts = urlsplit(url)
        base = quote(f"/{parts.path.strip('/')}/".replace("//", "/"), safe="/%:@!$&'()*+,;=-._~")
        return cls(f"{parts.scheme}://{parts.netloc}", base)

    def href(self, path: str) -> str:
        """The address of a site's path, as pages link it: under the base, percent-encoded.

        What is encoded already stays so, a lone "%" does not; "?" and "#" begin a query and a
        fragment.
        """
        if "%" in path:
            path = _LONE_PERCENT.sub("%25", path)
        return self.base + quote(path.removeprefix("/"), safe="/:@!$&'()*+,;=-._~?#%")

    def absolute(self, url: str) -> str:
        """A whole address for what `href` returned; whole addresses pass through."""
        if url.startswith("//"):
            return self.origin.partition("//")[0] + url
        return self.origin + url if url.startswith("/") else url


@lru_cache(maxsize=65_536)
def slugify(text: str) -> str:
    """Text as part of an address: "A.I." and "AI" are both "ai"; "C++" is "c-plus-plus".

    Empty when the text holds no letter or digit.
    """
    if _PLAIN.fullmatch(text):  # most are slugs already
        return text
    text = _ABBREVIATION.sub(lambda m: m[0].replace(".", ""), text)
    text = re.sub("['\u2018\u2019\u02bc]", "", text)
    return transliterate(text, replacements=[("+", "-plus-"), ("#", "-sharp-")])


def is_slug(text: str) -> bool:
    """Whether a slug can stand in an address, and name a folder, as it is."""
    return bool(_SLUG.fullmatch(text)) and ".." not in text and len(text) <= 200


def slug_of_file(path: str) -> str:
    """The slug that a content file's path gives: its name without ending and leading date.

    For `index.md` it is the folder's name.
    """
    folder, name = posixpath.split(posixpath.splitext(path)[0])
    return slugify(_LEADING_DATE.sub("", posixpath.basename(folder) if name == "index" else name))


def bad_permalink(pattern: str) -> str:
    """What is wrong with a permalink setting, or an empty string."""
    names = set(re.findall(r"\{(.*?)\}", pattern))
    if unknown := sorted(names - _PLACEHOLDERS):
        return f"unknown placeholder {{{unknown[0]}}}"
    if "slug" not in names:
        return "it has no {slug}"
    if "{" in re.sub(r"\{\w+\}", "", pattern) or "}" in re.sub(r"\{\w+\}", "", pattern):
        return "its braces do not match"
    if not pattern.startswith("/") or not pattern.endswith(("/", ".html")):
        return 'it must start with "/" and end with "/" or ".html"'
    return bad_path(re.sub(r"[{}]", "", pattern))


def permalink(pattern: str, date: datetime, slug: str) -> str:
    """An article's path; year, month and day are the date's in its own zone."""
    return pattern.format(
        year=f"{date.year:04}", month=f"{date.month:02}", day=f"{date.day:02}", slug=slug
    )


def bad_path(path: str) -> str:
    """Why a path may not be an address of this site, or an empty string."""
    path = unquote(path)
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


def file_path(name: str) -> str:
    """The path of a file that is published under its own name, percent-encoded."""
    return quote(name, safe="/!$&'()*+,;=:@-._~")


def output_path(path: str) -> str:
    """The file below the output folder that answers for a path."""
    path = unquote(path).removeprefix("/")
    if not path or path.endswith("/"):
        return path + "index.html"
    return path if "." in posixpath.basename(path) else path + "/index.html"


def answered_by(path: str) -> str:
    """The path that an output file answers for, percent-encoded: what `output_path` undoes."""
    folder, slash, name = path.rpartition("/")
    return "/" + file_path(folder + slash if name == "index.html" else path)


def folders_of(path: str) -> list[str]:
    """Every folder above an output path, the highest first."""
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]


def numbered(path: str, page: int) -> str:
    """The path of a listing's page: the listing's own for 1, `page/N/` below it for others."""
    return path if page == 1 else f"{path}page/{page}/"


def tag_path(slug: str) -> str:
    return f"/tags/{slug}/"


def author_path(slug: str) -> str:
    return f"/authors/{slug}/"


def month_path(month: str) -> str:
    """The path of a month such as "2026/03"."""
    return f"/archive/{month}/"


def year_path(year: str) -> str:
    return f"/archive/{year}/"


def page_path(path: str, slug: str) -> str:
    """The path of a page: its place below `content/pages/`, its name replaced by the slug."""
    folders = posixpath.splitext(path)[0].split("/")[1:-1]
    if posixpath.basename(path) == "index.md" and folders:
        folders = folders[:-1]
    return "/" + "/".join([*map(slugify, folders), slug]) + "/"


def is_web_address(url: str) -> bool:
    """Whether an address is a whole one of the web: http or https, a host, nothing odd in it."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    whole = parts.scheme in ("http", "https") and bool(parts.hostname)
    return whole and not set(url) & set(' \t\r\n<>"\\')


def composed(name: str) -> str:
    """A name in the one Unicode form (NFC) for all ways to write it: é as one sign or as two."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def is_elsewhere(url: str) -> bool:
    """Whether an address leads out of the site or is no file at all (`mailto:`)."""
    return url.startswith("//") or bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", url))


@lru_cache(maxsize=1 << 16)
def beside(path: str, name: str) -> str:
    """The content path that a relative one means, seen from the file at `path`.

    Starts with "../" when it leaves the content folder.
    """
    if name.startswith("/"):
        return posixpath.normpath(name.lstrip("/") or ".")
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
