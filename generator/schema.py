"""The door: a raw table of fields becomes a typed value, or a list of what is wrong with it.

Front matter and `site.toml` enter here. A value's type is a msgspec Struct; each
mistake is reported on its own, with the line of the field, so that an editor sees all
of them at once.
"""

import re
import typing
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, tzinfo
from functools import cache
from math import isfinite
from typing import Any, Literal, TypeVar

import msgspec

from generator.codes import Code
from generator.errors import Problem, is_error
from generator.fields import (
    TIMED,
    Field,
    Path,
    chosen,
    fields_of,
    is_struct,
    is_text,
    named,
    options,
)
from generator.mismatch import kind_of, mismatch, near, needed, table_for
from generator.moments import has_time, moment, no_moment
from generator.spelling import Format, Scalar, plain

T = TypeVar("T", bound=msgspec.Struct)
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML does not allow, and which nobody can see: no feed could carry them.

Half a pair of surrogates, which JSON can write, is among them.
"""


Severity = Literal["error", "warning"]


class Door(msgspec.Struct, frozen=True):
    """Where the fields come from: the file, the line of a field, the zone of bare dates.

    What is to be written instead of something is shown in the file's own format, `form`.
    """

    file: str
    line: Callable[[Path], int]
    zone: tzinfo
    form: Format = "toml"

    def problem(
        self,
        path: Path,
        what: str,
        remedy: str = "",
        severity: Severity = "error",
        code: Code = Code.WRONG_VALUE,
    ) -> Problem:
        """Return a problem of the field at `path`."""
        return Problem(self.file, self.line(path), what, remedy, severity, code=code)

    def unknown(
        self,
        kind: type[msgspec.Struct],
        raw: Mapping[str, Any],  # noqa: ARG002 (for those who look at the value)
        path: Path,
    ) -> Problem:
        """Return what is to be said of the last field of `path`, which a `kind` does not have.

        `raw` is the whole table.
        """
        name, known = str(path[-1]), fields_of(kind)
        close = near(name, known)
        remedy = f"did you mean `{close}`?" if close else f"known here: {', '.join(known)}"
        what = f"unknown field `{named(path)}`"
        return self.problem(path, what, remedy, code=Code.UNKNOWN_FIELD)

    def advice(self, path: Path, raw: Any, remedy: str) -> str:  # noqa: ARG002 (for those who know)
        """Say what to do about the value of the field at `path`, which is of a wrong type."""
        return remedy


def decode(
    kind: type[T], raw: Mapping[str, Any], door: Door, path: Path = ()
) -> tuple[T | None, list[Problem]]:
    """Return the table `raw` as a `kind`, and every mistake in it.

    The value is None when a mistake is an error. A field that is null counts as absent.
    """
    if len(raw) > MOST_FIELDS:
        what = f"{named(path) or 'this'} has {len(raw):,} fields"
        return None, [door.problem(path, what, f"leave {MOST_FIELDS:,} at most")]
    values: dict[str, Any] = {}
    known = fields_of(kind)
    problems = [door.unknown(kind, raw, (*path, name)) for name in raw if name not in known]
    for name, field in known.items():
        given = raw.get(name)
        if given is not None and not _is_absent(given, field.type):
            here = (*path, name)
            values[field.name], found = _value(field.type, given, door, here)
            problems += found
            if field.required and values[field.name] == "":
                what = f"{named(here)} is empty"
                remedy = f"fill in `{name}`"
                problems.append(door.problem(here, what, remedy, code=Code.MISSING_FIELD))
        elif field.required:
            here = (*path, name)
            what, remedy = f"{named(here)} is missing", f"add `{name}`"
            problems.append(door.problem(here, what, remedy, code=Code.MISSING_FIELD))
    if any(map(is_error, problems)):
        return None, problems
    if TIMED in kind.__struct_fields__:
        values[TIMED] = tuple(_timed(kind, raw))
    return kind(**values), problems


def _timed(kind: type[msgspec.Struct], raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the moments that are written with a time of day."""
    for name, field in _moments(kind):
        if name in raw:
            value = raw[name]
            if has_time(_meant(datetime, value) if isinstance(value, Scalar) else value):
                yield field.name


@cache
def _moments(kind: type[msgspec.Struct]) -> list[tuple[str, Field]]:
    return [one for one in fields_of(kind).items() if one[1].type is datetime]


MOST_FIELDS, MOST_ITEMS = 500, 1_000
"""Fields of a table that has some, and items of a list, such as the tags of a story."""


def _is_absent(raw: Any, kind: Any) -> bool:
    """Return whether nothing is given: `null`, `~` or no value. In a text, `NULL` is a name."""
    if not isinstance(raw, Scalar):
        return raw is None
    return raw.value is None and (raw.typed in _NOTHING or not is_text(kind))


_NOTHING = ("", "~", "null")


