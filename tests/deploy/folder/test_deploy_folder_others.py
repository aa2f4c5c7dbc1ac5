"""What others keep in a folder that is deployed to, or near it: nothing of it is lost."""

import os
import shutil
import socket
import stat
from pathlib import Path

import pytest

from generator.deploy.targets.folder.target import FolderTarget
from generator.errors import DeployRefusedError, SiteError
from generator.system import IS_WINDOWS
from support.disks import disk
from support.folder_deploys import anew, deploy, python, refusal, text, upload, write
from support.host_folder import contents

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(IS_WINDOWS, reason="Windows has no means to deploy there"),
]


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
from support.breakpoints import before_each_change
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
