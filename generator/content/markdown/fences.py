"""Fenced code in Markdown: where it stands, also in lists and quotations, and what it holds.

Fences are found where CommonMark 0.31 has them: any words may follow an opening one, and one
that is never closed ends with what it stands in. Other lines that mean something by themselves are
found on the same way, for they mean it where no code is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from generator.content.html import DEEPEST
from generator.content.markdown.attributes import ITEM, LIST_AT_FENCE
from generator.markup import start_tag

SIGN = "\ufdda"
"""Stands on both sides of what a line by itself means that `blocks` put into a body. There is the
number of a block that begins, behind a slash that of one that ends, before a dot that of one that
holds nothing. Unicode keeps the character for uses such as this one."""

SIGNED = re.compile(rf"{SIGN}(/?)(\d+)(\.?){SIGN}$")
LONE_SIGN = re.compile(f"^({SIGN}[^\n]+{SIGN})$", re.MULTILINE)
"""A line with a sign that stands in no item and no quotation."""


def in_html(sign: str) -> str:
    """Return what stands in an engine's HTML for a line with a sign, alone on its line."""
    return f"<!--{sign}-->"


class Container(NamedTuple):
    """A quotation, or an item of a list, a definition or a note, that lines stand in.

    `width` is how far the lines of an item are indented, `column` where its sign stands, from
    the beginning of the quotation around it; `sign` is the last character of that.
    """

    is_quote: bool
    width: int = 0
    column: int = 0
    sign: str = ""

    @property
    def is_item(self) -> bool:
        """Return whether it is an item of a list."""
        return bool(self.sign) and self.sign in "-*+.)"


class Fence(NamedTuple):
    """A block of fenced code: the lines from `first` to before `after`, counted from 0.

    `mark` is the fence itself, `before` what stands before it in its first line but for its own
    `indent`, in spaces; `begins` says that one of its containers begins there too, `is_left` that
    a line which stands in none of them follows at once.
    """

    first: int
    after: int
    mark: str
    info: str
    code: str
    is_closed: bool
    containers: tuple[Container, ...]
    before: str
    begins: bool
    is_left: bool
    indent: int


class MarkedLine(NamedTuple):
    """A line that matches an expression where it is no code and no raw HTML, counted from 0.

    `within` tells the containers that it stands in from all others of the text; for the rest see
    `Fence`.
    """

    first: int
    found: re.Match[str]
    within: tuple[int, ...]
    containers: tuple[Container, ...]
    before: str
    begins: bool
    is_left: bool
    indent: int

    @property
    def after(self) -> int:
        return self.first + 1


def may_have_fences(text: str) -> bool:
    # One character is found sooner than three.
    return ("`" in text and "```" in text) or ("~" in text and "~~~" in text)


def find_fences(lines: Sequence[str]) -> Iterator[Fence]:
    """Yield the blocks of fenced code in the lines of a text, in order."""
    return (found for found in find_parts(lines, _NEVER) if isinstance(found, Fence))


def find_parts(lines: Sequence[str], mark: re.Pattern[str]) -> Iterator[Fence | MarkedLine]:
    """Yield the blocks of fenced code in the lines of a text, and lines that match, in order."""
    around: tuple[Container, ...] = ()
    within: tuple[int, ...] = ()
    is_paragraph = False  # the line before
    number = 0
    while number < len(lines):
        line = expanded(lines[number])
        outer, rest = continued(around, line)
        is_less = len(outer) < len(around)
        if is_paragraph and is_less and not (_OPENING.match(rest) or mark.match(rest)):
            number += 1  # still in that paragraph, though not indented or quoted as it was
            is_paragraph = bool(rest.strip())
            around = around if is_paragraph else outer
            continue
        around, rest = entered(outer, rest)
        new = range(len(around) - len(outer))
        within = (*within[: len(outer)], *(number * _DEEPEST + depth for depth in new))
        before, begins = line[: len(line) - len(rest)], around != outer
        if opening := FENCE.match(rest):
            code, after, is_closed = _code(lines, number + 1, opening, around)
            is_left = _is_left(around, lines[after : after + 1])
            sign, info = opening[2], opening[3].strip()
            place = (around, before, begins, is_left, len(opening[1]))
            yield Fence(number, after, sign, info, code, is_closed, *place)
            number, is_paragraph = after, False
        elif found := mark.match(rest):
            is_left = _is_left(around, lines[number + 1 : number + 2])
            indent = len(found[0]) - len(found[0].lstrip(" "))
            yield MarkedLine(number, found, within, around, before, begins, is_left, indent)
            number, is_paragraph = number + 1, False
        else:
            is_paragraph = bool(rest.strip()) and not HEADING.match(rest)
            number = _after_raw_html(lines, number, rest)


