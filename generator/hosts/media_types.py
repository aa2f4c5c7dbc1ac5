"""The media types of outputs: the one place that knows them.

In come a path and a kind of output; out goes its registered type, and whether that is text, is
compressed, or is taken for another by hosts.
"""

import mimetypes
import posixpath
from collections.abc import Mapping

from generator.kinds import PageKind

_TYPES: Mapping[str, str] = {
    ".aac": "audio/aac",
    ".atom": "application/atom+xml",
    ".avif": "image/avif",
    ".css": "text/css",
    ".flac": "audio/flac",
    ".htm": "text/html",
    ".html": "text/html",
    ".ico": "image/vnd.microsoft.icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".m4a": "audio/mp4",
    ".m4b": "audio/mp4",
    ".m4v": "video/mp4",
    ".map": "application/json",
    ".markdown": "text/markdown",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".ogv": "video/ogg",
    ".opus": "audio/ogg",
    ".srt": "application/x-subrip",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".vtt": "text/vtt",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
    ".weba": "audio/webm",
    ".webm": "video/webm",
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
_UNKNOWN = "application/octet-stream"
_TEXT = ("application/json", "application/xml", "image/svg+xml", "text/")
_ENDINGS_OF_TEXT = ("+json", "+xml")


def media_type(path: str, kind: PageKind) -> str:
    """Return the media type of an output, without parameters."""
    return kind.traits.media_type or by_name(path)


def by_name(path: str) -> str:
    """Return the media type that the ending of a file's name tells, without parameters."""
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


def is_mistyped(path: str, kind: PageKind) -> bool:
    """Return whether a host that goes by names alone calls a feed HTML."""
    return bool(kind.traits.feed_of) and by_name(path) == "text/html"


def is_text(media_type: str) -> bool:
    """Return whether a file of this type is text, which a charset tells of and which shrinks."""
    return media_type.startswith(_TEXT) or media_type.endswith(_ENDINGS_OF_TEXT)


def _ending(path: str) -> str:
    return posixpath.splitext(path)[1].lower()
