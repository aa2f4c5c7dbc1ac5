"""Numbers and lengths of time as readers read them."""

from functools import lru_cache

from babel import Locale

from generator.durations import clock, iso_duration


@lru_cache(maxsize=1024)
def format_number(number: int | float, language: str) -> str:
    """Return a number with the decimal sign of a language, and nothing between thousands: it may
    be a year.
    """
    from babel.numbers import format_decimal  # few sites have any

    locale = Locale.parse(language, sep="-")
    return format_decimal(number, locale=locale, group_separator=False, decimal_quantization=False)


def format_duration(seconds: int, style: str, language: str) -> str:
    """Return a length of time in words of the language: "1 hr, 2 min".

    Or, for another style than "words", as a "clock" shows it, or after ISO 8601 ("iso").
    """
    styles = {"clock": clock, "iso": iso_duration}
    return styles[style](seconds) if style in styles else _in_words(seconds, language)


@lru_cache(maxsize=1024)
def _in_words(seconds: int, language: str) -> str:
    """Return a length of time: in seconds below a minute, else to the nearest minute."""
    from babel.lists import format_list  # few sites have any
    from babel.units import format_unit

    locale = Locale.parse(language, sep="-")
    if seconds < _MINUTE - _MINUTE // 120:
        return format_unit(seconds, "duration-second", "short", locale=locale)
    hours, minutes = divmod(round(seconds / _MINUTE), 60)
    parts = ((hours, "duration-hour"), (minutes, "duration-minute"))
    told = [format_unit(number, unit, "short", locale=locale) for number, unit in parts if number]
    return format_list(told, "unit-short", locale)


_MINUTE = 60
