"""A built folder and a host to carry it to by ssh, and what others do at that host."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from generator.deploy.manifest import Entry, Manifest, encoded
from generator.deploy.targets.target import OWN, Upload
from generator.errors import SiteError
from generator.kinds import PageKind
from support.host_ssh import PAUSES, SshHost, ssh_host
from support.sites import LONG

ODD = (
    "a b/é.html",
    "#hash",
    ";comment",
    "-rf/-x",
    "new\nline/x",
    "back\\#012slash",
    "quo'te\".html",
    "100%?.html",
    "cafe\u0301/A\u0301.html",
    "café/Á.html",
    "x" * 255,
    "с" * 127,
    "*[a]?.txt",
    "$(touch gone)`id`!",
    "\x01bell\x7f",
    " ",
    ".well-known/x",
)


class Carrier:
    """A built folder here, and a host to carry it to."""

    def __init__(self, tmp: Path, host: SshHost) -> None:
        self.public = tmp / "public"
        self.host = host

    def upload(self, files: dict[str, bytes]) -> list[Upload]:
        for path, data in files.items():
            file = self.public / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        return [Upload(p, self.public / p, len(d), PageKind.FILE, "") for p, d in files.items()]

    def carry(self, files: dict[str, bytes], pauses: tuple[float, ...] = PAUSES) -> dict[str, str]:
        """Send files, and keep a manifest of them; the marks that they arrived with."""
        marks: dict[str, str] = {}
        upload = self.upload(files)
        target = self.host.make(pauses)
        with target.opened(), target.locked():
            target.manifest()
            target.keep(manifest_of(files))
            target.send(upload, marks.__setitem__)
            target.keep(manifest_of(files))
        return marks

    def delete(self, *paths: str) -> None:
        target = self.host.make()
        with target.opened(), target.locked():
            target.delete(paths)

    def listing(self) -> dict[str, str]:
        target = self.host.make()
        with target.opened():
            return target.listing()


@contextmanager
def carrying(tmp: Path, *settings: str, path: str = "") -> Iterator[Carrier]:
    with ssh_host(tmp, *settings, path=path) as host:
        yield Carrier(tmp, host)


def manifest_of(paths: "dict[str, bytes] | list[str]") -> bytes:
    return encoded(Manifest({path: Entry("", PageKind.FILE) for path in paths}))


def refusal(act: Callable[[], object]) -> str:
    """The message of what is refused."""
    with pytest.raises(SiteError) as caught:
        act()
    return "\n".join(map(str, caught.value.problems))


def own_files(host: SshHost) -> set[str]:
    return {path.removeprefix(f"{OWN}/") for path in host.everything() if path.startswith(OWN)}


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def exact_marks(host: SshHost) -> dict[str, str]:
    """The marks that the files there ought to have."""
    stats = {path: (host.top / path).stat() for path in host.files()}
    return {
        path: f"{s.st_size} {s.st_mtime_ns // 10**9}.{s.st_mtime_ns % 10**9:09}"
        for path, s in stats.items()
    }


def programs_without_find(folder: Path) -> Path:
    """All that a server needs, if it can do without `find` and `stat`."""
    folder.mkdir()
    for name in (
        *("sh", "cat", "rm", "rmdir", "mkdir", "mv", "kill", "uname", "date", "sleep", "ls"),
        *("cut", "head", "touch", "rsync"),
    ):
        (folder / name).symlink_to(str(shutil.which(name)))
    return folder


def leave_lock(host: SshHost, state: str) -> None:
    """A lock as a deploy has left it that was cut off, or one that is still at work."""
    with subprocess.Popen(["true"]) as dead:
        pass
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    pid = dead.pid if state == "dead" else os.getpid()
    node = "elsewhere" if state == "elsewhere" else os.uname().nodename
    boot = "another" if state == "restarted" else boot
    line = f"word {pid} {node} {boot} 2026-06-15T12:00Z ann@paper\n"
    host.put(f"{OWN}/lock", b"" if state == "empty" else line.encode())
