"""The connection to a server: made again when it is cut, with the lock that was held."""

import getpass
import random
import re
import secrets
import shutil
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from generator.deploy.targets.ssh.address import SshAddress
from generator.deploy.targets.ssh.messages import given_up, not_reached, problem_of, unknown
from generator.deploy.targets.ssh.rsync import (
    LEAST,
    UNWRITTEN,
    Rsync,
    RsyncError,
    version,
    version_in,
)
from generator.deploy.targets.ssh.scripts import (
    CLEAR,
    RELEASE,
    lock_script,
    probe_script,
    report_script,
)
from generator.deploy.targets.ssh.shell import (
    CutError,
    Reply,
    Shell,
    is_there,
    private_folder,
    ssh_command,
)
from generator.deploy.targets.target import OWN, umask_of
from generator.errors import DeployError, DeployRefusedError, LockedError, Problem, deploy_error

PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""Seconds to wait before a cut connection is tried again, more or less by half."""

Result = TypeVar("Result")


class Line(msgspec.Struct, frozen=True):
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


class Connection:
    """One to one server, for as long as it is open. Each method raises `DeployError`.

    `resumed` is called with each new line that has taken up the lock again.
    """

    def __init__(
        self, address: SshAddress, pauses: Sequence[float], resumed: Callable[[Line], None]
    ) -> None:
        self.name = str(address)
        self.largest = 0
        """Bytes of the largest file that is under way."""
        self._address = address
        self._pauses = pauses
        self._resumed = resumed
        self._line: Line | None = None
        self._folder: Path | None = None
        self._word = ""

    @property
    def folder(self) -> Path:
        """Return a folder here, of its own."""
        assert self._folder, "the target is not open"
        return self._folder

    @property
    def is_locked(self) -> bool:
        return bool(self._word)

    @contextmanager
    def opened(self) -> Iterator[None]:
        self._look_for_programs()
        self._folder = private_folder()
        try:
            self.persist(lambda _: None, is_first=True)
            yield
        finally:
            self._hang_up(Shell.close)
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    @contextmanager
    def locked(self) -> Iterator[None]:
        self._word = secrets.token_hex(16)
        try:
            self.persist(lambda line: self._lock(line) if not line.is_locked else None)
            self.run(CLEAR)
            yield
        finally:
            self._word = ""
            if self._line:
                with suppress(CutError):  # then the server gives it up of itself
                    self._line.shell.run(RELEASE)
                    self._line = msgspec.structs.replace(self._line, is_locked=False)

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

    def persist(self, act: Callable[["Line"], Result], *, is_first: bool = False) -> Result:
        """Do something over the connection, and again over another one when it is cut."""
        for pause in (*self._pauses, None):
            try:
                return act(self._connected())
            except RsyncError as failed:
                raise deploy_error(self._problem_of(failed)) from None
            except CutError as cut:
                self._hang_up(Shell.cut)
                problem = problem_of(self.name, cut.said)
                if is_first:
                    problem = problem or not_reached(self.name, cut.said)
                if problem or pause is None:
                    raise deploy_error(problem or given_up(self.name, cut.said)) from None
                time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 (no secret)
        raise AssertionError

    def _problem_of(self, failed: RsyncError) -> Problem:
        """Say why rsync failed. A rsync that cannot write may end before it has said why."""
        said = failed.said
        if self._line and self._word and failed.code == UNWRITTEN:
            with suppress(CutError):
                said += "\n" + self._line.shell.run(probe_script(self.largest)).text
        return problem_of(self.name, said) or unknown(
            self.name, failed.program, failed.code, failed.said
        )

    def run(self, script: str) -> None:
        """Have the shell run what may as well run twice."""
        self._see(self.persist(lambda line: line.shell.run(script)))

    def _see(self, reply: Reply) -> None:
        if reply.status:
            problem = problem_of(self.name, reply.text)
            raise deploy_error(problem or unknown(self.name, "the shell", reply.status, reply.text))

    def _hang_up(self, how: Callable[[Shell], None]) -> None:
        if self._line:
            how(self._line.shell)
        self._line = None

    def _connected(self) -> "Line":
        """Return the connection, with the lock if it is ours; make a new one if it was cut."""
        if self._line and not self._line.shell.is_alive:
            self._hang_up(Shell.cut)
        if self._line is None:
            shell = Shell(self._address, ssh_command(), self.folder)
            self._line = Line(shell)
            shell.greet()
            reply = shell.run(report_script(self._address.path))
            self._line = self._line_of(shell, reply)
            if self._word:
                self._lock(self._line)
                self._resumed(self._line)
        return self._line

    def _line_of(self, shell: Shell, reply: Reply) -> "Line":
        program = reply.value("rsync")
        found = version_in(reply.text)
        if not re.fullmatch(r"[\w./+-]+", program) or found is None:
            raise self._wrong("there is no rsync at the server", "install it there")
        if found < LEAST:
            what = f"the rsync at the server is too old ({_dotted(found)})"
            raise self._wrong(what, f"install {_dotted(LEAST)} or newer there")
        if "file" in reply.lines:
            raise self._wrong("what is there is no folder", "name a folder")
        if "closed" in reply.lines:
            raise self._wrong("the account may not enter the folder", "give it to the account")
        return self._line_to(shell, program, reply.value("finder"), reply)

    def _line_to(self, shell: Shell, program: str, finder: str, reply: Reply) -> "Line":
        umask = _umask(reply.value("mode"))
        rsync = Rsync(shell.sharing, self._address.login, program, shell.held, umask)
        return Line(shell, rsync, reply.value("folder"), finder)

    def _lock(self, line: "Line") -> None:
        reply = line.shell.run(lock_script(self._address.path, self._word, _who()))
        if file := reply.value("taken"):
            raise self._taken(reply, reply.value("void") or file)
        if file := reply.value("blocked"):
            raise self._wrong(
                f"{file} is no file, and the lock of a deploy belongs there", "delete it"
            )
        if reply.status:
            raise self._wrong_folder(reply)
        assert line.rsync
        locked = self._line_to(line.shell, line.rsync.server, line.finder, reply)
        self._line = msgspec.structs.replace(locked, is_locked=True)

    def _taken(self, reply: Reply, file: str) -> LockedError:
        by, since = reply.value("by"), reply.value("since")
        what = "another deploy is at work there" + (f": {by}, since {since}" if by else "")
        remedy = f"wait for its end; if it is long dead, delete {file}"
        return LockedError.at(self.name, what, remedy)

    def _wrong_folder(self, reply: Reply) -> DeployError:
        if problem := problem_of(self.name, reply.text):
            return deploy_error(problem)
        what = f"the folder cannot be made: {reply.lines[-1] if reply.lines else ''}"
        return self._wrong(what, "make it by hand, or name another one")

    def _wrong(self, what: str, remedy: str) -> DeployRefusedError:
        return DeployRefusedError.at(self.name, what, remedy)


def _umask(mode: str) -> int:
    """Return what new files in a folder must not have. Its mode is as `ls` writes it."""
    if len(mode) < 10:
        return 0o022
    signs = enumerate(mode[1:10])
    return umask_of(sum(0o400 >> place for place, sign in signs if sign not in "-ST"))


def _who() -> str:
    """Say who deploys, for others to read who find the lock."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "somebody"
    return re.sub(r"[^\w@.-]", "-", f"{user}@{socket.gethostname()}", flags=re.ASCII)


def _dotted(numbers: tuple[int, int]) -> str:
    return ".".join(map(str, numbers))
