"""Deploys to a folder on disks that are full or read-only, by a user without rights."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.system import IS_WINDOWS
from support.disks import disk, fill
from support.folder_deploys import deploy, is_tidy, marks, python, refusal, write
from support.host_folder import contents, snapshot

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(IS_WINDOWS, reason="Windows has no means to deploy there"),
]


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
def as_nobody(tmp_path: Path) -> Callable[[Path, Path], str]:
    """A deploy by somebody who is no administrator; what he is told, "" if all was well.

    The folders above the test's own stay open to him: others are tested below them meanwhile.
    """

    def deployed(site: Path, top: Path) -> str:
        for folder in (tmp_path, *tmp_path.parents):
            if not folder.stat().st_mode & 0o001:
                folder.chmod(0o755)
        return python(_AS_NOBODY, site, top)

    return deployed


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
