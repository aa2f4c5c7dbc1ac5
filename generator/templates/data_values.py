"""The data of a site as layouts see it: `data`, and in it folders, files, tables and rows.

What comes in are encoded files; what goes out cannot be changed, so that no page changes what
another shows. Each process decodes a file once.
"""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NoReturn

from generator.content.data.files import DataFile
from generator.mismatch import nearest


class Table(dict[str, Any]):
    """A table of data: what it does not hold is empty, as with `extra`.

    Behind a dot what it holds goes before what tables can do: `menu.items` is a field of that name.
    """

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_"):
            return super().__getattribute__(name)
        if name in self:
            return self[name]
        if name in _OF_TABLES:
            return super().__getattribute__(name)
        raise AttributeError(name)

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("data cannot be changed")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse


_OF_TABLES = frozenset({"get", "items", "keys", "values"})
"""What layouts can have a table do that holds nothing of that name."""


class Row(Table):
    """A row of a spreadsheet: a column that there is none of is a mistake."""


class Data:
    """What layouts have as `data`, or a folder in it: files and folders by name, decoded when they
    are asked for. It has no other attributes, so that any name may be that of a file.
    """

    __parts: Mapping[str, "DataFile | Data"] = {}

    def __init__(self, parts: Mapping[str, "DataFile | Data"]) -> None:
        self.__parts = parts

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __getitem__(self, name: str | int) -> Any:
        part = self.__parts[str(name)]
        return part if isinstance(part, Data) else _value(part)

    def __iter__(self) -> Iterator[str]:
        return iter(self.__parts)

    def __len__(self) -> int:
        return len(self.__parts)

    def __contains__(self, name: object) -> bool:
        return name in self.__parts

    def __str__(self) -> str:
        return ", ".join(self)


@lru_cache(maxsize=16)
def decoded_data(files: tuple[DataFile, ...]) -> Data:
    """Return what a layout has as `data` that reads these files."""
    return _folder([(file.name.split("/"), file) for file in files])


def lacking(owner: Row | Data, name: object) -> str:
    """Say that there is no column, or no data, of a name, and which may be meant."""
    kind, where = ("column", "") if isinstance(owner, Row) else ("data", "data")
    close = nearest(str(name), owner)
    hint = f", did you mean {spelled(close, where)}?" if close else ""
    return f"there is no {kind} `{name}`{hint}"


def dumped(value: Any, **how: Any) -> str:
    """Return a value as JSON, whatever the fields of its tables are called."""
    try:
        return json.dumps(value, **how)
    except TypeError:
        return json.dumps(_plain(value), **how)


def spelled(name: str, where: str) -> str:
    """Return how a name is written, or one that cannot be written after a dot with `where` it is:
    `team`, `data["my-team"]`.
    """
    return f"`{name}`" if name.isidentifier() else f'`{where}["{name}"]`'


def _folder(files: list[tuple[list[str], DataFile]]) -> Data:
    below: dict[str, list[tuple[list[str], DataFile]]] = {}
    for (first, *rest), file in files:
        below.setdefault(first, []).append((rest, file))
    return Data(
        {name: some[0][1] if not some[0][0] else _folder(some) for name, some in below.items()}
    )


_values: dict[str, tuple[str, Any]] = {}
"""What was decoded in this process, by the name of the file: the digest, and the value."""


def _value(file: DataFile) -> Any:
    known = _values.get(file.name)
    if known is None or known[0] != file.digest:
        known = _values[file.name] = file.digest, _decoded(file)
    return known[1]


def _decoded(file: DataFile) -> Any:
    written = file.written
    if written.columns is None:
        return _frozen(written.value)
    columns = written.columns
    return tuple(Row(zip(columns, cells, strict=True)) for cells in written.value)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in dict(value).items()}
    return [*map(_plain, value)] if isinstance(value, list | tuple) else value


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return Table({name: _frozen(part) for name, part in value.items()})
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
