"""The script of the preview in a real browser, against a server that says what it is told to."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from random import Random
from threading import Thread
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from chromium import CHROMIUM, CHROMIUM_FLAGS

pytestmark = pytest.mark.long

SCRIPT = Path(__file__).parents[1] / "generator" / "preview" / "preview.js"
PATIENCE = 120.0
"""Seconds that a test waits for what must come; far more than it takes."""


class Stream:
    """An event stream to one tab: what it asked with, and what is to be sent."""

    def __init__(self, query: dict[str, str]) -> None:
        self.query = query
        self.messages: Queue[str | None] = Queue()


class Server(ThreadingHTTPServer):
    """Pages, and the two addresses of the preview, on a real port."""

    desk: "Desk"


class Asked(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        desk = self.server.desk
        if url.path == "/@preview/events":
            query = parse_qs(url.query, keep_blank_values=True)
            self.stream(desk, Stream({key: values[0] for key, values in query.items()}))
            return
        desk.asked.append(self.path)
        if url.path == "/@preview/why":
            self.answer(200, "application/json", json.dumps(desk.why).encode())
        elif url.path == "/@preview/preview.js":
            self.answer(200, "text/javascript", SCRIPT.read_bytes())
        elif url.path in desk.pages:
            html = desk.pages[url.path]
            own = f'<script defer src="/@preview/preview.js" data-page="{tag(html)}"></script>'
            before, end, after = html.rpartition("</body>")
            self.answer(
                desk.statuses.get(url.path, 200), "text/html", (before + own + end + after).encode()
            )
        elif unquote(url.path) in desk.files:
            if url.path in desk.held:
                desk.held[url.path].get(timeout=PATIENCE)
            kind, content = desk.files[unquote(url.path)]
            self.answer(200, kind, content)
        else:
            self.answer(404, "text/plain", b"")

    def answer(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-cache")
        self.send_header("ETag", f'"{sha256(content).hexdigest()}"')
        self.end_headers()
        self.wfile.write(content)

    def stream(self, desk: "Desk", stream: Stream) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        stream.messages.put(json.dumps(desk.first(stream.query)))
        desk.streams.append(stream)
        desk.connections.append(stream.query)
        try:
            while True:
                try:
                    message = stream.messages.get(timeout=0.05)
                except Empty:
                    self.wfile.write(b": \n\n")  # a tab that went away is noticed
                    continue
                if message is None:
                    return
                self.wfile.write(f"data: {message}\n\n".encode())
        except ConnectionError:
            pass
        finally:
            desk.streams.remove(stream)


def tag(html: str) -> str:
    return sha256(html.encode()).hexdigest()


class Desk:
    """A site being edited: its pages and files, and the tabs that look at it."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.statuses: dict[str, int] = {}
        self.files = {"/favicon.ico": ("image/x-icon", b"")}
        self.held: dict[str, Queue[None]] = {}
        self.why: list[dict[str, Any]] = []
        self.hello: dict[str, Any] = {"problems": [], "info": None, "busy": "", "navigate": False}
        self.streams: list[Stream] = []
        self.connections: list[dict[str, str]] = []
        self.asked: list[str] = []
        self.port = 0
        self.start()

    def start(self) -> None:
        self.server = Server(("127.0.0.1", self.port), Asked)
        self.server.desk = self
        self.port = self.server.server_port
        Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        for stream in list(self.streams):
            stream.messages.put(None)
        until(lambda: not self.streams)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def page(self, path: str) -> dict[str, Any]:
        html = self.pages[path]
        return {"tag": tag(html), "html": html, "status": self.statuses.get(path, 200)}

    def first(self, query: dict[str, str]) -> dict[str, Any]:
        """The first message of a stream: it brings the page if the tab shows another."""
        path = query["path"]
        stale = path in self.pages and query["page"] != tag(self.pages[path])
        return self.hello | ({"page": self.page(path)} if stale else {})

    def send(self, **message: Any) -> None:
        until(lambda: self.streams)
        for stream in self.streams:
            stream.messages.put(json.dumps(message))

    def edit(self, path: str, old: str, new: str) -> None:
        assert old in self.pages[path]
        self.pages[path] = self.pages[path].replace(old, new)
        self.send(page=self.page(path))


def until(happened: Callable[[], Any]) -> None:
    end = monotonic() + PATIENCE
    while not happened():
        assert monotonic() < end, "it did not happen"
        sleep(0.01)


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.stop()


