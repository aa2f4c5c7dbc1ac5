"""The items of collections: where each stands, in which order, and which stories they name.

In comes the library with the settings; out go items by content path, and the order of each
collection.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from generator.config import Settings
from generator.config.collections import Collection, collections_of
from generator.model import Article, Item, ItemMatter, Library
from generator.site.chosen import FindStory, story_finder
from generator.site.collation import collated
from generator.site.names import readings_of, unique
from generator.site.permalinks import address_of
from generator.site.schedule import state_of
from generator.slugs import decoded


def items_in(
    library: Library,
    stories: Iterable[Article],
    settings: Settings,
    decomposed: Mapping[str, str],
    at: datetime,
) -> list[Item]:
    """Return all items, shown or not. `stories` are all that may be shown some day.

    The preview may have texts of a collection that settings with a mistake declare: they are none.
    """
    if not settings.collections:
        return []
    collections, slugs = collections_of(settings), settings.slugging
    names_stories = any(one.names_stories for one in collections.values())
    found = story_finder(stories if names_stories else (), decomposed)
    items = []
    for reading, matter in readings_of(library, ItemMatter):
        path, name = reading.path, reading.path.partition("/")[0]
        if name not in collections:
            continue
        slug = decoded(matter.slug) or slugs.of_file(path)
        items.append(
            Item(
                path=path,
                url=address_of(path, matter, slug, settings),
                collection=name,
                state=state_of(matter, at),
                matter=matter,
                body=reading.body,
                stories=dict(_stories(path, matter, collections[name], found)),
                addresses=dict(_addresses(matter, collections[name])),
            )
        )
    return items


def in_order(items: Iterable[Item], settings: Settings) -> dict[str, tuple[str, ...]]:
    """Return the content paths of each collection's items, sorted as it says.

    Those that do not say what they are sorted by come last; of equals the title decides.
    """
    by_name: dict[str, list[Item]] = {name: [] for name in settings.collections}
    for item in items:
        by_name[item.collection].append(item)
    collections = collections_of(settings)
    return {
        name: tuple(_sorted(some, collections[name], settings.language))
        for name, some in by_name.items()
    }


def value_of(item: Item, field: str) -> Any:
    """Return what an item says in a field, declared or not; None for nothing."""
    said = item.matter.declared
    for values in (said.plain, said.texts, said.moments, said.pictures):
        if field in values:
            return values[field]
    return getattr(item.matter, field) if field in ItemMatter.__struct_fields__ else None


def _stories(
    path: str, matter: ItemMatter, collection: Collection, find: FindStory
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the content paths of the stories that an item names, field by field."""
    for field in collection.fields:
        if field.names_stories and (said := matter.declared.plain.get(field.name)):
            yield field.name, unique(find(path, name) for name in names_of(said))


def names_of(said: Any) -> tuple[str, ...]:
    """Return the names in a field for a story, or for several."""
    return said if isinstance(said, tuple) else (str(said),)


def _addresses(matter: ItemMatter, collection: Collection) -> Iterator[tuple[str, str]]:
    for field in collection.fields:
        if field.type == "address" and (said := matter.declared.plain.get(field.name)):
            yield field.name, str(said)


def _sorted(items: list[Item], collection: Collection, language: str) -> list[str]:
    said = {item.path: value_of(item, collection.sort) for item in items}
    keyed = [item for item in items if said[item.path] is not None]
    texts = collated((one for one in said.values() if isinstance(one, str)), language)
    titles = dict[str, str]()
    if len({*said.values()}) < len(items):  # to collate takes long where a title is not in ASCII
        titles = collated((item.matter.title for item in items), language)

    def by_title(item: Item) -> tuple[str, str]:
        return titles.get(item.matter.title, ""), item.path

    def by_field(item: Item) -> tuple[bool, bool, Any]:
        value = said[item.path]
        is_text = isinstance(value, str)  # the type may be another by now, and a text a broken one
        return is_text, isinstance(value, datetime), texts[value] if is_text else value

    keyed.sort(key=by_title)
    keyed.sort(key=by_field, reverse=collection.falling)
    others = sorted((item for item in items if said[item.path] is None), key=by_title)
    return [item.path for item in (*keyed, *others)]
