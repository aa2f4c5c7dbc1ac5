"""A SQLite file that may be thrown away: one that cannot be read is made anew."""

import sqlite3
from pathlib import Path


def open_database(path: Path, tables: str) -> sqlite3.Connection:
    """The database at `path` with its tables made. A damaged file is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _open(path, tables)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise  # locked, full or read-only: not damaged
        for leftover in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            leftover.unlink(missing_ok=True)
        return _open(path, tables)


def _open(path: Path, tables: str) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=30)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.executescript(tables)
    return database
