"""The tables of `speed`: medians, ratios, and what those ratios may be."""

from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import NamedTuple

from measure import Usage

COLD, SAME, BODY, TITLE = "cold", "nothing changed", "one body edited", "one title edited"
_WARM = SAME, BODY, TITLE


class Figure(NamedTuple):
    """One build: which round, of what kind, what it took, and how many files stood there then."""

    tool: str
    stories: int
    round: int
    kind: str
    usage: Usage
    files: int


class Side(NamedTuple):
    """What is compared: a tool's builds of a kind, with so many stories (0: those there are)."""

    tool: str
    kind: str
    stories: int = 0


class Goal(NamedTuple):
    """The most that a ratio may be; of what, and whether for each story."""

    name: str
    one: Side
    other: Side
    most: float
    what: str = "seconds"
    each: bool = False


_SMALL, _LARGE = 10_000, 100_000
_OWN, _MARK, _HUGO = "broadsheet", "broadsheet-commonmark", "hugo"
_RATIOS = (
    Goal("cold, to Hugo", Side(_OWN, COLD), Side(_HUGO, COLD), 0.33),
    Goal("cold, `commonmark`, to Hugo", Side(_MARK, COLD), Side(_HUGO, COLD), 0.2),
    Goal(
        "cold, `commonmark`, to Hugo without related stories",
        Side(_MARK, COLD),
        Side("hugo-plain", COLD),
        0.9,
    ),
    Goal("cold, to Pelican", Side(_OWN, COLD), Side("pelican", COLD), 0.25),
    Goal("nothing changed, to Hugo", Side(_OWN, SAME), Side(_HUGO, SAME), 0.02),
    Goal("one body edited, to Hugo", Side(_OWN, BODY), Side(_HUGO, BODY), 0.03),
    Goal("one title edited, to Hugo", Side(_OWN, TITLE), Side(_HUGO, TITLE), 0.05),
    Goal("peak memory, to Hugo", Side(_OWN, COLD), Side(_HUGO, COLD), 0.35, "peak"),
)
_FEW, _MANY = Side(_OWN, COLD, _SMALL), Side(_OWN, COLD, _LARGE)
_GROWTHS = (
    Goal("cold, for each story, 100,000 to 10,000", _MANY, _FEW, 1.3, each=True),
    Goal("one body of 100,000 edited, to cold", Side(_OWN, BODY, _LARGE), _MANY, 0.02),
)


class Median(NamedTuple):
    """The medians of a tool's builds of one kind."""

    seconds: float
    cpu: float
    peak: float
    files: int


def side_by_side(names: Sequence[str], figures: Sequence[Figure]) -> Iterator[str]:
    """A row for each tool; each ratio is to Hugo's build of the same kind."""
    yield f"{figures[0].stories:,} stories:\n"
    yield _row(
        ["", "cold", "CPU", "peak memory", "files", "× Hugo"]
        + [cell for kind in _WARM for cell in (kind, "× Hugo")]
    )
    yield _row(["---"] + ["--:"] * 11)
    hugo = {kind: _median(figures, "hugo", kind) for kind in (COLD, *_WARM)}
    for name in names:
        cells = [name, "not available", *[""] * 10]
        if cold := _median(figures, name, COLD):
            cells = [name, _seconds(cold), f"{cold.cpu:.2f} s", _megabytes(cold)]
            cells += [f"{cold.files:,}", _ratio(cold, hugo[COLD])]
            for kind in _WARM:
                warm = _median(figures, name, kind)
                cells += [_seconds(warm), _ratio(warm, hugo[kind])]
        yield _row(cells)
    yield from _owed(_RATIOS, figures)


def growth(names: Sequence[str], figures: Sequence[Figure]) -> Iterator[str]:
    """A row for each tool and size."""
    warm = [cell for kind in _WARM for cell in (kind, "of cold")]
    yield _row(["", "stories", "cold", "a story", "CPU", "peak memory", "files", *warm])
    yield _row(["---"] + ["--:"] * 12)
    for name in names:
        for stories in (_SMALL, _LARGE):
            these = [figure for figure in figures if figure.stories == stories]
            if cold := _median(these, name, COLD):
                cells = [name, f"{stories:,}", _seconds(cold)]
                cells += [f"{1000 * cold.seconds / stories:.2f} ms", f"{cold.cpu:.2f} s"]
                cells += [_megabytes(cold), f"{cold.files:,}"]
                for kind in _WARM:
                    again = _median(these, name, kind)
                    cells += [_seconds(again), _ratio(again, cold)]
                yield _row(cells)
    yield from _owed(_GROWTHS, figures)


def _owed(goals: Sequence[Goal], figures: Sequence[Figure]) -> Iterator[str]:
    """Those ratios of one run that Broadsheet is held to, as far as both sides were measured.

    Processor time is beside them: of it a busy machine gives each tool what it asks for.
    """
    yield "\n| ratio | measured | at most | of processor time |\n| --- | --: | --: | --: |"
    for goal in goals:
        one, other = (
            _median(_of(figures, side), side.tool, side.kind) for side in (goal.one, goal.other)
        )
        if one and other:
            each = goal.other.stories / goal.one.stories if goal.each else 1
            measured = each * getattr(one, goal.what) / getattr(other, goal.what)
            cpu = f"{each * one.cpu / other.cpu:.3f}" if goal.what == "seconds" else ""
            yield _row([goal.name, f"{measured:.3f}", f"{goal.most:.2f}", cpu])


def _of(figures: Sequence[Figure], side: Side) -> list[Figure]:
    return [f for f in figures if side.stories in (0, f.stories)]


def _median(figures: Iterable[Figure], name: str, kind: str) -> Median | None:
    those = [figure for figure in figures if (figure.tool, figure.kind) == (name, kind)]
    if not those:
        return None
    usages = [figure.usage for figure in those]
    return Median(
        median(usage.seconds for usage in usages),
        median(usage.cpu for usage in usages),
        median(usage.peak for usage in usages),
        those[-1].files,
    )


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _seconds(one: Median | None) -> str:
    return f"{one.seconds:.2f} s" if one else ""


def _megabytes(one: Median) -> str:
    return f"{one.peak / 1e6:,.0f} MB"


def _ratio(one: Median | None, other: Median | None) -> str:
    return f"{one.seconds / other.seconds:.3f}" if one and other else ""
