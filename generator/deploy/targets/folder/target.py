"""A folder on this machine that a web server serves: file:///srv/www/digest.

The folder becomes a symbolic link to a release beside it, and each deploy one rename of a new
link over the old one. Beside `digest` there are then

    .digest.broadsheet.7        releases: the current one and the two before it
    .digest.broadsheet/         the lock, the manifest of each release (7.json), and what is
                                on its way in

A file that stays is a hard link from release to release. The oldest release is made into the
next one, so that a deploy has to do little more than look at the folders. A release stands as
deep as the folder itself did: links of others that lead out of it go on leading there.
"""

import errno
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_IMODE, S_ISDIR
from urllib.parse import quote_from_bytes, unquote_to_bytes

from filelock import FileLock, Timeout

from generator.codes import Code
from generator.deploy.targets.folder.mirror import Mirror, MountedError, files_in, stamp
from generator.deploy.targets.folder.releases import Copies, Releases
from generator.deploy.targets.folder.swap import flush
from generator.deploy.targets.target import OWN, Arrived, Upload
from generator.errors import (
    DeployRefusedError,
    LockedError,
    Problem,
    deploy_error,
)
from generator.state.damaged import bytes_of
from generator.urls import folders_of

_CHUNK = 2**20
_AS_IT_WAS = "the site there is as it was"


def folder_in(to: str) -> Path | tuple[str, str]:
    """Return the folder that a `file:///…` address means, or what is wrong with it; what to do."""
    if not to.startswith("file:///") and not to.startswith("file://localhost/"):
        what = "this address does not say where the folder is on this machine"
        return what, "write file:///, then its path from the root, in full"
    path = to.removeprefix("file://").removeprefix("localhost")
    if found := next((mark for mark in "?#" if mark in path), None):
        what = f"a file:// address has no part behind {found}"
        return what, f"write {quote_from_bytes(found.encode())} where it is in a name"
    if odd := re.search(r"%(?![0-9A-Fa-f]{2}).{0,2}", path):
        what = f"{odd[0]} is no character in an address"
        return what, "write %25 where a percent sign is in a name"
    if re.search("%00|%2f|\0", path, re.IGNORECASE):
        return "no name has a slash or a zero byte in it", "mend it"
    if {".", ".."} & set(names := _names(path)):
        return "the path has . or .. in it", "write it in full, from the root"
    if not names:
        return "this is the root of the whole machine", "name a folder of its own"
    return Path("/", *names)


def _names(path: str) -> list[str]:
    return [name for part in path.split("/") if (name := os.fsdecode(unquote_to_bytes(part)))]


