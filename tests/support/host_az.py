"""A container on Azurite, Microsoft's server for tests, which checks signatures."""

import base64
import hashlib
import hmac
import http.client
import itertools
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

from lxml import etree

from generator.deploy.targets.store.lock import Pace
from generator.deploy.targets.store.target import StoreTarget
from support.deploys import free_port, need, readable, wait_for
from support.sites import LONG

ACCOUNT, FOLDER = "paper", "news/today"
KEY = base64.b64encode(b"the secret of the paper").decode()
ALL, READ_ONLY = "rwdlac", "rl"
"""Rights, by their first letters: read, write, delete, list, add, create."""
_VERSION = "2019-12-12"
_PACE = Pace()


class AzureServer:
    """The server, with one account."""

    def __init__(self, port: int) -> None:
        self.endpoint = f"http://127.0.0.1:{port}/{ACCOUNT}"
        self._port = port
        self._rights = signature(ALL)
        self._count = itertools.count(1)

    def container(self) -> str:
        """A new one."""
        name = f"container-{next(self._count)}"
        self.ask("PUT", name, restype="container")
        return name

    def ask(
        self, method: str, path: str, body: bytes = b"", **query: str
    ) -> tuple[http.client.HTTPMessage, bytes]:
        """What the server answers to somebody who may do anything: headers and body."""
        url = f"/{ACCOUNT}/{quote(path)}?{urlencode(query)}&{self._rights}"
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=LONG)
        try:
            kind = {"x-ms-blob-type": "BlockBlob"} if body else {}
            connection.request(method, url, body, {"x-ms-version": _VERSION} | kind)
            answer = connection.getresponse()
            data = answer.read()
            assert answer.status < 300, (method, path, answer.status, data)
            return answer.headers, data
        finally:
            connection.close()


def signature(rights: str) -> str:
    """A query that gives whoever sends it these rights, for a day: an account's shared access
    signature, as https://learn.microsoft.com/rest/api/storageservices/create-account-sas has it.
    """
    end = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    lines = (ACCOUNT, rights, "b", "sco", "", end, "", "", _VERSION, "")
    signed = hmac.digest(base64.b64decode(KEY), "\n".join(lines).encode(), hashlib.sha256)
    fields = {"sv": _VERSION, "ss": "b", "srt": "sco", "sp": rights, "se": end}
    return urlencode(fields | {"sig": base64.b64encode(signed).decode()})


class AzureHost:
    """A folder in a container."""

    def __init__(self, server: AzureServer) -> None:
        self.server = server
        self.container = server.container()
        self.to = f"az://{self.container}/{FOLDER}"
        self.endpoint = server.endpoint
        self.settings = f'endpoint = "{self.endpoint}"\n'
        self.environment = NOBODY | {
            "AZURE_STORAGE_ACCOUNT_NAME": ACCOUNT,
            "AZURE_STORAGE_ACCOUNT_KEY": KEY,
        }

    def make(self, pace: Pace = _PACE) -> StoreTarget:
        return StoreTarget(self.to, self.endpoint, pace=pace)

    def files(self) -> dict[str, bytes]:
        return readable(self.everything(), FOLDER)

    def everything(self) -> dict[str, bytes]:
        _, listed = self.server.ask("GET", self.container, restype="container", comp="list")
        found = etree.fromstring(listed)
        assert not found.findtext("NextMarker")
        names = [str(name.text) for name in found.iterfind("Blobs/Blob/Name")]
        return {name: self.server.ask("GET", f"{self.container}/{name}")[1] for name in names}

    def head(self, path: str) -> http.client.HTTPMessage:
        """What the server says of a file."""
        return self.server.ask("GET", self._at(path))[0]

    def put(self, path: str, data: bytes) -> None:
        self.server.ask("PUT", self._at(path), data)

    def remove(self, path: str) -> None:
        self.server.ask("DELETE", self._at(path))

    def _at(self, path: str) -> str:
        return f"{self.container}/{FOLDER}/{path}"


NOBODY = {name: "" for name in os.environ if name.startswith("AZURE_")}
"""No credentials but those of the test."""


@contextmanager
def azure_server(tmp: Path) -> Iterator[AzureServer]:
    """Azurite, in a folder of its own. It is told to call nobody."""
    (program,) = need("azurite-blob")
    port = free_port()
    where = "--blobPort", str(port), "--location", str(tmp), "--disableProductStyleUrl"
    process = subprocess.Popen(
        [program, *where, "--silent", "--disableTelemetry"],
        env=os.environ | {"AZURITE_ACCOUNTS": f"{ACCOUNT}:{KEY}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(port)
        yield AzureServer(port)
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # node from PyPI has a process in front of it
        process.wait()
