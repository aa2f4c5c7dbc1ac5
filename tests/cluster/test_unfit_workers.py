"""Workers that cannot work for a site: of another version, or without a view of its folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator import __version__
from support.breakpoints import Breakpoint
from support.builds import clean_outputs, differing
from support.clusters import DaskCluster, Gate, assert_nothing_is_left, waited
from support.sites import LONG, REPOSITORY, SmallSite, command, started

pytestmark = pytest.mark.long

LONG_RUN = bool(os.environ.get("BROADSHEET_LONG"))
PYTHON = ".".join(map(str, sys.version_info[:3]))
READING = Breakpoint("content/texts.py read_text", number=3)


def copied(folder: Path, replaced: dict[str, str]) -> dict[str, str]:
    """The variables by which a worker has a copy of Broadsheet, in which something is replaced."""
    left = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "generator", folder / "generator", ignore=left)
    for name, text in replaced.items():
        (folder / "generator" / name).write_text(text)
    return {"PYTHONPATH": str(folder)}


@pytest.fixture
def older(tmp_path: Path) -> dict[str, str]:
    """The variables of a worker that has another version of Broadsheet."""
    return copied(tmp_path / "older", {"__init__.py": '"""Older."""\n\n__version__ = "0.0.7"\n'})


@pytest.fixture
def amended(tmp_path: Path) -> dict[str, str]:
    """The variables of a worker whose Broadsheet somebody has changed."""
    return copied(tmp_path / "amended", {"more.py": "MORE = 1\n"})


def blind(folder: Path) -> list[str]:
    """The command that runs another one in a mount namespace, in which a folder is empty."""
    if os.geteuid() != 0:
        pytest.skip("only root may hide a folder from a process")
    hides = f'mount -t tmpfs tmpfs "{folder}" && exec "$@"'
    through = ["unshare", "--mount", "sh", "-c", hides, "sh"]
    tried = subprocess.run([*through, "true"], capture_output=True)
    if tried.returncode:
        pytest.skip(f"no folder can be hidden here: {tried.stderr!r}")
    return through


def assert_refused(site: SmallSite, done: tuple[int, str, str], told: list[str]) -> None:
    code, printed, shown = done
    assert (code, printed) == (1, "")
    number = "1 error" if len(told) == 1 else f"{len(told)} errors"
    assert shown.splitlines() == [*sorted(told), f"Nothing was built: {number}."]
    assert not site.public.exists()
    assert_nothing_is_left(site)


def test_workers_of_another_version_are_refused_by_name(
    archive: SmallSite, own: DaskCluster, older: dict[str, str], tmp_path: Path
) -> None:
    own.worker()
    others = own.worker(older), own.worker(older)
    done = command(archive.root, "--cluster", own.scheduler.address)
    versions = (
        f"this worker has Broadsheet 0.0.7 with Python {PYTHON}, and here is Broadsheet"
        f" {__version__} with Python {PYTHON}; install there what is installed here"
    )
    assert_refused(archive, done, [f"{other.address}: {versions}" for other in others])


@pytest.mark.skipif(not LONG_RUN, reason="takes long: BROADSHEET_LONG=1 runs it")
def test_a_worker_with_other_code_of_the_same_version_is_refused(
    archive: SmallSite, own: DaskCluster, amended: dict[str, str]
) -> None:
    worker = own.worker(amended)
    code, _, shown = command(archive.root, "--cluster", own.scheduler.address)
    assert code == 1 and not archive.public.exists()
    assert shown.startswith(
        f"{worker.address}: this worker has Broadsheet {__version__} with Python {PYTHON}, code and"
        " libraries "
    )


@pytest.mark.parametrize("threads", [1, 3] if LONG_RUN else [3])
def test_a_worker_of_another_version_that_joins_later_is_refused(
    archive: SmallSite, own: DaskCluster, older: dict[str, str], tmp_path: Path, threads: int
) -> None:
    gate = Gate(tmp_path / "gate", READING)
    own.worker(gate.variables)
    with started(archive.root, "--cluster", own.scheduler.address) as build:
        gate.wait()
        other = own.worker(older, threads=threads)
        waited(lambda: other.has_worked(), "work for the other worker")
        gate.open()
        _, shown = build.communicate(timeout=LONG)
    assert build.returncode == 1
    assert shown.startswith(f"{other.address}: this worker has Broadsheet 0.0.7")
    assert not archive.public.exists()
    assert_nothing_is_left(archive)


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """The variables of a worker that has no Broadsheet."""
    package = tmp_path / "bare/generator"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    return {"PYTHONPATH": str(package.parent)}


def test_a_worker_without_broadsheet_is_refused(
    archive: SmallSite, own: DaskCluster, bare: dict[str, str]
) -> None:
    worker = own.worker(bare)
    done = command(archive.root, "--cluster", own.scheduler.address)
    reason = "ModuleNotFoundError: No module named 'generator.cluster'"
    told = (
        f"{worker.address}: this worker cannot work for Broadsheet ({reason}); install there what"
        " is installed here"
    )
    assert_refused(archive, done, [told])
    assert worker.process.poll() is None


@pytest.mark.skipif(not LONG_RUN, reason="takes long: BROADSHEET_LONG=1 runs it")
def test_a_worker_without_broadsheet_that_joins_later_is_refused(
    archive: SmallSite, own: DaskCluster, bare: dict[str, str], tmp_path: Path
) -> None:
    gate = Gate(tmp_path / "gate", READING)
    own.worker(gate.variables)
    with started(archive.root, "--cluster", own.scheduler.address) as build:
        gate.wait()
        other = own.worker(bare)
        waited(lambda: "Compute Failed" in other.log.read_text(), "work for the other worker")
        gate.open()
        _, shown = build.communicate(timeout=LONG)
    assert build.returncode == 1
    assert "a worker cannot work for Broadsheet (ModuleNotFoundError: " in shown


@pytest.mark.skipif(not LONG_RUN, reason="takes long: BROADSHEET_LONG=1 runs it")
def test_the_scheduler_needs_no_broadsheet(
    archive: SmallSite, bare: dict[str, str], tmp_path: Path
) -> None:
    with DaskCluster(tmp_path / "dask", bare) as dask:
        address = dask.start()
        dask.worker({"PYTHONPATH": str(REPOSITORY)})
        assert command(archive.root, "--cluster", address)[0] == 0
    assert differing(archive.outputs(), clean_outputs(archive)) == []


def test_a_worker_that_does_not_see_the_site_is_refused(
    archive: SmallSite, own: DaskCluster
) -> None:
    own.worker()
    worker = own.worker(through=blind(archive.root))
    done = command(archive.root, "--cluster", own.scheduler.address)
    told = (
        f"{worker.address}: this worker does not find {archive.root}/.broadsheet/cluster as it is"
        " here, or cannot write there; mount the site's folder there, at the same path"
    )
    assert_refused(archive, done, [told])


@pytest.mark.skipif(not LONG_RUN, reason="takes long: BROADSHEET_LONG=1 runs it")
def test_a_worker_that_sees_another_folder_at_the_path_of_the_output_is_refused(
    archive: SmallSite, own: DaskCluster, tmp_path: Path
) -> None:
    output = tmp_path / "www"
    output.mkdir()
    worker = own.worker(through=blind(output))
    arguments = "--output", str(output), "--cluster", own.scheduler.address
    code, _, shown = command(archive.root, *arguments)
    assert code == 1
    assert shown.startswith(
        f"{worker.address}: this worker does not find {output}/.broadsheet-staging as it is here"
    )
    assert list(output.iterdir()) == [] if output.exists() else True
    assert_nothing_is_left(archive)


@pytest.mark.skipif(not LONG_RUN, reason="takes long: BROADSHEET_LONG=1 runs it")
def test_a_blind_worker_that_joins_later_is_refused(
    archive: SmallSite, own: DaskCluster, tmp_path: Path
) -> None:
    gate = Gate(tmp_path / "gate", READING)
    own.worker(gate.variables)
    with started(archive.root, "--cluster", own.scheduler.address) as build:
        gate.wait()
        other = own.worker(through=blind(archive.root))
        waited(lambda: other.has_worked(), "work for the other worker")
        gate.open()
        _, shown = build.communicate(timeout=LONG)
    assert build.returncode == 1
    assert shown.startswith(f"{other.address}: this worker does not find {archive.root}")


def test_a_worker_may_see_the_site_under_another_user_that_may_not_write(
    archive: SmallSite, own: DaskCluster
) -> None:
    """It is told at the start, not at the first page."""
    if os.geteuid() != 0:
        pytest.skip("only root can take away what root may")
    reads = f'mount --bind "{archive.root}" "{archive.root}" && mount -o remount,bind,ro "$0" && '
    through = ["unshare", "--mount", "sh", "-c", reads + 'exec "$@"', str(archive.root)]
    if subprocess.run([*through, "true"], capture_output=True).returncode:
        pytest.skip("no folder can be mounted here")
    worker = own.worker(through=through)
    code, _, shown = command(archive.root, "--cluster", own.scheduler.address)
    assert code == 1 and shown.startswith(f"{worker.address}: this worker does not find ")


@pytest.mark.skipif(not LONG_RUN, reason="takes long: BROADSHEET_LONG=1 runs it")
def test_relative_paths_are_those_of_the_build(
    archive: SmallSite, cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with started(archive.root, "--root", ".", "--output", "www", "--cluster", cluster) as build:
        _, shown = build.communicate(timeout=LONG)
    assert build.returncode == 0, shown
    (archive.root / "www").rename(archive.public)
    assert differing(archive.outputs(), clean_outputs(archive)) == []
