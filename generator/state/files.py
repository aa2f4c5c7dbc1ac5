"""What is known of files by how they look, so that one that looks as it did is not opened.

What comes in are the files of a site by path, each with its stamp and what was found out about it:
the key of a text, or the digest, the size and more of a file that is copied. That was found out
`under` something, such as the code's version: under anything else nothing is known.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple, Protocol, get_args

import msgspec

from generator.state.journal import Journal
from generator.state.stamp import Stamp, packed, unpacked

Kind = Literal["texts", "copies"]


class Seen(NamedTuple):
    """A file as it was seen: how it looked, and what was found out about it."""

    stamp: Stamp
    value: bytes


KnownFiles = Mapping[str, Seen]
NONE_KNOWN: KnownFiles = {}


class Files(Protocol):
    """What holds what is known of files, by kind and path."""

    def known(self, kind: Kind, under: str) -> KnownFiles:
        """Return what was found out under this."""

    def keep(self, kind: Kind, under: str, files: KnownFiles) -> None:
        """Hold all that is known of the files of a kind now, found out under this."""


class FileTable:
    """What is known of files, kept in a folder from one build to the next."""

    def __init__(self, folder: Path) -> None:
        self._tables = {kind: _Table(folder / f"files.{kind}") for kind in get_args(Kind)}

    def known(self, kind: Kind, under: str) -> KnownFiles:
        return self._tables[kind].read(under)

    def keep(self, kind: Kind, under: str, files: KnownFiles) -> None:
        self._tables[kind].write(under, files)


class HeldFiles:
    """What a folder says is known of files, held in memory from then on: nothing is written."""

    def __init__(self, folder: Path) -> None:
        self._kept = FileTable(folder)
        self._held: dict[Kind, tuple[str, KnownFiles]] = {}

    def known(self, kind: Kind, under: str) -> KnownFiles:
        if kind not in self._held:
            self._held[kind] = under, self._kept.known(kind, under)
        held_under, files = self._held[kind]
        return files if held_under == under else {}

    def keep(self, kind: Kind, under: str, files: KnownFiles) -> None:
        self._held[kind] = under, files


class _Rows(msgspec.Struct, array_like=True, frozen=True):
    """Rows of a table: paths, stamps end to end, values; and paths that are there no more."""

    under: str
    paths: list[str]
    stamps: bytes
    values: list[bytes]
    gone: list[str]


class _Table:
    """Files by path. A frame of its journal has the rows that are others than those before it."""

    def __init__(self, path: Path) -> None:
        self._journal = Journal(path)
        self._last: tuple[str, KnownFiles] = "", {}

    def read(self, under: str) -> KnownFiles:
        known: dict[str, Seen] = {}
        rows = _Rows("", [], b"", [], [])
        try:
            for frame in self._journal.frames():
                rows = _ROWS.decode(frame)
                known |= zip(rows.paths, map(Seen, unpacked(rows.stamps), rows.values), strict=True)
                for path in rows.gone:
                    known.pop(path, None)
        except (msgspec.MsgspecError, ValueError):  # another version wrote it
            return {}
        self._last = rows.under, known
        return known if rows.under == under else {}

    def write(self, under: str, files: KnownFiles) -> None:
        last_under, known = self._last
        if last_under != under:
            known = {}
        new = {path: seen for path, seen in files.items() if known.get(path) != seen}
        gone = [path for path in known if path not in files]
        if known and not self._journal.has_grown and 2 * len(new) < len(files):
            self._journal.append([_encoded(under, new, gone)])
        else:
            self._journal.replace([_encoded(under, files, [])])
        self._last = under, files


def _encoded(under: str, files: KnownFiles, gone: list[str]) -> bytes:
    stamps = packed(seen.stamp for seen in files.values())
    values = [seen.value for seen in files.values()]
    return msgspec.msgpack.encode(_Rows(under, list(files), stamps, values, gone))


_ROWS = msgspec.msgpack.Decoder(_Rows)
