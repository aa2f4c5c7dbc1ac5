"""Blocks of a body: what stands between `::: name …` and `:::`, found in its lines and its HTML.

In comes a body as it was typed; out go the blocks, and the body with a sign in the place of each
line that opens or closes one, which the engines carry into their HTML. There an element stands for
a block until all is looked at, mended and cleaned; then it is taken out. Code, comments and the
like stay as they are, and a block ends with the item or quotation that it stands in. What its name
and its arguments mean is known to the rooms above.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from generator.codes import Code
from generator.content.bounds import UnwieldyError
from generator.content.html import NOWHERE, Edit, Html, Token, attribute
from generator.content.markdown.fences import (
    QUOTE,
    SIGN,
    SIGNED,
    MarkedLine,
    expanded,
    find_parts,
    in_html,
)
from generator.errors import Problem
from generator.model import Block, Kind, Prose

SHEET = "blocks.css"
"""The stylesheet of the layouts' assets for blocks."""
MOST_BLOCKS = 2_000
"""Of one text. With more of them a page would take seconds, whatever they show."""


class Marked(NamedTuple):
    """A body with signs in it, its blocks in the order in which they open, and what is wrong."""

    body: str
    blocks: tuple[Block, ...]
    problems: list[Problem]


def mark_blocks(body: str, body_line: int) -> Marked:
    """Return a body with its blocks marked. `body_line` is its first line in the file.

    Raises `UnwieldyError` for more of them than a text may have.
    """
    if not _may_have_blocks(body):
        return Marked(body, (), [])
    lines = body.replace(SIGN, "").split("\n")
    typed = [*lines]
    found = _Found()
    for part in find_parts(lines, _LINE):
        if isinstance(part, MarkedLine):
            found.take(part)
    for block in reversed(found.opened):  # what stands in a quotation, before that is none
        block.put_signs(lines)
    strays = [
        Problem("", body_line + line, *_STRAY, "warning", code=Code.MARKDOWN)
        for line in found.strays
    ]
    blocks = tuple(block.value(body_line, typed) for block in found.opened)
    return Marked("\n".join(lines), blocks, strays)


def without_signs(marked: Marked) -> str:
    """Return a body with nothing in the place of the signs of its blocks."""
    return _SIGNED.sub("", marked.body) if marked.blocks else marked.body


_SIGNED = re.compile(f"{SIGN}[^{SIGN}\n]*{SIGN}")


def _may_have_blocks(body: str) -> bool:
    # One character is found sooner than two.
    return (":" in body and ":::" in body) or ("!" in body and "[!" in body)


_LINE = re.compile(
    r"[ ]{0,3}(?:(:{3,40})(?!:)[ \t]*(.*)|\[!(note|tip|important|warning|caution)\][ \t]*)$",
    re.IGNORECASE,
)
"""What begins or ends a block, and what begins a quotation that is one at GitHub."""
_STRAY = (
    "`:::` closes nothing here, and readers will see it",
    "take it out, or give it as many colons as the line has that opens its block",
)


_TOO_MANY = f"this text has more than {MOST_BLOCKS:,} blocks", "make several texts of it"


class Places(NamedTuple):
    """Where the blocks stand in a text's HTML: the `edits` put a token in the place of each tag of
    their elements.

    `promo` is the place that the text has for a promo, `more` that before which its summary is;
    None if it says nothing of that.
    """

    edits: tuple[Edit, ...] = ()
    promo: int | None = None
    more: int | None = None
    problems: tuple[Problem, ...] = ()


NO_PLACES = Places()


def with_elements(markup: str, key: str) -> str:
    """Return an engine's HTML with an element for each block, in the place of what stands for it.

    Their class begins with the text's own `key`, so that no writer could have typed it.
    """
    return _IN_HTML.sub(partial(_element, key), markup)


