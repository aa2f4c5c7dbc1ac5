"""The door: a raw table of fields becomes a typed value, or a list of what is wrong with it.

Front matter and `site.toml` enter here. A value's type is a msgspec Struct; each
mistake is reported on its own, with the line of the field, so that an editor sees all
of them at once.
"""

import difflib
import re
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from functools import cache
from typing import Any, NamedTuple, TypeVar

import msgspec

from generator.errors import Problem, is_error

T = TypeVar("T", bound=msgspec.Struct)
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML does not allow, and which nobody can see: no feed could carry them.

Half a pair of surrogates, which JSON can write, is among them.
"""
Path = tuple[str | int, ...]


class Door(NamedTuple):
    """Where the fields come from: the file, the line of a field, the zone of bare dates.

    `unknown` is how serious a field is that nobody knows.
    """

    file: str
    line: Callable[[Path], int]
    zone: tzinfo
    unknown: typing.Literal["error", "warning"] = "error"

    def problem(self, path: Path, what: str, remedy: str = "") -> Problem:
        return Problem(self.file, self.line(path), what, remedy)


def decode(
    kind: type[T], raw: Mapping[str, Any], door: Door, path: Path = ()
) -> tuple[T | None, list[Problem]]:
    """The table `raw` as a `kind`, and every mistake in it.

    The value is None when a mistake is an error. A field that is null counts as absent.
    """
    values: dict[str, Any] = {}
    problems = _unknown_fields(kind, raw, door, path)
    for name, field in _fields(kind).items():
        here = (*path, name)
        if raw.get(name) is not None:
            values[field.name], found = _value(field.type, raw[name], door, here)
            problems += found
            if field.required and values[field.name] == "":
                what = f"{_name(here)} is empty"
                problems.append(door.problem(here, what, f"fill in `{name}`"))
        elif field.required:
            remedy = f"add `{name}`"
            problems.append(door.problem(here, f"{_name(here)} is missing", remedy))
    if any(map(is_error, problems)):
        return None, problems
    return kind(**values), problems


def moment(value: object, zone: tzinfo) -> datetime:
    """A date or date-time as an aware datetime; one without a zone is in `zone`.

    Raises ValueError when it is none.
    """
    if isinstance(value, str):
        value = datetime.fromisoformat(_padded(value.strip()))
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if not isinstance(value, datetime):
        raise ValueError(value)
    if value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    value.utctimetuple()  # a zone can push the first or last day of the calendar over its edge
    return value


def _padded(text: str) -> str:
    """A date as YAML also allows it, as ISO 8601 has it: 2026-3-1 8:00 +2:00."""
    text = re.sub(r"\s+(?=[+-]\d)", "", text)
    return re.sub(r"(?<=[-T +:])(\d)(?=[-T +:]|$)", r"0\1", text)


def nearest(name: str, known: list[str]) -> str:
    """The known name most like `name`, or an empty string."""
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.6)), "")


def toml_line(text: str, path: Path) -> int:
    """The line on which a key stands in TOML, as near as its tables tell; 1 if nowhere."""
    tables: list[str | int] = []
    seen: dict[tuple[str | int, ...], int] = {}
    best, depth = 1, 0
    for number, row in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*(\[\[?)\s*([^\]]+?)\s*\]", row):
            tables = [part.strip("\"' ") for part in header[2].split(".")]
            if header[1] == "[[":
                index = seen[tuple(tables)] = seen.get(tuple(tables), -1) + 1
                tables.append(index)
            here: list[str | int] = tables
        elif key := _TOML_KEY.match(row):
            here = [*tables, *(part.strip("\"'") for part in _TOML_NAME.findall(key[1]))]
        else:
            continue
        if len(here) > depth and tuple(here) == path[: len(here)]:
            best, depth = number, len(here)
    return best


_TOML_NAME = re.compile(r"""[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*'""")
_TOML_KEY = re.compile(rf"\s*((?:{_TOML_NAME.pattern})(?:\s*\.\s*(?:{_TOML_NAME.pattern}))*)\s*=")


class _Field(NamedTuple):
    """A field of a struct: its name there, the type of what it is if not null."""

    name: str
    type: Any
    required: bool


@cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, _Field]:
    """A struct's fields as they are named outside; msgspec works them out anew each time."""
    return {
        field.encode_name: _Field(field.name, _without_none(field.type), field.required)
        for field in msgspec.structs.fields(kind)
    }


def _unknown_fields(
    kind: type[msgspec.Struct], raw: Mapping[str, Any], door: Door, path: Path
) -> list[Problem]:
    known = _fields(kind)
    problems = []
    for name in raw:
        if name not in known:
            close = nearest(str(name), list(known))
            remedy = f"did you mean `{close}`?" if close else f"known here: {', '.join(known)}"
            here = (*path, name)
            what = f"unknown field `{_name(here)}`"
            problems.append(Problem(door.file, door.line(here), what, remedy, door.unknown))
    return problems


