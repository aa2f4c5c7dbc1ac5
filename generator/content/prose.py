"""A body in Markdown becomes HTML, a contents list, openings, a count of words.

An engine converts; what does not depend on its dialect (typographic marks, figures,
headings, addresses, the place for a promo) is done on its HTML, once, here.
"""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain, pairwise
from typing import Literal, NamedTuple

import msgspec

from generator.config import RawHtml
from generator.content.blocked import blocked
from generator.content.blocks import (
    NO_PLACES,
    Marked,
    find_places,
    mark_blocks,
    taken_apart,
    with_elements,
)
from generator.content.blocks import SHEET as BLOCKS_SHEET
from generator.content.bounds import UnwieldyError, refuse_many_blocks, refuse_many_parts
from generator.content.code import SHEET as CODE_SHEET
from generator.content.code import coloured
from generator.content.formulas import SHEET as MATH_SHEET
from generator.content.formulas import Formulas, find_formulas, is_styled, mathml
from generator.content.html import (
    HEADINGS,
    INSIDE_LINES,
    MEDIA,
    NOWHERE,
    Attribute,
    Edit,
    Html,
    Token,
    attribute,
    attributes,
    edited,
    look_at,
)
from generator.content.markdown.below import FIGURE, attributed_html, may_have_lists_below
from generator.content.markdown.engine import engine
from generator.content.markdown.extensions import read_code
from generator.content.markdown.within import has_markdown_within, within_html
from generator.content.mending import comments, located, mended, of_engine, problems
from generator.content.openings import openings
from generator.content.references import references
from generator.content.scan import Shape
from generator.content.trust import ALIGNMENT, cleaned, harm
from generator.content.typography import typeset
from generator.content.words import count_words, readable
from generator.errors import Problem, attempt
from generator.markup import attribute as attribute_of
from generator.markup import text as html_of
from generator.model import BodyInfo, Heading, Prose
from generator.slugs import slugify
from generator.state.code_version import fingerprint


class Converted(NamedTuple):
    """A body's prose, what is known of it, its text without markup, and what is wrong with it.

    The problems name no file.
    """

    prose: Prose
    body: BodyInfo
    text: str
    problems: list[Problem]


def convert(
    body: str, body_line: int, shape: Shape, aside: bool = False, marked: Marked | None = None
) -> Converted:
    """Return a body converted. `body_line` is its first line in the file.

    The ids of a text that stands `aside`, on the pages of others, are its own alone. Where its
    blocks were `marked` already, that is not done again.
    """
    key = fingerprint("prose", body, str(body_line), str(aside), msgspec.json.encode(shape))
    work = partial(_made, key=key, body_line=body_line, shape=shape, aside=aside)
    whole = partial(work, body, marked=marked)
    try:
        made = attempt(whole, lambda error: located(error, work, body, body_line))
    except UnwieldyError as error:
        made = error.problem(body, body_line)
    return Converted(Prose(), BodyInfo(key), "", [made]) if isinstance(made, Problem) else made


def _made(
    body: str, key: str, body_line: int, shape: Shape, aside: bool, marked: Marked | None = None
) -> Converted:
    marked = marked or mark_blocks(body, body_line)
    formulas = find_formulas(marked.body) if shape.math else None
    markup = _set(marked, formulas, key, body_line, shape)
    if isinstance(markup, Problem):
        return Converted(Prose(), BodyInfo(key), "", [markup])
    page, wrong = _mended(markup, body, body_line, shape.raw_html)
    if shape.policy:
        wrong += blocked(page, body, body_line, dict(shape.policy))
    prefix = f"{key[:6]}-" if aside else ""
    if prefix:
        page = _with_own_ids(page, prefix)
    read = look_at(formulas.as_text(page.source)) if formulas else page
    named, contents, anchors = _named(page, prefix, read)
    addressed, found = references(page, body, body_line, prefix)
    placed = find_places(page, key, marked.blocks) if marked.blocks else NO_PLACES
    wrong = [problem for problem in wrong if key not in problem.what]  # of signs that nobody typed
    wrong += [*marked.problems, *placed.problems]
    colours = [] if read_code(shape.extensions) else [*coloured(page)]
    edits = sorted([*_scrolling(page), *named, *addressed, *colours, *placed.edits])
    place = _promo_place(page, shape.promo_after) if placed.promo is None else placed.promo
    text = readable(read.text())
    if placed.more is not None:
        summary = page.source[: placed.more]
        read = look_at(formulas.as_text(summary) if formulas else summary)
    first = openings(read, shape)
    info = BodyInfo(
        key=key,
        excerpt=first.excerpts[0],
        openings=first.digests,
        spare=first.excerpts[1:],
        words=count_words(text),
        references=found,
        anchors=anchors,
        blocks=marked.blocks,
    )
    halves = [edited(page.source, edits, 0, place), edited(page.source, edits, place)]
    if formulas:
        made, broken = mathml(formulas, body_line)
        halves = [formulas.as_mathml(half, made) for half in halves]
        wrong += broken
    has_blocks = bool(marked.blocks) or any(map(_is_task, page.starts("input")))
    sheets = _sheets(halves, has_blocks, bool(colours), bool(formulas))
    prose = taken_apart(Prose(halves[0], halves[1], contents, sheets), len(marked.blocks))
    return Converted(prose, info, text, wrong)


