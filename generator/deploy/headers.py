"""What a host is to say of each file: its type, how long it may be kept, how it is encoded."""

import mimetypes
import posixpath
from collections.abc import Mapping
from fnmatch import fnmatchcase

from generator.deploy.target import Headers
from generator.keep.inventory import Item, Kind
from generator.urls import feed_of

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
_FEEDS: Mapping[str, str] = {
    "feed.xml": "application/atom+xml",
    "rss.xml": "application/rss+xml",
    "feed.json": "application/feed+json",
}
_TEXT = ("application/json", "application/xml", "image/svg+xml", "text/")
_ENDINGS_OF_TEXT = ("+json", "+xml")


def headers_of(
    path: str, item: Item, cache: Mapping[str, str], encoding: str, redirects: bool
) -> Headers:
    """The headers of an output.

    `cache` are the settings for files that match a pattern; `encoding` is the one in which
    texts are stored, "" for none. With `redirects` the host itself is to lead on.
    """
    kind = content_type(path, item.kind)
    return Headers(
        content_type=f"{kind}; charset=utf-8" if is_text(kind) else kind,
        cache_control=_own(path, cache) or _KEPT.get(item.kind, SHORT),
        encoding=encoding if is_text(kind) else "",
        location=item.leads if redirects else "",
    )


def content_type(path: str, kind: Kind) -> str:
    """The media type of an output, without parameters."""
    if kind == "feed":
        return _FEEDS[feed_of(path)]
    if kind == "redirect":
        return "text/html"
    ending = posixpath.splitext(path)[1].lower()
    return _TYPES.get(ending) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def is_mistyped(path: str, kind: Kind) -> bool:
    """Whether a host that goes by names alone calls a feed HTML."""
    return kind == "feed" and content_type(path, "file") == "text/html"


def is_text(media_type: str) -> bool:
    """Whether a file of this type is text, which a charset tells of and which shrinks."""
    return media_type.startswith(_TEXT) or media_type.endswith(_ENDINGS_OF_TEXT)


def _own(path: str, cache: Mapping[str, str]) -> str:
    """What the settings say of a path: the first pattern that matches it, or its name, counts."""
    if not cache:
        return ""
    name = posixpath.basename(path)
    matches = (v for p, v in cache.items() if fnmatchcase(path, p) or fnmatchcase(name, p))
    return next(matches, "")
