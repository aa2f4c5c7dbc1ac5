"""A value of any type that stands in a view: what a function is tried out with."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, get_args, get_origin

from msgspec import inspect


def sample(kind: Any, is_full: bool) -> Any:
    """Return a value of a type: with all that it may hold, or with nothing that may be missing."""
    if get_origin(kind) is Callable:
        return lambda *_: sample(get_args(kind)[1], is_full)
    return _sample(inspect.type_info(kind), is_full)


def _sample(kind: inspect.Type, is_full: bool) -> Any:
    match kind:
        case inspect.StructType():
            wanted = (field for field in kind.fields if is_full or field.required)
            return kind.cls(**{field.name: _sample(field.type, is_full) for field in wanted})
        case inspect.UnionType():
            present = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
            is_left_out = not is_full and len(present) < len(kind.types)
            return None if is_left_out else _sample(present[0], is_full)
        case inspect.VarTupleType():
            return (_sample(kind.item_type, is_full),) if is_full else ()
        case inspect.LiteralType():
            return kind.values[-1 if is_full else 0]
        case inspect.DateTimeType():
            return datetime(2000, 1, 1, tzinfo=UTC)
        case inspect.StrType():
            return "x" if is_full else ""
        case inspect.IntType():
            return int(is_full)
        case inspect.BoolType():
            return is_full
        case inspect.DictType():
            return {}
    raise NotImplementedError(kind)
