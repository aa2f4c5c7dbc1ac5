"""Which layout a text chooses: by a field of its own, else by a pattern of the settings.

In come content paths and fields, out go names of layouts, and what is wrong with those.
"""

import posixpath
from collections.abc import Collection, Iterator, Mapping
from itertools import chain

from generator.codes import Code
from generator.config import CONTENT, LAYOUTS, SITE_TOML, Settings
from generator.errors import Problem, visible
from generator.globs import glob
from generator.mismatch import nearest
from generator.model import Article, Item, Site, StaticPage
from generator.site.cards import FOLDER as CARDS
from generator.site.cards import STORY, chosen_layout

_ENDING, _DRAWING = ".html", ".svg"


def layout_of(path: str, own: str, by_files: Mapping[str, str]) -> str:
    """Return the layout that the text at a content path chooses; "" if that of its kind will do.

    `own` is what its field says. One without an ending is another generator's, and means nothing.
    """
    if own.endswith(_ENDING):
        return own
    return next((by_files[files] for files in by_files if glob(files).matches(path)), "")


def mistakes_of_layouts(
    site: Site, settings: Settings, known: Collection[str]
) -> Iterator[Problem]:
    """Yield the layouts that texts or the settings choose, and that there are none of."""
    for path, own in _chosen(site):
        if own and own not in known:
            yield _unknown(f"{CONTENT}/{path}", ("layout",), own, known, path=path)
    for files, name in settings.layouts.items():
        if name not in known:
            yield _unknown(SITE_TOML, ("layouts", files), name, known, "layouts")
    yield from _mistakes_of_cards(site, settings, known)
    for name, said in settings.collections.items():
        for field, layout in (("layout", said.layout), ("list_layout", said.list_layout)):
            if layout and layout not in known:
                here = ("collections", name, field)
                yield _unknown(SITE_TOML, here, layout, known, ".".join(here))


def _mistakes_of_cards(site: Site, settings: Settings, known: Collection[str]) -> Iterator[Problem]:
    """Yield the layouts of share cards that texts choose, and that there are none of."""
    if settings.cards is None:
        return
    for text in chain[Article | StaticPage | Item](site.articles, site.pages, site.items.values()):
        own = text.matter.card
        name = chosen_layout(own) if isinstance(own, str) and own else STORY
        if name not in known or not name.endswith(_DRAWING):
            yield _unknown_card(f"{CONTENT}/{text.path}", str(own), known)


def _chosen(site: Site) -> Iterator[tuple[str, str]]:
    """Yield what each text says of its layout."""
    yield from ((story.path, story.matter.layout) for story in site.articles)
    yield from ((page.path, page.matter.layout) for page in site.pages)
    yield from ((item.path, item.matter.layout) for item in site.items.values())
    yield from ((term.path, term.layout) for term in site.terms.values())
    yield from ((author.path, author.matter.layout) for author in site.authors.values())


def _unknown(
    file: str,
    field: tuple[str, ...],
    name: str,
    known: Collection[str],
    told: str = "layout",
    path: str = "",
) -> Problem:
    what = f'{told}: there is no layout "{visible(name)}"'
    if path and not name.endswith(_ENDING):
        remedy = f"take it out, or name a file in {LAYOUTS}/ with its ending {_ENDING}"
        return Problem(file, 0, what, remedy, "warning", field, code=Code.UNKNOWN_NAME)
    pages = [one for one in known if one.endswith(_ENDING) and "/" not in one]
    close = nearest(name, pages, likeness=0.7, form=lambda one: one.removesuffix(_ENDING))
    remedy = f'did you mean "{close}"?' if close else f"add {LAYOUTS}/{name}, or mend the name"
    return Problem(file, 0, what, remedy, field=field, code=Code.UNKNOWN_NAME)


def _unknown_card(file: str, name: str, known: Collection[str]) -> Problem:
    what = f'card: there is no layout "{visible(name)}" of cards'
    drawings = [one.removeprefix(CARDS) for one in known if one.startswith(CARDS)]
    there = [one for one in drawings if one.endswith(_DRAWING)]
    close = nearest(name, there, likeness=0.7, form=lambda one: one.removesuffix(_DRAWING))
    stem, ending = posixpath.splitext(name)
    if close:
        remedy = f'did you mean "{close}"?'
    elif "/" in name or ending not in ("", _DRAWING):
        remedy = f'write the name of a file in {LAYOUTS}/{CARDS}, such as "{there[0]}"'
    else:
        remedy = f"add {LAYOUTS}/{CARDS}{visible(stem)}{_DRAWING}"
    return Problem(file, 0, what, remedy, field=("card",), code=Code.UNKNOWN_NAME)
