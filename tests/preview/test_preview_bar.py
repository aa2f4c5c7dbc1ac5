"""The overlay and the bar of the preview in a real browser, on any page."""

from collections.abc import Iterator
from typing import Any

import pytest

from support.scripted_preview import INFO, PROBLEM, STORY, ScriptedSite, document, tab

pytestmark = pytest.mark.long


@pytest.fixture
def paper() -> Iterator[ScriptedSite]:
    paper = ScriptedSite()
    yield paper
    paper.stop()


def test_the_overlay_says_what_is_wrong_and_goes_when_mended(
    browser: Any, paper: ScriptedSite
) -> None:
    paper.pages["/"] = STORY
    with tab(browser, paper, "/") as page:
        page.focus("input")
        paper.send(problems=[PROBLEM, PROBLEM | {"file": "site.toml", "line": 0, "lines": []}])
        overlay = page.locator(".overlay")
        overlay.wait_for()
        page.keyboard.type("typed on")
        assert "typed on" in page.input_value("input")
        assert overlay.locator("h3").all_inner_texts() == ["content/articles/x.md:3", "site.toml"]
        assert overlay.locator("mark").inner_text().split() == ["3", "date:", "<b>soon</b>"]
        assert overlay.locator("b").count() == 0
        assert overlay.get_by_text("Write it as 2026-06-25.").count() == 2
        assert "2 errors" in page.inner_text("broadsheet-preview aside")
        page.keyboard.press("Escape")
        overlay.wait_for(state="hidden")
        paper.send(problems=[PROBLEM | {"what": "another"}])
        overlay.wait_for()
        overlay.get_by_role("button").click()
        overlay.wait_for(state="hidden")
        page.reload()  # what was closed stays closed until it changes
        paper.hello["problems"] = [PROBLEM | {"what": "another"}]
        page.reload()
        page.wait_for_selector("broadsheet-preview aside i.trouble")
        assert not overlay.is_visible()
        page.click("broadsheet-preview aside .pill")
        page.get_by_role("button", name="Show the errors").click()
        overlay.wait_for()
        paper.send(problems=[])
        overlay.wait_for(state="hidden")
        page.wait_for_selector("broadsheet-preview aside i.connected")


def test_many_problems_scroll_inside(browser: Any, paper: ScriptedSite) -> None:
    paper.hello["problems"] = [PROBLEM | {"line": n} for n in range(1, 40)]
    paper.pages["/"] = STORY
    for width in (320, 1280):
        with tab(browser, paper, "/", viewport={"width": width, "height": 600}) as page:
            box = page.locator(".sheet").bounding_box()
            assert box["y"] >= 0 and box["y"] + box["height"] <= 600
            assert box["x"] >= 0 and box["x"] + box["width"] <= width
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.locator("h3").last.scroll_into_view_if_needed()
            assert page.evaluate("scrollY") == 0


