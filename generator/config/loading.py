"""`site.toml` becomes settings; every mistake in it is reported at once."""

import os
import pathlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from generator.codes import Code
from generator.config.checks import mistakes
from generator.config.settings import SITE_TOML, Content, Settings
from generator.config.syntax import broken_settings
from generator.errors import Problem, attempt, fault, is_error
from generator.fields import Path, fields_of, named
from generator.mismatch import near
from generator.regular import read_whole
from generator.schema import Door, decode
from generator.spelling import DEEPEST, deepest_line
from generator.toml_places import first_header, line_of

LENIENT = Settings(title="?", url="https://example.org/", content=Content(publish=("**",)))
"""What serves where the site's own have mistakes, to find those of the content as well.

With these no file is said not to be published that the site's own would let through. What a site
declares is not known.
"""


def load_settings(root: pathlib.Path) -> tuple[Settings | None, list[Problem]]:
    """Return the settings of the site in `root`, or None, and every mistake in them."""
    if not os.path.lexists(root / SITE_TOML):
        remedy = "run the command in a site's folder, name one with --root, or make one: init"
        return None, [Problem(SITE_TOML, 0, "there is no such file", remedy)]
    loaded = attempt(partial(_loaded, root / SITE_TOML), partial(fault, SITE_TOML))
    return (None, [loaded]) if isinstance(loaded, Problem) else loaded


def _loaded(file: pathlib.Path) -> tuple[Settings | None, list[Problem]]:
    try:
        text = read_whole(file).decode("utf-8-sig")
        raw = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        what, remedy = "the bytes are no UTF-8", "save the file as UTF-8"
        return None, [Problem(SITE_TOML, line, what, remedy, code=Code.NOT_UTF8)]
    except tomllib.TOMLDecodeError as error:
        return None, [broken_settings(SITE_TOML, text, str(error))]
    except RecursionError:
        what = "its tables or lists stand too deep in each other"
        line = deepest_line(text)
        return None, [Problem(SITE_TOML, line, what, "make them flatter", code=Code.BROKEN_SYNTAX)]
    except ValueError:
        number = _DIGITS.search(text)  # what is TOML, and more than Python takes
        line = text.count("\n", 0, number.start()) + 1 if number else 0
        what = "a number in it is too long"
        return None, [Problem(SITE_TOML, line, what, "shorten it", code=Code.WRONG_VALUE)]
    line_at = partial(line_of, text)
    door = _SettingsDoor(SITE_TOML, line_at, ZoneInfo("UTC"), first_header=first_header(text))
    if wrong := [*_out_of_bounds(raw, door)] or [*_swallowed(raw, door)]:
        return None, wrong
    settings, problems = decode(Settings, raw, door)
    problems += mistakes(raw, door)
    return (None if any(map(is_error, problems)) else settings), problems


class _SettingsDoor(Door, frozen=True):
    """The door for settings. `first_header` is the line of the first table."""

    first_header: int = 0

    def unknown(self, kind: type[msgspec.Struct], raw: Mapping[str, Any], path: Path) -> Problem:
        """Return what is to be said of an unknown setting: it may be one of the whole site."""
        problem = super().unknown(kind, raw, path)
        name = str(path[-1])
        if len(path) == 1 or name not in fields_of(Settings) or near(name, fields_of(kind)):
            return problem
        above = f"above the first line in brackets (line {self.first_header})"
        return msgspec.structs.replace(problem, remedy=f"`{path[-1]}` belongs {above}")


def _swallowed(raw: dict[str, Any], door: Door) -> Iterator[Problem]:
    """Yield what no site is without and stands in a table that takes any name.

    What else is below the header of that table is astray too, and would be told as something else.
    """
    for table in ("extra", "labels", "layouts", "permalinks"):
        inside = raw.get(table)
        for name in ("title", "url"):
            if name not in raw and isinstance(inside, dict) and name in inside:
                what = (
                    f"`{name}` is a part of [{table}] here, as all is that stands below that line"
                )
                remedy = f"move [{table}] below the settings of the whole site"
                yield door.problem((table, name), what, remedy, code=Code.MISSING_FIELD)


_DIGITS = re.compile(r"[0-9_]{4000}")


def _out_of_bounds(raw: dict[str, Any], door: Door) -> Iterator[Problem]:
    """Yield what is wrong with whole numbers that nobody could count to, and with deep tables."""
    ahead: list[tuple[Path, Any]] = [((), raw)]
    while ahead:
        path, value = ahead.pop()
        if len(path) > DEEPEST:
            what = f"{path[0]}: it nests deeper than {DEEPEST} levels"
            yield door.problem(path[:1], what, "make it flatter")
        elif isinstance(value, dict):
            ahead += (((*path, name), part) for name, part in value.items())
        elif isinstance(value, list):
            ahead += (((*path, number), part) for number, part in enumerate(value))
        elif isinstance(value, int) and value.bit_length() > _MOST_BITS:
            yield door.problem(path, f"{named(path)}: the number is too large", "shorten it")


_MOST_BITS = 1_000
