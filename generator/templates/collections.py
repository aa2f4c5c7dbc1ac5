"""What layouts have as `collections`: the items of those that they show, and of no others.

In comes a layout's source, taken apart, or the items of collections; out goes which of them it
reads, or what it is given.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

import msgspec
from jinja2 import nodes

from generator.codes import Code
from generator.config import SITE_TOML
from generator.errors import Problem
from generator.mismatch import nearest
from generator.templates.data_reads import binds
from generator.templates.views import ItemCard

NAME = "collections"
EVERY = "*"
"""In place of a name: any collection may be read."""


class Collections:
    """The items of collections by their names. One that is not there is an error."""

    def __init__(self, items: Mapping[str, tuple[ItemCard, ...]]) -> None:
        self._items = items

    def __getitem__(self, name: str) -> tuple[ItemCard, ...]:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    @property
    def known_names(self) -> tuple[str, ...]:
        """Return the names of those that are there."""
        return tuple(self._items)


NO_COLLECTIONS = Collections({})


def collections_read(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Yield the collections that a layout reads, and the lines: `EVERY` where it passes them on
    whole, works out a name, or means something of its own by theirs.
    """
    named = [name for name in tree.find_all(nodes.Name) if name.name == NAME]
    if not named:
        return
    if binds(tree, NAME):
        yield EVERY, 0
        return
    read = [(one.attr, one.lineno) for one in tree.find_all(nodes.Getattr) if _is_of(one.node)]
    read += [
        (str(one.arg.value), one.lineno)
        for one in tree.find_all(nodes.Getitem)
        if _is_of(one.node) and isinstance(one.arg, nodes.Const)
    ]
    if len(read) < len(named):
        yield EVERY, 0
    else:
        yield from read


def unknown_collection(file: str, line: int, name: str, known: Collection[str]) -> Problem:
    """Return the problem of a layout that shows a collection which is not declared."""
    close = nearest(name, sorted(known))
    remedy = f"declare it as [collections.{name}] in {SITE_TOML}"
    if known:
        remedy = f"known here: {', '.join(sorted(known))}"
    remedy = f"did you mean `{close}`?" if close else remedy
    what = f"`{NAME}` has no `{name}`"
    return Problem(file, line, what, remedy, code=Code.UNKNOWN_NAME)


def encoded_collections(items: Mapping[str, tuple[ItemCard, ...]], names: frozenset[str]) -> bytes:
    """Return the items of the collections of these names, encoded; nothing for none."""
    return msgspec.json.encode({name: items[name] for name in sorted(names)}) if names else b""


@lru_cache(maxsize=64)
def decoded_collections(encoded: bytes) -> Collections:
    """Return what a layout has as `collections`."""
    return Collections(_DECODER.decode(encoded)) if encoded else NO_COLLECTIONS


def _is_of(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Name) and node.name == NAME


_DECODER = msgspec.json.Decoder(dict[str, tuple[ItemCard, ...]])
