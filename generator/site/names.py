"""What the names in all texts mean: the terms of each taxonomy, their files, whose parts they are.

In comes the library, with the settings; out goes what assembling asks for names.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import UTC, datetime
from typing import Any, NamedTuple

from generator.config import Settings
from generator.config.taxonomies import Taxonomy, taxonomies_of
from generator.model import (
    Article,
    ArticleMatter,
    AuthorMatter,
    Library,
    Reading,
    TermMatter,
    term_key,
)
from generator.site.taxonomies import Filed, Register, Registers, Use, register
from generator.urls import stem_of_file


class Names(NamedTuple):
    """The names in each taxonomy, and their files (with front matter) by the slugs of those.

    `parents` lead from the key of a term to the slug of that which it is a part of.
    """

    taxonomies: Mapping[str, Taxonomy]
    registers: Registers
    files: Mapping[str, Mapping[str, tuple[Reading, Any]]]
    parents: Mapping[str, str]

    def slugs_of(self, matter: ArticleMatter, taxonomy: str) -> tuple[str, ...]:
        """Return the slugs of a story's names in a taxonomy."""
        known = self.registers[taxonomy].slugs
        return unique(known[name] for name in matter.named(taxonomy))

    def line(self, taxonomy: str, slug: str) -> tuple[str, ...]:
        """Return the slug of a term, and before it those of what it is a part of."""
        found = [slug]
        while parent := self.parents.get(term_key(taxonomy, found[0])):
            found.insert(0, parent)
        return tuple(found)

    def slugs_down_to(self, taxonomy: str, slugs: tuple[str, ...]) -> str:
        """Return the slugs down to a story's only term in a taxonomy; "" if it has none."""
        return "/".join(self.line(taxonomy, slugs[0])) if slugs else ""

    def keys_of(self, story: Article) -> tuple[str, ...]:
        """Return the keys of a story's terms, and of what those are parts of."""
        if not self.parents:
            return tuple(term_key(name, slug) for name in story.terms for slug in story.terms[name])
        keys = (
            term_key(name, above)
            for name, slugs in story.terms.items()
            for slug in slugs
            for above in self.line(name, slug)
        )
        return unique(keys)

    def url(self, taxonomy: str, slug: str) -> str:
        return self.taxonomies[taxonomy].path(*self.line(taxonomy, slug))


def names_in(library: Library, settings: Settings) -> Names:
    """Return what the names in all stories mean, even in those that are not shown now.

    So no address moves when a story comes or goes with the clock.
    """
    slugs, taxonomies = settings.slugging, taxonomies_of(settings)
    stories = [*readings_of(library, ArticleMatter)]
    found: dict[str, list[tuple[Reading, Any]]] = {name: [] for name in taxonomies}
    for reading, matter in readings_of(library, AuthorMatter | TermMatter):
        found[reading.path.partition("/")[0]].append((reading, matter))

    def known(taxonomy: str, files: list[tuple[Reading, Any]]) -> Register:
        def oldest(names: Set[str]) -> Use:
            having = (
                (matter.date, reading.path)
                for reading, matter in stories
                if not names.isdisjoint(matter.named(taxonomy))
            )
            return min(having, default=_NEVER)

        filed = [
            Filed(matter.name, stem_of_file(r.path), r.path, slugs.of_file(r.path))
            for r, matter in files
        ]
        used = {name for _, matter in stories for name in matter.named(taxonomy)}
        used |= {matter.parent for _, matter in files if getattr(matter, "parent", "")}
        return register(taxonomy, used, filed, slugs, oldest)

    registers = {name: known(name, files) for name, files in found.items()}
    by_slug = {
        name: {slugs.of_file(file[0].path): file for file in reversed(files)}
        for name, files in found.items()
    }
    return Names(taxonomies, registers, by_slug, _parents(registers, by_slug))


_NEVER: Use = (datetime.max.replace(tzinfo=UTC), "")
"""When a name was used first that no story has, but a term that is a part of it."""


def _parents(
    registers: Registers, files: Mapping[str, Mapping[str, tuple[Reading, Any]]]
) -> dict[str, str]:
    """Return of each term that is a part of another the slug of that, by its key.

    One that would be a part of itself is a part of none.
    """
    parents = {
        term_key(taxonomy, slug): registers[taxonomy].slugs[matter.parent]
        for taxonomy, by_slug in files.items()
        for slug, (_, matter) in by_slug.items()
        if isinstance(matter, TermMatter) and matter.parent
    }
    return {key: parent for key, parent in parents.items() if not _is_in_circle(key, parents)}


def _is_in_circle(key: str, parents: Mapping[str, str]) -> bool:
    """Return whether what a term is a part of leads back to it, or into a circle."""
    taxonomy, seen = key.partition("/")[0], set[str]()
    while key in parents and key not in seen:
        seen.add(key)
        key = term_key(taxonomy, parents[key])
    return key in seen


def readings_of(library: Library, kind: Any) -> Iterator[tuple[Reading, Any]]:
    """Yield the texts that have front matter of a kind, each with that."""
    return ((r, r.matter) for r in library.readings if isinstance(r.matter, kind))


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that are not empty, each once, in their order."""
    return tuple(dict.fromkeys(filter(None, names)))
