"""A block as somebody would type it, with all that others wrote in it made harmless.

In come a name, arguments and words; out goes Markdown that both engines and Broadsheet read as
nothing but these.
"""

import re
from collections.abc import Mapping


def written_block(name: str, first: str, arguments: Mapping[str, str], words: str) -> str:
    """Return a block: a value without a name, others by theirs if there are any, and what is in it.

    The words are plain text; an empty line is between their paragraphs.
    """
    leading = first if _PLAIN.fullmatch(first) else _quoted(first)
    said = (f"{key}={_quoted(value)}" for key, value in arguments.items() if value)
    opening = " ".join((f"::: {name}", leading, *said))
    return f"{opening}\n{in_markdown(words)}\n:::\n" if words else f"{opening} :::\n"


def in_markdown(text: str) -> str:
    """Return Markdown that is shown as this text, line for line."""
    paragraphs = re.split(r"\n{2,}", text.strip("\n"))
    return "\n\n".join("  \n".join(map(_line, one.split("\n"))) for one in paragraphs)


_PLAIN = re.compile(r"[^\s\"'=\\][^\s\"'\\]*")
"""A value that stands for itself without quotation marks."""


def _quoted(text: str) -> str:
    escaped = re.sub(r'(["\\])', r"\\\1", " ".join(text.split()))
    return f'"{escaped}"'


def _line(line: str) -> str:
    """Return a line in which nothing is a sign of Markdown but what leads to addresses."""
    parts = _ADDRESS.split(line.strip())
    return "".join(
        f"<{part}>" if number % 2 else _escaped(part, is_first=not number)
        for number, part in enumerate(parts)
    )


def _escaped(text: str, is_first: bool) -> str:
    plain = _SIGN.sub(_harmless, text)
    if not is_first:
        return plain
    return _BEGINNING.sub(_harmless, _ITEM.sub(r"\1\\", plain))


def _harmless(sign: re.Match[str]) -> str:
    found = sign[0]
    return f"\\{found}" if found in _ESCAPABLE else "".join(map(_entity, found))


def _entity(sign: str) -> str:
    return _ENTITIES.get(sign) or f"&#{ord(sign)};"


_ADDRESS = re.compile(r"(https?://[^\s<>\"'`\\{}|^\[\]]*[\w/=&#%+~$-])", re.ASCII | re.IGNORECASE)
_SIGN = re.compile(r"[\\`*_\[\]{}<>&~^$|]|==+|:(?=[\w+-]+:)")
_ITEM = re.compile(r"^(?:(\d{1,9})(?=[.)](?:\s|$))|(?=[#+-]))")
_BEGINNING = re.compile("^[:!=]")
"""What begins an item of a list or a heading, and a block, a call-out or a definition."""
_ESCAPABLE = "\\`*_[]"
"""What both engines take for itself behind a backslash; of all else there is the entity."""
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
