"""A shell at a server, over a connection that rsync shares, for as long as we live.

Its input is held open by this process and by each rsync that it starts. When the last of them
is gone, killed or not, the shell's input ends, and it leaves of itself.
"""

import os
import queue
import secrets
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO

import msgspec

from generator.deploy.targets.ssh.address import SshAddress
from generator.deploy.targets.ssh.scripts import PRELUDE
from generator.errors import InternalError

_OPTIONS = {
    "BatchMode": "yes",
    "ConnectTimeout": "20",
    "ServerAliveInterval": "10",
    "ServerAliveCountMax": "3",
    "ClearAllForwardings": "yes",
    "ForwardAgent": "no",
    "ForwardX11": "no",
    "PermitLocalCommand": "no",
    "RemoteCommand": "none",
    "RequestTTY": "no",
    "LogLevel": "ERROR",
}
_LONGEST = 70
"""Bytes of a socket's folder: systems take 104 or 108 with its name, and with what ssh adds."""
_LEAVING = 10
"""Seconds that the connection has for its end."""
_NOISE = 50
"""Lines kept of what an account prints at its login."""


class CutError(InternalError):
    """The connection is gone. `said` is what ssh or rsync said about it."""

    def __init__(self, said: str) -> None:
        self.said = said
        super().__init__(said)


class Reply(msgspec.Struct, frozen=True):
    """What a script came to: its exit status, and each line that it printed."""

    status: int
    lines: Sequence[str]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def value(self, word: str) -> str:
        """Return what follows the word that a line begins with; "" if none does."""
        found = (line.partition(" ") for line in self.lines)
        return next((rest for first, _, rest in found if first == word), "")


class Shell:
    """One connection. Each method raises `CutError` when it is gone."""

    def __init__(self, address: SshAddress, command: Sequence[str], folder: Path) -> None:
        port = ("-p", str(address.port)) if address.port else ()
        options = [f"-o{name}={value}" for name, value in _OPTIONS.items()]
        socket = "-oControlPath=" + str(folder / "s").replace("%", "%%")
        shared = *command, *port, *options, socket
        self.sharing = *shared, "-oControlMaster=no", "-oProxyCommand=false"
        """The command of ssh that shares the connection, and never makes one of its own."""
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 (it is closed with the shell)
        self._process = subprocess.Popen(  # noqa: S603
            [*shared, "-oControlMaster=yes", "-oControlPersist=no", "-T", address.login, "sh"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            start_new_session=True,  # a ^C here must not cut it before the end is in order
        )
        assert self._process.stdin and self._process.stdout
        self._input: IO[bytes] = self._process.stdin
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._reader = Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._reader.start()

    @property
    def held(self) -> int:
        """Return the descriptor of its input: whoever has it keeps the shell alive."""
        return self._input.fileno()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def greet(self) -> None:
        """Wait until the server answers, and tell its shell what is to be known there."""
        self.run(":")
        self.run(PRELUDE, is_apart=False)

    def run(self, script: str, *, is_apart: bool = True) -> Reply:
        """Have a script run. `is_apart`: as one command, which can read no input of ours."""
        return self._reply(self._ask(f"{{ {script}\n}} </dev/null" if is_apart else script))

    def rows(self, script: str) -> Iterator[bytes]:
        """Yield what a script prints, each line as it is. All of it has to be read."""
        mark = self._ask(f"{{ {script}\n}} </dev/null").encode()
        while (line := self._lines.get()) is not None:
            if line.startswith(mark):
                return
            yield line
        self._lines.put(None)
        raise CutError(self._last_words())

    def _ask(self, script: str) -> str:
        """Have the shell run this, and print the word that is returned at its end."""
        mark = secrets.token_hex(12)
        try:
            self._input.write(os.fsencode(f"{script}\nprintf '\\n%s %s\\n' {mark} $?\n"))
            self._input.flush()
        except (OSError, ValueError) as error:
            raise CutError(self._last_words()) from error
        return mark

    def _reply(self, mark: str) -> Reply:
        lines: list[str] = []
        while (line := self._lines.get()) is not None:
            text = os.fsdecode(line.rstrip(b"\r\n"))
            word, _, status = text.partition(" ")
            if word == mark:
                return Reply(int(status), lines)
            if text and len(lines) < _NOISE:
                lines.append(text)
        self._lines.put(None)
        raise CutError("\n".join([*lines, self._last_words()]))

    def _read(self, output: IO[bytes]) -> None:
        with output:
            for line in output:
                self._lines.put(line)
        self._lines.put(None)

    def _last_words(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_LEAVING)
        self._said.seek(0)
        return self._said.read(1 << 16).decode(errors="replace")

    def close(self) -> None:
        """Leave. What the shell holds at the server it gives up."""
        with suppress(OSError):
            self._input.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_LEAVING)
        self.cut()

    def cut(self) -> None:
        """Make an end without leave."""
        self._process.kill()
        self._process.wait()
        with suppress(OSError):
            self._input.close()
        self._reader.join(_LEAVING)
        self._said.close()


def ssh_command() -> list[str]:
    """Return the ssh to call, which rsync goes by too. Raises `ValueError` if it is no command."""
    return shlex.split(os.environ.get("RSYNC_RSH", "")) or ["ssh"]


def private_folder() -> Path:
    """Return a new folder for the socket of a connection."""
    for parent in (tempfile.gettempdir(), "/tmp", None):  # noqa: S108 (a new folder in it)
        if parent is None or len(os.fsencode(parent)) <= _LONGEST:
            break
    return Path(tempfile.mkdtemp(prefix="broadsheet-", dir=parent))


def is_there(program: str) -> bool:
    return shutil.which(program) is not None
