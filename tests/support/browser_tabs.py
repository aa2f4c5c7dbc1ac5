"""Real tabs of the real Chromium on the real preview: what they show, and what they are told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from support.complete_site import CompleteSite
from support.preview_process import Preview
from support.sites import LONG

MISSING = "the server responded with a status of 404"
FAILING = "the server responded with a status of 500"
AWAY = "net::ERR_"
"""What the browser itself says of an answer, or of a server that is away."""

OVERLAY = "broadsheet-preview .overlay:not([hidden])"


class Tab:
    """A page in a browser context of its own, and the messages of its event stream."""

    def __init__(self, context: Any, preview: Preview) -> None:
        self.page = context.new_page()
        self.preview = preview
        self.messages: list[dict[str, Any]] = []
        session = context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.on("Network.eventSourceMessageReceived", self._told)

    def _told(self, event: dict[str, str]) -> None:
        self.messages.append(json.loads(event["data"]))

    def open(self, path: str) -> None:
        self.page.goto(f"{self.preview.address}{path}")
        self.connected()

    def connected(self) -> None:
        there = "broadsheet-preview aside i:not(.connecting)"
        self.page.wait_for_selector(there, state="attached", timeout=_PATIENCE)

    def until(self, condition: str, value: Any = None) -> None:
        """Wait until a condition in JavaScript holds."""
        self.page.wait_for_function(condition, arg=value, timeout=_PATIENCE)

    def shows(self, text: str, where: str = "main") -> None:
        """Wait until an element shows a text."""
        condition = "([e, t]) => document.querySelector(e)?.textContent.includes(t)"
        self.until(condition, [where, text])

    def shows_no_more(self, text: str, where: str = "main") -> None:
        condition = "([e, t]) => !document.querySelector(e)?.textContent.includes(t)"
        self.until(condition, [where, text])

    def is_like(self, html: str) -> None:
        """Wait until the main part of the page is that of a document, node for node."""
        self.until(
            """(html) => document.querySelector("main").isEqualNode(
                new DOMParser().parseFromString(html, "text/html").querySelector("main"))""",
            html,
        )

    def says(self, text: str, part: str = ".pill") -> None:
        """Wait until a part of the bar or the overlay says a text."""
        condition = """([part, text]) => document.querySelector("broadsheet-preview")
            .shadowRoot.querySelector(part)?.textContent.includes(text)"""
        self.until(condition, [part, text])

    def keep(self) -> None:
        """Remember every node, to see later whether this is still the same page."""
        self.page.evaluate(f"window.kept = {_NODES}")

    def kept(self) -> bool:
        """Whether not one element was made anew, came or went."""
        now = self.page.evaluate(
            f"""() => {{ const now = {_NODES};
            return window.kept?.length === now.length && kept.every((node, i) => node === now[i]);
            }}"""
        )
        return bool(now)

    def was_reloaded(self) -> bool:
        return bool(self.page.evaluate("window.kept === undefined"))


_PATIENCE = 1000 * LONG
"""Milliseconds: far more than anything takes."""
_NODES = '[...document.querySelectorAll("*")]'


@contextmanager
def tab(
    browser: Any, preview: Preview, path: str, *, expected: tuple[str, ...] = (), **options: Any
) -> Iterator[Tab]:
    """A tab that shows a page. Nothing else may be said in its console than is `expected`."""
    context = browser.new_context(**options)
    context.set_default_timeout(_PATIENCE)
    opened, wrong = Tab(context, preview), []
    opened.page.on(
        "console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None
    )
    opened.page.on("pageerror", lambda error: wrong.append(str(error)))
    try:
        opened.open(path)
        yield opened
    finally:
        context.close()
    unexpected = [text for text in wrong if not any(part in text for part in expected)]
    assert not unexpected, unexpected


class Previewed(NamedTuple):
    """A site, its preview, and the browser that looks at it."""

    site: CompleteSite
    preview: Preview
    browser: Any

    def tab(self, path: str, *expected: str) -> Any:
        return tab(self.browser, self.preview, path, expected=expected)

    def file(self, name: str) -> Path:
        return self.site.root / f"content/articles/{name}.md"
