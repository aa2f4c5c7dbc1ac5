"""The `rsync` of this machine: what it is asked for, and what its answers mean."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from generator.deploy.targets.ssh.shell import CutError
from generator.deploy.targets.target import OWN
from generator.errors import InternalError

LEAST = (3, 1)
"""The version of rsync that knows all that is asked of it, at both ends."""

UNWRITTEN = 11
"""The code of an rsync that could not write a file."""


class Listing(msgspec.Struct, frozen=True):
    """A folder: what in it is no folder, with its mark, and the folders below it."""

    files: dict[str, str]
    folders: set[str]


class RsyncError(InternalError):
    """A program ended with a code other than 0, and with these words."""

    def __init__(self, code: int, said: str, program: str = "rsync") -> None:
        self.code = code
        self.said = said
        self.program = program
        super().__init__(said)


class Rsync(msgspec.Struct, frozen=True):
    """An rsync that shares a connection. Each method raises `RsyncError`, or `CutError`.

    `ssh` is the command for that, `login` whom it calls and `server` the rsync there. `held` is
    a descriptor that is kept open while rsync runs. What arrives is masked by `umask`.
    """

    ssh: Sequence[str]
    login: str
    server: str
    held: int
    umask: int

    def list(self, folder: str, paths: Iterable[str] | None = None) -> Listing:
        """Return all below a folder at the server, or these paths of it, if they are there."""
        chosen = ("-r", f"--exclude=/{OWN}") if paths is None else _CHOSEN
        arguments = "--list-only", *chosen, "--ignore-missing-args", self._at(folder + "/"), "."
        found = Listing({}, set())
        with _names(paths or ()) as names, self._running(arguments, names) as lines:
            for line in lines:
                if match := _LINE.fullmatch(line.rstrip(b"\n")):
                    _add(found, *match.groups())
        return found

    def push(self, base: Path, paths: Iterable[str], folder: str, under_way: str) -> None:
        """Put these files of a folder here into one there; until whole they lie `under_way`."""
        arguments = (
            *("--ignore-times", "--times", "--omit-dir-times", "--copy-links", "--compress"),
            *("--chmod=Dugo=rwx,Fugo=rw", f"--temp-dir={under_way}"),
            *(f"--partial-dir={under_way}/partial", "--info=progress2", "--outbuf=N", *_CHOSEN),
            *(f"{base}/", self._at(folder + "/")),
        )
        with _names(paths) as names, self._running(arguments, names) as lines:
            for _ in lines:  # each tells rsync that we still live
                pass

    def pull(self, folder: str, path: str, to: Path) -> None:
        """Copy a file of a folder there into one here, at the same path, if it is there."""
        arguments = (
            *("--compress", "--ignore-times", "--ignore-missing-args", *_CHOSEN),
            *(self._at(folder + "/"), f"{to}/"),
        )
        with _names([path]) as names, self._running(arguments, names) as lines:
            for _ in lines:
                pass

    def _at(self, path: str) -> str:
        host = self.login if ":" not in self.login else _bracketed(self.login)
        is_wild = re.search(r"[*?[]", path)  # only then is a backslash no letter
        return f"{host}:{re.sub(_WILD, _escaped, path) if is_wild else path}"

    @contextmanager
    def _running(
        self, arguments: Sequence[str], names: IO[bytes] | int
    ) -> Iterator[Iterable[bytes]]:
        shell = " ".join(map(_quoted, self.ssh))
        server = f"umask {self.umask:03o}; {self.server}"
        with (
            tempfile.TemporaryFile() as said,
            subprocess.Popen(  # noqa: S603
                [*_RSYNC, f"--rsh={shell}", f"--rsync-path={server}", *arguments],
                stdin=names,
                stdout=subprocess.PIPE,
                stderr=said,
                env=_environment(),
                pass_fds=(self.held,),
                start_new_session=True,
            ) as process,
        ):
            assert process.stdout
            try:
                yield process.stdout
                code = process.wait()
            finally:
                process.kill()
            said.seek(0)
            _judge(code, said.read(1 << 16).decode(errors="replace"))


def version() -> tuple[int, int] | None:
    """Return that of this machine's rsync; None if there is none, or if it is another program."""
    try:
        shown = subprocess.run(["rsync", "--version"], capture_output=True, check=False)  # noqa: S607
    except OSError:
        return None
    return version_in(shown.stdout.decode(errors="replace"))


def version_in(text: str) -> tuple[int, int] | None:
    """Return the version that `rsync --version` tells."""
    match = re.search(r"^rsync +version v?(\d+)\.(\d+)", text, re.MULTILINE)
    return (int(match[1]), int(match[2])) if match else None


_RSYNC = ("rsync", "-s", "-8", "--no-h")
_CHOSEN = ("-d", "--files-from=-", "--from0")
_LINE = re.compile(
    rb"([-a-z])\S{9,10} +([\d.,]+) (\d{4,}/\d\d/\d\d \d\d:\d\d:\d\d) (.*)", re.DOTALL
)
_WILD = re.compile(r"[*?\[\\]")
_PARTIAL = (23, 24)
"""Codes of an rsync that has done what it could."""
_CUT = (10, 12, 30, 35, 255)
"""Codes of an rsync whose other end is gone."""


def _environment() -> dict[str, str]:
    """Return our variables, without what would change its answers."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RSYNC_")}
    return kept | {"LC_ALL": "C", "TZ": "UTC0"}


@contextmanager
def _names(paths: Iterable[str]) -> Iterator[IO[bytes]]:
    """Write a file of paths. Each begins with a dot: one with "#" in front would be a comment."""
    with tempfile.TemporaryFile() as file:
        file.writelines(b"./%s\0" % os.fsencode(path) for path in paths)
        file.seek(0)
        yield file


def _add(found: Listing, kind: bytes, size: bytes, moment: bytes, name: bytes) -> None:
    path = os.fsdecode(re.sub(rb"\\#([0-7]{3})", lambda m: bytes([int(m[1], 8)]), name))
    if kind == b"d":
        found.folders.add(path)
    else:
        what = "" if kind == b"-" else f"{kind.decode()} "
        found.files[path] = f"{what}{size.decode()} {moment.decode()}"


def _judge(code: int, said: str) -> None:
    if code == 0:
        return
    unread = re.findall(r"^rsync: .*(?:opendir|file has vanished|vanished).*$", said, re.MULTILINE)
    others = re.findall(r"^rsync: (?!.*(?:opendir|vanished)).*$", said, re.MULTILINE)
    if code in _PARTIAL and unread and not others:
        return  # a folder of somebody else's, which is none of our business
    if code < 0 or code in _CUT:
        raise CutError(said)
    raise RsyncError(code, said)


def _bracketed(login: str) -> str:
    user, at, host = login.rpartition("@")
    return f"{user}{at}[{host}]"


def _escaped(match: re.Match[str]) -> str:
    return "\\" + match[0]


def _quoted(word: str) -> str:
    """Return a word as rsync takes the command of its shell apart."""
    if not re.search(r"[\s'\"]", word):
        return word
    return '"' + word.replace('"', '""') + '"'
