"""The final order of the nearest stories: by their scores and by the neighbours that they share.

In come the nearest stories of each with their scores, out goes a shorter list in another order.
Two stories that have many neighbours in common tell of one subject; two that only share some
words have few. This also keeps one story from being everybody's (shared nearest neighbours,
Jarvis and Patrick 1973).
"""

import numpy as np
from numpy.typing import NDArray

from generator.related.neighbours import MOST, NOBODY, Nearest, Neighbours
from generator.related.vectors import UNIT, Rows

CHOICES = 32
"""So many of the nearest stories are ranked."""
_BATCH = 16
_ROWS = 2048
"""Stories taken at a time, which bounds the memory used."""


def kept(size: int) -> int:
    """Return how many of the nearest stories count as neighbours: a sixteenth of the archive.

    `size` is the class of its size.
    """
    return min(MOST, 1 << size >> 4) if size > 5 else 0


def choices(rows: Rows, near: Neighbours, newer: bool) -> Nearest:
    """Return the first `CHOICES` of the nearest of the stories at `rows`, and their scores.

    Without `newer` only older stories are chosen.
    """
    if newer:
        return near.take(rows, CHOICES)
    who, score = near.take(rows)
    barred = who < rows[:, None]
    who, score = np.where(barred, NOBODY, who), np.where(barred, 0, score)
    order = np.argsort(who == NOBODY, axis=1, kind="stable")[:, :CHOICES]
    return Nearest(np.take_along_axis(who, order, axis=1), np.take_along_axis(score, order, axis=1))


def full_scores(rows: Rows, near: Neighbours, weight: float, newer: bool) -> NDArray[np.int32]:
    """Return the scores of the choices of the stories at `rows`, with what is shared.

    `weight` is that of shared neighbours.
    """
    scores = np.empty((len(rows), CHOICES), np.int32)
    for begin in range(0, len(rows), _ROWS):
        some = rows[begin : begin + _ROWS]
        who, score = choices(some, near, newer)
        lines, columns = np.nonzero(who != NOBODY)
        score[lines, columns] += _added(some[lines], who[lines, columns], near, weight)
        scores[begin : begin + _ROWS] = score
    return scores


def full_scores_again(
    rows: Rows,
    old: NDArray[np.int32],
    near: Neighbours,
    differs: NDArray[np.bool_],
    weight: float,
    newer: bool,
) -> NDArray[np.int32]:
    """Return the same for stories whose nearest are those of before, while those of some differ.

    `old` are their scores of before. Only what they share with stories that differ is new.
    """
    who, score = choices(rows, near, newer)
    scores = old.copy()
    lines, columns = np.nonzero(np.append(differs, False)[who])
    added = _added(rows[lines], who[lines, columns], near, weight)
    scores[lines, columns] = score[lines, columns] + added
    return scores


def in_order(who: NDArray[np.int32], scores: NDArray[np.int32]) -> Nearest:
    """Return choices in their final order, by these scores; equal ones stand by position."""
    full = np.where(who == NOBODY, -1, scores)
    order = np.lexsort((who, -full))
    full = np.take_along_axis(full, order, axis=1)
    return Nearest(np.take_along_axis(who, order, axis=1), np.maximum(0, full))


def _added(
    ours: Rows, theirs: NDArray[np.int32], near: Neighbours, weight: float
) -> NDArray[np.int32]:
    """Return what shared neighbours add to the score of each pair.

    The pairs of one story stand together.

    What is added is the cosine of their lists of nearest stories, as vectors of 12 bits of the
    scores: sums of their products stay exact.
    """
    total = len(near)
    size = kept(total.bit_length())
    if not size or not weight:
        return np.zeros(len(ours), np.int32)
    added = np.empty(len(ours), np.int32)
    profile = np.zeros((_BATCH, total + 1))
    rows, first = np.unique(ours, return_index=True)
    ends = np.append(first, len(ours))
    for begin in range(0, len(rows), _BATCH):
        some = rows[begin : begin + _BATCH]
        pairs = slice(ends[begin], ends[begin + len(some)])
        line = np.searchsorted(some, ours[pairs])
        here, own_scores = near.take(some, size)
        there, other_scores = near.take(theirs[pairs].astype(np.intp), size)
        own = (own_scores // UNIT).astype(np.float64)
        other = (other_scores // UNIT).astype(np.float64)
        lines = np.arange(len(some))[:, None]
        profile[lines, here] = own
        profile[:, NOBODY] = 0
        shared = np.einsum("pk,pk->p", profile[line[:, None], there], other)
        profile[lines, here] = 0
        lengths = _squares(own)[line] * _squares(other)
        shared /= np.sqrt(np.maximum(1, lengths))
        added[pairs] = np.rint(weight * UNIT * UNIT * shared)
    return added


def _squares(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    squares: NDArray[np.float64] = np.einsum("rk,rk->r", vectors, vectors)
    return squares
