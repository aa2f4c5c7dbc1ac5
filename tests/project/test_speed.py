"""What the benchmark of whole builds counts and compares."""

import importlib
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from support.deploys import need
from support.sites import REPOSITORY

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")

BENCHMARKS = REPOSITORY / "tests/benchmarks"
TOOLS = Path(tempfile.gettempdir()) / "broadsheet-benchmark-tools"
DISKS = {"btrfs", "ext4", "xfs"}
WRITTEN = "written to disk, cold, to a copy of site and state"


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Imports a benchmark's module as its script does."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ('7 openat(AT_FDCWD</site>, ""..., O_RDONLY) = 3</site/a.md>', True),
        ('7 newfstatat(4</site>, ""..., {st_mode=0}, 0) = 0', True),
        ('7 rename(""..., ""...) = 0', True),
        ('mkdir(""..., 0777) = -1 EEXIST (File exists)', True),
        ('7 pread64(3</site/cache.db>, ""..., 100, 0) = 100', True),
        ('7 write(5</site/public/index.html>, ""..., 9 <unfinished ...>', True),
        ("7 <... write resumed>) = 9", False),
        ('7 read(3<pipe:[81]>, ""..., 9) = 9', False),
        ('7 write(6<socket:[82]>, ""..., 9) = 9', False),
        ("7 fcntl(3</site/cache.db>, F_SETLK, {}) = 0", False),
        ("7 ioctl(3</site/a.md>, TCGETS, 0x7ffd) = -1 ENOTTY", False),
        ("7 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</site/a.md>, 0) = 0x7f", False),
        ("7 +++ exited with 0 +++", False),
    ],
)
def test_a_call_counts_if_it_is_about_a_file(module: Any, line: str, counts: bool) -> None:
    assert module("calls").about_files([line]).total() == counts


@pytest.mark.long
def test_calls_of_all_processes_are_counted(module: Any, tmp_path: Path) -> None:
    need("strace")
    (tmp_path / "text").write_text("words")

    def opened(script: str) -> int:
        counted = module("calls").of_files(["sh", "-c", script], tmp_path, {})
        return int(counted["openat"])

    alone = opened("cat text | cat; true")
    assert opened("cat text text | cat; true") == alone + 1
    assert opened("cat text | cat; cat text; true") > alone + 1


@pytest.mark.long
def test_a_command_that_fails_under_strace_is_told(module: Any, tmp_path: Path) -> None:
    need("strace")
    with pytest.raises(module("measure").CommandError, match="nowhere"):
        module("calls").of_files(["ls", "nowhere"], tmp_path, {})


@pytest.mark.long
def test_what_any_process_writes_to_disk_is_counted(module: Any, tmp_path: Path) -> None:
    if module("machine").filesystem(tmp_path) not in DISKS:
        pytest.skip("the temporary folder lies on no disk")
    script = "dd if=/dev/zero of=zeros bs=1M count=8 & wait"
    usage = module("measure").run(["sh", "-c", script], tmp_path, {}, tmp_path / "log")
    assert 8 << 20 <= usage.written < 9 << 20


def test_a_site_is_cleared_without_deleting_a_file(module: Any, tmp_path: Path) -> None:
    """What was deleted would slow down whoever makes files next."""
    site = tmp_path / "site"
    own = module("peers").Tool("own", "own", "1", [], "public", (".state",))
    for text in ("first", "second"):
        (site / "public").mkdir(parents=True)
        (site / "public/index.html").write_text(text)
        own.clear(site)
        assert [*site.iterdir()] == []
    aside = sorted(file.read_text() for file in tmp_path.rglob("index.html"))
    assert aside == ["first", "second"]


def test_a_ratio_is_of_processor_time_with_the_clock_beside_it(module: Any) -> None:
    figures = [figure(module, "broadsheet", cpu=4, seconds=9), figure(module, "hugo", 10, 10)]
    copied = module("owed").Extra("written once", 120_000_000)
    rows = owed(module, figures, [copied])
    assert rows["cold, to Hugo"] == ["0.400", "0.900", "≤ 0.500", "0.330", "yes"]
    assert rows["peak of all processes, to Hugo"] == ["1.000", "", "≤ 0.240", "", "no"]
    assert rows["size of `.broadsheet/`"] == ["70 MB", "", "≤ 90 MB", "", "yes"]
    assert rows[WRITTEN] == ["1.250", "", "≤ 1.100", "", "no"]
    assert not {"cold, to Pelican, which has none related", "one body edited, to Hugo"} & set(rows)


