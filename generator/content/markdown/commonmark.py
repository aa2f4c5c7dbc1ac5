"""The second engine: CommonMark by pulldown-cmark (pyromark), in the shape of the first one.

pulldown-cmark knows tables, notes and definition lists. Here its HTML gets what
Python-Markdown's has: notes in a list at the end with links back, attribute lists
(`{: .class #id }`), addresses as they were typed, and the same tags and line breaks.
"""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from urllib.parse import unquote

import pyromark
from pyromark import Options

from generator.content.html import Html, Token, look_at
from generator.content.markdown import inline
from generator.content.markdown.attributes import AT_END, LIST, with_items
from generator.content.markdown.fences import (
    LONE_SIGN,
    SIGN,
    find_fences,
    in_html,
    may_have_fences,
    start_tags,
)
from generator.content.markdown.inline import NO_EXTRAS
from generator.content.typography import UNESCAPED, set_apart, verbatim
from generator.markup import attribute
from generator.markup import text as html_of

_OPTIONS = Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES | Options.ENABLE_DEFINITION_LIST


def to_html(
    body: str, smart_quotes: bool, shows_html: bool = False, extras: inline.Extras = NO_EXTRAS
) -> str:
    """Return the HTML of a body. With smart quotes, escaped marks are as `typography` has them."""
    body, shown = _with_html_apart(body) if shows_html and "<" in body else (body, [])
    has_inline = inline.is_wanted(body, extras)
    prepared = inline.prepared(body, extras) if has_inline else body
    source = _with_escapes_apart(prepared, smart_quotes) if "\\" in body else prepared
    if has_inline and "\\" in body:
        source = _with_inline_apart(source, extras)
    source, marks = _with_marks_apart(source) if "&" in body or "\\" in body else (source, [])
    complete = partial(_with_inline, extras=extras, smart_quotes=smart_quotes)
    markup = _converted(body, source, complete if has_inline else None)
    if shown:
        markup = _with_html_shown(markup, shown, smart_quotes)
    if "&#" in body:
        markup = (_CONTROL if smart_quotes else _ANY_CONTROL).sub("", markup)
    markup = _shaped(markup, body)
    return (_with_marks(markup, marks, body) if marks or "&#" in body else markup).strip()


def _converted(body: str, source: str, complete: Callable[[str, str], str] | None) -> str:
    """Return the engine's HTML of what a body was prepared to be, completed from that."""
    source, infos = _prepared(source)
    options = _OPTIONS | Options.ENABLE_TASKLISTS if complete else _OPTIONS
    markup = pyromark.html(f"{source}\n", options=options)
    if complete:
        markup = complete(markup, source)
    if infos:
        markup = _PLAIN_FENCE.sub(lambda fence: start_tags(infos[int(fence[1])]), markup)
    if source is not body and source != body:
        markup = _ADDRESS.sub(_unmarked, _VERBATIM.sub(_put_back, markup)).replace(_COLON, ":")
    return inline.put_back(markup) if complete else markup


def _shaped(markup: str, body: str) -> str:
    """Return the engine's HTML in the shape of the first engine's."""
    if " />" in markup:
        markup = _VOID.sub(_void, markup)
    if "%" in markup:
        markup = _ADDRESS.sub(lambda match: _as_typed(match, body), markup)
    if "<table><thead>" in markup:
        markup = _TABLE.sub(_table, markup)
    if "{" in body:
        markup = _with_attributes(markup).replace(_BRACE, "{")
    if '<div class="footnote-definition"' in markup:
        markup = _with_notes(markup)
    return markup


def _prepared(source: str) -> tuple[str, list[str]]:
    """Return the source for the engine.

    With it come the words behind its fences, if they stand there as numbers.
    """
    if SIGN in source:
        source = LONE_SIGN.sub(r"\n\1", source)  # HTML would take it in
        source = _SIGNED_LINE.sub(lambda sign: in_html(sign[0]), source)
    if ":" in source and _MAY_BEGIN_LINE.search(source):
        source = _LONE_COLON.sub(rf"\1{_COLON}", source)
    if may_have_fences(source) and _ODD_FENCE.search(source):
        return _with_plain_fences(source)
    return source, []


_SIGNED_LINE = re.compile(rf"{SIGN}[\d/.]+{SIGN}(?=\n|\Z)")

# ------------------------------------------------------------------- HTML that is shown

_HTML = "\x16"
"""Stands, on both sides of a number, for HTML that is shown as it is typed."""

