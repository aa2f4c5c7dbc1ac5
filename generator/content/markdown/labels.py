"""References and notes of Python-Markdown, found by their labels as CommonMark finds them.

A label is what was typed between the brackets, code, emphasis and escapes and all; case and
white space make no difference. The first definition of a label counts.
"""

import html
import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import ReferenceProcessor
from markdown.extensions import Extension
from markdown.extensions.footnotes import (
    FootnoteBlockProcessor,
    FootnoteExtension,
    FootnoteInlineProcessor,
)
from markdown.inlinepatterns import (
    IMAGE_LINK_RE,
    IMAGE_REFERENCE_RE,
    LINK_RE,
    REFERENCE_RE,
    ImageInlineProcessor,
    ImageReferenceInlineProcessor,
    LinkInlineProcessor,
    ReferenceInlineProcessor,
    ShortImageReferenceInlineProcessor,
    ShortReferenceInlineProcessor,
)
from markdown.util import ETX, INLINE_PLACEHOLDER_RE, STX, AtomicString

from generator.content.markdown.definitions import CLEAR_ADDRESS
from generator.content.markdown.engine import folded
from generator.content.typography import UNESCAPED


class Labels(Extension):
    """Puts the processors of this module in the places of Python-Markdown's own."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        md.references = _Definitions()
        md.parser.blockprocessors.register(_DefinitionLines(md.parser), "reference", 15)
        md.inlinePatterns.register(_Link(LINK_RE, md), "link", 160)
        md.inlinePatterns.register(_ImageLink(IMAGE_LINK_RE, md), "image_link", 150)
        for name, made, pattern, priority in _REFERENCES:
            md.inlinePatterns.register(made(pattern, md), name, priority)


_Target = tuple[str, str]


class _Definitions(dict[str, _Target]):
    """Addresses and titles by label."""

    def __setitem__(self, label: str, target: _Target) -> None:
        self.setdefault(folded(label), target)

    def __getitem__(self, label: str) -> _Target:
        return super().__getitem__(folded(label))

    def __contains__(self, label: object) -> bool:
        return super().__contains__(folded(str(label)))


class _DefinitionLines(ReferenceProcessor):
    """Takes a label with escaped brackets and an address between < and > too.

    What interrupts a paragraph must have an address for an address: `[Ann]: Yes.` is speech.
    """

    leaves_paragraphs = True
    RE = re.compile(
        rf"(?:\A|(?<=\n)(?=[^\n]*\]:\s*{CLEAR_ADDRESS}))"
        r"[ ]{0,3}\[((?:[^\[\]\\]|\\.)+)\]:[ ]*(?:\n[ ]*)?(<[^<>\n]*>|[^\s<]\S*)[ ]*"
        r"""(?:\n[ ]*)?((["'])(.*)\4[ ]*|\((.*)\)[ ]*)?$""",
        re.MULTILINE,
    )


class _Link(LinkInlineProcessor):
    """Looks no further for the end of an address where no bracket closes any more."""

    def getLink(  # noqa: N802 (Python-Markdown's name)
        self, data: str, index: int
    ) -> tuple[str, str | None, int, bool]:
        if data[index : index + 1] != "(" or data.find(")", index) < 0:
            return "", None, index, False
        return super().getLink(data, index)


class _ImageLink(_Link, ImageInlineProcessor):
    pass


class _Typed(ReferenceInlineProcessor):
    """Looks an unresolved reference over for others inside it."""

    def handleMatch(  # type: ignore[override]  # noqa: N802 (Python-Markdown's name)
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        made, start, end = super().handleMatch(m, data)
        return (made, start, end) if made is not None or start is None else (None, start, m.end())

    def evalId(  # noqa: N802 (Python-Markdown's name)
        self, data: str, index: int, text: str
    ) -> tuple[str | None, int, bool]:
        label, end, is_found = super().evalId(data, index, text)
        return label and self._typed(label), end, is_found

    def _typed(self, text: str) -> str:
        """Return the text with all that patterns before this one have replaced as it was typed."""
        return INLINE_PLACEHOLDER_RE.sub(self._replaced, text) if STX in text else text

    def _replaced(self, placeholder: re.Match[str]) -> str:
        inline: Any = self.md.treeprocessors["inline"]
        made = inline.stashed_nodes.get(placeholder[1], "")
        if isinstance(made, str):
            return _ESCAPED.sub(_escape, made)
        text = "".join(made.itertext())
        return f"`{html.unescape(text)}`" if made.tag == "code" else text


_ESCAPED = re.compile(rf"{STX}(\d+){ETX}")


def _escape(escaped: re.Match[str]) -> str:
    mark = chr(int(escaped[1]))
    return f"\\{UNESCAPED.get(mark, mark)}"


class _Full(_Typed):
    """Lets a space stand before the label, if the two cannot be brackets each of its own."""

    def handleMatch(  # type: ignore[override]  # noqa: N802 (Python-Markdown's name)
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        self.is_after_bracket = data[m.start() - 1 : m.start()] == "]"
        return super().handleMatch(m, data)

    def evalId(  # noqa: N802 (Python-Markdown's name)
        self, data: str, index: int, text: str
    ) -> tuple[str | None, int, bool]:
        label, end, is_found = super().evalId(data, index, text)
        if not is_found or data[index] == "[":
            return label, end, is_found
        is_own = not text.strip() or self._typed(text) in self.md.references
        is_apart = is_own or self.is_after_bracket or data[end : end + 1] in ("[", "(")
        return label, end, not is_apart


class _Reference(_Full, ReferenceInlineProcessor):
    pass


class _ImageReference(_Full, ImageReferenceInlineProcessor):
    pass


class _Short(_Typed):
    """Leaves a text alone that a label follows."""

    def evalId(  # noqa: N802 (Python-Markdown's name)
        self, data: str, index: int, text: str
    ) -> tuple[str | None, int, bool]:
        if data[index : index + 1] == "[" and self.RE_LINK.match(data, index):
            return None, index, False
        return super().evalId(data, index, text)


class _ShortReference(_Short, ShortReferenceInlineProcessor):
    pass


class _ShortImageReference(_Short, ShortImageReferenceInlineProcessor):
    pass


_Made = Callable[[str, Markdown], ReferenceInlineProcessor]
_REFERENCES: tuple[tuple[str, _Made, str, int], ...] = (
    ("reference", _Reference, REFERENCE_RE, 170),
    ("image_reference", _ImageReference, IMAGE_REFERENCE_RE, 140),
    ("short_reference", _ShortReference, REFERENCE_RE, 130),
    ("short_image_ref", _ShortImageReference, IMAGE_REFERENCE_RE, 125),
)


# -------------------------------------------------------------------------------- notes


class Notes(FootnoteExtension):
    """Footnotes, the first of each label; in a paragraph of its own the marker is their place."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        super().extendMarkdown(md)
        pattern = md.inlinePatterns["footnote"].pattern
        md.inlinePatterns.register(_NoteMarks(pattern, self), "footnote", 175)
        md.parser.blockprocessors.register(_NoteLines(self), "footnote", 17)

    def reset(self) -> None:
        super().reset()
        self.labels: dict[str, str] = {}

    def setFootnote(self, id: str, text: str) -> None:  # noqa: A002, N802 (Python-Markdown's)
        if self.labels.setdefault(folded(id), id) == id and id not in self.footnotes:
            super().setFootnote(id, text)

    def unique_ref(self, reference: str, found: bool = False) -> str:
        """Return the id of a reference; numbers that are taken for sure are not tried again."""
        times = self.found_refs.get(reference, 0) if found else 0
        if times < 2:
            return super().unique_ref(reference, found)
        before, label = reference.split(self.get_separator(), 1)
        last = f"{before}{times}{self.get_separator()}{label}"
        made = super().unique_ref(last, found)
        del self.found_refs[last]
        self.found_refs[reference] = times + 1
        return made

    def findFootnotesPlaceholder(  # noqa: N802 (Python-Markdown's name)
        self, root: Element
    ) -> tuple[Element, Element, bool] | None:
        for parent in root.iter():
            for child in parent:
                if child.tag == "p" and child.text and child.text.strip() == self._place():
                    return child, parent, True
        return None

    def makeFootnotesDiv(  # noqa: N802 (Python-Markdown's name)
        self, root: Element
    ) -> Element | None:
        division = super().makeFootnotesDiv(root)
        for item in division.iter("li") if division is not None else ():
            _part_code(item)
        return division

    def _place(self) -> str:
        return str(self.getConfig("PLACE_MARKER"))


class _NoteLines(FootnoteBlockProcessor):
    """Takes what is indented into the note, however many empty lines stand before it."""

    leaves_paragraphs = True

    def detectTabbed(self, blocks: list[str]) -> list[str]:  # noqa: N802 (Python-Markdown's name)
        found: list[str] = []
        while (place := _first_indented(blocks)) is not None:
            blocks[: place + 1] = [blocks[place].lstrip("\n")]
            found += super().detectTabbed(blocks)
        return found


def _first_indented(blocks: list[str]) -> int | None:
    """Return the number of the first block that is not empty, if that is indented."""
    place = next((n for n, block in enumerate(blocks) if block.strip("\n")), None)
    is_indented = place is not None and blocks[place].lstrip("\n").startswith("    ")
    return place if is_indented else None


class _NoteMarks(FootnoteInlineProcessor):
    def handleMatch(  # type: ignore[override]  # noqa: N802 (Python-Markdown's name)
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        label = self.footnotes.labels.get(folded(m[1]))  # type: ignore[attr-defined]
        same = self.compiled_re.match(f"[^{label}]") if label is not None else None
        if same is None:
            return None, None, None
        made, _, _ = super().handleMatch(same, data)
        return made, m.start(), m.end()


_CODE = re.compile(rf"({STX}wzxhzdk:\d+{ETX})")


def _part_code(note: Element) -> None:
    """Part the code that ends a note from the link back, which is put into its paragraph."""
    last = note[-1] if len(note) else None
    code = _CODE.match(last.text or "") if last is not None else None
    if last is not None and code:
        block = Element("p")
        block.text = AtomicString(code[1])
        note.insert(len(note) - 1, block)
        last.text = None
