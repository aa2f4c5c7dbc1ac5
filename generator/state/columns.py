"""Columns: values of all rows of a table end to end, of which few are looked at."""

from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate
from operator import ne
from sys import byteorder

import msgspec

_BLOCK = 256
"""Values that are held beside others at once: in a large column few are others than before."""


class Column(msgspec.Struct, frozen=True, array_like=True):
    """Values of different lengths. `ends` are where each ends in the `data`, of 64 bits."""

    data: memoryview
    ends: memoryview

    @classmethod
    def of(cls, values: "Sequence[bytes] | Column") -> "Column":
        """Return these values in a column."""
        if isinstance(values, Column):
            return values
        ends = array("Q", accumulate(map(len, values)))
        return cls(memoryview(b"".join(values)), memoryview(ends).cast("B"))

    def __len__(self) -> int:
        return len(self.ends) // _END

    def __getitem__(self, row: int) -> bytes:
        begin, end = (self._end(row - 1) if row else 0), self._end(row)
        return bytes(self.data[begin:end])

    def __iter__(self) -> Iterator[bytes]:
        return map(self.__getitem__, range(len(self)))

    def _end(self, row: int) -> int:
        return int.from_bytes(self.ends[row * _END : (row + 1) * _END], byteorder)


_END = 8


def values_of(column: bytes, width: int) -> Iterator[bytes]:
    """Yield the values of a column that are all of one width."""
    return (column[place : place + width] for place in range(0, len(column), width))


def others_in(column: bytes, before: bytes, width: int) -> Iterator[int]:
    """Yield the rows of a column that hold other values than one of the same length did before."""
    for begin in range(0, len(column), _BLOCK * width):
        block = slice(begin, begin + _BLOCK * width)
        if column[block] != before[block]:
            pairs = map(ne, values_of(column[block], width), values_of(before[block], width))
            yield from (begin // width + row for row, is_other in enumerate(pairs) if is_other)
