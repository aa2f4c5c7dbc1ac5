"""Which stories are related: shared tags by their rarity, with a gentle preference for nearness.

Pure functions over values: what is related to a story follows from the stories alone.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_NEARNESS = 0.25
"""The bonus of a story of the same moment, as a share of its score."""


class Subject(NamedTuple):
    """A story as the engine sees it. `day` counts from any fixed date; pins are positions."""

    tags: tuple[str, ...]
    day: float
    pin: tuple[int, ...] = ()
    exclude: frozenset[int] = frozenset()


class Candidates(NamedTuple):
    """All stories, ready to be searched: the positions under each tag, and each one's day."""

    postings: dict[str, NDArray[np.intp]]
    rarity: dict[str, float]
    days: NDArray[np.float64]


def candidates(subjects: Sequence[Subject]) -> Candidates:
    """An index of the stories, whose positions are those in `subjects`.

    A tag weighs log(1 + N / n) for N stories of which n have it (inverse document
    frequency, Spärck Jones 1972).
    """
    found: dict[str, list[int]] = {}
    for position, subject in enumerate(subjects):
        for tag in subject.tags:
            found.setdefault(tag, []).append(position)
    return Candidates(
        postings={tag: np.array(positions) for tag, positions in found.items()},
        rarity={tag: math.log1p(len(subjects) / len(found[tag])) for tag in found},
        days=np.array([subject.day for subject in subjects]),
    )


def related(
    position: int, subject: Subject, among: Candidates, count: int, half_life: float
) -> tuple[int, ...]:
    """The positions of the `count` stories most related to the one at `position`.

    The editor's pins come first, in their order; what is excluded is not there even when
    pinned. Then by score; equal scores by position.
    `half_life` in days: the nearness bonus halves with each. Stories that share no tag are
    never there.
    """
    never = {position, *subject.exclude}
    pins = tuple(p for p in dict.fromkeys(subject.pin) if p not in never)[:count]
    wanted = count - len(pins)
    if wanted <= 0 or not subject.tags:
        return pins
    scores = np.zeros(len(among.days))
    for tag in sorted(subject.tags):
        scores[among.postings[tag]] += among.rarity[tag]
    apart = np.abs(among.days - subject.day)
    scores *= 1 + _NEARNESS * np.exp2(-apart / half_life)
    scores[[*never, *pins]] = 0
    return pins + _best(scores.round(9), wanted)


def _best(scores: NDArray[np.float64], count: int) -> tuple[int, ...]:
    """The positions of the best scores above zero; the earlier position wins a tie.

    Takes the greatest score `count` times and uses `scores` up: for a handful of them that
    is faster than any sort or partition of the whole.
    """
    best = []
    for _ in range(min(count, len(scores))):
        position = int(scores.argmax())
        if scores[position] <= 0:
            break
        best.append(position)
        scores[position] = 0
    return tuple(best)
