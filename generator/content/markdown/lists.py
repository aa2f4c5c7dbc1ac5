"""Lists of Python-Markdown as CommonMark has them.

A list may stand right below a line of text. An item holds what is indented as far as its own
words are; another sign begins another list; all items of a list stand apart, or none does.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.extensions.def_list import DefListIndentProcessor
from markdown.preprocessors import Preprocessor
from markdown.util import HTML_PLACEHOLDER, STX

from generator.content.markdown.lines import Line, Walk


class CommonLists(Extension):
    """Puts the processors of this module in the places of Python-Markdown's own."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        processors = md.parser.blockprocessors
        for name in ("indent", "olist", "ulist"):
            processors.deregister(name)
        processors.register(_Lists(md.parser), "common_lists", 95)
        processors.register(_InDefinitions(md.parser), "defindent", 85)
        md.preprocessors.register(_IndentedHtml(md), "indented_html", 19)


class _IndentedHtml(Preprocessor):
    """Indents the line that stands for a block of HTML as that was indented, in an item perhaps."""

    PLACE = re.compile(rf"^( +)\n(?={HTML_PLACEHOLDER % '[0-9]+'})", re.MULTILINE)

    def run(self, lines: list[str]) -> list[str]:
        source = "\n".join(lines)
        return self.PLACE.sub(r"\n\1", source).split("\n") if STX in source else lines


class _InDefinitions(DefListIndentProcessor):
    """Takes what is indented into definitions, and leaves to items what is theirs."""

    leaves_paragraphs = True

    def test(self, parent: Element, block: str) -> bool:
        last = self.lastChild(parent)
        is_definition = parent.tag == "dd" or (last is not None and last.tag == "dl")
        return is_definition and super().test(parent, block)

    def run(self, parent: Element, blocks: list[str]) -> None:
        definition = self._last_definition(parent)
        if definition is None:
            super().run(parent, blocks)
            return
        if definition.text:
            paragraph = Element("p")
            paragraph.text, definition.text = definition.text, ""
            definition.insert(0, paragraph)
        inner: list[str] = []
        while blocks and (not blocks[0].strip() or blocks[0].startswith("    ")):
            inner.append(self.looseDetab(blocks.pop(0)))
        self.parser.parseBlocks(definition, inner)

    def _last_definition(self, parent: Element) -> Element | None:
        """Return the last definition of the list that ends in an element, if one does."""
        definitions = self.lastChild(parent)
        if definitions is None or definitions.tag != "dl" or not len(definitions):
            return None
        return definitions[-1] if definitions[-1].tag == "dd" else None


class _Lists(BlockProcessor):
    """Makes a list, with all that stands in it."""

    leaves_paragraphs = True
    SIGN = re.compile(r"(?:\A|\n) {0,3}(?:[-*+]|\d{1,9}[.)])(?= |\n|\Z)")

    def test(self, parent: Element, block: str) -> bool:  # noqa: ARG002 (it makes no difference)
        return bool(self.SIGN.search(block))

    def run(self, parent: Element, blocks: list[str]) -> bool:
        before, found = _read(blocks)
        if found is None:
            return False
        if before:
            self.parser.parseBlocks(parent, [before])
        self._make(found, _list_in(parent, found.first))
        return True

    def _make(self, found: "_List", element: Element) -> None:
        self.parser.state.set("looselist" if found.is_loose else "list")
        for lines in found.items:
            self.parser.parseChunk(SubElement(element, "li"), "\n".join(lines).rstrip("\n"))
        self.parser.state.reset()


def _list_in(parent: Element, first: str) -> Element:
    """Return a new list in an element; `first` is the sign of its first item."""
    if not first[:-1]:
        return SubElement(parent, "ul")
    number = int(first[:-1])
    return SubElement(parent, "ol", {"start": str(number)} if number != 1 else {})


class _List:
    """The items of a list, as lines without what indents them, and the sign of the first one."""

    def __init__(self, line: Line) -> None:
        self.first = line.text.split(maxsplit=1)[0]
        self.items: list[list[str]] = []
        self.is_loose = False
        self._last, self._is_apart, self._was_code = line, False, False

    def take(self, line: Line) -> bool:
        """Take the next line; return whether it belongs to the list."""
        if line.is_blank:
            self._is_apart = True
            self.items[-1].append("")
            return True
        is_outside = not line.kept and line.is_lazy
        if not line.kept and not is_outside:
            if not _begins_item(line) or line.around[0].sign != self.first[-1]:
                return False
            self.items.append([])
        words = line.text if is_outside else line.text[line.around[0].width :]
        is_inner = len(line.around) > 1
        is_code = words.startswith("    ") and not is_inner
        if self._is_apart and self._parts(line, is_code):
            self.is_loose = True
        self.items[-1].append(words if is_code or is_inner else words.lstrip())
        self._last, self._is_apart, self._was_code = line, False, is_code
        return True

    def _parts(self, line: Line, is_code: bool) -> bool:
        """Return whether blank lines before a line part two items, or two blocks of one."""
        if line.kept != 1:
            return not line.kept
        return not (is_code and self._was_code) and not _is_next(self._last, line)


def _is_next(before: Line, line: Line) -> bool:
    """Return whether a line goes on with a list that stands in an item."""
    signs = [one.sign for each in (before, line) for one in each.around[1:2] if one.is_item]
    return len(signs) == 2 and signs[0] == signs[1]


def _begins_item(line: Line) -> bool:
    """Return whether an item that stands in no other container begins in a line."""
    is_new = not line.kept and not line.is_lazy
    return is_new and bool(line.around) and line.around[0].is_item


class _Place(NamedTuple):
    """A line, and where it stands: in which block, and where in that."""

    block: int
    number: int
    text: str


def _read(blocks: list[str]) -> tuple[str, _List | None]:
    """Take the first list that begins in the first block, and all before it, from the blocks.

    If none does, these are left as they are.
    """
    walk, found, before = Walk(), None, list[str]()
    for place in _places(blocks):
        line = walk.take(place.text)
        if found is None and _begins_item(line):
            found = _List(line)
        if found is None:
            before.append(place.text)
        elif not found.take(line):
            rest = blocks[place.block].split("\n")[place.number :]
            blocks[: place.block + 1] = ["\n".join(rest)]
            break
        if found is None and place.block:
            return "", None
    else:
        if found:
            blocks.clear()
    return "\n".join(before), found


def _places(blocks: list[str]) -> Iterator[_Place]:
    """Yield the lines of all blocks, and the blank ones between them."""
    for number, block in enumerate(blocks):
        lines = block.split("\n")
        yield from (_Place(number, row, line) for row, line in enumerate(lines))
        yield _Place(number, len(lines), "")
