"""Readers that follow every link of a site, again and again, while something happens to it."""

import re
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree
from lxml import html as lxml_html

PATIENCE = 120
"""Seconds that a reader waits for one answer."""


class Answer(NamedTuple):
    """What came for an address. `kind` is its content type, `leads` where it redirects to."""

    status: int
    kind: str
    body: bytes
    leads: str = ""


Fetch = Callable[[str], Answer]
"""An address → its answer. Called by several threads. May raise what connections raise."""

Look = Callable[[str, Answer], str]
"""An address and its answer → what is wrong with it, "" if nothing is."""


def is_whole(_: str, answer: Answer) -> str:
    """A page must have an end."""
    is_page = answer.kind.startswith("text/html")
    return "half a page" if is_page and not answer.body.rstrip().endswith(b"</html>") else ""


class Crawl:
    """Walks through a site from `start`, until `stop` is set, and what was met on them.

    Own addresses are those with the host of `start`, and those with the one that the site was
    `made_for`. With `vanishing`, an address may be gone if the page that led there, looked at
    once more, is gone too or does not lead there any longer.
    """

    def __init__(
        self,
        start: str,
        fetch: Fetch,
        stop: threading.Event,
        *,
        look: Look = is_whole,
        made_for: str = "",
        vanishing: bool = False,
    ) -> None:
        self.start = start
        self.statuses: Counter[int] = Counter()
        self.walks = 0
        self.faults: Counter[str] = Counter()
        self._fetch = fetch
        self._stop = stop
        self._look = look
        self._made_for = made_for
        self._vanishing = vanishing
        self._changed = threading.Condition()
        self._asked = self._answered = 0

    def walked(self) -> None:
        """Wait until somebody has come through the whole site who set out after this call."""
        with self._changed:
            self._asked += 1
            is_back = partial(self._is_back, self._asked)
            assert self._changed.wait_for(is_back, 2 * PATIENCE), "nobody comes through"

    def _is_back(self, asked: int) -> bool:
        return self._answered >= asked

    def read(self) -> None:
        """Walk until told to stop. What a thread of its own does."""
        while not self._stop.is_set():
            self._walk()

    def read_once(self) -> None:
        """Walk through the whole site a single time."""
        self._walk()

    def check(self) -> None:
        """Fail with all that went wrong, or if nobody ever came through the whole site."""
        assert not self.faults, "\n".join([f"{self.faults.total()} faults:", *self.faults])
        assert self.walks, "nobody came through the whole site"

    def _walk(self) -> None:
        """Every address that can be reached, each once."""
        asked = self._asked
        known, waiting = {self.start}, deque([(self.start, "")])
        while waiting and not self._stop.is_set():
            url, before = waiting.popleft()
            for found in self._visit(url, before):
                if found not in known:
                    known.add(found)
                    waiting.append((found, url))
        if not waiting:
            with self._changed:
                self.walks += 1
                self._answered = max(self._answered, asked)
                self._changed.notify_all()

    def _visit(self, url: str, before: str) -> list[str]:
        """Fetch an address; where it leads."""
        try:
            answer = self._fetch(url)
        except (OSError, HTTPException) as error:
            return self._fault(url, before, repr(error))
        with self._changed:
            self.statuses[answer.status] += 1
        if answer.status in (301, 302, 307, 308):
            return self._own(url, [answer.leads])
        if answer.status != 200:
            if self._vanishing and self._has_vanished(url, before):
                return []
            return self._fault(url, before, str(answer.status))
        if wrong := self._look(url, answer):
            return self._fault(url, before, wrong)
        return self._links(url, answer)

    def _fault(self, url: str, before: str, what: str) -> list[str]:
        with self._changed:
            self.faults[f"{what}: {url}, from {before or 'nowhere'}"] += 1
        return []

    def _has_vanished(self, url: str, before: str) -> bool:
        again = self._fetch(before) if before else Answer(0, "", b"")
        return again.status == 404 or (
            again.status == 200 and url not in self._links(before, again)
        )

    def _links(self, url: str, answer: Answer) -> list[str]:
        if not answer.kind.startswith("text/html"):
            return []
        try:
            page = lxml_html.document_fromstring(answer.body)
        except etree.LxmlError:
            return []
        found = [str(value) for value in page.xpath("//@href | //@src")]
        for several in page.xpath("//@srcset"):
            found += [part.split()[0] for part in re.split(r",\s+", str(several)) if part.strip()]
        return self._own(url, found)

    def _own(self, url: str, links: list[str]) -> list[str]:
        own = []
        for link in links:
            address = urldefrag(urljoin(url, link)).url
            if self._made_for and address.startswith(self._made_for):
                address = urljoin(self.start, address.removeprefix(self._made_for))
            if urlsplit(address)[:2] == urlsplit(self.start)[:2]:
                own.append(address)
        return own


@contextmanager
def readers(crawl: Crawl, stop: threading.Event, number: int = 4) -> Iterator[None]:
    """So many readers at once while the block runs; they are looked after at its end."""
    threads = [threading.Thread(target=crawl.read, daemon=True) for _ in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(2 * PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "a reader waits for ever"
    crawl.check()


@contextmanager
def kept_alive() -> Iterator[Fetch]:
    """A fetch over one lasting connection for each thread and host."""
    own, opened = threading.local(), list[HTTPConnection]()

    def fetch(url: str) -> Answer:
        scheme, host, path, query, _ = urlsplit(url)
        connections: dict[str, HTTPConnection] = own.__dict__
        if host not in connections:
            kind = HTTPSConnection if scheme == "https" else HTTPConnection
            connections[host] = kind(host, timeout=PATIENCE)
            opened.append(connections[host])
        try:
            connections[host].request("GET", f"{path}?{query}" if query else path)
            answer = connections[host].getresponse()
            body = answer.read()
        except BaseException:
            connections.pop(host).close()
            raise
        kind_of = answer.getheader("Content-Type", "")
        return Answer(answer.status, kind_of, body, answer.getheader("Location", ""))

    try:
        yield fetch
    finally:
        for connection in opened:
            connection.close()
