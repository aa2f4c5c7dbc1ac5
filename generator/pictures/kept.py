"""A store for pictures that take long to make, so that no build makes one twice.

In come bytes under a key, which is a digest of all that they are made from; out goes a file that
holds them, or nothing. It may be deleted at any time. Several processes may use it at once.
"""

import errno
import os
import re
import time
from collections.abc import Iterator, Set
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from generator.codes import Code
from generator.errors import Problem, SiteError
from generator.regular import replacing, write_whole
from generator.state.damaged import clear_away
from generator.state.digests import digest_of_content
from generator.state.freed import Room, taken_away


class Store:
    """A folder of files. The name of each tells its key, its length and the digest of its bytes,
    so that one that is damaged, by whatever, is known and never given.

    Keys are digests in hexadecimal; `ValueError` for any other.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> Path | None:
        """Return the file that holds what was put under a key, None if there is none that is whole.

        One that is damaged is taken away, so that what comes next is put in its place.
        """
        for file, length, digest in self._files_of(key):
            if _is_whole(file, length, digest):
                return file
            clear_away(file)
        return None

    def put(self, key: str, data: bytes) -> Path:
        """Keep bytes under a key, and return the file that holds them.

        A process that is killed meanwhile leaves nothing under the key. Raises `SiteError` where
        the folder cannot be written.
        """
        folder = self._folder_of(key)
        file = folder / f"{key}-{len(data)}-{digest_of_content(data).hex()}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if file.is_dir():  # nothing is put in place of one
                clear_away(file)
            with replacing(file, folder / f"{uuid4().hex}{_UNFINISHED}") as unfinished:
                write_whole(str(unfinished), data)
        except OSError as error:
            raise SiteError([_cannot_write(self.folder, error)]) from error
        return file

    def sweep(self, wanted: Set[str], shown: Set[str] = frozenset()) -> Room:
        """Take away all that is under other keys, and return the room that it took.

        Of the bytes that have one of the digests `shown` a file stays: under a wanted key, else
        the newest one. What processes left that were killed a day ago goes.
        """
        stale = {file for file in self._all() if _is_stale(file, wanted)}
        stale -= {*self._newest(shown, stale).values()} if shown else set()
        return sum(map(taken_away, stale), Room())

    def sweep_beyond(self, wanted: Set[str], most: int) -> Room:
        """Sweep if more than so many files are there, for another build may want what this one does
        not; return the room that they took.
        """
        return self.sweep(wanted) if sum(1 for _ in self._all()) > most else Room()

    def _newest(self, shown: Set[str], among: Set[Path]) -> dict[str, Path]:
        """Return the newest file of each digest that is shown, of those that only these hold."""
        held = {name[3] for one in self._all() if one not in among and (name := _named(one))}
        others, found = shown - held, dict[str, Path]()
        for file in sorted(among, key=_age):
            if (name := _named(file)) and name[3] in others:
                found[name[3]] = file
        return found

    def _folder_of(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no digest")
        return self.folder / key[:2]

    def _files_of(self, key: str) -> Iterator[tuple[Path, int, str]]:
        """Yield the files under a key: several where versions of a library make other bytes."""
        folder = self._folder_of(key)
        for name in sorted(_names(folder)):
            match = _NAME.fullmatch(name)
            if match and match[1] == key:
                yield folder / name, int(match[2]), match[3]

    def _all(self) -> Iterator[Path]:
        for part in _names(self.folder):
            if len(part) == 2:
                yield from (self.folder / part / name for name in _names(self.folder / part))


_KEY = re.compile(r"[0-9a-f]{16,128}")
_NAME = re.compile(r"([0-9a-f]{16,128})-([0-9]{1,15})-([0-9a-f]{32})")
_UNFINISHED = ".new"
_LONG_AGO = 24 * 60 * 60


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 (names are all that is needed)
    except OSError:  # there is none, or it cannot be read: what is in it is made anew
        return []


def _is_whole(file: Path, length: int, digest: str) -> bool:
    with suppress(OSError):
        is_so_long = file.is_file() and file.stat().st_size == length
        return is_so_long and digest_of_content(file).hex() == digest
    return False


def _named(file: Path) -> re.Match[str] | None:
    return _NAME.fullmatch(file.name)


def _age(file: Path) -> tuple[int, str]:
    """Return what the older of two files comes before the other by."""
    with suppress(OSError):
        return file.stat().st_mtime_ns, file.name
    return 0, file.name


def _is_stale(file: Path, wanted: Set[str]) -> bool:
    if match := _named(file):
        return match[1] not in wanted
    with suppress(OSError):
        return file.name.endswith(_UNFINISHED) and time.time() - file.stat().st_mtime > _LONG_AGO
    return False


def _cannot_write(folder: Path, error: OSError) -> Problem:
    what = f"cannot be written: {error.strerror or error}"
    is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    remedy = "make room on the disk" if is_full else "mend the permissions of its folder"
    return Problem(f"{folder.parent.name}/{folder.name}", 0, what, remedy, code=Code.STATE)
