"""A body's Markdown, looked over for what readers would miss: a warning for each, with its line.

It is asked of pulldown-cmark where text, code, HTML and tables stand, whichever engine the site
has: in that they agree.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from generator.codes import Code
from generator.config import Engine
from generator.content.bounds import MOST_PARTS, UnwieldyError
from generator.content.markdown.definitions import CLEAR_ADDRESS
from generator.content.markdown.engine import folded
from generator.content.markdown.fences import find_fences, language_of, may_have_fences
from generator.content.markdown.languages import is_known, nearest_language
from generator.errors import Problem, shortened
from generator.mismatch import near
from generator.slugs import slugify


def lint(
    body: str,
    body_line: int,
    file: str,
    engine: Engine,
    shows_html: bool = False,
    has_colours: bool = True,
    is_extended: bool = False,
) -> list[Problem]:
    """Return a warning for each thing in a body that is not shown, or not as it was meant.

    `body_line` is its first line in the file. If it `shows_html`, no tag is lost. Unless code
    `has_colours`, it may be in any language. If the engine `is_extended` by others, marks of other
    programs may well mean something.
    """
    found = list(_odd_fences(body, has_colours)) if may_have_fences(body) else []
    if _is_suspect(body):
        parsed = _Parsed(body)
        found += _unresolved(parsed, engine)
        found += _defined_twice(parsed)
        found += _swallowed(parsed)
        found += _surplus(parsed, engine)
        found += () if shows_html else _unknown_tags(parsed)
        found += _no_tables(parsed, engine)
        found += _renumbered(parsed)
        found += _spaced_addresses(parsed) if engine == "markdown" else ()
        found += () if is_extended else _of_other_programs(parsed)
    return [
        Problem(file, body_line + slip.line, slip.what, slip.remedy, "warning", code=Code.MARKDOWN)
        for slip in found
    ]


class _Slip(NamedTuple):
    """One thing that is wrong, and its line in the body, counted from 0."""

    line: int
    what: str
    remedy: str


# ------------------------------------------------------- what makes it worth a closer look

_LABEL = re.compile(r"\]\[([^\[\]]*)\]")
_NOTE_LABEL = re.compile(r"\[(\^[^\[\]]+)\]")
# Each begins with the end of the line above, for `re` is quick to find that.
_DEFINED = re.compile(r"\n[ >]{0,5}\[((?:[^\[\]\\\n]|\\.)+)\]:\s*(\S*)")
_BELOW_TEXT = re.compile(r"\n[^\[\s].*\n[ >]{0,5}\[[^^\]\n][^\]\n]*\]:")
_DELIMITERS = re.compile(r"\n[ >|:-]*-[ >|:-]*(?=\n|\Z)")
_LOOSE_ADDRESS = re.compile(r"\]\(\s*+[a-zA-Z](?=[^\s()<>]*[.:])[^\s()<>]*+\s++[^\s\"'()]")
_NUMBERED = re.compile(r"\n[ >]{0,9}(\d{1,9})[.)] ")
_NAMES = re.compile(r"<(?!(?:https?|mailto):)([a-zA-Z?!][^\s/>]*)(>?)")


def _is_suspect(body: str) -> bool:
    """Return whether anything might be wrong but fences, by a quick look: most texts are well."""
    body = f"\n{body}"
    has_labels = "[" in body and ("][" in body or "[^" in body or "]:" in body)
    return (
        (has_labels and _has_odd_labels(body))
        or ("|" in body and _has_odd_rows(body))
        or ("](" in body and bool(_LOOSE_ADDRESS.search(body)))
        or _may_count_down(body)
        or ("{" in body and ("{{" in body or "{%" in body))
        or ("!!! " in body or "[[" in body or "[!" in body)
        or ("[toc]" in body or "[TOC]" in body)
        or ("<" in body and not all(map(_is_plain_tag, _NAMES.findall(body))))
    )


def _is_plain_tag(found: tuple[str, str]) -> bool:
    name, end = found[0].lower(), found[1]
    return (_is_element(name) and not (end and name in _EMPTY)) or name.startswith("!--")


def _has_odd_labels(body: str) -> bool:
    defined = [(folded(label), address) for label, address in _DEFINED.findall(body)]
    labels = {label for label, _ in defined}
    used = set(map(folded, [*_LABEL.findall(body), *_NOTE_LABEL.findall(body)]))
    addresses = [address for label, address in defined if label[0] != "^"]
    return (
        not used <= labels
        or len(labels) < len(defined)
        or (bool(defined) and may_have_fences(body))
        or not all(map(_ADDRESS.match, addresses))
        or any(address[0] == "#" for address in addresses if len(address) > 1)
        or (bool(addresses) and bool(_BELOW_TEXT.search(body)))
    )


def _may_count_down(body: str) -> bool:
    """Return whether a number that begins a line is less than the last, and begins no list."""
    numbers = [*map(int, _NUMBERED.findall(body))]
    return any(n < last and (n != 1 or last == 2) for last, n in pairwise(numbers))


def _is_odd_head(body: str, end: int, columns: int) -> bool:
    """Return whether the line that ends at a place has so many cells, and text in a line above."""
    start = body.rfind("\n", 0, end) + 1
    head = body[start:end].strip(" >")
    if "|" not in head:
        return False
    above = body[body.rfind("\n", 0, max(0, start - 1)) + 1 : start]
    return bool(above.strip(" >\n")) or len(_cells(head, "commonmark")) != columns


def _has_odd_rows(body: str) -> bool:
    for delimiters in _DELIMITERS.finditer(body):
        columns = len(_cells(delimiters[0].strip("\n >"), "commonmark"))
        if _is_odd_head(body, delimiters.start(), columns):
            return True
        start = delimiters.end() + 1
        end = body.find("\n\n", start)
        rows = body[start : len(body) if end < 0 else end].split("\n")
        if any(
            row.count("|") >= columns and len(_cells(row, "commonmark")) > columns for row in rows
        ):
            return True
    return False


# -------------------------------------------------------------------------- a closer look


class _Parsed:
    """A body taken apart.

    `shown` is as long as the source: in the place of code and marks in a line there are asterisks,
    zeros for all else that is no text. `left` is what no paragraph, code or table takes:
    definitions, and line ends. `html` has all HTML in its place, zeros for all else.
    """

    def __init__(self, body: str) -> None:
        self.source = body.encode()
        self.shown, self.left = bytearray(len(self.source)), bytearray(self.source)
        self.used: set[str] = set()
        self.notes: list[tuple[str, int, int]] = []
        self.html = bytearray(len(self.source))
        self.headings: list[tuple[int, int]] = []
        self.items: list[list[int]] = []
        self._lists: list[list[int]] = []
        self.tables: list[int] = []
        self.rows: list[tuple[int, int, int]] = []
        self._columns, self._is_code = 0, False
        self._lines: dict[int, tuple[int, int]] = {}
        for number, (event, span) in enumerate(_events(body)):
            if number > 2 * MOST_PARTS:
                raise UnwieldyError("", "this text has too many parts", "make several texts of it")
            self._take_block(event, span["start"], span["end"])
            self._take_list(event, span["start"])
            self._take_inline(event, span["start"], span["end"])

    def line(self, place: int) -> int:
        return bisect_left(self._breaks, place)

    def text(self, found: "re.Match[bytes]", group: int = 0) -> str:
        """Return what stands in the source where something was found in a part of it."""
        return " ".join(self.source[found.start(group) : found.end(group)].decode().split())

    def text_of_line(self, line: int) -> tuple[int, int]:
        """Return where the text of a line begins, and where it ends.

        All of it is before that place.
        """
        if line not in self._lines:
            start = self._breaks[line - 1] + 1 if line else 0
            end = self._breaks[line] if line < len(self._breaks) else len(self.source)
            shown = self.shown[start:end]
            first = end - len(shown.lstrip(b"\0 *"))
            self._lines[line] = first, start + len(shown.rstrip(b"\0 *"))
        return self._lines[line]

    @cached_property
    def _breaks(self) -> list[int]:
        return [found.start() for found in re.finditer(rb"\n", self.source)]

    def _take_block(self, event: Any, start: int, end: int) -> None:
        match event:
            case {"Start": {"FootnoteDefinition": label}}:
                self.notes.append((folded(label), start, end))
            case {"Start": "TableRow"}:
                self.rows.append((start, end, self._columns))
            case {"Start": {"Table": alignments}}:
                self._columns = len(alignments)
                self.tables.append(start)
                self._use_up(start, end)
            case {"Start": {"CodeBlock": _}}:
                self._is_code = True
                self._use_up(start, end)
            case {"End": "CodeBlock"}:
                self._is_code = False
            case {"Start": {"Heading": _}}:
                self.headings.append((start, end))
                self._use_up(start, end)
            case {"Start": "Paragraph" | "HtmlBlock"}:
                self._use_up(start, end)

    def _take_list(self, event: Any, start: int) -> None:
        match event:
            case {"Start": {"List": _}}:
                self._lists.append([])
            case {"End": {"List": _}}:
                self.items.append(self._lists.pop())
            case {"Start": "Item"}:
                self._lists[-1].append(start)

    def _use_up(self, start: int, end: int) -> None:
        self.left[start:end] = b"\0" * (end - start - 1) + b"\n"

    def _take_inline(self, event: Any, start: int, end: int) -> None:
        match event:
            case {"Text": _} if not self._is_code:
                self.shown[start:end] = self.source[start:end]
                if self.source[start - 1 : start] == b"\\":
                    self.shown[start] = 0
            case {"Code": _} | {"Start": "Emphasis" | "Strong"}:
                self.shown[start:end] = b"*" * (end - start)
            case "SoftBreak":
                self.shown[start:end] = b"\n" * (end - start)
            case {"Start": {"Link": link} | {"Image": link}}:
                self.used.add(folded(link["id"]))
            case {"InlineHtml": _}:
                self.shown[start:end] = b"*" * (end - start)
                self.html[start:end] = self.source[start:end]
            case {"Html": _}:
                self.html[start:end] = self.source[start:end]


def _events(body: str) -> Any:
    """Return what pulldown-cmark finds in a body, and where: offsets in its bytes."""
    import pyromark  # most texts need no closer look
    from pyromark import Options

    options = Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES | Options.ENABLE_DEFINITION_LIST
    return pyromark.events_with_range(body, options=options)


# ------------------------------------------------------------------------------- fences


def _odd_fences(body: str, has_colours: bool) -> Iterator[_Slip]:
    """Yield code that never ends, and the first code in each language that is not known."""
    unknown: set[str] = set()
    for fence in find_fences(body.split("\n")):
        if not fence.is_closed:
            remedy = f'close it with a line "{fence.mark}"'
            yield _Slip(fence.first, "this fenced code never ends", remedy)
        language = language_of(fence.info) if has_colours else ""
        if language and language not in unknown and not is_known(language):
            unknown.add(language)
            close = nearest_language(language) if len(unknown) <= _MOST_UNKNOWN else ""
            remedy = f"did you mean `{close}`?" if close else "write `text` for what is in none"
            what = f"there are no colours for the language `{shortened(language)}`"
            yield _Slip(fence.first, what, remedy)


_MOST_UNKNOWN = 20
"""Languages for which a near one is looked for: that takes a hundredth of a second each."""


# ----------------------------------------------------------------- references and notes

_REFERENCE = re.compile(rb"(?<![\w\]\)])!?\[([^\[\]\0]+)\]\[([^\[\]\0]*)\]")
_NOTE = re.compile(rb"\[\^([^\[\]\0]+)\]")
_DEFINITION = re.compile(
    rb"^[ >]*(?:(?:[-*+]|\d+[.)])[ ]+)*\[((?:[^\[\]\\\n]|\\.)+)\]:\s*(\S+)", re.M
)
_ADDRESS = re.compile(CLEAR_ADDRESS)


def _unresolved(parsed: _Parsed, engine: Engine) -> Iterator[_Slip]:
    known = _known_below_text(parsed) if engine == "markdown" else set()
    for found in _REFERENCE.finditer(parsed.shown):
        label = parsed.text(found, 2) or parsed.text(found, 1)
        if not label.startswith("^") and folded(label) not in known:
            what = f"`{parsed.text(found)}` leads nowhere: there is no line `[{label}]: address`"
            yield _Slip(parsed.line(found.start()), what, "add that line, or mend the label")
    for found in _NOTE.finditer(parsed.shown):
        label = parsed.text(found, 1)
        if folded(f"^{label}") not in known:
            what = f"there is no note `[^{label}]: …`"
            yield _Slip(parsed.line(found.start()), what, "add it, or mend the label")


def _known_below_text(parsed: _Parsed) -> set[str]:
    """Return, among others, the labels that Python-Markdown knows by a line right below text."""
    lines = _DEFINITION.finditer(parsed.source)
    defined = [(parsed.text(line, 1), parsed.text(line, 2)) for line in lines]
    return {folded(label) for label, to in defined if label[0] == "^" or _ADDRESS.match(to)}


def _defined_twice(parsed: _Parsed) -> Iterator[_Slip]:
    remedy = "take out one of the two, or give it another label"
    first: dict[str, bytes] = {}
    for found in _DEFINITION.finditer(parsed.left):
        label = parsed.text(found, 1)
        if first.setdefault(folded(label), found[2]) != found[2] and label[0] != "^":
            what = f"`[{label}]` has another address already, which counts"
            yield _Slip(parsed.line(found.start(1)), what, remedy)
    notes: dict[str, bytes] = {}
    for label, start, end in parsed.notes:
        text = parsed.source[start:end].partition(b":")[2].strip()
        if notes.setdefault(label, text) != text:
            what = f"there is another note `[^{label}]` already, and this one is not shown"
            yield _Slip(parsed.line(start), what, remedy)


def _swallowed(parsed: _Parsed) -> Iterator[_Slip]:
    """Yield what was hardly meant for an address, and is not used as one: `[Ann]: Yes.`"""
    for found in _DEFINITION.finditer(parsed.left):
        label = parsed.text(found, 1)
        address = parsed.text(found, 2)
        is_address = label[0] == "^" or (
            _ADDRESS.match(address) and _is_fragment_known(address, parsed)
        )
        if not is_address and folded(label) not in parsed.used:
            what = f"`{parsed.text(found)}` is taken for the address of a link, and not shown"
            remedy = "if it is text, put a backslash before `[`"
            yield _Slip(parsed.line(found.start(1)), what, remedy)


def _is_fragment_known(address: str, parsed: _Parsed) -> bool:
    """Return whether a fragment, if an address is one, is that of a heading or of an id here."""
    if len(address) < 2 or address[0] != "#":
        return True
    written = rb"(?:\bid=[\"']?|\{[^}\n]*#)" + re.escape(address[1:].encode()) + rb"(?![\w-])"
    return bool(re.search(written, parsed.source)) or any(
        slugify(parsed.source[start:end].decode().strip("# \n")) == address[1:]
        for start, end in parsed.headings
    )


# ------------------------------------------------------------------------------- tables


def _surplus(parsed: _Parsed, engine: Engine) -> Iterator[_Slip]:
    for start, end, columns in parsed.rows:
        cells = _cells(parsed.source[start:end].decode(), engine)
        if any(cell.strip() for cell in cells[columns:]):
            what = f"this row has {len(cells)} cells, the head of its table {columns}"
            remedy = "the rest is not shown: add cells to the head, or write `\\|` for a sign"
            yield _Slip(parsed.line(start), what, remedy)


_DELIMITER_ROW = re.compile(
    rb"^[ >]*(?=[ :|-]*\|)\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|?[ ]*$", re.MULTILINE
)


def _no_tables(parsed: _Parsed, engine: Engine) -> Iterator[_Slip]:
    """Yield what was meant for a table, and is shown as text with its signs."""
    for found in _DELIMITER_ROW.finditer(parsed.source):
        head = _line_above(parsed.source, found.start())
        is_text = b"-" in parsed.shown[found.start() : found.end()]
        if is_text and b"|" in parsed.shown[head : found.start()]:
            rows = parsed.source[head : found.start()], found[0]
            cells = [len(_cells(row.decode().strip(" >\n"), "commonmark")) for row in rows]
            yield _Slip(parsed.line(head), *_why_no_table(*cells))
    headings = {start for start, _ in parsed.headings}
    for table in parsed.tables if engine == "markdown" else ():
        above = _line_above(parsed.source, table)
        first = parsed.source.rfind(b"\n", 0, table) + 1
        is_heading = any(above <= start < first for start in headings)
        if not is_heading and parsed.shown[above:first].strip(b"\0\n "):
            yield _Slip(parsed.line(table), *_why_no_table(0, 0))


def _why_no_table(cells: int, delimiters: int) -> tuple[str, str]:
    if cells == delimiters:
        what = "this table is shown as text: it stands right below a line of text"
        return what, "put an empty line before it"
    what = f"this is no table: its head has {cells} cells, the line below it {delimiters}"
    return what, "write `---` for each cell of the head, with `|` between them"


def _line_above(source: bytes, place: int) -> int:
    """Return where the line above the one of a place begins."""
    return source.rfind(b"\n", 0, max(0, source.rfind(b"\n", 0, place))) + 1


def _cells(row: str, engine: Engine) -> list[str]:
    if engine == "markdown":  # here a sign in code parts no cells
        row = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "code", row)
    row = re.sub(r"\\.", "  ", row.strip()).removeprefix("|").removesuffix("|")
    return row.split("|")


# ------------------------------------------------------------------- lists and addresses


def _renumbered(parsed: _Parsed) -> Iterator[_Slip]:
    """Yield the lists that count down: engines count up from the first number."""
    for starts in parsed.items:
        found = [_NUMBER.match(parsed.source, start) for start in starts]
        numbers = [int(number[1]) for number in found if number]
        for start, (before, number) in zip(starts[1:], pairwise(numbers), strict=False):
            if number < before:
                what = f"`{number}.` is shown as {numbers[0] + starts.index(start)}: lists count up"
                remedy = "write `\\.` for the dot, and each in a paragraph of its own"
                yield _Slip(parsed.line(start), what, remedy)
                break


_NUMBER = re.compile(rb"[ ]*(\d{1,9})[.)]")
_SPACED = re.compile(
    rb"\]\(\s*((?:[a-zA-Z][a-zA-Z0-9+.-]*://|mailto:|www\.)[^\s()<>\0]+\s[^()\0\[\]]*)\)"
)


def _spaced_addresses(parsed: _Parsed) -> Iterator[_Slip]:
    """Yield whole addresses with white space: Python-Markdown takes all of it for the address."""
    for found in _SPACED.finditer(parsed.shown):
        what = f"`({parsed.text(found, 1)})` is all taken for an address, and not shown"
        remedy = "write `%20` for a space in it, or close the bracket behind the address"
        yield _Slip(parsed.line(found.start()), what, remedy)


# ---------------------------------------------------------------- marks of other programs

_ADMONITION = re.compile(
    rb"^[ >]*(?:(?:[-*+]|\d+[.)])[ ]+)*(!!!\+?[ ]+[a-z][\w -]*?)[ ]*(?:\"[^\n]*)?$", re.MULTILINE
)
_TEMPLATE = re.compile(
    rb"\{(?:\{[<%]|%)[-~+]?[ ]*(/?[\w./-]*)[^\n]*?(?:([>%]\}\}|%\})|$)", re.MULTILINE
)
_WIKI_LINK = re.compile(rb"(?<!\w)\[\[([^\[\]\0\n|]+)(?:\|([^\[\]\0\n|]+))?\]\]")
_VARIABLE = re.compile(
    rb"\{\{-?[ ]*(?:(page|post|site)\.[\w.-]+|(bluesky|figure|gallery|gist|instagram|mastodon"
    rb"|ref|relref|tweet|twitter|vimeo|youtube)(?=[ ]+[^ }]))[^{}\n]*\}\}"
)
_CONTENTS = re.compile(
    rb"(?<![^\n]\n)^[ >]*(\[\[?_?toc_?\]\]?)[ ]*$(?!\n[^\n])", re.MULTILINE | re.IGNORECASE
)
_ALERT = re.compile(rb"^[ ]*(?:[-*+>][ ]+|>)*>[ ]?(\[!([a-zA-Z]+)\][+-]?)(?=\s|\Z)", re.MULTILINE)
_ALERTS = ("note", "tip", "important", "warning", "caution")
_LIKE_ALERTS = {
    **dict.fromkeys(("abstract", "example", "faq", "help", "info", "question", "todo"), "note"),
    **dict.fromkeys(("check", "done", "hint", "success"), "tip"),
    **dict.fromkeys(("attention", "alert"), "warning"),
    **dict.fromkeys(("bug", "danger", "error", "fail", "failure", "missing"), "caution"),
}
"""By what other programs have beside GitHub's alerts, the one that is nearest."""
_EMBEDS = ("bluesky", "instagram", "mastodon", "tweet", "twitter", "vimeo", "x", "youtube")
_INSTEAD = {
    **dict.fromkeys(_EMBEDS, 'write `::: embed url="…" :::`'),
    **dict.fromkeys(("highlight", "endhighlight"), "write fenced code: a line ``` on both sides"),
    **dict.fromkeys(("ref", "relref", "link", "post_url"), "write the path of its file: `(b.md)`"),
    **dict.fromkeys(("raw", "endraw"), "take it out: such marks mean nothing here"),
    "figure": 'write `![…](…)`, or `::: figure src="…" :::`',
    "gallery": "write `::: gallery`, pictures, and `:::`",
}
"""By the name of what other programs put into a text, how it is written here."""


