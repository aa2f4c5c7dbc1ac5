"""The default engine: Python-Markdown, set up for bodies.

What it reads otherwise than CommonMark and loses on the way is read as there: fenced code
wherever it stands, with any words behind the fence, references and notes by their labels,
attribute lists, the first number of a list.

With extensions of others it goes its usual way: nobody knows what those look for.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from types import SimpleNamespace
from typing import Any, cast
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor, ParagraphProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import ESCAPE_RE, EscapeInlineProcessor, HtmlInlineProcessor
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import NormalizeWhitespace, Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, HTML_PLACEHOLDER, HTML_PLACEHOLDER_RE, STX, AtomicString

from generator.config import ListRules
from generator.content.markdown import inline
from generator.content.markdown.attributes import AT_END, LIST
from generator.content.markdown.direct import direct_html
from generator.content.markdown.extensions import MarkdownExtension
from generator.content.markdown.fast import Attributes, quick_markdown, usual_markdown
from generator.content.markdown.fences import (
    SIGN,
    SIGNED,
    Container,
    Fence,
    MarkedLine,
    find_parts,
    in_html,
    may_have_fences,
    start_tags,
)
from generator.content.markdown.inline import NO_EXTRAS
from generator.content.markdown.labels import Labels, Notes
from generator.content.markdown.lists import CommonLists
from generator.content.markdown.made_extensions import made
from generator.content.markdown.tags import TAG, Tags, put_back, with_escapes_apart
from generator.content.typography import ESCAPED, verbatim
from generator.markup import text


def to_html(
    body: str,
    smart_quotes: bool,
    shows_html: bool = False,
    extras: inline.Extras = NO_EXTRAS,
    lists: ListRules = "classic",
) -> str:
    """Return the HTML of a body. With smart quotes, escaped marks are as `typography` has them."""
    converter = partial(_converted, smart_quotes=smart_quotes, shows_html=shows_html, lists=lists)
    if not inline.is_wanted(body, extras):
        return direct_html(body, converter)
    if "<" in body:  # all of it goes the long way
        return extended_html(body, smart_quotes, shows_html, extras, lists=lists)
    markup = direct_html(inline.prepared(body, extras), partial(converter, extras=extras))
    return inline.put_back(inline.with_marks(markup, extras, smart_quotes))


def extended_html(
    body: str,
    smart_quotes: bool,
    shows_html: bool = False,
    extras: inline.Extras = NO_EXTRAS,
    extensions: tuple[MarkdownExtension, ...] = (),
    lists: ListRules = "classic",
) -> str:
    """Return the HTML that the same engine makes of a body with extensions of others."""
    converted = partial(
        _converted,
        smart_quotes=smart_quotes,
        shows_html=shows_html,
        extensions=extensions,
        lists=lists,
    )
    if not inline.is_wanted(body, extras):
        return converted(body)
    return inline.put_back(converted(inline.prepared(body, extras), extras=extras, is_whole=True))


def _converted(
    body: str,
    smart_quotes: bool,
    shows_html: bool,
    extensions: tuple[MarkdownExtension, ...] = (),
    lists: ListRules = "classic",
    extras: inline.Extras | None = None,
    is_whole: bool = False,
) -> str:
    """Return a body's HTML.

    Without `extras`, be it none of them, there are no inline marks in the body. If that `is_whole`
    it gets them; in one of which others have parts they stay signs.
    """
    try:
        converter = _converter(smart_quotes, shows_html, extensions, lists)
        under_way = cast(Any, converter.postprocessors["marks"]).under_way
        under_way.extras, under_way.is_whole = extras, is_whole
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
    bodies = _Bodies(smart_quotes, lists)
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
    if smart_quotes:  # whatever an extension has put in its place
        md.inlinePatterns.register(bodies.escapes, "escape", 180)
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

    escapes: "_Escapes"

    def __init__(self, smart_quotes: bool, lists: ListRules) -> None:
        super().__init__()
        self.smart_quotes, self.lists = smart_quotes, lists

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
        under_way = _UnderWay()
        self.escapes = _Escapes(ESCAPE_RE, md, under_way, ESCAPED if self.smart_quotes else {})
        md.inlinePatterns.register(self.escapes, "escape", 180)
        md.treeprocessors.register(_Tasks(md, under_way), "tasks", 25)
        md.postprocessors.register(_Marks(md, under_way, self.smart_quotes), "marks", 35)


@dataclass
class _UnderWay:
    """The inline marks of the text under way, None for no mark at all, and whether to set them."""

    extras: inline.Extras | None = None
    is_whole: bool = False


class _Escapes(EscapeInlineProcessor):
    """Keeps a mark that the author escaped apart from those that mean something."""

    def __init__(
        self, pattern: str, md: Markdown, under_way: _UnderWay, escaped: Mapping[str, str]
    ) -> None:
        super().__init__(pattern, md)
        self.under_way, self.escaped = under_way, escaped

    def handleMatch(  # type: ignore[override]  # noqa: N802 (Python-Markdown's name)
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        extras = self.under_way.extras
        is_inline = extras is not None and inline.escape(extras).match(data, m.start())
        if escaped := (inline.ESCAPED if is_inline else self.escaped).get(m[1]):
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


# ----------------------------------------------------------------- marks and tasks

_TASK = re.compile(r"\[([ xX])\]\s+(?=\S)")


class _Tasks(Treeprocessor):
    """Puts a sign in the place of the box that begins an item."""

    def __init__(self, md: Markdown, under_way: _UnderWay) -> None:
        super().__init__(md)
        self.under_way = under_way

    def run(self, root: Element) -> None:
        for item in root.iter("li") if self.under_way.extras is not None else ():
            has_words = bool(item.text and item.text.strip())
            first = item if has_words or not len(item) or item[0].tag != "p" else item[0]
            if box := _TASK.match(first.text or ""):
                sign = inline.OPEN_TASK if box[1] == " " else inline.DONE_TASK
                first.text = sign + str(first.text)[box.end() :]


class _Marks(Postprocessor):
    """Gives the text its inline marks before raw HTML comes back into it."""

    def __init__(self, md: Markdown, under_way: _UnderWay, smart_quotes: bool) -> None:
        super().__init__(md)
        self.under_way, self.smart_quotes = under_way, smart_quotes

    def run(self, text: str) -> str:
        extras = self.under_way.extras
        if extras is None or not self.under_way.is_whole:
            return text
        return inline.with_marks(text, extras, self.smart_quotes, self.md.htmlStash.rawHtmlBlocks)


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
    """Puts one line, which the HTML comes back for, in the place of each block of fenced code, and
    of each line that has a sign in it.
    """

    count = 0
    """Such lines in the text under way: theirs are the first numbers among raw HTML."""

    def __init__(self, md: Markdown, lists: ListRules) -> None:
        super().__init__(md)
        self.lists = lists

    def run(self, lines: list[str]) -> list[str]:
        source = "\n".join(lines)
        self.count = 0
        if not may_have_fences(source) and SIGN not in source:
            return super().run(lines)
        source = source.replace(STX, "").replace(ETX, "")
        lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        replaced: list[str] = []
        done = 0
        for part in find_parts(lines, SIGNED):
            replaced += lines[done : part.first]
            if isinstance(part, MarkedLine) and _takes_in(part, replaced):
                replaced.append(part.before.rstrip())
            replaced += self._in_place_of(part, bool(replaced) and not replaced[-1].strip())
            done = part.after
        source = "\n".join([*replaced, *lines[done:], "", ""]).expandtabs(self.md.tab_length)
        return re.sub(r"(?<=\n) +\n", "\n", source).split("\n")

    def _in_place_of(self, part: Fence | MarkedLine, is_apart: bool) -> list[str]:
        stored = self.md.htmlStash.store(_html(part))
        self.count += 1
        if not part.containers:
            return ["", stored, ""]
        if self.lists == "common":
            is_left = part.is_left and any(one.is_quote for one in part.containers)
            line = f"{part.before}{' ' * part.indent}{stored}"
            return [line, ""] if is_left else [line]
        is_item = not part.containers[-1].is_quote
        before = _in_item(part.containers) if is_item and not part.begins else part.before
        is_last = part.is_left or (is_apart and is_item)
        return [before + stored, ""] if is_last else [before + stored]


def _takes_in(part: MarkedLine, lines: Sequence[str]) -> bool:
    """Return whether the line before would take in one that goes on in its item or quotation.

    So do quotations, tables, definitions and notes.
    """
    if not part.containers or part.begins or not lines:
        return False
    before = lines[-1].removeprefix(part.before.rstrip()).lstrip()
    return before.startswith((">", "|", ":", "[^")) or "|" in before


def _html(part: Fence | MarkedLine) -> str:
    if isinstance(part, MarkedLine):
        return in_html(part.found[0])
    code = text(part.code).replace("&#x27;", "'")
    return f"{start_tags(part.info)}{code}</code></pre>"


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
