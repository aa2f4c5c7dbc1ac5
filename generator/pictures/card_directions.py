"""Which way a line is read: what comes in is a text, what goes out are levels of its characters.

By the Unicode Bidirectional Algorithm, https://www.unicode.org/reports/tr9/, for a text without
controls of direction. python-bidi applies its rules but for N0, that of brackets, which is here.
"""

from collections.abc import Iterator, MutableMapping, Sequence
from typing import Any, Literal
from unicodedata import category

import regex

_Character = MutableMapping[str, Any]
_Direction = Literal["L", "R"]


def is_right_to_left(text: str) -> bool:
    """Return whether the first letter of a text that has a direction is Hebrew, Arabic or such."""
    found = _STRONG.search(text)
    return bool(found and found["right"])


def levels(text: str, *, rtl: bool) -> list[int]:
    """Return the level of each character of a line: odd for one that is read from the right.

    The line as a whole is read from the right if `rtl`.
    """
    if not rtl and not _FROM_RIGHT.search(text):
        return [0] * len(text)
    from bidi import algorithm

    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = int(rtl), "R" if rtl else "L"
    algorithm.get_embedding_levels(text, storage)
    known: list[_Character] = list(storage["chars"])
    for character in known:
        character["type"] = character["type"] or "L"  # of a later Unicode than Python's
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    _resolve_brackets(storage["chars"], "R" if rtl else "L")
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    return list(_levels(known, int(rtl)))


_RIGHT = r"\p{Bidi_Class=R}\p{Bidi_Class=AL}"
_STRONG = regex.compile(rf"(?P<right>[{_RIGHT}])|\p{{Bidi_Class=L}}")
_FROM_RIGHT = regex.compile(rf"[{_RIGHT}\p{{Bidi_Class=AN}}]")
_STRENGTHS: dict[str, _Direction] = {"L": "L", "R": "R", "EN": "R", "AN": "R"}


def _levels(characters: Sequence[_Character], base: int) -> Iterator[int]:
    """Yield levels; a joiner or such, which has none, has that of what it stands behind."""
    level = base
    for character in characters:
        level = level if character["orig"] == "BN" else int(character["level"])
        yield level


def _resolve_brackets(characters: Sequence[_Character], base: _Direction) -> None:
    """Give pairs of brackets the direction of what is in them, or around them: rule N0."""
    for begin, end in sorted(_pairs(characters)):
        within = {_STRENGTHS.get(one["type"]) for one in characters[begin + 1 : end]} - {None}
        if not within:
            continue
        before = (_STRENGTHS.get(one["type"]) for one in reversed(characters[:begin]))
        direction = base if base in within else next(filter(None, before), base)
        for place in (begin, end):
            characters[place]["type"] = direction


def _pairs(characters: Sequence[_Character]) -> Iterator[tuple[int, int]]:
    """Yield the places of brackets that belong to each other."""
    from bidi.mirror import MIRRORED

    opened = list[tuple[str, int]]()
    for place, character in enumerate(characters):
        sign, kind = character["ch"], category(character["ch"])
        if character["type"] != "ON" or sign not in MIRRORED:
            continue
        if kind == "Ps":
            opened.append((MIRRORED[sign], place))
        elif kind == "Pe" and sign in dict(opened):
            while opened[-1][0] != sign:
                opened.pop()
            yield opened.pop()[1], place