def _set(
    marked: Marked, formulas: Formulas | None, key: str, body_line: int, shape: Shape
) -> str | Problem:
    """Return the HTML of a body as its engine makes it, with figures and typographic marks."""
    source = formulas.apart() if formulas else marked.body
    converted = _converted(source, body_line, shape)
    if isinstance(converted, Problem):
        return converted
    converted = formulas.as_typed(converted) if formulas else converted
    if marked.blocks:
        converted = with_elements(converted, key)
    if "<img" in converted:  # before the marks are set: a picture's title becomes a caption
        converted = _with_figures(look_at(converted)).source.replace(FIGURE, "")
    return typeset(converted, shape.language) if shape.smart_quotes else converted


def _sheets(
    halves: list[str], has_blocks: bool, has_colours: bool, has_formulas: bool
) -> tuple[str, ...]:
    """Return the stylesheets that a text needs beside those of every page."""
    needed = {
        BLOCKS_SHEET: has_blocks,
        CODE_SHEET: has_colours,
        MATH_SHEET: has_formulas and any(map(is_styled, halves)),
    }
    return tuple(sheet for sheet, is_needed in needed.items() if is_needed)


def _is_task(found: tuple[int, Token]) -> bool:
    """Return whether a tag is the box of a task."""
    return found[1].attributes.strip().startswith('type="checkbox" disabled')


def _converted(body: str, body_line: int, shape: Shape) -> str | Problem:
    """Return the HTML of a body, or the problem that its engine has with it."""
    to_html = partial(
        engine(shape.engine, shape.extensions, shape.lists),
        smart_quotes=shape.smart_quotes,
        shows_html=shape.raw_html is False,
        extras=frozenset(shape.extras),
    )
    if may_have_lists_below(body):
        to_html = partial(attributed_html, to_html=to_html)
    if is_read_within(body, shape):
        to_html = partial(within_html, to_html=to_html)
    refuse_many_blocks(body)
    markup = attempt(
        partial(to_html, body), lambda error: of_engine(error, to_html, body, body_line)
    )
    if isinstance(markup, str):
        refuse_many_parts(markup)
    return markup


def is_read_within(body: str, shape: Shape) -> bool:
    """Return whether Markdown within the HTML of a body is ours to read.

    It is not where HTML is text, nor where an extension reads it.
    """
    if shape.raw_html is False or not has_markdown_within(body):
        return False
    return all(one.name != "md_in_html" for one in shape.extensions)


def _mended(
    markup: str, body: str, body_line: int, raw_html: RawHtml
) -> tuple[Html, list[Problem]]:
    """Return the HTML of a body looked at, mended, and cleaned if need be.

    With it comes what was wrong.
    """
    page = look_at(markup)
    wrong = problems(page, body, body_line, shows_html=raw_html is False)
    wrong += harm(page, body, body_line, is_trusted=raw_html is True)
    if page.flaws or comments(page):
        page = look_at(mended(page))
    if raw_html is True:
        return page, wrong
    page, taken = cleaned(page, body, body_line)
    return page, wrong + taken


