"""Goes through HTML from token to token, and knows which elements are open."""

import re
from collections import defaultdict
from functools import cache

import msgspec
from msgspec.structs import replace

from generator.content.html.elements import (
    ALONE,
    BREAKING,
    CLOSERS,
    CLOSES,
    FOREIGN,
    FORMATTING,
    HOME,
    ITEM_NAMES,
    LOOSE_BOUNDS,
    NOTHING,
    OF_PAGE,
    OPTIONAL,
    P_CLOSERS,
    RAW,
    SPECIAL,
    SWALLOWING,
    UNSEEN,
    VOID,
    bounds_of,
    is_to_be_closed,
    partners,
)
from generator.content.html.plain import read_plainly
from generator.content.html.tokens import (
    ATTRIBUTE,
    ATTRIBUTES,
    NOWHERE,
    Amiss,
    Flaw,
    Html,
    Token,
    attribute,
    is_doubtful,
)


def look_at(source: str) -> Html:
    """Return some HTML with its tokens and what is amiss with them."""
    return read_plainly(source) or _Reader(source).read()


_TOKEN = re.compile(
    rf"<(?:(/?)([a-zA-Z][^\s/>]*+)({ATTRIBUTES})>"
    r"|!--(?:-?>|.*?--!?>)"
    r"|(?!!--)[!?][^>]*+>|/(?:[^a-zA-Z>][^>]*+)?>"
    r"|([a-zA-Z!?]|/.))",
    re.DOTALL,
)
"""A tag, a comment, what browsers take for one, and last the beginning of what never ends."""

_ODD_COMMENT = re.compile(r"<!\[|<[!?/](?!--)[^>]*\n")
"""What is a comment to browsers alone: somebody may well have meant it to be seen."""

_SCRIPT_PART = re.compile(r"<!--|-->|<(/?)script(?=[\s/>])", re.IGNORECASE)


@cache
def _start_of_raw(name: str) -> re.Pattern[str]:
    """Count one more of an element in its own text: the first one may want its end.

    In a script it may well be in a string, but where it begins a line; in a style sheet never.
    """
    before = "" if name == "style" else r"^[ \t]*"
    return re.compile(rf"{before}<{name}(?=[\s/>])", re.IGNORECASE | re.MULTILINE)


@cache
def _end_of_raw(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)


class _Open(msgspec.Struct, frozen=True, gc=False):
    """An open element: the place of its start tag, its name, and what becomes of its text."""

    number: int
    name: str
    is_hidden: bool
    is_note: bool


DEEPEST = 256
"""Elements within one another: browsers put what is deeper than twice of that elsewhere."""

_OUTSIDE = _Open(NOWHERE, "", False, False)


