"""A WebP without what is not needed to show it (RFC 9649, 2)."""

import struct
from collections.abc import Iterator

from generator.pictures.profiles import bare
from generator.pictures.stripped.reading import Reader, not_in_order


def stripped_webp(data: bytes, xmp: bytes) -> bytes:
    """Return a WebP that holds its pixels, what their colours mean, and this XMP, b"" for none.

    One that moves still does. The simple form has no room for a profile or XMP, nor had any.
    """
    file = Reader(data)
    if file.take(4) != b"RIFF":
        raise not_in_order("it does not begin as a WebP")
    inside = Reader(file.take(_little(file.take(4))))
    if inside.take(4) != b"WEBP":
        raise not_in_order("it does not begin as a WebP")
    chunks = [part for kind, body in _chunks(inside) if (part := _kept(kind, body))]
    if chunks and chunks[0][0] == b"VP8X":
        chunks = _extended(chunks, xmp)
    body = b"WEBP" + b"".join(_chunk(*one) for one in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


Chunk = tuple[bytes, bytes]


def _chunks(data: Reader) -> Iterator[Chunk]:
    """Yield name and body of each chunk, of which each has an even length."""
    while not data.is_at_end:
        kind = data.take(4)
        length = _little(data.take(4))
        yield kind, data.take(length)
        data.place += length % 2


def _kept(kind: bytes, body: bytes) -> Chunk | None:
    """Return a chunk as it is kept, if it is one of the picture."""
    if kind == b"ANMF":
        inside = Reader(body)
        head = inside.take(16)
        parts = [_chunk(name, part) for name, part in _chunks(inside) if name in _OF_FRAME]
        return kind, head + b"".join(parts)
    if kind == b"ICCP":
        profile = bare(body)
        return (kind, profile) if profile else None
    return (kind, body) if kind in _OF_PICTURE else None


def _extended(chunks: list[Chunk], xmp: bytes) -> list[Chunk]:
    """Return the chunks of the extended form, the first of which tells what others there are."""
    (kind, head), *others = chunks
    if len(head) < 10:
        raise not_in_order("its head is too short")
    has_profile = any(name == b"ICCP" for name, _ in others)
    flags = head[0] & (_ALPHA | _MOVES) | _PROFILE * has_profile | _XMP * bool(xmp)
    about = [(b"XMP ", xmp)] if xmp else []
    return [(kind, bytes([flags, 0, 0, 0]) + head[4:10]), *others, *about]


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def _little(number: bytes) -> int:
    return int.from_bytes(number, "little")


_MOVES, _XMP, _ALPHA, _PROFILE = 0x02, 0x04, 0x10, 0x20
_OF_FRAME = {b"ALPH", b"VP8 ", b"VP8L"}
_OF_PICTURE = {b"VP8X", b"ANIM", *_OF_FRAME}
