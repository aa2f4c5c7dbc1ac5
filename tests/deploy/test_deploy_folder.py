"""A folder that a web server serves, deployed to: all at once, and nothing of others is lost."""

import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from urllib.parse import quote

import pytest

from generator.config import Deploy
from generator.deploy.targets.choose import target_of
from generator.deploy.targets.folder.target import FolderTarget, folder_in
from generator.errors import DeployRefusedError, LockedError, SiteError
from generator.system import IS_WINDOWS
from support.crawlers import Answer, Crawl, kept_alive, readers
from support.disks import disk, fill
from support.folder_deploys import (
    anew,
    deploy,
    environment,
    is_tidy,
    marks,
    python,
    refusal,
    text,
    upload,
    write,
)
from support.host_folder import carry, contents, folder_host, nginx, snapshot
from support.sites import LONG

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(IS_WINDOWS, reason="Windows has no means to deploy there"),
]

ODD = (
    "a b/é/index.html",
    "e\u0301.html",
    "#1?.html",
    "100%.html",
    '"it\'s".html',
    "-rf",
    "new\nline.html",
    "x" * 255,
    "日本/😀.html",
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A built site."""
    write(tmp_path / "site", {"index.html": "one", "a/index.html": "a", "b/c/index.html": "c"})
    return tmp_path / "site"


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """Where it is deployed to. There is nothing yet."""
    (tmp_path / "www").mkdir()
    return tmp_path / "www" / "digest"


# ---------------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("to", "path"),
    [
        ("file:///srv/www/digest", "/srv/www/digest"),
        ("file:///srv/www/digest/", "/srv/www/digest"),
        ("file:///srv//www/digest", "/srv/www/digest"),
        ("file://localhost/srv/digest", "/srv/digest"),
        ("file:///srv/a%20b c/%C3%A9", "/srv/a b c/é"),
        ("file:///srv/100%25/%23%3F", "/srv/100%/#?"),
        ("file:///srv/%FF", os.fsdecode(b"/srv/\xff")),
    ],
)
def test_an_address_means_a_folder(to: str, path: str) -> None:
    assert folder_in(to) == Path(path)


@pytest.mark.parametrize(
    ("to", "what"),
    [
        ("file://srv/www", "does not say where the folder is on this machine"),
        ("file:srv/www", "does not say where"),
        ("srv/www", "does not say where"),
        ("file:///", "the root of the whole machine"),
        ("file:////", "the root of the whole machine"),
        ("file:///srv/../etc", "has . or .. in it"),
        ("file:///srv/%2E%2e/etc", "has . or .. in it"),
        ("file:///srv/a%2Fb", "no name has a slash"),
        ("file:///srv/a%00b", "zero byte"),
        ("file:///srv/100%", "% is no character in an address; write %25"),
        ("file:///srv/%zz", "%zz is no character"),
        ("file:///srv/who?", "no part behind ?; write %3F"),
        ("file:///srv/#1", "no part behind #; write %23"),
    ],
)
def test_an_odd_address_is_refused(to: str, what: str) -> None:
    found = folder_in(to)
    assert isinstance(found, tuple) and what in "; ".join(found)


# ------------------------------------------------------------------------ deploys


def test_a_host_for_the_tests_of_all_targets(site: Path, tmp_path: Path) -> None:
    with folder_host(tmp_path / "host") as host:
        assert folder_in(host.to) == host.path
        assert host.files() == host.everything() == {}
        host.put("theirs/x", b"theirs")
        before = host.everything()
        target = host.make()
        with target.opened(), target.locked():
            target.keep(b"dropped")
        assert host.everything() == before
        carry(site, target)
        assert host.files() == contents(site) | {"theirs/x": b"theirs"}
        host.remove("theirs/x")
        assert host.files() == contents(site)
        assert host.everything()["a digest"] == b".a digest.broadsheet.2"


@pytest.mark.parametrize("at_first", ["nothing", "an empty folder", "a folder", "a dead link"])
def test_a_first_deploy(site: Path, top: Path, at_first: str) -> None:
    if at_first in ("an empty folder", "a folder"):
        top.mkdir()
    if at_first == "a folder":
        write(top, {"theirs/x.txt": "theirs", "a/theirs.txt": "too"})
    if at_first == "a dead link":
        top.symlink_to("elsewhere")
    theirs = contents(top)
    assert deploy(site, top) == contents(site) | theirs
    assert top.exists() and is_tidy(top)
    assert deploy(site, top) == contents(site) | theirs


def test_changes_renames_and_deletions(site: Path, top: Path) -> None:
    deploy(site, top)
    for files in (
        {"index.html": "two", "a/index.html": "a", "new/index.html": "n"},
        {"index.html": "two", "a/index.html/deep": "a folder now", "new": "a file now"},
        {"index.html": "three", "a": "a file again", "new/index.html": "n"},
        {},
        {"index.html": "four"},
    ):
        anew(site, files)
        site.mkdir(exist_ok=True)
        assert deploy(site, top) == text(files)
        assert is_tidy(top)
    assert [file.name for file in top.iterdir()] == ["index.html"], "empty folders are left"


def test_odd_names(site: Path, top: Path) -> None:
    anew(site, dict.fromkeys(ODD, "1"))
    assert deploy(site, top).keys() == set(ODD)
    anew(site, dict.fromkeys(ODD[::2], "2"))
    assert deploy(site, top) == dict.fromkeys(ODD[::2], b"2")


def test_a_name_that_is_no_utf_8(site: Path, top: Path) -> None:
    deploy(site, top)
    (top / os.fsdecode(b"caf\xe9")).write_text("theirs")
    anew(site, {"index.html": "two"})
    deploy(site, top)
    assert (top / os.fsdecode(b"caf\xe9")).read_text() == "theirs"


def test_looking_touches_nothing(site: Path, top: Path) -> None:
    for _ in range(3):
        before = snapshot(top.parent)
        target = FolderTarget(top)
        with target.opened():
            assert target.listing().keys() == contents(top).keys()
            assert (target.manifest() is None) == (not before)
        assert snapshot(top.parent) == before
        deploy(site, top)


def test_nothing_is_seen_before_commit_and_nothing_kept_without(site: Path, top: Path) -> None:
    deploy(site, top)
    before, manifest = snapshot(top.parent), FolderTarget(top).manifest()
    target = FolderTarget(top)
    with target.opened(), target.locked():
        target.send([upload(site, "index.html", "new/x.html")], lambda *_: None)
        target.delete(["a/index.html"])
        target.keep(b"other")
        assert contents(top) == contents(site)
        assert target.manifest() == b"other"
    assert target.manifest() == manifest
    after = snapshot(top.parent)
    for place in (f".{top.name}.broadsheet",):  # its time has changed
        before.pop(place), after.pop(place)
    assert after == before


def test_a_manifest_alone_is_kept_without_a_new_release(site: Path, top: Path) -> None:
    deploy(site, top)
    leads = top.readlink()
    target = FolderTarget(top)
    with target.opened(), target.locked():
        target.keep(b"first")
        target.commit("")
        assert FolderTarget(top).manifest() == b"first"
        target.keep(b"told")
        assert FolderTarget(top).manifest() == b"told"
    assert top.readlink() == leads and is_tidy(top)


def test_two_releases_stay_to_go_back_to(site: Path, top: Path) -> None:
    for number in range(1, 7):
        anew(site, {"index.html": f"{number}", f"{number}.html": "", "same.html": "same"})
        deploy(site, top)
    assert top.readlink() == Path(".digest.broadsheet.6")
    kept = [top.with_name(f".digest.broadsheet.{number}") for number in (4, 5, 6)]
    assert [(place / "index.html").read_text() for place in kept] == ["4", "5", "6"]
    assert {file.name for file in kept[1].iterdir()} == {"index.html", "5.html", "same.html"}
    assert len({(place / "same.html").stat().st_ino for place in kept}) == 1
    top.unlink()
    top.symlink_to(kept[1].name)
    assert "5.html" in json.loads(FolderTarget(top).manifest() or b"")
    anew(site, {"index.html": "7"})
    assert deploy(site, top) == {"index.html": b"7"}
    assert (kept[1] / "5.html").exists() and is_tidy(top)


def test_a_site_that_was_moved_with_its_releases(site: Path, top: Path, tmp_path: Path) -> None:
    deploy(site, top)
    moved = tmp_path / "moved"
    top.parent.rename(moved)
    anew(site, {"index.html": "two"})
    assert contents(moved / "digest").keys() > {"index.html"}
    assert deploy(site, moved / "digest") == {"index.html": b"two"}


def test_rights_are_those_that_new_files_have(site: Path, top: Path) -> None:
    (site / "index.html").chmod(0o600)
    before = os.umask(0o022)
    try:
        deploy(site, top)
    finally:
        os.umask(before)
    for file in [top, *top.rglob("*")]:
        assert stat.S_IMODE(file.stat().st_mode) == (0o755 if file.is_dir() else 0o644)


# ------------------------------------------------------------------ files of others


def test_files_of_others_of_every_kind_survive(site: Path, top: Path, tmp_path: Path) -> None:
    write(tmp_path, {"outside/kept.txt": "outside"})
    write(top, {"theirs/t.txt": "theirs", ".well-known/x": "x"})
    (top / "empty").mkdir()
    (top / "open").mkdir(mode=0o777)
    (top / "open").chmod(0o2775)
    (top / "out").symlink_to("../../outside")
    (top / "a").mkdir()
    (top / "a" / "absolute").symlink_to(tmp_path / "outside")
    (top / "dead").symlink_to("nowhere")
    os.mkfifo(top / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        os.chdir(top)
        try:
            listening.bind("socket")
        finally:
            os.chdir(tmp_path)
    for number in range(5):
        anew(site, {"index.html": f"{number}", f"a/{number}.html": "x"})
        deploy(site, top)
        assert (top / "out/kept.txt").read_text() == "outside"
        assert (top / "a/absolute/kept.txt").read_text() == "outside"
        assert (top / "dead").readlink() == Path("nowhere")
        assert stat.S_ISFIFO((top / "pipe").lstat().st_mode)
        assert stat.S_ISSOCK((top / "socket").lstat().st_mode)
        assert stat.S_IMODE((top / "open").stat().st_mode) == 0o2775
        assert (top / "empty").is_dir()
        assert contents(top)["theirs/t.txt"] == b"theirs" and (top / ".well-known/x").exists()
    assert [file.name for file in (tmp_path / "outside").iterdir()] == ["kept.txt"]


def test_what_others_do_between_two_deploys_stays(site: Path, top: Path) -> None:
    deploy(site, top)
    for number in range(6):
        write(top, {f"theirs/{number}.txt": f"{number}", "theirs/log": f"{number}"})
        if number:
            (top / f"theirs/{number - 1}.txt").unlink()
        anew(site, {"index.html": f"{number}"})
        expected = {"index.html": f"{number}", "theirs/log": f"{number}"}
        assert deploy(site, top) == text(expected | {f"theirs/{number}.txt": f"{number}"})


_MEANWHILE = """
import sys
from pathlib import Path
from support.host_folder import carry, contents
from support.moments import before_each_change
from support.folder_deploys import anew, write
from generator.deploy.targets.folder.target import FolderTarget

site, top = map(Path, sys.argv[1:])
written, unfinished = [], []

def somebody(change):
    if "theirs" in change:  # what he has written he would follow for ever
        return
    number = len(written)
    path = f"theirs{number % 7}/{number // 50}/{number}.txt"
    write(top, {path: str(number)})
    written.append(f"{path}.done")
    unfinished.append(top / path)
    finish()

def finish():
    for file in unfinished[:]:
        if file.exists():  # for a moment after a deploy it may not be there
            file.rename(file.with_name(f"{file.name}.done"))
            unfinished.remove(file)

before_each_change(top.parent, somebody)
for number in range(7):
    anew(site, {f"{n}/index.html": f"{number}" for n in range(number, 100)})
    carry(site, FolderTarget(top))
finish()
found = contents(top)
print(len(written), *(path for path in written if path not in found))
"""


def test_what_others_write_while_a_deploy_is_at_work_stays(site: Path, top: Path) -> None:
    """Somebody else puts a file there before each single change, in old folders and new ones."""
    anew(site, {f"{number}/index.html": "x" for number in range(100)})
    deploy(site, top)
    written, *lost = python(_MEANWHILE, site, top).split()
    assert int(written) > 100 and not lost


@pytest.mark.parametrize(
    ("theirs", "ours", "what"),
    [
        ("a", "a/index.html", "digest/a: a file or link of others stands where a folder"),
        ("a/x/theirs", "a/x", "digest/a/x: a folder with files of others stands where a file"),
    ],
)
def test_what_others_have_in_the_way_is_kept(
    site: Path, top: Path, theirs: str, ours: str, what: str
) -> None:
    write(top, {theirs: "theirs"})
    anew(site, {ours: "ours", "index.html": "front"})
    assert what in refusal(site, top)


def test_nothing_is_written_through_a_link_of_others(site: Path, top: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    top.mkdir()
    (top / "a").symlink_to(tmp_path / "outside")
    assert "digest/a: a file or link of others" in refusal(site, top)
    assert not list((tmp_path / "outside").iterdir())


def test_nothing_is_deleted_through_a_link_of_others(site: Path, top: Path, tmp_path: Path) -> None:
    """Somebody has put a link in the place of a folder of the site."""
    write(tmp_path, {"outside/index.html": "outside"})
    (tmp_path / "outside" / "c").mkdir()
    write(site, {"b/index.html": "b"})
    deploy(site, top)
    shutil.rmtree(top / "b")
    (top / "b").symlink_to(tmp_path / "outside")
    anew(site, {"index.html": "two"})
    deploy(site, top)
    assert (top / "b").readlink() == tmp_path / "outside"
    assert {file.name for file in (tmp_path / "outside").iterdir()} == {"index.html", "c"}


def test_nothing_is_written_into_an_earlier_release(site: Path, top: Path) -> None:
    deploy(site, top)
    before = contents(top)
    old = top.resolve()
    anew(site, dict.fromkeys(("index.html", "a/index.html"), "changed"))
    deploy(site, top)
    assert contents(old) == before


# ------------------------------------------------------------------------------ marks


def test_a_mark_is_that_of_the_content(site: Path, top: Path) -> None:
    deploy(site, top)
    (top / "theirs.txt").write_text("theirs")
    first = marks(top)
    for number in range(4):
        write(site, {"index.html": f"{number}"})
        deploy(site, top)
        now = marks(top)
        assert {path for path in now if now[path] != first[path]} == {"index.html"}
    for touch in (touch_in_place, touch_by_rename):
        before = marks(top)
        touch(top / "a/index.html")
        after = marks(top)
        assert {path for path in after if after[path] != before[path]} == {"a/index.html"}
        assert deploy(site, top)["a/index.html"] == b"a", "it was not mended"


def touch_in_place(file: Path) -> None:
    file.write_text("b")


def touch_by_rename(file: Path) -> None:
    """Even with the time and the size that the file had."""
    status = file.stat()
    other = file.with_name("other")
    other.write_text("b")
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(file)


# -------------------------------------------------------------------- odd places


def test_a_link_of_others_is_followed(site: Path, top: Path, tmp_path: Path) -> None:
    (tmp_path / "disk" / "real").mkdir(parents=True)
    (tmp_path / "disk" / "real" / "theirs").write_text("theirs")
    (tmp_path / "disk" / "middle").symlink_to("real")
    top.symlink_to("../disk/middle")
    for _ in range(2):
        assert deploy(site, top) == contents(site) | {"theirs": b"theirs"}
    assert top.readlink() == Path("../disk/middle")
    assert (tmp_path / "disk" / "real").is_symlink()
    assert [file.name for file in top.parent.iterdir()] == ["digest"]


def test_odd_places_are_refused(site: Path, top: Path) -> None:
    top.write_text("a file")
    with pytest.raises(DeployRefusedError, match="it is a file"):
        deploy(site, top)
    top.unlink()
    with pytest.raises(SiteError, match=r"there is no folder .*/nowhere; make it"):
        deploy(site, top.parent / "nowhere" / "digest")
    top.symlink_to("digest")
    with pytest.raises(SiteError, match="circle"):
        deploy(site, top)
    top.unlink()
    deploy(site, top)
    renamed = top.rename(top.with_name("renamed"))
    with pytest.raises(SiteError, match="it leads into what deploys keep of digest"):
        deploy(site, renamed)
    with pytest.raises(SiteError, match="it leads into what deploys keep of digest"):
        deploy(site, top.with_name(".digest.broadsheet.1"))


def test_where_a_disk_is_mounted(site: Path, top: Path) -> None:
    with disk(top):
        assert "a disk is mounted right there" in refusal(site, top)
    write(top, {"theirs": "theirs"})
    with disk(top / "media"):
        write(top, {"media/film": "film"})
        assert "a disk is mounted at" in refusal(site, top)
    assert (top / "theirs").exists()


def test_a_built_file_that_changes_meanwhile_is_told(site: Path, top: Path) -> None:
    deploy(site, top)
    target = FolderTarget(top)
    with target.opened(), target.locked():
        item = upload(site, "index.html", "index.html")
        (site / "index.html").write_text("longer than it was")
        with pytest.raises(SiteError, match="it had 3 bytes, and has 18; build and deploy again"):
            target.send([item], lambda *_: None)
        (site / "index.html").unlink()
        with pytest.raises(SiteError, match="cannot be read: No such file"):
            target.send([item], lambda *_: None)


# ------------------------------------------------------------------ disks and rights


@pytest.mark.parametrize("left", [0, 4096, 65536])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_full_disk_leaves_the_old_site(site: Path, top: Path, left: int, is_first: bool) -> None:
    top.parent.rmdir()
    with disk(top.parent):
        write(top, {"theirs": "theirs"})
        if not is_first:
            deploy(site, top)
        write(site, {f"{n}.html": f"{n}" * 3000 for n in range(50)})
        filler = fill(top.parent, left)
        message = refusal(site, top)
        assert "No space left on device; make room, and deploy again; the site there is" in message
        filler.unlink()
        assert deploy(site, top) == contents(site) | {"theirs": b"theirs"}


def test_a_read_only_disk_is_told(site: Path, top: Path) -> None:
    top.parent.rmdir()
    with disk(top.parent):
        deploy(site, top)
        write(site, {"index.html": "two"})
        mount = ["mount", "-o", "remount,ro", str(top.parent)]
        subprocess.run(mount, check=True)
        before = snapshot(top.parent)
        assert "Read-only file system; give the user who deploys" in refusal(site, top)
        assert snapshot(top.parent) == before


_AS_NOBODY = """
import os, sys
from pathlib import Path
from support.host_folder import carry
from generator.deploy.targets.folder.target import FolderTarget
from generator.errors import SiteError
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
try:
    carry(Path(sys.argv[1]), FolderTarget(Path(sys.argv[2])))
except SiteError as error:
    print(error)
"""


@pytest.fixture
def as_nobody(tmp_path: Path) -> Iterator[Callable[[Path, Path], str]]:
    """A deploy by somebody who is no administrator; what he is told, "" if all was well."""
    closed = [
        folder for folder in (tmp_path, *tmp_path.parents) if not folder.stat().st_mode & 0o001
    ]
    modes = {folder: folder.stat().st_mode for folder in closed}

    def deployed(site: Path, top: Path) -> str:
        for folder in closed:
            folder.chmod(0o755)
        return python(_AS_NOBODY, site, top)

    yield deployed
    for folder, mode in modes.items():
        folder.chmod(mode)


@pytest.mark.parametrize("place", ["parent", "inside"])
def test_no_permission_is_told(
    site: Path, top: Path, as_nobody: Callable[[Path, Path], str], place: str
) -> None:
    write(top, {"theirs/x": "theirs"})
    top.parent.chmod(0o555 if place == "parent" else 0o777)
    (top / "theirs").chmod(0o755 if place == "parent" else 0o000)
    try:
        told = as_nobody(site, top)
    finally:
        (top / "theirs").chmod(0o755)
        top.parent.chmod(0o755)
    named = ".digest.broadsheet" if place == "parent" else "digest/theirs"
    assert f"{named}" in told
    assert "Permission denied; give the user who deploys the right to write there" in told
    assert contents(top) == {"theirs/x": b"theirs"} and not top.is_symlink()
    assert [file.name for file in top.parent.iterdir()] == ["digest"]


def test_what_cannot_be_linked_is_copied(
    site: Path, top: Path, as_nobody: Callable[[Path, Path], str]
) -> None:
    """The system lets nobody make hard links to files of others that he may not write."""
    rule = Path("/proc/sys/fs/protected_hardlinks")
    if os.geteuid() or not (rule.exists() and rule.read_text().strip() == "1"):
        pytest.skip("needs an administrator's files, and a system that protects them")
    write(top, {"theirs/x": "theirs"})
    (top / "link").symlink_to("theirs/x")
    for folder in (top.parent, top, top / "theirs"):
        folder.chmod(0o777)
    before = marks(top)
    for number in range(4):
        write(site, {"index.html": f"{number}"})
        assert as_nobody(site, top) == ""
        assert contents(top) == contents(site) | {"theirs/x": b"theirs", "link": b"theirs"}
        assert marks(top).items() >= before.items(), "a copy has another mark"
        assert is_tidy(top)
    assert (top / "theirs/x").stat().st_uid == 65534
    (top / "theirs/x").write_text("changed")
    for number in range(2):
        assert marks(top)["theirs/x"] != before["theirs/x"]
        write(site, {"index.html": f"{number}"})
        assert as_nobody(site, top) == ""


_LIMITED = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, -1))
"""


def test_a_file_that_cannot_grow_is_told(site: Path, top: Path) -> None:
    deploy(site, top)
    before = contents(top)
    write(site, {"big.html": "big" * 1000})
    told = python(_LIMITED + _AS_NOBODY.replace("os.geteuid() == 0", "False"), site, top)
    assert "File too large" in told and "the site there is as it was" in told
    assert contents(top) == before and is_tidy(top)


# -------------------------------------------------------------- two at once, and killed


def test_a_second_deploy_at_the_same_time_is_refused(site: Path, top: Path) -> None:
    first, second = FolderTarget(top), FolderTarget(top)
    with first.opened(), second.opened(), first.locked():
        with pytest.raises(LockedError, match="another deploy is at work there"), second.locked():
            pytest.fail("there were two")
        first.send([upload(site, "index.html", "index.html")], lambda *_: None)
        first.commit("")
    assert contents(top) == {"index.html": b"one"}
    assert deploy(site, top) == contents(site)


_DEPLOY = """
import sys
from pathlib import Path
from support.host_folder import carry
from generator.deploy.targets.folder.target import FolderTarget
from generator.errors import SiteError
print("ready", flush=True)
sys.stdin.readline()
try:
    carry(Path(sys.argv[1]), FolderTarget(Path(sys.argv[2])))
except SiteError as error:
    print(error)
"""


def deploying(site: Path, top: Path) -> "subprocess.Popen[str]":
    """A process that is ready to deploy as soon as it is sent a line."""
    command = [sys.executable, "-c", _DEPLOY, str(site), str(top)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, env=environment(), stdin=pipe, stdout=pipe, text=True)
    assert process.stdout and process.stdout.readline() == "ready\n"
    return process


def test_several_processes_at_once(site: Path, top: Path, tmp_path: Path) -> None:
    """One of them deploys; the others are told, or come after it. No two sites are mixed."""
    sites = [tmp_path / f"site{number}" for number in range(4)]
    for number, place in enumerate(sites):
        write(place, {f"{n}.html": f"{number}" for n in range(100)})
    processes = [deploying(place, top) for place in sites]
    said = []
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        said.append(process.communicate(timeout=LONG)[0])
        assert process.returncode == 0
    assert "" in said
    assert all("another deploy is at work" in line for line in said if line)
    assert contents(top) in [contents(place) for place in sites]
    assert is_tidy(top)


_DIES = """
import json, os, signal, sys
from pathlib import Path
from support.host_folder import carry, contents
from support.moments import before_each_change
from support.folder_deploys import THEIRS, edition, is_tidy, text, write
from generator.deploy.targets.folder import swap
from generator.deploy.targets.folder.target import FolderTarget

home, at_first, steps = Path(sys.argv[1]), *sys.argv[2:]
sites = [home / f"site{number}" for number in range(5)]
for number, site in enumerate(sites):
    wanted = edition(site, number, 9)
if at_first != "nothing":
    wanted |= text(THEIRS)
if steps == "two":
    swap.exchange = lambda one, other: False

def place_of(number):
    place = home / f"{number}" / "digest"
    place.parent.mkdir()
    if at_first != "nothing":
        write(place, THEIRS)
    if at_first == "a release":
        for site in sites[:-1]:
            carry(site, FolderTarget(place))
    return place

def changes(place, last=""):
    '''All that a deploy changes there. It is killed before it makes the last of it.'''
    near, far = os.pipe()
    if pid := os.fork():
        os.close(far)
        with open(near) as told:
            names = told.read().splitlines()
        ended = os.waitpid(pid, 0)[1]
        assert ended == (signal.SIGKILL if last else 0), (last, ended)
        return names

    def about_to(change):
        os.write(far, f"{change}\\n".encode())
        if change == last:
            os.kill(os.getpid(), signal.SIGKILL)

    before_each_change(place.parent, about_to)
    carry(sites[-1], FolderTarget(place))
    os._exit(0)

seen = {}
for number, change in enumerate(changes(place_of("whole"))):
    place = place_of(number)
    before = contents(place)
    assert changes(place, last=change)[-1] == change
    found = contents(place)
    known = {"old": before, "new": wanted, "half": found} if place.exists() else {"gone": found}
    seen[change] = next(name for name, files in known.items() if files == found)
    carry(sites[-1], FolderTarget(place))
    assert contents(place) == wanted, change
    assert is_tidy(place), (change, sorted(f.name for f in place.parent.rglob(".*")))
print(json.dumps(seen))
"""


def seen_at_each_change(home: Path, at_first: str, steps: str) -> dict[str, str]:
    """What readers see after a deploy that was killed before it made a change, by its name.

    Each deploy is one from the same site to the same other one, and the next one after it must
    go well.
    """
    seen: dict[str, str] = json.loads(python(_DIES, home, at_first, steps))
    assert len(seen) > 30
    return seen


@pytest.mark.parametrize("at_first", ["nothing", "a folder", "a release"])
def test_killed_before_each_single_change(tmp_path: Path, at_first: str) -> None:
    seen = seen_at_each_change(tmp_path, at_first, "one")
    online = {"old", "new"} if at_first != "nothing" else {"gone", "new"}
    assert set(seen.values()) == online


def test_killed_where_a_folder_is_swapped_in_two_steps(tmp_path: Path) -> None:
    """As on systems where a folder and a link cannot change places at once."""
    seen = seen_at_each_change(tmp_path, "a folder", "two")
    between = "os.rename .digest.broadsheet.1 digest #1"
    assert [change for change, what in seen.items() if what == "gone"] == [between]
    assert set(seen.values()) == {"old", "gone", "new"}


# ------------------------------------------------------------------------- readers


def page(release: int, title: str, links: list[str]) -> str:
    """A page that says of which release it is, and by which anybody can tell that it is whole."""
    anchors = "".join(f'<a href="{quote(link)}">{link}</a>\n' for link in links)
    body = f"<link rel=stylesheet href='/style.{release}.css'><h1>{title} {release}</h1>{anchors}"
    body += f"<p>{title * 800}</p>"
    return f"<html><body>{digest(body)} {body}</body></html>"


def digest(body: str) -> str:
    return blake2b(body.encode(), digest_size=8).hexdigest()


def is_as_written(url: str, answer: Answer) -> str:
    if not answer.kind.startswith("text/html"):
        return "" if answer.body == b"body {}" * 500 else "half a stylesheet"
    inner = answer.body.decode().removeprefix("<html><body>").removesuffix("</body></html>")
    stamp, _, body = inner.partition(" ")
    return "" if stamp == digest(body) else "half a page, or two in one"


def publish(site: Path, release: int, stories: range) -> None:
    """A release whose front page leads to all its stories, and each of them to the next."""
    files = {f"style.{n}.css": "body {}" * 500 for n in range(max(0, release - 5), release + 1)}
    files["index.html"] = page(release, "Front", [f"/{n} é/" for n in stories])
    for n, after in zip(stories, [*stories[1:], stories[0]], strict=True):
        files[f"{n} é/index.html"] = page(release, f"Story {n}", ["/", f"/{after} é/"])
    anew(site, files)


@pytest.mark.parametrize("vanishing", [False, True])
def test_readers_never_meet_a_gap(site: Path, top: Path, tmp_path: Path, vanishing: bool) -> None:
    """Stories come with each release, and in one of the two cases go as well."""
    write(top, {"theirs.txt": "theirs"})
    publish(site, 0, range(20))
    deploy(site, top)
    with nginx(top, tmp_path / "nginx") as address, kept_alive() as fetch:
        stop = threading.Event()
        crawl = Crawl(address, fetch, stop, look=is_as_written, vanishing=vanishing)
        with readers(crawl, stop):
            for release in range(1, 16):
                publish(site, release, range(release * vanishing, release + 20))
                deploy(site, top)
                crawl.walked()
        assert crawl.statuses[200] > 200
        assert vanishing or crawl.statuses.keys() == {200}


def test_readers_while_a_folder_becomes_a_link(site: Path, top: Path, tmp_path: Path) -> None:
    publish(site, 0, range(20))
    with nginx(top, tmp_path / "nginx") as address, kept_alive() as fetch:
        for _ in range(5):
            for place in top.parent.glob(".digest*"):
                shutil.rmtree(place)
            top.unlink(missing_ok=True)
            publish(site, 0, range(20))
            shutil.copytree(site, top)
            stop = threading.Event()
            crawl = Crawl(address, fetch, stop, look=is_as_written)
            with readers(crawl, stop):
                crawl.walked()
                publish(site, 1, range(25))
                deploy(site, top)
                crawl.walked()
            assert top.is_symlink() and crawl.statuses.keys() == {200}


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        ("gone", "404: {}4%20%C3%A9/, from {}"),
        ("half", "half a page, or two in one: {}4%20%C3%A9/, from {}"),
        ("one link too many", "404: {}nowhere, from {}4%20%C3%A9/"),
    ],
)
@pytest.mark.parametrize("vanishing", [False, True])
def test_a_reader_notices(
    site: Path, tmp_path: Path, damage: str, fault: str, vanishing: bool
) -> None:
    """The readers of the tests above, where something is wrong."""
    publish(site, 0, range(6))
    story = site / "4 é" / "index.html"
    if damage == "gone":
        shutil.rmtree(story.parent)
    if damage == "half":
        os.truncate(story, 1000)
    if damage == "one link too many":
        story.write_text(page(0, "Story", ["/nowhere"]))
    with nginx(site, tmp_path / "nginx") as address, kept_alive() as fetch:
        stop = threading.Event()
        crawl = Crawl(address, fetch, stop, look=is_as_written, vanishing=vanishing)
        with pytest.raises(AssertionError, match="faults:"), readers(crawl, stop, 1):
            crawl.walked()
        assert set(crawl.faults) == {fault.format(address, address)}


def test_a_plain_copy_would_be_noticed(site: Path, top: Path, tmp_path: Path) -> None:
    """What a deploy spares readers: a site written over in place, front page first."""
    publish(site, 0, range(20))
    shutil.copytree(site, top)
    with nginx(top, tmp_path / "nginx") as address, kept_alive() as fetch:
        stop = threading.Event()
        crawl = Crawl(address, fetch, stop, look=is_as_written)
        with pytest.raises(AssertionError, match=r"404: |half a page"), readers(crawl, stop):
            publish(site, 1, range(1, 21))
            shutil.copyfile(site / "index.html", top / "index.html")
            crawl.walked()
            for path in sorted(contents(site)):
                (top / path).parent.mkdir(exist_ok=True)
                shutil.copyfile(site / path, top / path)


def test_an_address_that_is_a_link_to_itself(site: Path, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    found = target_of("web", Deploy(to=f"file://{tmp_path}/loop"), site, tmp_path)
    assert isinstance(found, FolderTarget)
    with pytest.raises(SiteError, match="circle"), found.opened():
        pass
