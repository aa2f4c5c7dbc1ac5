"""Breakpoints: before a change of a file, and where a function begins or ends.

Where a process is after so many seconds, or after so many changes, differs from machine to machine
and from run to run. A breakpoint has a name, is always the same, and whether it was met is known.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, FunctionType, MappingProxyType
from typing import Any, NamedTuple

from support.sites import LONG, REPOSITORY

PATHS = os.pathsep.join(map(str, (REPOSITORY / "tests", REPOSITORY)))
BROADSHEET = "from generator.cli import main; main()"


# ------------------------------------------------------------------ changes of files


_CHANGES = {
    *("os.rename", "os.link", "os.symlink", "os.mkdir", "os.rmdir", "os.remove", "os.truncate"),
    *("os.chmod", "os.chown", "os.utime", "os.setxattr", "os.removexattr"),
}


def before_each_change(folder: Path, act: Callable[[str], None]) -> None:
    """Call `act` with the name of each change in a folder that this process is about to make.

    It goes on as long as the process lives. The name tells what happens to which files, by their
    paths from the folder, and which time it is. What `act` itself changes is not told.
    """
    seen = Counter[str]()
    is_acting = False

    def told(what: str) -> None:
        nonlocal is_acting
        if is_acting:
            return
        is_acting = True
        seen[what] += 1
        act(f"{what} #{seen[what]}")
        is_acting = False

    def audited(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _CHANGES or (event == "open" and _is_for_writing(arguments[2])):
            look(event, arguments)

    def called(frame: object, event: str, function: Any) -> None:
        if event == "c_call" and function.__name__ == "write":
            look("write", (getattr(function.__self__, "name", None),))

    def look(event: str, arguments: tuple[Any, ...]) -> None:
        if names := _inside(folder, arguments):
            told(" ".join((event, *names)))

    sys.addaudithook(audited)
    sys.setprofile(called)


def _is_for_writing(flags: object) -> bool:
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))


def _inside(folder: Path, arguments: tuple[Any, ...]) -> list[str]:
    """The paths among the arguments that are in the folder, from there.

    A name without a folder belongs to one that is open: whole trees are removed that way.
    """
    paths = [Path(os.fsdecode(a)) for a in arguments if isinstance(a, str | bytes | os.PathLike)]
    inside = [path for path in paths if path.is_relative_to(folder)]
    if not inside and arguments[-1] in (None, -1):
        return []
    return [str(p.relative_to(folder) if p in inside else p) for p in paths]


# ------------------------------------------------------------------------ functions


class Breakpoint(NamedTuple):
    """The `number`th time that a function is called, or, if it is to be `left`, that it ends.

    `function` is a pattern of the end of a file's path, a space, and a qualified name. Of a
    generator each step counts.
    """

    function: str
    number: int = 1
    left: bool = False


_DIES = """
import os, signal, sys, threading
from fnmatch import fnmatchcase
from itertools import count

pattern, number, event, whom, program = sys.argv[1:6]
del sys.argv[1:6]
met, known = count(1), {}

def is_meant(code):
    if code not in known:
        known[code] = fnmatchcase(f"/{code.co_filename} {code.co_qualname}", f"*/{pattern}")
    return known[code]

def look(frame, what, _):
    if what == event and is_meant(frame.f_code) and next(met) == int(number):
        os.kill(0 if whom == "all" else os.getpid(), signal.SIGKILL)

threading.setprofile(look)
sys.setprofile(look)
exec(program, {"__name__": "__main__"})
"""


def killed_at(
    point: Breakpoint,
    program: str,
    *arguments: str,
    alone: bool = True,
    variables: Mapping[str, str] = MappingProxyType({}),
) -> bool:
    """Whether a program of Python was killed at a breakpoint; if not, it has come to a good end.

    It dies `alone`, or with all the processes that it has started. `variables` are added to
    its environment.
    """
    named = [point.function, str(point.number), "return" if point.left else "call"]
    command = [sys.executable, "-c", _DIES, *named, "it" if alone else "all", program, *arguments]
    with tempfile.TemporaryFile("w+") as said:  # who outlives it may hold a pipe open
        environment = os.environ | {"PYTHONPATH": PATHS} | dict(variables)
        process = subprocess.Popen(
            command, env=environment, stdout=said, stderr=said, start_new_session=True
        )
        try:
            code = process.wait(LONG)
        finally:
            process.kill()
        said.seek(0)
        assert code in (0, -signal.SIGKILL), said.read()
    return code != 0


@contextmanager
def as_it_waits(function: Callable[..., object], act: Callable[[], object]) -> Iterator[None]:
    """Call `act` once, as soon as a function that this thread has called sleeps."""
    assert isinstance(function, FunctionType)
    waits = False

    def look(frame: FrameType, event: str, called: object) -> None:
        nonlocal waits
        if not waits and called is time.sleep and frame.f_code is function.__code__:
            waits = True
            act()

    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(None)
    assert waits, f"{function.__qualname__} did not wait"
