"""Messages of git and of a git host, and what they mean to an editor.

git tells most of what goes wrong only in its messages, which the program asks for in English.
What comes in is what was said, what goes out a `Problem` with the code of a deploy.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from generator.codes import Code
from generator.errors import Problem

_LONGEST = 300
"""Characters of a host's own words that are shown."""


class _Meaning(NamedTuple):
    """What it means if the `pattern` is in what was said."""

    code: Code
    pattern: str
    what: str
    remedy: str


def problem(name: str, branch: str, said: str) -> Problem:
    """Say why git failed on the target `name`, by what it and the host `said`."""
    if meaning := _meaning(said):
        texts = (meaning.what, meaning.remedy)
        what, remedy = (text.replace("BRANCH", f'"{branch}"') for text in texts)
        return Problem(name, 0, what + _answer(said), remedy, code=meaning.code)
    what = f"git failed{_answer(said) or _last_words(said)}"
    return Problem(name, 0, what, _UNKNOWN, code=Code.DEPLOY_REFUSED)


def is_passing(said: str) -> bool:
    """Return whether trying again may help: the connection was cut, or the host out of breath."""
    meaning = _meaning(said)
    return meaning is not None and meaning.pattern == _PASSING


def has_moved(said: str) -> bool:
    """Return whether a push was refused because the branch is not where it was read."""
    meaning = _meaning(said)
    return meaning is not None and meaning.pattern == _MOVED


def is_of_the_host(said: str) -> bool:
    """Return whether the host, the network or the disk is at fault, not the repository in use."""
    return _meaning(said) is not None and not has_moved(said)


def _meaning(said: str) -> _Meaning | None:
    return next((m for m in _MEANINGS if re.search(m.pattern, said, re.IGNORECASE)), None)


def _answer(said: str) -> str:
    """Return the host's own words, if it had any."""
    words = " ".join(" ".join(_remote_lines(said)).split())
    return f' (the host says: "{_shown(words)}")' if words else ""


def _remote_lines(said: str) -> Iterator[str]:
    for line in said.splitlines():
        mark, _, words = line.partition(":")
        if mark.strip() in ("remote", "ERROR"):
            yield words


