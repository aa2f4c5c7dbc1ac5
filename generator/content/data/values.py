"""The value in a file of TOML, JSON or YAML, by the readers of front matter.

It is any value. A date comes as a text, after RFC 3339; a field without a value is none, as in
front matter.
"""

from collections.abc import Iterator, Mapping
from datetime import date, time
from posixpath import splitext
from typing import Any

from generator.codes import Code
from generator.content.front_matter.handler import BrokenError, Handler
from generator.content.front_matter.json import Json
from generator.content.front_matter.toml import Toml
from generator.content.front_matter.yaml import Yaml, unspaced
from generator.errors import Problem
from generator.fields import Path, holds_text, named
from generator.schema import CONTROL
from generator.spelling import Scalar

MOST_VALUES = 500_000
_MOST_BITS = 63
"""A larger number is what was typed for it."""


class _Toml(Toml):
    most = MOST_VALUES


class _Json(Json):
    most = MOST_VALUES


class _Yaml(Yaml):
    most = MOST_VALUES


_HANDLERS: dict[str, type[_Toml | _Json | _Yaml]] = {
    ".json": _Json,
    ".toml": _Toml,
    ".yaml": _Yaml,
    ".yml": _Yaml,
}


def read_value(text: str, file: str) -> tuple[Any, list[Problem]]:
    """Return the value in the text of a file, and what is wrong with it."""
    handler: Handler = _HANDLERS[splitext(file)[1].lower()]()
    above = len(text) - len(text.lstrip("\n"))
    text = text[above:].replace("\r\n", "\n").rstrip()
    try:
        raw = handler.load(text) if text else None
        _refuse_odd(raw, text, handler)
    except BrokenError as error:
        line = error.line + above
        return None, [Problem(file, line, error.what, error.remedy, code=Code.BROKEN_SYNTAX)]
    lost = (loss for loss in handler.losses() if holds_text(Any, loss.path, raw))
    return _plain(raw), [
        Problem(
            file,
            loss.line + above,
            loss.what,
            "put it in quotes",
            "warning",
            code=Code.WRONG_VALUE,
        )
        for loss in lost
    ]


def _refuse_odd(raw: Any, text: str, handler: Handler) -> None:
    """Raise `BrokenError` for what its format allows, and nobody can have meant."""
    if raw is None or (isinstance(raw, Scalar) and raw.value is None):
        raise BrokenError(1, "there is nothing in it", "write something, or take the file out")
    if isinstance(raw, str) and (found := unspaced(text, len(text), len(text))):
        raise BrokenError(*found)
    if "\\" in text:  # what is not written out is not in it any more
        for path, sign in _with_controls(raw, ()):
            what = f"{named(path)}: it holds the control character {sign!r}"
            raise BrokenError(handler.line_of(path), what.removeprefix(": "), "take it out")


def _with_controls(raw: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield where in a value there is a character that no page could carry, and that."""
    if isinstance(raw, str):
        if found := CONTROL.search(raw):
            yield path, found[0]
    elif isinstance(raw, Mapping):
        for name, value in raw.items():
            yield from _with_controls(name, (*path, name))
            yield from _with_controls(value, (*path, name))
    elif isinstance(raw, list):
        for number, value in enumerate(raw):
            yield from _with_controls(value, (*path, number))


def _plain(raw: Any) -> Any:
    """Return a value without how its parts were typed."""
    if isinstance(raw, Scalar):
        value = raw.value
        if isinstance(value, date | time):
            return value.isoformat()
        is_large = isinstance(value, int) and value.bit_length() > _MOST_BITS
        return raw.typed if is_large else value
    if isinstance(raw, Mapping):
        values = ((name, _plain(value)) for name, value in raw.items())
        return {name: value for name, value in values if value is not None}
    return [*map(_plain, raw)] if isinstance(raw, list) else raw
