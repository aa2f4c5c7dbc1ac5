"""The final order of the nearest stories: by their scores and by the neighbours that they share.

In come the nearest stories of each with their scores, out goes a shorter list in another order.
Two stories that have many neighbours in common tell of one subject; two that only share some
words have few. This also keeps one story from being everybody's (shared nearest neighbours,
Jarvis and Patrick 1973).
"""

import numpy as np
from numpy.typing import NDArray

from generator.related.neighbours import MOST, NOBODY, Nearest
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


def ranked(rows: Rows, near: Nearest, weight: float, newer: bool) -> Nearest:
    """Return the first `CHOICES` of the nearest of the stories at `rows`, in their final order.

    `weight` is that of shared neighbours; without `newer` only older stories are chosen.
    """
    order = Nearest(
        np.empty((len(rows), CHOICES), np.int32), np.empty((len(rows), CHOICES), np.int32)
    )
    for begin in range(0, len(rows), _ROWS):
        some = rows[begin : begin + _ROWS]
        who, own = _choices(some, near, newer)
        lines, columns = np.nonzero(who != NOBODY)
        full = own.astype(np.int64)
        full[lines, columns] += _added(some[lines], who[lines, columns], near, weight)
        order.who[begin : begin + _ROWS], order.score[begin : begin + _ROWS] = _in_order(who, full)
    return order


def ranked_again(
    rows: Rows, old: Nearest, near: Nearest, differs: NDArray[np.bool_], weight: float
) -> Nearest:
    """Return the same for stories whose nearest are those of before, while those of some differ.

    `old` is how they were ranked. Only what they share with stories that differ is new.
    """
    who, full = old.who[rows], old.score[rows].astype(np.int64)
    lines, columns = np.nonzero(differs[who] & (who != NOBODY))
    ours, theirs = rows[lines], who[lines, columns]
    place = (near.who[ours] == theirs[:, None]).argmax(axis=1)
    full[lines, columns] = near.score[ours, place] + _added(ours, theirs, near, weight)
    return _in_order(who, full)


def _choices(rows: Rows, near: Nearest, newer: bool) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the stories to rank and their scores, nearest first."""
    who, score = near.who[rows], near.score[rows]
    if not newer:
        barred = who < rows[:, None]
        who, score = np.where(barred, NOBODY, who), np.where(barred, 0, score)
        order = np.argsort(who == NOBODY, axis=1, kind="stable")
        who = np.take_along_axis(who, order, axis=1)
        score = np.take_along_axis(score, order, axis=1)
    return who[:, :CHOICES], score[:, :CHOICES]


def _in_order(who: NDArray[np.int32], full: NDArray[np.int64]) -> Nearest:
    full[who == NOBODY] = -1
    order = np.lexsort((who, -full))
    score = np.take_along_axis(full, order, axis=1)
    return Nearest(np.take_along_axis(who, order, axis=1), np.maximum(0, score).astype(np.int32))


def _added(
    ours: Rows, theirs: NDArray[np.int32], near: Nearest, weight: float
) -> NDArray[np.int64]:
    """Return what shared neighbours add to the score of each pair.

    The pairs of one story stand together.

    What is added is the cosine of their lists of nearest stories, as vectors of 12 bits of the
    scores: sums of their products stay exact.
    """
    total = len(near.who)
    size = kept(total.bit_length())
    if not size or not weight:
        return np.zeros(len(ours), np.int64)
    added = np.empty(len(ours), np.int64)
    profile = np.zeros((_BATCH, total + 1))
    rows, first = np.unique(ours, return_index=True)
    ends = np.append(first, len(ours))
    for begin in range(0, len(rows), _BATCH):
        some = rows[begin : begin + _BATCH]
        pairs = slice(ends[begin], ends[begin + len(some)])
        line = np.searchsorted(some, ours[pairs])
        here, there = near.who[some, :size], near.who[theirs[pairs], :size]
        own = (near.score[some, :size] // UNIT).astype(np.float64)
        other = (near.score[theirs[pairs], :size] // UNIT).astype(np.float64)
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
