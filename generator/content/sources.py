"""The files below `content/`: which are texts, and of what kind; which may be copied."""

import errno
import os
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from generator import errors
from generator.config import CONTENT
from generator.content.borders import Borders, Refusal
from generator.content.names import KEY, is_ignored, is_key, kind_of, may_be_public, why_withheld
from generator.content.opening import HEAD, is_no_secret
from generator.errors import Problem
from generator.globs import Glob
from generator.model import Kind
from generator.regular import regular_file
from generator.schema import CONTROL
from generator.state.files import NONE_KNOWN, KnownFiles
from generator.state.stamp import Stamp, look_of, regular_stamp


class Source(NamedTuple):
    """A file below `content/`. `kind` is None for one that is copied.

    `stamp` is how it looks from outside, None if it is no regular file. It is `settled` if
    nobody can write the file again without another stamp. `refused` is why a link may not lead
    to it. `withheld` is why a file of this name is not published. `secret`: it holds a key,
    published or not. `error`: it is a folder that cannot be looked into.
    """

    path: str
    kind: Kind | None
    stamp: Stamp | None = None
    settled: bool = False
    refused: Refusal | None = None
    withheld: str = ""
    secret: bool = False
    error: OSError | None = None


class Found(NamedTuple):
    """A file below a folder: its path from there, how it looks, and whether a link leads there.

    `status` is None for a link that leads nowhere, and for a folder that cannot be looked into
    for an `error`.
    """

    path: str
    status: os.stat_result | None
    linked: bool
    error: OSError | None = None


class FoundSources(NamedTuple):
    """What is below `content/`: the rows of the known texts that look as they did, and the rest.

    `others` are in the order of their paths.
    """

    as_known: list[int]
    others: list[Source]


def find_sources(
    root: Path,
    meant: Collection[Glob],
    limits: Borders,
    declared: Mapping[str, Kind] = MappingProxyType({}),
    texts: KnownFiles = NONE_KNOWN,
) -> FoundSources:
    """Return every file below `content/` that is no clutter.

    None is withheld that is `meant` to be published. No link is followed that leads out of the
    site's `limits`: it stands for what it leads to. Of the `texts` that are known, those that look
    as they did are texts as they were.
    """
    now = time.time_ns()
    content = str(root / CONTENT)
    as_known: list[int] = []

    def source(found: Found) -> Source:
        path, status, linked, error = found
        if error:
            return Source(path, None, error=error)
        reason = why_withheld(path)
        secret = reason == KEY and not _is_public(f"{content}/{path}")
        if reason == KEY and not secret:
            reason = why_withheld(path, is_public=True)
        return Source(
            path,
            None if reason else kind_of(path, declared),
            regular_stamp(status),
            status is not None and is_settled(status, now),
            limits.refusal(f"{content}/{path}") if linked else None,
            "" if reason and is_meant(path, meant) else reason,
            secret,
        )

    def is_as_known(path: str, entry: os.DirEntry[str]) -> bool:
        row = texts.places.get(path)
        if row is None or entry.is_symlink():
            return False
        status = _status(entry)
        if status is None or look_of(status) != texts.look(row):
            return False
        as_known.append(row)
        return True

    ignored = partial(is_left_out, meant=meant) if meant else is_ignored
    found = walk(content, ignored, limits.leads_out, is_known=is_as_known)
    others = sorted(map(source, found), key=lambda source: source.path)
    return FoundSources(sorted(as_known), others)


def is_meant(path: str, meant: Collection[Glob]) -> bool:
    """Return whether a content file is to be published whatever it is."""
    return any(glob.matches(path) for glob in meant)


def is_left_out(name: str, meant: Collection[Glob]) -> bool:
    """Return whether a file or folder of this name is none of the site's, whatever is in it."""
    return is_ignored(name) and not any(glob.has_hidden(name) for glob in meant)


