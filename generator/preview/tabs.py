"""Tell the open tabs what of their pages has changed, as server-sent events.

In comes what the session says of a change, out go messages to the tabs.

An event stream is that of WHATWG HTML, 9.2; `PREVIEW` in the script is its other end.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Protocol

import msgspec

from generator.preview.documents import document, tag_of
from generator.preview.values import Move, PageInfo, Row, ShownProblem, SiteResponse, Unmade

_ALIVE = 15
"""Seconds after which a silent stream says that it is still there."""
_BEHIND = 32
"""A tab that has so many messages to read yet is hung up on."""
_HELD = 256
"""Addresses of what was made last, for tabs that come too late to be told of it."""


class Source(Protocol):
    """The site behind the preview. Paths are those of URLs, decoded."""

    def respond(
        self, path: str, *, hurried: bool = False, near: bool = False, waits: bool = True
    ) -> SiteResponse:
        """Return what is at a path; `hurried`: at once, if perhaps not yet the last word.

        Who never `waits` may be told of something `unmade`.
        """

    def pictures_at(self, paths: Sequence[str]) -> Sequence[Unmade]:
        """Return what is at these paths and takes long, if it is not made yet."""

    def page_info(self, path: str) -> PageInfo | None: ...

    def moved(self, path: str) -> Move | None: ...

    def why(self, path: str) -> Sequence[Row]: ...

    def problems(self) -> Sequence[ShownProblem]: ...


class Saved(msgspec.Struct, frozen=True):
    """The page of the file that was saved last; each save has a greater number."""

    number: int = 0
    url: str = ""


class Change(msgspec.Struct, frozen=True):
    """What all tabs are told: files that are others at their addresses, what was saved last, and
    what the site is busy with.
    """

    files: tuple[str, ...] = ()
    saved: Saved = Saved()
    busy: str = ""
    hurried: bool = False


class Tab:
    """A page that is open in a browser: its path, the tag of what it shows, what it was told."""

    def __init__(self, path: str, tag: str) -> None:
        self.path = path
        self.tag = tag
        self.is_closed = False
        self.told: dict[str, Any] = {}
        self.messages: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    def news(self, source: Source, change: Change) -> dict[str, Any]:
        """Return what this tab does not know yet."""
        shown = source.respond(self.path, hurried=change.hurried, near=True)
        page = document(shown)
        message: dict[str, Any] = {}
        is_shown = page.shown_as == "page" and page.status != 302  # nobody is led away
        if is_shown and (tag := tag_of(page)) != self.tag:
            self.tag = tag
            assert isinstance(page.body, bytes)
            html = page.body.decode(errors="replace")
            message["page"] = {"tag": tag, "html": html, "status": page.status}
        now = {
            "problems": msgspec.to_builtins([*source.problems(), *shown.problems]),
            "info": msgspec.to_builtins(source.page_info(self.path)),
            "moved": msgspec.to_builtins(source.moved(self.path)),
            "busy": change.busy,
            "saved": msgspec.to_builtins(change.saved),
        }
        message |= {key: value for key, value in now.items() if self.told.get(key, ...) != value}
        self.told = now
        return message | ({"files": change.files} if change.files else {})


class Tabs:
    """All tabs. `source` is asked in the thread that owns it, tabs are told in the loop's."""

    def __init__(self, source: Source, navigate: bool) -> None:
        self.navigate = navigate
        self._source = source
        self._tabs: set[Tab] = set()
        self._loop = asyncio.get_running_loop()
        self._last = Change()
        self._made: tuple[str, ...] = ()
        self._is_closed = False

    def tell(self, change: Change) -> None:
        """Tell all tabs of a change. Called in the source's thread."""
        self._last = change
        for tab in list(self._tabs):
            if tab.is_closed:
                self._tabs.discard(tab)
            elif tab.messages.qsize() > _BEHIND:  # it comes back, and is told all at once
                self._loop.call_soon_threadsafe(tab.messages.put_nowait, None)
            elif message := tab.news(self._source, change):
                self._loop.call_soon_threadsafe(tab.messages.put_nowait, message)

    def tell_made(self, addresses: Sequence[str]) -> None:
        """Tell all tabs of files that something has stood in for until now. Called in the loop."""
        self._made = (*self._made, *addresses)[-_HELD:]
        for tab in list(self._tabs):
            tab.messages.put_nowait({"made": addresses})

    async def stream(self, path: str, tag: str, ask: Callable[..., Any]) -> AsyncIterator[bytes]:
        """Yield the events of a tab that shows a page with this tag.

        `ask` calls in the source's thread.
        """
        tab = Tab(path, tag)
        try:
            yield _event(await ask(self._welcome, tab))
            while not self._is_closed and (message := await _next(tab.messages)) is not None:
                yield _event(message) if message else b": still here\n\n"
        finally:
            tab.is_closed = True  # the other thread may be about to welcome it
            self._tabs.discard(tab)

    def close(self) -> None:
        """End all streams."""
        self._is_closed = True
        for tab in self._tabs:
            tab.messages.put_nowait(None)

    def _welcome(self, tab: Tab) -> dict[str, Any]:
        change = msgspec.structs.replace(self._last, files=(), hurried=False)
        message = tab.news(self._source, change)
        self._tabs.add(tab)
        made = {"made": made} if (made := self._made) else {}  # of what comes later it is told
        return message | made | {"navigate": self.navigate}


async def _next(messages: asyncio.Queue[dict[str, Any] | None]) -> dict[str, Any] | None:
    """Return the next message; an empty one after a silence."""
    try:
        return await asyncio.wait_for(messages.get(), _ALIVE)
    except TimeoutError:
        return {}


def _event(message: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(message)}\n\n".encode()
