"""The kinds of block that the layouts of a site declare.

What comes in are the texts of layouts by name; what goes out are the kinds, and what is wrong with
how they are declared. `blocks/NAME.html` is what a block of that name is on a page. Its first
comment says what it is, and declares its arguments below a line `[arguments]`, in TOML; others of
its name are its forms elsewhere.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol

import msgspec

from generator.codes import Code
from generator.content.block_arguments import (
    OF_COLUMNS,
    TYPES,
    Argument,
    BlockKind,
    Form,
    default_of,
)
from generator.content.blocks import PLACES
from generator.errors import Problem
from generator.mismatch import near

FOLDER = "blocks"
"""The folder of layouts that each show a block."""
OF_BLOCKS = (f"{FOLDER}/", "partials/block.")
"""How the names of all layouts begin that may show a block of any text."""
FALLBACKS = ("partials/block.mail.html", "partials/block.txt")
"""The layouts that show blocks in forms that they have no layout of."""
FORMS: tuple[Form, ...] = ("html", "feed.html", "mail.html", "txt")


class LayoutText(Protocol):
    """The text of a layout, and its file as messages name it."""

    @property
    def file(self) -> str: ...
    @property
    def text(self) -> str: ...


class Declared(NamedTuple):
    """The kinds of block by name, and what is wrong with them."""

    kinds: dict[str, BlockKind]
    problems: list[Problem]


def declared_blocks(layouts: Mapping[str, LayoutText]) -> Declared:
    """Return the kinds of block that these layouts declare."""
    kinds, problems = dict[str, BlockKind](), list[Problem]()
    forms: dict[str, list[Form]] = {}
    for layout in layouts:
        if found := _LAYOUT.fullmatch(layout):
            forms.setdefault(found[1], []).append(found[2])  # type: ignore[arg-type]
    for name, some in sorted(forms.items()):
        page = layouts.get(form_of(name, "html"))
        if page is None:
            other = layouts[form_of(name, some[0])]
            what = f'the block "{name}" has no form for pages'
            remedy = f"add layouts/{form_of(name, 'html')}, whose first comment declares it"
            problems.append(Problem(other.file, 0, what, remedy))
            continue
        arguments, wrong = _arguments(page)
        problems += wrong
        if name in PLACES:
            what = f'"{name}" is the name of a block that is but a place'
            problems.append(Problem(page.file, 0, what, "choose another name"))
        known = tuple(one for one in FORMS if one in some)
        kinds[name] = BlockKind(name, arguments, known, _shows_text(page.text, layouts))
    return Declared(kinds, problems)


def form_of(name: str, form: Form) -> str:
    """Return the layout that shows a block of this name in a form."""
    return f"{FOLDER}/{name}.{form}"


def _shows_text(
    text: str, layouts: Mapping[str, LayoutText], seen: frozenset[str] = frozenset()
) -> bool:
    """Return whether a layout names `body`, or includes one that does."""
    text = _JINJA_COMMENT.sub("", text)
    if _BODY.search(text):
        return True
    included = {name for name in _INCLUDED.findall(text) if name in layouts} - seen
    return any(_shows_text(layouts[name].text, layouts, seen | included) for name in included)


_JINJA_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_BODY = re.compile(r"\bbody\b")
_INCLUDED = re.compile(r"""\{%[-+]?\s*(?:include|extends|import|from)\s+["']([^"']+)["']""")
_LAYOUT = re.compile(rf"{FOLDER}/([A-Za-z][A-Za-z0-9_-]*)\.(html|feed\.html|mail\.html|txt)")
_COMMENT = re.compile(r"\s*\{#[-+]?(.*?)[-+]?#\}", re.DOTALL)
_TABLE = re.compile(r"^[ \t]*\[arguments\][ \t]*$", re.MULTILINE)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_GIVEN = (
    "block",
    "body",
    "card",
    "data",
    "collections",
    "form",
    "label",
    "picture",
    "site",
    "text",
)
"""What every layout of a block sees beside its arguments."""


def _arguments(layout: LayoutText) -> tuple[tuple[Argument, ...], list[Problem]]:
    comment = _COMMENT.match(layout.text)
    table = _TABLE.search(comment[1]) if comment else None
    if comment is None or table is None:
        return (), []
    start = comment.start(1) + table.start()
    first = layout.text.count("\n", 0, start) + 1
    written = comment[1][table.start() :]
    try:
        raw = tomllib.loads(written)["arguments"]
    except tomllib.TOMLDecodeError as error:
        line = first + _line_of(str(error)) - 1
        what = f"the arguments of this block cannot be read: {error}"
        remedy = 'write them in TOML, such as `caption = "text"`'
        return (), [Problem(layout.file, line, what, remedy, code=Code.BROKEN_SYNTAX)]
    arguments, problems = list[Argument](), list[Problem]()
    for name, said in raw.items():
        found = _argument(name, said)
        if isinstance(found, Argument):
            arguments.append(found)
        else:
            line = first + _row(name, written)
            problems.append(Problem(layout.file, line, f"{name}: {found[0]}", found[1]))
    for name in [one.name for one in arguments if one.first][1:]:
        what = f"{name}: another argument is written without its name already"
        remedy = "take `first` out of one of the two"
        problems.append(Problem(layout.file, first + _row(name, written), what, remedy))
    of_columns = [one.name for one in arguments if one.type in OF_COLUMNS]
    if of_columns and not any(one.type == "table" for one in arguments):
        what = f"{of_columns[0]}: nobody knows of which table this names columns"
        remedy = 'declare an argument of the type "table" beside it'
        problems.append(Problem(layout.file, first, what, remedy))
    return tuple(arguments), problems


def _row(name: str, written: str) -> int:
    """Return the row in which an argument is declared, counted from 0."""
    row = re.search(rf"^[ \t]*{re.escape(name)}\b", written, re.MULTILINE)
    return written.count("\n", 0, row.start()) if row else 0


def _line_of(told: str) -> int:
    found = re.search(r"at line (\d+)", told)
    return int(found[1]) if found else 1


def _argument(name: str, said: Any) -> Argument | tuple[str, str]:
    """Return an argument as it is declared, or what is wrong with it and what to do."""
    table = {"type": said} if isinstance(said, str) else said
    if not isinstance(table, dict):
        return "this is no type of an argument", f"write one of {', '.join(TYPES)}"
    if not _NAME.fullmatch(name) or name in _GIVEN:
        reason = (
            "every block sees something else by it" if name in _GIVEN else "it is a name in layouts"
        )
        return f"no argument can have this name: {reason}", "choose another, such as `caption`"
    for wrong in _mistakes(table):
        return wrong
    argument = msgspec.convert({"name": name, **table}, Argument)
    return _ill_default(argument) or argument


def _ill_default(argument: Argument) -> tuple[str, str] | None:
    """Return what is wrong with a default, and what to do."""
    try:
        _ = argument.default is None or default_of(argument)
    except ValueError:
        remedy = "write one in the type's own way, or take it out"
        return f"its default is no {argument.type}", remedy
    if argument.choices and argument.default not in (None, *argument.choices):
        return "its default is none of its choices", "write one of them, or take it out"
    return None


def _ill_typed(table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, example in (("choices", '["left", "right"]'), ("media", '["video", "text/vtt"]')):
        if not _is_texts(table.get(key, [])):
            yield f"`{key}` is a list of texts", f"write it as in `{key} = {example}`"
    for key in ("required", "first"):
        if not isinstance(table.get(key, False), bool):
            yield f"`{key}` is true or false", f"write `{key} = true`"
    if not isinstance(table.get("advised", ""), str):
        yield "`advised` is a text", 'say for whom, as in `advised = "who cannot hear it reads it"`'


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _mistakes(table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    known = Argument.__struct_fields__[1:]
    for key in table:
        if key not in known:
            close = near(key, known)
            yield (
                f'nothing is said by "{key}"',
                f'did you mean "{close}"?' if close else f"known here: {', '.join(known)}",
            )
    kind = table.get("type", "text")
    if kind not in TYPES:
        close = near(str(kind), TYPES)
        remedy = f'did you mean "{close}"?' if close else f"write one of {', '.join(TYPES)}"
        yield f'there is no type "{kind}"', remedy
    yield from _ill_typed(table)
    if not isinstance(table.get("default", ""), str | int | float):
        yield f"its default is no {kind}", "write one in the type's own way, or take it out"
