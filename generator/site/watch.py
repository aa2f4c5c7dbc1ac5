"""Who looks at what: a site that notices which of its values each page is made from.

A page's view is a function of the values it reads. Those are noted while it is made; the
next build makes the view again only if one of them has changed. What is noted are facts,
such as the article at a path or the stories of a tag, by name; nobody keeps a list of them.
"""

import sys
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, partial
from importlib import import_module
from operator import attrgetter
from types import FunctionType
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload
from zlib import crc32

import msgspec

from generator.model import Article, Site
from generator.site.partial import partial_site
from generator.site.stories import columns_of, replaced

C = TypeVar("C")
P = ParamSpec("P")
V = TypeVar("V")
Facts = Mapping[str, Any]

ALL = "*"
"""In place of a key: all facts of a family, in their order."""
_GONE = object()


class Watched(Generic[C, V]):
    """A function of a watched site and of some keys: its value is known to be as it was.

    It is worked out anew only when a fact has changed that it looked up. So it may hold keys, by
    which it looks things up, and never a value of the site, which nobody would notice to be
    another: the function is one of a module, without a closure or defaults, and keys are texts,
    numbers and tuples of such. Raises `TypeError` for any other, when it is made.
    """

    __slots__ = ("_function", "_keys")

    def __init__(
        self, function: Callable[Concatenate[C, P], V], *keys: P.args, **named: P.kwargs
    ) -> None:
        check_function(function)
        if named or not _are_keys(keys):
            raise TypeError(f"{function.__qualname__} is watched and may hold keys alone: {keys}")
        self._function: Callable[..., V] = function
        self._keys = keys

    def __call__(self, context: C) -> V:
        return self._function(context, *self._keys)

    @property
    def name(self) -> tuple[str, str, tuple[Any, ...]]:
        """Return the function's module and name, and the keys: by these it is made again."""
        return self._function.__module__, self._function.__qualname__, self._keys

    @staticmethod
    def named(module: str, function: str, keys: Sequence[Any]) -> "Watched[Any, Any]":
        """Return the function of this name and keys. Lists among those stand for tuples."""
        known: Callable[..., Any] = attrgetter(function)(import_module(module))
        return Watched(known, *map(_as_key, keys))


class Unwatched(Generic[C, V]):
    """A function of a site and of any values: it is worked out anew each time."""

    __slots__ = ("_function", "_values")

    def __init__(
        self, function: Callable[Concatenate[C, P], V], *values: P.args, **named: P.kwargs
    ) -> None:
        self._function = partial(function, **named) if named else function
        self._values = values

    def __call__(self, context: C) -> V:
        return self._function(context, *self._values)  # type: ignore[call-arg]


@cache
def check_function(function: Callable[..., Any]) -> None:
    """Raise `TypeError` unless a function is one of a module, by its name, and holds no values."""
    if not isinstance(function, FunctionType) or _named_as(function) is not function:
        raise TypeError(f"{function!r} is no function of a module: it may hold values of the site")
    if function.__closure__ or function.__defaults__ or function.__kwdefaults__:
        raise TypeError(f"{function!r} holds values of its own, which may be those of the site")


def _named_as(function: FunctionType) -> object:
    """Return what a function's name leads to from its module, if anything."""
    found: object = sys.modules.get(function.__module__)
    for name in function.__qualname__.split("."):
        found = getattr(found, name, None)
    return found


def _are_keys(values: tuple[object, ...]) -> bool:
    """Return whether all values are plain data, and none of them a value of the site."""
    return all(
        type(value) in _KEYS or (type(value) is tuple and _are_keys(value)) for value in values
    )


def _as_key(value: Any) -> Any:
    return tuple(map(_as_key, value)) if isinstance(value, list) else value


_KEYS = {str, int, bool, type(None)}


_Made = dict[object, tuple[Any, tuple[int, ...]]]
_MOST_MADE = 32_768
"""So many values are held that are made once, and at most as many that were made before those."""


class Watch:
    """The facts of one site, in families, and which of them were `seen`."""

    def __init__(self) -> None:
        self.seen: set[int] = set()
        self.families: dict[str, Callable[[], Facts]] = {}
        self._made: _Made = {}
        self._made_before: _Made = {}

    def once(self, key: object, make: Callable[[], V]) -> V:
        """Return what `make` returns for a key; what it looked at is noted each time.

        It is made once, and again when it was not asked for in a long while: of a large archive
        less is held than there is.
        """
        made = self._made.get(key)
        if made is None:
            made = self._made_before.pop(key, None) or self._with_facts(make)
            if len(self._made) == _MOST_MADE:
                self._made, self._made_before = {}, self._made
            self._made[key] = made
        value, facts = made
        self.seen.update(facts)
        return value  # type: ignore[no-any-return]

    def _with_facts(self, make: Callable[[], V]) -> tuple[V, tuple[int, ...]]:
        value, seen = self.noted(make)
        return value, tuple(seen)  # a set takes four times the memory

    def noted(self, make: Callable[[], V]) -> tuple[V, set[int]]:
        """Return what `make` returns, and the numbers of the facts that it alone looked at."""
        outer, self.seen = self.seen, set()
        try:
            return make(), self.seen
        finally:
            self.seen = outer

    def forget(self, facts: Container[int]) -> None:
        """Let go of what was made from these facts, by their numbers: they are others now."""
        for made in (self._made, self._made_before):
            stale = [key for key, (_, seen) in made.items() if any(n in facts for n in seen)]
            for key in stale:
                del made[key]

    def family(
        self, name: str, values: Mapping[str, V], facts: Callable[[], Facts] | None = None
    ) -> "Family[V]":
        """Return these values, watched. `facts` gives what is compared in their place, by key.

        Raises `ValueError` for a name that another family has.
        """
        if name in self.families:
            raise ValueError(f"there is a family of facts already that is named {name!r}")
        self.families[name] = facts or (lambda: values)
        return Family(self, name, values)

    def changed(self, before: Mapping[str, Callable[[], Facts]]) -> set[int]:
        """Return the numbers of the facts of these families that are not as they were `before`."""
        return {
            number
            for name, facts in before.items()
            for number in _differences(name, facts(), self.families[name]())
        }


