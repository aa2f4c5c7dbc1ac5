"""The system's `git`, and a private bare repository that it works in: a cache, of which nothing
is lost when it goes. It has no work tree, and no other repository is ever touched.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from generator.deploy.git.answers import is_of_the_host

if sys.platform != "win32":
    import fcntl

OLDEST = (2, 25)
"""The version of git that is needed."""

_TIP = "refs/broadsheet/tip"
_STAGED = "refs/broadsheet/staged"
_PUSHING = "pushing"
"""A file that is there during a push."""
_PATIENCE = 30.0
"""Seconds."""
_NOBODY = {"NAME": "Broadsheet", "EMAIL": "broadsheet@localhost"}
_PIECE = 1 << 20
"""How much of a file is in memory, in bytes."""


_SSH = "ssh -o BatchMode=yes -o ConnectTimeout=30 -o ServerAliveInterval=20"
"""How ssh is started where the user does not say: it never asks, and tells when it is cut off."""
_ALWAYS = (
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "color.ui=false"),
    *("-c", "http.lowSpeedLimit=1"),
    *("-c", "http.lowSpeedTime=120"),
)
_SPARING = (("--depth=1", "--filter=blob:none"), ("--depth=1",), ())
"""Ways to fetch, the one that fetches least first."""
_FETCH = ("fetch", "--quiet", "--no-tags", "--no-auto-gc", "--no-recurse-submodules")
_PUSH = ("push", "--porcelain", "--no-verify", "--no-follow-tags", "--no-recurse-submodules")
_PLAIN = ("100644", "100755", "100664")
_LEFTOVERS = (
    "*.lock",
    "refs/**/*.lock",
    "gc.pid",
    "shallow_*",
    "fast_import_crash_*",
    "objects/tmp_*",
    "objects/??/tmp_*",
    "objects/pack/tmp_*",
    "objects/pack/*.keep",
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


class GitError(Exception):
    """git failed; `said` is what it and the host wrote."""

    def __init__(self, said: str) -> None:
        self.said = said
        super().__init__(said)


class GitMissingError(Exception):
    """There is no git that can be used; the message tells which is there."""


class Repository:
    """A private repository for one branch of one remote repository.

    Any method but `tip` may fail for what is wrong with the repository itself: then `make`
    it anew. `gives_files_later` tells of the host: if it leaves files out of what it sends when
    it is asked to, it sends them when they are needed. Some hosts do not.
    """

    def __init__(self, folder: Path, url: str, branch: str) -> None:
        self.folder = folder
        self.url = url
        self.ref = f"refs/heads/{branch}"
        self.gives_files_later = True
        self._ssh: dict[str, str] = {}

    def check_git(self) -> None:
        try:
            words = self._run("version").decode(errors="replace").split()
        except FileNotFoundError:
            raise GitMissingError("git is missing") from None
        version = tuple(map(int, re.findall(r"\d+", words[2])[:2])) if len(words) > 2 else ()
        if version < OLDEST:
            raise GitMissingError(f"git {words[2] if len(words) > 2 else ''} is too old")
        is_chosen = os.environ.keys() & {"GIT_SSH", "GIT_SSH_COMMAND"}
        if not is_chosen and not self._succeeds("config", "--get", "core.sshCommand"):
            self._ssh = {"GIT_SSH_COMMAND": _SSH}

    def is_branch_name(self) -> bool:
        return self._succeeds("check-ref-format", self.ref)

    def is_sound(self) -> bool:
        """Whether this is the repository that `make` made; not whether all in it is whole."""
        try:
            is_bare = self._run("rev-parse", "--is-bare-repository").strip() == b"true"
            return is_bare and self._run("config", "remote.origin.url") == _line(self.url)
        except GitError:
            return False

    def make(self) -> None:
        """An empty repository, in place of what is there."""
        if self.folder.is_dir() and not self.folder.is_symlink():
            shutil.rmtree(self.folder)
        self.folder.unlink(missing_ok=True)
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self._run("init", "--quiet", "--bare", "--template=", os.fspath(self.folder))
        self._run("config", "remote.origin.url", self.url)

    def sweep(self) -> None:
        """Delete what killed processes left. Nobody else may be at work here."""
        for pattern in _LEFTOVERS:
            for path in self.folder.glob(pattern):
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)
        self._run("update-ref", "-d", _STAGED)

    # ------------------------------------------------------------------ from the host

    def tip(self) -> str:
        """The commit that the branch is at, at the host; "" if there is no such branch yet."""
        for line in self._run("ls-remote", "--quiet", "origin", self.ref).decode().splitlines():
            commit, _, ref = line.partition("\t")
            if ref == self.ref:
                return commit
        return ""

    def fetched(self, tip: str) -> str:
        """Have the branch's last commit here, with its trees: `tip`, or what has followed it.

        Most hosts send no more than that. One that cannot do so sends more.
        """
        with suppress(GitError):
            if self._run("rev-parse", "--verify", "--quiet", _TIP).decode().strip() == tip:
                return tip
        said = ""
        for sparing in _SPARING if self.gives_files_later else _SPARING[1:]:
            try:
                self._run(*_FETCH, *sparing, "origin", f"+{self.ref}:{_TIP}")
                return self._run("rev-parse", "--verify", _TIP).decode().strip()
            except GitError as error:
                if is_of_the_host(error.said):
                    raise
                said = error.said
        raise GitError(said)

    def files(self, commit: str) -> dict[str, str]:
        """Every file of a commit: its blob, and the mode before it if it is no plain file."""
        found = {}
        for entry in self._run("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
            about, _, path = entry.partition(b"\t")
            if path:
                mode, _, digest = about.decode().split(" ")
                found[_text(path)] = digest if mode in _PLAIN else f"{mode}:{digest}"
        return found

    def content(self, blob: str) -> bytes:
        """A file's bytes; they are fetched if they are not here."""
        return self._run("cat-file", "blob", blob)

    def push(self, commit: str, before: str) -> None:
        """Move the branch at the host to `commit`, all of it at once, if it is at `before`."""
        lease = f"--force-with-lease={self.ref}:{before}"
        with (self.folder / _PUSHING).open("wb") as held:
            _lock(held)
            try:
                self._run(*_PUSH, lease, "origin", f"{commit}:{self.ref}", held=held)
            finally:
                (self.folder / _PUSHING).unlink(missing_ok=True)

    def await_push(self) -> None:
        """Wait for a push that has outlived its killed deploy: it may still move the branch.

        Not for ever: one that comes later all the same finds the branch moved, or is found out.
        """
        with suppress(FileNotFoundError), (self.folder / _PUSHING).open("rb") as held:
            deadline = time.monotonic() + _PATIENCE
            while not _lock(held) and time.monotonic() < deadline:
                time.sleep(0.05)
            (self.folder / _PUSHING).unlink(missing_ok=True)

    # ------------------------------------------------------------------ a new commit

    def staging(self) -> "Staging":
        return Staging(self)

    def staged_tree(self) -> str:
        """The tree that was staged last."""
        return self.tree(_STAGED)

    def tree(self, commit: str) -> str:
        return self._run("rev-parse", "--verify", f"{commit}^{{tree}}").decode().strip()

    def commit(self, tree: str, parent: str, message: str) -> str:
        """A commit by whom git is configured for; "" for no parent."""
        return (
            self._run(
                *("-c", "i18n.commitEncoding=UTF-8", "commit-tree", tree),
                *(("-p", parent) if parent else ()),
                data=message.encode(errors="replace") + b"\n",
                variables=self._author(),
            )
            .decode()
            .strip()
        )

    def settle(self, commit: str) -> None:
        """Remember where the branch is; now and then pack what has gathered, as git does."""
        self._run("update-ref", _TIP, commit)
        self._run("update-ref", "-d", _STAGED)
        self._run("-c", "gc.autoDetach=false", "gc", "--auto", "--quiet", "--prune=now")

    def _author(self) -> Mapping[str, str]:
        """Broadsheet, for whichever of author and committer git has no name."""
        return {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            if not self._succeeds("-c", "user.useConfigOnly=true", "var", f"GIT_{role}_IDENT")
            for key, value in _NOBODY.items()
        }

    # ------------------------------------------------------------------ the program

    def started(self, *arguments: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # noqa: S603 (no shell, and no argument that anybody else gives)
            ["git", *_ALWAYS, *arguments],  # noqa: S607 (whichever git the user has)
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=_PIECE,
            env=self._environment(),
        )

    def _run(
        self,
        *arguments: str,
        data: bytes = b"",
        variables: Mapping[str, str] | None = None,
        held: IO[bytes] | None = None,
    ) -> bytes:
        """What git prints. A file that is `held` is locked for as long as git runs."""
        done = subprocess.run(  # noqa: S603
            ["git", *_ALWAYS, *arguments],  # noqa: S607
            input=data,
            capture_output=True,
            env=self._environment() | dict(variables or {}),
            pass_fds=(held.fileno(),) if held and sys.platform != "win32" else (),
            check=False,
        )
        if done.returncode:
            raise GitError(_text(done.stderr + b"\n" + done.stdout[:_PIECE]))
        return done.stdout

    def _succeeds(self, *arguments: str) -> bool:
        try:
            self._run(*arguments)
        except GitError:
            return False
        return True

    def _environment(self) -> dict[str, str]:
        """The user's, but for what names another repository; nothing may wait for an answer."""
        kept = {name: value for name, value in os.environ.items() if name not in _OF_A_REPOSITORY}
        own = {"GIT_DIR": os.fspath(self.folder.absolute()), "GIT_TERMINAL_PROMPT": "0"}
        english = {"LC_ALL": "C", "LANGUAGE": ""}
        return kept | own | english | self._ssh


