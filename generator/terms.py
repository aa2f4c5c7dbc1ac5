"""The terms of a story: what it is about in a form that can be compared, and a sketch of its text.

A term is a word, a name, a tag or a word of the headline, known by a number.
"""

import re
import struct
import unicodedata
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple, get_args

import msgspec
import numpy as np
import Stemmer
import stop_words
from babel import Locale, UnknownLocaleError
from numpy.typing import NDArray

CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Characters of Chinese and Japanese, for a regular expression."""
THAI_AND_KIN = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
"""Characters of Thai, Lao, Burmese and Khmer, likewise."""

Kind = Literal["word", "stop", "name", "tag", "headline"]
"""A word of the text, one of the language's stop words, a name in it, a tag, a headline's word."""
KINDS: tuple[Kind, ...] = get_args(Kind)

_LEAD = 40
"""So many words at the beginning count twice: news says first what it is about."""
_MOST = 256
"""So many different words of a story are kept: those used most, of equals the first.

Likewise its names, and a quarter as many stop words.
"""
_SHINGLE = 5
_VOCABULARY = 1 << 18
"""Tokens known at a time, which bounds the memory used."""
SKETCH = 128
"""The numbers in a whole sketch."""

_Numbers = NDArray[np.uint32]
_Counts = NDArray[np.uint64]


class Terms(msgspec.Struct, frozen=True):
    """What is compared of a story: little-endian numbers, end to end.

    `ids` are its terms, ascending, 32 bits each; `counts` say how often each stands there,
    8 bits. `sketch`: the least hashes of its shingles, ascending, 32 bits each; at most
    `SKETCH` of them.
    """

    ids: bytes
    counts: bytes
    sketch: bytes


def terms_of(headline: str, text: str, language: str) -> Terms:
    """Return the terms of a story. `text` is plain; `language` a tag such as "de-AT".

    Words are stemmed where there is a Snowball stemmer for the language. Chinese, Japanese
    and Korean count by pairs of characters, Thai and the like by triples.
    """
    speech, typed = _speech(language), _in_ascii(text)
    title, _ = speech.known(_tokens(headline, _in_ascii(headline)))
    body, hashes = speech.known(_tokens(text, typed))
    names = _names(text, speech.stops, is_plain=typed is not None)
    others = _headline_words(title) | _most_named(names)
    words, times = _most_used(np.concatenate((body, body[:_LEAD], title)))
    ids = np.concatenate((words, np.array([*others], np.uint64)))
    counts = np.concatenate((times, np.array([*others.values()], np.uint64)))
    counted = ids << _BYTE | np.minimum(counts, 255)
    counted.sort()  # together: an index would take longer
    return Terms(
        ids=(counted >> _BYTE).astype("<u4").tobytes(),
        counts=counted.astype("u1").tobytes(),
        sketch=_sketch(hashes).tobytes(),
    )


def spellings(headline: str, text: str, language: str) -> dict[int, str]:
    """Return the terms of a story by their numbers, as they first stand there: no stems."""
    speech = _speech(language)
    found: dict[int, str] = {}
    for word in _words(headline) + _words(text):
        number = speech.number(word)
        found.setdefault(number, word)
        found.setdefault(number & ~7 | _HEADLINE, word)
    for name in _names(text, speech.stops, is_plain=_in_ascii(text) is not None):
        found.setdefault(number_of("name", name.casefold()), name)
    return found


def number_of(kind: Kind, spelling: str) -> int:
    """Return the number of a term: 29 bits of a CRC-32 of its spelling, then three for the kind.

    In an archive of 30,000 different terms about one pair shares a number by chance, which
    adds a trifle to the score of stories that have one and the other.
    """
    return _numbered(spelling, KINDS.index(kind))


def _numbered(spelling: str, kind: int) -> int:
    return zlib.crc32(spelling.encode()) & ~7 | kind


_NOTHING = 0
"""The number of what says nothing; hardly ever that of a word."""
_WORD, _STOP, _NAME, _HEADLINE = map(KINDS.index, ("word", "stop", "name", "headline"))
_BYTE, _HALF = np.uint64(8), np.uint64(32)


def _most_used(said: _Numbers) -> tuple[_Counts, _Counts]:
    """Return the numbers of the words to keep, and how often each stands among all."""
    told = said[said != _NOTHING]
    # Each with its place behind it: the least of equals is the first, and numbers sort quickly.
    placed = told.astype(np.uint64) << _HALF | np.arange(len(told), dtype=np.uint64)
    placed.sort()
    starts = _starts(placed >> _HALF)
    numbers, first = placed[starts] >> _HALF, placed[starts].astype("<u4")
    counts = np.append(starts[1:], len(told)) - starts
    if len(numbers) > _MOST:
        ranked = np.argsort(first - counts * len(said))
        telling = numbers[ranked] & 7 == _WORD
        kept = np.append(ranked[telling][:_MOST], ranked[~telling][: _MOST // 4])
        numbers, counts = numbers[kept], counts[kept]
    return numbers, counts.astype(np.uint64)


def _starts(ascending: NDArray[Any]) -> NDArray[np.int64]:
    """Return the places of different numbers, each where it stands first."""
    is_new = np.empty(len(ascending), bool)
    is_new[:1] = True
    np.not_equal(ascending[1:], ascending[:-1], out=is_new[1:])
    return is_new.nonzero()[0]


def _headline_words(title: _Numbers) -> dict[int, int]:
    said = (number for number in title.tolist() if number != _NOTHING)
    return {number & ~7 | _HEADLINE: 1 for number in said if number & 7 == _WORD}


def _most_named(names: Iterable[str]) -> dict[int, int]:
    """Return how often each name stands there, in whatever letters, by its number."""
    named = Counter(map(str.casefold, names)).most_common(_MOST)
    return {_numbered(name, _NAME): count for name, count in named}


# ------------------------------------------------------------------------- languages


class _Speech(NamedTuple):
    """What is known of a language: its stop words, and the number of a word's stem."""

    stops: frozenset[str]
    number: Callable[[str], int]
    vocabulary: "_Vocabulary"

    def known(self, tokens: list[bytes]) -> tuple[_Numbers, _Numbers]:
        """Return the numbers of the words' stems, in turn, and the hashes of their spellings."""
        entries = b"".join(map(self.vocabulary.__getitem__, tokens))
        numbers, hashes = np.frombuffer(entries, "<u4").reshape(-1, 2).T
        return numbers, hashes


