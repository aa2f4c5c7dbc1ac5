"""Attribute lists right below a block, for any engine: `{.pull}` below a quotation.

The list is that of the outermost quotation or list that its line stands in no more, of the table
that it ends, or of the figure that the pictures above it become. A word stands in for it while an
engine reads the text.
"""

import re
from bisect import bisect
from collections.abc import Callable, Iterator
from typing import NamedTuple

from generator.content.html import NOWHERE, Edit, Html, edited, look_at
from generator.content.markdown.attributes import LIST, with_items
from generator.content.markdown.fences import find_fences, may_have_fences
from generator.content.markdown.lines import CODE_PLACE, Line, Walk
from generator.state.code_version import fingerprint

FIGURE = ' data-figure=""'
"""What a paragraph of pictures has if its attributes are to be those of the figure."""


def may_have_lists_below(text: str) -> bool:
    """Return whether an attribute list may be a line of a text, by a quick look."""
    return "{" in text and bool(_LINE.search(text))


def attributed_html(body: str, to_html: Callable[[str], str]) -> str:
    """Return the HTML of a body, with attributes for the blocks that lists stand below."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found = list(_found(lines))
    for _ in range(_ROUNDS):
        if not found:
            break
        markup, missed = _converted(lines, found, to_html)
        if not missed:
            return markup
        found = [one for one in found if one.line not in missed]
    return to_html(body)


_ROUNDS = 2
"""Once more without those lists that the engine found no block above: it reads them its own way."""


def _converted(
    lines: list[str], found: list["_Below"], to_html: Callable[[str], str]
) -> tuple[str, set[int]]:
    """Return the HTML of a text in which these lists stand, and the lines of those for no block."""
    stem = f"q{fingerprint('below', *lines)}n"
    written = list(lines)
    for number, one in enumerate(found):
        line = lines[one.line]
        written[one.line] = f"{line[: line.index('{')]}{stem}{number}z"
    return _with_attributes(to_html("\n".join(written)), found, re.compile(rf"{stem}(\d+)z"))


_LINE = re.compile(r"[\r\n][ \t>]*\{[^\r\n]*\}[ \t]*(?=[\r\n]|\Z)")
_LIST = re.compile(rf"[ ]{{0,3}}{LIST}[ ]*")
_PICTURE = re.compile(r"[ ]{0,3}!\[[^\n]*[\])}][ ]*")


# --------------------------------------------------------------------------- in the text


class _Below(NamedTuple):
    """An attribute list: its line, its items, and in how many containers it stands.

    It is for a table, or for a paragraph of pictures, or else for a list or a quotation.
    """

    line: int
    items: str
    depth: int
    is_of_table: bool
    is_of_pictures: bool


def _found(lines: list[str]) -> Iterator[_Below]:
    """Yield the lists that stand right below a block, which goes on no more behind them."""
    walk, above, found = Walk(), Line("", "", (), 0, is_blank=True), None
    are_pictures = False
    for number, typed in _without_code(lines):
        was_table = walk.is_table
        line = walk.take(typed)
        if found and (not line.goes_on or _LIST.fullmatch(line.rest)):
            yield found
        found = _below(number, line, above, was_table, are_pictures)
        are_pictures = (are_pictures or above.is_blank) and bool(_PICTURE.fullmatch(line.text))
        above = line
    if found:
        yield found


def _below(
    number: int, line: Line, above: Line, was_table: bool, are_pictures: bool
) -> _Below | None:
    """Return the list that a line is, if it belongs to what stands above it."""
    written = None if above.is_blank or line.is_blank else _LIST.fullmatch(line.rest)
    is_new = not line.goes_on and len(line.around) > line.kept
    if written is None or is_new:
        return None
    left = above.around[line.kept : line.kept + 1]
    is_of_table = was_table and not left
    is_of_pictures = are_pictures and not (left or line.around)
    if not (is_of_table or is_of_pictures or any(one.is_quote or one.is_item for one in left)):
        return None
    return _Below(number, written[1], line.kept, is_of_table, is_of_pictures)


def _without_code(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines with their numbers, and one for each block of fenced code."""
    fences = find_fences(lines) if may_have_fences("\n".join(lines)) else iter(())
    done = 0
    for fence in fences:
        yield from ((number, lines[number]) for number in range(done, fence.first))
        yield fence.first, f"{fence.before}{CODE_PLACE}"
        done = fence.after
    yield from ((number, lines[number]) for number in range(done, len(lines)))


