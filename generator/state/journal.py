"""A file of frames, each of which is whole or as good as not there.

A frame is written behind the others, or all are replaced at once. Each is sealed by a checksum that
goes on from the one before it and from the file's name, so that a frame that is damaged, or that
belongs elsewhere, ends the file: what stands before it is as it was at an earlier time, which is
all that whoever reads it may rely on. The checksum finds accidents, no forgery: who may write here
may do anything.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol
from zlib import crc32

from generator.errors import SiteError
from generator.regular import regular_file, replacing
from generator.state.damaged import remove, unusable

_HEAD = 12
"""Bytes before a frame: its checksum, in 4, and its length."""

Pieces = Iterable[bytes | memoryview]
"""A frame in pieces that are written one behind the other."""


class NamedValues(Protocol):
    """What holds large values by name from one build to the next; each may be gone by then."""

    def keep(self, name: str, *frames: Pieces) -> None:
        """Hold a value of these frames."""

    def kept(self, name: str) -> Sequence[memoryview]:
        """Return the frames of a value, as far as they are whole; none if there is none."""


class Frame(NamedTuple):
    """A frame as it was read: where it ends in the file, and the checksum up to there."""

    value: memoryview
    end: int
    checksum: int


class Journal:
    """The frames of the file at a path. Nothing is made there before something is written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._first, self._end, self._checksum = 0, 0, self._begin()

    def frames(self) -> list[memoryview]:
        """Return the frames that are whole, in their order."""
        try:
            data = regular_file(self.path).read_bytes()
        except OSError:
            return []
        found = list(_frames(data, self._begin()))
        self._first = found[0].end if found else 0
        self._end, self._checksum = found[-1][1:] if found else (0, self._begin())
        return [frame.value for frame in found]

    def append(self, *frames: Pieces) -> None:
        """Write frames behind those that were read, in place of whatever else stands there.

        Raises `SiteError` if that cannot be done.
        """
        pieces, checksum = _sealed(frames, self._checksum)
        try:
            with self.path.open("r+b") as file:
                file.seek(self._end)
                file.writelines(pieces)
                file.truncate()
                self._end, self._checksum = file.tell(), checksum
        except OSError as error:
            raise SiteError([unusable(self.path, error)]) from error

    def replace(self, *frames: Pieces) -> None:
        """Write frames in place of all that were there. Raises `SiteError` if that fails.

        Several processes may do so at once: the last one wins.
        """
        pieces, checksum = _sealed(frames, self._begin())
        own = self.path.with_name(f"{self.path.name}.{os.getpid()}.new")
        try:
            if self.path.is_dir() and not self.path.is_symlink():
                remove(self.path)
            with replacing(self.path, own) as unfinished, unfinished.open("wb") as file:
                file.writelines(pieces)
                self._first = self._end = file.tell()
            self._checksum = checksum
        except OSError as error:
            raise SiteError([unusable(self.path, error)]) from error

    @property
    def has_grown(self) -> bool:
        """Return whether the frames behind the first one take more than that does."""
        return self._end > 2 * self._first

    def _begin(self) -> int:
        return crc32(self.path.name.encode())


def _sealed(frames: Iterable[Pieces], checksum: int) -> tuple[list[bytes | memoryview], int]:
    """Return frames in pieces, each behind its head, and the checksum that follows from them."""
    sealed: list[bytes | memoryview] = []
    for frame in frames:
        pieces = list(frame)
        length = sum(map(len, pieces)).to_bytes(_HEAD - 4, "big")
        checksum = crc32(length, checksum)
        for piece in pieces:
            checksum = crc32(piece, checksum)
        sealed += [checksum.to_bytes(4, "big") + length, *pieces]
    return sealed, checksum


def _frames(data: bytes, checksum: int) -> Iterator[Frame]:
    """Yield the frames of a file up to the first that is not whole."""
    view, place = memoryview(data), 0
    while place + _HEAD <= len(data):
        begin = place + _HEAD
        end = begin + int.from_bytes(view[place + 4 : begin], "big")
        if end > len(data):
            return
        checksum = crc32(view[begin:end], crc32(view[place + 4 : begin], checksum))
        if checksum.to_bytes(4, "big") != view[place : place + 4]:
            return
        yield Frame(view[begin:end], end, checksum)
        place = end