class FolderTarget:
    """A folder, swapped in one moment: a target that is at once."""

    has_headers = False

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.name = f"file://{quote_from_bytes(os.fsencode(self.path))}"
        self._releases = Releases(self.path)
        self._sent: dict[str, Path] = {}
        self._gone: set[str] = set()
        self._count = 0
        self._umask = 0o022
        self._is_kept = False
        self._is_committed = False

    @property
    def noted_in(self) -> str:
        return str(self._releases.staged if self._is_kept else self._releases.manifest())

    @contextmanager
    def opened(self) -> Iterator[None]:
        self._releases = self._found()
        yield

    @contextmanager
    def locked(self) -> Iterator[None]:
        self._releases = self._found()
        lock = self._locked()
        try:
            with self._told():
                self._releases.mend()
                self._start()
                self._umask = self._releases.umask()
            yield
        finally:
            self._drop()
            if not self._releases.numbers():  # nothing was ever deployed here
                self._releases.lock.unlink(missing_ok=True)
                with suppress(OSError):
                    self._releases.own.rmdir()
            lock.release()

    def listing(self, _: Sequence[str] = (), /) -> dict[str, str]:
        if (site := self._releases.site()) is None:
            return {}
        with self._told():
            copies = self._releases.copies()
            return {
                path: _mark(path, stamp(status), copies)
                for path, status in files_in(str(site))
                if not path.startswith(f"{OWN}/")
            }

    def manifest(self) -> bytes | None:
        with self._told():
            file = self._releases.staged if self._is_kept else self._releases.manifest()
            if file is None or not os.path.lexists(file):
                return None
            return bytes_of(file) or b""  # there is one, and it may be damaged

    def keep(self, manifest: bytes) -> None:
        with self._told():
            self._releases.staged.write_bytes(manifest)
            self._is_kept = not self._is_committed
            if self._is_committed:
                self._releases.publish_manifest()

    def send(self, upload: Sequence[Upload], arrived: Arrived) -> None:
        for item in upload:
            self._count += 1
            place = self._releases.sent / str(self._count)
            with self._told():
                _copy(item, place)
                place.chmod(0o666 & ~self._umask)
                mark = stamp(place.lstat())
            self._sent[item.path] = place
            self._gone.discard(item.path)
            arrived(item.path, mark)

    def delete(self, paths: Iterable[str]) -> None:
        for path in paths:
            self._gone.add(path)
            self._sent.pop(path, None)

    def commit(self, message: str) -> None:  # noqa: ARG002 (a folder tells no history)
        releases = self._releases
        before = releases.site()
        if not self._sent and not self._gone and releases.current() is not None:
            with self._told():
                releases.publish_manifest()
        else:
            with self._told():
                mirror = self._release(before)
            with self._told("the new site is there; look whether files of others are missing"):
                if mirror:
                    mirror.model = str(releases.release(releases.before))
                    mirror.copy = str(releases.site())
                    mirror.catch_up()
                releases.clear()
        self._sent, self._gone = {}, set()
        self._is_kept, self._is_committed = False, True

    def _release(self, before: Path | None) -> Mirror | None:
        """Make the next release, and let it take the place of what stands there."""
        releases = self._releases
        releases.take_spare()
        mirror = None
        if before:
            without = self._sent.keys() | self._gone
            mirror = Mirror(str(before), str(releases.next), without, str(releases.late))
            mirror.make()
        else:
            releases.make_anew()
            self._open(releases.next)
        self._fill(releases.next)
        releases.keep_copies(_carried(mirror, releases.copies()) if mirror else {})
        flush(releases.top.parent)
        if mirror:
            mirror.catch_up()  # so that next to nothing is missing for a moment
        releases.switch()
        return mirror

    def _open(self, folder: Path) -> None:
        """Give a new folder the rights that follow from the site's own, whatever the umask is."""
        inherited = S_IMODE(folder.stat().st_mode) & ~0o777
        folder.chmod(inherited | 0o777 & ~self._umask)

    def _fill(self, site: Path) -> None:
        """Put into a release what was sent, and take folders out that deletions left empty."""
        for path in self._gone:
            folders = [site / folder for folder in folders_of(path)]
            if not any(folder.is_symlink() for folder in folders):
                for folder in reversed(folders):
                    with suppress(OSError):  # it is not empty, or not there
                        folder.rmdir()
        known: set[str] = set()
        found = [self._placed(site, path, file, known) for path, file in self._sent.items()]
        if obstacles := [problem for problem in found if problem]:
            raise DeployRefusedError(obstacles)

    def _placed(self, site: Path, path: str, file: Path, known: set[str]) -> Problem | None:
        """Put a file into the release. `known` are the folders that are there for sure."""
        for folder in folders_of(path):
            if folder not in known:
                with suppress(FileExistsError):
                    (site / folder).mkdir()
                    self._open(site / folder)
                if not S_ISDIR((site / folder).lstat().st_mode):
                    return self._obstacle(folder, "a file or link of others stands where a folder")
                known.add(folder)
        try:
            file.replace(site / path)
        except IsADirectoryError:
            try:
                (site / path).rmdir()
            except OSError:
                return self._obstacle(path, "a folder with files of others stands where a file")
            file.replace(site / path)
        return None

    def _obstacle(self, path: str, what: str) -> Problem:
        remedy = f"move it away, or rename what belongs there; {_AS_IT_WAS}"
        place, what = f"{self.path}/{path}", f"{what} of the site belongs"
        return Problem(place, 0, what, remedy, code=Code.FOREIGN_FILE)

    def _found(self) -> Releases:
        """Return where the site really stands, links of others followed, if it can be one."""
        with self._told(""):
            releases = Releases.at(self.path)
            if releases is None:
                raise self._error("its symbolic links lead in a circle", "mend them")
            top = releases.top
            if not top.parent.is_dir():
                what = f"there is no folder {top.parent}"
                raise self._error(what, "make it, or mend the address")
            if name := releases.inside:
                what = f"it leads into what deploys keep of {name}"
                remedy = f"deploy to {top.parent / name}, or put the link back under that name"
                raise self._error(what, remedy)
            if top.exists() and not top.is_dir():
                raise self._error("it is a file", "name a folder, or one that is still to be made")
            if not top.is_symlink() and top.is_mount():
                what = "a disk is mounted right there, so that it cannot be swapped"
                raise self._error(what, "name a folder inside it")
        return releases

    def _locked(self) -> FileLock:
        """Take the lock. It is refused at once while another deploy holds it."""
        releases = self._releases
        with self._told():
            releases.own.mkdir(exist_ok=True)
            lock = FileLock(releases.lock, thread_local=False)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                what = "another deploy is at work there"
                remedy = "wait until it has ended, and deploy again"
                raise LockedError.at(self.name, what, remedy) from None
        return lock

    def _start(self) -> None:
        """Make room for what is to come, and look early whether the file system has links."""
        self._drop()
        self._is_committed = False
        self._releases.sent.mkdir()
        try:
            self._releases.link.symlink_to("x")
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS):
                raise
            what = "the file system there has no symbolic links, so that nothing can be swapped"
            raise self._error(what, "name a folder on another one") from error
        self._releases.link.unlink()

    def _drop(self) -> None:
        """Drop what was staged and not committed, also by a deploy that was killed."""
        self._releases.drop_staged()
        self._sent, self._gone = {}, set()
        self._is_kept = False

    @contextmanager
    def _told(self, state: str = _AS_IT_WAS) -> Iterator[None]:
        """Say what the system refuses in an editor's words. `state`: how the site is then."""
        try:
            yield
        except MountedError as error:
            what = f"a disk is mounted at {error.filename.rstrip('/')}, inside the folder"
            remedy = "mount it elsewhere, and let a symbolic link lead there"
            raise self._error(what, remedy) from error
        except OSError as error:
            what = f"{error.filename or self.path}: {error.strerror or error}"
            code, remedy = _meaning(error)
            remedy = "; ".join(filter(None, (remedy, state)))
            raise deploy_error(Problem(self.name, 0, what, remedy, code=code)) from error

    def _error(self, what: str, remedy: str) -> DeployRefusedError:
        return DeployRefusedError.at(self.name, what, remedy)


