"""The index of all stories, from which the related ones are read, and its update after a change.

stories ──written──▶ counts ──vectors──▶ weights ──nearest──▶ 64 each ──ranked──▶ 32 each
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.related.near_duplicates import near_duplicates, suspects
from generator.related.neighbours import (
    NOBODY,
    Calendar,
    Nearest,
    calendar,
    nearest_of_all,
    renewed,
)
from generator.related.shared_neighbours import kept, ranked, ranked_again
from generator.related.vectors import (
    UNIT,
    Archive,
    Ragged,
    Rows,
    Weights,
    archive_of,
    vectors,
    written,
)
from generator.terms import SKETCH, Terms
from generator.workers import INLINE

DAY = 86_400_000_000
"""Microseconds of a day."""


class Subject(NamedTuple):
    """A story as the index knows it: where it is, what finds its terms, its tags, its date.

    `moment` in microseconds since 1970.
    """

    path: str
    terms: str
    tags: tuple[str, ...]
    moment: int


class Rules(NamedTuple):
    """The settings that shape the index."""

    weights: Weights
    recency: float
    half_life: int
    company: float
    newer: bool

    def most(self, size: int) -> float:
        """Return the score of a story with one that is the same in everything."""
        return 1 + self.weights.headline + self.recency + self.neighbours_weight(size)

    def neighbours_weight(self, size: int) -> float:
        """Return the weight of shared neighbours, in an archive of this class of size.

        They tell nothing below 32 stories, and all that they can from 128 on.
        """
        return self.company * min(1.0, kept(size) / 16)


Fetch = Callable[[Sequence[str]], Iterable[Terms]]
"""Terms by their keys, in the same order."""


class RelatedIndex(NamedTuple):
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
        """Return the stories ranked for the one at a position, best first; scores are 0 to 1."""
        most = UNIT * UNIT * self.rules.most(self.archive.size)
        who, score = self.ranked.who[position].tolist(), self.ranked.score[position].tolist()
        return ((p, s / most) for p, s in zip(who, score, strict=True) if p != NOBODY)

    def distance(self, other: "RelatedIndex") -> int:
        """Return at how many places this index has another story than the other one."""
        pairs = zip(self.subjects, other.subjects, strict=False)
        more = abs(len(self.subjects) - len(other.subjects))
        return more + sum(one != another for one, another in pairs)

    def near_duplicates(self) -> dict[int, set[int]]:
        """Return the near-duplicates of each story that has any."""
        found: dict[int, set[int]] = {}
        for one, other in self.pairs.tolist():
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
        return found


def update_index(
    subjects: Sequence[Subject],
    rules: Rules,
    fetch: Fetch,
    old: RelatedIndex | None = None,
    executor: Executor = INLINE,
) -> RelatedIndex:
    """Return the index of these stories. With an `old` one only what has changed is done."""
    subjects = tuple(subjects)
    if old is None or old.rules != rules or not old.subjects:
        counts, sketches = _read(subjects, fetch)
        return _whole(subjects, rules, counts, sketches, archive_of(counts), executor)
    if old.subjects == subjects:
        return old
    return _changed(subjects, rules, fetch, old, executor)


def _whole(
    subjects: tuple[Subject, ...],
    rules: Rules,
    counts: Ragged,
    sketches: NDArray[np.uint32],
    archive: Archive,
    executor: Executor,
) -> RelatedIndex:
    everybody = np.arange(len(subjects))
    made = vectors(counts, archive, rules.weights)
    near = nearest_of_all(made, dates_of(subjects, rules), executor)
    order = ranked(everybody, near, rules.neighbours_weight(archive.size), rules.newer)
    pairs = near_duplicates(suspects(near, sketches, np.ones(len(subjects), bool)), sketches)
    return RelatedIndex(subjects, rules, counts, archive, made, near, order, sketches, pairs)


def _changed(
    subjects: tuple[Subject, ...], rules: Rules, fetch: Fetch, old: RelatedIndex, executor: Executor
) -> RelatedIndex:
    """Return the same as `_whole` of it all, from what is there."""
    move = _moved(old.subjects, subjects)
    new = np.flatnonzero(~move.same)
    read, read_sketches = _read([subjects[place] for place in new], fetch)
    counts = old.counts.take(move.origin).put(new, read)
    sketches = old.sketches[move.origin]
    sketches[new] = read_sketches
    gone = old.counts.take(np.flatnonzero(move.today[:-1] == NOBODY)).ids
    archive = old.archive.after(gone, read.ids, len(subjects))
    changed = ~move.same
    changed[_owners(counts, archive.moved(old.archive, gone, read.ids))] = True
    again = np.flatnonzero(changed)
    if archive.size != old.archive.size or len(again) > len(subjects) // 8:
        return _whole(subjects, rules, counts, sketches, archive, executor)

    made = old.vectors.take(move.origin)
    made = made.put(again, vectors(counts.take(again), archive, rules.weights))
    held = move.of(old.nearest)
    near = renewed(held, changed, made, dates_of(subjects, rules))
    differs = changed | (near.who != held.who).any(axis=1) | (near.score != held.score).any(axis=1)
    order = _ranked_anew(move.of(old.ranked), near, differs, rules, archive.size)
    pairs = _pairs_anew(move.today[old.pairs], near, differs, sketches)
    return RelatedIndex(subjects, rules, counts, archive, made, near, order, sketches, pairs)


class _Move(NamedTuple):
    """Where today's stories stood before, and those of before stand today.

    `same` are those that did not change; they stand in the same order as before, for it is
    by date. `origin` of others is any place. `today` is `NOBODY` for what is gone or has
    changed, and for `NOBODY`, who is its last.
    """

    origin: NDArray[np.intp]
    same: NDArray[np.bool_]
    today: NDArray[np.int32]

    def of(self, near: Nearest) -> Nearest:
        """Return lists of before, of the stories of today."""
        return Nearest(self.today[near.who[self.origin]], near.score[self.origin])


def _moved(before: tuple[Subject, ...], after: tuple[Subject, ...]) -> _Move:
    alike = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        alike += 1
    places = {subject: place for place, subject in enumerate(before[alike:], alike)}
    rest = [places.get(subject, NOBODY) for subject in after[alike:]]
    origin = np.concatenate([np.arange(alike), np.array(rest, np.intp)])
    same = origin != NOBODY
    today = np.full(len(before) + 1, NOBODY, np.int32)
    today[origin[same]] = np.flatnonzero(same)
    any_place = np.minimum(np.arange(len(after)), len(before) - 1)
    return _Move(np.where(same, origin, any_place), same, today)


def _ranked_anew(
    held: Nearest, near: Nearest, differs: NDArray[np.bool_], rules: Rules, size: int
) -> Nearest:
    """Return the ranked stories of all, when the nearest of some differ."""
    weight = rules.neighbours_weight(size)
    rows = np.flatnonzero(differs)
    held.who[rows], held.score[rows] = ranked(rows, near, weight, rules.newer)
    beside = np.append(differs, False)[held.who].any(axis=1)
    rows = np.flatnonzero(beside & ~differs)
    held.who[rows], held.score[rows] = ranked_again(rows, held, near, differs, weight)
    return held


def _pairs_anew(
    held: NDArray[np.int32],
    near: Nearest,
    differs: NDArray[np.bool_],
    sketches: NDArray[np.uint32],
) -> NDArray[np.int64]:
    """Return the near-duplicates: only those of stories that differ may be others than before."""
    found = near_duplicates(suspects(near, sketches, differs), sketches)
    settled = held[(held != NOBODY).all(axis=1)].astype(np.int64)
    settled = settled[~differs[settled].any(axis=1)]
    pairs = np.concatenate([settled, found])
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _owners(counts: Ragged, terms: NDArray[np.uint32]) -> Rows:
    """Return the stories that have one of these terms."""
    places = counts.places_of(terms)
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


def neighbours_of(index: RelatedIndex, position: int) -> set[int]:
    """Return the positions of a story's neighbours: the nearest stories that count as such."""
    return set(index.nearest.who[position, : kept(index.archive.size)].tolist()) - {NOBODY}


def dates_of(subjects: Sequence[Subject], rules: Rules) -> Calendar:
    """Return the days of the stories, and what being near in date is worth."""
    days = np.array([subject.moment // DAY for subject in subjects], np.int32)
    return calendar(days, rules.recency, rules.half_life)
