"""Code in colours: what Pygments tells apart gets classes, and lines get numbers and marks.

What comes in is the HTML of a text, in which code says its language by a class, as engines write
it; what goes out are the edits that colour it. Code that holds tags of its own stays as it is.
"""

import html
import re
from collections.abc import Container, Iterable, Iterator
from itertools import islice

from generator.content.bounds import UnwieldyError
from generator.content.html import Edit, Html, Token, attributes
from generator.content.markdown.fences import MARKED, NUMBERED
from generator.content.markdown.languages import lexer
from generator.markup import attribute as attribute_of
from generator.markup import start_tag
from generator.workers import OvertimeError

SHEET = "code.css"
"""The stylesheet of the layouts' assets that has the colours."""
PREFIX = "tk-"
"""Begins each class; what follows is Pygments' own short name for it, as its themes have it."""
MOST = 20_000
"""Characters of a block of code that has colours: the work of some lexers grows with its square."""
MOST_IN_ALL = 60_000
"""Characters of all code in a text that has colours."""


def coloured(page: Html) -> Iterator[Edit]:
    """Yield what gives the code of a text its colours, the numbers of its lines, and its marks."""
    left = MOST_IN_ALL
    for index, tag in page.starts("code") if "pre" in page.elements else ():
        if not (tag.attributes and _is_plain(page, index)):
            continue
        language, marked, first = _asked(tag)
        start, end = tag.end, page.tokens[index + 1].start
        written = page.source[start:end]
        pieces = None
        if language and len(written) <= min(MOST, left):
            pieces = _pieces(language, written)
            left -= len(written) if pieces else 0
        if pieces or marked or first is not None:
            lines = _lines(pieces or [("", html.unescape(written))])
            shown = _shown(lines, _numbers(marked, len(lines)), first)
            yield Edit(tag.start, tag.end, _without_asked(tag))
            yield Edit(start, end, "\n".join(shown))


def without_colours(markup: str) -> str:
    """Return the HTML of a text with its code as it was before it was coloured; marks stay."""
    return _CODE.sub(_plain, markup) if _has_colours(markup) else markup


def _has_colours(markup: str) -> bool:
    return any(map(markup.__contains__, _OURS))


_OURS = (f'<span class="{PREFIX}', '<span data-line="', '<mark data-line="')
_CODE = re.compile(r"<pre\b[^>]*><code\b[^>]*>(?:[^<]|<(?!pre\b|/code>))*+</code></pre>")
_COLOUR = re.compile(r'</?span\b[^>]*>|(?<=<mark) data-line="\d+"')


def _plain(code: re.Match[str]) -> str:
    return _COLOUR.sub("", code[0]) if _has_colours(code[0]) else code[0]


# --------------------------------------------------------------------- what is asked for


def _is_plain(page: Html, index: int) -> bool:
    """Return whether an element of code is all that stands in a `<pre>`, and has no tags in it."""
    around = page.tokens[index - 1 : index + 3] if index else []
    if len(around) < 4 or around[1].is_hidden:
        return False
    named = [(one.is_end, one.name) for one in around]
    before, tag, end, last = around
    is_close = before.end == tag.start and end.end == last.start
    return is_close and named == [(False, "pre"), (False, "code"), (True, "code"), (True, "pre")]


def _asked(tag: Token) -> tuple[str, str, int | None]:
    """Return the language of code, which lines are marked, and the number of the first if any."""
    given = {one.name: one.value for one in attributes(tag)}
    names = given.get("class", "").split()
    language = next((n.removeprefix(_LANGUAGE) for n in names if n.startswith(_LANGUAGE)), "")
    number = given.get(NUMBERED, "")
    return language, given.get(MARKED, ""), int(number) if _NUMBER.fullmatch(number) else None


_LANGUAGE = "language-"
_NUMBER = re.compile("[0-9]{1,9}")


def _without_asked(tag: Token) -> str:
    given = ((one.name, one.value) for one in attributes(tag))
    return start_tag(tag.name, {n: value for n, value in given if n not in (MARKED, NUMBERED)})


def _numbers(marked: str, most: int) -> Container[int]:
    """Return the lines, of so many, that are meant by `2 4-6`, counted from 1."""
    found: set[int] = set()
    for one in islice(_RANGE.finditer(marked), _MOST_RANGES):
        found.update(range(int(one[1]), min(int(one[2] or one[1]), most) + 1))
    return found


_MOST_RANGES = 200
_RANGE = re.compile(r"([0-9]{1,6})(?:\s*-\s*([0-9]{1,6}))?")


# ------------------------------------------------------------------------------- colours


def _pieces(language: str, written: str) -> list[tuple[str, str]] | None:
    """Return code in pieces, each with the name of what it is; None if there are no colours."""
    to_pieces, code = lexer(language), html.unescape(written)
    try:
        pieces = [*to_pieces(code)] if to_pieces else None
    except OvertimeError:
        what = "it takes too long to find the colours of this code"
        remedy = "write `text` for its language"
        raise UnwieldyError(f"```{language}", what, remedy) from None
    except Exception:  # nobody but Pygments is to blame, and code can be read without colours
        return None
    is_all = pieces is not None and "".join(piece for _, piece in pieces) == code
    return pieces if is_all else None


def _lines(pieces: Iterable[tuple[str, str]]) -> list[str]:
    """Return the HTML of each line, without its end: no element goes on from one to the next."""
    lines = [""]
    for name, piece in _joined(pieces):
        first, *others = piece.split("\n")
        lines[-1] += _span(name, first)
        lines += (_span(name, other) for other in others)
    return lines


def _joined(pieces: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the pieces with neighbours of one name as one."""
    last, parts = "", list[str]()
    for name, piece in pieces:
        name = "" if name in _COLOURLESS else name
        if name != last and parts:
            yield last, "".join(parts)
            parts = []
        last = name
        parts.append(piece)
    yield last, "".join(parts)


_COLOURLESS = frozenset(("n", "p", "pm", "w", "x", "nx", "o", "esc", "l", "ld", "g"))
"""What most of any code is, and has the colour of text: names, brackets, white space."""


def _span(name: str, piece: str) -> str:
    written = html.escape(piece, quote=False)
    return f'<span class="{PREFIX}{name}">{written}</span>' if name and piece.strip() else written


def _shown(lines: list[str], marked: Container[int], first: int | None) -> Iterator[str]:
    """Yield the lines as they are shown, numbered from `first` unless that is None.

    The number is an attribute, which a stylesheet shows: so who copies the code copies none.
    """
    *whole, rest = lines
    for number, line in enumerate(whole if not rest else lines):
        is_marked = number + 1 in marked
        shown = "" if first is None else attribute_of("data-line", str(first + number))
        name = "mark" if is_marked else "span"
        yield f"<{name}{shown}>{line}</{name}>" if is_marked or shown else line
    if not rest:
        yield ""
