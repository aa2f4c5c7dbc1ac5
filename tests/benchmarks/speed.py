"""What a build costs with Broadsheet and with others: the same archive, one run, one table.

Linux tells what processes take together, so this runs there.
"""

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

import corpus
import measure
import sites
from peers import TOOLS, Tool, tool

SIZES = 1_000, 10_000, 100_000
COLD, SAME, BODY, TITLE = "cold", "nothing changed", "one body edited", "one title edited"
WARM = SAME, BODY, TITLE


class Figure(NamedTuple):
    """One build: which round, of what kind, what it took, and how many files stood there then."""

    tool: str
    stories: int
    round: int
    kind: str
    usage: measure.Usage
    files: int


def main() -> None:
    arguments = _arguments()
    tools = [tool(name, arguments.tools, arguments.jobs) for name in arguments.only]
    sizes = SIZES[1:] if arguments.scale else [arguments.stories]
    figures: list[Figure] = []
    for stories in sizes:
        with tempfile.TemporaryDirectory(prefix="broadsheet-speed-") as folder:
            figures += _rounds(tools, stories, arguments.rounds, Path(folder))
    about = _about(tools, arguments.rounds)
    if arguments.json:
        raw = [figure._asdict() | {"usage": figure.usage._asdict()} for figure in figures]
        arguments.json.write_text(json.dumps({"about": about, "figures": raw}, indent=1))
    print(f"{about}\n")
    print("\n".join(_growth(figures) if arguments.scale else _side_by_side(figures)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    about = "how many: 1000, 10000 (the default), 100000, or any number from 3"
    parser.add_argument("--stories", type=int, default=SIZES[1], metavar="N", help=about)
    about = "compare 100,000 stories with 10,000 instead, with Broadsheet alone unless --only"
    parser.add_argument("--scale", action="store_true", help=about)
    about = f"some of these, with commas between: {', '.join(TOOLS)}"
    parser.add_argument("--only", type=_names, metavar="NAMES", help=about)
    about = "rounds, each tool once in each; the medians are told (default: 3)"
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help=about)
    about = "Broadsheet's processes (default: all cores)"
    parser.add_argument("--jobs", type=int, metavar="N", help=about)
    folder = Path(tempfile.gettempdir()) / "broadsheet-benchmark-tools"
    about = f"where the others are installed, and found again (default: {folder.name}, temporary)"
    parser.add_argument("--tools", type=Path, default=folder, metavar="DIR", help=about)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
    arguments = parser.parse_args()
    everything = [name for name in TOOLS if not arguments.scale or name.startswith("broadsheet")]
    arguments.only = arguments.only or everything
    arguments.tools = arguments.tools.resolve()
    return arguments


def _names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - TOOLS.keys():
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}")
    return names


# ---------------------------------------------------------------------------- builds


def _rounds(tools: Sequence[Tool], stories: int, rounds: int, folder: Path) -> Iterator[Figure]:
    """Each tool's builds, round by round, so that what the machine does else hits all alike."""
    for one in tools:
        _say(f"{one.name}: writing {stories:,} stories")
        sites.prepare(one.form, folder / one.name, one.settings)
        if one.modules:
            (folder / one.name / "node_modules").symlink_to(one.modules)
        sites.write(sites.FORMS[one.form], folder / one.name, corpus.stories(stories))
    refused: set[str] = set()
    for number in range(rounds):
        for one in tools:
            if one.name in refused:
                continue
            try:
                yield from _round(one, stories, number, folder)
            except measure.CommandError as error:
                if not one.settings:
                    raise
                _say(f"{one.name}: not available\n{error}")
                refused.add(one.name)


