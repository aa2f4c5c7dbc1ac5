"""Where work goes: a `concurrent.futures.Executor`, in this process or in a pool of them.

Those of other machines are in `cluster`.
"""

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from itertools import chain, islice, pairwise
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from generator.errors import InternalError
from generator.system import (
    HAS_PROCESSOR_TIMER,
    MOST_WORKERS,
    NEEDS_TRACKER,
    give_way,
    without_interrupts,
)

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A")

_SELDOM = (100_000, 20, 100)
"""Thresholds of the garbage collector: a worker lives long, and its layouts may make circles."""
_MUCH = 2048
"""Things to do for which it pays to send all that is known of them to other processes."""
_FEW = 4
"""Chunks that are worth starting processes for."""


@contextmanager
def without_collector() -> Iterator[None]:
    """Have Python look for no circles in the block: values are frozen, and form none.

    Where layouts or libraries make some, they are few, and go when it is over.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def collect_seldom() -> None:
    """Have Python never search what is there now for circles, and what comes only seldom."""
    gc.freeze()
    gc.set_threshold(*_SELDOM)


class Workers(Executor):
    """An executor that a build works with."""

    @property
    def jobs(self) -> int:
        """Return how many things are done at once."""
        return 1

    @property
    def are_here(self) -> bool:
        """Return whether none of them works on when this process has ended."""
        return True

    def start(self) -> None:
        """Be ready, or raise `SiteError`: those of other machines may not be there, or fit."""

    @contextmanager
    def reaching(self, folder: Path) -> Iterator[None]:  # noqa: ARG002
        """Make sure that a folder is to all workers what it is here; raise `SiteError` if not.

        Where the block ends in an error, they end what they do there. Those of this machine see
        what is here, and are waited for at the end.
        """
        yield


def pool(jobs: int) -> Workers:
    """Return an executor of so many processes; with one job, the work is done here.

    So it is where the system has no semaphores to spare, without which there is no pool.
    """
    if jobs > 1:
        with suppress(OSError):
            return Pool(min(jobs, MOST_WORKERS))
    return InlineExecutor()


class Pool(ProcessPoolExecutor, Workers):
    """So many processes, each made ready for work of ours."""

    def __init__(self, jobs: int) -> None:
        super().__init__(jobs, initializer=_begin)
        self._jobs = jobs

    @property
    def jobs(self) -> int:
        return self._jobs

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        with without_interrupts():  # this starts processes
            return super().submit(fn, *args, **kwargs)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        """Wait for what is under way, unless a person has ended the work."""
        if kind is not None and not issubclass(kind, Exception):
            self.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.kill()
        return super().__exit__(kind, error, trace)


def start_spawned(process: BaseProcess) -> None:
    """Start a process of the method "spawn", to which a person's Ctrl-C means nothing."""
    if NEEDS_TRACKER:
        resource_tracker.ensure_running()  # to start it would let interrupts through again
    with without_interrupts():  # one would find the process in the midst of its imports
        process.start()


class OvertimeError(InternalError):
    """Work has taken more time than it was given."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise `OvertimeError` in the block when it has taken so many seconds of the processor.

    Those do not pass while others have it. Only the main thread of a process can be stopped, and
    not on Windows: elsewhere the block takes what it takes, see `Apart`.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not (is_main and HAS_PROCESSOR_TIMER):
        yield
        return
    _expect_end_of_time()
    signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


@cache
def _expect_end_of_time() -> None:
    """Raise `OvertimeError` at each signal of the timer, from now on: it is set for texts alone."""
    signal.signal(signal.SIGPROF, _stop)


_AGAIN = 0.25
"""Seconds until work is stopped once more that has lost the error, as callbacks do."""


def _stop(*_: object) -> None:
    raise OvertimeError


class Apart:
    """A process of its own for work that may take long; it is started when there is some.

    It lets others go first by so many steps of `niceness`.
    """

    def __init__(self, niceness: int = 0) -> None:
        self._niceness = niceness
        self._process: Any = None
        self._pipe: Connection | None = None

    def call(self, seconds: float, task: Callable[P, T], /, *args: P.args, **named: P.kwargs) -> T:
        """Return what a task gives there.

        After so many seconds the process is ended, and `OvertimeError` raised.
        """
        pipe = self._pipe or self._start()
        try:
            pipe.send((task, args, named))
            answer: tuple[T, BaseException | None] | None = None
            if pipe.poll(seconds):
                answer = pipe.recv()
        except (EOFError, OSError) as error:
            self.end()
            raise MemoryError from error  # nothing else ends a process
        if answer is None:
            self.end()
            raise OvertimeError
        value, mistake = answer
        if mistake is not None:
            raise mistake
        return value

    def end(self) -> None:
        """End the process, whatever it does."""
        process, self._process, self._pipe = self._process, None, None  # others may end it too
        if process is not None:
            process.kill()
            process.join()

    def _start(self) -> Connection:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, other = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(other, self._niceness), daemon=True)
        start_spawned(self._process)
        other.close()
        return self._pipe


def _serve(pipe: Connection, niceness: int) -> None:
    """Do one task after the other, as long as somebody asks for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who started it ends it
    give_way(niceness)
    end_with_parent()
    with suppress(EOFError):
        while True:
            task, args, named = pipe.recv()
            try:
                pipe.send((task(*args, **named), None))
            except Exception as error:
                pipe.send((None, error))


class SerialExecutor(Executor):
    """One thread that does one thing after the other, and that nobody waits for at the end."""

    def __init__(self) -> None:
        self._work: SimpleQueue[Callable[[], None]] = SimpleQueue()
        threading.Thread(target=self._run, daemon=True).start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()

        def work() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(fn(*args, **kwargs))
                except BaseException as error:
                    future.set_exception(error)

        self._work.put(work)
        return future

    def _run(self) -> None:
        while True:
            self._work.get()()


class InlineExecutor(Workers):
    """The executor that does the work at once, in this very process."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def map_chunks(
    executor: Executor, task: Callable[[list[A]], T], items: Iterable[A], size: int
) -> Iterator[T]:
    """Do a `task` with each `size` items, in their order.

    Few chunks are under way at once, so a long iterable is never held whole in memory. So
    few items that starting processes would take longer than the work are done here.
    """
    ahead = 4 * jobs_of(executor)
    parts = chunks(items, size)
    first = list(islice(parts, _FEW))
    if len(first) < _FEW:
        executor = InlineExecutor()
    under_way: deque[Future[T]] = deque()
    for chunk in chain(first, parts):
        under_way.append(executor.submit(task, chunk))
        if len(under_way) > ahead:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()


def chunks(items: Iterable[A], size: int) -> Iterator[list[A]]:
    """Yield the items in lists of `size`; the last may be shorter."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def _begin() -> None:
    """Make a new worker ready. What it inherits, and what is young, is not searched for circles.

    A person's Ctrl-C is for the process that started it, which ends it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_seldom()
    end_with_parent()


def end_with_parent() -> None:
    """End this worker when its parent is killed; left alone it would wait for work for ever."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            wait([parent.sentinel])
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


INLINE = InlineExecutor()


def shares(executor: Executor, size: int) -> list[range]:
    """Part so many things among the processes; one part of all where there are few."""
    jobs = jobs_of(executor) if size >= _MUCH else 1
    edges = [size * part // jobs for part in range(jobs + 1)]
    return [range(begin, end) for begin, end in pairwise(edges)]


def jobs_of(executor: Executor) -> int:
    """Return how many things an executor does at once."""
    return executor.jobs if isinstance(executor, Workers) else 1
