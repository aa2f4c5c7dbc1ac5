"""HTML of a text as plain text with its paragraphs, for mail and other programs without HTML.

Lists keep their signs, and links their addresses; a bar stands between cells.
"""

import html
from collections.abc import Iterator
from typing import NamedTuple

from generator.content.html import Html, Token, attribute, look_at, named
from generator.content.html.elements import PARTING
from generator.content.words import readable


class _Line(NamedTuple):
    """A line, and whether it stands apart from the one before it."""

    text: str
    is_apart: bool


def plain_text(markup: str) -> str:
    """Return HTML as lines of plain text, paragraphs parted by empty ones."""
    page = look_at(markup)
    lines: list[str] = []
    for line in _lines(page):
        if line.is_apart and lines:
            lines.append("")
        lines += line.text.split("\n")
    return "\n".join(lines)


_TIGHT = named("li dt dd tr div")
_CELLS = named("td th")


def _lines(page: Html) -> Iterator[_Line]:
    text, place, sign, is_apart, numbers = "", 0, "", True, dict[int, int]()
    links = {page.ends[start]: link for start, link in page.starts("a")}
    is_shown = True
    for index, token in enumerate(page.tokens):
        text += _piece(page, token, page.source[place : token.start]) if is_shown else ""
        place, is_shown = token.end, not (token.is_hidden or _is_way_back(token))
        if token.name not in PARTING or token.name in _WITHIN:
            text += _address(links[index], text) if index in links else _words(token, text)
            continue
        if line := _read(text):
            yield _Line(sign + line, is_apart)
            sign = ""
        text, is_apart = "", not (token.name in _TIGHT or _is_in_item(page, token))
        if token.name == "li" and not token.is_end:
            sign = _sign(page, token, numbers)
    if line := _read(text + page.source[place:]):
        yield _Line(sign + line, is_apart)


def _piece(page: Html, token: Token, written: str) -> str:
    """Return what stands before a tag; code keeps its lines."""
    is_code = any(outer.name == "pre" for outer in page.ancestors(token))
    return written.replace("\n", _BREAK) if is_code else written


def _is_way_back(token: Token) -> bool:
    """Return whether a tag is the link from a note to its place."""
    known = attribute(token, "class") if token.name == "a" else None
    return known is not None and "footnote-backref" in known.value


def _words(token: Token, text: str) -> str:
    """Return what a tag in a line adds to its text."""
    if token.name == "br":
        return _BREAK
    if token.name == "sup" and (found := attribute(token, "id")):
        return "" if not found.value.startswith("fnref") else " "
    if token.name in _CELLS and not token.is_end and text.strip():
        return " | "
    return _words_of_picture(token) if token.name == "img" else ""


def _words_of_picture(token: Token) -> str:
    """Return what stands in the place of a picture, and its title unless that only repeats it."""
    found = (attribute(token, name) for name in ("alt", "title"))
    words = dict.fromkeys(one.value.strip() for one in found if one and one.value.strip())
    return html.escape(": ".join(words))


def _is_in_item(page: Html, token: Token) -> bool:
    """Return whether it is a paragraph of an item: those stand close to one another."""
    return token.name == "p" and token.parent >= 0 and page.tokens[token.parent].name == "li"


_BREAK = "\x00"
_WITHIN = _CELLS | {"br", "img"}


def _read(written: str) -> str:
    """Return text as readers see it, its lines broken where tags break them."""
    return "\n".join(filter(None, map(readable, written.split(_BREAK))))


def _sign(page: Html, item: Token, numbers: dict[int, int]) -> str:
    """Return what stands before an item, its number if it has one."""
    outer = page.tokens[item.parent] if item.parent >= 0 else None
    if outer is None or outer.name != "ol":
        return "- "
    numbers[item.parent] = numbers.get(item.parent, 0) + 1
    return f"{numbers[item.parent]}. "


def _address(link: Token, text: str) -> str:
    """Return the address of a link, if it is a whole one and is not read."""
    href = attribute(link, "href")
    if href is None or "://" not in href.value or href.value in html.unescape(text):
        return ""
    return html.escape(f" ({href.value})")
