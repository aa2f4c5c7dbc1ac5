"""Ctrl-C ends the preview, whatever its threads are busy with."""

import os
import signal
import socket
from contextlib import closing

import pytest
from conftest import SmallSite
from previewing import Preview, eventually, previewed

SOON = 60
"""Seconds: the work that is cut off here takes many times as long."""
IN_ONE_STEP = "{{ (site.title|length) ** 300_000_000 }}"
"""All other threads wait for it: no other step of Python can be taken."""
IN_MANY_STEPS = "{% for a in range(10**9) %}{% for b in range(10**9) %}{% endfor %}{% endfor %}"


def ask(preview: Preview, path: str) -> socket.socket:
    """Send a request whose answer is not waited for."""
    connection = socket.create_connection((preview.host, preview.port))
    host = f"Host: {preview.host}:{preview.port}"
    connection.sendall(f"GET {path} HTTP/1.1\r\n{host}\r\n\r\n".encode())
    return connection


def is_deaf(preview: Preview) -> bool:
    """Whether it does not even answer what it has ready."""
    with closing(ask(preview, "/@preview/preview.js")) as connection:
        connection.settimeout(1)
        try:
            return not connection.recv(1)
        except TimeoutError:
            return True


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the guard is forked")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_preview_that_hears_no_signal_is_ended_by_it(site: SmallSite, number: int) -> None:
    site.write({"layouts/front.html": IN_ONE_STEP})
    with previewed(site.root) as preview, closing(ask(preview, "/")):
        eventually(lambda: is_deaf(preview))
        os.kill(preview.process.pid, number)
        assert preview.process.wait(SOON) == -signal.SIGKILL
        assert not any("Traceback" in line for line in preview.lines)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_work_without_an_end_is_not_waited_for(site: SmallSite, number: int) -> None:
    site.write({"layouts/front.html": IN_MANY_STEPS})
    with previewed(site.root) as preview, closing(ask(preview, "/")):
        os.kill(preview.process.pid, number)
        assert preview.process.wait(SOON) == 0
        assert not any("Traceback" in line for line in preview.lines)


def test_the_guard_ends_with_what_it_guards(site: SmallSite) -> None:
    with previewed(site.root) as preview:
        preview.process.kill()
        preview.process.wait()
        assert preview.process.stdout
        eventually(lambda: preview.ended)  # nobody holds the other end of its output any more
