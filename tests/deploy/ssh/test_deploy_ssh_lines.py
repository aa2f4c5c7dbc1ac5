"""Deploys over ssh: one at a time, killed anywhere, and over broken lines."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from generator.deploy.targets.target import OWN, Target
from generator.errors import SiteError
from generator.system import IS_WINDOWS
from support.broken_lines import proxied
from support.sites import LONG, REPOSITORY
from support.ssh_carrier import Carrier, leave_lock, own_files, refusal, wait_until

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(IS_WINDOWS, reason="Windows has no means to deploy there"),
]


def test_one_deploy_at_a_time(carrier: Carrier) -> None:
    first, second = carrier.host.make(), carrier.host.make()
    with first.opened(), second.opened():
        with first.locked():
            message = refusal(lambda: second.locked().__enter__())
        with second.locked():
            pass
    assert "another deploy is at work there: " in message
    assert f"delete {carrier.host.top}/{OWN}/lock" in message
    assert own_files(carrier.host) == set()


@pytest.mark.parametrize("state", ["dead", "restarted", "empty"])
def test_the_lock_of_a_dead_deploy_is_taken_over(carrier: Carrier, state: str) -> None:
    leave_lock(carrier.host, state)
    (carrier.host.top / OWN / "tmp/partial").mkdir(parents=True)
    carrier.host.put(f"{OWN}/tmp/.index.html.x7Zk", b"half")
    carrier.carry({"a": b"a"})
    assert own_files(carrier.host) == {"manifest.json"}


@pytest.mark.parametrize("state", ["alive", "elsewhere"])
def test_a_lock_that_may_be_alive_is_let_be(carrier: Carrier, state: str) -> None:
    leave_lock(carrier.host, state)
    before = carrier.host.everything()
    assert "at work there: ann@paper, since 2026-06-15T12:00Z" in refusal(
        lambda: carrier.carry({"a": b"a"})
    )
    assert carrier.host.everything() == before


@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_what_is_no_lock_is_told_and_not_waited_for(carrier: Carrier, kind: str) -> None:
    own = carrier.host.top / OWN
    own.mkdir(parents=True, exist_ok=True)
    os.mkfifo(own / "lock") if kind == "pipe" else (own / "lock").mkdir()
    message = refusal(lambda: carrier.carry({"a": b"a"}))
    assert f"{own}/lock is no file, and the lock of a deploy belongs there; delete it" in message
    assert not (carrier.host.top / "a").exists()


@pytest.mark.parametrize("data", [bytes(range(256)), b"\xff" * 5000, b"word -1 x y z\n" * 99])
def test_a_lock_of_any_bytes_is_told_or_taken_over(carrier: Carrier, data: bytes) -> None:
    carrier.host.put(f"{OWN}/lock", data)
    try:
        carrier.carry({"a": b"a"})
    except SiteError as error:
        assert "another deploy is at work there" in str(error)


def test_a_dead_lock_goes_to_one_of_many(carrier: Carrier) -> None:
    """Many find the same dead lock at once: while one holds it, no other does."""
    leave_lock(carrier.host, "dead")
    log = carrier.host.top.parent / "held"
    log.touch()
    hold = child(carrier, "hold", str(log))
    with ExitStack() as all_of_them:
        children = [
            all_of_them.enter_context(subprocess.Popen(hold, stdin=subprocess.PIPE))
            for _ in range(6)
        ]
        wait_until(
            lambda: (
                sum(process.poll() is not None for process in children)
                + log.read_text().count("in")
                == len(children)
            )
        )
        assert log.read_text() == "in\n"
    assert log.read_text() == "in\nout\n"
    assert sorted(process.returncode for process in children) == [0, 1, 1, 1, 1, 1]


def test_nothing_outlives_a_deploy(carrier: Carrier) -> None:
    carrier.carry({"a": b"a"})
    rsh = carrier.host.server.rsh.split()[-1]
    wait_until(lambda: not [line for line in processes() if rsh in line])
    assert not list(Path(tempfile.gettempdir()).glob("broadsheet-*/s"))


KILLS = 24 if os.environ.get("BROADSHEET_LONG") else 4
"""How often a deploy is killed, each time a little later."""


def test_it_is_killed_wherever_it_is(carrier: Carrier) -> None:
    """Each file is always the old or the new one, whole; the next deploy finishes the work."""
    old = {f"{n % 7}/{n}/index.html": b"old %d " % n * 500 for n in range(150)}
    new = {path: data.replace(b"old", b"new!") * 2 for path, data in old.items()}
    carrier.host.put("foreign/x", b"foreign")
    carrier.carry(old)
    with proxied(carrier) as proxy:
        carrier.carry(old)
        least = proxy.passed  # more goes to and fro where the files are others
        carrier.upload(new)
        for number in range(KILLS):
            wait_until(lambda: proxy.lines == 0)  # those of the one before
            proxy.stop_after(least * number // KILLS)
            with subprocess.Popen(child(carrier, "carry"), start_new_session=True) as process:
                assert proxy.is_stopped.wait(LONG), "it ended before"
                process.kill()
            assert process.returncode == -signal.SIGKILL
            proxy.go_on()
            for path, data in carrier.host.files().items():
                assert data in (old.get(path), new.get(path), b"foreign"), path
            if number % 4 == 3:
                subprocess.run(child(carrier, "carry"), check=True, timeout=LONG)
                assert carrier.host.files() == new | {"foreign/x": b"foreign"}
                new, old = old, new
                carrier.upload(new)
        marks = carrier.carry(new)
    assert carrier.host.files() == new | {"foreign/x": b"foreign"}
    assert own_files(carrier.host) == {"manifest.json"}
    assert {p: mark for p, mark in carrier.listing().items() if p in marks} == marks


def test_a_killed_deploy_lets_go_at_once(carrier: Carrier) -> None:
    """Its rsync would have been at work for another minute, and kept the lock for as long."""
    carrier.upload({"film.bin": os.urandom(60 << 20)})
    with proxied(carrier) as proxy:
        proxy.delay = 0.01
        with subprocess.Popen(child(carrier, "carry")) as process:
            wait_until(lambda: any((carrier.host.top / OWN).glob("tmp/film*")))
            process.kill()
        carrier.host.server.know(carrier.host.server.port)
        carrier.carry({"a": b"a"})
    assert carrier.host.files() == {"a": b"a"}
    assert own_files(carrier.host) == {"manifest.json"}


def test_a_cut_line_is_taken_up_again(carrier: Carrier) -> None:
    seed = random.randrange(1 << 32)
    print("seed", seed)
    dice = random.Random(seed)
    files = {f"{n}.bin": dice.randbytes(90_000) for n in range(60)}
    with proxied(carrier) as proxy:
        for _ in range(2):
            proxy.cuts = [dice.randrange(3_000, 5_000_000) for _ in range(3)]
            marks = carrier.carry(files)
            assert proxy.cut_lines > 0
            assert carrier.host.files() == files
            assert carrier.listing() == marks
            assert own_files(carrier.host) == {"manifest.json"}
            carrier.delete(*files)


def test_a_slow_line(carrier: Carrier) -> None:
    files = {f"{n}.html": b"%d" % n * 1000 for n in range(30)}
    with proxied(carrier) as proxy:
        proxy.delay = 0.03
        carrier.carry(files)
    assert carrier.host.files() == files


def test_a_line_that_is_always_cut_is_given_up(carrier: Carrier) -> None:
    files = {"a.bin": os.urandom(4_000_000)}
    with proxied(carrier) as proxy:
        proxy.always = 200_000
        message = refusal(lambda: carrier.carry(files, (0.05, 0.05)))
    assert "the connection is cut again and again" in message
    assert "deploy again later: it goes on from where it stood" in message
    assert carrier.host.files() == {}
    carrier.carry(files)
    assert carrier.host.files() == files


def test_a_large_file_comes_in_parts(carrier: Carrier) -> None:
    """No line lasts for all of it: each goes on where the one before ended."""
    files = {"film.bin": os.urandom(6_000_000)}
    with proxied(carrier) as proxy:
        proxy.always = 2_500_000
        carrier.carry(files)
        assert proxy.cut_lines >= 2
    assert carrier.host.files() == files


@pytest.mark.parametrize("is_at_work", [True, False])
def test_while_a_line_is_cut_another_deploy_comes(carrier: Carrier, is_at_work: bool) -> None:
    upload = carrier.upload({"a": b"ours"})
    target, other = carrier.host.make((8.0,)), carrier.host.make()
    with proxied(carrier) as proxy, target.opened():
        carrier.host.server.know(carrier.host.server.port)  # the other one's line is a good one
        with target.locked():
            target.manifest()
            target.keep(b"ours")
            proxy.cut()
            with other.opened(), wait_for_lock(other):
                other.keep(b"theirs")
                if is_at_work:
                    message = refusal(lambda: target.send(upload, lambda path, mark: None))
            if not is_at_work:
                message = refusal(lambda: target.send(upload, lambda path, mark: None))
    expected = "is at work there" if is_at_work else "while the connection was cut"
    assert f"another deploy {'was at work there ' if not is_at_work else ''}{expected}" in message
    assert carrier.host.files() == {}


def test_a_silent_line_is_taken_up_under_the_same_lock(carrier: Carrier) -> None:
    """The server has not noticed that the line is gone, and still keeps the lock for it."""
    with proxied(carrier) as proxy:
        target = carrier.host.make()
        upload = carrier.upload({"a": b"a"})
        with target.opened(), target.locked():
            target.manifest()
            proxy.cut_for_us_alone()
            target.send(upload, lambda path, mark: None)
            assert carrier.host.files() == {"a": b"a"}
            assert "lock" in own_files(carrier.host)
    assert own_files(carrier.host) == set()


def processes() -> list[str]:
    shown = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return shown.stdout.splitlines()


@contextmanager
def wait_for_lock(target: Target) -> Iterator[None]:
    """Hold a lock as soon as it is free."""
    end = time.monotonic() + LONG
    while True:
        try:
            with target.locked():
                yield
                return
        except SiteError:
            if time.monotonic() > end:
                raise


PROGRAM = REPOSITORY / "tests/support/ssh_deploys.py"


def child(carrier: Carrier, act: str, *more: str) -> list[str]:
    """The command of a process that holds the lock, or carries all that is built."""
    folders = carrier.host.to, str(carrier.public)
    return [sys.executable, str(PROGRAM), act, *folders, *more]
