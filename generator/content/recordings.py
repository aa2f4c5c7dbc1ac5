"""How long a recording is, and the chapters that a file tells of, as far as its bytes say.

What comes in is a file; what goes out are whole seconds, 0 for what is no recording that can be
measured, and the chapters of a JSON file (Podcasting 2.0, "JSON Chapters Format" 1.2).
"""

from pathlib import Path

import msgspec

from generator.durations import LONGEST
from generator.model import Chapter
from generator.schema import BLANKS, CONTROL


def length_of(full: Path) -> int:
    """Return the seconds of the recording in a file: 0 if it is none, or is broken."""
    if full.suffix.lower() not in _RECORDINGS:
        return 0
    from tinytag import TinyTag  # few sites have a recording

    try:
        with full.open("rb") as data:  # by its bytes: no search in what is none by them
            found = TinyTag.get(file_obj=data, tags=False).duration or 0.0
    except Exception:  # whatever it stumbles over in a file that is broken
        return 0
    return max(1, round(found)) if 0 < found <= LONGEST else 0


def chapters_in(full: Path) -> tuple[Chapter, ...]:
    """Return the chapters that a file tells of, in their order; () if it is no such file."""
    if full.suffix.lower() != ".json" or full.stat().st_size > _MOST_BYTES:
        return ()
    data = full.read_bytes()
    if b'"chapters"' not in data:
        return ()
    try:
        written = _DECODER.decode(data).chapters
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ()
    shown = (one for one in written if one.toc and 0 <= one.start <= LONGEST)
    made = (Chapter(int(one.start), _plain(one.title)) for one in shown)
    return tuple(sorted(made, key=lambda chapter: chapter.start))[:_MOST]


class _Written(msgspec.Struct, frozen=True):
    """A chapter as the file has it: `toc` false says that no list shows it."""

    start: float = msgspec.field(name="startTime")
    title: str = ""
    toc: bool = True


class _File(msgspec.Struct, frozen=True):
    chapters: list[_Written]


def _plain(title: str) -> str:
    """Return a title in one line, without what no page could carry."""
    return BLANKS.sub(" ", CONTROL.sub("", title)).strip()


_DECODER = msgspec.json.Decoder(_File)
_MOST_BYTES, _MOST = 1_000_000, 1_000
"""Bytes of a file of chapters, and chapters in it."""
_RECORDINGS = {".aif", ".aiff", ".flac", ".m4a", ".m4b", ".m4v", ".mp3", ".mp4"} | {
    *(".oga", ".ogg", ".ogv", ".opus", ".wav")
}
"""How the names of recordings end that can be measured, those of films among them."""
