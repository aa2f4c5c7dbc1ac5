"""What Linux, macOS and Windows do differently, all of it in one place.

What a system has no way for is left out there; each function says what then follows.
"""

import os
import signal
import socket
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

IS_WINDOWS = sys.platform == "win32"

if sys.platform != "win32":
    import fcntl
    import resource

# ------------------------------------------------------------------------------ processes

MOST_WORKERS = 61 if IS_WINDOWS else sys.maxsize
"""Processes of a pool: Windows waits for no more handles at once."""
HAS_FORK = hasattr(os, "fork")
HAS_PROCESSOR_TIMER = hasattr(signal, "setitimer")
"""Whether a signal can tell that so much time of the processor has passed."""
NEEDS_TRACKER = not IS_WINDOWS
"""Whether `multiprocessing` starts a process that clears away what others leave."""


def usable_cores() -> int:
    """Return the number of cores that this process may use, or that there are."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def may_be_running(process: int) -> bool:
    """Return whether a process of this machine is there, or whether that cannot be told.

    Windows has no signal that does no harm: to ask by one would end the process.
    """
    if IS_WINDOWS:
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def process_space() -> int:
    """Return the number of the space in which this process is counted; 0 where there is but one."""
    try:
        return Path("/proc/self/ns/pid").stat().st_ino
    except OSError:
        return 0


def give_way(steps: int) -> None:
    """Let other processes go first, by so many steps of niceness; on Windows nothing changes."""
    if sys.platform != "win32":
        os.nice(steps)


@contextmanager
def without_interrupts() -> Iterator[None]:
    """Have a person's Ctrl-C wait until the block is over.

    Processes that are started in it never hear of one. On Windows they do.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def seconds() -> float:
    """Return seconds of a clock that is never set, and that counts sleep where the system can."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


# ---------------------------------------------------------------------------------- files

TELLS_OF_CLOSED_FILES = sys.platform == "linux"
"""Whether who watches a folder hears that a file in it was written and closed."""


BINARY: int = getattr(os, "O_BINARY", 0)
"""How to have a file opened whose bytes are not to be translated: on Windows it has to be said."""
AT_ONCE: int = getattr(os, "O_NONBLOCK", 0)
"""How to have a pipe opened without waiting for who writes into it."""


def read_at(file: int, size: int, start: int) -> bytes:
    """Return so many bytes of an open file, from a place on; fewer at its end.

    Windows has no call for that: there, no two threads may read one file at once.
    """
    if sys.platform != "win32":
        return os.pread(file, size, start)
    os.lseek(file, start, os.SEEK_SET)
    return os.read(file, size)


def most_open_files() -> int | None:
    """Return how many files this process may hold open; None if there is no such limit."""
    if sys.platform != "win32":
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        return None if most == resource.RLIM_INFINITY else most
    return None


def try_lock(file: IO[bytes]) -> bool:
    """Lock a file, also for the programs that it is `passed` to; return False if another has it.

    The lock lasts until the last of them has ended. Windows knows no such locks: there anybody
    gets it.
    """
    if sys.platform != "win32":
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def passed(file: IO[bytes] | None) -> tuple[int, ...]:
    """Return the descriptors by which a program that is started holds a file open too.

    Windows passes none on.
    """
    return (file.fileno(),) if file and not IS_WINDOWS else ()


def let_be_removed(folder: Path) -> None:
    """Have all below a folder removable: Windows removes nothing that may not be written."""
    if IS_WINDOWS:
        for path in folder.rglob("*"):
            path.chmod(stat.S_IWRITE)


# -------------------------------------------------------------------------------- sockets


def take_over_port(listener: socket.socket) -> None:
    """Let a socket have a port at which a server was until a moment ago.

    Windows does so unasked; asked, it would let two servers have one port.
    """
    if not IS_WINDOWS:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


def write_utf8() -> None:
    """Have standard output and error be UTF-8, also where they lead into a file or a program.

    Windows would write them in the charset of its region there, which has no room for most names.
    """
    if sys.platform == "win32":
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):  # there may be none
                stream.reconfigure(encoding="utf-8")
