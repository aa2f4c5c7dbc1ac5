"""The table of `speed` that Broadsheet is held to: what is owed, and what is aimed at.

A time is processor time, of which a busy machine gives each tool what it asks for; the clock
stands beside it.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from tables import BODY, COLD, SAME, TITLE, Figure, Median, median_of, row

LARGE = 100_000
CALLS, CLUSTER, ONCE, SAVE = "file calls", "cluster", "written once", "save"


class Extra(NamedTuple):
    """What was measured beside the rounds.

    `value` is the calls for each story that touch files; the bytes that go to disk when site and
    state are copied; the processor time of two workers of a cluster over that of two processes,
    with the `clock` beside it; or the seconds from a saved edit to the screen. `missing` says why
    there is none.
    """

    name: str
    value: float = 0.0
    clock: float | None = None
    missing: str = ""


class Side(NamedTuple):
    """A tool's builds of a kind, of so many stories (0: the fewest that were measured)."""

    tool: str
    kind: str
    stories: int = 0


class Measured(NamedTuple):
    """All builds of a run, and what was measured beside them."""

    figures: Sequence[Figure]
    extras: Sequence[Extra]

    def builds(self, side: Side) -> Median | None:
        stories = side.stories or min(figure.stories for figure in self.figures)
        these = [figure for figure in self.figures if figure.stories == stories]
        return median_of(these, side.tool, side.kind)


class Value(NamedTuple):
    """A figure: what counts, the clock beside it, and why there is none."""

    counts: float
    clock: float | None = None
    missing: str = ""


Found = Callable[[Measured], Value | None]


class Goal(NamedTuple):
    """A figure, the most that it may be, and the most that it shall be some day.

    `found` returns nothing for a run that does not concern it.
    """

    name: str
    found: Found
    owed: float
    aim: float | None = None
    spelled: Callable[[float], str] = "{:.3f}".format


def figures_owed(measured: Measured) -> Iterator[str]:
    """Return a row for each figure that a run concerns."""
    yield "Owed, of 10,000 stories where nothing else is said, and of processor time:\n"
    yield row(["figure", "measured", "by the clock", "owed", "aim", "met"])
    yield row(["---", *["--:"] * 5])
    for goal in GOALS:
        if value := goal.found(measured):
            yield row(_cells(goal, value))


def _cells(goal: Goal, value: Value) -> list[str]:
    owed = [f"≤ {goal.spelled(goal.owed)}", "" if goal.aim is None else goal.spelled(goal.aim)]
    if value.missing:
        return [goal.name, value.missing, "", *owed, ""]
    clock = "" if value.clock is None else goal.spelled(value.clock)
    met = "yes" if value.counts <= goal.owed else "no"
    return [goal.name, goal.spelled(value.counts), clock, *owed, met]


# -------------------------------------------------------------- how a figure is found


def _of(value: Callable[..., Value | None], *sides: Side) -> Found:
    """Give `value` the medians of each side, if all were measured."""

    def found(measured: Measured) -> Value | None:
        medians = [builds for side in sides if (builds := measured.builds(side))]
        return value(*medians) if len(medians) == len(sides) else None

    return found


def _beside(name: str) -> Found:
    def found(measured: Measured) -> Value | None:
        for extra in measured.extras:
            if extra.name == name:
                return Value(extra.value, extra.clock, extra.missing)
        return None

    return found


def _time(one: Median) -> Value:
    return Value(one.cpu, one.seconds)


def _times(one: Median, other: Median) -> Value:
    return Value(one.cpu / other.cpu, one.seconds / other.seconds)


def _times_a_story(one: Median, other: Median) -> Value | None:
    if one.stories == other.stories:
        return None
    each = other.stories / one.stories
    return Value(each * one.cpu / other.cpu, each * one.seconds / other.seconds)


def _peak(one: Median) -> Value:
    return Value(one.peak)


def _peaks(one: Median, other: Median) -> Value:
    return Value(one.peak / other.peak)


def _kept(one: Median) -> Value:
    return Value(one.kept)


def _times_written(measured: Measured) -> Value | None:
    """Return the bytes that a cold build writes over those that a copy of what it made does.

    Both are more than the files hold: of each file the last block is not full, each folder has a
    block, and where all of them are is written too.
    """
    cold, once = measured.builds(_OWN), _beside(ONCE)(measured)
    if cold is None or once is None:
        return None
    return once if once.missing else Value(cold.written / once.counts)


def _seconds(value: float) -> str:
    return f"{value:.2f} s"


def _megabytes(value: float) -> str:
    return f"{value / 1e6:,.0f} MB"


_OWN, _MARK = Side("broadsheet", COLD), Side("broadsheet-commonmark", COLD)
_HUGO, _PLAIN, _PELICAN = Side("hugo", COLD), Side("hugo-plain", COLD), Side("pelican", COLD)
_MANY = _OWN._replace(stories=LARGE)


def _warm(kind: str) -> Found:
    return _of(_times, _OWN._replace(kind=kind), _HUGO._replace(kind=kind))


GOALS = (
    Goal("cold, to Hugo", _of(_times, _OWN, _HUGO), 0.5, 0.33),
    Goal("cold, `commonmark`, to Hugo", _of(_times, _MARK, _HUGO), 0.4, 0.2),
    Goal("cold, `commonmark`, to Hugo without related", _of(_times, _MARK, _PLAIN), 1.0, 0.7),
    Goal("cold, to Pelican, which has none related", _of(_times, _OWN, _PELICAN), 0.2),
    Goal("nothing changed, to Hugo", _warm(SAME), 0.01),
    Goal("one body edited, to Hugo", _warm(BODY), 0.025, 0.01),
    Goal("one title edited, to Hugo", _warm(TITLE), 0.03, 0.01),
    Goal("calls that touch files, a story, cold", _beside(CALLS), 25, None, "{:.1f}".format),
    Goal("peak of all processes, to Hugo", _of(_peaks, _OWN, _HUGO), 0.24),
    Goal("written to disk, cold, to a copy of site and state", _times_written, 1.1),
    Goal("size of `.broadsheet/`", _of(_kept, _OWN), 90e6, None, _megabytes),
    Goal("100,000: cold, a story, to 10,000", _of(_times_a_story, _MANY, _OWN), 1.1),
    Goal("100,000: peak of all processes", _of(_peak, _MANY), 1.2e9, 0.8e9, _megabytes),
    Goal("100,000: nothing changed", _of(_time, _MANY._replace(kind=SAME)), 1.5, spelled=_seconds),
    Goal("100,000: one body edited", _of(_time, _MANY._replace(kind=BODY)), 2.5, spelled=_seconds),
    Goal("100,000: save to screen in the preview", _beside(SAVE), 0.3, None, _seconds),
    Goal("two Dask workers, to `--jobs 2`", _beside(CLUSTER), 1.25),
)
"""In the order of the table; of 10,000 stories where nothing else is said."""
