"""Files that are copied as they are: their digests, and the sizes of pictures."""

import hashlib
import time
from pathlib import Path

import imagesize
import msgspec

from generator.config import CONTENT
from generator.edition import edition
from generator.errors import Problem
from generator.keep.cache import Cache
from generator.keep.output import stamp_of
from generator.model import File
from generator.read.sources import Source, regular_file, unreadable

_SETTLED = 2_000_000_000
"""Nanoseconds. A file younger than this may change again without a new stamp."""


def read_files(
    root: Path, sources: list[Source], cache: Cache
) -> tuple[dict[str, File], list[Problem]]:
    """The copied files, by path. One whose stamp the cache knows is not read again."""
    known = cache.files()
    kept: dict[str, tuple[str, bytes]] = {}
    files: dict[str, File] = {}
    problems: list[Problem] = []
    for path in (source.path for source in sources if source.kind is None):
        full = root / CONTENT / path
        try:
            status = regular_file(full).stat()
            stamp = f"{stamp_of(status)} {edition()}"
            if path in known and known[path][0] == stamp:
                files[path] = msgspec.msgpack.decode(known[path][1], type=File)
            else:
                files[path] = _file(path, full)
        except OSError as error:
            problems.append(unreadable(path, error))
            continue
        if time.time_ns() - status.st_mtime_ns > _SETTLED:
            kept[path] = (stamp, msgspec.msgpack.encode(files[path]))
    if kept != known:
        cache.keep_files(kept)
    return files, problems


def _file(path: str, full: Path) -> File:
    with full.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    width, height = imagesize.get(full)
    return File(path, digest, full.stat().st_size, max(0, round(width)), max(0, round(height)))
