"""In which quotations, items, definitions and notes each line of a text stands.

All of it is as CommonMark has it.

A line that goes on with a paragraph stands in all that this does, indented or quoted or not; a
list begins right below a line of text with a bullet or a number 1, if words follow.
"""

import re
from typing import NamedTuple

from markdown.util import HTML_PLACEHOLDER

from generator.content.bounds import UnwieldyError
from generator.content.html import DEEPEST
from generator.content.markdown.fences import (
    FENCE,
    HEADING,
    LIST_SIGN,
    QUOTE,
    RAW_HTML,
    RULE,
    SIGNED,
    Container,
    continued,
    entered,
    expanded,
)


class Line(NamedTuple):
    """A line: its text with spaces for tabs, and the containers that it stands `around`.

    `kept` is how many of those of the line before it stands in by its own signs, and it `goes_on`
    with a paragraph. `rest` follows its signs; a line without words that begins an item is not
    blank.
    """

    text: str
    rest: str
    around: tuple[Container, ...]
    kept: int
    goes_on: bool = False
    is_blank: bool = False

    @property
    def is_lazy(self) -> bool:
        """Return whether it goes on with a paragraph without all of the signs of that."""
        return self.goes_on and self.kept < len(self.around)


class Walk:
    """Takes the lines of a text, one after the other."""

    def __init__(self) -> None:
        self.around: tuple[Container, ...] = ()
        self.is_paragraph = False
        """Whether the line before belongs to a paragraph."""
        self.is_table = False
        """Whether the line before belongs to a table."""
        self._empty = 0

    def take(self, typed: str) -> Line:
        """Take the next line of the text; raise `UnwieldyError` if it nests too deep."""
        text = expanded(typed)
        outer, rest = continued(self.around, text)
        kept, is_current = len(outer), len(outer) == len(self.around)
        if not rest.strip():
            return self._blank(text, outer)
        if self.is_paragraph and not _interrupts(rest, is_current):
            self._go_on(rest, is_current)
            return Line(text, rest, self.around, kept, goes_on=True)
        around, rest = entered(outer, rest)
        if len(around) + sum(not one.is_quote for one in around) >= DEEPEST:
            remedy = "take out levels of quotations, lists or marks"
            raise UnwieldyError(typed, "this is nested too deep", remedy)
        self._empty = len(around) if len(around) > kept and not rest.strip() else 0
        self.is_table = self.is_table and is_current and around == self.around
        self.is_paragraph = not self.is_table and _is_words(rest)
        self.around = around
        return Line(text, rest, around, kept)

    def _blank(self, text: str, outer: tuple[Container, ...]) -> Line:
        """Take a blank line: it ends paragraphs, tables, quotations, and an item without words."""
        if self._empty:
            outer = outer[: self._empty - 1]
        self.around, self.is_paragraph, self.is_table, self._empty = outer, False, False, 0
        return Line(text, "", outer, len(outer), is_blank=True)

    def _go_on(self, rest: str, is_current: bool) -> None:
        if is_current and _UNDERLINE.match(rest):
            self.is_paragraph = False
        elif is_current and _DELIMITERS.match(rest):
            self.is_paragraph, self.is_table = False, True


_UNDERLINE = re.compile(r"[ ]{0,3}(?:=+|-+)[ ]*$")
_DELIMITERS = re.compile(r"[ ]{0,3}(?=[ :-]*\|)[ |:-]+$")
CODE_PLACE = HTML_PLACEHOLDER % "0"
"""A line that may stand for fenced code."""

_PLACE = re.compile(rf"[ ]*{HTML_PLACEHOLDER % '[0-9]+'}[ ]*$")
"""A line that stands for a block of HTML or of code."""
_BLOCKS = (QUOTE, FENCE, HEADING, RULE, RAW_HTML, SIGNED, _PLACE)


def _is_words(rest: str) -> bool:
    """Return whether a line begins a paragraph."""
    return bool(rest.strip()) and not rest.startswith("    ") and not _begins_block(rest)


def _begins_block(rest: str) -> bool:
    return any(block.match(rest) for block in _BLOCKS)


def _interrupts(rest: str, is_current: bool) -> bool:
    """Return whether a line begins a block right below a paragraph.

    A sign of a list that would part the paragraph in the same container, which `is_current`, must
    be sure to be meant.
    """
    if _begins_block(rest):
        return True
    sign = LIST_SIGN.match(rest)
    if sign is None or not is_current or sign[2]:
        return sign is not None
    number = sign[0].strip()[:-1]
    return bool(rest[sign.end() :].strip()) and (not number or int(number) == 1)
