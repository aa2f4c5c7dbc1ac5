"""Web servers on loopback, a thread for each request: what all that tests put up have in common."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar


class Loopback(ThreadingHTTPServer):
    """A server that takes whoever comes at once, and waits for none of them in the end."""

    daemon_threads = True
    request_queue_size = 128

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Request(BaseHTTPRequestHandler):
    """A request, of which nothing is said on standard error."""

    protocol_version = "HTTP/1.1"

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def say(self, status: int, headers: Mapping[str, str], data: bytes) -> None:
        """Answer. The length is that of the data, unless the headers name another."""
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(data))} | dict(headers)).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        try:
            self.wfile.write(data)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


Some = TypeVar("Some", bound=Loopback)


@contextmanager
def at_work(server: Some) -> Iterator[Some]:
    """The server, answering for the time of the block."""
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
