"""The tokens of HTML, with the attributes of tags, and edits between them."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

import msgspec

from generator.content.html.elements import PARTING, partners

NOWHERE = -1
"""The index of the element that holds what stands in none."""


class Token(msgspec.Struct, frozen=True, gc=False):
    """A tag, a comment or the like; what stands between two tokens is text.

    `name` is in lower case, and "" if it is no tag. `parent` is the index of the start tag of
    the element that it stands in. What follows it `is_hidden` if no reader sees it, and
    `is_note` if it belongs to a note and not to the text itself.
    """

    start: int
    end: int
    name: str
    attributes: str
    is_end: bool
    parent: int
    is_hidden: bool
    is_note: bool


class Attribute(NamedTuple):
    """An attribute: its name in lower case, its value, and where both stand in the HTML."""

    name: str
    value: str
    start: int
    end: int
    value_start: int
    value_end: int


Amiss = Literal["unended", "unclosed", "swallowing", "stray", "doubtful", "implied", "deep"]
"""A tag never ends; an element never does; it never does, and browsers would take all that
follows for its content; an end tag ends nothing; a tag holds what looks like text or another
tag; an element ends where browsers would not see it, as in `<a id="x"/>`, or without an end tag;
an element stands in more of them than `DEEPEST`, and nobody has looked at what follows.
"""


class Flaw(NamedTuple):
    """What is amiss with a token; for an element without an end tag, the place of that."""

    amiss: Amiss
    token: Token
    place: int = NOWHERE


class Html(msgspec.Struct, frozen=True):
    """Some HTML, looked at.

    `elements` are the indices of start tags by their names, `attributed` those of start tags with
    attributes. `ends` leads from the index of an
    element's start tag to that of the token that ends it: an end tag, or another that closes it;
    the number of tokens if only the end of the HTML does.
    """

    source: str
    tokens: list[Token]
    elements: Mapping[str, list[int]]
    attributed: list[int]
    ends: dict[int, int]
    flaws: list[Flaw]

    def starts(self, *names: str) -> list[tuple[int, Token]]:
        """Return each start tag of these names, with its index."""
        found = [index for name in names if name in self.elements for index in self.elements[name]]
        return [(index, self.tokens[index]) for index in sorted(found)]

    def end_tag(self, element: int) -> Token | None:
        """Return the end tag of the element at an index, if it has one."""
        end = self.ends.get(element, len(self.tokens))
        token = self.tokens[end] if end < len(self.tokens) else None
        names = partners(self.tokens[element].name)
        return token if token and token.is_end and token.name in names else None

    def end_of(self, element: int) -> int:
        """Return the place behind an element."""
        if tag := self.end_tag(element):
            return tag.end
        end = self.ends.get(element, len(self.tokens))
        return self.tokens[end].start if end < len(self.tokens) else len(self.source)

    def ancestors(self, token: Token) -> Iterator[Token]:
        """Yield the start tags of the elements that a token stands in, innermost first."""
        while token.parent != NOWHERE:
            token = self.tokens[token.parent]
            yield token

    def text(self, element: int = NOWHERE) -> str:
        """Return what readers see of an element, or of everything: as it is written, without notes.

        A space stands for each tag that parts words.
        """
        source, end = self.source, self.ends.get(element, len(self.tokens))
        place, is_shown = 0, True
        if element != NOWHERE:
            place, is_shown = self.tokens[element].end, _is_text(self.tokens[element])
        parts, is_parted = list[str](), False
        for token in self.tokens[element + 1 : end]:
            if is_shown and place < token.start:
                piece = source[place : token.start]
                if not is_parted or (piece := piece.lstrip()):
                    parts.append(piece)
                    is_parted = False
            if not is_parted and token.name in PARTING:
                parts.append(" ")
                is_parted = True
            place, is_shown = token.end, not (token.is_hidden or token.is_note)
        if is_shown:
            last = self.tokens[end].start if end < len(self.tokens) else len(source)
            parts.append(source[place:last])
        return "".join(parts)


def _is_text(token: Token) -> bool:
    return not (token.is_hidden or token.is_note)


# ----------------------------------------------------------------- attributes and edits


def attributes(token: Token) -> list[Attribute]:
    """Return the attributes of a tag as browsers take them: of two with one name the first."""
    found: dict[str, Attribute] = {}
    begin = token.end - 1 - len(token.attributes)
    for match in ATTRIBUTE.finditer(token.attributes):
        name, group = match[1].lower(), match.lastindex or 1
        if name not in found:
            start, end = match.span()
            first, last = match.span(group) if group > 1 else (end, end)
            value = match[group] if group > 1 else ""
            found[name] = Attribute(
                name,
                html.unescape(value) if "&" in value else value,
                begin + start,
                begin + end,
                begin + first,
                begin + last,
            )
    return list(found.values())


def attribute(token: Token, name: str) -> Attribute | None:
    """Return an attribute of a tag by its name."""
    if name not in token.attributes.lower():
        return None
    return next((found for found in attributes(token) if found.name == name), None)


class Edit(NamedTuple):
    """What stands between two places of the HTML becomes something else."""

    start: int
    end: int
    new: str


def edited(source: str, edits: Iterable[Edit], start: int = 0, end: int | None = None) -> str:
    """Return a part of some HTML with the edits that begin in it made; no two of them overlap."""
    last = len(source) + 1 if end is None else end
    parts, done = list[str](), start
    for edit in sorted(edits):
        if start <= edit.start < last:
            parts += source[done : edit.start], edit.new
            done = edit.end
    parts.append(source[done:last])
    return "".join(parts)


_VALUE = r"""(?:"([^"]*+)"|'([^']*+)'|([^\s"'>][^\s>]*+))"""
_NAME = r"(?:[^\s=>/]++|=[^\s=>/]*+)"
ATTRIBUTE = re.compile(rf"({_NAME})(?:\s*+=\s*+{_VALUE})?")
ATTRIBUTES = (
    rf"(?:[\s/]++|{_NAME}"
    rf"(?:\s*+=\s*+(?:{re.sub(r'[(](?![?])', '(?:', _VALUE)}|(?=>))|(?!\s*+=)))*+"
)

_ODD = re.compile(r"[<>]|\n\s*\n")
_BLANK_LINE = re.compile(r"\n\s*\n")
_TAG_IN_VALUE = re.compile("</?[a-zA-Z]")


def is_doubtful(token: Token) -> bool:
    """Return whether a tag has taken in what was not meant for it: text, or another tag."""
    if not _ODD.search(token.attributes):
        return False
    return bool(_BLANK_LINE.search(token.attributes)) or any(map(_is_odd, attributes(token)))


def _is_odd(found: Attribute) -> bool:
    if any(sign in found.name for sign in "<\"'"):
        return True
    is_code = found.name.startswith(("data-", "on")) or found.name == "srcdoc"
    return not is_code and bool(_TAG_IN_VALUE.search(found.value))