def _of_other_programs(parsed: _Parsed) -> Iterator[_Slip]:
    """Yield marks of other programs, which readers would see as they are typed."""
    for found in _ADMONITION.finditer(parsed.source):
        if _is_shown(parsed, found.start(1), 3):
            name = found[1].split()[1].decode()
            block = name if name in ("note", "tip", "warning") else "box"
            remedy = f"write a line `::: {block}`, the text, not indented, and a line `:::`"
            yield _typed(parsed, found, 1, remedy)
    for found in _TEMPLATE.finditer(parsed.source):
        if found[2] and _is_shown(parsed, found.start(), 2):
            usual = "write it in Markdown, or as a block, `::: name`; in text, `&#123;` for `{`"
            yield _typed(parsed, found, 0, _INSTEAD.get(found[1].decode(), usual))
    yield from _variables(parsed)
    yield from _brackets(parsed)


def _variables(parsed: _Parsed) -> Iterator[_Slip]:
    """Yield what Jekyll or Hugo would put something in the place of."""
    for found in _VARIABLE.finditer(parsed.source):
        if _is_shown(parsed, found.start(), 2):
            usual = "write what it stands for; in text, `&#123;` for `{`"
            yield _typed(parsed, found, 0, _INSTEAD.get((found[2] or b"").decode(), usual))


