"""The executor of a cluster, on the machine that builds.

Tasks go to Dask Distributed by its own `concurrent.futures` interface. A worker that is lost is no
loss: its tasks are done again elsewhere. Where nobody is left to do them, or nobody answers, each
task that waits ends in a `SiteError`.
"""

import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, InvalidStateError, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar
from uuid import uuid4

from distributed import KilledWorker

from generator.cluster.process import TOKEN, Identity, Place, identity
from generator.cluster.scheduler import Scheduler
from generator.cluster.worker import Answer
from generator.config import CONTENT
from generator.errors import Problem, SiteError, fault, raise_errors, said
from generator.state.damaged import clear_away, unusable
from generator.workers import Workers

P = ParamSpec("P")
T = TypeVar("T")

_LARGE = 1_000_000
"""Bytes of an array from which on it is put down for the workers, and not sent to each."""
_FIRST = 1
"""The priority of what takes no time; that of other tasks is 0."""
_PARTING = 3.0
"""Seconds that workers have to end their processes when a build is over."""


class Cluster(Workers):
    """The workers that a scheduler knows, asked for at the `start`.

    `scratch` is a folder for what is put down for them; it is made, and taken away again.
    """

    def __init__(self, address: str, scratch: Path) -> None:
        self._scheduler = Scheduler(address, self._lose)
        self._scratch = scratch.absolute()
        self._build = uuid4().hex
        self._places: tuple[Place, ...] = ()
        self._waiting: set[Future[Any]] = set()
        self._lost: SiteError | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    @property
    def are_here(self) -> bool:
        return False

    @property
    def jobs(self) -> int:
        """Return how many threads the workers have together."""
        return max(1, sum(self._scheduler.threads.values()))

    def start(self) -> None:
        """Ask for the workers, and have them prove that they can work for this site.

        They must be of this very version, and find the site's folder as it is here; those that
        join later prove it before their first task. Raises `SiteError` with all that cannot.
        """
        self._open.enter_context(self._scheduler)
        self._executor = self._scheduler.executor()
        clear_away(self._scratch)  # a killed build left it
        self._open.callback(clear_away, self._scratch)
        self._open.callback(self._stop)
        self._reach(self._scratch)

    @contextmanager
    def reaching(self, folder: Path) -> Iterator[None]:
        """Have all workers prove that they find a folder, and can write there.

        Where the block ends in an error, they end what they are doing.
        """
        self._reach(folder)
        try:
            yield
        except BaseException:
            self._stop()
            raise

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        arrays: list[str] = []
        put_down = partial(self._put_down, arrays)
        work = pickle.dumps((fn, args, kwargs), 5, buffer_callback=put_down)
        return self._submit(work, arrays)

    def _reach(self, folder: Path) -> None:
        token = uuid4().hex
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / TOKEN).write_text(token, "ascii")
        except OSError as error:
            raise SiteError([unusable(folder / TOKEN, error)]) from error
        self._places += ((str(folder.absolute()), token),)
        proofs = [self._submit(_NOTHING, (), worker) for worker in self._scheduler.threads]
        given, missing = wait(proofs, self._scheduler.patience)
        for proof in missing:  # a worker that is busy proves itself when its turn comes
            proof.cancel()
        refused = filter(None, (proof.exception() for proof in given))
        raise_errors(problem for error in refused for problem in _problems(error))

    def _submit(self, work: bytes, arrays: Sequence[str], worker: str = "") -> Future[Any]:
        """Have some work done, by one worker if one is named."""
        future: Future[Any] = Future()
        demands = self._build, identity().code, self._places, os.getcwd()  # noqa: PTH109
        try:
            sent = self._sent("perform", *demands, work, tuple(arrays), worker=worker)
        except Exception:  # Dask has closed the connection by itself
            future.set_exception(self._lost or self._scheduler.is_gone())
            return future
        self._waiting.add(future)
        future.add_done_callback(partial(self._let_go, sent))
        sent.add_done_callback(partial(self._end, future, worker))
        if self._lost:
            self._lose(self._lost)
        return future

    def _sent(self, function: str, *given: Any, worker: str = "") -> Future[Any]:
        """Have a function of the module `worker` called, by one worker if one is named.

        It goes as a text: who is sent a function that he cannot import ends himself, says Dask.
        """
        call = f"__import__({_WORKER!r}, fromlist=['']).{function}(*given)"
        how: dict[str, Any] = {"key": f"broadsheet-{uuid4().hex}"}
        if worker:
            how |= {"workers": [worker], "priority": _FIRST}
        return self._executor.submit(eval, call, {"given": given}, **how)

    def _put_down(self, arrays: list[str], array: pickle.PickleBuffer) -> bool:
        """Put a large array into a file, once, and note that; return whether it is to be sent."""
        with array.raw() as data:
            if data.nbytes < _LARGE:
                return True
            file = self._scratch / blake2b(data, digest_size=16).hexdigest()
            if not file.exists():
                file.write_bytes(data)
        arrays.append(str(file))
        return False

    def _let_go(self, sent: Future[Answer], future: Future[Any]) -> None:
        self._waiting.discard(future)
        if future.cancelled():
            sent.cancel()

    def _end(self, future: Future[Any], worker: str, sent: Future[Answer]) -> None:
        """Have a future end as the task that was sent for it, if anybody still waits for it."""
        with suppress(InvalidStateError):
            try:
                address, came = sent.result()
            except Exception as error:
                future.set_exception(self._told(error, worker))
            else:
                self._settle(future, address, came)

    def _settle(self, future: Future[Any], worker: str, came: Any) -> None:
        """Give a future what came of its task at a worker."""
        if isinstance(came, bytes):
            value, mistake = pickle.loads(came)  # noqa: S301 (from a process of ours)
            future.set_exception(mistake) if mistake else future.set_result(value)
        elif isinstance(came, str):
            what = f"this worker does not find {came} as it is here, or cannot write there"
            remedy = "mount the site's folder there, at the same path"
            future.set_exception(self._scheduler.error(what, remedy, worker))
        else:
            theirs, ours = Identity(*came), identity()
            there, here = _told_apart(theirs, ours), _told_apart(ours, theirs)
            what = f"this worker has {there}, and here is {here}"
            remedy = "install there what is installed here"
            future.set_exception(self._scheduler.error(what, remedy, worker))

    def _told(self, error: Exception, worker: str) -> Exception:
        """Return the error to be told where Dask has raised one."""
        if isinstance(error, CancelledError):
            return self._lost or self._scheduler.is_gone()
        if isinstance(error, BrokenProcessPool):
            return error
        if isinstance(error, KilledWorker):
            what = f"{error.allowed_failures + 1} workers were lost at the same work, this one last"
            remedy = "look at their logs: their memory may not suffice"
            return self._scheduler.error(what, remedy, error.last_worker.address)
        what = f"{'this' if worker else 'a'} worker cannot work for Broadsheet ({said(error)})"
        return self._scheduler.error(what, "install there what is installed here", worker)

    def _lose(self, error: SiteError) -> None:
        """Have all that waits end in an error, and all that comes."""
        self._lost = error
        for future in [*self._waiting]:
            with suppress(InvalidStateError):
                future.set_exception(error)

    def _stop(self) -> None:
        """Cancel all that is not done, and have the processes that work for this build end."""
        for future in [*self._waiting]:
            future.cancel()
        if not self._lost:
            with suppress(Exception):  # nobody may be there any more
                parting = [
                    self._sent("dismiss", self._build, worker=worker)
                    for worker in self._scheduler.threads
                ]
                wait(parting, _PARTING)


_NOTHING = pickle.dumps((int, (), {}))
"""Work that takes no time."""
_WORKER = "generator.cluster.worker"


def _told_apart(one: Identity, other: Identity) -> str:
    """Say the versions of one machine so that they are told apart from another's."""
    versions = f"Broadsheet {one.broadsheet} with Python {one.python}"
    is_same = (one.broadsheet, one.python) == (other.broadsheet, other.python)
    return f"{versions}, code and libraries {one.code[:8]}" if is_same else versions


def _problems(error: BaseException) -> list[Problem]:
    return error.problems if isinstance(error, SiteError) else [fault(CONTENT, error)]
