"""What is wrong with a value of a wrong type, in an editor's words, and what to write instead."""

import re
import typing
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Literal

import msgspec

from generator.errors import visible
from generator.fields import Path, fields_of, is_text
from generator.spelling import Format, field_spelled, spelled


def nearest(
    name: str,
    known: Iterable[str],
    likeness: float = 0.6,
    form: Callable[[str], str] = lambda name: name,
) -> str:
    """Return the known name most like `name`, or an empty string; a `likeness` of 1 is the same.

    Names are compared in the `form` that is given; of several that have one form the last counts.
    """
    forms = {form(other): other for other in known}
    near = get_close_matches(form(name), forms, n=1, cutoff=likeness)
    return forms[near[0]] if near else ""


def near(name: str, known: Iterable[str]) -> str:
    """Return the known name that `name` is a misspelling of, in any case; or an empty string."""
    return nearest(name.casefold(), known, likeness=0.75)


def needed(kind: type[msgspec.Struct]) -> str:
    """Return the fields that a table of this kind must have, or might have."""
    fields = fields_of(kind)
    required = [name for name, field in fields.items() if field.required] or fields
    return " and ".join(f"`{name}`" for name in required)


def table_for(kind: type[msgspec.Struct], raw: Any, form: Format, path: Path) -> str:
    """Return the remedy for a value in place of a table: the table that may have been meant."""
    fields = fields_of(kind)
    names = [name for name, field in fields.items() if field.required] or list(fields)[:1]
    fit = [name for name in names if name in ("src", "url") and "/" in str(raw)]
    fit += [name for name in names if fields[name].type is str]
    fit += [name for name in names if typing.get_origin(fields[name].type) is tuple]
    if not fit or not isinstance(raw, str):
        return f"write {needed(kind)} below it"
    is_list = typing.get_origin(fields[fit[0]].type) is tuple
    table = dict.fromkeys(names, "…") | {fit[0]: [raw] if is_list else raw}
    is_item = isinstance(path[-1], int)
    shown = spelled(table, form) if is_item else field_spelled(str(path[-1]), table, form)
    return f"write {shown}"


def mismatch(kind: Any, raw: Any, form: Format) -> tuple[str, str]:
    """Say what is wrong with a value that is no `kind`, and what to write instead."""
    if typing.get_origin(kind) is Literal:
        choices = [str(choice) for choice in typing.get_args(kind)]
        close = nearest(str(raw), choices)
        remedy = f'did you mean "{close}"?' if close else "write one of them"
        return f'"{visible(str(raw))}" is none of {", ".join(choices)}', remedy
    wanted, remedy = _WANTED.get(str(kind), ("something else", ""))
    if isinstance(raw, bool) and kind is str:
        remedy = "put it in quotes"
    if isinstance(raw, str) and kind in (int, float) and (number := _NUMBERS[kind].match(raw)):
        remedy = f"write {number[1]}, without quotes"
    if isinstance(raw, str) and wanted == "a list":
        remedy = f"write {spelled(listed(raw), form)}"
    if isinstance(raw, str) and kind is bool and raw.strip() in ("true", "false"):
        remedy = f"take the quotes out: write {raw.strip()}"
    if isinstance(raw, Mapping) and is_text(kind) and isinstance(raw.get("name"), str):
        remedy = f"write the name alone: {spelled(raw['name'], form)}"
    return f"expected {wanted}, got {kind_of(raw)}", remedy


def listed(text: str) -> list[str]:
    """Return the items of a text that may be meant for a list: `AI, Law` or `["AI", "Law"]`."""
    is_bracketed = text.strip()[:1] + text.strip()[-1:] == "[]"
    inner, marks = (text.strip()[1:-1], " \t\n\"'") if is_bracketed else (text, None)
    return [item for part in inner.split(",") if (item := part.strip(marks))]


def kind_of(raw: Any) -> str:
    """Say what a value is, in an editor's words."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if raw is None:
        return "nothing"
    if isinstance(raw, list | tuple):
        return "a list"
    if isinstance(raw, Mapping):
        return "a table of fields"
    return "a number" if isinstance(raw, int | float) else "text"


_NUMBERS: typing.Final = {
    int: re.compile(r"\s*(-?[0-9]+)"),
    float: re.compile(r"\s*(-?[0-9]+(?:\.[0-9]+)?)"),
}
"""What a text begins with that may be meant for a number."""
_WANTED: typing.Final = {
    str(str): ("text", "write text in quotes"),
    str(int): ("a whole number", "write one such as 3"),
    str(float): ("a number", "write one such as 0.5"),
    str(int | float): ("a number", "write one such as 3 or 0.5"),
    str(bool): ("true or false", "write true or false"),
    str(str | bool): ("a name, true or false", "write a name, true or false"),
    str(bool | str): ("a name, true or false", "write a name, true or false"),
    str(str | tuple[str, ...]): ("a name or a list of names", "write [A, B]"),
    str(tuple[str, ...]): ("a list", "write [A, B]"),
    str(dict[str, str]): ("a table of texts", "write fields below it"),
    str(dict[str, dict[str, Any]]): (
        "a table of tables",
        "write [markdown.options.NAME], and options below it",
    ),
    str(dict[str, Any]): ("a table", "write fields below it"),
}