_PLACE_OF_HTML = re.compile(rf"{_HTML}(\d+){_HTML}")


def _with_html_apart(body: str) -> tuple[str, list[str]]:
    """Return the body with a number in the place of each piece of HTML, and the pieces.

    What was no HTML may be some when that before it is none: so it is looked for until there is
    none left.
    """
    shown: list[str] = []
    for _ in range(_ROUNDS):
        pieces = list(_html_in(body))
        if not pieces:
            return body, shown
        source, parts, done = body.encode(), list[str](), 0
        for start, end in pieces:
            parts += source[done:start].decode(), f"{_HTML}{len(shown)}{_HTML}"
            shown.append(source[start:end].decode())
            done = end
        body = "".join([*parts, source[done:].decode()])
    return body.replace("<", f"{_HTML}{len(shown)}{_HTML}"), [*shown, "<"]


_ROUNDS = 8


def _html_in(body: str) -> Iterator[tuple[int, int]]:
    """Yield where HTML stands in a body, in its bytes: each tag in a line, each line of a block."""
    source = body.encode()
    for event, span in pyromark.events_with_range(f"{body}\n", options=_OPTIONS):
        if isinstance(event, dict) and ("Html" in event or "InlineHtml" in event):
            start, end = span["start"], span["end"]
            written = source[start:end]
            words = written.strip()
            if words and SIGN.encode() not in words:
                first = start + written.index(words)
                yield first, first + len(words)


def _with_html_shown(markup: str, shown: list[str], smart_quotes: bool) -> str:
    """Return the HTML with these pieces of text in the places of their numbers."""
    show = verbatim if smart_quotes else html_of
    pieces = {str(n): show(piece) for n, piece in enumerate(shown)}
    return _PLACE_OF_HTML.sub(lambda place: pieces.get(place[1], ""), _unquoted(markup, _HTML))


def _unquoted(markup: str, sign: str) -> str:
    """Return the HTML with a sign as it is in addresses where the engine percent-encoded it."""
    encoded = f"%{ord(sign):02X}"
    if encoded not in markup:
        return markup
    return _ADDRESS.sub(lambda address: address[0].replace(encoded, sign), markup)


# ------------------------------------------------------------------------ inline marks

_TASK = re.compile(
    r'(<li>(?:\n<p>)?)<input disabled="" type="checkbox"(?: (?P<done>checked)="")?/>\n(?!</)'
)
_NO_TASK = re.compile(r'<input disabled="" type="checkbox"( checked="")?/>\n(?=</li>)')


def _with_inline(markup: str, source: str, extras: inline.Extras, smart_quotes: bool) -> str:
    """Return the engine's HTML of a source with its inline marks, but in blocks of HTML."""
    markup, blocks = markup.replace(_COLON, ":"), list[str]()
    if "<" in source:
        markup, blocks = _with_blocks_apart(markup, source)
    markup = _NO_TASK.sub(lambda box: "[x]" if box[1] else "[ ]", _TASK.sub(_signed, markup))
    markup = inline.with_marks(markup, extras, smart_quotes, blocks)
    return inline.with_raw(markup, blocks) if blocks else markup


def _signed(task: re.Match[str]) -> str:
    return task[1] + (inline.DONE_TASK if task["done"] else inline.OPEN_TASK)


def _with_blocks_apart(markup: str, source: str) -> tuple[str, list[str]]:
    """Return the engine's HTML of a source with a place for each block of HTML, and those."""
    parts, blocks, done = list[str](), list[str](), 0
    for block in _html_blocks(source):
        start = markup.find(block, done)
        if start >= 0:
            parts += markup[done:start], inline.PLACE.format(len(blocks))
            blocks.append(block)
            done = start + len(block)
    return "".join([*parts, markup[done:]]), blocks


def _html_blocks(source: str) -> Iterator[str]:
    """Yield each block of HTML as the engine passes it on."""
    lines: list[str] = []
    for event in pyromark.events(f"{source}\n", options=_OPTIONS):
        if isinstance(event, dict) and "Html" in event:
            lines.append(event["Html"])
        elif lines:
            yield "".join(lines)
            lines = []


# ---------------------------------------------------------------- marks that are escaped

_VERBATIM = re.compile(
    r"""(<(code|script|style|textarea)\b(?:[^>"']++|"[^"]*+"|'[^']*+')*+>)(.*?)(?=</\2)|<!--.*?-->""",
    re.DOTALL | re.IGNORECASE,
)
_BRACE = "\x12"
"""Stands for a `{` that the author escaped: no attribute list begins there."""

