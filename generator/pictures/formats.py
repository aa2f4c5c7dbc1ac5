"""Formats of pictures, by the bytes of a file and never by its name.

In comes an open file; out goes what its first bytes say it is, and whether it is all there as far
as its parts tell. Nothing is decoded.
"""

from typing import IO, NamedTuple


class Sniffed(NamedTuple):
    """A file: its size in bytes, and its format, "" for none that is known here.

    `canvas` are the sides of one whose decoder makes room for all pixels as soon as it is opened.
    """

    size: int
    format: str
    is_cut_off: bool = False
    canvas: tuple[int, int] = (0, 0)


def sniffed(file: IO[bytes]) -> Sniffed:
    """Return what a file is, which is at its begin then."""
    head = file.read(_HEAD)
    size = file.seek(0, 2)
    try:
        if found := next((f for s, f in _SIGNATURES.items() if head.startswith(s)), ""):
            return Sniffed(size, found)
        if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
            return _webp(head, size)
        if head[4:8] == b"ftyp" and (found := _by_brand(head)):
            return Sniffed(size, found, _ends_within_a_box(file, size))
        return Sniffed(size, "")
    finally:
        file.seek(0)


_HEAD = 64
_SIGNATURES = {
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"II*\0": "tiff",
    b"MM\0*": "tiff",
    b"BM": "bmp",
}


def _webp(head: bytes, size: int) -> Sniffed:
    """Return what the head of a WebP says (RFC 9649, 2.4 and 2.7)."""
    is_cut_off = size < 8 + int.from_bytes(head[4:8], "little")
    canvas = 0, 0
    if head[12:16] == b"VP8X" and len(head) >= 30:
        canvas = _side(head[24:27]), _side(head[27:30])
    return Sniffed(size, "webp", is_cut_off, canvas)


def _side(number: bytes) -> int:
    return int.from_bytes(number, "little") + 1


def _by_brand(head: bytes) -> str:
    """Return the format of a file of boxes: the brand of its own goes before what it can be read
    as (ISO/IEC 14496-12, 4.3).
    """
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, length - 3, 4))]
    return next((_BRANDS[brand] for brand in brands if brand in _BRANDS), "")


_BRANDS = {b"avif": "avif", b"avis": "avif"} | dict.fromkeys(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"), "heic"
)


def _ends_within_a_box(file: IO[bytes], size: int) -> bool:
    """Return whether a box that holds the picture goes on beyond the end of a file.

    Boxes are walked (ISO/IEC 14496-12, 4.2) up to something that is none of them: telephones put
    things of their own behind.
    """
    place = 0
    for _ in range(_MOST_BOXES):
        file.seek(place)
        head = file.read(16)
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        length = int.from_bytes(head[8:], "big") if length == 1 else length
        if kind in _OF_PICTURE and place + length > size:
            return True
        if length < 8 or place + length >= size:
            return False
        place += length
    return False


_OF_PICTURE = b"ftyp", b"meta", b"moov", b"mdat"
_MOST_BOXES = 1000
