"""A folder that a web server serves, deployed to: all at once, and nothing of others is lost."""

import json
import os
import stat
from pathlib import Path

import pytest

from generator.deploy.targets.folder.target import FolderTarget, folder_in
from generator.system import IS_WINDOWS
from support.folder_deploys import anew, deploy, is_tidy, marks, text, upload, write
from support.host_folder import carry, contents, folder_host, snapshot

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
