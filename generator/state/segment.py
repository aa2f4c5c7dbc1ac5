"""Values by key in two files that are only appended to.

In one the values stand end to end; in the other a record of 32 bytes says of each where. A record
is written after its value, so that whoever reads while a build writes finds whole values, here or
on another machine that sees the folder. What nobody wants any more stays until the rest is copied
into the next segment, and the old one goes; who has that open reads on.
"""

import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from struct import Struct
from typing import NamedTuple
from weakref import finalize
from zlib import crc32

from generator.errors import StateError
from generator.regular import regular_file, replacing
from generator.state.damaged import remove
from generator.system import BINARY, read_at


class Place(NamedTuple):
    """Where a value stands in its file, in bytes, and its checksum, which begins with its key."""

    start: int
    size: int
    seal: int


class Segment:
    """The values of one `kind` in a folder, by keys of 16 bytes in hexadecimal.

    Nothing is read before it is asked for. Raises `StateError` for a value that is damaged.
    """

    def __init__(self, folder: Path, kind: str) -> None:
        self._folder, self._kind = folder, kind
        self._waiting: dict[bytes, bytes] = {}
        self._seen = _NOTHING
        self._records, self._rows = bytearray(), dict[bytes, int]()
        self._indexed, self._searches = 0, 0
        self._file, self._size = _CLOSED, 0
        self._closing: Callable[[], object] = tuple

    def close(self) -> None:
        """Close the file of the values."""
        self._closing()
        self._file, self._size = _CLOSED, 0

    def __len__(self) -> int:
        self._look()
        return len(self._records) // _RECORD.size

    def values(self, keys: Sequence[str]) -> Iterator[bytes | None]:
        """Yield the values of these keys, in their order; None for each that is not there."""
        known = [*map(_known, keys)]
        if not all(map(self._holds, known)):
            self._look()
        for key in known:
            yield self._read(key, self._place(key)) if self._holds(key) else None

    def add(self, key: str, value: bytes) -> None:
        """Hold a value until it is written."""
        self._waiting[bytes.fromhex(key)] = value

    def write(self) -> None:
        """Write what is held and not there yet: the values first, then the records of them."""
        if not self._waiting:
            return
        self._look()
        new = {key: value for key, value in self._waiting.items() if not self._holds(key)}
        with _made_regular(self._path("values")).open("ab") as file:
            start = file.tell()
            file.write(b"".join(new.values()))  # one call of the system, not one for each
        records = bytearray()
        for key, value in new.items():
            records += _RECORD.pack(key, start, len(value), _seal(key, value))
            start += len(value)
        with _made_regular(self._path("records")).open("ab") as file:
            file.truncate(len(self._records))  # a killed build may have left a part of one
            file.write(records)
        self._waiting.clear()
        self._look()

    def sizes(self, keys: Collection[str]) -> tuple[int, int]:
        """Return how many bytes the values take that have other keys than these, and all."""
        self._look()
        others = self._all_rows().keys() - map(bytes.fromhex, keys)
        whole = 0 if self._file == _CLOSED else os.fstat(self._file).st_size
        return sum(self._place(key).size for key in others), whole

    def compact(self, keys: Collection[str]) -> None:
        """Copy the values of these keys into the next segment, which counts once it has records."""
        records, start = bytearray(), 0
        wanted = self._all_rows().keys() & map(bytes.fromhex, keys)
        with _made_regular(self._path("values", 1)).open("wb") as file:
            for place, key in sorted((self._place(key), key) for key in wanted):
                file.write(self._read(key, place))
                records += _RECORD.pack(key, start, place.size, place.seal)
                start += place.size
        path = _made_regular(self._path("records", 1))
        with replacing(path, _made_regular(path.with_suffix(".new"))) as unfinished:
            unfinished.write_bytes(records)
        self._look()

    def remove_others(self) -> None:
        """Remove what is left of other segments."""
        for path in self._folder.glob(f"{self._kind}-*"):
            if path not in (self._path("records"), self._path("values")):
                with suppress(OSError):  # what is open stays, on Windows, until the next time
                    remove(path)

    def _look(self) -> None:
        """Read what is new of the records of the newest segment."""
        while (newest := self._newest()) != self._seen:  # it may go while it is looked at
            if newest[:2] != self._seen[:2] or newest.size < len(self._records):
                self.close()
                self._records, self._rows, self._indexed = bytearray(), {}, 0
            self._seen = newest
            self._records += _records_from(self._path("records"), len(self._records))
            self._open()

    def _newest(self) -> "_Newest":
        for _ in range(3):
            with suppress(OSError, ValueError):  # there is none, or it has just been compacted
                number = max(_numbers(self._folder, self._kind))
                status = (self._folder / f"{self._kind}-{number}.records").lstat()
                return _Newest(number, status.st_ino, status.st_size)
        return _NOTHING

    def _open(self) -> None:
        """Open the file of the values, if it is not open, and if it is one."""
        if self._file == _CLOSED:
            with suppress(OSError):
                path = regular_file(self._path("values"))
                self._file = os.open(path, os.O_RDONLY | BINARY)
                self._closing = finalize(self, os.close, self._file)

    def _holds(self, key: bytes) -> bool:
        return self._row(key) >= 0

    def _place(self, key: bytes) -> Place:
        return Place(*_RECORD.unpack_from(self._records, self._row(key))[1:])

    def _row(self, key: bytes) -> int:
        """Return where the record of a key begins; -1 if there is none.

        A few are searched for: to know where all are takes longer, and much memory.
        """
        if key in self._rows:
            return self._rows[key]
        if self._searches >= _FEW:
            return self._all_rows().get(key, -1)
        self._searches += 1
        row = self._records.find(key) if len(key) == _KEY else -1
        while row > 0 and row % _RECORD.size:  # what stands between keys may be like one
            row = self._records.find(key, row + 1)
        if row >= 0:
            self._rows[key] = row
        return row

    def _all_rows(self) -> dict[bytes, int]:
        """Return where the record of each key begins."""
        if self._indexed < len(self._records):
            begin, self._indexed = self._indexed, len(self._records)
            new = bytes(memoryview(self._records)[begin:])
            places = range(0, len(new), _RECORD.size)
            self._rows |= {new[place : place + _KEY]: begin + place for place in places}
        return self._rows

    def _read(self, key: bytes, place: Place) -> bytes:
        """Return a value from its place."""
        end = place.start + place.size
        if end > self._size and self._file != _CLOSED:
            self._size = os.fstat(self._file).st_size
        if end <= self._size:  # no more memory is asked for than the file has
            try:
                value = read_at(self._file, place.size, place.start)
            except OSError as error:
                raise StateError(self._folder, error.strerror or str(error)) from error
            if _seal(key, value) == place.seal:
                return value
        raise StateError(self._folder, "it is damaged")

    def _path(self, what: str, later: int = 0) -> Path:
        return self._folder / f"{self._kind}-{(self._seen.segment or 1) + later}.{what}"


