"""One deploy at a time, on a host that can do no more than keep files.

Who wants to deploy raises a flag, an object of his own, and then looks at all that are up: of
two, one at least sees the other's, and only who sees no other goes on (as in E. W. Dijkstra,
Cooperating Sequential Processes, 1965). It takes no writing on conditions, which some hosts
refuse and others seem to heed and do not; only that a host lists what it has confirmed to be
written, as object stores do.

A flag is renewed every few seconds. One that is renewed no more was left by a deploy that was
killed, and is taken down. No two clocks are compared: who finds a flag looks whether it changes.
"""

import os
import platform
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from random import uniform
from typing import NamedTuple, Protocol
from uuid import uuid4

import msgspec
from msgspec.structs import replace

from generator.errors import DeployError, LockedError
from generator.state.damaged import decoded
from generator.system import may_be_running, process_space, seconds


class Pace(NamedTuple):
    """Seconds: from one renewal of a flag to the next, and until one that was not renewed counts
    as left behind, by the clock `now`. A host may well be out of reach for some of that time.
    """

    beat: float = 5.0
    patience: float = 60.0
    now: Callable[[], float] = seconds


class Flags(Protocol):
    """What the lock needs of a host: small objects, each under a token."""

    def up(self, but: str) -> Mapping[str, bytes]:
        """Return all that are up but one, by token."""
        ...

    def is_up(self, token: str) -> bool: ...

    def put(self, token: str, data: bytes) -> None: ...

    def remove(self, token: str) -> None:
        """Take it down, if it is up."""
        ...


class Holder(msgspec.Struct, frozen=True):
    """Who raised a flag: a deploy by its own name, and the process it runs in.

    Two containers may well have one name: `space` tells whose processes are counted. `beat`
    counts renewals.
    """

    token: str
    machine: str
    process: int
    space: int = 0
    beat: int = 0


class Lease:
    """A lock that is held. `check` raises if it was lost meanwhile."""

    def __init__(self, flags: Flags, name: str, pace: Pace, holder: Holder, since: float) -> None:
        self._flags = flags
        self._name = name
        self._pace = pace
        self._holder = holder
        self._renewed = since
        self._lost = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)
        self._thread.start()

    def check(self) -> None:
        if self._lost or self._is_overdue():
            what = "the lock was lost: this deploy could not reach the host in time, or stood still"
            raise LockedError.at(self._name, what, "deploy again: it goes on from here")

    def end(self) -> None:
        self._ended.set()
        self._thread.join()
        if not self._lost:
            with suppress(DeployError):  # it will be found to be left behind
                self._flags.remove(self._holder.token)

    def _is_overdue(self) -> bool:
        """Return whether another may have found this flag not to change for all his patience."""
        return self._pace.now() - self._renewed > self._pace.patience - self._pace.beat

    def _renew(self) -> None:
        while not self._ended.wait(self._pace.beat):
            started = self._pace.now()
            with suppress(DeployError):  # the host may be reached again before the time is over
                if self._is_overdue() or not self._flags.is_up(self._holder.token):
                    self._lost = True
                    return
                self._holder = replace(self._holder, beat=self._holder.beat + 1)
                self._flags.put(self._holder.token, msgspec.json.encode(self._holder))
                self._renewed = started


@contextmanager
def leased(flags: Flags, name: str, pace: Pace) -> Iterator[Lease]:
    """Hold the lock, or raise `LockedError` while another deploy has it."""
    lease = Lease(flags, name, pace, *_acquired(flags, name, pace))
    try:
        yield lease
    finally:
        lease.end()


def _acquired(flags: Flags, name: str, pace: Pace) -> tuple[Holder, float]:
    """Raise a flag where no other is up; return it, and when that was."""
    others = _Others(flags, pace)
    while True:
        mine = Holder(uuid4().hex, platform.node(), os.getpid(), process_space())  # anew each time
        raised = pace.now()
        try:
            flags.put(mine.token, msgspec.json.encode(mine))
            if not others.look(mine):
                return mine, raised
        except BaseException:
            with suppress(DeployError):
                flags.remove(mine.token)
            raise
        flags.remove(mine.token)
        others.clear_away(mine)
        if holder := others.holder():
            what = f"another deploy is at work there on {holder.machine}, process {holder.process}"
            raise LockedError.at(name, what, "wait until it is done")
        time.sleep(uniform(0.5, 1) * pace.beat / 4)  # noqa: S311 (so that two do not keep step)


class _Others:
    """The flags of others, watched: one that changes is its holder's, others may only wish."""

    def __init__(self, flags: Flags, pace: Pace) -> None:
        self._flags = flags
        self._pace = pace
        self._seen: dict[str, _Sight] = {}

    def look(self, mine: Holder) -> bool:
        """Look for flags; return whether there are any."""
        before, self._seen = self._seen, {}
        for token, data in self._flags.up(mine.token).items():
            sight = before.get(token)
            is_same = sight is not None and sight.data == data
            self._seen[token] = (
                sight if sight and is_same else _Sight(data, self._pace.now(), bool(sight))
            )
        return bool(self._seen)

    def clear_away(self, mine: Holder) -> None:
        """Take down those that were left behind."""
        for token in [t for t, sight in self._seen.items() if self._is_left(sight, mine)]:
            self._flags.remove(token)
            del self._seen[token]

    def holder(self) -> Holder | None:
        """Return who was seen to hold the lock."""
        holders = (_holder(sight.data) for sight in self._seen.values() if sight.changes)
        return next(filter(None, holders), None)

    def _is_left(self, sight: "_Sight", mine: Holder) -> bool:
        holder = _holder(sight.data)
        is_near = holder and (holder.machine, holder.space) == (mine.machine, mine.space)
        if holder and is_near and not may_be_running(holder.process):
            return True
        return self._pace.now() - sight.since > self._pace.patience


class _Sight(NamedTuple):
    """A flag as it was seen: unchanged `since`, and whether it had changed before."""

    data: bytes
    since: float
    changes: bool


def _holder(data: bytes) -> Holder | None:
    return decoded(_HOLDER, data)


_HOLDER = msgspec.json.Decoder(Holder)
