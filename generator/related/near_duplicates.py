"""Stories that say nearly the same in the same words: an update, a copy of an agency's text."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from generator.related.neighbours import NOBODY, Neighbours
from generator.related.vectors import UNIT, Rows
from generator.terms import SKETCH

_ALIKE = 0.8
"""Above this share of shingles that are in both (Jaccard), two texts are near-duplicates."""
_NEAR = int(0.25 * UNIT * UNIT)
"""Texts so alike are never further apart than this score, whatever their tags."""
LEAST = 4
"""Of so many least hashes near-duplicates share one: all but two in a thousand, at worst."""
_FEWEST = 16
"""Texts of fewer different shingles are too short to tell a copy from a coincidence."""
_BATCH = 1024

Sketches = Callable[[Rows], NDArray[np.uint32]]
"""The sketches of the stories at these positions, a row for each, filled up with 0."""


def suspects(
    rows: Rows, near: Neighbours, least: NDArray[np.uint32], whose: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return the pairs of near stories that may be near-duplicates, one of them of `whose`.

    `rows` are all in whose lists such a pair may stand, `least` the first hashes of the sketches.
    Each pair once: two positions, the less first, in order.
    """
    total = max(1, len(near))
    keys = [np.empty(0, np.int64)]
    for begin in range(0, len(rows), _BATCH):
        some = rows[begin : begin + _BATCH]
        who, score = near.take(some)
        asked = whose[some, None] | whose[who]
        lines, columns = np.nonzero(asked & (score >= _NEAR) & (who != NOBODY))
        one, other = some[lines], who[lines, columns].astype(np.int64)
        likely = (least[one, :, None] == least[other, None, :]).any(axis=(1, 2))
        one, other = one[likely], other[likely]
        keys.append(np.minimum(one, other) * total + np.maximum(one, other))
    found = np.sort(np.concatenate(keys))
    found = found[np.diff(found, prepend=-1) > 0]
    return np.stack(np.divmod(found, total), axis=1)


def near_duplicates(pairs: NDArray[np.int64], sketches: Sketches) -> NDArray[np.int64]:
    """Return those of the pairs whose texts are alike.

    Of texts of at most `SKETCH` different shingles the share is exact, of longer ones it is
    estimated from that many, with a standard error of 0.035.
    """
    found = [np.empty((0, 2), np.int64)]
    for begin in range(0, len(pairs), _BATCH):
        some = pairs[begin : begin + _BATCH]
        rows, places = np.unique(some, return_inverse=True)
        found.append(some[_alike(places.reshape(-1, 2), sketches(rows))])
    return np.concatenate(found)


def _alike(pairs: NDArray[np.int64], sketches: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return how many of the least `SKETCH` hashes of both texts together each of the two has."""
    both = np.sort(sketches[pairs].reshape(len(pairs), -1), axis=1)
    told = both > 0  # sketches are filled up with 0
    twice = np.zeros_like(told)
    twice[:, 1:] = told[:, 1:] & (both[:, 1:] == both[:, :-1])
    different = np.cumsum(told & ~twice, axis=1)
    within = different <= SKETCH
    shared = (twice & within).sum(axis=1)
    total = np.minimum(different[:, -1], SKETCH)
    alike: NDArray[np.bool_] = (shared > _ALIKE * total) & (total >= _FEWEST)
    return alike
