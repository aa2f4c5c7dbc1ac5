"""What is known of files by how they look, so that one that looks as it did is not opened.

What comes in are the files of a site by path, each with its stamp and what was found out about it:
the key of a text, or the digest, the size and more of a file that is copied. That was found out
`under` something, such as the code's version: under anything else nothing is known.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Protocol, get_args

from generator.state.table import NO_ROWS, Rows, Seen, Table

Kind = Literal["texts", "copies"]
KnownFiles = Rows
NONE_KNOWN: KnownFiles = NO_ROWS


class Files(Protocol):
    """What holds what is known of files, by kind and path."""

    def known(self, kind: Kind, under: str) -> KnownFiles:
        """Return what was found out under this."""

    def keep(self, kind: Kind, under: str, files: Mapping[str, Seen]) -> None:
        """Hold all that is known of the files of a kind now, found out under this."""


class FileTable:
    """What is known of files, kept in a folder from one build to the next."""

    def __init__(self, folder: Path) -> None:
        self._tables = {kind: Table(folder / f"files.{kind}") for kind in get_args(Kind)}

    def known(self, kind: Kind, under: str) -> KnownFiles:
        table = self._tables[kind]
        table.read()
        return table.rows if table.note == under.encode() else NONE_KNOWN

    def keep(self, kind: Kind, under: str, files: Mapping[str, Seen]) -> None:
        self._tables[kind].write(files, under.encode())


class HeldFiles:
    """What a folder says is known of files, held in memory from then on: nothing is written."""

    def __init__(self, folder: Path) -> None:
        self._kept = FileTable(folder)
        self._held: dict[Kind, tuple[str, KnownFiles]] = {}

    def known(self, kind: Kind, under: str) -> KnownFiles:
        if kind not in self._held:
            self._held[kind] = under, self._kept.known(kind, under)
        held_under, files = self._held[kind]
        return files if held_under == under else NONE_KNOWN

    def keep(self, kind: Kind, under: str, files: Mapping[str, Seen]) -> None:
        self._held[kind] = under, Rows.of(files)
