"""The files of data: how each format is read, and what is said of mistakes in them."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.config import Settings
from generator.content.data.files import DataFile, read_data
from generator.content.data.folder import ENDINGS
from generator.content.data.rows import read_rows
from generator.content.data.values import read_value
from generator.errors import Problem
from support.sites import SmallSite, refused
from support.withheld import copied, publish

SITE = Settings(title="T", url="https://t.example/")


def read(site: SmallSite) -> tuple[dict[str, Any], list[Problem]]:
    """The values of a site's data by name, rows as mappings, and what is wrong with it."""
    files, problems = read_data(site.root, SITE)
    return {name: _value(file) for name, file in files.items()}, problems


def _value(file: DataFile) -> Any:
    if not file.value:  # there is a mistake in it
        return None
    written = file.written
    columns = written.columns
    if columns is None:
        return written.value
    return [dict(zip(columns, cells, strict=True)) for cells in written.value]


def value(site: SmallSite, name: str, content: str | bytes) -> Any:
    """What stands in a file of data, in which nothing is wrong."""
    site.write({f"content/_data/{name}": content})
    values, problems = read(site)
    assert problems == []
    (only,) = values.values()
    return only


def wrong(site: SmallSite, name: str, content: str | bytes) -> list[str]:
    """What is said of a file of data."""
    site.write({f"content/_data/{name}": content})
    return list(map(str, read(site)[1]))


# ------------------------------------------------------------------------- spreadsheets

ROWS = [{"name": "Ann", "role": "Chair, acting"}, {"name": "Bo", "role": ""}]


@pytest.mark.parametrize(
    "text",
    [
        'name,role\nAnn,"Chair, acting"\nBo,\n',
        "name;role\nAnn;Chair, acting\nBo;\n",
        "name\trole\nAnn\tChair, acting\nBo\t\n",
        'name,role\r\nAnn,"Chair, acting"\r\nBo,\r\n',
        'name,role\rAnn,"Chair, acting"\rBo,',
        '\ufeffname,role\nAnn,"Chair, acting"\nBo,\n',
        '\n\nname , role\n Ann , "Chair, acting"\n\n,\nBo,""\n\n',
        '"name","role"\n"Ann","Chair, acting"\n"Bo",""\n',
        '\ufeff"name";role\nAnn;Chair, acting\nBo;\n;\n',
    ],
)
def test_rows_are_read_however_spreadsheets_write_them(site: SmallSite, text: str) -> None:
    assert value(site, "team.csv", text) == ROWS


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('name;"Price, net"\nA;1,5\n', {"name": "A", "Price, net": "1,5"}),
        ('"a;b",c\n1;2,3\n', {"a;b": "1;2", "c": "3"}),
        ("a, net\tb; net\n1\t2\n", {"a, net": "1", "b; net": "2"}),
        ("a\n1,5;6\n".replace("1,5;6", '"1,5;6"'), {"a": "1,5;6"}),
        ('a,b\n"say ""so""\nand so",ü\n', {"a": 'say "so"\nand so', "b": "ü"}),
        ('"two\nlines";b\n1;2\n', {"two\nlines": "1", "b": "2"}),
        ("a,b\n007,NULL\n", {"a": "007", "b": "NULL"}),
        ("a,b\n1,soft\x0bbreak\n", {"a": "1", "b": "soft break"}),
    ],
)
def test_a_row_has_its_texts_as_they_are(site: SmallSite, text: str, row: dict[str, str]) -> None:
    assert value(site, "t.csv", text) == [row]


