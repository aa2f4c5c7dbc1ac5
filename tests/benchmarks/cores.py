"""How busy the cores of the machine are, as Linux tells it."""

import os
from pathlib import Path
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")
_IDLE, _WAITING, _STOLEN = 4, 5, 8
"""Columns of a core's line in `/proc/stat`: see proc(5)."""


class Core(NamedTuple):
    """Seconds since the machine started: without work, and taken by other virtual machines."""

    idle: float
    stolen: float


def cores() -> list[Core]:
    """Return what each core has done so far."""
    lines = Path("/proc/stat").read_text().splitlines()
    return [_core(line) for line in lines if line.startswith("cpu") and line[3].isdigit()]


def idle(before: list[Core], after: list[Core]) -> tuple[float, ...]:
    """Return the seconds that each core was without work between two moments."""
    return tuple(end.idle - start.idle for start, end in zip(before, after, strict=True))


def stolen(before: list[Core], after: list[Core]) -> float:
    """Return the seconds that other virtual machines took from all cores between two moments."""
    return sum(end.stolen - start.stolen for start, end in zip(before, after, strict=True))


def _core(line: str) -> Core:
    columns = [int(column) / _TICKS for column in line.split()[1:]]
    return Core(columns[_IDLE - 1] + columns[_WAITING - 1], columns[_STOLEN - 1])
