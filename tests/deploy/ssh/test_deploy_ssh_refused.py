"""Deploys over ssh that cannot be: told with what to do, and nothing of others is touched."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import pytest

from generator.deploy.targets.ssh.address import SshAddress
from generator.deploy.targets.ssh.target import SshTarget
from generator.deploy.targets.target import OWN, Target
from generator.system import IS_WINDOWS
from support.deploys import free_port, need
from support.host_ssh import make_key, ssh_host
from support.ssh_carrier import Carrier, carrying, manifest_of, own_files, refusal

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(IS_WINDOWS, reason="Windows has no means to deploy there"),
]


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