def _last_words(said: str) -> str:
    """Return the line of git's own complaint that says most."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if re.match(r"fatal:|error:|!", line)] or lines
    return f": {_shown(telling[-1])}" if telling else ""


def _shown(words: str) -> str:
    """Make foreign words safe to show: nothing that moves a terminal, nothing of an address's
    name and password, and not too many.
    """
    words = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", words)
    words = "".join(c if c.isprintable() else " " for c in words)
    words = re.sub(r"://[^/@\s]*@", "://", words)
    return words if len(words) <= _LONGEST else words[:_LONGEST] + "…"


_UNKNOWN = "mend it, and deploy again; the site there is as it was"

_MOVED = (
    r"\(stale info\)|\(fetch first\)|\(non-fast-forward\)|cannot lock ref|incorrect old value"
    r"|failed to update ref|reference already exists"
)

_PASSING = (
    r"connection (was )?reset|connection timed out|operation timed out|timed? ?out after"
    r"|connection closed by|connection refused|connection to \S+ closed|closed by remote host"
    r"|broken pipe|early eof|unexpected disconnect|hung up unexpectedly|empty reply from server"
    r"|rpc failed|returned error: (429|5\d\d)|recv failure|send failure|transfer closed"
    r"|connect to server|failed to connect|temporary failure in name"
    r"|network is unreachable|operation too slow|gnutls_handshake|ssl_(read|connect|error_syscall)"
)
"""Some of it is said beside a clear refusal too, so it comes last."""

_MEANINGS = (
    _Meaning(
        Code.CREDENTIALS,
        r"remote host identification has changed",
        "the host's key is another than before: this may be another machine that listens in",
        "ask the host for its key; if it is right, take the old one out: ssh-keygen -R HOST",
    ),
    _Meaning(
        Code.CREDENTIALS,
        r"host key verification failed|no \S+ host key is known",
        "the host's key is not known here",
        "compare it with what the host publishes, and accept it once: ssh HOST",
    ),
    _Meaning(
        Code.UNREACHABLE,
        r"could not resolve host|name or service not known|temporary failure in name",
        "there is no such host, or no network",
        "mend the host's name in `to`, or the network",
    ),
    _Meaning(
        Code.CREDENTIALS,
        r"could not read (username|password)|terminal prompts disabled",
        "the host asks who you are, and git has no answer",
        "give git a credential helper that holds a token for this host",
    ),
    _Meaning(
        Code.CREDENTIALS,
        r"authentication failed|http basic: access denied|returned error: 401"
        r"|invalid username or (password|token)|support for password authentication was removed",
        "the host does not accept the user name, password or token",
        "renew what git's credential helper holds for this host",
    ),
    _Meaning(
        Code.CREDENTIALS,
        r"permission denied \([\w,-]*(publickey|password|keyboard)|permission denied, please try"
        r"|too many authentication failures",
        "the host accepts none of your ssh keys",
        "add your public key at the host, or load the right one: ssh-add",
    ),
    _Meaning(
        Code.CREDENTIALS,
        r"gh006|gh013|protected branch|push to protected|rule violations|\(protected",
        "the branch BRANCH is protected against this push",
        'let this user push to it (with history = "squash" also by force), or name another',
    ),
    _Meaning(
        Code.NO_ROOM,
        r"gh001|file size limit|too large|exceeds? (the )?(maximum|github's|limit|quota)"
        r"|http 413|returned error: 413|maximum allowed size|larger than",
        "the host takes no file or no push of this size",
        "make the largest files smaller, or carry them to another host",
    ),
    _Meaning(
        Code.NO_ROOM,
        r"remote:.*(no space left|disk quota|quota exceeded)",
        "the host's disk is full",
        "make room there; the site is as it was",
    ),
    _Meaning(
        Code.NO_ROOM,
        r"no space left on device|disk quota exceeded",
        "the disk is full",
        "make room, here or at the host; the site is as it was",
    ),
    _Meaning(
        Code.NO_ROOM,
        r"unexpected checksum",  # so says `git fast-import` when it can write no further
        "the disk is full or broken",
        "make room here; the site is as it was",
    ),
    _Meaning(
        Code.DEPLOY_REFUSED,
        r"denying non-fast-forward|denyNonFastForwards",
        "the repository takes no commit that leaves the history of BRANCH behind",
        'write history = "keep"',
    ),
    _Meaning(
        Code.DEPLOY_REFUSED,
        r"branch is currently checked out|refusing to update checked out branch",
        "BRANCH is checked out in the repository",
        "deploy to a bare repository, or to a branch that nobody works on",
    ),
    _Meaning(
        Code.LOCKED,
        _MOVED,
        "BRANCH has moved meanwhile: another deploy or commit got in",
        "deploy again",
    ),
    _Meaning(
        Code.DEPLOY_REFUSED,
        r"hook declined|\(hook\)",
        "a hook of the repository declined the push",
        "do as it says, or ask who keeps the repository",
    ),
    _Meaning(
        Code.CREDENTIALS,
        r"write access .*not granted|permission to \S+ denied|returned error: 403|not allowed to"
        r"|read.only|insufficient permission|unable to create temporary object",
        "you may not write to this repository",
        "ask who keeps it for the right to push",
    ),
    _Meaning(
        Code.DEPLOY_REFUSED,
        r"repository .*(not found|does not exist)|not appear to be a git repository"
        r"|returned error: 404|project you were looking for could not be found",
        "there is no such repository, or you may not see it",
        "mend the address in `to`, or make the repository first",
    ),
    _Meaning(
        Code.CREDENTIALS,
        r"dubious ownership",
        "git does not trust the repository: it belongs to another user",
        "trust it: git config --global --add safe.directory FOLDER",
    ),
    _Meaning(
        Code.CREDENTIALS,
        r"certificate|ssl: no alternative",
        "the host's certificate is not right",
        "mend the address in `to`, or ask the host",
    ),
    _Meaning(
        Code.DEPLOY_REFUSED,
        r"cannot run (ssh|\S*/ssh)\b",
        "ssh is missing",
        "install openssh-client",
    ),
    _Meaning(
        Code.DEPLOY_REFUSED,
        r"is not a git command|unable to find remote helper",
        "git cannot speak to hosts of this kind",
        "install all of git, with what it needs for https",
    ),
    _Meaning(
        Code.DEPLOY_REFUSED,
        r"shallow update not allowed",
        "the repository takes no push from a part of it",
        _UNKNOWN,
    ),
    _Meaning(
        Code.UNREACHABLE,
        _PASSING,
        "the connection to the host was cut, or there was none",
        "see that the host is up, and deploy again; the site there is as it was",
    ),
)
"""What is said, what it means, and what to do: the first that fits counts."""
