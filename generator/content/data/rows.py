"""A table as spreadsheets write it: CSV, RFC 4180, with commas, semicolons or tabs.

Which of the three it is the first line tells: the sign that stands there outside of quotation
marks. Blanks around a cell are none of it, and a row of empty cells alone is none.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from typing import NamedTuple

from generator.codes import Code
from generator.errors import Problem, counted
from generator.schema import CONTROL

MOST_CELLS = 500_000
_MOST_TOLD = 100
"""Rows of a file of which each is told that it is wrong."""


class Rows(NamedTuple):
    """The names of the columns, the cells of each row below them, and the lines of those rows.

    The `sign` is what parts the cells.
    """

    columns: list[str]
    cells: list[list[str]]
    lines: list[int]
    sign: str = ","


def read_rows(text: str, file: str) -> tuple[Rows, list[Problem]]:
    """Return the table in a text, and what is wrong with it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    start = len(text) - len(_EMPTY.sub("", text))
    signs = _signs(text, start)
    if len(signs) > 1:
        both = " and ".join(f'"{sign}"' for sign in sorted(signs))
        what = f"the first line has {both}: nobody knows which of them parts the cells"
        remedy = "put names of columns that hold one of them in quotation marks"
        line = text.count("\n", 0, start) + 1
        return _NONE, [Problem(file, line, what, remedy, code=Code.BROKEN_SYNTAX)]
    sign = next(iter(signs), ",")
    rows, broken = _cells(text, sign, file)
    if not rows:
        what, remedy = "there is nothing in it", "write the names of the columns in its first line"
        return _NONE, broken or [Problem(file, 1, what, remedy, code=Code.MISSING_FIELD)]
    (line, columns), *others = rows
    wrong = [*_wrong_columns(columns, line, file), *broken]
    uneven = (_uneven(row, columns, sign, file) for row in others if len(row.cells) != len(columns))
    wrong += islice(uneven, _MOST_TOLD)
    if len(rows) * len(columns) > MOST_CELLS:
        what = f"this table has more than {MOST_CELLS:,} cells"
        wrong.append(Problem(file, 0, what, "part it", code=Code.TOO_LARGE))
    cells, lines = [row.cells for row in others], [row.line for row in others]
    return Rows(columns, cells, lines, sign), wrong


_NONE = Rows([], [], [])


class _Row(NamedTuple):
    line: int
    cells: list[str]


def _signs(text: str, place: int) -> set[str]:
    """Return what may part the cells of the line that starts at a place.

    A tab is part of nobody's name for a column, so where one stands it parts them.
    """
    signs = set[str]()
    while found := _CELL.match(text, place):
        if found[1] in ("", "\n"):
            break
        signs.add(found[1])
        place = found.end()
    return {"\t"} if "\t" in signs else signs


_EMPTY = re.compile(r"\A(?: *\n)+")
_CELL = re.compile(r' *(?:"(?:[^"]|"")*"|[^",;\t\n][^,;\t\n]*|)([,;\t\n]|\Z)')


def _cells(text: str, sign: str, file: str) -> tuple[list[_Row], list[Problem]]:
    """Return the rows, as far as they can be parted, and why they cannot any further."""
    rows: list[_Row] = []
    reader = csv.reader(StringIO(text), delimiter=sign, strict=True, skipinitialspace=True)
    line = 1
    try:
        for cells in reader:
            stripped = [CONTROL.sub("", cell).strip() for cell in cells]
            if any(stripped):
                rows.append(_Row(line, stripped))
            line = reader.line_num + 1
    except csv.Error as error:
        what, remedy = _words(str(error))
        return rows, [Problem(file, line, what, remedy, code=Code.BROKEN_SYNTAX)]
    return rows, []


def _words(error: str) -> tuple[str, str]:
    """Return what Python's reader says of a row in an editor's words, and what to do."""
    if "unexpected end" in error:
        what = "a quotation mark is opened in this row and never closed"
        return what, 'close it; write "" for one that stands in the text'
    if "expected after" in error:
        what = "there is more behind the quotation mark that closes a cell of this row"
        return what, 'write "" for each quotation mark that stands in the text'
    if "field limit" in error:
        what = f"a cell of this row has more than {csv.field_size_limit():,} characters"
        return what, "shorten it, or close a quotation mark in it"
    return f"broken CSV: {error}", "mend the row"


def _wrong_columns(columns: list[str], line: int, file: str) -> Iterator[Problem]:
    for number, name in enumerate(columns, 1):
        if not name:
            what = f"column {number} of {len(columns)} has no name"
            remedy = "write one in this line, or take the column out"
            yield Problem(file, line, what, remedy, code=Code.MISSING_FIELD)
    for name, number in Counter(columns).items():
        if name and number > 1:
            what = f'{number} columns have the name "{name}"'
            yield Problem(file, line, what, "give each a name of its own", code=Code.WRONG_VALUE)


def _uneven(row: _Row, columns: list[str], sign: str, file: str) -> Problem:
    what = f"this row has {counted(len(row.cells), 'cell')}, and there are {len(columns)} columns"
    remedy = "add the cells that are missing, be they empty"
    if len(row.cells) > len(columns):
        shown = "tab" if sign == "\t" else f'"{sign}"'
        remedy = f"take out what is too much; put a text that holds a {shown} in quotation marks"
    return Problem(file, row.line, what, remedy, code=Code.WRONG_VALUE)
