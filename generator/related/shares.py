"""The score of one story with another in its parts: what each signal adds."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from generator.related.index import RelatedIndex, dates_of, neighbours_of
from generator.related.neighbours import with_bonus
from generator.related.vectors import UNIT
from generator.terms import KINDS, Kind


class Reason(NamedTuple):
    """The parts of a score, each a share of 1, and what they rest on.

    `shared` are the terms that both have, by kind, those that say most first. `days` are
    the days between the two; `company` is how many neighbours they share.
    """

    score: float
    parts: dict[str, float]
    shared: dict[Kind, list[str]]
    days: int
    company: int


def reason(index: RelatedIndex, one: int, other: int, spelled: Mapping[int, str]) -> Reason:
    """Return why the story at `other` is related to the one at `one`. `spelled`: terms by
    number, as a reader knows them."""
    whole = UNIT * UNIT * index.rules.most(index.archive.size)
    (ids, values), (others, other_values) = index.vector(one), index.vector(other)
    both, here, there = np.intersect1d(ids, others, return_indices=True)
    product = values[here].astype(np.int64) * other_values[there]
    parts: dict[str, float] = {}
    shared: dict[Kind, list[str]] = {}
    for number, kind in enumerate(KINDS):
        own = both & 7 == number
        parts[kind] = float(product[own].sum()) / whole
        telling = both[own][np.lexsort((both[own], -product[own]))]
        shared[kind] = [spelled[i] for i in telling.tolist() if i in spelled]
    dates = dates_of(index.columns, index.rules)
    bonus = with_bonus(one, np.array([other]), np.zeros(len(index.columns), np.int32), dates)[0]
    parts["recency"] = float(bonus) / whole if len(both) else 0.0
    alone = sum(parts.values())
    score = dict(index.scores(one)).get(other, alone)  # a pin may not be ranked at all
    parts["company"] = max(0.0, score - alone)
    return Reason(
        score=score,
        parts=parts,
        shared=shared,
        days=int(abs(dates.days[one] - dates.days[other])),
        company=len(neighbours_of(index, one) & neighbours_of(index, other)),
    )
