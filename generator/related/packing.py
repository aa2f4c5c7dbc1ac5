"""The related index as bytes, to be kept between builds.

All that is long is an array, which is read in place: nothing is decoded, and no copy is made.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from generator.related.index import RelatedIndex, Rules
from generator.related.inverted import Common, InvertedIndex, Postings, postings
from generator.related.neighbours import Neighbours
from generator.related.subjects import Columns
from generator.related.table import table
from generator.related.vectors import Archive, Ragged

_ALIGNED = 8
"""Arrays begin at multiples of so many bytes in memory, or to read them takes far longer."""
_BEFORE = 12
"""Bytes that stand before an index where it is kept."""


class _Head(msgspec.Struct):
    """What stands before the arrays: of each its type and shape."""

    rules: Rules
    stories: int
    arrays: list[tuple[str, list[int]]]


def pack(index: RelatedIndex, code_version: str) -> Iterator[bytes | memoryview]:
    """Yield an index as bytes, piece by piece, to be read again by the same code version."""
    arrays = [np.ascontiguousarray(array) for array in _arrays(index)]
    kinds = [(array.dtype.str, list(array.shape)) for array in arrays]
    head = msgspec.msgpack.encode(_Head(index.rules, index.archive.stories, kinds))
    begin = code_version.encode() + len(head).to_bytes(8, "big") + head
    yield begin + bytes(_gap(len(begin)))
    for array in arrays:
        yield array.data.cast("B") if array.size else b""
        yield bytes(-array.nbytes % _ALIGNED)


def unpack(data: bytes | memoryview, code_version: str) -> RelatedIndex | None:
    """Return the index that was packed; None if another code version packed it."""
    place = len(code_version.encode()) + 8
    if data[: place - 8] != code_version.encode():
        return None
    size = int.from_bytes(data[place - 8 : place], "big")
    head = msgspec.msgpack.decode(data[place : place + size], type=_Head)
    place += size
    arrays, place = [], place + _gap(place)
    for kind, shape in head.arrays:
        array = np.frombuffer(data, kind, int(np.prod(shape)), place).reshape(shape)
        arrays.append(array)
        place += array.nbytes + -array.nbytes % _ALIGNED
    return _index(head, iter(arrays))


def _gap(place: int) -> int:
    """Return how many bytes stand before the first array so that it is aligned."""
    return -(place + _BEFORE) % _ALIGNED


def _index(head: _Head, arrays: Iterator[NDArray[Any]]) -> RelatedIndex:
    def some(many: int) -> list[NDArray[Any]]:
        return [next(arrays) for _ in range(many)]

    return RelatedIndex(
        columns=Columns(*some(3)),
        rules=head.rules,
        archive=Archive(head.stories, *some(2)),
        inverted=_inverted(head.stories, some),
        nearest=Neighbours(*map(table, some(2))),
        scored=table(*some(1)),
        least=next(arrays),
        pairs=next(arrays),
        digests=next(arrays),
    )


def _inverted(total: int, some: Callable[[int], list[NDArray[Any]]]) -> InvertedIndex:
    told, untold = Postings(*some(4)), Postings(*some(4))
    common, (rows,), said, own = Common(*some(2)), some(1), Ragged(*some(3)), Ragged(*some(3))
    return InvertedIndex(
        total, told, untold, common, rows.astype(np.intp), said, own, own_told=postings(own)
    )


def _arrays(index: RelatedIndex) -> list[NDArray[Any]]:
    terms = index.inverted
    return [
        *index.columns,
        *index.archive[1:],
        *terms.told,
        *terms.untold,
        *terms.common,
        terms.rows.astype(np.int32),
        *terms.said,
        *terms.own,
        index.nearest.who.whole(),
        index.nearest.score.whole(),
        index.scored.whole(),
        index.least,
        index.pairs,
        index.digests,
    ]
