"""Archives of any size to measure with: stories nobody wrote, the same in every run."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import stop_words
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from generator.related.subjects import Subject
from generator.terms import KINDS, SKETCH, Terms

_WORD, _STOP, _NAME, _HEADLINE = (KINDS.index(k) for k in ("word", "stop", "name", "headline"))
_NEWEST = datetime(2026, 1, 1, tzinfo=UTC)
_A_DAY = 10
"""So many stories a day: the larger the archive, the longer ago it began."""
_TOPICS = 300
_REGIONS = 40
_STEEP, _FLAT, _FLAT_IN_TOPIC, _APART = 1.8, 200, 30, 30

Numbers = NDArray[np.int64]
Ids = NDArray[np.uint32]


class Archive(Protocol):
    """Stories by number, from 0, the newest."""

    @property
    def stories(self) -> int: ...

    def tags(self, number: int) -> tuple[str, ...]: ...

    def terms(self, number: int) -> Terms: ...


def subjects(archive: Archive) -> Iterator[Subject]:
    """The stories of an archive; what finds their terms are their numbers."""
    for number in range(archive.stories):
        moment = int(_date(number).timestamp()) * 1_000_000
        yield Subject(f"{number}.md", str(number), archive.tags(number), moment)


def edited(terms: Terms, other: Terms, number: int) -> Terms:
    """The terms of a story in which five words gave way to five of another story's, and a
    tenth of its shingles to new ones."""
    rng = default_rng([2, number])
    ids, counts = np.frombuffer(terms.ids, "<u4"), np.frombuffer(terms.counts, np.uint8)
    others = np.setdiff1d(np.frombuffer(other.ids, "<u4"), ids)
    gone = rng.permutation(ids[ids & 7 == _WORD])[:5]
    come = rng.permutation(others[others & 7 == _WORD])[:5]
    kept = ~np.isin(ids, gone)
    sketch = np.frombuffer(terms.sketch, "<u4").copy()
    sketch[: len(sketch) // 10] = _hashes(rng)[: len(sketch) // 10]
    values = np.concatenate([counts[kept], np.ones(len(come), np.uint8)])
    return _terms(np.concatenate([ids[kept], come]), values, np.unique(sketch))


class _Draft(NamedTuple):
    """The words of a story by their ranks, one for each time that they stand there."""

    topic: int
    words: Numbers
    stops: Numbers
    names: Numbers
    headline: Numbers


class Invented:
    """Stories made of ranks: their words follow the law of Zipf and Mandelbrot.

    Half of a story's words are general, the others those of its topic and of the topics
    beside it. There is always a rarer word, so the vocabulary grows with the archive as
    Heaps' law has it. How common words are is much as in the reports of a news agency.
    """

    def __init__(self, stories: int) -> None:
        self.stories = stories

    def tags(self, number: int) -> tuple[str, ...]:
        rng = default_rng([0, number])
        topic, many = self._topic(rng), rng.integers(4)
        regions = (f"region-{place}" for place in rng.integers(_REGIONS, size=many))
        return tuple(dict.fromkeys([f"topic-{topic}", *regions]))

    def terms(self, number: int) -> Terms:
        draft = self._draft(number)
        parts = (_WORD, draft.words), (_STOP, draft.stops), (_NAME, draft.names)
        told = [np.unique(ranks, return_counts=True) for _, ranks in parts]
        ids = [_ids(ranks, kind) for (kind, _), (ranks, _) in zip(parts, told, strict=True)]
        headline = _ids(np.unique(draft.headline), _HEADLINE)
        counts = np.concatenate([*(n for _, n in told), np.ones(len(headline), int)])
        values = np.minimum(counts, 255).astype(np.uint8)
        return _terms(np.concatenate([*ids, headline]), values, _hashes(default_rng([1, number])))

    def write(self, folder: Path) -> None:
        """Write the stories as Markdown, in words that can be spoken."""
        folder.mkdir(parents=True)
        stops = np.array(stop_words.get_stop_words("en"))
        for number in range(self.stories):
            draft = self._draft(number)
            said = [*map(_spelled, draft.words), *stops[draft.stops % len(stops)]]
            said += [f"{_spelled(n).title()} {_spelled(n + 7).title()}" for n in draft.names]
            order = default_rng([3, number]).permutation(len(said)).tolist()
            text = " ".join(f"{said[p]}." if n % 15 == 14 else said[p] for n, p in enumerate(order))
            lines = [
                f"title: {' '.join(map(_spelled, draft.headline)).capitalize()}",
                f"date: {_date(number).isoformat()}",
                f"tags: [{', '.join(self.tags(number))}]",
            ]
            front = "\n".join(["---", *lines, "---"])
            (folder / f"story-{number}.md").write_text(f"{front}\n\n{text}.\n", encoding="utf-8")

    def _draft(self, number: int) -> _Draft:
        rng = default_rng([0, number])
        topic = self._topic(rng)
        long = int(rng.lognormal(np.log(85), 0.35))
        own = self._of_topics(rng, topic, _ranks(rng, long // 2, _FLAT_IN_TOPIC))
        words = np.concatenate([_ranks(rng, long - long // 2, _FLAT), own])
        names = self._of_topics(rng, topic, _ranks(rng, 4, _FLAT_IN_TOPIC))
        stops = (3 * (60 ** rng.random(long) - 1)).astype(np.int64)
        return _Draft(topic, words, stops, names, rng.permutation(words)[:6])

    def _topic(self, rng: Generator) -> int:
        return int(_TOPICS * rng.random() ** 2)

    def _of_topics(self, rng: Generator, topic: int, ranks: Numbers) -> Numbers:
        """Ranks within a topic, or now and then one beside it, as ranks within all words.

        Of each `_APART` words that are equally common a topic has one.
        """
        beside = topic + rng.choice([0, 0, 0, 0, -1, 1], len(ranks))
        return ranks * _APART + (beside * 31 + ranks * 17) * 0x9E3779B1 // 1024 % _APART


class Mixed:
    """Stories each mixed from the terms of two or three that share a subject.

    That vocabulary would not grow by itself: terms that few stories have become others in
    each part of the archive that is as long as the original.
    """

    def __init__(
        self,
        stories: int,
        real: Sequence[Terms],
        tags: Sequence[tuple[str, ...]],
        subjects: Sequence[Sequence[str]],
    ) -> None:
        self.stories = stories
        self._real, self._tags = real, tags
        members: dict[str, list[int]] = {}
        for place, own in enumerate(subjects):
            for subject in own:
                members.setdefault(subject, []).append(place)
        self._kin = [some for some in members.values() if len(some) > 1]
        self._sizes = np.array([len(some) for some in self._kin], float)

    def tags(self, number: int) -> tuple[str, ...]:
        return self._tags[self._parents(default_rng([0, number]))[0]]

    def terms(self, number: int) -> Terms:
        rng = default_rng([0, number])
        parents = [self._real[place] for place in self._parents(rng)]
        ids = np.concatenate([np.frombuffer(parent.ids, "<u4") for parent in parents])
        counts = np.concatenate([np.frombuffer(parent.counts, np.uint8) for parent in parents])
        kept = rng.random(len(ids)) < 1 / len(parents)
        ids, counts = ids[kept], counts[kept]
        copy = int(rng.integers(-(-self.stories // len(self._real))))
        other = ((ids >> 3).astype(np.int64) + copy * 0x9E3779B) % (1 << 29)
        known, often = self._often
        rare = often[np.searchsorted(known, ids)] < 8
        ids = np.where(rare, (other << 3) | (ids & 7), ids).astype(np.uint32)
        ids, first = np.unique(ids, return_index=True)
        return _terms(ids, counts[first], _hashes(rng))

    def _parents(self, rng: Generator) -> list[int]:
        group = self._kin[rng.choice(len(self._kin), p=self._sizes / self._sizes.sum())]
        return [group[place] for place in rng.integers(len(group), size=2 + rng.integers(2))]

    @cached_property
    def _often(self) -> tuple[Ids, Numbers]:
        ids = np.concatenate([np.frombuffer(terms.ids, "<u4") for terms in self._real])
        known, often = np.unique(ids, return_counts=True)
        return known, often


def mixed(
    stories: int,
    known: Mapping[str, tuple[tuple[str, ...], Terms]],
    labels: Mapping[str, Sequence[str]],
) -> Mixed:
    """An archive like the labelled stories, whose tags and terms are `known` by their slugs."""
    slugs = [slug for slug in sorted(labels) if slug in known]
    tags, terms = zip(*(known[slug] for slug in slugs), strict=True)
    return Mixed(stories, terms, tags, [labels[slug] for slug in slugs])


def _date(number: int) -> datetime:
    return _NEWEST - timedelta(days=number / _A_DAY)


def _ranks(rng: Generator, many: int, flat: float) -> Numbers:
    """Ranks, of which r comes up in proportion to (r + flat) ** -_STEEP."""
    ranks = flat * (rng.random(many) ** (1 / (1 - _STEEP)) - 1)
    return np.minimum(ranks, 1 << 28).astype(np.int64)


def _ids(ranks: Numbers, kind: int) -> Ids:
    """Terms of one kind by their ranks: no two share a number."""
    return ((ranks * 0x9E3779B1 % (1 << 29) << 3) | kind).astype(np.uint32)


def _hashes(rng: Generator) -> Ids:
    return np.unique(rng.integers(1, 1 << 32, SKETCH, np.uint32))


def _terms(ids: Ids, counts: NDArray[np.uint8], sketch: Ids) -> Terms:
    order = np.argsort(ids)
    return Terms(ids[order].astype("<u4").tobytes(), counts[order].tobytes(), sketch.tobytes())


def _spelled(rank: int) -> str:
    """A word for a rank: syllables, and one of the ends that English words have."""
    rank, end = divmod(int(rank), 8)
    word = ""
    while rank or not word:
        rank, syllable = divmod(rank, 95)
        word += "bcdfghjklmnprstvwxz"[syllable // 5] + "aeiou"[syllable % 5]
    return word + "n" + ("", "s", "ed", "ing", "er", "ly", "ation", "ness")[end]