class Staging:
    """One `git fast-import`: files as they come, their tree in the end. Nothing is published."""

    def __init__(self, repository: Repository) -> None:
        self._git = repository.started("fast-import", "--quiet", "--done", "--force")
        assert self._git.stdin and self._git.stdout and self._git.stderr
        self._input, self._output = self._git.stdin, self._git.stdout
        self._errors = self._git.stderr
        self._count = 0

    def add(self, file: IO[bytes], size: int) -> bool:
        """Take in a file of `size` bytes; False if it is not so long, and all is spoilt."""
        self._count += 1
        self._write(b"blob\nmark :%d\ndata %d\n" % (self._count, size))
        left = size
        while left and (piece := file.read(min(left, _PIECE))):
            self._write(piece)
            left -= len(piece)
        self._write(b"\nget-mark :%d\n" % self._count)
        return not left and not file.read(1)

    def add_bytes(self, data: bytes) -> None:
        self.add(io.BytesIO(data), len(data))

    def blobs(self, count: int) -> list[str]:
        """The names of the last `count` files that were added, each to be asked for once."""
        self._flush()
        found = [self._output.readline().decode().strip() for _ in range(count)]
        if not all(found):
            self._fail()
        return found

    def finish(self, parent: str, deleted: Iterable[str], files: Mapping[str, str]) -> None:
        """Stage the files of `parent`, "" for none, without those deleted and with these blobs."""
        self._write(b"commit %s\ncommitter x <x> 0 +0000\ndata 0\n" % _STAGED.encode())
        if parent:
            self._write(b"from %s\n" % parent.encode())
        for path in deleted:
            self._write(b"D %s\n" % _quoted(path))
        for path, blob in files.items():
            self._write(b"M 100644 %s %s\n" % (blob.encode(), _quoted(path)))
        self._write(b"done\n")
        self._flush()
        if self._git.wait():
            self._fail()
        self.close()

    def close(self) -> None:
        self._git.kill()
        self._git.wait()
        for stream in (self._input, self._output, self._errors):
            with suppress(BrokenPipeError):
                stream.close()

    def _write(self, data: bytes) -> None:
        try:
            self._input.write(data)
        except BrokenPipeError:
            self._fail()

    def _flush(self) -> None:
        try:
            self._input.flush()
        except BrokenPipeError:
            self._fail()

    def _fail(self) -> None:
        said = _text(self._errors.read())
        self.close()
        raise GitError(said)


def _lock(file: IO[bytes]) -> bool:
    """Lock a file, also for the programs that are given it; False if another one has it.

    Unlike the locks of filelock, it lasts until the last of them has ended.
    """
    if sys.platform != "win32":
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _quoted(path: str) -> bytes:
    """A path as `git fast-import` reads it, whatever is in it."""
    data = _bytes(path).replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + data + b'"'


def _text(data: bytes) -> str:
    """Bytes of a name; the very ones again with `_bytes`."""
    return data.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _line(text: str) -> bytes:
    return _bytes(text) + b"\n"
