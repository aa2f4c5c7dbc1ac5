"""The excerpts that may stand for a text, from its beginning, best first."""

import re
from collections.abc import Iterator
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple

from generator.content.html import NOWHERE, Edit, Html, Token, edited, named
from generator.content.scan import Shape
from generator.content.typography import Marks, marks_of
from generator.content.words import cut, plain, readable


class Openings(NamedTuple):
    """Excerpts, best first, and the digests of the paragraphs that the first ones begin."""

    excerpts: tuple[str, ...]
    digests: tuple[str, ...]


def openings(page: Html, shape: Shape) -> Openings:
    """Return the first paragraphs of the author's own words, and what may stand in place of them.

    Those are quotations, in quotation marks, else what stands in lists and tables, else, where
    there is no paragraph either, all the text there is.
    """
    own = [text for _, text in islice(_own(page), _MOST)]
    quoted = list(islice(_quotations(page), _MOST - len(own)))
    excerpts = [cut(text, shape.excerpt) for text in own]
    excerpts += (_in_marks(text, shape) for text in quoted)
    if len(excerpts) < _MOST:
        excerpts += _instead(page, shape, is_last=not excerpts)
    return Openings(tuple(excerpts), tuple(map(_digest, own + quoted)))


def first_paragraph(page: Html) -> str:
    """Return the HTML of the first paragraph of the author's own words; "" if there is none."""
    first = next(_own(page), None)
    return page.source[page.tokens[first[0]].start : page.end_of(first[0])] if first else ""


_MOST = 4
"""Paragraphs that are looked at: greetings and the like are short."""

_WRAPPERS = named("div section article main center font span")
_QUOTING = _WRAPPERS | {"blockquote", "figure"}
_LISTS = ("ul", "ol", "dl", "table")
_WORD = re.compile(r"\w")
_STRAIGHT = Marks('"', '"', "'", "'")


def _own(page: Html) -> Iterator[tuple[int, str]]:
    """Yield the paragraphs with words of the author's that stand in nothing but plain divisions:
    the index of each, and its text.
    """
    for index, token in page.starts("p"):
        if _stands_in(page, token, _WRAPPERS):
            text = _text(page, index)
            if _WORD.search(text) and not _is_aside(page, index, text):
                yield index, text


def _instead(page: Html, shape: Shape, is_last: bool) -> list[str]:
    """Return the excerpt that is none of the author's own paragraphs.

    Where it `is_last`, there is one.
    """
    text = (_text(page) or readable(page.text())) if is_last else _listed(page)
    return [cut(text, shape.excerpt)] if text or is_last else []


def _quotations(page: Html) -> Iterator[str]:
    """Yield the paragraphs of each quotation; all of it, if it has none."""
    for index, token in page.starts("blockquote"):
        if _stands_in(page, token, _QUOTING):
            inner = [i for i, p in page.starts("p") if p.parent == index]
            yield from filter(_WORD.search, (_text(page, i) for i in inner or [index]))


def _listed(page: Html) -> str:
    """Return the text of all lists and tables."""
    lists = (
        page.text(index)
        for index, token in page.starts(*_LISTS)
        if _stands_in(page, token, _WRAPPERS)
    )
    return readable(" ".join(lists))


# --------------------------------------------------------- what is no sentence of a story

_PARTS = ("button", "del", "select", "svg")
"""Elements in a paragraph whose words are none of its sentence."""

_SIGNS = re.compile(r"\[+_?toc_?\]+|<?(?:https?://|www\.)\S+", re.IGNORECASE)
"""What a place for the list of contents, or a lone address, looks like."""

_ATTRIBUTION = re.compile(r"[–—―-]+ ?\w.{,80}")
_EMPHASIS = ("em", "i", "small")
_FORMULAS = ("math",)


def _text(page: Html, element: int = NOWHERE) -> str:
    """Return what readers read of an element, without words that are none of its sentence."""
    all_parts = [] if page.elements.keys().isdisjoint(_PARTS) else page.starts(*_PARTS)
    parts = [found for found in all_parts if _is_in(page, found[0], element)]
    if not parts:
        return readable(page.text(element))
    start = 0 if element == NOWHERE else page.tokens[element].start
    edits, done = list[Edit](), start
    for index, part in parts:
        if part.start >= done:
            done = page.end_of(index)
            edits.append(Edit(part.start, done, " "))
    end = len(page.source) if element == NOWHERE else page.end_of(element)
    return plain(edited(page.source, edits, start, end))


def _is_in(page: Html, index: int, element: int) -> bool:
    return element == NOWHERE or element < index < page.ends.get(element, len(page.tokens))


def _is_aside(page: Html, index: int, text: str) -> bool:
    """Return whether a paragraph is an address, a name below a quotation, a caption, a formula."""
    if _SIGNS.fullmatch(text):
        return True
    before = page.tokens[index - 1] if index else None
    if before and before.name == "blockquote" and _ATTRIBUTION.fullmatch(text):
        return True
    return _is_all_in(page, index, text, _FORMULAS) or (
        _is_below_picture(page, index, before) and _is_all_in(page, index, text, _EMPHASIS)
    )


def _is_below_picture(page: Html, index: int, before: Token | None) -> bool:
    """Return whether a paragraph stands behind a picture, or begins with one."""
    inner = (tag.name for tag in page.tokens[index + 1 : index + 3] if tag.name != "a")
    return next(inner, "") in ("img", "picture") or (before is not None and before.name == "figure")


def _is_all_in(page: Html, index: int, text: str, names: tuple[str, ...]) -> bool:
    """Return whether all the words of a paragraph stand in one element of these names."""
    if page.elements.keys().isdisjoint(names):
        return False
    inner = (i for i, _ in page.starts(*names) if _is_in(page, i, index))
    first = next(inner, NOWHERE)
    return first != NOWHERE and readable(page.text(first)) == text


def _stands_in(page: Html, token: Token, names: frozenset[str]) -> bool:
    """Return whether a tag is seen, is of no note, and stands in nothing but these elements."""
    if token.is_hidden or token.is_note:
        return False
    return all(outer.name in names for outer in page.ancestors(token))


def _in_marks(text: str, shape: Shape) -> str:
    """Return a quotation in the language's marks; what is quoted in it gets the inner ones."""
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
