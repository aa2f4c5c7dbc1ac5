"""What others may have damaged: it gives a value or None, or is made anew whatever it is."""

import errno
import os
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from functools import partial, wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import msgspec

from generator.codes import Code
from generator.errors import Problem, SiteError, StateError
from generator.regular import regular_file

P = ParamSpec("P")
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


def remove_leftovers(folder: Path) -> None:
    """Remove what processes that were killed, and earlier versions, have left in a folder."""
    with suppress(OSError), os.scandir(folder) as entries:
        for path in [Path(entry) for entry in entries if _LEFTOVER.fullmatch(entry.name)]:
            clear_away(path)


_LEFTOVER = re.compile(
    r"(cache|output-[0-9a-f]{12})\.db(-journal|-wal|-shm)?|output-[0-9a-f]{12}\.memory"
    r"|related\.web|digests|.+\.[0-9]+\.new"
)


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
                remove(error.path)
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
    is_full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
    remedy = _MAKE_ROOM if is_full else _DELETE
    return Problem(f"{path.parent.name}/{path.name}", 0, what, remedy, code=Code.STATE)


_DELETE = "delete it: it is only a cache; or mend the permissions of its folder"
_MAKE_ROOM = "make room on the disk; broadsheet clean --all takes this cache away"


def _made_anew(path: Path) -> Problem:
    what = "it was damaged, or older than what was made with it, and has been made anew"
    file = f"{path.parent.name}/{path.name}"
    return Problem(file, 0, what, severity="warning", code=Code.STATE)
