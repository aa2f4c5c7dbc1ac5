"""What is wrong with settings that are no TOML, in an editor's words.

What comes in are a text and what tomllib said of it; what goes out is a problem with its line.
"""

import re
from typing import NamedTuple

from generator.codes import Code
from generator.errors import Problem, shortened
from generator.toml_places import first_line_of, header_above, key_of


class Spot(NamedTuple):
    """Where a parser stopped: the text, the line, its row, and what stands there `ahead`."""

    text: str
    line: int
    row: str
    ahead: str


def broken_settings(file: str, text: str, message: str) -> Problem:
    """Return the problem of a text that is no TOML."""
    said, _, place = message.partition(" (at ")
    spot = _spot(text, said, place)
    what, remedy = _told(said, spot) or (_in_toml(said), "mend the line")
    return Problem(file, spot.line, what, remedy, code=Code.BROKEN_SYNTAX)


def broken_toml(file: str, message: str, offset: int) -> Problem:
    """Return a TOML syntax error as a problem; tomllib tells the line only in its message."""
    said, _, place = message.partition(" (at ")
    line = int("".join(c for c in place.partition(",")[0] if c.isdigit()) or 0)
    return Problem(file, line + offset, _in_toml(said), "mend the line", code=Code.BROKEN_SYNTAX)


def _in_toml(said: str) -> str:
    return f"broken TOML: {said[:1].lower()}{said[1:]}"


def _spot(text: str, said: str, place: str) -> Spot:
    """Return the spot that tomllib names; of a text that never ends it is where that begins."""
    rows = text.split("\n")
    if not (found := re.match(r"line (\d+), column (\d+)", place)):
        begun = _BEGUN.get(said, ())
        start = max(map(text.rfind, begun)) if begun else len(text.rstrip())
        line = text.count("\n", 0, start) + 1
        return Spot(text, line, rows[line - 1].rstrip("\r"), "")
    line, column = int(found[1]), int(found[2])
    row = rows[line - 1] if line <= len(rows) else ""
    return Spot(text, line, row.rstrip("\r"), row[column - 1 :].strip())


def _told(said: str, spot: Spot) -> tuple[str, str] | None:
    """Return what is wrong and what to do, if more is known than what tomllib said."""
    if said.startswith("Cannot "):
        return _twice(spot)
    if said in _NEVER_CLOSED:
        return _unclosed_text(spot)
    if said == "Invalid value" and spot.ahead:
        return _in_toml(said), _value_for(spot.ahead)
    if said.startswith("Unclosed"):
        return _unclosed_list(said, spot)
    if said.startswith("Expected newline"):
        return _in_toml(said), _one_value(spot)
    if said.startswith("Unescaped"):
        return _in_toml(said), "put the text between single quotes, or write each \\ twice"
    return None


def _twice(spot: Spot) -> tuple[str, str] | None:
    """Return that a table, or a setting, is given a second time."""
    header, key = header_above(spot.text, spot.line), key_of(spot.row)
    first = first_line_of(spot.text, (*header, *key))
    if not first or first == spot.line:
        return None
    if key:
        return f"`{'.'.join(key)}` is there already, in line {first}", "take one of the two out"
    return f"[{'.'.join(header)}] is there already, in line {first}", "put the lines below it"


def _unclosed_text(spot: Spot) -> tuple[str, str]:
    remedy = "put it behind the text"
    if spot.row.rstrip().endswith(_CURLY):
        remedy = _STRAIGHT
    return "the quotation mark is never closed", remedy


def _value_for(ahead: str) -> str:
    """Return what to write in place of what is no value."""
    if ahead.startswith(_CURLY):
        return _STRAIGHT
    written = re.split(r"\s*(?:[,\]}]|\s#|$)", ahead, maxsplit=1)[0]
    if meant := _SWITCHES.get(written.casefold()):
        return f"write {meant}"
    text = shortened(written.strip("\"'"))
    return f'put the text in quotes: "{text}"' if text else "mend the line"


def _unclosed_list(said: str, spot: Spot) -> tuple[str, str]:
    is_table = "table" in said
    begins = r"$|#" if is_table else r"$|#|\[\[?[\w.]+\]|[\w.-]+\s*="
    if re.match(begins, spot.ahead):
        sign = "}" if is_table else "]"
        return f"a bracket is never closed: `{sign}` is missing", "put it behind the last value"
    return f"a comma is missing before {shortened(spot.ahead, 20)}", "put it there"


def _one_value(spot: Spot) -> str:
    """Return what to do about what stands behind a value."""
    value = spot.row.partition("=")[2].strip()
    if value.startswith(('"', "'")):
        if any(mark in spot.ahead for mark in "\"'") and not re.match(r",?\s*[\"']", spot.ahead):
            return 'write a quotation mark within a text as \\"'
        return 'leave one text, or put several in brackets, with commas: ["a", "b"]'
    return _value_for(value)


_BEGUN = {
    "Unterminated string": ('"""', '"'),
    'Expected "\'"': ("'",),
    "Expected \"'''\"": ("'''",),
}
"""What tomllib says at the end of a document, and how that may begin which never ends."""
_NEVER_CLOSED = (*_BEGUN, r"Illegal character '\n'", r"Found invalid character '\n'")
_CURLY = "“", "”", "„", "‟", "‘", "’", "‚", "«", "»"
_STRAIGHT = 'use straight quotes: "…"'
_SWITCHES = {"true": "true", "false": "false"} | dict.fromkeys(("yes", "on"), "true")
_SWITCHES |= dict.fromkeys(("no", "off"), "false")
