"""Carrying to a folder at a server of Debian's openssh-server, over real and broken lines."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import msgspec
import pytest

from generator.deploy.manifest import Entry, Manifest, decoded, encoded
from generator.deploy.targets.ssh.address import SshAddress, is_ssh, parse_ssh
from generator.deploy.targets.ssh.marks import coarse, is_fine
from generator.deploy.targets.ssh.target import SshTarget
from generator.deploy.targets.target import OWN, Target
from generator.errors import Problem, SiteError
from generator.kinds import PageKind
from generator.system import IS_WINDOWS
from support.broken_lines import proxied
from support.deploys import free_port, need
from support.host_ssh import make_key, ssh_host
from support.sites import LONG, REPOSITORY
from support.ssh_carrier import (
    ODD,
    Carrier,
    carrying,
    exact_marks,
    leave_lock,
    manifest_of,
    own_files,
    programs_without_find,
    refusal,
    wait_until,
)

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(IS_WINDOWS, reason="Windows has no means to deploy there"),
]


@pytest.fixture
def carrier(tmp_path: Path) -> Iterator[Carrier]:
    with ssh_host(tmp_path) as host:
        yield Carrier(tmp_path, host)


def look(carrier: Carrier) -> None:
    """What a deploy does before it plans."""
    target = carrier.host.make()
    with target.opened():
        target.manifest()
        target.listing()


def refused_opening(target: Target) -> str:
    def act() -> None:
        with target.opened():
            pass

    return refusal(act)


@pytest.mark.parametrize(
    ("to", "address"),
    [
        ("ed@host.example:/var/www", SshAddress("host.example", "/var/www", "ed")),
        ("host:/var/www/", SshAddress("host", "/var/www")),
        ("host:www/news", SshAddress("host", "./www/news")),
        ("host:~/www", SshAddress("host", "./www")),
        ("host:-www", SshAddress("host", "./-www")),
        ("ed@host:/a:b c#d?", SshAddress("host", "/a:b c#d?", "ed")),
        ("[::1]:/www", SshAddress("::1", "/www")),
        ("ssh://ed@host:2222/var/my%20www", SshAddress("host", "/var/my www", "ed", 2222)),
        ("ssh://host/~/www", SshAddress("host", "./www")),
        ("ssh://ed@[::1]:22/www", SshAddress("::1", "/www", "ed", 22)),
        ("host:/var//www/./news", SshAddress("host", "/var/www/news")),
    ],
)
def test_an_address_at_a_server(to: str, address: SshAddress) -> None:
    assert is_ssh(to)
    assert parse_ssh(to) == address
    assert parse_ssh(str(address)) == address


@pytest.mark.parametrize(
    "to",
    [
        "s3://bucket/x",
        "git+ssh://git@host/x#pages",
        "file:///srv",
        "C:\\www",
        "C:/www",
        "/a:b",
        "x",
    ],
)
def test_what_is_no_address_at_a_server(to: str) -> None:
    assert not is_ssh(to)
    assert isinstance(parse_ssh(to), Problem)


@pytest.mark.parametrize(
    ("to", "what"),
    [
        ("host:", "names no folder"),
        ("host:/", "names no folder"),
        ("host:~", "names no folder"),
        ("ssh://host", "names no folder"),
        ("host:/www/../etc", "has no place"),
        ("host:~ann/www", "home of another user"),
        ("host::module/www", "rsync's own"),
        ("-oProxyCommand=x:/www", "no host"),
        ("-oProxyCommand=x@host:/www", "no user"),
        ("ssh://-oProxyCommand=x/www", "no host"),
        ("ssh://host:99999/www", "no address"),
        ("host:/w\nw", "control character"),
        ("ssh://host/w%0Aw", "control character"),
        ("ssh://ed:geheim@host/www", "password has no place"),
    ],
)
def test_an_address_that_is_refused(to: str, what: str) -> None:
    problem = parse_ssh(to)
    assert isinstance(problem, Problem)
    assert what in str(problem)
    assert "geheim" not in str(problem)


def test_what_is_sent_is_there_with_its_marks(carrier: Carrier) -> None:
    files = {path: path.encode() * 3 for path in ODD} | {"empty": b"", "big": os.urandom(3 << 20)}
    carrier.host.put("foreign/x", b"foreign")
    marks = carrier.carry(files)
    assert carrier.host.files() == files | {"foreign/x": b"foreign"}
    listing = carrier.listing()
    assert listing == marks | {"foreign/x": listing["foreign/x"]}
    assert own_files(carrier.host) == {"manifest.json"}
    carrier.delete(*files, "not/there")
    assert carrier.host.files() == {"foreign/x": b"foreign"}


@pytest.mark.parametrize("shell", ["dash", "bash", "busybox"])
def test_any_shell_will_do_there(tmp_path: Path, shell: str) -> None:
    need(shell)
    programs = tmp_path / "bin"
    programs.mkdir()
    of_busybox = [
        "cat",
        "rm",
        "rmdir",
        "mkdir",
        "mv",
        "kill",
        "uname",
        "date",
        "sleep",
        "ls",
        "cut",
        "head",
        "find",
        "touch",
        *(["stat"] if shell == "busybox" else []),
    ]
    for name in ["sh", *(of_busybox if shell == "busybox" else [])]:
        (programs / name).symlink_to(str(shutil.which(shell)))
    (programs / "rsync").symlink_to(str(shutil.which("rsync")))
    for name in () if shell == "busybox" else of_busybox:
        (programs / name).symlink_to(str(shutil.which(name)))
    with carrying(tmp_path, path=str(programs)) as carrier:
        files = {path: path.encode() for path in ODD}
        carrier.carry(files)
        leave_lock(carrier.host, "dead")
        marks = carrier.carry(files | {"more": b"more"})
        listing = carrier.listing()
        assert listing == marks
        assert listing == exact_marks(carrier.host)
        carrier.delete(*ODD)
        assert carrier.host.files() == {"more": b"more"}


@pytest.mark.parametrize("name", ["w w*[x]?'\"$HOME é\\b/-n", "back\\slash", "~x", "a:b"])
def test_an_odd_folder(carrier: Carrier, name: str) -> None:
    odd = carrier.host.top / name
    carrier.host.top = odd
    carrier.host.to = f"paper.test:{odd}"
    files = dict.fromkeys(ODD, b"x")
    marks = carrier.carry(files)  # its folders are made
    assert carrier.host.files() == files
    assert carrier.listing() == marks


def test_looking_changes_nothing(carrier: Carrier) -> None:
    carrier.carry({"a/index.html": b"a"})
    before = snapshot(carrier.host.top)
    target = carrier.host.make()
    with target.opened():
        assert list(target.listing()) == ["a/index.html"]
        assert target.manifest() == manifest_of(["a/index.html"])
    assert snapshot(carrier.host.top) == before


def test_looking_makes_no_folder(carrier: Carrier) -> None:
    carrier.host.top.rmdir()
    target = carrier.host.make()
    with target.opened():
        assert target.listing() == {}
        assert target.manifest() is None
    assert not carrier.host.top.exists()
    with target.opened(), target.locked():
        pass
    assert not carrier.host.top.exists()  # nothing came, nothing stays


def test_what_somebody_changes_has_another_mark(carrier: Carrier) -> None:
    marks = carrier.carry({"a": b"one", "b": b"one", "c": b"one", "d": b"one"})
    carrier.host.put("a", b"three")
    os.utime(carrier.host.top / "b", (1, 1))
    (carrier.host.top / "c").unlink()
    (carrier.host.top / "c").symlink_to("d")
    after = carrier.listing()
    assert {path for path in marks if after[path] != marks[path]} == {"a", "b", "c"}


def test_a_change_within_a_second_is_seen(carrier: Carrier) -> None:
    """The size and the second stay: somebody who repairs a word at the server is quick."""
    marks = carrier.carry({"a": b"one", "b": b"one"})
    file = carrier.host.top / "a"
    moment = file.stat().st_mtime_ns
    carrier.host.put("a", b"two")
    nearby = moment + (1 if moment % 10**9 < 10**9 - 1 else -1)
    os.utime(file, ns=(nearby, nearby))
    after = carrier.listing()
    assert after["a"] != marks["a"]
    assert after["b"] == marks["b"]


@pytest.mark.parametrize("is_exact_now", [True, False])
def test_marks_of_another_exactness_are_taken_over(tmp_path: Path, is_exact_now: bool) -> None:
    """Of earlier editions, or since the server's programs changed: nothing is sent again for
    that, and what somebody has touched is still told from what nobody has.
    """
    programs = programs_without_find(tmp_path / "bin")
    with carrying(tmp_path, path="" if is_exact_now else str(programs)) as carrier:
        carrier.carry({"a": b"a", "b": b"b", "c": b"c"})
        exact = exact_marks(carrier.host)
        marks = {path: coarse(mark) for path, mark in exact.items()} if is_exact_now else exact
        entries = {path: Entry("", PageKind.FILE, mark) for path, mark in marks.items()}
        target = carrier.host.make()
        with target.opened(), target.locked():
            target.keep(encoded(Manifest(entries)))
        os.utime(carrier.host.top / "b", (1, 1))
        (carrier.host.top / "c").unlink()
        before = carrier.host.everything()
        with target.opened():
            kept, listing = target.manifest(), target.listing()
        assert carrier.host.everything() == before
    assert kept
    manifest = decoded(kept)
    assert manifest
    assert all(is_fine(mark) == is_exact_now for mark in listing.values())
    assert manifest.files["a"].mark == listing["a"]
    assert manifest.files["b"].mark == marks["b"] != listing["b"]
    assert manifest.files["c"].mark == marks["c"]


def test_a_manifest_of_an_earlier_edition_is_healed(carrier: Carrier) -> None:
    """By the next deploy that sends something; until then it is taken for what it means."""
    carrier.carry({"a": b"a"})
    old = {p: Entry("", PageKind.FILE, coarse(m)) for p, m in exact_marks(carrier.host).items()}
    target = carrier.host.make()
    with target.opened(), target.locked():
        target.keep(encoded(Manifest(old)))
    for _ in range(2):
        with target.opened(), target.locked():
            healed = target.manifest()
            assert healed
            target.keep(healed)
    stored = decoded((carrier.host.top / OWN / "manifest.json").read_bytes())
    assert stored
    assert {p: e.mark for p, e in stored.files.items()} == exact_marks(carrier.host)


def test_without_find_the_listing_is_that_of_rsync(tmp_path: Path) -> None:
    with carrying(tmp_path, path=str(programs_without_find(tmp_path / "bin"))) as carrier:
        files = {path: path.encode() for path in ODD}
        marks = carrier.carry(files)
        assert carrier.host.files() == files
        assert carrier.listing() == marks
        assert marks == {path: coarse(m) for path, m in exact_marks(carrier.host).items()}


def test_a_listing_that_fails_is_no_empty_one(tmp_path: Path) -> None:
    """Else all would be sent again, and nothing be known to be there."""
    programs = programs_without_find(tmp_path / "bin")
    find = programs / "find"
    find.write_text(
        "#!/bin/sh\ncase $* in '/ '*) echo 1.0000000000 ;;"
        " *) echo 'find: reading .: Input/output error' >&2; exit 1 ;; esac\n"
    )
    find.chmod(0o755)
    with carrying(tmp_path, path=str(programs)) as carrier:
        message = refusal(carrier.listing)
    assert "find failed with code 1: find: reading .: Input/output error" in message


def test_a_piece_is_one_run_of_rsync(tmp_path: Path) -> None:
    """Each run and each session costs as much as a hundred files."""
    programs = tmp_path / "bin"
    programs.mkdir()
    log = tmp_path / "runs"
    (programs / "rsync").write_text(
        f'#!/bin/sh\n[ "$1" = --version ] || echo >>{log}\nexec {shutil.which("rsync")} "$@"\n'
    )
    (programs / "rsync").chmod(0o755)
    with carrying(tmp_path, path=f"{programs}:{os.environ['PATH']}") as carrier:
        files = {f"{n}/index.html": b"%d" % n for n in range(2500)}
        carrier.carry(files)
        assert carrier.host.files() == files
        # the manifest is looked for and kept, all files are sent at once; what is kept already
        # is not kept again
        assert len(log.read_text().splitlines()) == 3


def test_a_site_can_be_read_by_a_web_server(tmp_path: Path) -> None:
    with carrying(tmp_path, 'ForceCommand umask 077; sh -c "$SSH_ORIGINAL_COMMAND"') as carrier:
        upload = carrier.upload({"a/b": b"x"})
        (carrier.public / "a/b").chmod(0o600)
        (carrier.public / "a").chmod(0o700)
        for mode, folder, file in [
            (0o755, 0o755, 0o644),
            (0o711, 0o755, 0o644),
            (0o2775, 0o2775, 0o664),
            (0o700, 0o700, 0o600),
        ]:
            carrier.host.top.chmod(mode)
            target = carrier.host.make()
            with target.opened(), target.locked():
                target.send(upload, lambda path, mark: None)
                own = mode_of(carrier.host.top / OWN)
            assert own & 0o7 == 0
            assert mode_of(carrier.host.top / "a") == folder
            assert mode_of(carrier.host.top / "a/b") == file
            carrier.delete("a/b")
        carrier.host.top.rmdir()
        carrier.carry({"a/b": b"x"})
        assert mode_of(carrier.host.top) == 0o755
        assert mode_of(carrier.host.top / "a/b") == 0o644


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
        for number in range(24):
            wait_until(lambda: proxy.lines == 0)  # those of the one before
            proxy.stop_after(least * number // 24)
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


def test_no_such_host(carrier: Carrier) -> None:
    target = SshTarget(SshAddress("nowhere.invalid", "/srv/www"))
    assert refused_opening(target) == (
        "nowhere.invalid:/srv/www: there is no such host;"
        " look at its name in site.toml and in ssh's settings"
    )


def test_nothing_listens(carrier: Carrier) -> None:
    carrier.host.server.know(free_port())
    assert "nothing listens at the server's port" in refused_opening(carrier.host.make())


def test_an_unknown_host_key(carrier: Carrier) -> None:
    (carrier.host.server.folder / "known_hosts").write_text("")
    message = refused_opening(carrier.host.make())
    assert "the host key of the server is not known here; log in once by hand" in message


def test_another_host_key(carrier: Carrier) -> None:
    server = carrier.host.server
    server.stop()
    make_key(server.folder / "host")
    server.start()
    message = refused_opening(carrier.host.make())
    assert "the host key of the server is another one than before" in message


def test_a_wrong_key(carrier: Carrier) -> None:
    make_key(carrier.host.server.folder / "user")
    message = refused_opening(carrier.host.make())
    assert "the server lets nobody in with the keys it was offered" in message


def test_a_settings_file_that_is_missing(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RSYNC_RSH", "ssh -F /nowhere/config")
    assert "ssh cannot read its settings" in refused_opening(carrier.host.make())
    monkeypatch.setenv("RSYNC_RSH", "ssh -F '")
    assert "RSYNC_RSH holds no command" in refused_opening(carrier.host.make())
    monkeypatch.setenv("RSYNC_RSH", "no-such-ssh -v")
    assert "there is no program no-such-ssh here" in refused_opening(carrier.host.make())


def test_no_rsync_here(carrier: Carrier, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "there is no program rsync here; install it" in refused_opening(carrier.host.make())
    program = tmp_path / "rsync"
    program.write_text("#!/bin/sh\necho openrsync: protocol version 29\n")
    program.chmod(0o755)
    (tmp_path / "ssh").symlink_to("/usr/bin/ssh")
    assert "another program of that name" in refused_opening(carrier.host.make())


@pytest.mark.parametrize(
    ("rsync", "message"),
    [
        (None, "there is no rsync at the server; install it there"),
        ("rsync  version 3.0.9  protocol version 30", "the rsync at the server is too old (3.0)"),
    ],
)
def test_the_rsync_of_the_server(tmp_path: Path, rsync: str | None, message: str) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "cat", "uname", "ls", "cut", "head", "rm", "rmdir", "sleep"):
        (programs / name).symlink_to(str(shutil.which(name)))
    if rsync:
        (programs / "rsync").write_text(f"#!/bin/sh\necho '{rsync}'\n")
        (programs / "rsync").chmod(0o755)
    if Path("/usr/local/bin/rsync").exists():
        pytest.skip("this machine has an rsync of its own in /usr/local/bin")
    with ssh_host(tmp_path, path=str(programs)) as host:
        assert message in refused_opening(host.make())


def test_an_account_that_prints_at_login(tmp_path: Path) -> None:
    noisy = 'ForceCommand echo Welcome!; sh -c "$SSH_ORIGINAL_COMMAND"'
    with carrying(tmp_path, noisy) as carrier:
        assert carrier.listing() == {}  # its shell will do for that
        message = refusal(lambda: look(carrier))
        assert carrier.host.everything() == {}
    assert "the account prints something at each login" in message


def test_one_session_in_a_connection(tmp_path: Path) -> None:
    with carrying(tmp_path, "MaxSessions 1") as carrier:
        assert "set MaxSessions to 2 or more" in refusal(lambda: look(carrier))
        assert carrier.host.everything() == {}


def test_a_file_is_no_folder(carrier: Carrier) -> None:
    carrier.host.top.rmdir()
    carrier.host.top.write_text("x")
    assert "what is there is no folder" in refused_opening(carrier.host.make())
    carrier.host.to += "/below"
    assert "the folder cannot be made" in refusal(lambda: carrier.carry({"a": b"a"}))


def test_no_permission() -> None:
    with as_nobody() as carrier:
        top = carrier.host.top
        top.chmod(0o755)
        message = refusal(lambda: carrier.carry({"a": b"a"}))
        assert "the account may not write there" in message
        assert carrier.host.everything() == {}
        carrier.host.to += "/below/it"
        assert "the account may not write there" in refusal(lambda: carrier.carry({"a": b"a"}))
        carrier.host.to = f"paper.test:{top}"
        top.chmod(0o777)
        carrier.carry({"a": b"a", "s/b": b"b"})
        carrier.host.put("foreign/x", b"x")
        (top / "foreign").chmod(0o700)  # nobody's business, and no reason to stop
        assert set(carrier.listing()) == {"a", "s/b"}
        carrier.host.put("t/x", b"x")
        (top / "t").chmod(0o755)
        assert "the account may not write there" in refusal(lambda: carrier.carry({"t/y": b"y"}))
        assert "the account may not write there" in refusal(lambda: carrier.delete("t/x"))
        assert set(carrier.host.files()) == {"a", "s/b", "t/x", "foreign/x"}
        top.chmod(0o700)
        assert "the account may not enter the folder" in refused_opening(carrier.host.make())


def test_a_full_disk(carrier: Carrier) -> None:
    top = carrier.host.top
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(top)], capture_output=True
    )
    if done.returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        carrier.carry({"a": b"old"})
        message = refusal(lambda: carrier.carry({"a": b"new", "b": os.urandom(4 << 20)}))
        assert "the disk of the server is full" in message
        assert carrier.host.files()["a"] in (b"old", b"new")
        assert "b" not in carrier.host.files()
        carrier.carry({"a": b"new", "b": b"smaller"})
        assert carrier.host.files() == {"a": b"new", "b": b"smaller"}
        (top / "fill").write_bytes(b"")
        with suppress(OSError), (top / "fill").open("wb", buffering=0) as fill:
            while True:
                fill.write(bytes(1 << 12))
        assert "the disk of the server is full" in refusal(lambda: carrier.carry({"a": b"x" * 9}))
        assert carrier.host.files()["a"] == b"new"
        (top / "fill").unlink()
        assert own_files(carrier.host) == {"manifest.json"}
    finally:
        subprocess.run(["umount", "-l", str(top)], check=True)


def test_a_file_too_large_for_the_account(tmp_path: Path) -> None:
    limited = "ForceCommand ulimit -f 200; trap '' XFSZ; sh -c \"$SSH_ORIGINAL_COMMAND\""
    with carrying(tmp_path, limited) as carrier:
        message = refusal(lambda: carrier.carry({"a": b"a", "b": os.urandom(1 << 20)}))
        assert "the server takes no file that large" in message
        assert "b" not in carrier.host.files()


def test_the_built_file_changes_while_it_is_sent(carrier: Carrier) -> None:
    upload = carrier.upload({"a": b"a", "b": b"b"})
    (carrier.public / "b").write_bytes(b"longer")
    target = carrier.host.make()
    marks: dict[str, str] = {}
    with target.opened(), target.locked():
        message = refusal(lambda: target.send(upload, marks.__setitem__))
    assert "b has changed while it was sent; build the site and deploy again" in message
    assert set(marks) == {"a"}


def test_folders_and_files_change_places(carrier: Carrier) -> None:
    carrier.carry({"a/b/c": b"1", "a/d": b"2", "e": b"3"})
    (carrier.host.top / "a/b/bare/bare").mkdir(parents=True)
    (carrier.host.top / "f/bare").mkdir(parents=True)
    target = carrier.host.make()
    files = {"a": b"file", "e/x": b"in a folder", "f": b"file"}
    shutil.rmtree(carrier.public)
    upload = carrier.upload(files)
    with target.opened(), target.locked():
        target.keep(manifest_of(["a/b/c", "a/d", "e", *files]))
        target.send(upload, lambda path, mark: None)
    assert carrier.host.files() == files


@pytest.mark.parametrize("foreign", ["a/theirs", "e"])
def test_what_others_put_in_the_way_stays(carrier: Carrier, foreign: str) -> None:
    carrier.carry({"a/b": b"1"})
    carrier.host.put(foreign, b"theirs")
    before = carrier.host.files()
    shutil.rmtree(carrier.public)
    target, upload = carrier.host.make(), carrier.upload({"a": b"file", "e/x": b"x"})
    with target.opened(), target.locked():
        target.keep(manifest_of(["a/b", "a", "e/x"]))
        message = refusal(lambda: target.send(upload, lambda path, mark: None))
    assert f"{foreign}: Broadsheet did not put this there" in message
    assert carrier.host.files() == before


def test_no_link_leads_out_of_the_folder(carrier: Carrier, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "bare").mkdir(parents=True)
    (outside / "x").write_bytes(b"outside")
    (carrier.host.top / "way").symlink_to(outside)
    (carrier.host.top / "up").symlink_to("..")
    assert set(carrier.listing()) == {"way", "up"}
    carrier.delete("way/x", "way/bare/y", "up/outside/x", "../outside/x", "way/../../outside/x")
    message = refusal(lambda: carrier.carry({"way/x": b"new"}))
    assert "way: Broadsheet did not put this there" in message
    assert (outside / "x").read_bytes() == b"outside"
    assert (outside / "bare").is_dir()
    carrier.delete("way")  # the link itself
    assert (outside / "x").read_bytes() == b"outside"
    assert set(carrier.listing()) == {"up"}


def test_a_link_to_the_folder_is_followed(carrier: Carrier, tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to(carrier.host.top)
    carrier.host.to = f"paper.test:{tmp_path}/current"
    carrier.carry({"a/b": b"x"})
    carrier.delete("a/b")
    assert (tmp_path / "current").is_symlink()
    assert carrier.host.files() == {}


def test_folders_go_with_their_last_file(carrier: Carrier) -> None:
    carrier.carry({"a/b/c": b"1", "a/d/e": b"2", "f/g": b"3"})
    carrier.host.put("a/d/theirs", b"4")
    (carrier.host.top / "bare").mkdir()
    carrier.delete("a/b/c", "a/d/e", "f/g", "a/d", f"{OWN}/manifest.json")
    assert carrier.host.files() == {"a/d/theirs": b"4", "bare/": b""}
    assert own_files(carrier.host) == {"manifest.json"}


def test_thousands_are_deleted(carrier: Carrier) -> None:
    paths = [f"{n % 40}/{n}-{'é' * 40}.html" for n in range(3000)]
    for path in paths:
        carrier.host.put(path, b"")
    carrier.host.put("7/theirs", b"")
    carrier.delete(*paths)
    assert carrier.host.files() == {"7/theirs": b""}


def test_a_large_manifest(carrier: Carrier) -> None:
    manifest = msgspec.json.encode({f"path/{n}/index.html": n for n in range(100_000)})
    target = carrier.host.make()
    with target.opened():
        assert target.manifest() is None
        with target.locked():
            target.keep(b"{}")
            target.keep(manifest)
            target.keep(manifest)
        assert target.manifest() == manifest


def snapshot(top: Path) -> dict[str, tuple[int, int, int]]:
    files = [top, *top.rglob("*")]
    return {str(f): ((s := f.lstat()).st_mtime_ns, s.st_ino, s.st_mode) for f in files}


def mode_of(file: Path) -> int:
    return file.stat().st_mode & 0o7777


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


@contextmanager
def as_nobody() -> Iterator[Carrier]:
    """A host whose account may not do all things, even where the tests are run by root."""
    with tempfile.TemporaryDirectory() as tmp:
        folder = Path(tmp)
        folder.chmod(0o755)
        drop = "setpriv --reuid=65534 --regid=65534 --clear-groups"
        settings = f'ForceCommand {drop} sh -c "$SSH_ORIGINAL_COMMAND"'
        if os.geteuid() != 0:
            pytest.skip("needs root, to be somebody else at the server")
        need("setpriv")
        with carrying(folder, settings) as carrier:
            yield carrier


PROGRAM = REPOSITORY / "tests/support/ssh_deploys.py"


def child(carrier: Carrier, act: str, *more: str) -> list[str]:
    """The command of a process that holds the lock, or carries all that is built."""
    folders = carrier.host.to, str(carrier.public)
    return [sys.executable, str(PROGRAM), act, *folders, *more]
