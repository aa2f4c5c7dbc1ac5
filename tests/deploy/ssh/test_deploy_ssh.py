"""Carrying to a folder at a server of Debian's openssh-server: addresses, files and marks."""

import os
import shutil
from pathlib import Path

import pytest

from generator.deploy.manifest import Entry, Manifest, decoded, encoded
from generator.deploy.targets.ssh.address import SshAddress, is_ssh, parse_ssh
from generator.deploy.targets.ssh.marks import coarse, is_fine
from generator.deploy.targets.target import OWN
from generator.errors import Problem
from generator.kinds import PageKind
from generator.system import IS_WINDOWS
from support.deploys import need
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
)

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(IS_WINDOWS, reason="Windows has no means to deploy there"),
]


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


def snapshot(top: Path) -> dict[str, tuple[int, int, int]]:
    files = [top, *top.rglob("*")]
    return {str(f): ((s := f.lstat()).st_mtime_ns, s.st_ino, s.st_mode) for f in files}


def mode_of(file: Path) -> int:
    return file.stat().st_mode & 0o7777
