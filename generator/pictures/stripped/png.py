"""A PNG without what is not needed to show it (PNG specification, third edition, 5 and 11)."""

import struct
import zlib
from collections.abc import Iterator

from generator.pictures.profiles import bare
from generator.pictures.stripped.reading import Reader, not_in_order


def stripped_png(data: bytes, xmp: bytes) -> bytes:
    """Return a PNG that holds its pixels, what their colours mean, and this XMP, b"" for none.

    One that moves still does. What stands behind its end goes.
    """
    parts = [_SIGNATURE]
    for kind, body in _chunks(Reader(data)):
        if kind == b"iCCP":
            parts.append(_colours(body))
        elif kind in _OF_PICTURE:
            parts.append(_chunk(kind, body))
        if kind == b"IHDR" and xmp:
            parts.append(_chunk(b"iTXt", b"XML:com.adobe.xmp" + bytes(5) + xmp))
    return b"".join(parts)


def _chunks(data: Reader) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and body of each chunk, up to the one that ends the picture."""
    if data.take(8) != _SIGNATURE:
        raise not_in_order("it does not begin as a PNG")
    kind = b""
    while kind != b"IEND":
        length = data.number(4)
        kind, body, check = data.take(4), data.take(length), data.number(4)
        if check != zlib.crc32(kind + body):
            raise not_in_order("a part of it has changed")
        yield kind, body


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _colours(body: bytes) -> bytes:
    """Return the chunk of a bare profile, without the name that it has in the file."""
    inflater = zlib.decompressobj()
    try:
        profile = inflater.decompress(body.partition(b"\0")[2][1:], _MOST)
    except zlib.error:
        return b""
    kept = bare(profile) if inflater.eof else b""
    return _chunk(b"iCCP", b"-\0\0" + zlib.compress(kept, 9)) if kept else b""


_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST = 16_000_000
_OF_PICTURE = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"bKGD", b"pHYs", b"sBIT"),
    *(b"sRGB", b"gAMA", b"cHRM", b"cICP", b"mDCV", b"cLLI"),
    *(b"acTL", b"fcTL", b"fdAT"),
}
