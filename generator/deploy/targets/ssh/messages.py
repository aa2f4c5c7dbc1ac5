"""Messages of ssh, rsync and the shell at the server, and what they mean to an editor.

What comes in is what a program said, what goes out a `Problem` with the code of a deploy.
"""

import re
from typing import NamedTuple

from generator.codes import Code
from generator.errors import Problem

TELLING = 400
"""Characters at most that a message repeats of what a program said."""


class _Meaning(NamedTuple):
    """What a message means that has the `pattern` in it; `is_detailed`: its line tells more."""

    code: Code
    pattern: str
    what: str
    remedy: str
    is_detailed: bool = False


def problem_of(name: str, said: str) -> Problem | None:
    """Return what is wrong, if it is nothing that passes by itself."""
    if re.search("temporary failure in name resolution", said, re.IGNORECASE):
        return None
    return _meant(name, said, _FAILURES)


def not_reached(name: str, said: str) -> Problem | None:
    """Say why nobody answers at all; None if somebody did."""
    return _meant(name, said, _SILENCES)


def given_up(name: str, said: str) -> Problem:
    """Return the problem of a connection that was tried again and again."""
    why = f" ({_line_of(said, 0)})" if said.strip() else ""
    what = f"the connection is cut again and again{why}"
    remedy = "deploy again later: it goes on from where it stood"
    return Problem(name, 0, what, remedy, code=Code.UNREACHABLE)


def unknown(name: str, program: str, code: int, said: str) -> Problem:
    """Return the problem of a program that fails with words that are in none of the tables."""
    why = f": {_line_of(said, 0)}" if said.strip() else ""
    what = f"{program} failed with code {code}{why}"
    return Problem(name, 0, what, "mend that and deploy again", code=Code.DEPLOY_REFUSED)


def _meant(name: str, said: str, meanings: tuple[_Meaning, ...]) -> Problem | None:
    """Return the problem that the first fitting meaning tells of."""
    for code, pattern, what, remedy, is_detailed in meanings:
        if match := re.search(pattern, said, re.IGNORECASE):
            detail = f" ({_line_of(said, match.start())})" if is_detailed else ""
            return Problem(name, 0, what + detail, remedy, code=code)
    return None


_ROOM = "make room there and deploy again"
_LOGIN = "log in once by hand with ssh"
_FAILURES = (
    _Meaning(
        Code.UNREACHABLE,
        "could not resolve hostname",
        "there is no such host",
        "look at its name in site.toml and in ssh's settings",
    ),
    _Meaning(
        Code.CREDENTIALS,
        "host identification has changed",
        "the host key of the server is another one than before",
        "ask whoever runs it; if that is meant, take the old key out of known_hosts with"
        " ssh-keygen -R, and " + _LOGIN,
    ),
    _Meaning(
        Code.CREDENTIALS,
        "host key verification failed|host key is known for",
        "the host key of the server is not known here",
        f"{_LOGIN} and compare its fingerprint, or put the key into known_hosts",
    ),
    _Meaning(
        Code.CREDENTIALS,
        r"permission denied \([a-z]|too many authentication failures|no supported authentication",
        "the server lets nobody in with the keys it was offered",
        "see that the user is right, that ssh-agent or ssh's settings have the key,"
        " and that the server has its public half in authorized_keys",
    ),
    _Meaning(
        Code.DEPLOY_REFUSED,
        "bad configuration option|can't open user config|terminating, .* bad configuration",
        "ssh cannot read its settings",
        "mend them, or the variable RSYNC_RSH",
        is_detailed=True,
    ),
    _Meaning(
        Code.DEPLOY_REFUSED,
        "session open refused by peer",
        "the server allows no second session in a connection",
        "set MaxSessions to 2 or more in its sshd_config",
    ),
    _Meaning(
        Code.NO_ROOM,
        "no space left on device",
        "the disk of the server is full",
        _ROOM,
        is_detailed=True,
    ),
    _Meaning(
        Code.NO_ROOM,
        "disk quota exceeded",
        "the account may store no more at the server",
        _ROOM,
        is_detailed=True,
    ),
    _Meaning(
        Code.NO_ROOM,
        "file too large",
        "the server takes no file that large",
        _ROOM,
        is_detailed=True,
    ),
    _Meaning(
        Code.DEPLOY_REFUSED,
        "read-only file system",
        "the disk of the server cannot be written to",
        "mend that and deploy again",
        is_detailed=True,
    ),
    _Meaning(
        Code.CREDENTIALS,
        "permission denied|operation not permitted",
        "the account may not write there",
        "give it the folder with chown, or name another one",
        is_detailed=True,
    ),
    _Meaning(
        Code.DEPLOY_REFUSED,
        "file name too long",
        "a name is too long for the server",
        "shorten its slug",
        is_detailed=True,
    ),
    _Meaning(
        Code.DEPLOY_REFUSED,
        "is your shell clean|protocol version mismatch",
        "the account prints something at each login, which rsync takes for an answer",
        "let its .bashrc or the like print nothing without a terminal",
    ),
    _Meaning(
        Code.DEPLOY_REFUSED,
        "rsync: (command )?not found|remote command not found|rsync: no such file",
        "there is no rsync at the server",
        "install it there",
    ),
)
_SILENCES = (
    _Meaning(
        Code.UNREACHABLE,
        "connection refused",
        "nothing listens at the server's port for ssh",
        "see that it runs, and that the port is right",
    ),
    _Meaning(
        Code.UNREACHABLE,
        "timed out",
        "the server does not answer",
        "see that it runs, and that the network does",
    ),
    _Meaning(
        Code.UNREACHABLE,
        "no route to host|network is unreachable|temporary failure in name",
        "the server cannot be reached from here",
        "see that the network works",
    ),
)


def _line_of(said: str, at: int) -> str:
    """Return the line at a place of a text, without who says it."""
    line = said[said.rfind("\n", 0, at) + 1 :].lstrip().split("\n", 1)[0]
    line = re.sub(r"^(rsync: )?(\[\w+\] )?", "", line.strip())
    return line if len(line) <= TELLING else line[: TELLING - 1] + "…"
