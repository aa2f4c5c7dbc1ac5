"""Asks for what is elsewhere: bounded in size, time and redirects, and never in one's own network.

In comes an address, out goes what is there, or `ElsewhereError`. The very machine is asked whose
address was looked at, so that a name which means another one a moment later leads nowhere. No proxy
is used: it would look names up by itself.
"""

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple, TypeVar

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError

from generator.codes import Code
from generator.collect.addresses import Target, addresses_of, joined, private, target_of
from generator.errors import ElsewhereError, shortened, visible
from generator.web import HEADERS, is_unreachable, named, reason_of

T = TypeVar("T")

MOST_REDIRECTS = 5
SECONDS = 15.0
"""For all that one editor asks at once."""


class Fetched(NamedTuple):
    """What is at an address, to which others may have led; its type is as the host calls it."""

    url: str
    media_type: str
    charset: str
    body: bytes

    def text(self) -> str:
        """Return the body as text. What is not in its encoding becomes a sign for that."""
        if self.body.startswith(b"\xef\xbb\xbf"):
            return self.body.decode("utf-8-sig", "replace")
        try:
            return self.body.decode(self.charset or "utf-8", "replace")
        except LookupError:
            return self.body.decode("utf-8", "replace")


class Fetcher:
    """Asks other hosts, as long as there is time left: so many seconds in all from now on.

    With `allow_private` those of one's own network are asked too.
    """

    def __init__(self, allow_private: bool = False, seconds: float = SECONDS) -> None:
        self._allow_private = allow_private
        self._ends = time.monotonic() + seconds

    def fetch(self, url: str, most: int, accept: str = "*/*") -> Fetched:
        """Return what is at an address, if it is no more than so many bytes, unpacked.

        Raises `ElsewhereError`.
        """
        place = url.strip()
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._in_time(place, partial(self._asked, place, most, accept))
            if isinstance(answer, Fetched):
                return answer
            place = answer
        what = f"it leads on more than {MOST_REDIRECTS} times"
        raise _not_fetched(url, what, "write the address where it ends")

    def _in_time(self, url: str, work: Callable[[], T]) -> T:
        """Return what comes of some work while there is time, whatever it waits for."""
        done: list[T] = []
        failed: list[BaseException] = []

        def run() -> None:
            try:
                done.append(work())
            except BaseException as error:  # it is raised where somebody waits for it
                failed.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(max(0.0, self._left()))
        if failed:
            raise failed[0]
        if not done:
            raise _unreachable(url, "there was no answer in time")
        return done[0]

    def _left(self) -> float:
        return self._ends - time.monotonic()

    def _asked(self, url: str, most: int, accept: str) -> Fetched | str:
        """Return what is at an address, or the next one, to which it leads."""
        target = target_of(url)
        if isinstance(target, str):
            raise _refused(url, target, "write one of a page, whole: https://…")
        addresses = addresses_of(target)
        if not addresses:
            raise _unreachable(url, "there is no such host")
        if not self._allow_private and (found := private(addresses)):
            what = f"{found} is in a network of one's own, which no address from outside may reach"
            raise _refused(url, what, "if you mean it, add --allow-private")
        *others, last = addresses
        for address in others:
            try:
                return self._ask(url, target, address, most, accept)
            except HTTPError as error:
                if not is_unreachable(error):
                    raise _unreachable(url, reason_of(error)) from error
        try:
            return self._ask(url, target, last, most, accept)
        except HTTPError as error:
            raise _unreachable(url, reason_of(error)) from error

    def _ask(self, url: str, target: Target, address: str, most: int, accept: str) -> Fetched | str:
        left = max(0.1, self._left())
        with _pool(target, address, Timeout(connect=min(left, 5.0), read=left)) as pool:
            answer = pool.urlopen(
                "GET",
                target.path,
                headers={
                    **HEADERS,
                    "Host": target.named,
                    "Accept": accept,
                    "Accept-Encoding": "gzip, br",
                },
                redirect=False,
                preload_content=False,
            )
            try:
                return _read(url, answer, most)
            finally:
                answer.close()


def _pool(target: Target, address: str, timeout: Timeout) -> HTTPConnectionPool:
    """Return what asks the machine at an address, which has the certificate of a host."""
    if target.scheme == "http":
        return HTTPConnectionPool(address, target.port, timeout=timeout, retries=False)
    return HTTPSConnectionPool(
        address,
        target.port,
        timeout=timeout,
        retries=False,
        server_hostname=target.host,
        assert_hostname=target.host,
    )


def _read(url: str, answer: BaseHTTPResponse, most: int) -> Fetched | str:
    if answer.status in _LEADING and (location := answer.headers.get("Location")):
        return joined(url, location)
    if answer.status != _FOUND:
        what = f"the host answers {named(answer.status)}"
        raise _not_fetched(url, what, "look at it in a browser")
    body = bytearray()
    while len(body) <= most and (part := answer.read(min(_BLOCK, most + 1))):
        body += part
    if len(body) > most:
        what = f"there is more than {most / 1_000_000:g} MB at it"
        raise _not_fetched(url, what, "take another one")
    said = answer.headers.get("Content-Type", "")
    media_type, _, rest = said.partition(";")
    charset = rest.lower().rpartition("charset=")[2].strip(" \"';") if "charset=" in rest else ""
    return Fetched(url, media_type.strip().lower(), charset, bytes(body))


_FOUND = 200
_LEADING = frozenset((301, 302, 303, 307, 308))
_BLOCK = 1 << 16


def _refused(url: str, what: str, remedy: str) -> ElsewhereError:
    return ElsewhereError.at(_shown(url), what, remedy, Code.REFUSED_ADDRESS)


def _unreachable(url: str, what: str) -> ElsewhereError:
    return ElsewhereError.at(_shown(url), what, "try again later", Code.UNREACHABLE)


def _not_fetched(url: str, what: str, remedy: str) -> ElsewhereError:
    return ElsewhereError.at(_shown(url), what, remedy, Code.NOT_FETCHED)


def _shown(url: str) -> str:
    return shortened(visible(url))
