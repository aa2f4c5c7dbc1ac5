"""What a host is to say of each file: its type, how long it may be kept, how it is encoded."""

import mimetypes
import posixpath
from collections.abc import Mapping
from fnmatch import fnmatchcase

import msgspec

from generator.output.inventory import Item, Kind
from generator.urls import feed_of


class Headers(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a host is to say of a file. `location`: where a redirect leads, a whole address.

    The file is compressed on its way, unless it `is_stored` in that `encoding` already.
    """

    content_type: str = ""
    cache_control: str = ""
    encoding: str = ""
    location: str = ""
    is_stored: bool = False


FOREVER = "public, max-age=31536000, immutable"
SHORT = "public, max-age=300"
LONGER = "public, max-age=86400"
_KEPT: Mapping[Kind, str] = {"asset": FOREVER, "file": LONGER}

_TYPES: Mapping[str, str] = {
    ".atom": "application/atom+xml",
    ".avif": "image/avif",
    ".css": "text/css",
    ".htm": "text/html",
    ".html": "text/html",
    ".ico": "image/vnd.microsoft.icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".markdown": "text/markdown",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
"""The registered types, whatever the machine's own tables say."""
_PACKED: Mapping[str, str] = {
    ".7z": "application/x-7z-compressed",
    ".br": "application/x-brotli",
    ".bz2": "application/x-bzip2",
    ".gz": "application/gzip",
    ".lz": "application/x-lzip",
    ".lz4": "application/x-lz4",
    ".lzma": "application/x-lzma",
    ".rar": "application/vnd.rar",
    ".tbz": "application/x-bzip2",
    ".tbz2": "application/x-bzip2",
    ".tgz": "application/gzip",
    ".tlz": "application/x-lzma",
    ".txz": "application/x-xz",
    ".tzst": "application/zstd",
    ".xz": "application/x-xz",
    ".z": "application/x-compress",
    ".zip": "application/zip",
    ".zst": "application/zstd",
}
"""Of files that are compressed, whatever is in them: gzip by RFC 6713, Zstandard by RFC 8878."""
_ENCODED: Mapping[str, str] = {".svgz": "image/svg+xml"}
"""Of those that browsers show only when they are told that what they get is gzipped."""
FEEDS: Mapping[str, str] = {
    "feed.xml": "application/atom+xml",
    "rss.xml": "application/rss+xml",
    "feed.json": "application/feed+json",
}
"""By the names of the layouts that make them."""
_UNKNOWN = "application/octet-stream"
_TEXT = ("application/json", "application/xml", "image/svg+xml", "text/")
_ENDINGS_OF_TEXT = ("+json", "+xml")


def headers_of(
    path: str, item: Item, cache: Mapping[str, str], encoding: str, redirects: bool
) -> Headers:
    """The headers of an output.

    `cache` are the settings for files that match a pattern; `encoding` is the one in which
    texts are stored, "" for none. With `redirects` the host itself is to lead on.
    """
    kind, stored = content_type(path, item.kind), stored_encoding(path)
    return Headers(
        content_type=with_charset(kind),
        cache_control=_own(path, cache) or _KEPT.get(item.kind, SHORT),
        encoding=stored or (encoding if is_text(kind) else ""),
        location=item.leads if redirects else "",
        is_stored=bool(stored),
    )


def content_type(path: str, kind: Kind) -> str:
    """The media type of an output, without parameters."""
    if kind == "feed":
        return FEEDS[feed_of(path)]
    if kind == "redirect":
        return "text/html"
    ending = _ending(path)
    known = _TYPES.get(ending) or _PACKED.get(ending) or _ENCODED.get(ending)
    if known:
        return known
    guessed, packed = mimetypes.guess_type(posixpath.basename(path))
    return _UNKNOWN if packed or not guessed else guessed


def stored_encoding(path: str) -> str:
    """Return the encoding that a file has by its name and that readers must be told; "" if none."""
    return "gzip" if _ending(path) in _ENCODED else ""


def is_packed(path: str) -> bool:
    """Return whether a file is compressed by its name: what arrives of it is never unpacked."""
    return _ending(path) in _PACKED or _ending(path) in _ENCODED


def with_charset(media_type: str) -> str:
    """Return a media type, with the charset where it is one of texts."""
    return f"{media_type}; charset=utf-8" if is_text(media_type) else media_type


def is_mistyped(path: str, kind: Kind) -> bool:
    """Whether a host that goes by names alone calls a feed HTML."""
    return kind == "feed" and content_type(path, "file") == "text/html"


def is_text(media_type: str) -> bool:
    """Whether a file of this type is text, which a charset tells of and which shrinks."""
    return media_type.startswith(_TEXT) or media_type.endswith(_ENDINGS_OF_TEXT)


def _ending(path: str) -> str:
    return posixpath.splitext(path)[1].lower()


def _own(path: str, cache: Mapping[str, str]) -> str:
    """What the settings say of a path: the first pattern that matches it, or its name, counts."""
    if not cache:
        return ""
    name = posixpath.basename(path)
    matches = (v for p, v in cache.items() if fnmatchcase(path, p) or fnmatchcase(name, p))
    return next(matches, "")
