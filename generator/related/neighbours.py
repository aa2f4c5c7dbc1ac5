"""The nearest stories of each story, by the product of their vectors and by date.

No table of all against all is ever made: a story is compared, through an index from
terms to stories, with those that share a term with it.
"""

from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.related.inverted import InvertedIndex, Products
from generator.related.table import Table, table
from generator.related.vectors import UNIT, Ragged, Rows
from generator.workers import shares

MOST = 64
"""So many nearest stories are kept of each."""
_PLACE = 31
_LAST = (1 << _PLACE) - 1
"""The last place there may be, in so many bits."""
NOBODY, GONE = -1, -2
"""In place of a story: there is none, or the one that was there is there no more."""


class Nearest(NamedTuple):
    """A row for each story: the nearest ones' positions, best first, and their scores.

    Equal scores stand by position. Rows with fewer are filled with `NOBODY` and 0.
    """

    who: NDArray[np.int32]
    score: NDArray[np.int32]


class Neighbours(NamedTuple):
    """The nearest stories of all stories, of which few change."""

    who: Table
    score: Table

    def __len__(self) -> int:
        return len(self.who)

    def take(self, rows: Rows, columns: int | None = None) -> Nearest:
        """Return the nearest stories of those at `rows`; only the first, if so many are asked."""
        return Nearest(self.who.take(rows, columns), self.score.take(rows, columns))

    def put(self, rows: Rows, new: Nearest) -> "Neighbours":
        """Return the same with other ones of the stories at `rows`."""
        return Neighbours(self.who.put(rows, new.who), self.score.put(rows, new.score))


class Calendar(NamedTuple):
    """Each story's day, and the bonus for each number of days apart, up to a last one of 0."""

    days: NDArray[np.int32]
    bonus: NDArray[np.int64]


def calendar(days: NDArray[np.int32], recency: float, half_life: int) -> Calendar:
    """Return the bonus for being near in date.

    It is `recency` for stories of one day, and halves every `half_life` days.
    """
    whole = recency * UNIT * UNIT
    last = int(half_life * np.log2(max(1.0, whole))) + half_life + 2
    return Calendar(days, np.rint(whole * np.exp2(-np.arange(last) / half_life)).astype(np.int64))


def with_bonus(row: int, others: Rows, found: Products, dates: Calendar) -> NDArray[np.int64]:
    """Return the scores of `others` with the story at `row`: products, and the bonus for dates."""
    apart = np.abs(dates.days[others] - dates.days[row])
    bonus = dates.bonus[np.minimum(apart, len(dates.bonus) - 1)]
    scores: NDArray[np.int64] = found[others].astype(np.int64) + bonus
    return scores


def nearest(rows: Rows, vectors: Ragged, among: InvertedIndex, dates: Calendar) -> Nearest:
    """Return the nearest stories of those at `rows`, whose `vectors` these are."""
    who = np.full((len(rows), MOST), NOBODY, np.int32)
    score = np.zeros((len(rows), MOST), np.int32)
    for place, row in enumerate(rows.tolist()):
        found = among.products(row, vectors.row(place))
        others = _promising(found, int(dates.bonus[0]))
        # As one number a score and a place are sorted together: of equal scores the first place.
        keys = (with_bonus(row, others, found, dates) << _PLACE) + (_LAST - others)
        if len(keys) > MOST:  # sorting all of them would take longer than the rest
            keys = np.partition(keys, -MOST)[-MOST:]
        keys = np.sort(keys)[::-1]
        who[place, : len(keys)] = _LAST - (keys & _LAST)
        score[place, : len(keys)] = keys >> _PLACE
    return Nearest(who, score)


def nearest_of_all(
    vectors: Ragged, among: InvertedIndex, dates: Calendar, executor: Executor
) -> Neighbours:
    """Return the nearest stories of every story; large archives are shared out among processes."""
    alone = among.vectors_alone()
    parts = [
        executor.submit(
            nearest,
            np.arange(part.start, part.stop),
            vectors.part(part.start, part.stop),
            alone,
            dates,
        )
        for part in shares(executor, len(vectors))
    ]
    found = [part.result() for part in parts]
    return Neighbours(
        table(np.concatenate([part.who for part in found])),
        table(np.concatenate([part.score for part in found])),
    )


