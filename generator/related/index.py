"""The index of all stories, from which the related ones are read, and its update after a change.

stories ──written──▶ counts ──weighed──▶ weights ──nearest──▶ 64 each ──full scores──▶ 32 each
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.related.digests import known_of, suggestion_digests
from generator.related.inverted import OFTEN, InvertedIndex, inverted, unweighed
from generator.related.near_duplicates import LEAST, near_duplicates, suspects
from generator.related.neighbours import (
    GONE,
    NOBODY,
    Calendar,
    Nearest,
    Neighbours,
    calendar,
    nearest_of_all,
    renewed,
)
from generator.related.shared_neighbours import (
    choices,
    full_scores,
    full_scores_again,
    in_order,
    kept,
)
from generator.related.subjects import Columns, Hashes, Subject, Subjects
from generator.related.table import Table, table
from generator.related.vectors import (
    UNIT,
    Archive,
    Ragged,
    Row,
    Rows,
    Weights,
    archive_of,
    vectors,
    weighed,
    written,
)
from generator.terms import SKETCH, Terms
from generator.workers import INLINE

_MANY = 8
"""If one story in so many is others than before, all are related anew."""
_BESIDE = 16
"""One story in so many is held beside the others, before all of those are put among them."""
_ROWS = 2048
"""Stories taken at a time, which bounds the memory used."""


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
    """The state of the engine: a function of the subjects, newest first, and the rules.

    `scored` are the scores of at most `CHOICES` of the nearest stories of each, which tell their
    final order. `least` are the first hashes of each sketch. `pairs` are near-duplicates, two
    positions in a row. `digests` are those of each story's suggestions.
    """

    columns: Columns
    rules: Rules
    archive: Archive
    inverted: InvertedIndex
    nearest: Neighbours
    scored: Table
    least: NDArray[np.uint32]
    pairs: NDArray[np.int64]
    digests: Hashes

    def scores(self, position: int) -> Iterator[tuple[int, float]]:
        """Return the stories ranked for the one at a position, best first; scores are 0 to 1."""
        most = UNIT * UNIT * self.rules.most(self.archive.size)
        ranked = self.ranked(np.array([position]))
        who, score = ranked.who[0].tolist(), ranked.score[0].tolist()
        return ((p, s / most) for p, s in zip(who, score, strict=True) if p != NOBODY)

    def ranked(self, rows: Rows) -> Nearest:
        """Return the stories ranked for those at `rows`, best first."""
        chosen = choices(rows, self.nearest, self.rules.newer)
        return in_order(chosen.who, self.scored.take(rows))

    def vector(self, position: int) -> Row:
        """Return the vector of the story at a position: its terms, and what each weighs."""
        return self.inverted.vectors(np.array([position])).row(0)

    def distance(self, other: "RelatedIndex") -> int:
        """Return at how many places this index has another story than the other one."""
        one, another = self.columns.digests, other.columns.digests
        both = min(len(one), len(another))
        differ = (one[:both] != another[:both]).any(axis=1)
        return int(differ.sum()) + abs(len(one) - len(another))

    def near_duplicates(self) -> dict[int, set[int]]:
        """Return the near-duplicates of each story that has any."""
        found: dict[int, set[int]] = {}
        for one, other in self.pairs.tolist():
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
        return found


def update_index(
    subjects: Subjects,
    rules: Rules,
    fetch: Fetch,
    old: RelatedIndex | None = None,
    executor: Executor = INLINE,
) -> RelatedIndex:
    """Return the index of these stories. With an `old` one only what has changed is done."""
    stories = _Stories(subjects, fetch)
    if old is None or old.rules != rules or not len(old.columns):
        return _whole(stories, rules, executor)
    if old.columns.equal(subjects.columns):
        return old
    return _changed(stories, rules, old) or _whole(stories, rules, executor)


class _Stories(NamedTuple):
    """The stories of a site, and what gives their terms."""

    subjects: Subjects
    fetch: Fetch

    def __len__(self) -> int:
        return len(self.subjects)

    def read(self, rows: Rows) -> tuple[Ragged, NDArray[np.uint32]]:
        """Return the terms of the stories at these rows, and the first hashes of their sketches."""
        least = np.zeros((len(rows), LEAST), np.uint32)

        def noted() -> Iterable[tuple[Terms, Sequence[str]]]:
            for place, (subject, terms) in enumerate(self._terms(rows)):
                sketch = np.frombuffer(terms.sketch, "<u4")[:LEAST]
                least[place, : len(sketch)] = sketch
                yield terms, subject.tags

        return written(noted()), least

    def sketches(self, rows: Rows) -> NDArray[np.uint32]:
        """Return the sketches of the stories at these rows, filled up with 0."""
        sketches = np.zeros((len(rows), SKETCH), np.uint32)
        for place, (_, terms) in enumerate(self._terms(rows)):
            sketch = np.frombuffer(terms.sketch, "<u4")
            sketches[place, : len(sketch)] = sketch
        return sketches

    def _terms(self, rows: Rows) -> Iterator[tuple[Subject, Terms]]:
        found = [self.subjects.at(row) for row in rows.tolist()]
        return zip(found, self.fetch([subject.terms for subject in found]), strict=True)


def _whole(stories: _Stories, rules: Rules, executor: Executor) -> RelatedIndex:
    everybody = np.arange(len(stories))
    columns = stories.subjects.columns
    counts, least = stories.read(everybody)
    archive = archive_of(counts)
    made, is_told = weighed(counts, archive, rules.weights)
    others = unweighed(counts, is_told, archive.common(OFTEN))
    del counts, is_told
    terms = inverted(made, *others)
    near = nearest_of_all(made, terms, dates_of(columns, rules), executor)
    scores = full_scores(everybody, near, rules.neighbours_weight(archive.size), rules.newer)
    likely = suspects(everybody, near, least, np.ones(len(stories), bool))
    pairs = near_duplicates(likely, stories.sketches)
    digests = np.zeros(len(stories), np.uint64)
    index = RelatedIndex(columns, rules, archive, terms, near, table(scores), least, pairs, digests)
    return _digested(index, everybody)


def _changed(stories: _Stories, rules: Rules, old: RelatedIndex) -> RelatedIndex | None:
    """Return the same as `_whole` from what is there; None if too much is new for that."""
    columns = stories.subjects.columns
    move = _moved(old.columns.digests, columns.digests)
    gone = old.inverted.terms_of(np.flatnonzero(move.today[: len(old.columns)] < 0))
    held = old if move.is_still else _renumbered(old, move)
    fresh = np.flatnonzero(~move.same)
    read, read_least = stories.read(fresh)
    archive = old.archive.after(gone, read.ids, len(stories))
    changed = ~move.same
    changed[held.inverted.holders(archive.moved(old.archive, gone, read.ids))] = True
    again = np.flatnonzero(changed)
    if archive.size != old.archive.size or len(again) > len(stories) // _MANY:
        return None
    others = np.flatnonzero(changed & move.same)
    order = np.argsort(np.concatenate([fresh, others]))
    counts = read.followed_by(stories.read(others)[0]).take(order)
    terms = held.inverted.put(again, counts, vectors(counts, archive, rules.weights))
    if len(terms.rows) > len(stories) // _BESIDE:
        terms = terms.folded()
    near, differs = renewed(held.nearest, changed, terms, dates_of(columns, rules))
    least = held.least.copy()
    least[fresh] = read_least
    beside = near.who.holding(np.flatnonzero(differs))
    index = RelatedIndex(
        columns,
        rules,
        archive,
        terms,
        near,
        _scored_anew(held.scored, near, differs, beside, rules, archive.size),
        least,
        _pairs_anew(held.pairs, near, differs, beside, least, stories),
        held.digests,
    )
    return _digested(index, _waking(held, index, differs, beside))


class _Move(NamedTuple):
    """Where today's stories stood before, and those of before stand today.

    `same` are those that did not change; they stand in the same order as before, for it is
    by date. `origin` of others is any place. `today` is `GONE` for what is gone or has changed;
    its last two are for who was gone before, and for `NOBODY`.
    """

    origin: Rows
    same: NDArray[np.bool_]
    today: NDArray[np.int32]

    @property
    def is_still(self) -> bool:
        """Return whether those that did not change stand where they stood."""
        places = np.arange(len(self.origin))
        return len(self.today) == len(places) + 2 and bool((self.origin == places).all())


def _moved(before: Hashes, after: Hashes) -> _Move:
    origin = _places_of(after, before)
    same = origin >= 0
    today = np.full(len(before) + 2, GONE, np.int32)
    today[-1] = NOBODY
    today[origin[same]] = np.flatnonzero(same)
    any_place = np.minimum(np.arange(len(after)), len(before) - 1)
    return _Move(np.where(same, origin, any_place), same, today)


def _places_of(wanted: Hashes, there: Hashes) -> Rows:
    """Return where each of these digests stands there; -1 for what does not."""
    both = min(len(wanted), len(there))
    differ = (wanted[:both] != there[:both]).any(axis=1)
    places = np.append(np.where(differ, -1, np.arange(both)), np.full(len(wanted) - both, -1))
    asked = np.flatnonzero(places < 0)
    free = np.append(np.flatnonzero(differ), np.arange(both, len(there)))
    if len(asked) and len(free):
        order = free[np.argsort(there[free, 0])]
        found = np.searchsorted(there[order, 0], wanted[asked, 0])
        found = order[np.minimum(found, len(order) - 1)]
        is_there = (there[found] == wanted[asked]).all(axis=1)
        places[asked[is_there]] = found[is_there]
    return places


def _renumbered(old: RelatedIndex, move: _Move) -> RelatedIndex:
    """Return the old index with today's positions."""
    origin, today = move.origin, move.today
    who, score = (part.whole()[origin] for part in old.nearest)
    pairs = today[old.pairs]
    return old._replace(
        columns=old.columns.take(origin),
        inverted=old.inverted.renumbered(origin, today),
        nearest=Neighbours(table(today[who]), table(score)),
        scored=table(old.scored.whole()[origin]),
        least=old.least[origin],
        pairs=pairs[(pairs >= 0).all(axis=1)].astype(np.int64),
        digests=old.digests[origin],
    )


