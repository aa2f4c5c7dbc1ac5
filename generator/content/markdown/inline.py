"""Marks in lines that the engines do not know, or do not know alike.

`~~struck~~`, boxes of tasks and bare addresses for every site; `==marked==`, `H~2~O`, `x^2^`,
abbreviations and emoji for those that name them. What comes in is a body before an engine has it,
and the HTML that the engine makes of it, in which raw HTML has its place but is not yet there; what
goes out is that HTML with these marks. So both engines read them alike, and never in code, in a
tag, or in a block of HTML. A mark that is opened in an element is closed in it, or is text.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from html import unescape

from generator.config import Extra
from generator.content.html import ATTRIBUTES, INSIDE_LINES, VOID
from generator.content.markdown.bare_addresses import (
    IN_ADDRESSES,
    MAIL,
    SIGNS,
    WEB,
    end_of,
    link,
    with_marks_apart,
)
from generator.content.markdown.fences import SIGN
from generator.content.typography import verbatim
from generator.markup import attribute

Extras = frozenset[Extra]
NO_EXTRAS: Extras = frozenset()

# ---------------------------------------------------------------------- a quick look

ESCAPED = {"~": "\x04", "=": "\x05", "^": "\x06", ":": "\x07", "@": "\x08"}
"""What stands for a mark that the author escaped: it is text."""

_WEB_OR_MAIL = r":(?=//)|@(?<=\w\\@)(?=\w)"
_ESCAPED_EXTRAS: dict[Extra, str] = {
    "mark": r"=(?==)",
    "sup": r"\^",
    "emoji": r":(?=[a-z0-9_+-]+:)",
}


@cache
def escape(extras: Extras) -> re.Pattern[str]:
    """Return an expression for a mark behind a backslash, which is its first group."""
    of_extras = (mark for extra, mark in _ESCAPED_EXTRAS.items() if extra in extras)
    marks = ["~", _WEB_OR_MAIL, *of_extras]
    return re.compile(rf"\\({'|'.join(marks)})")


_EMOJI = r":(?<![A-Za-z0-9_:]:)[a-z0-9_+-]++:(?![A-Za-z0-9_])"
_DEFINITION = re.compile(r"^( {0,3})\*(?=\[(?!\^)[^\[\]\n]+\] ?:[ \t]*\S)", re.MULTILINE)


def is_wanted(body: str, extras: Extras) -> bool:
    """Return whether anything in a body may concern this module, by a quick look."""
    return any(_is_in(body, sign, pattern) for sign, pattern in _signs(extras))


def _is_in(body: str, sign: str, pattern: re.Pattern[str]) -> bool:
    """Return whether a pattern is found that begins with a sign, which is sooner found."""
    place = body.find(sign)
    while place >= 0 and not pattern.match(body, place):
        place = body.find(sign, place + 1)
    return place >= 0


_SIGNS = {**SIGNS, "~": "~", "[": r"\[[ xX]\] "}
_OF_EXTRAS: dict[Extra, tuple[str, str]] = {
    "mark": ("=", "=="),
    "sup": ("^", r"\^(?<!\[\^)"),
    "abbr": ("[", r"\[(?<=\*\[)"),
    "emoji": (":", _EMOJI),
}


@cache
def _signs(extras: Extras) -> list[tuple[str, re.Pattern[str]]]:
    """Return expressions of which one is found where there is a mark, with what they begin with."""
    patterns = {"\\": escape(extras).pattern, **_SIGNS}
    for sign, pattern in (found for extra, found in _OF_EXTRAS.items() if extra in extras):
        patterns[sign] = f"{patterns[sign]}|{pattern}" if sign in patterns else pattern
    return [(sign, re.compile(pattern)) for sign, pattern in patterns.items()]


def prepared(body: str, extras: Extras) -> str:
    """Return a body as an engine is to have it: what no mark of Markdown is looks like none."""
    if "://" in body or "www." in body:
        body = with_marks_apart(body)
    if "*[" in body and "abbr" in extras:
        body = _DEFINITION.sub(rf"\1{_DEFINES}", body)
    return body


# ------------------------------------------------------------------ signs between the two

OPEN_TASK, DONE_TASK = "\x14", "\x7f"
"""Begin the words of an item that is a task."""

_DEFINES = "\x1a"
"""Stands for the `*` before the definition of an abbreviation."""

PLACE = "\x02wzxhzdk:{}\x03"
"""Stands for raw HTML, by its number; as Python-Markdown has it."""

_OPEN_BOX = '<input type="checkbox" disabled>'
_DONE_BOX = '<input type="checkbox" disabled checked>'
TASK_BOX = re.compile(r'<input type="checkbox" disabled(?:="")?(?P<done> checked(?:="")?)?>')
"""The box of a task, in HTML."""

_MEANT = str.maketrans(
    {sign: mark for mark, sign in ESCAPED.items()}
    | IN_ADDRESSES
    | {_DEFINES: "*", OPEN_TASK: "[ ] ", DONE_TASK: "[x] "}
)


def put_back(markup: str) -> str:
    """Return HTML with what the signs of this module stand for."""
    return markup.translate(_MEANT)


# ---------------------------------------------------------------------------- the HTML

_TAG = rf"<!--.*?-->|<[!?][^>]*+>|</?[a-zA-Z][^\s/>]*+{ATTRIBUTES}>"
_ONE_TAG = re.compile(_TAG, re.DOTALL)
_PIECES = re.compile(rf"({_TAG}|{PLACE.format('[0-9]{1,9}')})", re.DOTALL)
_RAW_PLACE = re.compile(PLACE.format("([0-9]{1,9})"))
_ENTITY = re.compile(r"&#?\w+;")
_TAG_NAME = re.compile(r"</?([a-zA-Z][^\s/>]*+)")


def with_marks(markup: str, extras: Extras, smart_quotes: bool, raw: Sequence[object] = ()) -> str:
    """Return an engine's HTML with the marks of this module.

    `raw` are the pieces of raw HTML that have their `PLACE` in it, by number. With smart quotes no
    mark is to be set in an address.
    """
    if raw:
        markup = _RAW_PLACE.sub(lambda place: _entity(place, raw), markup)
    abbreviations: dict[str, str] = {}
    if _DEFINES in markup:
        markup, abbreviations = _without_definitions(markup)
    pieces = _PIECES.split(markup)
    return _Lines(extras, smart_quotes, abbreviations, raw).of(pieces)


def with_raw(markup: str, raw: Sequence[str]) -> str:
    """Return HTML with these pieces of raw HTML in their places."""
    known = {str(number): piece for number, piece in enumerate(raw)}
    return _RAW_PLACE.sub(lambda place: known.get(place[1], ""), markup)


def _entity(place: re.Match[str], raw: Sequence[object]) -> str:
    """Return a character reference itself; of other raw HTML the place stays."""
    number = int(place[1])
    found = raw[number] if number < len(raw) else None
    return found if isinstance(found, str) and _ENTITY.fullmatch(found) else place[0]


_VERBATIM = frozenset(
    ("code", "kbd", "math", "pre", "samp", "script", "style", "svg", "textarea", "title", "tt")
)
"""Elements whose text is as it was typed."""

_LINKED = frozenset(("a", "button"))
"""Elements in which no link may stand."""

_PAIRED = {"~~": "del", "==": "mark", "~": "sub", "^": "sup"}
_NAMED: dict[str, Extra] = {"==": "mark", "~": "sub", "^": "sup"}
_SHORT = frozenset("~^")
"""Marks between which no white space stands."""

_SPACE = re.compile(r"\s")
_LABEL = "label of a task"


class _Lines:
    """Goes from piece to piece of some HTML; knows which elements and marks are open."""

    def __init__(
        self,
        extras: Extras,
        smart_quotes: bool,
        abbreviations: dict[str, str],
        raw: Sequence[object],
    ) -> None:
        self.extras, self.smart_quotes, self.raw = extras, smart_quotes, raw
        self.abbreviations = abbreviations
        self.scanner = _scanner("emoji" in extras, tuple(sorted(abbreviations)))
        self.parts: list[str] = []
        self.names: list[str] = [""]
        self.openers: list[dict[str, int]] = [{}]
        self.open: Counter[str] = Counter()
        self.verbatim = self.linked = 0
        self.item = self.spaced = -1

    def of(self, pieces: list[str]) -> str:
        for number, piece in enumerate(pieces):
            if number % 2:
                self._token(piece)
            elif piece:
                self._text(piece)
        while len(self.names) > 1:
            self._close()
        return "".join(self.parts)

    # ------------------------------------------------------------------------- tags

    def _token(self, piece: str) -> None:
        tag = self._tag_at(piece)
        found = _TAG_NAME.match(tag)
        name = found[1].lower() if found else ""
        if name and tag[1] == "/":
            self._end(name)
        elif (name and name not in INSIDE_LINES and name not in VOID) or self._is_sign(piece):
            self._end_line()
        self.parts.append(piece)
        if name and tag[1] != "/" and name not in VOID and not tag.endswith("/>"):
            self._begin(name)

    def _is_sign(self, piece: str) -> bool:
        """Return whether a line with the sign of a block stands there, which ends one of words."""
        return SIGN in piece or SIGN in self._raw_at(piece)

    def _raw_at(self, piece: str) -> str:
        if piece[0] == "<":
            return ""
        number = int(piece[len(PLACE.format("")) - 1 : -1])
        found = self.raw[number] if number < len(self.raw) else ""
        return found if isinstance(found, str) else ""

    def _tag_at(self, piece: str) -> str:
        """Return a tag; where raw HTML has its place, the tag that it is, or nothing."""
        if piece[0] == "<":
            return piece
        found = self._raw_at(piece)
        return found if _ONE_TAG.fullmatch(found) else ""

    def _begin(self, name: str) -> None:
        self.names.append(name)
        self.openers.append({})
        self.open[name] += 1
        self.verbatim += name in _VERBATIM
        self.linked += name in _LINKED
        if name == "li":
            self.item = len(self.parts) - 1

    def _end(self, name: str) -> None:
        while self.open[name]:
            if self._close() == name:
                break

    def _close(self) -> str:
        name = self.names.pop()
        self.openers.pop()
        self.open[name] -= 1
        self.verbatim -= name in _VERBATIM
        self.linked -= name in _LINKED
        if name == _LABEL:
            self._end_label()
        return name

    def _end_line(self) -> None:
        """Have nothing that was opened in a line go on behind the block that begins."""
        while self.open[_LABEL] and self._close() != _LABEL:
            pass
        self.openers[-1].clear()

    # ------------------------------------------------------------------------ tasks

    def _begin_task(self, is_done: bool) -> None:
        self.parts[self.item] = _as_task(self.parts[self.item])
        self.parts.append(f"<label>{_DONE_BOX if is_done else _OPEN_BOX} ")
        self._begin(_LABEL)

    def _end_label(self) -> None:
        last = self.parts.pop()
        words = last.rstrip("\n")
        self.parts += words, "</label>", last[len(words) :]

    # ------------------------------------------------------------------------ words

    def _text(self, text: str) -> None:
        if self.verbatim:
            self._put(text)
            return
        done = 0
        if text[0] in (OPEN_TASK, DONE_TASK) and self.item >= 0:
            self._begin_task(text[0] == DONE_TASK)
            done = 1
        while found := self.scanner.search(text, done):
            self._put(text[done : found.start()])
            done = found.end()
            if found.lastgroup == "web":
                done = found.start() + self._address(found[0])
            elif found.lastgroup == "mail":
                self._address(found[0])
            elif found.lastgroup == "marks":
                self._marks(found)
            elif found.lastgroup == "emoji":
                self.parts.append(_emoji().get(found[0], found[0]))
            else:
                self._abbreviation(found[0])
        self._put(text[done:])

    def _put(self, text: str) -> None:
        if text:
            if _SPACE.search(text):
                self.spaced = len(self.parts)
            self.parts.append(text)

    def _address(self, written: str) -> int:
        """Put an address that something begins with; return its length."""
        end = end_of(written)
        if "==" in self.openers[-1] and written.endswith("==", 0, end):
            end -= 2
        address = written[:end]
        if not self.linked:
            shown = verbatim(unescape(address)) if self.smart_quotes else address
            address = link(address, shown)
        self.parts.append(address)
        return end

    def _abbreviation(self, word: str) -> None:
        if self.open["abbr"]:
            self.parts.append(word)
        else:
            title = attribute("title", self.abbreviations[word])
            self.parts.append(f"<abbr{title}>{word}</abbr>")

    def _marks(self, found: re.Match[str]) -> None:
        marks, opened = found[0], self.openers[-1]
        name = _PAIRED.get(marks)
        if name is None or _NAMED.get(marks, marks) not in (*self.extras, "~~"):
            self.parts.append(marks)
            return
        before = found.string[found.start() - 1 : found.start()] if found.start() else "x"
        after = found.string[found.end() : found.end() + 1] or "x"
        if not before.isspace() and self._is_opened(marks):
            place = opened.pop(marks)
            self.parts[place] = f"<{name}>"
            self.parts.append(f"</{name}>")
            for other in [key for key, where in opened.items() if where > place]:
                del opened[other]
            return
        if not after.isspace() and not (marks == "^" and before == "["):
            opened[marks] = len(self.parts)
        self.parts.append(marks)

    def _is_opened(self, marks: str) -> bool:
        place = self.openers[-1].get(marks, len(self.parts))
        is_short = marks in _SHORT
        return place < len(self.parts) - 1 and not (is_short and self.spaced > place)


@lru_cache(maxsize=16)
def _scanner(has_emoji: bool, abbreviations: tuple[str, ...]) -> re.Pattern[str]:
    """Return an expression for whatever may mean something in the text of a line."""
    kinds = [rf"(?P<web>{WEB})", rf"(?P<mail>{MAIL})", r"(?P<marks>~+|=+|\^+)"]
    if has_emoji:
        kinds.append(rf"(?P<emoji>{_EMOJI})")
    if abbreviations:
        words = "|".join(map(re.escape, sorted(abbreviations, key=len, reverse=True)))
        kinds.append(rf"(?P<word>(?<!\w)(?:{words})(?!\w))")
    return re.compile("|".join(kinds))


def _as_task(tag: str) -> str:
    """Return the start tag of an item that is a task."""
    if ' class="' in tag:
        return tag.replace(' class="', ' class="task ', 1)
    return f'<li class="task"{tag[3:]}'


@cache
def _emoji() -> dict[str, str]:
    """Return the emoji by their short codes, colons and all."""
    from emoji import EMOJI_DATA, STATUS  # few texts have any, and it is slow to import

    found: dict[str, str] = {}
    for sign, known in EMOJI_DATA.items():
        if known["status"] <= STATUS["fully_qualified"]:
            for name in (*known.get("alias", ()), known["en"]):
                found.setdefault(name, sign)
    return found


# ------------------------------------------------------------------------ abbreviations

_DEFINED = rf"{_DEFINES}\[([^\[\]\n<]+)\] ?:[ \t]*([^\n]*?)(?=</p>|\n|\Z)"
_DEFINED_IN_LINE = re.compile(rf"(<code\b.*?</code>)|\n?{_DEFINED}", re.DOTALL)
_EMPTY = re.compile(r"<p>\s*</p>\n?")
_MOST_ABBREVIATIONS = 500
"""Of one text: at each of its words all of them are looked for."""


def _without_definitions(markup: str) -> tuple[str, dict[str, str]]:
    """Return HTML without the definitions of abbreviations, and their titles by what they are of.

    The first definition of each counts.
    """
    titles: dict[str, str] = {}

    def taken(found: re.Match[str]) -> str:
        if found[1]:
            return found[1]
        title = unescape(_PIECES.sub("", found[3])).strip()
        if title and len(titles) < _MOST_ABBREVIATIONS:
            titles.setdefault(found[2].strip(), title)
        return ""

    markup = _DEFINED_IN_LINE.sub(taken, markup)
    return _EMPTY.sub("", markup).strip("\n"), titles
