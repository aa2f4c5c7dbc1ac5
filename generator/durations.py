"""How long recordings are: read as people write it, written as programs read it.

All lengths are in whole seconds.
"""

import re

LONGEST = 100 * 3600
"""Seconds of a recording: four days, and no newsroom reads for longer."""


def read_duration(written: str) -> int | None:
    """Return the seconds of a length such as "1:02:03", "62:03" or "3723"; None if it is none."""
    found = _WRITTEN.fullmatch(written.strip())
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    total = hours * 3600 + minutes * 60 + seconds
    return total if total <= LONGEST else None


_WRITTEN = re.compile(
    r"(?:(?:([0-9]{1,2}):(?=[0-5][0-9]:))?([0-9]{1,4}):(?=[0-5][0-9](?![0-9])))?"
    r"([0-9]{1,6})(?:\.[0-9]{1,9})?"
)
"""Hours and minutes where they are said. Of what follows a colon each part has two digits."""


def clock(seconds: int) -> str:
    """Return a length as clocks show it: "1:02:03", or "2:03"."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def iso_duration(seconds: int) -> str:
    """Return a length after ISO 8601: "PT1H2M3S"."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "H"), (minutes, "M"), (rest, "S"))
    return "PT" + ("".join(f"{number}{unit}" for number, unit in parts if number) or "0S")
