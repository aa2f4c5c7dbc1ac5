"""The pictures of a gallery, each with its words below it, and on pages a link to its file.

What comes in is the HTML that stands in a block, what goes out the same HTML with those.
"""

from collections.abc import Iterator

from markupsafe import Markup, escape

from generator.content.html import NOWHERE, Edit, Html, Token, attribute, edited, look_at
from generator.markup import attribute as attribute_of
from generator.templates.views import SIZES_IN_TEXT


def linked_pictures(body: object, label: str) -> Markup:
    """Return some HTML with each picture in it as a link to its file.

    One that stands among others gets its title for a caption, as one by itself has it. The label is
    what a link says whose picture has no words.
    """
    return _with_each(body, label)


def captioned_pictures(body: object) -> Markup:
    """Return some HTML with the title of each picture among others as its caption."""
    return _with_each(body, None)


def _with_each(body: object, label: str | None) -> Markup:
    """Return some HTML with a figure for each picture by itself; with a label, with links too."""
    markup = str(body)
    if "<img" not in markup.lower():
        return Markup(markup)
    page = look_at(markup)
    loose = [*_loose(page)]
    edits = [
        Edit(tag.start, tag.end, "")
        for index in loose
        for tag in (page.tokens[index], *_end(page, index))
    ]
    gone = {page.tokens[index].start for index in loose}
    for _, tag in page.starts("img"):
        above = {one.name for one in page.ancestors(tag) if one.start not in gone} - {"picture"}
        if "a" not in above:
            edits += _framed(page, tag, label, is_by_itself=not above)
    whole = edited(markup, edits)
    return Markup(whole.replace(attribute_of("sizes", SIZES_IN_TEXT), _SIZES_IN_GRID))


_SIZES_IN_GRID = attribute_of("sizes", "(min-width: 46rem) 22rem, 50vw")
"""How wide it is in a gallery, at most: one of two columns."""


def _loose(page: Html) -> Iterator[int]:
    """Yield the paragraphs and figures in which there is nothing but pictures."""
    for index, tag in page.starts("p", "figure"):
        if page.end_tag(index) and not tag.attributes.strip() and not page.text(index).strip():
            yield index


def _end(page: Html, index: int) -> Iterator[Token]:
    if tag := page.end_tag(index):
        yield tag


def _framed(page: Html, tag: Token, label: str | None, is_by_itself: bool) -> Iterator[Edit]:
    """Yield the edits that put a figure around a picture by itself, and with a label a link."""
    src, alt, title = (attribute(tag, name) for name in ("src", "alt", "title"))
    if src is None or not src.value:
        return
    before = after = ""
    if label is not None:
        named = "" if alt and alt.value.strip() else Markup(' aria-label="{}"').format(label)
        before = str(Markup('<a href="{}"{} data-large>').format(src.value, named))
        after = "</a>"
    if is_by_itself:
        words = title.value.strip() if title else ""
        after += f"<figcaption>{escape(words)}</figcaption>" if words else ""
        before, after = f"<figure>{before}", f"{after}</figure>"
    start, end = _around(page, tag)
    yield Edit(start, start, before)
    yield Edit(end, end, after)


def _around(page: Html, tag: Token) -> tuple[int, int]:
    """Return where a picture begins and ends, with all its forms (`<picture>`)."""
    outer = page.tokens[tag.parent] if tag.parent != NOWHERE else None
    if outer and outer.name == "picture":
        return outer.start, page.end_of(tag.parent)
    return tag.start, tag.end
