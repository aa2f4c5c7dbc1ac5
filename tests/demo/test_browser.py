"""The demo in a real browser: any width, both schemes, keyboard, print, no script."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from support.browser_pages import opened, served, sideways
from support.preview_process import eventually
from support.sites import REPOSITORY, SETTINGS, SmallSite

pytestmark = pytest.mark.long

PAGES = {
    "front": "/",
    "front 2": "/page/2/",
    "article": "/2024/06/change-6-far-side/",
    "recording": "/2024/06/ecb-rate-cut/",
    "tag": "/tags/space/",
    "tags": "/tags/",
    "author": "/authors/world-desk/",
    "authors": "/authors/",
    "archive": "/archive/",
    "month": "/archive/2024/06/",
    "page": "/about/",
    "chapter": "/manual/settings/",
    "404": "/404.html",
}
every_page = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())


@pytest.fixture(scope="module")
def address(demo: Path) -> Iterator[str]:
    with served(demo) as address:
        yield address


@every_page
def test_no_page_scrolls_sideways(browser: Any, address: str, path: str) -> None:
    with opened(browser, address + path) as page:
        for width in (320, 768, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert sideways(page) == [], width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@every_page
def test_axe_finds_nothing(browser: Any, address: str, path: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with opened(browser, address + path, color_scheme=scheme) as page:
        found = Axe().run(page).response["violations"]
        assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []


@every_page
def test_the_first_tab_reaches_the_skip_link(browser: Any, address: str, path: str) -> None:
    with opened(browser, address + path) as page:
        page.keyboard.press("Tab")
        skip = page.locator("a.skip")
        assert skip.evaluate("e => e === document.activeElement")
        box = skip.bounding_box()
        assert box["x"] >= 0 and box["y"] >= 0 and box["height"] > 10
        page.keyboard.press("Enter")
        left = "document.activeElement !== document.querySelector('a.skip')"
        eventually(partial(page.evaluate, left))
        assert page.evaluate("document.activeElement.tagName") == "MAIN"
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('main, footer')")


CHAPTERS = sorted(file.stem for file in (REPOSITORY / "content/pages/manual").glob("*.md"))


@pytest.mark.parametrize("chapter", [name for name in CHAPTERS if name != "index"])
def test_a_telephone_shows_a_table_of_the_manual_whole(
    browser: Any, address: str, chapter: str
) -> None:
    with opened(
        browser, f"{address}/manual/{chapter}/", viewport={"width": 390, "height": 844}
    ) as page:
        wider = """() => [...document.querySelectorAll(".prose .table")]
          .filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.textContent.slice(0, 80))"""
        assert page.evaluate(wider) == []


def test_focus_is_seen_on_every_link(browser: Any, address: str) -> None:
    with opened(browser, address + PAGES["article"]) as page:
        for _ in range(page.locator("a:visible").count()):
            page.keyboard.press("Tab")
            style = page.evaluate(
                """() => { const s = getComputedStyle(document.activeElement);
                return [s.outlineStyle, parseFloat(s.outlineWidth), s.boxShadow] }"""
            )
            assert (style[0] != "none" and style[1] >= 1) or style[2] != "none"


def test_all_can_be_read_without_script(browser: Any, address: str) -> None:
    with (
        opened(browser, address + PAGES["article"]) as with_script,
        opened(browser, address + PAGES["article"], java_script_enabled=False) as without,
    ):
        assert without.inner_text("body") == with_script.inner_text("body")
        with without.expect_navigation():
            without.click("aside.related a.view-all")
        assert "/tags/" in without.url


def test_print_has_the_story_and_nothing_else(browser: Any, address: str) -> None:
    with opened(browser, address + PAGES["article"]) as page:
        assert page.is_visible("aside.related") and page.is_visible("nav.menu")
        page.emulate_media(media="print")
        for gone in ("aside.related", "nav.menu", ".skip", "aside.promo", "nav.neighbours"):
            assert not page.locator(gone).first.is_visible(), gone
        for kept in ("article h1", "article .prose", "article .source", "article .byline"):
            assert page.is_visible(kept), kept
        colours = "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
        page.emulate_media(media="print", color_scheme="dark")
        assert page.eval_on_selector("body", colours)[0] == "rgb(0, 0, 0)"


def sides(page: Any) -> dict[str, float]:
    boxes = {name: page.locator(name).first.bounding_box() for name in ("article", "aside.related")}
    return {name: box["x"] + box["width"] / 2 for name, box in boxes.items()}


def test_a_page_from_right_to_left_is_mirrored(browser: Any, site: SmallSite) -> None:
    seen = {}
    for language in ("en", "ar"):
        site.write({"site.toml": SETTINGS + f'language = "{language}"\n'})
        for name in ("one", "two"):
            body = f"A sentence about {name} that is long enough to fill a line. " * 20
            site.article(name, body, tags="[AI]")
        site.build()
        with (
            served(site.public) as home,
            opened(
                browser, f"{home}/2026/06/one/", viewport={"width": 1280, "height": 800}
            ) as page,
        ):
            seen[language] = sides(page)
            assert sideways(page) == []
    assert seen["en"]["article"] < seen["en"]["aside.related"]
    assert seen["ar"]["aside.related"] < seen["ar"]["article"]
    assert seen["en"]["article"] + seen["ar"]["article"] == pytest.approx(1280, abs=20)


@pytest.mark.parametrize(
    ("settings", "script"),
    [
        (
            'provider = "giscus"\nrepo = "a/b"\nrepo_id = "R"\ncategory = "C"\ncategory_id = "D"',
            "https://giscus.app/client.js",
        ),
        (
            'provider = "isso"\nurl = "https://talk.example/x/"',
            "https://talk.example/x/js/embed.min.js",
        ),
    ],
    ids=["giscus", "isso"],
)
def test_comments_are_asked_for_by_a_click_only(
    browser: Any, site: SmallSite, settings: str, script: str
) -> None:
    site.write({"site.toml": f"{SETTINGS}[comments]\n{settings}\n"})
    site.article("story")
    site.build()
    asked: list[str] = []

    def answer(route: Any) -> None:
        asked.append(route.request.url)
        route.fulfill(
            body="", content_type="text/javascript", headers={"access-control-allow-origin": "*"}
        )

    with served(site.public) as home, opened(browser, f"{home}/2026/06/story/") as page:
        page.route(lambda url: not url.startswith(home), answer)
        page.reload(wait_until="networkidle")
        assert asked == []
        with page.expect_response(script):
            page.get_by_role("button", name="Show comments").click()
        assert asked == [script]
        assert page.locator(f'script[src="{script}"]').count() == 1
        assert page.get_by_role("button").count() == 0
    with (
        served(site.public) as home,
        opened(browser, f"{home}/2026/06/story/", java_script_enabled=False) as page,
    ):
        assert "Comments need JavaScript." in page.inner_text("body")
        assert not page.get_by_role("button").is_visible()


@pytest.mark.parametrize(("own", "shown"), [(64, 64), (4000, 0)])
def test_a_picture_is_never_wider_than_itself(
    browser: Any, site: SmallSite, own: int, shown: int
) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{own}" height="{own // 4}"/>'
    site.write({"content/articles/p.svg": svg})
    site.article("a", "Text.\n\n![A picture](p.svg)\n\nText.")
    site.build()
    with served(site.public) as address, opened(browser, f"{address}/2026/06/a/") as page:
        width = page.locator("figure img").bounding_box()["width"]
        column = page.locator(".prose").bounding_box()["width"]
        assert width == (shown or column)
