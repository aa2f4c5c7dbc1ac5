"""The archive that whole builds are measured on, and the measuring."""

import importlib
import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from support.preview_process import eventually
from support.sites import REPOSITORY

pytestmark = pytest.mark.long

BENCHMARKS = REPOSITORY / "tests/benchmarks"
PARTS = {
    "heading": "\n## ",
    "list": "\n- ",
    "numbered list": "\n1. ",
    "quotation": "\n> ",
    "table": "\n|---|",
    "note": "\n[^1]: ",
    "code": "\n```text",
    "speech": '," said ',
    "link to a story": "](story:",
    "link elsewhere": "](https://",
}


def ran(script: str, *arguments: str, **variables: str) -> str:
    """What a benchmark's script says on standard output."""
    command = [sys.executable, str(BENCHMARKS / script), *arguments]
    done = subprocess.run(
        command, env=os.environ | variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Imports a benchmark's module as its script does."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module


def test_every_run_writes_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for seed in ("1", "2"):
        root = tmp_path / seed
        ran("sites.py", "broadsheet", str(root), "--stories", "60", PYTHONHASHSEED=seed)
        files = (file for file in root.rglob("*") if file.is_file())
        written.append({file.relative_to(root): file.read_bytes() for file in files})
    assert len(written[0]) == 61
    assert written[0] == written[1]


def test_the_archive_has_what_a_newsroom_writes(module: Any) -> None:
    stories = list(module("corpus").stories(400))
    for name, mark in PARTS.items():
        assert any(mark in story.body for story in stories), name
    assert len({story.slug for story in stories}) == 400
    words = sum(len(story.body.split()) for story in stories) / 400
    assert 650 < words < 750


def test_stories_of_one_topic_share_more_words(module: Any) -> None:
    corpus = module("corpus")
    by_topic: dict[int, list[set[str]]] = {}
    for story in corpus.stories(400):
        topic = corpus.heading_of(story.number).topic
        by_topic.setdefault(topic, []).append(set(story.body.split()))
    several = [some for some in by_topic.values() if len(some) > 1]
    same = sum(len(some[0] & some[1]) for some in several)
    beside = [*several[1:], several[0]]
    other = sum(len(one[0] & two[1]) for one, two in zip(several, beside, strict=True))
    assert len(several) > 20
    assert same > 1.2 * other


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
@pytest.mark.skipif(
    not os.environ.get("BROADSHEET_LONG"), reason="takes half a minute: BROADSHEET_LONG=1 runs it"
)
def test_the_benchmark_builds_the_archive_without_a_warning(tmp_path: Path) -> None:
    raw = tmp_path / "raw.json"
    options = ["--stories", "40", "--rounds", "1", "--only", "broadsheet", "--json", str(raw)]
    table = ran("speed.py", *options)
    figures = json.loads(raw.read_text())["figures"]
    said = {figure["kind"]: figure["usage"]["log"] for figure in figures}
    assert "warning" not in said["cold"]
    assert "Built 40 stories" in said["cold"]
    assert " 0 written" in said["nothing changed"]
    for kind in ("one body edited", "one title edited"):
        assert "Built 40 stories" in said[kind]
        assert " 0 written" not in said[kind]
    assert f"| broadsheet | {figures[0]['usage']['seconds']:.2f} s |" in table


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_memory_of_all_processes_is_counted_together(module: Any, tmp_path: Path) -> None:
    measure, seen = module("measure"), tmp_path / "seen"
    hold = (
        "import pathlib, time; held = b'x' * 100_000_000\n"
        "while not pathlib.Path('seen').exists(): time.sleep(0.05)\n"
    )
    both = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {hold!r}])\n{hold}"

    def at_work() -> list[Any]:
        return [thread for thread in threading.enumerate() if isinstance(thread, measure.Watch)]

    def let_go() -> None:
        """As soon as both were seen."""
        with suppress(AssertionError):
            eventually(lambda: any(watch.peak > 200e6 for watch in at_work()))
        seen.touch()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(let_go)
        usage = measure.run([sys.executable, "-c", both], tmp_path, {}, tmp_path / "log")
    assert 200e6 < usage.peak < 280e6