@contextmanager
def tab(browser: Any, desk: Desk, path: str, away: bool = False, **options: Any) -> Iterator[Any]:
    """A page in a context of its own, once its bar is there and its first message has come.

    Nothing may be said in the console, but what the browser itself says while the server is
    `away`.
    """
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE * 1000)
    page, wrong = context.new_page(), []
    page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(desk.url(path))
    connected(page)
    yield page
    context.close()
    assert [text for text in wrong if not (away and "net::ERR_" in text)] == []


def connected(page: Any) -> None:
    page.wait_for_selector(
        "broadsheet-preview aside i:not(.connecting)", state="attached", timeout=PATIENCE * 1000
    )


def settled(page: Any, condition: str) -> None:
    """Wait until a condition in JavaScript holds."""
    page.wait_for_function(condition, timeout=PATIENCE * 1000)


def document(body: str, head: str = "", attributes: str = 'lang="en"') -> str:
    return (
        f"<!doctype html>\n<html {attributes}>\n<head>\n<title>Paper</title>\n{head}</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


PARAGRAPHS = "\n".join(f"<p id=p{n}>Paragraph {n} of the story.</p>" for n in range(80))
STORY = document(
    f"""<main><h1>Headline</h1>
<details><summary>More</summary><p>Folded.</p></details>
<input value="name">
{PARAGRAPHS}
</main>"""
)
SAME_AS = """(html) => {
  const fresh = new DOMParser().parseFromString(html, "text/html").documentElement;
  const live = document.documentElement.cloneNode(true);
  live.querySelector("broadsheet-preview").remove();
  return live.isEqualNode(fresh);
}"""


def test_a_changed_text_leaves_every_node_at_its_place(browser: Any, desk: Desk) -> None:
    desk.pages["/"] = STORY
    with tab(browser, desk, "/") as page:
        assert page.evaluate(SAME_AS, STORY)
        page.click("summary")
        page.fill("input", "half a sen")
        page.evaluate("scrollTo(0, 700)")
        page.evaluate(
            """() => { window.kept = [...document.querySelectorAll("*")];
            window.text = document.querySelector("#p40").firstChild; }"""
        )
        desk.edit("/", "Paragraph 40 of", "Paragraph forty of")
        settled(page, "document.querySelector('#p40').textContent.includes('forty')")
        assert page.evaluate(
            """() => { const now = [...document.querySelectorAll("*")];
            return now.length === kept.length && now.every((node, i) => node === kept[i])
              && document.querySelector("#p40").firstChild === text; }"""
        )
        assert page.evaluate("[scrollY, document.activeElement.value]") == [700, "half a sen"]
        assert page.evaluate("document.querySelector('details').open")


def test_the_title_and_the_root_are_patched(browser: Any, desk: Desk) -> None:
    desk.pages["/"] = STORY.replace("</main>", '<svg><a id="s"></a></svg></main>')
    with tab(browser, desk, "/") as page:
        page.evaluate("window.kept = document.querySelector('#p7')")
        desk.pages["/"] = (
            desk.pages["/"]
            .replace('<html lang="en">', '<html dir="rtl" @odd="x">')
            .replace("<title>Paper</title>", "<title>Journal</title>")
            .replace('id="s"', 'id="s" xlink:href="/s/"')
        )
        desk.send(page=desk.page("/"))
        settled(page, "document.title === 'Journal'")
        assert page.evaluate(SAME_AS, desk.pages["/"])
        assert page.evaluate("kept === document.querySelector('#p7')")


KINDS = {
    ".css": "text/css",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}


def test_any_page_of_the_demo_becomes_any_other(browser: Any, desk: Desk, demo: Path) -> None:
    files = sorted(demo.rglob("*.html"), key=lambda file: sha256(str(file).encode()).digest())
    pages = [_without_policy(file.read_text(encoding="utf-8")) for file in files]
    desk.pages["/"], *others = (page for page in pages if 'http-equiv="refresh"' not in page)
    assert len(others) > 70, "a redirect would leave: only those are passed over"
    for file in demo.rglob("*.*"):
        if kind := KINDS.get(file.suffix):
            desk.files[f"/{file.relative_to(demo).as_posix()}"] = (kind, file.read_bytes())
    with tab(browser, desk, "/") as page:
        page.evaluate("window.unloaded = false")
        for html in others:
            desk.pages["/"] = html
            desk.send(page=desk.page("/"))
            page.wait_for_function(SAME_AS, arg=html, timeout=PATIENCE * 1000)
        assert page.evaluate("window.unloaded") is False


def _without_policy(page: str) -> str:
    """A page as the preview sends it: the policy stands in a header, which lets in the script."""
    return re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n', "", page)


def test_shuffled_lists_are_patched(browser: Any, desk: Desk) -> None:
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
    desk.pages["/"] = document(some())
    with tab(browser, desk, "/") as page:
        page.evaluate("window.first = true")
        for _ in range(60):
            desk.pages["/"] = document(some(), attributes=f"lang=x{chance.random()}")
            desk.send(page=desk.page("/"))
            page.wait_for_function(raw, arg=desk.pages["/"], timeout=PATIENCE * 1000)
            assert page.evaluate("document.querySelector('noscript')?.childElementCount ?? 0") == 0
        assert page.evaluate("window.first")


def test_a_page_that_moves_leads_on(browser: Any, desk: Desk) -> None:
    desk.pages |= {"/": STORY, "/new/": STORY}
    with tab(browser, desk, "/") as page:
        desk.pages["/"] = document("Moved.", '<meta http-equiv="refresh" content="0; url=/new/">')
        desk.send(page=desk.page("/"))
        page.wait_for_url("**/new/")
        connected(page)


def test_what_is_read_stays_when_text_above_grows(browser: Any, desk: Desk) -> None:
    plain = "<style>p { font: 16px/20px serif; margin: 0 0 10px; }</style>"
    for path, style in (("/", ""), ("/unanchored/", "html { overflow-anchor: none; }")):
        head = plain.replace("</style>", f"{style}</style>")
        desk.pages[path] = document(f"<main>{PARAGRAPHS}</main>", head)
        with tab(browser, desk, path) as page:
            page.evaluate("document.querySelector('#p50').scrollIntoView({block: 'center'})")
            place = "document.querySelector('#p50').getBoundingClientRect().top"
            before, scrolled = page.evaluate(place), page.evaluate("scrollY")
            desk.edit(path, "<p id=p3>", f"<p>{'New words. ' * 300}</p>\n<p id=p3>")
            settled(page, f"scrollY > {scrolled + 50}")
            assert abs(page.evaluate(place) - before) <= 1, path


TOOL = """
for (const button of document.querySelectorAll("button")) button.hidden = false;
document.querySelector("p").after(Object.assign(document.createElement("b"), { id: "made" }));
document.body.className = "lively";
"""


def test_what_scripts_have_made_stays(browser: Any, desk: Desk) -> None:
    desk.files["/tool.js"] = ("text/javascript", TOOL.encode())
    story = "<p>Text one.</p>\n<p>Text two.</p>\n<button hidden>Talk</button>"
    desk.pages["/"] = document(story, '<script type="module" src="/tool.js"></script>\n')
    with tab(browser, desk, "/") as page:
        assert desk.asked.count("/") == 1  # what was sent is found in the browser's cache
        page.evaluate("window.made = document.querySelector('#made')")
        page.evaluate("document.querySelector('main, body').append('late')")
        desk.edit("/", "Text two.", "Text 2.")
        settled(page, "document.body.textContent.includes('Text 2.')")
        desk.edit("/", "<button", "<p>Text three.</p>\n<button")
        settled(page, "document.body.textContent.includes('Text three.')")
        assert page.evaluate("made.isConnected && made === document.querySelector('#made')")
        assert page.locator("button:visible", has_text="Talk").count() == 1
        assert page.evaluate("document.body.className") == "lively"
        assert page.evaluate("document.body.lastChild.data") == "late"


def test_what_a_script_has_moved_is_loaded_anew(browser: Any, desk: Desk) -> None:
    desk.pages["/"] = STORY
    with tab(browser, desk, "/") as page:
        page.evaluate("window.old = document.querySelector('#p5'); old.remove()")
        desk.edit("/", "Paragraph 5 of", "Paragraph five of")
        settled(page, "!window.old && document.body.textContent.includes('five')")
        connected(page)


@pytest.mark.parametrize("restoration", ["auto", "manual"])
def test_a_changed_script_reloads_and_keeps_the_place(
    browser: Any, desk: Desk, restoration: str
) -> None:
    code = f"<script>history.scrollRestoration = '{restoration}'; window.version = 1;</script>"
    data = '<script type="application/ld+json">{"wordCount":1}</script>\n'
    desk.pages["/"] = STORY.replace("</main>", f"</main>{code}").replace(
        "</head>", f"{data}</head>"
    )
    with tab(browser, desk, "/") as page:
        page.evaluate("window.old = true; scrollTo(0, 900)")
        desk.edit("/", '"wordCount":1', '"wordCount":2')
        settled(page, "document.querySelector('[type*=json]').text.includes('2')")
        assert page.evaluate("window.old")
        desk.edit("/", "version = 1", "version = 2")
        settled(page, "window.version === 2 && !window.old && scrollY === 900")
        connected(page)
        assert desk.connections[-1]["page"] == tag(desk.pages["/"])


@pytest.mark.parametrize(
    ("old", "new"),
    [("<!doctype html>", ""), ("Kept for later", "Kept for ever"), ("Within", "Inside")],
    ids=["doctype", "template", "shadow root"],
)
def test_what_cannot_be_seen_in_the_tree_reloads(
    browser: Any, desk: Desk, old: str, new: str
) -> None:
    more = """<template><p>Kept for later</p></template>
    <div><template shadowrootmode="open"><p>Within</p></template></div>"""
    desk.pages["/"] = STORY.replace("</main>", f"{more}</main>")
    with tab(browser, desk, "/") as page:
        page.evaluate("window.old = true; scrollTo(0, 900)")
        desk.edit("/", old, new)
        settled(
            page, "!window.old && Math.abs(scrollY - 900) < 100"
        )  # margins differ in quirks mode
        connected(page)
        assert desk.connections[-1]["page"] == tag(desk.pages["/"])


SAMPLE = """() => { window.seen = new Set(); (function look() {
  window.seen.add(getComputedStyle(document.body).color); requestAnimationFrame(look); })(); }"""


def rgb(page: Any) -> str:
    return str(page.evaluate("getComputedStyle(document.body).color"))


def test_a_stylesheet_is_swapped_without_a_bare_moment(browser: Any, desk: Desk) -> None:
    for number, colour in enumerate(("rgb(1, 0, 0)", "rgb(2, 0, 0)", "rgb(3, 0, 0)")):
        desk.files[f"/site.{number}.css"] = ("text/css", f"body {{ color: {colour} }}".encode())
    desk.held["/site.1.css"] = Queue()
    link = '<link rel="stylesheet" href="/site.0.css">\n'
    desk.pages["/"] = STORY.replace("</head>", f"{link}</head>")
    with tab(browser, desk, "/") as page:
        page.evaluate(SAMPLE)
        head = desk.pages["/"].replace("site.0", "site.1").replace("Paper", "Journal")
        desk.pages["/"] = head.replace("<link", '<meta name="author" content="x">\n<link')
        desk.send(page=desk.page("/"))
        settled(page, "document.title === 'Journal' && document.styleSheets.length === 1")
        until(lambda: "/site.1.css" in desk.asked)
        assert rgb(page) == "rgb(1, 0, 0)"
        desk.edit("/", "site.1", "site.2")  # while the one before it still loads
        settled(page, "getComputedStyle(document.body).color === 'rgb(3, 0, 0)'")
        settled(page, "document.querySelectorAll('link').length === 1")
        desk.held["/site.1.css"].put(None)
        assert set(page.evaluate("[...seen]")) == {"rgb(1, 0, 0)", "rgb(3, 0, 0)"}
        assert page.evaluate(SAME_AS, desk.pages["/"])


def test_files_are_fetched_again_where_they_stand(browser: Any, desk: Desk) -> None:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="9"/>'
    desk.files["/style.css"] = ("text/css", b"body { color: rgb(1, 0, 0) }")
    desk.files["/other.svg"] = ("image/svg+xml", picture.format(5).encode())
    desk.files["/a b.svg"] = ("image/svg+xml", picture.format(10).encode())
    body = (
        '<img id="one" src="a%20b.svg" alt=""><img id="other" src="/other.svg" alt="">'
        '<img id="set" srcset="/other.svg 1x, /a%20b.svg 2x" alt="">'
    )
    desk.pages["/"] = document(body, '<link rel="stylesheet" href="/style.css">\n')
    with tab(browser, desk, "/") as page:
        settled(page, "one.naturalWidth === 10")
        page.evaluate(SAMPLE)
        page.evaluate("window.kept = [one, other, set]")
        desk.files["/style.css"] = ("text/css", b"body { color: rgb(2, 0, 0) }")
        desk.files["/a b.svg"] = ("image/svg+xml", picture.format(20).encode())
        desk.send(files=["/style.css", "/a b.svg", "/unknown.css"])
        settled(page, "one.naturalWidth === 20")
        settled(page, "getComputedStyle(document.body).color === 'rgb(2, 0, 0)'")
        settled(page, "document.querySelectorAll('link').length === 1")
        assert set(page.evaluate("[...seen]")) == {"rgb(1, 0, 0)", "rgb(2, 0, 0)"}
        assert page.evaluate("kept.every((img) => img.isConnected)")
        assert page.evaluate("other.getAttribute('src')") == "/other.svg"
        first, second = page.evaluate("set.srcset").split(", ")
        assert first == "/other.svg 1x" and "a%20b.svg?v=" in second and second.endswith(" 2x")
        # and the page can still be patched
        desk.files["/new.css"] = ("text/css", b"body { color: rgb(3, 0, 0) }")
        desk.edit("/", "/style.css", "/new.css")
        settled(page, "getComputedStyle(document.body).color === 'rgb(3, 0, 0)'")
        settled(page, "document.querySelectorAll('link').length === 1")
        assert page.evaluate("kept.every((img) => img.isConnected)")


PROBLEM = {
    "file": "content/articles/x.md",
    "line": 3,
    "what": "date: <b>soon</b> is no date",
    "remedy": "Write it as 2026-06-25.",
    "lines": [[2, "title: X"], [3, "date: <b>soon</b>"], [4, "---"]],
}


def test_the_overlay_says_what_is_wrong_and_goes_when_mended(browser: Any, desk: Desk) -> None:
    desk.pages["/"] = STORY
    with tab(browser, desk, "/") as page:
        page.focus("input")
        desk.send(problems=[PROBLEM, PROBLEM | {"file": "site.toml", "line": 0, "lines": []}])
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
        desk.send(problems=[PROBLEM | {"what": "another"}])
        overlay.wait_for()
        overlay.get_by_role("button").click()
        overlay.wait_for(state="hidden")
        page.reload()  # what was closed stays closed until it changes
        desk.hello["problems"] = [PROBLEM | {"what": "another"}]
        page.reload()
        page.wait_for_selector("broadsheet-preview aside i.trouble")
        assert not overlay.is_visible()
        page.click("broadsheet-preview aside .pill")
        page.get_by_role("button", name="Show the errors").click()
        overlay.wait_for()
        desk.send(problems=[])
        overlay.wait_for(state="hidden")
        page.wait_for_selector("broadsheet-preview aside i.connected")


def test_many_problems_scroll_inside(browser: Any, desk: Desk) -> None:
    desk.hello["problems"] = [PROBLEM | {"line": n} for n in range(1, 40)]
    desk.pages["/"] = STORY
    for width in (320, 1280):
        with tab(browser, desk, "/", viewport={"width": width, "height": 600}) as page:
            box = page.locator(".sheet").bounding_box()
            assert box["y"] >= 0 and box["y"] + box["height"] <= 600
            assert box["x"] >= 0 and box["x"] + box["width"] <= width
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.locator("h3").last.scroll_into_view_if_needed()
            assert page.evaluate("scrollY") == 0


INFO = {
    "publication": "Scheduled until 24 Dec 2026, 08:00",
    "figures": "3 min · 712 words",
    "warnings": ["No summary.", "A picture <i>without</i> alt text."],
    "source": "content/articles/x.md",
}


def test_the_bar_tells_of_the_page(browser: Any, desk: Desk) -> None:
    desk.hello |= {"info": INFO, "busy": "Reading 10,000 stories."}
    desk.why = [{"title": "A <b>story</b>", "url": "/s/", "lines": ["tags: rail", "2 days apart"]}]
    desk.pages["/"] = desk.pages["/s/"] = STORY
    with tab(browser, desk, "/", permissions=["clipboard-read", "clipboard-write"]) as page:
        pill = page.locator("broadsheet-preview aside .pill")
        for part in ("Scheduled until 24 Dec 2026, 08:00", "3 min · 712 words", "2 warnings"):
            assert part in pill.inner_text()
        assert not any("why" in path for path in desk.asked)
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
        desk.why = [{"title": "Another", "url": "/s/", "lines": []}]
        desk.edit("/", "Paragraph 1 of", "Paragraph one of")
        page.get_by_role("link", name="Another").click()
        page.wait_for_url("**/s/")
        page.locator("broadsheet-preview aside .panel").wait_for()  # open still, on the next page
        page.locator("broadsheet-preview aside .pill").focus()
        page.keyboard.press("Escape")
        page.locator("broadsheet-preview aside .panel").wait_for(state="hidden")
        page.click("broadsheet-preview aside .pill")
        desk.send(info=None, busy="")
        page.get_by_text("Not made from one file.").wait_for()
        page.get_by_label("Fold the bar to a dot").check()
        page.click("broadsheet-preview aside .pill")
        assert page.locator("broadsheet-preview aside").bounding_box()["width"] < 60


def test_no_style_of_the_site_touches_the_bar(browser: Any, desk: Desk) -> None:
    hostile = """<style>* { display: none !important; font-size: 50px !important; opacity: 0.1
      !important; color: red !important; transform: rotate(9deg) !important; direction: rtl
      !important; position: static !important } html { display: block !important; opacity: 1
      !important; transform: none !important }</style>"""
    desk.hello["info"] = INFO
    desk.pages |= {"/": STORY, "/hostile/": STORY.replace("</head>", f"{hostile}</head>")}
    shots = []
    for path in desk.pages:
        with tab(browser, desk, path) as page:
            page.click("broadsheet-preview aside .pill")
            page.get_by_text("No summary.").wait_for()
            page.evaluate("document.body.remove()")
            page.mouse.move(5, 5)
            shots.append(
                (page.locator("broadsheet-preview aside").bounding_box(), page.screenshot())
            )
    assert shots[0] == shots[1]


def test_the_bar_is_not_printed(browser: Any, desk: Desk) -> None:
    desk.hello["problems"] = [PROBLEM]
    desk.pages["/"] = STORY
    with tab(browser, desk, "/") as page:
        assert page.is_visible("broadsheet-preview aside") and page.is_visible(".overlay")
        page.emulate_media(media="print")
        assert not page.is_visible("broadsheet-preview aside") and not page.is_visible(".overlay")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_bar_and_overlay(browser: Any, desk: Desk, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    desk.hello |= {"info": INFO, "problems": [PROBLEM], "busy": "Reading 10,000 stories."}
    desk.why = [{"title": "A story", "url": "/s/", "lines": ["tags: rail", "2 days apart"]}]
    desk.pages["/"] = document("<main><h1>Story</h1><p>Text.</p></main>")
    with tab(browser, desk, "/", color_scheme=scheme, reduced_motion="reduce") as page:
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
def test_the_bar_fits_on_any_page(browser: Any, desk: Desk, html: str, width: int) -> None:
    desk.hello["info"] = INFO
    desk.pages["/"] = html
    with tab(browser, desk, "/", viewport={"width": width, "height": 500}) as page:
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


def test_a_page_that_is_not_meant_is_not_touched(browser: Any, desk: Desk) -> None:
    desk.files["/style.css"] = ("text/css", b"body { color: red }")
    desk.pages["/"] = STORY.replace("</head>", '<link rel="stylesheet" href="/style.css"></head>')
    with tab(browser, desk, "/") as page:
        page.evaluate(
            """() => { window.changes = []; new MutationObserver((list) => changes.push(...list))
            .observe(document, { subtree: true, childList: true, attributes: true,
            characterData: true }); }"""
        )
        desk.send(files=["/other.css", "/a.png"], busy="Reading.", problems=[PROBLEM])
        desk.send(info=INFO, saved={"number": 4, "url": "/elsewhere/"}, problems=[])
        page.get_by_text("712 words").wait_for()
        page.click("broadsheet-preview aside .pill")
        page.get_by_text("No summary.").wait_for()
        assert page.evaluate("changes.length") == 0


def test_no_name_of_the_page_is_taken(browser: Any, desk: Desk) -> None:
    names = "Object.getOwnPropertyNames(window).sort()"
    desk.files["/plain/"] = ("text/html", STORY.encode())
    desk.pages["/"] = STORY
    with tab(browser, desk, "/") as page:
        with_script = page.evaluate(names)
        page.goto(desk.url("/plain/"))
        assert page.evaluate(names) == with_script


def test_an_open_tab_survives_a_restart_of_the_server(browser: Any, desk: Desk) -> None:
    desk.pages["/"] = STORY
    with tab(browser, desk, "/", away=True) as page:
        page.evaluate("window.kept = true")
        desk.edit("/", "Paragraph 2 of", "Paragraph two of")
        settled(page, "document.body.textContent.includes('Paragraph two of')")
        second = tag(desk.pages["/"])
        desk.stop()
        page.wait_for_selector("broadsheet-preview aside i.connecting", state="attached")
        desk.pages["/"] = desk.pages["/"].replace("Paragraph 3 of", "Paragraph three of")
        desk.start()
        settled(page, "document.body.textContent.includes('Paragraph three of')")
        assert desk.connections[-1]["page"] == second  # it asks with what it shows now
        assert page.evaluate("window.kept")
        connected(page)


def test_a_hidden_tab_holds_no_connection(browser: Any, desk: Desk) -> None:
    # Playwright keeps every page visible, so the page is told what a browser would tell it.
    tell = """(all) => { for (const hidden of all) {
      Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
      document.dispatchEvent(new Event("visibilitychange")); } }"""
    desk.pages["/"] = STORY
    with tab(browser, desk, "/") as page:
        page.evaluate(tell, [True])
        until(lambda: not desk.streams)
        desk.pages["/"] = STORY.replace("Paragraph 2 of", "Paragraph two of")
        page.evaluate(tell, [False])
        settled(page, "document.body.textContent.includes('Paragraph two of')")
        page.evaluate(tell, [True, False])  # only for a blink: the stream stays
        page.evaluate("new Promise((done) => setTimeout(done, 1500))")  # later than its own timer
        assert len(desk.streams) == 1 and len(desk.connections) == 2


def test_navigate_goes_to_the_article_just_saved(browser: Any, desk: Desk) -> None:
    desk.pages |= {"/": STORY, "/a/": STORY, "/b/": STORY}
    desk.hello |= {"saved": {"number": 7, "url": "/a/"}, "navigate": True}
    with tab(browser, desk, "/") as page:
        assert desk.connections[-1]["saved"] == ""
        desk.send(saved={"number": 7, "url": "/a/"})
        desk.send(saved={"number": 8, "url": "/"}, info=INFO)
        page.get_by_text("712 words").wait_for()
        assert urlsplit(page.url).path == "/"
        desk.hello["saved"] = {"number": 9, "url": "/b/"}
        desk.send(saved={"number": 9, "url": "/b/"})
        page.wait_for_url("**/b/")
        connected(page)
        assert desk.connections[-1]["saved"] == "9"
        page.click("broadsheet-preview aside .pill")
        switch = page.get_by_label("Go to the article just saved")
        assert switch.is_checked()
        switch.uncheck()
        desk.send(saved={"number": 10, "url": "/a/"}, info=INFO)
        page.get_by_text("No summary.").wait_for()
        assert urlsplit(page.url).path == "/b/"
        page.reload()
        connected(page)
        assert not switch.is_checked()  # whatever the first message says
        switch.check()
        desk.send(saved={"number": 11, "url": "/a/"})
        page.wait_for_url("**/a/")


def test_a_page_brought_back_by_the_browser_connects_again(browser: Any, desk: Desk) -> None:
    desk.pages |= {"/": STORY, "/other/": STORY}
    remembering = browser.browser_type.launch(
        executable_path=str(CHROMIUM),
        args=CHROMIUM_FLAGS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    with tab(remembering, desk, "/") as page:
        page.evaluate("document.body.append('Kept.')")
        page.goto(desk.url("/other/"))
        connected(page)
        until(lambda: [stream.query["path"] for stream in desk.streams] == ["/other/"])
        desk.pages["/"] = STORY.replace("Paragraph 2 of", "Paragraph two of")
        page.go_back(wait_until="commit")
        settled(page, "document.body.textContent.includes('Paragraph two of')")
        assert page.evaluate("document.body.lastChild.data") == "Kept."
        until(lambda: [stream.query["path"] for stream in desk.streams] == ["/"])
    remembering.close()
