"""A folder on a server that is reached with ssh: its `rsync` carries, its shell does the rest.

What readers see changes file by file, each replaced at once. All that is under way lies in the
folder's `OWN`, out of their sight.
"""

import getpass
import random
import re
import secrets
import shutil
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

import msgspec

from generator.deploy.manifest import decoded
from generator.deploy.ssh.address import SshAddress
from generator.deploy.ssh.finding import found
from generator.deploy.ssh.marks import has_others, refitted
from generator.deploy.ssh.rsync import LEAST, UNWRITTEN, Failed, Listing, Rsync, version, version_in
from generator.deploy.ssh.scripts import (
    CLEAR,
    RELEASE,
    clear_folder_script,
    delete_scripts,
    lock_script,
    probe_script,
    standing_script,
)
from generator.deploy.ssh.shell import Reply, Shell, is_there, private_folder, ssh_command
from generator.deploy.ssh.troubles import Cut, given_up, not_reached, problem_of, unknown
from generator.deploy.target import OWN, Arrived, Freight
from generator.errors import Problem, SiteError
from generator.urls import folders_of

PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""Seconds to wait before a cut connection is tried again, more or less by half."""
_BATCH_FILES, _BATCH_BYTES = 4000, 64 << 20
"""What goes in one run of rsync: its files have arrived when it ends."""

Result = TypeVar("Result")


class SshTarget:
    """One site at a server. See `Target` for what each method does."""

    has_headers = False

    def __init__(self, address: SshAddress, *, pauses: Sequence[float] = PAUSES) -> None:
        self.name = str(address)
        self._address = address
        self._pauses = pauses
        self._line: _Line | None = None
        self._folder: Path | None = None
        self._word = ""
        self._kept: set[bytes] = set()
        self._manifest: bytes | None = None
        self._found: Listing | None = None
        self._largest = 0

    @contextmanager
    def opened(self) -> Iterator[None]:
        self._look_for_programs()
        self._folder = private_folder()
        try:
            self._persist(lambda _: None, is_first=True)
            yield
        finally:
            self._hang_up(Shell.close)
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    @contextmanager
    def locked(self) -> Iterator[None]:
        self._word = secrets.token_hex(16)
        try:
            self._persist(lambda line: self._lock(line) if not line.is_locked else None)
            self._run(CLEAR)
            yield
        finally:
            self._word, self._found, self._manifest = "", None, None
            self._kept.clear()
            if self._line:
                with suppress(Cut):  # then the server gives it up of itself
                    self._line.shell.run(RELEASE)
                    self._line = msgspec.structs.replace(self._line, is_locked=False)

    def listing(self) -> dict[str, str]:
        found = self._persist(_list_all)
        self._found = Listing(dict.fromkeys(found.files, ""), found.folders) if self._word else None
        return found.files

    def manifest(self) -> bytes | None:
        data = self._persist(self._pull)
        if self._word:
            self._manifest = data
            self._kept = {_digest(data)}
        if data and has_others(data, fine=self._persist(lambda line: bool(line.finder))):
            return refitted(data, self._persist(_list_all).files)
        return data

    def keep(self, manifest: bytes) -> None:
        if manifest == self._manifest:
            return
        self._largest = len(manifest)
        self._manifest = None
        self._kept.add(_digest(manifest))  # a cut may come before or after it has arrived
        self._persist(lambda line: self._push_manifest(line, manifest))
        self._manifest = manifest
        self._kept = {_digest(manifest)}

    def send(self, freight: Sequence[Freight], arrived: Arrived) -> None:
        self._make_way(freight)
        for batch in _batches(freight):
            self._largest = max(item.size for item in batch)
            marks = self._persist(partial(_push, batch=batch))
            changed = [f.path for f in batch if marks.get(f.path, " ").split()[0] != str(f.size)]
            for item in batch:
                if item.path not in changed:
                    self._note(item.path)
                    arrived(item.path, marks[item.path])
            if changed:
                raise SiteError([self._changed(path) for path in changed])

    def delete(self, paths: Iterable[str]) -> None:
        paths = set(paths)
        line = self._persist(lambda line: line)
        for script in delete_scripts(line.folder, paths):
            self._run(script)
        if self._found:
            for path in paths:
                self._found.files.pop(path, None)

    def commit(self, message: str) -> None:
        """All of it is online already."""

    def _look_for_programs(self) -> None:
        try:
            command = ssh_command()
        except ValueError as error:
            what = f"the variable RSYNC_RSH holds no command: {error}"
            raise self._wrong(what, "mend it, or do without it") from None
        for program in ("rsync", command[0]):
            if not is_there(program):
                raise self._wrong(f"there is no program {program} here", "install it")
        found = version()
        if found is None or found < LEAST:
            what = "the rsync here is too old, or another program of that name"
            raise self._wrong(what, f"install rsync {_dotted(LEAST)} or newer")

    def _persist(self, act: Callable[["_Line"], Result], *, is_first: bool = False) -> Result:
        """Do something over the connection, and again over another one when it is cut."""
        for pause in (*self._pauses, None):
            try:
                return act(self._connected())
            except Failed as failed:
                raise SiteError([self._problem_of(failed)]) from None
            except Cut as cut:
                self._hang_up(Shell.cut)
                problem = problem_of(self.name, cut.said)
                if is_first:
                    problem = problem or not_reached(self.name, cut.said)
                if problem or pause is None:
                    raise SiteError([problem or given_up(self.name, cut.said)]) from None
                time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 (no secret)
        raise AssertionError

    def _problem_of(self, failed: Failed) -> Problem:
        """Why rsync failed. A rsync that cannot write may end before it has said why."""
        said = failed.said
        if self._line and self._word and failed.code == UNWRITTEN:
            with suppress(Cut):
                said += "\n" + self._line.shell.run(probe_script(self._largest)).text
        return problem_of(self.name, said) or unknown(
            self.name, failed.program, failed.code, failed.said
        )

    def _run(self, script: str) -> Reply:
        """Have the shell run what may as well run twice."""
        reply = self._persist(lambda line: line.shell.run(script))
        self._see(reply)
        return reply

    def _see(self, reply: Reply) -> None:
        if reply.status:
            problem = problem_of(self.name, reply.text)
            raise SiteError([problem or unknown(self.name, "the shell", reply.status, reply.text)])

    def _hang_up(self, how: Callable[[Shell], None]) -> None:
        if self._line:
            how(self._line.shell)
        self._line = None

    def _connected(self) -> "_Line":
        """The connection, with the lock if it is ours; a new one if it has been cut."""
        if self._line and not self._line.shell.is_alive:
            self._hang_up(Shell.cut)
        if self._line is None:
            assert self._folder, "the target is not open"
            shell = Shell(self._address, ssh_command(), self._folder)
            self._line = _Line(shell)
            shell.greet()
            standing = shell.run(standing_script(self._address.path))
            self._line = self._line_of(shell, standing)
            if self._word:
                self._lock(self._line)
                self._look_at_manifest(self._line)
        return self._line

    def _line_of(self, shell: Shell, standing: Reply) -> "_Line":
        program = standing.value("rsync")
        found = version_in(standing.text)
        if not re.fullmatch(r"[\w./+-]+", program) or found is None:
            raise self._wrong("there is no rsync at the server", "install it there")
        if found < LEAST:
            what = f"the rsync at the server is too old ({_dotted(found)})"
            raise self._wrong(what, f"install {_dotted(LEAST)} or newer there")
        if "file" in standing.lines:
            raise self._wrong("what is there is no folder", "name a folder")
        if "closed" in standing.lines:
            raise self._wrong("the account may not enter the folder", "give it to the account")
        return self._line_to(shell, program, standing.value("finder"), standing)

    def _line_to(self, shell: Shell, program: str, finder: str, reply: Reply) -> "_Line":
        umask = _umask(reply.value("mode"))
        rsync = Rsync(shell.sharing, self._address.login, program, shell.held, umask)
        return _Line(shell, rsync, reply.value("folder"), finder)

    def _lock(self, line: "_Line") -> None:
        reply = line.shell.run(lock_script(self._address.path, self._word, _who()))
        if file := reply.value("taken"):
            raise self._taken(reply, reply.value("void") or file)
        if reply.status:
            raise self._wrong_folder(reply)
        assert line.rsync
        locked = self._line_to(line.shell, line.rsync.server, line.finder, reply)
        self._line = msgspec.structs.replace(locked, is_locked=True)

    def _taken(self, reply: Reply, file: str) -> SiteError:
        by, since = reply.value("by"), reply.value("since")
        what = "another deploy is at work there" + (f": {by}, since {since}" if by else "")
        return self._wrong(what, f"wait for its end; if it is long dead, delete {file}")

    def _wrong_folder(self, reply: Reply) -> SiteError:
        problem = problem_of(self.name, reply.text)
        if problem is None:
            what = f"the folder cannot be made: {reply.lines[-1] if reply.lines else ''}"
            problem = Problem(self.name, 0, what, "make it by hand, or name another one")
        return SiteError([problem])

    def _look_at_manifest(self, line: "_Line") -> None:
        """While the connection was cut, was anybody else at work?"""
        if self._kept and _digest(self._pull(line)) not in self._kept:
            what = "another deploy was at work there while the connection was cut"
            raise self._wrong(what, "deploy again")

    def _pull(self, line: "_Line") -> bytes | None:
        if not line.folder:
            return None
        assert self._folder
        assert line.rsync
        copy = self._folder / _MANIFEST
        copy.unlink(missing_ok=True)
        line.rsync.pull(line.folder, _MANIFEST, self._folder)
        return copy.read_bytes() if copy.exists() else None

    def _push_manifest(self, line: "_Line", manifest: bytes) -> None:
        assert self._folder
        assert line.rsync
        file = self._folder / _MANIFEST
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(manifest)
        line.rsync.push(self._folder, [_MANIFEST], line.folder, line.under_way)

    def _make_way(self, freight: Sequence[Freight]) -> None:
        """Delete the files of earlier deploys that stand where a folder belongs, or in one
        that stands where a file does. What others have put there stays, and nothing is sent.
        """
        if self._found is None:
            self.listing()
        assert self._found
        files, folders = self._found.files, self._found.folders
        above = {parent for item in freight for parent in folders_of(item.path)}
        ours = files.keys() & above
        full = {item.path for item in freight} & folders
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
            raise SiteError(
                Problem(f"{self.name}/{path}", 0, what, remedy) for path in sorted(foreign)
            )

    def _note(self, path: str) -> None:
        assert self._found
        self._found.files[path] = ""
        self._found.folders.update(folders_of(path))

    def _changed(self, path: str) -> Problem:
        what = f"{path} has changed while it was sent"
        return Problem(self.name, 0, what, "build the site and deploy again")

    def _wrong(self, what: str, remedy: str) -> SiteError:
        return SiteError([Problem(self.name, 0, what, remedy)])


class _Line(msgspec.Struct, frozen=True):
    """A connection. `folder` is the target's real path at the server, "" if it is not there.
    `finder` is how the shell lists it, "" if it cannot.
    """

    shell: Shell
    rsync: Rsync | None = None
    folder: str = ""
    finder: str = ""
    is_locked: bool = False

    @property
    def under_way(self) -> str:
        return f"{self.folder}/{OWN}/tmp"  # noqa: S108 (it is the target's own)


_MANIFEST = f"{OWN}/manifest.json"


def _list_all(line: _Line) -> Listing:
    return _listed(line) if line.folder else Listing({}, set())


def _listed(line: _Line, paths: Sequence[str] | None = None) -> Listing:
    if line.finder:
        return found(line.shell, line.finder, line.folder, paths)
    assert line.rsync
    return line.rsync.list(line.folder, paths)


def _push(line: _Line, batch: Sequence[Freight]) -> dict[str, str]:
    """Send files, and see with what marks they are there."""
    assert line.rsync
    paths = [item.path for item in batch]
    line.rsync.push(_base_of(batch), paths, line.folder, line.under_way)
    return _listed(line, paths).files


def _batches(freight: Sequence[Freight]) -> Iterator[Sequence[Freight]]:
    batch: list[Freight] = []
    size = 0
    for item in freight:
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


def _base_of(batch: Sequence[Freight]) -> Path:
    """The folder here that the paths are below."""
    path, file = batch[0].path, str(batch[0].file)
    if not file.endswith(f"/{path}"):
        raise ValueError(f"{file} does not lie where it belongs, at {path}")
    return Path(file.removesuffix(path))


def _umask(mode: str) -> int:
    """What new files must not have, so that whoever sees the folder sees them, and no others.

    Its mode is as `ls` writes it. Whoever may look into it may read, whoever may write to it
    may write.
    """
    if len(mode) < 10:
        return 0o022
    group, others = mode[4:7], mode[7:10]
    return _denied(group) << 3 | _denied(others)


def _denied(bits: str) -> int:
    reads = bits[0] == "r" or bits[2] in "xst"
    return (0 if reads else 5) | (0 if bits[1] == "w" else 2)


def _emptied(gone: set[str]) -> set[str]:
    """The folders that are gone with their last file."""
    return {parent for path in gone for parent in folders_of(path)}


def _who() -> str:
    """Who deploys, for others to read who find the lock."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "somebody"
    return re.sub(r"[^\w@.-]", "-", f"{user}@{socket.gethostname()}", flags=re.ASCII)


def _digest(data: bytes | None) -> bytes:
    return blake2b(data).digest() if data is not None else b""


def _dotted(numbers: tuple[int, int]) -> str:
    return ".".join(map(str, numbers))