_ESCAPED_BRACE = re.compile(r"(?<!\\)((?:\\\\)*)\\\{")
_PLAIN = UNESCAPED | {_BRACE: "{"} | {sign: mark for mark, sign in inline.ESCAPED.items()}
_MARKED = re.compile(f"[{''.join(_PLAIN)}]")
_MARKED_ADDRESS = re.compile(f"%(?:{'|'.join(f'{ord(mark):02X}' for mark in _PLAIN)})")


def _with_escapes_apart(body: str, smart_quotes: bool) -> str:
    source = _ESCAPED_BRACE.sub(rf"\1{_BRACE}", body) if "\\{" in body else body
    return set_apart(source) if smart_quotes else source


def _with_inline_apart(source: str, extras: inline.Extras) -> str:
    """Return the source with a sign in the place of each inline mark that is escaped."""
    pattern = rf"(?<!\\)((?:\\\\)*){inline.escape(extras).pattern}"
    return re.sub(pattern, lambda match: match[1] + inline.ESCAPED[match[2]], source)


def _put_back(match: re.Match[str]) -> str:
    """Return code and the like as they were typed: no backslash means anything there.

    In their start tags a mark is the one that was escaped.
    """
    tag = _MARKED.sub(lambda mark: html_of(_PLAIN[mark[0]]), match[1] or "")
    return tag + _MARKED.sub(lambda mark: "\\" + _PLAIN[mark[0]], match[3] if tag else match[0])


def _unmarked(match: re.Match[str]) -> str:
    return _MARKED_ADDRESS.sub(lambda mark: html_of(_PLAIN[unquote(mark[0])]), match[0])


# -------------------------------------------------- what is no part of an attribute list

_APART_MARK = "\x17"
"""Begins a number and `;`, which stand for a mark that was escaped: it is but text."""

_REFERENCE_TO_MARK = re.compile(
    r"&(?:[lr](?:brace|cub)|commat|colon|equals|Hat|#0*(?:12[356]|58|61|64|94)"
    r"|#[xX]0*(?:7[bBdDeE]|3[aAdD]|40|5[eE]));"
)
_IN_BRACES = re.compile(r"\{[^{}\n]*\}")
_QUOTE = re.compile(r"""((?<!\\)(?:\\\\)*)(\\["']|&(?:quot|apos|#0*(?:34|39)|#[xX]0*(?:22|27));)""")
_PLACE_OF_MARK = re.compile(rf"{_APART_MARK}(\d+);")


def _with_marks_apart(source: str) -> tuple[str, list[str]]:
    """Return the source with numbers for braces, inline marks and, in braces, quotation marks that
    mean only themselves.

    They are references, or stand behind a backslash. With the numbers come the marks as typed.
    """
    marks: list[str] = []

    def apart(mark: str) -> str:
        marks.append(mark)
        return f"{_APART_MARK}{len(marks) - 1};"

    if "&" in source:
        source = _REFERENCE_TO_MARK.sub(lambda match: apart(match[0]), source)
    if "{" in source:
        source = _IN_BRACES.sub(
            lambda braces: _QUOTE.sub(lambda match: match[1] + apart(match[2]), braces[0]), source
        )
    return source, marks


def _with_marks(markup: str, marks: list[str], body: str) -> str:
    """Return the HTML with those marks again: in code as they were typed,
    unless that is HTML itself.
    """
    typed = {str(number): mark for number, mark in enumerate(marks)}
    meant = {key: html_of(html.unescape(mark.removeprefix("\\"))) for key, mark in typed.items()}
    in_code = meant if "<code" in body.lower() else {k: html_of(m) for k, m in typed.items()}

    def put(text: str, known: Mapping[str, str]) -> str:
        return _PLACE_OF_MARK.sub(lambda place: known.get(place[1], ""), text)

    def verbatim_part(part: re.Match[str]) -> str:
        if not part[1]:
            return put(part[0], typed)
        return put(part[1], meant) + put(part[3], in_code if part[2].lower() == "code" else typed)

    markup = _unquoted(markup, _APART_MARK)
    return put(_VERBATIM.sub(verbatim_part, markup) if marks else markup, meant)


# --------------------------------------------------------------------------- definitions

_COLON = "\x13"
"""Stands for a colon that begins a line and no definition, for want of a space: `:smile:`."""

