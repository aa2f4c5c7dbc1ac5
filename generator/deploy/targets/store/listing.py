"""What a bucket holds: a host tells a thousand objects at a time, so it is asked in several
places at once.
"""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING

import obstore

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import ObjectStore

PAGE = 1000
"""Objects in an answer, at most."""
_AT_ONCE = 8
_PLAIN = re.compile(r"[\w/.-]+", re.ASCII)
"""Paths that no client or host writes in another way."""


def listed(store: "ObjectStore", expected: Sequence[str]) -> list["ObjectMeta"]:
    """Return all objects of a store that tells them in the order of their paths' bytes.

    `expected` are paths that may well be there, in order: some of them are where to begin. If it
    turns out that the store keeps no order, it is asked for all once more.
    """
    step = max(PAGE, len(expected) // _AT_ONCE + 1)
    marks = ["", *filter(_PLAIN.fullmatch, expected[step::step]), ""]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        parts = list(pool.map(lambda ends: _between(store, *ends), pairwise(marks)))
    if None in parts:
        return [meta for page in obstore.list(store, chunk_size=PAGE) for meta in page]
    return [meta for part in parts for meta in part or ()]


def _between(store: "ObjectStore", after: str, until: str) -> list["ObjectMeta"] | None:
    """Return the objects after one path until the other ("": no such end); None if not in order."""
    found: list[ObjectMeta] = []
    for page in obstore.list(store, offset=after or None, chunk_size=PAGE):
        if not _is_in_order(found[-1]["path"] if found else after, page):
            return None
        found += page
        if until and found and found[-1]["path"] > until:
            break
    return [meta for meta in found if not until or meta["path"] <= until]


def _is_in_order(after: str, metas: Sequence["ObjectMeta"]) -> bool:
    paths = [after, *(meta["path"] for meta in metas)]
    return all(one < next_ for one, next_ in pairwise(paths))
