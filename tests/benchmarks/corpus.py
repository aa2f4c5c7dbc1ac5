"""Archives of any size to build sites of: stories nobody wrote, in the same bytes in every run.

A story is known by its number, from 0, the newest; each is made by itself, so an archive of
any size takes no more memory than one story does. The vocabulary grows with the archive as that
of a news agency does: about 44 times the root of the number of words (Manning, Raghavan and
Schütze, Introduction to Information Retrieval, section 5.1.1, on Heaps' law).
"""

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from random import Random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

TAGS, AUTHORS = 400, 200
_SEED = "broadsheet"
_NEWEST = datetime(2025, 12, 31, 18, tzinfo=UTC)
_A_DAY = 10
_TOPICS = 300
_WORDS = 590
"""So many words, at the median, before names, speech and lists: about 700 with them."""
_COMMON = """the of to and in a for that is on was with he as at by it from his be has an have
are this will not had but were they who its would been said which their or more one about after
also than out up when there all she can last year into two some over first other no if could her
what time him new so them now people such only most between many under while before may any
those three since both through even back down where through our these we made did still against
own during later much however because until too being without another each"""
"""Words that say nothing, the commonest first."""
_STEEP, _FLAT, _FLAT_IN_TOPIC, _APART = 1.8, 200, 30, 30
"""Zipf and Mandelbrot: rank r comes up in proportion to (r + flat) ** -steep. Of each `_APART`
words that are equally common a topic has one."""

Texts = Sequence[str]


class Story(NamedTuple):
    """A story. Where its body links to another one, the destination is `story:NUMBER`."""

    number: int
    slug: str
    title: str
    date: datetime
    author: str
    tags: tuple[str, ...]
    summary: str
    body: str


class Heading(NamedTuple):
    """What a story's headline is made of; others that link to it need its slug."""

    topic: int
    words: tuple[str, ...]
    title: str
    slug: str


def stories(many: int) -> Iterator[Story]:
    """An archive of so many stories, newest first, ten a day."""
    return (story(number, many) for number in range(many))


def story(number: int, many: int) -> Story:
    """One story of an archive of `many`."""
    chance = Random(f"{_SEED} body {number}")
    heading = heading_of(number)
    sentences = _sentences(heading, chance, number)
    return Story(
        number,
        heading.slug,
        heading.title,
        date_of(number),
        _authors()[int(AUTHORS * chance.random() ** 2)],
        _tags_of(heading.topic, chance),
        sentences[0],
        _body(sentences[1:], heading, chance, number, many),
    )


@lru_cache(maxsize=4096)
def heading_of(number: int) -> Heading:
    chance = Random(f"{_SEED} heading {number}")
    topic = int(_TOPICS * chance.random() ** 2)
    ranks = _ranks(np.array([chance.random() for _ in range(chance.randint(5, 8))]), 12)
    words = tuple(map(_spelled, _of_topic(ranks, topic)))
    title = " ".join(words).capitalize()
    if chance.random() < 0.4:
        title = f"{_name(topic, chance)} {title.lower()}"
    return Heading(topic, words, title, f"{'-'.join(words[:4])}-{number}")


def date_of(number: int) -> datetime:
    return _NEWEST - timedelta(days=number / _A_DAY)


# ----------------------------------------------------------------------------- words


