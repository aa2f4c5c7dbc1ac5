"""A SQLite file that may be thrown away: one that cannot be read is made anew."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.errors import Problem, SiteError


def open_database(path: Path, tables: str) -> sqlite3.Connection:
    """The database at `path` with its tables made. A damaged file is replaced."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _open(path, tables)
    except (OSError, sqlite3.OperationalError) as error:
        raise SiteError([unusable(path, error)]) from error  # read-only, full: not damaged
    except sqlite3.DatabaseError:
        for leftover in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            leftover.unlink(missing_ok=True)
        return _open(path, tables)


@contextmanager
def told_plainly(folder: Path) -> Iterator[None]:
    """What goes wrong with a database of this folder, told as a `SiteError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise SiteError([unusable(folder / "cache.db", error)]) from error


def unusable(path: Path, error: Exception) -> Problem:
    """What to say of a file of the cache that cannot be opened or written."""
    what = f"cannot be used: {getattr(error, 'strerror', None) or error}"
    remedy = "delete it: it is only a cache; or mend the permissions of its folder"
    return Problem(f"{path.parent.name}/{path.name}", 0, what, remedy)


def _open(path: Path, tables: str) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=30)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.executescript(tables)
    return database
