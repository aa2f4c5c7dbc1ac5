"""A line of a card as it is drawn: what comes in is a line in logical order, what goes out is SVG.

The renderer falls back on another font only where all of a text has as many glyphs in both, which a
ligature spoils, and takes every text for one that begins at the left. So each part of one font and
direction has a `<tspan>` of its own, at its place in the order in which it is seen.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from markupsafe import Markup, escape

from generator.pictures.card_breaks import tidy
from generator.pictures.card_directions import levels
from generator.pictures.glyphs import Face, Faces

Anchor = Literal["start", "middle", "end"]


def placed(
    line: str, x: float, size: float, faces: Faces, *, rtl: bool = False, anchor: Anchor = "start"
) -> Markup:
    """Return a line as `<tspan>` elements of a `<text>` with letters of a size, in pixels.

    `x` is where the line starts, at the right if it is read from there (`rtl`), ends, or has its
    middle.
    """
    runs = _in_order_of_sight(_runs(tidy(line), faces, rtl))
    widths = [faces.width_of(run.text, size) for run in runs]
    left = x - sum(widths) * _SHARES[anchor if not rtl else _TURNED[anchor]]
    spans = list[str]()
    for run, width in zip(runs, widths, strict=True):
        spans.append(_span(run, left))
        left += width
    return Markup("".join(spans))


class _Run(NamedTuple):
    """A part of one font; it is read from the right if its level is odd."""

    text: str
    face: Face | None
    level: int


_TURNED: dict[Anchor, Anchor] = {"start": "end", "middle": "middle", "end": "start"}
_SHARES: dict[Anchor, float] = {"start": 0, "middle": 0.5, "end": 1}
_OVERRIDE, _POP = "\u202e", "\u200f\u202c"
"""Around what is read from the right; the mark at its end keeps a last space from the other end."""


def _runs(text: str, faces: Faces, rtl: bool) -> list[_Run]:
    known, place, found = levels(text, rtl=rtl), 0, list[_Run]()
    for run in faces.runs(text):
        told = zip(run.text, known[place : place + len(run.text)], strict=True)
        for level, pairs in groupby(told, key=lambda pair: pair[1]):
            found.append(_Run("".join(character for character, _ in pairs), run.face, level))
        place += len(run.text)
    return found


def _in_order_of_sight(runs: Sequence[_Run]) -> list[_Run]:
    """Return runs from left to right: rule L2, by runs in place of characters."""
    found = list(runs)
    for level in range(max((run.level for run in runs), default=0), 0, -1):
        found = list(_turned(found, level))
    return found


def _turned(runs: Sequence[_Run], level: int) -> Iterator[_Run]:
    for is_high, grouped in groupby(runs, key=lambda run: run.level >= level):
        some = list(grouped)
        yield from reversed(some) if is_high else some


def _span(run: _Run, x: float) -> str:
    text = f"{_OVERRIDE}{run.text}{_POP}" if run.level % 2 else run.text
    if not run.face:
        return f"<tspan>{escape(run.text)}</tspan>"
    font = f'font-family="{_quoted(run.face.family)}" font-weight="{run.face.weight}"'
    return f'<tspan x="{x:.2f}" {font} xml:space="preserve">{escape(text)}</tspan>'


def _quoted(family: str) -> str:
    """Return a family as CSS takes it whatever is in it, such as a digit at the start of a word."""
    quote = '"' if "'" in family else "'"
    return escape(f"{quote}{family}{quote}")
