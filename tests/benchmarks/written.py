"""What stands in the output of each generator, by kind of page: is their work equal?"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from sites import files
from tables import row

KINDS = {
    "stories": r"\d{4}/\d\d/[^/]+/index\.html",
    "front pages": r"(page/\d+/)?index\.html",
    "topics and authors": r"(tags|authors)/.*\.html",
    "archive": r"archive/.*\.html",
    "feeds": r".*(feed|rss)\.(xml|json)",
    "all else": r".*",
}
"""Of each what its addresses look like; the first that fits counts."""
_SAMPLE = 100
_MARKUP = re.compile(rb"<[^>]*>")


class Written(NamedTuple):
    """The files of a kind that a tool wrote: how many, of how many bytes, and the mean number of
    words in the first hundred of them by their paths."""

    tool: str
    stories: int
    kind: str
    files: int
    size: int
    words: float


def written(tool: str, stories: int, output: Path) -> Iterator[Written]:
    """Return what stands in a tool's output folder, kind by kind."""
    by_kind: dict[str, list[Path]] = {kind: [] for kind in KINDS}
    for file in sorted(files(output)):
        by_kind[_kind(file.relative_to(output).as_posix())].append(file)
    for kind, these in by_kind.items():
        words = [_words(file) for file in islice(these, _SAMPLE)]
        size = sum(file.stat().st_size for file in these)
        yield Written(tool, stories, kind, len(these), size, sum(words) / max(1, len(words)))


def side_by_side(names: Sequence[str], all_written: Sequence[Written]) -> Iterator[str]:
    """Return a table with a row for each kind, and a column for each tool that wrote anything."""
    found = {(one.tool, one.kind): one for one in all_written}
    there = [name for name in names if any(tool == name for tool, _ in found)]
    yield row(["files, kB, words a page", *there])
    yield row(["---", *["--:"] * len(there)])
    for kind in KINDS:
        yield row([kind, *(_cell(found[name, kind]) for name in there)])
    yield row(["all", *(_total(name, all_written) for name in there)])


def _cell(one: Written) -> str:
    return f"{one.files:,}, {one.size / 1000:,.0f}, {one.words:,.0f}"


def _total(name: str, all_written: Sequence[Written]) -> str:
    these = [one for one in all_written if one.tool == name]
    return f"{sum(one.files for one in these):,}, {sum(one.size for one in these) / 1000:,.0f}"


def _kind(path: str) -> str:
    return next(kind for kind, pattern in KINDS.items() if re.fullmatch(pattern, path))


def _words(file: Path) -> int:
    """Return the number of words of a page without its tags."""
    return len(_MARKUP.sub(b" ", file.read_bytes()).split())
