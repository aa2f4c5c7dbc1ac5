"""The editions of a site of several languages: the settings of each follow from `[languages]`.

An edition is a site of its own, of the texts in one language. All of its addresses begin with its
prefix; what it does not share with the others is its title, menu, labels and the like.
"""

import re
from collections.abc import Iterator
from typing import Any

from msgspec.structs import asdict, replace

from generator.codes import Code
from generator.config.collections import collections_of, pattern_of
from generator.config.settings import PAGES, Addresses, Language, OwnTaxonomy, Settings
from generator.config.taxonomies import (
    COME_ALONG,
    IN_ADDRESSES,
    SLUG,
    Taxonomy,
    taxonomies_of,
)
from generator.errors import Problem, visible
from generator.fields import value_at
from generator.mismatch import nearest
from generator.schema import Door
from generator.urls import bad_own_path, bad_permalink, own_path


class PrefixedAddresses(Addresses, frozen=True):
    """Where all stands that Broadsheet makes by itself for an edition with a prefix."""

    prefix: str = "/"

    @property
    def front(self) -> str:
        return self.prefix


def editions_of(settings: Settings) -> dict[str, Settings]:
    """Return the settings of each edition but that of the main language, by its tag."""
    return {tag: _edition(settings, tag, said) for tag, said in settings.languages.items()}


def prefix_of(tag: str, said: Language) -> str:
    """Return what all addresses of an edition begin with."""
    return own_path(said.prefix) if said.prefix else f"/{tag.lower()}/"


def _edition(settings: Settings, tag: str, said: Language) -> Settings:
    prefix = prefix_of(tag, said)

    def below(path: str) -> str:
        return prefix + path.removeprefix("/")

    addresses = asdict(settings.addresses)
    permalinks = settings.permalinks | {"pages/**": settings.permalinks.get("pages/**", PAGES)}
    return replace(
        settings,
        title=said.title or settings.title,
        tagline=said.tagline,
        description=said.description,
        language=tag,
        permalink=below(settings.permalink),
        permalinks={files: below(pattern) for files, pattern in permalinks.items()},
        addresses=PrefixedAddresses(**{k: below(v) for k, v in addresses.items()}, prefix=prefix),
        taxonomies={
            name: _below(prefix, taxonomy, said)
            for name, taxonomy in taxonomies_of(settings).items()
            if name not in IN_ADDRESSES
        },
        collections={
            name: replace(
                own,
                title=said.titles.get(name, own.title),
                permalink=below(pattern_of(name, own)),
                list=below(collection.list),
            )
            for (name, own), collection in zip(
                settings.collections.items(), collections_of(settings).values(), strict=True
            )
        },
        menu=said.menu,
        labels=said.labels,
        extra=settings.extra | said.extra,
        languages={},
        front=replace(settings.front, sections=said.sections),
        look=replace(settings.look, footer=said.footer or settings.look.footer),
        feeds=replace(settings.feeds, aliases=()),
        podcast=replace(settings.podcast, description="") if settings.podcast else None,
    )


def _below(prefix: str, taxonomy: Taxonomy, said: Language) -> OwnTaxonomy:
    title = said.titles.get(taxonomy.name, taxonomy.title)
    permalink = f"{prefix}{taxonomy.home.removeprefix('/')}{SLUG}"
    return OwnTaxonomy(title, permalink, taxonomy.feed, taxonomy.many)


# ------------------------------------------------------------------- what is wrong with them


def is_language(tag: str) -> bool:
    """Return whether a tag, such as "de-AT", is that of a language."""
    from babel import Locale, UnknownLocaleError

    if not _TAG.fullmatch(tag):
        return False
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*")
"""A tag as BCP 47 has it: what Babel reads besides, such as "de@euro", no page may say."""


