"""What a chart shows, from the table of a file: series of numbers over what they are of.

In comes a table, a kind of chart and names of columns; out go numbers and labels, in order. How
they are drawn is not known here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Literal, get_args

from babel import Locale

from generator.codes import Code
from generator.errors import shortened, visible
from generator.model import Value
from generator.templates.numbers import Quantity, format_quantity, read_quantity
from generator.templates.questions import QueryError
from generator.templates.tables import Numbers, column_at, is_of_years, numbers_of
from generator.templates.views import Table

ChartKind = Literal["bar", "column", "line", "stacked"]
KINDS: tuple[ChartKind, ...] = get_args(ChartKind)

MOST_SERIES = 12
"""More of them nobody tells apart."""
MOST_POINTS: dict[ChartKind, int] = {"bar": 300, "column": 300, "line": 3_000, "stacked": 600}
"""Numbers of a chart, of all series together."""


class Series(Value, frozen=True):
    """Numbers under one name; None where nothing is known."""

    name: str
    values: tuple[float | None, ...]


class ChartData(Value, frozen=True):
    """What a chart shows: series, each with a number to each of the `labels`.

    What has an order that can be measured, such as days, comes in it, and has `positions`.
    `extents` are the smallest and the largest number of each series, as readers read them.
    `columns` are those of the table that all of it is from.
    """

    kind: ChartKind
    columns: tuple[str, ...]
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    extents: tuple["Extent", ...]
    positions: tuple[float, ...] = ()
    is_percent: bool = False


class Extent(Value, frozen=True):
    """The smallest and the largest number of a series, and where they are, in words."""

    name: str
    least: str
    least_at: str
    most: str
    most_at: str


def chart_data(
    table: Table,
    kind: str,
    x: str | None,
    y: tuple[str, ...] | None,
    language: str,
    year: str,
) -> ChartData:
    """Return what a chart of some columns shows: by default all numbers over the first column.

    `year` is the word for one. Raises `QueryError` for what no chart can show.
    """
    chosen: ChartKind = next((one for one in KINDS if one == kind), "bar")
    first = table.columns.index(x) if x in table.columns else 0
    numbers = dict(_series(table, first, y, year))
    _refuse(chosen, table, numbers)
    cells = column_at(table, first)
    are_years = is_of_years(table, first, year, True)
    measured = _measured(cells, are_years or chosen == "line")
    order = [*range(len(cells))]
    order = sorted(order, key=measured.__getitem__) if measured else order
    labels = _labels(cells, are_years, language)
    known = {name: [some[row] for row in order] for name, some in numbers.items()}
    shown = tuple(labels[row] for row in order)
    return ChartData(
        kind=chosen,
        columns=tuple(dict.fromkeys((table.columns[first], *known))),
        labels=shown,
        series=tuple(_in_order(name, some) for name, some in known.items()),
        extents=tuple(_extent(name, some, shown, language) for name, some in known.items()),
        positions=tuple(measured[row] for row in order) if measured else (),
        is_percent=all(one.is_percent for some in known.values() for one in some if one),
    )


def _series(
    table: Table, first: int, y: Sequence[str] | None, year: str
) -> Iterator[tuple[str, Numbers]]:
    for name in table.columns if y is None else y:
        if name not in table.columns:
            continue
        place = table.columns.index(name)
        if y is None and (place == first or is_of_years(table, place, year, False)):
            continue
        numbers = numbers_of(column_at(table, place))
        if numbers is not None:
            yield name, numbers


def _refuse(kind: ChartKind, table: Table, numbers: dict[str, Numbers]) -> None:
    """Raise `QueryError` for what no chart can show."""
    points = len(numbers) * len(table.rows)
    if not numbers:
        what = "there is no column of numbers for a chart in its table"
        remedy = f"numbers are such as 1234.5, -3 or 12%{_not_one(table)}"
        raise QueryError(what, remedy, Code.WRONG_BLOCK)
    if len(numbers) > MOST_SERIES:
        what = f"this chart has {len(numbers)} series, and readers tell {MOST_SERIES} apart at most"
        names = ", ".join([*numbers][:2])
        raise QueryError(what, f'choose some of them, as in `y="{names}"`', Code.TOO_LARGE)
    if points > MOST_POINTS[kind]:
        what = (
            f"this chart has {points:,} numbers; one of its kind has {MOST_POINTS[kind]:,} at most"
        )
        remedy = "choose fewer columns by `y`, or shorten the file"
        remedy += "" if kind == "line" else '; `kind="line"` may have more'
        raise QueryError(what, remedy, Code.TOO_LARGE)


def _not_one(table: Table) -> str:
    """Return, for a message, what looks like a number below its first column and is none."""
    for row in table.rows:
        for cell, name in zip(row[1:], table.columns[1:], strict=False):
            if _DIGIT.search(cell) and read_quantity(cell) is None:
                return f', and "{shortened(cell)}" in the column "{visible(name)}" is none'
    return ""


_DIGIT = re.compile("[0-9]")


def _in_order(name: str, numbers: Iterable[Quantity | None]) -> Series:
    return Series(name, tuple(None if one is None else float(one.value) for one in numbers))


def _extent(
    name: str, numbers: Sequence[Quantity | None], labels: Sequence[str], language: str
) -> Extent:
    known = [(one.value, row, one) for row, one in enumerate(numbers) if one]
    least = min(known)
    most = min(known, key=lambda found: (-found[0], found[1]))
    shown = (format_quantity(one, language) for _, _, one in (least, most))
    return Extent(name, next(shown), labels[least[1]], next(shown), labels[most[1]])


# ------------------------------------------------------------- what the numbers are of

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")


def _measured(cells: Sequence[str], with_numbers: bool) -> tuple[float, ...]:
    """Return where cells are on a scale, if all of them are: days, or else numbers."""
    days = [_day(cell) for cell in cells]
    if all(days):
        return tuple(float(day.toordinal()) for day in days if day)
    numbers = [read_quantity(cell) for cell in cells] if with_numbers else [None]
    return tuple(float(one.value) for one in numbers if one) if all(numbers) else ()


def _day(cell: str) -> date | None:
    """Return the day that a cell names after ISO 8601; of a month the first."""
    found = _DAY.fullmatch(cell)
    try:
        return date(int(found[1]), int(found[2]), int(found[3] or 1)) if found else None
    except ValueError:
        return None


def _labels(cells: Sequence[str], are_years: bool, language: str) -> tuple[str, ...]:
    """Return cells as readers read them: dates, and numbers that are no years, in a language."""
    if are_years:
        return tuple(cells)
    return tuple(_label(cell, language) for cell in cells)


def _label(cell: str, language: str) -> str:
    if day := _day(cell):
        return _shown_day(day, "yMMMd" if len(cell) > len("2026-03") else "yMMM", language)
    number = read_quantity(cell)
    return format_quantity(number, language) if number else cell


@lru_cache(maxsize=1024)
def _shown_day(day: date, skeleton: str, language: str) -> str:
    from babel.dates import format_skeleton

    return format_skeleton(skeleton, day, locale=Locale.parse(language, sep="-"))
