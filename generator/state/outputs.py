"""What each output was made from, how its file looked when it was written, the digest of its bytes.

What comes in are the records of a build; what goes out, at the next, are those of the files that
are as it left them. A deploy need not read what nobody touched since.
"""

from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from generator.state.digests import digest_of_file
from generator.state.stamp import Stamp, stamp
from generator.state.table import Seen, Table


class Record(NamedTuple):
    """An output as it was left: what it was made from, how it looked, the digest of its bytes."""

    fingerprint: str
    stamp: Stamp
    digest: str


class Records(Mapping[str, Record]):
    """Records by path. Of a large site nearly all are compared and no more."""

    def __init__(self, rows: Mapping[str, Seen]) -> None:
        self.rows = rows

    def __getitem__(self, path: str) -> Record:
        look, value = self.rows[path]
        return Record(value[:_DIGEST].hex(), look, value[_DIGEST:].hex())

    def __contains__(self, path: object) -> bool:
        return path in self.rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def as_left(self, folder: Path) -> "Records":
        """Return the records of the files in a folder that hold what they did, as they look now.

        If all do, and look as they did, it is this very value. One that looks otherwise may be the
        same all the same: in a folder that was moved or copied, every file does.
        """
        top, rows = str(folder), dict(self.rows)
        for path, seen in self.rows.items():
            file = f"{top}/{path}"
            if (look := stamp(file)) == seen.stamp:
                continue
            del rows[path]
            if look and digest_of_file(file) == self[path].digest:
                rows[path] = Seen(look, seen.value)
        return self if rows == self.rows else Records(rows)

    def moved_since(self, before: "Records") -> dict[str, Record]:
        """Return those of these records, which were `as_left` from others, that look otherwise."""
        known = before.rows
        return {path: self[path] for path, seen in self.rows.items() if seen is not known[path]}


NO_RECORDS = Records({})
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
        rows = {path: seen for path, seen in self.records.rows.items() if path in wanted}
        for path, (mark, look, digest) in changed.items():
            rows[path] = Seen(look, bytes.fromhex(mark + digest))
        self._table.write(rows, last)
