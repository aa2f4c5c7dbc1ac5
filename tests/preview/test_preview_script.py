"""The script of the preview in a real browser, against a server that says what it is told to."""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from queue import Queue
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest

from support.chromium import CHROMIUM, CHROMIUM_FLAGS
from support.scripted_preview import (
    INFO,
    PARAGRAPHS,
    PATIENCE,
    PROBLEM,
    SAME_AS,
    STORY,
    ScriptedSite,
    connected,
    document,
    settled,
    tab,
    tag,
    until,
)

pytestmark = pytest.mark.long


@pytest.fixture
def paper() -> Iterator[ScriptedSite]:
    paper = ScriptedSite()
    yield paper
    paper.stop()


def test_a_changed_text_leaves_every_node_at_its_place(browser: Any, paper: ScriptedSite) -> None:
    paper.pages["/"] = STORY
    with tab(browser, paper, "/") as page:
        assert page.evaluate(SAME_AS, STORY)
        page.click("summary")
        page.fill("input", "half a sen")
        page.evaluate("scrollTo(0, 700)")
        page.evaluate(
            """() => { window.kept = [...document.querySelectorAll("*")];
            window.text = document.querySelector("#p40").firstChild; }"""
        )
        paper.edit("/", "Paragraph 40 of", "Paragraph forty of")
        settled(page, "document.querySelector('#p40').textContent.includes('forty')")
        assert page.evaluate(
            """() => { const now = [...document.querySelectorAll("*")];
            return now.length === kept.length && now.every((node, i) => node === kept[i])
              && document.querySelector("#p40").firstChild === text; }"""
        )
        assert page.evaluate("[scrollY, document.activeElement.value]") == [700, "half a sen"]
        assert page.evaluate("document.querySelector('details').open")


def test_the_title_and_the_root_are_patched(browser: Any, paper: ScriptedSite) -> None:
    paper.pages["/"] = STORY.replace("</main>", '<svg><a id="s"></a></svg></main>')
    with tab(browser, paper, "/") as page:
        page.evaluate("window.kept = document.querySelector('#p7')")
        paper.pages["/"] = (
            paper.pages["/"]
            .replace('<html lang="en">', '<html dir="rtl" @odd="x">')
            .replace("<title>Paper</title>", "<title>Journal</title>")
            .replace('id="s"', 'id="s" xlink:href="/s/"')
        )
        paper.send(page=paper.page("/"))
        settled(page, "document.title === 'Journal'")
        assert page.evaluate(SAME_AS, paper.pages["/"])
        assert page.evaluate("kept === document.querySelector('#p7')")


KINDS = {
    ".avif": "image/avif",
    ".css": "text/css",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}


def test_any_page_of_the_demo_becomes_any_other(
    browser: Any, paper: ScriptedSite, demo: Path
) -> None:
    files = sorted(demo.rglob("*.html"), key=lambda file: sha256(str(file).encode()).digest())
    pages = [_without_policy(file.read_text(encoding="utf-8")) for file in files]
    anew = ('http-equiv="refresh"', '<script type="module"')
    paper.pages["/"], *others = (page for page in pages if not any(one in page for one in anew))
    assert len(others) > 70, "what a redirect, or a script, makes a new page is passed over"
    for file in demo.rglob("*.*"):
        if kind := KINDS.get(file.suffix):
            paper.files[f"/{file.relative_to(demo).as_posix()}"] = (kind, file.read_bytes())
    with tab(browser, paper, "/") as page:
        page.evaluate("window.unloaded = false")
        for html in others:
            paper.pages["/"] = html
            paper.send(page=paper.page("/"))
            page.wait_for_function(SAME_AS, arg=html, timeout=PATIENCE * 1000)
        assert page.evaluate("window.unloaded") is False


def _without_policy(page: str) -> str:
    """A page as the preview sends it: the policy stands in a header, which lets in the script."""
    return re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n', "", page)


