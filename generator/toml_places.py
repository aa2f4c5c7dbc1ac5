"""Where the values of a TOML text stand: tomllib tells nothing of that."""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from generator.fields import Path

NUMBERED = ".0e0"
"""How a number ends that stands for a value: a float, whose spelling tomllib hands over."""


class Place(NamedTuple):
    """Where a value stands in a text."""

    start: int
    end: int


def line_of(text: str, path: Path) -> int:
    """Return the line on which the value at a path of fields stands, or the field; 1 if nowhere."""
    found: Any = _located(text)
    for step in path:
        found = _part(found, step)
    if isinstance(found, Place):
        return _line(text, found)
    line = _line_of_key(text, path)
    first = min(_places(found), default=None)
    is_named = line > 1 and isinstance(path[-1], str)
    return _line(text, first) if first and not is_named else line


def _line(text: str, place: Place) -> int:
    return text.count("\n", 0, place.start) + 1


def values(text: str) -> Iterator[tuple[Place, bool]]:
    """Yield where values stand that are no tables or lists, and whether each is a text."""
    depth, is_fresh, is_header = 0, True, False
    for token in TOKEN.finditer(text):
        sign = token["sign"]
        is_header = (is_header and sign != "\n") or (sign == "[" and is_fresh and depth == 0)
        if not is_header and sign in ("[", "{"):
            depth += 1
        elif not is_header and sign in ("]", "}"):
            depth -= 1
        is_scalar = bool(token["text"] or token["value"])
        if is_scalar and not is_header and not _KEY.match(text, token.end()):
            yield Place(*token.span()), bool(token["text"])
        is_fresh = sign == "\n"


def replaced(text: str, places: list[Place], new: Callable[[str], str]) -> str:
    """Return a text with what is `new` in these places, made of what stands there."""
    pieces, done = [], 0
    for start, end in places:
        pieces += [text[done:start], new(text[start:end])]
        done = end
    return "".join([*pieces, text[done:]])


def with_value(text: str, key: str, value: str, after: str) -> str:
    """Return a text in which a field above all tables has this value, as TOML spells it.

    Where there is no such field yet, it gets a line of its own below the field `after`. Raises
    `LookupError` if that is not there either.
    """
    fields = _located(text)
    if isinstance(place := fields.get(key), Place):
        return replaced(text, [place], lambda _: value)
    if not isinstance(place := fields.get(after), Place):
        raise LookupError(after)
    end = text.find("\n", place.end)
    if end < 0:
        return f"{text}\n{key} = {value}"
    ending = "\r\n" if text[end - 1] == "\r" else "\n"
    return f"{text[: end + 1]}{key} = {value}{ending}{text[end + 1 :]}"


def parts(value: Any) -> Iterable[Any] | None:
    """Return the values in a table or list of TOML or JSON."""
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else None


TOKEN = re.compile(
    r"""
    (?P<text> \"""(?:[^\\]|\\.)*?\"{3,5} | '''.*?'{3,5} | "(?:[^"\\\n]|\\.)*" | '[^'\n]*' )
    | (?P<comment> \#[^\n]* )
    | (?P<value> [0-9]{4}-[0-9]{2}-[0-9]{2}\ [0-9]{2}:[0-9:.]+(?:[Zz]|[+-][0-9:]+)?
      | [\w.:+-]+ )
    | (?P<sign> [\[\]{}\n] )
    """,
    re.VERBOSE | re.DOTALL,
)
_KEY = re.compile(r"[ \t]*[.=]")


@lru_cache(maxsize=1)
def _located(text: str) -> dict[str, Any]:
    """Return the fields; in place of each value that is no table or list stands its `Place`."""
    places = [place for place, _ in values(text)]
    numbers = iter(range(len(places)))
    try:
        return tomllib.loads(
            replaced(text, places, lambda _: f"{next(numbers)}{NUMBERED}"),
            parse_float=lambda number: places[int(number.removesuffix(NUMBERED))],
        )
    except (ValueError, RecursionError):
        return {}


def _places(value: Any) -> Iterator[Place]:
    """Yield all places in a table or list, in no order, however deep."""
    rest = [value]
    while rest:
        one = rest.pop()
        if isinstance(one, Place):
            yield one
        else:
            rest += parts(one) or ()


def _part(value: Any, step: str | int) -> Any:
    if isinstance(value, Mapping):
        return value.get(str(step))
    is_there = isinstance(value, list) and isinstance(step, int) and step < len(value)
    return value[step] if is_there else None


def _line_of_key(text: str, path: Path) -> int:
    """Return the line on which a key stands in TOML, as near as its tables tell; 1 if nowhere."""
    keys = _keys(text)
    known = (keys[path[:depth]] for depth in range(len(path), 0, -1) if path[:depth] in keys)
    return next(known, 1)


@lru_cache(maxsize=1)
def _keys(text: str) -> dict[Path, int]:
    """Return the lines on which keys and tables first stand."""
    tables: list[str | int] = []
    seen: dict[Path, int] = {}
    lines: dict[Path, int] = {}
    for number, row in enumerate(_without_texts(text).splitlines(), 1):
        if header := _HEADER.match(row):
            tables = [*_names(header[2])]
            if header[1] == "[[":
                index = seen[tuple(tables)] = seen.get(tuple(tables), -1) + 1
                tables.append(index)
            lines.setdefault(tuple(tables), number)
        elif names := key_of(row):
            lines.setdefault((*tables, *names), number)
    return lines


def first_line_of(text: str, path: Path) -> int:
    """Return the line on which a field or table first stands, broken as the text may be; 0 if none.

    A table that is only named in the name of another is not there.
    """
    return _keys(text).get(path, 0)


def first_header(text: str) -> int:
    """Return the line of the first table, 0 if there is none."""
    rows = enumerate(_without_texts(text).splitlines(), 1)
    return next((number for number, row in rows if _HEADER.match(row)), 0)


def header_above(text: str, line: int) -> tuple[str, ...]:
    """Return the name of the table in which a line stands, or that begins there."""
    rows = _without_texts(text).splitlines()[:line]
    headers = [found[2] for row in rows if (found := _HEADER.match(row))]
    return _names(headers[-1]) if headers else ()


def key_of(row: str) -> tuple[str, ...]:
    """Return the name of the field that a line begins with, part by part."""
    found = _KEY_OF_LINE.match(row)
    return tuple(part.strip("\"'") for part in _NAME.findall(found[1])) if found else ()


def _names(header: str) -> tuple[str, ...]:
    return tuple(part.strip("\"' ") for part in header.split("."))


_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]")
_NAME = re.compile(r"""[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*'""")
_KEY_OF_LINE = re.compile(rf"\s*((?:{_NAME.pattern})(?:\s*\.\s*(?:{_NAME.pattern}))*)\s*=")


def _without_texts(text: str) -> str:
    """Return the text with nothing left of its longer texts but their lines."""
    return TOKEN.sub(
        lambda token: (
            "\n" * token[0].count("\n") if token["text"] and "\n" in token[0] else token[0]
        ),
        text,
    )