def _round(one: Tool, stories: int, number: int, folder: Path) -> Iterator[Figure]:
    """A cold build, another, one after each edit; then all is as it was."""
    root = folder / one.name
    for name in (one.output, *one.caches):
        shutil.rmtree(root / name, ignore_errors=True)
    body, title = (sites.path(sites.FORMS[one.form], root, stories // 2 + n) for n in range(2))
    texts = {file: file.read_text(encoding="utf-8") for file in (body, title)}

    def built(kind: str) -> Figure:
        log = folder / f"{one.name}.log"
        usage = measure.run(one.command, root, one.environment, log)
        _say(f"{one.name}: {kind}, {usage.seconds:.2f} s")
        files = sum(1 for _ in sites.files(root / one.output))
        return Figure(one.name, stories, number, kind, usage, files)

    yield built(COLD)
    yield built(SAME)
    body.write_text(sites.with_another_sentence(texts[body]), encoding="utf-8")
    yield built(BODY)
    title.write_text(sites.with_another_title(texts[title]), encoding="utf-8")
    yield built(TITLE)
    for file, text in texts.items():
        file.write_text(text, encoding="utf-8")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


# ---------------------------------------------------------------------------- tables


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
_FEW, _MANY = Side(_OWN, COLD, SIZES[1]), Side(_OWN, COLD, SIZES[2])
_GROWTHS = (
    Goal("cold, for each story, 100,000 to 10,000", _MANY, _FEW, 1.3, each=True),
    Goal("one body of 100,000 edited, to cold", Side(_OWN, BODY, SIZES[2]), _MANY, 0.02),
)


class Median(NamedTuple):
    """The medians of a tool's builds of one kind."""

    seconds: float
    cpu: float
    peak: float
    files: int


def _side_by_side(figures: Sequence[Figure]) -> Iterator[str]:
    """A row for each tool; each ratio is to Hugo's build of the same kind."""
    yield f"{figures[0].stories:,} stories:\n"
    yield _row(
        ["", "cold", "CPU", "peak memory", "files", "× Hugo"]
        + [cell for kind in WARM for cell in (kind, "× Hugo")]
    )
    yield _row(["---"] + ["--:"] * 11)
    hugo = {kind: _median(figures, "hugo", kind) for kind in (COLD, *WARM)}
    for name in TOOLS:
        if cold := _median(figures, name, COLD):
            cells = [name, _seconds(cold.seconds), _seconds(cold.cpu), _megabytes(cold.peak)]
            cells += [f"{cold.files:,}", _ratio(cold, hugo[COLD])]
            for kind in WARM:
                warm = _median(figures, name, kind)
                assert warm is not None  # a round has every kind
                cells += [_seconds(warm.seconds), _ratio(warm, hugo[kind])]
            yield _row(cells)
    yield from _owed(_RATIOS, figures)


def _growth(figures: Sequence[Figure]) -> Iterator[str]:
    """A row for each tool and size."""
    warm = [cell for kind in WARM for cell in (kind, "of cold")]
    yield _row(["", "stories", "cold", "a story", "CPU", "peak memory", "files", *warm])
    yield _row(["---"] + ["--:"] * 12)
    for name in TOOLS:
        for stories in SIZES:
            these = [figure for figure in figures if figure.stories == stories]
            if cold := _median(these, name, COLD):
                cells = [name, f"{stories:,}", _seconds(cold.seconds)]
                cells += [f"{1000 * cold.seconds / stories:.2f} ms", _seconds(cold.cpu)]
                cells += [_megabytes(cold.peak), f"{cold.files:,}"]
                for kind in WARM:
                    again = _median(these, name, kind)
                    cells += [_seconds(again.seconds) if again else "", _ratio(again, cold)]
                yield _row(cells)
    yield from _owed(_GROWTHS, figures)


def _owed(goals: Sequence[Goal], figures: Sequence[Figure]) -> Iterator[str]:
    """Those ratios of one run that Broadsheet is held to, as far as both sides were measured."""
    yield "\n| ratio | measured | at most |\n| --- | --: | --: |"
    for goal in goals:
        one, other = (_median(_of(figures, side), side.tool, side.kind) for side in goal[1:3])
        if one and other:
            measured = getattr(one, goal.what) / getattr(other, goal.what)
            measured *= goal.other.stories / goal.one.stories if goal.each else 1
            yield _row([goal.name, f"{measured:.3f}", f"{goal.most:.2f}"])


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


def _about(tools: Sequence[Tool], rounds: int) -> str:
    """The day, the machine and the versions."""
    versions = dict.fromkeys(f"{one.form.title()} {one.version}" for one in tools)
    cores = len(os.sched_getaffinity(0))
    parts = [f"{datetime.now(UTC):%Y-%m-%d}", f"{_processor()}, {cores} cores"]
    parts += [f"Python {platform.python_version()}", *versions]
    return "; ".join([*parts, f"median of {rounds} round{'s' * (rounds > 1)}"])


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.processor() or platform.machine()


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s"


def _megabytes(size: float) -> str:
    return f"{size / 1e6:,.0f} MB"


def _ratio(one: Median | None, other: Median | None) -> str:
    return f"{one.seconds / other.seconds:.3f}" if one and other else ""


if __name__ == "__main__":
    main()
