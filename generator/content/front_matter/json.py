"""Front matter in JSON: an object at the very start, told from the text by a decoder."""

import json
import re
from collections.abc import Iterator
from typing import Any

from frontmatter.default_handlers import JSONHandler

from generator.content.front_matter.handler import (
    MEND,
    MOST_VALUES,
    BrokenError,
    EndlessError,
    Loss,
    UnfitError,
    check_size,
    fields_in,
    is_kept,
    too_deep,
)
from generator.errors import InternalError
from generator.fields import Path
from generator.spelling import Format, Scalar
from generator.toml_places import parts


class Json(JSONHandler):
    """A JSON object, wherever its lines begin and end."""

    form: Format = "json"
    fence = "}"
    most = MOST_VALUES

    def detect(self, text: str) -> bool:
        return bool(_START.match(text))

    def split(self, text: str) -> tuple[str, str]:
        try:
            end = _SKIP.raw_decode(text)[1]
        except json.JSONDecodeError as error:
            if error.pos >= len(text.rstrip()):
                raise EndlessError from error
            raise _broken(error) from error
        except RecursionError as error:
            raise too_deep(text) from error
        return text[:end], text[end:].lstrip(" \t")

    def load(self, fm: str, **_: object) -> Any:
        self._matter = fm
        try:
            fields = super().load(
                fm,
                object_pairs_hook=_each_once,
                parse_int=lambda written: _number(int, written),
                parse_float=lambda written: _number(float, written),
                parse_constant=str,
            )
            check_size(fields_in(fields), parts, self.most)
        except TwiceError as error:
            what = f"broken JSON: the field `{error}` is there twice"
            raise BrokenError(_second(fm, str(error)), what, "take one of them out") from error
        except json.JSONDecodeError as error:
            raise _broken(error) from error
        except UnfitError as error:
            raise error.at(self.line_of((error.name,))) from error
        except RecursionError as error:
            raise too_deep(fm) from error
        return fields

    def starts(self, text: str) -> int:  # noqa: ARG002 (a handler's)
        return 0

    def line_of(self, path: Path) -> int:
        line, start = 1, 0
        for step in path:
            found = next(
                (entry for entry in _entries(self._matter, start) if entry[0] == step), None
            )
            if found is None:
                break
            _, place, start = found
            line = _line(self._matter, place)
        return line

    def losses(self) -> tuple[Loss, ...]:
        return ()


_START = re.compile(r"""\{\s*(?:["'}]|[\w-]+["']?\s*:|//|/\*|$|\Z)""", re.MULTILINE)
"""How an object begins, or what is meant to be one."""
_SKIP = json.JSONDecoder(parse_int=str, parse_float=str)
_BLANK = re.compile(r"[ \t\r\n]*")


class TwiceError(InternalError):
    """A field, named, that an object has twice."""


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object whose keys are each there once."""
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name in fields:
            raise TwiceError(name)
        fields[name] = _typed(value)
    return fields


def _typed(value: Any) -> Any:
    """Return a value in which `true` and `false` know how they are typed, as numbers do."""
    if isinstance(value, bool):
        return Scalar(value, "true" if value else "false")
    return [_typed(one) for one in value] if isinstance(value, list) else value


def _number(kind: type[int] | type[float], written: str) -> Scalar | str:
    """Return a number, with how it was typed; only that where the number is too large."""
    try:
        value = kind(written)
        return Scalar(value, written) if is_kept(value) else written
    except (ValueError, OverflowError):
        return written


def _entries(text: str, start: int) -> Iterator[tuple[str | int, int, int]]:
    """Yield what an object or array holds that starts there.

    Of each its name or number, its place and its value's place.
    """
    is_object = text[start] == "{"
    if not is_object and text[start] != "[":
        return
    place, number = _after_blanks(text, start + 1), 0
    while text[place] not in "}]":
        step: str | int = number
        value = place
        if is_object:
            step, end = _SKIP.raw_decode(text, place)
            value = _after_blanks(text, _after_blanks(text, end) + 1)
        yield step, place, value
        place = _after_blanks(text, _SKIP.raw_decode(text, value)[1])
        if text[place] == ",":
            place = _after_blanks(text, place + 1)
        number += 1


def _after_blanks(text: str, place: int) -> int:
    found = _BLANK.match(text, place)
    assert found is not None
    return found.end()


def _second(text: str, name: str, start: int = 0) -> int:
    """Return the line where an object has a field of this name for the second time.

    0 if none has.
    """
    seen = False
    for step, place, value in _entries(text, start):
        if step == name and seen:
            return _line(text, place)
        seen = seen or step == name
        if line := _second(text, name, value):
            return line
    return 0


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _broken(error: json.JSONDecodeError) -> BrokenError:
    msg = error.msg.removesuffix(" at").removesuffix(" starting")
    what = f"broken JSON: {msg[:1].lower()}{msg[1:]}"
    if error.pos >= len(error.doc.rstrip()):
        return BrokenError(error.lineno, what, "close what is opened above")
    if "extra data" in what:
        return BrokenError(error.lineno, what, "take out what stands behind the value")
    is_bare = error.doc[error.pos].isalnum() or error.doc[error.pos] == "'"
    remedy = "put names and texts in double quotes" if is_bare else MEND
    return BrokenError(error.lineno, what, remedy)