# --------------------------------------------------------------------- figures, tables


def _with_figures(page: Html) -> Html:
    """Return the HTML with the pictures that fill a paragraph as a figure."""
    edits = [edit for index, _ in page.starts("img") for edit in _figure(page, index)]
    edits += [edit for index, _ in page.starts("p") for edit in _gallery(page, index)]
    edits.sort()
    return look_at(edited(page.source, edits)) if edits else page


def _figure(page: Html, picture: int) -> Iterator[Edit]:
    """Yield what makes a figure of a picture, perhaps a link, alone in its paragraph.

    Its title is the caption, unless it only repeats the words in place of the picture.
    """
    tokens = page.tokens
    before = tokens[picture - 1]
    reach = 2 if before.name == "a" and not before.is_end else 1
    around = tokens[max(0, picture - reach) : picture + reach + 1]
    if len(around) <= 2 * reach or not _is_alone(page, around):
        return
    caption = ""
    if title := attribute(tokens[picture], "title"):
        if title.value.strip() and not _is_same(title.value, _value(tokens[picture], "alt")):
            caption = f"<figcaption>{html_of(title.value)}</figcaption>"
        yield Edit(title.start - 1, title.end, "")
    yield Edit(around[0].start, around[1].start, _figure_tag(page, around[0]))
    yield Edit(around[-2].end, around[-1].end, f"{caption}</figure>")


def _gallery(page: Html, paragraph: int) -> Iterator[Edit]:
    """Yield what makes a figure of a paragraph of several pictures, links perhaps."""
    last = paragraph + 1
    while last < len(page.tokens) and page.tokens[last].name in ("img", "a", "br"):
        last += 1
    around = page.tokens[paragraph : last + 1]
    opening, closing = around[0], around[-1]
    if sum(token.name == "img" for token in around) < 2 or not _is_paragraph(page, around):
        return
    if any(page.source[one.end : two.start].strip() for one, two in pairwise(around)):
        return
    yield Edit(opening.start, opening.end, _figure_tag(page, opening))
    yield from (Edit(token.start, token.end, "") for token in around if token.name == "br")
    yield Edit(closing.start, closing.end, "</figure>")


def _is_paragraph(page: Html, around: list[Token]) -> bool:
    """Return whether the first and the last of these tags are those of a plain paragraph."""
    opening, closing = around[0], around[-1]
    is_plain = page.source[opening.start : opening.end] == "<p>" or FIGURE in opening.attributes
    is_seen = not opening.is_hidden
    return is_plain and is_seen and closing.is_end and closing.name == "p"


def _figure_tag(page: Html, paragraph: Token) -> str:
    """Return the start tag of the figure that a paragraph becomes."""
    return f"<figure{page.source[paragraph.start + 2 : paragraph.end].replace(FIGURE, '')}"


def _is_alone(page: Html, around: list[Token]) -> bool:
    """Return whether these tags are a paragraph, and white space is all it holds beside them."""
    if not _is_paragraph(page, around) or (len(around) > 3 and around[-2].name != "a"):
        return False
    gaps = [page.source[one.end : next_.start] for one, next_ in pairwise(around)]
    return not any(gaps[1:-1]) and not (gaps[0] + gaps[-1]).strip()


def _value(tag: Token, name: str) -> str:
    found = attribute(tag, name)
    return found.value if found else ""


def _is_same(title: str, alt: str) -> bool:
    """Return whether two texts have the same letters and digits in the same order."""
    said, shown = (re.sub(r"[\W_]+", "", text).casefold() for text in (title, alt))
    return said == shown


def _scrolling(page: Html) -> Iterator[Edit]:
    """Have what may be wider than the page scroll in a box of its own, by keyboard too.

    A cell's alignment becomes a class: a strict content security policy forbids styles.
    """
    for _, tag in page.starts("pre"):
        if not (tag.attributes or tag.is_hidden):
            yield Edit(tag.end - 1, tag.end, ' tabindex="0">')
    for index, tag in page.starts("table"):
        end = page.end_tag(index)
        if end and not tag.is_hidden:
            yield Edit(tag.start, tag.start, '<div class="table" role="group" tabindex="0">')
            yield Edit(end.start, end.end, f"{page.source[end.start : end.end]}</div>")
    for _, tag in page.starts("th", "td"):
        style = attribute(tag, "style") if tag.attributes else None
        if style and (aligned := ALIGNMENT.fullmatch(style.value)):
            yield from _with_class(tag, style, f"align-{aligned[1]}")


