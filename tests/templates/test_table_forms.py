"""Tables and charts in mail and in plain text."""

import pytest

from support.sites import SmallSite, words

POWER = "Year,Coal,Water\n2015,1200.5,-300\n2016,,12000\n"
LAYOUT = (
    '<pre>{% for card in stories() %}{{ prose(card, form="text").text }}{% endfor %}</pre>'
    '<div>{% for card in stories() %}{{ prose(card, form="mail").html }}{% endfor %}</div>'
)


@pytest.fixture
def desk(site: SmallSite) -> SmallSite:
    """A site with a page that shows its stories as mails and plain text do."""
    site.write({"content/articles/power.csv": POWER, "layouts/404.html": LAYOUT})
    return site


def in_text(site: SmallSite) -> str:
    (found,) = site.page("404.html").cssselect("pre")
    return str(found.text_content()).replace("\u00a0", " ")


@pytest.mark.parametrize("block", ["table power.csv", 'chart power.csv alt="It falls."'])
def test_plain_text_has_aligned_rows_and_the_address(desk: SmallSite, block: str) -> None:
    desk.article("a", f'::: {block} caption="Power" source="Ministry" :::')
    desk.build()
    said = "\nIt falls." if "alt" in block else ""
    assert in_text(desk) == (
        f"Power{said}\n\n"
        "Year     Coal   Water\n2015  1,200.5    −300\n2016           12,000\n"
        "Source: Ministry\nhttps://paper.example/2026/06/a/"
    )


@pytest.mark.parametrize("kind", ["table", "chart"])
def test_plain_text_has_the_first_rows(desk: SmallSite, kind: str) -> None:
    rows = "".join(f"r{row},{row}\n" for row in range(30))
    desk.write({"content/articles/power.csv": f"A,N\n{rows}"})
    desk.article("a", f"::: {kind} power.csv :::")
    desk.build()
    assert "r19 " in in_text(desk) and "r20" not in in_text(desk)
    assert "More rows: 10" in in_text(desk)


@pytest.mark.parametrize("kind", ["table", "chart"])
def test_mails_have_a_table_without_a_drawing(desk: SmallSite, kind: str) -> None:
    desk.article("a", f'::: {kind} power.csv caption="Power" source="Ministry" :::')
    desk.build()
    page = desk.page("404.html")
    assert words(page, "div caption") == "Power"
    assert words(page, "div td") == "1,200.5 −300 12,000"
    assert page.cssselect("div svg, div details, div [tabindex]") == []
