"""Which files are held as they last stood, because as they were saved they do not fit together."""

from collections.abc import Callable, Set

Flaw = tuple[str, str]
"""A mistake: the file that it is told of, and what is wrong."""
Names = frozenset[str]
_MOST = 24
"""Choices that are tried; one file with mistakes takes two."""


def held_back(flaws: Callable[[Names], Set[Flaw]], before: Names, new: Names) -> Names:
    """The files to be held so that as little as can be is wrong, and no more of them than that.

    `flaws` tells what is wrong with these files held. `before` are those that are held so far:
    what comes to fit badly with one of them is not at fault. `new` are all files that are not as
    they last stood: one of them is at fault where the file that a mistake is told of is not.
    """
    known: dict[Names, Set[Flaw]] = {}

    def wrong(held: Names) -> Set[Flaw]:
        if held not in known:
            known[held] = flaws(held)
        return known[held]

    def without(held: Names, some: Names) -> Names:
        """What still has to be held of `some`, beside all else that is held."""
        if not some or (len(known) >= _MOST and held - some not in known):
            return held
        if wrong(held - some) <= wrong(held):
            return held - some
        if len(some) == 1:
            return held
        ordered = sorted(some)
        half = frozenset(ordered[: len(ordered) // 2])
        return without(without(held, half), some - half)

    if not wrong(frozenset()):
        return frozenset()
    held = before
    while found := wrong(held):
        more = {file for file, _ in found} - held or new - held
        if not more:
            break
        held |= more
    return without(without(held, held - before), held & before)
