"""A line of text with Markdown inside it: emphasis, links, code, and the like; never a block.

In comes a line as it was typed; out goes what is read of it, and it as HTML where that says more.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from html import unescape
from typing import Any, NamedTuple

from generator.content.html import Edit, Html, attribute, edited, look_at
from generator.content.markdown.engine import engine
from generator.content.references import references
from generator.content.scan import Shape
from generator.content.typography import typeset, typeset_text
from generator.content.words import readable
from generator.markup import attribute as attribute_of
from generator.markup import text as html_of
from generator.model import Phrase
from generator.schema import CONTROL
from generator.urls import is_code


class Said(NamedTuple):
    """A line of text: the words that are read, and it as HTML, if there is Markdown in it.

    `harmful` are the addresses that its links lead to no more, for they are code.
    """

    words: str
    phrase: Phrase | None = None
    harmful: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def read_phrase(typed: str, shape: Shape) -> Said:
    """Return what a line of text says. HTML in it is text, and of a picture its words are read.

    Raises `UnwieldyError` for a line with more relative addresses than a text may have.
    """
    markup = _markup(" ".join(typed.split()), shape) if _MARKS.search(typed) else ""
    if not markup:
        return Said(typeset_text(typed, shape.language) if shape.smart_quotes else typed)
    made = _with_words_of_pictures(look_at(markup))
    page = look_at(CONTROL.sub("", _cleaner().clean(made.source)))
    addressed, found = references(page, "", 0)
    words = readable(page.text())
    said = edited(page.source, sorted(addressed))
    harmful = filter(is_code, _destinations(made))
    return Said(words, Phrase(said, found) if "<" in said else None, tuple(harmful))


def with_addresses(markup: str, given: Sequence[str]) -> str:
    """Return the HTML of a line with these attributes, such as `href="/a/"`, for its references."""
    return _REFERENCE.sub(lambda match: given[int(match[1])], markup).replace("<a >", "<a>")


def with_whole_addresses(markup: str, absolute: Callable[[str], str]) -> str:
    """Return the HTML of a line of which every link leads to the same place from anywhere."""

    return _LINK.sub(lambda link: attribute_of("href", absolute(unescape(link[1]))), markup)


def _markup(typed: str, shape: Shape) -> str:
    """Return the HTML of a line, "" if an extension makes something else of it."""
    to_html = engine(shape.engine, shape.extensions, shape.lists)
    made = to_html(_BEFORE + typed, shape.smart_quotes, True, frozenset(shape.extras))
    found = _PARAGRAPH.fullmatch(made)
    if found is None:
        return ""
    return typeset(found[1], shape.language) if shape.smart_quotes else found[1]


def _with_words_of_pictures(page: Html) -> Html:
    words = ((tag, attribute(tag, "alt")) for _, tag in page.starts("img"))
    edits = [Edit(tag.start, tag.end, html_of(alt.value if alt else "")) for tag, alt in words]
    return look_at(edited(page.source, edits)) if edits else page


def _destinations(page: Html) -> Iterator[str]:
    """Yield where the links lead."""
    for _, tag in page.starts("a"):
        if found := attribute(tag, "href"):
            yield found.value


@lru_cache(maxsize=1)
def _cleaner() -> Any:
    """Return what leaves of HTML the elements that stand inside a line, and their words."""
    import nh3  # few lines have Markdown in them

    attributes = {"a": {"href", "title"}, "abbr": {"title"}}
    return nh3.Cleaner(tags=_ELEMENTS, attributes=attributes, link_rel=None)


_REFERENCE = re.compile("\x02(\\d+)\x03")
_LINK = re.compile(r'(?<=<a) href="([^"]*)"')
_ELEMENTS = {"a", "abbr", "code", "del", "em", "mark", "s", "strong", "sub", "sup"}
_MARKS = re.compile(r"[*_`\[<\\~^@]|==|&#?\w+;|://|\bwww\.|:[\w+-]+:")
"""What any Markdown inside a line has."""
_BEFORE = "\ufddb "
"""Stands before a line, so that it begins no block: nobody types it."""
_PARAGRAPH = re.compile(rf"\s*<p[^>]*>{_BEFORE}(.*)</p>\s*", re.DOTALL)
