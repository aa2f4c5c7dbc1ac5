"""The real command, alone and several at once: killed, in parallel, its report and its codes."""

import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from generator.output.inventory import read_inventory
from generator.state.lock import locked
from support.breakpoints import Breakpoint
from support.builds import (
    PUTTING_OUT,
    assert_digests_are_noted,
    clean_outputs,
    clean_tree,
    copy_of,
    differing,
    killed,
    tree,
)
from support.sites import LONG, NOW, SmallSite, command, started

pytestmark = pytest.mark.long

KEYS = {
    "articles",
    "complete",
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

STORIES = 200


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


@pytest.fixture
def weekly(site: SmallSite) -> SmallSite:
    """Two hundred short stories, on plain pages."""
    plain = '{{ prose(story.body).html }}{% include "partials/footer.html" %}'
    site.write({"layouts/article.html": plain})
    for n in range(STORIES):
        site.article(f"s{n}", f"Story {n}.\n\nIts end.", date=f"2025-{1 + n % 12:02}-01")
    return site


def publish(site: SmallSite, number: int) -> None:
    """Edit the site so that every page changes; stories come and go, and many get a new text."""
    site.write({"layouts/partials/footer.html": f"<footer>Edition {number}</footer>"})
    for n in range(0, STORIES, 5):
        site.article(f"s{n}", f"Story {n}.\n\nEdition {number}.", date=f"2025-{1 + n % 12:02}-01")
        site.article(f"s{n}-{number}", f"Only in {number}.", date="2024-01-01")
        (site.root / f"content/articles/s{n}-{1 - number}.md").unlink(missing_ok=True)


LONG_RUN = bool(os.environ.get("BROADSHEET_LONG"))
READING = (
    Breakpoint("content/texts.py read_text"),
    Breakpoint("content/texts.py read_text", number=40),
    Breakpoint("state/blobs.py Blobs.commit"),
    Breakpoint("state/blobs.py Blobs.commit", number=2),
    Breakpoint("state/blobs.py Blobs.commit", number=2, left=True),
)
MANY_PLACED = tuple(
    Breakpoint("output/writer.py OutputFolder._place", number) for number in (20, 140, 280)
)


@pytest.mark.skipif(
    not os.environ.get("BROADSHEET_LONG"), reason="takes half a minute: BROADSHEET_LONG=1 runs it"
)
def test_a_build_killed_at_any_moment_leaves_every_file_whole(weekly: SmallSite) -> None:
    wholes = []
    for number in (0, 1):
        publish(weekly, number)
        weekly.build(jobs=2)
        wholes.append(clean_tree(weekly))
    points = READING + PUTTING_OUT + MANY_PLACED
    for number, point in enumerate(points if LONG_RUN else points[1::7]):
        publish(weekly, number % 2)
        if point in READING:
            shutil.rmtree(weekly.root / ".broadsheet/blobs")  # it knows both editions
        assert killed(weekly, point, "--at", NOW.isoformat(), "--jobs", "2"), point
        left = weekly.outputs()
        left.pop(".broadsheet")
        known = read_inventory(weekly.public)
        assert known
        for path, data in left.items():
            if not path.startswith(".broadsheet-staging/"):
                assert data in (wholes[0].get(path), wholes[1].get(path)), (path, point)
                assert path in known.files
        weekly.build()
        assert differing(tree(weekly.public), wholes[number % 2]) == [], point


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


def test_a_cache_put_back_while_the_program_runs_is_read_anew(site: SmallSite) -> None:
    site.article("a", "One.")
    site.build()
    shutil.move(site.root / ".broadsheet", site.root / "aside")
    shutil.copytree(site.root / "aside", site.root / ".broadsheet")
    site.article("a", "Two.")
    site.build()
    assert "Two." in site.text("2026/06/a/index.html")


def test_two_builds_at_once_take_turns(archive: SmallSite) -> None:
    with (
        started(archive.root, "--jobs", "2") as first,
        started(archive.root, "--jobs", "2") as second,
    ):
        for process in (first, second):
            _, shown = process.communicate(timeout=LONG)
            assert process.returncode == 0, shown
    assert archive.outputs() == clean_outputs(archive)


def test_a_build_says_that_it_waits_for_another(site: SmallSite) -> None:
    site.article("a")
    with ExitStack() as first:
        first.enter_context(locked(site.root / ".broadsheet/lock", waiting=lambda: None))
        with started(site.root) as second:
            assert second.stderr is not None
            said = second.stderr.readline()
            assert said == "Another build of this site is under way; waiting for it.\n"
            assert second.poll() is None
            assert not site.public.exists()
            first.close()
            _, shown = second.communicate(timeout=LONG)
            assert second.returncode == 0, shown
    assert site.outputs() == clean_outputs(site)


def test_jobs_hash_seeds_and_folders_make_no_difference(archive: SmallSite) -> None:
    copy = copy_of(archive, "another folder")
    first = report_of(archive.root, "--jobs", "1", PYTHONHASHSEED="1")
    second = report_of(copy.root, "--jobs", "2", PYTHONHASHSEED="77")
    assert archive.outputs() == copy.outputs()
    assert first | {"seconds": 0} == second | {"seconds": 0}
    for built in (archive, copy):
        assert_digests_are_noted(built.root, built.public)


# ------------------------------------------------------------------ the report, the codes


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_processes_may_be_started_in_any_way(archive: SmallSite, method: str) -> None:
    archive.build(jobs=1)
    alone = archive.outputs()
    script = (
        "import multiprocessing, sys; from pathlib import Path;"
        "from generator.commands.build import build;"
        f"multiprocessing.set_start_method({method!r});"
        "print(build(Path(sys.argv[1]), clean=True, jobs=2).converted)"
    )
    run = [sys.executable, "-c", script, str(archive.root)]
    done = subprocess.run(run, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == (f"{MANY}\n", "")
    assert archive.outputs() == alone


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
    assert (warning["file"], warning["line"]) == ("content/articles/odd.md", 4)
    assert warning["what"] == "unknown field `sumary`"
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


# ---------------------------------------------------------------------- what is imported


HEAVY = {"babel", "frontmatter", "jinja2", "markdown", "numpy", "yaml"}


def imported(*arguments: str) -> set[str]:
    """The modules that the command imports; the last line is its own."""
    script = (
        "import sys\nfrom generator.cli import main\n"
        f"try:\n    main({list(arguments)!r})\nfinally:\n    print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def test_the_version_is_told_without_anything_to_build_with() -> None:
    modules = imported("--version")
    assert not modules & (HEAVY | {"sqlite3", "tomllib", "concurrent.futures"})


def test_a_build_with_nothing_to_do_imports_nothing_to_do_it_with(site: SmallSite) -> None:
    site.article("a")
    assert imported("build", "--root", str(site.root)) >= {"jinja2", "numpy"}
    assert not imported("build", "--root", str(site.root)) & HEAVY
