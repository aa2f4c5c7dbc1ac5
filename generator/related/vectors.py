"""Each story as a vector: how much each of its terms says, against the whole archive.

All weights are whole numbers. Sums of them are exact in any order, so that a score is the
same whether it is computed alone or with ten thousand others.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from generator.terms import KINDS, Terms, number_of

UNIT = 1 << 12
"""The length of a vector: the product of two that are the same is `UNIT` squared."""
_FINE = 1 << 10
_MOST = 96
"""So many terms of a body count: those that say most."""
_ROWS = 2048
"""Stories taken at a time, which bounds the memory used."""
_STOP, _NAME, _TAG, _HEADLINE = (KINDS.index(k) for k in ("stop", "name", "tag", "headline"))
_TINY = 4
"""Up to this class (15 stories) even a term of all stories is not too common."""
_LARGE = 11
"""From this class of size on (1,024 stories) an archive tells its common words by itself."""

# A term that stands there often says more, but not in proportion: 1 + ln(1 + ln n).
_OFTEN = 1 + np.log1p(np.log(np.maximum(1, np.arange(256))))

Number = TypeVar("Number", bound=np.generic)
Ids = NDArray[np.uint32]
Rows = NDArray[np.intp]
Values = NDArray[np.uint16] | NDArray[np.uint8]
"""Weights are of 16 bits, counts of 8."""
Row = tuple[Ids, Values]


class Ragged(NamedTuple):
    """Rows of different lengths, end to end: row r is `ids[start[r]:start[r + 1]]`.

    `ids` are terms, each once in a row; `values` belong to them.
    """

    start: NDArray[np.int64]
    ids: Ids
    values: Values

    def __len__(self) -> int:
        return len(self.start) - 1

    def lengths(self) -> NDArray[np.int64]:
        return np.diff(self.start)

    def owners(self) -> NDArray[np.int32]:
        """Return the row of each entry."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.lengths())

    def row(self, row: int) -> Row:
        here = slice(self.start[row], self.start[row + 1])
        return self.ids[here], self.values[here]

    def part(self, begin: int, end: int) -> "Ragged":
        """Return the rows from one on to before another, as views."""
        here = slice(self.start[begin], self.start[end])
        start = self.start[begin : end + 1] - self.start[begin]
        return Ragged(start, self.ids[here], self.values[here])

    def take(self, rows: Rows) -> "Ragged":
        """Return these rows, in this order."""
        if len(rows) == len(self) and (rows == np.arange(len(self))).all():
            return self
        lengths = self.lengths()[rows]
        start = ends(lengths)
        places = np.repeat(self.start[rows] - start[:-1], lengths) + np.arange(start[-1])
        return Ragged(start, self.ids[places], self.values[places])

    def followed_by(self, other: "Ragged") -> "Ragged":
        """Return these rows, and those of another behind them."""
        return Ragged(
            ends(np.concatenate([self.lengths(), other.lengths()])),
            np.concatenate([self.ids, other.ids]),
            np.concatenate([self.values, other.values]),
        )


class Weights(NamedTuple):
    """How much each signal counts against the words of the body, which count 1."""

    headline: float
    names: float
    tags: float


