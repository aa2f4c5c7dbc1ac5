"""What is wrong with the collections that a site declares: their names, addresses, fields.

In comes the raw table of settings, out go problems, each with its line.
"""

import re
from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from generator.codes import Code
from generator.config.collections import SORTABLE, SORTABLE_ALWAYS, TYPES
from generator.config.settings import CONTENT
from generator.config.taxonomies import COME_ALONG
from generator.errors import Problem, visible
from generator.fields import DECLARED, TERMS, TIMED, Path, fields_of, value_at
from generator.mismatch import near
from generator.model import ItemMatter
from generator.schema import Door, decode
from generator.urls import bad_own_path, bad_permalink, is_bare


def mistakes_of_collections(
    raw: dict[str, Any], door: Door, taken: Collection[str]
) -> Iterator[Problem]:
    """Yield what in `[collections]` cannot be; `taken` are folders for something else."""
    tables, declared = value_at(raw, ("collections",)), value_at(raw, ("taxonomies",))
    taxonomies = {*COME_ALONG, *(declared if isinstance(declared, dict) else ())}
    for name, table in tables.items() if isinstance(tables, dict) else ():
        here: Path = "collections", name
        if wrong := _bad_name(name, taxonomies, taken):
            yield door.problem(here, f"collections.{name}: {wrong[0]}", wrong[1])
        elif isinstance(table, dict):
            yield from _mistakes_of_addresses(name, table, door)
            yield from _mistakes_of_fields(name, table, door)


def _bad_name(
    name: str, taxonomies: Collection[str], taken: Collection[str]
) -> tuple[str, str] | None:
    """Say why nothing can be collected under a name, and what to do."""
    if not NAME.fullmatch(name):
        return "it is a folder, and a name in layouts", 'name it as in "events" or "our_team"'
    if name in taxonomies:
        return f"{name} is a taxonomy already", "choose another name"
    if name in taken:
        return f"{CONTENT}/{name}/ is for something else", "choose another name"
    return None


def _mistakes_of_addresses(name: str, table: dict[str, Any], door: Door) -> Iterator[Problem]:
    """Yield where no item could stand, or no list of them."""
    for field, reason_of, usual in (
        ("permalink", _bad_pattern, f'a pattern such as "/{name}/{{slug}}/"'),
        ("list", _bad_list, f'a path such as "/{name}/"'),
    ):
        value = table.get(field)
        if isinstance(value, str) and value and (reason := reason_of(value)):
            what = f'collections.{name}.{field}: "{visible(value)}": {reason}'
            yield door.problem(("collections", name, field), what, f"write {usual}")


def _bad_pattern(pattern: str) -> str:
    if reason := bad_permalink(pattern, of_pages=True):
        return reason.replace("a page", "an item")
    return "it has no ending: not every host would answer" if is_bare(pattern) else ""


def _bad_list(path: str) -> str:
    if path == "/":
        return "that is the front page"
    if reason := bad_own_path(path):
        return reason
    return "" if path.endswith("/") else "it is no folder"


def _mistakes_of_fields(name: str, table: dict[str, Any], door: Door) -> Iterator[Problem]:
    """Yield fields that cannot be, or whose defaults are of another type, and a vain `sort`."""
    fields = table.get("fields")
    types = _types(fields) if isinstance(fields, dict) else {}
    for field in types:
        here: Path = "collections", name, "fields", field
        if wrong := _bad_field(field):
            yield door.problem(here, f"collections.{name}.fields.{field}: {wrong[0]}", wrong[1])
        if types[field] != "list" and value_at(fields, (field, "of")) is not None:
            what = f"collections.{name}.fields.{field}.of: only a list is one of something"
            yield door.problem((*here, "of"), what, "take it out")
    yield from _mistakes_of_defaults(name, fields, types, door)
    sort = table.get("sort")
    if isinstance(sort, str) and (wrong := _bad_sort(sort.removeprefix("-"), types)):
        here = ("collections", name, "sort")
        what, remedy = wrong
        what = f"collections.{name}.sort: {what}"
        yield door.problem(here, what, remedy, code=Code.UNKNOWN_NAME)


def _types(fields: dict[str, Any]) -> dict[str, str]:
    """Return the types of fields as they are written, right or not."""
    return {
        name: str(said.get("type", "")) if isinstance(said, dict) else str(said)
        for name, said in fields.items()
    }


def _bad_field(name: str) -> tuple[str, str] | None:
    if name in fields_of(ItemMatter) or name in _OF_ITEMS:
        return "items have that already", "choose another name"
    if not NAME.fullmatch(name):
        return "it is a name in front matter and in layouts", 'name it as in "start" or "job_title"'
    return None


def _mistakes_of_defaults(
    name: str, fields: Any, types: dict[str, str], door: Door
) -> Iterator[Problem]:
    """Yield defaults that no item could say itself."""
    for field, written in types.items():
        default = value_at(fields, (field, "default"))
        kind = TYPES.get(written)
        if default is None or kind is None:
            continue
        if isinstance(default, dict):
            what = f"collections.{name}.fields.{field}.default: a table is no default"
            remedy = "write a value alone: of a picture its file"
            yield door.problem(("collections", name, "fields", field, "default"), what, remedy)
            continue
        one = msgspec.defstruct("Default", [("default", kind)], frozen=True)
        _, wrong = decode(one, {"default": default}, door, ("collections", name, "fields", field))
        yield from wrong


def _bad_sort(sort: str, types: dict[str, str]) -> tuple[str, str] | None:
    """Say why nothing can be sorted by a field, and what to do."""
    known = [*SORTABLE_ALWAYS, *(name for name, one in types.items() if one in SORTABLE)]
    if sort in known:
        return None
    if sort in types:
        return f"nothing can be sorted by a {types[sort]}", f"write one of {', '.join(known)}"
    close = near(sort, known)
    remedy = f'did you mean "{close}"?' if close else f"write one of {', '.join(known)}"
    return f'items have no field "{visible(sort)}"', remedy


NAME = re.compile(r"[a-z][a-z0-9_]*")
"""Names of folders that are names in front matter, and in layouts, too."""
_OF_ITEMS = (TIMED, TERMS, DECLARED, "url", "body", "picture", "state", "fields", "known_names")
"""What layouts see of each item beside its fields, and front matter has for all texts."""