def _promising(found: Products, bonus: int) -> Rows:
    """Return the stories that may be among the `MOST` best when a bonus of at most `bonus` is
    added.

    Of the greatest products in as many heaps as there are, the one in place `MOST` cannot
    be above that of all products: a bound without sorting them.
    """
    heaps = len(found) // 32
    least = 1
    if heaps > MOST:
        tops = found[: 32 * heaps].reshape(32, heaps).max(axis=0)
        least = max(1, int(np.partition(tops, heaps - MOST)[heaps - MOST]) - bonus)
    return np.flatnonzero(found >= least)


def renewed(
    old: Neighbours, changed: NDArray[np.bool_], among: InvertedIndex, dates: Calendar
) -> tuple[Neighbours, NDArray[np.bool_]]:
    """Return the nearest stories of all after some `changed`, and whose are not as they were.

    `old` are those of before, in today's positions: who is no longer there is `GONE`. Rows of
    changed stories do not matter. Only what can be different is looked for anew: a row is sure of
    all that is better than its last one.
    """
    is_out = np.append(changed, [True, False])  # the last two are those who are gone, and nobody
    lines, new = _newly_near(old, changed, among, dates)
    fresh = np.flatnonzero(changed)
    touched = old.who.holding(np.append(fresh, GONE))
    touched[lines] = True
    touched[changed] = False
    some = np.flatnonzero(touched)
    before = old.take(some)
    left = Nearest(np.where(is_out[before.who], NOBODY, before.who), before.score)
    merged = _merged(left, np.searchsorted(some, lines), *new)
    is_unsure = (before.score[:, -1] > 0) & (merged.who[:, -1] == NOBODY)
    again = np.union1d(fresh, some[is_unsure])
    found = nearest(again, among.vectors(again), among, dates)
    places = np.searchsorted(again, some[is_unsure])
    merged.who[is_unsure], merged.score[is_unsure] = found.who[places], found.score[places]
    is_other = (merged.who != before.who).any(axis=1) | (merged.score != before.score).any(axis=1)
    differs = changed.copy()
    differs[some[is_other]] = True
    places = np.searchsorted(again, fresh)
    renewed = old.put(some[is_other], Nearest(merged.who[is_other], merged.score[is_other]))
    return renewed.put(fresh, Nearest(found.who[places], found.score[places])), differs


def _newly_near(
    old: Neighbours, changed: NDArray[np.bool_], among: InvertedIndex, dates: Calendar
) -> tuple[Rows, tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return to which rows a changed story is now nearer than the last one there.

    Behind the rows stand these stories, and their scores.
    """
    last = old.score.column(-1).astype(np.int64)  # 0 in rows that hold all there are
    mark = np.where(last > 0, old.who.column(-1), NOBODY)
    who, score, rows = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.intp)]
    fresh = np.flatnonzero(changed)
    vectors = among.vectors(fresh)
    # Most are too far away to be near, whatever their dates.
    least = np.where(changed, _LAST, np.maximum(1, last - dates.bonus[0])).astype(np.int32)
    for place, row in enumerate(fresh.tolist()):
        found = among.products(row, vectors.row(place))
        others = np.flatnonzero(found >= least)
        scores = with_bonus(row, others, found, dates)
        better = (scores > last[others]) | ((scores == last[others]) & (row < mark[others]))
        rows.append(others[better])
        score.append(scores[better])
        who.append(np.full(int(better.sum()), row))
    return np.concatenate(rows), (np.concatenate(who), np.concatenate(score))


def _merged(
    lists: Nearest, lines: Rows, who: NDArray[np.int64], score: NDArray[np.int64]
) -> Nearest:
    """Return the lists with others put in at these lines, in order, without `NOBODY` between."""
    kept_lines, columns = np.nonzero(lists.who != NOBODY)
    lines = np.concatenate([kept_lines, lines])
    who = np.concatenate([lists.who[kept_lines, columns], who])
    score = np.concatenate([lists.score[kept_lines, columns], score])
    order = np.lexsort((who, -score, lines))
    lines, who, score = lines[order], who[order], score[order]
    rank = np.arange(len(lines)) - np.searchsorted(lines, lines)
    merged = Nearest(np.full_like(lists.who, NOBODY), np.zeros_like(lists.score))
    first = rank < MOST
    merged.who[lines[first], rank[first]] = who[first]
    merged.score[lines[first], rank[first]] = score[first]
    return merged