class _Reader:
    """Goes from token to token; knows which elements are open."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens: list[Token] = []
        self.elements: defaultdict[str, list[int]] = defaultdict(list)
        self.attributed: list[int] = []
        self.ends: dict[int, int] = {}
        self.flaws: list[Flaw] = []
        self.opened = [_OUTSIDE]
        self.is_drawing = False  # whether there was a picture or formula
        self.outlived: dict[int, int] = {}  # where what formats letters goes on behind its block
        self.parted = 0  # paragraphs that a block in them has closed: their end tags are to come

    def read(self) -> Html:
        place = 0
        while place != NOWHERE:
            place = self._run(place)
        is_whole = not self.flaws or self.flaws[-1].amiss != "deep"
        for element in self.opened[1:]:
            self.ends[element.number] = len(self.tokens)
            if is_whole:
                self._want(_unclosed(element.name), element, len(self.source))
        found = self.tokens, self.elements, self.attributed, self.ends, self.flaws
        return Html(self.source, *found)

    def _want(self, amiss: Amiss, element: _Open, place: int) -> None:
        """Note that an element wants its end tag, at a place or where it was outlived."""
        place = self.outlived.get(element.number, place)
        self.flaws.append(Flaw(amiss, self.tokens[element.number], place))

    def _run(self, place: int) -> int:
        """Read on from a place, up to where a script or the like ends; else to the end."""
        for match in _TOKEN.finditer(self.source, place):
            slash, name, written, unended = match.groups()
            start, end = match.span()
            if name is None:
                if self.source.startswith("<![CDATA[", start) and self._is_foreign():
                    return self._character_data(start)
                self._other(start, end, unended)
                if unended:
                    return NOWHERE
            elif slash:
                self._end(start, end, name.lower(), written)
            elif self._start(start, end, name.lower(), written):
                return self._raw(end)
            elif len(self.opened) > DEEPEST:
                self.flaws.append(Flaw("deep", self.tokens[-1]))
                return NOWHERE
        return NOWHERE

    def _end(self, start: int, end: int, name: str, written: str) -> None:
        """Take an end tag."""
        opened = self.opened
        if opened[-1].name == name:
            self.ends[opened.pop().number] = len(self.tokens)
        elif name not in VOID or name in OF_PAGE:
            self._close_far(name, start, end)
        outer = opened[-1]
        token = Token(start, end, name, written, True, outer.number, outer.is_hidden, outer.is_note)
        self.tokens.append(token)
        if written:
            self._look_into(token)

    def _start(self, start: int, end: int, name: str, written: str) -> bool:
        """Take a start tag; whether raw text follows."""
        opened = self.opened
        if len(opened) > 1 and (name in CLOSERS or self.is_drawing):
            self._close_before(name, start)
        outer = opened[-1]
        token = Token(
            start, end, name, written, False, outer.number, outer.is_hidden, outer.is_note
        )
        self.elements[name].append(len(self.tokens))
        if written:
            self.attributed.append(len(self.tokens))
            self._look_into(token)
        self.tokens.append(token)
        if name in VOID:
            return False
        if written or name in UNSEEN:
            return self._open(token)
        is_raw = name in RAW and not self._is_foreign()
        opened.append(_Open(len(self.tokens) - 1, name, outer.is_hidden, outer.is_note))
        self.is_drawing = self.is_drawing or name in FOREIGN
        return is_raw

    def _other(self, start: int, end: int, unended: str | None) -> None:
        """Take a comment or the like, or what never ends."""
        outer, last = self.opened[-1], len(self.source) if unended else end
        is_end = unended is not None and unended[0] == "/"
        token = Token(start, last, "", "", is_end, outer.number, outer.is_hidden, outer.is_note)
        self.tokens.append(token)
        if unended:
            self.flaws.append(Flaw("unended", token))
        elif (
            _ODD_COMMENT.match(self.source, start, end)
            or self.source.find("<!--", start + 4, end) > 0
        ):
            self.flaws.append(Flaw("doubtful", token))

    def _character_data(self, start: int) -> int:
        """Take what is text as it stands in pictures and formulas; the place where that ends."""
        end = self.source.find("]]>", start)
        if end < 0:
            self._other(start, len(self.source), "!")
            return NOWHERE
        outer = self.opened[-1]
        self.tokens.append(
            Token(start, end + 3, "", "", False, outer.number, outer.is_hidden, outer.is_note)
        )
        return end + 3

    def _look_into(self, token: Token) -> None:
        if is_doubtful(token):
            self.flaws.append(Flaw("doubtful", token))

    def _open(self, token: Token) -> bool:
        """Open an element that has attributes, or hides what is in it.

        Return whether that is raw.
        """
        name, written = token.name, token.attributes
        if written.endswith("/") and ATTRIBUTE.sub("", written).endswith("/"):
            self._slash(token)
            return False
        is_hidden = token.is_hidden or name in UNSEEN or _has_hidden(token)
        is_note = token.is_note or _is_note(name, written)
        if (is_hidden, is_note) != (token.is_hidden, token.is_note):
            self.tokens[-1] = replace(token, is_hidden=is_hidden, is_note=is_note)
        is_raw = name in RAW and not self._is_foreign()
        self.opened.append(_Open(len(self.tokens) - 1, name, is_hidden, is_note))
        self.is_drawing = self.is_drawing or name in FOREIGN
        return is_raw

    def _slash(self, token: Token) -> None:
        """Take a tag such as `<a id="x"/>`: only in pictures and formulas it closes itself."""
        self.ends[len(self.tokens) - 1] = len(self.tokens)
        if not self._is_foreign() and token.name not in FOREIGN:
            amiss: Amiss = "swallowing" if token.name in SWALLOWING else "implied"
            self.flaws.append(Flaw(amiss, token, token.end))

    def _is_foreign(self) -> bool:
        """Return whether the innermost element is part of a picture or formula."""
        names = (element.name for element in reversed(self.opened))
        return next((name in FOREIGN for name in names if name in FOREIGN | HOME), False)

    def _raw(self, place: int) -> int:
        """Return where the raw text of the innermost element ends, which begins at a place."""
        name = self.opened[-1].name
        if name == "plaintext":
            return NOWHERE
        found = _end_of_raw(name).search(self.source, place)
        end = found.start() if found else NOWHERE
        if name == "script":
            end = _script_end(self.source, place)
        if _start_of_raw(name).search(self.source, place, max(place, end)):
            self.flaws.append(Flaw("doubtful", self.tokens[-1]))
        return end

    def _close_before(self, name: str, start: int) -> None:
        """Close the elements that a start tag closes."""
        if self.is_drawing and name in BREAKING and self._is_foreign():
            place = next(n for n, one in enumerate(self.opened) if one.name in FOREIGN)
            self._close(place, start)
        if name in ALONE and (place := self._scope(name)):
            self._want("implied", self.opened[place], start)
            self._close(place, start)
        if name in ITEM_NAMES and (place := self._item(CLOSES[name])):
            self._close(place, start)
        closed = CLOSES.get(name, NOTHING)
        while self.opened[-1].name in closed:
            self._close(len(self.opened) - 1, start)
        if (name in P_CLOSERS or name in ITEM_NAMES) and (place := self._scope("p")):
            self.parted += name != "p"
            self._close(place, start)

    def _item(self, names: frozenset[str]) -> int:
        """Return the place of the list's item that the next one closes, with divisions in it.

        0 if there is none.
        """
        for place in range(len(self.opened) - 1, 0, -1):
            name = self.opened[place].name
            if name in names and name != "p":
                return place
            if name in SPECIAL and name not in ("address", "div", "p"):
                return 0
        return 0

    def _close_far(self, name: str, start: int, end: int) -> None:
        """Close the element that an end tag ends, if it is not the innermost one."""
        if place := self._scope(name) or self._loose_scope(name):
            self._want_within(place, start)
            self._close(place, start)
        elif name == "p" and self.parted:
            self.parted -= 1
        else:
            tag = Token(start, end, name, "", True, self.opened[-1].number, False, False)
            self.flaws.append(Flaw("stray", tag))

    def _want_within(self, place: int, start: int) -> None:
        """Note the elements in a block that want their end tags where that of the block stands."""
        inner = self.opened[place + 1 :] if self.opened[place].name in SPECIAL else []
        for element in inner:
            if is_to_be_closed(element.name) and element.name not in FORMATTING | FOREIGN:
                self._want(_unclosed(element.name), element, start)

    def _loose_scope(self, name: str) -> int:
        """Return the place of the block that an end tag ends, if only its lines' parts bound it."""
        is_block = name in SPECIAL and name not in LOOSE_BOUNDS
        return self._scope(name, bounds_of(name) - LOOSE_BOUNDS) if is_block else 0

    def _scope(self, name: str, bounds: frozenset[str] = NOTHING) -> int:
        """Return the place among the open elements of the one that an end tag ends.

        0 if it ends none of them.
        """
        wanted = partners(name)
        bounds = bounds or bounds_of(name)
        for place in range(len(self.opened) - 1, 0, -1):
            if self.opened[place].name in wanted:
                return place
            if self.opened[place].name in bounds:
                return 0
        return 0

    def _close(self, place: int, start: int) -> None:
        """Close an open element with what is open in it; what formats letters goes on."""
        inner = self.opened[place + 1 :]
        is_alone = self.opened[place].name in FORMATTING
        left = inner if is_alone else [one for one in inner if one.name in FORMATTING]
        for element in self.opened[place:]:
            if element not in left:
                self.ends[element.number] = len(self.tokens)
                if element.name in FOREIGN and element is not self.opened[place]:
                    self._want("unclosed", element, start)
            elif not is_alone:
                self.outlived.setdefault(element.number, start)
        self.opened[place:] = left


