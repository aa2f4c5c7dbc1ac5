"""What a host is to say of each file: its type, how long it may be kept, how it is encoded.

In come an output's path and what it is to the newsroom; out go `Headers`.
"""

import posixpath
from collections.abc import Mapping
from fnmatch import fnmatchcase

import msgspec

from generator.hosts.media_types import is_text, media_type, stored_encoding, with_charset
from generator.kinds import Lifetime
from generator.output.inventory import Item


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
_CACHE_CONTROL: Mapping[Lifetime, str] = {
    "short": SHORT,
    "day": "public, max-age=86400",
    "forever": FOREVER,
}


def headers_of(
    path: str, item: Item, cache: Mapping[str, str], encoding: str, redirects: bool
) -> Headers:
    """Return the headers of an output.

    `cache` are the settings for files that match a pattern; `encoding` is the one in which
    texts are stored, "" for none. With `redirects` the host itself is to lead on.
    """
    own_type, stored = media_type(path, item.kind), stored_encoding(path)
    return Headers(
        content_type=with_charset(own_type),
        cache_control=_own(path, cache) or _CACHE_CONTROL[item.kind.traits.lifetime],
        encoding=stored or (encoding if is_text(own_type) else ""),
        location=item.leads if redirects else "",
        is_stored=bool(stored),
    )


def _own(path: str, cache: Mapping[str, str]) -> str:
    """Return what the settings say of a path: of patterns that fit it, or its name, the first."""
    if not cache:
        return ""
    name = posixpath.basename(path)
    matches = (v for p, v in cache.items() if fnmatchcase(path, p) or fnmatchcase(name, p))
    return next(matches, "")
