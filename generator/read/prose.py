"""A body in Markdown becomes HTML, a contents list, an excerpt, a count of words.

An engine converts; what does not depend on its dialect (typographic marks, figures,
headings, addresses, the place for a promo) is done on its HTML, once, here.
"""

import html
import re
from collections.abc import Iterator

import msgspec

from generator.edition import fingerprint
from generator.model import Digest, Heading, Prose
from generator.read.engine import engine
from generator.read.references import references
from generator.read.survey import Shape
from generator.read.typography import typeset
from generator.read.words import count_words, cut, first_paragraph, plain
from generator.slugs import slugify


def convert(
    body: str, body_line: int, shape: Shape, aside: bool = False
) -> tuple[Prose, Digest, str]:
    """The prose of a body, what is known of it, and its text without any markup.

    `body_line` is its first line in the file.

    The ids of a text that stands `aside`, on the pages of others, are its own alone.
    """
    key = fingerprint("prose", body, str(body_line), str(aside), msgspec.json.encode(shape))
    converted = engine(shape.engine)(body, shape.smart_quotes)
    if "<img" in converted:
        converted = _FIGURE.sub(_figure, converted)
    if shape.smart_quotes:
        converted = typeset(converted, shape.language)
    if "<table" in converted or "<pre>" in converted:
        converted = _SCROLLING.sub(_scrolling, converted)
    converted, contents = _headings(converted)
    if aside:
        converted = _OWN_ID.sub(rf"\g<1>{key[:6]}-", converted)
    anchors = _anchors(converted)
    text = plain(converted)
    excerpt = cut(first_paragraph(converted), shape.excerpt)
    converted, found = references(converted, body, body_line, f"{key[:6]}-" if aside else "")
    opening, rest = _halves(converted, shape.promo_after)
    digest = Digest(
        key=key,
        excerpt=excerpt,
        words=count_words(text),
        references=found,
        anchors=anchors,
    )
    return Prose(opening, rest, contents), digest, text


# --------------------------------------------------------------------- on its HTML


_FIGURE = re.compile(r"<p>\s*((?:<a\b[^>]*>)?(<img\b[^>]*?>)(?:</a>)?)\s*</p>")
_TITLE = re.compile(r'\stitle="([^"]*)"')
_SCROLLING = re.compile(
    r'<pre>|<table\b|</table>|(?<=<t[hd]) style="text-align: (left|center|right);"'
)
_HEADING = re.compile(r"<h([1-6])\b([^>]*)>(.*?)</h\1>", re.DOTALL)
_HEADING_START = re.compile("<h[1-6]")
_OWN_ID = re.compile(r"""((?<=\s)(?:id=["']|href=["']#))(?=[^"'])""")
_ID = re.compile(r'\bid="([^"]*)"')
_ANY_ID = re.compile(r"""\bid=(["'])(.*?)\1""")
_NAME = re.compile(r"""<a\b[^<>]* name=(["'])(.*?)\1""")
_BLOCK = re.compile(
    r"<(/?)(address|article|aside|blockquote|details|div|dl|fieldset|figure|footer|form|header"
    r"|nav|ol|p|pre|section|table|ul|video)\b",
)


def _figure(match: re.Match[str]) -> str:
    """A picture that stands alone in its paragraph; its title is the caption."""
    shown, title = match[1], _TITLE.search(match[2])
    if title is None:
        return f"<figure>{shown}</figure>"
    shown = shown.replace(title[0], "", 1)
    return f"<figure>{shown}<figcaption>{title[1]}</figcaption></figure>"


def _scrolling(match: re.Match[str]) -> str:
    """What may be wider than the page scrolls in a box of its own, by keyboard too.

    A cell's alignment becomes a class: a strict content security policy forbids styles.
    """
    if match[1]:
        return f' class="align-{match[1]}"'
    return {
        "<pre>": '<pre tabindex="0">',
        "<table": '<div class="table" role="group" tabindex="0"><table',
        "</table>": "</table></div>",
    }[match[0]]


def _headings(markup: str) -> tuple[str, tuple[Heading, ...]]:
    """Every heading with an id; a body's first level is the page's second."""
    if not _HEADING_START.search(markup):
        return markup, ()
    contents: list[Heading] = []
    taken = set(_ID.findall(markup)) if 'id="' in markup else set()
    given: set[str] = set()

    def heading(match: re.Match[str]) -> str:
        level, attributes, inner = max(2, int(match[1])), match[2], match[3]
        text = plain(inner)
        own = _ID.search(attributes)
        if own and own[1] not in given:
            anchor = own[1]
        else:
            anchor = _free(own[1] if own else slugify(text) or "section", taken)
        given.add(anchor)
        taken.add(anchor)
        contents.append(Heading(level, anchor, text))
        attributes = _ID.sub("", attributes).rstrip() + f' id="{anchor}"'
        return f"<h{level}{attributes}>{inner}</h{level}>"

    markup = _HEADING.sub(heading, markup)
    return markup, tuple(h for h in contents if h.level <= 3)


def _anchors(markup: str) -> tuple[str, ...]:
    """The ids in HTML, and the names of its places, which do the same."""
    ids = _ANY_ID.finditer(markup) if "id=" in markup else ()
    names = _NAME.finditer(markup) if " name=" in markup else ()
    return tuple(html.unescape(match[2]) for match in (*ids, *names))


def _free(name: str, taken: set[str]) -> str:
    """The name, with the first number behind it that makes it new."""
    names = (name if n == 1 else f"{name}-{n}" for n in range(1, len(taken) + 2))
    return next(n for n in names if n not in taken)


def _halves(markup: str, after: int) -> tuple[str, str]:
    """The HTML parted after paragraph number `after` of the top level.

    It is parted only between two paragraphs; a shorter text is parted before its last one.
    """
    place = len(markup)
    for number, offset in _places(markup):
        place = offset
        if number >= after:
            break
    return markup[:place], markup[place:]


def _places(markup: str) -> Iterator[tuple[int, int]]:
    """(paragraphs before it, offset) of each place between two paragraphs of the top level."""
    depth = paragraphs = end = 0
    for match in _BLOCK.finditer(markup):
        closing, name = match[1] == "/", match[2]
        if name != "p":
            depth += -1 if closing else 1
            end = 0
        elif depth == 0 and closing:
            paragraphs += 1
            end = markup.index(">", match.end()) + 1
        elif depth == 0 and end and not markup[end : match.start()].strip():
            yield paragraphs, end
