"""What a build costs with Broadsheet and with others: the same archive, one run, one table.

Every generator does the same work, as its own layouts in `peers/` have it, and gets the whole
machine. After an edit each is run by the same command again; only Broadsheet does less then.

Linux tells what processes take together, so this runs there.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import corpus
import machine
import measure
import sites
from peers import TOOLS, Tool, tool
from tables import BODY, COLD, SAME, TITLE, Figure, growth, side_by_side

SIZES = 1_000, 10_000, 100_000


def main() -> None:
    arguments = _arguments()
    tools = [tool(name, arguments.tools, arguments.jobs) for name in arguments.only]
    sizes = SIZES[1:] if arguments.scale else [arguments.stories]
    figures: list[Figure] = []
    for stories in sizes:
        with tempfile.TemporaryDirectory(prefix="broadsheet-speed-") as folder:
            figures += _rounds(tools, stories, arguments.rounds, Path(folder))
    about = machine.about(tools, arguments.rounds)
    if arguments.json:
        raw = [figure._asdict() | {"usage": figure.usage._asdict()} for figure in figures]
        arguments.json.write_text(json.dumps({"about": about, "figures": raw}, indent=1))
    print(f"{about}\n")
    table = growth if arguments.scale else side_by_side
    print("\n".join(table(arguments.only, figures)))


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
        for file in sites.files(root):
            file.read_bytes()  # so that it is in memory: no disk is measured
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


if __name__ == "__main__":
    main()
