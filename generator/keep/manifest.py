"""What each output was made from: its fingerprint, and how the file looked when it was written.

The digest of its bytes is noted too: a deploy need not read what nobody touched since. One
manifest for each output folder. It may be deleted at any time: everything is then rendered again.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from generator.keep.database import open_database

_TABLES = """
CREATE TABLE IF NOT EXISTS written (
    path TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, stamp TEXT NOT NULL, digest BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS build (past BLOB NOT NULL);
DROP TABLE IF EXISTS outputs;
"""
"""What editions before this one noted, without digests, is dropped."""


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
        rows = self._db.execute("SELECT path, fingerprint, stamp FROM written")
        return {path: Record(fingerprint, stamp) for path, fingerprint, stamp in rows}

    def digests(self) -> dict[str, tuple[str, str]]:
        """By path: how the output was left, and what the digest of its bytes was then.

        Nothing if the file is damaged.
        """
        try:
            rows = self._db.execute("SELECT path, stamp, digest FROM written")
            return {path: (stamp, digest.hex()) for path, stamp, digest in rows}
        except sqlite3.DatabaseError:
            return {}

    def past(self) -> bytes | None:
        """What the last build left beside its records, if it left any."""
        row = self._db.execute("SELECT past FROM build").fetchone()
        return row and bytes(row[0])

    def update(
        self,
        records: Mapping[str, Record],
        digests: Mapping[str, bytes],
        gone: Iterable[str],
        past: bytes,
    ) -> None:
        """Keep these records and drop those of outputs that are gone, in one transaction.

        `digests` are those of the outputs' bytes. `past` takes the place of what the last
        build left.
        """
        with self._db:
            self._db.execute("DELETE FROM build")
            self._db.execute("INSERT INTO build VALUES (?)", (past,))
            self._db.executemany("DELETE FROM written WHERE path = ?", ((path,) for path in gone))
            self._db.executemany(
                "INSERT OR REPLACE INTO written VALUES (?, ?, ?, ?)",
                ((path, *record, digests[path]) for path, record in records.items()),
            )
