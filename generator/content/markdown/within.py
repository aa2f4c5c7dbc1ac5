"""Markdown within blocks of HTML: `<div markdown="1">`, as Markdown Extra has it, for any engine.

With "1" an element holds blocks, or the words of one if it is made for that, as a paragraph or a
cell is; "block" and "span" say which. Words stand in for the tags while an engine reads what is
between them, so that both engines read it as they read everything else.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from generator.content.html import (
    NOWHERE,
    Attribute,
    Edit,
    Html,
    Token,
    attribute,
    edited,
    look_at,
    named,
)
from generator.content.markdown.fences import find_fences, may_have_fences
from generator.state.code_version import fingerprint


def has_markdown_within(text: str) -> bool:
    """Return whether a tag in a text may have the attribute, by a quick look."""
    # One character is found sooner than a word.
    return "<" in text and "markdown" in text and bool(_MARKED.search(text))


def within_html(body: str, to_html: Callable[[str], str]) -> str:
    """Return the HTML of a body, with that of the Markdown in its blocks of HTML."""
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    pieces = list(_pieces(look_at(_without_code(body)), body))
    if not pieces:
        return _unmarked(to_html(body))
    stem = f"q{fingerprint('within', body)}n"
    place = re.compile(rf"(?:<p>| )?{stem}(\d+)z(?:</p>| )?")
    markup = to_html(_source(pieces, body, stem))
    return _unmarked(place.sub(lambda found: pieces[int(found[1])].html, markup))


def without_html_around(body: str) -> str:
    """Return a body with blanks for the HTML around the Markdown in it: all lines stay theirs."""
    parts, done = list[str](), 0
    for piece in _pieces(look_at(_without_code(body)), body):
        parts += body[done : piece.start], _INK.sub(" ", body[piece.start : piece.end])
        done = piece.end
    return "".join([*parts, body[done:]])


_MARKED = re.compile(r"<[a-zA-Z][^<>]*\smarkdown(?=[\s=/>])")


def _unmarked(markup: str) -> str:
    """Return HTML without the attribute, which is for nobody but the engine."""
    if not has_markdown_within(markup):
        return markup
    page = look_at(markup)
    marks = (_mark(page.tokens[index]) for index in page.attributed)
    return edited(markup, [Edit(mark.start - 1, mark.end, "") for mark in marks if mark])


def _mark(tag: Token) -> Attribute | None:
    return attribute(tag, "markdown")


# ------------------------------------------------------------------------- what is found

_SPAN = named("address dd dt h1 h2 h3 h4 h5 h6 legend li p summary td th")
"""Elements that hold words, if not said otherwise."""
_BLOCK = named(
    "article aside blockquote caption center details dialog dir div dl fieldset figcaption figure"
    " footer form header hgroup main menu nav ol search section table tbody tfoot thead tr ul"
)
"""Elements that hold blocks, if not said otherwise."""


class _Element(NamedTuple):
    """An element with Markdown in it: where its content stands, and if that is only a line.

    `root` is the outermost element around it whose tags belong to the same block of HTML.
    """

    start: int
    end: int
    is_line: bool
    root: int


class _Piece(NamedTuple):
    """HTML that stays as it is; `follows` and `precedes` say that words of a line are beside it."""

    start: int
    end: int
    html: str
    indent: str
    follows: bool
    precedes: bool


def _pieces(page: Html, body: str) -> Iterator[_Piece]:
    """Yield the HTML around Markdown, in order."""
    found = list(_elements(page))
    roots = dict.fromkeys(element.root for element in found)
    inner: dict[int, list[_Element]] = {root: [] for root in roots}
    for element in found:
        inner[element.root].append(element)
    pieces = [piece for root in roots for piece in _around(page, body, root, inner[root])]
    yield from sorted(pieces)


def _around(page: Html, body: str, root: int, found: list[_Element]) -> Iterator[_Piece]:
    """Yield the pieces of an element that stand around the Markdown in it."""
    start = page.tokens[root].start
    indent = body[body.rfind("\n", 0, start) + 1 : start]
    follows = False
    for element in found:
        html = _unmarked(body[start : element.start])
        yield _Piece(start, element.start, html, indent, follows, element.is_line)
        start, follows = element.end, element.is_line
    end = page.end_of(root)
    yield _Piece(start, end, _unmarked(body[start:end]), indent, follows, precedes=False)


def _elements(page: Html) -> Iterator[_Element]:
    """Yield the elements that hold Markdown."""
    held: dict[int, bool] = {}
    for index in page.attributed:
        tag, end = page.tokens[index], page.end_tag(index)
        mark = _mark(tag)
        if mark is None or end is None:
            continue
        outer, root = _outer(page, index, held)
        mode = _mode(tag.name, mark.value)
        if not mode or held.get(outer) or not _is_block(page, index, outer):
            continue
        if not _begins_line(page, root, outer):
            continue
        held[index] = mode == "span"
        yield _Element(tag.end, end.start, held[index], root)


def _mode(name: str, value: str) -> str:
    """Return what an element holds: "block", "span", or nothing of Markdown."""
    if not _is_known(name):
        return ""
    if value in ("", "1", "markdown"):
        return "span" if name in _SPAN else "block"
    return value if value in ("block", "span") else ""


def _outer(page: Html, index: int, held: dict[int, bool]) -> tuple[int, int]:
    """Return the element with Markdown in it that another stands in, and the latter's root."""
    root, outer = index, page.tokens[index].parent
    while outer != NOWHERE and outer not in held:
        if page.end_tag(outer):
            root = outer
        outer = page.tokens[outer].parent
    return outer, root


