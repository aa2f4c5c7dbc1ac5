"""Nothing of a page moves while its HTML comes in pieces, as it does over a slow line."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

import pytest

from support.browser_pages import Quiet
from support.published_pictures import STORY, PictureSite, taken

pytestmark = pytest.mark.long

PIECES = 12
PAINTED = """() => document.body && new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(done));
})"""
"""A page is painted twice; one that has no body yet never is."""
MOVED = """() => new Promise((done) => {
  const moved = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries())
      for (const {node, previousRect, currentRect} of one.sources)
        moved.push([node?.nodeName, node?.className, previousRect, currentRect]);
  }).observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(moved), 200);
})"""


class Slow(Quiet):
    """Sends a page in pieces, each when it is `asked` for.

    What is above the text comes at once, for the first packets of any line hold ten times as much,
    and so does what is below it.
    """

    def __init__(self, *given: Any, asked: "SimpleQueue[None]", **more: Any) -> None:
        self.asked = asked
        super().__init__(*given, **more)

    def copyfile(self, source: Any, outputfile: Any) -> None:
        if "html" not in self.guess_type(source.name):
            super().copyfile(source, outputfile)
            return
        head, main, rest = source.read().partition(b"<main")
        text, end, below = rest.partition(b"</main>")
        size = len(text) // (PIECES - 2) + 1
        parts = [text[start : start + size] for start in range(0, len(text), size)]
        for part in [head + main, *parts, end + below]:
            self.asked.get()
            outputfile.write(part)
            outputfile.flush()


@contextmanager
def slowly(folder: Path) -> Iterator[tuple[str, "SimpleQueue[None]"]]:
    asked = SimpleQueue[None]()
    handler = functools.partial(Slow, directory=str(folder), asked=asked)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> PictureSite:
    """A story with pictures, blocks and related ones, and a front page with topics."""
    site = PictureSite(tmp_path_factory.mktemp("steady") / "site")
    site.images("widths = [480, 800, 1200]")
    site.write({"content/images/tree.jpg": taken(2000, 1500, 2)})
    for number in range(8):
        words = "The harbour bridge opens to trains after ten years of repairs. " * 5
        site.article(f"other-{number}", words, tags="[Harbour]", date=f"2026-05-0{number + 1}")
    body = (
        "The harbour bridge opens. " * 30,
        "::: note\nA *note* with words.\n:::",
        "![A tree](/images/tree.jpg)",
        *(f"## Part {number}\n\n" + "The bridge opens to trains. " * 40 for number in range(4)),
    )
    site.story("\n\n".join(body), tags="[Harbour]")
    site.build()
    return site


@pytest.mark.parametrize("window", [390, 1280])
@pytest.mark.parametrize("path", [STORY, "/"])
def test_nothing_moves_while_a_page_arrives(
    paper: PictureSite, browser: Any, path: str, window: int
) -> None:
    assert moved_while_arriving(paper, browser, path, window) == []


def test_nothing_moves_when_a_story_turns_out_to_stand_alone(tmp_path: Path, browser: Any) -> None:
    site = PictureSite(tmp_path / "site")
    site.story("::: note\nA note.\n:::\n\n" + "Text of a story. " * 400)
    site.build()
    assert not site.page("2026/06/story/index.html").cssselect(".related")
    for path in (STORY, "/"):
        assert moved_while_arriving(site, browser, path, 1280) == []


def moved_while_arriving(site: PictureSite, browser: Any, path: str, window: int) -> list[Any]:
    context = browser.new_context(viewport={"width": window, "height": 900})
    page = context.new_page()
    with slowly(site.public) as (home, asked):
        asked.put(None)
        page.goto(home + path, wait_until="commit")
        for _ in range(PIECES - 1):
            page.evaluate(PAINTED)
            asked.put(None)
        page.wait_for_load_state("networkidle")
        assert page.locator("footer").count(), "all of it is there"
        moved: list[Any] = page.evaluate(MOVED)
    context.close()
    return moved
