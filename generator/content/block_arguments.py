"""What blocks are there, and what a block in a text says in their arguments.

In come the kinds of block that layouts declare, and blocks as they were typed; out go values by the
names of arguments, each of the type that is declared, or what is wrong with them. What the values
lead to, such as a file, is looked up in the rooms above.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal, NamedTuple, get_args

import msgspec

from generator.codes import Code
from generator.config import CONTENT
from generator.content.blocks import PLACES
from generator.errors import Problem, shortened, visible
from generator.mismatch import near, nearest
from generator.model import Block

ArgumentType = Literal[
    "text",
    "words",
    "markdown",
    "number",
    "boolean",
    "date",
    "address",
    "embed",
    "picture",
    "file",
    "table",
    "story",
    "column",
    "columns",
    "numbers",
]
TYPES: tuple[ArgumentType, ...] = get_args(ArgumentType)
"""Of an argument: a text as it is typed; words that readers see, with typographic marks; such with
Markdown inside their line; a number, whether, a day, where something leads; a page elsewhere, with
its player if it is a film; a picture, a file or a table of the content, seen from the text; a story
by its path or slug; and of the table that the block names a column, several of them, or several of
numbers."""

OF_COLUMNS = frozenset(("column", "columns", "numbers"))
"""The types of what names columns of a table."""

Plain = str | int | float | bool
Form = Literal["html", "feed.html", "mail.html", "txt"]
"""The ending of a layout of a block: for the page, for feeds, for mail, for plain text."""


class Argument(msgspec.Struct, frozen=True):
    """An argument of a block. One that comes `first` is written without its name.

    With `choices` its value is one of them. The `default` stands for what is not said. A file
    or picture with `media`, such as "video" or "text/vtt", is of one of these, and not elsewhere.
    What is `advised` should be said: that tells for whom.
    """

    name: str
    type: ArgumentType = "text"
    required: bool = False
    default: Plain | None = None
    choices: tuple[str, ...] = ()
    first: bool = False
    media: tuple[str, ...] = ()
    advised: str = ""


class BlockKind(msgspec.Struct, frozen=True):
    """A kind of block: the arguments that it may have, and the forms that it has layouts of.

    Unless it `shows_text`, what stands in it is shown nowhere.
    """

    name: str
    arguments: tuple[Argument, ...] = ()
    forms: tuple[Form, ...] = ()
    shows_text: bool = True


BlockKinds = Mapping[str, BlockKind]


class Said(NamedTuple):
    """What a block says: its kind, None if there is none of that name, and values by argument.

    `wrong` is what is wrong with it, and what to do, each.
    """

    kind: BlockKind | None
    values: dict[str, Plain | datetime]
    wrong: tuple[tuple[str, str], ...] = ()


def read_block(block: Block, kinds: BlockKinds) -> Said:
    """Return what a block says of those kinds. What it does not say has its default, if any."""
    kind = kinds.get(block.name)
    return _said(block.written, kind) if kind else Said(None, {})


def mistakes_of_blocks(path: str, blocks: Sequence[Block], kinds: BlockKinds) -> Iterator[Problem]:
    """Yield what is wrong with the blocks of the text at a content path, as far as it alone shows.

    One of no known name is an error only if it is nearly that of one: else it stays text.
    """
    for block in blocks:
        if block.name in PLACES and block.name not in kinds:
            continue
        if block.name not in kinds:
            yield _unknown(path, block, kinds)
            continue
        if not block.is_closed:
            yield _problem(path, block, f"`{_shown(block)}` is never closed", _unclosed(block))
        if block.holds and not kinds[block.name].shows_text:
            what = f"what stands in `::: {block.name}` is shown nowhere"
            yield _problem(path, block, what, f"end the block on its first line: `{_ended(block)}`")
        for what, remedy in read_block(block, kinds).wrong:
            yield _problem(path, block, f"`::: {block.name}`: {what}", remedy)
        yield from _unadvised(path, block, kinds)


def named_columns(written: str) -> tuple[str, ...]:
    """Return the columns that an argument names, parted by commas as in a row of CSV."""
    names = next(csv.reader([written], skipinitialspace=True), [])
    return tuple(dict.fromkeys(filter(None, map(str.strip, names))))


# ------------------------------------------------------------------------------ problems


def _problem(path: str, block: Block, what: str, remedy: str) -> Problem:
    return Problem(f"{CONTENT}/{path}", block.line, what, remedy, code=Code.WRONG_BLOCK)


def _unadvised(path: str, block: Block, kinds: BlockKinds) -> Iterator[Problem]:
    """Yield the warnings that a block lacks what it should have."""
    said = read_block(block, kinds)
    for argument in said.kind.arguments if said.kind else ():
        if argument.advised and argument.name not in said.values:
            what = f"`::: {block.name}` has no `{argument.name}`"
            remedy = f"add {_example(argument)}: {argument.advised}"
            file = f"{CONTENT}/{path}"
            yield Problem(file, block.line, what, remedy, "warning", code=Code.WRONG_BLOCK)


def _unknown(path: str, block: Block, kinds: BlockKinds) -> Problem:
    file, known = f"{CONTENT}/{path}", [*kinds, *PLACES]
    if close := near(block.name, known) if block.name else "":
        what = f'there is no block "{visible(block.name)}"'
        remedy = f'did you mean "{close}"?'
        return Problem(file, block.line, what, remedy, code=Code.WRONG_BLOCK)
    what = f"`{_shown(block)}` is no block, and readers will see it"
    meant = _MEANT.match(block.written)
    remedy = f"take it out, or write one of {', '.join(sorted(known))}"
    if meant and meant[1].lower() in known:
        remedy = (
            f"write `{':' * block.colons} {meant[1].lower()}`, and its arguments behind a space"
        )
    return Problem(file, block.line, what, remedy, "warning", code=Code.WRONG_BLOCK)


_MEANT = re.compile(r"\{?[.:\s]*([\w-]+)")
"""How other programs name what is a block here: `{.note}`, `{note}`, `note[Title]`."""


def _shown(block: Block) -> str:
    return f"{':' * block.colons} {shortened(visible(block.written))}"


def _ended(block: Block) -> str:
    return f"{_shown(block)} {':' * block.colons}"


def _unclosed(block: Block) -> str:
    colons = ":" * block.colons
    return (
        f"write a line `{colons}` below it, or ` {colons}` at its end; if it is to hold another"
        f" block, give both lines more colons than that has: `{colons}:`"
    )


# ----------------------------------------------------------------------------- arguments

_PART = re.compile(
    r"""(?P<name>[\w-]+)=(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)'
        |(?P<plain>[^\s"']\S*|))(?:\s+|$)
    |"(?P<alone>(?:[^"\\]|\\.)*)"(?:\s+|$)
    |(?P<word>[^\s"'=][^\s"]*)(?:\s+|$)""",
    re.VERBOSE,
)
_ESCAPED = re.compile(r"\\([\"'\\])")


class _Part(NamedTuple):
    """A part of what stands behind a block's name: a value, and the name that it is given to."""

    name: str
    value: str
    is_word: bool = False


