"""What a story is about, in a form that can be compared: its terms, and a sketch of its text.

A term is a word, a name, a tag or a word of the headline, known by a number.
"""

import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple, get_args

import msgspec
import numpy as np
import snowballstemmer
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
"""So many different words of a story are kept: those used most, of equals the first."""
_SHINGLE = 5
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


class Term(NamedTuple):
    """A term as it is spelled, and its number."""

    kind: Kind
    spelling: str
    number: int


def terms_of(headline: str, text: str, language: str) -> Terms:
    """The terms of a story. `text` is plain; `language` a tag such as "de-AT".

    Words are stemmed where there is a Snowball stemmer for the language. Chinese, Japanese
    and Korean count by pairs of characters, Thai and its kin by triples.
    """
    words = _words(text)
    counted = {term.number: n for term, n in _count(_words(headline), words, text, language)}
    ids = sorted(counted)
    counts = bytes([min(counted[number], 255) for number in ids])
    return Terms(np.array(ids, "<u4").tobytes(), counts, _sketch(words).tobytes())


def spellings(headline: str, text: str, language: str) -> dict[int, str]:
    """The terms of a story by their numbers, as they first stand there: no stems."""
    speech = _speech(language.split("-")[0])
    found: dict[int, str] = {}
    for word in _words(headline) + _words(text):
        if known := speech.term(word):
            for kind in (known.kind, "headline"):
                found.setdefault(term(kind, known.spelling).number, word)
    for name in _names(text, speech.stops):
        found.setdefault(term("name", name.casefold()).number, name)
    return found


@lru_cache(maxsize=1 << 17)
def term(kind: Kind, spelling: str) -> Term:
    """The term of this spelling. Its number is 29 bits of a CRC-32, then three for the kind.

    In an archive of 30,000 different terms about one pair shares a number by chance, which
    adds a trifle to the score of stories that have one and the other.
    """
    return Term(kind, spelling, zlib.crc32(spelling.encode()) & ~7 | KINDS.index(kind))


def _count(
    title: list[str], body: list[str], text: str, language: str
) -> Iterator[tuple[Term, int]]:
    speech = _speech(language.split("-")[0])
    counts: dict[Kind, Counter[Term]] = {"word": Counter(), "stop": Counter()}
    for word, count in Counter(body + body[:_LEAD] + title).items():
        if said := speech.term(word):
            counts[said.kind][said] += count
    for counted in counts.values():
        # Sorting takes a third of the time here, and few stories have so many words.
        yield from counted.most_common(_MOST) if len(counted) > _MOST else counted.items()
    for name, count in Counter(_names(text, speech.stops)).items():
        yield term("name", name.casefold()), count
    known = map(speech.term, title)
    for stem in {said.spelling for said in known if said and said.kind == "word"}:
        yield term("headline", stem), 1


# ------------------------------------------------------------------------- languages


class _Speech(NamedTuple):
    """What is known of a language: its stop words, and the term of each word, if any."""

    stops: frozenset[str]
    term: Callable[[str], Term | None]


@lru_cache
def _speech(code: str) -> _Speech:
    """By the code of ISO 639-1; a language that the libraries do not know is taken as it is."""
    listed = {"no": "nb", "nn": "nb"}.get(code, code)
    is_listed = listed in stop_words.LANGUAGE_MAPPING
    stops = frozenset(stop_words.get_stop_words(listed) if is_listed else ()) | _dates(code)
    name = str(Locale("en").languages.get(code, "")).split(" ")[0].lower()
    stem: Callable[[str], str] = str
    if name in snowballstemmer.algorithms():
        stem = snowballstemmer.stemmer(name).stemWord

    @lru_cache(maxsize=1 << 17)
    def term_of(word: str) -> Term | None:
        """None for what says nothing: numbers, and single letters."""
        if word[0].isdigit() or (len(word) == 1 and not _UNSPACED.match(word)):
            return None
        return term("stop" if word in stops else "word", stem(word))

    return _Speech(stops, term_of)


def _dates(code: str) -> frozenset[str]:
    """The names of months and days: a story's date says when, and says it better."""
    try:
        locale = Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return frozenset()
    names = (*locale.months["format"]["wide"].values(), *locale.days["format"]["wide"].values())
    return frozenset(word for name in names for word in _words(name))


# ------------------------------------------------------------------ words, names, shingles


_HANGUL = r"\uac00-\ud7a3"
_UNSPACED = re.compile(f"[{CJK}{_HANGUL}{THAI_AND_KIN}]")
_WORD = re.compile(r"[^\W_]+(?:[.-][^\W_]+)*")
_RUN = re.compile(
    rf"[{CJK}{_HANGUL}]+|[{THAI_AND_KIN}]+|(?:(?![{CJK}{_HANGUL}{THAI_AND_KIN}])[^\W_])+"
)
_TITLED = r"[^\W\d_a-z][^\W_]*(?:[’'.-][^\W_]+)*"
_PARTICLE = r"(?:al|bin|da|de|del|der|di|du|la|of|van|von)"
_NAME = re.compile(rf"\b{_TITLED}(?:[ -](?:{_PARTICLE} )?{_TITLED})+")


def _words(text: str) -> list[str]:
    """The words, in lower case; where no spaces part them, runs of two or three characters."""
    lower = text.casefold()
    if lower.isascii() or not _UNSPACED.search(lower):
        return _WORD.findall(lower)
    return [word for run in _RUN.findall(lower) for word in _grams(run)]


def _grams(run: str) -> list[str]:
    if not _UNSPACED.match(run):
        return [run]
    size = 3 if re.match(f"[{THAI_AND_KIN}]", run) else 2
    return [run[i : i + size] for i in range(max(1, len(run) - size + 1))]


def _names(text: str, stops: frozenset[str]) -> Iterator[str]:
    """Runs of two or more capitalised words: most of them name somebody, or some place.

    A stop word before one ("The European Commission") is no part of it.
    """
    for match in _NAME.finditer(text):
        words = match[0].split()
        while words and words[0].casefold() in stops:
            del words[0]
        if len(words) > 1:
            yield " ".join(words)


def _sketch(words: list[str]) -> NDArray[np.uint32]:
    """The least hashes of all runs of five words (shingles): a bottom-k sketch (Broder 1997)."""
    hashes = {word: zlib.crc32(word.encode()) for word in set(words)}
    each = np.array([hashes[word] for word in words], np.uint64)
    size = min(_SHINGLE, len(each))
    mixed = np.zeros(len(each) - size + 1 if size else 0, np.uint64)
    for place in range(size):
        mixed = (mixed + each[place : place + len(mixed)]) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return np.unique((mixed >> np.uint64(32)).astype("<u4"))[:SKETCH]
