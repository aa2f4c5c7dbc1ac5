"""Formulas in Markdown: `$…$` in a line and `$$…$$` apart, from TeX to MathML.

What comes in is a body; what goes out is the body with a sign in the place of each formula, which
any engine leaves alone, and later the HTML with MathML in the places of the signs. What is a dollar
is decided as Pandoc does (https://pandoc.org/MANUAL.html#math); where text stands, and not code or
HTML, is asked of pulldown-cmark whichever engine the site has.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

from generator.codes import Code
from generator.content.bounds import UnwieldyError, refuse_many_parts
from generator.content.mathml import settled
from generator.errors import Problem, shortened
from generator.markup import start_tag
from generator.markup import text as html_of

SHEET = "math.css"
"""The stylesheet of the layouts' assets for formulas that stand apart or have columns."""
_MOST = 5_000
"""Formulas of one text."""
_LONGEST = 4_000
"""Characters of a formula."""
_DEEPEST = 100
"""Parts of a formula within each other: with thousands a thread has not stack enough."""


class Formula(NamedTuple):
    """A formula, the place that it has in a body, and the line of that, counted from 0."""

    start: int
    end: int
    tex: str
    is_apart: bool
    line: int


class Formulas(NamedTuple):
    """The formulas of a body, in order, and the backslashes that say that a dollar is one."""

    body: str
    every: tuple[Formula, ...]
    backslashes: tuple[int, ...]

    def apart(self) -> str:
        """Return the body with a sign in the place of each formula."""
        edits = [(one.start, one.end, _sign(n)) for n, one in enumerate(self.every)]
        edits += ((place, place + 1, "") for place in self.backslashes)
        return _edited(self.body, sorted(edits))

    def masked(self) -> str:
        """Return the body with letters in the place of each formula, as many and in as many lines.

        So nothing in them is taken for Markdown, and all else is where it was.
        """
        return _edited(
            self.body,
            [(one.start, one.end, _INK.sub("x", self.typed(one))) for one in self.every],
        )

    def typed(self, formula: Formula) -> str:
        return self.body[formula.start : formula.end]

    def as_typed(self, markup: str) -> str:
        """Return the HTML with what was typed where a sign stands in a tag, or in code."""
        return _NO_TEXT.sub(lambda found: self._put(found[0], self.typed), markup)

    def as_text(self, markup: str) -> str:
        """Return the HTML with TeX in the place of formulas in lines, nothing for those apart."""
        return self._put(markup, lambda one: "" if one.is_apart else one.tex)

    def as_mathml(self, markup: str, made: tuple[str, ...]) -> str:
        """Return the HTML with what was `made` of the formulas in their places."""
        return _SIGN.sub(lambda sign: _of(sign, made) or sign[0], markup)

    def _put(self, markup: str, shown: Any) -> str:
        def put(sign: re.Match[str]) -> str:
            formula = _of(sign, self.every)
            return html_of(shown(formula)) if formula else sign[0]

        return _SIGN.sub(put, markup)


def is_styled(markup: str) -> bool:
    """Return whether some HTML has formulas for which there is a stylesheet."""
    return "<math" in markup and any(map(markup.__contains__, _STYLED))


_STYLED = ('display="block"', ' class="tex-', "<menclose")


@lru_cache(maxsize=2)
def find_formulas(body: str) -> Formulas | None:
    """Return the formulas of a body; None if it has neither one nor a dollar behind a backslash."""
    if "$" not in body:
        return None
    found = _found(body)
    return found if found.every or found.backslashes else None


def mathml(formulas: Formulas, body_line: int) -> tuple[tuple[str, ...], list[Problem]]:
    """Return the MathML of formulas, and what is wrong with some. `body_line` is the body's first.

    The problems name no file.
    """
    if len(formulas.every) > _MOST:
        what = f"this text has too many formulas: {len(formulas.every):,}, of {_MOST:,} at most"
        raise UnwieldyError(formulas.every[_MOST].tex, what, "make several texts of it")
    made, problems = list[str](), list[Problem]()
    for one in formulas.every:
        shown = _converted(one, body_line)
        if isinstance(shown, Problem):
            problems.append(shown)
        made.append("" if isinstance(shown, Problem) else shown)
    refuse_many_parts("".join(made))
    return tuple(made), problems


# ------------------------------------------------------------------------------ the signs

