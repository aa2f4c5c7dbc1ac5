"""Know who may ask: a page elsewhere must not read drafts through the reader's own browser.

In come the headers of requests.

A name of an attacker's may be made to mean this machine (DNS rebinding): the browser then takes
our pages for his. What it sends as `Host` tells: it is his name, not ours.
"""

import re
import socket
from collections.abc import Mapping
from ipaddress import ip_address

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?")
_HERE = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Hosts:
    """The names that a server bound to `bound` answers to.

    On loopback: its own and those of loopback. Else every address too, for none can be bought,
    and the name of this machine.
    """

    def __init__(self, bound: str) -> None:
        self._is_local = is_loopback(bound)
        own = bound if self._is_local else socket.gethostname()
        self._names = _HERE | {bound.lower(), f"[{bound}]".lower(), own.lower()}

    def knows(self, host: str) -> bool:
        """Return whether the value of a `Host` header is one of ours, at whatever port."""
        match = _HOST.fullmatch(host)
        if match is None:
            return False
        name = match["name"].lower()
        return name in self._names or (not self._is_local and _is_address(name.strip("[]")))


def is_loopback(host: str) -> bool:
    """Return whether a server bound to this host is heard by this machine alone."""
    return host.lower() == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def is_own(headers: Mapping[str, str]) -> bool:
    """Return whether a request comes from a page of ours, or from no page at all.

    By `Sec-Fetch-Site` where the browser sends it, and by `Origin` (Fetch, 3.2 and RFC 6454).
    """
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return False
    return headers.get("origin", f"http://{headers['host']}") == f"http://{headers['host']}"


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
