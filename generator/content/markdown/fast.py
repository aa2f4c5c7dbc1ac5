"""Python-Markdown with its work in vain left out: the same HTML, byte for byte, sooner.

Most of a conversion is spent on looking for what is not there: fifteen kinds of block
at each paragraph, fourteen inline patterns along each sentence, attributes and escapes
in each element. The processors below stand in the places of Python-Markdown's own, by
its registries, and ask first whether the text holds the characters without which there
is nothing to find. Whatever may be there goes the library's own way.

What is not known here (a block processor of another class, a pattern of another shape)
is never passed over.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast
from xml.etree.ElementTree import Element

from markdown import Markdown, blockprocessors, inlinepatterns
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.extensions.def_list import DefListIndentProcessor, DefListProcessor
from markdown.extensions.footnotes import (
    FootnoteBlockProcessor,
    FootnotePostTreeprocessor,
)
from markdown.extensions.tables import TableProcessor
from markdown.inlinepatterns import Pattern
from markdown.preprocessors import HtmlBlockPreprocessor
from markdown.serializers import RE_AMP, to_html_string
from markdown.treeprocessors import (
    InlineProcessor,
    PrettifyTreeprocessor,
    UnescapeTreeprocessor,
)
from markdown.util import AtomicString

from generator.content.bounds import Looks, refuse_crowded, refuse_unended_tags
from generator.content.markdown.tags import ADDRESS, TAG
from generator.errors import InternalError


def quick_markdown(
    extensions: Sequence[str | Extension], configs: Mapping[str, Mapping[str, Any]]
) -> Markdown:
    """Return a converter with these extensions; `reset` it before each text."""
    md = Markdown(
        extensions=[*extensions, _Quick()], extension_configs=configs, output_format="html"
    )
    md.serializer = _serialize
    return md


def usual_markdown(
    extensions: Sequence[str | Extension], configs: Mapping[str, Mapping[str, Any]]
) -> Markdown:
    """Return a converter with these extensions that takes none of the short ways of this module."""
    return Markdown(extensions=extensions, extension_configs=configs, output_format="html")


class _Quick(Extension):
    """Replaces what it knows a quicker way for, each under its own name and priority."""

    text = ""
    """The text of the document under way as the block parser sees it."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = Looks()

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        md.preprocessors.register(_HtmlBlocks(self, md), "html_block", 20)
        if all(map(_is_known, md.parser.blockprocessors)):
            md.parser.blockprocessors.register(_Paragraphs(self, md), "plain", 200)
        md.treeprocessors.register(_Inline(self, md), "inline", 20)
        md.treeprocessors.register(_Prettify(md), "prettify", 10)
        md.treeprocessors.register(_Unescape(self, md), "unescape", 0)
        if "attr_list" in md.treeprocessors:
            md.treeprocessors.register(Attributes(self, md), "attr_list", 8)
        if "footnote-duplicate" in md.treeprocessors:
            stock: Any = md.treeprocessors["footnote-duplicate"]
            md.treeprocessors.register(_Duplicates(stock.footnotes), "footnote-duplicate", 15)


# ------------------------------------------------------------------- before the blocks


class _HtmlBlocks(HtmlBlockPreprocessor):
    is_text = False
    """Whether HTML is text, and makes no blocks of its own."""

    def __init__(self, quick: _Quick, md: Markdown) -> None:
        super().__init__(md)
        self.quick = quick

    def run(self, lines: list[str]) -> list[str]:
        self.quick.text = "\n".join(lines)
        # The extractor also closes a character reference (&#38) that wants its semicolon.
        if not self.is_text and ("<" in self.quick.text or "&#" in self.quick.text):
            refuse_unended_tags(self.quick.text)
            lines = super().run(lines)
            self.quick.text = "\n".join(lines)
        self.quick.looks.start(self.quick.text)
        return lines


# -------------------------------------------------------------------------- the blocks

_BLOCKS: set[type[BlockProcessor]] = {
    blockprocessors.BlockQuoteProcessor,
    blockprocessors.CodeBlockProcessor,
    blockprocessors.EmptyBlockProcessor,
    blockprocessors.HRProcessor,
    blockprocessors.HashHeaderProcessor,
    blockprocessors.ListIndentProcessor,
    blockprocessors.OListProcessor,
    blockprocessors.ParagraphProcessor,
    blockprocessors.ReferenceProcessor,
    blockprocessors.SetextHeaderProcessor,
    blockprocessors.UListProcessor,
    DefListIndentProcessor,
    DefListProcessor,
    FootnoteBlockProcessor,
    TableProcessor,
}
"""The kinds of block that `_MARKED` knows."""


