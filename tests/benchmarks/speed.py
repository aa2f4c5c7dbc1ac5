"""What a build costs with Broadsheet and with others: the same archive, one run, a few tables.

Every generator does the same work, as its own layouts in `peers/` have it (the README there says
what is equal and what is not), and gets the whole machine. After an edit each is run by the same
command again; only Broadsheet does less then. Beside the rounds Broadsheet's cold build is run
once under `strace`, and a few times with two workers of a cluster; with 100,000 stories its
preview is shown edits. The last table tells what Broadsheet owes. Nothing that was built is deleted
before the end, so each round of 10,000 stories takes a gigabyte or two.

Linux tells what processes take together, so this runs there.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import beside
import corpus
import machine
import measure
import owed
import sites
import tables
import written
from owed import LARGE, Extra, Measured
from peers import TOOLS, Tool, tool
from tables import BODY, COLD, SAME, TITLE, Figure

SIZES = 1_000, 10_000, LARGE
_LAYOUTS = (
    "Layouts: Broadsheet's default ones, and those of peers/, where Hugo's make the same pages of "
    "the same parts; nothing is minified (what is not equal: peers/README.md)."
)


class Results(NamedTuple):
    """All that a run found out."""

    figures: list[Figure]
    pages: list[written.Written]
    extras: list[Extra]


def main() -> None:
    arguments, before = _arguments(), machine.load()
    tools = [tool(name, arguments.tools, arguments.jobs) for name in arguments.only]
    results = Results([], [], [])
    for stories in SIZES[1:] if arguments.scale else [arguments.stories]:
        with tempfile.TemporaryDirectory(prefix="broadsheet-speed-") as name:
            _measure(tools, stories, arguments, Path(name), results)
    about = machine.about(tools, arguments.rounds, before)
    if arguments.json:
        raw = {"about": about, "layouts": _LAYOUTS, **_raw(results)}
        arguments.json.write_text(json.dumps(raw, indent=1), encoding="utf-8")
    print(f"{about}\n{_LAYOUTS}\n")
    print("\n".join(_tables(arguments, results)))


def _measure(
    tools: Sequence[Tool],
    stories: int,
    arguments: argparse.Namespace,
    folder: Path,
    results: Results,
) -> None:
    """Measure archives of one size, and add what is found to the results."""
    _write(tools, stories, folder)
    results.figures.extend(_rounds(tools, stories, arguments.rounds, folder))
    for one in tools:
        root = folder / one.name
        results.pages.extend(written.written(one.name, stories, root / one.output))
        if one.name == "broadsheet":
            results.extras.extend(beside.measured(one, root, stories, arguments.rounds))


def _tables(arguments: argparse.Namespace, results: Results) -> Iterator[str]:
    names, figures = arguments.only, results.figures
    yield from (tables.growth if arguments.scale else tables.side_by_side)(names, figures)
    yield ""
    if not arguments.scale:
        yield from written.side_by_side(names, results.pages)
        yield ""
    yield from tables.idle(names, figures)
    yield ""
    yield from owed.figures_owed(Measured(figures, results.extras))


def _raw(results: Results) -> dict[str, list[dict[str, object]]]:
    return {
        "figures": [one._asdict() | {"usage": one.usage._asdict()} for one in results.figures],
        "pages": [one._asdict() for one in results.pages],
        "extras": [one._asdict() for one in results.extras],
    }


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


def _write(tools: Sequence[Tool], stories: int, folder: Path) -> None:
    for one in tools:
        _say(f"{one.name}: writing {stories:,} stories")
        sites.prepare(one.form, folder / one.name, one.settings)
        if one.modules:
            (folder / one.name / "node_modules").symlink_to(one.modules)
        sites.write(sites.FORMS[one.form], folder / one.name, corpus.stories(stories))


def _rounds(tools: Sequence[Tool], stories: int, rounds: int, folder: Path) -> Iterator[Figure]:
    """Each tool's builds, round by round, so that what the machine does else hits all alike."""
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
    one.clear(root)
    body, title = (sites.path(sites.FORMS[one.form], root, stories // 2 + n) for n in range(2))
    texts = {file: file.read_text(encoding="utf-8") for file in (body, title)}

    def built(kind: str) -> Figure:
        log = folder / f"{one.name}.log"
        for file in sites.files(root):
            file.read_bytes()  # so that it is in memory: no disk is measured
        usage = measure.run(one.command, root, one.environment, log)
        _say(f"{one.name}: {kind}, {usage.seconds:.2f} s")
        output = _sizes(root / one.output)
        kept = sum(sum(_sizes(root / cache)) for cache in one.caches)
        return Figure(one.name, stories, number, kind, usage, len(output), sum(output), kept)

    yield built(COLD)
    yield built(SAME)
    body.write_text(sites.with_another_sentence(texts[body]), encoding="utf-8")
    yield built(BODY)
    title.write_text(sites.with_another_title(texts[title]), encoding="utf-8")
    yield built(TITLE)
    for file, text in texts.items():
        file.write_text(text, encoding="utf-8")


def _sizes(folder: Path) -> list[int]:
    return [file.stat().st_size for file in sites.files(folder)]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
