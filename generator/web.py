"""Asking other machines over HTTP, and what is said when they do not answer."""

from contextlib import suppress
from http import HTTPStatus
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from urllib3 import PoolManager, ProxyManager, Timeout, exceptions, make_headers
from urllib3.util import Retry

from generator import __version__

_WAIT = Timeout(connect=5, read=20)
"""Seconds until a machine must have answered."""
HEADERS = {"User-Agent": f"Broadsheet/{__version__}"}


def client(url: str, retries: Retry | bool, at_once: int) -> PoolManager:
    """Return what asks the host of this address, through the proxy that the environment names.

    No redirect is followed: `retries` are for failures. `at_once` is how many may ask together.
    """
    parts = urlsplit(url)
    proxy = "" if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme, "")
    if not proxy:
        return PoolManager(
            headers=HEADERS, timeout=_WAIT, retries=retries, maxsize=at_once, block=True
        )
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    own = urlsplit(proxy)
    known = f"{unquote(own.username)}:{unquote(own.password or '')}" if own.username else None
    return ProxyManager(
        proxy,
        headers=HEADERS,
        proxy_headers=make_headers(proxy_basic_auth=known),
        timeout=_WAIT,
        retries=retries,
        maxsize=at_once,
        block=True,
    )


def host_of(url: str) -> str:
    """Return the address of a host alone, as messages name it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def named(status: int) -> str:
    """Return a status as people know it: 404 Not Found."""
    with suppress(ValueError):
        return f"{status} {HTTPStatus(status).phrase}"
    return str(status)


def is_unreachable(error: exceptions.HTTPError) -> bool:
    """Return whether there was no connection at all."""
    return isinstance(_cause(error), _NO_CONNECTION)


def reason_of(error: exceptions.HTTPError) -> str:
    """Say why there is no answer, in words that tell of nothing that was sent."""
    match _cause(error):
        case exceptions.NameResolutionError():
            return "there is no such host"
        case exceptions.ProxyError():
            return "the proxy cannot be reached"
        case exceptions.SSLError():
            return "the certificate is not to be trusted"
        case exceptions.NewConnectionError():
            return "no connection can be made"
        case exceptions.TimeoutError():
            return "there was no answer in time"
        case exceptions.DecodeError():
            return "the answer cannot be understood"
        case _:
            return "the connection was cut off"


def _cause(error: Exception) -> Exception:
    return (isinstance(error, exceptions.MaxRetryError) and error.reason) or error


_NO_CONNECTION = (
    exceptions.ConnectTimeoutError,
    exceptions.NewConnectionError,
    exceptions.ProxyError,
    exceptions.SSLError,
)
