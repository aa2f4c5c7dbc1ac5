"""A folder on a server that is reached with ssh: its `rsync` carries, its shell does the rest.

What readers see changes file by file, each replaced at once. All that is under way lies in the
folder's `OWN`, out of their sight.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from hashlib import blake2b
from pathlib import Path

from generator.codes import Code
from generator.deploy.manifest import decoded
from generator.deploy.targets.ssh.address import SshAddress
from generator.deploy.targets.ssh.connection import PAUSES, Connection, Line
from generator.deploy.targets.ssh.finding import found
from generator.deploy.targets.ssh.marks import has_others, refitted
from generator.deploy.targets.ssh.rsync import Listing
from generator.deploy.targets.ssh.scripts import clear_folder_script, delete_scripts
from generator.deploy.targets.target import OWN, Arrived, Upload
from generator.errors import DeployRefusedError, LockedError, Problem
from generator.urls import folders_of

_BATCH_FILES, _BATCH_BYTES = 4000, 64 << 20
"""What goes in one run of rsync: its files have arrived when it ends."""


class SshTarget:
    """One site at a server. See `Target` for what each method does."""

    has_headers = False

    def __init__(self, address: SshAddress, *, pauses: Sequence[float] = PAUSES) -> None:
        self.name = str(address)
        self._connection = Connection(address, pauses, self._look_at_manifest)
        self._persist, self._run = self._connection.persist, self._connection.run
        self._kept: set[bytes] = set()
        self._manifest: bytes | None = None
        self._found: Listing | None = None

    @property
    def noted_in(self) -> str:
        return f"{self.name}/{_MANIFEST}"

    def opened(self) -> AbstractContextManager[None]:
        return self._connection.opened()

    @contextmanager
    def locked(self) -> Iterator[None]:
        try:
            with self._connection.locked():
                yield
        finally:
            self._found, self._manifest = None, None
            self._kept.clear()

    def listing(self, _: Sequence[str] = (), /) -> dict[str, str]:
        found = self._persist(_list_all)
        self._found = (
            Listing(dict.fromkeys(found.files, ""), found.folders)
            if self._connection.is_locked
            else None
        )
        return found.files

    def manifest(self) -> bytes | None:
        data = self._persist(self._pull)
        if self._connection.is_locked:
            self._manifest = data
            self._kept = {_digest(data)}
        if data and has_others(data, fine=self._persist(lambda line: bool(line.finder))):
            return refitted(data, self._persist(_list_all).files)
        return data

    def keep(self, manifest: bytes) -> None:
        if manifest == self._manifest:
            return
        self._connection.largest = len(manifest)
        self._manifest = None
        self._kept.add(_digest(manifest))  # a cut may come before or after it has arrived
        self._persist(lambda line: self._push_manifest(line, manifest))
        self._manifest = manifest
        self._kept = {_digest(manifest)}

    def send(self, upload: Sequence[Upload], arrived: Arrived) -> None:
        self._make_way(upload)
        for batch in _batches(upload):
            self._connection.largest = max(item.size for item in batch)
            marks = self._persist(partial(_push, batch=batch))
            changed = [f.path for f in batch if marks.get(f.path, " ").split()[0] != str(f.size)]
            for item in batch:
                if item.path not in changed:
                    self._note(item.path)
                    arrived(item.path, marks[item.path])
            if changed:
                raise DeployRefusedError(map(self._changed, changed))

    def delete(self, paths: Iterable[str]) -> None:
        paths = set(paths)
        line = self._persist(lambda line: line)
        for script in delete_scripts(line.folder, paths):
            self._run(script)
        if self._found:
            for path in paths:
                self._found.files.pop(path, None)

    def commit(self, message: str) -> None:
        """Do nothing: all of it is online already."""

    def _look_at_manifest(self, line: Line) -> None:
        """Raise `LockedError` if another deploy was at work while the connection was cut."""
        if self._kept and _digest(self._pull(line)) not in self._kept:
            what = "another deploy was at work there while the connection was cut"
            raise LockedError.at(self.name, what, "deploy again")

    def _pull(self, line: Line) -> bytes | None:
        if not line.folder:
            return None
        assert line.rsync
        copy = self._connection.folder / _MANIFEST
        copy.unlink(missing_ok=True)
        line.rsync.pull(line.folder, _MANIFEST, self._connection.folder)
        return copy.read_bytes() if copy.exists() else None

    def _push_manifest(self, line: Line, manifest: bytes) -> None:
        assert line.rsync
        file = self._connection.folder / _MANIFEST
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(manifest)
        line.rsync.push(self._connection.folder, [_MANIFEST], line.folder, line.under_way)

    def _make_way(self, upload: Sequence[Upload]) -> None:
        """Delete the files of earlier deploys that stand where a folder belongs, or in one
        that stands where a file does. What others have put there stays, and nothing is sent.
        """
        if self._found is None:
            self.listing()
        assert self._found
        files, folders = self._found.files, self._found.folders
        above = {parent for item in upload for parent in folders_of(item.path)}
        ours = files.keys() & above
        full = {item.path for item in upload} & folders
        if not ours and not full:
            return
        inside = {path for path in files if any(up in full for up in folders_of(path))}
        going = ours | inside
        self._refuse_foreign(going)
        self.delete(going)
        line = self._persist(lambda line: line)
        for folder in sorted(full):
            if any(f == folder or f.startswith(f"{folder}/") for f in folders - _emptied(going)):
                self._run(clear_folder_script(line.folder, folder))
        folders -= {f for f in folders if f in full or any(up in full for up in folders_of(f))}

    def _refuse_foreign(self, going: set[str]) -> None:
        data = self._manifest if self._manifest is not None else self.manifest()
        manifest = decoded(data) if data else None
        foreign = going - manifest.files.keys() if manifest else going
        if foreign:
            what = "Broadsheet did not put this there, and it is in the way of the site"
            remedy = "move it away at the server"
            raise DeployRefusedError(
                Problem(f"{self.name}/{path}", 0, what, remedy, code=Code.FOREIGN_FILE)
                for path in sorted(foreign)
            )

    def _note(self, path: str) -> None:
        assert self._found
        self._found.files[path] = ""
        self._found.folders.update(folders_of(path))

    def _changed(self, path: str) -> Problem:
        what = f"{path} has changed while it was sent"
        remedy = "build the site and deploy again"
        return Problem(self.name, 0, what, remedy, code=Code.NOT_BUILT)


_MANIFEST = f"{OWN}/manifest.json"


def _list_all(line: Line) -> Listing:
    return _listed(line) if line.folder else Listing({}, set())


def _listed(line: Line, paths: Sequence[str] | None = None) -> Listing:
    if line.finder:
        return found(line.shell, line.finder, line.folder, paths)
    assert line.rsync
    return line.rsync.list(line.folder, paths)


def _push(line: Line, batch: Sequence[Upload]) -> dict[str, str]:
    """Send files, and see with what marks they are there."""
    assert line.rsync
    paths = [item.path for item in batch]
    line.rsync.push(_base_of(batch), paths, line.folder, line.under_way)
    return _listed(line, paths).files


def _batches(upload: Sequence[Upload]) -> Iterator[Sequence[Upload]]:
    batch: list[Upload] = []
    size = 0
    for item in upload:
        if batch and (
            len(batch) == _BATCH_FILES
            or size + item.size > _BATCH_BYTES
            or _base_of(batch) != _base_of([item])
        ):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += item.size
    if batch:
        yield batch


def _base_of(batch: Sequence[Upload]) -> Path:
    """Return the folder here that the paths are below."""
    path, file = batch[0].path, str(batch[0].file)
    if not file.endswith(f"/{path}"):
        raise ValueError(f"{file} does not lie where it belongs, at {path}")
    return Path(file.removesuffix(path))


def _emptied(gone: set[str]) -> set[str]:
    """Return the folders that are gone with their last file."""
    return {parent for path in gone for parent in folders_of(path)}


def _digest(data: bytes | None) -> bytes:
    return blake2b(data).digest() if data is not None else b""
