"""Where and with what a benchmark ran."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from peers import Tool


def about(tools: Sequence[Tool], rounds: int) -> str:
    """The day, the machine and the versions."""
    versions = dict.fromkeys(f"{one.form.title()} {one.version}" for one in tools)
    cores = len(os.sched_getaffinity(0))
    parts = [f"{datetime.now(UTC):%Y-%m-%d}", f"{_processor()}, {cores} cores"]
    parts += [f"Python {platform.python_version()}", *versions]
    return "; ".join([*parts, f"median of {rounds} round{'s' * (rounds > 1)}"])


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.processor() or platform.machine()