class Archive(NamedTuple):
    """How many stories there are, and how many of them have each term; `terms` ascend."""

    stories: int
    terms: Ids
    often: NDArray[np.int32]

    @property
    def size(self) -> int:
        """Return the class of the archive's size; see `map_chunks`."""
        return self.stories.bit_length()

    def map_chunks(self, ids: Ids) -> NDArray[np.int32]:
        """Return the class of the number of stories that have each of these terms.

        The class of a number is its length in bits: 4 to 7 are of one, 8 to 15 of the next.
        Weights so coarse are on purpose: finer ones would drift with every story, and every
        edit would change every sidebar a little. One edit moves about as many stories over
        an edge as it brings new terms.
        """
        return np.frexp(self._often(ids))[1]

    def after(self, gone: Ids, come: Ids, stories: int) -> "Archive":
        """Return the archive when these terms are gone from a story each, and those have come."""
        terms, which = np.unique(np.concatenate([gone, come]), return_inverse=True)
        sign = np.repeat([-1.0, 1.0], [len(gone), len(come)])
        change = np.bincount(which, sign, minlength=len(terms)).astype(np.int32)
        new = terms[self._often(terms) == 0]
        places = np.searchsorted(self.terms, new)
        often = np.insert(self.often, places, 0)
        all_terms = np.insert(self.terms, places, new)
        often[np.searchsorted(all_terms, terms)] += change
        left = often > 0
        return Archive(stories, all_terms[left], often[left])

    def moved(self, before: "Archive", gone: Ids, come: Ids) -> Ids:
        """Return which of the terms that are gone or have come weigh otherwise than before."""
        terms: Ids = np.unique(np.concatenate([gone, come]))
        moved: Ids = terms[_telling(terms, self) != _telling(terms, before)]
        return moved

    def common(self, share: int) -> Ids:
        """Return the terms that more than one in `share` stories have."""
        common: Ids = self.terms[self.often > max(1, self.stories // share)]
        return common

    def _often(self, ids: Ids) -> NDArray[np.int32]:
        if not len(self.terms):
            return np.zeros(len(ids), np.int32)
        places = np.minimum(np.searchsorted(self.terms, ids), len(self.terms) - 1)
        return np.where(self.terms[places] == ids, self.often[places], 0).astype(np.int32)


def archive_of(stories: Ragged) -> Archive:
    """Return the archive that these stories make."""
    parts = [
        np.unique(stories.part(begin, min(begin + _ROWS, len(stories))).ids, return_counts=True)
        for begin in range(0, len(stories), _ROWS)
    ]
    terms, which = np.unique(_joined([ids for ids, _ in parts], np.uint32), return_inverse=True)
    often = np.bincount(which, _joined([counts for _, counts in parts], np.int64))
    return Archive(len(stories), terms, often.astype(np.int32))


def written(terms: Iterable[tuple[Terms, Sequence[str]]]) -> Ragged:
    """Return the terms of stories as they wrote them with their counts, then their tags (slugs)."""
    ids, values, lengths = bytearray(), bytearray(), []
    for story, tags in terms:
        ids += story.ids
        values += story.counts
        for tag in tags:
            ids += number_of("tag", tag).to_bytes(4, "little")
            values += b"\1"
        lengths.append(len(story.counts) + len(tags))
    return Ragged(
        ends(np.array(lengths, np.int64)),
        np.frombuffer(ids, "<u4").astype(np.uint32, copy=False),
        np.frombuffer(values, np.uint8),
    )


def vectors(stories: Ragged, archive: Archive, weights: Weights) -> Ragged:
    """Return the stories as vectors, in terms that are neither too rare nor too common to say
    anything.

    A term's weight is the root of log2(N / n), N stories of which n have it, in classes
    (the root: a softer inverse document frequency), times how often it stands there, on a
    logarithmic scale. Too common: in more than half of the stories, or in more than 16
    times the root of their number. Too rare: a word in fewer than 2, in an archive of
    10,000 fewer than 4, of 100,000 fewer than 8. The body with its names and tags has the
    length `UNIT`, the headline `UNIT` times the root of its weight.
    """
    return weighed(stories, archive, weights).vectors


class Weighed(NamedTuple):
    """Stories as vectors; `is_told` says which of the entries of the stories are in those."""

    vectors: Ragged
    is_told: NDArray[np.bool_]


def weighed(stories: Ragged, archive: Archive, weights: Weights) -> Weighed:
    """Return the stories as `vectors` does, and which of their entries became part of those."""
    parts = [
        _weighed(stories.part(begin, min(begin + _ROWS, len(stories))), archive, weights)
        for begin in range(0, len(stories), _ROWS)
    ]
    made = [part.vectors for part in parts]
    return Weighed(
        Ragged(
            ends(np.concatenate([np.empty(0, np.int64), *(rows.lengths() for rows in made)])),
            _joined([rows.ids for rows in made], np.uint32),
            _joined([rows.values for rows in made], np.uint16),
        ),
        _joined([part.is_told for part in parts], np.bool_),
    )


def _weighed(stories: Ragged, archive: Archive, weights: Weights) -> Weighed:
    size, map_chunks = archive.size, archive.map_chunks(stories.ids)
    rare, common = _edges(size)
    kinds = stories.ids & 7
    told = (map_chunks >= rare[kinds]) & (map_chunks <= common)
    if size < _LARGE:
        told &= kinds != _STOP
    # A headline is as long as all its words, or one that two share would seem all they say.
    line = (kinds == _HEADLINE) & (map_chunks <= common)
    places = np.flatnonzero(told | line)  # most of what a story says tells nothing
    told, line, kinds, map_chunks = told[places], line[places], kinds[places], map_chunks[places]
    rows, ids = stories.owners()[places], stories.ids[places]
    share = np.ones(len(KINDS))
    # The fewer the stories the less their words tell, and the more an editor's tags do.
    share[[_NAME, _TAG]] = weights.names, weights.tags * 2 ** min(3, max(0, (_LARGE - size) / 2))
    rarity = np.sqrt(np.maximum(0.25, size - np.arange(256)))
    value = np.rint(_FINE * _OFTEN[stories.values[places]] * rarity[map_chunks] * share[kinds])
    told &= value > 0
    headlines = np.bincount(rows[line], value[line] ** 2, minlength=len(stories))
    rows, ids, kinds, value, places = (part[told] for part in (rows, ids, kinds, value, places))

    best = _most_telling(rows, ids, kinds, value)
    rows, ids, value = rows[best], ids[best], value[best]
    head = kinds[best] == _HEADLINE
    bodies = np.bincount(rows[~head], value[~head] ** 2, minlength=len(stories))
    length = np.sqrt(np.where(head, headlines[rows], bodies[rows]))
    scale = np.where(head, UNIT * np.sqrt(weights.headline), UNIT)
    value = np.floor(scale * value / length).astype(np.uint16)  # no longer than it should be
    is_told = np.zeros(len(stories.ids), bool)
    is_told[places[best]] = True
    return Weighed(Ragged(ends(np.bincount(rows, minlength=len(stories))), ids, value), is_told)


def _edges(size: int) -> tuple[NDArray[np.int64], int]:
    """Return the first class that is not too rare, by kind, and the last that is not too common.

    `size` is the class of the archive's size.
    """
    rare = np.full(len(KINDS), 2)
    rare[:_NAME] = max(2, size // 4)
    return rare, min(max(size - 1, min(size, _TINY)), 4 + size // 2)


def _telling(terms: Ids, archive: Archive) -> NDArray[np.int32]:
    """Return the classes of terms so far as they make a difference to a vector.

    How much too common a term is makes none, nor how much too rare, unless in a headline: that is
    as long as all its words.
    """
    rare, common = _edges(archive.size)
    least = np.where(terms & 7 == _HEADLINE, 0, rare[terms & 7] - 1)
    telling: NDArray[np.int32] = np.clip(archive.map_chunks(terms), least, common + 1)
    return telling


def _most_telling(
    rows: NDArray[np.int32], ids: Ids, kinds: Ids, value: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return which entries are among the `_MOST` weightiest of their body, or of a headline."""
    body = kinds != _HEADLINE
    taken = np.ones(len(rows), bool)
    total = int(rows[-1]) + 1 if len(rows) else 0
    crowded = body & (np.bincount(rows[body], minlength=total)[rows] > _MOST)
    places = np.flatnonzero(crowded)
    places = places[np.lexsort((ids[places], -value[places], rows[places]))]
    if len(places):
        first = firsts(rows[places])
        rank = np.arange(len(places)) - np.repeat(first, np.diff(np.append(first, len(places))))
        taken[places[rank >= _MOST]] = False
    return taken


def firsts(ordered: NDArray[Number]) -> Rows:
    """Return where each different value of an ordered array stands first."""
    is_first = np.ones(len(ordered), bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return np.flatnonzero(is_first)


def ends(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where rows of these lengths begin, end to end, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _joined(arrays: Sequence[NDArray[Any]], kind: type[Number]) -> NDArray[Number]:
    return np.concatenate([np.empty(0, kind), *arrays])