def _scored_anew(
    held: Table,
    near: Neighbours,
    differs: NDArray[np.bool_],
    beside: NDArray[np.bool_],
    rules: Rules,
    size: int,
) -> Table:
    """Return the scores of all choices, when the nearest of some stories differ.

    `beside` are the stories that have one of those in their lists.
    """
    weight = rules.neighbours_weight(size)
    rows = np.flatnonzero(differs)
    scored = held.put(rows, full_scores(rows, near, weight, rules.newer))
    rows = np.flatnonzero(beside & ~differs)
    before = held.take(rows)
    again = full_scores_again(rows, before, near, differs, weight, rules.newer)
    is_other = (again != before).any(axis=1)
    return scored.put(rows[is_other], again[is_other])


def _pairs_anew(
    held: NDArray[np.int64],
    near: Neighbours,
    differs: NDArray[np.bool_],
    beside: NDArray[np.bool_],
    least: NDArray[np.uint32],
    stories: _Stories,
) -> NDArray[np.int64]:
    """Return the near-duplicates: only those of stories that differ may be others than before."""
    likely = suspects(np.flatnonzero(differs | beside), near, least, differs)
    found = near_duplicates(likely, stories.sketches)
    settled = held[~differs[held].any(axis=1)]
    pairs = np.concatenate([settled, found])
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _waking(
    held: RelatedIndex,
    index: RelatedIndex,
    differs: NDArray[np.bool_],
    beside: NDArray[np.bool_],
) -> Rows:
    """Return the stories of which the suggestions may be others than those that were held."""
    waking = differs | beside
    before, now = (known_of(one.columns, one.pairs) for one in (held, index))
    is_other = (before != now) & ~differs
    if is_other.any():
        waking |= is_other | index.nearest.who.holding(np.flatnonzero(is_other))
    return np.flatnonzero(waking)


def _digested(index: RelatedIndex, rows: Rows) -> RelatedIndex:
    """Return the index with other digests of what is suggested for the stories at `rows`."""
    known = known_of(index.columns, index.pairs)
    most = index.rules.most(index.archive.size)
    digests = index.digests.copy()
    for begin in range(0, len(rows), _ROWS):
        some = rows[begin : begin + _ROWS]
        digests[some] = suggestion_digests(known[some], index.ranked(some), known, most)
    return index._replace(digests=digests)


def neighbours_of(index: RelatedIndex, position: int) -> set[int]:
    """Return the positions of a story's neighbours: the nearest stories that count as such."""
    size = kept(index.archive.size)
    return set(index.nearest.who.take(np.array([position]), size)[0].tolist()) - {NOBODY}


def dates_of(columns: Columns, rules: Rules) -> Calendar:
    """Return the days of the stories, and what being near in date is worth."""
    return calendar(columns.days, rules.recency, rules.half_life)
