"""A folder at a server as its shell lists it: nanoseconds too, and no session of its own.

rsync would need a session for each listing, and tells seconds only. It does where the server
has neither the `find` of GNU nor a `stat` like that of busybox.
"""

import os
import re
import secrets
from collections.abc import Iterable
from shlex import quote

from generator.deploy.targets.ssh.marks import fine_mark
from generator.deploy.targets.ssh.rsync import Listing, RsyncError
from generator.deploy.targets.ssh.scripts import chunks
from generator.deploy.targets.ssh.shell import Shell
from generator.deploy.targets.target import OWN

FINDERS = ("printf", "stat")
"""Ways to list: `find` with -printf, or `find` and `stat`."""


def found(shell: Shell, finder: str, folder: str, paths: Iterable[str] | None = None) -> Listing:
    """Return all below a folder, or these paths of it, if they are there.

    Raises `RsyncError`, or `CutError`. What may not be looked into is left out.
    """
    token = secrets.token_hex(12)
    act = _all(finder, token) if paths is None else _these(finder, token, paths)
    script = f"""( cd {quote(folder)} && {{
  said=$({{ {act}
}} 2>&1 >&3); printf '%s\\n' "{token} $? $said"
}} 3>&1 )"""
    listing = Listing({}, set())
    ending = _read(shell.rows(script), token.encode(), listing)
    status, _, said = ending.partition(" ")
    complaints = [line for line in said.splitlines() if line and not _PASSING.search(line)]
    if complaints or status not in ("0", "1"):  # 1: it has complained of something
        raise RsyncError(int(status or 1), "\n".join(complaints) or said, "find")
    return listing


_PASSING = re.compile("permission denied|no such file or directory", re.IGNORECASE)
"""A folder of somebody else's, and what is not there or has just gone: none of our business."""
_FOLDERS, _FILES = ("d", "4"), ("f", "8")
"""How `find` and the first digit of a mode, in hexadecimal, tell what something is."""


def _all(finder: str, token: str) -> str:
    return f"find . -path ./{OWN} -prune -o {_telling(finder, token)}"


def _these(finder: str, token: str, paths: Iterable[str]) -> str:
    act = f'find "$@" -maxdepth 0 {_telling("printf", token)}'
    if finder == "stat":
        act = f'stat -c "{_STAT.format(token)}" "$@"'
    words = (quote(f"./{path}") for path in paths)
    return "\n".join(f"set -- {' '.join(chunk)}\n{act}" for chunk in chunks(words, 1))


def _telling(finder: str, token: str) -> str:
    """Return what `find` is to do with each thing. The token ends a name that may hold anything."""
    if finder == "printf":
        return f"-printf '%p {token} %y %s %T@\\n'"
    return f"-exec stat -c '{_STAT.format(token)}' {{}} +"


_STAT = "%n {} %f %s %Y %y"


def _read(rows: Iterable[bytes], token: bytes, listing: Listing) -> str:
    """Note all that is told, and return what follows: a status, and complaints."""
    parts: list[bytes] = []
    ending: list[bytes] = []
    for row in rows:
        if ending or row.startswith(token):
            ending.append(row)
            continue
        name, is_end, told = row.rpartition(b" %s " % token)
        if not is_end:
            parts.append(row)  # a name with a line's end in it
            continue
        _note(listing, os.fsdecode(b"".join([*parts, name])), told.decode())
        parts.clear()
    return b"".join(ending).decode(errors="replace").removeprefix(token.decode()).strip()


def _note(listing: Listing, name: str, told: str) -> None:
    kind, size, moment, *rest = told.split()
    path = name.removeprefix("./")
    if rest:  # of stat: the seconds, then the moment in full, of which the decimals are wanted
        kind = kind[:-3]
        moment += "." + rest[1].partition(".")[2]
    if kind in _FOLDERS:
        if path != ".":
            listing.folders.add(path)
        return
    what = "" if kind in _FILES else f"{kind} "
    listing.files[path] = what + fine_mark(size, moment)
