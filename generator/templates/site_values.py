"""The values of `site` that a layout reads: cut out for it, and asked of the functions it calls.

What a layout reads itself stands in its source (`loader.py`). What the functions read for it that
it calls is nowhere listed: each is run with samples of its parameters' types, and a `site` that
notes what it is asked for. A page is made again when a value that its layout reads is another one;
so a layout has no other values of `site` at all, and to read one that was not found is an error.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from inspect import signature
from typing import Any, cast, get_type_hints

import msgspec

from generator.errors import InternalError
from generator.templates import metadata
from generator.templates.samples import sample
from generator.templates.views import SiteView, Value

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "article_jsonld": metadata.article_jsonld,
    "site_jsonld": metadata.site_jsonld,
}
"""The functions for layouts that read `site`: it is given to these, and to no other."""


class UnforeseenReadError(InternalError):
    """A value of `site` is read that its layout was not found to read: the page would grow stale.

    No layout is to blame for that.
    """

    is_a_defect = True


class SitePart(Value, frozen=True):
    """Base of what a layout has as `site`: a `SiteView` with some of its values alone."""

    def __getattr__(self, name: str) -> Any:
        if name in SiteView.__struct_fields__:
            raise UnforeseenReadError(f"`site.{name}` was not found to be read by this layout")
        raise AttributeError(name)


def encoded_part(site: SiteView, names: frozenset[str]) -> bytes:
    """Return the values of these names, encoded: the same values are the same bytes."""
    return msgspec.json.encode({name: getattr(site, name) for name in sorted(names)})


@lru_cache(maxsize=64)
def decoded_part(encoded: bytes) -> SitePart:
    """Return what a layout has as `site`."""
    names = msgspec.json.decode(encoded, type=dict[str, msgspec.Raw])
    return msgspec.json.decode(encoded, type=_part_type(frozenset(names)))


@cache
def read_by_functions() -> dict[str, frozenset[str]]:
    """Return the values of `site` that each of the functions reads, by its name."""
    return {name: reads_of(function) for name, function in FUNCTIONS.items()}


def reads_of(function: Callable[..., Any]) -> frozenset[str]:
    """Return the values that a function is found to read of its `site`.

    It is run twice: once all that may be missing or empty is, and once nothing is. What it reads
    in no case but some between the two is not found here, and raises while a page is rendered.
    """
    types = get_type_hints(function)
    reads: set[str] = set()
    for is_full in (False, True):
        values = {
            name: _Recorder(reads, is_full) if name == "site" else sample(types[name], is_full)
            for name in signature(function).parameters
        }
        function(**values)
    return frozenset(reads)


class _Recorder:
    """A `site` of samples that notes which of them are asked for."""

    def __init__(self, reads: set[str], is_full: bool) -> None:
        self._reads = reads
        self._is_full = is_full

    def __getattr__(self, name: str) -> Any:
        types = _value_types()
        if name not in types:
            raise AttributeError(name)
        self._reads.add(name)
        return sample(types[name], self._is_full)


@cache
def _value_types() -> dict[str, Any]:
    types = get_type_hints(SiteView)
    return {name: types[name] for name in SiteView.__struct_fields__}


@cache
def _part_type(names: frozenset[str]) -> type[SitePart]:
    fields = [(name, kind) for name, kind in _value_types().items() if name in names]
    part = msgspec.defstruct(SiteView.__name__, fields, bases=(SitePart,), frozen=True)
    return cast(type[SitePart], part)
