"""A server bound to a port and run until it is told to stop."""

import asyncio
import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

PORTS = 20
"""So many ports are tried, one after the other."""


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens at the first free port from `port` on.

    Raises OSError when the host is none of this machine's, or no port is free.
    """
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    for candidate in range(port, port + PORTS) if port else [0]:
        listener = socket.socket(family, socket.SOCK_STREAM)
        if os.name == "posix":  # elsewhere it would let two servers have one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
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
    """The address to open in a browser on this machine."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 (that is what it was bound to, not what we bind)
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Runner(uvicorn.Server):
    """uvicorn, quiet, and with its signals left to the one who runs it."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                access_log=False,
                http="h11",
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

    async def run_at(self, listener: socket.socket, stop: asyncio.Event) -> None:
        """Serve at a socket until the event is set."""
        serving = asyncio.create_task(self.serve([listener]))
        await stop.wait()
        self.should_exit = True
        await serving
