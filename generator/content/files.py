"""Files that are copied as they are.

What comes in are the files that were found, and how they looked before; what goes out are their
digests, the sizes of pictures and the lengths of recordings, and which are no such files by their
first bytes.
"""

import errno
from collections.abc import Collection
from functools import partial
from pathlib import Path

import msgspec

from generator.config import CONTENT
from generator.content.names import BARE_KEY, KEY
from generator.content.opening import HEAD, why_withheld
from generator.content.pictures import is_raster, measured
from generator.content.places import doubts_of
from generator.content.recordings import chapters_in, length_of
from generator.content.sources import Source, is_meant
from generator.errors import Problem, attempt, fault
from generator.globs import Glob
from generator.model import File, Raster
from generator.regular import regular_file
from generator.state.code_version import code_version
from generator.state.digests import digest_of_source
from generator.state.files import Files
from generator.state.table import Seen


class Copied(msgspec.Struct, frozen=True):
    """The copied files, by path; those that are not published for what they hold, and the keys
    that are published all the same, with the reason; what is wrong.
    """

    files: dict[str, File]
    withheld: dict[str, str]
    keys: dict[str, str]
    problems: list[Problem]


def read_files(
    root: Path, sources: list[Source], meant: Collection[Glob], seen_files: Files
) -> Copied:
    """Return what is known of the files among these. One whose stamp is known is not read again.

    None is withheld that is `meant` to be published.
    """
    under = code_version()
    known = seen_files.known("copies", under)
    kept: dict[str, Seen] = {}
    found = Copied({}, {}, {}, [])
    for source in sources:
        path = source.path
        if source.kind is not None or source.withheld:
            continue
        last = known.get(path)
        if last and last.stamp == source.stamp:
            seen = _SEEN.decode(last.value)
        else:
            file = f"{CONTENT}/{path}"
            looked = attempt(partial(_look, path, root / file), partial(fault, file))
            if isinstance(looked, Problem):
                found.problems.append(looked)
                continue
            seen = looked
        if source.settled and source.stamp:
            kept[path] = Seen(source.stamp, msgspec.msgpack.encode(seen))
        if seen.reason and not is_meant(path, meant):
            found.withheld[path] = seen.reason
        else:
            found.files[path] = seen.file
            if source.secret or seen.reason == BARE_KEY:
                found.keys[path] = KEY if source.secret else BARE_KEY
    if kept != known:
        seen_files.keep("copies", under, kept)
    return found


class _Seen(msgspec.Struct, frozen=True, array_like=True):
    """A file as its bytes are, and the reason, if there is any, not to publish such bytes."""

    file: File
    reason: str


def _look(path: str, full: Path) -> _Seen:
    size = regular_file(full).stat().st_size
    if size > MOST_COPIED:
        raise OSError(errno.EFBIG, f"it is larger than {MOST_COPIED // 1_000_000_000} GB")
    with full.open("rb") as data:
        reason = why_withheld(path, data.read(HEAD))
        data.seek(0)
        digest = digest_of_source(data)
    width, height, flaw = measured(full)
    raster: Raster | None = None
    if not flaw and is_raster(path):
        width, height, flaw, raster = _looked_at(full)
    seconds, chapters = length_of(full), chapters_in(full)
    doubts = tuple(doubts_of(full))
    file = File(path, digest, size, width, height, flaw, seconds, chapters, raster, doubts)
    return _Seen(file, reason)


def _looked_at(full: Path) -> tuple[int, int, str, Raster | None]:
    """Return the sides of a picture of pixels as people see it, its flaw, and what is in it."""
    from generator.pictures.looking import Flaw, look_at_picture  # few sites' builds need it

    found = look_at_picture(full)
    if isinstance(found, Flaw):
        return 0, 0, found.what, None
    rights = found.rights
    credit = rights.credit or rights.creator or rights.copyright
    given = found.format, found.is_animated, found.has_alpha, found.colour, found.focus, credit
    return found.width, found.height, "", Raster(*given)


MOST_COPIED = 5_000_000_000
"""Bytes of a file that is copied: no host takes larger ones, and to read them takes minutes."""
_SEEN = msgspec.msgpack.Decoder(_Seen)