_ENTRY = struct.Struct("<II")


class _Vocabulary(dict[bytes, bytes]):
    """The entries of a token's words, end to end; all are forgotten when they are too many.

    A token looks the same in most stories, so each is taken apart, stemmed and hashed once.
    """

    def __init__(self, number: Callable[[str], int]) -> None:
        super().__init__()
        self._number = number

    def __missing__(self, token: bytes) -> bytes:
        if len(self) >= _VOCABULARY:
            self.clear()
        word = token.strip(b".-")
        if word.isalnum():
            entries = self._entry(word.decode())
        else:
            entries = b"".join(map(self._entry, _parted(token)))
        self[token] = entries
        return entries

    def _entry(self, word: str) -> bytes:
        return _ENTRY.pack(self._number(word), zlib.crc32(word.encode()))


@lru_cache
def _speech(language: str) -> _Speech:
    """Return what is known of a language by its tag.

    What the libraries do not know is taken as it is.
    """
    code = language.lower().split("-")[0]
    listed = {"no": "nb", "nn": "nb"}.get(code, code)
    is_listed = listed in stop_words.LANGUAGE_MAPPING
    stops = frozenset(stop_words.get_stop_words(listed) if is_listed else ()) | _dates(code)
    name = str(Locale("en").languages.get(code, "")).split(" ")[0].lower()
    stem: Callable[[str], str] = str
    if name in Stemmer.algorithms():
        stem = Stemmer.Stemmer(name, 0).stemWord

    def number(word: str) -> int:
        """Return the number of a word's stem; numbers, and single letters, say nothing."""
        if word[0].isdigit() or (len(word) == 1 and not _patterns().unspaced.match(word)):
            return _NOTHING
        return _numbered(stem(word), _STOP if word in stops else _WORD)

    return _Speech(stops, number, _Vocabulary(number))


def _dates(code: str) -> frozenset[str]:
    """Return the names of months and days: a story's date says when, and says it better."""
    try:
        locale = Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return frozenset()
    names = (*locale.months["format"]["wide"].values(), *locale.days["format"]["wide"].values())
    return frozenset(word for name in names for word in _words(name))


# ------------------------------------------------------------------ words, names, shingles


def _characters(belongs: Callable[[str], bool]) -> str:
    """Return those of the first plane, for a regular expression, which knows no such classes."""
    return "".join(filter(belongs, map(chr, range(0x300, 0xD800))))


class _Patterns(NamedTuple):
    """What words, runs of characters without spaces, and names look like."""

    unspaced: re.Pattern[str]
    by_three: re.Pattern[str]
    word: re.Pattern[str]
    run: re.Pattern[str]
    name: re.Pattern[str]
    plain_name: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    """Return the expressions, made when first needed.

    To go through all characters takes longer than many a build.
    """
    # Vowel signs and accents that follow their letter; to Python they are no part of a word.
    marks = _characters(lambda character: unicodedata.category(character) in ("Mn", "Mc"))
    capital = f"[A-ZÀ-ÖØ-Þ{_characters(str.isupper)}]"
    letters = rf"[^\W_](?:[^\W_]|[{marks}])*"
    together, three = f"{CJK}{_HANGUL}", THAI_AND_KIN
    return _Patterns(
        unspaced=re.compile(f"[{together}{three}]"),
        by_three=re.compile(f"[{three}]"),
        word=re.compile(rf"{letters}(?:[.-]{letters})*"),
        run=re.compile(rf"[{together}]+|[{three}]+|(?:(?![{together}{three}])[^\W_][{marks}]*)+"),
        name=_name(capital),
        plain_name=_name("[A-Z]"),
    )


