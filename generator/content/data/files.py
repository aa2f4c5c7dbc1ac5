"""The files of a site's data, read: a value by name for each of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from pickle import PickleBuffer
from typing import Any

import msgspec

from generator.config import CONTENT, Settings
from generator.content.data.folder import ENDINGS, FOLDER, Found, find_data
from generator.content.data.rows import read_rows
from generator.content.data.values import read_value
from generator.content.matter import clean
from generator.content.sources import is_meant
from generator.errors import Problem, attempt, fault, is_error, unreadable
from generator.regular import read_whole
from generator.state.code_version import fingerprint
from generator.state.compression import compressed, expanded


class DataFile(msgspec.Struct, frozen=True, eq=False):
    """The value of a file by its name, such as `team`, or `shop/prices` in a folder.

    `value` is a `Written`, encoded and compressed, for it is sent with pages to be made elsewhere;
    `digest` is that of what was encoded.
    """

    name: str
    digest: str
    value: bytes

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DataFile):
            return False
        return (self.name, self.digest) == (other.name, other.digest)

    def __hash__(self) -> int:
        return hash((self.name, self.digest))

    def __reduce_ex__(self, protocol: Any) -> tuple[type["DataFile"], tuple[Any, ...]]:
        """Let whoever sends it to many send the value, if it is large, by itself."""
        value = PickleBuffer(self.value) if protocol >= 5 else self.value
        return DataFile, (self.name, self.digest, value)

    @property
    def written(self) -> "Written":
        """Return what stands in the file."""
        return _WRITTEN.decode(expanded(self.value))


class Written(msgspec.Struct, frozen=True, array_like=True):
    """What stands in a file: any value, or rows of texts below the names of `columns`."""

    value: Any
    columns: list[str] | None = None


_WRITTEN = msgspec.json.Decoder(Written)


def read_data(root: Path, settings: Settings) -> tuple[dict[str, DataFile], list[Problem]]:
    """Return the data of the site in `root` by name, and what is wrong with it.

    A file with an error in it is there all the same, and empty.
    """
    files: dict[str, DataFile] = {}
    paths: dict[str, str] = {}
    problems: list[Problem] = []
    for found in find_data(root, settings):
        name, file = found.name, found.file
        if found.error:
            problems.append(unreadable(file, found.error))
        elif not name:
            if not is_meant(f"{FOLDER}/{found.path}", settings.content.meant):
                problems.append(_no_data(file))
        elif name in files:
            problems.append(_taken(file, name, paths[name]))
        else:
            (digest, value), wrong = _read(root, found)
            files[name] = DataFile(name, digest, value)
            paths[name] = file
            problems += wrong
    return files, [*problems, *_in_folders(paths)]


# ------------------------------------------------------------------ what is wrong with names


def _no_data(file: str) -> Problem:
    what = f"no layout can see this file: it ends in none of {', '.join(ENDINGS)}"
    return Problem(file, 0, what, f"rename it, or take it out of {CONTENT}/{FOLDER}/", "warning")


def _taken(file: str, name: str, other: str) -> Problem:
    what = f'the name "{name}" is that of {other} already'
    return Problem(file, 0, what, "rename one of them")


def _in_folders(paths: Mapping[str, str]) -> Iterator[Problem]:
    """Yield files that have the name of a folder in which others are."""
    folders = {above: name for name in paths for above in _above(name)}
    for name in sorted(paths.keys() & folders):
        what = f'the name "{name}" is that of a folder already, in which is {paths[folders[name]]}'
        yield Problem(paths[name], 0, what, "rename one of them")


def _above(name: str) -> Iterable[str]:
    parts = name.split("/")
    return ("/".join(parts[:depth]) for depth in range(1, len(parts)))


# ----------------------------------------------------------------------------- reading


_Value = tuple[str, bytes]
"""The digest and the value of a `DataFile`."""
_NOTHING = "", b""


def _read(root: Path, found: Found) -> tuple[_Value, Sequence[Problem]]:
    """Return what stands in a file, nothing if there is an error in it, and what is wrong."""
    file, told = found.file, partial(fault, found.file)
    if found.refusal:  # the scan says the very same
        return _NOTHING, [Problem(file, 0, *found.refusal)]
    data = attempt(partial(read_whole, root / file), told)
    made = data if isinstance(data, Problem) else attempt(partial(_made, file, data), told)
    return (_NOTHING, [made]) if isinstance(made, Problem) else made


@lru_cache(maxsize=32)
def _made(file: str, data: bytes) -> tuple[_Value, Sequence[Problem]]:
    """Return what stands in a file that holds these bytes, and what is wrong with it.

    It is remembered: in a preview one file changes, and others do not.
    """
    written, problems = _written(file, clean(data))
    if any(map(is_error, problems)):
        return _NOTHING, problems
    encoded = msgspec.json.encode(written)
    return (fingerprint(encoded), compressed(encoded)), problems


def _written(file: str, text: str) -> tuple[Written, list[Problem]]:
    if file.lower().endswith(".csv"):
        rows, problems = read_rows(text, file)
        return Written(rows.cells, rows.columns), problems
    value, problems = read_value(text, file)
    return Written(value), problems
