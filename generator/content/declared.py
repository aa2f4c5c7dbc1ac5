"""The fields of texts that a site declares itself: of stories, one for each taxonomy of its own; of
the items of a collection, those that it has.

In comes front matter as it came through the door, with a field for each of those; out goes what the
rooms above know: one value of them all.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

import msgspec
from msgspec.structs import asdict

from generator.config.collections import TYPES, DeclaredField
from generator.config.settings import FieldType
from generator.fields import DECLARED, TERMS
from generator.model import ArticleMatter, Fields, ItemMatter, PictureMatter
from generator.spelling import plain


@lru_cache(maxsize=16)
def story_with(taxonomies: tuple[tuple[str, bool], ...]) -> type[ArticleMatter]:
    """Return the type of a story that has a field for each of these taxonomies.

    With each name comes whether a story may have several of its terms.
    """
    fields = [
        (name, str | tuple[str, ...] if many else str, () if many else "")
        for name, many in taxonomies
    ]
    kind = msgspec.defstruct(
        "StoryWithTerms", fields, bases=(ArticleMatter,), frozen=True, tag="story", kw_only=True
    )
    return cast(type[ArticleMatter], kind)


def story_of(matter: ArticleMatter) -> ArticleMatter:
    """Return a story with what its declared fields say among its `terms`."""
    if type(matter) is ArticleMatter:
        return matter
    values = asdict(matter)
    declared = [name for name in values if name not in ArticleMatter.__struct_fields__]
    said = {name: values.pop(name) for name in declared}
    terms = {name: (one,) if isinstance(one, str) else one for name, one in said.items() if one}
    return ArticleMatter(**values | {TERMS: terms})


@lru_cache(maxsize=64)
def item_with(fields: tuple[DeclaredField, ...]) -> type[ItemMatter]:
    """Return the type of an item that has these fields. What is not said is `UNSET`."""
    told = [_declared(field) for field in fields]
    bases = (ItemMatter,)
    kind = msgspec.defstruct("ItemWithFields", told, bases=bases, frozen=True, kw_only=True)
    return cast(type[ItemMatter], kind)


def _declared(field: DeclaredField) -> tuple[str, Any] | tuple[str, Any, Any]:
    """Return a field as a struct has it: whoever reads an item knows the default already."""
    kind = TYPES[field.type]
    return (field.name, kind) if field.required else (field.name, kind, msgspec.UNSET)


def with_defaults(fields: tuple[DeclaredField, ...], raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item's fields as they are written, with the defaults of those that are not."""
    defaults = {f.name: f.default for f in fields if f.default is not None}
    return defaults | {n: one for n, one in raw.items() if not (n in defaults and _is_null(one))}


def _is_null(raw: Any) -> bool:
    return plain(raw) is None


def item_of(matter: ItemMatter, fields: tuple[DeclaredField, ...]) -> ItemMatter:
    """Return an item with what its declared fields say in one value."""
    values = asdict(matter)
    declared = {field.name: values.pop(field.name) for field in fields}
    said = {name: one for name, one in declared.items() if one not in (msgspec.UNSET, "", ())}
    tables: dict[str, dict[str, Any]] = {}
    for field in fields:
        if field.name in said:
            table = "plain" if field.names_stories else _TABLES.get(field.type, "plain")
            tables.setdefault(table, {})[field.name] = said[field.name]
    if pictures := tables.get("pictures"):
        tables["pictures"] = {name: _picture(one) for name, one in pictures.items()}
    return ItemMatter(**values | {DECLARED: Fields(**tables)})


_TABLES: dict[FieldType, str] = {
    "text": "texts",
    "list": "texts",
    "moment": "moments",
    "picture": "pictures",
}
"""In which table of `Fields` a value is, by the type of its field; the others are in `plain`."""


def _picture(said: str | PictureMatter) -> PictureMatter:
    return PictureMatter(said, "") if isinstance(said, str) else said
