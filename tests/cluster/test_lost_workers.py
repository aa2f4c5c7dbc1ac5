"""Workers and schedulers that go away while a build needs them."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from support.breakpoints import Breakpoint
from support.builds import clean_outputs, differing
from support.clusters import IMPATIENT, DaskCluster, Gate, assert_nothing_is_left, waited
from support.sites import LONG, SmallSite, command, started

pytestmark = pytest.mark.long

LONG_RUN = bool(os.environ.get("BROADSHEET_LONG"))
READING = Breakpoint("content/texts.py read_text", number=40)
STAGING = Breakpoint("output/writer.py stage", number=3)
STAGED = Breakpoint("output/writer.py stage", number=3, left=True)
WAYS = (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP)


def ended(build: "subprocess.Popen[str]") -> tuple[int, str]:
    """The exit code of a build, and what it said."""
    _, shown = build.communicate(timeout=LONG)
    return build.returncode, shown


@pytest.mark.parametrize("point", [READING, STAGING, STAGED] if LONG_RUN else [STAGING])
def test_what_a_lost_worker_did_is_done_again_elsewhere(
    archive: SmallSite, own: DaskCluster, tmp_path: Path, point: Breakpoint
) -> None:
    gate = Gate(tmp_path / "gate", point)
    lost = own.worker(gate.variables)
    with started(archive.root, "--cluster", own.scheduler.address) as build:
        gate.wait()
        own.worker()
        lost.end()
        assert ended(build)[0] == 0
    assert differing(archive.outputs(), clean_outputs(archive)) == []
    assert_nothing_is_left(archive)


@pytest.mark.parametrize("point", [READING, STAGING] if LONG_RUN else [READING])
def test_a_build_without_workers_ends_after_a_while(
    archive: SmallSite, own: DaskCluster, tmp_path: Path, point: Breakpoint
) -> None:
    archive.build()
    before = archive.outputs()
    archive.write({"layouts/partials/footer.html": "<footer>Other</footer>"})
    gate = Gate(tmp_path / "gate", point)
    lost = own.worker(gate.variables)
    arguments = "--clean", "--cluster", own.scheduler.address
    with started(archive.root, *arguments, **IMPATIENT) as build:
        gate.wait()
        lost.end()
        code, shown = ended(build)
    assert code == 1
    assert shown.splitlines() == [
        f"{own.scheduler.address}: the scheduler has had no worker for 3 s; start workers, and"
        " build again",
        "Nothing was built: 1 error.",
    ]
    assert archive.outputs() == before
    assert_nothing_is_left(archive)


@pytest.mark.parametrize("how", WAYS if LONG_RUN else WAYS[:1])
@pytest.mark.parametrize("point", [READING, STAGING] if LONG_RUN else [STAGING])
def test_a_build_ends_when_the_scheduler_goes_away(
    archive: SmallSite,
    own: DaskCluster,
    tmp_path: Path,
    point: Breakpoint,
    how: signal.Signals,
) -> None:
    archive.build()
    before = archive.outputs()
    archive.write({"layouts/partials/footer.html": "<footer>Other</footer>"})
    gate = Gate(tmp_path / "gate", point)
    own.worker(gate.variables)
    address = own.scheduler.address
    with started(archive.root, "--clean", "--cluster", address, **IMPATIENT) as build:
        gate.wait()
        own.scheduler.signal(how)
        code, shown = ended(build)
    assert code == 1
    assert shown.splitlines() == [
        f"{address}: the scheduler has gone away, or does not answer; look at its log, and build"
        " again: the site is as it was",
        "Nothing was built: 1 error.",
    ]
    assert archive.outputs() == before
    assert_nothing_is_left(archive)


def test_a_scheduler_that_was_never_there(archive: SmallSite) -> None:
    code, printed, shown = command(archive.root, "--cluster", "tcp://127.0.0.1:1", **IMPATIENT)
    assert (code, printed) == (1, "")
    assert shown.splitlines() == [
        "tcp://127.0.0.1:1: no scheduler answers there within 3 s; start it, or mend the address",
        "Nothing was built: 1 error.",
    ]
    assert_nothing_is_left(archive)
    assert not archive.public.exists()


@pytest.mark.skipif(not LONG_RUN, reason="takes long: BROADSHEET_LONG=1 runs it")
def test_a_scheduler_whose_name_nobody_knows(archive: SmallSite) -> None:
    address = "tcp://nowhere.invalid:8786"
    code, _, shown = command(archive.root, "--cluster", address, **IMPATIENT)
    assert code == 1 and shown.startswith(f"{address}: no scheduler answers there within 3 s")
    assert "Traceback" not in shown


@pytest.mark.skipif(not LONG_RUN, reason="takes long: BROADSHEET_LONG=1 runs it")
def test_a_scheduler_that_never_had_a_worker(archive: SmallSite, own: DaskCluster) -> None:
    code, _, shown = command(archive.root, "--cluster", own.scheduler.address, **IMPATIENT)
    assert code == 1 and "has had no worker for 3 s; start workers, and build again" in shown


@pytest.mark.skipif(not LONG_RUN, reason="takes long: BROADSHEET_LONG=1 runs it")
def test_what_kills_each_worker_ends_the_build(archive: SmallSite, tmp_path: Path) -> None:
    strict = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    gate = Gate(tmp_path / "gate", READING)
    with DaskCluster(tmp_path / "strict", strict) as dask:
        dask.start()
        lost = dask.worker(gate.variables)
        with started(archive.root, "--cluster", dask.scheduler.address) as build:
            gate.wait()
            dask.worker()
            lost.end()
            code, shown = ended(build)
    assert code == 1
    assert shown.splitlines()[0] == (
        f"{lost.address}: 1 workers were lost at the same work, this one last; look at their logs:"
        " their memory may not suffice"
    )
    assert_nothing_is_left(archive)


@pytest.mark.skipif(not LONG_RUN, reason="takes long: BROADSHEET_LONG=1 runs it")
def test_a_process_that_the_system_ends_is_replaced(
    archive: SmallSite, own: DaskCluster, tmp_path: Path
) -> None:
    gate = Gate(tmp_path / "gate", READING)
    own.worker(gate.variables)
    with started(archive.root, "--cluster", own.scheduler.address) as build:
        gate.wait()
        gate.kill()
        gate.open()
        assert ended(build)[0] == 0
    assert differing(archive.outputs(), clean_outputs(archive)) == []


def test_ctrl_c_ends_a_build_and_what_works_for_it(
    archive: SmallSite, own: DaskCluster, tmp_path: Path
) -> None:
    gate = Gate(tmp_path / "gate", STAGING)
    own.worker(gate.variables)
    with started(archive.root, "--cluster", own.scheduler.address) as build:
        gate.wait()
        build.send_signal(signal.SIGINT)
        assert ended(build) == (1, "\nStopped: the built site is as it was.\n")
        waited(gate.is_left, "the end of the process at the breakpoint")
    assert_nothing_is_left(archive)
    gate.open()
    assert command(archive.root, "--cluster", own.scheduler.address)[0] == 0
    assert differing(archive.outputs(), clean_outputs(archive)) == []


@pytest.mark.skipif(not LONG_RUN, reason="takes long: BROADSHEET_LONG=1 runs it")
def test_a_killed_build_is_worked_for_no_longer(
    archive: SmallSite, own: DaskCluster, tmp_path: Path
) -> None:
    gate = Gate(tmp_path / "gate", STAGING)
    own.worker(gate.variables)
    with started(archive.root, "--cluster", own.scheduler.address) as build:
        gate.wait()
        build.kill()
        waited(gate.is_left, "the end of the process at the breakpoint")
    gate.open()
    assert command(archive.root, "--cluster", own.scheduler.address)[0] == 0
    assert differing(archive.outputs(), clean_outputs(archive)) == []
    assert_nothing_is_left(archive)
