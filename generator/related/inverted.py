"""An archive from terms to stories: which stories have a term, and how much it says of them.

In come the terms of all stories and their vectors, out come the stories of a term, the terms of a
story, and the products of vectors. Few stories that change are held beside what is there.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.related.table import places_of
from generator.related.vectors import Ids, Ragged, Row, Rows, firsts

Products = NDArray[np.int32]
"""Of vectors: none is longer than three times its `UNIT`, so that no sum is too great."""

OFTEN = 32
"""A term that more than one in so many stories have takes less room as a bit for each story."""
_ROWS = 2048
"""Stories taken at a time, which bounds the memory used."""


class Postings(NamedTuple):
    """Which stories have a term, and how much it weighs there, if it is weighed.

    Those of term t are `stories[start[t]:start[t + 1]]`, ascending; `terms` ascend too.
    """

    terms: Ids
    start: NDArray[np.int64]
    stories: NDArray[np.int32]
    values: NDArray[np.uint16]

    def spans(self, terms: Ids) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where the stories of each of these terms begin and end."""
        if not len(self.terms):
            return np.zeros(len(terms), np.int64), np.zeros(len(terms), np.int64)
        places = np.searchsorted(self.terms, terms)
        places[places == len(self.terms)] = 0
        is_there = self.terms[places] == terms
        return self.start[places], np.where(is_there, self.start[places + 1], self.start[places])

    def holders(self, terms: Ids) -> NDArray[np.int32]:
        """Return the stories of these terms, one term's behind the other's."""
        spans = zip(*(edges.tolist() for edges in self.spans(terms)), strict=True)
        return np.concatenate([np.empty(0, np.int32), *(self.stories[a:b] for a, b in spans)])

    def products(self, vector: Row, total: int) -> Products:
        """Return the product of a vector with that of each of so many stories."""
        ids, values = vector
        found = np.zeros(total, np.int32)
        begins, ends = self.spans(ids)
        spans = list(zip(begins.tolist(), ends.tolist(), strict=True))
        if spans:
            stories = np.concatenate([self.stories[a:b] for a, b in spans])
            weights = np.concatenate([self.values[a:b] for a, b in spans])
            shares = weights * np.repeat(values.astype(np.int32), ends - begins)
            np.add.at(found, stories.astype(np.intp), shares)
        return found

    def of_stories(
        self, rows: Rows, total: int
    ) -> tuple[Ids, NDArray[np.int32], NDArray[np.uint16]]:
        """Return the entries of the stories at these rows: terms, stories, values.

        To look through all is little work beside reading them. There are `total` stories.
        """
        places = places_of(self.stories, rows, total)
        terms = self.terms[np.searchsorted(self.start, places, side="right") - 1]
        values = self.values[places] if len(self.values) else self.values
        return terms, self.stories[places], values

    def replaced(self, rows: Rows, new: "Postings", total: int) -> "Postings":
        """Return the same with `new` entries of the stories at these rows.

        In those a story is known by its place among the rows.
        """
        is_left = np.ones(total, bool)
        is_left[rows] = False
        left = is_left[self.stories]
        ids = np.concatenate([self._ids()[left], new._ids()])
        stories = np.concatenate([self.stories[left], rows[new.stories].astype(np.int32)])
        values = self.values[left] if len(self.values) else self.values
        order = np.lexsort((stories, ids))
        values = np.concatenate([values, new.values])
        return _posted(ids[order], stories[order], values[order] if len(values) else values)

    def renumbered(self, today: NDArray[np.int32]) -> "Postings":
        """Return the same for stories at other places; those whose place is negative are gone.

        All others stand in the same order.
        """
        stories = today[self.stories]
        left = stories >= 0
        return Postings(
            self.terms,
            np.concatenate([[0], np.cumsum(left)])[self.start],
            stories[left],
            self.values[left] if len(self.values) else self.values,
        )

    def _ids(self) -> Ids:
        """Return the term of each entry."""
        return np.repeat(self.terms, np.diff(self.start))


