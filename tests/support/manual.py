"""The manual, read as text: its chapters, sections and tables."""

import re
import typing
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.structs import FieldInfo, fields

from generator.fields import DECLARED, PHRASES, TERMS, TIMED
from support.sites import REPOSITORY

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
MANUAL = REPOSITORY / "content/pages/manual"
Rows = list[list[str]]


def chapter(name: str) -> str:
    """The text of a page of the manual, by the name of its file."""
    return (MANUAL / f"{name}.md").read_text(encoding="utf-8").split("---\n", 2)[2]


def section(name: str, heading: str) -> str:
    """The text of a chapter under a heading, up to the next of its level or a higher one."""
    level, text = heading.split()[0], chapter(name)
    assert f"\n{heading}\n" in text, f"{name}.md has no section {heading}"
    text = text.split(f"\n{heading}\n")[1]
    return re.split(rf"^#{{1,{len(level)}}} ", text, flags=re.MULTILINE)[0]


def tables(text: str) -> dict[str, Rows]:
    """The tables by the head of their first column; each a list of rows of cells."""
    found: dict[str, Rows] = {}
    for block in re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE):
        rows = [
            [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            for line in block.splitlines()
        ]
        found.setdefault(rows[0][0], []).extend(rows[2:])
    return found


def codes(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def named(rows: Rows) -> list[str]:
    """What the first column of a table names."""
    return [code for row in rows for code in codes(row[0])]


def inner(kind: Any) -> type[msgspec.Struct] | None:
    """The table that a field's type holds: itself, one or none, or a list of them."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return kind
    return next(filter(None, map(inner, typing.get_args(kind))), None)


def walk(kind: type[msgspec.Struct], above: str = "") -> Iterator[tuple[str, FieldInfo]]:
    for field in fields(kind):
        if field.name in (TIMED, TERMS, DECLARED, PHRASES):
            continue  # nobody writes it
        yield above + field.encode_name, field
        if below := inner(field.type):
            yield from walk(below, f"{above}{field.encode_name}.")