def find_places(page: Html, key: str, blocks: Sequence[Block]) -> Places:
    """Return where the blocks stand in the HTML that was made of `with_elements`."""
    edits, found = list[Edit](), dict[int, tuple[int, Token]]()
    for index, tag in page.starts("aside"):
        known = attribute(tag, "class")
        end = page.end_tag(index)
        if known and end and known.value.startswith(f"{key}-"):
            number = int(known.value.removeprefix(f"{key}-"))
            found[number] = index, tag
            name = blocks[number].name
            edits.append(Edit(tag.start, tag.end, "" if name in PLACES else token(number)))
            edits.append(Edit(end.start, end.end, "" if name in PLACES else _END))
    wrong = [*_misplaced(blocks, found)]
    places = {
        name: found[number][1].start
        for number, name in reversed([*enumerate(block.name for block in blocks)])
        if name in PLACES and number in found and found[number][1].parent == NOWHERE
    }
    return Places(tuple(edits), places.get("promo"), places.get("more"), tuple(wrong))


def _misplaced(
    blocks: Sequence[Block], found: Mapping[int, tuple[int, Token]]
) -> Iterator[Problem]:
    """Yield what stands where it cannot."""
    seen = set[str]()
    for number, block in enumerate(blocks):
        if number not in found:
            what = f"`::: {block.name}` stands where there can be no block"
            remedy = "put it behind the HTML around it; in a list, indent all of it by four spaces"
            yield Problem("", block.line, what, remedy, code=Code.WRONG_BLOCK)
        elif block.name in PLACES and block.holds:
            what = f"`::: {block.name}` is but a place, and holds nothing"
            remedy = f"write `::: {block.name} :::`, and the text behind it"
            yield Problem("", block.line, what, remedy, code=Code.WRONG_BLOCK)
        elif block.name in PLACES and found[number][1].parent != NOWHERE:
            what = f"`::: {block.name}` stands inside of something"
            remedy = "put it between two paragraphs of the text"
            yield Problem("", block.line, what, remedy, code=Code.WRONG_BLOCK)
        elif block.name in seen:
            what = f"there is more than one `::: {block.name}`: the first one counts"
            yield Problem(
                "", block.line, what, "take this one out", "warning", code=Code.WRONG_BLOCK
            )
        seen |= {block.name} & PLACES


def idle_places(blocks: Iterable[Block], kind: Kind) -> Iterator[Problem]:
    """Yield the warning of each place that means nothing in a text of a kind."""
    for block in blocks:
        reason, kinds = _MEANT_IN.get(block.name, ("", (kind,)))
        if kind not in kinds:
            what = f"`::: {block.name}` does nothing in this text: {reason}"
            yield Problem("", block.line, what, "take it out", "warning", code=Code.WRONG_BLOCK)


def taken_apart(prose: Prose, number: int) -> Prose:
    """Return some prose with the text of each of so many blocks by itself."""
    if not number:
        return prose
    inner = [""] * number
    opening, rest = (_without_inner(html, inner) for html in (prose.opening, prose.rest))
    return replace(prose, opening=opening, rest=rest, blocks=tuple(inner))


def _without_inner(html: str, inner: list[str]) -> str:
    """Return some HTML with no more than a token of each block; what is in it goes to `inner`."""
    levels: list[list[str]] = [[]]
    numbers: list[int] = []
    for number, part in enumerate(_TOKEN.split(html)):
        if not number % 2:
            levels[-1].append(part)
        elif part:
            levels[-1].append(token(int(part)))
            levels.append([])
            numbers.append(int(part))
        else:
            inner[numbers.pop()] = "".join(levels.pop()).strip("\n")
    return "".join(levels[0])


def token(number: int) -> str:
    """Return what stands in HTML for the block of a number."""
    return f"\x04{number}\x05"


PLACES = frozenset(("promo", "more"))
"""Blocks that are but a place in their text."""

_MEANT_IN: dict[str, tuple[str, tuple[Kind, ...]]] = {
    "promo": ("only a story has a call to action", ("articles",)),
    "more": (
        "only stories, pages and items have a summary of their beginning",
        ("articles", "pages", "items"),
    ),
}
"""By the name of a place, why it means something only in texts of these kinds."""

_END = "\x04\x05"
_TOKEN = re.compile("\x04(\\d*)\x05")
_IN_HTML = re.compile(f"{in_html(SIGNED.pattern.removesuffix('$'))}\n?")


def _element(key: str, sign: re.Match[str]) -> str:
    start = "" if sign[1] else f'<aside class="{key}-{sign[2]}">'
    end = "</aside>\n" if sign[1] or sign[3] else ""
    return start + end


# -------------------------------------------------------------------------- in the lines