_BORDER, _ZERO = "\ufffc", 0xFDD0
"""A sign is a number between two borders. Its digits are characters that Unicode keeps for uses
such as this one; the border is what it has for a thing amid text that is none.
"""
_SIGN = re.compile(f"{_BORDER}([{chr(_ZERO)}-{chr(_ZERO + 9)}]+){_BORDER}")
_DIGITS = {_ZERO + digit: str(digit) for digit in range(10)}
_NO_TEXT = re.compile(
    r"<(code|script|style|textarea)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<[a-zA-Z/][^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
"""A tag, a comment, or an element whose text is left as it is, with all that is in it."""
_INK = re.compile(r"\S")


def _sign(number: int) -> str:
    digits = "".join(chr(_ZERO + int(digit)) for digit in str(number))
    return f"{_BORDER}{digits}{_BORDER}"


def _of(sign: re.Match[str], every: tuple[Any, ...]) -> Any:
    """Return that of some values which a sign stands for; None if it is typed by somebody."""
    number = int(sign[1].translate(_DIGITS)[:9])
    return every[number] if number < len(every) else None


def _edited(body: str, edits: list[tuple[int, int, str]]) -> str:
    parts, done = list[str](), 0
    for start, end, new in edits:
        parts += body[done:start], new
        done = end
    return "".join([*parts, body[done:]])


# ----------------------------------------------------------------------------- the dollars


class _Dollar(NamedTuple):
    """A dollar in text: its place in the bytes of the body, and the run of text it stands in."""

    place: int
    run: int


_ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\\$")
_ELSEWHERE = re.compile(rb"(?:https?://|www\.)[^\s<>]*|^[ >]*:::.*", re.MULTILINE)
"""An address that is typed as it is, or the line that opens a block."""
_BREAK = re.compile(rb"\n")
_EMPTY_LINE = re.compile(rb"\n[ \t>]*(?=\n|\Z)")
_QUOTED = re.compile(r"\n[ \t]*(?:>[ \t]?)+")


def _found(body: str) -> Formulas:
    source = body.encode(errors="replace")
    escaped = {found.end() - 1 for found in _ESCAPED.finditer(source)}
    elsewhere = {place for found in _ELSEWHERE.finditer(source) for place in range(*found.span())}
    seen = [one for one in _dollars(source) if one.place not in elsewhere]
    spans = [*_spans(source, [one for one in seen if one.place not in escaped])]
    backslashes = [one.place - 1 for one in seen if one.place in escaped]
    at = _characters(source, [*(place for span in spans for place in span[:2]), *backslashes])
    breaks = [found.start() for found in _BREAK.finditer(source)]
    formulas = [
        Formula(
            at[start],
            at[end],
            _QUOTED.sub("\n", source[start + marks : end - marks].decode()),
            marks == 2,
            bisect_left(breaks, start),
        )
        for start, end, marks in spans
    ]
    within = {place for start, end, _ in spans for place in range(start, end)}
    outside = (at[place] for place in backslashes if place not in within)
    return Formulas(body, tuple(formulas), tuple(outside))


def _characters(source: bytes, places: list[int]) -> dict[int, int]:
    """Return, for places among the bytes of a text, those among its characters."""
    found, done, count = dict[int, int](), 0, 0
    for place in sorted(places):
        count += len(source[done:place].decode())
        found[place] = count
        done = place
    return found


_IN_LINES = ("Emphasis", "Strong", "Strikethrough", "Superscript", "Subscript")


def _dollars(source: bytes) -> Iterator[_Dollar]:
    """Yield the dollars that stand in text. Code, and the end of a block, end a run of it.

    What stands in a link is a run of its own, and so it goes on behind that.
    """
    runs, latest, hidden = [0], 0, 0
    for event, span in _events(source.decode()):
        match event:
            case {"Text": _} if not hidden:
                yield from (_Dollar(n, runs[-1]) for n in _places_of_dollars(source, span))
                continue
            case {"Text": _} | "SoftBreak" | "HardBreak" | {"InlineHtml": _}:
                continue
            case {"Start": name} | {"End": name} if name in _IN_LINES:
                continue
            case {"Start": {"Link": link}}:
                hidden += link["link_type"] in _SHOWING
                runs.append(runs[-1])
            case {"End": "Link"} if len(runs) > 1:
                hidden = 0
                runs.pop()
                continue
            case {"Start": "HtmlBlock" | {"CodeBlock": _} | {"Image": _}}:
                hidden += 1
            case {"End": "HtmlBlock" | "CodeBlock" | "Image"}:
                hidden -= 1
        latest += 1
        runs[-1] = latest


_SHOWING = ("Autolink", "Email")
"""Kinds of links whose text is their address."""


def _places_of_dollars(source: bytes, span: Any) -> Iterator[int]:
    place = source.find(b"$", span["start"], span["end"])
    while place >= 0:
        yield place
        place = source.find(b"$", place + 1, span["end"])


def _events(body: str) -> Any:
    """Return what pulldown-cmark finds in a body, and where: offsets in its bytes."""
    import pyromark  # few texts have dollars
    from pyromark import Options

    options = Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES | Options.ENABLE_DEFINITION_LIST
    return pyromark.events_with_range(body, options=options)


def _spans(source: bytes, dollars: list[_Dollar]) -> Iterator[tuple[int, int, int]]:
    """Yield where each formula begins and ends, and how many dollars there are on each side."""
    ends = _Ends(dollars)
    number, done = 0, 0
    while number < len(dollars):
        one, width, end = dollars[number], 1, 0
        if one.place >= done and ends.is_double(number):
            width, end = 2, ends.behind(number) or _end_of_block(source, one.place)
            end = end if source[one.place + 2 : end - 2].strip() else 0
        elif one.place >= done and number + 1 < len(dollars):
            following = dollars[number + 1]
            is_formula = _is_formula(source, one.place, following.place)
            end = following.place + 1 if following.run == one.run and is_formula else 0
        if end:
            yield one.place, end, width
            done = end
        number += width


class _Ends:
    """Finds the two dollars that end what two others began, in one run of text."""

    def __init__(self, dollars: list[_Dollar]) -> None:
        self._dollars, self._next = dollars, 0

    def is_double(self, number: int) -> bool:
        """Return whether a dollar and the one behind it are two of a kind."""
        pair = self._dollars[number : number + 2]
        return len(pair) == 2 and pair[1] == (pair[0].place + 1, pair[0].run)

    def behind(self, number: int) -> int:
        """Return the place behind the first two that follow those of a number; 0 without any.

        Numbers are asked in their order.
        """
        run = self._dollars[number].run
        self._next = max(self._next, number + 2)
        while self._next < len(self._dollars) and self._dollars[self._next].run <= run:
            if self._dollars[self._next].run == run and self.is_double(self._next):
                return self._dollars[self._next].place + 2
            self._next += 1
        return 0


def _end_of_block(source: bytes, place: int) -> int:
    """Return the place behind the `$$` that ends a block of lines which begins with one; else 0.

    What stands in it may look like a list or a heading; it ends before an empty line.
    """
    line = source.rfind(b"\n", 0, place) + 1
    if source[line:place].strip(b" \t>"):
        return 0
    empty = _EMPTY_LINE.search(source, place)
    end = source.find(b"$$", place + 2, empty.start() if empty else len(source))
    return end + 2 if end >= 0 else 0


def _is_formula(source: bytes, start: int, end: int) -> bool:
    """Return whether a formula may stand between two dollars; between those of amounts none does.

    It begins and ends with no white space, and no digit follows it.
    """
    inner, after = source[start + 1 : end], source[end + 1 : end + 2]
    return bool(inner) and not (inner[:1].isspace() or inner[-1:].isspace() or after.isdigit())


# ------------------------------------------------------------------------------- the MathML


@cache
def _converter() -> Any:
    """Return the converter, made once: few sites have formulas."""
    from math_core import LatexToMathML

    return LatexToMathML(fancy_error=False, max_expansions=_DEEPEST)


_PLACE = re.compile(r"(\d+): ")
_DEFINING = re.compile(r"\\(?:(?:re)?newcommand|providecommand|g?def|let)(?![a-zA-Z])")
"""What would define a command: with one, little could stand for more than can be looked at."""


def _converted(formula: Formula, body_line: int) -> str | Problem:
    line, tex = body_line + formula.line, formula.tex
    if len(tex) > _LONGEST or _depth(tex) > _DEEPEST:
        what = f"the formula `{shortened(' '.join(tex.split()))}` is too long, or nested too deep"
        return Problem("", line, what, "part it", code=Code.TOO_LARGE)
    if defining := _DEFINING.search(tex):
        what, remedy = f"`{defining[0]}`: a formula defines no commands", "write out what it does"
        return Problem("", line, what, remedy, code=Code.MARKDOWN)
    try:
        made = settled(_converter().convert_with_local_state(tex, displaystyle=formula.is_apart))
    except Exception as error:
        said = str(error)
        place = _PLACE.match(said)
        line += tex.rstrip().count("\n", 0, int(place[1])) if place else 0
        said = said[place.end() :].rstrip(".") if place else said
        what = f"the formula `{shortened(' '.join(tex.split()))}` is no TeX: {said}"
        remedy = "mend it, or write `\\$` for a dollar that begins none"
        return Problem("", line, what, remedy, code=Code.MARKDOWN)
    start = start_tag("math", {"alttext": " ".join(tex.split())}).removesuffix(">")
    made = made.replace("<math", start, 1)
    return (
        f'<span class="math" role="group" tabindex="0">{made}</span>' if formula.is_apart else made
    )


_PART = re.compile(
    r"(?P<opens>\{|\[|\\(?:left|begin|color|(?:display|text|(?:script){1,2})style)(?![a-zA-Z]))"
    r"|(?P<closes>\}|\]|\\(?:right|end)(?![a-zA-Z]))|(?P<takes>\\[a-zA-Z]+)|\\.|[^\s\\{}\[\]^_]+",
    re.DOTALL,
)
"""What opens or closes a part of a formula, takes what follows as its own, or does neither."""


def _depth(tex: str) -> int:
    """Return how many parts of a formula may stand within each other: no fewer than there are."""
    taking, deepest = [0], 0
    for part in _PART.finditer(tex):
        if part["opens"]:
            taking.append(taking[-1] + 1)
        elif part["closes"]:
            taking = taking[:-1] or [0]
        else:
            taking[-1] = taking[-1] + 1 if part["takes"] else len(taking) - 1
        deepest = max(deepest, taking[-1])
    return deepest
