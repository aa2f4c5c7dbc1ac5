"""Fonts as a site has them: WOFF2 files, of tables made up or of a real font's."""

import struct

import brotli

_KNOWN = {b"name": 5, b"OS/2": 6, b"glyf": 10, b"loca": 11, b"fvar": 47}


def font(
    family: str = "",
    weight: int = 400,
    *,
    italic: bool = False,
    weights: tuple[int, int] | None = None,
    of: bytes = b"",
) -> bytes:
    """A WOFF2 font of a family and style; its letters are those `of` a TrueType font, if any.

    With a range of `weights` it says that they vary.
    """
    tables = _tables(of) if of else {}
    os2 = bytearray(tables.get(b"OS/2", bytes(96)))
    struct.pack_into(">H", os2, 4, weight)
    struct.pack_into(">H", os2, 62, 1 if italic else 64)
    tables |= {b"OS/2": bytes(os2)}
    if family:
        tables |= {b"name": _name(family)}
    if weights:
        tables |= {b"fvar": _fvar(*weights)}
    return woff2(tables)


def woff2(tables: dict[bytes, bytes]) -> bytes:
    """Tables by tag, packed as WOFF2 has it, none of them in a way of its own."""
    directory = b""
    for tag, data in tables.items():
        number = _KNOWN.get(tag, 63)
        as_is = 0xC0 if tag in (b"glyf", b"loca") else 0
        directory += bytes([number | as_is]) + (tag if number == 63 else b"") + _base128(len(data))
    packed: bytes = brotli.compress(b"".join(tables.values()))
    sfnt = 12 + sum(16 + (len(data) + 3) // 4 * 4 for data in tables.values())
    length = -(-(48 + len(directory) + len(packed)) // 4) * 4
    head = struct.pack(">4sIIHHII", b"wOF2", 0x10000, length, len(tables), 0, sfnt, len(packed))
    return (head.ljust(48, b"\0") + directory + packed).ljust(length, b"\0")


def _base128(number: int) -> bytes:
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))


def _tables(ttf: bytes) -> dict[bytes, bytes]:
    number = int.from_bytes(ttf[4:6])
    rows = [struct.unpack_from(">4s3I", ttf, 12 + 16 * row) for row in range(number)]
    return {tag: ttf[offset : offset + length] for tag, _, offset, length in rows}


def _name(family: str) -> bytes:
    text = family.encode("utf-16-be")
    return struct.pack(">9H", 0, 1, 18, 3, 1, 0x409, 1, len(text), 0) + text


def _fvar(least: int, most: int) -> bytes:
    axes = ((b"opsz", 8, 8, 72), (b"wght", least, 400, most))
    rows = (struct.pack(">4s3i2H", tag, *(n << 16 for n in sizes), 0, 256) for tag, *sizes in axes)
    return (
        struct.pack(">2I4H", 0x10000, 0x100002, 2, 20, 0, 8)[:4]
        + struct.pack(">6H", 16, 2, len(axes), 20, 0, 12)
        + b"".join(rows)
    )
