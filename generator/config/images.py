"""What `[images]` may say: how pictures are published."""

import re
from collections.abc import Iterator
from typing import Any, Literal

from generator.errors import Problem, visible
from generator.fields import value_at
from generator.globs import bad_glob
from generator.schema import Door

ImageFormat = Literal["avif", "webp", "jpeg"]


def mistakes_of_images(raw: dict[str, Any], door: Door) -> Iterator[Problem]:
    """Yield widths, formats, qualities and patterns under `[images]` that are none."""
    for name, (least, most, example) in _BOUNDS.items():
        value = value_at(raw, ("images", name))
        values = value if isinstance(value, list) else [value]
        for number, one in enumerate(values):
            is_number = isinstance(one, int) and not isinstance(one, bool)
            if is_number and not least <= one <= most:
                place: tuple[str | int, ...] = (number,) if isinstance(value, list) else ()
                what = f"images.{name}: {one} is not between {least:,} and {most:,}"
                yield door.problem(("images", name, *place), what, f"write {example}")
    budget = value_at(raw, ("images", "budget"))
    if isinstance(budget, str) and seconds_of(budget) is None:
        what = f'images.budget: "{visible(budget)}" is no time for a build'
        yield door.problem(("images", "budget"), what, 'write one such as "60s" or "5m"')
    formats = value_at(raw, ("images", "formats"))
    if isinstance(formats, list) and (not formats or formats[-1] == "avif"):
        what = "images.formats: none of them is the one that every browser shows"
        if formats:
            what = f'images.formats[{len(formats)}]: not every browser shows "avif"'
        yield door.problem(("images", "formats"), what, 'let "jpeg" be the last of them')
    crops = value_at(raw, ("images", "crops"))
    for number, crop in enumerate(crops if isinstance(crops, list) else ()):
        if isinstance(crop, str) and not RATIO.fullmatch(crop):
            what = f'images.crops[{number + 1}]: "{visible(crop)}" is no ratio of width to height'
            yield door.problem(("images", "crops", number), what, 'write one such as "3:2"')
    patterns = value_at(raw, ("images", "keep"))
    for number, pattern in enumerate(patterns if isinstance(patterns, list) else ()):
        if isinstance(pattern, str) and (reason := bad_glob(pattern)):
            what = f'images.keep[{number + 1}]: "{pattern}" is no pattern of files: {reason}'
            yield door.problem(("images", "keep", number), what, 'write one such as "press/**"')


def seconds_of(budget: str) -> int | None:
    """Return the seconds of a budget such as "60s" or "5m"; None if it is none."""
    found = _BUDGET.fullmatch(budget)
    return int(found[1]) * (60 if found[2] == "m" else 1) if found else None


_BUDGET = re.compile(r"(\d{1,5})([sm])", re.ASCII)
RATIO = re.compile(r"[1-9]\d{0,3}:[1-9]\d{0,3}", re.ASCII)
_BOUNDS = {
    "widths": (16, 8_192, "one such as 800"),
    "quality": (1, 100, "one such as 80"),
    "avif_speed": (0, 10, "one from 0, which is slow and makes small files, to 10"),
    "max_bytes": (0, 1_000_000_000, "one such as 30000000"),
}
"""The least and the most that a number may be, and an example."""