def test_a_table_may_have_no_rows(site: SmallSite) -> None:
    assert value(site, "t.csv", "a,b\n") == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ["1: there is nothing in it; write the names of the columns in its first line"]),
        (
            "\na,b;c\n",
            [
                '2: the first line has "," and ";": nobody knows which of them parts the cells; '
                "put names of columns that hold one of them in quotation marks"
            ],
        ),
        (
            "a,b\n1,2\n\n1\n1,2,3\n",
            [
                "4: this row has 1 cell, and there are 2 columns; "
                "add the cells that are missing, be they empty",
                "5: this row has 3 cells, and there are 2 columns; "
                'take out what is too much; put a text that holds a "," in quotation marks',
            ],
        ),
        (
            "a\tb\n1\t2\t3\n",
            [
                "2: this row has 3 cells, and there are 2 columns; "
                "take out what is too much; put a text that holds a tab in quotation marks"
            ],
        ),
        (
            "a,b,,a\n1,2,3,4\n",
            [
                "1: column 3 of 4 has no name; write one in this line, or take the column out",
                '1: 2 columns have the name "a"; give each a name of its own',
            ],
        ),
        (
            "\tb\n1\t2\n",
            ["1: column 1 of 2 has no name; write one in this line, or take the column out"],
        ),
        (
            'a,b\n"1\n2",3\n4,"5\n6\n',
            [
                "4: a quotation mark is opened in this row and never closed; "
                'close it; write "" for one that stands in the text'
            ],
        ),
        (
            'a,b\n1,"2"3\n',
            [
                "2: there is more behind the quotation mark that closes a cell of this row; "
                'write "" for each quotation mark that stands in the text'
            ],
        ),
        (b"a,b\n1,\xe9\n", ["2: the bytes are no UTF-8 (0xe9); save the file as UTF-8"]),
        (
            'a\n"' + "x" * 140_000 + '"\n',
            [
                "2: a cell of this row has more than 131,072 characters; "
                "shorten it, or close a quotation mark in it"
            ],
        ),
    ],
)
def test_what_is_wrong_with_a_spreadsheet_is_told_by_line(
    site: SmallSite, text: str | bytes, told: list[str]
) -> None:
    assert wrong(site, "t.csv", text) == [f"content/_data/t.csv:{one}" for one in told]


def test_of_many_bad_rows_not_each_is_told(site: SmallSite) -> None:
    assert len(wrong(site, "t.csv", "a,b\n" + "1\n" * 5_000)) == 100


# ------------------------------------------------------------------- values of any kind


@pytest.mark.parametrize(
    ("name", "text", "known"),
    [
        ("a.json", '[1, {"b": true, "c": null}, "x"]', [1, {"b": True}, "x"]),
        ("a.json", '\ufeff{"a": [1.5, -2, 1e400]}', {"a": [1.5, -2, "1e400"]}),
        ("a.json", '"text"', "text"),
        ("a.json", "[12345678901234567890123]", ["12345678901234567890123"]),
        ("a.toml", "[[p]]\nn = 1\n[[p]]\nn = 2\n", {"p": [{"n": 1}, {"n": 2}]}),
        ("a.toml", "d = 2026-03-31\nt = 08:00:00\n", {"d": "2026-03-31", "t": "08:00:00"}),
        ("a.toml", "# none yet\n", {}),
        ("a.yaml", "- a: 1\n  b: 2026-03-31\n- x\n", [{"a": 1, "b": "2026-03-31"}, "x"]),
        ("a.yml", "---\na: &x [1, 2]\nb: *x\n", {"a": [1, 2], "b": [1, 2]}),
        ("a.yaml", "[] # none yet\n", []),
        ("a.YAML", "a:\nb: ~\nc: [~, no]\n", {"c": [None, False]}),
    ],
)
def test_other_formats_hold_any_value(site: SmallSite, name: str, text: str, known: Any) -> None:
    assert value(site, name, text) == known