def test_the_bar_tells_of_the_page(browser: Any, paper: ScriptedSite) -> None:
    paper.hello |= {"info": INFO, "busy": "Reading 10,000 stories."}
    paper.why = [{"title": "A <b>story</b>", "url": "/s/", "lines": ["tags: rail", "2 days apart"]}]
    paper.pages["/"] = paper.pages["/s/"] = STORY
    with tab(browser, paper, "/", permissions=["clipboard-read", "clipboard-write"]) as page:
        pill = page.locator("broadsheet-preview aside .pill")
        for part in ("Scheduled until 24 Dec 2026, 08:00", "3 min · 712 words", "2 warnings"):
            assert part in pill.inner_text()
        assert not any("why" in path for path in paper.asked)
        assert pill.get_attribute("aria-expanded") == "false"
        pill.focus()
        page.keyboard.press("Enter")
        assert pill.get_attribute("aria-expanded") == "true"
        page.get_by_text("2 days apart").wait_for()
        panel = page.locator("broadsheet-preview aside .panel")
        for part in (*INFO["warnings"], "tags: rail", "Reading 10,000 stories.", "A <b>story</b>"):
            assert part in panel.inner_text()
        page.get_by_role("button", name="Copy path").click()
        page.get_by_role("button", name="Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == "content/articles/x.md"
        field = "document.querySelector('broadsheet-preview').shadowRoot.activeElement"
        assert page.evaluate(f"{field}.selectionEnd - {field}.selectionStart") == 21
        paper.why = [{"title": "Another", "url": "/s/", "lines": []}]
        paper.edit("/", "Paragraph 1 of", "Paragraph one of")
        page.get_by_role("link", name="Another").click()
        page.wait_for_url("**/s/")
        page.locator("broadsheet-preview aside .panel").wait_for()  # open still, on the next page
        page.locator("broadsheet-preview aside .pill").focus()
        page.keyboard.press("Escape")
        page.locator("broadsheet-preview aside .panel").wait_for(state="hidden")
        page.click("broadsheet-preview aside .pill")
        paper.send(info=None, busy="")
        page.get_by_text("Not made from one file.").wait_for()
        page.get_by_label("Fold the bar to a dot").check()
        page.click("broadsheet-preview aside .pill")
        assert page.locator("broadsheet-preview aside").bounding_box()["width"] < 60


def test_no_style_of_the_site_touches_the_bar(browser: Any, paper: ScriptedSite) -> None:
    hostile = """<style>* { display: none !important; font-size: 50px !important; opacity: 0.1
      !important; color: red !important; transform: rotate(9deg) !important; direction: rtl
      !important; position: static !important } html { display: block !important; opacity: 1
      !important; transform: none !important }</style>"""
    paper.hello["info"] = INFO
    paper.pages |= {"/": STORY, "/hostile/": STORY.replace("</head>", f"{hostile}</head>")}
    shots = []
    for path in paper.pages:
        with tab(browser, paper, path) as page:
            page.click("broadsheet-preview aside .pill")
            page.get_by_text("No summary.").wait_for()
            page.evaluate("document.body.remove()")
            page.mouse.move(5, 5)
            shots.append(
                (page.locator("broadsheet-preview aside").bounding_box(), page.screenshot())
            )
    assert shots[0] == shots[1]


def test_the_bar_is_not_printed(browser: Any, paper: ScriptedSite) -> None:
    paper.hello["problems"] = [PROBLEM]
    paper.pages["/"] = STORY
    with tab(browser, paper, "/") as page:
        assert page.is_visible("broadsheet-preview aside") and page.is_visible(".overlay")
        page.emulate_media(media="print")
        assert not page.is_visible("broadsheet-preview aside") and not page.is_visible(".overlay")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_bar_and_overlay(
    browser: Any, paper: ScriptedSite, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    paper.hello |= {"info": INFO, "problems": [PROBLEM], "busy": "Reading 10,000 stories."}
    paper.why = [{"title": "A story", "url": "/s/", "lines": ["tags: rail", "2 days apart"]}]
    paper.pages["/"] = document("<main><h1>Story</h1><p>Text.</p></main>")
    with tab(browser, paper, "/", color_scheme=scheme, reduced_motion="reduce") as page:
        # axe measures contrast inside the body only, and the bar stands beside it
        page.evaluate("document.body.append(document.querySelector('broadsheet-preview'))")
        every = {"resultTypes": ["violations", "incomplete", "passes"]}
        for measured in ("mark", "ul"):
            result = Axe().run(page, options=every).response
            assert [
                (v["id"], [n["target"] for n in v["nodes"]]) for v in result["violations"]
            ] == []
            contrast = [rule for rule in result["passes"] if rule["id"] == "color-contrast"]
            targets = [str(node["target"]) for rule in contrast for node in rule["nodes"]]
            assert any("broadsheet-preview" in t and measured in t for t in targets), targets
            page.keyboard.press("Escape")
            page.click("broadsheet-preview aside .pill")
            page.get_by_text("2 days apart").wait_for()


@pytest.mark.parametrize(
    "html",
    [
        document("", attributes='lang="ar" dir="rtl"'),
        "<p>No such page",
        "<!doctype html><title>Gone</title><h1>404</h1></body>",
        document(STORY, attributes='lang="he" dir="rtl"'),
    ],
    ids=["empty", "bare", "error", "rtl"],
)
@pytest.mark.parametrize("width", [320, 1280])
def test_the_bar_fits_on_any_page(browser: Any, paper: ScriptedSite, html: str, width: int) -> None:
    paper.hello["info"] = INFO
    paper.pages["/"] = html
    with tab(browser, paper, "/", viewport={"width": width, "height": 500}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for click in (False, True):
            if click:
                page.click("broadsheet-preview aside .pill")
            box = page.locator("broadsheet-preview aside").bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= width
            assert box["y"] >= 0 and box["y"] + box["height"] <= 500
        assert page.evaluate(
            """() => { const fresh = document.documentElement.cloneNode(true);
            fresh.querySelector("broadsheet-preview").remove();
            return !fresh.innerHTML.includes("@preview"); }"""
        )