def is_settled(status: os.stat_result, now: int) -> bool:
    """Return whether a file seen at `now`, in nanoseconds, is old enough to be known by its stamp.

    Clocks of file systems tick: what is written twice within a tick has one stamp. Those
    that keep no fractions of a millisecond may tick only every other second.
    """
    tick = _FINE if status.st_mtime_ns % 1_000_000 else _COARSE
    return now - max(status.st_mtime_ns, status.st_ctime_ns) > tick


_FINE, _COARSE = 50_000_000, 2_000_000_000


def is_odd(path: str) -> bool:
    """Return whether a name holds what no address or list of files could carry."""
    if path.isprintable():
        return False
    return bool(CONTROL.search(path)) or len(path.splitlines()) > 1


def odd_names(sources: list[Source]) -> Iterator[Problem]:
    """Yield files whose names no address or list could carry, that no link may lead to, or that
    cannot be seen.
    """
    for source in sources:
        if is_odd(source.path):
            shown = source.path.encode("unicode_escape").decode()
            what = "the file's name holds a control character, or is no UTF-8"
            yield Problem(f"{CONTENT}/{shown}", 0, what, "rename it")
        elif source.error:
            yield unreadable(source.path, source.error)
        elif source.refused:
            yield Problem(f"{CONTENT}/{source.path}", 0, *source.refused)


def unreadable(path: str, error: OSError) -> Problem:
    """Return the problem of a content file that cannot be read.

    It is that of the folder itself if the file has no path.
    """
    return errors.unreadable(f"{CONTENT}/{path}".rstrip("/"), error)


_MOST_LINKED = 100_000
"""Folders that lead to each other by links, in circles or not, can be gone through for ever."""


def walk(
    top: str,
    ignored: Callable[[str], bool],
    leads_out: Callable[[str], bool] = lambda _: False,
    most_linked: int = _MOST_LINKED,
    is_known: Callable[[str, os.DirEntry[str]], bool] = lambda *_: False,
) -> Iterator[Found]:
    """Yield every file below a folder, in no order; nothing if there is no such folder.

    A link that leads back to a folder above is not followed, nor one to a folder that `leads_out`
    of where links may lead: it stands for what it leads to. If links lead to more files than
    `most_linked`, that is the last that is found, as an error of `ELOOP`. A file that no link leads
    to is left out if it `is_known`.
    """
    linked = os.path.islink(top)  # noqa: PTH114 (whoever looks into it says what is wrong with it)
    ahead = deque([(top, "", frozenset[str](), linked)])
    linked_files = 0
    while ahead and linked_files <= most_linked:
        folder, prefix, above, linked = ahead.pop()
        real = os.path.realpath(folder)
        if real in above:
            continue
        try:
            entries = _entries(folder)
        except OSError as error:
            if prefix or os.path.lexists(top):
                yield Found(prefix.rstrip("/"), None, linked, error)
            continue
        for entry in entries:
            if not linked and is_known(prefix + entry.name, entry):
                continue
            is_folder = _is_folder(entry)
            if ignored(entry.name) and (is_folder or not is_key(entry.name)):
                continue
            is_linked = linked or entry.is_symlink()
            linked_files += is_linked
            if not is_folder or (entry.is_symlink() and leads_out(entry.path)):
                yield Found(prefix + entry.name, _status(entry), is_linked)
                continue
            below = (entry.path, f"{prefix}{entry.name}/", above | {real}, is_linked)
            ahead.appendleft(below) if is_linked else ahead.append(below)  # links are followed last
    if ahead:
        endless = OSError(errno.ELOOP, f"links lead to more than {most_linked:,} files")
        yield Found(ahead[-1][1].rstrip("/"), None, True, endless)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)


def _is_public(path: str) -> bool:
    """Return whether a file with the name of a key can be read and holds none."""
    if not may_be_public(path):
        return False
    try:
        with regular_file(Path(path)).open("rb") as file:
            return is_no_secret(file.read(HEAD))
    except OSError:
        return False


def _status(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat()
    except OSError:  # a link that leads nowhere
        return None


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False
