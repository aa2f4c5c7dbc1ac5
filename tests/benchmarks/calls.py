"""How often a command asks the system for something that has to do with files.

Counted is each call whose first argument is a path, or a descriptor that stands for one: what
opens, reads, writes, seeks, looks at, lists, moves, makes, flushes and closes files and folders,
of a command and all that come from it. Left out are pipes, sockets, mapped memory, and `fcntl` and
`ioctl`, which are about descriptors and locks. Starting Python counts: some thousand calls for
each process.

`strace` stops a command at each call, so what runs under it is not timed.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from measure import CommandError

_STRACE = (
    "strace",
    "--follow-forks",
    "--seccomp-bpf",
    "--decode-fds=path",
    "--string-limit=0",
    "--signal=none",
    "--quiet=all",
    "--trace=%file,%desc",
)
_OF_A_FILE = re.compile(r'(?:\d+ +)?(?!fcntl|ioctl)(\w+)\((?:"|AT_FDCWD|\d+</)')


def can_count() -> bool:
    return shutil.which("strace") is not None


def of_files(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Counter[str]:
    """Run a command to its end; return how often each call was about a file.

    Raise `CommandError` if the command fails, or may not be watched.
    """
    with tempfile.NamedTemporaryFile("r", encoding="utf-8", errors="replace") as told:
        done = subprocess.run(
            [*_STRACE, f"--output={told.name}", *command],
            cwd=folder,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise CommandError(done.stderr)
        return about_files(told)


def about_files(lines: Iterable[str]) -> Counter[str]:
    """Count the calls about files in what `strace` wrote; one that is resumed counts once."""
    found = map(_OF_A_FILE.match, lines)
    return Counter(match[1] for match in found if match)
