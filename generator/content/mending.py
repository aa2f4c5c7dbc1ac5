"""The HTML of a body mended where that is safe, and its mistakes told with their lines.

Nothing of a text may run on into the page that it stands in.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from itertools import islice
from typing import Literal, NamedTuple

from msgspec.structs import replace

from generator.codes import Code
from generator.content.html import (
    DEEPEST,
    KNOWN,
    NOWHERE,
    SWALLOWING,
    Edit,
    Flaw,
    Html,
    Token,
    attribute,
    edited,
    is_doubtful,
    look_at,
    named,
)
from generator.errors import Problem, attempt, fault, said


def problems(page: Html, body: str, body_line: int, shows_html: bool = False) -> list[Problem]:
    """Return what is wrong with the tags of a text, each with its line in the file.

    They name no file.

    `body` is the Markdown that the HTML came from, `body_line` its first line in the file. If it
    `shows_html`, what is meant for HTML is text on purpose.
    """
    is_plain = not ("&" in page.source and "&lt;" in page.source) and not _has_code(page)
    if is_plain and not page.flaws and _OUT_OF_PLACE.keys().isdisjoint(page.elements):
        return []
    found = _found(page, Source(body, body_line), shows_html)
    return [replace(problem, code=Code.BROKEN_HTML) for problem in found]


def _found(page: Html, source: "Source", shows_html: bool) -> list[Problem]:
    """Return what is wrong with the tags of a text, in which something may be."""
    if page.flaws and (last := page.flaws[-1]).amiss == "deep":
        return [_problem(last, page, source)]
    flaws = (flaw for flaw in page.flaws if flaw.amiss != "implied")
    found = [_problem(flaw, page, source) for flaw in flaws if not _is_by_engine(flaw, source)]
    found += _out_of_place(page, source)
    shown = _as_typed if shows_html else _shown
    return [*found, *islice(shown(page, source), LOOKED_UP), *_changed(page, source)]


def mended(page: Html) -> str:
    """Return the HTML with every element closed in it,
    without tags that close nothing and comments.
    """
    if any(amiss == "unended" and _is_end_tag(token, page) for amiss, token, _ in page.flaws):
        return mended(look_at(f"{page.source}>"))
    closing: dict[int, str] = {}
    for flaw in sorted(page.flaws, key=lambda flaw: flaw.token.start):
        if flaw.place != NOWHERE:  # outer elements, which come first, are closed last
            closing[flaw.place] = f"</{flaw.token.name}>{closing.get(flaw.place, '')}"
    edits = [Edit(place, place, tags) for place, tags in closing.items()]
    edits += (
        Edit(tag.end - 2, tag.end - 1, "")
        for _, tag, place in page.flaws
        if tag.end == place and tag.attributes.endswith("/")
    )
    strays = (flaw.token for flaw in page.flaws if flaw.amiss == "stray")
    vain = (*strays, *comments(page))
    return edited(page.source, [*edits, *(Edit(one.start, one.end, "") for one in vain)])


def comments(page: Html) -> list[Token]:
    """Return what is no text and no tag, and for nobody but the author."""
    is_data = page.source.startswith
    return [one for one in page.tokens if not one.name and not is_data("<![CDATA[", one.start)]


def located(
    error: BaseException, work: Callable[[str], object], body: str, body_line: int
) -> Problem:
    """Return the problem of a body on which work fails, at the first line where it does.

    `body_line` is its first line in the file, which is not named.
    """
    line = 1 if isinstance(error, MemoryError) else _first_failing_line(work, body)
    return fault("", error, line=body_line + line - 1)


def of_engine(
    error: BaseException, convert: Callable[[str], object], body: str, body_line: int
) -> Problem:
    """Return the problem of a body that no engine converts, at the first line where it fails."""
    found = located(error, convert, body, body_line)
    if isinstance(error, RecursionError | MemoryError):
        return found
    what = f"the Markdown engine fails at this ({said(error)})"
    remedy = "write it in another way, or choose another `markdown.engine`"
    return Problem("", found.line, what, remedy)


def _first_failing_line(work: Callable[[str], object], body: str) -> int:
    lines = body.split("\n")
    works, fails = 0, len(lines)
    while fails - works > 1:
        middle = (works + fails) // 2
        some = "\n".join(lines[:middle])
        if isinstance(attempt(partial(work, some), partial(fault, "")), Problem):
            fails = middle
        else:
            works = middle
    return fails


# ---------------------------------------------------------------------- flaws of tags

_END_TAG = re.compile(r"</[a-zA-Z][\w-]*\s*")


def _is_end_tag(token: Token, page: Html) -> bool:
    return bool(_END_TAG.fullmatch(page.source, token.start, token.end))


def _is_by_engine(flaw: Flaw, source: "Source") -> bool:
    """Return whether a paragraph's end tag is one that an engine puts around unknown tags."""
    if flaw.amiss != "stray" or flaw.token.name != "p":
        return False
    return source.has_no_lone_p_end


