"""One folder made like another by hard links: a second release of a site for hardly any room.

A folder that was made so before is made like its model with little work: what is a link to
the same file already stays as it is. Links of others are carried over, never followed.
"""

import errno
import os
import shutil
from collections.abc import Iterator, Set
from contextlib import suppress
from stat import S_IMODE, S_ISDIR, S_ISFIFO, S_ISLNK, S_ISREG

from generator.errors import InternalError

_NO_LINKS = {
    errno.EPERM,
    errno.EMLINK,
    errno.EXDEV,
    errno.ENOSYS,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
}
"""What a system says that makes no link here, but may well make a copy."""


class MountedError(InternalError, OSError):
    """Another file system is mounted inside the folder: no hard link leads there."""


class Mirror:
    """A `copy` of the folder `model`, without some of its files.

    Both paths may be changed when the folders are renamed. `spare` is a name on the same file
    system at which nothing stands. `copied` are the files that could not be linked, each with
    the stamp that the model's file had.
    """

    def __init__(self, model: str, copy: str, without: Set[str], spare: str) -> None:
        self.model = model
        self.copy = copy
        self.without = without
        self.spare = spare
        self.copied: dict[str, str] = {}
        self._seen: dict[str, int] = {}
        self._device = os.lstat(model).st_dev

    def make(self) -> None:
        """Make the copy like the model, or anew. What the model does not have is removed."""
        folders = [""]
        while folders:
            folder = folders.pop()
            folders += self._look_into(folder, only_add=False)

    def catch_up(self) -> None:
        """Bring what others have put into the model since it was looked at.

        Only folders that have changed are looked into. Nothing is removed from the copy,
        and what stands in it is replaced at once.
        """
        folders = [folder for folder in self._seen if self._has_changed(folder)]
        while folders:
            folder = folders.pop()
            with suppress(NotADirectoryError):  # a file stands there in the copy
                inner = self._look_into(folder, only_add=True)
                folders += [path for path in inner if path not in self._seen]

    def _has_changed(self, folder: str) -> bool:
        try:
            return os.lstat(f"{self.model}/{folder}").st_mtime_ns != self._seen[folder]
        except OSError:
            return False

    def _look_into(self, folder: str, *, only_add: bool) -> list[str]:
        """Mirror one folder, "" or with a slash at its end; the folders in it, not looked into."""
        inner: list[str] = []
        try:
            status = os.lstat(f"{self.model}/{folder}")
            entries = _entries(f"{self.model}/{folder}")
        except (FileNotFoundError, NotADirectoryError):  # somebody has just removed it
            return inner
        if status.st_dev != self._device:
            raise MountedError(errno.EXDEV, os.strerror(errno.EXDEV), f"{self.model}/{folder}")
        there = self._folder(folder, status)
        self._seen[folder] = status.st_mtime_ns
        for entry in entries:
            path = folder + entry.name
            old = there.get(entry.name)
            if entry.is_dir(follow_symlinks=False):
                inner.append(f"{path}/")
                if not old or old.is_dir(follow_symlinks=False):
                    there.pop(entry.name, None)
            elif path not in self.without:
                if not old or old.inode() != entry.inode():
                    self._bring(path, old, only_add)
                there.pop(entry.name, None)
        if not only_add:
            for rest in there.values():
                remove(rest.path)
        return inner

    def _folder(self, folder: str, like: os.stat_result) -> dict[str, "os.DirEntry[str]"]:
        """Make a folder of the copy if there is none; what is in it."""
        path = f"{self.copy}/{folder}"
        try:
            there = {entry.name: entry for entry in _entries(path)}
        except FileNotFoundError:
            os.mkdir(path)  # noqa: PTH102 (so many of them)
            there = {}
        _make_alike(path, f"{self.model}/{folder}", like)
        return there

    def _bring(self, path: str, old: "os.DirEntry[str] | None", at_once: bool) -> None:
        """Link a file, a symbolic link, or whatever else is no folder, or else copy it."""
        if old and not at_once:
            remove(old.path)
        model, copy = f"{self.model}/{path}", f"{self.copy}/{path}"
        place = self.spare if at_once else copy
        with suppress(FileNotFoundError):  # somebody has just removed it
            try:
                os.link(model, place, follow_symlinks=False)
            except OSError as error:
                if error.errno not in _NO_LINKS:
                    raise
                self.copied[path] = _copy(model, place)
            if at_once:
                _put(place, copy)


def _entries(folder: str) -> list["os.DirEntry[str]"]:
    with os.scandir(folder) as entries:
        return list(entries)


def stamp(status: os.stat_result) -> str:
    """Return how a file looks from outside. It is the same for each hard link to the file."""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ino}"


def remove(path: str) -> None:
    """Remove a file, a link or a whole folder; where a link leads nothing happens."""
    if S_ISDIR(os.lstat(path).st_mode):
        shutil.rmtree(path)
    else:
        os.unlink(path)  # noqa: PTH108 (so many of them)


def files_in(top: str) -> Iterator[tuple[str, os.stat_result]]:
    """Yield all in a folder that is no folder, by path from there."""
    device = os.lstat(top).st_dev
    folders = [""]
    while folders:
        folder = folders.pop()
        with suppress(FileNotFoundError), os.scandir(f"{top}/{folder}") as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(f"{folder}{entry.name}/")
                    continue
                with suppress(FileNotFoundError):  # somebody has just removed it
                    status = entry.stat(follow_symlinks=False)
                    if status.st_dev != device:
                        raise MountedError(errno.EXDEV, os.strerror(errno.EXDEV), f"{top}/{folder}")
                    yield folder + entry.name, status


def _put(spare: str, copy: str) -> None:
    """Rename a file over what stands there; a folder of that name stays in its place."""
    try:
        with suppress(IsADirectoryError):
            os.replace(spare, copy)  # noqa: PTH105 (as the rest)
    finally:
        with suppress(FileNotFoundError):  # or the two were one file already
            os.unlink(spare)  # noqa: PTH108


def _make_alike(path: str, model: str, like: os.stat_result) -> None:
    """Give a folder its model's rights. The owner's own are left to him: he has to work in it."""
    status = os.lstat(path)
    if (status.st_uid, status.st_gid) != (like.st_uid, like.st_gid):
        with suppress(OSError):  # only an administrator may
            os.chown(path, like.st_uid, like.st_gid)
        status = os.lstat(path)
    mode = S_IMODE(like.st_mode) | 0o700
    if S_IMODE(status.st_mode) != mode:
        os.chmod(path, mode)  # noqa: PTH101 (so many of them)
    if hasattr(os, "listxattr"):
        with suppress(OSError):  # such as lists of who may do what, where the disk has them
            for name in os.listxattr(model):
                os.setxattr(path, name, os.getxattr(model, name))


def _copy(model: str, copy: str) -> str:
    """Copy what is no folder, with its time and rights; the stamp of what was copied."""
    status = os.lstat(model)
    if S_ISREG(status.st_mode) or S_ISLNK(status.st_mode):
        shutil.copy2(model, copy, follow_symlinks=False)
    elif S_ISFIFO(status.st_mode):
        os.mkfifo(copy, S_IMODE(status.st_mode))
    else:
        os.mknod(copy, status.st_mode, status.st_rdev)
    with suppress(OSError):  # only an administrator may
        os.chown(copy, status.st_uid, status.st_gid, follow_symlinks=False)
    return stamp(status)
