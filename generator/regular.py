"""Files as they are on disk.

Only regular ones are read: to read a pipe is to wait for ever. What is written in place of one is
whole, or not there.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from generator.system import AT_ONCE, BINARY

MOST = 16_000_000
"""Bytes of a file that is read as a whole to be understood: no text is longer."""


def regular_file(full: Path) -> Path:
    """Return the path, if a regular file is there; raise `OSError` if anything else is."""
    _refuse_irregular(full.stat().st_mode)
    return full


def read_whole(full: Path, most: int = MOST) -> bytes:
    """Return the bytes of a regular file; raise `OSError` if there is none, or one of more."""
    try:
        file = os.open(full, os.O_RDONLY | BINARY | AT_ONCE)
    except OSError:
        regular_file(full)  # which says better what is there
        raise
    try:
        status = os.fstat(file)
        _refuse_irregular(status.st_mode)
        data = os.read(file, min(status.st_size, most) + 1)
        if len(data) != status.st_size:  # it is being written, or comes over a network
            while more := os.read(file, most + 1 - len(data)):
                data += more
    finally:
        os.close(file)
    if len(data) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most // 1_000_000} MB")
    return data


def _refuse_irregular(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise OSError(errno.EISDIR, "it is a folder")
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is no regular file")


def write_whole(path: str, data: bytes) -> os.stat_result:
    """Write a file, and return its status then."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | BINARY, 0o666)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
        return os.fstat(file)
    finally:
        os.close(file)


@contextmanager
def replacing(file: Path, unfinished: Path) -> Iterator[Path]:
    """Give the path at which to write, and put what is written there in place of a file, at once.

    `unfinished` is that path, in the file's folder. After an `OSError`, which goes on, the file is
    as it was, and nothing is at that path.
    """
    try:
        yield unfinished
        unfinished.replace(file)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise


def real(path: Path) -> Path:
    """Return the path without links in it; a link that leads to itself stays."""
    return Path(os.path.realpath(path))