def _is_block(page: Html, index: int, outer: int) -> bool:
    """Return whether all elements around one, up to another, may have Markdown in them."""
    inner = page.tokens[index].parent
    while inner != outer and inner != NOWHERE:
        tag = page.tokens[inner]
        mark = _mark(tag)
        is_fit = _is_known(tag.name) and not (mark and not _mode(tag.name, mark.value))
        if page.end_tag(inner) and not is_fit:
            return False
        inner = tag.parent
    return True


def _is_known(name: str) -> bool:
    """Return whether elements of a name may have Markdown in them: somebody's own may."""
    return name in _SPAN or name in _BLOCK or "-" in name


def _begins_line(page: Html, root: int, outer: int) -> bool:
    """Return whether an element begins a line that is not indented as code is."""
    start = page.tokens[root].start
    before = page.source[page.source.rfind("\n", 0, start) + 1 : start]
    if outer != NOWHERE and not page.source[page.tokens[outer].end : start].strip():
        return True
    return not before.strip(" ") and len(before) <= _CODE


# ----------------------------------------------------------------------- for the engine


def _source(pieces: list[_Piece], body: str, stem: str) -> str:
    """Return a body with a word for each piece, in a paragraph or at the edge of its words."""
    parts, done, deep = list[str](), 0, ""
    for number, piece in enumerate(pieces):
        between = body[done : piece.start]
        parts.append(_line(between) if piece.follows else _unindented(between, deep))
        deep = piece.indent if len(piece.indent) > _CODE else ""
        before = " " if piece.follows else f"\n\n{'' if deep else piece.indent}"
        after = " " if piece.precedes else "\n\n"
        parts.append(f"{before}{stem}{number}z{after}")
        done = piece.end
    return "".join([*parts, _unindented(body[done:], deep)])


_CODE = 3
"""Spaces before a line that is not yet code."""


def _unindented(text: str, indent: str) -> str:
    """Return lines without so much white space before each."""
    return re.sub(f"^ {{1,{len(indent)}}}", "", text, flags=re.MULTILINE) if indent else text


_BREAK = re.compile(r"(?: {2,}|\\)\n\s*")
_LINE_END = re.compile(r"\s*\n\s*")


def _line(words: str) -> str:
    """Return words that stand in several lines in one: no line of them begins a block."""
    return _LINE_END.sub(" ", _BREAK.sub("<br> ", words.strip()))


# ---------------------------------------------------------------------------------- code

_INK = re.compile(r"[^\r\n]")
_TICKS = re.compile(r"`+|\n[ \t]*\n")
_ADDRESS = re.compile(r"<[a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^\s<>]*>")


def _without_code(body: str) -> str:
    """Return a body with spaces in the place of code, and of addresses between < and >."""
    body = _ADDRESS.sub(_blank, body) if "<" in body else body
    if may_have_fences(body):
        lines = body.split("\n")
        for fence in find_fences(lines):
            for number in range(fence.first, fence.after):
                lines[number] = " " * len(lines[number])
        body = "\n".join(lines)
    return _without_spans(body) if "`" in body else body


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _without_spans(body: str) -> str:
    """Return a body without what stands between two runs of as many backticks."""
    parts, done = list[str](), 0
    for start, end in _spans(body):
        parts += body[done:start], _INK.sub(" ", body[start:end])
        done = end
    return "".join([*parts, body[done:]])


def _spans(body: str) -> Iterator[tuple[int, int]]:
    """Yield where code stands in the lines of a body."""
    runs = [(found.start(), found.end()) for found in _TICKS.finditer(body)]
    following: dict[int, int] = {}
    partners = [0] * len(runs)
    for number in range(len(runs) - 1, -1, -1):  # from the end: where the next such run is
        start, end = runs[number]
        if body[start] == "\n":
            following = {}
            continue
        partners[number] = following.get(end - start, 0)
        following[end - start] = number
    done = 0
    for number, (start, _) in enumerate(runs):
        if start >= done and partners[number]:
            done = runs[partners[number]][1]
            yield start, done
