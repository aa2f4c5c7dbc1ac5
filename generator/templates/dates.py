"""Dates as readers and machines read them.

A day is that of the date's own zone; a time of day is told in the site's.
"""

from datetime import date, datetime, time, tzinfo
from email.utils import format_datetime as rfc822_date
from functools import lru_cache

import msgspec
from babel import Locale
from babel import dates as cldr

from generator.errors import InternalError
from generator.moments import local, no_moment
from generator.moments import moment as read

_LENGTHS = ("short", "medium", "long", "full")


class NoDateError(InternalError):
    """A filter of dates is given a text that is none: what is wrong, and what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.remedy = remedy


def given(moment: datetime | str, zone: tzinfo) -> datetime:
    """Return the moment that a filter is given; a text, as data has it, is one of the site's zone.

    Raises `NoDateError` for a text that is none.
    """
    if not isinstance(moment, str):
        return moment
    try:
        return read(moment, zone)
    except (ValueError, OverflowError) as error:
        raise NoDateError(*no_moment(moment)) from error


def format_date(moment: datetime, pattern: str, language: str) -> str:
    """Return a date in the language: "short" to "full", "month", "time", or a pattern of CLDR.

    "month" is month and year, in the order in which the language has them; "time" the time of
    day. Patterns are those of UTS 35.
    """
    if pattern in _LENGTHS:
        return _format_day(moment.date(), pattern, language)
    if pattern == "time":
        return _format_time(moment.hour, moment.minute, language)
    return _format(moment.replace(tzinfo=None), pattern, language)


def format_moment(
    moment: datetime, length: str, language: str, zone: tzinfo, after: datetime | None = None
) -> str:
    """Return a date of a length, "short" to "full", and its time of day in a zone.

    The time alone if it is of the same day as the moment that it comes `after`. A pattern says
    itself what it has of the time.
    """
    here = local(moment, zone)
    if length not in _LENGTHS:
        return format_date(here, length, language)
    clock = format_date(here, "time", language)
    if after and here.date() == local(after, zone).date():
        return clock
    day = format_date(here, length, language)
    return _together(length, language).replace("{1}", day).replace("{0}", clock)


def iso(moment: datetime) -> str:
    """Return a moment after RFC 3339, with the offset: 2026-03-31T08:00:00+02:00."""
    whole = moment.replace(microsecond=0) if moment.microsecond else moment
    written: str = msgspec.to_builtins(whole)  # in a quarter of the time of `isoformat`
    return f"{written[:-1]}+00:00" if written[-1] == "Z" else written


def rfc822(moment: datetime) -> str:
    """Return a moment after RFC 822, with a year of four digits, as RSS wants it."""
    return rfc822_date(moment)


@lru_cache(maxsize=4096)
def _format_day(day: date, length: str, language: str) -> str:
    return cldr.format_date(day, length, _locale(language))


@lru_cache(maxsize=24 * 60)
def _format_time(hour: int, minute: int, language: str) -> str:
    """Return a time of day: no language tells the seconds of a short one."""
    return cldr.format_time(time(hour, minute), "short", locale=_locale(language))


@lru_cache(maxsize=4096)
def _format(moment: datetime, pattern: str, language: str) -> str:
    locale = _locale(language)
    if pattern == "month":
        return cldr.format_skeleton("yMMMM", moment, locale=locale)
    return cldr.format_datetime(moment, pattern, locale=locale)


@lru_cache(maxsize=32)
def _together(length: str, language: str) -> str:
    """Return how a date of a length, {1}, and a time of day, {0}, are put together."""
    return str(_locale(language).datetime_formats[length]).replace("'", "")


@lru_cache(maxsize=8)
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")
