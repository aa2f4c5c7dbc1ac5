"""One large value between builds: a file that is whole, or as good as not there."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from generator.regular import replacing
from generator.state.seal import signature, unsealed


class Blobs(Protocol):
    """What keeps large values by name from one build to the next; each may be gone by then."""

    def keep(self, name: str, pieces: Iterable[bytes | memoryview]) -> None: ...

    def kept(self, name: str) -> bytes | None: ...


def put(path: Path, pieces: Iterable[bytes | memoryview]) -> None:
    """Write the pieces, sealed with the file's name, in place of what was there.

    Several processes may do so at once: the last one wins.
    """
    pieces = [*pieces]
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    own = path.with_name(f"{path.name}.{os.getpid()}.new")
    with replacing(path, own) as unfinished, unfinished.open("wb") as file:
        file.write(signature(path.name, pieces))
        file.writelines(pieces)


def get(path: Path) -> bytes | None:
    """Return what was put there; None if there is nothing, or if it is damaged or another's."""
    try:
        return unsealed(path.name, path.read_bytes()) if path.is_file() else None
    except OSError:
        return None