def _is_known(processor: BlockProcessor) -> bool:
    """Return whether no block that is surely a paragraph is anything else to a processor.

    One of a class that is not the library's may say so itself, by `leaves_paragraphs`.
    """
    return type(processor) in _BLOCKS or getattr(processor, "leaves_paragraphs", False)


_MARK = r" *(?:[#=\-_*+>:\[]|\d+[.)])"
_FIRST_MARK = re.compile(rf"\s|\Z|{_MARK}")
_LATER_MARK = re.compile(rf"\n{_MARK}")


def _is_paragraph(block: str) -> bool:
    """Return whether a block is surely nothing else: no pipe, and no mark where a line starts."""
    if "|" in block or _FIRST_MARK.match(block):
        return False
    return "\n" not in block or not _LATER_MARK.search(block)


class _Paragraphs(BlockProcessor):
    """Takes the blocks that can be nothing but paragraphs past the tests for all the others."""

    def __init__(self, quick: _Quick, md: Markdown) -> None:
        super().__init__(md.parser)
        self.looks = quick.looks
        self.paragraph = md.parser.blockprocessors["paragraph"]

    def test(self, parent: Element, block: str) -> bool:  # noqa: ARG002 (it makes no difference)
        self.looks.take(block, len(self.parser.state))
        return _is_paragraph(block)

    def run(self, parent: Element, blocks: list[str]) -> None:
        self.paragraph.run(parent, blocks)
        while blocks and _is_paragraph(blocks[0]):
            self.paragraph.run(parent, blocks)


# ---------------------------------------------------------------------------- the tree

_NEEDS: dict[str, tuple[str, ...]] = {
    inlinepatterns.BACKTICK_RE: ("`",),
    inlinepatterns.ESCAPE_RE: ("\\",),
    inlinepatterns.LINK_RE: ("[",),
    inlinepatterns.IMAGE_LINK_RE: ("![",),
    ADDRESS: ("<", ":"),
    inlinepatterns.AUTOMAIL_RE: ("<", "@"),
    inlinepatterns.LINE_BREAK_RE: ("  \n",),
    TAG: ("<", ">"),
    inlinepatterns.ENTITY_RE: ("&", ";"),
    r"\[\^([^\]]*)\]": ("[^",),  # a footnote's
}
"""What each expression needs, all of it, to match anywhere."""

_LINKS = (inlinepatterns.LinkInlineProcessor, inlinepatterns.ImageInlineProcessor)


class _Inline(InlineProcessor):
    """Runs along the texts that may hold some mark, with the patterns that may match there."""

    def __init__(self, quick: _Quick, md: Markdown) -> None:
        super().__init__(md)
        self.quick = quick

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        wanted = {pattern: self._wanted(pattern) for pattern in self.md.inlinePatterns}
        chosen = [pattern for pattern, needles in wanted.items() if needles]
        if not chosen:
            self.stashed_nodes, self.parent_map = {}, {}
            return tree
        needles = sorted({re.escape(needle) for pattern in chosen for needle in wanted[pattern]})
        _set_aside(tree, re.compile("|".join(needles)))
        # Asked for nothing but its length and its items by number.
        self.inlinePatterns = cast(Any, chosen)
        return super().run(tree, ancestors)

    def _wanted(self, pattern: Pattern) -> list[str]:
        """Return strings of which a text has one if the pattern matches there; none: it never does.

        The empty string, which every text has, for a pattern that is not known.
        """
        text = self.quick.text
        if tokens := getattr(pattern, "tokens", None):  # a DelimiterProcessor's
            return [token for token in tokens if token in text]
        needed = _NEEDS.get(pattern.pattern, ("",))
        is_reference = isinstance(pattern, inlinepatterns.ReferenceInlineProcessor)
        if isinstance(pattern, _LINKS) and not is_reference:
            needed = ("](", *needed)
        is_vain = is_reference and not self.md.references
        return [needed[0]] if all(part in text for part in needed) and not is_vain else []


