"""Numbers of tables as spreadsheets of many countries write them."""

import pytest

from generator.content.data.points import with_points
from generator.content.data.rows import read_rows


def read(text: str) -> tuple[list[list[str]], list[str]]:
    rows, wrong = read_rows(text, "content/n.csv")
    assert wrong == []
    cells, doubtful = with_points(rows, "content/n.csv")
    return cells, list(map(str, doubtful))


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("Jahr;Preis;Menge\n2020;1,5;1.200\n2021;-2,75 %;1.234.567,8", None),
        ("a,b\n1.5,2", [["1.5", "2"]]),
        ('a,b\n"1,234",2', [["1,234", "2"]]),
        ("a;b\n1.25;1.200", [["1.25", "1.200"]]),
        ("a;b\n1.200;1,5", [["1200", "1.5"]]),
        ("a\tb\n1,5\tx,y", [["1.5", "x,y"]]),
        ("a;b\n1.2.2020;1,5", [["1.2.2020", "1.5"]]),
        ("a;b\n0049;0,5", [["0049", "0.5"]]),
    ],
)
def test_a_comma_before_decimals_tells_of_the_whole_file(
    text: str, cells: list[list[str]] | None
) -> None:
    german = [["2020", "1.5", "1200"], ["2021", "-2.75 %", "1234567.8"]]
    assert read(text) == (german if cells is None else cells, [])


def test_what_may_be_either_is_told() -> None:
    cells, told = read("a;b\nx;y\nx;1.200")
    assert cells == [["x", "y"], ["x", "1.200"]]
    assert told == [
        'content/n.csv:3: nobody can tell whether "1.200" is 1200 or has decimals: here it has;'
        " write 1200, or one more decimal: 1.2000"
    ]


def test_characters_that_nobody_sees_are_no_part_of_a_cell() -> None:
    assert read("a,b\n1\x0b,x\x01y\n") == ([["1", "xy"]], [])
