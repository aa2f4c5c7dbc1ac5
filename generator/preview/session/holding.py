"""Choose the files that are held as they last stood, for as they were saved they do not fit.

In comes a function that tells what is wrong if some files are held; out come the names of the
files to hold.
"""

from collections.abc import Callable, Iterable, Set
from typing import NamedTuple

from generator.config import CONTENT, SITE_TOML
from generator.errors import Problem, is_error

Flaw = tuple[str, str]
"""A mistake: the file that it is told of, and what is wrong."""
Names = frozenset[str]
_MOST = 24
"""Choices that are tried; one file with mistakes takes two."""


class Before(NamedTuple):
    """The files that were held the last time, and what was wrong with none held."""

    held: Names
    flaws: Set[Flaw]


def flaws_of(problems: Iterable[Problem]) -> frozenset[Flaw]:
    """Return the errors among problems, those of settings and layouts as mistakes of settings."""
    return frozenset(
        (problem.file if problem.file.startswith(f"{CONTENT}/") else SITE_TOML, problem.what)
        for problem in problems
        if is_error(problem)
    )


def held_back(flaws: Callable[[Names], Set[Flaw]], before: Before, new: Names) -> Names:
    """Return the files to be held so that as little as can be is wrong, and no more than that.

    `flaws` tells what is wrong with these files held. What comes to fit badly with a file that was
    held `before` is not at fault. `new` are all files that are not as they last stood: one of them
    is at fault where the file that a mistake is told of is not.
    """
    known: dict[Names, Set[Flaw]] = {}

    def wrong(held: Names) -> Set[Flaw]:
        if held not in known:
            known[held] = flaws(held)
        return known[held]

    def without(held: Names, some: Names) -> Names:
        """Return what still has to be held of `some`, beside all else that is held."""
        if not some or (len(known) >= _MOST and held - some not in known):
            return held
        if wrong(held - some) <= wrong(held):
            return held - some
        if len(some) == 1:
            return held
        ordered = sorted(some)
        half = frozenset(ordered[: len(ordered) // 2])
        return without(without(held, half), some - half)

    first = wrong(frozenset())
    if not first:
        return frozenset()
    held = before.held
    while found := wrong(held):
        more = {file for file, _ in found} - held or new - held
        if not more:
            break
        held |= more
    lasting = {file for file in before.held if _same(file, first, before.flaws)}
    return without(without(held, held - before.held), held & before.held - lasting)


def _same(file: str, first: Set[Flaw], before: Set[Flaw]) -> bool:
    """Return whether the mistakes that are told of a file are those of before."""
    now = {flaw for flaw in first if flaw[0] == file}
    return bool(now) and now == {flaw for flaw in before if flaw[0] == file}
