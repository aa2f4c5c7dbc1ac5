"""Columns of values that are all of one width, end to end."""

from collections.abc import Iterator
from operator import ne

_BLOCK = 256
"""Values that are held beside others at once: in a large column few are others than before."""


def values_of(column: bytes, width: int) -> Iterator[bytes]:
    """Yield the values of a column."""
    return (column[place : place + width] for place in range(0, len(column), width))


def others_in(column: bytes, before: bytes, width: int) -> Iterator[int]:
    """Yield the rows of a column that hold other values than one of the same length did before."""
    for begin in range(0, len(column), _BLOCK * width):
        block = slice(begin, begin + _BLOCK * width)
        if column[block] != before[block]:
            pairs = map(ne, values_of(column[block], width), values_of(before[block], width))
            yield from (begin // width + row for row, is_other in enumerate(pairs) if is_other)
