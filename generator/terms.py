"""What a story is about, in a form that can be compared: its terms, and a sketch of its text.

A term is a word, a name, a tag or a word of the headline, known by a number.
"""

import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Literal, NamedTuple, get_args

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
"""Words known at a time, which bounds the memory used."""
SKETCH = 128
"""The numbers in a whole sketch."""


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
    """The terms of a story. `text` is plain; `language` a tag such as "de-AT".

    Words are stemmed where there is a Snowball stemmer for the language. Chinese, Japanese
    and Korean count by pairs of characters, Thai and its kin by triples.
    """
    speech = _speech(language)
    title, words = _words(headline), _words(text)
    body = [speech.numbers[word] for word in words]
    heading = [speech.numbers[word] for word in title]
    counts: dict[int, int] = Counter(body)
    counts.update(Counter(body[:_LEAD] + heading))
    counts.pop(_NOTHING, None)
    if len(counts) > _MOST:
        ranked = Counter(counts).most_common()
        telling = [term for term in ranked if term[0] & 7 == _WORD_KIND]
        stops = [term for term in ranked if term[0] & 7 != _WORD_KIND]
        counts = dict(telling[:_MOST] + stops[: _MOST // 4])
    names = Counter(name.casefold() for name in _names(text, speech.stops))
    for name, count in names.most_common(_MOST):
        counts[number_of("name", name)] = count
    for number in heading:
        if number & 7 == _WORD_KIND and number != _NOTHING:
            counts[number & ~7 | _HEADLINE] = 1
    ids = sorted(counts)
    return Terms(
        ids=np.array(ids, "<u4").tobytes(),
        counts=bytes([min(counts[number], 255) for number in ids]),
        sketch=_sketch(words).tobytes(),
    )


def spellings(headline: str, text: str, language: str) -> dict[int, str]:
    """The terms of a story by their numbers, as they first stand there: no stems."""
    speech = _speech(language)
    found: dict[int, str] = {}
    for word in _words(headline) + _words(text):
        number = speech.numbers[word]
        found.setdefault(number, word)
        found.setdefault(number & ~7 | _HEADLINE, word)
    for name in _names(text, speech.stops):
        found.setdefault(number_of("name", name.casefold()), name)
    return found


def number_of(kind: Kind, spelling: str) -> int:
    """The number of a term: 29 bits of a CRC-32 of its spelling, then three for the kind.

    In an archive of 30,000 different terms about one pair shares a number by chance, which
    adds a trifle to the score of stories that have one and the other.
    """
    return zlib.crc32(spelling.encode()) & ~7 | KINDS.index(kind)


_NOTHING = 0
"""The number of what says nothing; hardly ever that of a word."""
_WORD_KIND, _HEADLINE = KINDS.index("word"), KINDS.index("headline")


# ------------------------------------------------------------------------- languages


class _Speech(NamedTuple):
    """What is known of a language: its stop words, and the number of each word's stem."""

    stops: frozenset[str]
    numbers: "_Known"


class _Known(dict[str, int]):
    """Numbers by word, each worked out once; all are forgotten when they are too many."""

    def __init__(self, number_of: Callable[[str], int]) -> None:
        super().__init__()
        self._number_of = number_of

    def __missing__(self, word: str) -> int:
        if len(self) >= _VOCABULARY:
            self.clear()
        number = self[word] = self._number_of(word)
        return number


@lru_cache
def _speech(language: str) -> _Speech:
    """By a language's tag; what the libraries do not know is taken as it is."""
    code = language.lower().split("-")[0]
    listed = {"no": "nb", "nn": "nb"}.get(code, code)
    is_listed = listed in stop_words.LANGUAGE_MAPPING
    stops = frozenset(stop_words.get_stop_words(listed) if is_listed else ()) | _dates(code)
    name = str(Locale("en").languages.get(code, "")).split(" ")[0].lower()
    stem: Callable[[str], str] = str
    if name in Stemmer.algorithms():
        stem = Stemmer.Stemmer(name, 0).stemWord

    def number(word: str) -> int:
        """Numbers, and single letters, say nothing."""
        if word[0].isdigit() or (len(word) == 1 and not _patterns().unspaced.match(word)):
            return _NOTHING
        return number_of("stop" if word in stops else "word", stem(word))

    return _Speech(stops, _Known(number))


def _dates(code: str) -> frozenset[str]:
    """The names of months and days: a story's date says when, and says it better."""
    try:
        locale = Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return frozenset()
    names = (*locale.months["format"]["wide"].values(), *locale.days["format"]["wide"].values())
    return frozenset(word for name in names for word in _words(name))


# ------------------------------------------------------------------ words, names, shingles


def _characters(belongs: Callable[[str], bool]) -> str:
    """Those of the first plane, for a regular expression, which knows no such classes."""
    return "".join(filter(belongs, map(chr, range(0x300, 0xD800))))


class _Patterns(NamedTuple):
    """What words, runs of characters without spaces, and names look like."""

    unspaced: re.Pattern[str]
    word: re.Pattern[str]
    run: re.Pattern[str]
    name: re.Pattern[str]
    plain_name: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    """Made when first needed: to go through all characters takes longer than many a build."""
    # Vowel signs and accents that follow their letter; to Python they are no part of a word.
    marks = _characters(lambda character: unicodedata.category(character) in ("Mn", "Mc"))
    capital = f"[A-ZÀ-ÖØ-Þ{_characters(str.isupper)}]"
    letters = rf"[^\W_](?:[^\W_]|[{marks}])*"
    together, three = f"{CJK}{_HANGUL}", THAI_AND_KIN
    return _Patterns(
        unspaced=re.compile(f"[{together}{three}]"),
        word=re.compile(rf"{letters}(?:[.-]{letters})*"),
        run=re.compile(rf"[{together}]+|[{three}]+|(?:(?![{together}{three}])[^\W_][{marks}]*)+"),
        name=_name(capital),
        plain_name=_name("[A-Z]"),
    )


def _name(capital: str) -> re.Pattern[str]:
    titled = rf"(?:{capital}\.|{capital}[^\W_]*(?:(?:[.-]|[’'](?={capital}))[^\W_]+){{0,4}})"
    particles = r"(?:(?:al|bin|da|de|del|den|der|di|du|la|of|van|von) ){0,2}"
    return re.compile(rf"(?<!\w){titled}(?: {particles}{titled})+")


_HANGUL = r"\uac00-\ud7a3"
_PLAIN_WORD = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_MARKS = re.compile("[\u00a0‘’‚“”„«»‹›–—…\u2009\u202f]")
"""What typesetters put between words: a text of ASCII and these is plain."""


def _words(text: str) -> list[str]:
    """The words, in lower case; where no spaces part them, runs of two or three characters."""
    lower = _MARKS.sub(" ", text.casefold())
    if lower.isascii():
        return _PLAIN_WORD.findall(lower)
    lower = unicodedata.normalize("NFC", lower)
    patterns = _patterns()
    if not patterns.unspaced.search(lower):
        return patterns.word.findall(lower)
    return [word for run in patterns.run.findall(lower) for word in _grams(run)]


def _grams(run: str) -> list[str]:
    if not _patterns().unspaced.match(run):
        return [run]
    size = 3 if re.match(f"[{THAI_AND_KIN}]", run) else 2
    return [run[i : i + size] for i in range(max(1, len(run) - size + 1))]


def _names(text: str, stops: frozenset[str]) -> Iterator[str]:
    """Runs of two or more capitalised words: most of them name somebody, or some place.

    A stop word that opens a sentence ("The European Commission") is no part of one.
    """
    patterns = _patterns()
    is_plain = _MARKS.sub("", text).isascii()
    for match in (patterns.plain_name if is_plain else patterns.name).finditer(text):
        words = match[0].split()
        opens = text[max(0, match.start() - 2) : match.start()].strip()[-1:] in _OPENING
        while opens and words and words[0].casefold() in stops:
            del words[0]
        if len(words) > 1:
            yield " ".join(words)


_OPENING = ("", *'.!?:…"“„«»')
"""What stands before the first word of a sentence."""


def _sketch(words: list[str]) -> NDArray[np.uint32]:
    """The least hashes of all runs of five words (shingles): a bottom-k sketch (Broder 1997)."""
    each = np.array([_HASHES[word] for word in words], np.uint64)
    size = min(_SHINGLE, len(each))
    if not size:
        return np.empty(0, "<u4")
    mixed = np.convolve(each, _MIXERS[:size], "valid")  # each word by its place in the run
    mixed = (mixed ^ mixed >> np.uint64(32)) * _MIXERS[0]
    least = np.sort((mixed >> np.uint64(32)).astype("<u4"))
    different: NDArray[np.uint32] = least[np.append(True, least[1:] != least[:-1])]
    return different[:SKETCH]


_HASHES = _Known(lambda word: zlib.crc32(word.encode()))
# Powers of an odd number without a pattern (the golden ratio's), modulo 2 to the 64.
_MIXERS = np.cumprod(np.full(_SHINGLE, 0x9E3779B97F4A7C15, np.uint64))
