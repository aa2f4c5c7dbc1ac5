"""All that a story's suggestions depend on, as one number: while it is the same, so are they."""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from generator.related.index import RelatedIndex, Subject
from generator.related.neighbours import NOBODY
from generator.related.select import Voice

Hashes = NDArray[np.uint64]

_ODD = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_A_ROW = 4096
"""Stories at a time, which bounds the memory used."""


def suggestion_digests(index: RelatedIndex, voices: Sequence[Voice]) -> list[int]:
    """Return for each story the digest, of 64 bits, of all that is known of those ranked for it.

    Those are named by their paths, for positions move: with their scores, their voices,
    and the near-duplicates of each. What the editor settled is not part of it.
    """
    names = np.array(
        [_named(*pair) for pair in zip(index.subjects, voices, strict=True)], np.uint64
    )
    known = names.copy()
    one, other = index.pairs.reshape(-1, 2).T
    np.add.at(known, one, _mixed(names[other]))
    np.add.at(known, other, _mixed(names[one]))
    known = np.append(known, np.uint64(NOBODY & 0xFFFFFFFF))  # the last is nobody
    scale = np.float64(index.rules.most(index.archive.size)).view(np.uint64)
    parts = [
        _rows(
            known,
            index.ranked.who[start : start + _A_ROW],
            index.ranked.score[start : start + _A_ROW],
        )
        for start in range(0, len(names), _A_ROW)
    ]
    rows = np.concatenate(parts) if parts else names
    return _mixed(rows + _mixed(known[:-1]) + scale).tolist()  # type: ignore[no-any-return]


def _rows(known: Hashes, who: NDArray[np.int32], score: NDArray[np.int32]) -> Hashes:
    order = np.arange(who.shape[1], dtype=np.uint64) * np.uint64(_ODD[1])
    worth = score.astype(np.int64).view(np.uint64) * np.uint64(_ODD[2])
    rows: Hashes = _mixed(known[who] + _mixed(worth + order)).sum(axis=1, dtype=np.uint64)
    return rows


def _mixed(numbers: Hashes) -> Hashes:
    """Return numbers whose every bit depends on every bit of those given.

    The mixing is that of SplitMix64 (Steele 2014).
    """
    mixed = numbers + np.uint64(_ODD[0])
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(_ODD[1])
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(_ODD[2])
    return mixed ^ (mixed >> np.uint64(31))


def _named(subject: Subject, voice: Voice) -> int:
    text = "\n".join((subject.path, voice.source, *voice.authors))
    return int.from_bytes(blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest())
