"""Films and galleries in the real Chromium: what is asked of others, and what keys do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from support.browser_pages import opened, served, sideways
from support.images import png
from support.preview_process import eventually
from support.sites import REPOSITORY, SETTINGS, SmallSite

FILM = "https://youtu.be/dQw4w9WgXcQ"
PLAYER = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"
STORY = f"""
::: embed {FILM} title="The film" by="Ada" date=2026-05-01 poster=a.png
Its words.
:::

::: embed https://social.example/@ada/12345 by="Ada"
A post.
:::

::: audio a.mp3 title="The talk" transcript=other.md :::

::: video v.mp4 poster=a.png captions=v.vtt transcript=other.md title="A film of ours" :::

::: gallery "Views"
![Red](a.png)
![Green](b.png "The *green* one")
![](c.png)
:::
"""
ADDED = (REPOSITORY / "layouts/assets/blocks.css").read_text()


@contextmanager
def story(site: SmallSite, browser: Any, **options: Any) -> Iterator[tuple[Any, list[str]]]:
    """The page of a story with all that, and the addresses elsewhere that it asks for."""
    csp = '[security]\ncsp = true\nembeds = ["https://www.youtube-nocookie.com"]\n'
    site.write({"site.toml": SETTINGS + csp})
    shades = {"a": png(640, 480, 40), "b": png(1600, 300, 90), "c": png(30, 900, 200)}
    site.write({f"content/articles/{name}.png": data for name, data in shades.items()})
    files = {"a.mp3": b"", "v.mp4": b"", "v.vtt": b"WEBVTT\n"}
    site.write({f"content/articles/{name}": data for name, data in files.items()})
    site.article("other")
    site.article("story", STORY)
    site.write({"layouts/assets/extra.css": ADDED})
    site.build()
    asked: list[str] = []

    def elsewhere(route: Any) -> None:
        asked.append(route.request.url)
        route.fulfill(body="<title>Player</title>", content_type="text/html")

    with served(site.public) as address:
        place = f"{address}/2026/06/story/"
        with opened(browser, "about:blank", **options) as page:
            page.route(lambda url: not url.startswith(address), elsewhere)
            page.goto(place, wait_until="networkidle")
            if options.get("java_script_enabled", True):
                _style(page, next(site.public.glob("assets/extra.*.css")).name)
            yield page, asked


def _style(page: Any, name: str) -> None:
    page.evaluate(
        """(url) => new Promise((done) => {
          const link = Object.assign(document.createElement("link"),
            { rel: "stylesheet", href: url, onload: done });
          document.head.append(link);
        })""",
        f"/assets/{name}",
    )


def test_a_player_is_asked_for_when_the_reader_presses_the_button(
    site: SmallSite, browser: Any
) -> None:
    with story(site, browser) as (page, asked):
        assert asked == []
        button = page.get_by_role("button", name="Show the video")
        button.focus()
        with page.expect_request_finished(lambda request: request.url == PLAYER):
            page.keyboard.press("Enter")
        assert asked == [PLAYER]
        frame = page.locator(".embed iframe")
        names = ("src", "title", "loading", "referrerpolicy")
        assert [frame.get_attribute(name) for name in names] == [
            PLAYER,
            "The film",
            "lazy",
            "strict-origin-when-cross-origin",
        ]
        assert frame.get_attribute("allowfullscreen") is not None
        assert page.evaluate("document.activeElement.localName") == "iframe"


def test_without_scripts_all_is_a_link(site: SmallSite, browser: Any) -> None:
    with story(site, browser, java_script_enabled=False) as (page, asked):
        assert page.get_by_role("link", name="Show the video").get_attribute("href") == FILM
        assert page.locator(".gallery a").nth(1).get_attribute("href") == "/articles/b.png"
        assert asked == []


def test_a_gallery_is_walked_by_keys(site: SmallSite, browser: Any) -> None:
    with story(site, browser) as (page, _):
        links = page.locator(".gallery a")
        links.nth(1).focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name="Views")

        def shown() -> tuple[str, str, str]:
            picture = dialog.locator("img")
            source = str(picture.get_attribute("src")).rpartition("/")[2]
            words = dialog.locator("figcaption").text_content()
            return source, str(picture.get_attribute("alt")), str(words)

        assert shown() == ("b.png", "Green", "The *green* one")
        assert dialog.locator(".large-place").text_content() == "2 / 3"
        for key, source in (
            ("ArrowRight", "c.png"),
            ("ArrowRight", "a.png"),
            ("ArrowLeft", "c.png"),
            ("Home", "a.png"),
            ("End", "c.png"),
        ):
            page.keyboard.press(key)
            assert shown()[0] == source
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('dialog') !== null")
        page.keyboard.press("Escape")
        eventually(lambda: page.evaluate("!document.querySelector('dialog')"))
        assert links.nth(1).evaluate("(link) => link === document.activeElement")
        links.nth(0).click()
        dialog.get_by_role("button", name="Next picture").click()
        assert shown()[0] == "b.png"
        dialog.get_by_role("button", name="Close").click()
        eventually(lambda: page.evaluate("!document.querySelector('dialog')"))


def test_in_a_language_from_right_to_left_the_arrows_lead_the_other_way(
    site: SmallSite, browser: Any
) -> None:
    with story(site, browser) as (page, _):
        page.evaluate("document.documentElement.dir = 'rtl'")
        page.locator(".gallery a").nth(1).click()
        page.keyboard.press("ArrowRight")
        assert page.locator("dialog .large-place").text_content() == "1 / 3"


def test_a_click_with_a_key_opens_the_file_itself(site: SmallSite, browser: Any) -> None:
    with story(site, browser) as (page, _):
        with page.context.expect_page() as opening:
            page.locator(".gallery a").nth(0).click(modifiers=["Control"])
        opening.value.close()
        assert page.locator("dialog").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_in_the_way_of_anybody(site: SmallSite, browser: Any, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    options = {
        "color_scheme": scheme,
        "reduced_motion": "reduce",
        "viewport": {"width": 320, "height": 640},
        "bypass_csp": True,
    }
    with story(site, browser, **options) as (page, asked):
        assert sideways(page) == []
        assert Axe().run(page).response["violations"] == []
        page.locator(".gallery a").nth(1).click()
        assert sideways(page) == []
        found = Axe().run(page, context="dialog").response["violations"]
        assert found == []
        assert asked == []
