"""What each output was made from, how its file looked when it was written, the digest of its bytes.

What comes in are the records of a build; what goes out, at the next, are those of the files that
are as it left them. A deploy need not read what nobody touched since.
"""

from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from generator.state.digests import digest_of_file
from generator.state.stamp import Stamp, look, stamp
from generator.state.table import NO_ROWS, Rows, Seen, Table


class Record(NamedTuple):
    """An output as it was left: what it was made from, how it looked, the digest of its bytes."""

    fingerprint: str
    stamp: Stamp
    digest: str


class Records(Mapping[str, Record]):
    """Records by path. Of a large site nearly all are compared and no more."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def __getitem__(self, path: str) -> Record:
        seen, value = self.rows[path]
        return Record(value[:_DIGEST].hex(), seen, value[_DIGEST:].hex())

    def __contains__(self, path: object) -> bool:
        return path in self.rows.places

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows.paths)

    def __len__(self) -> int:
        return len(self.rows)

    def as_left(self, folder: Path) -> "Records":
        """Return the records of the files in a folder that hold what they did, as they look now.

        If all do, and look as they did, it is this very value. One that looks otherwise may be the
        same all the same: in a folder that was moved or copied, every file does.
        """
        top, rows = f"{folder}/", self.rows
        others = [row for row, path in enumerate(rows.paths) if look(top + path) != rows.look(row)]
        if not others:
            return self
        moved, gone = dict[str, Seen](), list[str]()
        for path in (rows.paths[row] for row in others):
            now = stamp(top + path)
            if now and digest_of_file(top + path) == self[path].digest:
                moved[path] = Seen(now, rows[path].value)
            else:
                gone.append(path)
        return Records(rows.put(Rows.of(moved), gone))

    def moved_since(self, before: "Records") -> dict[str, Record]:
        """Return those of these records, which were `as_left` from others, that look otherwise."""
        new = self.rows.new_since(before.rows)
        return {path: self[path] for path in (self.rows.paths[row] for row in new)}


NO_RECORDS = Records(NO_ROWS)
_DIGEST = 16
"""Bytes of a digest."""


class OutputTable:
    """The records of the builds into a folder, and what the last one left beside them."""

    def __init__(self, path: Path) -> None:
        self._table = Table(path)
        self._table.read()
        self.records, self.last = Records(self._table.rows), self._table.note

    def write(self, changed: Mapping[str, Record], wanted: Container[str], last: bytes) -> None:
        """Keep these records in place of those of their paths; of the others, the `wanted` ones.

        `last` takes the place of what the last build left.
        """
        known = self.records.rows
        gone = [path for path in known.paths if path not in wanted]
        new = {
            path: Seen(left, bytes.fromhex(mark + digest))
            for path, (mark, left, digest) in changed.items()
        }
        self._table.write(known.put(Rows.of(new), gone), last)