def mistakes_of_languages(raw: dict[str, Any], door: Door) -> Iterator[Problem]:
    """Yield what in `[languages]` is no language, is there twice, or has no place of its own."""
    tables = value_at(raw, ("languages",))
    main = str(raw.get("language", Settings(title="", url="").language))
    names, places = {main.lower(): "language"}, dict(_places(raw))
    for tag, table in tables.items() if isinstance(tables, dict) else ():
        here = ("languages", tag)
        owner = names.setdefault(tag.lower(), f"languages.{tag}")
        if not is_language(tag):
            what = f'languages.{tag}: "{visible(tag)}" is no language'
            yield door.problem(here, what, 'write a tag such as "de" or "pt-BR"')
        elif owner == "language":
            what = f"languages.{tag}: it is the language of the site already"
            yield door.problem(here, what, "take it out, or change `language`")
        elif owner != f"languages.{tag}":
            what = f"languages.{tag}: it is the same as {owner}"
            yield door.problem(here, what, "take one of the two out")
        elif isinstance(table, dict):
            yield from _mistakes_of_prefix(tag, table.get("prefix", ""), places, door)
            yield from _mistakes_of_titles(tag, table.get("titles"), raw, door)


def _mistakes_of_prefix(
    tag: str, written: Any, places: dict[str, str], door: Door
) -> Iterator[Problem]:
    """Yield why nothing can stand below a prefix; one that can is put among the `places`."""
    if isinstance(written, bool | dict | list):
        return  # the types say so
    written = str(written)
    reason, remedy = _bad_prefix(written) if written else "", f'write one such as "/{tag}/"'
    prefix = prefix_of(tag, Language(prefix=written))
    if not reason and (owner := places.setdefault(prefix.casefold(), f"languages.{tag}")):
        is_taken = owner != f"languages.{tag}"
        reason = f"it is the address of {owner} already" if is_taken else ""
        remedy = "choose another"
    if reason:
        what = f'languages.{tag}.prefix: "{visible(written or prefix)}": {reason}'
        path = ("languages", tag, "prefix") if written else ("languages", tag)
        yield door.problem(path, what, remedy)


def _mistakes_of_titles(
    tag: str, titles: Any, raw: dict[str, Any], door: Door
) -> Iterator[Problem]:
    """Yield titles of taxonomies and collections that there are none of."""
    known = {*COME_ALONG.difference(IN_ADDRESSES)}
    for table in ("taxonomies", "collections"):
        declared = value_at(raw, (table,))
        known |= declared.keys() if isinstance(declared, dict) else set()
    for name in titles if isinstance(titles, dict) else ():
        if name not in known:
            what = f'languages.{tag}.titles: there is no taxonomy "{visible(name)}"'
            close = nearest(name, sorted(known))
            remedy = f"did you mean `{close}`?" if close else "take it out"
            if name in IN_ADDRESSES:
                remedy = f"what {name} are called is said in [languages.{tag}.labels]"
            path = ("languages", tag, "titles", name)
            yield door.problem(path, what, remedy, code=Code.UNKNOWN_NAME)


def _bad_prefix(written: str) -> str:
    if reason := bad_own_path(written) or bad_permalink(f"{written}{SLUG}"):
        return reason
    return "" if written.endswith("/") else "it is no folder"


def _places(raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the folders in which Broadsheet makes pages for the main language, with the setting."""
    given = value_at(raw, ("addresses",))
    written = given if isinstance(given, dict) else {}
    for name, usual in asdict(Addresses()).items():
        address = written.get(name, usual)
        if isinstance(address, str) and address.endswith("/"):
            yield own_path(address).casefold(), f"addresses.{name}"
    tables = value_at(raw, ("taxonomies",))
    for name, table in tables.items() if isinstance(tables, dict) else ():
        permalink = value_at(table, ("permalink",)) or f"/{name}/{SLUG}"
        if isinstance(permalink, str) and permalink.removesuffix(SLUG) != "/":
            yield own_path(permalink.removesuffix(SLUG)).casefold(), f"taxonomies.{name}"
    tables = value_at(raw, ("collections",))
    for name, table in tables.items() if isinstance(tables, dict) else ():
        path = value_at(table, ("list",)) or f"/{name}/"
        if isinstance(path, str):
            yield own_path(path).casefold(), f"collections.{name}"
