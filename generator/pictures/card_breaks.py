"""Where the lines of a text may be broken: what comes in is a text, what goes out are its units.

The places are those of Unicode's classes of line breaking (https://www.unicode.org/reports/tr14/):
spaces, behind hyphens, and between Chinese and Japanese characters, but never so that a line begins
with closing punctuation or a small kana, or ends with opening punctuation. Korean is broken at its
spaces. Thai, Lao, Khmer and Burmese have no spaces between words, and to find these takes a
dictionary. There is none here: a line of theirs may end within a word, between two clusters of
letters.
"""

from collections.abc import Iterator
from typing import NamedTuple
from unicodedata import normalize

import regex

SOFT_HYPHEN = "\u00ad"


class Unit(NamedTuple):
    """What no line is broken in: its text, and whether there is a space before it.

    One that ends with a soft hyphen shows a hyphen at the end of a line. One that `is_dense` is
    written without spaces, and as good a place to break at as any.
    """

    text: str
    is_spaced: bool = False
    is_dense: bool = False


def tidy(text: str) -> str:
    """Return a text as it can be drawn in a line: NFC, with single spaces and without controls.

    Those of direction go too: the two of a pair might end up in different lines.
    """
    known: str = _CONTROLS.sub("", _SPACES.sub(" ", text))
    spaced: str = _SPACES.sub(" ", normalize("NFC", known))
    return spaced.strip(" ")


def units(text: str) -> Iterator[Unit]:
    """Yield the units of a text that is tidy."""
    for found in _UNIT.finditer(text):
        is_spaced, is_dense = " " in found["before"], bool(found["dense"])
        for part in _HYPHENS.split(found["unit"]):
            yield Unit(part, is_spaced, is_dense)
            is_spaced = False


def graphemes(text: str) -> list[str]:
    """Return what readers take for the letters of a text."""
    found: list[str] = _GRAPHEME.findall(text)
    return found


_SPACES = regex.compile(r"[\p{White_Space}--\u00a0\u202f\u2007]+", regex.V1)
_CONTROLS = regex.compile(
    r"[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069]", regex.V1
)
_GRAPHEME = regex.compile(r"\X")
_HYPHENS = regex.compile(rf"(?<=\p{{L}}[-\u2010\u2013\u2014/]|{SOFT_HYPHEN})(?=\p{{L}})", regex.V1)

_OPEN = r"[\p{LB=OP}\p{Pi}]"
_CLOSE = (
    r"[\p{LB=CL}\p{LB=CP}\p{LB=EX}\p{LB=IS}\p{LB=NS}\p{LB=CJ}\p{LB=SY}\p{LB=PO}\p{LB=IN}"
    r"\p{LB=B2}\p{Pf}]"
)
_IDEOGRAPH = r"\p{LB=ID}"
_CLUSTERED = r"\p{LB=SA}"
_VOWEL_FIRST = r"[\u0e40-\u0e44\u0ec0-\u0ec4]"
"""Vowels of Thai and Lao that are written before the consonant that they belong to."""
_LETTER_LAST = r"[\u0e2f\u0e30\u0e32\u0e33\u0e45\u0e46\u0eaf\u0eb0\u0eb2\u0eb3\u0ec6]"
"""Letters of theirs that begin no syllable."""
_MOST_OPEN = 8
_UNIT = regex.compile(
    rf"(?P<before>[ \u200b]*)(?P<unit>"
    rf"(?P<dense>{_OPEN}{{0,{_MOST_OPEN}}}{_IDEOGRAPH}\p{{M}}*{_CLOSE}*+)"
    rf"|{_OPEN}{{0,{_MOST_OPEN}}}{_VOWEL_FIRST}?(?={_CLUSTERED})\X(?:{_LETTER_LAST}|{_CLOSE})*+"
    rf"|(?:(?!{_OPEN}{{0,{_MOST_OPEN}}}(?:{_IDEOGRAPH}|{_CLUSTERED})|[ \u200b])\X)+"
    rf"|\X)",
    regex.V1,
)