def test_shuffled_lists_are_patched(browser: Any, paper: ScriptedSite) -> None:
    chance = Random(5)
    pieces = ["<p>One</p>", "text", "<!-- note -->", "<ul><li>a<li>b</ul>", "<img alt=x>\n"]
    pieces += ["<p>One <b>bold</b></p>", '<svg><a xlink:href="/"/></svg>', "<table><td>1</table>"]
    pieces += ["<noscript><p>No &amp; none</p></noscript>", "<pre>\n\nx</pre>", "<p id=i>I</p>"]

    def some(depth: int = 2) -> str:
        chosen = chance.choices(pieces, k=chance.randrange(9))
        return "\n".join(
            f"<div class=c{chance.randrange(3)}>{some(depth - 1)}</div>"
            if depth and chance.random() < 0.3
            else piece
            for piece in chosen
        )

    raw = """(html) => {
      const fresh = new DOMParser().parseFromString(html, "text/html");
      const live = document.documentElement.cloneNode(true);
      live.querySelector("broadsheet-preview").remove();
      for (const page of [fresh, live])
        for (const box of page.querySelectorAll("noscript")) box.remove();
      return live.isEqualNode(fresh.documentElement);
    }"""
    paper.pages["/"] = document(some())
    with tab(browser, paper, "/") as page:
        page.evaluate("window.first = true")
        for _ in range(60):
            paper.pages["/"] = document(some(), attributes=f"lang=x{chance.random()}")
            paper.send(page=paper.page("/"))
            page.wait_for_function(raw, arg=paper.pages["/"], timeout=PATIENCE * 1000)
            assert page.evaluate("document.querySelector('noscript')?.childElementCount ?? 0") == 0
        assert page.evaluate("window.first")


def test_a_page_that_moves_leads_on(browser: Any, paper: ScriptedSite) -> None:
    paper.pages |= {"/": STORY, "/new/": STORY}
    with tab(browser, paper, "/") as page:
        paper.pages["/"] = document("Moved.", '<meta http-equiv="refresh" content="0; url=/new/">')
        paper.send(page=paper.page("/"))
        page.wait_for_url("**/new/")
        connected(page)


def test_what_is_read_stays_when_text_above_grows(browser: Any, paper: ScriptedSite) -> None:
    plain = "<style>p { font: 16px/20px serif; margin: 0 0 10px; }</style>"
    for path, style in (("/", ""), ("/unanchored/", "html { overflow-anchor: none; }")):
        head = plain.replace("</style>", f"{style}</style>")
        paper.pages[path] = document(f"<main>{PARAGRAPHS}</main>", head)
        with tab(browser, paper, path) as page:
            page.evaluate("document.querySelector('#p50').scrollIntoView({block: 'center'})")
            place = "document.querySelector('#p50').getBoundingClientRect().top"
            before, scrolled = page.evaluate(place), page.evaluate("scrollY")
            paper.edit(path, "<p id=p3>", f"<p>{'New words. ' * 300}</p>\n<p id=p3>")
            settled(page, f"scrollY > {scrolled + 50}")
            assert abs(page.evaluate(place) - before) <= 1, path


TOOL = """
for (const button of document.querySelectorAll("button")) button.hidden = false;
document.querySelector("p").after(Object.assign(document.createElement("b"), { id: "made" }));
document.body.className = "lively";
"""