_P_START, _P_END = (re.compile(rf"<{slash}p(?=[\s/>])", re.IGNORECASE) for slash in ("", "/"))


def _problem(flaw: Flaw, page: Html, source: "Source") -> Problem:
    token = flaw.token
    line = source.line(page, token)
    written = page.source[token.start : token.end]
    tag = _shortened(written)
    if flaw.amiss == "stray":
        what, remedy = f"`{tag}` closes nothing, and is left out", "take it out, or open it before"
        return Problem("", line, what, remedy, "warning")
    if flaw.amiss == "unclosed":
        what = f"`{tag}` is never closed: it ends where its block or the text does"
        return Problem("", line, what, f"write `</{token.name}>` where it ends", "warning")
    if flaw.amiss == "deep":
        what = f"the elements nest here deeper than {DEEPEST} levels"
        return Problem("", line, what, "close those that are to end, or take levels out")
    if flaw.amiss == "doubtful":
        return Problem("", line, *_doubtful(token, tag), "warning")
    if flaw.amiss == "unended":
        return _unended(written, tag, _is_end_tag(token, page), line)
    what = f"`{tag}` is never closed: browsers take all that follows for its content"
    return Problem("", line, what, f"write `</{token.name}>` where it ends")


def _doubtful(token: Token, tag: str) -> tuple[str, str]:
    """Return what may be wrong with a tag that was perhaps meant to end sooner, and what to do."""
    if tag.startswith("<!--"):
        what = "a comment begins in a comment: readers see nothing from the first `<!--` on"
        return what, "write `-->` where the first one ends, or take one `<!--` out"
    if not token.name:
        what = f"`{tag}` is a comment to browsers: readers do not see what is in it"
        return what, "take it out, or write `<!--` and `-->`"
    if token.name in SWALLOWING and not is_doubtful(token):
        what = f"a `<{token.name}>` begins in a `<{token.name}>`: readers see neither"
        return what, f"write `</{token.name}>` where the first one ends"
    what = f"the tag `{tag}` has taken in what follows it: readers do not see that"
    return what, "close its quotation mark, and end it with `>`"


def _unended(written: str, tag: str, is_mended: bool, line: int) -> Problem:
    if _COMMENT.match(written):
        what = "a comment is never closed: all that follows would be part of it"
        return Problem("", line, what, "write `-->` where it ends")
    what = f"the tag `{tag}` never ends"
    if is_mended:
        return Problem("", line, what, "end it with `>`", "warning")
    return Problem("", line, f"{what}: all that follows would be part of it", _TO_END)


def _shortened(tag: str) -> str:
    """Return the beginning of a tag, as much as tells which one it is."""
    first = " ".join(tag.partition("\n")[0].split())
    return first if len(first) <= _SHOWN else f"{first[:_SHOWN]}…"


_SHOWN = 40
_COMMENT = re.compile(r"<!(?:--|[–—])")
"""The beginning of a comment; one that never ends may have been set as a dash."""

_TO_END = "close its quotation mark, if it has one, and end it with `>`"


# ------------------------------------------------------------ elements of other places

_OUT_OF_PLACE = {
    "base": "changes where every link of the page leads",
    "meta": "may take readers to another page, or change what the page may do",
    "frameset": "means nothing in a text, and what is in it is not shown",
    "frame": "means nothing in a text, and is not shown",
    "listing": "is no element of HTML any more",
}
"""Elements that do not belong into a text, and why."""

