"""The real `broadsheet serve` in a process of its own, and raw requests to it."""

import queue
import re
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPResponse
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple
from urllib.parse import quote

from support.sites import LONG, NOW, running


class Response(NamedTuple):
    """What a server sent. The names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Preview:
    """A running preview: its address, the lines it has printed."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.lines: list[str] = []
        self.ended = False
        self._new: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()
        found = re.search(r"http://([^:/]+|\[.*\]):(\d+)(/\S*)", self.line("Serving at "))
        assert found, self.lines
        self.host, self.port, self.base = found[1].strip("[]"), int(found[2]), found[3]
        self.address = f"http://{found[1]}:{self.port}"

    def line(self, text: str, seconds: float = LONG) -> str:
        """The next line that holds a text; it fails when the process ends without one."""
        until = monotonic() + seconds
        while True:
            try:
                line = self._new.get(timeout=max(0.0, until - monotonic()))
            except queue.Empty:
                raise AssertionError(f'no line "{text}" among {self.lines}') from None
            assert line is not None, f"it ended: {self.lines}"
            if text in line:
                return line

    def get(self, path: str, method: str = "GET", **headers: str | None) -> Response:
        """A request whose path is sent as it stands. Headers are named with "_" for "-"."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        fields = {"Host": f"{self.host}:{self.port}", "Connection": "close"} | named
        lines = [f"{method} {path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in fields.items() if value is not None]
        return self.send("\r\n".join([*lines, "", ""]).encode("latin-1"), method)

    def send(self, request: bytes, method: str = "GET") -> Response:
        with socket.create_connection((self.host, self.port), timeout=LONG) as connection:
            connection.sendall(request)
            response = HTTPResponse(connection, method=method)
            response.begin()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Response(response.status, headers, response.read())

    def _read(self) -> None:
        assert self.process.stdout is not None
        with suppress(ValueError):  # it is closed as soon as the process has ended
            for line in self.process.stdout:
                self.lines.append(line.rstrip("\n"))
                self._new.put(line)
        self.ended = True
        self._new.put(None)


@contextmanager
def previewed(root: Path, *arguments: str, at: str | None = NOW.isoformat()) -> Iterator[Preview]:
    """The preview of a site, at a port of its own, of which nothing outlives the block."""
    moment = ["--at", at] if at else []
    serve = "serve", "--port", "0", *moment, *arguments
    with running(root, *serve, errors=subprocess.STDOUT) as process:
        yield Preview(process)


def eventually(what: Callable[[], object], seconds: float = LONG) -> None:
    """Wait until something is true."""
    until = monotonic() + seconds
    while not what():
        assert monotonic() < until, what
        sleep(0.02)


SCRIPT = re.compile(rb'<script defer src="/@preview/preview.js" data-page="\w*"></script>')


def without_script(page: bytes) -> bytes:
    """A page without the one thing that the preview adds."""
    bare, count = SCRIPT.subn(b"", page)
    assert count == 1
    return bare


def assert_shows(preview: Preview, built: dict[str, bytes], seconds: float = LONG) -> None:
    """Each file of a build is answered as it is, as soon as all is taken over."""
    until = monotonic() + seconds
    for path, data in built.items():
        if path.endswith("/") or path == ".broadsheet":
            continue
        while (shown := _bare(preview, path)) != data and monotonic() < until:
            sleep(0.1)
        assert shown.splitlines() == data.splitlines(), path


def _bare(preview: Preview, path: str) -> bytes:
    """What is answered for an output path, without what the preview adds."""
    return SCRIPT.sub(b"", preview.get(f"/{quote(path)}").body)
