"""What converting a text gave, under the digest of the text and of what shaped it.

Metadata and prose stand in separate tables: a build loads all the metadata and only
the prose of the pages it renders. The file may be deleted at any time.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from generator.state.database import Database
from generator.state.seal import is_sealed, seal_of, sealed, unsealed

_VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS readings (key TEXT PRIMARY KEY, reading BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS prose (key TEXT PRIMARY KEY, prose BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS terms (key TEXT PRIMARY KEY, terms BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS sources (
    path TEXT PRIMARY KEY, stamp TEXT NOT NULL, key TEXT NOT NULL, seal INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, stamp TEXT NOT NULL, file BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS identity (token TEXT NOT NULL);
INSERT INTO identity SELECT hex(randomblob(16)) WHERE NOT EXISTS (SELECT 1 FROM identity);
"""
_BUT_THESE = "WHERE key NOT IN (SELECT value FROM json_each(?))"
_THESE = "WHERE key IN (SELECT value FROM json_each(?))"
_FEW = 1024
"""So many rows are looked up one by one; of more, the whole table is read."""
_TERMS = 1024
"""Terms read at a time, which bounds the memory used."""


class Cache:
    """Converted texts by key, and digests of files by path and stamp. Values are bytes.

    Raises `StateError` wherever it is damaged, or lacks what a text has it to hold.
    `token` names the cache wherever it is put; `identity` tells one from another that was later
    made, or put, at the same path.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = Database(path, _VERSION, _TABLES)
        self.token = str(self._db.row("SELECT token FROM identity"))
        self.identity = f"{self.token} {path.stat().st_ino}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def readings(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return the readings that are there, by key."""
        wanted = set(keys)
        statement, values = "SELECT key, reading FROM readings", []
        if len(wanted) < _FEW:
            statement, values = f"{statement} {_THESE}", [json.dumps([*wanted])]
        rows = self._db.rows(statement, values)
        return {key: self._opened("reading", key, kept) for key, kept in rows if key in wanted}

    def add(self, key: str, reading: bytes, prose_key: str, prose: bytes) -> None:
        """Keep a converted text. It is safe on disk when `commit` has been called."""
        values = key, sealed(f"reading {key}", reading)
        self._db.run("INSERT OR REPLACE INTO readings VALUES (?, ?)", values)
        values = prose_key, sealed(f"prose {prose_key}", prose)
        self._db.run("INSERT OR REPLACE INTO prose VALUES (?, ?)", values)

    def add_terms(self, key: str, terms: bytes) -> None:
        """Keep the terms of a story; safe on disk as what `add` keeps."""
        values = key, sealed(f"terms {key}", terms)
        self._db.run("INSERT OR REPLACE INTO terms VALUES (?, ?)", values)

    def terms(self, keys: Sequence[str]) -> Iterator[bytes]:
        """Yield the terms of these keys, in their order."""
        for begin in range(0, len(keys), _TERMS):
            some = keys[begin : begin + _TERMS]
            rows = self._db.rows(f"SELECT key, terms FROM terms {_THESE}", (json.dumps(some),))
            found = dict(rows)
            yield from (self._opened("terms", key, found.get(key)) for key in some)

    def commit(self) -> None:
        self._db.commit()

    def prose(self, key: str) -> bytes:
        """Return the prose of a key."""
        row = self._db.row("SELECT prose FROM prose WHERE key = ?", (key,))
        return self._opened("prose", key, row and row[0])

    def sources(self) -> dict[str, tuple[str, str]]:
        """Return what is known of texts from outside: path → (stamp, key)."""
        found = {}
        for path, stamp, key, seal in self._db.rows("SELECT path, stamp, key, seal FROM sources"):
            if not is_sealed((path, stamp, key), seal):
                raise self._db.damaged()
            found[path] = stamp, key
        return found

    def keep_sources(
        self, known: Mapping[str, tuple[str, str]], sources: Mapping[str, tuple[str, str]]
    ) -> None:
        """Replace what is `known` of texts from outside."""
        with self._db.transaction():
            gone = ((path,) for path in known.keys() - sources.keys())
            self._db.run_each("DELETE FROM sources WHERE path = ?", gone)
            new = ((path, *seen) for path, seen in sources.items() if known.get(path) != seen)
            rows = ((*row, seal_of(*row)) for row in new)
            self._db.run_each("INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?)", rows)

    def files(self) -> dict[str, tuple[str, bytes]]:
        """Return what is known of copied files: path → (stamp, file)."""
        rows = self._db.rows("SELECT path, stamp, file FROM files")
        return {
            path: (stamp, self._opened("file", f"{path} {stamp}", kept))
            for path, stamp, kept in rows
        }

    def keep_files(self, files: Mapping[str, tuple[str, bytes]]) -> None:
        """Replace all that is known of copied files."""
        with self._db.transaction():
            self._db.run("DELETE FROM files")
            rows = (
                (path, stamp, sealed(f"file {path} {stamp}", file))
                for path, (stamp, file) in files.items()
            )
            self._db.run_each("INSERT INTO files VALUES (?, ?, ?)", rows)

    def forget_others(
        self, readings: Iterable[str], prose: Iterable[str], terms: Iterable[str]
    ) -> None:
        """Drop every entry but these."""
        with self._db.transaction():
            self._db.run(f"DELETE FROM readings {_BUT_THESE}", (json.dumps(list(readings)),))
            self._db.run(f"DELETE FROM prose {_BUT_THESE}", (json.dumps(list(prose)),))
            self._db.run(f"DELETE FROM terms {_BUT_THESE}", (json.dumps(list(terms)),))

    def _opened(self, kind: str, key: str, kept: Any) -> bytes:
        value = unsealed(f"{kind} {key}", kept)
        if value is None:
            raise self._db.damaged()
        return value
