"""Bounds of a whole site: what no newsroom has, and no machine could make pages of."""

from msgspec.structs import replace

from generator.config import CONTENT
from generator.errors import Problem
from generator.model import ArticleMatter, Library

MOST_NAMES = 50_000
"""Tags, or authors, of all stories: each has pages and a feed of its own."""


def within_bounds(library: Library) -> tuple[Library, list[Problem]]:
    """Return the library, without the tags or authors of its stories if those are too many."""
    problems = []
    for field, kind in (("tags", "tags"), ("names", "authors")):
        first = _first_beyond(library, field)
        if first:
            what = f"with this text there are more than {MOST_NAMES:,} {kind}"
            remedy = "use the same ones again in other stories, or take some out"
            problems.append(Problem(f"{CONTENT}/{first}", 0, what, remedy, field=(kind,)))
            library = _without(library, kind)
    return library, problems


def _first_beyond(library: Library, field: str) -> str:
    """Return the path of the story whose names are too many, with those of all before it;
    or "".
    """
    names: set[str] = set()
    for reading in library.readings:
        if isinstance(reading.matter, ArticleMatter):
            names.update(getattr(reading.matter, field))
            if len(names) > MOST_NAMES:
                return reading.path
    return ""


def _without(library: Library, kind: str) -> Library:
    emptied = {"tags": ()} if kind == "tags" else {"author": (), "authors": ()}
    readings = (
        replace(reading, matter=replace(reading.matter, **emptied))
        if isinstance(reading.matter, ArticleMatter)
        else reading
        for reading in library.readings
    )
    return replace(library, readings=tuple(readings))
