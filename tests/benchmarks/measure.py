"""What a command takes: seconds, processor time, the memory of all its processes, and the disk."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from cores import cores, idle, stolen

_PAUSE = 0.05
_SHARE = 0.03
"""Looking may take at most this share of a core: the kernel walks every page to answer."""
_BLOCK = 512
"""Bytes: the kernel counts what is written in sectors."""
_TICKS = os.sysconf("SC_CLK_TCK")
_USER, _END = 11, 15
"""From where to where the fields behind the name in `/proc/PID/stat` tell processor time."""


class Usage(NamedTuple):
    """`seconds` by the clock; `cpu` in seconds, user and system; `peak` in bytes; `log` the end
    of what the command said.

    `written` is the bytes that went to disks or are on their way, whoever of its processes wrote
    them: what lies in a file system in memory is none. `idle` is the seconds that each core of
    the machine was without work meanwhile, `stolen` those that other virtual machines took.
    """

    seconds: float
    cpu: float
    peak: int
    log: str
    written: int
    idle: tuple[float, ...]
    stolen: float


class CommandError(Exception):
    """A command that failed, and what it said."""


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path) -> Usage:
    """Run a command to its end, or raise `CommandError`.

    The memory is the greatest sum of proportional set sizes that was seen, so that pages which
    processes share count once. Where none was seen it is that of the greatest process.
    """
    os.sync()  # what was written before is not this command's to wait for
    with log.open("wb") as output:
        before, started = cores(), time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        watch = Watch(process.pid)
        watch.start()
        _, status, used = os.wait4(process.pid, 0)
        seconds, after = time.perf_counter() - started, cores()
        process.returncode = os.waitstatus_to_exitcode(status)
    watch.stop()
    said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    if process.returncode:
        raise CommandError(f"{' '.join(command)}\nexit code {process.returncode}\n{said}")
    peak = watch.peak or 1024 * used.ru_maxrss
    return Usage(
        seconds,
        used.ru_utime + used.ru_stime,
        peak,
        said.strip(),
        _BLOCK * used.ru_oublock,
        idle(before, after),
        stolen(before, after),
    )


class Watch(threading.Thread):
    """Looks at a process and all that come from it, again and again, until told to stop.

    `peak` is the most memory that it saw, in bytes.
    """

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._root = root
        self._done = threading.Event()

    def run(self) -> None:
        pause = 0.0
        while not self._done.wait(pause):
            started = time.thread_time()
            self.peak = max(self.peak, memory(self._root))
            pause = max(_PAUSE, (time.thread_time() - started) / _SHARE)

    def stop(self) -> None:
        self._done.set()
        self.join()


def memory(root: int) -> int:
    """Bytes that a process and all that come from it take together now."""
    return sum(map(_memory, _family(root)))


def processor_time(root: int) -> float:
    """Seconds that a process and all that come from it have taken so far, ended ones included."""
    return sum(map(_processor_time, _family(root)))


def _processor_time(process: int) -> float:
    with suppress(OSError):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[_USER:_END])) / _TICKS
    return 0.0


def _family(process: int) -> Iterator[int]:
    """A process and all that come from it and are still there."""
    yield process
    with suppress(OSError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            with suppress(OSError):
                for child in (thread / "children").read_text().split():
                    yield from _family(int(child))


def _memory(process: int) -> int:
    """Bytes: of what is shared with other processes its part; 0 if the process is gone."""
    for name, field in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
        with suppress(OSError):
            for line in Path(f"/proc/{process}/{name}").read_text().splitlines():
                if line.startswith(field):
                    return 1024 * int(line.split()[1])
    return 0
