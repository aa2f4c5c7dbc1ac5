"""Charts: which numbers they show, where their shapes stand, what readers get and what is told."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement

from generator.errors import InternalError
from generator.templates.chart_data import MOST_POINTS, MOST_SERIES, ChartData, chart_data
from generator.templates.charts import Chart, drawn_chart, round_scale
from generator.templates.views import Table
from support.sites import SETTINGS, SmallSite, words

URL = "/2026/06/a/"
POWER = "Year,Coal,Water\n2016,400,\n2015,1200.5,-300\n2017,0,100\n"
TEN = st.lists(st.integers(-(10**12), 10**12) | st.none(), min_size=1, max_size=10)


def table(text: str) -> Table:
    columns, *rows = (tuple(line.split(",")) for line in text.splitlines())
    return Table(columns, tuple(rows))


def data(text: str, kind: str = "column", x: str | None = None, y: str = "") -> ChartData:
    return chart_data(table(text), kind, x, tuple(y.split("+")) if y else None, "en", "Year")


def drawn(text: str, kind: str = "column", y: str = "") -> Chart:
    return drawn_chart(data(text, kind, y=y), "en")


# -------------------------------------------------------------------------- which numbers


def test_all_numbers_over_the_first_column_are_shown_by_default() -> None:
    found = data("Place,Note,Guests,Founded,Year\nUlm,x,12,1200,1900\nBern,,7,,1950\n")
    assert found.labels == ("Ulm", "Bern")
    assert [(one.name, one.values) for one in found.series] == [
        ("Guests", (12, 7)),
        ("Founded", (1200, None)),
    ]


def test_columns_are_shown_in_the_order_in_which_they_are_named() -> None:
    found = data("A,B,C,D\nx,1,2,3\n", x="A", y="D+B")
    assert [one.name for one in found.series] == ["D", "B"]
    assert found.columns == ("A", "D", "B")


@pytest.mark.parametrize("kind", ["bar", "column", "line", "stacked"])
@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (["2026-03-01", "2026-01-15"], ("Jan 15, 2026", "Mar 1, 2026")),
        (["2026-03", "2025-12"], ("Dec 2025", "Mar 2026")),
        (["2019", "1998"], ("1998", "2019")),
        (["b", "a"], ("b", "a")),
        (["2026-02-30", "2026-01-01"], ("2026-02-30", "Jan 1, 2026")),
    ],
)
def test_days_months_and_years_come_in_order(
    kind: str, typed: list[str], shown: tuple[str, ...]
) -> None:
    found = data("X,N\n" + "".join(f"{cell},{row}\n" for row, cell in enumerate(typed)), kind)
    assert found.labels == shown
    assert bool(found.positions) == (shown[0] < "a" and "30" not in shown[0])


def test_numbers_come_in_order_along_a_line_alone() -> None:
    text = "Size,N\n20,1\n5,2\n"
    assert data(text, "line").labels == ("5", "20")
    assert data(text, "bar").labels == ("20", "5")


def test_days_stand_as_far_apart_as_they_are() -> None:
    chart = drawn("Day,N\n2026-01-01,1\n2026-01-02,2\n2026-01-11,3\n", "line")
    assert [point.x for point in chart.series[0].points] == [0, 10, 100]


def test_the_smallest_and_the_largest_number_are_told_in_words() -> None:
    (first, _) = data(POWER).extents
    assert (first.least, first.least_at) == ("0", "2017")
    assert (first.most, first.most_at) == ("1,200.5", "2015")


# ------------------------------------------------------------------------------- the scale


@pytest.mark.parametrize(
    ("least", "most", "ticks"),
    [
        (0, 100, ["0", "20", "40", "60", "80", "100"]),
        (0, 7, ["0", "1", "2", "3", "4", "5", "6", "7"]),
        (-3, 9, ["-4", "-2", "0", "2", "4", "6", "8", "10"]),
        (0, 0.5, ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5"]),
        (0, 0.1, ["0.00", "0.02", "0.04", "0.06", "0.08", "0.10"]),
        (0, 0.1 + 0.2, ["0.00", "0.05", "0.10", "0.15", "0.20", "0.25", "0.30"]),
        (0, 0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-5, -5, ["-5", "-4", "-3", "-2", "-1", "0"]),
    ],
)
def test_a_scale_has_round_ticks(least: float, most: float, ticks: list[str]) -> None:
    assert [f"{tick:f}" for tick in round_scale(least, most).ticks()] == ticks


def test_whole_numbers_have_whole_ticks() -> None:
    assert round_scale(0, 2, has_parts=False).ticks() == [0, 1, 2]


@given(st.floats(-1e15, 1e15), st.floats(-1e15, 1e15))
@example(1.0, 1.0000000000000002)
@settings(max_examples=200, deadline=None)
def test_a_scale_holds_its_numbers_between_few_ticks(one: float, other: float) -> None:
    scale = round_scale(min(one, other), max(one, other))
    assert all(-1e-9 <= scale.share(value) <= 1 + 1e-9 for value in (one, other))
    assert 2 <= len(scale.ticks()) <= 10
    assert scale.ticks()[-1] == scale.high


# ---------------------------------------------------------------------------------- shapes


@pytest.mark.parametrize("kind", ["bar", "column", "stacked"])
def test_bars_begin_at_zero(kind: str) -> None:
    chart = drawn("A,N\nx,90\ny,100\nz,-20\n", kind)
    (base,) = (rule for rule in chart.rules if rule.is_base)
    for bar in chart.series[0].bars:
        ends = (bar.x, bar.x + bar.width) if kind == "bar" else (bar.y, bar.y + bar.height)
        zero = base.start.x if kind == "bar" else base.start.y
        assert min(abs(end - zero) for end in ends) < 0.02


def test_a_line_need_not_show_zero() -> None:
    assert drawn("A,N\nx,1000\ny,1010\n", "line").scale[0].text == "1,000"
    assert drawn("A,N\nx,400\ny,1010\n", "line").scale[0].text == "0"
    assert drawn("A,N\nx,-400\ny,-1010\n", "line").scale[-1].text == "0"
    assert drawn("A,N\nx,-1000\ny,-1010\n", "line").scale[-1].text == "−1,000"


def test_stacks_go_up_and_down_from_zero() -> None:
    chart = drawn("A,N,M,O\nx,10,20,-10\n", "stacked")
    first, second, third = (one.bars[0] for one in chart.series)
    assert second.y + second.height == pytest.approx(first.y, abs=0.02)
    assert third.y == pytest.approx(first.y + first.height, abs=0.02)
    assert second.height == pytest.approx(2 * first.height, abs=0.02)
    assert {one.x for one in (first, second, third)} == {first.x}


def test_a_line_is_broken_where_nothing_is_known() -> None:
    (series,) = drawn("A,N\na,1\nb,2\nc,\nd,3\ne,\nf,4\ng,5\n", "line").series
    assert [len(line) for line in series.lines] == [2, 2]
    assert len(series.points) == 5


def test_of_many_points_ends_and_single_ones_are_marked() -> None:
    rows = "".join(f"{row},{'' if row in (1, 50) else row}\n" for row in range(100))
    (series,) = drawn(f"A,N\n{rows}", "line").series
    assert [round(point.x) for point in series.points] == [0, 49, 100]


def test_words_that_have_no_room_are_turned() -> None:
    rows = "".join(f"A long label {row},{row}\n" for row in range(12))
    words = drawn(f"A,N\n{rows}").words
    assert all(word.is_upright for word in words)
    assert {word.room for word in words} == {"", "wide"} or {word.room for word in words} == {""}
    assert not any(word.is_upright for word in drawn("A,N\na,1\nb,2\n").words)


def test_large_numbers_are_short_on_the_scale() -> None:
    assert [word.text for word in drawn("A,N\nx,2500000\n").scale][:2] == ["0", "500K"]
    assert drawn("A,N\nx,123456789012345\n").margin < 8


def test_percentages_have_their_sign_on_the_scale() -> None:
    assert drawn("A,N\nx,10%\ny,20%\n").scale[-1].text == "20%"
    assert drawn("A,N\nx,10%\ny,20\n").scale[-1].text == "20"


@pytest.mark.parametrize("kind", ["bar", "column", "line", "stacked"])
@given(first=TEN, second=TEN)
@settings(max_examples=60, deadline=None)
def test_every_shape_is_in_the_plot(
    kind: str, first: list[int | None], second: list[int | None]
) -> None:
    columns = list(zip(first, second, strict=False))
    if not any(one is not None for one, _ in columns) or not any(b is not None for _, b in columns):
        return
    cells = ["" if one is None else str(one) for row in columns for one in row]
    rows = "".join(f"r{at},{cells[2 * at]},{cells[2 * at + 1]}\n" for at in range(len(columns)))
    chart = drawn(f"A,N,M\n{rows}", kind)
    for series in chart.series:
        for bar in series.bars:
            assert bar.x >= -0.01 and bar.x + bar.width <= 100.02
            assert bar.y >= 0 and bar.y + bar.height <= chart.height and bar.height >= 0
        for point in (*series.points, *(point for line in series.lines for point in line)):
            assert 0 <= point.x <= 100 and 0 <= point.y <= chart.height


# ----------------------------------------------------------------------------------- pages


@pytest.fixture
def desk(site: SmallSite) -> SmallSite:
    """A site with numbers beside its stories."""
    site.write({"content/articles/power.csv": POWER})
    return site


def figure(site: SmallSite, block: str) -> HtmlElement:
    site.article("a", f"Text.\n\n::: {block} :::")
    site.build()
    (found,) = site.page(URL).cssselect(".prose figure.chart")
    return found


def test_a_chart_is_a_drawing_with_a_name_and_a_description(desk: SmallSite) -> None:
    found = figure(desk, 'chart power.csv caption="Power" alt="It falls." source="Ministry"')
    (plot,) = found.cssselect("svg[role=img]")
    named = [found.get_element_by_id(one) for one in str(plot.get("aria-labelledby")).split()]
    assert [(one.tag, one.text_content()) for one in named] == [
        ("title", "Power"),
        ("desc", "It falls."),
    ]
    assert words(found, "figcaption") == "Power"
    assert words(found, ".data-source") == "Source: Ministry"


def test_a_chart_without_words_says_what_its_numbers_say(desk: SmallSite) -> None:
    found = figure(desk, "chart power.csv")
    assert words(found, "title") == "Year, Coal, Water"
    assert words(found, "desc") == (
        "Coal: from 0 (2017) to 1,200.5 (2015). Water: from −300 (2015) to 100 (2017)."
    )


def test_the_numbers_of_a_chart_are_there_as_a_table(desk: SmallSite) -> None:
    found = figure(desk, "chart power.csv y=Water kind=line")
    cells = [[cell.text_content() for cell in row] for row in found.cssselect("details tr")]
    assert cells == [["Year", "Water"], ["2016", ""], ["2015", "−300"], ["2017", "100"]]


@pytest.mark.parametrize("kind", ["bar", "column", "line", "stacked"])
def test_a_chart_needs_no_script_and_no_styles(desk: SmallSite, kind: str) -> None:
    desk.write({"site.toml": f"{SETTINGS}[security]\ncsp = true\n"})
    desk.article("a", f"::: chart power.csv kind={kind} :::")
    assert desk.warnings() == []
    (found,) = desk.page(URL).cssselect("figure.chart")
    assert found.cssselect("script, style, [style], [onclick]") == []


def test_charts_of_one_text_share_no_ids(desk: SmallSite) -> None:
    desk.article("a", "::: chart power.csv :::\n\n::: chart power.csv kind=line :::")
    desk.build()
    page = desk.page(URL)
    ids = [one.get("id") for one in page.cssselect("[id]")]
    assert len(ids) == len({*ids})
    used = re.findall(r'(?:url\(|href=")#([^)"]+)', desk.text(URL))
    assert {*used} - {*ids} == set()


def test_feeds_have_the_words_and_numbers_of_a_chart(desk: SmallSite) -> None:
    figure(desk, 'chart power.csv caption="Power" alt="It falls."')
    feed = desk.text("feed.xml")
    assert "svg" not in feed and "details" not in feed
    assert "It falls." in feed and "1,200.5" in feed and "&lt;caption&gt;Power" in feed


# -------------------------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (
            'power.csv y="Coal, Note"',
            '::: chart: y: "about 3" in the column "Note" is no number'
            " (content/articles/power.csv:3); write digits, with a point before decimals, such as"
            " 1234.5, or nothing",
        ),
        (
            "power.csv y=Nothing",
            '::: chart: y: there is no number in the column "Nothing" of'
            " content/articles/power.csv; choose another column",
        ),
        (
            "power.csv x=yer",
            '::: chart: x: there is no column "yer" in content/articles/power.csv; did you mean'
            ' "Year"?',
        ),
        (
            "power.csv kind=lines",
            '`::: chart`: `kind` cannot be "lines"; did you mean "line"?',
        ),
    ],
)
def test_a_mistake_is_told_with_the_line_of_the_block(
    desk: SmallSite, block: str, told: str
) -> None:
    power = "Year,Coal,Note,Nothing\n2015,1,,\n2016,2,about 3,-\n"
    desk.write({"content/articles/power.csv": power})
    desk.article("a", f"Text.\n\n::: chart {block} :::")
    assert desk.errors() == [f"content/articles/a.md:8: {told}"]


def test_a_chart_of_no_numbers_is_an_error(desk: SmallSite) -> None:
    desk.write({"content/articles/power.csv": 'A,B\nx,"1,5"\n'})
    desk.article("a", "Text.\n\n::: chart power.csv :::")
    (told,) = desk.errors()
    assert told.startswith("content/articles/a.md:8: there is no column of numbers for a chart")
    assert told.endswith('are such as 1234.5, -3 or 12%, and "1,5" in the column "B" is none')


@pytest.mark.parametrize("kind", MOST_POINTS)
def test_more_than_anybody_can_see_is_an_error(kind: str) -> None:
    rows = "".join(f"{row},1\n" for row in range(MOST_POINTS[kind] + 1))  # type: ignore[index]
    with pytest.raises(InternalError, match="numbers; one of its kind has"):
        data(f"A,N\n{rows}", kind)
    names = ",".join(f"N{number}" for number in range(MOST_SERIES + 1))
    with pytest.raises(InternalError, match="tell 12 apart"):
        data(f"A,{names}\nx{',1' * (MOST_SERIES + 1)}\n", kind)
