"""After a deploy: new stories are announced to WebSub hubs and to search engines.

A hub is told which feeds changed, and fetches them. WebSub (https://www.w3.org/TR/websub/) leaves
open how it is told; what hubs have in common is the form of PubSubHubbub 0.3. Search engines are
told of addresses, as https://www.indexnow.org/documentation has it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import msgspec
from urllib3 import BaseHTTPResponse, PoolManager
from urllib3.exceptions import HTTPError, InvalidHeader, MaxRetryError, ResponseError
from urllib3.util import Retry

from generator.codes import Code
from generator.config import SITE_TOML, Deploy, Settings
from generator.deploy.carry import Announce
from generator.errors import Problem, counted
from generator.output.inventory import Inventory
from generator.urls import Home
from generator.web import client, host_of, named, reason_of


class Patience(Retry):
    """Retries that wait as long as a host asks for, but give up if that is too long."""

    def parse_retry_after(self, retry_after: str) -> float:
        try:
            return super().parse_retry_after(retry_after)
        except InvalidHeader:
            return 0  # as if it had said nothing

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        *more: Any,
        **named: Any,
    ) -> Self:
        if response and (self.get_retry_after(response) or 0) > _LONGEST:
            raise MaxRetryError(named["_pool"], url or "", ResponseError("too long a wait"))
        return super().increment(method, url, response, *more, **named)


PATIENCE = Patience(
    total=4,
    backoff_factor=0.5,
    backoff_jitter=0.5,
    status_forcelist={429, 500, 502, 503, 504},
    allowed_methods=None,
    redirect=False,
    raise_on_status=False,
)
"""How a service is asked again that does not answer, or answers that it cannot now."""
MOST = 10_000
"""Addresses in one message to IndexNow, as the protocol has it."""
_AT_ONCE = 4
_LONGEST = 15
"""Seconds that a deploy waits for a service that asks for it, each time."""


class Built(msgspec.Struct, frozen=True):
    """The site that was deployed, from this folder, and where readers find it."""

    folder: Path
    inventory: Inventory
    home: Home

    def whole(self, path: str) -> str:
        """Return the whole address of an output."""
        return self.home.absolute(self.home.href(self.inventory.address(path)))


def announcers(
    built: Built,
    settings: Settings,
    deploy: Deploy,
    told: Callable[[str], None],
    warn: Callable[[Problem], None],
    patience: Retry = PATIENCE,
) -> dict[str, Announce]:
    """Return who announces new stories, by the name of the service.

    `told` is called with each path that a service was told of, `warn` with what went wrong.
    """
    tell: dict[str, Callable[[Sequence[str]], Mapping[str, str]]] = {
        "websub": partial(_websub, built, settings.feeds.hub, patience),
        "indexnow": partial(_indexnow, built, deploy.indexnow, deploy.indexnow_key, patience),
    }
    hosts = {"websub": settings.feeds.hub, "indexnow": deploy.indexnow}

    def announce(name: str, paths: Sequence[str]) -> Sequence[str]:
        untold = tell[name](paths)
        for problem in _warnings(host_of(hosts[name]), untold):
            warn(problem)
        for path in paths:
            if path not in untold:
                told(path)
        return [path for path in paths if path in untold]

    return {name: partial(announce, name) for name in deploy.ping}


def unready(name: str, deploy: Deploy, built: Built) -> Iterator[Problem]:
    """Yield why search engines would not believe the target `name`: its key must be in a file."""
    if "indexnow" not in deploy.ping:
        return
    file = f"{deploy.indexnow_key}.txt"
    written = (built.folder / file).read_bytes() if file in built.inventory.files else b""
    if written.decode(errors="replace").strip("\ufeff \r\n") != deploy.indexnow_key:
        what = f"deploy.{name}.indexnow_key: the site holds no file of that name with the key in it"
        remedy = "put the key into a file of its name with .txt, that into content/, and build"
        yield Problem(SITE_TOML, 0, what, remedy, field=("deploy", name, "indexnow_key"))


# ------------------------------------------------------------------------------- services


def _websub(built: Built, hub: str, patience: Retry, paths: Sequence[str]) -> dict[str, str]:
    """Tell a hub of the feeds that hold the stories; which stories it was not told of, and why."""
    feeds = _feeds_with(built, paths)
    with client(hub, patience, _AT_ONCE) as web, ThreadPoolExecutor(_AT_ONCE) as pool:
        tell = partial(_tell_hub, web, hub)
        first, *others = map(built.whole, feeds)
        refusal = tell(first)  # a hub that takes not even one feed is left alone
        refusals = [refusal, *([refusal] * len(others) if refusal else pool.map(tell, others))]
    return {
        path: said
        for stories, said in zip(feeds.values(), refusals, strict=True)
        if said
        for path in stories
    }


def _tell_hub(web: PoolManager, hub: str, feed: str) -> str:
    """Tell one hub of one feed. Some hubs go by `hub.url`, some by `hub.topic`."""
    fields = {"hub.mode": "publish", "hub.url": feed, "hub.topic": feed}
    return _refusal(lambda: web.request_encode_body("POST", hub, fields, encode_multipart=False))


def _feeds_with(built: Built, paths: Sequence[str]) -> dict[str, Sequence[str]]:
    """Return the feeds of all stories, and every other one that one of these is in, with those."""
    outputs = sorted(built.inventory.files.items())
    feeds = {path: item.kind.traits.feed_of for path, item in outputs if not item.leads}
    found = {path: paths for path, feed_of in feeds.items() if feed_of == "every story"}
    home = built.home.absolute(built.home.base)
    address = re.compile(re.escape(home) + r'[^"<\s]*')
    stories = {built.whole(path): path for path in paths}
    for feed, feed_of in feeds.items():
        if feed_of == "some stories":
            text = (built.folder / feed).read_text(encoding="utf-8")
            held = stories.keys() & map(unescape, address.findall(text))
            if held:
                found[feed] = [stories[one] for one in held]
    return found


def _indexnow(
    built: Built, endpoint: str, key: str, patience: Retry, paths: Sequence[str]
) -> dict[str, str]:
    """Tell search engines of stories; of which they were not told, and why."""
    message = {
        "host": urlsplit(built.home.origin).netloc,
        "key": key,
        "keyLocation": built.whole(f"{key}.txt"),
    }
    kind = {"Content-Type": "application/json; charset=utf-8"}
    with client(endpoint, patience, 1) as web:
        for start in range(0, len(paths), MOST):
            batch = [*map(built.whole, paths[start : start + MOST])]
            body = msgspec.json.encode(message | {"urlList": batch})
            headers = dict(web.headers) | kind
            said = _refusal(partial(web.request, "POST", endpoint, body=body, headers=headers))
            if said:
                meaning = _MEANINGS.get(said.partition(" ")[0], "")
                return dict.fromkeys(paths[start:], f"{said}{meaning}")
    return {}


_MEANINGS = {
    "400": ", which means that it does not understand the message",
    "403": ", which means that it does not find the key in the site's file",
    "422": ", which means that the addresses are not of the key's host",
}


# -------------------------------------------------------------------- what came of it


def _refusal(ask: Callable[[], BaseHTTPResponse]) -> str:
    """Say what was answered instead of yes; "" for yes. The key is in none of it."""
    try:
        status = ask().status
    except HTTPError as error:
        return reason_of(error)
    return "" if 200 <= status < 300 else named(status)


def _warnings(host: str, untold: Mapping[str, str]) -> Iterable[Problem]:
    """Yield a warning for each reason why stories could not be told of."""
    reasons: dict[str, int] = {}
    for said in untold.values():
        reasons[said] = reasons.get(said, 0) + 1
    for said, number in reasons.items():
        answer = f"the answer was {said}" if said[0].isdigit() else said
        what = f"{counted(number, 'new story', 'new stories')} not announced: {answer}"
        remedy = "the next deploy tries again"
        yield Problem(host, 0, what, remedy, "warning", code=Code.NOT_ANNOUNCED)
