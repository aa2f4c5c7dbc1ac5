"""Arrange a site as far as what is new in its files fits.

In come a library as it was read, and what is shown. Out come the site to show now, and what is
wrong with it.
"""

from collections.abc import Callable, Iterator, Set
from typing import NamedTuple, TypeAlias

from generator.config import SITE_TOML, Settings
from generator.errors import Problem
from generator.model import Library
from generator.preview.session.holding import Before, Flaw, Names, flaws_of, held_back
from generator.preview.session.planned_site import PlannedSite
from generator.preview.session.shown import Shown
from generator.preview.session.state import Findings
from generator.templates.loader import Layouts


class Frame(NamedTuple):
    """What frames the content of a site."""

    settings: Settings
    layouts: Layouts


class Arrangement(NamedTuple):
    """A site arranged from a library, and its mistakes, once they are asked for."""

    library: Library
    planned: PlannedSite
    mistakes: Iterator[Problem]


class Last(NamedTuple):
    """What is shown until now, and what was wrong with that."""

    shown: Shown
    frame: Frame
    findings: Findings


Arrange: TypeAlias = Callable[[Library, Frame], Arrangement]


def all_shown(arrange: Arrange, library: Library, frame: Frame) -> tuple[Arrangement, Findings]:
    """Return the site with all that it is made of, whatever is wrong with it."""
    made = arrange(library, frame)
    problems = tuple(made.mistakes)
    return made, Findings(problems, shown_flaws=flaws_of(problems))


def as_far_as_it_fits(
    arrange: Arrange, library: Library, frame: Frame, last: Last
) -> tuple[Arrangement, Findings]:
    """Return the site with what does not fit as it was shown last.

    The problems found are those of all as it was saved.
    """
    library = last.shown.without_broken(library)
    new = last.shown.differing(library) | (frozenset() if frame == last.frame else {SITE_TOML})
    known = last.findings
    made: dict[Names, Arrangement] = {}
    mistakes: dict[Names, list[Problem]] = {}

    def holding(held: Names) -> Arrangement:
        made.clear()  # each is large, and the last one is nearly always taken
        about = last.frame if SITE_TOML in held else frame
        made[held] = arrange(last.shown.holding(library, held), about)
        return made[held]

    def flaws(held: Names) -> Set[Flaw]:
        mistakes[held] = [*holding(held).mistakes]
        loose = new - held
        return {f for f in flaws_of(mistakes[held]) if f not in known.shown_flaws or f[0] in loose}

    held = held_back(flaws, Before(known.held, flaws_of(known.problems)), new)
    findings = Findings(tuple(mistakes[frozenset()]), held, flaws_of(mistakes[held]))
    return made.get(held) or holding(held), findings