_LONE_COLON = re.compile(r"^([ \t>]*):(?=[^\s])", re.MULTILINE)
_MAY_BEGIN_LINE = re.compile(r"\n[ \t>]*:|\A[ \t>]*:")

# -------------------------------------------------------------------------- fenced code

_ODD_FENCE = re.compile(
    r"(?:```|~~~)[`~]*[ ]*(?:\.|[\w#+.-]*[^\w#+.\s-]|[^\n`]*(?:[{=]|numberLines|linenos|Numbers))"
)
"""Words behind a fence of which the first is more than the language, or that ask for lines."""

_PLAIN_FENCE = re.compile(r'<pre><code class="language-fence:(\d+)">')


def _with_plain_fences(source: str) -> tuple[str, list[str]]:
    """Return the source with a number for all the words behind a fence, and those words."""
    lines = source.split("\n")
    fences = list(find_fences(lines))
    for number, fence in enumerate(fences):
        if fence.info:
            opening = lines[fence.first].rstrip().removesuffix(fence.info)
            lines[fence.first] = f"{opening}fence:{number}"
    return "\n".join(lines), [fence.info for fence in fences]


# ------------------------------------------------------------------- tags and addresses

_CONTROL = re.compile("[\x00-\x08\x0b-\x0d\x14-\x16\x18-\x1f\x7f\ufffe\uffff]")
"""What a character reference may bring in, and no feed could carry."""
_ANY_CONTROL = re.compile(f"{_CONTROL.pattern}|[{''.join(UNESCAPED)}]")

_VOID = re.compile(r'<(?:br|hr|img (src="[^"]*") (alt="[^"]*")( title="[^"]*")?) />')
_ADDRESS = re.compile(r'(?<= )(href|src)="([^"]*%[^"]*)"')
_TABLE = re.compile(r"<table><thead>.*?</table>", re.DOTALL)
_TABLE_TAG = re.compile(r"(<(?:table|thead|tbody|tr)>|</(?:t[hdr]|thead|tbody)>)\n?(?=</?t)")


def _void(match: re.Match[str]) -> str:
    if match[1]:
        return f"<img {match[2]} {match[1]}{match[3] or ''}>"
    return f"{match[0][:3]}>"


def _as_typed(match: re.Match[str], body: str) -> str:
    """Return an address that only the engine has percent-encoded, without that."""
    address = html.unescape(match[2])
    typed = unquote(address)
    if address in body or typed not in body:
        return match[0]
    return attribute(match[1], typed).lstrip()


def _table(match: re.Match[str]) -> str:
    table = _TABLE_TAG.sub(r"\1\n", match[0])
    return re.sub(r'(?<=<t[hd] style="text-align: )(left|center|right)"', r'\1;"', table)


# ---------------------------------------------------------------------- attribute lists

_BRACES = r"(\{[^{}\n<>]*\})"
_BLOCK_END = re.compile(
    rf"(?:\n[ ]*{_BRACES}[ ]*(?=</(p|li|dd)>)|[ ]*{_BRACES}[ ]*(?=</(td|th|dt|h[1-6])>))"
)
_INLINE_END = re.compile(rf"(?<=</)(a|code|em|strong|sup)>{_BRACES}|(<img [^>]*>){_BRACES}")
_ONLY_LIST = re.compile(LIST)
_LIST_AT_END = re.compile(AT_END)


def _with_attributes(markup: str) -> str:
    """Return each attribute list moved into the start tag of the element at whose end it stands."""
    for pattern in (_BLOCK_END, _INLINE_END):
        found = list(pattern.finditer(markup))
        starts = _starts(markup) if found else {}
        done, parts = 0, list[str]()
        for match in found:
            name, braces = _named(match)
            written = _items(match, braces)
            tag = starts.get(_end_of(match))
            if not written or tag is None or tag.start < done or tag.name != name:
                continue
            parts += markup[done : tag.start], with_items(tag, written)
            parts.append(markup[tag.end : max(tag.end, match.start())])
            if pattern is _INLINE_END and name != "img":
                parts.append(f"{name}>")
            done = match.end()
        markup = "".join([*parts, markup[done:]])
    return markup


def _starts(markup: str) -> dict[int, Token]:
    """Return the start tags of elements, each by the place of its end tag.

    Pictures stand by the place of their own end.
    """
    page = look_at(markup)
    starts = {page.tokens[end].start: page.tokens[index] for index, end in _closed(page)}
    return starts | {tag.end: tag for _, tag in page.starts("img")}