def _brackets(parsed: _Parsed) -> Iterator[_Slip]:
    """Yield alerts, lists of contents and links in brackets that mean nothing here."""
    for found in _ALERT.finditer(parsed.source):
        if _is_shown(parsed, found.start(1), 2):
            yield _typed(parsed, found, 1, _alert_instead(found[2].decode().lower()))
    contents = {found.start(1): found for found in _CONTENTS.finditer(parsed.source)}
    for start, found in contents.items():
        if _is_shown(parsed, start, 2):
            yield _typed(parsed, found, 1, "take it out: pages make a list of contents themselves")
    for found in _WIKI_LINK.finditer(parsed.shown):
        if found.start() in contents:
            continue
        words = parsed.text(found, 2 if found[2] else 1)
        yield _typed(parsed, found, 0, f"write `[{words}](address)`, or `\\[` for a bracket")


def _alert_instead(name: str) -> str:
    """Return what to write in the place of an alert that there is none of where it stands."""
    if name in _ALERTS:
        return f"write a line `::: {name}`, the text, and a line `:::`"
    close = _LIKE_ALERTS.get(name) or near(name, _ALERTS)
    known = ", ".join(f"`[!{one.upper()}]`" for one in _ALERTS)
    return f"write `[!{close.upper()}]`, alone in its line" if close else f"write one of {known}"