BOMB = "- &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"- &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 8)
)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.json", "", "1: there is nothing in it; write something, or take the file out"),
        ("a.json", "\n{\n  'a': 1}", "3: broken JSON: expecting property name enclosed in double"
         " quotes; put names and texts in double quotes"),
        ("a.json", "[1,\n2", "2: broken JSON: expecting ',' delimiter; close what is opened above"),
        ("a.json", "[1]\n[2]", "2: broken JSON: extra data; take out what stands behind the value"),
        ("a.json", '[{"a": 1},\n{"b": 1,\n"b": 2}]', "3: broken JSON: the field `b` is there twice;"
         " take one of them out"),
        ("a.json", '{"a":\n["\\u0000"]}', "2: a[1]: it holds the control character '\\x00';"
         " take it out"),
        ("a.json", "[" * 120 + "]" * 120, "1: it nests deeper than 100 levels; make it flatter"),
        ("a.toml", "a = 1\nb = soon\n", '2: broken TOML: invalid value; put the text in quotes'),
        ("a.toml", "a = 1\na = 2\n", "2: broken TOML: cannot overwrite a value; mend the line"),
        ("a.yaml", "# nothing\n", "1: there is nothing in it; write something, or take the file"
         " out"),
        ("a.yaml", "a: b: c\n", "1: broken YAML: mapping values are not allowed in this context;"
         " put a text that holds a colon in quotes"),
        ("a.yaml", "name:Ann\n", "1: there is no space behind the colon of `name`; write a space"
         " behind the colon: `name: …`"),
        ("a.yaml", BOMB, "1: it unfolds to more than 500,000 values; make it smaller"),
        ("a.yaml", "a: 1\n\n\na: 2\n", "4: broken YAML: the field `a` is there twice; mend the line"
         " or the one above it"),
    ],
)  # fmt: skip
def test_what_breaks_a_format_is_told_by_line(
    site: SmallSite, name: str, text: str, told: str
) -> None:
    assert wrong(site, name, text) == [f"content/_data/{name}:{told}"]


def test_words_that_yaml_takes_for_a_comment_are_a_warning(site: SmallSite) -> None:
    site.write({"content/_data/a.yaml": "- ok\n- Track #1\n"})
    values, (problem,) = read(site)
    assert values == {"a": ["ok", "Track"]}
    assert (problem.line, problem.severity) == (2, "warning")


PIECES = [
    *"ab,;\t\"\n\r '=[]{}:#12ü|>!%?~\\",
    *("\r\n", '""', '"""', "- ", "&a", "*a", "2026-01-01", "\\u0000", "\ufeff", "\x00", "\u2028"),
    *("null", "true", "[[a]]", "---", "<<"),
]


@pytest.mark.parametrize("ending", ENDINGS[:-1])
@given(st.lists(st.sampled_from(PIECES), max_size=20))
@settings(max_examples=150, deadline=None)
def test_whatever_stands_in_a_file_is_read_or_told_by_line(ending: str, pieces: list[str]) -> None:
    text = "".join(pieces)
    rows = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    read = read_rows if ending == ".csv" else read_value
    _, problems = read(text, f"a{ending}")
    assert all(1 <= problem.line <= rows + 1 for problem in problems)


# ------------------------------------------------------------------------ names, folders


def test_files_in_folders_have_names_with_the_folder(site: SmallSite) -> None:
    site.write({"content/_data/shop/new/a.json": "1", "content/_data/shop/b.toml": "c = 2"})
    assert read(site) == ({"shop/b": {"c": 2}, "shop/new/a": 1}, [])


def test_a_name_is_the_same_however_its_accents_are_written(site: SmallSite) -> None:
    assert list(read_names(site, "Cafe\u0301.csv")) == ["Caf\u00e9"]


def read_names(site: SmallSite, file: str) -> dict[str, Any]:
    site.write({f"content/_data/{file}": "a\n1\n"})
    return read(site)[0]


def test_two_files_of_one_name_are_an_error(site: SmallSite) -> None:
    site.write({"content/_data/team.csv": "a\n1\n", "content/_data/team.toml": "a = 1"})
    assert refused(site) == [
        'content/_data/team.toml: the name "team" is that of content/_data/team.csv already;'
        " rename one of them"
    ]


def test_a_file_with_the_name_of_a_folder_is_an_error(site: SmallSite) -> None:
    site.write({"content/_data/shop.json": "1", "content/_data/shop/a.json": "1"})
    assert refused(site) == [
        'content/_data/shop.json: the name "shop" is that of a folder already, in which is'
        " content/_data/shop/a.json; rename one of them"
    ]


