"""What others may have damaged: it gives a value or None, and is cleared whatever it is."""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from typing import TypeVar

import msgspec

T = TypeVar("T")


def bytes_of(path: Path) -> bytes | None:
    """Return the bytes of a regular file; None if none is there, but a pipe or a folder perhaps.

    Nobody waits for a pipe that nothing comes out of. Raises `OSError` if it cannot be read.
    """
    try:
        status = os.stat(path)  # noqa: PTH116 (a name that no path can have is an error of its own)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return path.read_bytes() if S_ISREG(status.st_mode) else None


def decoded(decoder: msgspec.json.Decoder[T], data: bytes) -> T | None:
    """Return what the JSON means; None if it is none, or means something else."""
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def clear_away(path: Path) -> None:
    """Remove what stands at a path, whatever it is, as far as that is possible.

    `shutil.rmtree` alone would wait for a pipe.
    """
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)
