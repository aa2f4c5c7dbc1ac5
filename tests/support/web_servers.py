"""Web servers on loopback that answer as a test says: what readers, hubs and engines talk to."""

import json
import re
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote

import feedparser
from botocore.exceptions import ClientError

from generator.hosts.media_types import by_name
from support.host_s3 import BUCKET, FOLDER, S3Host
from support.loopback import Loopback, Request, at_work
from support.sites import LONG


class Asked(NamedTuple):
    """A request, its path still percent-encoded; the names of its headers in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Answer(NamedTuple):
    """An answer. One of status 0 is none: the connection is cut."""

    status: int
    headers: dict[str, str] = {}  # noqa: RUF012 (it is never changed)
    body: bytes = b""


Answering = Callable[[Asked], Answer]
CUT = Answer(0)


class Server(Loopback):
    """`asked` are the requests so far. An answer of `instead` goes out in place of the usual one,
    each once, in order.
    """

    def __init__(self, answering: Answering, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.answering = answering
        self.asked: list[Asked] = []
        self.instead: list[Answer] = []

    @property
    def url(self) -> str:
        return f"{self.endpoint}/"

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


class _Handler(Request):
    server: Server

    def _answer(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, headers, self.body())
        self.server.asked.append(asked)
        odd = self.server.instead.pop(0) if self.server.instead else None
        status, more, data = odd or self.server.answering(asked)
        if not status:
            self.close_connection = True
            return
        self.say(status, more, data)

    do_GET = do_POST = _answer  # noqa: N815


def serving(answering: Answering, port: int = 0) -> AbstractContextManager[Server]:
    return at_work(Server(answering, port))


def path_of(asked: Asked) -> str:
    """The file that a request means, as hosts of websites take it."""
    path = unquote(asked.path.partition("?")[0]).removeprefix("/")
    return path + "index.html" if not path or path.endswith("/") else path


def bucket(host: S3Host) -> Answering:
    """A bucket's website: what the S3 server holds, with the headers that it keeps there."""

    def answer(asked: Asked) -> Answer:
        key = f"{FOLDER}/{path_of(asked)}"
        try:
            found = host.server.s3.get_object(Bucket=BUCKET, Key=key)
        except ClientError as error:
            return Answer(error.response["ResponseMetadata"]["HTTPStatusCode"])
        if to := found.get("WebsiteRedirectLocation"):
            return Answer(301, {"Location": to})
        names = {"ContentType", "CacheControl", "ContentEncoding"} & found.keys()
        headers = {re.sub(r"(?<=.)(?=[A-Z])", "-", name): found[name] for name in names}
        return Answer(200, headers, found["Body"].read())

    return answer


def folder(root: Path) -> Answering:
    """A folder, as hosts serve it that keep no headers."""

    def answer(asked: Asked) -> Answer:
        path = path_of(asked)
        file = root / path
        if not file.is_file():
            return Answer(404)
        return Answer(200, {"Content-Type": by_name(path)}, file.read_bytes())

    return answer


class Hub:
    """A WebSub hub: it fetches the feeds that it is told of and finds what is new in them."""

    def __init__(self) -> None:
        self.url = ""
        self.new: dict[str, list[str]] = {}
        self._seen: dict[str, set[str]] = {}

    def __call__(self, asked: Asked) -> Answer:
        fields = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        kind = asked.headers.get("content-type", "")
        if asked.method != "POST" or kind != "application/x-www-form-urlencoded":
            return Answer(400)
        feed = fields.get("hub.url", "")
        if fields.get("hub.mode") != "publish" or fields.get("hub.topic") != feed or not feed:
            return Answer(400)
        with urllib.request.urlopen(feed, timeout=LONG) as answer:
            data = answer.read()
        own, hubs, entries = _json(data) if feed.endswith(".json") else _xml(data)
        if (own, hubs) != ([feed], [self.url]):
            return Answer(422)
        seen = self._seen.setdefault(feed, set())
        self.new[feed] = [entry for entry in entries if entry not in seen]
        seen.update(entries)
        return Answer(204)


def _xml(data: bytes) -> tuple[list[str], list[str], list[str]]:
    """A feed's own addresses, its hubs', its entries'."""
    read = feedparser.parse(data)
    assert not read.bozo, read.bozo_exception
    links: Any = read.feed.links
    return *([x.href for x in links if x.rel == rel] for rel in ("self", "hub")), [  # type: ignore[return-value]
        entry.link for entry in read.entries
    ]


def _json(data: bytes) -> tuple[list[str], list[str], list[str]]:
    feed = json.loads(data)
    hubs = [hub["url"] for hub in feed["hubs"] if hub["type"] == "WebSub"]
    return [feed["feed_url"]], hubs, [item["url"] for item in feed["items"]]


class Engine:
    """A search engine that takes part in IndexNow, as strict as the protocol."""

    def __init__(self) -> None:
        self.told: list[list[str]] = []

    def __call__(self, asked: Asked) -> Answer:
        if asked.headers.get("content-type") != "application/json; charset=utf-8":
            return Answer(400)
        message = json.loads(asked.body)
        if message.keys() != {"host", "key", "keyLocation", "urlList"}:
            return Answer(400)
        key, where, urls = message["key"], message["keyLocation"], message["urlList"]
        if not 0 < len(urls) <= 10_000:
            return Answer(400)
        folder = where.rpartition("/")[0] + "/"
        if not re.fullmatch(r"[a-zA-Z0-9-]{8,128}", key) or not all(
            url.startswith(folder) and url.isascii() for url in urls
        ):
            return Answer(422)
        if not where.startswith(f"http://{message['host']}/"):
            return Answer(422)
        with urllib.request.urlopen(where, timeout=LONG) as answer:
            if answer.read().decode().strip() != key:
                return Answer(403)
        self.told.append(urls)
        return Answer(202)