def _set_aside(tree: Element, mark: re.Pattern[str]) -> None:
    """Make each text without a mark one that inline patterns leave alone."""
    for element in tree.iter():
        if element.text:
            element.text = _aside(element.text, mark)
        if element.tail:
            element.tail = _aside(element.tail, mark)


def _aside(text: str, mark: re.Pattern[str]) -> str:
    if not mark.search(text):
        return AtomicString(text)
    refuse_crowded(text, mark)
    return text


class _Duplicates(FootnotePostTreeprocessor):
    def run(self, root: Element) -> None:
        if self.footnotes.footnotes:
            super().run(root)


class _Prettify(PrettifyTreeprocessor):
    """A line break after each block, and before the first one in a block."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.blocks: dict[object, bool] = {}

    def run(self, root: Element) -> None:
        self._break_lines(root)
        for line_break in root.iter("br"):
            tail = line_break.tail
            line_break.tail = f"\n{tail}" if tail and tail.strip() else "\n"
        for block in root.iter("pre"):
            code = block[0] if len(block) else block
            if code.tag == "code" and not len(code) and code.text is not None:
                code.text = AtomicString(code.text.rstrip() + "\n")

    def _break_lines(self, element: Element) -> None:
        if self._is_block(element.tag) and element.tag not in ("code", "pre"):
            text = element.text
            if not (text and text.strip()) and len(element) and self._is_block(element[0].tag):
                element.text = "\n"
            for child in element:
                if self._is_block(child.tag):
                    self._break_lines(child)
        if not (element.tail and element.tail.strip()):
            element.tail = "\n"

    def _is_block(self, tag: object) -> bool:
        is_block = self.blocks.get(tag)
        if is_block is None:
            is_block = self.blocks[tag] = self.md.is_block_level(tag)
        return is_block


class Attributes(AttrListTreeprocessor):
    def __init__(self, quick: _Quick, md: Markdown) -> None:
        super().__init__(md)
        self.quick = quick

    def run(self, doc: Element) -> None:
        if "{" in self.quick.text:
            super().run(doc)


class _Unescape(UnescapeTreeprocessor):
    def __init__(self, quick: _Quick, md: Markdown) -> None:
        super().__init__(md)
        self.quick = quick

    def run(self, root: Element) -> None:
        if "\\" in self.quick.text:
            super().run(root)


# ---------------------------------------------------------------------- the serializer


def _serialize(root: Element) -> str:
    """Return the HTML of a tree, as `markdown.serializers.to_html_string` writes it."""
    parts: list[str] = []
    try:
        _write(root, parts, _LEVELS)
    except UnusualError:
        return to_html_string(root)
    return "".join(parts)


class UnusualError(InternalError):
    """The tree holds what has a rule of its own, or nests deep: the library writes all of it.

    This is no failure, which would go through: what is unusual is found by asking.
    """


_LEVELS = 200
"""Elements within elements that are written here; for deeper ones Python's stack might not do."""
_UNESCAPED = re.compile("[&<>]")
_END_TAGS: dict[str, str] = {}


def _write(element: Element, parts: list[str], levels: int) -> None:
    if not levels:
        raise UnusualError
    tag, attributes, text, tail = element.tag, element.items(), element.text, element.tail
    if attributes:
        parts.append(f"<{tag}{''.join(map(_attribute, sorted(attributes)))}>")
    else:
        parts.append(f"<{tag}>")
    if text:
        parts.append(_escaped(text) if _UNESCAPED.search(text) else text)
    for child in element:
        _write(child, parts, levels - 1)
    parts.append(_end_tag(tag))
    if tail:
        parts.append(_escaped(tail) if _UNESCAPED.search(tail) else tail)


def _end_tag(tag: object) -> str:
    if not isinstance(tag, str) or tag.lower() in ("script", "style"):
        raise UnusualError
    end = _END_TAGS.get(tag)
    if end is None:
        end = _END_TAGS[tag] = to_html_string(Element(tag)).partition(">")[2]
    return end


def _attribute(item: tuple[str, str]) -> str:
    name, value = item
    if type(name) is not str or not isinstance(value, str) or name == value:
        raise UnusualError
    value = _escaped(value).replace('"', "&quot;")
    return f' {name}="{value}"'


def _escaped(text: str) -> str:
    return RE_AMP.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