def _is_shown(parsed: _Parsed, start: int, size: int) -> bool:
    """Return whether so many bytes from a place on are text to readers."""
    return parsed.shown[start : start + size] == parsed.source[start : start + size]


def _typed(parsed: _Parsed, found: "re.Match[bytes]", group: int, remedy: str) -> _Slip:
    written = parsed.text(found, group)
    shown = written if len(written) <= _LONGEST else f"{written[:_LONGEST]}…"
    what = f"`{shown}` means nothing here: readers see it as it is typed"
    return _Slip(parsed.line(found.start(group)), what, remedy)


_LONGEST = 60


# --------------------------------------------------------------------------------- tags

_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<whole>svg|math|script|style|textarea|xmp)(?=[\s/>]).*?(?:</(?P=whole)\s*>|\Z)"
    r"|<(?P<hidden>\?|!(?!doctype)[a-z])[^>]*+(?:>|\Z)"
    r"|<(?P<name>[a-z][^\s/>\0]*+)(?P<rest>[^>\0]*+)(?:>|(?P<unended>))",
    re.IGNORECASE | re.DOTALL,
)
_NAME = re.compile(r"[a-z][\w.:-]*[-:][\w.:-]*", re.IGNORECASE)
"""A name that anybody may give to an element of his own."""

