"""How a file looks from outside, by which one that nobody has written since is known unopened."""

import os
import stat
from array import array
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from struct import Struct
from typing import NamedTuple

PACKED = 32
"""Bytes of a stamp that is packed."""
_SIGNED = 2**63 - 1
"""Some systems number their files with more bits than a number of an array has."""
_LOOK = Struct("=4q")


class Stamp(NamedTuple):
    """A file's size in bytes, its times in nanoseconds, its number: others whenever it is written.

    The time of the last change of its status is part of it: an editor's or a tool's backdating of
    the file would be overlooked else.
    """

    size: int
    modified: int
    changed: int
    number: int


def stamp(file: Path | str) -> Stamp | None:
    """Return the stamp of a file; None if it is not there."""
    try:
        return stamp_of(os.stat(file))  # noqa: PTH116 (a path for each of all outputs is too slow)
    except OSError:
        return None


def stamp_of(status: os.stat_result) -> Stamp:
    """Return the stamp of a file with this status."""
    number = status.st_ino & _SIGNED
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, number)


def regular_stamp(status: os.stat_result | None) -> Stamp | None:
    """Return the stamp of a regular file; None if it is none."""
    return stamp_of(status) if status is not None and stat.S_ISREG(status.st_mode) else None


def look(file: str) -> bytes:
    """Return the stamp of a file, packed; nothing if it is not there."""
    try:
        return look_of(os.stat(file))  # noqa: PTH116
    except OSError:
        return b""


def look_of(status: os.stat_result) -> bytes:
    """Return the stamp of a file with this status, packed."""
    number = status.st_ino & _SIGNED
    return _LOOK.pack(status.st_size, status.st_mtime_ns, status.st_ctime_ns, number)


def packed(stamps: Iterable[Stamp]) -> bytes:
    """Return stamps as bytes, `PACKED` for each."""
    return array("q", chain.from_iterable(stamps)).tobytes()


def unpacked(data: bytes) -> Iterator[Stamp]:
    """Yield the stamps that were packed."""
    numbers = iter(memoryview(data).cast("q"))
    return map(Stamp, numbers, numbers, numbers, numbers)
