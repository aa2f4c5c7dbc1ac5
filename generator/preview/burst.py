"""Gather changes until no more are to be expected: in come events, out go the files they name."""

import threading

QUIET = 0.010
"""Seconds without a change after which files that are whole are let go."""
UNSURE = 0.050
"""The same where more may follow."""
GONE = 0.250
"""The same where a file is gone: many programs save by deleting it and making it anew, and a
page that vanishes from under its reader for a moment loses all that the reader did there."""
LONGEST = 0.5
"""Seconds that a change is kept at most, even if others never stop."""


class Burst:
    """Files by what is known of them; safe to use from several threads.

    A file is whole, or it may have more to come, or it is gone, or it is being written. One
    that is being written is kept until it is whole, while others go their way. All times are
    those of `time.monotonic`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._whole: set[str] = set()
        self._unsure: set[str] = set()
        self._gone: set[str] = set()
        self._written: dict[str, float] = {}  # since when
        self._upheavals = 0
        self._first: float | None = None
        self._last = 0.0

    @property
    def upheavals(self) -> int:
        """Return how many changes there were that say that anything may have changed."""
        return self._upheavals

    def whole(self, path: str, now: float) -> None:
        """Note that a file was closed, or moved into its place."""
        with self._lock:
            self._forget(path)
            self._whole.add(path)
            self._mark(now)

    def unsure(self, path: str, now: float) -> None:
        """Note that a file has come, or was written where nobody tells when that is over."""
        with self._lock:
            self._forget(path)
            self._unsure.add(path)
            self._mark(now)

    def gone(self, path: str, now: float) -> None:
        """Note that a file was deleted or moved away, maybe to be made anew."""
        with self._lock:
            self._forget(path)
            self._gone.add(path)
            self._mark(now)

    def written(self, path: str, now: float) -> None:
        """Note that a file is being written, and it will be told when it is closed."""
        with self._lock:
            since = self._written.get(path, now)
            self._forget(path)
            self._written[path] = since

    def seen(self, path: str, now: float) -> None:
        """Note that something else about a file has changed; it may be being written yet."""
        if path not in self._written:
            self.unsure(path, now)

    def upheaval(self, now: float) -> None:
        """Note that anything may have changed."""
        with self._lock:
            self._upheavals += 1
            self._mark(now)

    def due(self, now: float) -> float | None:
        """Return in how many seconds there is something to take; None if nothing has changed."""
        with self._lock:
            moments = [since + LONGEST for since in self._written.values()]
            if self._first is not None:
                moments.append(min(self._last + self._pause(), self._first + LONGEST))
            return min(moments) - now if moments else None

    def take(self, now: float, upheavals: int) -> frozenset[str]:
        """Return the files that are ready, and let go of them; so many upheavals are dealt with."""
        with self._lock:
            late = {path for path, since in self._written.items() if since + LONGEST <= now}
            taken = frozenset(self._whole | self._unsure | self._gone | late)
            self._whole, self._unsure, self._gone = set(), set(), set()
            for path in late:
                del self._written[path]
            self._upheavals -= upheavals
            self._first = now if self._upheavals else None
            return taken

    def _pause(self) -> float:
        """Return how long it has to be quiet before what is known is let go."""
        if self._gone:
            return GONE
        return UNSURE if self._unsure or self._written or self._upheavals else QUIET

    def _forget(self, path: str) -> None:
        for kind in (self._whole, self._unsure, self._gone):
            kind.discard(path)
        self._written.pop(path, None)

    def _mark(self, now: float) -> None:
        self._first = now if self._first is None else self._first
        self._last = now
