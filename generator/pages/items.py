"""The pages of collections: one for each item, their lists, and their feeds."""

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from msgspec.structs import replace

from generator.kinds import PageKind
from generator.model import Item
from generator.pages.cards import share_picture
from generator.pages.context import PageContext, pages_for
from generator.pages.feed import NO_DATE
from generator.pages.output import Rendered
from generator.site.watch import Watched
from generator.templates import views
from generator.urls import Home, is_bare, named_file, numbered, output_path


def item_pages(context: PageContext) -> Iterator[Rendered]:
    """Yield the pages of all items, and those of the lists of their collections."""
    for name in context.collections:
        for path in sorted(context.site.by_collection[name]):
            yield _item_page(context, context.site.items[path])
        yield from _lists(context, name)


def collection_feeds(context: PageContext) -> Iterator[Rendered]:
    """Yield the feeds of the collections that have one."""
    for name, collection in context.collections.items():
        if collection.feed:
            path = named_file(context.paths.feed_below(collection.list))
            yield Rendered(path, PageKind.COLLECTION_FEED, Watched(_feed, name))


def _item_page(context: PageContext, item: Item) -> Rendered:
    own = context.layout_of(item.path, item.matter.layout)
    return Rendered(
        output_path(item.url),
        PageKind.ITEM,
        Watched(_item, item.path),
        own or context.collections[item.collection].layout,
        url=item.url,
        owner=item.path,
        bare=is_bare(item.url),
        unlisted=item.state != "live",
        changed=item.changed,
    )


def _lists(context: PageContext, name: str) -> Iterator[Rendered]:
    collection, items = context.collections[name], context.site.by_collection[name]
    for number in range(1, pages_for(items, context.settings.lists.per_page) + 1):
        yield Rendered(
            output_path(numbered(collection.list, number)),
            PageKind.ITEMS,
            Watched(_list, name, number),
            collection.list_layout,
            passing=number > 1,
            unlisted=number > 1,
        )


def _item(context: PageContext, path: str) -> views.View:
    item = context.site.items[path]
    collection = context.collections[item.collection]
    above = context.link(collection.title, collection.list)
    card = context.compose.items([path])[0]
    return views.ItemView(
        head=context.head(
            item.url,
            context.title(context.page_titles[item.url], collection.title),
            description=item.summary,
            trail=(above,),
            name=item.matter.title,
            noindex=item.state != "live",
            picture=share_picture(context, item, card.picture),
        ),
        item=card,
        body=context.compose.body(item.path, item.body),
        collection=above,
    )


def _list(context: PageContext, name: str, number: int) -> views.View:
    collection, paths = context.collections[name], context.site.by_collection[name]
    per_page = context.settings.lists.per_page
    pager, shown = context.part(collection.list, paths, per_page, number)
    feed = None
    if collection.feed:
        title = f"{collection.title} | {context.settings.title}"
        feed = context.link(title, context.paths.feed_below(collection.list))
    return views.ItemsView(
        head=context.head(
            numbered(collection.list, number),
            context.title(context.page_titles[collection.list], pager=pager),
            name=collection.title,
            feed=feed,
            pager=pager,
        ),
        pager=pager,
        title=collection.title,
        items=context.compose.items(shown),
    )


def _feed(context: PageContext, name: str) -> views.View:
    collection, size = context.collections[name], context.settings.feeds.size
    every = (context.site.items[path] for path in context.site.by_collection[name])
    dated = [(item.matter.date, item) for item in every if item.matter.date]
    newest = sorted(dated, key=lambda one: (-one[0].timestamp(), one[1].path))[:size]
    entries = tuple(_entry(context, item, date) for date, item in newest)
    path, ids = context.paths.feed_below(collection.list), context.settings.id_home
    return views.FeedView(
        id=ids.absolute(ids.href(path)),
        url=context.compose.href(path),
        home=context.compose.href(collection.list),
        title=f"{collection.title} | {context.settings.title}",
        updated=max((entry.updated for entry in entries), default=NO_DATE),
        entries=entries,
    )


def _entry(context: PageContext, item: Item, date: datetime) -> views.Entry:
    compose, ids, image = context.compose, context.settings.id_home, item.matter.image
    (card,) = compose.items([item.path])
    return views.Entry(
        id=ids.absolute(ids.href(item.url)),
        title=item.matter.title,
        url=compose.href(item.url),
        date=date,
        updated=item.changed or date,
        summary=item.summary,
        body=compose.body(item.path, item.body),
        picture=compose.in_feed(compose.front_picture(item.path, image)),
        thumbnail=compose.thumbnail(item.path, image),
        fields=tuple(_told(compose.home, field) for field in card.fields if not field.picture),
    )


def _told(home: Home, field: views.Field) -> views.Field:
    """Return a field as a feed tells it: it leads to the same places from anywhere."""

    def whole(told: L) -> L:
        return replace(told, url=home.absolute(told.url))

    link, story = field.link, field.story
    return replace(
        field,
        link=whole(link) if link else None,
        story=whole(story) if story else None,
        stories=tuple(map(whole, field.stories)),
    )


L = TypeVar("L", views.Link, views.Card)