_CHANGING = {"base": ("href", "target"), "meta": ("http-equiv",)}
"""Those that change the page around a text, by which attributes."""


def _out_of_place(page: Html, source: "Source") -> Iterator[Problem]:
    for _, tag in page.starts(*_OUT_OF_PLACE):
        changing = _CHANGING.get(tag.name)
        is_inert = any(outer.name == "template" for outer in page.ancestors(tag))
        if is_inert or (changing and not any(attribute(tag, name) for name in changing)):
            continue
        shown = _shortened(page.source[tag.start : tag.end])
        remedy = "take it out" if tag.name != "listing" else "write `<pre>` in its place"
        what = f"`{shown}` {_OUT_OF_PLACE[tag.name]}"
        severity: Literal["error", "warning"] = "error" if changing else "warning"
        yield Problem("", source.line(page, tag), what, remedy, severity)


# --------------------------------------------- what Markdown has made of some HTML

_SHOWN_TAG = re.compile(r"&lt;(!(?:--|[–—])|/?[a-zA-Z][\w-]*)(?![\w:@.-])(\s+[\w-]+=)?")
_CODE_NAMES = ("script", "style")
_VERBATIM = named("code pre kbd samp textarea xmp")


def _shown(page: Html, source: "Source") -> Iterator[Problem]:
    """Yield comments and tags that are none to the engine: readers would see them as typed."""
    if "&lt;" not in page.source:
        return
    for match in _SHOWN_TAG.finditer(page.source):
        typed = match[1]
        is_comment = typed[0] == "!"
        if not (is_comment or _is_meant(typed, bool(match[2]))) or _is_verbatim(
            page, match.start()
        ):
            continue
        line = source.typed("<!--" if is_comment else f"<{typed}", match.start(), page)
        if line and is_comment:
            what = "a comment that is none to Markdown: readers would see it"
            yield Problem("", line, what, "begin it on a line of its own; write `-->` at its end")
        elif line:
            what = f"`<{typed}` is no whole tag: readers see it as it is typed"
            is_error = bool(match[2]) or typed.lower() in SWALLOWING
            remedy = _TO_END if typed[0] != "/" else "end it with `>`"
            yield Problem("", line, what, remedy, "error" if is_error else "warning")


def _as_typed(page: Html, source: "Source") -> Iterator[Problem]:
    """Yield a warning for each start tag and comment that readers see."""
    for match in _SHOWN_TAG.finditer(page.source):
        typed = match[1]
        is_comment = typed[0] == "!"
        is_meant = is_comment or (typed[0] != "/" and _is_meant(typed, has_attribute=True))
        if not is_meant or _is_verbatim(page, match.start()):
            continue
        needle = "<!--" if is_comment else f"<{typed}"
        if line := source.typed(needle, match.start(), page):
            what = f"`{needle}` is shown as it is typed, for `markdown.raw_html` is false"
            yield Problem("", line, what, "write Markdown, or a backslash before it", "warning")


def _is_meant(typed: str, has_attribute: bool) -> bool:
    """Return whether a tag was meant, and not less than: `<b` may well be in a formula."""
    name = typed.removeprefix("/").lower()
    return name in KNOWN and (has_attribute or typed[0] == "/" or len(name) > 1)


def _is_verbatim(page: Html, place: int) -> bool:
    """Return whether a place is in code, or in no text at all."""
    index = bisect_right(page.tokens, place, key=lambda token: token.start) - 1
    if index < 0:
        return False
    token = page.tokens[index]
    if place < token.end or token.is_hidden:
        return True
    is_in = not token.is_end and index in page.ends
    names = [outer.name for outer in page.ancestors(token)] + [token.name] * is_in
    return not _VERBATIM.isdisjoint(names)


def _has_code(page: Html) -> bool:
    if page.elements.keys().isdisjoint(_CODE_NAMES):
        return False
    return "<script" in page.source or "<style" in page.source


def _changed(page: Html, source: "Source") -> Iterator[Problem]:
    """Yield scripts and styles that Markdown has taken for text."""
    for index, token in page.starts(*_CODE_NAMES):
        end = page.end_tag(index)
        if end and not source.holds(page.source[token.end : end.start]):
            what = f"Markdown has changed what stands in `<{token.name}>`"
            remedy = "begin it on a line of its own, behind an empty one"
            yield Problem("", source.line(page, token), what, remedy, "warning")


