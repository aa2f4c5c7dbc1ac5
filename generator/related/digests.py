"""All that a story's suggestions depend on, as one number: while it is the same, so are they."""

import numpy as np
from numpy.typing import NDArray

from generator.related.neighbours import NOBODY, Nearest
from generator.related.subjects import Columns, Hashes

_ODD = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


def known_of(columns: Columns, pairs: NDArray[np.int64]) -> Hashes:
    """Return for each story a digest of what others see of it: its path, voice and copies.

    It is named by its path, for positions move. `pairs` are near-duplicates.
    """
    names = mixed(columns.digests[:, 0] + mixed(columns.voices))
    known = names.copy()
    one, other = pairs.reshape(-1, 2).T
    np.add.at(known, one, mixed(names[other]))
    np.add.at(known, other, mixed(names[one]))
    return known


def suggestion_digests(own: Hashes, ranked: Nearest, known: Hashes, most: float) -> Hashes:
    """Return for some stories the digest, of 64 bits, of all that is known of those `ranked` there.

    `own` is what is `known` of these stories themselves, `most` the best of all scores. What the
    editor settled is not part of it.
    """
    known = np.append(known, np.uint64(NOBODY & 0xFFFFFFFF))  # the last is nobody
    order = np.arange(ranked.who.shape[1], dtype=np.uint64) * np.uint64(_ODD[1])
    worth = ranked.score.astype(np.int64).view(np.uint64) * np.uint64(_ODD[2])
    rows = mixed(known[ranked.who] + mixed(worth + order)).sum(axis=1, dtype=np.uint64)
    return mixed(rows + mixed(own) + np.float64(most).view(np.uint64))


def mixed(numbers: Hashes) -> Hashes:
    """Return numbers whose every bit depends on every bit of those given.

    The mixing is that of SplitMix64 (Steele 2014).
    """
    mixed = numbers + np.uint64(_ODD[0])
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(_ODD[1])
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(_ODD[2])
    return mixed ^ (mixed >> np.uint64(31))
