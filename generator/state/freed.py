"""How much room files take, and how much there is once they are taken away.

In come paths, out go counts of files and their bytes.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from generator.state.damaged import clear_away


class Room(msgspec.Struct, frozen=True):
    """The room that files take: how many they are, and their bytes."""

    files: int = 0
    bytes: int = 0

    def __add__(self, other: "Room") -> "Room":
        return Room(self.files + other.files, self.bytes + other.bytes)

    def __sub__(self, other: "Room") -> "Room":
        return Room(self.files - other.files, self.bytes - other.bytes)


def room_of(path: Path) -> Room:
    """Return the room that a file takes, or all that are in a folder; no link is followed."""
    sizes = [*_sizes(path)]
    return Room(len(sizes), sum(sizes))


def taken_away(path: Path) -> Room:
    """Remove what stands at a path, as far as that is possible; return the room that it took."""
    before = room_of(path)
    clear_away(path)
    return before - room_of(path)


def _sizes(path: Path) -> Iterator[int]:
    with suppress(OSError):
        if path.is_symlink() or not path.is_dir():
            yield path.lstat().st_size
            return
    for folder, folders, files in os.walk(path):
        links = (name for name in folders if Path(folder, name).is_symlink())
        for name in (*files, *links):
            with suppress(OSError):  # it may go while it is looked at
                yield Path(folder, name).lstat().st_size
