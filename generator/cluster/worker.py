"""What a worker of a cluster does for a build: it has a process of its own do each task.

Dask finds these functions by their names, in the worker's own Broadsheet, which may be another one:
what they are given and what they return are plain values, and they tell of the version there.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import Pipe
from threading import Lock
from typing import Any

from distributed import Status, Worker, get_worker

Answer = tuple[str, Any]
"""The worker's address, and what came of a task: its value or error, as bytes; the path of a folder
that is not there what it is where the site is built; or the versions, if they are others.
"""

_OFTEN = 0.5
"""Seconds between two looks whether a task is still wanted."""
_PROGRAM = """
import sys
sys.path[:] = sys.argv[2:]
from generator.cluster.process import serve
serve(int(sys.argv[1]))
"""


def perform(
    build: str,
    code: str,
    places: Sequence[tuple[str, str]],
    cwd: str,
    work: bytes,
    arrays: Sequence[str] = (),
) -> Answer:
    """Have a process for that build do some work, and return what came of it.

    It is refused where another code version is, or one of the places is not found. Raises
    `BrokenProcessPool` if the process ends before it is done.
    """
    worker = get_worker()
    with _process(build) as process:
        if process.identity[2] != code:
            return worker.address, process.identity
        process.begin((places, cwd, work, arrays))
        while not process.has_answer(_OFTEN):
            if not _is_wanted(worker):
                process.end()
        return worker.address, process.answer()


def dismiss(build: str) -> None:
    """End the processes for a build that wait for work."""
    with _lock:
        waiting = _waiting.pop(build, [])
    for process in waiting:
        process.end()


def _is_wanted(worker: Worker) -> bool:
    """Return whether anybody waits for what this thread does: a build may be stopped, or killed."""
    task = worker.state.tasks.get(worker.get_current_task())
    return worker.status not in _ENDING and task is not None and task.state != "cancelled"


_ENDING = (Status.closing, Status.closed, Status.failed)


class _Process:
    """A process of this machine that works for one build."""

    def __init__(self) -> None:
        self._pipe, other = Pipe()
        with other:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-c", _PROGRAM, str(other.fileno()), *sys.path],
                stdin=subprocess.PIPE,
                pass_fds=(other.fileno(),),
            )
        self.identity: tuple[str, str, str] = self.answer()

    def begin(self, work: object) -> None:
        """Give it something to do."""
        try:
            self._pipe.send(work)
        except OSError as error:
            raise self._broken() from error

    def has_answer(self, seconds: float) -> bool:
        """Wait for so long; return whether there is an answer, or will be none."""
        return self._pipe.poll(seconds)

    def answer(self) -> Any:
        try:
            return self._pipe.recv()
        except (EOFError, OSError) as error:
            raise self._broken() from error

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """End it, whatever it does; whoever waits for its answer gets none."""
        self._process.kill()
        self._process.communicate()

    def _broken(self) -> BrokenProcessPool:
        self.end()
        return BrokenProcessPool(f"it ended with {self._process.returncode}")


_waiting: dict[str, list[_Process]] = {}
"""Processes without work, by the build they are for."""
_lock = Lock()


@contextmanager
def _process(build: str) -> Iterator[_Process]:
    """Yield a process for a build; one that is still there afterwards waits for more work."""
    with _lock:
        _forget_ended()
        waiting = _waiting.get(build)
        process = waiting.pop() if waiting else None
    process = process or _Process()
    yield process
    with _lock:
        _waiting.setdefault(build, []).append(process)


def _forget_ended() -> None:
    for build, processes in list(_waiting.items()):
        _waiting[build] = [process for process in processes if process.is_alive()]
        if not _waiting[build]:
            del _waiting[build]
