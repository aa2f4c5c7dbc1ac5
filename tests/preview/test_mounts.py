"""Folders whose files others may change unheard are known by what is mounted, and polled."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from generator.preview.mounts import Mount, mounts_in, silent
from support.preview_process import eventually, previewed
from support.sites import SmallSite

TABLE = """\
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
30 27 0:26 / /home/desk rw master:2 propagate_from:1 - nfs4 server:/home rw,vers=4.2
31 30 0:27 / /home/desk/scratch rw - tmpfs tmpfs rw
32 27 0:28 / /mnt/c rw,noatime - 9p C:\\134 rw,aname=drvfs
33 27 0:29 / /srv/a\\040paper rw - fuse.grpcfuse grpcfuse rw
34 27 0:30 / /media/disk rw - fuseblk /dev/sdb1 rw
35 27 0:31 / /work/content/shared rw - cifs //desk/share rw
36 27 0:32 / /work/hidden rw - virtiofs host rw
37 36 254:0 /x /work/hidden rw - ext4 /dev/vda rw
broken line
38 27
"""


@pytest.mark.parametrize(
    ("folder", "deep", "kind"),
    [
        ("/", False, ""),
        ("/home", False, ""),
        ("/home", True, "nfs4"),
        ("/home/desk", False, "nfs4"),
        ("/home/desk/site/content", True, "nfs4"),
        ("/home/desktop", True, ""),
        ("/home/desk/scratch/site", True, ""),
        ("/mnt/c/Users", True, "9p"),
        ("/srv/a paper/content", True, "fuse.grpcfuse"),
        ("/media/disk", True, ""),
        ("/work/content", True, "cifs"),
        ("/work/content", False, ""),
        ("/work/hidden/site", True, ""),
    ],
)
def test_the_mount_that_counts(folder: str, deep: bool, kind: str) -> None:
    found = silent(mounts_in(TABLE), folder, deep=deep)
    assert (found.kind if found else "") == kind


@pytest.mark.parametrize(
    "kind",
    [
        *("nfs", "nfs4", "cifs", "smb3", "9p", "virtiofs", "vboxsf", "overlay", "fakeowner"),
        *("fuse", "fuse.sshfs", "fuse.osxfs", "fuse.vmhgfs-fuse", "prl_fs", "drvfs", "ceph"),
    ],
)
def test_what_others_may_change_is_polled(kind: str) -> None:
    assert silent([Mount("/", kind)], "/site/content", deep=True) == Mount("/", kind)


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "zfs", "tmpfs", "fuseblk", "vfat"])
def test_what_only_this_machine_changes_is_not(kind: str) -> None:
    assert silent([Mount("/", kind)], "/site/content", deep=True) is None


# ------------------------------------------------------------------------- polled for real


@pytest.fixture
def layers(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """A folder that is mounted over another: what is written into that one, nobody hears of."""
    if not sys.platform.startswith("linux"):
        pytest.skip("mounts as Linux does")
    for name in ("lower", "upper", "work", "merged"):
        (tmp_path / name).mkdir()
    options = ",".join(f"{name}dir={tmp_path / name}" for name in ("lower", "upper", "work"))
    command = ["mount", "-t", "overlay", "overlay", "-o", options, str(tmp_path / "merged")]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("nothing can be mounted here")
    yield tmp_path / "upper", tmp_path / "merged"
    with suppress(subprocess.CalledProcessError):
        subprocess.run(["umount", "-l", str(tmp_path / "merged")], check=True)


@pytest.mark.long
def test_what_changes_behind_a_mount_is_shown(layers: tuple[Path, Path]) -> None:
    upper, merged = layers
    site, behind = SmallSite(merged / "site"), upper / "site/content/articles"
    site.article("one", "Old text.")
    site.article("two")
    with previewed(site.root) as preview:
        notice = preview.line("polled")
        assert f"{merged} (overlay)" in notice
        file = behind / "one.md"
        file.write_text(file.read_text().replace("Old text.", "New text."))
        eventually(lambda: b"New text." in preview.get("/2026/06/one/").body)
        (behind / "one.md").rename(behind / "three.md")
        eventually(lambda: preview.get("/2026/06/three/").status == 200)
        (behind / "two.md").unlink()
        eventually(lambda: preview.get("/2026/06/two/").status == 404)
        (behind / "week").mkdir()
        (behind / "week/four.md").write_text((behind / "three.md").read_text())
        eventually(lambda: preview.get("/2026/06/four/").status == 200)
        site.article("five")  # from this side
        preview.line("five.md")


@pytest.mark.long
def test_polling_is_forced(site: SmallSite) -> None:
    site.article("one", "Old text.")
    site.article("two")
    articles = site.root / "content/articles"
    with previewed(site.root, "--poll") as preview:
        preview.line("polled every second, as asked for")
        site.article("one", "New text.")
        eventually(lambda: b"New text." in preview.get("/2026/06/one/").body)
        (articles / "one.md").rename(articles / "three.md")
        eventually(lambda: preview.get("/2026/06/three/").status == 200)
        (articles / "two.md").unlink()
        eventually(lambda: preview.get("/2026/06/two/").status == 404)
        site.article("week/four")
        eventually(lambda: preview.get("/2026/06/four/").status == 200)
        site.write({"layouts/404.html": "Own page."})
        eventually(lambda: b"Own page." in preview.get("/nothing/").body)
        site.root.rename(site.root.with_name("away"))
        eventually(lambda: preview.get("/").status == 503)
        site.root.with_name("away").rename(site.root)
        site.article("one", "Newest text.")
        eventually(lambda: b"Newest text." in preview.get("/2026/06/one/").body)