def test_what_scripts_have_made_stays(browser: Any, paper: ScriptedSite) -> None:
    paper.files["/tool.js"] = ("text/javascript", TOOL.encode())
    story = "<p>Text one.</p>\n<p>Text two.</p>\n<button hidden>Talk</button>"
    paper.pages["/"] = document(story, '<script type="module" src="/tool.js"></script>\n')
    with tab(browser, paper, "/") as page:
        assert paper.asked.count("/") == 1  # what was sent is found in the browser's cache
        page.evaluate("window.made = document.querySelector('#made')")
        page.evaluate("document.querySelector('main, body').append('late')")
        paper.edit("/", "Text two.", "Text 2.")
        settled(page, "document.body.textContent.includes('Text 2.')")
        paper.edit("/", "<button", "<p>Text three.</p>\n<button")
        settled(page, "document.body.textContent.includes('Text three.')")
        assert page.evaluate("made.isConnected && made === document.querySelector('#made')")
        assert page.locator("button:visible", has_text="Talk").count() == 1
        assert page.evaluate("document.body.className") == "lively"
        assert page.evaluate("document.body.lastChild.data") == "late"


def test_what_a_script_has_moved_is_loaded_anew(browser: Any, paper: ScriptedSite) -> None:
    paper.pages["/"] = STORY
    with tab(browser, paper, "/") as page:
        page.evaluate("window.old = document.querySelector('#p5'); old.remove()")
        paper.edit("/", "Paragraph 5 of", "Paragraph five of")
        settled(page, "!window.old && document.body.textContent.includes('five')")
        connected(page)


@pytest.mark.parametrize("restoration", ["auto", "manual"])
def test_a_changed_script_reloads_and_keeps_the_place(
    browser: Any, paper: ScriptedSite, restoration: str
) -> None:
    code = f"<script>history.scrollRestoration = '{restoration}'; window.version = 1;</script>"
    data = '<script type="application/ld+json">{"wordCount":1}</script>\n'
    paper.pages["/"] = STORY.replace("</main>", f"</main>{code}").replace(
        "</head>", f"{data}</head>"
    )
    with tab(browser, paper, "/") as page:
        page.evaluate("window.old = true; scrollTo(0, 900)")
        paper.edit("/", '"wordCount":1', '"wordCount":2')
        settled(page, "document.querySelector('[type*=json]').text.includes('2')")
        assert page.evaluate("window.old")
        paper.edit("/", "version = 1", "version = 2")
        settled(page, "window.version === 2 && !window.old && scrollY === 900")
        connected(page)
        assert paper.connections[-1]["page"] == tag(paper.pages["/"])


@pytest.mark.parametrize(
    ("old", "new"),
    [("<!doctype html>", ""), ("Kept for later", "Kept for ever"), ("Within", "Inside")],
    ids=["doctype", "template", "shadow root"],
)
def test_what_cannot_be_seen_in_the_tree_reloads(
    browser: Any, paper: ScriptedSite, old: str, new: str
) -> None:
    more = """<template><p>Kept for later</p></template>
    <div><template shadowrootmode="open"><p>Within</p></template></div>"""
    paper.pages["/"] = STORY.replace("</main>", f"{more}</main>")
    with tab(browser, paper, "/") as page:
        page.evaluate("window.old = true; scrollTo(0, 900)")
        paper.edit("/", old, new)
        settled(
            page, "!window.old && Math.abs(scrollY - 900) < 100"
        )  # margins differ in quirks mode
        connected(page)
        assert paper.connections[-1]["page"] == tag(paper.pages["/"])


SAMPLE = """() => { window.seen = new Set(); (function look() {
  window.seen.add(getComputedStyle(document.body).color); requestAnimationFrame(look); })(); }"""


def rgb(page: Any) -> str:
    return str(page.evaluate("getComputedStyle(document.body).color"))


