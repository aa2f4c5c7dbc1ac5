"""In Chromium: a page whose pictures are not made yet shows them by and by, and nothing moves."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.browser_tabs import Tab, tab
from support.preview_process import Preview, eventually, previewed
from support.published_pictures import PictureSite, taken
from support.sites import LONG

pytestmark = pytest.mark.long

PAGE = "/2026/06/story/"
NAMES = ("house", "tree", "lake")
STATUSES = """() => Object.fromEntries([...document.querySelectorAll("main img")].map((img) => {
  const path = (url) => new URL(url).pathname;
  const all = performance.getEntriesByType("resource");
  const own = all.filter((one) => path(one.name) === path(img.currentSrc || img.src));
  return [img.alt, own.map((one) => one.responseStatus)];
}))"""
"""The statuses of all answers for the picture that each image shows, by its text."""
ARE_SHOWN = """[...document.querySelectorAll("main img")].every(
  (img) => img.complete && img.naturalWidth > 0)"""
WATCH = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => shifts.push(...list.getEntries().map((one) => one.value)))
    .observe({ type: "layout-shift" });
}"""


@pytest.fixture
def site(tmp_path: Path) -> PictureSite:
    site = PictureSite(tmp_path / "site")
    site.images("avif_speed = 4")
    for number, name in enumerate(NAMES):
        site.write({f"content/images/{name}.jpg": taken(1200, 900, seed=number)})
    pictures = [f"![The {name}](/images/{name}.jpg)" for name in NAMES]
    site.article("story", "\n\n".join([*pictures, "The end."]))
    return site


@pytest.fixture
def preview(site: PictureSite) -> Iterator[Preview]:
    with previewed(site.root) as preview:
        yield preview


def are_made(tab: Tab) -> bool:
    statuses = tab.page.evaluate(STATUSES)
    return all(found and found[-1] == 200 for found in statuses.values())


def test_pictures_are_swapped_one_by_one_as_they_are_made(browser: Any, preview: Preview) -> None:
    with tab(browser, preview, PAGE) as opened:
        opened.until(ARE_SHOWN)
        opened.page.evaluate(WATCH)
        opened.keep()
        eventually(lambda: are_made(opened))
        opened.until(ARE_SHOWN)
        statuses = opened.page.evaluate(STATUSES)
        assert set(statuses) == {f"The {name}" for name in NAMES}
        assert [found[0] for found in statuses.values()] == [203, 203, 203]
        assert [found.count(200) for found in statuses.values()] == [1, 1, 1]
        shown = opened.page.evaluate("[...document.images].map((img) => img.currentSrc)")
        assert [".avif?v=" in address for address in shown] == [True, True, True]
        assert opened.kept()
        assert opened.page.evaluate("shifts") == []


def test_what_a_page_shows_rightly_is_not_touched(browser: Any, preview: Preview) -> None:
    with tab(browser, preview, PAGE) as first:
        eventually(lambda: are_made(first))
        with tab(browser, preview, PAGE) as second:
            second.keep()
            assert list(second.page.evaluate(STATUSES).values()) == [[200], [200], [200]]
            assert not second.page.evaluate("document.body.outerHTML.includes('?v=')")
            assert second.kept()


def test_a_picture_that_is_opened_by_itself_is_shown_as_soon_as_it_is_made(
    browser: Any, preview: Preview
) -> None:
    context = browser.new_context()
    page = context.new_page()
    answer = page.goto(f"{preview.address}{address_of_house(preview)}")
    assert (answer.status, answer.headers["refresh"]) == (203, "1")
    page.wait_for_function("document.contentType === 'image/avif'", timeout=1000 * LONG)
    context.close()


def address_of_house(preview: Preview) -> str:
    html = preview.get(PAGE).body.decode()
    address = re.search(r"/images/house\.\w+\.400\.avif", html)
    assert address
    return address[0]


def test_a_page_whose_images_have_no_size_does_not_move(
    browser: Any, site: PictureSite, preview: Preview
) -> None:
    site.article("bare", f'<img src="{address_of_house(preview)}" alt="Bare">\n\nThe end.')
    eventually(lambda: preview.get("/2026/06/bare/").status == 200)
    with tab(browser, preview, "/2026/06/bare/") as opened:
        height = "document.querySelector('main img').getBoundingClientRect().height"
        opened.until(ARE_SHOWN)
        before = opened.page.evaluate(height)
        eventually(lambda: are_made(opened))
        opened.until(ARE_SHOWN)
        assert opened.page.evaluate(STATUSES)["Bare"][0] == 203
        assert opened.page.evaluate(height) == before == 300
