"""What `[images]` may say: how pictures are published."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Literal

from generator.errors import Problem, visible
from generator.fields import Path, named, value_at
from generator.globs import bad_glob
from generator.schema import Door

ImageFormat = Literal["avif", "webp", "jpeg"]


def mistakes_of_images(raw: dict[str, Any], door: Door) -> Iterator[Problem]:
    """Yield widths, formats, qualities and patterns under `[images]` that are none."""
    yield from _out_of_bounds(raw, door)
    yield from _wrong_formats(raw, door)
    for name, (reason_of, noun, example) in _TEXTS.items():
        for field, one in _said(raw, name):
            is_number = isinstance(one, int | float) and not isinstance(one, bool)
            # a number is read as its text, as in every other setting
            if (isinstance(one, str) or is_number) and (reason := reason_of(str(one))):
                what = f'{named(field)}: "{visible(str(one))}" is no {noun}: {reason}'
                yield door.problem(field, what, f"write {example}")


def _said(raw: dict[str, Any], name: str) -> Iterator[tuple[Path, Any]]:
    """Yield the value of a setting, or each in its list, with the field that it stands in."""
    value = value_at(raw, ("images", name))
    if isinstance(value, list):
        yield from ((("images", name, number), one) for number, one in enumerate(value))
    else:
        yield ("images", name), value


def _out_of_bounds(raw: dict[str, Any], door: Door) -> Iterator[Problem]:
    for name, (least, most, example) in _BOUNDS.items():
        for field, one in _said(raw, name):
            is_number = isinstance(one, int) and not isinstance(one, bool)
            if is_number and not least <= one <= most:
                what = f"images.{name}: {one} is not between {least:,} and {most:,}"
                yield door.problem(field, what, f"write {example}")


def _wrong_formats(raw: dict[str, Any], door: Door) -> Iterator[Problem]:
    formats = value_at(raw, ("images", "formats"))
    if isinstance(formats, list) and (not formats or formats[-1] == "avif"):
        what = "images.formats: none of them is the one that every browser shows"
        if formats:
            what = f'images.formats[{len(formats)}]: not every browser shows "avif"'
        yield door.problem(("images", "formats"), what, 'let "jpeg" be the last of them')


def seconds_of(budget: str) -> int | None:
    """Return the seconds of a budget such as "60s" or "5m"; None if it is none."""
    found = _BUDGET.fullmatch(budget)
    return int(found[1]) * (60 if found[2] == "m" else 1) if found else None


_BUDGET = re.compile(r"(\d{1,5})([sm])", re.ASCII)
_RATIO = re.compile(r"[1-9]\d{0,3}:[1-9]\d{0,3}", re.ASCII)


def _no_time(written: str) -> str:
    return "it is not in whole seconds or minutes" if seconds_of(written) is None else ""


def _no_ratio(written: str) -> str:
    return "" if _RATIO.fullmatch(written) else "it has not two numbers"


_TEXTS: dict[str, tuple[Callable[[str], str], str, str]] = {
    "budget": (_no_time, "time for a build", 'one such as "60s" or "5m"'),
    "crops": (_no_ratio, "ratio of width to height", 'one such as "3:2"'),
    "keep": (bad_glob, "pattern of files", 'one such as "press/**"'),
}
"""What says why a text is none of its kind, the kind, and an example."""
_BOUNDS = {
    "widths": (16, 8_192, "one such as 800"),
    "quality": (1, 100, "one such as 80"),
    "avif_speed": (0, 10, "one from 0, which is slow and makes small files, to 10"),
    "max_bytes": (0, 1_000_000_000, "one such as 30000000"),
}
"""The least and the most that a number may be, and an example."""
