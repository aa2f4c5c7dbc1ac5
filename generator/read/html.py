"""HTML as browsers read it: its tags, which element stands in which, and what is amiss.

The tokenizer of the HTML standard (13.2.5) in one expression; of its tree construction
(13.2.6) as much as tells where each element ends. All that looks at the HTML of a text
asks this module, so that no tag is found in a comment, in a script or in an attribute.
"""

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Literal, NamedTuple

import msgspec
from msgspec.structs import replace

NOWHERE = -1
"""The index of the element that holds what stands in none."""

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


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


Amiss = Literal["unended", "unclosed", "swallowing", "stray", "doubtful", "implied"]
"""A tag never ends; an element never does; it never does, and browsers would take all that
follows for its content; an end tag ends nothing; a tag holds what looks like text or another
tag; an element ends where browsers would not see it, as in `<a id="x"/>`, or without an end tag.
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
        """Each start tag of these names, with its index."""
        found = [index for name in names if name in self.elements for index in self.elements[name]]
        return [(index, self.tokens[index]) for index in sorted(found)]

    def end_tag(self, element: int) -> Token | None:
        """The end tag of the element at an index, if it has one."""
        end = self.ends.get(element, len(self.tokens))
        token = self.tokens[end] if end < len(self.tokens) else None
        names = _partners(self.tokens[element].name)
        return token if token and token.is_end and token.name in names else None

    def end_of(self, element: int) -> int:
        """The place behind an element."""
        if tag := self.end_tag(element):
            return tag.end
        end = self.ends.get(element, len(self.tokens))
        return self.tokens[end].start if end < len(self.tokens) else len(self.source)

    def ancestors(self, token: Token) -> Iterator[Token]:
        """The start tags of the elements that a token stands in, innermost first."""
        while token.parent != NOWHERE:
            token = self.tokens[token.parent]
            yield token

    def text(self, element: int = NOWHERE) -> str:
        """What readers see of an element, or of everything: as it is written, without notes.

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
            if not is_parted and token.name not in _INSIDE_WORDS:
                parts.append(" ")
                is_parted = True
            place, is_shown = token.end, not (token.is_hidden or token.is_note)
        if is_shown:
            last = self.tokens[end].start if end < len(self.tokens) else len(source)
            parts.append(source[place:last])
        return "".join(parts)


def look_at(source: str) -> Html:
    """Some HTML with its tokens and what is amiss with them."""
    return _Reader(source).read()


# ----------------------------------------------------------------- attributes and edits


def attributes(token: Token) -> list[Attribute]:
    """The attributes of a tag as browsers take them: of two with one name the first."""
    found: dict[str, Attribute] = {}
    begin = token.end - 1 - len(token.attributes)
    for match in _ATTRIBUTE.finditer(token.attributes):
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
    """An attribute of a tag by its name."""
    if name not in token.attributes.lower():
        return None
    return next((found for found in attributes(token) if found.name == name), None)


class Edit(NamedTuple):
    """What stands between two places of the HTML becomes something else."""

    start: int
    end: int
    new: str


def edited(source: str, edits: Iterable[Edit], start: int = 0, end: int | None = None) -> str:
    """A part of some HTML with the edits that begin in it made; no two of them overlap."""
    last = len(source) + 1 if end is None else end
    parts, done = list[str](), start
    for edit in sorted(edits):
        if start <= edit.start < last:
            parts += source[done : edit.start], edit.new
            done = edit.end
    parts.append(source[done:last])
    return "".join(parts)


# ------------------------------------------------------------------------ expressions

