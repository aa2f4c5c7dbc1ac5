"""Files by path: how each looked, and a value for each, in a journal, with a note beside them.

A frame of the journal has the rows that are others than those before it, and the note of its time.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from operator import ne
from pathlib import Path
from typing import NamedTuple

import msgspec

from generator.state.columns import others_in
from generator.state.journal import Journal
from generator.state.stamp import PACKED, Stamp, packed, unpacked


class Seen(NamedTuple):
    """A file as it was seen: how it looked, and what was found out about it."""

    stamp: Stamp
    value: bytes


class Rows(Mapping[str, Seen]):
    """Files by path, in columns: of a large site nearly all are compared and no more.

    `looks` are their stamps, packed, end to end; `findings` is what was found out about each.
    Raises `ValueError` for columns of different lengths.
    """

    def __init__(self, paths: list[str], looks: bytes, findings: list[bytes]) -> None:
        if not len(paths) * PACKED == len(looks) == len(findings) * PACKED:
            raise ValueError("columns of different lengths")
        self.paths, self.looks, self.findings = paths, looks, findings

    @classmethod
    def of(cls, files: Mapping[str, Seen]) -> "Rows":
        """Return files in columns."""
        if isinstance(files, Rows):
            return files
        seen = files.values()
        return cls([*files], packed(one.stamp for one in seen), [one.value for one in seen])

    @cached_property
    def places(self) -> dict[str, int]:
        """Return the row of each path."""
        return dict(zip(self.paths, range(len(self.paths)), strict=True))

    def __getitem__(self, path: str) -> Seen:
        row = self.places[path]
        return Seen(next(unpacked(self.look(row))), self.findings[row])

    def __contains__(self, path: object) -> bool:
        return path in self.places

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)

    def look(self, row: int) -> bytes:
        """Return how the file of a row looked: its stamp, packed."""
        return self.looks[row * PACKED : (row + 1) * PACKED]

    def new_since(self, before: "Rows") -> list[int]:
        """Return the rows that are others than before, or were not there."""
        if self.paths == before.paths:
            looks = others_in(self.looks, before.looks, PACKED)
            findings = enumerate(map(ne, self.findings, before.findings))
            return sorted({*looks, *(row for row, is_other in findings if is_other)})
        places = map(before.places.get, self.paths)
        return [row for row, place in enumerate(places) if not self._is_as(row, before, place)]

    def _is_as(self, row: int, before: "Rows", place: int | None) -> bool:
        if place is None or self.findings[row] != before.findings[place]:
            return False
        return self.look(row) == before.look(place)

    def take(self, rows: Collection[int]) -> "Rows":
        """Return some of the rows, in this order."""
        return Rows(
            [self.paths[row] for row in rows],
            b"".join(map(self.look, rows)),
            [self.findings[row] for row in rows],
        )

    def put(self, new: "Rows", gone: Iterable[str] = ()) -> "Rows":
        """Return these rows with new ones, each in place of that of its path, and without some."""
        paths, looks, findings = self.paths.copy(), bytearray(self.looks), self.findings.copy()
        places = self.places.copy()
        for number, path in enumerate(new.paths):
            row = places.setdefault(path, len(paths))
            paths[row : row + 1], findings[row : row + 1] = [path], [new.findings[number]]
            looks[row * PACKED : (row + 1) * PACKED] = new.look(number)
        for path in gone:
            places.pop(path, None)
        rows = Rows(paths, bytes(looks), findings)
        if len(places) < len(paths):
            return rows.take(sorted(places.values()))
        rows.places = places
        return rows


NO_ROWS = Rows([], b"", [])


class Table:
    """The rows that the file at a path holds; none if another version wrote them."""

    def __init__(self, path: Path) -> None:
        self._journal = Journal(path)
        self.rows = NO_ROWS
        self.note = b""

    def read(self) -> None:
        """Read the rows and the note."""
        self.rows, self.note = NO_ROWS, b""
        try:
            frames = [*map(_FRAME.decode, self._journal.frames())]
            self.rows = _joined(frames)
        except (msgspec.MsgspecError, ValueError):
            return
        self.note = frames[-1].note if frames else b""

    def write(self, files: Mapping[str, Seen], note: bytes) -> None:
        """Keep these rows and this note, in place of what was read or written before."""
        rows, known = Rows.of(files), self.rows
        new = rows.new_since(known)
        if known and not self._journal.has_grown and 2 * len(new) < len(rows):
            gone = [] if rows.paths == known.paths else [p for p in known.paths if p not in rows]
            self._journal.append([_encoded(rows.take(new), gone, note)])
        else:
            self._journal.replace([_encoded(rows, [], note)])
        self.rows, self.note = rows, note


class _Frame(msgspec.Struct, array_like=True, frozen=True):
    """Rows in columns, stamps end to end; the paths of those that are no more; the note."""

    paths: list[str]
    looks: bytes
    findings: list[bytes]
    gone: list[str]
    note: bytes


def _joined(frames: list[_Frame]) -> Rows:
    """Return the rows that these frames leave."""
    first, later = _together(frames[:1]), frames[1:]
    gone = set[str]()
    for frame in later:
        gone.difference_update(frame.paths)
        gone.update(frame.gone)
    return first.put(_together(later), gone) if later else first


def _together(frames: list[_Frame]) -> Rows:
    return Rows(
        [*chain.from_iterable(frame.paths for frame in frames)],
        b"".join(frame.looks for frame in frames),
        [*chain.from_iterable(frame.findings for frame in frames)],
    )


def _encoded(rows: Rows, gone: list[str], note: bytes) -> bytes:
    return msgspec.msgpack.encode(_Frame(rows.paths, rows.looks, rows.findings, gone, note))


_FRAME = msgspec.msgpack.Decoder(_Frame)