def test_a_stylesheet_is_swapped_without_a_bare_moment(browser: Any, paper: ScriptedSite) -> None:
    for number, colour in enumerate(("rgb(1, 0, 0)", "rgb(2, 0, 0)", "rgb(3, 0, 0)")):
        paper.files[f"/site.{number}.css"] = ("text/css", f"body {{ color: {colour} }}".encode())
    paper.held["/site.1.css"] = Queue()
    link = '<link rel="stylesheet" href="/site.0.css">\n'
    paper.pages["/"] = STORY.replace("</head>", f"{link}</head>")
    with tab(browser, paper, "/") as page:
        page.evaluate(SAMPLE)
        head = paper.pages["/"].replace("site.0", "site.1").replace("Paper", "Journal")
        paper.pages["/"] = head.replace("<link", '<meta name="author" content="x">\n<link')
        paper.send(page=paper.page("/"))
        settled(page, "document.title === 'Journal' && document.styleSheets.length === 1")
        until(lambda: "/site.1.css" in paper.asked)
        assert rgb(page) == "rgb(1, 0, 0)"
        paper.edit("/", "site.1", "site.2")  # while the one before it still loads
        settled(page, "getComputedStyle(document.body).color === 'rgb(3, 0, 0)'")
        settled(page, "document.querySelectorAll('link').length === 1")
        paper.held["/site.1.css"].put(None)
        assert set(page.evaluate("[...seen]")) == {"rgb(1, 0, 0)", "rgb(3, 0, 0)"}
        assert page.evaluate(SAME_AS, paper.pages["/"])


def test_files_are_fetched_again_where_they_stand(browser: Any, paper: ScriptedSite) -> None:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="9"/>'
    paper.files["/style.css"] = ("text/css", b"body { color: rgb(1, 0, 0) }")
    paper.files["/other.svg"] = ("image/svg+xml", picture.format(5).encode())
    paper.files["/a b.svg"] = ("image/svg+xml", picture.format(10).encode())
    body = (
        '<img id="one" src="a%20b.svg" alt=""><img id="other" src="/other.svg" alt="">'
        '<img id="set" srcset="/other.svg 1x, /a%20b.svg 2x" alt="">'
    )
    paper.pages["/"] = document(body, '<link rel="stylesheet" href="/style.css">\n')
    with tab(browser, paper, "/") as page:
        settled(page, "one.naturalWidth === 10")
        page.evaluate(SAMPLE)
        page.evaluate("window.kept = [one, other, set]")
        paper.files["/style.css"] = ("text/css", b"body { color: rgb(2, 0, 0) }")
        paper.files["/a b.svg"] = ("image/svg+xml", picture.format(20).encode())
        paper.send(files=["/style.css", "/a b.svg", "/unknown.css"])
        settled(page, "one.naturalWidth === 20")
        settled(page, "getComputedStyle(document.body).color === 'rgb(2, 0, 0)'")
        settled(page, "document.querySelectorAll('link').length === 1")
        assert set(page.evaluate("[...seen]")) == {"rgb(1, 0, 0)", "rgb(2, 0, 0)"}
        assert page.evaluate("kept.every((img) => img.isConnected)")
        assert page.evaluate("other.getAttribute('src')") == "/other.svg"
        first, second = page.evaluate("set.srcset").split(", ")
        assert first == "/other.svg 1x" and "a%20b.svg?v=" in second and second.endswith(" 2x")
        # and the page can still be patched
        paper.files["/new.css"] = ("text/css", b"body { color: rgb(3, 0, 0) }")
        paper.edit("/", "/style.css", "/new.css")
        settled(page, "getComputedStyle(document.body).color === 'rgb(3, 0, 0)'")
        settled(page, "document.querySelectorAll('link').length === 1")
        assert page.evaluate("kept.every((img) => img.isConnected)")


DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="9"/>'
STANDS_IN = 203


def drawn(width: int) -> tuple[str, bytes]:
    return "image/svg+xml", DRAWING.format(width).encode()