# --------------------------------------------------------------------------- in the HTML

_CONTAINERS = ("blockquote", "li", "dd")
_BLOCKS = ("blockquote", "ul", "ol", "table")


class _Place(NamedTuple):
    """A place in some HTML: the elements around it, outermost first.

    The block that ends before the innermost of them is `above`, if one does.
    """

    start: int
    end: int
    around: list[int]
    above: int | None


def _with_attributes(
    markup: str, found: list[_Below], word: re.Pattern[str]
) -> tuple[str, set[int]]:
    page = look_at(markup)
    starts = [token.start for token in page.tokens]
    ended = {page.ends[index]: index for index, _ in page.starts(*_BLOCKS) if page.end_tag(index)}
    edits: list[Edit] = []
    missed: set[int] = set()
    items: dict[int, list[str]] = {}
    for match in word.finditer(markup):
        one = found[int(match[1])]
        before = bisect(starts, match.start()) - 1
        place = _Place(*match.span(), _around(page, before), ended.get(before - 1))
        target, edit = _taken_out(page, place, one)
        if target is None:
            missed.add(one.line)
            continue
        edits.append(edit)
        items.setdefault(target, []).append(one.items)
    for index, written in items.items():
        tag = page.tokens[index]
        new = with_items(tag, " ".join(written))
        edits.append(Edit(tag.start, tag.end, f"{new[:-1]}{FIGURE}>" if tag.name == "p" else new))
    return edited(markup, edits), missed


def _around(page: Html, before: int) -> list[int]:
    """Return the elements that are open behind a token, outermost first."""
    if before < 0:
        return []
    is_open = page.ends.get(before, before) > before
    inner = before if is_open else page.tokens[before].parent
    around: list[int] = []
    while inner != NOWHERE:
        around.append(inner)
        inner = page.tokens[inner].parent
    return around[::-1]


def _taken_out(page: Html, place: _Place, one: _Below) -> tuple[int | None, Edit]:
    """Return the element that a list is for, and what takes it out of the HTML.

    There may be no such element.
    """
    innermost = place.around[-1] if place.around else NOWHERE
    if one.is_of_pictures and innermost != NOWHERE and page.tokens[innermost].name == "p":
        return innermost, _without_word(page, place)
    if not _is_alone(page, place):
        target = _target(page, place, one.depth, is_alone=False)
        taken = _without_word(page, place)
    else:
        is_cell = page.tokens[innermost].name != "p"
        whole = page.tokens[innermost].parent if is_cell else innermost
        taken = Edit(page.tokens[whole].start, page.end_of(whole) + is_cell, "")
        tables = [index for index in place.around if page.tokens[index].name == "table"]
        is_of_table = one.is_of_table and tables
        target = tables[-1] if is_of_table else _target(page, place, one.depth, not is_cell)
    return target, taken


def _without_word(page: Html, place: _Place) -> Edit:
    """Return what takes a word out of its paragraph, and its line with it."""
    start = place.start - (page.source[place.start - 1 : place.start] == "\n")
    return Edit(start, place.end, "")


def _is_alone(page: Html, place: _Place) -> bool:
    """Return whether nothing else is in a paragraph or a cell."""
    innermost = place.around[-1] if place.around else NOWHERE
    if innermost == NOWHERE or page.tokens[innermost].name not in ("p", "td"):
        return False
    end = page.end_tag(innermost)
    is_first = page.tokens[innermost].end == place.start
    return is_first and end is not None and end.start == place.end


def _target(page: Html, place: _Place, depth: int, is_alone: bool) -> int | None:
    """Return the quotation, the list or the table that a list in so many containers is for."""
    inner = [index for index in place.around if page.tokens[index].name in _CONTAINERS]
    if len(inner) > depth:
        container = page.tokens[inner[depth]]
        return container.parent if container.name == "li" else inner[depth]
    return place.above if is_alone else None