def _meaning(error: OSError) -> tuple[Code, str]:
    """Return the code of what the system refuses, and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Code.NO_ROOM, "make room, and deploy again"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        remedy = "give the user who deploys the right to write there, and deploy again"
        return Code.CREDENTIALS, remedy
    if error.errno == errno.ENAMETOOLONG:
        return Code.DEPLOY_REFUSED, "shorten the name"
    return Code.DEPLOY_REFUSED, "mend it, and deploy again"


def _copy(item: Upload, place: Path) -> None:
    """Copy a file of the built site."""
    again = "build and deploy again, one after the other"
    try:
        source = item.file.open("rb", buffering=0)
    except OSError as error:
        what = f"cannot be read: {error.strerror or error}"
        raise DeployRefusedError.at(str(item.file), what, again) from error
    with source, place.open("xb") as copy:
        shutil.copyfileobj(source, copy, _CHUNK)
        size = copy.tell()
    if size != item.size:
        what = f"changed while it was deployed: it had {item.size} bytes, and has {size}"
        raise DeployRefusedError.at(str(item.file), what, again)


def _mark(path: str, seen: str, copies: Mapping[str, tuple[str, str]]) -> str:
    """Return the mark of a file that looks so: as before, if it was only copied."""
    copied, before = copies.get(path, ("", ""))
    return before if seen == copied else seen


def _carried(mirror: Mirror, copies: Copies) -> Copies:
    """Return how the copies in the next release look, and the marks that they have all the same.

    A copy that is linked from release to release goes on being one.
    """
    now = {path: _seen(f"{mirror.copy}/{path}") for path in copies.keys() | mirror.copied.keys()}
    marks = {path: _mark(path, mirror.copied.get(path, now[path]), copies) for path in now}
    return {path: (now[path], marks[path]) for path in now if marks[path] != now[path]}


def _seen(path: str) -> str:
    try:
        return stamp(os.lstat(path))
    except OSError:
        return ""
