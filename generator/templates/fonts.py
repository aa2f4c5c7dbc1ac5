"""The fonts of a site's layouts: which families they are of, and their rules for a stylesheet.

What comes in are files of WOFF 2.0, https://www.w3.org/TR/WOFF2/; family, weight and slant are read
from the tables of each, https://learn.microsoft.com/typography/opentype/spec/.
"""

import re
import struct
from collections.abc import Iterator
from functools import partial
from posixpath import basename
from typing import NamedTuple

from generator.errors import InternalError


class NoFontError(InternalError):
    """A file is no WOFF2 font, or a broken one."""


class Font(NamedTuple):
    """A font in a file of the assets, by the `name` of that.

    `least` and `most` are the weights that it has, from 1 to 1000.
    """

    name: str
    family: str
    least: int
    most: int
    is_italic: bool

    def rule(self, family: str, address: str) -> str:
        """Return the rule that gives a family this font, whose file a stylesheet finds there."""
        weights = f"{self.least} {self.most}" if self.least < self.most else f"{self.least}"
        return (
            f'@font-face {{ font-family: "{family}"; src: url("{address}") format("woff2");'
            f" font-weight: {weights}; font-style: {'italic' if self.is_italic else 'normal'};"
            " font-display: swap; }"
        )


def read_font(name: str, data: bytes) -> Font:
    """Return the font that an asset of a name holds.

    One that does not say its family has it from its file: what comes before the first `-`, `_` or
    `[`. Raises `NoFontError` for anything but a font.
    """
    try:
        tables = _tables(data)
        family = _family(tables.get(_NAME, b"")) or re.split(r"[-_\[.]", basename(name))[0]
        weight, is_italic = _style(tables[_OS2])
        least, most = _weights(tables.get(_FVAR, b"")) or (weight, weight)
    except (struct.error, LookupError, UnicodeDecodeError) as error:
        raise NoFontError(name) from error
    return Font(name, family, least, most, is_italic)


def is_named(font: Font, name: str) -> bool:
    """Return whether a font is of the family of that name, however it is written.

    Some call each weight a family, such as "Open Sans SemiBold".
    """
    return _folded(name) in (_folded(font.family), _folded(_WEIGHT.sub("", font.family)))


def for_first_screen(fonts: list[Font]) -> list[Font]:
    """Return those of the fonts of a family that nearly every page needs at once.

    That are the upright ones for text and for headlines; the same one, if its weights vary.
    """
    upright = [font for font in fonts if not font.is_italic] or fonts
    wanted = [min(upright, key=partial(_distance, weight)) for weight in _USED if upright]
    return list(dict.fromkeys(wanted))


_WEIGHT = re.compile(
    " (?:thin|(?:(?:extra|ultra) ?)?light|medium|(?:(?:semi|demi|extra|ultra) ?)?bold|black"
    "|variable)$",
    re.IGNORECASE,
)
_USED = (400, 700)
"""The weights of text, and of headlines."""


def _distance(weight: int, font: Font) -> int:
    return max(font.least - weight, weight - font.most, 0)


def _folded(name: str) -> str:
    """Return what counts of a family's name."""
    return "".join(filter(str.isalnum, name.casefold()))


# --------------------------------------------------------------------------- tables

_NAME, _OS2, _GLYF, _LOCA, _FVAR, _OTHER = 5, 6, 10, 11, 47, 63
"""Tables, by their numbers in WOFF2; a table of another kind has its tag written out."""


def _tables(data: bytes) -> dict[int, bytes]:
    """Return the tables of a WOFF2 font by number; those that are packed in their own way too."""
    signature, flavor, _, number = struct.unpack_from(">4s4sIH", data)
    size = struct.unpack_from(">I", data, 20)[0]
    if signature != b"wOF2" or flavor == b"ttcf":
        raise KeyError(signature)
    place, lengths = 48, list[tuple[int, int]]()
    for _ in range(number):
        flags, place = data[place], place + 1
        kind, transform = flags & 0x3F, flags >> 6
        place += 4 if kind == _OTHER else 0
        length, place = _number(data, place)
        if (transform != 3) if kind in (_GLYF, _LOCA) else transform:
            length, place = _number(data, place)
        lengths.append((kind, length))
    return dict(_cut(_unpacked(data[place : place + size]), lengths))


def _unpacked(data: bytes) -> bytes:
    """Return what was packed; LookupError if it cannot be unpacked."""
    import brotli  # few sites have fonts

    try:
        return bytes(brotli.decompress(data))
    except brotli.error as error:
        raise LookupError from error


def _number(data: bytes, place: int) -> tuple[int, int]:
    """Return the number that begins at a place, in seven bits of each byte, and where it ends."""
    value = 0
    for end in range(place, place + 5):
        value = value << 7 | data[end] & 0x7F
        if data[end] < 0x80:
            return value, end + 1
    raise KeyError(place)


def _cut(packed: bytes, lengths: list[tuple[int, int]]) -> Iterator[tuple[int, bytes]]:
    begin = 0
    for kind, length in lengths:
        yield kind, packed[begin : begin + length]
        begin += length


def _style(os2: bytes) -> tuple[int, bool]:
    """Return the weight that the table OS/2 tells, and whether the font is italic or oblique."""
    weight, selection = *struct.unpack_from(">H", os2, 4), *struct.unpack_from(">H", os2, 62)
    return weight, bool(selection & 0b10_0000_0001)


def _weights(fvar: bytes) -> tuple[int, int] | None:
    """Return the least and greatest weight of a font whose weights vary; None of any other."""
    if not fvar:
        return None
    offset, _, count, size = struct.unpack_from(">4H", fvar, 4)
    for place in range(offset, offset + count * size, max(size, 1)):
        tag, least, _, most = struct.unpack_from(">4s3i", fvar, place)
        if tag == b"wght":
            return least >> 16, most >> 16
    return None


def _family(name: bytes) -> str:
    """Return the family that the table `name` tells: that of all weights before that of four."""
    if not name:
        return ""
    _, count, texts = struct.unpack_from(">3H", name)
    found = dict[int, str]()
    for number in range(count):
        platform, _, _, kind, length, offset = struct.unpack_from(">6H", name, 6 + 12 * number)
        if kind in (_FAMILY, _FAMILY_OF_FOUR) and platform in (_UNICODE, _WINDOWS):
            text = name[texts + offset : texts + offset + length]
            found.setdefault(kind, text.decode("utf-16-be"))
    return found.get(_FAMILY) or found.get(_FAMILY_OF_FOUR, "")


_FAMILY_OF_FOUR, _FAMILY = 1, 16
_UNICODE, _WINDOWS = 0, 3
