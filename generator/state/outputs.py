"""What each output was made from: its fingerprint, and how the file looked when it was written.

The digest of its bytes is noted too: a deploy need not read what nobody touched since. One
manifest for each output folder. It may be deleted at any time: everything is then rendered again.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from generator.state.database import Database
from generator.state.seal import is_sealed, seal_of, sealed, unsealed

_VERSION = 2
_TABLES = """
CREATE TABLE IF NOT EXISTS written (
    path TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, stamp TEXT NOT NULL, digest TEXT NOT NULL,
    seal INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS build (last BLOB NOT NULL);
"""


class Record(NamedTuple):
    """An output as it was left: what it was made from, how it looked, the digest of its bytes."""

    fingerprint: str
    stamp: str
    digest: str


class RecordedOutputs:
    """Records by output path. Raises `StateError` wherever it is damaged."""

    def __init__(self, path: Path) -> None:
        self._db = Database(path, _VERSION, _TABLES)

    def close(self) -> None:
        self._db.close()

    def records(self) -> dict[str, Record]:
        found = {}
        statement = "SELECT path, fingerprint, stamp, digest, seal FROM written"
        for path, fingerprint, stamp, digest, seal in self._db.rows(statement):
            if not is_sealed((path, fingerprint, stamp, digest), seal):
                raise self._db.damaged()
            found[path] = Record(fingerprint, stamp, digest)
        return found

    def last(self) -> bytes | None:
        """Return what the last build left beside its records, if it left any."""
        row = self._db.row("SELECT last FROM build")
        if row is None:
            return None
        last = unsealed(self._place(), row[0])
        if last is None:
            raise self._db.damaged()
        return last

    def update(self, records: Mapping[str, Record], gone: Iterable[str], last: bytes) -> None:
        """Keep these records and drop those of outputs that are gone, in one transaction.

        `last` takes the place of what the last build left.
        """
        with self._db.transaction():
            self._db.run_each("DELETE FROM written WHERE path = ?", ((path,) for path in gone))
            rows = ((path, *record) for path, record in records.items())
            sealed_rows = ((*row, seal_of(*row)) for row in rows)
            self._db.run_each("INSERT OR REPLACE INTO written VALUES (?, ?, ?, ?, ?)", sealed_rows)
            self._db.run("DELETE FROM build")
            self._db.run("INSERT INTO build VALUES (?)", (sealed(self._place(), last),))

    def _place(self) -> str:
        """Return where the last build is kept: beside these records and no others."""
        return "last {}".format(*self._db.row("SELECT sum(seal) FROM written"))
