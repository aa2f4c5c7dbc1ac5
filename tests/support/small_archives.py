"""Small archives as lists of stories, indexed without a site around them."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from generator.related.index import RelatedIndex, Rules, update_index
from generator.related.subjects import DAY, Subject, columns_of, subjects_of
from generator.related.vectors import Weights
from generator.terms import Terms, terms_of

RULES = Rules(
    weights=Weights(headline=0.15, names=0.5, tags=0.5),
    recency=0.08,
    half_life=60,
    company=1.5,
    newer=True,
)
WORDS_ONLY = Rules(Weights(headline=0, names=0, tags=0), 0, half_life=60, company=0, newer=True)


class Story(NamedTuple):
    """A story, dated so many days after the first one of 1970."""

    path: str
    text: str = ""
    headline: str = ""
    tags: tuple[str, ...] = ()
    day: int = 0


def words(first: int, end: int) -> str:
    """Words that are in no dictionary: w3 w4 w5."""
    return " ".join(f"w{number}" for number in range(first, end))


def fillers(count: int) -> list[Story]:
    """Old stories that share nothing with any other."""
    return [Story(f"filler-{number:04}", f"f{number}", day=-9999) for number in range(count)]


def subjects(stories: Iterable[Story]) -> list[Subject]:
    """Newest first, then by path, as a site has them. The key of their terms is their text."""
    found = [
        Subject(story.path, json.dumps([story.headline, story.text]), story.tags, story.day * DAY)
        for story in stories
    ]
    return sorted(found, key=lambda subject: (-subject.moment, subject.path))


def fetch(keys: Sequence[str]) -> Iterable[Terms]:
    return map(_terms, keys)


@lru_cache(maxsize=1 << 14)
def _terms(key: str) -> Terms:
    headline, text = json.loads(key)
    return terms_of(headline, text, "en")


def indexed(
    stories: Iterable[Story], rules: Rules = RULES, old: RelatedIndex | None = None
) -> RelatedIndex:
    listed = subjects(stories)
    _PATHS.update((_number(subject.path), subject.path) for subject in listed)
    return update_index(subjects_of(listed), rules, fetch, old)


def place(index: RelatedIndex, path: str) -> int:
    return paths(index).index(path)


def paths(index: RelatedIndex) -> list[str]:
    """The paths of the stories, by position: the index knows only numbers for them."""
    return [_PATHS[number] for number in index.columns.digests[:, 0].tolist()]


def scores(index: RelatedIndex, path: str) -> dict[str, float]:
    """The paths of the stories ranked for one, best first, with their scores."""
    known = paths(index)
    return {known[p]: score for p, score in index.scores(place(index, path))}


def _number(path: str) -> int:
    return int(columns_of([Subject(path, "", (), 0)]).digests[0, 0])


_PATHS: dict[int, str] = {}
"""The paths of all stories that were indexed, by their numbers."""
