"""The tables of `speed`: medians, their ratios to Hugo's or a cold build's, and idle cores."""

from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import NamedTuple

from measure import Usage

COLD, SAME, BODY, TITLE = "cold", "nothing changed", "one body edited", "one title edited"
_WARM = SAME, BODY, TITLE


class Figure(NamedTuple):
    """One build: which round, of what kind, and what it took.

    `files` stood in the output then, of `size` bytes in all; `kept` is the bytes of what the tool
    keeps between builds.
    """

    tool: str
    stories: int
    round: int
    kind: str
    usage: Usage
    files: int
    size: int
    kept: int


class Median(NamedTuple):
    """The medians of a tool's builds of one kind, and how many files stood there at last.

    `kept` is the bytes of what the tool keeps between builds, `written` those that went to disk,
    which is 0 where no disk was written to.
    """

    stories: int
    seconds: float
    cpu: float
    peak: float
    files: int
    kept: float
    written: float


def side_by_side(names: Sequence[str], figures: Sequence[Figure]) -> Iterator[str]:
    """A row for each tool; each ratio is to Hugo's build of the same kind."""
    yield f"{figures[0].stories:,} stories:\n"
    yield row(
        ["", "cold", "CPU", "peak memory", "files", "× Hugo"]
        + [cell for kind in _WARM for cell in (kind, "× Hugo")]
    )
    yield row(["---"] + ["--:"] * 11)
    hugo = {kind: median_of(figures, "hugo", kind) for kind in (COLD, *_WARM)}
    for name in names:
        cells = [name, "not available", *[""] * 10]
        if cold := median_of(figures, name, COLD):
            cells = [name, _seconds(cold), f"{cold.cpu:.2f} s", _megabytes(cold)]
            cells += [f"{cold.files:,}", _ratio(cold, hugo[COLD])]
            for kind in _WARM:
                warm = median_of(figures, name, kind)
                cells += [_seconds(warm), _ratio(warm, hugo[kind])]
        yield row(cells)


def growth(names: Sequence[str], figures: Sequence[Figure]) -> Iterator[str]:
    """A row for each tool and size."""
    warm = [cell for kind in _WARM for cell in (kind, "of cold")]
    yield row(["", "stories", "cold", "a story", "CPU", "peak memory", "files", *warm])
    yield row(["---"] + ["--:"] * 12)
    for name in names:
        for stories in sorted({figure.stories for figure in figures}):
            these = [figure for figure in figures if figure.stories == stories]
            if cold := median_of(these, name, COLD):
                cells = [name, f"{stories:,}", _seconds(cold)]
                cells += [f"{1000 * cold.seconds / stories:.2f} ms", f"{cold.cpu:.2f} s"]
                cells += [_megabytes(cold), f"{cold.files:,}"]
                for kind in _WARM:
                    again = median_of(these, name, kind)
                    cells += [_seconds(again), _ratio(again, cold)]
                yield row(cells)


def idle(names: Sequence[str], figures: Sequence[Figure]) -> Iterator[str]:
    """A row for each tool: the seconds of each core that its cold builds left unused.

    What others took is what neither was idle nor went into the build.
    """
    yield row(["cold", "stories", "by the clock", "idle, each core", "others", "other machines"])
    yield row(["---", *["--:"] * 5])
    for stories in sorted({figure.stories for figure in figures}):
        for name in names:
            if usages := [figure.usage for figure in _cold(name, stories, figures)]:
                each = zip(*(usage.idle for usage in usages), strict=True)
                cores = [f"{median(seconds):.2f} s" for seconds in each]
                clock = f"{median(usage.seconds for usage in usages):.2f} s"
                cells = [name, f"{stories:,}", clock, ", ".join(cores)]
                cells += [f"{median(map(_by_others, usages)):.2f} s"]
                yield row([*cells, f"{median(usage.stolen for usage in usages):.2f} s"])


def _cold(name: str, stories: int, figures: Iterable[Figure]) -> list[Figure]:
    wanted = name, stories, COLD
    return [figure for figure in figures if (figure.tool, figure.stories, figure.kind) == wanted]


def _by_others(usage: Usage) -> float:
    used = len(usage.idle) * usage.seconds - sum(usage.idle) - usage.stolen
    return max(0.0, used - usage.cpu)


def median_of(figures: Iterable[Figure], name: str, kind: str) -> Median | None:
    """The medians of a tool's builds of a kind among those; `None` if there is none."""
    those = [figure for figure in figures if (figure.tool, figure.kind) == (name, kind)]
    if not those:
        return None
    return Median(
        those[-1].stories,
        median(one.usage.seconds for one in those),
        median(one.usage.cpu for one in those),
        median(one.usage.peak for one in those),
        those[-1].files,
        median(one.kept for one in those),
        median(one.usage.written for one in those),
    )


def row(cells: Sequence[str]) -> str:
    """A row of a table in Markdown."""
    return f"| {' | '.join(cells)} |"


def _seconds(one: Median | None) -> str:
    return f"{one.seconds:.2f} s" if one else ""


def _megabytes(one: Median) -> str:
    return f"{one.peak / 1e6:,.0f} MB"


def _ratio(one: Median | None, other: Median | None) -> str:
    return f"{one.seconds / other.seconds:.3f}" if one and other else ""
