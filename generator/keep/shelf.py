"""One large value between builds: a file that is whole, or as good as not there."""

import zlib
from collections.abc import Iterable
from pathlib import Path

_SIGNATURE = 4


def put(path: Path, pieces: Iterable[bytes | memoryview]) -> None:
    """Write the pieces, and a checksum of them, in place of what was there."""
    unfinished = path.with_suffix(".new")
    checksum = 0
    with unfinished.open("wb") as file:
        file.write(bytes(_SIGNATURE))
        for piece in pieces:
            checksum = zlib.crc32(piece, checksum)
            file.write(piece)
        file.seek(0)
        file.write(checksum.to_bytes(_SIGNATURE, "big"))
    unfinished.replace(path)


def get(path: Path) -> bytes | None:
    """What was put there; None if there is nothing, or if it is damaged."""
    try:
        with path.open("rb") as file:
            checksum, value = file.read(_SIGNATURE), file.read()
    except OSError:
        return None
    return value if zlib.crc32(value).to_bytes(_SIGNATURE, "big") == checksum else None
