"""The machines that an address names, and whether they are anybody's: on the internet for all."""

import socket
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urljoin, urlsplit


class Target(NamedTuple):
    """Whom to ask for what: `host` as names are looked up, `path` with the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def named(self) -> str:
        """Return the host as it is named to itself, with a port that is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str) -> Target | str:
    """Return whom an address means, or why nobody can be asked."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host = host if host.isascii() else host.encode("idna").decode()
    except ValueError:
        return "it is no address"
    if parts.scheme not in _PORTS:
        return "it does not begin with http:// or https://"
    if not host or any(sign in host for sign in " \\%<>"):
        return "it names no host"
    if "@" in parts.netloc:
        return "it holds a user's name"
    asked = f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}"
    return Target(parts.scheme, host, port or _PORTS[parts.scheme], quote(asked, safe=_AS_IS))


def parts_of(url: str) -> SplitResult:
    """Return an address taken apart; of one that cannot be nothing is left."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def joined(base: str, address: str) -> str:
    """Return an address as it is meant on a page; one that nobody understands as it is."""
    with suppress(ValueError):
        return urljoin(base, address)
    return address


def addresses_of(target: Target) -> list[str]:
    """Return the addresses of a host's machines, as they are numbered; none if nobody knows it."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def private(addresses: Iterable[str]) -> str:
    """Return the first of some addresses that is not for all on the internet; "" if all are."""
    return next((one for one in addresses if not _is_public(ip_address(one))), "")


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an address is for all, and so is one of the older kind that it stands for."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return _is_public(address.ipv4_mapped)
        if address in _TRANSLATED:
            return _is_public(IPv4Address(address.packed[-4:]))
        if address in _TUNNELS or address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


_PORTS = {"http": 80, "https": 443}
_AS_IS = "%/:=&?~#+!$,;'@()*[]"
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""In which networks without IPv4 see its addresses (RFC 6052)."""
_TUNNELS = IPv6Network("2002::/16")
"""6to4, which nobody uses any more (RFC 7526) but to name another address."""
