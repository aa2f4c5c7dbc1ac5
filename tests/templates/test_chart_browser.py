"""Tables and charts in a real browser: any width, both schemes, keyboard."""

from collections.abc import Iterator
from typing import Any

import pytest

from support.browser_pages import opened, served, sideways
from support.preview_process import eventually
from support.sites import SETTINGS, SmallSite

pytestmark = pytest.mark.long

MONTHS = "January February March April May June July August September October November December"
KINDS = ("bar", "column", "line", "stacked")
LONG = "The parish of Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson and all of its surroundings"


@pytest.fixture
def address(site: SmallSite) -> Iterator[str]:
    """A page with all that tables and charts have, under a strict policy."""
    names = ",".join(f"Series {number}" for number in range(12))
    rows = (",".join((month, *(str(len(month) * n - 20) for n in range(12)))) for month in months())
    lines = "".join(f"2026-{1 + day // 28:02}-{1 + day % 28:02},{day % 50}\n" for day in range(300))
    site.write(
        {
            "site.toml": f"{SETTINGS}[security]\ncsp = true\n",
            "content/articles/many.csv": "\n".join((f"Month,{names}", *rows)),
            "content/articles/days.csv": f"Day,Guests\n{lines}",
            "content/articles/long.csv": f"Place,Money\n{LONG},1234567890\nUlm,-5000000\n",
        }
    )
    blocks = [
        f'::: chart {name}.csv kind={kind} caption="{name} {kind}" :::'
        for kind in KINDS
        for name in ("many", "long")
    ]
    blocks += ["::: table many.csv caption=Many :::", "::: chart days.csv kind=line :::"]
    site.article("a", "\n\n".join(blocks))
    site.build()
    with served(site.public) as address:
        yield f"{address}/2026/06/a/"


def months() -> list[str]:
    return MONTHS.split()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_chart_scrolls_sideways(browser: Any, address: str, width: int) -> None:
    with opened(browser, address, viewport={"width": width, "height": 800}) as page:
        assert sideways(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_tables_and_charts(browser: Any, address: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with opened(browser, address, color_scheme=scheme, bypass_csp=True) as page:
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = Axe().run(page).response["violations"]
        assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []


def test_a_drawing_is_as_high_as_it_says_and_as_wide_as_the_text(
    browser: Any, address: str
) -> None:
    with opened(browser, address, viewport={"width": 320, "height": 800}) as page:
        for plot in page.locator("svg.chart-plot").all():
            box = plot.bounding_box()
            assert box["height"] == float(plot.get_attribute("height"))
            assert 200 < box["width"] < 320


def test_numbers_open_and_scroll_by_keyboard(browser: Any, address: str) -> None:
    with opened(browser, address, viewport={"width": 320, "height": 800}) as page:
        page.locator("details summary").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("details[open] .table")
        page.keyboard.press("Tab")
        focused = "document.activeElement.matches('details[open] .table')"
        eventually(lambda: page.evaluate(focused))
        page.keyboard.press("ArrowRight")
        eventually(lambda: page.evaluate("document.activeElement.scrollLeft > 0"))