def postings(stories: Ragged) -> Postings:
    """Return which of the stories have each term, and its value there."""
    return _postings(stories.ids, stories.owners(), stories.values.astype(np.uint16))


class Common(NamedTuple):
    """The stories that have a common term: for each story a row with a bit for each term."""

    terms: Ids
    bits: NDArray[np.uint8]

    def holders(self, terms: Ids) -> Rows:
        """Return the stories of these terms, as far as those are among the common ones."""
        columns = np.flatnonzero(np.isin(self.terms, terms))
        found = [np.flatnonzero(self.bits[:, c >> 3] & (0x80 >> (c & 7))) for c in columns.tolist()]
        return np.concatenate([np.empty(0, np.intp), *found])

    def of_stories(self, rows: Rows) -> Ids:
        """Return the common terms of these stories, one story's behind the other's."""
        bits = np.unpackbits(self.bits[rows], axis=1, count=len(self.terms))
        return self.terms[np.nonzero(bits)[1]]


class InvertedIndex(NamedTuple):
    """All stories by their terms.

    `told` are the vectors. What else a story says has no part in its vector: in `untold`, or as a
    bit of `common`. What those three have of the stories at `rows`, which ascend, is out of date:
    these have the terms `said`, and the vectors `own`, by term in `own_told`.
    """

    total: int
    told: Postings
    untold: Postings
    common: Common
    rows: Rows
    said: Ragged
    own: Ragged
    own_told: Postings

    def holders(self, terms: Ids) -> Rows:
        """Return the stories that have one of these terms, in order."""
        found = np.zeros(self.total, bool)
        for part in (self.told, self.untold, self.common):
            found[part.holders(terms)] = True
        found[self.rows] = False
        found[self.rows[self.said.owners()[np.isin(self.said.ids, terms)]]] = True
        return np.flatnonzero(found)

    def terms_of(self, rows: Rows) -> Ids:
        """Return the terms of the stories at these rows, each for each story that has it."""
        is_own = np.isin(self.rows, rows)
        base = np.setdiff1d(rows, self.rows)
        parts = [self.said.take(np.flatnonzero(is_own)).ids]
        if len(base):
            parts += [part.of_stories(base, self.total)[0] for part in (self.told, self.untold)]
            parts.append(self.common.of_stories(base))
        return np.concatenate(parts)

    def vectors(self, rows: Rows) -> Ragged:
        """Return the vectors of the stories at these rows, which ascend."""
        is_own = np.isin(rows, self.rows)
        own = self.own.take(np.searchsorted(self.rows, rows[is_own]))
        if is_own.all():
            return own
        base = rows[~is_own]
        terms, stories, values = self.told.of_stories(base, self.total)
        order = np.lexsort((terms, stories))
        start = np.searchsorted(stories[order], np.append(base, self.total))
        both = own.followed_by(Ragged(start, terms[order], values[order]))
        return both.take(np.argsort(np.concatenate([rows[is_own], base])))

    def products(self, row: int, vector: Row) -> Products:
        """Return the product of a story's vector with that of every story; its own is 0."""
        found = self.told.products(vector, self.total)
        if len(self.rows):
            found[self.rows] = self.own_told.products(vector, len(self.rows))
        found[row] = 0
        return found

    def vectors_alone(self) -> "InvertedIndex":
        """Return the same without what has no part in products, to be sent elsewhere."""
        return self._replace(untold=_NOTHING, common=_NONE_COMMON)

    def put(self, rows: Rows, said: Ragged, own: Ragged) -> "InvertedIndex":
        """Return the index when the stories at these rows, which ascend, have other terms."""
        left = np.flatnonzero(~np.isin(self.rows, rows))
        all_rows = np.concatenate([self.rows[left], rows])
        order = np.argsort(all_rows)
        all_own = self.own.take(left).followed_by(own).take(order)
        return self._replace(
            rows=all_rows[order],
            said=self.said.take(left).followed_by(said).take(order),
            own=all_own,
            own_told=postings(all_own),
        )

    def folded(self) -> "InvertedIndex":
        """Return the same with no story beside what is there of all: its terms stand among them."""
        is_told = np.isin(_keys(self.said), _keys(self.own))
        untold, common = unweighed(self.said, is_told, self.common.terms)
        bits = self.common.bits.copy()
        bits[self.rows] = common.bits
        return _settled(
            self.total,
            self.told.replaced(self.rows, self.own_told, self.total),
            self.untold.replaced(self.rows, untold, self.total),
            Common(self.common.terms, bits),
        )

    def renumbered(self, origin: Rows, today: NDArray[np.int32]) -> "InvertedIndex":
        """Return the same for stories at other places: `origin` were those of today's.

        `today` are those of before, negative for what is gone.
        """
        left = np.flatnonzero(today[self.rows] >= 0)
        own = self.own.take(left)
        return InvertedIndex(
            len(origin),
            self.told.renumbered(today),
            self.untold.renumbered(today),
            self.common._replace(bits=self.common.bits[origin]),
            today[self.rows[left]].astype(np.intp),
            self.said.take(left),
            own,
            postings(own),
        )


