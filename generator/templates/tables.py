"""Tables of spreadsheets as readers see them: columns chosen, numbers told from words.

In comes the table of a file; out goes one whose numbers are written as a language has them. A
column is one of numbers if every cell of it is one, but for those that hold nothing. Years and
codes are words that consist of digits: nobody adds them up.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from generator.codes import Code
from generator.model import Value
from generator.templates.numbers import Quantity, format_quantity, read_quantity
from generator.templates.questions import QueryError
from generator.templates.views import Table

MOST_SHOWN = 20_000
"""Cells of a table on a page."""

Numbers = tuple[Quantity | None, ...]
"""A column of numbers, cell by cell; None where nothing is known."""


class Column(Value, frozen=True):
    """The heading of a column, and whether there are numbers below it."""

    name: str
    is_number: bool = False


class ShownTable(Value, frozen=True):
    """A table as a page shows it: its columns, and the cells of each row."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def has_heads(self) -> bool:
        """Return whether the first cell of a row is its heading: a word."""
        return bool(self.columns) and not self.columns[0].is_number

    def lines(self, most: int) -> tuple[str, ...]:
        """Return the headings and so many rows as lines of plain text, aligned."""
        heads = tuple(column.name for column in self.columns)
        rows = [
            [cut(" ".join(cell.split()), _WIDEST) for cell in row]
            for row in (heads, *self.rows[:most])
        ]
        widths = [max(map(width_of, cells)) for cells in zip(*rows, strict=True)]
        ends = [column.is_number for column in self.columns]
        return tuple(_GAP.join(map(_padded, row, widths, ends)).rstrip(_BLANK) for row in rows)


@lru_cache(maxsize=64)
def shown_table(
    table: Table, columns: tuple[str, ...] | None, language: str, year: str
) -> ShownTable:
    """Return a table with these of its columns, or all, in this order. `year` is the word for one.

    Raises `QueryError` if it has more cells than a page can hold.
    """
    places = _places(table, columns)
    if len(places) * len(table.rows) > MOST_SHOWN:
        raise _too_large(len(places) * len(table.rows))
    heads, cells = list[Column](), list[Iterable[str]]()
    for place in places:
        column = column_at(table, place)
        numbers = numbers_of(column)
        if numbers is None or is_of_years(table, place, year, place == places[0]):
            heads.append(Column(table.columns[place]))
            cells.append(column)
        else:
            heads.append(Column(table.columns[place], True))
            cells.append(_written(column, numbers, language))
    return ShownTable(tuple(heads), tuple(zip(*cells, strict=True)))


def column_at(table: Table, place: int) -> tuple[str, ...]:
    """Return the cells of a column."""
    return tuple(row[place] if place < len(row) else "" for row in table.rows)


def numbers_of(cells: Iterable[str]) -> Numbers | None:
    """Return the numbers in the cells of a column, or None if it is not one of numbers."""
    numbers = list[Quantity | None]()
    for cell in cells:
        number = read_quantity(cell)
        if number is None and not is_missing(cell):
            return None
        numbers.append(number)
    return tuple(numbers) if any(numbers) else None


def is_missing(cell: str) -> bool:
    """Return whether a cell says that there is nothing to say."""
    return cell.casefold() in _MISSING


def is_of_years(table: Table, place: int, year: str, is_first: bool) -> bool:
    """Return whether the whole numbers of a column are years: it comes first, or says so."""
    if not all(_YEAR.fullmatch(cell) for cell in column_at(table, place) if not is_missing(cell)):
        return False
    names = {"year", "years", year.casefold()}
    said = _WORD.findall(table.columns[place].casefold())
    return is_first or any(word.endswith(name) for word in said for name in names)


def cut(text: str, most: int) -> str:
    """Return a text that takes no more than so many places, cut with "…" if need be."""
    if width_of(text) <= most:
        return text
    head = text[: most - 1]
    while width_of(head) >= most:
        head = head[:-1]
    return f"{head.rstrip()}…"


def width_of(text: str) -> int:
    """Return how many places a text takes where all letters are of one width (UAX #11)."""
    if text.isascii():
        return len(text)
    marks = sum(unicodedata.category(letter) in ("Mn", "Me", "Cf") for letter in text)
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) - marks + wide


_MISSING = frozenset(("", "-", "–", "—", "…", "...", "n/a"))
_YEAR = re.compile(r"1[0-9]{3}|20[0-9]{2}")
_WORD = re.compile(r"\w+")


def _places(table: Table, columns: Sequence[str] | None) -> list[int]:
    if columns is None:
        return [*range(len(table.columns))]
    return [table.columns.index(name) for name in columns if name in table.columns]


def _too_large(number: int) -> QueryError:
    what = f"this table has {number:,} cells, and a page shows {MOST_SHOWN:,} at most"
    remedy = 'choose fewer columns, as in `columns="Year, Price"`, or part the file'
    return QueryError(what, remedy, Code.TOO_LARGE)


def _written(cells: Iterable[str], numbers: Numbers, language: str) -> list[str]:
    return [
        cell if number is None else format_quantity(number, language)
        for cell, number in zip(cells, numbers, strict=True)
    ]


# ------------------------------------------------------------------------------ plain text

_WIDEST = 32
"""Letters of a cell in a line of plain text."""
_BLANK = "\u00a0"
"""A blank that is not folded into one with others."""
_GAP = 2 * _BLANK


def _padded(cell: str, width: int, at_end: bool) -> str:
    blanks = _BLANK * (width - width_of(cell))
    return blanks + cell if at_end else cell + blanks
