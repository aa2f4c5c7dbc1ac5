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
from pathlib import Path
from typing import NamedTuple, Protocol
from uuid import uuid4

import msgspec

from generator.errors import Problem, SiteError


class Pace(NamedTuple):
    """Seconds: from one renewal of a lock to the next, and until one that was not renewed counts
    as left behind. A host may well be out of reach for some of that time.
    """

    beat: float = 5.0
    patience: float = 60.0


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
    """Who has the lock: a deploy by its own name, and the process it runs in.

    Two containers may well have one name: `space` tells whose processes are counted.
    """

    token: str
    machine: str
    process: int
    space: int = 0
    beat: int = 0


class Lease:
    """A lock that is held. `check` raises if it was lost meanwhile."""

    def __init__(self, store: Store, name: str, pace: Pace, holder: Holder, version: str) -> None:
        self._store = store
        self._pace = pace
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
        if self._lost or time.monotonic() - self._renewed > self._pace.patience - self._pace.beat:
            what = "the lock was lost: this deploy could not reach the host in time, or stood still"
            raise SiteError([Problem(self._name, 0, what, "deploy again: it goes on from here")])

    def end(self) -> None:
        self._ended.set()
        self._thread.join()
        if not self._lost:
            with suppress(SiteError):  # it will be found to be left behind
                self._store.remove()

    def _renew(self) -> None:
        while not self._ended.wait(self._pace.beat):
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
def leased(store: Store, name: str, pace: Pace) -> Iterator[Lease]:
    """Hold the lock, or raise `SiteError` while another deploy has it."""
    holder = Holder(uuid4().hex, platform.node(), os.getpid(), _space())
    version = _acquire(store, name, pace, holder)
    lease = Lease(store, name, pace, holder, version)
    try:
        yield lease
    finally:
        lease.end()


def _acquire(store: Store, name: str, pace: Pace, mine: Holder) -> str:
    data = msgspec.json.encode(mine)
    version = store.write(data, None)
    while version is None:
        found = store.look()
        if found is None:
            version = store.write(data, None)
            continue
        holder = _holder(found[0])
        if holder and holder.token == mine.token:  # it was written, and the answer was lost
            return found[1]
        if _is_left_behind(store, pace, found, holder, mine):
            version = store.write(data, found[1])
        if version is None:
            whose = f" on {holder.machine}, process {holder.process}" if holder else ""
            what = f"another deploy is at work there{whose}"
            raise SiteError([Problem(name, 0, what, "wait until it is done")])
    return version


def _is_left_behind(
    store: Store, pace: Pace, found: tuple[bytes, str], holder: Holder | None, mine: Holder
) -> bool:
    """Whether nobody renews the lock any more."""
    is_near = holder and (holder.machine, holder.space) == (mine.machine, mine.space)
    if holder and is_near and not _runs(holder.process):
        return True
    deadline = time.monotonic() + pace.patience
    while time.monotonic() < deadline:
        time.sleep(pace.beat / 4)
        if (now := store.look()) is None or now[1] != found[1]:
            return False
    return True


def _space() -> int:
    """The number of the space in which this process is counted; 0 where there is but one."""
    try:
        return Path("/proc/self/ns/pid").stat().st_ino
    except OSError:
        return 0


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
