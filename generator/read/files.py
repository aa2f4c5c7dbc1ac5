"""Files that are copied as they are: their digests, and the sizes of pictures."""

import hashlib
from pathlib import Path

import msgspec

from generator.config import CONTENT
from generator.edition import edition
from generator.errors import Problem
from generator.keep.stamps import Stamps
from generator.model import File
from generator.read.sources import Source, regular_file, unreadable


def read_files(
    root: Path, sources: list[Source], stamps: Stamps
) -> tuple[dict[str, File], list[Problem]]:
    """The copied files, by path. One whose stamp is known is not read again."""
    known = stamps.files()
    kept: dict[str, tuple[str, bytes]] = {}
    files: dict[str, File] = {}
    problems: list[Problem] = []
    for path, kind, looks, settled, _ in sources:
        if kind is not None:
            continue
        stamp = f"{looks} {edition()}"
        if path in known and known[path][0] == stamp:
            files[path] = msgspec.msgpack.decode(known[path][1], type=File)
        else:
            try:
                files[path] = _file(path, regular_file(root / CONTENT / path))
            except OSError as error:
                problems.append(unreadable(path, error))
                continue
        if settled:
            kept[path] = (stamp, msgspec.msgpack.encode(files[path]))
    if kept != known:
        stamps.keep_files(kept)
    return files, problems


def _file(path: str, full: Path) -> File:
    import imagesize  # slow to import, and a build of texts needs none of it

    with full.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    width, height = imagesize.get(full)
    return File(path, digest, full.stat().st_size, max(0, round(width)), max(0, round(height)))
