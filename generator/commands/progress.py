"""How a build gets on: each of its steps is timed and told, and shown while it lasts.

What comes in are the steps, as they are done; what goes out are lines of text, for whoever shows
them. Nothing is printed here.
"""

import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Protocol, TypeVar

from generator.errors import counted

T = TypeVar("T")

PATIENCE = 2.0
"""Seconds that a build may take before it is shown how far it is."""
_OFTEN = 0.1
"""Seconds between two looks at a step that goes on."""


class Step:
    """A step that is being done: of how many things, is known at its end."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._count = ""

    def counts(self, number: int, one: str, many: str = "") -> None:
        """Say of how many things the step was, in words such as `story`, `stories`."""
        self._count = counted(number, one, many)

    def line(self, seconds: float) -> str:
        """Return what is told of the step when it is over."""
        return f"{self.name}: {self._count + ', ' if self._count else ''}{seconds:.2f} s"


class Timer(Protocol):
    """What calls a function later, in a thread of its own, unless it is cancelled before."""

    daemon: bool

    def start(self) -> None: ...
    def cancel(self) -> None: ...
    def join(self) -> None: ...


class Progress:
    """The steps of a build, one after the other.

    `log` is given a line about each that is over. `show` is given where the build is, whenever
    there is something new to say of that, once it has taken longer than `PATIENCE`; each text
    stands for the one before, and "" for none. Where they cannot be written, the build goes on.
    `clock` tells seconds; `timer` makes, of seconds and a function, what calls it then.
    """

    def __init__(
        self,
        log: Callable[[str], None] | None = None,
        show: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.perf_counter,
        timer: Callable[[float, Callable[[], None]], Timer] = threading.Timer,
    ) -> None:
        self._log, self._show, self._clock, self._timer = log, show, clock, timer
        self._showing = threading.Lock()
        self._begun: float | None = None
        self._shown_at = 0.0
        self._name = ""

    @property
    def has_begun_to_write(self) -> bool:
        """Return whether what is published may be other than it was before."""
        return self._name == "commit"

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Do a step in the block. One that fails is not told."""
        begun = self._clock()
        self._begun = begun if self._begun is None else self._begun
        step, self._name = Step(name), name
        self._say(f"{name} …", begun)
        try:
            with self._said_in_time(name, begun):
                yield step
        finally:
            if self._show and self._shown_at:
                _write(self._show, "")
        if self._log:
            _write(self._log, step.line(self._clock() - begun))

    def track(self, things: Collection[T]) -> Iterator[T]:
        """Yield the things that the step under way goes through, and show how far it is."""
        if self._show is None:
            yield from things
            return
        for number, thing in enumerate(things):
            now = self._clock()
            if now - self._shown_at >= _OFTEN:
                self._say(f"{self._name}: {number:,} of {len(things):,}", now)
            yield thing

    @contextmanager
    def _said_in_time(self, name: str, begun: float) -> Iterator[None]:
        """Show the step in the block once `PATIENCE` is over, though it tracks nothing."""
        left = PATIENCE - (begun - (self._begun or begun))
        if self._show is None or left <= 0:
            yield
            return
        timer = self._timer(left, partial(self._say_late, name))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _say_late(self, name: str) -> None:
        if not self._shown_at:
            self._put(f"{name} …", self._clock())

    def _say(self, text: str, now: float) -> None:
        if self._begun is not None and now - self._begun >= PATIENCE:
            self._put(text, now)

    def _put(self, text: str, now: float) -> None:
        if self._show:
            with self._showing:
                _write(self._show, text)
            self._shown_at = now


def _write(write: Callable[[str], None], text: str) -> None:
    """Write a text, unless nobody reads it any more: a build is not made for that."""
    with suppress(OSError):
        write(text)
