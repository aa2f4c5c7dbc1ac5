"""Files that are copied as they are: their digests, the sizes of pictures, and what is no such
file by its first bytes.
"""

import hashlib
from collections.abc import Collection
from pathlib import Path

import msgspec

from generator.config import CONTENT
from generator.edition import edition
from generator.errors import Problem
from generator.globs import Glob
from generator.keep.stamps import Stamps
from generator.model import File
from generator.read.names import BARE_KEY, KEY
from generator.read.opening import HEAD, why_withheld
from generator.read.sources import Source, is_meant, regular_file, unreadable


class Copied(msgspec.Struct, frozen=True):
    """The copied files, by path; those that are not published for what they hold, and the keys
    that are published all the same, with the reason; what is wrong.
    """

    files: dict[str, File]
    withheld: dict[str, str]
    keys: dict[str, str]
    problems: list[Problem]


def read_files(
    root: Path, sources: list[Source], meant: Collection[Glob], stamps: Stamps
) -> Copied:
    """What is known of the files among these. One whose stamp is known is not read again.

    None is withheld that is `meant` to be published.
    """
    known = stamps.files()
    kept: dict[str, tuple[str, bytes]] = {}
    found = Copied({}, {}, {}, [])
    for source in sources:
        path = source.path
        if source.kind is not None or source.withheld:
            continue
        stamp = f"{source.stamp} {edition()}"
        if path in known and known[path][0] == stamp:
            seen = _SEEN.decode(known[path][1])
        else:
            try:
                seen = _look(path, regular_file(root / CONTENT / path))
            except OSError as error:
                found.problems.append(unreadable(path, error))
                continue
        if source.settled:
            kept[path] = (stamp, msgspec.msgpack.encode(seen))
        if seen.reason and not is_meant(path, meant):
            found.withheld[path] = seen.reason
        else:
            found.files[path] = seen.file
            if source.secret or seen.reason == BARE_KEY:
                found.keys[path] = KEY if source.secret else BARE_KEY
    if kept != known:
        stamps.keep_files(kept)
    return found


class _Seen(msgspec.Struct, frozen=True, array_like=True):
    """A file as its bytes are, and the reason, if there is any, not to publish such bytes."""

    file: File
    reason: str


def _look(path: str, full: Path) -> _Seen:
    import imagesize  # slow to import, and a build of texts needs none of it

    with full.open("rb") as data:
        reason = why_withheld(path, data.read(HEAD))
        data.seek(0)
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    sides = (max(0, round(side)) for side in imagesize.get(full))
    return _Seen(File(path, digest, full.stat().st_size, *sides), reason)


_SEEN = msgspec.msgpack.Decoder(_Seen)
