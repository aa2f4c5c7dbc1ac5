"""HTML of a text for programs that show it without its page: readers of feeds.

They run no script and send no form, and most of them know nothing of what hides a part.
"""

import re

from generator.content.code import without_colours
from generator.content.html import Edit, Html, Token, attribute, edited, is_hiding, look_at, named
from generator.content.markdown.inline import TASK_BOX


def standalone(markup: str) -> str:
    """Return the HTML without what a browser hides and what works only on the page.

    What is there for browsers without scripts is shown; code has no colours, which only a
    stylesheet could give it.
    """
    markup = without_colours(markup)
    if "<input" in markup:
        markup = _TASK.sub(_with_sign, markup)
    if not _is_to_look_at(markup):
        return markup
    page = look_at(markup)
    if "noscript" in page.elements:
        page = look_at(edited(page.source, _tags(page, "noscript")))
    return edited(page.source, _useless(page))


_TASK = re.compile(rf"<label>{TASK_BOX.pattern}(.*?)</label>", re.DOTALL)


def _with_sign(task: re.Match[str]) -> str:
    """Return the words of a task behind a sign for its box, which is part of no form there."""
    return ("\u2611" if task["done"] else "\u2610") + task[2]


def without_ids(markup: str) -> str:
    """Return the HTML without the names of its places, but for those that drawings lead to.

    So it can stand beside other texts, which may have the same names.
    """
    if not _NAMED.search(markup):
        return markup
    page = look_at(markup)
    tags = [page.tokens[index] for index in page.attributed]
    return edited(page.source, [edit for tag in tags for edit in _names(page, tag)])


def _names(page: Html, tag: Token) -> list[Edit]:
    """Return the edits that take the names of a place out of a tag."""
    names = ("id", "name") if tag.name == "a" else ("id",)
    found = [found for name in names if (found := attribute(tag, name))]
    if not found or "svg" in (above.name for above in (tag, *page.ancestors(tag))):
        return []
    return [Edit(one.start - page.source[one.start - 1].isspace(), one.end, "") for one in found]


_NAMED = re.compile(r"[\s/\"'](?:id|name)\s*=", re.IGNORECASE)


def _is_to_look_at(markup: str) -> bool:
    """Return whether there may be something to take out; most often a word of it is missing.

    Bytes are searched in a quarter of the time of letters.
    """
    lower = markup.encode(errors="surrogatepass").lower()
    return any(map(lower.__contains__, _SIGNS)) and bool(_TO_LOOK_AT.search(markup))


def _tags(page: Html, name: str) -> list[Edit]:
    """Return the edits that leave nothing of elements but what is in them."""
    return [Edit(tag.start, tag.end, "") for tag in page.tokens if tag.name == name]


def _useless(page: Html) -> list[Edit]:
    """Return the edits that take out whole elements, with all that is in them."""
    edits: list[Edit] = []
    for index, tag in enumerate(page.tokens):
        if tag.is_end or (edits and tag.start < edits[-1].end):
            continue
        if tag.name in _WORKING or is_hiding(tag):
            end = page.end_of(index) if index in page.ends else tag.end
            edits.append(Edit(tag.start, end, ""))
    return edits


_WORKING = named("form noembed noframes script style template title")
_SIGNS = (b"hidden", b"style", *(f"<{name}".encode() for name in sorted(_WORKING | {"noscript"})))
_TO_LOOK_AT = re.compile(
    rf"<(?:noscript|{'|'.join(sorted(_WORKING))})[\s/>]|\shidden[\s=/>]|\sstyle\s*=", re.IGNORECASE
)