@lru_cache(maxsize=4096)
def _said(written: str, kind: BlockKind) -> Said:
    rest = written.partition(" ")[2]
    parts, wrong = _parts(rest if '"' in rest else rest.translate(_STRAIGHT))
    given, ill = _given(parts, kind)
    wrong += ill
    values: dict[str, Plain | datetime] = {}
    for argument in kind.arguments:
        value = given.get(argument.name, "")
        if value == "":
            if argument.required:
                wrong.append((f"it wants `{argument.name}`", f"write {_example(argument)}"))
            elif argument.default is not None:
                values[argument.name] = default_of(argument)
            continue
        read = _value(argument, value)
        if isinstance(read, tuple):
            wrong.append(read)
        else:
            values[argument.name] = read
    return Said(kind, values, tuple(wrong))


def default_of(argument: Argument) -> Plain | datetime:
    """Return the default of an argument. Raises `ValueError` if it is none of its type."""
    default = argument.default
    value = _date(default) if argument.type == "date" and isinstance(default, str) else default
    if type(value) not in _DEFAULTS.get(argument.type, (str,)):
        raise ValueError(f"{default!r} is no {argument.type}")
    assert value is not None
    return value


_DEFAULTS: dict[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "date": (datetime,),
    "number": (int, float),
}
"""What a default is, by the type of its argument; of others it is a text."""


_STRAIGHT = dict.fromkeys(map(ord, "“”„‟«»"), '"')
"""Quotation marks that word processors set, where there are no others."""


