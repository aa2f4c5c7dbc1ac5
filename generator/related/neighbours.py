"""The nearest stories of each story, by the product of their vectors and by date.

No table of all against all is ever made: a story is compared, through an index from
terms to stories, with those that share a term with it.
"""

from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.related.vectors import UNIT, Ids, Ragged, Rows, firsts
from generator.workers import shares

MOST = 64
"""So many nearest stories are kept of each."""
NOBODY = -1


class Index(NamedTuple):
    """Which stories have a term, and how much it weighs there.

    Those of term t are `stories[start[t]:start[t + 1]]`, ascending; `terms` ascend too.
    """

    terms: Ids
    start: NDArray[np.int64]
    stories: NDArray[np.int32]
    values: NDArray[np.float32]


class Nearest(NamedTuple):
    """A row for each story: the nearest ones' positions, best first, and their scores.

    Equal scores stand by position. Rows with fewer are filled with `NOBODY` and 0.
    """

    who: NDArray[np.int32]
    score: NDArray[np.int32]


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


def index(vectors: Ragged, rows: Rows | None = None) -> Index:
    """Return the index of these vectors, in all terms, or in those of the stories at `rows`."""
    ids, owners, values = vectors.ids, vectors.owners(), vectors.values
    if rows is not None:
        places = vectors.places_of(vectors.take(rows).ids)
        ids, owners, values = ids[places], owners[places], values[places]
    order = _by_term(ids)
    ids = ids[order]
    first = firsts(ids)
    return Index(
        terms=ids[first],
        start=np.append(first, len(ids)),
        stories=owners[order],
        values=values[order].astype(np.float32),
    )


def _by_term(ids: Ids) -> NDArray[np.intp]:
    """Return the stable order of ids: two passes over 16 bits, for which numpy has a radix sort."""
    order = np.argsort((ids & 0xFFFF).astype(np.uint16), kind="stable")
    return order[np.argsort((ids >> 16).astype(np.uint16)[order], kind="stable")]


def products(row: int, vectors: Ragged, among: Index) -> NDArray[np.float64]:
    """Return the product of a story's vector with that of every story; its own is 0."""
    ids, values = vectors.row(row)
    places = np.searchsorted(among.terms, ids)
    begins, ends = among.start[places], among.start[places + 1]
    spans = list(zip(begins.tolist(), ends.tolist(), strict=True))
    total = len(vectors)
    if not spans:
        return np.zeros(total)
    stories = np.concatenate([among.stories[a:b] for a, b in spans])
    shares = np.concatenate([among.values[a:b] for a, b in spans])
    # Rounded, if at all, number by number: the same whatever stands beside it.
    shares *= np.repeat(values.astype(np.float32), ends - begins)
    found = np.bincount(stories, shares, minlength=total).astype(np.float64, copy=False)
    found[row] = 0
    return found


def with_bonus(
    row: int, others: Rows, found: NDArray[np.float64], dates: Calendar
) -> NDArray[np.int64]:
    """Return the scores of `others` with the story at `row`: products, and the bonus for dates."""
    apart = np.abs(dates.days[others] - dates.days[row])
    bonus = dates.bonus[np.minimum(apart, len(dates.bonus) - 1)]
    scores: NDArray[np.int64] = found[others].astype(np.int64) + bonus
    return scores


def nearest(rows: Rows, vectors: Ragged, among: Index, dates: Calendar) -> Nearest:
    """Return the nearest stories of those at `rows`."""
    who = np.full((len(rows), MOST), NOBODY, np.int32)
    score = np.zeros((len(rows), MOST), np.int32)
    for place, row in enumerate(rows.tolist()):
        found = products(row, vectors, among)
        others = _promising(found, int(dates.bonus[0]))
        scores = with_bonus(row, others, found, dates)
        if len(scores) > MOST:  # sorting all of them would take longer than the rest
            good = scores >= np.partition(scores, -MOST)[-MOST]
            others, scores = others[good], scores[good]
        best = np.lexsort((others, -scores))[:MOST]
        who[place, : len(best)] = others[best]
        score[place, : len(best)] = scores[best]
    return Nearest(who, score)


def nearest_of_all(vectors: Ragged, dates: Calendar, executor: Executor) -> Nearest:
    """Return the nearest stories of every story; large archives are shared out among processes."""
    among = index(vectors)
    parts = [
        executor.submit(nearest, np.arange(part.start, part.stop), vectors, among, dates)
        for part in shares(executor, len(vectors))
    ]
    found = [part.result() for part in parts]
    return Nearest(
        np.concatenate([part.who for part in found]),
        np.concatenate([part.score for part in found]),
    )


def _promising(found: NDArray[np.float64], bonus: int) -> Rows:
    """Return the stories that may be among the `MOST` best when a bonus of at most `bonus` is
    added.

    Of the greatest products in as many heaps as there are, the one in place `MOST` cannot
    be above that of all products: a bound without sorting them.
    """
    heaps = len(found) // 32
    least = 1.0
    if heaps > MOST:
        tops = found[: 32 * heaps].reshape(32, heaps).max(axis=0)
        least = max(1.0, np.partition(tops, heaps - MOST)[heaps - MOST] - bonus)
    return np.flatnonzero(found >= least)


def renewed(old: Nearest, changed: NDArray[np.bool_], vectors: Ragged, dates: Calendar) -> Nearest:
    """Return the nearest stories of all after some `changed`.

    `old` are those of before, in today's positions: who is no longer there is `NOBODY`,
    with the score they had. Rows of changed stories do not matter. Only what can be
    different is looked for anew: a row is sure of all that is better than its last one.
    """
    last = old.score[:, -1].astype(np.int64)  # 0 in rows that hold all there are
    mark = np.where(last > 0, old.who[:, -1], NOBODY)
    nothing = np.empty(0, np.int64)
    who, score, rows = [nothing], [nothing], [nothing]
    fresh = np.flatnonzero(changed)
    among = index(vectors, fresh)
    for row in fresh.tolist():
        found = products(row, vectors, among)
        # Most are too far away to be near, whatever their dates.
        others = np.flatnonzero((found > 0) & (found >= last - dates.bonus[0]) & ~changed)
        scores = with_bonus(row, others, found, dates)
        better = (scores > last[others]) | ((scores == last[others]) & (row < mark[others]))
        rows.append(others[better])
        score.append(scores[better])
        who.append(np.full(int(better.sum()), row))
    is_out = np.append(changed, True)  # NOBODY is its last
    touched = np.asarray((is_out[old.who] & (old.score > 0)).any(axis=1))
    touched[np.concatenate(rows)] = True
    touched[changed] = False
    some = np.flatnonzero(touched)
    new = Nearest(old.who.copy(), old.score.copy())
    lines = np.concatenate([np.searchsorted(some, found_rows) for found_rows in rows])
    new.who[some], new.score[some] = _merged(
        Nearest(np.where(is_out[old.who[some]], NOBODY, old.who[some]), old.score[some]),
        lines,
        np.concatenate(who),
        np.concatenate(score),
    )
    unsure = touched & (last > 0) & (new.who[:, -1] == NOBODY)
    again = np.flatnonzero(changed | unsure)
    found_again = nearest(again, vectors, index(vectors, again), dates)
    new.who[again], new.score[again] = found_again
    return new


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
