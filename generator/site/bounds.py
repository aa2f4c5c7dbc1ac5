"""Bounds of a whole site: what no newsroom has, and no machine could make pages of."""

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from generator.config import CONTENT
from generator.config.taxonomies import Taxonomy
from generator.errors import Problem
from generator.model import ArticleMatter, Library

MOST_NAMES = 50_000
"""Names in a taxonomy, of all stories: each has pages and perhaps a feed of its own."""


def within_bounds(
    library: Library, taxonomies: Iterable[Taxonomy]
) -> tuple[Library, list[Problem]]:
    """Return the library, without the names in a taxonomy if those of its stories are too many."""
    problems = []
    for taxonomy in taxonomies:
        name = taxonomy.name
        first = _first_beyond(library, name)
        if first:
            told = f"names in `{name}`" if name not in ("tags", "authors") else name
            what = f"with this text there are more than {MOST_NAMES:,} {told}"
            remedy = "use the same ones again in other stories, or take some out"
            problems.append(Problem(f"{CONTENT}/{first}", 0, what, remedy, field=(name,)))
            library = _without(library, name)
    return library, problems


def _first_beyond(library: Library, taxonomy: str) -> str:
    """Return the path of the story whose names are too many, with those of all before it;
    or "".
    """
    names: set[str] = set()
    for reading in library.readings:
        if isinstance(reading.matter, ArticleMatter):
            names.update(reading.matter.named(taxonomy))
            if len(names) > MOST_NAMES:
                return reading.path
    return ""


def _without(library: Library, taxonomy: str) -> Library:
    readings = (
        replace(reading, matter=_emptied(reading.matter, taxonomy))
        if isinstance(reading.matter, ArticleMatter)
        else reading
        for reading in library.readings
    )
    return replace(library, readings=tuple(readings))


def _emptied(matter: ArticleMatter, taxonomy: str) -> ArticleMatter:
    terms = {name: said for name, said in matter.terms.items() if name != taxonomy}
    emptied: dict[str, Any] = {
        "tags": {"tags": ()},
        "authors": {"author": (), "authors": ()},
        "section": {"section": ""},
        "series": {"series": ""},
    }
    return replace(matter, **emptied.get(taxonomy, {"terms": terms}))
