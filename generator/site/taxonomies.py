"""The names in a taxonomy: which of them are one, whose file is meant, what slug each has.

An address is made from a name and never stands for it: names that differ are different, even
where one address would do for both.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Set
from datetime import datetime
from hashlib import blake2b

import msgspec

from generator.model import Site, Term
from generator.slugs import Rule, Slugs

Fold = Callable[[str], str]
Use = tuple[datetime, str]
"""A story that has a name: its date and content path."""


class Filed(msgspec.Struct, frozen=True):
    """A name that has a file: as the file gives it, and the name of the file itself."""

    name: str
    stem: str
    path: str
    slug: str


class Apart(msgspec.Struct, frozen=True):
    """A name whose address is another's: `slug` is the one that it has got instead of `wanted`."""

    name: str
    wanted: str
    slug: str
    owner: str


class Register(msgspec.Struct, frozen=True):
    """All names in a taxonomy. `slugs` has that of each name as it is typed, "" if it gives none.

    `ambiguous` are names that several files have, each with the paths of those; `apart` are in
    the order of their slugs.
    """

    taxonomy: str
    slugs: Mapping[str, str]
    ambiguous: Mapping[str, tuple[str, ...]]
    apart: tuple[Apart, ...]


Registers = Mapping[str, Register]
"""The registers of all taxonomies, by their names."""


def folded(name: str) -> str:
    """Return what is the same for all spellings of one name.

    They differ in case, in white space, or in characters that Unicode has twice.
    """
    if name.isascii():
        return " ".join(name.lower().split())
    narrow = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", narrow).split())


def folded_term(name: str) -> str:
    """Return the same for all but people: of those "A.I." and "AI" are one too."""
    return _LETTER_AND_DOT.sub(r"\1", folded(name))


def fold_of(taxonomy: str) -> Fold:
    """Return what makes one of all spellings of a name in a taxonomy."""
    return folded if taxonomy == "authors" else folded_term


_LETTER_AND_DOT = re.compile(r"(?<!\w)([^\W\d_])\.")


def terms_of(site: Site, taxonomy: str) -> list[Term]:
    """Return the terms of a taxonomy, each of which has a page."""
    return [term for term in site.terms.values() if term.taxonomy == taxonomy]


def register(
    taxonomy: str,
    names: Iterable[str],
    files: Iterable[Filed],
    slugs: Slugs,
    oldest: Callable[[Set[str]], Use],
) -> Register:
    """Return the register of these names and files.

    `oldest` finds the oldest story that has one of some names.
    """
    files, fold = list(files), fold_of(taxonomy)
    by_name = _FilesByName(taxonomy, files, slugs, fold)
    told: dict[str, str] = {}
    ambiguous: dict[str, tuple[str, ...]] = {}
    free: dict[str, set[str]] = {}
    for name in set(names):
        found = by_name.find(name)
        if found:
            told[name] = found[0].slug
        else:
            free.setdefault(fold(name), set()).add(name)
        if len(found) > 1:
            ambiguous[name] = tuple(file.path for file in found)
    given, apart = _addresses(free, files, slugs, oldest)
    told |= {name: given[key] for key, spellings in free.items() for name in spellings}
    return Register(taxonomy, told, ambiguous, apart)


# ----------------------------------------------------------------------------- files


class _FilesByName:
    """The files by what they are called."""

    def __init__(self, taxonomy: str, files: list[Filed], slugs: Slugs, fold: Fold) -> None:
        self._fold = fold
        self._exact = _by(files, lambda file: [file.name])
        self._folded = _by(files, lambda file: [fold(file.name)])
        self._handles = _by(files, lambda file: _handles(file, slugs, fold))
        # A term is a word for a thing, and its file may be called by another; a person is not.
        words = files if taxonomy != "authors" else []
        self._stems = _by(words, lambda file: _words(file, slugs, fold))

    def find(self, name: str) -> list[Filed]:
        """Return the file that a name means; several if it does not say which,
        none if it means none.
        """
        key = self._fold(name)
        found = (
            self._exact.get(name)
            or self._folded.get(key)
            or self._handles.get(name)
            or self._stems.get(key)
            or []
        )
        return [file for file in found if file.stem == name] or found


