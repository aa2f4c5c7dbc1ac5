"""Numbers of a table as spreadsheets of many countries write them: `1.200,5` for 1200.5.

Where commas part the cells they part no decimals. Where semicolons or tabs do, one number with a
comma tells how all of the file are meant; where none has one, `1.200` may be either.
"""

import re
from collections.abc import Iterator, Sequence

from generator.codes import Code
from generator.content.data.rows import Rows
from generator.errors import Problem

_SIGN = r"[+\u2212-]?"
_WITH_COMMA = re.compile(rf"{_SIGN}(?:\d{{1,3}}(?:\.\d{{3}})+|\d+),\d+[ \u00a0\u202f]?%?")
_WITHOUT = re.compile(rf"{_SIGN}(?:\d{{1,3}}(?:\.\d{{3}})+|\d+)[ \u00a0\u202f]?%?")
_GROUPED = re.compile(rf"{_SIGN}\d{{1,3}}(?:\.\d{{3}})+[ \u00a0\u202f]?%?")
_WITH_POINT = re.compile(rf"{_SIGN}\d+\.(?!\d{{3}}\D?%?$)\d+[ \u00a0\u202f]?%?")


def with_points(rows: Rows, file: str) -> tuple[list[list[str]], list[Problem]]:
    """Return the cells of a table, their numbers with a point before decimals and no other sign.

    With them comes a warning if nobody can tell whether a point parts decimals or thousands.
    """
    if rows.sign == ",":
        return rows.cells, []
    if any(map(_WITH_COMMA.fullmatch, _every(rows.cells))):
        return [[*map(_pointed, cells)] for cells in rows.cells], []
    return rows.cells, [*_doubtful(rows, file)]


def _every(cells: Sequence[Sequence[str]]) -> Iterator[str]:
    return (cell for row in cells for cell in row)


def _pointed(cell: str) -> str:
    is_number = _WITH_COMMA.fullmatch(cell) or _WITHOUT.fullmatch(cell)
    return cell.replace(".", "").replace(",", ".") if is_number else cell


def _doubtful(rows: Rows, file: str) -> Iterator[Problem]:
    if any(map(_WITH_POINT.fullmatch, _every(rows.cells))):
        return
    for line, cells in zip(rows.lines, rows.cells, strict=True):
        for cell in filter(_GROUPED.fullmatch, cells):
            plain = cell.replace(".", "")
            what = f'nobody can tell whether "{cell}" is {plain} or has decimals: here it has'
            remedy = f"write {plain}, or one more decimal: {cell}0"
            yield Problem(file, line, what, remedy, "warning", code=Code.WRONG_VALUE)
            return
