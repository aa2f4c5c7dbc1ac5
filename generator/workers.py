"""Where work goes: a `concurrent.futures.Executor`, in this process or in a pool of them."""

import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from itertools import chain, islice, pairwise
from multiprocessing.connection import wait
from queue import SimpleQueue
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A")

_SELDOM = (100_000, 20, 100)
"""Thresholds of the garbage collector: a worker lives long, and its layouts may make circles."""
_MUCH = 2048
"""Things to do for which it pays to send all that is known of them to other processes."""
_FEW = 4
"""Chunks that are worth starting processes for."""


def default_jobs() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def without_collector() -> Iterator[None]:
    """Values are frozen and form no circles: to look for some again and again is a waste.

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
    """Never search what is there now for circles, and what comes only seldom."""
    gc.freeze()
    gc.set_threshold(*_SELDOM)


def pool(jobs: int) -> Executor:
    """An executor of so many processes; with one job, the work is done here.

    So it is where the system has no semaphores to spare, without which there is no pool.
    """
    if jobs > 1:
        with suppress(OSError):
            return Pool(jobs)
    return Here()


class Pool(ProcessPoolExecutor):
    """So many processes, each made ready for work of ours."""

    def __init__(self, jobs: int) -> None:
        super().__init__(jobs, initializer=_begin)
        self.jobs = jobs


class Lane(Executor):
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


class Here(Executor):
    """The executor that does the work at once, in this very process."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def spread(
    executor: Executor, task: Callable[[list[A]], T], items: Iterable[A], size: int
) -> Iterator[T]:
    """`task` of each `size` items, in their order.

    Few chunks are under way at once, so a long iterable is never held whole in memory. So
    few items that starting processes would take longer than the work are done here.
    """
    ahead = 4 * default_jobs()
    parts = chunks(items, size)
    first = list(islice(parts, _FEW))
    if len(first) < _FEW:
        executor = Here()
    under_way: deque[Future[T]] = deque()
    for chunk in chain(first, parts):
        under_way.append(executor.submit(task, chunk))
        if len(under_way) > ahead:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()


def chunks(items: Iterable[A], size: int) -> Iterator[list[A]]:
    """The items in lists of `size`; the last may be shorter."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def _begin() -> None:
    """Make a new worker ready. What it inherits, and what is young, is not searched for circles."""
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


HERE = Here()


def shares(executor: Executor, size: int) -> list[range]:
    """So many things parted among the processes; one part of all where there are few."""
    jobs = executor.jobs if isinstance(executor, Pool) and size >= _MUCH else 1
    edges = [size * part // jobs for part in range(jobs + 1)]
    return [range(begin, end) for begin, end in pairwise(edges)]
