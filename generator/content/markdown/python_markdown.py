"""The default engine: Python-Markdown, set up for bodies.

What it reads otherwise than CommonMark and loses on the way is read as there: fenced code
wherever it stands, with any words behind the fence, references and notes by their labels,
attribute lists, the first number of a list.
"""

import re
from collections.abc import Sequence
from functools import cache, partial
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor, ParagraphProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import ESCAPE_RE, EscapeInlineProcessor, HtmlInlineProcessor
from markdown.preprocessors import NormalizeWhitespace, Preprocessor
from markdown.util import ETX, HTML_PLACEHOLDER, HTML_PLACEHOLDER_RE, STX, AtomicString

from generator.content.markdown.attributes import AT_END, LIST
from generator.content.markdown.direct import direct_html
from generator.content.markdown.fast import Attributes, quick_markdown
from generator.content.markdown.fences import (
    Container,
    Fence,
    find_fences,
    may_have_fences,
    start_tags,
)
from generator.content.markdown.labels import Labels, Notes
from generator.content.markdown.tags import TAG, Tags, put_back, with_escapes_apart
from generator.content.typography import ESCAPED, verbatim
from generator.markup import text


def to_html(body: str, smart_quotes: bool, shows_html: bool = False) -> str:
    """Return the HTML of a body. With smart quotes, escaped marks are as `typography` has them."""
    converter = partial(_converted, smart_quotes=smart_quotes, shows_html=shows_html)
    return direct_html(body, converter)


def _converted(body: str, smart_quotes: bool, shows_html: bool) -> str:
    try:
        converter = _converter(smart_quotes, shows_html)
        converted = converter.reset().convert(with_escapes_apart(body))
    except BaseException:
        _converter.cache_clear()  # one that has failed may take the next text for a list
        raise
    return put_back(converted) if "\\<" in body else converted


@cache
def _converter(smart_quotes: bool, shows_html: bool) -> Markdown:
    notes = Notes(BACKLINK_TITLE="{}")
    md = quick_markdown(("tables", notes, "def_list", "attr_list", Labels(), Tags(), _Bodies()), {})
    known: Any = md.treeprocessors["attr_list"]
    lists: Any = _Lists(known.quick, md)
    md.treeprocessors.register(lists, "attr_list", 8)
    lists.HEADER_RE = re.compile(f"{AT_END}$")
    lists.BLOCK_RE = re.compile(rf"\n[ ]*{LIST}[ ]*$")
    lists.INLINE_RE = re.compile(f"^{LIST}")
    if smart_quotes:
        md.inlinePatterns.register(_Escapes(ESCAPE_RE, md), "escape", 180)
    if shows_html:
        blocks: Any = md.preprocessors["html_block"]
        blocks.is_text = True
        md.inlinePatterns.register(_ShownTags(TAG, md, smart_quotes), "html", 90)
    return md


class _Bodies(Extension):
    """Puts the processors of this module in the places of Python-Markdown's own."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        fences = _Fences(md)
        md.preprocessors.register(fences, "normalize_whitespace", 30)
        md.preprocessors.register(_HtmlNames(md), "html_names", 25)
        md.preprocessors.register(_Raw(md, fences), "raw", 15)
        md.parser.blockprocessors.register(_Indented(md.parser, fences), "fence", 82)
        md.parser.blockprocessors.register(_Paragraphs(md.parser, fences), "paragraph", 10)
        numbered: Any = md.parser.blockprocessors["olist"]
        numbered.LAZY_OL = False  # a list begins with the number that it was given


class _Escapes(EscapeInlineProcessor):
    """Keeps a mark that the author escaped apart from those that are to be set."""

    def handleMatch(  # type: ignore[override]  # noqa: N802 (Python-Markdown's name)
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        if escaped := ESCAPED.get(m[1]):
            return f"{STX}{ord(escaped)}{ETX}", m.start(), m.end()
        return super().handleMatch(m, data)


class _Lists(Attributes):
    """Gives elements attributes; a tag in the value of one is text there, to be escaped."""

    def assign_attrs(self, elem: Element, attrs_string: str, *, strict: bool = False) -> str:
        left = super().assign_attrs(elem, attrs_string, strict=strict)
        for name, value in elem.items():
            if STX in value:
                elem.set(name, HTML_PLACEHOLDER_RE.sub(self._stored, value))
        return left

    def _stored(self, placeholder: re.Match[str]) -> str:
        assert self.md is not None
        return str(self.md.htmlStash.rawHtmlBlocks[int(placeholder[1])])


class _ShownTags(HtmlInlineProcessor):
    """Shows a tag as it is typed."""

    def __init__(self, pattern: str, md: Markdown, smart_quotes: bool) -> None:
        super().__init__(pattern, md)
        self.shown = verbatim if smart_quotes else text

    def handleMatch(  # type: ignore[override]  # noqa: N802 (Python-Markdown's name)
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002 (it makes no difference)
    ) -> tuple[str, int, int]:
        typed = self.backslash_unescape(self.unescape(m[1]))
        return self.md.htmlStash.store(self.shown(typed)), m.start(), m.end()


# --------------------------------------------------------------------- blocks of HTML

_BLOCKS = ("dialog", "dir", "listing", "noembed", "noframes", "search", "template", "xmp")
"""Elements that are blocks, too, and Python-Markdown does not know as such."""

_ALONE = re.compile(
    r"(?:\A|\n\n) {0,3}<(audio|picture|select|svg|[a-z][\w.]*-[\w.-]*)(?:\s[^<>]*)?> *\n",
    re.IGNORECASE,
)
"""A start tag alone on its line that begins a block: of an element that is often part of a line,
or of one of somebody's own."""