def language_of(info: str) -> str:
    """Return the language that the words behind a fence name, or an empty string."""
    found = _LANGUAGE.match(info)
    return found[1] if found else ""


def start_tags(info: str) -> str:
    """Return the start tags of the code that stands behind a fence with these words."""
    asked = {} if info.isalnum() else _asked(info)
    if not (written := re.fullmatch(LIST_AT_FENCE, info)):
        language = language_of(info)
        return _opened({}, {"class": language and f"language-{language}"} | asked)
    items = [found.groups("") for found in ITEM.finditer(written[1])]
    classes = [word for sign, word, *_ in items if sign == "."]
    identity = next((word for sign, word, *_ in items if sign == "#"), "")
    pairs = {word: "".join(value) for sign, word, *value in items if not sign}
    outer = {"id": identity, "class": " ".join(classes[1:])}
    inner = {"class": f"language-{classes[0]}"} if classes else {}
    others = {n: pairs[n] for n in pairs if n not in inner and not _ASKING.fullmatch(n)}
    return _opened(outer, inner | others | asked)


MARKED, NUMBERED = "data-marked", "data-numbered"
"""The attributes of code that say which of its lines are marked, and the number of the first."""


# ------------------------------------------------------------------------- line by line

_NEVER = re.compile(r"(?!)")
_DEEPEST = 10_000
"""More containers begin in no line."""
MOST_AROUND = DEEPEST
"""Containers in one another that are looked for."""

_TAB = 4
QUOTE = re.compile("[ ]{0,3}>[ ]?")
RULE = re.compile(r"[ ]{0,3}([-*_])[ ]*(?:\1[ ]*){2,}$")
LIST_SIGN = re.compile(r"([ ]{0,3})(?:[-*+:]|\d{1,9}[.)]|(\[\^[^\]]+\]:))(?:([ ]+)|$)")
FENCE = re.compile(r"([ ]{0,3})(`{3,}(?=[^`]*$)|~{3,})(.*)$")
HEADING = re.compile(r"[ ]{0,3}#{1,6}(?:[ ]|$)")
RAW_HTML = re.compile(
    r"[ ]{0,3}<(?:(script|pre|style|textarea)(?=[\s>]|$)|(!--)|(\?)|(!\[CDATA\[)|(![a-z]))",
    re.IGNORECASE,
)
_RAW_ENDS = ("</{}>", "-->", "?>", "]]>", ">")
_OPENING = re.compile(
    "|".join(f"(?:{part.pattern})" for part in (QUOTE, LIST_SIGN, FENCE, HEADING, RAW_HTML)),
    re.IGNORECASE,
)


def expanded(line: str) -> str:
    """Return the line with spaces for the tabs before its words, behind signs of lists too."""
    return _untabbed(line, _BEFORE_WORDS) if "\t" in line else line


def _untabbed(line: str, before: re.Pattern[str]) -> str:
    found = before.match(line)
    end = found.end() if found else 0
    return line[:end].expandtabs(_TAB) + line[end:]


_INDENT = re.compile(r"[ \t>]*+")
_BEFORE_WORDS = re.compile(r"(?:[ \t>]+|(?:[-*+:]|\d{1,9}[.)]|\[\^[^\]]+\]:)(?=[ \t]))*+")


def continued(around: tuple[Container, ...], line: str) -> tuple[tuple[Container, ...], str]:
    """Return the containers that a line goes on in, and the rest of it."""
    for place, container in enumerate(around):
        if container.is_quote:
            if not (quote := QUOTE.match(line)):
                return around[:place], line
            line = line[quote.end() :]
        elif line.startswith(" " * container.width):
            line = line[container.width :]
        elif line.strip():
            return around[:place], line
    return around, line


