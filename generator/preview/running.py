"""Run a server, bound to a port, until it is told to stop: in comes an application of ASGI."""

import asyncio
import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from generator.system import most_open_files, take_over_port

PORTS = 20
"""So many ports are tried, one after the other."""
MOST = 64
"""Connections that are held open, and no more than a quarter of the files that may be open."""
_AT_ONCE, _WAITING = 8, 128
"""Connections that the loop accepts before it looks how many there are; that may wait for it."""


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens at the first free port from `port` on.

    Raises OSError when the host is none of this machine's, or no port is free.
    """
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    for candidate in range(port, port + PORTS) if port else [0]:
        listener = socket.socket(family, socket.SOCK_STREAM)
        take_over_port(listener)
        try:
            listener.bind((host, candidate))
            listener.listen()
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE or candidate == port + PORTS - 1:
                raise
        else:
            return listener
    raise AssertionError("the last port either was bound or raised")


def address_of(listener: socket.socket) -> str:
    """Return the address to open in a browser on this machine."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 (that is what it was bound to, not what we bind)
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Connection(H11Protocol):
    """One of a bounded number: one on which nothing is under way makes room for another.

    Left open for ever they would take every file that the process may open, and with those
    what an editor saves.
    """

    since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.since = self.loop.time()
        if len(self.connections) > _most():
            idle = [one for one in self.connections if isinstance(one, Connection) and one.is_idle]
            one = min(idle, key=lambda one: one.since, default=self)
            self.connections.discard(one)
            one.transport.abort()

    def data_received(self, data: bytes) -> None:
        self.since = self.loop.time()
        super().data_received(data)

    @property
    def is_idle(self) -> bool:
        """Return whether no answer is under way, such as the events of a tab."""
        return self.cycle is None or self.cycle.response_complete


class Runner(uvicorn.Server):
    """uvicorn, quiet, and with its signals left to the one who runs it."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                access_log=False,
                backlog=_AT_ONCE,
                http=Connection,
                lifespan="off",
                log_level="critical",  # what goes wrong in the application, that says itself
                loop="asyncio",
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=1,
                ws="none",
            )
        )

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen. To asyncio one number is both how many may wait and come at once."""
        await super().startup(sockets)
        for listener in sockets or []:
            listener.listen(_WAITING)

    async def run_at(self, listener: socket.socket, stop: asyncio.Event) -> None:
        """Serve at a socket until the event is set."""
        asyncio.get_running_loop().set_exception_handler(_say_nothing)
        serving = asyncio.create_task(self.serve([listener]))
        await stop.wait()
        self.should_exit = True
        await serving


def _most() -> int:
    """Return how many connections may be open."""
    files = most_open_files()
    return MOST if files is None else min(MOST, files // 4)


def _say_nothing(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Pass over that a connection could not be accepted, for it is tried again."""
    error = context.get("exception")
    if not (isinstance(error, OSError) and error.errno in _SCARCE):
        loop.default_exception_handler(context)


_SCARCE = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
