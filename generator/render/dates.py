"""Dates as readers and machines read them. Every date is shown in its own zone."""

from datetime import date, datetime
from email.utils import format_datetime as rfc822_date
from functools import lru_cache

from babel import Locale
from babel import dates as cldr

_LENGTHS = ("short", "medium", "long", "full")


def format_date(moment: datetime, pattern: str, language: str) -> str:
    """A date in the language: "short" to "full", "month", or a pattern of Unicode's CLDR (UTS 35).

    "month" is month and year, in the order in which the language has them.
    """
    if pattern in _LENGTHS:
        return _format_day(moment.date(), pattern, language)
    return _format(moment.replace(tzinfo=None), pattern, language)


def iso(moment: datetime) -> str:
    """RFC 3339, with the offset: 2026-03-31T08:00:00+02:00."""
    return moment.isoformat(timespec="seconds")


def rfc822(moment: datetime) -> str:
    """RFC 822 with a year of four digits, as RSS wants it."""
    return rfc822_date(moment)


@lru_cache(maxsize=4096)
def _format_day(day: date, length: str, language: str) -> str:
    return cldr.format_date(day, length, _locale(language))


@lru_cache(maxsize=4096)
def _format(moment: datetime, pattern: str, language: str) -> str:
    locale = _locale(language)
    if pattern == "month":
        return cldr.format_skeleton("yMMMM", moment, locale=locale)
    return cldr.format_datetime(moment, pattern, locale=locale)


@lru_cache(maxsize=8)
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")
