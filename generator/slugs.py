"""Slugs: text as part of an address, by the rule that a site has chosen."""

import posixpath
import re
import unicodedata
from functools import cache, lru_cache
from typing import Literal
from urllib.parse import unquote

import msgspec
from slugify import slugify as transliterate

Rule = Literal["ascii", "language", "unicode"]
"""`ascii`: the nearest Latin letters, whatever the language; `language`: Latin letters as the
site's language spells them ("ä" is "ae" in German); `unicode`: the letters as they are.
"""

_ABBREVIATION = re.compile(r"\b(?:\w\.){2,}(?:\w\b)?")
_PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_APOSTROPHE = re.compile("['\u2018\u2019\u02bc]")
_SIGNS = (("+", "-plus-"), ("#", "-sharp-"))
_LEADING_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}[-_ ](?=.)")


class Slugs(msgspec.Struct, frozen=True):
    """The slugs of a site. Without a rule they are `ascii`, as they were before there were any."""

    rule: Rule | None = None
    language: str = "en"

    def of(self, text: str) -> str:
        """Return a text's slug; "" if the text holds no letter or digit."""
        return _slug(text, self.rule or "ascii", self.language)

    def of_file(self, path: str) -> str:
        """Return the slug that a file's name gives, without its ending and a leading date.

        That of a file named `index` is its folder's.
        """
        return self.of(self._name_of_file(path))

    def of_page(self, path: str) -> str:
        """Return the slug that the name of a page's file gives; with a rule, "_" is kept in it."""
        return self.of_folder(self._name_of_file(path))

    def of_folder(self, name: str) -> str:
        """Return the slug of a folder of pages, likewise."""
        return "_".join(map(self.of, name.split("_"))).strip("_") if self.rule else self.of(name)

    def _name_of_file(self, path: str) -> str:
        folder, name = posixpath.split(posixpath.splitext(path)[0])
        name = _LEADING_DATE.sub("", posixpath.basename(folder) if name == "index" else name)
        return decoded(name) if self.rule else name


@lru_cache(maxsize=65_536)
def slugify(text: str) -> str:
    """Return a text in small Latin letters, digits and hyphens; "" if it has none of them.

    "A.I." and "AI" are both "ai"; "C++" is "c-plus-plus".
    """
    if _PLAIN.fullmatch(text):  # most are slugs already
        return text
    return transliterate(_prepared(text), replacements=_SIGNS)


def decoded(slug: str) -> str:
    """Return a slug with the letters that percent signs in it stand for, as WordPress has them.

    It is in the one Unicode form (NFC) for all ways to write it.
    """
    try:
        plain = unquote(slug, errors="strict")
    except UnicodeDecodeError:
        return slug
    return plain if plain.isascii() else unicodedata.normalize("NFC", plain)


@lru_cache(maxsize=65_536)
def _slug(text: str, rule: Rule, language: str) -> str:
    if rule == "language":
        text = _spelled(text, language.partition("-")[0].lower())
    slug = slugify(text) if rule != "unicode" else ""
    return slug or transliterate(
        _prepared(text), replacements=_SIGNS, allow_unicode=True, algorithm="modern"
    )


def _prepared(text: str) -> str:
    return _APOSTROPHE.sub("", _ABBREVIATION.sub(lambda m: m[0].replace(".", ""), text))


# ------------------------------------------------------------------------- languages


def _spelled(text: str, language: str) -> str:
    """Return the text in small letters, with those replaced that the language spells otherwise."""
    letters = _letters(language)
    if not letters:
        return text
    small = unicodedata.normalize("NFC", text.lower())
    return _pattern(language).sub(lambda match: letters[match.lastgroup or "", match[0]], small)


_GERMAN = "ä ae ö oe ü ue ß ss"
_NORSE = "æ ae ä ae ø oe ö oe å aa"
_SOUTH_SLAVIC = "đ dj"
_SPELLINGS = {
    # How a language writes in plain Latin letters what others write otherwise. A letter behind
    # "^" is one that begins a word.
    "az": "ə e",
    # The Streamlined System, a law of 2009.
    "bg": "ъ a ь y х h щ sht й y ю yu я ya ц ts ж zh",
    "bs": _SOUTH_SLAVIC,
    "ca": "l·l ll",
    "da": _NORSE,
    "de": _GERMAN,
    # ELOT 743, without what depends on the sounds around.
    "el": (
        "ου ou ού ou αυ av αύ av ευ ev εύ ev γγ ng γξ nx γχ nch β v η i ή i θ th ξ x υ y ύ y ϋ y"
        " ΰ y φ f χ ch ψ ps ω o ώ o"
    ),
    "hr": _SOUTH_SLAVIC,
    "is": "þ th ð d æ ae",
    "lb": _GERMAN,
    "mk": "ѓ gj ѕ dz ј j љ lj њ nj ќ kj џ dj х h ц c ж z ч c ш s",
    "nb": _NORSE,
    "nds": _GERMAN,
    "nn": _NORSE,
    "no": _NORSE,
    "sr": f"{_SOUTH_SLAVIC} ђ dj ј j љ lj њ nj ћ c џ dz х h ц c ж z ч c ш s",
    # Resolution 55 of the Cabinet of Ministers, 2010.
    "uk": (
        "^є ye ^ї yi ^й y ^ю yu ^я ya зг zgh г h ґ g є ie и y і i ї i й i ю iu я ia х kh щ shch ь '"
    ),
}


@cache
def _letters(language: str) -> dict[tuple[str, str], str]:
    """Return what is replaced, by whether it only begins a word, and by what."""
    words = _SPELLINGS.get(language, "").split()
    pairs = zip(words[::2], words[1::2], strict=True)
    return {("first" if old[0] == "^" else "any", old.lstrip("^")): new for old, new in pairs}


@cache
def _pattern(language: str) -> re.Pattern[str]:
    """Find what is replaced: what begins a word first, then the longest."""

    def one_of(group: str) -> str:
        found = (old for kind, old in _letters(language) if kind == group)
        return "|".join(map(re.escape, sorted(found, key=len, reverse=True))) or r"(?!)"

    return re.compile(rf"\b(?P<first>{one_of('first')})|(?P<any>{one_of('any')})")
