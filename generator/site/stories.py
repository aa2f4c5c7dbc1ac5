"""The stories of a site, and of all of them what is asked of all: where each is, and its headline.

What comes in are articles, or what was kept of them; what goes out is read like a list of them. Of
a site that was kept, each story is put together when it is asked for: an edit looks at a few.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import overload

import msgspec
from msgspec.structs import replace

from generator.content.texts import known
from generator.model import Article, ArticleMatter, State
from generator.site.summaries import summed_up
from generator.state.columns import Column

Readings = Callable[[Sequence[str]], Iterator[bytes]]
"""Returns what is kept of the texts at some content paths, in their order."""


class Place(msgspec.Struct, frozen=True, array_like=True):
    """What a site says of a story beside what its text says, and what is in the columns."""

    slug: str
    state: State
    authors: tuple[str, ...]
    terms: dict[str, tuple[str, ...]]
    pinned: tuple[str, ...]
    excluded: tuple[str, ...]


class Columns(msgspec.Struct, frozen=True):
    """The content paths, addresses and headlines of all stories, by position.

    `featured` are the ranks of those that an editor features.
    """

    paths: list[str]
    urls: list[str]
    titles: list[str]
    featured: dict[int, int]


def columns_of(articles: Sequence[Article]) -> Columns:
    """Return the columns of these stories."""
    if isinstance(articles, KeptStories):
        return articles.columns
    return Columns(
        [article.path for article in articles],
        [article.url for article in articles],
        [article.matter.title for article in articles],
        {n: rank for n, a in enumerate(articles) if (rank := a.matter.featured) is not None},
    )


def positions_of(articles: Sequence[Article], paths: Container[str]) -> list[int]:
    """Return the positions of the stories at these content paths, ascending."""
    if isinstance(articles, KeptStories):
        return [place for place, path in enumerate(articles.columns.paths) if path in paths]
    return [place for place, article in enumerate(articles) if article.path in paths]


def replaced(articles: Sequence[Article], words: Mapping[int, Article]) -> Sequence[Article]:
    """Return the stories with others at some positions, which differ in words alone."""
    if isinstance(articles, KeptStories):
        return articles.with_words(words)
    new = list(articles)
    for position, article in words.items():
        new[position] = article
    return tuple(new)


class KeptStories(Sequence[Article]):
    """Stories of which the `places` were kept, each encoded, and the `columns`.

    What else they say is in their texts' `readings`. `shared` are the openings that no excerpt has.
    `words` are those, by position, that are others since in words.
    """

    def __init__(
        self,
        places: Column,
        columns: Columns,
        readings: Readings,
        shared: frozenset[str],
        words: Mapping[int, Article] | None = None,
    ) -> None:
        self.places = places
        self.columns = columns
        self.words = dict(words or {})
        self._readings, self._shared = readings, shared
        self._known = self.words.copy()

    @overload
    def __getitem__(self, position: int) -> Article: ...

    @overload
    def __getitem__(self, position: slice) -> Sequence[Article]: ...

    def __getitem__(self, position: int | slice) -> Article | Sequence[Article]:
        if isinstance(position, slice):
            return [self[place] for place in range(len(self))[position]]
        place = range(len(self))[position]
        if place not in self._known:
            self._known[place] = next(self._made([place]))
        return self._known[place]

    def __iter__(self) -> Iterator[Article]:
        """Yield all stories; few of them are in memory at once."""
        for begin in range(0, len(self), _SOME):
            some = range(begin, min(begin + _SOME, len(self)))
            made = self._made([place for place in some if place not in self._known])
            yield from (self._known.get(place) or next(made) for place in some)

    def __len__(self) -> int:
        return len(self.places)

    def with_words(self, words: Mapping[int, Article]) -> "KeptStories":
        """Return the same stories, others at some positions, which differ in words alone."""
        titles = self.columns.titles.copy()
        for position, article in words.items():
            titles[position] = article.matter.title
        columns = replace(self.columns, titles=titles)
        words = {**self.words, **words}
        return KeptStories(self.places, columns, self._readings, self._shared, words)

    def _made(self, positions: Sequence[int]) -> Iterator[Article]:
        paths = [self.columns.paths[position] for position in positions]
        for position, path, blob in zip(positions, paths, self._readings(paths), strict=True):
            place = _PLACE.decode(self.places[position])
            reading, _ = known(blob, path)
            assert isinstance(reading.matter, ArticleMatter)
            yield Article(
                path,
                place.slug,
                self.columns.urls[position],
                place.state,
                reading.matter,
                summed_up(reading.body, self._shared),
                place.authors,
                place.terms,
                place.pinned,
                place.excluded,
            )


def places_of(articles: Sequence[Article]) -> Sequence[bytes] | Column:
    """Return the places of stories, each encoded."""
    if isinstance(articles, KeptStories):
        return articles.places
    encode = msgspec.msgpack.Encoder().encode
    return [
        encode(Place(a.slug, a.state, a.authors, a.terms, a.pinned, a.excluded)) for a in articles
    ]


_PLACE = msgspec.msgpack.Decoder(Place)
_SOME = 1024
