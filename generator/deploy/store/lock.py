"""One deploy at a time, on a host that can do no more than keep files.

The lock is an object that is made only if it is not there, and that its holder renews every few
seconds. One that is renewed no more was left by a deploy that was killed. No two clocks are
compared: who finds a lock looks whether it changes.
"""

import os
import platform
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Protocol
from uuid import uuid4

import msgspec

from generator.errors import Problem, SiteError

BEAT = 4.0
"""Seconds between two renewals."""
PATIENCE = 5 * BEAT
"""Seconds after which a lock that was not renewed counts as left behind."""


class Store(Protocol):
    """What the lock needs of a host. A version names one content of the object."""

    def look(self) -> tuple[bytes, str] | None:
        """The lock's content and version, if it is there."""
        ...

    def write(self, data: bytes, version: str | None) -> str | None:
        """Write it if it is of that version, None: if it is not there. The new version, or None."""
        ...

    def remove(self) -> None: ...


class Holder(msgspec.Struct, frozen=True):
    """Who has the lock: a deploy by its own name, and the process it runs in."""

    token: str
    machine: str
    process: int
    beat: int = 0


class Lease:
    """A lock that is held. `check` raises if it was lost meanwhile."""

    def __init__(self, store: Store, name: str, holder: Holder, version: str) -> None:
        self._store = store
        self._name = name
        self._holder = holder
        self._version = version
        self._renewed = time.monotonic()
        self._lost = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)
        self._thread.start()

    def check(self) -> None:
        # Who could not renew it for so long, another one may have taken it from.
        if self._lost or time.monotonic() - self._renewed > PATIENCE - BEAT:
            what = "the lock was lost: this deploy could not reach the host in time, or stood still"
            raise SiteError([Problem(self._name, 0, what, "deploy again: it goes on from here")])

    def end(self) -> None:
        self._ended.set()
        self._thread.join()
        if not self._lost:
            with suppress(SiteError):  # it will be found to be left behind
                self._store.remove()

    def _renew(self) -> None:
        while not self._ended.wait(BEAT):
            self._holder = msgspec.structs.replace(self._holder, beat=self._holder.beat + 1)
            started = time.monotonic()
            with suppress(SiteError):  # it may be reached again before the time is over
                version = self._store.write(msgspec.json.encode(self._holder), self._version)
                if version is None and not self._is_mine():
                    self._lost = True
                    return
                self._renewed = started

    def _is_mine(self) -> bool:
        """Whether the lock is still this deploy's: a renewal may have arrived unheard."""
        found = self._store.look()
        if found is None or (holder := _holder(found[0])) is None:
            return False
        self._version = found[1]
        return holder.token == self._holder.token


@contextmanager
def leased(store: Store, name: str) -> Iterator[Lease]:
    """Hold the lock, or raise `SiteError` while another deploy has it."""
    holder = Holder(uuid4().hex, platform.node(), os.getpid())
    lease = Lease(store, name, holder, _acquire(store, name, msgspec.json.encode(holder)))
    try:
        yield lease
    finally:
        lease.end()


def _acquire(store: Store, name: str, mine: bytes) -> str:
    version = store.write(mine, None)
    while version is None:
        found = store.look()
        if found is None:
            version = store.write(mine, None)
        elif _is_left_behind(store, found):
            version = store.write(mine, found[1])
        if found is not None and version is None:
            holder = _holder(found[0])
            whose = f" on {holder.machine}, process {holder.process}" if holder else ""
            what = f"another deploy is at work there{whose}"
            raise SiteError([Problem(name, 0, what, "wait until it is done")])
    return version


def _is_left_behind(store: Store, found: tuple[bytes, str]) -> bool:
    """Whether nobody renews the lock any more."""
    holder = _holder(found[0])
    if holder and holder.machine == platform.node() and not _runs(holder.process):
        return True
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        time.sleep(BEAT / 4)
        if (now := store.look()) is None or now[1] != found[1]:
            return False
    return True


def _runs(process: int) -> bool:
    """Whether a process of this machine is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _holder(data: bytes) -> Holder | None:
    try:
        return msgspec.json.decode(data, type=Holder)
    except msgspec.MsgspecError:
        return None