def _name(capital: str) -> re.Pattern[str]:
    # What follows a word can only stand at its end: no letter is given back (*+, ++).
    rest = rf"(?:\.|[^\W_]*+(?:(?:[.-]|[’'](?={capital}))[^\W_]++){{0,4}})"
    particles = r"(?:(?:al|bin|da|de|del|den|der|di|du|la|of|van|von) ){0,2}"
    # The capital comes first, and then a look at what precedes it: so the search may go from
    # capital to capital.
    return re.compile(rf"{capital}(?<!\w.){rest}(?: {particles}{capital}{rest})+")


_HANGUL = r"\uac00-\ud7a3"
_PLAIN_WORD = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_MARKS = frozenset("\u00a0‘’‚“”„«»‹›–—…\u2009\u202f")
"""What typesetters put between words."""
_MARK = re.compile(f"[{''.join(_MARKS)}]")
_ASCII = bytes(range(128))
_SPACED = bytes(
    byte if byte not in _ASCII or chr(byte).isalnum() or chr(byte) in ".-" else ord(" ")
    for byte in range(256)
).lower()
"""For each byte of UTF-8: small letters for ASCII's capitals, a space for what parts words."""


def _words(text: str) -> list[str]:
    """Return the words, in lower case.

    Where no spaces part them, they are runs of two or three characters.
    """
    tokens = _tokens(text, _in_ascii(text))
    return [word for token in tokens for word in _parted(token)]


def _tokens(text: str, typed: bytes | None) -> list[bytes]:
    """Return the words in UTF-8, each still with the dots, hyphens and signs that touch it.

    Bytes are parted far sooner than a regular expression finds words, and what a token holds
    is known from the stories before. `typed` is the text `_in_ascii`.
    """
    if typed is not None:
        return typed.translate(_SPACED).split()
    lower = unicodedata.normalize("NFC", _MARK.sub(" ", text.casefold()))
    patterns = _patterns()
    if patterns.unspaced.search(lower):
        lower = " ".join(gram for run in patterns.run.findall(lower) for gram in _grams(run))
    return lower.encode(errors="replace").translate(_SPACED).split()


def _in_ascii(text: str) -> bytes | None:
    """Return a text of ASCII and of typesetters' marks with a question mark for each of these.

    None for all else.
    """
    if text.isascii():
        return text.encode()
    # Half a surrogate pair is "replaced", by a question mark: it parts words as that does.
    beyond = text.encode(errors="replace").translate(None, _ASCII).decode()
    return text.encode("ascii", "replace") if _MARKS.issuperset(beyond) else None


def _parted(token: bytes) -> list[str]:
    """Return the words of a token: mostly one; of "end...then" two, of a dash none."""
    text = token.decode()
    if text.isascii():
        return _PLAIN_WORD.findall(text)
    patterns = _patterns()
    return [text] if patterns.unspaced.match(text) else patterns.word.findall(text)


def _grams(run: str) -> list[str]:
    patterns = _patterns()
    if not patterns.unspaced.match(run):
        return [run]
    size = 3 if patterns.by_three.match(run) else 2
    return [run[i : i + size] for i in range(max(1, len(run) - size + 1))]


def _names(text: str, stops: frozenset[str], *, is_plain: bool) -> Iterator[str]:
    """Yield runs of two or more capitalised words: most of them name somebody, or some place.

    A stop word that opens a sentence ("The European Commission") is no part of one.
    """
    patterns = _patterns()
    name = patterns.plain_name if is_plain else patterns.name
    for match in name.finditer(text):
        words, start = match[0], match.start()
        if words.partition(" ")[0].casefold() in stops and _opens(text[max(0, start - 2) : start]):
            words = _without(stops, words)
        if " " in words:
            yield words


def _opens(before: str) -> bool:
    """Return whether a sentence begins after these characters."""
    return before.strip()[-1:] in _OPENING


def _without(stops: frozenset[str], words: str) -> str:
    """Return the words from the first on that is no stop word."""
    while words and words.partition(" ")[0].casefold() in stops:
        words = words.partition(" ")[2]
    return words


_OPENING = ("", *'.!?:…"“„«»')
"""What stands before the first word of a sentence."""


def _sketch(hashes: _Numbers) -> _Numbers:
    """Return the least hashes of all runs of five words (shingles).

    It is a bottom-k sketch (Broder 1997).
    """
    size = min(_SHINGLE, len(hashes))
    if not size:
        return np.empty(0, "<u4")
    # Each word counts by its place in the run.
    mixed = np.convolve(hashes.astype(np.uint64), _MIXERS[:size], "valid")
    mixed = (mixed ^ mixed >> _HALF) * _MIXERS[0]
    least = (mixed >> _HALF).astype("<u4")
    least.sort()
    different: _Numbers = least[_starts(least)[:SKETCH]]
    return different


# Powers of an odd number without a pattern (the golden ratio's), modulo 2 to the 64.
_MIXERS = np.cumprod(np.full(_SHINGLE, 0x9E3779B97F4A7C15, np.uint64))