def _given(
    parts: Iterable[_Part], kind: BlockKind
) -> tuple[dict[str, str | bool], list[tuple[str, str]]]:
    """Return what is given to each argument, and what to none."""
    known = {argument.name: argument for argument in kind.arguments}
    wrong: list[tuple[str, str]] = []
    first = next((one for one in kind.arguments if one.first), None)
    given: dict[str, str | bool] = {}
    strays: list[str] = []
    for part in parts:
        name: str = part.name
        value: str | bool = part.value
        flag = known.get(part.value) if part.is_word else None
        if not name and flag and flag.type == "boolean":
            name, value = flag.name, True
        elif not name and first and first.name not in given:
            name = first.name
        if not name:
            strays.append(part.value)
        elif name not in known:
            wrong.append(_no_argument(name, known))
        elif name in given:
            wrong.append((f"`{name}` is given twice", "take one of them out"))
        else:
            given[name] = value
    if strays:
        wrong.append(_without_name(" ".join(strays), known))
    return given, wrong


def _parts(rest: str) -> tuple[list[_Part], list[tuple[str, str]]]:
    """Return what stands behind a block's name, part for part, and what cannot be parted."""
    parts: list[_Part] = []
    place, rest = 0, rest.strip()
    while place < len(rest):
        found = _PART.match(rest, place)
        if found is None:
            what = f"`{shortened(visible(rest[place:]))}` is no argument"
            remedy = 'write arguments as in `name="some words"`, without spaces around the `=`'
            return parts, [(what, remedy)]
        name, double, single, plain, alone, word = found.groups()
        value = next(one for one in (double, single, plain, alone, word) if one is not None)
        value = value if word or plain else _ESCAPED.sub(r"\1", value)
        parts.append(_Part(name or "", value.strip(), word is not None))
        place = found.end()
    return parts, []


def _without_name(value: str, known: Mapping[str, Argument]) -> tuple[str, str]:
    what = f"nobody knows what `{shortened(visible(value))}` is for"
    if not known:
        return what, "take it out"
    names = ", ".join(known)
    remedy = "put words that belong together in quotation marks, and write them behind a name"
    return what, f'{remedy}, as in `{next(iter(known))}="some words"`: {names}'


def _no_argument(name: str, known: Mapping[str, Argument]) -> tuple[str, str]:
    close = nearest(name, known)
    names = ", ".join(known)
    remedy = f"did you mean `{close}`?" if close else f"known here: {names}"
    return f"it has no `{visible(name)}`", remedy if known else "take it out"


def _example(argument: Argument) -> str:
    value = _EXAMPLES.get(argument.type, "…")
    return f'`"{value}"` behind the name' if argument.first else f'`{argument.name}="{value}"`'


_EXAMPLES: dict[str, str] = {
    "number": "3",
    "date": "2026-03-31",
    "address": "https://example.org/",
    "embed": "https://example.org/",
    "picture": "picture.jpg",
    "table": "numbers.csv",
    "story": "story.md",
    "column": "Year",
    "columns": "Year, Price",
    "numbers": "Price",
}


def _value(argument: Argument, written: str | bool) -> Plain | datetime | tuple[str, str]:
    """Return the value of an argument, or what is wrong with it and what to do."""
    name, text = argument.name, str(written)
    shown = shortened(visible(text))
    if argument.choices and text not in argument.choices:
        known = ", ".join(argument.choices)
        close = near(text, argument.choices)
        remedy = f'did you mean "{close}"?' if close else f"write one of {known}"
        return f'`{name}` cannot be "{shown}"', remedy
    if argument.type == "boolean":
        value = True if written is True else _TRUTH.get(text.lower())
        remedy = f"write `{name}` alone, or leave it out"
        return (
            (f'`{name}`: "{shown}" is neither true nor false', remedy) if value is None else value
        )
    if argument.type == "number":
        number = _number(text)
        remedy = "write one such as 3 or 2.5"
        return (f'`{name}`: "{shown}" is no number', remedy) if number is None else number
    if argument.type == "date":
        remedy = "write one such as 2026-03-31"
        return _date(text) or (f'`{name}`: "{shown}" is no date', remedy)
    if argument.type == "embed" and not _ELSEWHERE.fullmatch(text):
        remedy = "write it whole: https://…"
        return f'`{name}`: "{shown}" is no address of a page elsewhere', remedy
    return text


_ELSEWHERE = re.compile(r"https?://[^\s/?#\\]+([/?#]\S*)?", re.IGNORECASE)
_TRUTH = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}


def _number(text: str) -> int | float | None:
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,15})?", text):
        return None
    return float(text) if "." in text else int(text)


def _date(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