_VALUE = r"""(?:"([^"]*+)"|'([^']*+)'|([^\s"'>][^\s>]*+))"""
_NAME = r"(?:[^\s=>/]++|=[^\s=>/]*+)"
_ATTRIBUTE = re.compile(rf"({_NAME})(?:\s*+=\s*+{_VALUE})?")
_ATTRIBUTES = (
    rf"(?:[\s/]++|{_NAME}"
    rf"(?:\s*+=\s*+(?:{re.sub(r'[(](?![?])', '(?:', _VALUE)}|(?=>))|(?!\s*+=)))*+"
)
_TOKEN = re.compile(
    rf"<(?:(/?)([a-zA-Z][^\s/>]*+)({_ATTRIBUTES})>"
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
    """One more of an element in its own text: the first one may want its end."""
    return re.compile(rf"^[ \t]*<{name}(?=[\s/>])", re.IGNORECASE | re.MULTILINE)


@cache
def _end_of_raw(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)


# --------------------------------------------------------------- what elements are like


def named(names: str) -> frozenset[str]:
    """Names that are parted by spaces."""
    return frozenset(names.split())


_VOID = named(
    "area base br col embed hr img input link meta param source track wbr"
    " html head body frameset frame basefont bgsound keygen image"
)
"""Elements that have no end; and those whose tags mean nothing in the body of a page."""

_OF_PAGE = frozenset(("html", "head", "body"))

_RAW = named("script style textarea title xmp iframe noembed noframes plaintext")
"""In these no tag is one but their own end tag."""

_UNSEEN = named("script style title template noscript iframe noembed noframes")
SWALLOWING = _RAW | named("template noscript select svg math")
"""Elements that take in all that follows if they are never closed."""

_OPTIONAL = named(
    "p li dt dd tr td th thead tbody tfoot caption colgroup option optgroup rt rp rtc rb"
)
"""Elements whose end tag may be left out."""

_FORMATTING = named("a b big code em font i nobr s small strike strong tt u")
"""Elements that go on behind the end of their block, until their own end tag."""

_P_CLOSERS = named(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre search section summary"
    " table ul"
)
"""Elements that close a paragraph."""

_CELLS = frozenset(("td", "th", "p"))
_ROWS = _CELLS | {"tr"}
_GROUPS = _ROWS | {"thead", "tbody", "tfoot", "caption", "colgroup"}
_LISTS = frozenset(("ul", "ol"))
_ITEMS, _TERMS = frozenset(("li", "p")), frozenset(("dt", "dd", "p"))
_CLOSES: dict[str, frozenset[str]] = {
    **dict.fromkeys(HEADINGS, HEADINGS),
    **dict.fromkeys(("thead", "tbody", "tfoot"), _GROUPS),
    **dict.fromkeys(("td", "th"), _CELLS),
    **dict.fromkeys(("dt", "dd"), _TERMS),
    **dict.fromkeys(("rt", "rp"), frozenset(("rt", "rp"))),
    "tr": _ROWS | {"caption", "colgroup"},
    "li": _ITEMS,
    "option": frozenset(("option",)),
    "optgroup": frozenset(("option", "optgroup")),
}
"""The elements that a start tag closes if they are the innermost."""

_ALONE = frozenset(("a", "nobr", "button", "table"))
"""Elements that close one of their own name that is open, as far as no other bounds it."""

_CLOSERS = frozenset(_CLOSES) | _P_CLOSERS | _ALONE
_NOTHING: frozenset[str] = frozenset()

_TABLE_PARTS = named("table caption colgroup thead tbody tfoot tr td th")
_TABLE_BOUNDS = frozenset(("table", "template", "noscript"))
_BOUNDS = named("table caption td th template noscript select object marquee applet button")
"""Elements out of which no end tag of another reaches; of parts of a table, only some are."""

_SPECIAL = _P_CLOSERS | _TABLE_PARTS | _BOUNDS | named("li dt dd")
"""Elements out of which no end tag reaches of those that are neither blocks nor letters."""

_ITEM_NAMES = frozenset(("li", "dt", "dd"))
_FOREIGN = frozenset(("svg", "math"))
_HOME = frozenset(("foreignobject", "desc", "annotation-xml"))
_BREAKING = named(
    "b big blockquote br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 hr i img li menu nobr"
    " ol p pre ruby s small span strong strike sub sup table tt u ul var"
)
"""Start tags that close pictures and formulas: elements of those are meant to be all in them."""

_INSIDE_WORDS = named("a abbr b cite code em i kbd mark q s small span strong sub sup u")
"""Elements whose tags part no words."""

INSIDE_LINES = (
    _INSIDE_WORDS
    | _FORMATTING
    | named(
        "bdi bdo br button data del dfn img input ins label output select textarea time var wbr"
    )
)
"""Elements that are part of a line, and begin no block."""


_OTHERS = named(
    "abbr audio bdi bdo button canvas cite data datalist del dfn ins kbd label legend map mark"
    " meter object output picture progress q ruby samp slot span sub sup time var video"
)
KNOWN = _CLOSERS | HEADINGS | _VOID | SWALLOWING | _OPTIONAL | _FORMATTING | _OTHERS
"""The names of the elements of HTML."""


def _partners(name: str) -> frozenset[str]:
    """The names of end tags that end an element: any heading's ends any heading."""
    return HEADINGS if name in HEADINGS else frozenset((name,))


def _bounds_of(name: str) -> frozenset[str]:
    """The elements out of which an end tag of this name does not reach."""
    if name in _TABLE_PARTS:
        return _TABLE_BOUNDS
    if name == "li":
        return _BOUNDS | _LISTS
    is_ordinary = name not in _SPECIAL and name not in _FORMATTING
    return _SPECIAL if is_ordinary and name not in _FOREIGN else _BOUNDS


def _is_text(token: Token) -> bool:
    return not (token.is_hidden or token.is_note)


# -------------------------------------------------------------------------- the reader


class _Open(msgspec.Struct, frozen=True, gc=False):
    """An open element: the place of its start tag, its name, and what becomes of its text."""

    number: int
    name: str
    is_hidden: bool
    is_note: bool


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
        for element in self.opened[1:]:
            self.ends[element.number] = len(self.tokens)
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
                self._other(start, end, unended)
            elif slash:
                self._end(start, end, name.lower(), written)
            elif self._start(start, end, name.lower(), written):
                return self._raw(end)
        return NOWHERE

    def _end(self, start: int, end: int, name: str, written: str) -> None:
        """Take an end tag."""
        opened = self.opened
        if opened[-1].name == name:
            self.ends[opened.pop().number] = len(self.tokens)
        elif name not in _VOID or name in _OF_PAGE:
            self._close_far(name, start, end)
        outer = opened[-1]
        token = Token(start, end, name, written, True, outer.number, outer.is_hidden, outer.is_note)
        self.tokens.append(token)
        if written:
            self._look_into(token)

    def _start(self, start: int, end: int, name: str, written: str) -> bool:
        """Take a start tag; whether raw text follows."""
        opened = self.opened
        if len(opened) > 1 and (name in _CLOSERS or self.is_drawing):
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
        if name in _VOID:
            return False
        if written or name in _UNSEEN:
            return self._open(token)
        opened.append(_Open(len(self.tokens) - 1, name, outer.is_hidden, outer.is_note))
        self.is_drawing = self.is_drawing or name in _FOREIGN
        return name in _RAW and not self._is_foreign()

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

    def _look_into(self, token: Token) -> None:
        if is_doubtful(token):
            self.flaws.append(Flaw("doubtful", token))

    def _open(self, token: Token) -> bool:
        """Open an element that has attributes, or hides what is in it; whether that is raw."""
        name, written = token.name, token.attributes
        if written.endswith("/") and _ATTRIBUTE.sub("", written).endswith("/"):
            self._slash(token)
            return False
        is_hidden = token.is_hidden or name in _UNSEEN or _has_hidden(token)
        is_note = token.is_note or _is_note(name, written)
        if (is_hidden, is_note) != (token.is_hidden, token.is_note):
            self.tokens[-1] = replace(token, is_hidden=is_hidden, is_note=is_note)
        self.opened.append(_Open(len(self.tokens) - 1, name, is_hidden, is_note))
        self.is_drawing = self.is_drawing or name in _FOREIGN
        return name in _RAW and not self._is_foreign()

    def _slash(self, token: Token) -> None:
        """Take a tag such as `<a id="x"/>`: only in pictures and formulas it closes itself."""
        self.ends[len(self.tokens) - 1] = len(self.tokens)
        if not self._is_foreign() and token.name not in _FOREIGN:
            amiss: Amiss = "swallowing" if token.name in SWALLOWING else "implied"
            self.flaws.append(Flaw(amiss, token, token.end))

    def _is_foreign(self) -> bool:
        """Whether the innermost element is part of a picture or formula."""
        names = (element.name for element in reversed(self.opened))
        return next((name in _FOREIGN for name in names if name in _FOREIGN | _HOME), False)

    def _raw(self, place: int) -> int:
        """The place where the raw text of the innermost element ends, which begins at one."""
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
        if self.is_drawing and name in _BREAKING and self._is_foreign():
            place = next(n for n, one in enumerate(self.opened) if one.name in _FOREIGN)
            self._close(place, start)
        if name in _ALONE and (place := self._scope(name)):
            self._want("implied", self.opened[place], start)
            self._close(place, start)
        if name in _ITEM_NAMES and (place := self._item(_CLOSES[name])):
            self._close(place, start)
        closed = _CLOSES.get(name, _NOTHING)
        while self.opened[-1].name in closed:
            self._close(len(self.opened) - 1, start)
        if name in _P_CLOSERS and (place := self._scope("p")):
            self.parted += name != "p"
            self._close(place, start)

    def _item(self, names: frozenset[str]) -> int:
        """The place of the list's item that the next one closes, with divisions in it; else 0."""
        for place in range(len(self.opened) - 1, 0, -1):
            name = self.opened[place].name
            if name in names and name != "p":
                return place
            if name in _SPECIAL and name not in ("address", "div", "p"):
                return 0
        return 0

    def _close_far(self, name: str, start: int, end: int) -> None:
        """Close the element that an end tag ends, if it is not the innermost one."""
        if place := self._scope(name):
            self._close(place, start)
        elif name == "p" and self.parted:
            self.parted -= 1
        else:
            tag = Token(start, end, name, "", True, self.opened[-1].number, False, False)
            self.flaws.append(Flaw("stray", tag))

    def _scope(self, name: str) -> int:
        """The place among the open elements of the one that an end tag ends; 0 if of none."""
        wanted = _partners(name)
        bounds = _bounds_of(name)
        for place in range(len(self.opened) - 1, 0, -1):
            if self.opened[place].name in wanted:
                return place
            if self.opened[place].name in bounds:
                return 0
        return 0

    def _close(self, place: int, start: int) -> None:
        """Close an open element with what is open in it; what formats letters goes on."""
        inner = self.opened[place + 1 :]
        is_alone = self.opened[place].name in _FORMATTING
        left = inner if is_alone else [one for one in inner if one.name in _FORMATTING]
        for element in self.opened[place:]:
            if element not in left:
                self.ends[element.number] = len(self.tokens)
                if element.name in _FOREIGN and element is not self.opened[place]:
                    self._want("unclosed", element, start)
            elif not is_alone:
                self.outlived.setdefault(element.number, start)
        self.opened[place:] = left


def _unclosed(name: str) -> Amiss:
    """What is amiss if an element is not closed."""
    if name in SWALLOWING:
        return "swallowing"
    return "implied" if name in _OPTIONAL else "unclosed"


def _has_hidden(token: Token) -> bool:
    return "hidden" in token.attributes.lower() and attribute(token, "hidden") is not None


def _is_note(name: str, written: str) -> bool:
    """Whether a tag begins what both engines make of notes: a mark, or the list of them."""
    if name == "sup":
        return written.startswith(' id="fnref')
    return name == "div" and written == ' class="footnote"'


def _script_end(source: str, place: int) -> int:
    """Where a script ends: `<!-- <script>` in it hides one end tag, or as many as follow `-->`."""
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


_ODD = re.compile(r"[<>]|\n\s*\n")
_BLANK_LINE = re.compile(r"\n\s*\n")
_TAG_IN_VALUE = re.compile("</?[a-zA-Z]")


def is_doubtful(token: Token) -> bool:
    """Whether a tag has taken in what was not meant for it: text, or another tag."""
    if not _ODD.search(token.attributes):
        return False
    return bool(_BLANK_LINE.search(token.attributes)) or any(map(_is_odd, attributes(token)))


def _is_odd(found: Attribute) -> bool:
    if any(sign in found.name for sign in "<\"'"):
        return True
    is_code = found.name.startswith(("data-", "on")) or found.name == "srcdoc"
    return not is_code and bool(_TAG_IN_VALUE.search(found.value))
