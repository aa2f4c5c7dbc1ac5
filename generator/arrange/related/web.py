"""How all stories hang together, and what of it a change can change.

stories ──written──▶ counts ──vectors──▶ weights ──nearest──▶ 64 each ──ranked──▶ 32 each
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from generator.arrange.related.nearest import (
    MOST,
    NOBODY,
    Calendar,
    Nearest,
    calendar,
    index,
    nearest,
    renewed,
)
from generator.arrange.related.twins import near_duplicates, suspects
from generator.arrange.related.vectors import (
    UNIT,
    Archive,
    Ragged,
    Rows,
    Weights,
    survey,
    vectors,
    written,
)
from generator.terms import SKETCH, Terms

CHOICES = 32
"""So many of the nearest stories are ranked."""
_BATCH = 16
DAY = 86_400_000_000
"""Microseconds of a day."""


class Subject(NamedTuple):
    """A story as the web knows it: where it is, what finds its terms, its tags, its date.

    `moment` in microseconds since 1970.
    """

    path: str
    terms: str
    tags: tuple[str, ...]
    moment: int


class Rules(NamedTuple):
    """The settings that shape the web."""

    weights: Weights
    recency: float
    half_life: int
    company: float
    newer: bool

    def most(self, size: int) -> float:
        """The score of a story with one that is the same in everything."""
        return 1 + self.weights.headline + self.recency + self.companion(size)

    def companion(self, size: int) -> float:
        """The weight of shared company: it tells nothing below 32 stories, all from 128 on."""
        return self.company * min(1.0, _kept(size) / 16)


Fetch = Callable[[Sequence[str]], Iterable[Terms]]
"""Terms by their keys, in the same order."""


class Web(NamedTuple):
    """The state of the engine: a pure function of the subjects, newest first, and the rules.

    `ranked` are positions and scores, of at most `CHOICES` for each story, best first.
    `pairs` are near-duplicates, two positions in a row.
    """

    subjects: tuple[Subject, ...]
    rules: Rules
    counts: Ragged
    archive: Archive
    vectors: Ragged
    nearest: Nearest
    ranked: Nearest
    sketches: NDArray[np.uint32]
    pairs: NDArray[np.int64]

    def scores(self, position: int) -> Iterator[tuple[int, float]]:
        """The stories ranked for the one at `position`, best first, with scores from 0 to 1."""
        most = UNIT * UNIT * self.rules.most(self.archive.size)
        who, score = self.ranked.who[position].tolist(), self.ranked.score[position].tolist()
        return ((p, s / most) for p, s in zip(who, score, strict=True) if p != NOBODY)

    def twins(self) -> dict[int, set[int]]:
        """The near-duplicates of each story that has any."""
        found: dict[int, set[int]] = {}
        for one, other in self.pairs.tolist():
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
        return found


def weave(subjects: Sequence[Subject], rules: Rules, fetch: Fetch, old: Web | None = None) -> Web:
    """The web of these stories. With an `old` one only what has changed is done."""
    subjects = tuple(subjects)
    if old is None or old.rules != rules or not old.subjects:
        return _whole(subjects, rules, fetch)
    if old.subjects == subjects:
        return old
    return _changed(subjects, rules, fetch, old)


def _whole(subjects: tuple[Subject, ...], rules: Rules, fetch: Fetch) -> Web:
    counts, sketches = _read(subjects, fetch)
    archive = survey(counts)
    made = vectors(counts, archive, rules.weights)
    return _woven(subjects, rules, counts, sketches, archive, made)


def _woven(
    subjects: tuple[Subject, ...],
    rules: Rules,
    counts: Ragged,
    sketches: NDArray[np.uint32],
    archive: Archive,
    made: Ragged,
) -> Web:
    everybody = np.arange(len(subjects))
    near = nearest(everybody, made, index(made), dates_of(subjects, rules))
    order = ranked(everybody, near, rules)
    pairs = near_duplicates(suspects(near, sketches, everybody), sketches)
    return Web(subjects, rules, counts, archive, made, near, order, sketches, pairs)


def _changed(subjects: tuple[Subject, ...], rules: Rules, fetch: Fetch, old: Web) -> Web:
    """The same as `_whole`, from what is there."""
    before = {subject.path: (place, subject) for place, subject in enumerate(old.subjects)}
    origin = np.full(len(subjects), NOBODY)
    same = np.zeros(len(subjects), bool)
    for place, subject in enumerate(subjects):
        origin[place], was = before.get(subject.path, (NOBODY, None))
        same[place] = was == subject
    # Stories that were not touched stand in the same order as before: the order is by date.
    new = np.flatnonzero(~same)
    origin = np.maximum(origin, 0)  # of those that are new: any; they are put in anew
    read, read_sketches = _read([subjects[place] for place in new], fetch)
    counts = old.counts.take(origin).put(new, read)
    sketches = old.sketches[origin]
    sketches[new] = read_sketches
    kept = np.zeros(len(old.subjects), bool)
    kept[origin[same]] = True
    gone, come = old.counts.take(np.flatnonzero(~kept)).ids, read.ids
    archive = old.archive.after(gone, come, len(subjects))
    changed = ~same
    changed[_owners(counts, archive.moved(old.archive, gone, come))] = True
    again = np.flatnonzero(changed)
    if archive.size != old.archive.size or len(again) > len(subjects) // 8:
        made = vectors(counts, archive, rules.weights)
        return _woven(subjects, rules, counts, sketches, archive, made)
    made = old.vectors.take(origin)
    made = made.put(again, vectors(counts.take(again), archive, rules.weights))
    today = np.full(len(old.subjects) + 1, NOBODY, np.int32)
    today[origin[same]] = np.flatnonzero(same)
    held = Nearest(today[old.nearest.who[origin]], old.nearest.score[origin])
    near = renewed(held, changed, made, index(made), dates_of(subjects, rules))
    differs = changed | (near.who != held.who).any(axis=1) | (near.score != held.score).any(axis=1)
    beside = differs[near.who] & (near.who != NOBODY)
    reach = CHOICES if rules.newer else MOST
    stale = np.flatnonzero(differs | beside[:, :reach].any(axis=1))
    rank = Nearest(today[old.ranked.who[origin]], old.ranked.score[origin])
    rank.who[stale], rank.score[stale] = ranked(stale, near, rules)
    pairs = suspects(near, sketches, np.flatnonzero(differs | beside.any(axis=1)))
    found = near_duplicates(pairs[differs[pairs].any(axis=1)], sketches)
    settled = today[old.pairs].astype(np.int64)
    settled = settled[(settled != NOBODY).all(axis=1)]
    settled = settled[~differs[settled].any(axis=1)]
    pairs = np.concatenate([settled, found])
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    return Web(subjects, rules, counts, archive, made, near, rank, sketches, pairs)


def _owners(counts: Ragged, terms: NDArray[np.uint32]) -> Rows:
    """The stories that have one of these terms."""
    # A look at 16 bits finds nearly all that are not among them, much faster than a search.
    suspected = np.zeros(1 << 16, bool)
    suspected[(terms >> 3) & 0xFFFF] = True
    places = np.flatnonzero(suspected[(counts.ids >> 3) & 0xFFFF])
    places = places[np.isin(counts.ids[places], terms)]
    return np.searchsorted(counts.start, places, side="right") - 1


def _read(subjects: Sequence[Subject], fetch: Fetch) -> tuple[Ragged, NDArray[np.uint32]]:
    sketches = np.zeros((len(subjects), SKETCH), np.uint32)

    def noted() -> Iterable[tuple[Terms, Sequence[str]]]:
        found = fetch([subject.terms for subject in subjects])
        for place, (subject, terms) in enumerate(zip(subjects, found, strict=True)):
            sketch = np.frombuffer(terms.sketch, "<u4")
            sketches[place, : len(sketch)] = sketch
            yield terms, subject.tags

    return written(noted()), sketches


def dates_of(subjects: Sequence[Subject], rules: Rules) -> Calendar:
    """The days of the stories, and what being near in date is worth."""
    days = np.array([subject.moment // DAY for subject in subjects], np.int32)
    return calendar(days, rules.recency, rules.half_life)


def ranked(rows: Rows, near: Nearest, rules: Rules) -> Nearest:
    """The first `CHOICES` of the nearest stories of those at `rows`, in their final order.

    To a story's own score comes how much company the two share: the cosine of their lists
    of nearest stories. It tells stories of one subject from those that share some words
    (shared nearest neighbours, Jarvis and Patrick 1973), and no story is everybody's.
    """
    total = len(near.who)
    size = total.bit_length()
    kept = _kept(size)
    company = rules.companion(size) * UNIT * UNIT
    who = np.full((len(rows), CHOICES), NOBODY, np.int32)
    score = np.zeros((len(rows), CHOICES), np.int32)
    profile = np.zeros((_BATCH, total + 1))
    for begin in range(0, len(rows), _BATCH):
        some = rows[begin : begin + _BATCH]
        lines = np.arange(len(some))[:, None]
        own = _weight(near, some, kept)
        profile[lines, near.who[some, :kept]] = own
        profile[:, NOBODY] = 0
        choice, full = _choices(some, near, rules.newer)
        theirs = _weight(near, choice, kept)
        shared = np.einsum(
            "rck,rck->rc", profile[lines[:, :, None], near.who[choice, :kept]], theirs
        )
        length = _squares(own)[:, None] * _squares(theirs)
        shared /= np.sqrt(np.maximum(1, length))
        full += np.rint(company * shared).astype(np.int64)
        full[choice == NOBODY] = 0
        order = np.lexsort((choice, -full))
        who[begin : begin + len(some)] = np.take_along_axis(choice, order, axis=1)
        score[begin : begin + len(some)] = np.take_along_axis(full, order, axis=1)
        profile[lines, near.who[some, :kept]] = 0
    return Nearest(who, score)


def company_of(web: Web, position: int) -> set[int]:
    """The positions of the stories that count as a story's company."""
    kept = web.nearest.who[position, : _kept(web.archive.size)].tolist()
    return set(kept) - {NOBODY}


