"""The geometry of a chart: where its bars, lines, rules and words stand.

In come series of numbers, out go shapes for a layout to draw. Everything stands in a plot that is
as wide as the page lets it be: across, places are in percent of it; down, in pixels from its top.
So text keeps its size on a telephone. Of words that may not have room there are two choices, one
for a narrow plot and one for a wide one.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache
from itertools import groupby
from typing import Literal, NamedTuple

from generator.model import Value
from generator.templates.chart_data import ChartData, Extent, chart_data
from generator.templates.numbers import Quantity, format_compact, format_plain, format_quantity
from generator.templates.tables import cut, width_of
from generator.templates.views import Table

Anchor = Literal["start", "middle", "end"]
Room = Literal["", "wide", "narrow"]
"""The plots that a word is shown in: all, or wide or narrow ones alone."""


class Bar(Value, frozen=True):
    """A bar: `x` and `width` in percent, `y` and `height` in pixels."""

    x: float
    y: float
    width: float
    height: float


class Point(Value, frozen=True):
    """A place: `x` in percent, `y` in pixels."""

    x: float
    y: float


class Rule(Value, frozen=True):
    """A line of the grid from one place to another; the `base` is that of zero."""

    start: Point
    end: Point
    is_base: bool = False


class Word(Value, frozen=True):
    """A word at a place. One that is `upright` is turned to run upwards, for want of room."""

    at: Point
    text: str
    anchor: Anchor = "middle"
    room: Room = ""
    is_upright: bool = False


class Drawn(Value, frozen=True):
    """A series as it is drawn: bars, or lines with points. `look` tells it from others, from 1."""

    name: str
    look: int
    bars: tuple[Bar, ...] = ()
    lines: tuple[tuple[Point, ...], ...] = ()
    points: tuple[Point, ...] = ()


class Chart(Value, frozen=True):
    """A chart to be drawn. `height` is that of all, `margin` the letters of the longest number
    beside the plot; the numbers of the scale stand there if the plot `is_upright`, else below.
    """

    height: int
    margin: int
    is_upright: bool
    rules: tuple[Rule, ...]
    scale: tuple[Word, ...]
    words: tuple[Word, ...]
    series: tuple[Drawn, ...]
    extents: tuple[Extent, ...]
    columns: tuple[str, ...]


@lru_cache(maxsize=64)
def chart_of(
    table: Table,
    kind: str,
    x: str | None,
    y: tuple[str, ...] | None,
    language: str,
    year: str,
) -> Chart:
    """Return how a chart of some columns of a table is drawn; see `chart_data`."""
    return drawn_chart(chart_data(table, kind, x, y, language, year), language)


def drawn_chart(data: ChartData, language: str) -> Chart:
    """Return how a chart is drawn."""
    return _across(data, language) if data.kind == "bar" else _upright(data, language)


# ------------------------------------------------------------------------------- the scale


class Scale(NamedTuple):
    """A scale from one round number to another, with a tick at each `step`."""

    low: Decimal
    high: Decimal
    step: Decimal

    def share(self, value: float) -> float:
        """Return how far along the scale a number is: 0 at its low end, 1 at its high one."""
        return (value - float(self.low)) / float(self.high - self.low)

    def ticks(self) -> list[Decimal]:
        """Return the round numbers of the scale, with no more decimals than they need."""
        number = int((self.high - self.low) / self.step)
        return [self.low + place * self.step for place in range(number + 1)]


def round_scale(least: float, most: float, has_parts: bool = True, ticks: int = 6) -> Scale:
    """Return a scale of about so many ticks that holds both numbers; whole ones without parts.

    The steps are 1, 2 or 5 times a power of ten: Heckbert, "Nice Numbers for Graph Labels",
    Graphics Gems, 1990.
    """
    first, last = _exact(least), _exact(most)
    if first == last:
        first, last = min(first, Decimal()), max(last, Decimal()) or Decimal(not first)
    step = _round(last - first, ticks)
    step = step if has_parts else max(step, Decimal(1))
    low = (first / step).to_integral_value(ROUND_FLOOR) * step
    high = (last / step).to_integral_value(ROUND_CEILING) * step
    return Scale(low, high, step)


def _exact(value: float) -> Decimal:
    """Return a number as it was typed: 0.1, or the sum of 0.1 and 0.2, has no more digits."""
    return Decimal(f"{value:.15g}")


def _round(span: Decimal, ticks: int) -> Decimal:
    """Return the round number nearest to the distance of so many ticks on a span."""
    rough = span / (ticks - 1)
    exponent = rough.adjusted()
    part = float(rough.scaleb(-exponent))
    nice = next((nice for least, nice in ((1.5, 1), (3, 2), (7, 5)) if part < least), 0)
    return Decimal(nice).scaleb(exponent) if nice else Decimal(1).scaleb(exponent + 1)


def _scale(data: ChartData) -> Scale:
    """Return the scale that all numbers of a chart fit on. Bars begin at zero."""
    values = [value for value in _ends(data) if value is not None]
    least, most = min(values), max(values)
    if data.kind != "line" or 0 <= least <= most / 2 or least / 2 <= most <= 0:
        least, most = min(least, 0.0), max(most, 0.0)
    return round_scale(least, most, has_parts=any(value % 1 for value in values))


def _ends(data: ChartData) -> Iterator[float | None]:
    """Yield where bars and lines end: if they are stacked, those of one place together."""
    rows = zip(*(series.values for series in data.series), strict=True)
    for row in rows:
        if data.kind == "stacked":
            yield sum(value for value in row if value and value > 0)
            yield sum(value for value in row if value and value < 0)
        else:
            yield from row


def _numbers(data: ChartData, scale: Scale, language: str) -> list[str]:
    if data.is_percent:
        return [format_quantity(Quantity(tick, True), language) for tick in scale.ticks()]
    is_long = max(-scale.low, scale.high) >= _LONG
    shown = format_compact if is_long else format_plain
    return [shown(tick, language) for tick in scale.ticks()]


_LONG = 1_000_000
"""From here on numbers are shortened: 2.5M, 2,5 Mio."""


# ---------------------------------------------------------------------------- upright plots

_TOP, _PLOT, _LINE = 10, 280, 20
"""Pixels above a plot, of the plot, and of a line of words."""
_WIDEST = 12
"""Letters of a number beside a plot for which there is room."""
_MOST_MARKED = 40
"""Places of a line up to which each of its points is marked."""


def _upright(data: ChartData, language: str) -> Chart:
    """Return a chart whose numbers go up: columns, stacks and lines."""
    scale = _scale(data)
    numbers = _numbers(data, scale, language)
    places = _places(data)
    words = _below(data, places)
    depth = max(map(_depth, words))

    def down(value: float) -> float:
        return _short(_TOP + (1 - scale.share(value)) * _PLOT)

    heights = [(tick, down(float(tick))) for tick in scale.ticks()]
    rules = [Rule(Point(0, y), Point(100, y), not tick) for tick, y in heights]
    return Chart(
        height=_TOP + _PLOT + depth,
        margin=min(_WIDEST, max(map(width_of, numbers))),
        is_upright=True,
        rules=tuple(rules),
        scale=tuple(map(_beside, rules, numbers)),
        words=words,
        series=tuple(_lines(data, places, down) if data.kind == "line" else _columns(data, down)),
        extents=data.extents,
        columns=data.columns,
    )


def _beside(rule: Rule, number: str) -> Word:
    return Word(rule.start, number, "end")


def _places(data: ChartData) -> list[float]:
    """Return where the numbers of each label stand, in percent: columns have a band each."""
    count = len(data.labels)
    if data.kind != "line":
        return [_short((place + 0.5) / count * 100) for place in range(count)]
    known = data.positions or tuple(map(float, range(count)))
    first, span = known[0], known[-1] - known[0]
    return [_short((place - first) / span * 100) if span else 50.0 for place in known]


def _columns(data: ChartData, down: Callable[[float], float]) -> Iterator[Drawn]:
    band = 100 / len(data.labels)
    is_stacked = data.kind == "stacked"
    width = band * _FILLED / (1 if is_stacked else len(data.series))
    bases = [[0.0, 0.0] for _ in data.labels]
    for number, series in enumerate(data.series):
        bars = list[Bar]()
        for place, value in enumerate(series.values):
            if not value:
                continue
            base = bases[place][value > 0] if is_stacked else 0.0
            bases[place][value > 0] = base + value
            x = band * (place + (1 - _FILLED) / 2) + (0 if is_stacked else number * width)
            ends = down(base), down(base + value)
            bars.append(Bar(_short(x), min(ends), _short(width), _short(abs(ends[0] - ends[1]))))
        yield Drawn(series.name, number + 1, tuple(bars))


_FILLED = 0.76
"""The part of a band that columns fill."""


def _lines(
    data: ChartData, places: Sequence[float], down: Callable[[float], float]
) -> Iterator[Drawn]:
    for number, series in enumerate(data.series):
        runs = [
            tuple(Point(places[row], down(value)) for row, value in run if value is not None)
            for is_known, run in groupby(enumerate(series.values), lambda one: one[1] is not None)
            if is_known
        ]
        points = [point for run in runs for point in run]
        if len(places) > _MOST_MARKED:
            points = [point for run in runs for point in (run if len(run) == 1 else run[-1:])]
        lines = tuple(run for run in runs if len(run) > 1)
        yield Drawn(series.name, number + 1, lines=lines, points=tuple(points))


# ----------------------------------------------------------------------- bars, one below another

_BAR, _GAP = 14, 14
"""Pixels of a bar, and between the bars of two labels."""
_LONGEST, _MOST_LINES = 36, 2
"""Letters of a line above a bar, and such lines."""


def _across(data: ChartData, language: str) -> Chart:
    """Return a chart of bars, with a label above those of each place: it may be long."""
    scale = _scale(data)
    numbers = _numbers(data, scale, language)
    places = [_short(scale.share(float(tick)) * 100) for tick in scale.ticks()]
    words, tops, height = list[Word](), list[float](), 0
    for label in data.labels:
        for line in _wrapped(label):
            height += _LINE
            words.append(Word(Point(0, height - 4), line, "start"))
        tops.append(height)
        height += _BAR * len(data.series) + _GAP
    ends = zip(places, scale.ticks(), strict=True)
    return Chart(
        height=height + _LINE,
        margin=0,
        is_upright=False,
        rules=tuple(Rule(Point(x, 0), Point(x, height), not tick) for x, tick in ends),
        scale=tuple(_row(places, numbers, height + _LINE - 4)),
        words=tuple(words),
        series=tuple(_bars(data, scale, tops)),
        extents=data.extents,
        columns=data.columns,
    )


def _bars(data: ChartData, scale: Scale, tops: Sequence[float]) -> Iterator[Drawn]:
    zero = scale.share(0) * 100
    for number, series in enumerate(data.series):
        bars = list[Bar]()
        for top, value in zip(tops, series.values, strict=True):
            if value:
                end = scale.share(value) * 100
                width = _short(abs(end - zero))
                bars.append(Bar(_short(min(zero, end)), top + number * _BAR, width, _BAR - 1))
        yield Drawn(series.name, number + 1, tuple(bars))


def _wrapped(label: str) -> list[str]:
    """Return a label in lines, the last one shortened if it is longer than they are."""
    lines = [""]
    for word in label.split():
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer) > _LONGEST and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    kept = [cut(line, _LONGEST) for line in lines[:_MOST_LINES]]
    return kept if len(lines) <= _MOST_LINES else [*kept[:-1], f"{kept[-1].rstrip('…')}…"]


# ------------------------------------------------------------------------- words in a row

_LETTER, _APART, _BESIDE = 7, 8, 14
"""Pixels of a letter, on average, between two words, and of a word beside the plot it is below."""
_UNDER = 4
"""Pixels of a letter below its line."""
_ACROSS = 15
"""Pixels that a word takes across which is turned."""
_ROOMS: dict[Room, int] = {"narrow": 220, "wide": 560}
"""Pixels of a plot that is narrow or wide."""
_MOST_UPRIGHT = 16
"""Letters of a word that is turned."""


def _below(data: ChartData, places: Sequence[float]) -> tuple[Word, ...]:
    """Return the labels below a plot; if they have no order, and no room, they are turned."""
    y = _TOP + _PLOT + _LINE
    row = tuple(_row(places, data.labels, y))
    if data.positions or sum(word.room != "wide" for word in row) == len(data.labels):
        return row
    return tuple(
        Word(Point(places[at], y - 12), cut(data.labels[at], _MOST_UPRIGHT), "end", room, True)
        for (at, _), room in _fitting(places, _ACROSS)
    )


def _row(places: Sequence[float], texts: Sequence[str], y: float) -> Iterator[Word]:
    """Yield words beside one another at these places, as many as there is room for."""
    for (at, anchor), room in _fitting(places, max(map(width_of, texts)) * _LETTER + _APART):
        yield Word(Point(places[at], y), texts[at], anchor, room)


Picked = tuple[int, Anchor]
"""A word by its number, and which side of it stands at its place."""


def _fitting(places: Sequence[float], size: int) -> Iterator[tuple[Picked, Room]]:
    """Yield the words of a size that have room at places, and in which plots."""
    narrow, wide = (_picked(places, size, _ROOMS[room]) for room in ("narrow", "wide"))
    for one in sorted(narrow | wide):
        yield one, "" if one in narrow and one in wide else "narrow" if one in narrow else "wide"


def _picked(places: Sequence[float], size: int, width: int) -> set[Picked]:
    """Return the words of a size that stand apart in a plot of a width, and none out of it."""
    picked, last = set[Picked](), -math.inf
    for at, percent in enumerate(places):
        place = percent * width / 100
        anchor = _anchor(place, (size - _APART) / 2 - _BESIDE, width)
        start = place - size * _BEFORE[anchor]
        if start >= last:
            picked.add((at, anchor))
            last = start + size
    return picked


def _anchor(place: float, room: float, width: int) -> Anchor:
    """Return which side of a word that needs room on both stands at a place, to be in the plot."""
    if place < room:
        return "start"
    return "end" if place > width - room else "middle"


_BEFORE: dict[Anchor, float] = {"start": 0, "middle": 0.5, "end": 1}
"""The part of a word that stands before its place."""


def _depth(word: Word) -> int:
    return _LINE + (width_of(word.text) * _LETTER if word.is_upright else _UNDER)


def _short(value: float) -> float:
    return round(value, 2)
