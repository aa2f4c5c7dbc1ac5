"""What the index knows of each story before it reads its terms, in columns: a number for a fact.

In come the stories as they are, out come arrays that can be compared and kept without them.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

DAY = 86_400_000_000
"""Microseconds of a day."""


class Voice(NamedTuple):
    """Who speaks in a story: the source it curates, if any, and its authors."""

    source: str
    authors: tuple[str, ...]

    def is_like(self, other: "Voice") -> bool:
        if self.source or other.source:
            return self.source == other.source
        return not set(self.authors).isdisjoint(other.authors)


class Subject(NamedTuple):
    """A story as the index knows it: where it is, what finds its terms, its tags, its date.

    `moment` in microseconds since 1970.
    """

    path: str
    terms: str
    tags: tuple[str, ...]
    moment: int
    voice: Voice = Voice("", ())


class Columns(NamedTuple):
    """What is known of each story, by position.

    `digests` are of 128 bits, the first half that of the path: while one is the same, so is all
    of the subject but its voice. `voices` are digests of the voices, `days` count since 1970.
    """

    digests: Hashes
    voices: Hashes
    days: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.days)

    def equal(self, other: "Columns") -> bool:
        """Return whether two archives have the same stories at the same positions."""
        return np.array_equal(self.digests, other.digests) and np.array_equal(
            self.voices, other.voices
        )

    @classmethod
    def unpacked(cls, digests: bytes, voices: bytes, days: bytes) -> "Columns":
        """Return columns that were `packed`."""
        pairs = np.frombuffer(digests, np.uint64).reshape(-1, 2)
        return cls(pairs, np.frombuffer(voices, np.uint64), np.frombuffer(days, np.int32))

    def packed(self) -> tuple[bytes, bytes, bytes]:
        """Return the columns as bytes."""
        return self.digests.tobytes(), self.voices.tobytes(), self.days.tobytes()

    def take(self, rows: NDArray[np.intp]) -> "Columns":
        """Return the columns of the stories at these positions, in this order."""
        return Columns(self.digests[rows], self.voices[rows], self.days[rows])

    def put(self, rows: NDArray[np.intp], new: "Columns") -> "Columns":
        """Return the columns when the stories at these positions are other ones."""
        digests, voices, days = self.digests.copy(), self.voices.copy(), self.days.copy()
        digests[rows], voices[rows], days[rows] = new.digests, new.voices, new.days
        return Columns(digests, voices, days)


class Subjects(NamedTuple):
    """All stories, newest first: their columns, and what gives the one at a position."""

    columns: Columns
    at: Callable[[int], Subject]

    def __len__(self) -> int:
        return len(self.columns)


def columns_of(subjects: Iterable[Subject]) -> Columns:
    """Return the columns of these subjects."""
    rows = [(*_digests(s), _voice(s.voice), s.moment // DAY) for s in subjects]
    paths, others, voices, days = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Columns(
        np.stack([np.array(paths, np.uint64), np.array(others, np.uint64)], axis=1),
        np.array(voices, np.uint64),
        np.array(days, np.int32),
    )


def subjects_of(listed: Iterable[Subject]) -> Subjects:
    """Return the stories of a list."""
    listed = tuple(listed)
    return Subjects(columns_of(listed), listed.__getitem__)


def _digests(subject: Subject) -> tuple[int, int]:
    rest = "\n".join((str(subject.moment), subject.terms, *subject.tags))
    return _digest(subject.path), _digest(rest)


@lru_cache(maxsize=1 << 14)
def _voice(voice: Voice) -> int:
    return _digest("\n".join((voice.source, *voice.authors)))


def _digest(text: str) -> int:
    """Return a digest of 64 bits."""
    data = text.encode(errors="surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little")
