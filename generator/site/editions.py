"""A site of several languages: from one content, a site for each of them.

What comes in is the library of all texts; what goes out is the site in the main language, and an
edition in each of the others. There a text goes by the name that it would have without its
language: `summit.de.md` is `summit.md`. So all that holds for a site holds for an edition, and a
link leads to what is there in its language, else to what is in another.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from generator.codes import Code
from generator.config import CONTENT, SITE_TOML, Settings
from generator.config.editions import editions_of, is_language
from generator.content.names import in_language
from generator.errors import Problem
from generator.model import AuthorMatter, BodyInfo, Library, Reading, Site
from generator.site.assemble import Draft, Edition, anchors_in, assemble, drafted, with_files


class Editions(NamedTuple):
    """A site in its main language and in all others, and what is wrong, if that is asked for."""

    site: Site
    others: tuple[Edition, ...]
    problems: Iterator[Problem]


def assemble_all(
    library: Library, settings: Settings, at: datetime, drafts: bool = False
) -> Editions:
    """Return the site in each of its languages; see `assemble`."""
    if not settings.languages:
        site, problems = assemble(library, settings, at, drafts)
        return Editions(site, (), problems)
    every_settings = [settings, *editions_of(settings).values()]
    names, twice = _names(library, [*settings.languages])
    parts = [*_parts(library, names)]
    drafted_of = zip(parts, every_settings, strict=True)
    every = _joined([drafted(part.library, own, at, drafts) for part, own in drafted_of])
    anchors = _first_of(map(anchors_in, every))
    known = _addresses(every, parts, settings)
    made = [draft.finished(some, anchors) for draft, some in zip(every, known, strict=True)]
    editions = (
        Edition(own, site, part.names)
        for own, (site, _), part in zip(every_settings, made, parts, strict=True)
    )
    amiss = (told_of_files(wrong, part.names) for (_, wrong), part in zip(made, parts, strict=True))
    site, others = made[0][0], [*editions][1:]
    idle = _without_texts(parts, [*settings.languages])
    shared = _shared_ids(every, parts)
    return Editions(site, tuple(others), _once_each(chain(twice, idle, shared, *amiss)))


# -------------------------------------------------------------------------- their texts


class _Part(NamedTuple):
    """The texts in one language, by names that lead to their files."""

    library: Library
    names: Mapping[str, str]


def _parts(library: Library, names: Sequence[Mapping[str, str]]) -> Iterator[_Part]:
    """Yield the texts in each language, the main one first.

    What is there in other languages alone counts as unread, so that to name it is held against
    nobody. The authors of the main language are lent to those that have no text of theirs.
    """
    by_path = {reading.path: reading for reading in library.readings}
    every = dict.fromkeys(sorted(plain for known in names for plain in known), _UNREAD)
    for own in names:
        there = [(plain, by_path[path]) for plain, path in own.items() if path in by_path]
        lent = [*_lent(by_path[path] for path in names[0].values() - own.keys() if path in by_path)]
        readings = [*lent, *(replace(reading, path=plain) for plain, reading in there)]
        unread = {plain: body for plain, body in every.items() if plain not in own}
        elsewhere = frozenset(unread)
        unread |= {p: library.unread[file] for p, file in own.items() if file in library.unread}
        part = replace(
            library,
            readings=tuple(sorted(readings, key=lambda reading: reading.path)),
            unread=unread,
            lent=frozenset(reading.path for reading in lent),
            elsewhere=elsewhere,
        )
        yield _Part(part, own)


def _names(
    library: Library, languages: Sequence[str]
) -> tuple[list[dict[str, str]], list[Problem]]:
    """Return for each language the names of its texts, which lead to files; and what is wrong."""
    names: dict[str, dict[str, str]] = {language: {} for language in ("", *languages)}
    twice = []
    for path in sorted([*(reading.path for reading in library.readings), *library.unread]):
        plain, language = in_language(path, languages)
        other = names[language].setdefault(plain, path)
        if other != path:
            twice.append(_twice(path, other, language))
    return [*names.values()], twice


def _lent(readings: Iterable[Reading]) -> Iterator[Reading]:
    """Yield the authors among these, less what is in a language and what is theirs there alone."""
    for reading in readings:
        if isinstance(reading.matter, AuthorMatter):
            matter = replace(reading.matter, role="", aliases=())
            yield replace(reading, matter=matter, body=_UNREAD)


_UNREAD = BodyInfo("")


def _twice(path: str, other: str, language: str) -> Problem:
    what = f'it is in the language "{language}" what {CONTENT}/{other} is already'
    return Problem(f"{CONTENT}/{path}", 1, what, "take one of the two out", code=Code.ADDRESS_TAKEN)


# ----------------------------------------------------------------- where their texts stand


def _joined(every: Sequence[Draft]) -> list[Draft]:
    """Return the drafts, each of which knows the names of files that only others have texts of, and
    what terms are called in others.
    """
    decomposed = _first_of(draft.site.decomposed for draft in every)
    named = [_named(draft.site) for draft in every]
    called = [_of_all(draft.site.called, named) for draft in every]
    return [
        draft._replace(site=replace(draft.site, decomposed=decomposed, called=own))
        for draft, own in zip(every, called, strict=True)
    ]


def _named(site: Site) -> dict[str, dict[str, str]]:
    """Return the slugs of the terms in a language by all that they are called, by taxonomy."""
    found = {taxonomy: dict(names) for taxonomy, names in site.called.items()}
    for term in site.terms.values():
        found.setdefault(term.taxonomy, {}).update({term.slug: term.slug, term.name: term.slug})
    for slug, author in site.authors.items():
        found.setdefault("authors", {}).update({slug: slug, author.matter.name: slug})
    return found


def _of_all(
    own: Mapping[str, Mapping[str, str]], every: Sequence[Mapping[str, Mapping[str, str]]]
) -> dict[str, dict[str, str]]:
    """Return what terms are called in one language, and where that says nothing in the others."""
    taxonomies = dict.fromkeys(taxonomy for named in every for taxonomy in named)
    return {
        taxonomy: _first_of([own.get(taxonomy, {}), *(named.get(taxonomy, {}) for named in every)])
        for taxonomy in taxonomies
    }


def _addresses(
    every: Sequence[Draft], parts: Sequence[_Part], settings: Settings
) -> Iterator[dict[str, str]]:
    """Yield for each language where all texts and files are: a text in that, else in another.

    Files stand where they do in the main language. A text is known by the name of its file, too.
    """
    own = [draft.site.addresses for draft in every]
    by_file = {
        part.names.get(path, path): address
        for some, part in zip(own, parts, strict=True)
        for path, address in some.items()
        if path in part.names
    }
    files: Mapping[str, str] = {}
    for place, some in enumerate(own):
        others = [*own[:place], *own[place + 1 :]]
        texts = by_file | _first_of([some, *others])
        if not place:
            files = with_files(texts, every[0].library, settings)
        yield texts | {path: files[path] for path in every[0].library.files}


V = TypeVar("V")


def _first_of(tables: Iterable[Mapping[str, V]]) -> dict[str, V]:
    """Return all that is in these tables: of what is in several, the first that is not empty."""
    found: dict[str, V] = {}
    for table in tables:
        found |= {key: value for key, value in table.items() if not found.get(key)}
    return found


# ---------------------------------------------------------------------- what is wrong


def _without_texts(parts: Sequence[_Part], languages: Sequence[str]) -> Iterator[Problem]:
    """Yield the languages that no text is in."""
    for language, part in zip(languages, parts[1:], strict=True):
        if not part.names:
            what = f"languages.{language}: no text is in this language"
            remedy = f"translate one: {CONTENT}/articles/NAME.{language}.md"
            yield Problem(SITE_TOML, 0, what, remedy, "warning", ("languages", language))


def undeclared(library: Library, settings: Settings) -> Iterator[Problem]:
    """Yield the texts that seem to be translations, into languages that are not declared.

    As long as those are not, they are stories and pages of their own. So are those that are named
    after the main language.
    """
    for path, suffix in _seem_translated(library):
        if not in_language(path, [*settings.languages, settings.language])[1]:
            what = f'its name says "{suffix}", which is no language of this site'
            remedy = f"add [languages.{suffix}] to {SITE_TOML}, or rename the file"
            yield Problem(f"{CONTENT}/{path}", 1, what, remedy, "warning")
    for reading in library.readings if settings.languages else ():
        plain, language = in_language(reading.path, [settings.language])
        if language:
            what = f'its name says "{language}", which the texts of this site are in without that'
            remedy = f"rename it to {posixpath.basename(plain)}"
            yield Problem(f"{CONTENT}/{reading.path}", 1, what, remedy, "warning")


def without_translations(library: Library) -> Library:
    """Return a library in which what seems to be a translation counts as unread.

    It serves where nobody knows which languages there are.
    """
    paths = dict(_seem_translated(library))
    readings = tuple(reading for reading in library.readings if reading.path not in paths)
    return replace(
        library, readings=readings, unread=library.unread | dict.fromkeys(paths, _UNREAD)
    )


def _seem_translated(library: Library) -> Iterator[tuple[str, str]]:
    """Yield the texts whose names say a language and stand beside the same without one."""
    paths = [reading.path for reading in library.readings if reading.path.count(".") > 1]
    named = [(path, found[1]) for path in paths if (found := _SUFFIXED.fullmatch(path))]
    there = {reading.path for reading in library.readings} if named else set()
    for path, suffix in named:
        if in_language(path, [suffix])[0] in there and is_language(suffix):
            yield path, suffix


_SUFFIXED = re.compile(r".*[^/]\.([a-z]{2}(?:-[a-z]{2})?)\.(?:md|markdown)", re.IGNORECASE)


def told_of_files(problems: Iterable[Problem], names: Mapping[str, str]) -> Iterator[Problem]:
    """Yield problems that name texts as an edition does, each with the names of the files."""

    files = {f"{CONTENT}/{path}": f"{CONTENT}/{file}" for path, file in names.items()}

    def named(text: str) -> str:
        return _FILE.sub(lambda match: files.get(match[0], match[0]), text)

    for problem in problems:
        file = files.get(problem.file, problem.file)
        yield replace(problem, file=file, what=named(problem.what), remedy=named(problem.remedy))


_FILE = re.compile(rf"{CONTENT}/\S+?\.(?:md|markdown)(?![\w.])", re.IGNORECASE)


def _shared_ids(every: Sequence[Draft], parts: Sequence[_Part]) -> Iterator[Problem]:
    """Yield the stories that have the `id` of one in another language, as copied fields do."""
    owners: dict[str, tuple[int, str]] = {}
    for number, (draft, part) in enumerate(zip(every, parts, strict=True)):
        for story in draft.stories:
            if identity := story.matter.id:
                file = f"{CONTENT}/{part.names.get(story.path, story.path)}"
                language, owner = owners.setdefault(identity, (number, file))
                if language != number:
                    what = f"id: it is that of {owner} already, in another language"
                    remedy = "take it out: a translation is a story of its own in feeds"
                    yield Problem(file, 0, what, remedy, field=("id",), code=Code.ID_TAKEN)


def _once_each(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems, those once that are of all languages."""
    yield from dict.fromkeys(problems)
