"""A short way from Markdown to HTML for the blocks of which most texts are made.

What comes in is a body, and what converts any Markdown; what goes out is the very HTML that this
would make of it. Paragraphs, headings, plain lists, quotations and tables, with links, emphasis and
code in their lines, are converted here; what stands between them goes the long way.

Most texts hold few of the characters that mean something: to look for each of those by itself
takes a tenth of the time that one expression for all of them takes.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from markdown.util import ETX

from generator.content.markdown.fences import LONE_SIGN, SIGN, SIGNED, in_html

_BETWEEN = "\x16"
"""A paragraph in the place of what is converted here."""
_PARTED = re.compile(f"\n?<p>{_BETWEEN}</p>\n?")


def direct_html(body: str, to_html: Callable[[str], str]) -> str:
    """Return what `to_html` makes of a body; it is asked for no more than it has to be."""
    text = body.strip("\n")
    if not text or _may_reach_far(text):
        return to_html(body)
    runs = _runs(text)
    rest = [run.source for run in runs if run.html is None]
    if not rest:
        return "\n".join(str(run.html) for run in runs)
    if len(rest) == len(runs):
        return to_html(body)
    converted, sign, notes = to_html(f"\n\n{_BETWEEN}\n\n".join(rest)).partition(_NOTES)
    others = _PARTED.split(converted.removesuffix("\n"))
    if len(others) != len(rest) or ETX in converted:  # of a placeholder that the library forgot
        return to_html(body)
    found = iter(others)
    shown = (next(found) if run.html is None else run.html for run in runs)
    return "\n".join(filter(None, [*shown, sign + notes]))


_NOTES = '<div class="footnote">'
"""Begins the notes, which stand at the end, whatever block they belong to."""
_PLACE_OF_NOTES = "///"
"""Begins the sign for another place of the notes."""
_TERM = re.compile(r"\n {0,3}:")
_PLAIN_BYTES = bytes({ord("\n"), *range(0x20, 0x7F), *range(0x80, 0x100)})
_FENCED = re.compile(
    r"(```(?<![^\n]```)(?<![^\n]\n```)[\w+#.-]*(?: ?\{[^`{}\n]*\})?\n"
    r"(?:(?!```)[^\n]*\n)*```)(?=\n\n|\Z)"
)
"""Code between two fences that stands by itself."""
_EMPTY_LINE = re.compile(r"(?:\A|\n) +\n")


def _may_reach_far(text: str) -> bool:
    """Return whether something may concern blocks beyond the empty lines around its own.

    That is HTML, an odd fence, a character reference, a term that is defined. What is asked first,
    for one character, takes a tenth of the time.
    """
    return (
        "<" in text
        or ("`" in text and text.count("```") > 2 * len(_FENCED.findall(text)))
        or ("~" in text and "~~~" in text)
        or ("&" in text and "&#" in text)
        or ("^" in text and _PLACE_OF_NOTES in text)
        or (":" in text and bool(_TERM.search(text) or text.lstrip(" ").startswith(":")))
        or bool(text.encode(errors="replace").translate(None, _PLAIN_BYTES))
        or (" \n" in text and bool(_EMPTY_LINE.search(text)))
    )


# ------------------------------------------------------------------------------ blocks


class _Run(NamedTuple):
    """Blocks that may belong together, and their HTML if it is known."""

    source: str
    html: str | None


def _runs(text: str) -> list[_Run]:
    """Return the blocks of a text, parted where surely a new one begins."""
    runs: list[_Run] = []
    for piece in _pieces(text):
        block = piece.lstrip("\n")  # of three line ends and more
        html = _html(block) if block else None
        if html is not None:
            runs.append(_Run(block, html))
        elif runs and runs[-1].html is None:
            runs[-1] = _Run(f"{runs[-1].source}\n\n{piece}", None)
        elif block:
            runs.append(_Run(block, None))
    return [run if run.html else _alone(run) for run in runs]


def _pieces(text: str) -> Iterator[str]:
    """Yield what stands between empty lines that are in no code between fences."""
    parts = _FENCED.split(text) if "```" in text else [text]
    if SIGN in text:
        parts[::2] = [LONE_SIGN.sub(r"\n\n\1\n\n", part) for part in parts[::2]]
    for number, part in enumerate(parts):
        yield from [part] if number % 2 else part.strip("\n").split("\n\n")


def _html(block: str) -> str | None:
    if block[0] == SIGN and SIGNED.fullmatch(block):
        return in_html(block)
    if _is_unusual(block):
        return None
    return _paragraph(block) or _heading(block) if "|" not in block else _table(block)


def _is_unusual(block: str) -> bool:
    """Return whether a block has what only the library knows.

    Those are escapes, attributes, lines that are indented or broken.
    """
    return (
        "\\" in block
        or "{" in block
        or "}" in block
        or SIGN in block
        or block[-1].isspace()
        or ("\n" in block and ("\n " in block or " \n" in block))
    )


_NO_LINE = r"(?:[#=\-+>:]|\*(?!\*?\w)|_(?!\w)|\d+[.)])"
"""How a line begins that is, or may be, none of a paragraph."""
_OTHER = re.compile(rf" *{_NO_LINE}|\s")
_OTHER_LINE = re.compile(rf"\n{_NO_LINE}")
_HEADING = re.compile(r"(#{1,6}) ([^#\n]+)")
_ITEM = re.compile(rf"- (?!{_NO_LINE}|\s)[^\n]+")
_NUMBERED = re.compile(rf"\d{{1,9}}\. (?!{_NO_LINE}|\s)[^\n]+")


def _paragraph(block: str) -> str | None:
    if _OTHER.match(block) or ("\n" in block and _OTHER_LINE.search(block)):
        return None
    line = _line(block)
    return None if line is None else f"<p>{line}</p>"


def _heading(block: str) -> str | None:
    heading = _HEADING.fullmatch(block) if block[0] == "#" else None
    line = _line(heading[2].strip()) if heading else None
    if heading is None or not line:
        return None
    level = len(heading[1])
    return f"<h{level}>{line}</h{level}>"


def _alone(run: _Run) -> _Run:
    """Return a run with its HTML, if it is one list or quotation that nothing belongs to."""
    block = run.source.rstrip("\n")
    if block[0] not in "-1>" or "\n\n" in block or "|" in block or _is_unusual(block):
        return run
    return run._replace(html=_quotation(block) if block[0] == ">" else _list(block))


def _list(block: str) -> str | None:
    lines = block.split("\n")
    name, sign = ("ul", _ITEM) if block[0] == "-" else ("ol", _NUMBERED)
    if not all(map(sign.fullmatch, lines)) or (name == "ol" and not block.startswith("1. ")):
        return None
    items = [_line(line.partition(" ")[2].strip()) for line in lines]
    if not all(items):
        return None
    shown = "".join(f"<li>{item}</li>\n" for item in items)
    return f"<{name}>\n{shown}</{name}>"


def _quotation(block: str) -> str | None:
    lines = block.split("\n")
    if not all(line.startswith("> ") for line in lines):
        return None
    paragraph = _paragraph("\n".join(line[2:] for line in lines))
    return paragraph and f"<blockquote>\n{paragraph}\n</blockquote>"


_ROW = re.compile(r"\|[^|`\n]*(?:\|[^|`\n]*)+\|")
_DELIMITER = re.compile(r" *(:?)-+(:?) *")
_ALIGNMENTS = {
    ("", ""): "",
    (":", ""): ' style="text-align: left;"',
    ("", ":"): ' style="text-align: right;"',
    (":", ":"): ' style="text-align: center;"',
}


def _table(block: str) -> str | None:
    """Return the HTML of a table whose rows all have as many cells, between two signs each."""
    lines = block.split("\n")
    if len(lines) < 3 or not all(map(_ROW.fullmatch, lines)):
        return None
    head, delimiters, *rows = (line[1:-1].split("|") for line in lines)
    found = [*map(_DELIMITER.fullmatch, delimiters)]
    if any(len(row) != len(head) for row in (delimiters, *rows)) or not all(found):
        return None
    aligned = [_ALIGNMENTS[match[1], match[2]] for match in found if match]
    shown = [_row(head, "th", aligned), *(_row(row, "td", aligned) for row in rows)]
    if not all(shown):
        return None
    body = "".join(filter(None, shown[1:]))
    return f"<table>\n<thead>\n{shown[0]}</thead>\n<tbody>\n{body}</tbody>\n</table>"


def _row(cells: list[str], name: str, aligned: list[str]) -> str | None:
    lines = [_line(cell.strip(" ")) for cell in cells]
    if None in lines:
        return None
    pairs = zip(lines, aligned, strict=True)
    shown = "".join(f"<{name}{style}>{line}</{name}>\n" for line, style in pairs)
    return f"<tr>\n{shown}</tr>\n"


# ------------------------------------------------------------------------------- lines

_TEXT = r"[^\s*_`\[\]!](?:[^*_`\[\]!]*[^\s*_`\[\]!])?"
_APART = r"(?<![!\]\w*_`]{})"
# The sign comes first, and then a look at what precedes it: so the search may go from sign to sign.
_SPAN = re.compile(
    rf"(?:\[{_APART.format('.')}(?P<text>{_TEXT})\]"
    r"\((?P<url>[^\s()\"'\[\]*`?]+)(?: \"(?P<title>[^\"\n\[\]*_`]+)\")?\)"
    rf"|\*\*{_APART.format('..')}(?P<strong>{_TEXT})\*\*"
    rf"|\*{_APART.format('.')}(?P<em>{_TEXT})\*"
    rf"|_{_APART.format('.')}(?P<also_em>{_TEXT})_"
    rf"|`{_APART.format('.')}(?P<code>[^`\n\s](?:[^`\n]*[^`\n\s])?)`)"
    r"(?![\w*_\[(`])"
)


_ENTITY = re.compile(r"&\w+;")
_AMP = re.compile("&(?![0-9a-zA-Z]+;)")


def _line(text: str) -> str | None:
    """Return the HTML of what stands in a line or in several, None if only the library knows it."""
    if "&" in text:
        if ";" in text and _ENTITY.search(text) and (_has_marks(text) or not text.isascii()):
            return None
        text = _AMP.sub("&amp;", text)
    text = text.replace(">", "&gt;")
    if not _has_marks(text):
        return text
    parts, done = list[str](), 0
    for found in _SPAN.finditer(text):
        before = text[done : found.start()]
        if _has_marks(before):
            return None
        parts += before, _span(found)
        done = found.end()
    after = text[done:]
    return None if _has_marks(after) else "".join([*parts, after])


def _has_marks(text: str) -> bool:
    return "[" in text or "*" in text or "_" in text or "]" in text or "`" in text


def _span(found: re.Match[str]) -> str:
    text, url, title, strong, em, also_em, code = found.groups()
    if url:
        title = f' title="{title.strip()}"' if title else ""
        return f'<a href="{url}"{title}>{text}</a>'
    if strong:
        return f"<strong>{strong}</strong>"
    return f"<code>{code}</code>" if code else f"<em>{em or also_em}</em>"
