"""What is wrong with the files of terms: with what they are parts of, their pictures, their use."""

from collections.abc import Iterable, Iterator, Mapping

from generator.codes import Code
from generator.config import CONTENT
from generator.errors import Problem, visible
from generator.mismatch import nearest
from generator.model import Article, Library, Reading, Site, TermMatter, term_key
from generator.site.file_names import FileNames
from generator.site.links import missing_file
from generator.site.taxonomies import Registers
from generator.slugs import Slugs


def mistakes_of_terms(
    library: Library,
    stories: Iterable[Article],
    site: Site,
    registers: Registers,
    slugs: Slugs,
    there: FileNames,
) -> Iterator[Problem]:
    """Yield what is wrong with the files of terms.

    `stories` are all that may be shown some day: what they name has a use. Where one could not be
    read nobody knows what it names, so nothing is said to be unknown or without a use.
    """
    files = {key: reading for reading in library.readings if (key := _key(reading, slugs))}
    used = {term_key(name, slug) for s in stories for name in s.terms for slug in s.terms[name]}
    parents = {key: _parent(key, reading, registers) for key, reading in files.items()}
    known = {*files, *used}
    are_all_read = library.has_all_names
    needed = {above for key in used for above in _line(key, parents)}
    for key, reading in files.items():
        matter = reading.matter
        assert isinstance(matter, TermMatter)
        if matter.image:
            yield from missing_file(site, reading.path, matter.image.src, ("image", "src"), there)
        if matter.parent:
            known_parents = known if are_all_read else {*known, parents[key]}
            yield from _mistakes_of_parent(key, reading, matter.parent, parents, known_parents)
        if are_all_read and key not in needed:
            yield _unused(reading, matter.name, registers[key.partition("/")[0]].slugs)


def _key(reading: Reading, slugs: Slugs) -> str:
    if not isinstance(reading.matter, TermMatter):
        return ""
    return term_key(reading.path.partition("/")[0], slugs.of_file(reading.path))


def _parent(key: str, reading: Reading, registers: Registers) -> str:
    """Return the key of what the term in a file is a part of; "" if it is of none."""
    taxonomy, matter = key.partition("/")[0], reading.matter
    named = matter.parent if isinstance(matter, TermMatter) else ""
    return term_key(taxonomy, registers[taxonomy].slugs[named]) if named else ""


def _line(key: str, parents: Mapping[str, str]) -> list[str]:
    """Return the keys of a term and of all that it is a part of, each once."""
    found: list[str] = []
    while key and key not in found:
        found.append(key)
        key = parents.get(key, "")
    return found


def _mistakes_of_parent(
    key: str, reading: Reading, named: str, parents: Mapping[str, str], known: set[str]
) -> Iterator[Problem]:
    taxonomy, parent = key.partition("/")[0], parents[key]
    what = remedy = ""
    if parents.get(_line(key, parents)[-1], ""):
        what = f'"{visible(named)}" is a part of this one, or of itself'
        remedy = "take out one of the two"
    elif parent not in known:
        names = [one.partition("/")[2] for one in known if one.startswith(f"{taxonomy}/")]
        close = _like(named, names)
        what = f'there is no "{visible(named)}" in {CONTENT}/{taxonomy}/, nor in any story'
        remedy = f'did you mean "{close}"?' if close else "add its file, or mend the name"
    if what:
        file, field = f"{CONTENT}/{reading.path}", ("parent",)
        yield Problem(file, 0, f"parent: {what}", remedy, field=field, code=Code.UNKNOWN_NAME)


def _like(name: str, known: Iterable[str]) -> str:
    """Return the name that another is a misspelling of, in any case; or an empty string."""
    return nearest(name, known, likeness=0.75, form=str.casefold)


def _unused(reading: Reading, name: str, used: Mapping[str, str]) -> Problem:
    """Return the warning of a term that no story has, and that so has no page."""
    close = _like(name, (other for other in used if other != name))
    what = f'no story has "{visible(name)}", so it has no page'
    remedy = f'is it "{close}" in the stories?' if close else "name it in a story, or take it out"
    return Problem(f"{CONTENT}/{reading.path}", 0, what, remedy, "warning", ("name",))
