"""A SQLite file that may be thrown away: one that is damaged is made anew.

Damage shows late, when a page of the file or a value is first looked at. Whoever comes upon it
raises a `StateError`; `begun_again` takes the file away and has the work begin again.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from generator.codes import Code
from generator.errors import Problem, SiteError, StateError
from generator.state.damaged import remove

P = ParamSpec("P")
T = TypeVar("T")

_MANNER = """
PRAGMA journal_mode = DELETE;
PRAGMA synchronous = OFF;
PRAGMA cache_spill = OFF;
"""
"""No log beside the file that readers map into their memory: who cuts it off ends them all. Nothing
is waited for: what a power failure spoils is made anew. Readers wait for no more than a commit.
"""
_SIDECARS = ("", "-journal", "-wal", "-shm")
_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""The second comes where SQLite quotes damaged text in what it says of it."""
_NO_DAMAGE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_FULL,
}
"""What goes wrong with a database that is whole; another in its place would fare no better."""


class Database:
    """A database at a path. Raises `StateError` wherever it is found to be damaged, `SiteError`
    where it cannot be used for another reason.

    One of another `version` of its `tables` is replaced without a word.
    """

    def __init__(self, path: Path, version: int, tables: str) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=30)
        except (OSError, *_ERRORS) as error:
            raise self._amiss(error) from error
        try:
            if _is_another(self._db, version):
                self._db.close()
                _take_away(path)
                self._db = sqlite3.connect(path, timeout=30)
            self._db.executescript(f"{_MANNER} PRAGMA user_version = {version}; {tables}")
        except (OSError, *_ERRORS) as error:
            self._db.close()  # some systems take away nothing that is open
            raise self._amiss(error) from error

    def close(self) -> None:
        self._db.close()

    def rows(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """Yield the rows of a query."""
        try:
            for row in self._db.execute(statement, values):  # noqa: UP028 (it would close the cursor)
                yield row
        except _ERRORS as error:
            raise self._amiss(error) from error

    def row(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """Return the first row of a query; None if there is none."""
        with self._told():
            return self._db.execute(statement, values).fetchone()

    def run(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Carry out a statement; what it changes is safe on disk after `commit`."""
        with self._told():
            self._db.execute(statement, values)

    def run_each(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Carry out a statement for each of many rows."""
        with self._told():
            self._db.executemany(statement, rows)

    def commit(self) -> None:
        with self._told():
            self._db.commit()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all that is changed meanwhile, or nothing of it."""
        with self._told(), self._db:
            yield

    def damaged(self) -> StateError:
        """Return the error of a value that is damaged,
        or missing where another says it is there.
        """
        return StateError(self.path, "it is damaged")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except _ERRORS as error:
            raise self._amiss(error) from error

    def _amiss(self, error: Exception) -> StateError | SiteError:
        # Errors of one family share the lowest byte of their codes.
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _NO_DAMAGE:
            return SiteError([unusable(self.path, error)])
        return StateError(self.path, getattr(error, "strerror", None) or str(error))


def begun_again(work: Callable[[], T], tell: Callable[[Problem], None] = lambda _: None) -> T:
    """Return what `work` gives. Whatever file it finds damaged is taken away, once, and it
    begins again; `tell` is told of each.
    """
    renewed: set[Path] = set()
    while True:
        try:
            return work()
        except StateError as error:
            if error.path in renewed:
                raise SiteError([unusable(error.path, error)]) from error
            try:
                _take_away(error.path)
            except OSError:
                raise SiteError([unusable(error.path, error)]) from error
            renewed.add(error.path)
            tell(_made_anew(error.path))


def begins_again(function: Callable[P, T]) -> Callable[P, T]:
    """Make a function begin again where it finds a file damaged."""

    @wraps(function)
    def beginning_again(*args: P.args, **kwargs: P.kwargs) -> T:
        return begun_again(partial(function, *args, **kwargs))

    return beginning_again


def unusable(path: Path, error: Exception) -> Problem:
    """Return what to say of a file of the cache that cannot be opened or written."""
    what = f"cannot be used: {getattr(error, 'strerror', None) or error}"
    remedy = "delete it: it is only a cache; or mend the permissions of its folder"
    return Problem(f"{path.parent.name}/{path.name}", 0, what, remedy, code=Code.STATE)


def _made_anew(path: Path) -> Problem:
    what = "it was damaged, or older than what was made with it, and has been made anew"
    file = f"{path.parent.name}/{path.name}"
    return Problem(file, 0, what, severity="warning", code=Code.STATE)


def _take_away(path: Path) -> None:
    """Remove a database with all that belongs to it, and whatever stands in its place."""
    for ending in _SIDECARS:
        remove(Path(f"{path}{ending}"))


def _is_another(database: sqlite3.Connection, version: int) -> bool:
    """Return whether the tables in a database, if there are any, are of another version."""
    (tables,) = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (found,) = database.execute("PRAGMA user_version").fetchone()
    return bool(tables) and found != version
