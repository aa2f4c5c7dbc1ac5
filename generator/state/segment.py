"""Values by key in two files that are only appended to.

In one the values stand end to end; in the other a record of 32 bytes says of each where. A record
is written after its value, so that whoever reads while a build writes finds whole values, here or
on another machine that sees the folder. What nobody wants any more stays until it is half of all.
Then the rest is copied into the next segment, and the old one goes; who has that open reads on.
"""

import os
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from struct import Struct
from typing import NamedTuple
from zlib import crc32

from generator.errors import StateError
from generator.regular import replacing
from generator.state.damaged import bytes_of
from generator.state.digests import length_of
from generator.system import BINARY, read_at


class Place(NamedTuple):
    """Where a value stands in its file, in bytes, and its checksum, which begins with its key."""

    start: int
    size: int
    seal: int


class Segment:
    """The values of one `kind` in a folder, by keys of 16 bytes in hexadecimal.

    Raises `StateError` for one that is damaged.
    """

    def __init__(self, folder: Path, kind: str) -> None:
        self._folder, self._kind = folder, kind
        self._waiting: dict[bytes, bytes] = {}
        self._file: int | None = None
        self._number = 0
        self._records, self._rows = bytearray(), dict[bytes, int]()
        self._open()

    def close(self) -> None:
        """Close the file of the values."""
        if self._file is not None:
            os.close(self._file)
        self._file = None

    def values(self, keys: Sequence[str]) -> Iterator[bytes | None]:
        """Yield the values of these keys, in their order; None for each that is not there."""
        known = [*map(bytes.fromhex, keys)]
        if not all(map(self._rows.__contains__, known)):  # others may have written meanwhile
            self._open()
        for key in known:
            yield self._read(key, self._place(key)) if key in self._rows else None

    def add(self, key: str, value: bytes) -> None:
        """Hold a value until it is written, unless it is there."""
        if (known := bytes.fromhex(key)) not in self._rows:
            self._waiting[known] = value

    def write(self) -> None:
        """Write what is held: the values first, then the records of them."""
        if not self._waiting:
            return
        self._number = self._number or 1
        with self._path("values").open("ab") as file:
            start = file.tell()
            file.writelines(self._waiting.values())
        records = bytearray()
        for key, value in self._waiting.items():
            self._rows[key] = len(self._records) + len(records)
            records += _RECORD.pack(key, start, len(value), _seal(key, value))
            start += len(value)
        with self._path("records").open("ab") as file:
            file.truncate(len(self._records))  # a killed build may have left a part of one
            file.write(records)
        self._records += records
        self._waiting.clear()

    def compact(self, keys: Collection[str]) -> None:
        """Copy these values into a new segment, if they are less than half of all."""
        wanted = (bytes.fromhex(key) for key in keys)
        places = {key: self._place(key) for key in wanted if key in self._rows}
        whole = length_of(self._path("values")) if self._number else 0
        if 2 * sum(place.size for place in places.values()) >= whole:
            return
        self._copy(sorted(places.items(), key=lambda one: one[1].start))
        self._open()
        for path in self._folder.glob(f"{self._kind}-*"):
            if path not in (self._path("records"), self._path("values")):
                with suppress(OSError):  # what is open stays, on Windows, until the next time
                    path.unlink()

    def _copy(self, places: list[tuple[bytes, Place]]) -> None:
        """Copy the values of these keys into the next segment. It counts when it has records."""
        records, start = bytearray(), 0
        with self._path("values", 1).open("wb") as file:
            for key, place in places:
                file.write(self._read(key, place))
                records += _RECORD.pack(key, start, place.size, place.seal)
                start += place.size
        path = self._path("records", 1)
        with replacing(path, path.with_suffix(".new")) as unfinished:
            unfinished.write_bytes(records)

    def _open(self) -> None:
        """Open the newest segment. If there is none, it is one of no values."""
        self.close()
        self._size = 0
        self._number = max(_numbers(self._folder, self._kind), default=0)
        whole = bytes_of(self._path("records")) or b""
        self._records = bytearray(whole[: len(whole) // _RECORD.size * _RECORD.size])
        places = range(0, len(self._records), _RECORD.size)
        self._rows = {whole[place : place + _KEY]: place for place in places}

    def _place(self, key: bytes) -> Place:
        return Place(*_RECORD.unpack_from(self._records, self._rows[key])[1:])

    def _read(self, key: bytes, place: Place) -> bytes:
        """Return a value from its place."""
        try:
            if self._file is None:
                self._file = os.open(self._path("values"), os.O_RDONLY | BINARY)
            if place.start + place.size > self._size:
                self._size = os.fstat(self._file).st_size
            if place.start + place.size <= self._size:  # no more memory is asked for than it has
                value = read_at(self._file, place.size, place.start)
                if _seal(key, value) == place.seal:
                    return value
        except OSError as error:
            raise StateError(self._folder, error.strerror or str(error)) from error
        raise StateError(self._folder, "it is damaged")

    def _path(self, what: str, later: int = 0) -> Path:
        return self._folder / f"{self._kind}-{self._number + later}.{what}"


def _numbers(folder: Path, kind: str) -> Iterator[int]:
    """Yield the numbers of the segments of a kind that are there."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if found := re.fullmatch(rf"{kind}-(\d{{1,9}})\.records", entry.name):
                yield int(found[1])


_KEY = 16
_RECORD = Struct(f">{_KEY}sQII")
"""The key of a value, and its place."""


def _seal(key: bytes, value: bytes) -> int:
    return crc32(value, crc32(key))