def test_what_stood_in_is_swapped_and_what_did_not_is_left(
    browser: Any, paper: ScriptedSite
) -> None:
    paper.files |= {"/a%(1).svg": drawn(5), "/made.svg": drawn(6)}
    paper.statuses["/a%25(1).svg"] = STANDS_IN
    body = (
        '<picture><source srcset="/a%25(1).svg 5w, /never.svg 50w" sizes="5px">'
        '<img id="one" alt=""></picture><img id="other" src="/made.svg" alt="">'
    )
    paper.pages["/"] = document(body)
    with tab(browser, paper, "/") as page:
        settled(page, "one.complete && one.naturalWidth === 5 && other.complete")
        page.evaluate("window.kept = [...document.images]")
        paper.files["/a%(1).svg"] = drawn(5)
        for _ in range(2):  # something better stands in, and then the picture is made
            paper.send(made=["/a%25%281%29.svg", "/made.svg", "/never.svg", "/elsewhere.svg"])
            settled(page, "one.currentSrc.includes('?v=')")
            settled(page, "performance.getEntriesByName(one.currentSrc).length > 0")
            paper.statuses.clear()
        settled(page, "performance.getEntriesByName(one.currentSrc)[0].responseStatus === 200")
        assert page.evaluate("kept.every((img, i) => img === document.images[i])")
        assert page.evaluate("other.getAttribute('src')") == "/made.svg"
        assert page.evaluate("one.parentNode.firstChild.srcset").endswith(", /never.svg 50w")
    assert len([path for path in paper.asked if path.startswith("/a%25(1).svg")]) == 3
    assert not [path for path in paper.asked if path.startswith("/never.svg")]


def test_word_that_comes_before_what_stands_in_is_not_lost(
    browser: Any, paper: ScriptedSite
) -> None:
    paper.files["/a.svg"] = drawn(5)
    paper.statuses["/a.svg"] = STANDS_IN
    paper.held["/a.svg"] = Queue()
    paper.pages["/"] = document('<img id="one" alt="">')
    with tab(browser, paper, "/") as page:
        page.evaluate("one.src = '/a.svg'")
        until(lambda: "/a.svg" in paper.asked)
        paper.send(made=["/a.svg"], busy="It is made.")
        page.get_by_text("It is made.").wait_for(state="attached")
        paper.held["/a.svg"].put(None)
        until(lambda: any(path.startswith("/a.svg?v=") for path in paper.asked))
        paper.statuses.clear()
        paper.files["/a.svg"] = drawn(7)
        paper.held["/a.svg"].put(None)
        settled(page, "one.naturalWidth === 7")


def test_a_page_that_is_not_meant_is_not_touched(browser: Any, paper: ScriptedSite) -> None:
    paper.files["/style.css"] = ("text/css", b"body { color: red }")
    paper.pages["/"] = STORY.replace("</head>", '<link rel="stylesheet" href="/style.css"></head>')
    with tab(browser, paper, "/") as page:
        page.evaluate(
            """() => { window.changes = []; new MutationObserver((list) => changes.push(...list))
            .observe(document, { subtree: true, childList: true, attributes: true,
            characterData: true }); }"""
        )
        paper.send(files=["/other.css", "/a.png"], busy="Reading.", problems=[PROBLEM])
        paper.send(info=INFO, saved={"number": 4, "url": "/elsewhere/"}, problems=[])
        page.get_by_text("712 words").wait_for()
        page.click("broadsheet-preview aside .pill")
        page.get_by_text("No summary.").wait_for()
        assert page.evaluate("changes.length") == 0


def test_no_name_of_the_page_is_taken(browser: Any, paper: ScriptedSite) -> None:
    names = "Object.getOwnPropertyNames(window).sort()"
    paper.files["/plain/"] = ("text/html", STORY.encode())
    paper.pages["/"] = STORY
    with tab(browser, paper, "/") as page:
        with_script = page.evaluate(names)
        page.goto(paper.url("/plain/"))
        assert page.evaluate(names) == with_script


