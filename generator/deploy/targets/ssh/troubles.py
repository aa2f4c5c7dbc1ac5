"""What ssh, rsync and the shell at the server say when something is wrong, told to an editor."""

import re

from generator.errors import Problem

TELLING = 400
"""Characters at most that a message repeats of what a program said."""


class Cut(Exception):  # noqa: N818 (it is no error yet: it is tried again)
    """The connection is gone. `said` is what ssh or rsync said about it."""

    def __init__(self, said: str) -> None:
        self.said = said
        super().__init__(said)


def problem_of(name: str, said: str) -> Problem | None:
    """What is wrong, if it is nothing that passes by itself."""
    if re.search("temporary failure in name resolution", said, re.IGNORECASE):
        return None
    for pattern, what, remedy, is_detailed in _TROUBLES:
        if match := re.search(pattern, said, re.IGNORECASE):
            detail = f" ({_line_of(said, match.start())})" if is_detailed else ""
            return Problem(name, 0, what + detail, remedy)
    return None


def not_reached(name: str, said: str) -> Problem | None:
    """Why nobody answers at all; None if somebody did."""
    for pattern, what, remedy in _SILENCES:
        if re.search(pattern, said, re.IGNORECASE):
            return Problem(name, 0, what, remedy)
    return None


def given_up(name: str, said: str) -> Problem:
    """The problem of a connection that was tried again and again."""
    why = f" ({_line_of(said, 0)})" if said.strip() else ""
    what = f"the connection is cut again and again{why}"
    return Problem(name, 0, what, "deploy again later: it goes on from where it stood")


def unknown(name: str, program: str, code: int, said: str) -> Problem:
    """The problem of a program that fails with words that are in none of the tables."""
    why = f": {_line_of(said, 0)}" if said.strip() else ""
    return Problem(name, 0, f"{program} failed with code {code}{why}", "mend that and deploy again")


_ROOM = "make room there and deploy again"
_LOGIN = "log in once by hand with ssh"
_TROUBLES = (
    (
        "could not resolve hostname",
        "there is no such host",
        "look at its name in site.toml and in ssh's settings",
        False,
    ),
    (
        "host identification has changed",
        "the host key of the server is another one than before",
        "ask whoever runs it; if that is meant, take the old key out of known_hosts with"
        " ssh-keygen -R, and " + _LOGIN,
        False,
    ),
    (
        "host key verification failed|host key is known for",
        "the host key of the server is not known here",
        f"{_LOGIN} and compare its fingerprint, or put the key into known_hosts",
        False,
    ),
    (
        r"permission denied \([a-z]|too many authentication failures|no supported authentication",
        "the server lets nobody in with the keys it was offered",
        "see that the user is right, that ssh-agent or ssh's settings have the key,"
        " and that the server has its public half in authorized_keys",
        False,
    ),
    (
        "bad configuration option|can't open user config|terminating, .* bad configuration",
        "ssh cannot read its settings",
        "mend them, or the variable RSYNC_RSH",
        True,
    ),
    (
        "session open refused by peer",
        "the server allows no second session in a connection",
        "set MaxSessions to 2 or more in its sshd_config",
        False,
    ),
    ("no space left on device", "the disk of the server is full", _ROOM, True),
    ("disk quota exceeded", "the account may store no more at the server", _ROOM, True),
    ("file too large", "the server takes no file that large", _ROOM, True),
    (
        "read-only file system",
        "the disk of the server cannot be written to",
        "mend that and deploy again",
        True,
    ),
    (
        "permission denied|operation not permitted",
        "the account may not write there",
        "give it the folder with chown, or name another one",
        True,
    ),
    ("file name too long", "a name is too long for the server", "shorten its slug", True),
    (
        "is your shell clean|protocol version mismatch",
        "the account prints something at each login, which rsync takes for an answer",
        "let its .bashrc or the like print nothing without a terminal",
        False,
    ),
    (
        "rsync: (command )?not found|remote command not found|rsync: no such file",
        "there is no rsync at the server",
        "install it there",
        False,
    ),
)
"""A pattern, what is wrong, what to do, and whether the line itself tells more."""
_SILENCES = (
    (
        "connection refused",
        "nothing listens at the server's port for ssh",
        "see that it runs, and that the port is right",
    ),
    ("timed out", "the server does not answer", "see that it runs, and that the network does"),
    (
        "no route to host|network is unreachable|temporary failure in name",
        "the server cannot be reached from here",
        "see that the network works",
    ),
)


def _line_of(said: str, at: int) -> str:
    """The line at a place of a text, without who says it."""
    line = said[said.rfind("\n", 0, at) + 1 :].lstrip().split("\n", 1)[0]
    line = re.sub(r"^(rsync: )?(\[\w+\] )?", "", line.strip())
    return line if len(line) <= TELLING else line[: TELLING - 1] + "…"