class _Opened:
    """A block whose opening line was seen, and the line that closes it once that was seen too."""

    def __init__(self, number: int, line: MarkedLine) -> None:
        self.number, self.line = number, line
        self.colons = len(line.found[1])
        self.end: MarkedLine | None = None
        rest = line.found[2].rstrip()
        written = rest.removesuffix(line.found[1])
        self.is_whole = written != rest and (not written or written[-1] == " ")
        self.written = written.rstrip() if self.is_whole else rest

    def value(self, body_line: int, lines: Sequence[str]) -> Block:
        first = self.line.first
        is_closed = self.is_whole or self.end is not None
        inner = lines[first + 1 : self.end.first] if self.end else ()
        holds = any(line.strip(" \t>") for line in inner)
        return Block(self.written, body_line + first, self.colons, is_closed, holds)

    def put_signs(self, lines: list[str]) -> None:
        """Put signs in the place of its lines. One that is never closed holds nothing."""
        if self.end is None:
            lines[self.line.first] = _in_place_of(self.line, f"{self.number}.")
        else:
            lines[self.line.first] = _in_place_of(self.line, f"{self.number}")
            lines[self.end.first] = _in_place_of(self.end, f"/{self.number}")


class _Alert:
    """A quotation that begins with such as `[!NOTE]`, and is a block of that name."""

    def __init__(self, number: int, line: MarkedLine) -> None:
        self.number, self.line = number, line

    def value(self, body_line: int, lines: Sequence[str]) -> Block:  # noqa: ARG002 (it holds some)
        line = body_line + self.line.first
        return Block(self.line.found[3].lower(), line, _FEWEST, holds=True)

    def put_signs(self, lines: list[str]) -> None:
        """Put signs around the quotation, which is none any more."""
        first = self.line.first
        after = first + 1
        while after < len(lines) and (quoted := QUOTE.match(line := expanded(lines[after]))):
            lines[after] = line[quoted.end() :]
            after += 1
        lines[first] = f"{SIGN}{self.number}{SIGN}"
        end = f"{SIGN}/{self.number}{SIGN}"
        if after < len(lines) and not lines[after].strip():
            lines[after] = end
        else:
            lines[after - 1] += f"\n{end}"


_FEWEST = 3
"""Colons of a block."""


def _in_place_of(line: MarkedLine, sign: str) -> str:
    return f"{line.before}{SIGN}{sign}{SIGN}"


class _Found:
    """The blocks of a text, as its lines come one after the other.

    `strays` are the numbers of lines that close nothing.
    """

    def __init__(self) -> None:
        self.opened: list[_Opened | _Alert] = []
        self.strays: list[int] = []
        self._open: list[_Opened] = []

    def take(self, line: MarkedLine) -> None:
        """Take the next line that has the colons of a block."""
        while self._open and not _is_in(line, self._open[-1].line):
            self._open.pop()  # it ends, never closed, with what it stands in
        if line.found[3]:
            self._begin_alert(line)
        elif line.found[2].strip():
            self._begin(line)
        else:
            self._end(line)

    def _begin(self, line: MarkedLine) -> None:
        block = _Opened(len(self.opened), line)
        self._add(block)
        if not block.is_whole:
            while self._open and self._open[-1].colons <= block.colons:
                self._open.pop()  # it has too few colons to hold this one
            self._open.append(block)

    def _begin_alert(self, line: MarkedLine) -> None:
        """Take the first line of a quotation that stands in nothing else."""
        if line.begins and len(line.containers) == 1 and line.containers[0].is_quote:
            self._add(_Alert(len(self.opened), line))

    def _add(self, block: _Opened | _Alert) -> None:
        if block.number == MOST_BLOCKS:
            raise UnwieldyError(block.line.found[0], *_TOO_MANY)
        self.opened.append(block)

    def _end(self, line: MarkedLine) -> None:
        colons = len(line.found[1])
        block = next((one for one in reversed(self._open) if one.colons == colons), None)
        if block is None or block.line.within != line.within:
            self.strays.append(line.first)
            return
        while self._open.pop() is not block:
            pass  # what stands in it ends, never closed, with it
        block.end = line


def _is_in(line: MarkedLine, outer: MarkedLine) -> bool:
    """Return whether a line stands in all that an earlier one stands in."""
    return line.within[: len(outer.within)] == outer.within
