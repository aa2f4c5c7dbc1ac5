"""What `to` means for a folder on a server: `user@host:/path`, or `ssh://user@host:2222/path`."""

import re
from urllib.parse import unquote, urlsplit

import msgspec

from generator.errors import Problem


class SshAddress(msgspec.Struct, frozen=True):
    """A folder at a server. `path` is absolute, or begins with "./" and is below one's home.

    Without a `user` or with a `port` of 0, ssh's own settings say which.
    """

    host: str
    path: str
    user: str = ""
    port: int = 0

    @property
    def login(self) -> str:
        """Return the account that ssh is to call."""
        return f"{self.user}@{self.host}" if self.user else self.host

    def __str__(self) -> str:
        user = f"{self.user}@" if self.user else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = f":{self.port}" if self.port else ""
        if not port:
            return f"{user}{host}:{self.path.removeprefix('./')}"
        return f"ssh://{user}{host}{port}/{self.path.removeprefix('/').replace('./', '~/', 1)}"


def is_ssh(to: str) -> bool:
    """Return whether somebody who writes this means a folder at a server."""
    if "://" in to:
        return to.startswith("ssh://")
    match = _PLAIN.fullmatch(to)
    return match is not None and not re.fullmatch(r"[A-Za-z]:[\\/].*", to, re.DOTALL)


def parse_ssh(to: str) -> SshAddress | Problem:
    """Return the parts of an address; what is wrong with it, if it is none."""
    if re.search(r"[\x00-\x1f\x7f]", to):
        return _wrong("it holds a control character")
    if not is_ssh(to):
        return _wrong("it is no address of a folder at a server")
    address = _of_url(to) if to.startswith("ssh://") else _of_plain(to)
    if isinstance(address, Problem):
        return address
    if not re.fullmatch(r"[^\s/@'\"\\-][^\s/@'\"\\]*", address.host):
        return _wrong("it names no host")
    if address.user and not re.fullmatch(r"[^\s/@:'\"\\-][^\s/@:'\"\\]*", address.user):
        return _wrong("it names no user")
    if ".." in address.path.split("/"):
        return _wrong('".." has no place in it')
    return address


_PLAIN = re.compile(r"(?:([^/@:\[\]]*)@)?(\[[^\]/]+\]|[^/:@\[\]]+):(.*)", re.DOTALL)
_REMEDY = "write it such as editor@host.example:/var/www/news"


def _of_plain(to: str) -> SshAddress | Problem:
    match = _PLAIN.fullmatch(to)
    assert match
    user, host, path = match.groups()
    if path.startswith(":"):
        return _wrong("a server of rsync's own kind cannot be locked")
    return _address(user or "", host.strip("[]"), 0, path)


def _of_url(to: str) -> SshAddress | Problem:
    try:
        parts = urlsplit(to)
        host, port = unquote(parts.hostname or ""), parts.port or 0
    except ValueError:
        return _wrong("it is no address")
    if parts.password is not None:
        return _wrong("a password has no place in it", "use a key, and take the password out")
    if parts.query or parts.fragment:
        return _wrong("? and # have no place in it", "write them as %3F and %23")
    path = unquote(parts.path)
    if re.search(r"[\x00-\x1f\x7f]", path):
        return _wrong("it holds a control character")
    return _address(unquote(parts.username or ""), host, port, path.replace("/~/", "~/", 1))


def _address(user: str, host: str, port: int, path: str) -> SshAddress | Problem:
    path = re.sub(r"/(\./)*/*", "/", path)
    if path.startswith("~") and not path.startswith("~/") and path != "~":
        return _wrong("the home of another user cannot be looked up", "write the whole path")
    is_absolute = path.startswith("/")
    inside = path.removeprefix("~/").removeprefix("./").strip("/")
    if inside in ("", ".", "~"):
        return _wrong("it names no folder of its own for the site")
    return SshAddress(host, f"/{inside}" if is_absolute else f"./{inside}", user, port)


def _wrong(what: str, remedy: str = _REMEDY) -> Problem:
    return Problem("", 0, what, remedy)