def _closed(page: Html) -> Iterator[tuple[int, int]]:
    """Return the indices of the start and end tags of elements that have both."""
    return ((index, end) for index, end in page.ends.items() if page.end_tag(index))


def _end_of(match: re.Match[str]) -> int:
    """Return the place of the end tag before or behind braces; of a picture, where it ends."""
    if match.re is _BLOCK_END:
        return match.end()
    return match.end(3) if match[3] else match.start() - len("</")


def _items(match: re.Match[str], braces: str) -> str:
    """Return what an attribute list holds; nothing, if braces are only text."""
    written = html.unescape(braces)
    if match.re is _INLINE_END or not match[0].startswith("{"):
        found = _ONLY_LIST.fullmatch(written)
    elif match.string[match.start() - 1] == ">":
        found = None
    else:
        found = _LIST_AT_END.fullmatch(f"x{written}", 1)
    return found[1] if found else ""


def _named(match: re.Match[str]) -> tuple[str, str]:
    """Return the element at whose end braces stand, and the braces."""
    if match.re is _BLOCK_END:
        return match[2] or match[4], match[1] or match[3]
    return ("img", match[4]) if match[3] else (match[1], match[2])


# -------------------------------------------------------------------------------- notes

_DEFINITION = re.compile(
    r'<div class="footnote-definition" id="([^"]*)">'
    r'<sup class="footnote-definition-label">\d+</sup>\n?'
)
_DIV = re.compile(r"<(/?)div\b[^>]*>\n?")
_REFERENCE = re.compile(r'<sup class="footnote-reference"><a href="#([^"]*)">\d+</a></sup>')
_PLACE = "<p>///Footnotes Go Here///</p>"


def _with_notes(markup: str) -> str:
    """Return the notes in a list at the end, in the order of their definitions, with links back."""
    notes: dict[str, tuple[str, str]] = {}
    parts: list[str] = []
    done = 0
    for start, end, label, text in _definitions(markup):
        parts.append(markup[done:start])
        notes.setdefault(label.casefold(), (label, text.strip()))
        done = end
    text = "".join([*parts, markup[done:]]).strip()
    every = "".join([text, *(note for _, note in notes.values())])
    times = Counter(label.casefold() for label in _REFERENCE.findall(every))
    items = "\n".join(
        f'<li id="fn:{label}">\n{_note(note, _links(label, number, times[key]))}\n</li>'
        for number, (key, (label, note)) in enumerate(notes.items(), 1)
    )
    division = f'<div class="footnote">\n<hr>\n<ol>\n{items}\n</ol>\n</div>'
    whole = text.replace(_PLACE, division, 1) if _PLACE in text else f"{text}\n{division}"
    return _referring(whole, notes)


def _definitions(markup: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield (start, end, label, text) of each definition of a note."""
    done = 0
    while found := _DEFINITION.search(markup, done):
        depth = 1
        for tag in _DIV.finditer(markup, found.end()):
            depth += -1 if tag[1] else 1
            done = tag.end()
            if not depth:
                yield found.start(), done, found[1], markup[found.end() : tag.start()]
                break
        else:
            return


def _links(label: str, number: int, times: int) -> str:
    """Return the links from a note back to each place that refers to it."""
    return "".join(
        f'<a class="footnote-backref" href="#fnref{nth if nth > 1 else ""}:{label}"'
        f' title="{number}">&#8617;</a>'
        for nth in range(1, max(1, times) + 1)
    )


def _note(text: str, links: str) -> str:
    if text.endswith("</p>"):
        return f"{text.removesuffix('</p>')}&#160;{links}</p>"
    return f"{text}\n<p>{links}</p>".lstrip()


def _referring(markup: str, notes: dict[str, tuple[str, str]]) -> str:
    """Return the text with each reference numbered as the notes are."""
    numbers = {key: number for number, key in enumerate(notes, 1)}
    seen: Counter[str] = Counter()

    def reference(match: re.Match[str]) -> str:
        key = match[1].casefold()
        if key not in notes:
            return match[0]
        seen[key] += 1
        label, nth = notes[key][0], seen[key] if seen[key] > 1 else ""
        return (
            f'<sup id="fnref{nth}:{label}">'
            f'<a class="footnote-ref" href="#fn:{label}">{numbers[key]}</a></sup>'
        )

    return _REFERENCE.sub(reference, markup)
