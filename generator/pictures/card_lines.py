"""The lines of a text on a card: what comes in is a text, and how much room there is for it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import accumulate
from math import inf
from typing import NamedTuple

import regex

from generator.pictures.card_breaks import SOFT_HYPHEN, Unit, graphemes, tidy, units
from generator.pictures.glyphs import Faces


class Fitted(NamedTuple):
    """A text as it fits: the size of its letters in pixels, and its lines."""

    size: int
    lines: tuple[str, ...]

    @property
    def leading(self) -> float:
        """Return the pixels from a line to the next."""
        return self.size * _LEADING


def lines(text: str, width: float, size: float, most: int, faces: Faces) -> tuple[str, ...]:
    """Return a text in at most so many lines of letters of a size, none of them wider.

    Width and size are in pixels. Lines are about equally long, and in logical order. A text for
    which there is no room is cut, and ends with "…".
    """
    return _set(text, width, size, most, faces).lines


def fitted(
    text: str, width: float, height: float, sizes: Sequence[int], faces: Faces, most: int = 0
) -> Fitted:
    """Return a text at the largest of these sizes at which all of it has room, all in pixels.

    It has no more than `most` lines, if that is given. What has room at no size is cut at the
    smallest. ValueError for no sizes.
    """
    for size in sorted(sizes, reverse=True):
        room = max(1, int(height / (size * _LEADING)))
        found = _set(text, width, size, min(most or room, room), faces)
        if found.is_whole or size == min(sizes):
            return Fitted(size, found.lines)
    raise ValueError("a text needs a size")


# --------------------------------------------------------------------------- inside

_LEADING = 1.2
"""The height of a line, as a multiple of the size of its letters."""
_ELLIPSIS, _HYPHEN = "…", "-"
_BEFORE_ELLIPSIS = regex.compile(r"[\s,;:.!?،。、，…\p{Pd}\p{Ps}\p{Pi}]+$")
_ALONE, _WITHIN = 0.25, 0.02
"""What a lone word in a line costs, and a break within one, in squares of the width."""

_Measure = Callable[[str], float]


class _Lines(NamedTuple):
    lines: tuple[str, ...]
    is_whole: bool


class _Measured(NamedTuple):
    """A unit and its widths: of itself, of the space before it and of the hyphen behind it."""

    unit: Unit
    width: float
    space: float
    hyphen: float


def _set(text: str, width: float, size: float, most: int, faces: Faces) -> _Lines:
    measure: _Measure = partial(faces.width_of, size=size)
    rows, is_whole = _filled(_measured(units(tidy(text)), width, measure), width, max(most, 1))
    if is_whole:
        return _Lines(tuple(map(_joined, _balanced(rows, width))), True)
    return _Lines((*map(_joined, rows[:-1]), _cut(rows[-1], width, measure)), False)


def _measured(parts: Iterable[Unit], width: float, measure: _Measure) -> Iterator[_Measured]:
    """Yield units with their widths; one that is wider than a line in pieces that are not."""
    space, hyphen = measure(" "), measure(_HYPHEN)
    for unit in parts:
        is_spaced = unit.is_spaced
        for piece in _pieces(unit.text, width, measure):
            long = measure(piece.replace(SOFT_HYPHEN, ""))
            behind = hyphen if piece.endswith(SOFT_HYPHEN) else 0.0
            known = unit._replace(text=piece, is_spaced=is_spaced)
            yield _Measured(known, long, space if is_spaced else 0.0, behind)
            is_spaced = False


def _pieces(text: str, width: float, measure: _Measure) -> Iterator[str]:
    if measure(text) <= width:
        yield text
        return
    piece, long = "", 0.0
    for part in graphemes(text):
        more = measure(part)
        if piece and long + more > width:
            yield piece
            piece, long = "", 0.0
        piece, long = piece + part, long + more
    yield piece


def _filled(
    parts: Iterable[_Measured], width: float, most: int
) -> tuple[list[list[_Measured]], bool]:
    """Return lines, each as full as may be, and whether all has room; no more is looked at."""
    rows, long = list[list[_Measured]](), inf
    for part in parts:
        if long + part.space + part.width + part.hyphen <= width:
            rows[-1].append(part)
            long += part.space + part.width
        elif len(rows) == most:
            return rows, False
        else:
            rows.append([part])
            long = part.width
    return rows, True


def _balanced(rows: list[list[_Measured]], width: float) -> list[list[_Measured]]:
    """Return as many lines with what is in these, so that least is left empty in any of them."""
    parts = [part for row in rows for part in row]
    ends = [0.0, *accumulate(part.space + part.width for part in parts)]

    def empty(begin: int, end: int) -> float:
        return width - (ends[end] - ends[begin] - parts[begin].space + parts[end - 1].hyphen)

    def cost(begin: int, end: int) -> float:
        square = (empty(begin, end) / width) ** 2
        is_alone = end - begin == 1 and not parts[begin].unit.is_dense
        is_within = begin > 0 and not (parts[begin].unit.is_spaced or parts[begin].unit.is_dense)
        return square + _ALONE * is_alone + _WITHIN * is_within

    @cache
    def best(begin: int, left: int) -> tuple[float, tuple[int, ...]]:
        """Return what it costs to set all from a unit on in so many lines, and where they end."""
        if left == 1:
            is_fit = begin == len(parts) - 1 or empty(begin, len(parts)) >= 0
            return (cost(begin, len(parts)) if is_fit else inf), (len(parts),)
        found: tuple[float, tuple[int, ...]] = (inf, (len(parts),))
        for end in range(begin + 1, len(parts) - left + 2):
            if end > begin + 1 and ends[end] - ends[begin] - parts[begin].space > width:
                break
            if empty(begin, end) >= 0 or end == begin + 1:
                rest, further = best(end, left - 1)
                found = min(found, (cost(begin, end) + rest, (end, *further)))
        return found

    if len(rows) < 2:
        return rows
    price, stops = best(0, len(rows))
    if price == inf:
        return rows
    return [parts[begin:end] for begin, end in zip((0, *stops), stops, strict=False)]


def _joined(row: Sequence[_Measured]) -> str:
    first, *others = (part.unit for part in row)
    text = first.text + "".join(" " * unit.is_spaced + unit.text for unit in others)
    whole = text.replace(SOFT_HYPHEN, "")
    return whole + _HYPHEN if text.endswith(SOFT_HYPHEN) else whole


def _cut(row: Sequence[_Measured], width: float, measure: _Measure) -> str:
    """Return the beginning of a line, with "…" where more would follow."""
    first = graphemes(row[0].unit.text)
    shorter = (_joined(row[:count]) for count in range(len(row), 0, -1))
    shortest = ("".join(first[:count]) for count in range(len(first) - 1, 0, -1))
    for text in (*shorter, *shortest):
        cut: str = _BEFORE_ELLIPSIS.sub("", text.removesuffix(_HYPHEN)) + _ELLIPSIS
        if measure(cut) <= width:
            return cut
    return _ELLIPSIS
