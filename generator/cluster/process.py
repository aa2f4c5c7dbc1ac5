"""A process that works for one build, beside a worker of a cluster.

What comes in through a pipe are tasks; what goes out are their values, or what went wrong. It
is the main thread that works: that one can be stopped when a text takes too long.
"""

import mmap
import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from generator import __version__
from generator.errors import said
from generator.state.code_version import code_version
from generator.workers import without_collector

Place = tuple[str, str]
"""A folder that a worker has to find as it is where the site is built, and a token: that is what
the file `TOKEN` in it says.
"""
TOKEN = "token"  # noqa: S105 (no secret)
IDLE = 60
"""Seconds without work after which a process ends."""


class Identity(NamedTuple):
    """The versions of Broadsheet and Python, and the code version."""

    broadsheet: str
    python: str
    code: str


def identity() -> Identity:
    """Return the versions of this process."""
    return Identity(__version__, ".".join(map(str, sys.version_info[:3])), code_version())


def serve(descriptor: int) -> None:
    """Say which version this is, then do one task after the other, as long as there are some.

    It ends when standard input does, which the worker holds open as long as it lives.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_worker, daemon=True).start()
    pipe, proven = Connection(descriptor), set[Place]()
    pipe.send(tuple(identity()))
    with without_collector(), suppress(EOFError):
        while pipe.poll(IDLE):
            places, cwd, work, arrays = pipe.recv()
            with suppress(OSError):  # paths may well be whole ones
                os.chdir(cwd)
            missing = _missing(places, proven)
            pipe.send(_done(work, arrays) if missing is None else missing)


def _end_with_worker() -> None:
    while os.read(0, 1):
        pass
    os._exit(1)


def _missing(places: Sequence[Place], proven: set[Place]) -> str | None:
    """Return the first folder that is not the one that was meant; note those that are."""
    for place in places:
        if place not in proven:
            if not _is_there(*place):
                return place[0]
            proven.add(place)
    return None


def _is_there(folder: str, token: str) -> bool:
    """Return whether a folder is the one that was meant, and can be written."""
    mark = Path(folder, f"{TOKEN}-{uuid4().hex}")
    try:
        is_meant = Path(folder, TOKEN).read_text("ascii") == token
        mark.write_text(token, "ascii")
        mark.unlink()
    except (OSError, UnicodeDecodeError):
        return False
    return is_meant


def _done(work: bytes, arrays: Sequence[str]) -> bytes:
    """Return what some work gives, or the error that it ends in, encoded."""
    try:
        task, args, named = pickle.loads(work, buffers=map(_mapped, arrays))  # noqa: S301 (the build's)
        return pickle.dumps((task(*args, **named), None), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        return _encoded(error)


def _encoded(error: Exception) -> bytes:
    """Return an error as `_done` does, and where it arose; an error of its words if it must be."""
    error.add_note("".join(traceback.format_exception(error)))
    try:
        encoded = pickle.dumps((None, error))
        pickle.loads(encoded)  # noqa: S301 (just made)
    except Exception:
        return pickle.dumps((None, RuntimeError(said(error))))
    return encoded


def _mapped(file: str) -> Any:
    with open(file, "rb") as opened:  # noqa: PTH123
        return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
