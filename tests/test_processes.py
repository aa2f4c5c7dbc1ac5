"""The real command, alone and several at once: killed, in parallel, its report and its codes."""

import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from conftest import LONG, SETTINGS, SmallSite, command, started
from test_output import clean_outputs, copy_of

KEYS = {
    "articles",
    "pages",
    "rendered",
    "written",
    "unchanged",
    "deleted",
    "converted",
    "seconds",
    "warnings",
    "errors",
}
MANY = 160
"""Stories: enough that two processes share the work, see `_FEW` and `_CHUNK`."""


@pytest.fixture
def archive(site: SmallSite) -> SmallSite:
    """A site of so many stories that a build takes a while."""
    for n in range(MANY):
        day, tags, author = 1 + n % 28, f"[T{n % 7}, U{n % 40}]", f"Author {n % 9}"
        body = f"Story {n}. " * 60 + f"\n\n[Next](s{(n + 1) % MANY}.md)"
        site.article(f"s{n}", body, date=f"2025-{1 + n % 12:02}-{day:02}", tags=tags, author=author)
    return site


def report_of(root: Path, *arguments: str, **variables: str) -> dict[str, Any]:
    code, printed, shown = command(root, "--json", *arguments, **variables)
    assert code == 0, shown
    report: dict[str, Any] = json.loads(printed)
    return report


# ----------------------------------------------------------------------- killed builds


def test_a_killed_build_leaves_every_file_whole(archive: SmallSite) -> None:
    wholes = [clean_outputs(archive)]
    archive.build(jobs=2)
    for number, share in enumerate((0.5, 0.8, 0.95)):
        archive.write({"site.toml": SETTINGS + f'tagline = "Number {number}"\n'})
        began = time.perf_counter()
        wholes.append(clean_outputs(archive))
        taken = time.perf_counter() - began
        with started(archive.root, "--jobs", "2") as process:
            time.sleep(share * taken)  # whenever it is killed, all must be well
            os.killpg(process.pid, signal.SIGKILL)
        for path, data in archive.outputs().items():
            if not path.startswith(".broadsheet"):
                assert any(whole.get(path) == data for whole in wholes), path
    archive.build(jobs=1)
    assert archive.outputs() == wholes[-1]


def company(session: int) -> set[int]:
    """The processes of a session that are alive, but for its leader."""
    alive = set()
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it just ended
            state, _, _, belongs = file.read_text().rpartition(")")[2].split()[:4]
            if int(belongs) == session and state not in "ZX":
                alive.add(int(file.parent.name))
    return alive - {session}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs the /proc of Linux")
def test_a_killed_build_takes_its_workers_with_it(archive: SmallSite) -> None:
    archive.write({"layouts/article.html": "{% for _ in range(10**15) %}{% endfor %}"})  # no end
    with started(archive.root, "--jobs", "2") as build:
        deadline = time.monotonic() + LONG
        while len(company(build.pid)) < 2:
            assert build.poll() is None, build.communicate()
            assert time.monotonic() < deadline, "no workers"
            time.sleep(0.05)
        build.kill()
        build.wait(LONG)
        while left := company(build.pid):
            assert time.monotonic() < deadline, f"{left} are still there"
            time.sleep(0.05)


# ------------------------------------------------------------------- several processes


def test_two_builds_at_once_take_turns(archive: SmallSite) -> None:
    with (
        started(archive.root, "--jobs", "2") as first,
        started(archive.root, "--jobs", "2") as second,
    ):
        for process in (first, second):
            _, shown = process.communicate(timeout=LONG)
            assert process.returncode == 0, shown
    assert archive.outputs() == clean_outputs(archive)


def test_jobs_hash_seeds_and_folders_make_no_difference(archive: SmallSite) -> None:
    copy = copy_of(archive, "another folder")
    first = report_of(archive.root, "--jobs", "1", PYTHONHASHSEED="1")
    second = report_of(copy.root, "--jobs", "2", PYTHONHASHSEED="77")
    assert archive.outputs() == copy.outputs()
    assert first | {"seconds": 0} == second | {"seconds": 0}


# ------------------------------------------------------------------ the report, the codes


def test_the_json_report_has_the_documented_figures(site: SmallSite) -> None:
    site.article("even")
    site.article("odd", sumary="x")
    report = report_of(site.root)
    assert report.keys() == KEYS
    assert report["articles"] == report["converted"] == 2
    assert report["pages"] == report["written"] + report["unchanged"]
    assert report["pages"] == len(site.outputs()) - 1  # the list of outputs is none itself
    assert report["errors"] == []
    (warning,) = report["warnings"]
    assert warning.startswith("content/articles/odd.md:4: unknown field `sumary`")
    site.write({"layouts/tags.html": "{{ nothing }}"})
    code, printed, _ = command(site.root, "--json")
    failed = json.loads(printed)
    assert code == 1
    assert failed.keys() == KEYS
    assert len(failed["errors"]) == 1
    assert not any(failed[key] for key in KEYS - {"errors", "warnings"})


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 0),
        (["--jobs", "0"], 2),
        (["--jobs", "many"], 2),
        (["--at", "soon"], 2),
        (["--root", "nowhere"], 2),
        (["--nonsense"], 2),
        (["--output", "content"], 1),
    ],
)
def test_exit_codes(site: SmallSite, arguments: list[str], code: int) -> None:
    assert command(site.root, *arguments)[0] == code