def entered(around: tuple[Container, ...], line: str) -> tuple[tuple[Container, ...], str]:
    """Return the containers with those that begin in a line, and the rest of it.

    Of so many as no text has, the last ones are not looked for.
    """
    while len(around) < MOST_AROUND:
        if quote := QUOTE.match(line):
            around, line = (*around, Container(is_quote=True)), line[quote.end() :]
        elif (sign := LIST_SIGN.match(line)) and not RULE.match(line):
            spaces = sign[3] or ""
            end = sign.end() if len(spaces) <= _TAB else sign.end() - len(spaces) + 1
            column = _column(around) + len(sign[1])
            width = _TAB if sign[2] else max(end, sign.end() - len(spaces) + 1)
            last = sign[0].rstrip()[-1]
            around, line = (*around, Container(False, width, column, last)), line[end:]
        else:
            break
    return around, line


def _column(around: tuple[Container, ...]) -> int:
    """Return where lines in these containers begin, from where the innermost quotation begins."""
    column = 0
    for container in around:
        column = 0 if container.is_quote else column + container.width
    return column


def _code(
    lines: Sequence[str], number: int, opening: re.Match[str], around: tuple[Container, ...]
) -> tuple[str, int, bool]:
    """Return the code from a line on, the number of the line after it, and whether it is closed."""
    indent, fence = len(opening[1]), opening[2]
    closing = re.compile(rf"[ ]{{0,3}}{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$")
    code: list[str] = []
    while number < len(lines):
        inner, rest = continued(around, _untabbed(lines[number], _INDENT))
        if len(inner) < len(around):
            break
        number += 1
        if closing.match(rest):
            return "".join(code), number, True
        code.append(f"{_unindented(rest if around or indent else lines[number - 1], indent)}\n")
    return "".join(code), number, False


def _unindented(line: str, indent: int) -> str:
    return line[min(indent, len(line) - len(line.lstrip(" "))) :]


def _is_left(around: tuple[Container, ...], following: Sequence[str]) -> bool:
    for line in following:
        inner, rest = continued(around, expanded(line))
        return len(inner) < len(around) and not LIST_SIGN.match(rest)
    return False


def _after_raw_html(lines: Sequence[str], number: int, rest: str) -> int:
    """Return the number of the line behind the script, comment or the like that begins in this."""
    begun = RAW_HTML.match(rest)
    if begun is None or begun.lastindex is None:
        return number + 1
    end = _RAW_ENDS[begun.lastindex - 1].format(begun[begun.lastindex].lower())
    if end in rest[begun.end() :].lower():
        return number + 1
    following = range(number + 1, len(lines))
    return next((n + 1 for n in following if end in lines[n].lower()), number + 1)


# ------------------------------------------------------------------ the words behind it

_LANGUAGE = re.compile(r"(?:\{\s*)?\.?((?<!\{)\w[\w#+.-]*+|[^\W\d][\w#+.-]*+)(?!=)")


def _opened(outer: Mapping[str, str], inner: Mapping[str, str]) -> str:
    """Return the start tags of code with these attributes, but for those that are empty."""
    pre, code = ({name: value for name, value in one.items() if value} for one in (outer, inner))
    return start_tag("pre", pre) + start_tag("code", code)


_ASKING = re.compile("hl_lines|linenos|linenums|start|linenostart|startFrom")
"""Names of what is asked for code."""
_LINES = re.compile(
    r"""(?<![\w"'-])hl_lines\s*=\s*(?:"([^"]*)"|'([^']*)'|\[([^\]]*)\]|([\d][\d ,-]*))"""
    r"|\{\s*(\d[\d\s,-]*)\}"
)
_RANGE = re.compile(r"\d+(?:-\d+)?")
_NUMBERS = re.compile(
    r"""(?<![\w"'-])(?:linenos|linenums|numberLines|showLineNumbers)\b(?:\s*=\s*["']?([\w-]+))?"""
)
_START = re.compile(r"""(?<![\w"'-])(?:start|linenostart|startFrom)\s*=\s*["']?(\d{1,9})\b""")
_OFF = frozenset(("false", "no", "off", "none"))


def _asked(info: str) -> dict[str, str]:
    """Return what the words behind a fence ask for its lines, as attributes of the code.

    As other programs have it too: `{1,3-5}`, `{linenos=inline hl_lines=[3,"6-8"]}`, `linenums="1"`.
    """
    lines, numbers, start = (one.search(info) for one in (_LINES, _NUMBERS, _START))
    asked: dict[str, str] = {}
    if lines and (ranges := _RANGE.findall("".join(lines.groups("")))):
        asked[MARKED] = " ".join(ranges)
    value = numbers[1] or "" if numbers else ""
    if start or (numbers and value.lower() not in _OFF):
        asked[NUMBERED] = start[1] if start else value if value.isdigit() else "1"
    return asked
