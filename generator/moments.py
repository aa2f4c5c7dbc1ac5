"""Moments as people write them: one grammar for front matter, the command line and data.

    moment = date [ ("T" | blanks) time [ [blanks] zone ] ]
    date   = YYYY-M-D
    time   = H:MM [ :SS [ .fraction ] ]
    zone   = "Z" | ±H | ±H:MM | ±HHMM

Months, days and hours have one digit or two. Whatever else people write is refused, never read
as some other moment; where it can mean only one, it is told how to write that.

    duration = number ( "m" | "h" | "d" | "w" )

Minutes, hours, days of 24 hours and weeks are durations: `90m`, `36h`, `7d`, `2w`.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from generator.errors import visible

_GRAMMAR = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    r"(?:(?:T|[ \t]+)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]+))?)?"
    r"(?:[ \t]*(?P<zone>Z|[+-][0-9]{1,2}(?::[0-9]{2})?|[+-][0-9]{4}))?)?"
)

_LONG = 60
"""Characters: nobody writes a longer date."""


def moment(value: object, zone: tzinfo) -> datetime:
    """Return a date, a date-time or a text as an aware datetime; one without a zone is in `zone`.

    Raises ValueError or OverflowError when it is none.
    """
    if isinstance(value, str):
        value = read_moment(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if not isinstance(value, datetime):
        raise ValueError(value)
    if value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    value.utctimetuple()  # a zone can push the first or last day of the calendar over its edge
    return value


def read_moment(text: str) -> datetime:
    """Read a moment as the grammar has it; without a zone it is naive.

    Raises ValueError when the grammar does not name it, or no calendar has it.
    """
    found = _GRAMMAR.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    return datetime(
        year=int(found["year"]),
        month=int(found["month"]),
        day=int(found["day"]),
        hour=int(found["hour"] or 0),
        minute=int(found["minute"] or 0),
        second=int(found["second"] or 0),
        microsecond=int((found["fraction"] or "")[:6].ljust(6, "0")),
        tzinfo=_zone(found["zone"]) if found["zone"] else None,
    )


def duration(text: str) -> timedelta:
    """Return a duration as the grammar has it. Raises ValueError for what is none, or too long."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return timedelta(**{_UNITS[found["unit"]]: int(found["number"])})


def no_duration(text: str) -> tuple[str, str]:
    """Say of a text that it is no duration, and how to write the one that it can only mean."""
    shown = text if len(text) <= _LONG else f"{text[:_LONG]}…"
    found = _LOOSE_DURATION.fullmatch(text.strip().casefold())
    meant = f"{found['number']}{found['unit']}" if found else "90m, 36h, 7d or 2w"
    return f'"{visible(shown)}" is not a duration', f"write {meant}"


_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_NUMBER = "(?P<number>[1-9][0-9]{0,4})"
_DURATION = re.compile(f"{_NUMBER}(?P<unit>[mhdw])")
_LOOSE_DURATION = re.compile(f"{_NUMBER} ?(?P<unit>[mhdw])(?:in(?:ute)?s?|ours?|rs?|ays?|eeks?|s)?")


