"""What this Broadsheet was installed from, said so that another machine installs the same.

Direct URL Data Structure, https://packaging.python.org/en/latest/specifications/direct-url/
"""

import re
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution

import msgspec

DISTRIBUTION = "broadsheet"


class _Commit(msgspec.Struct, frozen=True):
    vcs: str
    commit_id: str


class _DirectUrl(msgspec.Struct, frozen=True):
    """What an installer notes of what it took from no index, as `direct_url.json`."""

    url: str
    vcs_info: _Commit | None = None
    subdirectory: str = ""


def named(extras: Iterable[str] = ()) -> str:
    """Return the name of the distribution with some of its extras, as pip takes it."""
    listed = ",".join(extras)
    return f"{DISTRIBUTION}[{listed}]" if listed else DISTRIBUTION


def example(extras: Iterable[str] = ()) -> str:
    """Return what stands for a requirement that somebody has to fill in."""
    return f"{named(extras)} @ git+https://HOST/OWNER/REPOSITORY@COMMIT"


def requirement(extras: Iterable[str] = ()) -> str | None:
    """Return what pip is to install for this very Broadsheet, with some extras.

    None if it comes from this machine alone.
    """
    try:
        found = distribution(DISTRIBUTION)
    except PackageNotFoundError:  # it was never installed
        return None
    return pinned(found.version, found.read_text("direct_url.json"), extras)


def pinned(version: str, direct_url: str | None, extras: Iterable[str] = ()) -> str | None:
    """Return the requirement for a version that was installed from there.

    `direct_url` is the text of `direct_url.json`; None for a release from an index. The result is
    None for what another machine cannot be sure to reach, or to get as it is.
    """
    if direct_url is None:
        return f"{named(extras)}=={version}"
    try:
        source = msgspec.json.decode(direct_url, type=_DirectUrl)
    except msgspec.MsgspecError:
        return None
    repository = _repository(source)
    return f"{named(extras)} @ {repository}" if repository else None


def _repository(source: _DirectUrl) -> str:
    """Return the address of a commit as pip takes it; "" if it is none, or a local one.

    Who may read there is no part of it: of what stands before an `@`, only the account that ssh
    logs in to is left.
    """
    place = _REMOTE.fullmatch(source.url)
    commit = source.vcs_info
    if not (place and commit and commit.vcs == "git" and _DIGEST.fullmatch(commit.commit_id)):
        return ""
    account = f"{place['account']}@" if place["scheme"] == "ssh" and place["account"] else ""
    inside = source.subdirectory
    if inside and not _PATH.fullmatch(inside):
        return ""
    below = f"#subdirectory={inside}" if inside else ""
    return f"git+{place['scheme']}://{account}{place['rest']}@{commit.commit_id}{below}"


_PATH = re.compile(r"[\w.~%+/-]+", re.ASCII)
_REMOTE = re.compile(
    rf"(?P<scheme>https?|ssh)://((?P<account>[\w.+-]*)(:[^/@]*)?@|[^/@]*@)?"
    rf"(?P<rest>[\w.-]+(:[0-9]+)?/{_PATH.pattern})",
    re.ASCII,
)
_DIGEST = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
