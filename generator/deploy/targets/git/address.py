"""What `to` means for a branch of a git repository: `git+ssh://…#branch`."""

import re
from urllib.parse import unquote, urlsplit

import msgspec

BRANCH = "gh-pages"
"""The branch, where none is named."""


class GitAddress(msgspec.Struct, frozen=True):
    """A branch of a repository at the address `url`, as git takes it."""

    url: str
    branch: str


def parse_git(to: str) -> GitAddress | tuple[str, str]:
    """Return what `git+ssh://…#branch` says; or what is wrong with it, and what to do.

    A secret in it is not shown.
    """
    address, _, branch = to.removeprefix("git+").partition("#")
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return "it is no address of a repository", _REMEDY
    if parts.password is not None or _is_token(parts.scheme, parts.username):
        remedy = "take it out, renew it, and keep it in a credential helper of git"
        return "it holds a password", remedy
    mistake = _mistake(to, parts.scheme, parts.hostname, parts.path, parts.query)
    return mistake or GitAddress(address, unquote(branch) or BRANCH)


def without_user(url: str) -> str:
    """Return an address as it may be shown: a web address without a user, who may be a secret."""
    return re.sub(r"^(https?://)[^/@]*@", r"\1", url)


def _mistake(
    to: str, scheme: str, host: str | None, path: str, query: str
) -> tuple[str, str] | None:
    """Say what is wrong with an address, and what to write instead."""
    if not to.startswith("git+") or scheme not in ("ssh", "https", "http", "file"):
        what = "it is no address of a git repository"
        return what, "write git+ssh://…, git+https://… or git+file:///…"
    if query:
        return "there is a ? in it", "write %3F if it belongs to the path"
    if scheme == "http" and host not in ("localhost", "127.0.0.1", "::1"):
        return "http would send your token for all to read", "write git+https://…"
    if scheme == "file" and host:
        return "a file address names no host", "write git+file:///FOLDER, with three slashes"
    if (scheme != "file" and not host) or not path.strip("/"):
        return "it names no repository", _REMEDY
    return None


def _is_token(scheme: str, user: str | None) -> bool:
    """Return whether a user name is rather a secret: some hosts take one there."""
    return scheme != "ssh" and bool(user) and bool(re.search(_TOKEN, user or ""))


_REMEDY = "write git+ssh://git@HOST/OWNER/REPOSITORY.git#BRANCH"
_TOKEN = r"^(gh[a-z]_|github_pat_|gl(pat|dt|rt|ptt|ft|cbt)-)|.{40}|%3[Aa]"  # noqa: S105 (how they look)