def _handles(file: Filed, slugs: Slugs, fold: Fold) -> list[str]:
    """Return what means a file only if it is typed just so: its own name,
    and its name with hyphens.
    """
    handles = ["-".join(fold(file.name).split())]
    handles = [handle for handle in handles if "-" in handle]
    return [*handles, file.stem] if "-" in file.stem or _is_a_name(file, slugs) else handles


def _words(file: Filed, slugs: Slugs, fold: Fold) -> list[str]:
    """Return what a file's own name is as a name, its hyphens being spaces, if it is one."""
    stem = fold(file.stem)
    return [stem, " ".join(re.split(r"[-_\s]+", stem))] if _is_a_name(file, slugs) else []


def _is_a_name(file: Filed, slugs: Slugs) -> bool:
    """Return whether a file's own name is more than an address made from the name in it.

    That of `ai.md`, named "Artificial intelligence", is. That of `ano.md`, named "Año", has only
    lost its mark: "ano" is another word.
    """
    return file.stem not in {Slugs(rule, lang).of(file.name) for rule, lang in _rules(slugs)}


def _rules(slugs: Slugs) -> set[tuple[Rule, str]]:
    """Return the rules by which somebody may have named a file."""
    languages = {slugs.language, "de", "da"}
    return {("ascii", ""), ("unicode", ""), *(("language", tag) for tag in languages)}


def _by(files: list[Filed], keys: Callable[[Filed], list[str]]) -> dict[str, list[Filed]]:
    found: dict[str, list[Filed]] = {}
    for file in files:
        for key in dict.fromkeys(keys(file)):
            found.setdefault(key, []).append(file)
    return found


# ------------------------------------------------------------------------- addresses


def _addresses(
    free: Mapping[str, set[str]],
    files: Iterable[Filed],
    slugs: Slugs,
    oldest: Callable[[Set[str]], Use],
) -> tuple[dict[str, str], tuple[Apart, ...]]:
    """Return the slug of each name that has no file, by its key,
    and those that had to stand apart.
    """
    owners = {file.slug: file.name for file in files}
    wanted: dict[str, list[str]] = {}
    for key, spellings in free.items():
        wanted.setdefault(min(map(slugs.of, spellings)), []).append(key)
    given: dict[str, str] = {}
    second: list[tuple[str, str]] = []
    for slug, keys in wanted.items():
        if not slug:
            given |= dict.fromkeys(keys, "")
            continue
        if len(keys) > 1:
            keys = sorted(keys, key=lambda key: (oldest(free[key]), key))
        if slug not in owners:
            owners[slug] = min(free[keys[0]])
            given[keys.pop(0)] = slug
        second += [(slug, key) for key in keys]
    apart = []
    for slug, key in sorted(second):
        own = _own_slug(slug, key, owners)
        owners[own] = given[key] = own
        apart.append(Apart(min(free[key]), slug, own, owners[slug]))
    return given, tuple(apart)


def _own_slug(slug: str, key: str, taken: Mapping[str, str]) -> str:
    """Return a slug with an end made from the name's own letters: no other name can move it."""
    number = int.from_bytes(blake2b(key.encode(errors="surrogatepass"), digest_size=16).digest())
    end = ""
    while len(end) < _END or f"{slug}-{end}" in taken:
        number, digit = divmod(number, len(_SIGNS))
        end += _SIGNS[digit]
    return f"{slug}-{end}"


_END = 4
_SIGNS = "23456789bcdfghjkmnpqrstvwxyz"
"""No vowels, so that no word comes about; nothing that looks like something else."""