def test_growth_is_of_a_story(module: Any) -> None:
    few, many = (figure(module, "broadsheet", n, n, stories=100 * n) for n in (100, 1_000))
    more = many._replace(usage=many.usage._replace(cpu=1_200, seconds=1_500, peak=1_000_000_000))
    rows = owed(module, [few, more])
    assert rows["100,000: cold, a story, to 10,000"] == ["1.200", "1.500", "≤ 1.100", "", "no"]
    assert rows["100,000: peak of all processes"][0] == "1,000 MB"
    assert "100,000: cold, a story, to 10,000" not in owed(module, [more])


def test_what_was_not_measured_says_why(module: Any) -> None:
    extra = module("owed").Extra
    missing = [
        extra("file calls", missing="not measured: install strace"),
        extra("written once", missing="not measured: no disk was written to"),
    ]
    rows = owed(module, [figure(module, "broadsheet", 1, 1)], missing)
    called = rows["calls that touch files, a story, cold"]
    assert called == ["not measured: install strace", "", "≤ 25.0", "", ""]
    assert rows[WRITTEN][0] == "not measured: no disk was written to"
    assert WRITTEN not in owed(module, [figure(module, "broadsheet", 1, 1)])


def test_an_idle_core_is_told_from_one_that_others_used(module: Any) -> None:
    used = figure(module, "broadsheet", cpu=9, seconds=10)
    lines = list(module("tables").idle(["broadsheet"], [used]))
    assert lines[2] == "| broadsheet | 10,000 | 10.00 s | 1.00 s, 3.00 s | 6.50 s | 0.50 s |"


def test_pages_are_told_apart_by_their_addresses(module: Any, tmp_path: Path) -> None:
    pages = {
        "2025/12/a/index.html": "stories",
        "index.html": "front pages",
        "page/2/index.html": "front pages",
        "tags/index.html": "topics and authors",
        "authors/a/page/2/index.html": "topics and authors",
        "archive/2025/12/index.html": "archive",
        "tags/a/feed.xml": "feeds",
        "feed.json": "feeds",
        "rss.xml": "feeds",
        "sitemap.xml": "all else",
        "404.html": "all else",
    }
    for page in pages:
        (tmp_path / page).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / page).write_text("<p class='of no account'>Two<br>words</p>")
    written = list(module("written").written("broadsheet", 1, tmp_path))
    assert {one.kind: one.files for one in written} == Counter(pages.values())
    assert {one.words for one in written} == {2}


@pytest.mark.long
@pytest.mark.skipif(
    not os.environ.get("BROADSHEET_LONG"), reason="fetches Hugo: BROADSHEET_LONG=1 runs it"
)
def test_hugo_makes_the_same_pages_with_the_same_parts(module: Any, tmp_path: Path) -> None:
    made = {}
    for name in ("broadsheet", "hugo"):
        one, root = module("peers").tool(name, TOOLS, 1), tmp_path / name
        module("sites").prepare(one.form, root)
        forms, stories = module("sites").FORMS, module("corpus").stories(300)
        module("sites").write(forms[one.form], root, stories)
        module("measure").run(one.command, root, one.environment, tmp_path / "log")
        written = module("written").written(name, 300, root / one.output)
        made[name] = {page.kind: page for page in written if page.kind != "all else"}
    for kind, page in made["broadsheet"].items():
        assert made["hugo"][kind].files == page.files, kind
        spread = 0.1 if kind == "stories" else 0.03  # Hugo relates fewer, of a small archive
        assert made["hugo"][kind].words == pytest.approx(page.words, rel=spread), kind


def figure(
    module: Any, tool: str, cpu: float, seconds: float, kind: str = "cold", stories: int = 10_000
) -> Any:
    """A build on two cores: 150 MB were written for a site of 30 MB and a state of 70 MB."""
    usage = module("measure").Usage(seconds, cpu, 100, "", 150_000_000, (1.0, 3.0), 0.5)
    return module("tables").Figure(tool, stories, 0, kind, usage, 3, 30_000_000, 70_000_000)


def owed(module: Any, figures: list[Any], extras: Iterable[Any] = ()) -> dict[str, list[str]]:
    """The cells of each figure owed, by its name."""
    measured = module("owed").Measured(figures, extras)
    lines = [line for line in module("owed").figures_owed(measured) if line.startswith("| ")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {name: cells for name, *cells in rows}
