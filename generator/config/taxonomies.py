"""Taxonomies: what stories are sorted by. Those that come along, and those that a site declares.

In come the settings, out go the taxonomies by name. Tags and authors are two of them.
"""

from functools import lru_cache
from typing import NamedTuple

from generator.config.settings import Addresses, OwnTaxonomy, Settings
from generator.urls import own_path


class Taxonomy(NamedTuple):
    """A taxonomy by its name, which is that of the field in front matter and of the folder.

    `title` is the heading of its list, "" for the word that the site's labels have; `home` the path
    below which its terms stand, `front` that of the front page. With `feed` each term has one; with
    `many` a story may have more than one.
    """

    name: str
    title: str
    home: str
    feed: bool
    many: bool
    front: str = "/"

    @property
    def list(self) -> str:
        """Return the path of the list of its terms; "" if that would be the front page's."""
        return self.home if self.home != self.front else ""

    def path(self, *slugs: str) -> str:
        """Return the path of a term: its slug, and before it those of what it is a part of."""
        return f"{self.home}{'/'.join(slugs)}/"


SLUG = "{slug}/"
"""What the permalinks of terms end with."""
DECLARED = OwnTaxonomy(permalink="/{name}/{slug}/", feed=False, many=True)
_UNDECLARED = {
    "section": OwnTaxonomy(permalink="/{slug}/", feed=True, many=False),
    "series": OwnTaxonomy(permalink="/series/{slug}/", feed=False, many=False),
}
"""What is usual of those that a site has without declaring them."""
IN_ADDRESSES = ("tags", "authors")
"""Those whose addresses are in `[addresses]`, and which nobody declares."""
ASKED_BESIDE_TERMS = ("featured", "most", "since", "without")
"""What layouts can say of a list of stories that they ask for, beside the terms of these."""
COME_ALONG = frozenset({*IN_ADDRESSES, *_UNDECLARED})
"""All that a site has without declaring them."""


def taxonomies_of(settings: Settings) -> dict[str, Taxonomy]:
    """Return all taxonomies of a site by name."""
    own = tuple(settings.taxonomies.items())
    return _taxonomies(settings.addresses, own)


def declared_of(settings: Settings) -> tuple[tuple[str, bool], ...]:
    """Return the names of those that do not come along, and whether a story may have several."""
    declared = (name for name in settings.taxonomies if name not in COME_ALONG)
    known = taxonomies_of(settings)
    return tuple((name, known[name].many) for name in declared)


@lru_cache(maxsize=16)
def _taxonomies(
    addresses: Addresses, own: tuple[tuple[str, OwnTaxonomy], ...]
) -> dict[str, Taxonomy]:
    found = {
        "tags": Taxonomy("tags", "", own_path(addresses.tags), feed=True, many=True),
        "authors": Taxonomy("authors", "", own_path(addresses.authors), feed=False, many=True),
    }
    declared = dict(own)
    for name in (*_UNDECLARED, *declared):
        found[name] = _taxonomy(name, declared.get(name, OwnTaxonomy()), addresses.front)
    return found


def _taxonomy(name: str, said: OwnTaxonomy, front: str) -> Taxonomy:
    usual = _UNDECLARED.get(name, DECLARED)
    title = said.title or ("" if name in _UNDECLARED else name.capitalize())
    permalink = said.permalink or usual.permalink.replace("{name}", name)
    feed = usual.feed if said.feed is None else said.feed
    many = usual.many if said.many is None else said.many
    home = own_path(permalink.removesuffix(SLUG))
    return Taxonomy(name, title, home, bool(feed), bool(many), front)