class _HtmlNames(Preprocessor):
    """Tells of which elements the HTML is passed on as it is, if they begin a line."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.known = (*md.block_level_elements, *_BLOCKS)

    def run(self, lines: list[str]) -> list[str]:
        source = "\n".join(lines)
        begun = {name.lower() for name in _ALONE.findall(source)} if "<" in source else ()
        whole = (name for name in begun if f"</{name}" in source.lower())
        self.md.block_level_elements = [*self.known, *whole]
        return lines


# -------------------------------------------------------------------------- fenced code


class _Fences(NormalizeWhitespace):
    """Puts one line, which the HTML comes back for, in the place of each block of fenced code."""

    count = 0
    """The blocks in the text under way: theirs are the first numbers among raw HTML."""

    def run(self, lines: list[str]) -> list[str]:
        source = "\n".join(lines)
        self.count = 0
        if not may_have_fences(source):
            return super().run(lines)
        source = source.replace(STX, "").replace(ETX, "")
        lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        replaced: list[str] = []
        done = 0
        for fence in find_fences(lines):
            replaced += lines[done : fence.first]
            replaced += self._in_place_of(fence, bool(replaced) and not replaced[-1].strip())
            done = fence.after
        source = "\n".join([*replaced, *lines[done:], "", ""]).expandtabs(self.md.tab_length)
        return re.sub(r"(?<=\n) +\n", "\n", source).split("\n")

    def _in_place_of(self, fence: Fence, is_apart: bool) -> list[str]:
        code = text(fence.code).replace("&#x27;", "'")
        stored = self.md.htmlStash.store(f"{start_tags(fence.info)}{code}</code></pre>")
        self.count += 1
        if not fence.containers:
            return ["", stored, ""]
        is_item = not fence.containers[-1].is_quote
        before = _in_item(fence.containers) if is_item and not fence.begins else fence.before
        is_last = fence.is_left or (is_apart and is_item)
        return [before + stored, ""] if is_last else [before + stored]


class _Raw(Preprocessor):
    """Gives raw HTML back what was set apart in it: no backslash means anything there."""

    def __init__(self, md: Markdown, fences: _Fences) -> None:
        super().__init__(md)
        self.fences = fences

    def run(self, lines: list[str]) -> list[str]:
        stored = self.md.htmlStash.rawHtmlBlocks
        first = self.fences.count
        stored[first:] = [put_back(str(raw), is_raw=True) for raw in stored[first:]]
        return lines


def _in_item(containers: Sequence[Container]) -> str:
    """Return the beginning of a line that Python-Markdown takes to be in such an item."""
    quoted, indent = "", 0
    for container in containers:
        if container.is_quote:
            quoted, indent = f"{quoted}{' ' * indent}> ", 0
        else:
            indent = (container.column // 4 + 1) * 4
    return quoted + " " * indent


class _Paragraphs(ParagraphProcessor):
    """Parts a paragraph at each line that stands for fenced code, which becomes a block."""

    leaves_paragraphs = True
    LINE = re.compile(rf"^ *({HTML_PLACEHOLDER % '([0-9]+)'})$\n?", re.MULTILINE)

    def __init__(self, parser: Any, fences: _Fences) -> None:
        super().__init__(parser)
        self.fences = fences

    def run(self, parent: Element, blocks: list[str]) -> None:
        line = self.LINE.search(blocks[0]) if self.fences.count else None
        if line is None or int(line[2]) >= self.fences.count:
            super().run(parent, blocks)
            return
        block = blocks.pop(0)
        if before := block[: line.start()].rstrip():
            super().run(parent, [before])
        elif parent.text and not len(parent):
            parent.text += "\n"
        SubElement(parent, "p").text = AtomicString(line[1])
        if after := block[line.end() :].lstrip():
            blocks.insert(0, after)


class _Indented(BlockProcessor):
    """Takes indented lines that stand for fenced code before they are taken for code."""

    leaves_paragraphs = True

    def __init__(self, parser: Any, fences: _Fences) -> None:
        super().__init__(parser)
        self.fences = fences

    def test(self, parent: Element, block: str) -> bool:  # noqa: ARG002 (it makes no difference)
        line = _Paragraphs.LINE.match(block) if self.fences.count else None
        return line is not None and int(line[2]) < self.fences.count

    def run(self, parent: Element, blocks: list[str]) -> None:
        self.parser.blockprocessors["paragraph"].run(parent, blocks)
