"""Front matter in TOML."""

import datetime
import re
import tomllib
from functools import lru_cache
from typing import Any

from generator.config import broken_toml
from generator.content.front_matter.handler import (
    MOST_VALUES,
    BrokenError,
    Fenced,
    Loss,
    UnfitError,
    check_size,
    is_kept,
    too_deep,
)
from generator.fields import Path
from generator.moments import is_moment
from generator.spelling import DEEPEST, Format, Scalar
from generator.toml_places import NUMBERED, TOKEN, line_of, parts, replaced, values


class Toml(Fenced):
    """TOML between lines `+++`, by Python's own parser."""

    FM_BOUNDARY = re.compile(r"^\+{3,}\s*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = fence = "+++"
    form: Format = "toml"
    most = MOST_VALUES

    def load(self, fm: str, **_: object) -> dict[str, Any]:
        self._matter = fm
        _refuse_long_names(fm)
        try:
            fields = _typed(fm)
            check_size(fields.items(), parts, self.most)
        except tomllib.TOMLDecodeError as error:
            raise _broken(error, fm) from error
        except RecursionError as error:
            raise too_deep(fm) from error
        except UnfitError as error:
            raise error.at(self.line_of((error.name,))) from error
        return fields

    def line_of(self, path: Path) -> int:
        return line_of(self._matter, path)

    def losses(self) -> tuple[Loss, ...]:
        return ()  # a comment begins where no text could go on


def _broken(error: tomllib.TOMLDecodeError, matter: str) -> BrokenError:
    told = broken_toml("", str(error), 0)
    remedy = "put the text in quotes" if "invalid value" in told.what else told.remedy
    opened = max(matter.rfind('"""'), matter.rfind("'''")) if "string" in told.what else -1
    place = opened if opened >= 0 else len(matter.rstrip())
    line = told.line or matter.count("\n", 0, place) + 1  # none is told at the very end
    if "expected newline" in told.what or "unclosed" in told.what:
        remedy = _in_quotes(matter, line) or remedy
    return BrokenError(line, told.what, remedy)


def _in_quotes(matter: str, line: int) -> str:
    """Return what to do about the first value of a line that TOML does not know, if any."""
    for place, is_text in values(matter):
        written = matter[place.start : place.end]
        is_there = matter.count("\n", 0, place.start) + 1 == line
        if is_there and not is_text and _scalar(written) is None:
            return f'put it in quotes: "{written}"'
    return ""


# ------------------------------------------- values that are no text, as they were typed

# tomllib hands over how a float is spelled, but of no other value: so each value is made one.


def _typed(matter: str) -> dict[str, Any]:
    """Return the fields; each value that is no text comes as a `Scalar`."""
    found: list[Scalar | str] = []

    def numbered(written: str) -> str:
        value = _scalar(written)
        if value is None:
            return written  # it is none, and so tomllib will say
        found.append(value)
        return f"{len(found) - 1}{NUMBERED}"

    def looked_up(number: str) -> Scalar | str:
        place = number.removesuffix(NUMBERED)
        is_one = place != number and int(place) < len(found)
        return found[int(place)] if is_one else number  # half of what is no number

    places = [place for place, is_text in values(matter) if not is_text]
    return tomllib.loads(replaced(matter, places, numbered), parse_float=looked_up)


@lru_cache(maxsize=1024)
def _scalar(written: str) -> Scalar | str | None:
    """Return the value of a scalar that is no text; what was typed where that is too large."""
    try:
        value = tomllib.loads(f"x = {written}")["x"]
    except tomllib.TOMLDecodeError:
        return written if is_moment(written) else None  # 2026-03-31T08:00 is one here
    except ValueError:
        return written
    is_known = isinstance(value, bool | int | float | datetime.date | datetime.time)
    if not is_known or not is_kept(value):
        return written if is_known else None
    return Scalar(value, written)


def _refuse_long_names(matter: str) -> None:
    """Raise `BrokenError` for a name `a.b.c…` of more parts than tables may nest.

    tomllib's work grows with the square of their number.
    """
    dots, end, first = 0, 0, ""
    for token in TOKEN.finditer(matter) if matter.count(".") >= DEEPEST else ():
        if token["sign"] or matter[end : token.start()].strip(" \t") or not first:
            dots, first = 0, token[0].strip("\n[{]}")
        dots, end = dots + (token["value"] or "").count("."), token.end()
        if dots >= DEEPEST:
            line = matter.count("\n", 0, end) + 1
            what = f"{first.partition('.')[0]}: it nests deeper than {DEEPEST} levels"
            raise BrokenError(line, what, "make it flatter")
