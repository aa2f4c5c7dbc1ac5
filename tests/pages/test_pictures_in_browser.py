"""Which file of a picture Chromium loads, and that nothing moves when it comes."""

from pathlib import Path
from typing import Any

import pytest

from support.browser_pages import opened, served
from support.published_pictures import STORY, PictureSite, taken

pytestmark = pytest.mark.long

WIDTHS = (480, 800, 1200, 1600)
SHIFTS = """new Promise((done) => {
  const moved = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      for (const {node, previousRect, currentRect} of one.sources) {
        moved.push([node?.nodeName, node?.className, previousRect, currentRect]);
      }
    }
  }).observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(moved), 200);
})"""
LOADED = """[...document.querySelectorAll("main img")].map((e) => {
  const address = new URL(e.currentSrc).pathname;
  return [e.alt, address, e.getBoundingClientRect().width, e.naturalWidth];
})"""


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> PictureSite:
    site = PictureSite(tmp_path_factory.mktemp("pictures") / "site")
    site.images(f"widths = {[*WIDTHS]}")
    for seed, name in enumerate(("house", "text"), 1):
        site.write({f"content/images/{name}.jpg": taken(2000, 1500, seed)})
    site.story("![In a text](/images/text.jpg)\n\n" + "Text.\n\n" * 30)
    site.build()
    return site


def width_in(address: str) -> int:
    return int(Path(address).name.split(".")[-2])


@pytest.mark.parametrize("ratio", [1, 2, 3])
@pytest.mark.parametrize("window", [320, 390, 1280])
@pytest.mark.parametrize("path", [STORY, "/"])
def test_the_smallest_that_will_do_is_loaded_and_nothing_moves(
    paper: PictureSite, browser: Any, path: str, window: int, ratio: int
) -> None:
    size = {"width": window, "height": 4000}
    with (
        served(paper.public) as home,
        opened(browser, home + path, viewport=size, device_scale_factor=ratio) as page,
    ):
        assert page.evaluate(SHIFTS) == []
        loaded = page.evaluate(LOADED)
    assert len(loaded) == (2 if path == STORY else 1)
    for alt, address, shown, _ in loaded:
        assert address.endswith(".avif"), alt
        there = [one for one in WIDTHS if path == STORY or one <= 1200]
        needed = shown * ratio
        enough = [one for one in there if one >= needed] or [there[-1]]
        step = there.index(width_in(address)) - there.index(enough[0])
        assert step in (0, 1), (alt, address, needed)