def inverted(vectors: Ragged, untold: Postings, common: Common) -> InvertedIndex:
    """Return the index of stories with these vectors; the others are what else they say."""
    return _settled(len(vectors), postings(vectors), untold, common)


def unweighed(stories: Ragged, is_told: NDArray[np.bool_], common: Ids) -> tuple[Postings, Common]:
    """Return the entries of stories that are not told in vectors, those of common terms apart."""
    bits = np.zeros((len(stories), -(-len(common) // 8)), np.uint8)
    ids, owners = [np.empty(0, np.uint32)], [np.empty(0, np.int32)]
    for begin in range(0, len(stories), _ROWS):
        end = min(begin + _ROWS, len(stories))
        some = stories.part(begin, end)
        rest = ~is_told[stories.start[begin] : stories.start[end]]
        said, rows = some.ids[rest], some.owners()[rest]
        columns = np.searchsorted(common, said)
        is_common = np.append(common, 0)[columns] == said  # 0 is no term
        has = np.zeros((end - begin, len(common)), bool)
        has[rows[is_common], columns[is_common]] = True
        bits[begin:end] = np.packbits(has, axis=1)
        ids.append(said[~is_common])
        owners.append(rows[~is_common] + np.int32(begin))
    untold = _postings(np.concatenate(ids), np.concatenate(owners), np.empty(0, np.uint16))
    return untold, Common(common, bits)


def _settled(total: int, told: Postings, untold: Postings, common: Common) -> InvertedIndex:
    start, ids = np.zeros(1, np.int64), np.empty(0, np.uint32)
    said = Ragged(start, ids, np.empty(0, np.uint8))
    own = Ragged(start, ids, np.empty(0, np.uint16))
    nobody = np.empty(0, np.intp)
    return InvertedIndex(total, told, untold, common, nobody, said, own, postings(own))


def _keys(stories: Ragged) -> NDArray[np.int64]:
    """Return a number for each entry that is of this row and this term alone."""
    return (stories.owners().astype(np.int64) << 32) + stories.ids


def _postings(ids: Ids, owners: NDArray[np.int32], values: NDArray[np.uint16]) -> Postings:
    order = _by_term(ids)
    return _posted(ids[order], owners[order], values[order] if len(values) else values)


def _posted(ids: Ids, owners: NDArray[np.int32], values: NDArray[np.uint16]) -> Postings:
    """Return entries that stand in order, by term and then by story, as postings."""
    first = firsts(ids)
    return Postings(ids[first], np.append(first, len(ids)), owners, values)


def _by_term(ids: Ids) -> NDArray[np.intp]:
    """Return the stable order of ids: two passes over 16 bits, for which numpy has a radix sort."""
    order = np.argsort((ids & 0xFFFF).astype(np.uint16), kind="stable")
    return order[np.argsort((ids >> 16).astype(np.uint16)[order], kind="stable")]


_NOTHING = _postings(np.empty(0, np.uint32), np.empty(0, np.int32), np.empty(0, np.uint16))
_NONE_COMMON = Common(_NOTHING.terms, np.empty((0, 0), np.uint8))
