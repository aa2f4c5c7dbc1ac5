"""Marks of files at a server: size and moment of change, as exactly as the server tells it.

One that tells nanoseconds is asked by its `find` or `stat`, "1234 1795356627.568890043"; any
other by rsync, which knows seconds: "1234 2026/11/22 14:10:27". Manifests of earlier editions
hold the second kind throughout.
"""

import re
import time
from collections.abc import Mapping

from msgspec.structs import replace

from generator.deploy.manifest import Entry, decoded, encoded

_FINE = re.compile(r"(\d+) (-?\d+)\.\d{9}")


def fine_mark(size: str, moment: str) -> str:
    """Return a mark of a size in bytes, and of the seconds since 1970 with their decimals."""
    seconds, _, decimals = moment.partition(".")
    return f"{size} {seconds}.{decimals[:9]:0<9}"


def coarse(mark: str) -> str:
    """Return a mark with seconds only, as rsync tells it."""
    match = _FINE.fullmatch(mark)
    if match is None:
        return mark
    try:
        moment = time.gmtime(int(match[2]))
    except (OverflowError, OSError, ValueError):  # no file is so old, or will be
        return mark
    return f"{match[1]} {time.strftime('%Y/%m/%d %H:%M:%S', moment)}"


def is_fine(mark: str) -> bool:
    return _FINE.fullmatch(mark) is not None


def has_others(manifest: bytes, *, fine: bool) -> bool:
    """Return whether a manifest holds marks of the other kind than the server tells now."""
    known = decoded(manifest)
    return known is not None and any(
        e.mark and is_fine(e.mark) != fine for e in known.files.values()
    )


def refitted(manifest: bytes, listing: Mapping[str, str]) -> bytes:
    """Return a manifest with the marks that are listed now, where they and those of the other kind
    agree to the second: nobody has touched such a file, and it need not be sent again.
    """
    known = decoded(manifest)
    if known is None:
        return manifest
    files = {path: _refitted(entry, listing.get(path)) for path, entry in known.files.items()}
    return encoded(replace(known, files=files))


def _refitted(entry: Entry, mark: str | None) -> Entry:
    if not mark or is_fine(entry.mark) == is_fine(mark) or coarse(entry.mark) != coarse(mark):
        return entry
    return replace(entry, mark=mark)