def _with_class(tag: Token, style: Attribute, name: str) -> Iterator[Edit]:
    """Yield what gives a tag one more class in the place of its style."""
    known = attribute(tag, "class")
    if known:
        yield Edit(known.start - 1, known.end, "")
    names = f"{known.value} {name}" if known else name
    yield Edit(style.start - 1, style.end, attribute_of("class", names))


# ---------------------------------------------------------------------- headings, ids


class _Named(NamedTuple):
    """What makes headings as they are to be, the list of them, and every id of the text."""

    edits: list[Edit]
    contents: tuple[Heading, ...]
    anchors: tuple[str, ...]


def _with_own_ids(page: Html, prefix: str) -> Html:
    """Return the HTML with a prefix to every id that it has, and to every link to one."""
    edits = [
        Edit(place, place, prefix)
        for index in page.attributed
        for found in attributes(page.tokens[index])
        if (place := _id_place(found)) and found.value
    ]
    return look_at(edited(page.source, edits)) if edits else page


def _id_place(found: Attribute) -> int:
    """Return where the id begins that an attribute holds, or leads to; 0 if there is none."""
    if found.name == "id":
        return found.value_start
    is_fragment = found.name == "href" and len(found.value) > 1 and found.value[0] == "#"
    return found.value_start + 1 if is_fragment else 0


def _named(page: Html, prefix: str, read: Html) -> _Named:
    """Return every heading with an id, which begins with `prefix` where it is new.

    Their words are those that they have in `read`, which has the same tags.

    A page's own headline is its first level: if a text has that level too, all its headings go
    down by one.
    """
    written = [] if page.elements.keys().isdisjoint(HEADINGS) else page.starts(*HEADINGS)
    headings = [(i, tag) for i, tag in written if not tag.is_hidden and page.end_tag(i)]
    if not headings and not page.attributed:
        return _Named([], (), ())
    ids = _ids(page)
    shift = any(tag.name == "h1" for _, tag in headings)
    edits: list[Edit] = []
    contents: list[Heading] = []
    free, given = _FreeNames(ids.values()), set[str]()
    for index, tag in headings:
        text, level = _heading_text(read, index), min(6, int(tag.name[1]) + shift)
        anchor = ids.get(index, "")
        if not anchor or anchor in given:
            anchor = free.of(anchor or prefix + (slugify(text) or "section"))
        edits += _with_id(tag, anchor)
        if shift:
            edits += _at_level(page, index, level)
        given.add(anchor)
        ids[index] = anchor
        contents.append(Heading(level, anchor, text))
    targets = ids | _names(page)
    anchors = tuple(targets[index] for index in sorted(targets))
    return _Named(edits, tuple(h for h in contents if h.level <= 3 and h.text), anchors)


def _heading_text(page: Html, heading: int) -> str:
    """Return the words of a heading; if it has none, those in place of its pictures."""
    if text := readable(page.text(heading)):
        return text
    all_pictures = page.elements.get("img", [])
    first = bisect(all_pictures, heading)
    inner = all_pictures[first : bisect(all_pictures, page.ends[heading] - 1, first)]
    pictures = (page.tokens[index] for index in inner)
    return " ".join(" ".join(_value(picture, "alt") for picture in pictures).split())


def _ids(page: Html) -> dict[int, str]:
    """Return the ids of a text, each by the index of its tag.

    Those in a template, which is no page, are not among them.
    """
    found = {
        index: value for index in page.attributed if (value := _value(page.tokens[index], "id"))
    }
    return {index: value for index, value in found.items() if not _is_template(page, index)}


def _names(page: Html) -> dict[int, str]:
    """Return the names that old texts give to places: `<a name="…">`."""
    links = page.starts("a")
    return {index: name for index, tag in links if (name := _value(tag, "name"))}


def _is_template(page: Html, index: int) -> bool:
    token = page.tokens[index]
    return token.is_hidden and any(outer.name == "template" for outer in page.ancestors(token))


