"""Numbers and lengths of time as readers read them."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from babel import Locale

from generator.durations import clock, iso_duration

if TYPE_CHECKING:
    from babel.numbers import NumberPattern

MINUS = "\u2212"


class Quantity(NamedTuple):
    """A number as it was typed: `+12.50%` is 12.50, a percentage, and has a plus before it."""

    value: Decimal
    is_percent: bool = False
    has_plus: bool = False


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


def read_quantity(text: str) -> Quantity | None:
    """Return the number that a text is: digits, with a point before decimals; None if it is none.

    Digits that begin with a zero are a code, and so are more than fifteen.
    """
    found = _QUANTITY.fullmatch(text)
    if found is None:
        return None
    written = found[1].replace(MINUS, "-")
    value = Decimal(written)
    return Quantity(value if value else abs(value), bool(found[2]), written[0] == "+")


def format_quantity(quantity: Quantity, language: str) -> str:
    """Return a number with the signs of a language, as many decimals as it has, a true minus."""
    places = max(0, -int(quantity.value.as_tuple().exponent))
    return ("+" if quantity.has_plus else "") + _written(*quantity[:2], places, language)


def format_plain(value: Decimal, language: str) -> str:
    """Return a number with the signs of a language, as many decimals as it has, a true minus."""
    return format_quantity(Quantity(value), language)


def format_compact(value: Decimal, language: str) -> str:
    """Return a large number as a language shortens it, such as 2.5M or 2,5 Mio."""
    from babel.numbers import format_compact_decimal

    shown = format_compact_decimal(value, locale=_locale(language), fraction_digits=2)
    return shown.replace("-", _minus(language))


_QUANTITY = re.compile(
    rf"([+{MINUS}-]?(?:0|[1-9][0-9]{{0,14}})(?:\.[0-9]{{1,10}})?)([ \u00a0\u202f]?%)?"
)


@lru_cache(maxsize=4096)
def _written(value: Decimal, is_percent: bool, places: int, language: str) -> str:
    """Return a number with so many decimals: numbers are equal that have not as many."""
    pattern = _pattern(language, is_percent, places)
    shown: str = pattern.apply(value / 100 if is_percent else value, _locale(language))
    return shown.replace("-", _minus(language))


@lru_cache(maxsize=64)
def _minus(language: str) -> str:
    """Return a minus, with a mark before it where words run from right to left."""
    from babel.numbers import get_minus_sign_symbol

    return get_minus_sign_symbol(_locale(language)).replace("-", MINUS)


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


@lru_cache(maxsize=256)
def _pattern(language: str, is_percent: bool, places: int) -> "NumberPattern":
    """Return the pattern of a language for numbers with so many decimals."""
    from babel.numbers import parse_pattern

    locale = _locale(language)
    known = locale.percent_formats if is_percent else locale.decimal_formats
    pattern = parse_pattern(known[None].pattern)
    pattern.frac_prec = (places, places)
    return pattern