_END_TAG = re.compile(r"</([a-z][^\s/>\0]*+)\s*+>", re.IGNORECASE)
_PARENTS = ("audio", "datalist", "object", "picture", "select", "table", "video")
_EMPTY = frozenset(
    (
        *("area", "audio", "base", "body", "canvas", "col", "datalist", "embed", "frame", "head"),
        *("html", "image", "img", "input", "link", "meta", "option", "param", "source", "td"),
        *("th", "tr", "track", "video"),
    )
)
"""Elements that show nothing amid a line if they have neither attributes nor an end."""

_ELEMENTS = (
    " a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big"
    " blink blockquote body br button canvas caption center cite code col colgroup content data"
    " datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font"
    " footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img"
    " input ins isindex kbd keygen label legend li link listing main map mark marquee math menu"
    " menuitem meta meter multicol nav nextid nobr noembed noframes noscript object ol optgroup"
    " option output p param picture plaintext portal pre progress q rb rp rt rtc ruby s samp"
    " script search section select selectedcontent shadow slot small source spacer span strike"
    " strong style sub summary sup svg table tbody td template textarea tfoot th thead time title"
    " tr track tt u ul var video wbr xmp "
)
"""The elements of HTML, past and present."""


def _is_element(name: str) -> bool:
    return f" {name.lower()} " in _ELEMENTS


