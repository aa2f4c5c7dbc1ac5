"""Fragments of addresses: the id that each means in the text it leads to."""

import re
from collections.abc import Container, Iterator
from functools import cache, lru_cache, partial
from urllib.parse import unquote

from generator.codes import Code
from generator.config import CONTENT
from generator.errors import Problem
from generator.mismatch import nearest
from generator.model import Anchors, BodyInfo, Site
from generator.site.links import Bodies, destination, page_of
from generator.slugs import slugify
from generator.urls import composed


def anchors_of(body: BodyInfo) -> Anchors | None:
    """Return the anchors of a text; None if nobody has read it yet."""
    if body.anchors is None:
        return None
    own = _own(body)
    is_aside = bool(body.anchors) and all(anchor.startswith(own) for anchor in body.anchors)
    return Anchors(body.anchors, own if is_aside else "")


def place_of(address: str) -> str:
    """Return the one name for a page, however its address is written: what anchors are found by."""
    return unquote(page_of(address)).removesuffix("index.html").rstrip("/")


def with_anchor(site: Site, found: str, body: BodyInfo) -> str:
    """Return a destination from a text with that `body`, its fragment the very id that is meant."""
    place, _, fragment = found.partition("#")
    name, directive, words = fragment.partition(_DIRECTIVE)
    there = _anchors_at(site, place, body) if name else None
    return f"{place}#{_id(there, name) or name}{directive}{words}" if there else found


def unknown_anchors(site: Site, texts: Bodies, provided: Container[str]) -> Iterator[Problem]:
    """Yield a warning for every fragment that is no id of the text that it leads to.

    `provided` are the ids that layouts bring along.
    """
    homes = cache(partial(_homes, site))
    for path, body in texts:
        for reference in body.references:
            if "#" not in reference.target:
                continue
            place, _, fragment = (destination(site, path, reference.target) or "").partition("#")
            name = fragment.partition(_DIRECTIVE)[0].removeprefix(_own(body))
            there = _anchors_at(site, place, body)
            if there is None or _is_anywhere(name, provided) or _id(there, name):
                continue
            home = homes().get(place_of(place)) if place else path
            file = f"{CONTENT}/{home}" if home else place  # that is hidden by a translation of it
            what = f'there is no heading or id "{name}" in {file}'
            remedy = _remedy(there, name)
            source, line = f"{CONTENT}/{path}", reference.line
            yield Problem(source, line, what, remedy, "warning", code=Code.DEAD_LINK)


def led_into(site: Site, texts: Bodies) -> dict[str, tuple[str, ...]]:
    """Return the places that these texts lead to with a fragment, with the paths of the texts."""
    found: dict[str, dict[str, None]] = {}
    for path, body in texts:
        for reference in body.references:
            if "#" in reference.target[1:]:  # one that begins with it leads into its own text
                place = place_of(destination(site, path, reference.target) or "")
                found.setdefault(place, {})[path] = None
    return {place: tuple(paths) for place, paths in found.items()}


def _own(body: BodyInfo) -> str:
    """Return what `read.prose` puts before the ids of a text that stands on the pages of others."""
    return f"{body.key[:6]}-"


def _anchors_at(site: Site, place: str, body: BodyInfo) -> Anchors | None:
    """Return the anchors of the text at an address, "" being that of the `body`;
    None if it is none.
    """
    return site.anchors.get(place_of(place)) if place else anchors_of(body)


def _is_anywhere(name: str, provided: Container[str]) -> bool:
    """Return whether a fragment may be named anywhere: browsers know the top of each page.

    A note that nobody refers to leads back to nothing, and no editor wrote that link.
    """
    is_common = not name or name.lower() == "top" or _BACK.match(name)
    return bool(is_common) or name in provided or unquote(name) in provided


def _id(there: Anchors, name: str) -> str:
    """Return the fragment that leads to what is named: it may be spelled as the heading is."""
    if name in there.ids or unquote(name) in there.ids:
        return name
    return _by_form(there).get(_form(unquote(name.removeprefix(there.own))), "")


@lru_cache(maxsize=1024)
def _by_form(there: Anchors) -> dict[str, str]:
    return {_form(anchor.removeprefix(there.own)): anchor for anchor in reversed(there.ids)}


def _form(name: str) -> str:
    return slugify(name) or composed(name).casefold()


def _homes(site: Site) -> dict[str, str]:
    """Return the content path of what stands at each place."""
    return {place_of(address): path for path, address in site.addresses.items() if address}


def _remedy(there: Anchors, name: str) -> str:
    forms = {_form(a.removeprefix(there.own)): a.removeprefix(there.own) for a in there.ids}
    if near := nearest(_form(unquote(name)), [*forms][:_MANY]):
        return f"did you mean #{forms[near]}?"
    headings = [anchor for anchor in forms.values() if not anchor.startswith("fn")]
    if not headings:
        return "that text has none: take the fragment out"
    shown = [f"#{anchor}" for anchor in headings[:_FEW]]
    more = [f"{len(headings) - _FEW} more"] if len(headings) > _FEW else []
    return f"there {'is' if len(headings) == 1 else 'are'} {', '.join([*shown, *more])}"


_DIRECTIVE = ":~:"
"""Begins what of a fragment is for the browser alone: https://wicg.github.io/scroll-to-text-fragment/"""
_BACK = re.compile(r"fnref\d*:")
_MANY, _FEW = 1000, 5
