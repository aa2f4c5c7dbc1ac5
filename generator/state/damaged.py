"""What others may have damaged: it gives a value or None, and is cleared whatever it is."""

import errno
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from generator.regular import regular_file

T = TypeVar("T")
_NO_FILE = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EINVAL}
"""Nothing is there, or something that is no regular file."""


def bytes_of(path: Path) -> bytes | None:
    """Return the bytes of a regular file; None if none is there, but a pipe or a folder perhaps.

    Nobody waits for a pipe that nothing comes out of. Raises `OSError` if it cannot be read.
    """
    try:
        return regular_file(path).read_bytes()
    except ValueError:  # no path can have such a name
        return None
    except OSError as error:
        if error.errno in _NO_FILE:
            return None
        raise


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
    with suppress(OSError):
        remove(path, ignore_errors=True)


def remove(path: Path, ignore_errors: bool = False) -> None:
    """Remove what stands at a path, if anything does; `OSError` if that cannot be done.

    With `ignore_errors` as much of a folder goes as can.
    """
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=ignore_errors)
    else:
        path.unlink(missing_ok=True)