class Family(Mapping[str, V], Generic[V]):
    """A mapping that is watched: what is looked up is noted, even if it is not there."""

    __slots__ = ("_numbers", "_values", "_watch")

    def __init__(self, watch: Watch, name: str, values: Mapping[str, V]) -> None:
        self._watch = watch
        self._values = values
        self._numbers = _Numbers(name)

    def __getitem__(self, key: str) -> V:
        self._watch.seen.add(self._numbers[key])
        return self._values[key]

    def __contains__(self, key: object) -> bool:
        self._watch.seen.add(self._numbers[key])
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        self._watch.seen.add(self._numbers[ALL])
        return iter(self._values)

    def __len__(self) -> int:
        self._watch.seen.add(self._numbers[ALL])
        return len(self._values)


class _Numbers(dict[object, int]):
    """The numbers of a family's facts, by key, each worked out when it is first asked for."""

    def __init__(self, family: str) -> None:
        super().__init__()
        self._family = family

    def __missing__(self, key: object) -> int:
        number = self[key] = number_of(self._family, key)
        return number


class Later(Mapping[str, V], Generic[V]):
    """A mapping that is made when it is first looked into."""

    def __init__(self, make: Callable[[], Mapping[str, V]]) -> None:
        self._make = make

    def __getitem__(self, key: str) -> V:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    @cached_property
    def _values(self) -> Mapping[str, V]:
        return self._make()


class ByPath(Mapping[str, V], Generic[V]):
    """What is known of each story, by its content path: a function of its position gives it."""

    def __init__(self, paths: Sequence[str], at: Callable[[int], V]) -> None:
        self._paths = paths
        self._at = at

    def __getitem__(self, path: str) -> V:
        return self._at(self._positions[path])

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {path: position for position, path in enumerate(self._paths)}


class Articles(Sequence[Article]):
    """The stories by position, watched by their paths: positions move with every new story."""

    def __init__(self, watch: Watch, articles: Sequence[Article]) -> None:
        self._articles = articles
        self._paths = columns_of(articles).paths
        by_path = ByPath(self._paths, self._at)
        self._each = watch.family("article", by_path, partial(exact, by_path))
        self._order = watch.family("order", {"": tuple(self._paths)})

    @overload
    def __getitem__(self, position: int) -> Article: ...

    @overload
    def __getitem__(self, position: slice) -> Sequence[Article]: ...

    def __getitem__(self, position: int | slice) -> Article | Sequence[Article]:
        if isinstance(position, slice):
            return [self[place] for place in range(len(self))[position]]
        return self._each[self._paths[position]]

    def put(self, articles: Mapping[int, Article]) -> None:
        """Let articles stand at these positions, each in place of that of the same path."""
        self._articles = replaced(self._articles, articles)

    def _at(self, position: int) -> Article:
        return self._articles[position]

    def __iter__(self) -> Iterator[Article]:
        _ = len(self._each), len(self)
        return iter(self._articles)

    def __len__(self) -> int:
        return len(self._order[""])


def watched(site: Site, articles: Articles, watch: Watch) -> Site:
    """Return the same site, watched, with these as its articles.

    To read a value of it that is not watched raises `TypeError`.
    """
    return partial_site(
        "nobody would notice that it is another; watch it as a family",
        articles=articles,
        authors=watch.family("author", site.authors),
        by_author=watch.family(
            "by author", site.by_author, partial(by_paths, site, site.by_author)
        ),
        terms=watch.family("term", site.terms),
        by_term=watch.family("by term", site.by_term, partial(by_paths, site, site.by_term)),
        by_month=watch.family("by month", site.by_month, partial(by_paths, site, site.by_month)),
        promos=watch.family("promo", site.promos),
        files=watch.family("file", site.files),
        addresses=watch.family("address", site.addresses),
        decomposed=watch.family("decomposed", site.decomposed),
        anchors=watch.family("anchors", site.anchors),
        items=watch.family("item", site.items, partial(exact, site.items)),
        by_collection=watch.family("collection", site.by_collection),
    )


def exact(values: Facts) -> dict[str, bytes]:
    """Return values encoded: moments that are the same in two zones are not shown the same."""
    encode = msgspec.json.Encoder().encode
    return {key: encode(value) for key, value in values.items()}


def by_paths(site: Site, positions: Mapping[str, Iterable[int]]) -> dict[str, tuple[str, ...]]:
    """Return the paths of the stories at these positions, by the same keys."""
    paths = columns_of(site.articles).paths
    return {key: tuple(paths[place] for place in places) for key, places in positions.items()}


def _differences(name: str, old: Facts, new: Facts) -> Iterator[int]:
    """Yield the numbers of a family's facts that differ; that of all of them, if any does."""
    if old is new:
        return
    keys = [key for key, value in new.items() if old.get(key, _GONE) != value]
    keys += old.keys() - new.keys()
    if keys or list(old) != list(new):
        yield from (number_of(name, key) for key in [*keys, ALL])


def number_of(name: str, key: object = ALL) -> int:
    """Return the number, of 32 bits, of one fact of a family, or of all of them.

    Two facts with one number only wake a page too many.
    """
    return crc32(f"{name}:{key}".encode(errors="surrogatepass"))