def _unknown_tags(parsed: _Parsed) -> Iterator[_Slip]:
    """Yield what looks like a tag and is none, `<your name>`: browsers hide it."""
    html = parsed.html.decode("latin-1")  # a character for each byte: places stay the same
    last = {found[1].lower(): found.start() for found in _END_TAG.finditer(html)}
    told: set[str] = set()
    for tag in _TAG.finditer(html):
        written = parsed.source[tag.start() : tag.end()].decode(errors="replace")
        if written not in told and _is_lost(tag, parsed, last):
            told.add(written)
            what = f"`{' '.join(written.split())}` is taken for HTML, and readers do not see it"
            yield _Slip(parsed.line(tag.start()), what, "if it is text, write `&lt;` for `<`")


def _is_lost(tag: "re.Match[str]", parsed: _Parsed, last: dict[str, int]) -> bool:
    """Return whether a tag is none; `last` is where the last end tag of each name stands."""
    if tag["unended"] is not None:
        return False
    if tag["hidden"]:
        return True
    name = (tag["name"] or "br").lower()
    if not (is_own := bool(_NAME.fullmatch(name))) and not _is_element(name):
        return True
    is_bare = bool(tag["name"]) and not tag["rest"].strip()
    if not is_bare or not (is_own or name in _EMPTY):
        return False
    if last.get(name, 0) >= tag.end():
        return False
    is_inside = not is_own and any(last.get(parent, 0) >= tag.end() for parent in _PARENTS)
    return not is_inside and _is_amid_line(parsed, tag.start(), tag.end())


def _is_amid_line(parsed: _Parsed, start: int, end: int) -> bool:
    """Return whether text stands beside a tag in its line."""
    first, last = parsed.text_of_line(parsed.line(start))
    if parsed.line(end) != parsed.line(start):
        last = parsed.text_of_line(parsed.line(end))[1]
    return first < start or last > end
