"""The size of a picture, and what is wrong with one, as far as its bytes make that certain.

What comes in is a file; what goes out are its sides, and why no browser shows it. Of a format that
is not known here nothing is said.
"""

import posixpath
import re
import struct
from pathlib import Path
from typing import IO, NamedTuple
from xml.parsers import expat

from generator.errors import said


class Measured(NamedTuple):
    """The sides of a picture in pixels, 0 if they are not known; `flaw` is why it is broken."""

    width: int
    height: int
    flaw: str = ""


def measured(full: Path) -> Measured:
    """Measure the picture in a file, if it is one."""
    import imagesize  # slow to import, and a build of texts needs none of it

    try:
        width, height = map(round, imagesize.get(full))
    except Exception as error:  # whatever it stumbles over in a file that is broken
        return Measured(0, 0, said(error))
    if max(width, height) > _LARGEST:
        return Measured(0, 0, f"it is said to be {float(width):.6g} × {float(height):.6g} pixels")
    has_size = (width, height) != (-1, -1)
    return Measured(max(0, width), max(0, height), _flaw(full, has_size))


def is_raster(path: str) -> bool:
    """Return whether a file is a picture of pixels by its name, of a kind that cameras make too."""
    return posixpath.splitext(path)[1].lower() in _OF_CAMERAS


def read_focus(written: str) -> tuple[int, int] | None:
    """Return a point of a picture in per cent, of what is written as "60% 30%"; None for none."""
    found = _FOCUS.fullmatch(written.strip())
    return (int(found[1]), int(found[2])) if found else None


_FOCUS = re.compile(r"(100|\d\d?)\s*%\s+(100|\d\d?)\s*%", re.ASCII)


def _flaw(full: Path, has_size: bool) -> str:
    """Return what is wrong with the bytes of a file that is a picture by its name, or ""."""
    ending = full.suffix.lower()
    if ending != _DRAWING and ending not in _PIXELS:
        return ""
    with full.open("rb") as data:
        head = data.read(_HEAD)
        if not head:
            return "it is empty"
        if ending == _DRAWING:
            return "" if _may_be_svg(head) else "it is no SVG"
        if not _is_of_pixels(head):
            return "its bytes are not those of a picture"
        is_cut = (not has_size and head.startswith(_SIZED)) or _is_cut_png(data, head)
        return "it is cut off" if is_cut else ""


def _is_of_pixels(head: bytes) -> bool:
    """Return whether a file begins as some picture does: browsers do not go by its name."""
    return head.startswith(_SIGNATURES) or head[4:8] == b"ftyp" or head[8:12] == b"WEBP"


def _is_cut_png(data: IO[bytes], head: bytes) -> bool:
    """Return whether a PNG ends within one of its chunks (PNG specification, 5.3)."""
    if not head.startswith(_PNG):
        return False
    end, place = data.seek(0, 2), len(_PNG)
    while place + 8 <= end:
        data.seek(place)
        length, kind = struct.unpack(">I4s", data.read(8))
        if kind == b"IEND":
            return False
        place += 12 + length
    return place > end


def _may_be_svg(head: bytes) -> bool:
    """Return whether XML begins with an element `svg`, as far as that can be read."""
    parser, roots = expat.ParserCreate(), list[str]()
    parser.StartElementHandler = lambda name, _: roots.append(name)
    try:
        parser.Parse(head, len(head) < _HEAD)
    except (ValueError, LookupError):  # Python lacks its encoding, and browsers may have it
        return True
    except expat.ExpatError:
        return bool(roots) and _is_svg(roots[0])
    return not roots or _is_svg(roots[0])


def _is_svg(name: str) -> bool:
    return name.rpartition(":")[2] == "svg"


_LARGEST = 1_000_000
"""Pixels: no format but SVG has wider pictures, and no screen."""
_HEAD = 65_536
_DRAWING = ".svg"
_PIXELS = {".apng", ".avif", ".bmp", ".gif", ".ico", ".jfif", ".jpe", ".jpeg", ".jpg", ".png"} | {
    ".webp"
}
_OF_CAMERAS = (_PIXELS - {".ico"}) | {".heic", ".heif", ".tif", ".tiff"}
_PNG = b"\x89PNG\r\n\x1a\n"
_SIZED = _PNG, b"\xff\xd8\xff", b"GIF87a", b"GIF89a"
"""The formats that are sure to be measured, if they hold their size."""
_SIGNATURES = (
    *_SIZED,
    *(b"BM", b"\0\0\1\0", b"\0\0\2\0", b"II*\0", b"MM\0*"),
    *(b"\xff\x0a", b"\0\0\0\x0cJXL ", b"\0\0\0\x0cjP  "),
)
"""How pictures begin that some browser shows: of Windows, TIFF, JPEG XL and JPEG 2000 too."""
