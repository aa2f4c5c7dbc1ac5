"""Numbers as readers read them."""

from functools import lru_cache

from babel import Locale


@lru_cache(maxsize=1024)
def format_number(number: int | float, language: str) -> str:
    """Return a number with the decimal sign of a language, and nothing between thousands: it may
    be a year.
    """
    from babel.numbers import format_decimal  # few sites have any

    locale = Locale.parse(language, sep="-")
    return format_decimal(number, locale=locale, group_separator=False, decimal_quantization=False)
