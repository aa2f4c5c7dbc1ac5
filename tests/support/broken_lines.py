"""Lines to a server that are slow, silent or cut."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from select import select
from threading import Event, Thread

from support.sites import LONG
from support.ssh_carrier import Carrier


class Proxy:
    """A line that breaks. `cuts` are the bytes after which each of the next lines is cut,
    `always` those of each further one; `delay` is in seconds, of each piece. So many bytes have
    `passed` all lines; nothing more passes where it is stopped.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.cuts: list[int] = []
        self.always = 1 << 60
        self.delay = 0.0
        self.cut_lines = 0
        self.passed = 0
        self.is_stopped = Event()
        self._last = self.always
        self._goes_on = Event()
        self._is_cut = Event()
        self._silent: list[socket.socket] = []
        self._threads: list[Thread] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self._start(self._accept)

    @property
    def own_port(self) -> int:
        return int(self._server.getsockname()[1])

    @property
    def lines(self) -> int:
        """How many there are."""
        return sum(thread.is_alive() for thread in self._threads[1:])

    def cut(self) -> None:
        """Cut each line that there is."""
        cut, self._is_cut = self._is_cut, Event()
        cut.set()

    def cut_for_us_alone(self) -> None:
        """As `cut`, but the server is not told."""
        self._silent.append(socket.socket())
        self.cut()

    def stop_after(self, count: int) -> None:
        """Stop when so many bytes more have passed, until it is to go on."""
        self.is_stopped.clear()
        self._goes_on.clear()
        self._last = self.passed + count

    def go_on(self) -> None:
        self._last = self.always
        self._goes_on.set()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self.cut()
        for thread in self._threads:
            thread.join(LONG)
        for end in (self._server, *self._silent):
            end.close()

    def _start(self, act: Callable[..., None], *values: object) -> None:
        thread = Thread(target=act, args=values)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._server.accept()
                far = socket.create_connection(("127.0.0.1", self.port))
                left = self.cuts.pop(0) if self.cuts else self.always
                self._start(self._carry, near, far, left, self._is_cut)

    def _carry(self, near: socket.socket, far: socket.socket, left: int, cut: Event) -> None:
        """Both ways, until one end is closed, the line is cut or all that is left has gone."""
        other = {near: far, far: near}
        with near, suppress(OSError):
            while left > 0 and not cut.is_set():
                for end in select(list(other), (), (), 0.05)[0]:
                    data = end.recv(1 << 14)
                    if not data:
                        far.close()
                        return
                    time.sleep(self.delay)
                    self._pass(len(data))
                    other[end].sendall(data[:left])
                    left -= len(data)
            self.cut_lines += 1
        if cut.is_set() and self._silent:
            self._silent.append(far)
        else:
            far.close()

    def _pass(self, count: int) -> None:
        self.passed += count
        if self.passed >= self._last:
            self.is_stopped.set()
            self._goes_on.wait(LONG)


@contextmanager
def proxied(carrier: Carrier) -> Iterator[Proxy]:
    """A line to the host that can be broken."""
    proxy = Proxy(carrier.host.server.port)
    carrier.host.server.know(proxy.own_port)
    try:
        yield proxy
    finally:
        carrier.host.server.know(carrier.host.server.port)
        proxy.close()
