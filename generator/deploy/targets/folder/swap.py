"""A symbolic link in the place of what stands there, in one moment; and all on disk before it."""

import ctypes
import errno
import os
from pathlib import Path

_HERE = -100
_EXCHANGE = 2
"""Linux: AT_FDCWD and RENAME_EXCHANGE, see renameat2(2)."""


def swap_folder(link: Path, folder: Path, aside: Path) -> None:
    """Let a link take the place of a real folder, which goes to where the link was.

    Where the system can do that only in two steps, the folder stands at `aside` between them;
    if the second one fails it is put back.
    """
    if exchange(link, folder):
        return
    folder.rename(aside)
    try:
        link.rename(folder)
    except OSError:
        aside.rename(folder)
        raise
    aside.rename(link)


def exchange(one: Path, other: Path) -> bool:
    """Let two paths change places at once; False if this system, or this disk, cannot."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):  # no Linux, or an old one
        return False
    if rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    error = ctypes.get_errno()
    if error in (errno.EINVAL, errno.ENOSYS):
        return False
    raise OSError(error, os.strerror(error), str(one), None, str(other))


def flush(folder: Path) -> None:
    """Wait until all that was written on the folder's file system is on disk.

    One call for thousands of files and folders: one for each would take minutes.
    """
    place = os.open(folder, os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).syncfs(place):
            error = ctypes.get_errno()
            raise OSError(error, os.strerror(error), str(folder))
    except AttributeError:  # no Linux
        os.sync()
    finally:
        os.close(place)


def flush_entries(folder: Path) -> None:
    """Wait until the names in a folder are on disk."""
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
