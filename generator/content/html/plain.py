"""A short way to look at HTML that is as engines write it for most texts.

In comes some HTML, out goes what the long way gives, if all of it is in order: each `<` begins a
usual tag, each element ends where its end tag is, and each block stands where it may begin.
"""

import re
from collections import defaultdict
from typing import NamedTuple

from generator.content.html.elements import HEADINGS, named
from generator.content.html.tokens import NOWHERE, Html, Token

_BLOCKS = HEADINGS | named("blockquote hr ol p pre table ul")
_AROUND = {
    **dict.fromkeys(_BLOCKS, frozenset(("", "blockquote", "li"))),
    "li": named("ol ul"),
    **dict.fromkeys(("tbody", "thead"), named("table")),
    "tr": named("tbody thead"),
    **dict.fromkeys(("td", "th"), named("tr")),
}
"""The elements in which a block closes none that is open; "" is none at all."""
_IN_LINES = named("a br code em img strong")
_BARE_IN_LINES = named("del mark sub sup")
"""Parts of a line that mean something else with attributes, as those of a note do."""
_VOID = named("br hr img")
_MOST_OPEN = 50

_ATTRIBUTE = r' (?:(?:alt|class|href|id|src|start|title)="[^"<>\n]*"|style="text-align: \w+;")'
_ATTRIBUTED = _AROUND.keys() | _IN_LINES | {"abbr"}
_NAMES = _ATTRIBUTED | _BARE_IN_LINES
_TAG = re.compile(
    rf"(</?(?:{'|'.join(sorted(_NAMES))})>|<(?:{'|'.join(sorted(_ATTRIBUTED))})(?:{_ATTRIBUTE})+>)"
)


class _Tag(NamedTuple):
    """A tag, and the elements in which it may begin one; None if in any."""

    name: str
    attributes: str
    is_end: bool
    around: frozenset[str] | None


_BARE = {
    f"<{slash}{name}>": _Tag(name, "", bool(slash), _AROUND.get(name))
    for name in _NAMES
    for slash in ("", "/")
}


def read_plainly(source: str) -> Html | None:
    """Return some HTML with its tokens; None if it is not plain enough."""
    pieces = _TAG.split(source)
    if len(pieces) // 2 != source.count("<"):
        return None
    tokens: list[Token] = []
    elements: defaultdict[str, list[int]] = defaultdict(list)
    attributed: list[int] = []
    ends: dict[int, int] = {}
    names, numbers, place = [""], [NOWHERE], 0
    for number, (text, tag) in enumerate(zip(pieces[::2], pieces[1::2], strict=False)):
        start = place + len(text)
        place = start + len(tag)
        name, written, is_end, around = _BARE.get(tag) or _with_attributes(tag)
        if is_end:
            if names.pop() != name:
                return None
            ends[numbers.pop()] = number
        elif (around and names[-1] not in around) or (name == "a" and "a" in names):
            return None
        tokens.append(Token(start, place, name, written, is_end, numbers[-1], False, False))
        if is_end:
            continue
        elements[name].append(number)
        if written:
            attributed.append(number)
        if name not in _VOID:
            names.append(name)
            numbers.append(number)
        if len(names) > _MOST_OPEN:
            return None
    return Html(source, tokens, elements, attributed, ends, []) if len(names) == 1 else None


def _with_attributes(tag: str) -> _Tag:
    """Return a start tag taken apart."""
    name, space, written = tag[1:-1].partition(" ")
    return _Tag(name, space + written, False, _AROUND.get(name))
