"""The fields of structs: what may stand in each, by its type."""

import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, Literal, NamedTuple

import msgspec

from generator.errors import visible
from generator.spelling import Scalar

Path = tuple[str | int, ...]


TIMED: Final = "timed"
"""The field of a struct that names those of its moments that were written with a time of day.

Nobody writes it: it follows from how the others are written.
"""
TERMS: Final = "terms"
DECLARED: Final = "declared"
"""The fields of structs that hold what is said in the fields that a site declares itself."""
PHRASES: Final = "phrases"
"""The field of a struct that holds those of its texts that have Markdown in them, as HTML."""


class Field(NamedTuple):
    """A field of a struct: its name there, the type of what it is if not null."""

    name: str
    type: Any
    required: bool


@cache
def fields_of(kind: type[msgspec.Struct]) -> dict[str, Field]:
    """Return a struct's fields as they are named outside; msgspec works them out anew each time."""
    return {
        field.encode_name: Field(field.name, _without_none(field.type), field.required)
        for field in msgspec.structs.fields(kind)
        if field.name not in (TIMED, TERMS, DECLARED, PHRASES)
    }


def named(path: Path) -> str:
    """Name a field as `image.src`, `corrections[2].text`: counted from 1, as people count."""
    text = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in path)
    return visible(text.removeprefix("."))


def value_at(raw: Any, path: Path) -> Any:
    """Return the value at a path through tables, or None."""
    for name in path:
        raw = raw.get(name) if isinstance(raw, Mapping) else None
    return raw


def is_text(kind: Any) -> bool:
    """Return whether a field of this type may hold a text, one of a choice perhaps."""
    return str in options(kind) or typing.get_origin(kind) is Literal


def chosen(kind: Any, raw: Any) -> Any:
    """Return that type of several, such as "a text or a list of texts", which a value is for."""
    either = options(kind)
    if len(either) == 1:
        return kind
    if isinstance(raw, list | tuple):
        return next((one for one in either if typing.get_origin(one) is tuple), kind)
    if isinstance(raw, Mapping):
        return next((one for one in either if is_struct(one)), kind)
    if isinstance(raw, str) and str in either:
        return str
    rest = [one for one in either if not is_struct(one)]
    return rest[0] if len(rest) == 1 else kind


def options(kind: Any) -> tuple[Any, ...]:
    """Return the types of a union; any other type alone."""
    is_union = typing.get_origin(kind) in (typing.Union, types.UnionType)
    return typing.get_args(kind) if is_union else (kind,)


def is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def holds_text(kind: Any, path: Path, raw: Any) -> bool:
    """Return whether what stands at a path of the raw value of a `kind` is there for text.

    Where anything may stand, or a choice of types, it depends on what does.
    """
    if not path:
        value = raw.value if isinstance(raw, Scalar) else raw
        if kind is Any:
            return value is None or isinstance(value, str | list)
        is_list = typing.get_origin(kind) is tuple and typing.get_args(kind)[0] is str
        is_flag = isinstance(value, bool) and bool in options(kind)
        return is_list or (is_text(kind) and not is_flag)
    step, rest = path[0], path[1:]
    below = dict(enumerate(raw)) if isinstance(raw, list) else raw
    below = below.get(step) if isinstance(below, Mapping) else None
    if is_struct(kind):
        field = fields_of(kind).get(str(step))
        return field is not None and holds_text(field.type, rest, below)
    held = next((one for one in options(kind) if typing.get_origin(one) in (tuple, dict)), None)
    part = {tuple: 0, dict: 1}.get(typing.get_origin(held))  # type: ignore[arg-type]
    return holds_text(Any if part is None else typing.get_args(held)[part], rest, below)


def _without_none(kind: Any) -> Any:
    rest = [k for k in options(kind) if k is not type(None)]
    return rest[0] if len(rest) == 1 else kind
