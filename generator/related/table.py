"""Rows of numbers of which few change: those are held apart, and the others are never copied."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_PART = 1 << 16
_FEW = 3
_PATCHED = 8
"""From one row in so many on that has been put in, all rows are written anew."""


class Table(NamedTuple):
    """Rows of equal length: those of `base`, but for those that were put in their place.

    Row r is `patch[slot[r]]` where that slot is not negative. A table is never changed: another
    is made that shares the base.
    """

    base: NDArray[np.int32]
    slot: NDArray[np.int32]
    patch: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.base)

    def take(self, rows: NDArray[np.intp], columns: int | None = None) -> NDArray[np.int32]:
        """Return these rows; of each only the first columns, if so many are asked for."""
        found = self.base[rows, :columns]
        if len(self.patch):
            slots = self.slot[rows]
            put = slots >= 0
            found[put] = self.patch[slots[put], :columns]
        return found

    def put(self, rows: NDArray[np.intp], values: NDArray[np.int32]) -> "Table":
        """Return the table with other values in these rows, each of which stands there once."""
        slot = self.slot.copy()
        is_new = slot[rows] < 0
        many = len(self.patch) + int(is_new.sum())
        if many > len(self) // _PATCHED:
            whole = self.whole().copy()
            whole[rows] = values
            return table(whole)
        slot[rows[is_new]] = np.arange(len(self.patch), many)
        patch = np.empty((many, values.shape[1]), np.int32)
        patch[: len(self.patch)] = self.patch
        patch[slot[rows]] = values
        return Table(self.base, slot, patch)

    def column(self, number: int) -> NDArray[np.int32]:
        """Return one column of all rows."""
        found = self.base[:, number].copy()
        put = self._put()
        found[put] = self.patch[self.slot[put], number]
        return found

    def holding(self, numbers: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Return which rows hold one of these numbers, positions in the table or less than 0."""
        held = np.zeros(len(self), bool)
        held[places_of(self.base.ravel(), numbers, len(self)) // self.base.shape[1]] = True
        put = self._put()
        held[put] = np.isin(self.patch[self.slot[put]], numbers).any(axis=1)
        return held

    def whole(self) -> NDArray[np.int32]:
        """Return all rows as one array, which is not to be written to."""
        if not len(self.patch):
            return self.base
        rows = self.base.copy()
        put = self._put()
        rows[put] = self.patch[self.slot[put]]
        return rows

    def _put(self) -> NDArray[np.intp]:
        """Return the rows that were put in."""
        return np.flatnonzero(self.slot >= 0) if len(self.patch) else np.empty(0, np.intp)


def table(rows: NDArray[np.int32]) -> Table:
    """Return a table of these rows."""
    return Table(rows, np.full(len(rows), -1, np.int32), np.empty((0, rows.shape[1]), np.int32))


def places_of(
    there: NDArray[np.int32], numbers: NDArray[np.integer], total: int
) -> NDArray[np.intp]:
    """Return where one of these numbers stands in a long array, none of which is `total` or more.

    Those that are less than 0 are no less than -2. Parts are looked at that stay in the
    processor's cache.
    """
    marks = np.zeros(total + 2, bool)
    marks[numbers] = True
    found = [np.empty(0, np.intp)]
    for begin in range(0, len(there), _PART):
        part = there[begin : begin + _PART]
        if len(numbers) <= _FEW:  # to look for each is less work than to look up everybody
            found += [np.flatnonzero(part == number) + begin for number in numbers.tolist()]
        else:
            found.append(np.flatnonzero(marks.take(part)) + begin)
    return np.concatenate(found)