@pytest.mark.parametrize("name", ["photo.png", "notes.md", "team.csv.bak", "team.xlsx", "team"])
def test_a_file_of_another_kind_is_a_warning(site: SmallSite, name: str) -> None:
    site.article("a")
    site.write({f"content/_data/{name}": "x"})
    assert site.warnings() == [
        f"content/_data/{name}: no layout can see this file: it ends in none of .csv, .json, .toml,"
        " .yaml, .yml; rename it, or take it out of content/_data/"
    ]
    assert copied(site) == set()


@pytest.mark.parametrize("name", [".DS_Store", "~$team.xlsx", "team.csv~", ".gitkeep", "x.tmp"])
def test_of_clutter_nothing_is_said(site: SmallSite, name: str) -> None:
    site.article("a")
    site.write({f"content/_data/{name}": "x"})
    assert (site.warnings(), read(site)) == ([], ({}, []))


def test_nothing_of_it_is_published_or_told_as_a_secret(site: SmallSite) -> None:
    site.article("a")
    site.write({"content/_data/secrets.json": "1", "content/_data/shop/rootkey.csv": "a\n1\n"})
    assert site.warnings() == []
    assert copied(site) == set()
    assert list(read(site)[0]) == ["secrets", "shop/rootkey"]


def test_a_file_of_data_can_be_published_too(site: SmallSite) -> None:
    site.article("a")
    site.write({"content/_data/team.csv": "a\n1\n", "content/_data/kit.zip": "x"})
    publish(site, "_data/*")
    assert site.warnings() == []
    assert copied(site) == {"_data/team.csv", "_data/kit.zip"}


def test_all_mistakes_are_told_at_once_and_the_old_site_stays(built: SmallSite) -> None:
    built.write({"content/_data/a.csv": "x,\n", "content/_data/b.json": "{"})
    built.write({"content/articles/c.md": "none"})
    files = [error.partition(":")[0] for error in refused(built)]
    assert files == ["content/_data/a.csv", "content/_data/b.json", "content/articles/c.md"]


# ------------------------------------------------------------------------------ odd files


def test_a_link_out_of_the_site_is_refused(site: SmallSite, tmp_path: Path) -> None:
    (tmp_path / "outside.csv").write_text("a\n1\n")
    site.write({"content/_data/b.csv": "a\n1\n"})
    (site.root / "content/_data/a.csv").symlink_to(tmp_path / "outside.csv")
    (site.root / "content/_data/c.csv").symlink_to("b.csv")
    (message,) = refused(site)
    assert message.startswith("content/_data/a.csv: this link leads out of the site's folder")
    assert read(site)[0] == {"a": None, "b": [{"a": "1"}], "c": [{"a": "1"}]}


def test_a_folder_that_leads_out_is_refused(site: SmallSite, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.csv").write_text("a\n1\n")
    (site.root / "content/_data").symlink_to(tmp_path / "data")
    (message,) = refused(site)
    assert message.startswith("content/_data: this link leads out of the site's folder")
    assert read(site) == ({}, [])


def test_a_link_that_leads_back_is_not_followed_for_ever(site: SmallSite) -> None:
    site.write({"content/_data/a.csv": "a\n1\n"})
    (site.root / "content/_data/again").symlink_to(".")
    assert read(site) == ({"a": [{"a": "1"}]}, [])


def test_what_cannot_be_read_is_told(site: SmallSite) -> None:
    (site.root / "content/_data").mkdir()
    os.mkfifo(site.root / "content/_data/a.csv")
    (site.root / "content/_data/b.json").symlink_to("nowhere")
    told = [(error.partition(":")[0], "cannot be read" in error) for error in refused(site)]
    assert told == [("content/_data/a.csv", True), ("content/_data/b.json", True)]


def test_a_file_in_place_of_the_folder_is_told(site: SmallSite) -> None:
    site.write({"content/_data": "a,b"})
    assert refused(site) == [
        "content/_data: cannot be read: Not a directory; put a folder in its place"
    ]
