"""What each output was made from: its fingerprint, and how the file looked when it was written.

One manifest for each output folder. It may be deleted at any time: everything is then
rendered again.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from generator.keep.database import open_database

_TABLES = """
CREATE TABLE IF NOT EXISTS outputs (
    path TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, stamp TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS build (past BLOB NOT NULL);
"""


class Record(NamedTuple):
    """An output as it was left. `stamp` tells a file that somebody touched since."""

    fingerprint: str
    stamp: str


class Manifest:
    """Records by output path."""

    def __init__(self, path: Path) -> None:
        self._db: sqlite3.Connection = open_database(path, _TABLES)

    def close(self) -> None:
        self._db.close()

    def records(self) -> dict[str, Record]:
        rows = self._db.execute("SELECT path, fingerprint, stamp FROM outputs")
        return {path: Record(fingerprint, stamp) for path, fingerprint, stamp in rows}

    def past(self) -> bytes | None:
        """What the last build left beside its records, if it left any."""
        row = self._db.execute("SELECT past FROM build").fetchone()
        return row and bytes(row[0])

    def update(self, records: Mapping[str, Record], gone: Iterable[str], past: bytes) -> None:
        """Keep these records and drop those of outputs that are gone, in one transaction.

        `past` takes the place of what the last build left.
        """
        with self._db:
            self._db.execute("DELETE FROM build")
            self._db.execute("INSERT INTO build VALUES (?)", (past,))
            self._db.executemany("DELETE FROM outputs WHERE path = ?", ((path,) for path in gone))
            self._db.executemany(
                "INSERT OR REPLACE INTO outputs VALUES (?, ?, ?)",
                ((path, record.fingerprint, record.stamp) for path, record in records.items()),
            )
