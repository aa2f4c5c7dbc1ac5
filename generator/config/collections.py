"""Collections: texts of a shape that the site itself declares, such as events or a team.

In come the settings, out go the collections by name, all that they do not say filled in.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from generator.config.settings import FieldType, OwnCollection, OwnField, Settings
from generator.model import PictureMatter
from generator.urls import own_path

TYPES: Mapping[str, Any] = {
    "text": str,
    "number": int | float,
    "boolean": bool,
    "moment": datetime,
    "address": str,
    "picture": str | PictureMatter,
    "story": str,
    "list": tuple[str, ...],
}
"""What the values of a field are, by its type, as they come through the door."""
SORTABLE = ("text", "number", "boolean", "moment", "address")
"""The types of fields that items can be sorted by."""
SORTABLE_ALWAYS = ("title", "date", "updated")
"""The fields of every item that items can be sorted by."""


class DeclaredField(NamedTuple):
    """A field of a collection's items. `title` is what readers see; a list is one `of` something.

    The `default` stands for what an item does not say, None for nothing; lists in it are tuples.
    """

    name: str
    title: str
    type: FieldType
    of: str
    required: bool
    default: Any

    @property
    def names_stories(self) -> bool:
        """Return whether it holds the name of a story, or a list of such."""
        return self.type == "story" or (self.type == "list" and self.of == "story")


class Collection(NamedTuple):
    """A collection by its name, which is that of its folder.

    `title` is the heading of its `list`, which is the path of that page; `permalink` the pattern of
    its items' addresses. They are sorted by the field `sort`, the greatest first if `falling`. The
    layouts are "" where those of all collections serve.
    """

    name: str
    title: str
    permalink: str
    list: str
    sort: str
    falling: bool
    layout: str
    list_layout: str
    feed: bool
    fields: tuple[DeclaredField, ...]

    @property
    def names_stories(self) -> bool:
        """Return whether one of its fields holds names of stories."""
        return any(field.names_stories for field in self.fields)


def collections_of(settings: Settings) -> dict[str, Collection]:
    """Return the collections of a site by name."""
    return {name: _collection(name, said) for name, said in settings.collections.items()}


def pattern_of(name: str, said: OwnCollection) -> str:
    """Return the pattern of the addresses of a collection's items."""
    return said.permalink or f"/{name}/{{slug}}/"


def titled(name: str) -> str:
    """Return what readers see of a name that says no more: "our_team" is "Our team"."""
    return name.replace("_", " ").capitalize()


def _collection(name: str, said: OwnCollection) -> Collection:
    return Collection(
        name=name,
        title=said.title or titled(name),
        permalink=pattern_of(name, said),
        list=own_path(said.list or f"/{name}/"),
        sort=said.sort.removeprefix("-"),
        falling=said.sort.startswith("-"),
        layout=said.layout,
        list_layout=said.list_layout,
        feed=said.feed,
        fields=tuple(_field(field, own) for field, own in said.fields.items()),
    )


def _field(name: str, said: FieldType | OwnField) -> DeclaredField:
    own = said if isinstance(said, OwnField) else OwnField(said)
    default = tuple(own.default) if isinstance(own.default, list) else own.default
    return DeclaredField(name, own.title or titled(name), own.type, own.of, own.required, default)
