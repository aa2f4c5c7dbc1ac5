"""The names of files, and which of them a name that is none of them was meant to be."""

import posixpath
import re
from bisect import bisect
from collections.abc import Iterable
from functools import cached_property

from generator.mismatch import nearest
from generator.slugs import Slugs
from generator.urls import is_text


class FileNames:
    """The content paths that there are. They are looked at when something is asked of them."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = paths
        self._likest: dict[str, str] = {}

    def like(self, wanted: str) -> str:
        """Return the path most like the wanted one, or an empty string.

        The same name with another ending, in other case or in another folder comes first, then
        one that is a letter off, then one that is much alike.
        """
        if wanted not in self._likest:
            self._likest[wanted] = self._like(wanted)
        return self._likest[wanted]

    def _like(self, wanted: str) -> str:
        for slug in dict.fromkeys((_slug(wanted), _slug(f"{wanted}.md"))):
            named = self._by_slug.get(slug) or self._by_slug.get(self._alike(slug), [])
            if found := [path for path in named if _may_be(wanted, path)]:
                return min(found, key=lambda path: _distance(wanted, path))
        return ""

    def _alike(self, slug: str) -> str:
        near = self._neighbours(slug)
        for other in near:
            if len(slug) >= _LEAST and _is_letter_off(slug, other):
                return other
        return nearest(slug, near, _RATIO)

    def _neighbours(self, slug: str) -> list[str]:
        """Return names that begin or end as this one does: so few that many may be asked for."""
        forth, back = self._sorted, self._reversed
        place, other = bisect(forth, slug), bisect(back, slug[::-1])
        near = forth[max(0, place - _SOME) : place + _SOME]
        ends = back[max(0, other - _SOME) : other + _SOME]
        return list(dict.fromkeys([*near, *(name[::-1] for name in ends)]))

    @cached_property
    def _by_slug(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self._paths:
            found.setdefault(_slug(path), []).append(path)
        found.pop("", None)
        return found

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._by_slug)

    @cached_property
    def _reversed(self) -> list[str]:
        return sorted(name[::-1] for name in self._by_slug)


def _may_be(wanted: str, path: str) -> bool:
    """Return whether a file is of the kind that is wanted: a text, or what is copied."""
    ending = _ending(wanted)
    if ending in _TEXTS:
        return is_text(path)
    return not is_text(path) or not _FILE.fullmatch(ending)


def _distance(wanted: str, path: str) -> tuple[bool, bool, bool, str]:
    """Return how far a path is from the wanted one whose name it has,
    to be compared with others.
    """
    return (
        _ending(path) not in (_ending(wanted), ".md"),
        posixpath.dirname(path) != posixpath.dirname(wanted),
        posixpath.basename(path).casefold() != posixpath.basename(wanted).casefold(),
        path,
    )


def _ending(path: str) -> str:
    return posixpath.splitext(path)[1].lower()


def _is_letter_off(one: str, other: str) -> bool:
    """Return whether a letter too many, too few or another one, or two swapped,
    tell two names apart.
    """
    start = len(posixpath.commonprefix([one, other]))
    one, other = one[start:], other[start:]
    end = len(posixpath.commonprefix([one[::-1], other[::-1]]))
    left, right = one[: len(one) - end], other[: len(other) - end]
    return max(len(left), len(right)) < 2 or (len(left) == 2 and left == right[::-1])


_slug = Slugs().of_file
"""Whatever the site's own rule is: names are alike by it or not."""
_TEXTS = (".md", ".markdown", ".htm", ".html")
_FILE = re.compile(r"\.[a-z]\w{1,4}")
_LEAST = 3
"""Letters of a name that may have a wrong one among them."""
_RATIO = 0.85
_SOME = 16
