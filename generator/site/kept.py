"""The addresses and the ids of all texts, as a site that was kept has them: in columns.

What comes in are columns; what goes out is read like a mapping, and of it nothing is put together
but what is asked for.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import msgspec

from generator.model import Anchors
from generator.site.anchors import place_of
from generator.state.columns import Column


class KeptAddresses(Mapping[str, str]):
    """Addresses by content path: those of texts, whose `paths` ascend, and after them `others`."""

    def __init__(self, paths: list[str], urls: list[str], others: Mapping[str, str]) -> None:
        self._paths, self._urls, self._others = paths, urls, others

    def __getitem__(self, path: str) -> str:
        row = bisect_left(self._paths, path)
        if row < len(self._paths) and self._paths[row] == path:
            return self._urls[row]
        return self._others[path]

    def __iter__(self) -> Iterator[str]:
        yield from self._paths
        yield from self._others

    def __len__(self) -> int:
        return len(self._paths) + len(self._others)


class KeptAnchors(Mapping[str, Anchors]):
    """Anchors by place: those of stories, `encoded`, "" for none, and after them `others`.

    The stories have these `urls`.
    """

    def __init__(self, urls: Sequence[str], encoded: Column, others: Mapping[str, Anchors]) -> None:
        self._urls, self._encoded, self._others = urls, encoded, others

    def __getitem__(self, place: str) -> Anchors:
        encoded = self._by_place.get(place)
        return _ANCHORS.decode(encoded) if encoded else self._others[place]

    def __contains__(self, place: object) -> bool:
        return place in self._by_place or place in self._others

    def __iter__(self) -> Iterator[str]:
        yield from self._by_place
        yield from self._others

    def __len__(self) -> int:
        return len(self._by_place) + len(self._others)

    @cached_property
    def _by_place(self) -> dict[str, bytes]:
        pairs = zip(self._urls, self._encoded, strict=True)
        return {place_of(url): encoded for url, encoded in pairs if encoded}


def encoded_anchors(anchors: Mapping[str, Anchors], urls: Sequence[str]) -> list[bytes]:
    """Return the anchors of the stories at these addresses, each encoded; "" for none."""
    encode = msgspec.msgpack.Encoder().encode
    found = (anchors.get(place_of(url)) for url in urls)
    return [encode(one) if one else b"" for one in found]


_ANCHORS = msgspec.msgpack.Decoder(Anchors)