def _with_id(tag: Token, anchor: str) -> Iterator[Edit]:
    """Yield what gives a tag an id, as its last attribute."""
    if old := attribute(tag, "id"):
        yield Edit(old.start - 1, old.end, "")
    yield Edit(tag.end - 1, tag.end - 1, attribute_of("id", anchor))


def _at_level(page: Html, index: int, level: int) -> Iterator[Edit]:
    """Yield what makes a heading one of another level."""
    start, end = page.tokens[index], page.end_tag(index)
    yield Edit(start.start + 2, start.start + 3, str(level))
    if end:
        yield Edit(end.start + 3, end.start + 4, str(level))


class _FreeNames:
    """Makes names that are not `taken`; no number is tried twice behind one name."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}

    def of(self, name: str) -> str:
        """Take the name, with the first number behind it that makes it new."""
        number = self._next.get(name, 1)
        while (new := name if number == 1 else f"{name}-{number}") in self._taken:
            number += 1
        self._next[name] = number + 1
        self._taken.add(new)
        return new


# ------------------------------------------------------------------- the promo's place


class _Gap(NamedTuple):
    """A place between two blocks, behind so many, of which so many are paragraphs.

    `kind` is "even" between two paragraphs, and "tied" if a list, a table or the like belongs to
    the paragraph before it.
    """

    place: int
    blocks: int
    paragraphs: int
    kind: Literal["even", "tied", ""]


def _promo_place(page: Html, after: int) -> int:
    """Return where a promo may stand: between two blocks of the top level, never behind a heading.

    That is between two paragraphs, behind so many of them; behind so many blocks, headings not
    counted, where that would be more than twice as far down; and before the last paragraph or
    block of a shorter text. What belongs to the paragraph before it is parted from it last.
    """
    gaps: list[_Gap] = []
    for gap in _gaps(page):
        if gap.kind == "even" and gap.paragraphs >= after and gap.blocks < 2 * after:
            return gap.place
        gaps.append(gap)
        if gap.kind != "tied" and gap.blocks >= 2 * after:
            break
    even = [gap for gap in gaps if gap.kind == "even"]
    loose = [gap for gap in gaps if gap.kind != "tied"]
    later = (gap for gap in loose if gap.blocks >= after)
    last = (some[-1] for some in (even, loose, gaps) if some)
    found = next(chain(later, last), None)
    return found.place if found else len(page.source)


def _gaps(page: Html) -> Iterator[_Gap]:
    """Yield the places between two blocks of the top level, but those behind a heading."""
    blocks, paragraphs, before, place, done = 0, 0, "", 0, 0
    for token, name, end in _top_level(page):
        if token.is_note:
            return
        if page.source[done : token.start].strip():
            before = ""
        if _is_unseen(token):
            done = end
            continue
        if name and blocks and before not in _UNCOUNTED:
            yield _Gap(place, blocks, paragraphs, _kind(before, name))
        blocks += name not in _UNCOUNTED
        paragraphs += name == "p"
        before, place, done = name, end, end


def _kind(before: str, name: str) -> Literal["even", "tied", ""]:
    if before != "p" or name in _LEADING:
        return ""
    return "even" if name == "p" else "tied"


def _top_level(page: Html) -> Iterator[tuple[Token, str, int]]:
    """Yield each tag or comment that stands in no element: itself, the name of the block that it
    begins, and where that ends. The name is "" if it is part of a line or has no end of its own.
    """
    index = 0
    while index < len(page.tokens):
        token = page.tokens[index]
        if token.parent != NOWHERE:
            index += 1
            continue
        last = page.ends.get(index, index)
        is_whole = last == index or page.end_tag(index) is not None
        is_block = is_whole and not token.is_end and token.name not in INSIDE_LINES
        yield (
            token,
            token.name if is_block else "",
            token.end if last == index else page.end_of(index),
        )
        index = last + is_whole


def _is_unseen(token: Token) -> bool:
    """Return whether a tag or comment is as good as white space to readers."""
    return not token.name or (token.is_hidden and token.name not in MEDIA)


_LEADING = HEADINGS | {"hr"}
"""What begins a part of a text: nothing comes between it and what it begins."""

_UNCOUNTED = _LEADING | {""}