def test_an_open_tab_survives_a_restart_of_the_server(browser: Any, paper: ScriptedSite) -> None:
    paper.pages["/"] = STORY
    with tab(browser, paper, "/", away=True) as page:
        page.evaluate("window.kept = true")
        paper.edit("/", "Paragraph 2 of", "Paragraph two of")
        settled(page, "document.body.textContent.includes('Paragraph two of')")
        second = tag(paper.pages["/"])
        paper.stop()
        page.wait_for_selector("broadsheet-preview aside i.connecting", state="attached")
        paper.pages["/"] = paper.pages["/"].replace("Paragraph 3 of", "Paragraph three of")
        paper.start()
        settled(page, "document.body.textContent.includes('Paragraph three of')")
        assert paper.connections[-1]["page"] == second  # it asks with what it shows now
        assert page.evaluate("window.kept")
        connected(page)


def test_a_hidden_tab_holds_no_connection(browser: Any, paper: ScriptedSite) -> None:
    # Playwright keeps every page visible, so the page is told what a browser would tell it.
    tell = """(all) => { for (const hidden of all) {
      Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
      document.dispatchEvent(new Event("visibilitychange")); } }"""
    paper.pages["/"] = STORY
    with tab(browser, paper, "/") as page:
        page.evaluate(tell, [True])
        until(lambda: not paper.streams)
        paper.pages["/"] = STORY.replace("Paragraph 2 of", "Paragraph two of")
        page.evaluate(tell, [False])
        settled(page, "document.body.textContent.includes('Paragraph two of')")
        page.evaluate(tell, [True, False])  # only for a blink: the stream stays
        page.evaluate("new Promise((done) => setTimeout(done, 1500))")  # later than its own timer
        assert len(paper.streams) == 1 and len(paper.connections) == 2


def test_navigate_goes_to_the_article_just_saved(browser: Any, paper: ScriptedSite) -> None:
    paper.pages |= {"/": STORY, "/a/": STORY, "/b/": STORY}
    paper.hello |= {"saved": {"number": 7, "url": "/a/"}, "navigate": True}
    with tab(browser, paper, "/") as page:
        assert paper.connections[-1]["saved"] == ""
        paper.send(saved={"number": 7, "url": "/a/"})
        paper.send(saved={"number": 8, "url": "/"}, info=INFO)
        page.get_by_text("712 words").wait_for()
        assert urlsplit(page.url).path == "/"
        paper.hello["saved"] = {"number": 9, "url": "/b/"}
        paper.send(saved={"number": 9, "url": "/b/"})
        page.wait_for_url("**/b/")
        connected(page)
        assert paper.connections[-1]["saved"] == "9"
        page.click("broadsheet-preview aside .pill")
        switch = page.get_by_label("Go to the article just saved")
        assert switch.is_checked()
        switch.uncheck()
        paper.send(saved={"number": 10, "url": "/a/"}, info=INFO)
        page.get_by_text("No summary.").wait_for()
        assert urlsplit(page.url).path == "/b/"
        page.reload()
        connected(page)
        assert not switch.is_checked()  # whatever the first message says
        switch.check()
        paper.send(saved={"number": 11, "url": "/a/"})
        page.wait_for_url("**/a/")


def test_a_page_brought_back_by_the_browser_connects_again(
    browser: Any, paper: ScriptedSite
) -> None:
    paper.pages |= {"/": STORY, "/other/": STORY}
    remembering = browser.browser_type.launch(
        executable_path=str(CHROMIUM),
        args=CHROMIUM_FLAGS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    with tab(remembering, paper, "/") as page:
        page.evaluate("document.body.append('Kept.')")
        page.goto(paper.url("/other/"))
        connected(page)
        until(lambda: [stream.query["path"] for stream in paper.streams] == ["/other/"])
        paper.pages["/"] = STORY.replace("Paragraph 2 of", "Paragraph two of")
        page.go_back(wait_until="commit")
        settled(page, "document.body.textContent.includes('Paragraph two of')")
        assert page.evaluate("document.body.lastChild.data") == "Kept."
        until(lambda: [stream.query["path"] for stream in paper.streams] == ["/"])
    remembering.close()
