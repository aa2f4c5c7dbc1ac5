"""A web as bytes, to be kept between builds."""

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from generator.arrange.related.nearest import Nearest
from generator.arrange.related.vectors import Archive, Ragged
from generator.arrange.related.web import Rules, Subject, Web


class _Head(msgspec.Struct):
    """What stands before the arrays."""

    rules: Rules
    stories: int
    subjects: tuple[Subject, ...]
    arrays: list[tuple[str, list[int]]]


def pack(web: Web, edition: str) -> Iterator[bytes | memoryview]:
    """A web as bytes, piece by piece, for the program of this edition to read again."""
    arrays = [np.ascontiguousarray(array) for array in _arrays(web)]
    kinds = [(array.dtype.str, list(array.shape)) for array in arrays]
    head = msgspec.msgpack.encode(_Head(web.rules, web.archive.stories, web.subjects, kinds))
    yield edition.encode() + len(head).to_bytes(8, "big")
    yield head
    yield from (array.data.cast("B") if array.size else b"" for array in arrays)


def unpack(data: bytes | memoryview, edition: str) -> Web | None:
    """The web that was packed; None if another edition packed it."""
    place = len(edition.encode()) + 8
    if data[: place - 8] != edition.encode():
        return None
    size = int.from_bytes(data[place - 8 : place], "big")
    head = msgspec.msgpack.decode(data[place : place + size], type=_Head)
    arrays, place = [], place + size
    for kind, shape in head.arrays:
        array = np.frombuffer(data, kind, int(np.prod(shape)), place).reshape(shape)
        arrays.append(array)
        place += array.nbytes
    return Web(
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


def _arrays(web: Web) -> list[NDArray[Any]]:
    return [
        *web.counts,
        *web.archive[1:],
        *web.vectors,
        *web.nearest,
        *web.ranked,
        web.sketches,
        web.pairs,
    ]
