"""The related index as bytes, to be kept between builds."""

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from generator.related.index import RelatedIndex, Rules, Subject
from generator.related.neighbours import Nearest
from generator.related.vectors import Archive, Ragged


class _Head(msgspec.Struct):
    """What stands before the arrays."""

    rules: Rules
    stories: int
    subjects: tuple[Subject, ...]
    arrays: list[tuple[str, list[int]]]


def pack(index: RelatedIndex, code_version: str) -> Iterator[bytes | memoryview]:
    """Yield an index as bytes, piece by piece, to be read again by the same code version."""
    arrays = [np.ascontiguousarray(array) for array in _arrays(index)]
    kinds = [(array.dtype.str, list(array.shape)) for array in arrays]
    head = msgspec.msgpack.encode(_Head(index.rules, index.archive.stories, index.subjects, kinds))
    yield code_version.encode() + len(head).to_bytes(8, "big")
    yield head
    yield from (array.data.cast("B") if array.size else b"" for array in arrays)


def unpack(data: bytes | memoryview, code_version: str) -> RelatedIndex | None:
    """Return the index that was packed; None if another code version packed it."""
    place = len(code_version.encode()) + 8
    if data[: place - 8] != code_version.encode():
        return None
    size = int.from_bytes(data[place - 8 : place], "big")
    head = msgspec.msgpack.decode(data[place : place + size], type=_Head)
    arrays, place = [], place + size
    for kind, shape in head.arrays:
        array = np.frombuffer(data, kind, int(np.prod(shape)), place).reshape(shape)
        arrays.append(array)
        place += array.nbytes
    return RelatedIndex(
        subjects=head.subjects,
        rules=head.rules,
        counts=Ragged(*arrays[:3]),
        archive=Archive(head.stories, *arrays[3:5]),
        vectors=Ragged(*arrays[5:8]),
        nearest=Nearest(*arrays[8:10]),
        ranked=Nearest(*arrays[10:12]),
        sketches=arrays[12],
        pairs=arrays[13],
    )


def _arrays(index: RelatedIndex) -> list[NDArray[Any]]:
    return [
        *index.counts,
        *index.archive[1:],
        *index.vectors,
        *index.nearest,
        *index.ranked,
        index.sketches,
        index.pairs,
    ]
