"""The default engine: Python-Markdown, set up for bodies.

What it reads otherwise than CommonMark and loses on the way is read as there: fenced code
wherever it stands, with any words behind the fence, references and notes by their labels,
attribute lists, the first number of a list.

With extensions of others it goes its usual way: nobody knows what those look for.
"""

import json
import re
from collections.abc import Sequence
from functools import cache, partial
from types import SimpleNamespace
from typing import Any, cast
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor, ParagraphProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import ESCAPE_RE, EscapeInlineProcessor, HtmlInlineProcessor
from markdown.preprocessors import NormalizeWhitespace, Preprocessor
from markdown.util import ETX, HTML_PLACEHOLDER, HTML_PLACEHOLDER_RE, STX, AtomicString

from generator.config import ListRules
from generator.content.markdown.attributes import AT_END, LIST
from generator.content.markdown.direct import direct_html
from generator.content.markdown.extensions import MarkdownExtension
from generator.content.markdown.fast import Attributes, quick_markdown, usual_markdown
from generator.content.markdown.fences import (
    Container,
    Fence,
    find_fences,
    may_have_fences,
    start_tags,
)
from generator.content.markdown.labels import Labels, Notes
from generator.content.markdown.lists import CommonLists
from generator.content.markdown.made_extensions import made
from generator.content.markdown.tags import TAG, Tags, put_back, with_escapes_apart
from generator.content.typography import ESCAPED, verbatim
from generator.markup import text


def to_html(
    body: str, smart_quotes: bool, shows_html: bool = False, lists: ListRules = "classic"
) -> str:
    """Return the HTML of a body. With smart quotes, escaped marks are as `typography` has them."""
    converter = partial(_converted, smart_quotes=smart_quotes, shows_html=shows_html, lists=lists)
    return direct_html(body, converter)


def extended_html(
    body: str,
    smart_quotes: bool,
    shows_html: bool = False,
    extensions: tuple[MarkdownExtension, ...] = (),
    lists: ListRules = "classic",
) -> str:
    """Return the HTML that the same engine makes of a body with extensions of others."""
    return _converted(body, smart_quotes, shows_html, extensions, lists)


def _converted(
    body: str,
    smart_quotes: bool,
    shows_html: bool,
    extensions: tuple[MarkdownExtension, ...] = (),
    lists: ListRules = "classic",
) -> str:
    try:
        converter = _converter(smart_quotes, shows_html, extensions, lists)
        converted = converter.reset().convert(with_escapes_apart(body))
    except BaseException:
        _converter.cache_clear()  # one that has failed may take the next text for a list
        raise
    return put_back(converted) if "\\<" in body else converted


@cache
def _converter(
    smart_quotes: bool,
    shows_html: bool,
    extensions: tuple[MarkdownExtension, ...],
    lists: ListRules,
) -> Markdown:
    options = {one.name: json.loads(one.options) for one in extensions}
    notes = Notes(**{"BACKLINK_TITLE": "{}", **options.pop("footnotes", {})})
    common = (CommonLists(),) if lists == "common" else ()
    bodies = _Bodies(lists)
    ours = ("tables", notes, "def_list", "attr_list", Labels(), Tags(), bodies, *common)
    if extensions:
        theirs = [made(one) for one in extensions if one.name not in (*ours, "footnotes")]
        md, looks = usual_markdown([*ours, *theirs], options), cast(Any, SimpleNamespace(text="{"))
        _let_read_fences(md)
    else:
        md = quick_markdown(ours, {})
        looks = cast(Any, md.treeprocessors["attr_list"]).quick
    braces: Any = _Lists(looks, md)
    md.treeprocessors.register(braces, "attr_list", 8)
    braces.HEADER_RE = re.compile(f"{AT_END}$")
    braces.BLOCK_RE = re.compile(rf"\n[ ]*{LIST}[ ]*$")
    braces.INLINE_RE = re.compile(f"^{LIST}")
    if smart_quotes:
        md.inlinePatterns.register(_Escapes(ESCAPE_RE, md), "escape", 180)
    if shows_html:
        _show_html(md, smart_quotes)
    return md


def _let_read_fences(md: Markdown) -> None:
    """Leave fenced code to an extension that reads it."""
    if "fenced_code_block" in md.preprocessors:
        md.preprocessors.register(NormalizeWhitespace(md), "normalize_whitespace", 30)


def _show_html(md: Markdown, smart_quotes: bool) -> None:
    """Have HTML be text."""
    blocks: Any = md.preprocessors["html_block"]
    if hasattr(blocks, "is_text"):
        blocks.is_text = True
    else:
        md.preprocessors.deregister("html_block")
    md.inlinePatterns.register(_ShownTags(TAG, md, smart_quotes), "html", 90)


class _Bodies(Extension):
    """Puts the processors of this module in the places of Python-Markdown's own."""

    def __init__(self, lists: ListRules) -> None:
        super().__init__()
        self.lists = lists

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        fences = _Fences(md, self.lists)
        md.preprocessors.register(fences, "normalize_whitespace", 30)
        names = _HtmlNames(md)
        md.preprocessors.register(names, "html_names", 21)
        md.preprocessors.register(_Raw(md, names), "raw", 15)
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

    stored = 0
    """The blocks of code in the text under way: theirs are the first among raw HTML."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.known = (*md.block_level_elements, *_BLOCKS)

    def run(self, lines: list[str]) -> list[str]:
        self.stored = len(self.md.htmlStash.rawHtmlBlocks)
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

    def __init__(self, md: Markdown, lists: ListRules) -> None:
        super().__init__(md)
        self.lists = lists

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
        if self.lists == "common":
            is_left = fence.is_left and any(one.is_quote for one in fence.containers)
            line = f"{fence.before}{' ' * fence.indent}{stored}"
            return [line, ""] if is_left else [line]
        is_item = not fence.containers[-1].is_quote
        before = _in_item(fence.containers) if is_item and not fence.begins else fence.before
        is_last = fence.is_left or (is_apart and is_item)
        return [before + stored, ""] if is_last else [before + stored]


class _Raw(Preprocessor):
    """Gives raw HTML back what was set apart in it: no backslash means anything there."""

    def __init__(self, md: Markdown, names: _HtmlNames) -> None:
        super().__init__(md)
        self.names = names

    def run(self, lines: list[str]) -> list[str]:
        stored = self.md.htmlStash.rawHtmlBlocks
        first = self.names.stored
        stored[first:] = [
            put_back(raw, is_raw=True) if isinstance(raw, str) else raw for raw in stored[first:]
        ]
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
