"""The system's `git`: which one there is, and how it is run without asking anybody anything."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from generator.errors import InternalError
from generator.system import passed

OLDEST = (2, 25)
"""The version of git that is needed."""
PIECE = 1 << 20
"""How much of a file is in memory, in bytes."""

_SSH = "ssh -o BatchMode=yes -o ConnectTimeout=30 -o ServerAliveInterval=20"
"""How ssh is started where the user does not say: it never asks, and tells when it is cut off."""
_ALWAYS = (
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "color.ui=false"),
    *("-c", "http.lowSpeedLimit=1"),
    *("-c", "http.lowSpeedTime=120"),
)
_OF_A_REPOSITORY = frozenset(
    f"GIT_{name}"
    for name in (
        *("DIR", "WORK_TREE", "COMMON_DIR", "INDEX_FILE", "PREFIX", "IMPLICIT_WORK_TREE"),
        *("OBJECT_DIRECTORY", "ALTERNATE_OBJECT_DIRECTORIES", "QUARANTINE_PATH"),
        *("GRAFT_FILE", "SHALLOW_FILE", "REPLACE_REF_BASE", "NO_REPLACE_OBJECTS"),
        *("NAMESPACE", "CONFIG", "DEFAULT_HASH", "TEMPLATE_DIR", "NO_LAZY_FETCH"),
    )
)
"""Variables that lead git elsewhere: a hook of the user's own repository has some of them set."""


class GitError(InternalError):
    """git failed; `said` is what it and the host wrote."""

    def __init__(self, said: str) -> None:
        self.said = said
        super().__init__(said)


class GitMissingError(InternalError):
    """There is no git that can be used; the message tells which is there."""


class Git:
    """The program, at work in the repository that is kept in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ssh: dict[str, str] = {}

    def check(self) -> None:
        """Raise `GitMissingError` if there is no git that can be used."""
        try:
            words = self.run("version").decode(errors="replace").split()
        except FileNotFoundError:
            raise GitMissingError("git is missing") from None
        version = tuple(map(int, re.findall(r"\d+", words[2])[:2])) if len(words) > 2 else ()
        if version < OLDEST:
            raise GitMissingError(f"git {words[2] if len(words) > 2 else ''} is too old")
        is_chosen = os.environ.keys() & {"GIT_SSH", "GIT_SSH_COMMAND"}
        if not is_chosen and not self.succeeds("config", "--get", "core.sshCommand"):
            self._ssh = {"GIT_SSH_COMMAND": _SSH}

    def run(
        self,
        *arguments: str,
        data: bytes = b"",
        variables: Mapping[str, str] | None = None,
        held: IO[bytes] | None = None,
    ) -> bytes:
        """Return what git prints; raises `GitError` if it fails.

        A file that is `held` is locked for as long as git runs.
        """
        done = subprocess.run(  # noqa: S603
            ["git", *_ALWAYS, *arguments],  # noqa: S607
            input=data,
            capture_output=True,
            env=self._environment() | dict(variables or {}),
            pass_fds=passed(held),
            check=False,
        )
        if done.returncode:
            raise GitError(as_text(done.stderr + b"\n" + done.stdout[:PIECE]))
        return done.stdout

    def succeeds(self, *arguments: str) -> bool:
        try:
            self.run(*arguments)
        except GitError:
            return False
        return True

    def started(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start git, to be written to and read from."""
        return subprocess.Popen(  # noqa: S603 (no shell, and no argument that anybody else gives)
            ["git", *_ALWAYS, *arguments],  # noqa: S607 (whichever git the user has)
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=PIECE,
            env=self._environment(),
        )

    def _environment(self) -> dict[str, str]:
        """Return the user's variables, but for those that lead elsewhere; nothing may be asked."""
        kept = {name: value for name, value in os.environ.items() if name not in _OF_A_REPOSITORY}
        own = {"GIT_DIR": os.fspath(self._folder.absolute()), "GIT_TERMINAL_PROMPT": "0"}
        english = {"LC_ALL": "C", "LANGUAGE": ""}
        return kept | own | english | self._ssh


def as_text(data: bytes) -> str:
    """Decode the bytes of a name; `as_bytes` gives the very ones again."""
    return data.decode("utf-8", "surrogateescape")


def as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
