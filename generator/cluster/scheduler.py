"""A connection to the scheduler of a cluster, which is looked at as long as it is open."""

import logging
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager, suppress
from types import TracebackType
from typing import Self

import dask
from dask.utils import parse_timedelta
from distributed import Client, Security

from generator.codes import Code
from generator.errors import Problem, SiteError, said

_OFTEN = 1.0
"""Seconds between two looks."""
_PARTING = 3.0
"""Seconds that a connection has to be closed in an orderly manner."""
_TRIES = 3
"""So often a task is done again whose process has ended: others of the machine may be to blame."""


class _Client(Client):
    """A client that is closed by whoever made it, and never by itself.

    Dask's own would do so as it vanishes, and wait for what was never there, and say that.
    """

    def __del__(self) -> None:
        pass


class Scheduler:
    """The connection to the scheduler at an address; it raises `SiteError` if there is none.

    `lost` is called, in another thread, with the error of a scheduler that does not answer any
    more, or has no workers any more, for longer than Dask waits for a connection: that is its own
    setting `distributed.comm.timeouts.connect`. `threads` are those of its workers, by address.
    """

    def __init__(self, address: str, lost: Callable[[SiteError], None]) -> None:
        self.address = address
        self.patience = 0.0
        self.threads: dict[str, int] = {}
        self._lost = lost
        self._over = threading.Event()
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._open.enter_context(_quiet())
        with self._open:
            self._client = self._connected()
            self._open.callback(self._close)
            self._wait_for_workers()
            self._open = self._open.pop_all()
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._open.close()

    def executor(self) -> Executor:
        """Return Dask's executor of all its workers; it takes `workers` for a task as well."""
        made: Executor = self._client.get_executor(pure=False, retries=_TRIES)
        return made

    def error(self, what: str, remedy: str, place: str = "") -> SiteError:
        """Return the error of something that is wrong with it, or with a worker at a place."""
        return SiteError([Problem(place or self.address, 0, what, remedy, code=Code.CLUSTER)])

    def is_gone(self) -> SiteError:
        """Return the error of a scheduler that was there."""
        return self.error("the scheduler has gone away, or does not answer", _AGAIN)

    def _connected(self) -> Client:
        try:
            self.patience = parse_timedelta(dask.config.get(_PATIENCE))
            self._check_certificates()
            return _Client(self.address, timeout=self.patience, set_as_default=False)  # type: ignore[no-untyped-call]
        except SiteError:
            raise
        except OSError as error:
            what = f"no scheduler answers there within {self.patience:g} s"
            raise self.error(what, "start it, or mend the address") from error
        except Exception as error:  # what else the settings of Dask are about
            what = f"the scheduler cannot be asked ({said(error)})"
            raise self.error(what, "mend the settings of Dask (distributed.comm)") from error

    def _check_certificates(self) -> None:
        """Raise `SiteError` where there are none to be shown: Dask notices that too late."""
        if not self.address.startswith("tls:") or dask.config.get(_LOADER, None):
            return
        reason = "none is set"
        try:
            if Security().get_connection_args("client").get("ssl_context"):
                return
        except (OSError, TypeError, ValueError) as error:
            reason = said(error)
        what = f"there is no certificate to be shown to this scheduler: {reason}"
        raise self.error(what, "name it in the settings of Dask (distributed.comm.tls)")

    def _wait_for_workers(self) -> None:
        began = time.monotonic()
        while not self._looked():
            if time.monotonic() - began > self.patience:
                raise self._deserted()
            time.sleep(_OFTEN / 10)

    def _watch(self) -> None:
        """Look at the scheduler again and again, until all is over or lost."""
        seen = time.monotonic()
        try:
            while not self._over.wait(_OFTEN):
                if self._looked():
                    seen = time.monotonic()
                elif time.monotonic() - seen > self.patience:
                    raise self._deserted()
        except SiteError as error:
            self._lost(error)

    def _looked(self) -> bool:
        """Ask for the workers; return whether there are any."""
        try:
            asked = self._client.scheduler.ncores  # type: ignore[union-attr]
            self.threads = self._client.sync(asked, callback_timeout=self.patience)
        except Exception as error:  # whatever Dask makes of a connection that is cut
            raise self.is_gone() from error
        return bool(self.threads)

    def _deserted(self) -> SiteError:
        what = f"the scheduler has had no worker for {self.patience:g} s"
        return self.error(what, "start workers, and build again")

    def _close(self) -> None:
        with suppress(Exception):  # nobody may be there any more
            self._client.close(timeout=_PARTING)


_PATIENCE = "distributed.comm.timeouts.connect"
"""The setting for the seconds of `patience`."""
_LOADER = "distributed.client.security-loader"
"""The setting that names what gives certificates in another way."""
_AGAIN = "look at its log, and build again: the site is as it was"


@contextmanager
def _quiet() -> Iterator[None]:
    """Have Dask log nothing and warn of nothing: what concerns an editor is told as a problem."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="distributed|dask|tornado")
            yield
    finally:
        logging.disable(before)