# ------------------------------------------------------------------- lines of the body

_CODE = re.compile(
    r"^[ >]*(`{3,}|~{3,})[^\n]*\n.*?(?:^[ >]*\1[`~]*[ \t]*$|\Z)"
    r"|(?<!`)(`+)(?!`)(?:[^\n]|\n(?!\s*\n))*?(?<!`)\2(?!`)"
    r"|(?:\A|(?<=\n\n))(?:(?: {4}|\t)[^\n]*(?:\n|\Z))+",
    re.DOTALL | re.MULTILINE,
)
_TAGS = re.compile(r"<[^>]*>")
_WORD = re.compile(r"\w+")
_NEAR = 200
LOOKED_UP = 50
"""Tags whose lines are looked up: with so many mistakes, the later ones may go without."""

_CANDIDATES = 500
"""Places that may be a tag's own, of which that with the same words before it is."""


class Source:
    """The Markdown of a body, in which the place of a tag is looked up."""

    def __init__(self, body: str, body_line: int) -> None:
        self.body, self.body_line = body, body_line
        self.asked = 0
        self._folded = ""
        self._bare = ""
        self._places: dict[tuple[bool, str], list[_Place]] = {}

    def holds(self, text: str) -> bool:
        """Return whether the body has some text, but for white space."""
        self._folded = self._folded or " ".join(self.body.split())
        return " ".join(text.split()) in self._folded

    def line(self, page: Html, token: Token) -> int:
        """Return the line of a tag, or the first one of the body."""
        self.asked += 1
        written = page.source[token.start : token.end]
        for needle in (written, _head(written)) if self.asked <= LOOKED_UP else ():
            for body in (self.bare, self.body):
                if line := self._nearest(body, needle, token.start, page):
                    return line
        return self.body_line

    def typed(self, needle: str, place: int, page: Html) -> int:
        """Return the line of what is typed outside of code and without a backslash.

        0 if nowhere.
        """
        return self._nearest(self.bare, needle, place, page)

    @property
    def bare(self) -> str:
        """Return the body with blanks in place of code."""
        if not self._bare:
            self._bare = _CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), self.body)
        return self._bare

    @cached_property
    def has_no_lone_p_end(self) -> bool:
        return len(_P_END.findall(self.bare)) <= len(_P_START.findall(self.bare))

    def _nearest(self, body: str, needle: str, place: int, page: Html) -> int:
        """Return the line where a needle stands behind the same words as in the HTML."""
        key = body is self._bare, needle
        if key not in self._places:
            self._places[key] = _places(body, needle)
        if not self._places[key]:
            return 0
        words = _words_before(page.source, place)
        nearest = max(self._places[key], key=lambda found: _in_common(words, found.before))
        return self.body_line + body.count("\n", 0, nearest.start)


class _Place(NamedTuple):
    """A place in the body, and the words before it, the last one first."""

    start: int
    before: list[str]


def _places(body: str, needle: str) -> list[_Place]:
    """Return the places where a needle stands without a backslash."""
    found = re.finditer(rf"(?<!\\){re.escape(needle)}", body, re.IGNORECASE)
    starts = (match.start() for match in islice(found, _CANDIDATES))
    return [_Place(start, _words_before(body, start)) for start in starts]


def _head(tag: str) -> str:
    """Return a tag as far as its name, as it is typed."""
    if _COMMENT.match(tag):
        return "<!--"
    found = re.match(r"<[/!?-]*[\w-]*", tag)
    return found[0] if found else tag


def _words_before(text: str, place: int) -> list[str]:
    """Return the last words before a place, the last one first."""
    near = _TAGS.sub(" ", text[max(0, place - _NEAR) : place])
    return _WORD.findall(near)[:-9:-1]


def _in_common(some: list[str], others: list[str]) -> int:
    """Return how many words two lists have in common at their beginning."""
    pairs = zip(some, others, strict=False)
    return next((n for n, (one, other) in enumerate(pairs) if one != other), 9)