def _kept(size: int) -> int:
    """So many of the nearest stories are a story's company: a sixteenth of a small archive."""
    return min(MOST, 1 << size >> 4) if size > 5 else 0


def _weight(near: Nearest, rows: NDArray[Any], kept: int) -> NDArray[np.float64]:
    """12 bits of the scores, so that sums of their products stay exact."""
    return (near.score[rows, :kept] // UNIT).astype(np.float64)


def _squares(weight: NDArray[np.float64]) -> NDArray[np.float64]:
    squares: NDArray[np.float64] = np.einsum("...k,...k->...", weight, weight)
    return squares


def _choices(rows: Rows, near: Nearest, newer: bool) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The stories to rank, with their scores; without newer ones unless they may be there."""
    who, score = near.who[rows], near.score[rows]
    if not newer:
        barred = who < rows[:, None]
        who, score = np.where(barred, NOBODY, who), np.where(barred, 0, score)
        order = np.argsort(who == NOBODY, axis=1, kind="stable")
        who = np.take_along_axis(who, order, axis=1)
        score = np.take_along_axis(score, order, axis=1)
    return who[:, :CHOICES], score[:, :CHOICES].astype(np.int64)


# ------------------------------------------------------------------------------ kept


class _Head(msgspec.Struct):
    """What stands before the arrays of a web that is kept."""

    rules: Rules
    stories: int
    subjects: tuple[Subject, ...]
    arrays: list[tuple[str, list[int]]]


def pack(web: Web, edition: str) -> Iterator[bytes | memoryview]:
    """A web as bytes, piece by piece, for the program of this edition to read again."""
    arrays = [np.ascontiguousarray(array) for array in _arrays(web)]
    kinds = [(array.dtype.str, list(array.shape)) for array in arrays]
    head = msgspec.msgpack.encode(_Head(web.rules, web.archive.stories, web.subjects, kinds))
    yield edition.encode() + len(head).to_bytes(8, "big")
    yield head
    yield from (array.data.cast("B") if array.size else b"" for array in arrays)


def unpack(data: bytes, edition: str) -> Web | None:
    """The web that was packed; None if another edition packed it."""
    place = len(edition.encode()) + 8
    if not data.startswith(edition.encode()):
        return None
    size = int.from_bytes(data[place - 8 : place], "big")
    head = msgspec.msgpack.decode(data[place : place + size], type=_Head)
    arrays, place = [], place + size
    for kind, shape in head.arrays:
        array = np.frombuffer(data, kind, int(np.prod(shape)), place).reshape(shape)
        arrays.append(array)
        place += array.nbytes
    counts, archive, made = Ragged(*arrays[:3]), arrays[3:5], Ragged(*arrays[5:8])
    return Web(
        subjects=head.subjects,
        rules=head.rules,
        counts=counts,
        archive=Archive(head.stories, *archive),
        vectors=made,
        nearest=Nearest(*arrays[8:10]),
        ranked=Nearest(*arrays[10:12]),
        sketches=arrays[12],
        pairs=arrays[13],
    )


def _arrays(web: Web) -> list[NDArray[Any]]:
    return [
        *web.counts,
        *web.archive[1:],
        *web.vectors,
        *web.nearest,
        *web.ranked,
        web.sketches,
        web.pairs,
    ]
