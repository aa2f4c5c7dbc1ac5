"""Tables of spreadsheets in texts: what is a number, how it is written, what is told."""

import pytest
from lxml.html import HtmlElement

from generator.templates.numbers import format_quantity, read_quantity
from generator.templates.tables import numbers_of, shown_table
from generator.templates.views import Table
from support.sites import SETTINGS, SmallSite, refused, words

URL = "/2026/06/a/"
POWER = "Year,Coal,Water\n2015,1200.50,-300\n2016,,12000\n"


def written(text: str, language: str) -> str | None:
    quantity = read_quantity(text)
    return None if quantity is None else format_quantity(quantity, language)


# ------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        ("1234.50", "en", "1,234.50"),
        ("1234.50", "de", "1.234,50"),
        ("1234567", "fr", "1\u202f234\u202f567"),
        ("1234567", "hi", "12,34,567"),
        ("-3", "en", "\u22123"),
        ("\u22123", "de", "\u22123"),
        ("+3.0", "sv", "+3,0"),
        ("-3", "ar", "\u200e\u22123"),
        ("-3", "he", "\u200e\u22123"),
        ("12.5%", "en", "12.5%"),
        ("12.5 %", "de", "12,5\u00a0%"),
        ("7%", "tr", "%7"),
        ("0", "en", "0"),
        ("-0.0", "en", "0.0"),
        ("999999999999999.9999999999", "en", "999,999,999,999,999.9999999999"),
    ],
)
def test_a_number_is_written_as_its_language_has_it(text: str, language: str, shown: str) -> None:
    assert written(text, language) == shown


def test_equal_numbers_keep_their_own_decimals() -> None:
    assert [written(text, "en") for text in ("1.5", "1.50", "1.500")] == ["1.5", "1.50", "1.500"]


@pytest.mark.parametrize(
    "text",
    [
        "0049",
        "1,5",
        "1.234,5",
        "1e5",
        ".5",
        "5.",
        "12 m",
        "--1",
        "",
        " ",
        "\u0661",
        "1" * 16,
        "1 2",
    ],
)
def test_what_is_no_number_stays_as_it_was_typed(text: str) -> None:
    assert read_quantity(text) is None


def test_a_column_of_numbers_may_have_gaps_and_nothing_else() -> None:
    assert numbers_of(("1", "", "–", "N/A")) is not None
    assert numbers_of(("1", "two")) is None
    assert numbers_of(("", "-")) is None
    assert numbers_of(()) is None


@pytest.mark.parametrize(
    ("columns", "cells", "are_numbers"),
    [
        (("Year", "Founded"), ("2015", "1998"), (False, True)),
        (("Place", "Year built"), ("A", "1998"), (False, False)),
        (("Ort", "Baujahr"), ("A", "1998"), (False, False)),
        (("Ort", "Gäste"), ("A", "1998"), (False, True)),
        (("Rank", "Points"), ("1", "2400"), (True, True)),
        (("Code", "Area code"), ("0049", "030"), (False, False)),
    ],
)
def test_years_and_codes_are_words(
    columns: tuple[str, ...], cells: tuple[str, ...], are_numbers: tuple[bool, ...]
) -> None:
    shown = shown_table(Table(columns, (cells,)), None, "de", "Jahr")
    assert tuple(column.is_number for column in shown.columns) == are_numbers
    for cell, typed, is_number in zip(shown.rows[0], cells, are_numbers, strict=True):
        assert is_number or cell == typed


def test_lines_of_plain_text_are_aligned() -> None:
    table = Table(("Place", "Guests"), (("Kyōto 京都", "1200"), ("Ulm", "7"), ("Rome", "")))
    lines = shown_table(table, None, "en", "Year").lines(2)
    assert [line.replace("\u00a0", " ") for line in lines] == [
        "Place       Guests",
        "Kyōto 京都   1,200",
        "Ulm              7",
    ]


def test_a_long_cell_is_cut_in_plain_text() -> None:
    table = Table(("A",), (("word " * 20,),))
    (_, line) = shown_table(table, None, "en", "Year").lines(1)
    assert len(line) <= 32 and line.endswith("…")


# ---------------------------------------------------------------------------------- pages


@pytest.fixture
def desk(site: SmallSite) -> SmallSite:
    """A site with a table beside its stories."""
    site.write({"content/articles/power.csv": POWER})
    return site


def table(site: SmallSite, body: str) -> HtmlElement:
    site.article("a", body)
    site.build()
    (found,) = site.page(URL).cssselect(".prose figure.data")
    return found


def rows(figure: HtmlElement) -> list[list[str]]:
    return [[cell.text_content() for cell in row] for row in figure.cssselect("tr")]


def test_a_table_has_its_head_its_numbers_and_what_is_said_of_it(desk: SmallSite) -> None:
    figure = table(desk, '::: table power.csv caption="Power" source="Ministry" :::')
    assert rows(figure) == [
        ["Year", "Coal", "Water"],
        ["2015", "1,200.50", "−300"],
        ["2016", "", "12,000"],
    ]
    assert words(figure, "caption") == "Power"
    assert words(figure, ".data-source") == "Source: Ministry"
    assert [cell.get("scope") for cell in figure.cssselect("th")] == ["col"] * 3 + ["row"] * 2
    assert len(figure.cssselect(".align-right")) == 2 * 3


