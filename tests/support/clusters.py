"""A real cluster: a scheduler and workers of Dask, as processes that are reached over TCP."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from support.breakpoints import PATHS, Breakpoint
from support.sites import LONG, SmallSite

IMPATIENT = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "3s"}
"""With this a build waits for nobody longer than a few seconds."""
STORIES = 150
"""So many are more than are read without a worker."""
NOTHING: Mapping[str, str] = MappingProxyType({})


def waited(until: Callable[[], object], what: str) -> None:
    """Wait until something is the case."""
    deadline = time.monotonic() + LONG
    while not until():
        assert time.monotonic() < deadline, f"{what} never came about"
        time.sleep(0.05)


class Machine(NamedTuple):
    """A process of the cluster, and the file that it logs to."""

    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def address(self) -> str:
        """Where a worker or scheduler is reached."""
        found = re.findall(r"(?:worker|Scheduler) at: +'?(\w+://[^\s']+)", self.log.read_text())
        return str(found[-1])

    def is_registered(self) -> bool:
        """Whether the scheduler knows a worker."""
        assert self.process.poll() is None, self.log.read_text()
        return "Registered to:" in self.log.read_text()

    def has_worked(self) -> bool:
        """Whether a worker has had a process of Broadsheet, which then waits for more to do."""
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return any(file.read_text().split() for file in children)

    def signal(self, number: int) -> None:
        """Send a signal to all its processes."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def end(self) -> None:
        self.signal(signal.SIGKILL)
        self.process.wait(LONG)


class DaskCluster:
    """A scheduler, and workers as they are asked for, in a folder for their logs.

    `through` is the command that each is run by, such as one that takes it into another namespace.
    """

    def __init__(self, folder: Path, variables: Mapping[str, str] = NOTHING) -> None:
        self.folder = folder
        self._variables = variables
        self._open = ExitStack()
        self._number = 0
        folder.mkdir(parents=True)

    def __enter__(self) -> "DaskCluster":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def start(
        self, *options: str, through: Sequence[str] = (), host: str = "tcp://127.0.0.1"
    ) -> str:
        """Start the scheduler; return its address."""
        where = ("--host", host, "--port", "0", "--dashboard-address", "127.0.0.1:0")
        command = "dask_scheduler", *where, *options
        self.scheduler = self._run("scheduler", command, through, NOTHING)
        waited(lambda: "Scheduler at:" in self.scheduler.log.read_text(), "a scheduler")
        return self.scheduler.address

    def worker(
        self,
        variables: Mapping[str, str] = NOTHING,
        *options: str,
        through: Sequence[str] = (),
        threads: int = 1,
        host: str = "tcp://127.0.0.1",
    ) -> Machine:
        """Start a worker, and wait until the scheduler knows it."""
        self._number += 1
        name = f"worker-{self._number}"
        place = "--local-directory", str(self.folder / name), "--host", host.partition("://")[2]
        command = self.scheduler.address, "--nthreads", str(threads), "--no-nanny", *place, *options
        machine = self._run(name, ("dask_worker", *command), through, variables)
        waited(machine.is_registered, "a worker")
        return machine

    def _run(
        self,
        name: str,
        command: Sequence[str],
        through: Sequence[str],
        variables: Mapping[str, str],
    ) -> Machine:
        module, *arguments = command
        log = self.folder / f"{name}.log"
        with log.open("wb") as opened:
            process = subprocess.Popen(
                [*through, sys.executable, "-m", f"distributed.cli.{module}", *arguments],
                cwd=self.folder,
                env=os.environ | {"PYTHONPATH": PATHS, **self._variables, **variables},
                stdin=subprocess.DEVNULL,
                stdout=opened,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        machine = Machine(process, log)
        self._open.callback(machine.end)
        return machine


_WAITS = """
import json, os, sys, time
from fnmatch import fnmatchcase
from itertools import count

place = json.loads(os.environ["BROADSHEET_WAITS"])
met, known = count(1), {}

def is_meant(code):
    if code not in known:
        name = f"/{code.co_filename} {code.co_qualname}"
        known[code] = fnmatchcase(name, f"*/{place['function']}")
    return known[code]

def look(frame, what, _):
    if what == place["event"] and is_meant(frame.f_code) and next(met) == place["number"]:
        sys.setprofile(None)
        open(os.path.join(place["folder"], f"met-{os.getpid()}"), "x").close()
        while os.path.exists(os.path.join(place["folder"], "closed")):
            time.sleep(0.02)

sys.setprofile(look)
"""


class Gate:
    """A breakpoint at which the processes of a worker wait, until it is opened.

    `variables` are those of the worker.
    """

    def __init__(self, folder: Path, point: Breakpoint) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        (folder / "sitecustomize.py").write_text(_WAITS)
        (folder / "closed").touch()
        place = {
            "function": point.function,
            "number": point.number,
            "event": "return" if point.left else "call",
            "folder": str(folder),
        }
        paths = os.pathsep.join([str(folder), PATHS])
        self.variables = {"BROADSHEET_WAITS": json.dumps(place), "PYTHONPATH": paths}

    def is_met(self) -> list[int]:
        """The processes that have come there."""
        return [int(file.name.removeprefix("met-")) for file in self.folder.glob("met-*")]

    def wait(self) -> None:
        """Wait until somebody is there."""
        waited(self.is_met, "the breakpoint")

    def is_left(self) -> bool:
        """Whether all that have come there have ended."""
        return not any(Path(f"/proc/{process}").exists() for process in self.is_met())

    def kill(self) -> None:
        """End those that have come there, as a system does that is short of memory."""
        for process in self.is_met():
            os.kill(process, signal.SIGKILL)

    def open(self) -> None:
        """Let those go on that wait, and let all pass that come."""
        (self.folder / "closed").unlink()


def assert_nothing_is_left(site: SmallSite) -> None:
    """Nothing lies about of a build that is over."""
    assert not (site.public / ".broadsheet-staging").exists()
    assert not (site.root / ".broadsheet/cluster").exists()
