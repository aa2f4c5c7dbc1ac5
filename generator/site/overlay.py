"""A mapping of which a few values are others than before: nothing is copied for them."""

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

V = TypeVar("V")


class Overlay(Mapping[str, V], Generic[V]):
    """A mapping, read through its `changes`: of some keys other values, of some the first."""

    def __init__(self, below: Mapping[str, V], changes: Mapping[str, V]) -> None:
        self.below = below
        self.changes = changes

    def __getitem__(self, key: str) -> V:
        return self.changes[key] if key in self.changes else self.below[key]

    def __contains__(self, key: object) -> bool:
        return key in self.changes or key in self.below

    def __iter__(self) -> Iterator[str]:
        yield from self.below
        yield from (key for key in self.changes if key not in self.below)

    def __len__(self) -> int:
        return len(self.below) + sum(key not in self.below for key in self.changes)


def overlaid(below: Mapping[str, V], changes: Mapping[str, V]) -> Overlay[V]:
    """Return a mapping with these changes, and with those that it has already."""
    if isinstance(below, Overlay):
        return Overlay(below.below, {**below.changes, **changes})
    return Overlay(below, changes)


def changes_of(mapping: Mapping[str, V]) -> Mapping[str, V]:
    """Return what a mapping says otherwise than the one below it, if there is one."""
    return mapping.changes if isinstance(mapping, Overlay) else {}
