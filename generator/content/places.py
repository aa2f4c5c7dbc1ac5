"""What a file says or does that its editor may not know: code in a drawing, a place in a film.

In comes a file that is published as it is; out go words for a warning.
"""

from collections.abc import Iterator
from pathlib import Path


def doubts_of(full: Path) -> Iterator[str]:
    """Yield why a drawing, a film or a document may do more than be seen."""
    ending = full.suffix.lower()
    if ending == ".svg":
        from generator.pictures.drawings import svg_flaws

        flaws = svg_flaws(full.read_bytes())
        yield from flaws if not any(map(_is_unreadable, flaws)) else ()
    elif ending in _WITH_PLACES and _says_a_place(full):
        yield "it says where it was made"


def _is_unreadable(flaw: str) -> bool:
    """Return whether no browser shows a drawing, so that it does nothing, as is told elsewhere."""
    return flaw.startswith("it is no ")


def _says_a_place(full: Path) -> bool:
    """Return whether the metadata of a film or document, at its beginning or end, has a position.

    Films: QuickTime File Format, "User data" and "Metadata"; documents: XMP with EXIF in it.
    """
    with full.open("rb") as data:
        found = data.read(_ENOUGH)
        size = full.stat().st_size
        if size > _ENOUGH:
            data.seek(max(_ENOUGH, size - _ENOUGH))
            found += data.read(_ENOUGH)
    return any(sign in found for sign in _SIGNS)


_WITH_PLACES = {".3gp", ".m4a", ".m4v", ".mov", ".mp4", ".pdf"}
_SIGNS = (b"\xa9xyz", b"com.apple.quicktime.location", b"GPSLatitude")
_ENOUGH = 4_000_000
"""Bytes at either end of a file that are looked at: metadata stand there."""
