"""Ctrl-C ends the preview, whatever its threads are busy with."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from generator.workers import Apart, pool
from support.preview_process import Preview, eventually, previewed
from support.sites import SmallSite

pytestmark = pytest.mark.long

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


COMMANDS = [
    ("--help",),
    ("deploy", "--help"),
    ("--version",),
    ("build", "--json"),
    ("status",),
    ("status", "--json"),
    ("related", "--orphans"),
    ("related", "--orphans", "--json"),
    ("new", "A Story"),
]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
@pytest.mark.parametrize("typed", COMMANDS, ids=" ".join)
def test_output_that_cannot_be_written(built: SmallSite, typed: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "generator", *typed],
            cwd=built.root,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    said = done.stderr.splitlines()
    assert said == ["Error: The output could not be written: No space left on device."]


def test_ctrl_c_among_the_first_imports_needs_no_words() -> None:
    program = """
import os, runpy, signal, sys
class Interrupting:
    def find_spec(self, name, path, target=None):
        if name == "generator.console":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
runpy.run_module("generator", run_name="__main__", alter_sys=True)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, b"", b"")


def is_deaf_to_ctrl_c() -> bool:
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals cannot be blocked")
def test_workers_never_hear_ctrl_c_and_who_has_started_them_does() -> None:
    apart = Apart()
    with pool(2) as executor:
        assert executor.submit(is_deaf_to_ctrl_c).result(SOON)
        assert apart.call(SOON, is_deaf_to_ctrl_c)
    apart.end()
    assert not is_deaf_to_ctrl_c()
