"""Speak HTTP: in come requests, out goes what the source responds.

It is sent as a host of static files would send it.
"""

import stat
import sys
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import msgspec
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from generator.config.policy import SANDBOX, Policy, written
from generator.errors import said
from generator.preview.documents import HTML, SCRIPT, document, tag_of, with_script
from generator.preview.hosts import Hosts, is_own
from generator.preview.making import Making
from generator.preview.sharing import POLICY, as_shared
from generator.preview.tabs import Source, Tabs
from generator.preview.values import STANDS_IN, SiteResponse, Unmade

Ask = Callable[..., Awaitable[Any]]
"""Calls a function in the thread that owns the source, and gives what it returns."""

_SCRIPT = Path(__file__).with_name("preview.js")
_NEVER_KEPT = {"Cache-Control": "no-store"}
_CONDITIONS = StaticFiles(check_dir=False)
_HEADERS = {
    "Cache-Control": "no-cache",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class Server:
    """The application: what `source` responds, and under `/@preview/` what tabs ask for."""

    def __init__(self, source: Source, tabs: Tabs, making: Making, ask: Ask, hosts: Hosts) -> None:
        self._source = source
        self._tabs = tabs
        self._making = making
        self._ask = ask
        routes = [
            Route(SCRIPT, self._script),
            Route("/@preview/events", self._events),
            Route("/@preview/why", self._why),
            Route("/@preview/share/{path:path}", self._shared),
            Route("/{path:path}", self._page),
        ]
        self.app: ASGIApp = _Guarded(Starlette(routes=routes), hosts)

    async def _page(self, request: Request) -> Response:
        path = request.scope["path"]
        is_read = _is_read(request.headers)
        shown = await self._ask(self._source.respond, path, near=is_read, waits=False)
        if shown.unmade:
            shown = await self._at_once(shown.unmade)
        if is_read or shown.shown_as == "page":
            shown = document(shown)
        if is_read and shown.shown_as == "page" and isinstance(shown.body, bytes):
            self._making.look_at(path, shown.body)
        if shown.status == 302:
            return Response(shown.body, 302, _HEADERS | {"Location": shown.location}, shown.type)
        response = _sent(shown)
        if is_read and shown.status == STANDS_IN:  # by itself in a tab, where no script swaps it
            response.headers["Refresh"] = "1"
        if shown.policy:
            response.headers["Content-Security-Policy"] = _policy(shown.policy, request)
        headers = response.headers, request.headers
        is_same = shown.status == 200 and _CONDITIONS.is_not_modified(*headers)
        return NotModifiedResponse(response.headers) if is_same else response

    async def _at_once(self, one: Unmade) -> SiteResponse:
        """Return a file that is not made yet, if that is soon, or else what stands in for it."""
        if in_place := await self._making.shown(one):
            return in_place
        made: SiteResponse = await self._ask(self._source.respond, one.path, waits=False)
        return one.blank() if made.unmade else made

    async def _events(self, request: Request) -> Response:
        path, tag = _path(request), request.query_params.get("page", "")
        stream = self._tabs.stream(path, tag, self._ask)
        stream = self._making.while_open(path, stream)
        return StreamingResponse(stream, headers=_NEVER_KEPT, media_type="text/event-stream")

    async def _why(self, request: Request) -> Response:
        rows = await self._ask(self._source.why, _path(request))
        return JSONResponse(msgspec.to_builtins(rows), headers=_NEVER_KEPT)

    async def _shared(self, request: Request) -> Response:
        """Return how a link to the page at a path looks where somebody shares it."""
        path = f"/{request.path_params['path']}"
        shown = document(await self._ask(self._source.respond, path))
        if shown.status != 200 or shown.shown_as != "page" or isinstance(shown.body, Path):
            return PlainTextResponse("There is no page at this address.", 404, _NEVER_KEPT)
        headers = _NEVER_KEPT | {"Content-Security-Policy": written(POLICY)}
        return Response(as_shared(shown.body.decode(errors="replace")), 200, headers, HTML)

    async def _script(self, _: Request) -> Response:
        return Response(_SCRIPT.read_bytes(), 200, _NEVER_KEPT, "text/javascript")


class _Guarded:
    """Refuses requests that were sent to a foreign name, and what foreign pages ask of ours."""

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        refused = ""
        if len(headers.getlist("host")) != 1 or not self._hosts.knows(headers["host"]):
            refused = (
                "This preview does not answer to that name. Open it by the address it printed."
            )
        elif scope["path"].startswith("/@preview/") and not is_own(headers):
            refused = "Only the preview's own pages may ask for this."
        app = PlainTextResponse(refused, 403) if refused else self._app
        try:
            await app(scope, receive, send)
        except Exception as error:  # the response is 500; who looks at the terminal is told why
            print(f"{scope['path']}: {said(error)}", file=sys.stderr)


def _sent(shown: SiteResponse) -> Response:
    """Return the HTTP response to send, with what a later request can be held against."""
    if isinstance(shown.body, Path):
        try:
            found = shown.body.stat()
        except OSError:
            return PlainTextResponse("The file is gone.", 404, _HEADERS)
        if not stat.S_ISREG(found.st_mode):
            return PlainTextResponse("This is no file.", 404, _HEADERS)
        encoded = {"Content-Encoding": shown.encoding} if shown.encoding else {}
        headers, kind = _HEADERS | encoded, shown.type
        return FileResponse(shown.body, shown.status, headers, kind, stat_result=found)
    if shown.shown_as == "page":
        tag = tag_of(shown)
        is_apart = SANDBOX in shown.policy
        body = shown.body if is_apart else with_script(shown.body, tag)
    else:
        body, tag = shown.body, blake2b(shown.body, digest_size=12).hexdigest()
    kept = _NEVER_KEPT if shown.status == STANDS_IN else {"ETag": f'"{tag}"'}
    return Response(body, shown.status, _HEADERS | kept, shown.type)


def _policy(policy: Policy, request: Request) -> str:
    """Return a policy as the header says it, with what the preview's own script asks for."""
    if SANDBOX not in policy:
        asked = ("/@preview/", quote(request.scope["path"]))
        added = {"script-src": (SCRIPT,), "connect-src": asked}
        policy = {**policy, **{name: policy.get(name, ()) + more for name, more in added.items()}}
    host = request.headers["host"]

    def placed(source: str) -> str:
        if not source.startswith("/"):
            return source
        return "'self'" if host.startswith("[") else host + source  # no policy can name an IPv6

    return written({name: tuple(map(placed, sources)) for name, sources in policy.items()})


def _is_read(headers: Headers) -> bool:
    """Return whether a person opens the page, and no reader of feeds or script fetches it."""
    target = headers.get("sec-fetch-dest")
    return target == "document" if target else "text/html" in headers.get("accept", "")


def _path(request: Request) -> str:
    """Return the path, decoded, of the page that a tab shows."""
    return unquote(request.query_params.get("path", ""))