def _unclosed(name: str) -> Amiss:
    """Return what is amiss if an element is not closed."""
    if name in SWALLOWING:
        return "swallowing"
    return "implied" if name in OPTIONAL else "unclosed"


def _has_hidden(token: Token) -> bool:
    """Return whether a tag says of its element that what is in it is not shown."""
    if token.name == "object" and attribute(token, "data"):
        return True
    return is_hiding(token)


def is_hiding(token: Token) -> bool:
    """Return whether a tag says of its element that it is not shown."""
    written = token.attributes.lower()
    if "hidden" in written and attribute(token, "hidden"):
        return True
    style = attribute(token, "style") if "style" in written else None
    return bool(style and _HIDING.search(style.value))


_HIDING = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))(?![\w-])", re.IGNORECASE
)
"""What hides in an element's own style."""


def _is_note(name: str, written: str) -> bool:
    """Return whether a tag begins what both engines make of notes: a mark, or the list of them."""
    if name == "sup":
        return written.startswith(' id="fnref')
    return name == "div" and written == ' class="footnote"'


def _script_end(source: str, place: int) -> int:
    """Return where a script ends: `<!-- <script>` in it hides one end tag,
    or as many as follow `-->`.
    """
    is_escaped = is_double = False
    for part in _SCRIPT_PART.finditer(source, place):
        if part[0] == "<!--":
            is_escaped = True
        elif part[0] == "-->":
            is_escaped = is_double = False
        elif not part[1]:
            is_double = is_escaped
        elif is_double:
            is_double = False
        else:
            return part.start()
    return NOWHERE
