"""A folder as the host of a site, nginx in front of it, and a plain deploy to it."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from urllib.request import pathname2url

from generator.deploy.targets.folder.target import FolderTarget
from generator.deploy.targets.target import OWN, Target, Upload
from generator.kinds import PageKind
from support.deploys import free_port, need, wait_for

_CONFIGURATION = """
daemon off;
worker_processes 2;
pid {place}/pid;
error_log {place}/errors;
{user}
events {{ worker_connections 256; }}
http {{
  access_log off;
  types {{ text/html html; text/css css; }}
  client_body_temp_path {place}/body;
  proxy_temp_path {place}/proxy;
  fastcgi_temp_path {place}/fastcgi;
  uwsgi_temp_path {place}/uwsgi;
  scgi_temp_path {place}/scgi;
  keepalive_timeout 60;
  keepalive_requests 1000000;
  {more}
  server {{ listen 127.0.0.1:{port}; root "{root}"; }}
}}
"""


class FolderHost:
    """The folder `www/a digest` in a temporary one."""

    def __init__(self, tmp: Path) -> None:
        self.path = tmp / "www" / "a digest"
        self.path.parent.mkdir(parents=True)
        self.to = f"file://{pathname2url(str(self.path))}"
        self.environment: dict[str, str] = {}

    def make(self) -> Target:
        return FolderTarget(self.path)

    def files(self) -> dict[str, bytes]:
        found = contents(self.path) if self.path.exists() else {}
        return {path: data for path, data in found.items() if not path.startswith(f"{OWN}/")}

    def everything(self) -> dict[str, bytes]:
        """All that stands there and beside it, folders too, and where links lead."""
        found = snapshot(self.path.parent)
        return {path: data.partition(b"\n")[2] for path, data in found.items()}

    def put(self, path: str, data: bytes) -> None:
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    def remove(self, path: str) -> None:
        (self.path / path).unlink()


@contextmanager
def folder_host(tmp: Path) -> Iterator[FolderHost]:
    yield FolderHost(tmp)


def contents(top: Path) -> dict[str, bytes]:
    """The files that a reader can get, by path."""
    files = (Path(folder, name) for folder, _, names in os.walk(top) for name in names)
    return {str(file.relative_to(top)): file.read_bytes() for file in files if file.is_file()}


def snapshot(top: Path) -> dict[str, bytes]:
    """Everything in a folder, times and kinds in a first line: equal only if none was touched."""
    found = {}
    for file in sorted(top.rglob("*")):
        status = file.lstat()
        data = os.fsencode(file.readlink()) if file.is_symlink() else b""
        if file.is_file() and not file.is_symlink():
            data = file.read_bytes()
        stamp = f"{status.st_mode} {status.st_mtime_ns} {status.st_ino}\n".encode()
        found[str(file.relative_to(top))] = stamp + data
    return found


def carry(site: Path, target: Target) -> None:
    """Deploy a folder, as simply as can be: send what is not there, delete what is too much."""
    wanted = contents(site)
    digests = {path: blake2b(data).hexdigest() for path, data in wanted.items()}
    with target.opened(), target.locked():
        listing = target.listing()
        old: dict[str, list[str]] = json.loads(target.manifest() or b"{}")
        same = {p for p in wanted if p in listing and old.get(p) == [digests[p], listing[p]]}
        new = {path: old[path] for path in same}

        def arrived(path: str, mark: str) -> None:
            new[path] = [digests[path], mark]

        target.keep(json.dumps(old | {path: ["", ""] for path in wanted}).encode())
        rest = sorted(wanted.keys() - same)
        upload = (Upload(p, site / p, len(wanted[p]), PageKind.PAGE, digests[p]) for p in rest)
        target.send(list(upload), arrived)
        target.delete(sorted(old.keys() - wanted.keys()))
        target.keep(json.dumps(new).encode())
        target.commit("a deploy of the tests")


@contextmanager
def nginx(root: Path, place: Path, more: str = "") -> Iterator[str]:
    """The address of a real nginx that serves the folder. Its own files go to `place`.

    `more` are further lines of its settings, of `http`.
    """
    (program,) = need("nginx")
    place.mkdir()
    port = free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    values = {"place": place, "port": port, "root": root, "user": user, "more": more}
    (place / "nginx.conf").write_text(_CONFIGURATION.format(**values))
    command = [program, "-p", str(place), "-c", str(place / "nginx.conf"), "-e", f"{place}/errors"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