def local(moment: datetime, zone: tzinfo) -> datetime:
    """Return the moment by the clock of a zone; by its own where the calendar ends."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def has_time(value: object) -> bool:
    """Return whether a moment, as `moment` takes it, is written with a time of day."""
    if isinstance(value, str):
        found = _GRAMMAR.fullmatch(value.strip())
        return found is not None and found["hour"] is not None
    return isinstance(value, datetime)


def is_moment(text: str) -> bool:
    """Return whether a text is a moment as the grammar has it."""
    try:
        return bool(read_moment(text))
    except ValueError:
        return False


def no_moment(text: str) -> tuple[str, str]:
    """Say of a text that it is no moment, and how to write the one that it can only mean."""
    meant = understood(text)
    if is_moment(text):
        what = f'"{visible(text.strip())}" is at the edge of the calendar'
        return what, "write a year between 2 and 9998"
    shown = text if len(text) <= _LONG else f"{text[:_LONG]}…"
    return f'"{visible(shown)}" is not a date', f"write {meant or '2026-03-31 or 2026-03-31T08:00'}"


def understood(text: str) -> str:
    """Return the one moment that a text can mean, as the grammar has it; "" if there is none."""
    return _meant(" ".join(text.casefold().split())) if len(text) <= _LONG else ""


def _zone(written: str) -> tzinfo:
    if written == "Z":
        return UTC
    digits = written[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    if int(minutes) > 59:
        raise ValueError(written)
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if written[0] == "-" else offset)


# ------------------------------------------------------- what else people write for a moment

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_WEEKDAY = r"(?:(?P<weekday>[a-z]{3,9})\.?,? )?"
_MONTHS_ELSEWHERE = (
    "januar janvier enero gennaio januari janeiro stycznia tammikuu",
    "februar février fevrier febrero febbraio februari fevereiro lutego helmikuu",
    "märz maerz mars marzo maart março marca maaliskuu",
    "april avril abril aprile kwietnia huhtikuu",
    "mai mayo maggio mei maj maio maja toukokuu",
    "juni juin junio giugno junho czerwca kesäkuu",
    "juli juillet julio luglio julho lipca heinäkuu",
    "august août aout agosto augustus augusti sierpnia elokuu",
    "september septembre septiembre settembre setembro września syyskuu",
    "oktober octobre octubre ottobre outubro października lokakuu",
    "november novembre noviembre novembro listopada marraskuu",
    "dezember décembre decembre diciembre dicembre december dezembro grudnia joulukuu",
)
_MONTH = r"(?P<name>[^\W\d_]{3,12})\.?"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[0-9]{4})"
_DATES = (
    rf"{_WEEKDAY}{_YEAR}(?P<sign>[-/.])(?P<month>[0-9]{{1,2}})(?P=sign){_DAY}",
    rf"{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})",
    rf"{_YEAR} {_MONTH} {_DAY}",
    rf"{_WEEKDAY}{_MONTH} {_DAY},? {_YEAR}",
    rf"{_WEEKDAY}{_DAY}\.?[ -](?:of |de )?{_MONTH},?[ -](?:de )?{_YEAR}",
    rf"{_WEEKDAY}(?P<one>[0-9]{{1,2}})(?P<sign>[-/.])(?P<other>[0-9]{{1,2}})(?P=sign){_YEAR}",
)
_TIME = (
    r"(?:(?:,? (?:at )?|t)(?P<hour>[0-9]{1,2})(?:[:.,h](?P<minute>[0-9]{2})"
    r"(?:[:.](?P<second>[0-9]{2}))?)?(?: ?(?P<half>[ap])\.?m\.?)?"
    r"(?: ?(?P<zone>z|utc|gmt|[+-][0-9]{2}:?[0-9]{2}))?)?"
)

_COMPACT = re.compile(r"^([0-9]{8})t([0-9]{2})([0-9]{2})([0-9]{2})(?=z|[+-]|$)")


def _meant(text: str) -> str:
    """Do as `understood` does, with a text in small letters with single blanks."""
    text = _COMPACT.sub(r"\1t\2:\3:\4", text)
    for written in _DATES:  # compiled only now: hardly any build needs them
        if found := re.fullmatch(written + _TIME, text):
            parts = found.groupdict()
            day, time = _day(parts), _time(parts)
            meant = f"{day} {time}".strip() if time is not None else ""
            return meant if day and is_moment(meant) else ""
    return ""


def _day(parts: dict[str, str | None]) -> str:
    """Return the day, or "" where it is in doubt which is meant."""
    month, day = _numbers(parts)
    try:
        meant = date(int(parts["year"] or 0), month, day)
    except ValueError:
        return ""
    weekday = parts.get("weekday")
    return "" if weekday and not _WEEKDAYS[meant.weekday()].startswith(weekday) else str(meant)


def _numbers(parts: dict[str, str | None]) -> tuple[int, int]:
    """Return the month and the day; of two numbers the day is the one that can be no month."""
    if name := parts.get("name"):
        return _month(name), int(parts["day"] or 0)
    if parts.get("month"):
        return int(parts["month"] or 0), int(parts["day"] or 0)
    one, other = int(parts["one"] or 0), int(parts["other"] or 0)
    if one > 12 or one == other:
        return other, one
    return (one, other) if other > 12 else (0, 0)


def _month(name: str) -> int:
    """Return the number of a month named in English, else in another language; 0 if none is."""
    all_names = (*((month,) for month in _MONTHS), *(row.split() for row in _MONTHS_ELSEWHERE))
    for number, names in enumerate(all_names):
        if any(month.startswith(name) for month in names):
            return number % 12 + 1
    return 0


def _time(parts: dict[str, str | None]) -> str | None:
    """Return the time and the zone, "" where there is none; None where it cannot be one."""
    if parts["hour"] is None:
        return ""
    hour, half = int(parts["hour"]), parts["half"]
    if (half and not 1 <= hour <= 12) or not (half or parts["minute"]):
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    second = f":{parts['second']}" if parts["second"] else ""
    zone = parts["zone"] or ""
    if zone[:1] in ("+", "-"):
        zone = f"{zone[:3]}:{zone[-2:]}"
    elif zone:
        zone = "Z"
    return f"{hour:02}:{parts['minute'] or '00'}{second}{zone}"
