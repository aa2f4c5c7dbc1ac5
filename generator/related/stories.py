"""The stories of a site, as far as relating asks for every one of them.

In comes a site, out come its stories in columns, and their positions by path and by address. What
is known of another state of the site is asked for again only of articles that are others there.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from generator.model import Article, Site
from generator.related.subjects import Columns, Subject, Subjects, Voice, columns_of
from generator.site.stories import KeptStories
from generator.site.stories import columns_of as told_of


class Stories:
    """The stories of a site. `last` are those of another state of it, if that is known.

    Of stories that were kept, the columns that they had then may be `known`.
    """

    def __init__(
        self, site: Site, last: "Stories | None" = None, known: Columns | None = None
    ) -> None:
        self._articles = site.articles
        others = _others(last._articles, site.articles) if last else None
        if known is not None and isinstance(site.articles, KeptStories):
            words = site.articles.words
            new = columns_of(map(subject_of, words.values()))
            self._columns = known.put(np.array([*words], np.intp), new)
            self._places = _Places(site.articles)
        elif last is None or others is None:
            self._columns = columns_of(map(subject_of, site.articles))
            self._places = _Places(site.articles)
        else:
            new = columns_of(subject_of(site.articles[place]) for place in others)
            self._columns = last._columns.put(np.array(others, np.intp), new)
            stay = all(_are_alike(last._articles[p], site.articles[p]) for p in others)
            self._places = last._places if stay else _Places(site.articles)

    @property
    def columns(self) -> Columns:
        """Return the columns of the stories."""
        return self._columns

    @property
    def subjects(self) -> Subjects:
        """Return the stories as the index knows them."""
        articles = self._articles
        return Subjects(self._columns, lambda position: subject_of(articles[position]))

    @property
    def by_path(self) -> Mapping[str, int]:
        """Return the position of each story by its content path."""
        return self._places.by_path

    @property
    def by_url(self) -> Mapping[str, int]:
        """Return the position of each story by its address."""
        return self._places.by_url

    def voice(self, position: int) -> Voice:
        """Return who speaks in the story at a position."""
        return _voice(self._articles[position])


class _Places:
    """Where each article stands; worked out when that is first asked for."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = articles

    @cached_property
    def by_path(self) -> Mapping[str, int]:
        return {path: place for place, path in enumerate(told_of(self._articles).paths)}

    @cached_property
    def by_url(self) -> Mapping[str, int]:
        return {url: place for place, url in enumerate(told_of(self._articles).urls)}


def subject_of(article: Article) -> Subject:
    """Return a story as the index knows it."""
    return Subject(
        path=article.path,
        terms=article.body.terms,
        tags=article.tags,
        moment=round(article.matter.date.timestamp() * 1_000_000),
        voice=_voice(article),
    )


def _voice(article: Article) -> Voice:
    source = article.matter.source
    return Voice(source.name if source else "", article.authors)


def _others(before: Sequence[Article], now: Sequence[Article]) -> list[int] | None:
    """Return where another article stands now; None if there are more or less of them."""
    if len(before) != len(now):
        return None
    pairs = enumerate(zip(before, now, strict=True))
    return [place for place, (one, other) in pairs if one is not other]


def _are_alike(one: Article, other: Article) -> bool:
    return (one.path, one.url) == (other.path, other.url)
