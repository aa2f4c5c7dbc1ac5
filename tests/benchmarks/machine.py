"""Where and with what a benchmark ran, and how busy the machine was."""

import os
import platform
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from cores import Core, cores, stolen
from peers import Tool


class Load(NamedTuple):
    """At a moment: the mean number of processes that wanted a core in the last minute, and what
    each core has done so far."""

    mean: float
    cores: list[Core]


def load() -> Load:
    """Return how busy the machine is now."""
    return Load(os.getloadavg()[0], cores())


def about(tools: Sequence[Tool], rounds: int, before: Load) -> str:
    """Return the day, the machine, the versions, and how busy the machine was since `before`."""
    versions = dict.fromkeys(f"{one.form.title()} {one.version}" for one in tools)
    many = len(os.sched_getaffinity(0))
    after = load()
    busy = f"load {before.mean:.1f} before and {after.mean:.1f} after"
    taken = f"{stolen(before.cores, after.cores):.1f} s taken by other machines"
    parts = [f"{datetime.now(UTC):%Y-%m-%d}", f"{_processor()}, {many} cores, {busy}, {taken}"]
    parts += [f"files on {filesystem(Path(tempfile.gettempdir()))}"]
    parts += [f"Python {platform.python_version()}", *versions]
    return "; ".join([*parts, f"median of {rounds} round{'s' * (rounds > 1)}"])


def filesystem(folder: Path) -> str:
    """Return the kind of file system that a folder lies on, such as `ext4`, or `tmpfs`: memory."""
    kinds = {}
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, place, kind, *_ = line.split(" ")
        kinds[place] = kind  # the last one hides the others
    above = folder.resolve()
    return next(kinds[str(one)] for one in (above, *above.parents) if str(one) in kinds)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.processor() or platform.machine()
