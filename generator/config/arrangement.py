"""What is wrong with how a site arranges itself: its addresses, taxonomies, layouts.

In comes the raw table of settings, out go problems, each with its line.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from generator.config.collection_checks import NAME, mistakes_of_collections
from generator.config.settings import CONTENT, Addresses
from generator.config.taxonomies import ASKED_BESIDE_TERMS, COME_ALONG, IN_ADDRESSES, SLUG
from generator.errors import Problem, visible
from generator.fields import fields_of, value_at
from generator.globs import bad_glob
from generator.model import ArticleMatter
from generator.schema import Door
from generator.urls import bad_own_path, own_path


def mistakes_of_arrangement(raw: dict[str, Any], door: Door) -> Iterator[Problem]:
    """Yield what in `[addresses]`, `[taxonomies]`, `[collections]` and `[layouts]` is wrong."""
    yield from _mistakes_of_addresses(raw, door)
    yield from _mistakes_of_taxonomies(raw, door)
    yield from mistakes_of_collections(raw, door, _TAKEN)
    yield from _mistakes_of_layouts(raw, door)


def _mistakes_of_addresses(raw: dict[str, Any], door: Door) -> Iterator[Problem]:
    """Yield what in `[addresses]` is no address, or is there twice."""
    table = value_at(raw, ("addresses",))
    known = msgspec.structs.asdict(Addresses())
    given = table if isinstance(table, dict) else {}
    made = known.keys() - (set() if "podcast" in raw else {"podcast"})
    owners = {known[name]: name for name in known if name in made - given.keys()}
    for name, address in given.items():
        if name not in known or not isinstance(address, str):
            continue  # the types say so
        reason, remedy = _bad_own_address(name, address, known[name])
        owner = owners.setdefault(own_path(address), name)
        if not reason and owner != name:
            reason, remedy = f"it is the address of `{owner}` already", "choose another"
        if reason:
            what = f'addresses.{name}: "{visible(address)}": {reason}'
            yield door.problem(("addresses", name), what, remedy)


def _bad_own_address(name: str, address: str, usual: str) -> tuple[str, str]:
    """Say why what Broadsheet makes cannot stand at an address, and what to do; else nothing."""
    if reason := bad_own_path(address):
        return reason, f'write a path such as "{usual}"'
    if usual.endswith("/"):
        return ("", "") if address.endswith("/") else ("it is no folder", f'write "{address}/"')
    endings = _ENDINGS.get(name, (".xml",))
    if address.endswith(endings):
        return "", ""
    return "hosts would call it something else", f"let it end with {' or '.join(endings)}"


def _mistakes_of_taxonomies(raw: dict[str, Any], door: Door) -> Iterator[Problem]:
    """Yield what in `[taxonomies]` cannot be sorted by, or where its terms cannot stand."""
    tables = value_at(raw, ("taxonomies",))
    for name, table in tables.items() if isinstance(tables, dict) else ():
        here = ("taxonomies", name)
        if wrong := _bad_taxonomy(name):
            yield door.problem(here, f"taxonomies.{name}: {wrong[0]}", wrong[1])
            continue
        permalink, usual = value_at(table, ("permalink",)), f"/{name}/{{slug}}/"
        if isinstance(permalink, str) and (reason := _bad_home(permalink)):
            what = f'taxonomies.{name}.permalink: "{visible(permalink)}": {reason}'
            yield door.problem((*here, "permalink"), what, f'write a pattern such as "{usual}"')
        if name in COME_ALONG and value_at(table, ("many",)):
            what = f"taxonomies.{name}.many: a story has one {name} alone"
            yield door.problem((*here, "many"), what, "take it out, or declare another taxonomy")


def _bad_taxonomy(name: str) -> tuple[str, str] | None:
    """Say why nothing can be sorted under a name, and what to do."""
    if name in IN_ADDRESSES:
        return f"{name} are there already", f"their address is addresses.{name}"
    if not NAME.fullmatch(name):
        return "it is a field of stories and a folder", 'name it as in "places" or "our_cities"'
    if name in fields_of(ArticleMatter) and name not in COME_ALONG:
        return "stories have a field of that name already", "choose another name"
    if name in ASKED_BESIDE_TERMS:
        return f"layouts say something else by it in stories({name}=…)", "choose another name"
    if name in _TAKEN:
        return f"{CONTENT}/{name}/ is for something else", "choose another name"
    return None


def _bad_home(permalink: str) -> str:
    """Say why no term can stand at what a pattern makes, or an empty string."""
    if not permalink.endswith(f"/{SLUG}"):
        return 'it does not end with "/{slug}/"'
    home = permalink.removesuffix(SLUG)
    return "" if home == "/" else bad_own_path(home)


_TAKEN = ("articles", "pages", "promos", "issues", "sponsors", "assets", "extra")
"""Folders of `content/` that are, or shall be, something else."""

_ENDINGS = {
    "json": (".json",),
    "feed": (".xml", ".atom"),
    "rss": (".xml", ".rss"),
    "podcast": (".xml", ".rss"),
}
"""How the names of feeds end, for which hosts tell readers of feeds what they are."""


def _mistakes_of_layouts(raw: dict[str, Any], door: Door) -> Iterator[Problem]:
    """Yield rows of `[layouts]` that are for no texts."""
    table = value_at(raw, ("layouts",))
    for glob in table if isinstance(table, dict) else ():
        if reason := bad_glob(glob):
            what = f'layouts: "{glob}" is no pattern of files: {reason}'
            yield door.problem(("layouts", glob), what, 'write one such as "articles/opinion/**"')
