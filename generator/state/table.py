"""Files by path: how each looked, and a value for each, in a journal, with a note beside them.

A frame of the journal has the rows that are others than those before it, and the note of its time.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from generator.state.journal import Journal
from generator.state.stamp import Stamp, packed, unpacked


class Seen(NamedTuple):
    """A file as it was seen: how it looked, and what was found out about it."""

    stamp: Stamp
    value: bytes


class Table:
    """The rows that the file at a path holds; none if another version wrote them."""

    def __init__(self, path: Path) -> None:
        self._journal = Journal(path)
        self.rows: Mapping[str, Seen] = {}
        self.note = b""

    def read(self) -> None:
        """Read the rows and the note."""
        self.rows, self.note = {}, b""
        known: dict[str, Seen] = {}
        try:
            for rows in map(_ROWS.decode, self._journal.frames()):
                known |= zip(rows.paths, map(Seen, unpacked(rows.stamps), rows.values), strict=True)
                for path in rows.gone:
                    known.pop(path, None)
                self.rows, self.note = known, rows.note
        except (msgspec.MsgspecError, ValueError):
            self.rows, self.note = {}, b""

    def write(self, rows: Mapping[str, Seen], note: bytes) -> None:
        """Keep these rows and this note, in place of what was read or written before."""
        known = self.rows
        new = {path: seen for path, seen in rows.items() if known.get(path) != seen}
        if known and not self._journal.has_grown and 2 * len(new) < len(rows):
            gone = [path for path in known if path not in rows]
            self._journal.append([_encoded(new, gone, note)])
        else:
            self._journal.replace([_encoded(rows, [], note)])
        self.rows, self.note = rows, note


class _Rows(msgspec.Struct, array_like=True, frozen=True):
    """Rows in columns, stamps end to end; the paths of those that are no more; the note."""

    paths: list[str]
    stamps: bytes
    values: list[bytes]
    gone: list[str]
    note: bytes


def _encoded(rows: Mapping[str, Seen], gone: list[str], note: bytes) -> bytes:
    stamps = packed(seen.stamp for seen in rows.values())
    values = [seen.value for seen in rows.values()]
    return msgspec.msgpack.encode(_Rows([*rows], stamps, values, gone, note))


_ROWS = msgspec.msgpack.Decoder(_Rows)
