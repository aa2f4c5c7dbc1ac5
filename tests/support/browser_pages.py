"""Built pages, served and opened in a real browser."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A folder on a real server; its address without the last slash."""
    handler = functools.partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def opened(browser: Any, url: str, **options: Any) -> Iterator[Any]:
    """A page in a context of its own. No error in the console, no request that fails."""
    context = browser.new_context(**options)
    page, wrong = context.new_page(), []
    page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("requestfailed", lambda request: wrong.append(request.url))
    page.on("response", lambda r: wrong.append(f"{r.status} {r.url}") if r.status > 399 else None)
    page.goto(url, wait_until="networkidle")
    yield page
    context.close()
    assert wrong == []


def sideways(page: Any) -> list[str]:
    """What sticks out of the window, and does not lie in a box that scrolls by itself."""
    return list(
        page.evaluate(
            """() => {
              const wide = document.documentElement.clientWidth;
              const scrolls = (e) => e && (/auto|scroll|hidden/.test(getComputedStyle(e).overflowX)
                ? e !== document.body && e !== document.documentElement
                : scrolls(e.parentElement));
              const out = [...document.querySelectorAll("body *")].filter((e) => {
                const box = e.getBoundingClientRect();
                const seen = box.width > 1 && getComputedStyle(e).visibility === "visible";
                const past = box.right > wide + 1 || box.left < -1;
                return seen && past && !e.matches(".skip") && !scrolls(e.parentElement);
              }).map((e) => e.outerHTML.slice(0, 80));
              const width = document.documentElement.scrollWidth;
              return width > wide ? [`page: ${width} > ${wide}`, ...out] : out;
            }"""
        )
    )


def style(page: Any, selector: str, name: str) -> str:
    found: str = page.eval_on_selector(selector, f"e => getComputedStyle(e)['{name}']")
    return found


def pixels(page: Any, selector: str, name: str) -> float:
    return float(style(page, selector, name).removesuffix("px"))