@lru_cache(maxsize=1 << 16)
def _spelled(rank: int) -> str:
    """A word for a rank: syllables, and one of the ends that English words have."""
    stem, end = divmod(rank, 4)
    word, rest = "", stem
    while rest or not word:
        rest, syllable = divmod(rest, 108)
        word += "bcdfghklmnprstvwyz"[syllable // 6] + ("a", "e", "i", "o", "u", "ea")[syllable % 6]
    ends = ("", "s", "ed", "ing", "er", "ly", "ation", "ness")
    return word + "lnrstdmk"[stem % 8] + ends[(end + stem) % 8]


def _ranks(chances: NDArray[np.float64], flat: float) -> NDArray[np.int64]:
    ranks = flat * (np.maximum(chances, 1e-12) ** (1 / (1 - _STEEP)) - 1)
    return np.minimum(ranks, 1 << 28).astype(np.int64)


def _of_topic(ranks: NDArray[np.int64], topic: int) -> list[int]:
    """Ranks within a topic as ranks within all words."""
    places = ranks * _APART + (topic * 31 + ranks * 17) * 0x9E3779B1 // 1024 % _APART
    return [int(place) for place in places]


def _named(rank: int) -> str:
    return _spelled(8 * rank + 3).title()


@cache
def _authors() -> Texts:
    return [f"{_named(17 * n % 211)} {_named(300 + n)}" for n in range(AUTHORS)]


@cache
def _tags() -> Texts:
    return [_spelled(4 * (1000 + 29 * n)).title() for n in range(TAGS)]


def _tags_of(topic: int, chance: Random) -> tuple[str, ...]:
    own = [_tags()[(topic * 7 + place * place * 13) % TAGS] for place in range(6)]
    return tuple(dict.fromkeys([own[0], *chance.sample(own[1:], chance.randint(1, 3))]))


def _name(topic: int, chance: Random) -> str:
    """A person, or now and then a company, of those that a topic's stories name."""
    known = topic * 11 + int(40 * chance.random() ** 2)
    if known % 9 == 0:
        return f"{_named(2000 + known)} & {_named(700 + known % 50)}"
    return f"{_named(known * 7 % 400)} {_named(1000 + known)}"


# ------------------------------------------------------------------------- sentences


def _sentences(heading: Heading, chance: Random, number: int) -> list[str]:
    """The sentences of a story; the first, its summary, takes up the words of the headline."""
    tokens = _tokens(heading.topic, chance, number)
    sentences = [_sentence([*heading.words, *tokens[:8]], heading.topic, chance)]
    place = 8
    while place < len(tokens):
        length = chance.randint(9, 27)
        sentences.append(_sentence(tokens[place : place + length], heading.topic, chance))
        place += length
    return sentences


def _tokens(topic: int, chance: Random, number: int) -> list[str]:
    """Words: 45 in 100 say nothing, and half of the others are those of the topic or one near."""
    many = int(_WORDS * math.exp(chance.gauss(0, 0.25)))
    kinds, values = np.random.default_rng([1, number]).random((2, many))
    beside = topic + chance.choice((0, 0, 0, 0, -1, 1))
    general = _ranks(values, _FLAT).tolist()
    own = _of_topic(_ranks(values, _FLAT_IN_TOPIC), beside)
    common = _COMMON.split()
    empty = (3 * (len(common) / 3) ** values - 3).astype(np.int64).tolist()
    return [
        common[empty[n]] if kind < 0.45 else _spelled(general[n] if kind < 0.72 else own[n])
        for n, kind in enumerate(kinds.tolist())
    ]


def _sentence(words: list[str], topic: int, chance: Random) -> str:
    words, fate = words.copy(), chance.random()
    place = chance.randrange(len(words))
    if fate < 0.25:
        words[place] += "'s"
    elif fate < 0.45:
        words.insert(place, f"{chance.randint(1, 9_999):,}")
    elif fate < 0.5:
        words[place] += " --"
    if chance.random() < 0.3:
        words.insert(0, _name(topic, chance))
    text = " ".join(words)
    text = text[0].upper() + text[1:]
    if chance.random() < 0.15:
        return f'"{text}," said {_name(topic, chance)}, who didn\'t say more.'
    return f"{text}."


# ------------------------------------------------------------------------------ body


def _body(sentences: list[str], heading: Heading, chance: Random, number: int, many: int) -> str:
    """A body in Markdown: paragraphs, among them what else a newsroom writes, in its shares."""
    paragraphs = _paragraphs(sentences, chance)
    blocks = [" ".join(_marked(p, chance, number, many)) for p in paragraphs]
    notes = []
    if chance.random() < 0.06:
        blocks[chance.randrange(len(blocks))] += "[^1]"
        notes = [f"[^1]: {chance.choice(sentences)}"]
    for share, block in _BLOCKS:
        if chance.random() < share:
            place = chance.randrange(1, len(blocks) + 1)
            blocks.insert(place, block(chance.choice(paragraphs), heading, chance))
    if chance.random() < 0.45:
        for place in range(len(paragraphs) - 2, 1, -4):
            words = [_spelled(rank) for rank in range(place * 5, place * 5 + 3)]
            title = " ".join([*heading.words[:2], *words]).capitalize()
            blocks.insert(place, f"## {title}")
    return "\n\n".join([*blocks, *notes])


def _paragraphs(sentences: list[str], chance: Random) -> list[list[str]]:
    paragraphs, place = [], 0
    while place < len(sentences):
        length = chance.randint(2, 5)
        paragraphs.append(sentences[place : place + length])
        place += length
    return paragraphs


def _marked(paragraph: list[str], chance: Random, number: int, many: int) -> Iterator[str]:
    """The sentences of a paragraph: one in ten with a link, one in ten with stress on a word."""
    for sentence in paragraph:
        fate, words = chance.random(), sentence.split(" ")
        place = chance.randrange(max(1, len(words) - 4))
        if fate < 0.1:
            link = f"[{' '.join(words[place : place + 3])}]({_address(chance, number, many)})"
            yield " ".join([*words[:place], link, *words[place + 3 :]])
        elif fate < 0.21 and words[place].isalpha():
            mark = "*" if fate < 0.18 else "**" if fate < 0.205 else "`"
            yield " ".join([*words[:place], mark + words[place] + mark, *words[place + 1 :]])
        else:
            yield sentence


def _address(chance: Random, number: int, many: int) -> str:
    """Half of the links lead to an earlier story, of the last two months or so."""
    earlier = number + chance.randint(1, 600)
    if chance.random() < 0.5 and earlier < many:
        return f"story:{earlier}"
    return f"https://www.{_spelled(chance.randrange(4000))}.example/{_spelled(number)}"


def _quote(sentences: list[str], _heading: Heading, _chance: Random) -> str:
    return "\n".join(f"> {sentence}" for sentence in sentences)


def _list(sentences: list[str], _heading: Heading, chance: Random) -> str:
    numbered = chance.random() < 0.3
    marks = (f"{n}." if numbered else "-" for n in range(1, len(sentences) + 1))
    return "\n".join(f"{mark} {text}" for mark, text in zip(marks, sentences, strict=True))


def _table(_sentences: list[str], heading: Heading, chance: Random) -> str:
    rows = [
        f"| {_name(heading.topic, chance)} | {chance.randint(10, 9_999):,} |"
        for _ in range(chance.randint(3, 8))
    ]
    first, second, *_ = heading.words
    return "\n".join([f"| {first} | {second} |", "|---|--:|", *rows])


def _code(sentences: list[str], _heading: Heading, _chance: Random) -> str:
    lines = sentences[0].split(" ")
    return "\n".join(["```text", *(f"{n} = {word}" for n, word in enumerate(lines)), "```"])


_BLOCKS: tuple[tuple[float, Callable[[list[str], Heading, Random], str]], ...] = (
    (0.25, _quote),
    (0.2, _list),
    (0.06, _table),
    (0.02, _code),
)