def test_a_table_scrolls_by_keyboard_under_a_name(desk: SmallSite) -> None:
    figure = table(desk, "::: table power.csv :::")
    (box,) = figure.cssselect("div.table")
    assert [box.get(name) for name in ("role", "tabindex", "aria-label")] == [
        *("group", "0", "Year, Coal, Water"),
    ]


def test_columns_are_chosen_and_put_in_order(desk: SmallSite) -> None:
    assert rows(table(desk, '::: table power.csv columns="Water, Year" :::')) == [
        ["Water", "Year"],
        ["−300", "2015"],
        ["12,000", "2016"],
    ]


def test_a_column_whose_name_has_a_comma_is_written_as_in_csv(desk: SmallSite) -> None:
    desk.write({"content/articles/power.csv": 'Place,"Area, km²"\nUlm,118.69\n'})
    figure = table(desk, """::: table power.csv columns='Place, "Area, km²"' :::""")
    assert rows(figure)[0] == ["Place", "Area, km²"]


def test_numbers_and_words_are_in_the_language_of_the_site(desk: SmallSite) -> None:
    desk.write({"site.toml": f'language = "de"\n{SETTINGS}'})
    desk.write({"content/articles/power.tsv": "Baujahr\tKohle\n1998\t1200.5\n"})
    figure = table(desk, '::: table power.tsv source="Amt" :::')
    assert rows(figure)[1] == ["1998", "1.200,5"]
    assert words(figure, ".data-source") == "Quelle: Amt"


def test_cells_are_no_html(desk: SmallSite) -> None:
    desk.write({"content/articles/power.csv": 'A,B\n"<script>x</script>",<b>\n'})
    assert rows(table(desk, "::: table power.csv :::"))[1] == ["<script>x</script>", "<b>"]
    assert "<script>x" not in desk.text(URL)


def test_feeds_have_the_first_rows_and_a_link(desk: SmallSite) -> None:
    many = "".join(f"row {row},{row}\n" for row in range(60))
    desk.write({"content/articles/power.csv": f"Name,Number\n{many}"})
    desk.article("a", '::: table power.csv caption="Many" :::')
    desk.build()
    feed = desk.text("feed.xml")
    assert "row 49" in feed and "row 50" not in feed
    assert "More rows: 10" in feed and "tabindex" not in feed


# --------------------------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (
            'table power.csv columns="Yaer, coal"',
            [
                'columns: there is no column "Yaer" in content/articles/power.csv; did you mean'
                ' "Year"?',
                'columns: there is no column "coal" in content/articles/power.csv; did you mean'
                ' "Coal"?',
            ],
        ),
        (
            "table power.csv columns=Wind",
            [
                'columns: there is no column "Wind" in content/articles/power.csv; known there:'
                " Year, Coal, Water"
            ],
        ),
    ],
)
def test_a_mistake_is_told_with_the_line_of_the_block(
    desk: SmallSite, block: str, told: list[str]
) -> None:
    desk.article("a", f"First.\n\n::: {block} :::")
    assert refused(desk) == [f"content/articles/a.md:8: ::: table: {one}" for one in told]


def test_a_mistake_in_the_file_is_told_with_its_line(desk: SmallSite) -> None:
    desk.write({"content/articles/power.csv": "A,B\n1,2\n\n1,2,3\n"})
    desk.article("a", "::: table power.csv columns=C :::")
    (told,) = refused(desk)
    assert told.startswith("content/articles/power.csv:4: this row has 3 cells")


def test_a_table_that_no_page_can_hold_is_an_error(desk: SmallSite) -> None:
    desk.write({"content/articles/power.csv": "A,B\n" + "1,2\n" * 10_001})
    desk.article("a", "::: table power.csv :::")
    (told,) = refused(desk)
    assert told.startswith("content/articles/a.md:6: this table has 20,002 cells")
    desk.article("a", "::: table power.csv columns=A :::")
    assert desk.errors() == []


def test_a_layout_that_names_columns_of_no_table_is_an_error(desk: SmallSite) -> None:
    desk.write({"layouts/blocks/own.html": '{#- X.\n[arguments]\nrows = "columns"\n-#}\nX\n'})
    desk.article("a", "Text.")
    assert refused(desk) == [
        "layouts/blocks/own.html:2: rows: nobody knows of which table this names columns; declare"
        ' an argument of the type "table" beside it'
    ]


def test_blocks_of_a_site_s_own_may_name_columns(desk: SmallSite) -> None:
    layout = (
        '{#- X.\n[arguments]\nof = "column"\nsome = "numbers"\nrows = "table"\n-#}\n'
        '<p class="own">{{ of }}|{{ some | join("+") }}|{{ rows.columns | length }}</p>\n'
    )
    desk.write({"layouts/blocks/own.html": layout})
    desk.article("a", '::: own rows=power.csv of=Year some="Coal,Water" :::')
    desk.build()
    assert words(desk.page(URL), ".own") == "Year|Coal+Water|3"