class _Newest(NamedTuple):
    """The number of a segment; the number and the size of the file of its records."""

    segment: int
    file: int
    size: int


_NOTHING = _Newest(0, 0, 0)
_CLOSED = -1
"""The descriptor of no file."""
_KEY = 16
_FEW = 64
"""Keys that are searched for, before it is looked where all of them are."""
_RECORD = Struct(f">{_KEY}sQII")
"""The key of a value, and its place."""


def _numbers(folder: Path, kind: str) -> Iterator[int]:
    """Yield the numbers of the segments of a kind that are there."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if found := re.fullmatch(rf"{kind}-([1-9][0-9]{{0,8}})\.records", entry.name):
                yield int(found[1])


def _records_from(path: Path, start: int) -> bytes:
    """Return the whole records in a file from a place on; none if it cannot be read."""
    with suppress(OSError), regular_file(path).open("rb") as file:
        file.seek(start)
        data = file.read()
        return data[: len(data) // _RECORD.size * _RECORD.size]
    return b""


def _made_regular(path: Path) -> Path:
    """Return the path, at which nothing is left that is no regular file: a pipe has no end."""
    if not path.is_file():
        remove(path)
    return path


def _known(key: str) -> bytes:
    """Return a key as records hold it; what is no digest is in none of them."""
    try:
        return bytes.fromhex(key)
    except ValueError:
        return b""


def _seal(key: bytes, value: bytes) -> int:
    return crc32(value, crc32(key))
