"""What a text begins with: the excerpts that may stand for it, best first."""

import re
from hashlib import blake2b
from typing import NamedTuple

from generator.read.html import Html, Token, named
from generator.read.survey import Shape
from generator.read.typography import Marks, marks_of
from generator.read.words import cut, readable


class Openings(NamedTuple):
    """Excerpts, best first, and the digests of the paragraphs that the first ones begin."""

    excerpts: tuple[str, ...]
    digests: tuple[str, ...]


def openings(page: Html, shape: Shape) -> Openings:
    """The first paragraphs of the author's own words, and what may stand in place of them.

    That is a quotation, in quotation marks, else what stands in lists and tables, else, where
    there is no paragraph either, all the text there is.
    """
    own = _own_paragraphs(page)
    excerpts = [cut(text, shape.excerpt) for text in own]
    if len(own) < _MOST:
        excerpts += _instead(page, shape, is_last=not own)
    return Openings(tuple(excerpts), tuple(map(_digest, own)))


_MOST = 4
"""Paragraphs that are looked at: greetings and the like are short."""

_WRAPPERS = named("div section article main center font span")
_QUOTING = _WRAPPERS | {"blockquote", "figure"}
_LISTS = ("ul", "ol", "dl", "table")
_WORD = re.compile(r"\w")
_STRAIGHT = Marks('"', '"', "'", "'")


def _own_paragraphs(page: Html) -> list[str]:
    """The first paragraphs with words that stand in nothing but plain divisions."""
    found: list[str] = []
    for index, token in page.starts("p"):
        if not _stands_in(page, token, _WRAPPERS):
            continue
        text = readable(page.text(index))
        if _WORD.search(text):
            found.append(text)
            if len(found) == _MOST:
                break
    return found


def _instead(page: Html, shape: Shape, is_last: bool) -> list[str]:
    """The excerpt that is none of the author's own paragraphs; where it `is_last`, there is one."""
    if quotation := _quotation(page):
        return [_in_marks(quotation, shape)]
    text = readable(page.text()) if is_last else _listed(page)
    return [cut(text, shape.excerpt)] if text or is_last else []


def _quotation(page: Html) -> str:
    """The first paragraph of the first quotation; all of it, if it has none."""
    for index, token in page.starts("blockquote"):
        if _stands_in(page, token, _QUOTING):
            inner = (i for i, p in page.starts("p") if p.parent == index)
            texts = (readable(page.text(i)) for i in (*inner, index))
            if text := next(filter(_WORD.search, texts), ""):
                return text
    return ""


def _listed(page: Html) -> str:
    """The text of all lists and tables."""
    lists = (
        page.text(index)
        for index, token in page.starts(*_LISTS)
        if _stands_in(page, token, _WRAPPERS)
    )
    return readable(" ".join(lists))


def _stands_in(page: Html, token: Token, names: frozenset[str]) -> bool:
    """Whether a tag is seen, belongs to no note, and stands in nothing but these elements."""
    if token.is_hidden or token.is_note:
        return False
    return all(outer.name in names for outer in page.ancestors(token))


def _in_marks(text: str, shape: Shape) -> str:
    """A quotation in the language's marks; what is quoted in it gets the inner ones."""
    marks = marks_of(shape.language) if shape.smart_quotes else _STRAIGHT
    if text.startswith(marks.opening) and text.find(marks.closing, 1) == len(text) - 1:
        return cut(text, shape.excerpt)
    for outer, inner in (
        (marks.opening, marks.inner_opening),
        (marks.closing, marks.inner_closing),
    ):
        text = text.replace(outer, inner)
    most = shape.excerpt - len(marks.opening) - len(marks.closing)
    return f"{marks.opening}{cut(text, most)}{marks.closing}"


def _digest(text: str) -> str:
    return blake2b(text.encode(errors="surrogatepass"), digest_size=8).hexdigest()
