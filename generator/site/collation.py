"""The order of names: that of a dictionary in the site's language, numbers as numbers.

By the Unicode Collation Algorithm (https://www.unicode.org/reports/tr10/, pyuca), and where a
language has letters of its own, by those: in Swedish "å", "ä" and "ö" come behind "z".
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache

_DIGITS = re.compile(r"\d+")
_NEXT = 0xF0000
"""Private characters: to the algorithm they come behind all letters, by their numbers."""


def collated(names: Iterable[str], language: str) -> dict[str, str]:
    """Return a key for each name: in the order of the keys, the names are in theirs.

    `language` is a tag such as "de-AT". Keys of two calls cannot be compared.
    """
    names = set(names)
    tailor = _tailored(language)
    told = {name: _numbered(tailor(name)) for name in names}
    # The algorithm's tables take a tenth of a second to load: ASCII alone needs none of them.
    key = _plain_key if all(text.isascii() for text in told.values()) else _key
    return {name: key(text) for name, text in told.items()}


def _key(text: str) -> str:
    return "".join(f"{weight:04x}" for weight in _collator()(text))


@cache
def _collator() -> Callable[[str], tuple[int, ...]]:
    from pyuca import Collator

    sort_key: Callable[[str], tuple[int, ...]] = Collator().sort_key
    return sort_key


_ORDER = "\t\n\x0b\x0c\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789"
"""ASCII as the algorithm has it, before the letters."""
_PLACES = {ord(sign): chr(place) for place, sign in enumerate(_ORDER, 1)}


def _plain_key(text: str) -> str:
    """Return the order that the algorithm has for ASCII: by letters, small ones first of equals."""
    return f"{text.lower().translate(_PLACES)}\0{text.swapcase()}"


def _numbered(text: str) -> str:
    """Return the text, each number in it led by its number of digits: so 2 comes before 10."""

    def number(match: re.Match[str]) -> str:
        digits = str(int(match[0])) if len(match[0]) <= _LONGEST else match[0]
        return f"{'9' * (len(digits) // 9)}{len(digits) % 9}{digits}"

    return _DIGITS.sub(number, text)


_LONGEST = 100
"""Digits: what is longer is no number that anybody counts by."""


# ------------------------------------------------------------------------- languages


def _tailored(language: str) -> Callable[[str], str]:
    """Return a function that writes names so that the algorithm puts them in a language's order."""
    tag = language.lower().partition("-")[0]
    if tag == "zh" and not re.search("hant|tw|hk|mo", language.lower()):
        return _by_sound
    letters = _letters(tag)
    if not letters:
        return lambda name: name
    pattern = re.compile("|".join(sorted(map(re.escape, letters), key=len, reverse=True)))
    return lambda name: pattern.sub(
        lambda match: letters[match[0]], unicodedata.normalize("NFC", name)
    )


def _by_sound(name: str) -> str:
    """Return Chinese as it is spoken: simplified characters are ordered by pinyin, one by one."""
    from text_unidecode import unidecode

    return "".join(
        f"{unidecode(char).strip()} {char}" if "\u3400" <= char <= "\u9fff" else char
        for char in name
    )


_TAILORINGS = {
    # The letters that follow another one, as the collations of CLDR have them.
    "az": "c:ç e:ə g:ğ h:x,ı k:q o:ö s:ş u:ü",
    "bs": "c:č,ć d:dž,đ l:lj n:nj s:š z:ž",
    "cs": "c:č h:ch r:ř s:š z:ž",
    "cy": "c:ch d:dd f:ff g:ng l:ll p:ph r:rh t:th",
    "da": "z:æ=ä,ø=ö=ő,å=aa",
    "eo": "c:ĉ g:ĝ h:ĥ j:ĵ s:ŝ u:ŭ",
    "es": "n:ñ",
    "et": "s:š,z,ž w:õ,ä,ö,ü",
    "eu": "n:ñ",
    "fi": "z:å,ä=æ,ö=ø",
    "fil": "n:ñ,ng",
    "fo": "a:á d:ð i:í o:ó u:ú y:ý z:æ,ø,å",
    "gl": "n:ñ",
    "hr": "c:č,ć d:dž,đ l:lj n:nj s:š z:ž",
    "hu": "c:cs d:dz,dzs g:gy l:ly n:ny o:ö=ő s:sz t:ty u:ü=ű z:zs",
    "is": "a:á d:ð=đ e:é i:í o:ó u:ú y:ý z:þ,æ=ä,ö=ø,å",
    "kl": "z:æ=ä,ø=ö,å=aa",
    "lt": "c:č s:š z:ž",
    "lv": "c:č g:ģ k:ķ l:ļ n:ņ s:š z:ž",
    "nb": "z:æ=ä,ø=ö,å=aa",
    "nn": "z:æ=ä,ø=ö,å=aa",
    "no": "z:æ=ä,ø=ö,å=aa",
    "pl": "a:ą c:ć e:ę l:ł n:ń o:ó s:ś z:ź,ż",
    "ro": "a:ă,â i:î s:ș=ş t:ț=ţ",
    "sk": "a:ä c:č h:ch o:ô r:ř s:š z:ž",
    "sl": "c:č,ć d:đ s:š z:ž",
    "sq": "c:ç d:dh e:ë g:gj l:ll n:nj r:rr s:sh t:th x:xh z:zh",
    "sv": "z:å,ä=æ,ö=ø",
    "tr": "c:ç g:ğ h:ı o:ö s:ş u:ü",
    "vi": "a:ă,â d:đ e:ê o:ô,ơ u:ư",
}


@cache
def _letters(tag: str) -> dict[str, str]:
    """Return by each letter of a language's own, small and capital: the one before it,
    and its place.
    """
    letters: dict[str, str] = {}
    for group in _TAILORINGS.get(tag, "").split():
        anchor, _, rest = group.partition(":")
        for place, equals in enumerate(rest.split(",")):
            for letter in equals.split("="):
                mark = chr(_NEXT + place)
                capital = "I" if letter == "ı" else letter.upper()
                letters |= {
                    letter: anchor + mark,
                    letter.capitalize() if letter != "ı" else "I": anchor.upper() + mark,
                    capital: anchor.upper() + mark,
                }
    return letters
