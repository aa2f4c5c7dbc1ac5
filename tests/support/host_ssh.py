"""A server of Debian's openssh-server on loopback, with keys of its own, and a folder there."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from generator.deploy.targets.ssh.address import SshAddress, parse_ssh
from generator.deploy.targets.ssh.target import SshTarget
from generator.deploy.targets.target import OWN, Target
from support.deploys import free_port, need, wait_for
from support.sites import LONG

SSHD = "/usr/sbin/sshd"
PAUSES = (0.1, 0.2, 0.4, 0.8)


class Server:
    """An sshd for the current user. `settings` are further lines for its settings, `path` is
    where its sessions find programs. What the user has set for shells does not count there.
    """

    def __init__(self, folder: Path, *settings: str, path: str = "") -> None:
        self.folder = folder
        programs = f" PATH={path}" if path else ""
        self.settings = (*settings, f"SetEnv HOME={folder}{programs}")
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        for key in ("host", "user"):
            make_key(folder / key)
        shutil.copy(folder / "user.pub", folder / "authorized_keys")
        self.know(self.port)

    def know(self, port: int) -> None:
        """The client's settings: it knows the host key, and calls this port."""
        kind, key = (self.folder / "host.pub").read_text().split()[:2]
        (self.folder / "known_hosts").write_text(f"paper.test {kind} {key}\n")
        (self.folder / "client").write_text(
            "Host paper.test\n  HostName 127.0.0.1\n  HostKeyAlias paper.test\n"
            f"  Port {port}\n  IdentityFile {self.folder}/user\n  IdentitiesOnly yes\n"
            f"  IdentityAgent none\n  UserKnownHostsFile {self.folder}/known_hosts\n"
            "  GlobalKnownHostsFile /dev/null\n"
        )

    @property
    def rsh(self) -> str:
        return f"ssh -F {self.folder}/client"

    def start(self) -> None:
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)
        lines = (
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {self.folder}/host\n"
            f"AuthorizedKeysFile {self.folder}/authorized_keys\nPidFile none\nUsePAM no\n"
            "StrictModes no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
            "PermitRootLogin prohibit-password\nMaxStartups 100\n"
        )
        file = self.folder / "sshd_config"
        file.write_text(lines + "".join(f"{line}\n" for line in self.settings))
        self._process = subprocess.Popen(
            [SSHD, "-f", str(file), "-D", "-E", str(self.folder / "log")]
        )
        wait_for(self.port)

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
        self._process = None


class SshHost:
    """What the common contract asks of a host."""

    def __init__(self, server: Server, top: Path) -> None:
        self.server = server
        self.top = top
        self.to = f"paper.test:{top}"
        self.environment = {"RSYNC_RSH": server.rsh}

    def make(self, pauses: Sequence[float] = PAUSES) -> Target:
        return SshTarget(self.address, pauses=pauses)

    @property
    def address(self) -> SshAddress:
        address = parse_ssh(self.to)
        assert isinstance(address, SshAddress)
        return address

    def files(self) -> dict[str, bytes]:
        return {p: data for p, data in self.everything().items() if p.split("/")[0] != OWN}

    def everything(self) -> dict[str, bytes]:
        """Folders too: their paths end with "/"."""
        found = {}
        for folder, folders, files in os.walk(self.top):
            inside = Path(folder)
            for name in folders:
                found[f"{(inside / name).relative_to(self.top)}/"] = b""
            for name in files:
                file = inside / name
                link = file.is_symlink()
                data = os.fsencode(file.readlink()) if link else file.read_bytes()
                found[str(file.relative_to(self.top))] = data
        return {p: data for p, data in found.items() if not p.endswith("/") or self._is_bare(p)}

    def _is_bare(self, path: str) -> bool:
        """Whether a folder is empty: one that holds something is seen by that."""
        return not any((self.top / path).iterdir())

    def put(self, path: str, data: bytes) -> None:
        file = self.top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    def remove(self, path: str) -> None:
        (self.top / path).unlink()


@contextmanager
def ssh_host(tmp: Path, *settings: str, path: str = "") -> Iterator[SshHost]:
    """A server and an empty folder at it; RSYNC_RSH leads there, as it does for editors."""
    need(SSHD, "rsync", "ssh-keygen")
    server = Server(tmp / "sshd", *settings, path=path)
    server.start()
    top = tmp / "www"
    top.mkdir()
    before = os.environ.get("RSYNC_RSH")
    os.environ["RSYNC_RSH"] = server.rsh
    try:
        yield SshHost(server, top)
    finally:
        server.stop()
        if before is None:
            del os.environ["RSYNC_RSH"]
        else:
            os.environ["RSYNC_RSH"] = before


def make_key(file: Path) -> None:
    for old in (file, file.with_suffix(".pub")):
        old.unlink(missing_ok=True)
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(file)], check=True, timeout=LONG
    )
