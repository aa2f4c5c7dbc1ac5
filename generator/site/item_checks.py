"""What is wrong with the items of collections: with what their fields lead to, and their dates."""

from collections.abc import Container, Iterator

from generator.codes import Code
from generator.config import CONTENT
from generator.config.collections import Collection
from generator.errors import Problem
from generator.model import Item, ItemMatter, PictureMatter, Site
from generator.site.chosen import no_address, unknown_story
from generator.site.file_names import FileNames
from generator.site.items import names_of
from generator.site.links import content_file, missing_file


def mistakes_of_item(
    item: Item, site: Site, collection: Collection, known: Container[str], there: FileNames
) -> Iterator[Problem]:
    """Yield what is wrong with an item; `known` are the paths and slugs of all stories."""
    for field, picture in pictures_of(item.matter):
        yield from missing_file(site, item.path, picture.src, field, there)
    yield from _unknown_stories(item, collection, site, known, there)
    for name, url in item.addresses.items():
        yield from _mistakes_of_address(item.path, url, name, site)
    yield from _missing_date(item, collection)


def _unknown_stories(
    item: Item, collection: Collection, site: Site, known: Container[str], there: FileNames
) -> Iterator[Problem]:
    for field in collection.fields:
        said = item.matter.declared.plain.get(field.name) if field.names_stories else None
        is_list = isinstance(said, tuple)
        for number, name in enumerate(names_of(said) if said else ()):
            here = (field.name, number) if is_list else (field.name,)
            yield from unknown_story(item.path, here, name, known, site.decomposed, there)


def pictures_of(matter: ItemMatter) -> Iterator[tuple[tuple[str, ...], PictureMatter]]:
    """Yield the pictures that an item brings along, each with the field that it stands in."""
    if matter.image:
        yield ("image", "src"), matter.image
    for name, picture in matter.declared.pictures.items():
        yield (name,), picture


def _mistakes_of_address(path: str, url: str, name: str, site: Site) -> Iterator[Problem]:
    found = content_file(site, path, url)
    if found is None:
        yield from no_address(path, url, (name,), own=True)
    elif not site.addresses[found[0]]:
        what = f'{name}: "{url}" is not public now: its readers see no link'
        remedy, code = "publish it, or take the address out", Code.NOT_PUBLIC
        yield Problem(f"{CONTENT}/{path}", 0, what, remedy, "warning", (name,), code=code)


def _missing_date(item: Item, collection: Collection) -> Iterator[Problem]:
    if collection.feed and item.matter.date is None:
        what = f'it has no `date`, so it is not in the feed of "{collection.title}"'
        remedy = "add the day on which it is published as `date`"
        yield Problem(f"{CONTENT}/{item.path}", 1, what, remedy, "warning", code=Code.MISSING_FIELD)