def _value(kind: Any, raw: Any, door: Door, path: Path) -> tuple[Any, list[Problem]]:
    """One field's value; how it is read follows from its type, which is not null."""
    if kind is str and isinstance(raw, str) and raw.isprintable():
        return " ".join(raw.split()), []  # as `_plain` does, sooner: most values are such
    if kind is datetime:
        return _moment(raw, door, path)
    if _is_struct(kind):
        if not isinstance(raw, Mapping):
            what = f"{_name(path)}: expected a table of fields, got {_kind_of(raw)}"
            return None, [door.problem(path, what, f"write {_needed(kind)} below it")]
        return decode(kind, raw, door, path)
    if typing.get_origin(kind) is tuple and not isinstance(raw, list | tuple):
        what, remedy = _mismatch(tuple[str, ...], raw)
        if _is_struct(typing.get_args(kind)[0]):
            remedy = f"write a list of tables, each with {_needed(typing.get_args(kind)[0])}"
        return None, [door.problem(path, f"{_name(path)}: {what}", remedy)]
    if typing.get_origin(kind) is tuple:
        item = typing.get_args(kind)[0]
        pairs = [_value(item, one, door, (*path, i)) for i, one in enumerate(raw)]
        return tuple(value for value, _ in pairs), [p for _, found in pairs for p in found]
    if typing.get_origin(kind) is dict and _is_struct(typing.get_args(kind)[1]):
        if not isinstance(raw, Mapping):
            what = f"{_name(path)}: expected a table of tables, got {_kind_of(raw)}"
            return None, [door.problem(path, what, f"write [{_name(path)}.NAME]")]
        tables = {k: _value(typing.get_args(kind)[1], v, door, (*path, k)) for k, v in raw.items()}
        return {k: v for k, (v, _) in tables.items()}, [p for _, f in tables.values() for p in f]
    return _plain(kind, raw, door, path)


def _plain(kind: Any, raw: Any, door: Door, path: Path) -> tuple[Any, list[Problem]]:
    if kind is str and isinstance(raw, int | float) and not isinstance(raw, bool):
        raw = str(raw)  # `title: 1984` is a title
    if kind is str and isinstance(raw, date):
        raw = raw.isoformat()
    try:
        control = CONTROL.search(_all_text(raw))
    except RecursionError:
        return None, [door.problem(path, f"{_name(path)}: it holds itself", "take it out")]
    if control:
        what = f"{_name(path)}: it holds the control character {control[0]!r}"
        return None, [door.problem(path, what, "take it out")]
    if kind is str and isinstance(raw, str):
        raw = " ".join(raw.split())  # a headline over two lines of YAML is one
    try:
        return msgspec.convert(msgspec.to_builtins(raw, str_keys=True), kind), []
    except (msgspec.ValidationError, TypeError):
        what, remedy = _mismatch(kind, raw)
        return None, [door.problem(path, f"{_name(path)}: {what}", remedy)]


def _moment(raw: Any, door: Door, path: Path) -> tuple[datetime | None, list[Problem]]:
    try:
        return moment(raw, door.zone), []
    except (ValueError, OverflowError):
        shown = f'"{raw}"' if isinstance(raw, str | int | date) else _kind_of(raw)
        what = f"{_name(path)}: {shown} is not a date"
        return None, [door.problem(path, what, "write 2026-03-31 or 2026-03-31T08:00")]


def _without_none(kind: Any) -> Any:
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        rest = [k for k in typing.get_args(kind) if k is not type(None)]
        return rest[0] if len(rest) == 1 else kind
    return kind


def _name(path: Path) -> str:
    """`image.src`, `corrections[2].text`: counted from 1, as people count."""
    text = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in path)
    return text.removeprefix(".")


def _all_text(raw: Any) -> str:
    """Every text in a value, however deep."""
    if isinstance(raw, Mapping):
        return "".join(_all_text(part) for pair in raw.items() for part in pair)
    if isinstance(raw, list | tuple):
        return "".join(map(_all_text, raw))
    return raw if isinstance(raw, str) else ""


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _needed(kind: type[msgspec.Struct]) -> str:
    """The fields that a table of this kind must have, or might have."""
    fields = _fields(kind)
    required = [name for name, field in fields.items() if field.required] or fields
    return " and ".join(f"`{name}`" for name in required)


def _mismatch(kind: Any, raw: Any) -> tuple[str, str]:
    """What is wrong with a value that is no `kind`, and what to write instead."""
    if typing.get_origin(kind) is typing.Literal:
        choices = [str(choice) for choice in typing.get_args(kind)]
        close = nearest(str(raw), choices)
        remedy = f'did you mean "{close}"?' if close else "write one of them"
        return f'"{raw}" is none of {", ".join(choices)}', remedy
    wanted, remedy = _WANTED.get(str(kind), ("something else", ""))
    if isinstance(raw, bool) and kind is str:
        remedy = "put it in quotes"
    if isinstance(raw, str) and wanted == "a list":
        remedy = f"write [{raw}]"
    return f"expected {wanted}, got {_kind_of(raw)}", remedy


_WANTED: typing.Final = {
    str(str): ("text", "write text in quotes"),
    str(int): ("a whole number", "write one such as 3"),
    str(float): ("a number", "write one such as 0.5"),
    str(bool): ("true or false", "write true or false"),
    str(str | bool): ("a name, true or false", "write a name, true or false"),
    str(bool | str): ("a name, true or false", "write a name, true or false"),
    str(str | tuple[str, ...]): ("a name or a list of names", "write [A, B]"),
    str(tuple[str, ...]): ("a list", "write [A, B]"),
    str(dict[str, str]): ("a table of texts", "write fields below it"),
    str(dict[str, Any]): ("a table", "write fields below it"),
}


def _kind_of(raw: Any) -> str:
    """What a value is, in an editor's words."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if raw is None:
        return "nothing"
    if isinstance(raw, list | tuple):
        return "a list"
    if isinstance(raw, Mapping):
        return "a table of fields"
    return "a number" if isinstance(raw, int | float) else "text"
