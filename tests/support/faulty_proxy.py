"""A proxy in front of a real server that fails as networks and hosts do."""

import http.client
import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Literal

from support.loopback import Loopback, Request, at_work
from support.sites import LONG

Mischief = Literal["", "500", "503", "cut before", "cut after", "slow"]
"""`cut before` the host has seen the request; `cut after` it did as asked, unheard."""
Choice = Callable[[str, str], Mischief]
"""What goes wrong with a request of that method and path."""


class Proxy(Loopback):
    """Passes requests on, but for those of which something else is chosen.

    `done` are the method and path of each request, and what went wrong with it. `pause` is what
    a slow one takes, in seconds. What is asked on a condition is refused unless it `knows` any,
    as by hosts that never learned of them.
    """

    def __init__(self, upstream: str, choose: Choice) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = upstream
        self.choose = choose
        self.pause = 0.5
        self.knows = True
        self.done: list[tuple[str, str, Mischief]] = []


class _Handler(Request):
    server: Proxy

    def _pass_on(self) -> None:
        body = self.body()
        mischief = self.server.choose(self.command, self.path)
        self.server.done.append((self.command, self.path, mischief))
        if not self.server.knows and any(name.lower().startswith("if-") for name in self.headers):
            self.say(501, {}, b"<Error><Code>NotImplemented</Code></Error>")
            return
        if mischief == "slow":
            time.sleep(self.server.pause)
        if mischief in ("500", "503"):
            self.say(int(mischief), {}, b"<Error><Code>InternalError</Code></Error>")
            return
        if mischief != "cut before":
            answer, data = self._ask(body)
        if mischief.startswith("cut"):
            self.close_connection = True
            return
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "content-length", "transfer-encoding"):
                self.send_header(name, value)
        length = answer.getheader("Content-Length", "0") if self.command == "HEAD" else len(data)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(data)

    def _ask(self, body: bytes) -> tuple[http.client.HTTPResponse, bytes]:
        host = self.server.upstream.removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=LONG)
        try:
            headers = dict(self.headers.items())
            connection.request(self.command, self.path, body=body or None, headers=headers)
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _pass_on  # noqa: N815


def faulty(upstream: str, choose: Choice) -> AbstractContextManager[Proxy]:
    return at_work(Proxy(upstream, choose))


def at_random(seed: int, share: float) -> Choice:
    """Something goes wrong with that share of the requests."""
    chance = random.Random(seed)
    kinds: tuple[Mischief, ...] = ("500", "503", "cut before", "cut after", "slow")
    return lambda method, path: chance.choice(kinds) if chance.random() < share else ""
