"""The table of `preview`: waits and memory, and what Broadsheet's may be of Hugo's."""

from collections.abc import Callable, Iterator, Sequence
from statistics import median, quantiles
from typing import NamedTuple

COLD, WARM = "start to first page, no cache", "start to first page, cache present"
BODY = "body edit saved to changed text"
TITLE = "title edit saved to the front page"
STYLE = "CSS edit saved to applied"
NAMED = "CSS edit saved to applied, address with its digest"
HELD, PEAK = "memory after the edits", "peak memory"
END = "Ctrl-C to the end"
IN_PLACE, RENAMED = "in place", "by renaming"


class Wait(NamedTuple):
    """Of a tool's server in a round: a wait of this kind in seconds, or memory in bytes.

    After edits, `way` says how the files were saved.
    """

    tool: str
    round: int
    kind: str
    way: str
    value: float


class Row(NamedTuple):
    """What a row tells of all waits of a kind and way, and the most it may be of Hugo's."""

    kind: str
    way: str
    name: str
    of: Callable[[Sequence[float]], float]
    most: float | None


def _late(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


ROWS = (
    Row(WARM, "", "median", median, 0.04),
    Row(COLD, "", "median", median, 0.15),
    Row(BODY, IN_PLACE, "median", median, 0.03),
    Row(BODY, IN_PLACE, "95th percentile", _late, 0.06),
    Row(BODY, RENAMED, "median", median, 0.03),
    Row(TITLE, IN_PLACE, "median", median, 0.10),
    Row(TITLE, RENAMED, "median", median, 0.10),
    Row(STYLE, IN_PLACE, "median", median, 0.03),
    Row(STYLE, RENAMED, "median", median, 0.03),
    Row(NAMED, IN_PLACE, "median", median, 0.03),
    Row(NAMED, RENAMED, "median", median, 0.03),
    Row(HELD, IN_PLACE, "median", median, 0.25),
    Row(HELD, RENAMED, "median", median, 0.25),
    Row(PEAK, IN_PLACE, "median", median, 0.25),
    Row(PEAK, RENAMED, "median", median, 0.25),
    Row(END, "", "median", median, None),
)
"""Ways of saving are told apart: Hugo builds more for a file that takes another's name.
Memory is that after the edits that were saved so; those in place come first."""


def side_by_side(names: Sequence[str], waits: Sequence[Wait]) -> Iterator[str]:
    """A column for each tool; the ratio is Broadsheet's to Hugo's, both of this run."""
    yield _line(["", *names, "ratio", "at most"])
    yield _line(["---", *["--:"] * (len(names) + 2)])
    for row in ROWS:
        told = {name: row.of(values) for name in names if (values := _values(waits, name, row))}
        cells = [_spelled(row.kind, told[name]) if name in told else "" for name in names]
        ratio = f"{told['broadsheet'] / told['hugo']:.3f}" if told.keys() >= _COMPARED else ""
        most = "" if row.most is None else f"{row.most:.2f}"
        about = ", ".join(filter(None, (row.kind, row.way, row.name)))
        yield _line([about, *cells, ratio, most])


_COMPARED = {"broadsheet", "hugo"}


def _values(waits: Sequence[Wait], name: str, row: Row) -> list[float]:
    wanted = name, row.kind, row.way
    return [wait.value for wait in waits if (wait.tool, wait.kind, wait.way) == wanted]


def _spelled(kind: str, value: float) -> str:
    if kind in (HELD, PEAK):
        return f"{value / 1e6:,.0f} MB"
    return f"{value:.2f} s" if value >= 10 else f"{1000 * value:,.0f} ms"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
