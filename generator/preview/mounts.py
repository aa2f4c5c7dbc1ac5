"""Know file systems whose files others may change without a word to this machine.

In comes a folder, out goes the mount that may change it unheard.

Linux tells of changes that are made through it. On a share of the network, in a container or in a
virtual machine files are changed elsewhere, and nothing is told of that.
"""

import re
from pathlib import Path
from typing import NamedTuple

_LOCAL = frozenset(
    # of disks and of memory
    {
        *("bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "jfs", "nilfs2", "reiserfs", "xfs"),
        *("zfs", "apfs", "hfs", "hfsplus", "ntfs", "ntfs3", "fuseblk", "exfat", "msdos", "vfat"),
        *("ecryptfs", "erofs", "iso9660", "minix", "squashfs", "ubifs", "udf"),
        *("devtmpfs", "ramfs", "rootfs", "tmpfs"),
    }
)
"""Kinds that only this machine changes. All others may be anybody's: nfs, cifs, 9p, virtiofs,
overlay, most of fuse.
"""
_TABLE = Path("/proc/self/mountinfo")


class Mount(NamedTuple):
    """A folder at which a file system begins, and its kind."""

    folder: str
    kind: str


def mounts() -> list[Mount]:
    """Return what is mounted, in the order of that; nothing where the system has no such table."""
    try:
        return mounts_in(_TABLE.read_text("utf-8", "surrogateescape"))
    except OSError:
        return []


def mounts_in(table: str) -> list[Mount]:
    """Return the mounts of a table as proc(5) describes `mountinfo`."""
    return [mount for mount in map(_mount, table.splitlines()) if mount]


def silent(table: list[Mount], folder: str, *, deep: bool) -> Mount | None:
    """Return the mount that may change a folder's files, or with `deep` those below, unheard.

    `folder` is a real path. Of mounts at one place the last hides those before.
    """
    there = {mount.folder: mount for mount in table}
    above = [folder, *map(str, Path(folder).parents)]
    found = [next((there[place] for place in above if place in there), None)]
    if deep:
        found += [mount for place, mount in there.items() if place.startswith(f"{folder}/")]
    return next((mount for mount in found if mount and mount.kind not in _LOCAL), None)


def _mount(line: str) -> Mount | None:
    before, _, after = line.partition(" - ")
    fields, kind = before.split(" "), after.partition(" ")[0]
    if len(fields) <= _POINT or not kind:
        return None
    return Mount(_ESCAPED.sub(lambda octal: chr(int(octal[1], 8)), fields[_POINT]), kind)


_POINT = 4
"""The field of the folder, from zero."""
_ESCAPED = re.compile(r"\\([0-7]{3})")
