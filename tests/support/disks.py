"""Disks that are small, and full."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MIB = 2**20


@contextmanager
def disk(place: Path) -> Iterator[None]:
    """An empty file system of one MiB at `place`. Skips where only an administrator may mount."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MIB}", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("needs the right to mount a file system")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(place: Path, left: int) -> Path:
    """Fill a disk with one file, so that so many bytes are left on it."""
    filler = place / "filler"
    filler.touch()
    free = os.statvfs(place).f_bavail * os.statvfs(place).f_bsize
    filler.write_bytes(bytes(max(0, free - left)))
    return filler
