"""A server for the script of the preview that says what a test tells it to."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from threading import Thread
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from support.sites import REPOSITORY

SCRIPT = REPOSITORY / "generator" / "preview" / "preview.js"
PATIENCE = 120.0
"""Seconds that a test waits for what must come; far more than it takes."""


class Stream:
    """An event stream to one tab: what it asked with, and what is to be sent."""

    def __init__(self, query: dict[str, str]) -> None:
        self.query = query
        self.messages: Queue[str | None] = Queue()


class Server(ThreadingHTTPServer):
    """Pages, and the two addresses of the preview, on a real port."""

    paper: "ScriptedSite"


class Asked(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        paper = self.server.paper
        if url.path == "/@preview/events":
            query = parse_qs(url.query, keep_blank_values=True)
            self.stream(paper, Stream({key: values[0] for key, values in query.items()}))
            return
        paper.asked.append(self.path)
        if url.path == "/@preview/why":
            self.answer(200, "application/json", json.dumps(paper.why).encode())
        elif url.path == "/@preview/preview.js":
            self.answer(200, "text/javascript", SCRIPT.read_bytes())
        elif url.path in paper.pages:
            html = paper.pages[url.path]
            own = f'<script defer src="/@preview/preview.js" data-page="{tag(html)}"></script>'
            before, end, after = html.rpartition("</body>")
            self.answer(
                paper.statuses.get(url.path, 200),
                "text/html",
                (before + own + end + after).encode(),
            )
        elif unquote(url.path) in paper.files:
            if url.path in paper.held:
                paper.held[url.path].get(timeout=PATIENCE)
            kind, content = paper.files[unquote(url.path)]
            self.answer(paper.statuses.get(url.path, 200), kind, content)
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

    def stream(self, paper: "ScriptedSite", stream: Stream) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        stream.messages.put(json.dumps(paper.first(stream.query)))
        paper.streams.append(stream)
        paper.connections.append(stream.query)
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
            paper.streams.remove(stream)


def tag(html: str) -> str:
    return sha256(html.encode()).hexdigest()


class ScriptedSite:
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
        self.server.paper = self
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


@contextmanager
def tab(
    browser: Any, paper: ScriptedSite, path: str, away: bool = False, **options: Any
) -> Iterator[Any]:
    """A page in a context of its own, once its bar is there and its first message has come.

    Nothing may be said in the console, but what the browser itself says while the server is
    `away`.
    """
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE * 1000)
    page, wrong = context.new_page(), []
    page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(paper.url(path))
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


PROBLEM = {
    "file": "content/articles/x.md",
    "line": 3,
    "what": "date: <b>soon</b> is no date",
    "remedy": "Write it as 2026-06-25.",
    "lines": [[2, "title: X"], [3, "date: <b>soon</b>"], [4, "---"]],
}


INFO = {
    "publication": "Scheduled until 24 Dec 2026, 08:00",
    "figures": "3 min · 712 words",
    "warnings": ["No summary.", "A picture <i>without</i> alt text."],
    "source": "content/articles/x.md",
}
