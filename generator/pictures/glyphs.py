"""Fonts as cards use them: which characters each has, and how wide a text is in it.

What comes in are files of fonts: TrueType, OpenType or WOFF2. Text is shaped by HarfBuzz, by the
rules that the renderer shapes it by too, so kerning, ligatures, joined letters and marks count.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

import regex

from generator.errors import InternalError

if TYPE_CHECKING:
    import uharfbuzz as hb


class NoGlyphsError(InternalError):
    """A file is no font, or one without letters: why."""


class Face:
    """A font, by what its `data` say once they are unpacked.

    `family` and `weight` (1 to 1000) are those that a drawing asks for it by: bold, if it varies.
    """

    def __init__(self, data: bytes) -> None:
        """Read a font; raises `NoGlyphsError` for anything else."""
        import uharfbuzz as hb  # builds without a new card need none

        self.data = _named(_unpacked(data) if data.startswith(_WOFF2) else data)
        face = hb.Face(self.data)
        self._characters = frozenset(chr(code) for code in face.unicodes)
        if not self._characters:
            raise NoGlyphsError("it has no letters")
        self.family = _family(face)
        self._font, self._em = hb.Font(face), int(face.upem)
        self.weight = _weight(face)
        self._font.set_variations({"wght": self.weight})

    def has(self, text: str) -> bool:
        """Return whether the font has every character of a text that is to be seen."""
        return self._characters.issuperset(text) or not self.missing(text)

    def missing(self, text: str) -> list[str]:
        """Return the characters of a text that the font does not have, each once and in order."""
        return [one for one in dict.fromkeys(text) if not (self._draws(one) or _UNSEEN.match(one))]

    def width_of(self, text: str, size: float) -> float:
        """Return how many pixels a text moves on at a size, in pixels, too."""
        return _advance(self, text) * size / self._em

    def shaped(self, text: str) -> int:
        """Return how far a text moves on, in units of the font."""
        import uharfbuzz as hb

        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self._font, buffer)
        return sum(int(place.x_advance) for place in buffer.glyph_positions)

    def _draws(self, character: str) -> bool:
        """Return whether there is a glyph for a character, or for each of its parts."""
        parts = normalize("NFD", character)
        return character in self._characters or self._characters.issuperset(parts)


class Run(NamedTuple):
    """A part of a text in one font; `face` is None for what no font has."""

    text: str
    face: Face | None


class Faces:
    """The fonts of a card: the first that has a character draws it."""

    def __init__(self, faces: Sequence[Face]) -> None:
        self.faces = tuple(faces)
        self._width = lru_cache(maxsize=_WORDS)(self._measured)

    @property
    def family(self) -> str:
        """Return the family of the first font."""
        return self.faces[0].family

    def runs(self, text: str) -> list[Run]:
        """Return a text in parts of one font each.

        Spaces and punctuation stay with what is before them, if that font has them.
        """
        chosen = groupby(self._chosen(text), key=lambda run: run.face)
        return [Run("".join(run.text for run in runs), face) for face, runs in chosen]

    def width_of(self, text: str, size: float) -> float:
        """Return the width of a text at a size, both in pixels; what no font has takes no room."""
        return self._width(text) * size

    def missing(self, text: str) -> list[str]:
        """Return the characters of a text that no font has, each once and in order."""
        parts = (part for part in dict.fromkeys(text) if not any(f.has(part) for f in self.faces))
        return list(parts)

    def _chosen(self, text: str) -> Iterator[Run]:
        last: Face | None = None
        for part in _GRAPHEME.findall(text):
            stays = last is not None and not _LETTER.search(part) and last.has(part)
            face = last if stays else next((face for face in self.faces if face.has(part)), None)
            yield Run(part, face)
            last = face or last

    def _measured(self, text: str) -> float:
        """Return the width of a text at a size of one pixel."""
        return sum(run.face.width_of(run.text, 1) for run in self.runs(text) if run.face)


_WOFF2 = b"wOF2"
_WORDS = 1 << 14
"""Words whose widths are held ready."""
_GRAPHEME = regex.compile(r"\X")
_LETTER = regex.compile(r"[\p{L}\p{M}\p{N}]")
_UNSEEN = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cc}\p{White_Space}]")
"""What fonts need no glyph for."""
_REGULAR, _BOLD = 400, 700


@lru_cache(maxsize=_WORDS)
def _advance(face: Face, text: str) -> int:
    return face.shaped(text)


def _unpacked(data: bytes) -> bytes:
    """Return a WOFF2 font as the TrueType or OpenType font that it was made from."""
    from fontTools.ttLib import woff2

    made = BytesIO()
    try:
        woff2.decompress(BytesIO(data), made)
    except Exception as error:  # whatever the library meets in a broken file
        raise NoGlyphsError("it is broken WOFF2") from error
    return made.getvalue()


def _named(data: bytes) -> bytes:
    """Return a font with both names that the renderer asks of one, for the web some have none."""
    import uharfbuzz as hb

    face = hb.Face(data)
    known = face.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME)
    if not face.unicodes or (known and _family(face)):
        return data
    family = _family(face) or f"Font {blake2b(data, digest_size=8).hexdigest()}"
    try:
        return _with_name(data, family)
    except Exception as error:  # whatever the library meets in a broken file
        raise NoGlyphsError("it is broken") from error


def _with_name(data: bytes, family: str) -> bytes:
    from fontTools.ttLib import TTFont, newTable

    font = TTFont(BytesIO(data), recalcTimestamp=False)
    if "name" not in font:
        font["name"] = newTable("name")
        font["name"].names = []
    for number, name in ((_FAMILY, family), (_POSTSCRIPT, family.replace(" ", ""))):
        font["name"].setName(name, number, *_WINDOWS_ENGLISH)
    made = BytesIO()
    font.save(made)
    return made.getvalue()


def _family(face: "hb.Face") -> str:
    """Return the family of a font: that of all weights before that of four."""
    import uharfbuzz as hb

    names = hb.OTNameIdPredefined
    return str(face.get_name(names.TYPOGRAPHIC_FAMILY) or face.get_name(names.FONT_FAMILY) or "")


_FAMILY, _POSTSCRIPT = 1, 6
_WINDOWS_ENGLISH = (3, 1, 0x409)


def _weight(face: "hb.Face") -> int:
    """Return the weight that the table OS/2 tells; one that varies is as near to bold as may be."""
    for axis in face.axis_infos:
        if axis.tag == "wght":
            return int(min(max(_BOLD, axis.min_value), axis.max_value))
    os2 = face.reference_table("OS/2").data
    return int.from_bytes(os2[4:6]) or _REGULAR