def _value(kind: Any, raw: Any, door: Door, path: Path) -> tuple[Any, list[Problem]]:
    """Return one field's value; how it is read follows from its type, which is not null."""
    if isinstance(raw, Scalar):
        raw = _meant(kind, raw)
    kind = kind if kind is str else chosen(kind, raw)
    if kind is str and isinstance(raw, str) and raw.isprintable():
        return " ".join(raw.split()), []  # as `_plain` does, sooner: most values are such
    if kind is datetime:
        return _moment(raw, door, path)
    if is_struct(kind):
        if not isinstance(raw, Mapping):
            what = f"{named(path)}: expected a table of fields, got {kind_of(raw)}"
            return None, [door.problem(path, what, table_for(kind, raw, door.form, path))]
        return decode(kind, raw, door, path)
    if typing.get_origin(kind) is tuple:
        return _list(typing.get_args(kind)[0], raw, door, path)
    if typing.get_origin(kind) is dict and any(map(is_struct, options(typing.get_args(kind)[1]))):
        if not isinstance(raw, Mapping):
            what = f"{named(path)}: expected a table of tables, got {kind_of(raw)}"
            return None, [door.problem(path, what, f"write [{named(path)}.NAME]")]
        tables = {k: _value(typing.get_args(kind)[1], v, door, (*path, k)) for k, v in raw.items()}
        return {k: v for k, (v, _) in tables.items()}, [p for _, f in tables.values() for p in f]
    return _plain(kind, plain(raw), door, path)


def _list(item: Any, raw: Any, door: Door, path: Path) -> tuple[Any, list[Problem]]:
    """Return the values of a list, each an `item`."""
    if not isinstance(raw, list | tuple):
        what, remedy = mismatch(tuple[str, ...], raw, door.form)
        if is_struct(item):
            remedy = f"write a list of tables, each with {needed(item)}"
        return None, [door.problem(path, f"{named(path)}: {what}", remedy)]
    if len(raw) > MOST_ITEMS:
        what = f"{named(path)}: {len(raw):,} are too many"
        return None, [door.problem(path, what, f"leave {MOST_ITEMS:,} at most")]
    pairs = [_value(item, one, door, (*path, i)) for i, one in enumerate(raw)]
    return tuple(value for value, _ in pairs), [p for _, found in pairs for p in found]


def _meant(kind: Any, raw: Scalar) -> Any:
    """Return what a field of this type is to hold: what was typed if it is text, else the value."""
    if raw.value is None and raw.typed in _NOTHING:
        return None
    if kind is datetime:
        return raw.value if isinstance(raw.value, date) else raw.typed
    if isinstance(raw.value, bool) and bool in options(kind):
        return raw.value
    is_list = typing.get_origin(kind) is tuple
    return raw.typed if is_text(kind) or is_list else raw.value


def _plain(kind: Any, raw: Any, door: Door, path: Path) -> tuple[Any, list[Problem]]:
    if isinstance(raw, float) and float in options(kind) and not isfinite(raw):
        return None, [door.problem(path, f"{named(path)}: {raw} is no number", "write one")]
    if isinstance(raw, int) and kind is not str and raw.bit_length() > _MOST_BITS:
        return None, [door.problem(path, f"{named(path)}: the number is too large", "shorten it")]
    if kind is str and isinstance(raw, int | float) and not isinstance(raw, bool):
        raw = str(raw)  # `title = 1984` is a title
    if kind is str and isinstance(raw, date):
        raw = raw.isoformat()
    if control := CONTROL.search(_all_text(raw)):
        what = f"{named(path)}: it holds the control character {control[0]!r}"
        return None, [door.problem(path, what, "take it out")]
    if kind is str and isinstance(raw, str):
        raw = _folded(raw)
    try:
        return msgspec.convert(msgspec.to_builtins(raw, str_keys=True), kind), []
    except (msgspec.ValidationError, TypeError):
        what, remedy = mismatch(kind, raw, door.form)
        return None, [door.problem(path, f"{named(path)}: {what}", door.advice(path, raw, remedy))]


_MOST_BITS = 53
"""A larger number would be another one to programs that have no whole numbers."""


def _folded(text: str) -> str:
    """Return a text in one line: a headline over two lines of YAML is one.

    White space that is typed on purpose, such as no-break spaces, stays within it.
    """
    return BLANKS.sub(" ", text).strip()


BLANKS: typing.Final = re.compile(r"[ \t\n\r\x0b\x0c\x85\u2028\u2029]+")
"""White space but for what is typed on purpose, such as no-break spaces."""


def _moment(raw: Any, door: Door, path: Path) -> tuple[datetime | None, list[Problem]]:
    try:
        return moment(raw, door.zone), []
    except (ValueError, OverflowError):
        if isinstance(raw, str | int | date):
            what, remedy = no_moment(str(raw))
        else:
            what, remedy = f"{kind_of(raw)} is not a date", no_moment("")[1]
        return None, [door.problem(path, f"{named(path)}: {what}", remedy)]


def _all_text(raw: Any) -> str:
    """Return every text in a value, however deep."""
    if isinstance(raw, Mapping):
        return "".join(_all_text(part) for pair in raw.items() for part in pair)
    if isinstance(raw, list | tuple):
        return "".join(map(_all_text, raw))
    return raw if isinstance(raw, str) else ""
