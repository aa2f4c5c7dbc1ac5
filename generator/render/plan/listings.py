"""The pages of tags and of authors, and the lists of both."""

from collections.abc import Iterator
from functools import partial

from generator.model import Author, Tag
from generator.render import views
from generator.render.plan.desk import Desk, Page
from generator.urls import numbered


def tag_pages(desk: Desk) -> Iterator[Page]:
    yield Page("tags/index.html", "tags.html", partial(_tags, desk))
    per_page = desk.settings.lists.per_page
    titles = desk.told_apart({slug: tag.name for slug, tag in desk.site.tags.items()})
    for slug, tag in desk.site.tags.items():
        positions = list(desk.site.by_tag[slug])
        view = partial(_tag, desk, tag, titles[slug])
        yield from desk.listing(tag.url, "tag.html", positions, per_page, view)


def author_pages(desk: Desk) -> Iterator[Page]:
    yield Page("authors/index.html", "authors.html", partial(_authors, desk))
    per_page = desk.settings.lists.per_page
    people = desk.site.authors
    titles = desk.told_apart({slug: author.matter.name for slug, author in people.items()})
    for slug, author in people.items():
        positions = list(desk.site.by_author[slug])
        view = partial(_author, desk, author, titles[slug])
        yield from desk.listing(author.url, "author.html", positions, per_page, view)


def _tags(desk: Desk) -> views.View:
    tags = sorted(desk.site.tags.values(), key=lambda tag: (tag.name.casefold(), tag.slug))
    return views.TagsView(
        head=desk.head("/tags/", desk.title(desk.labels["topics"])),
        tags=tuple(map(desk.compose.tag, tags)),
    )


def _tag(desk: Desk, tag: Tag, title: str, pager: views.Pager, positions: list[int]) -> views.View:
    label, text = desk.labels["topics"], tag.description
    return views.TagView(
        head=desk.head(
            numbered(tag.url, pager.number),
            desk.title(title, label, pager=pager),
            description=text.excerpt if text else "",
            trail=(desk.link(label, "/tags/"),),
            name=tag.name,
            feed=desk.link(f"{tag.name} | {desk.settings.title}", f"{tag.url}feed.xml"),
            pager=pager,
        ),
        pager=pager,
        tag=desk.compose.tag(tag),
        description=desk.compose.body(tag.path, text) if text and text.words else None,
        stories=desk.compose.cards(positions),
    )


def _authors(desk: Desk) -> views.View:
    people = desk.site.authors.values()
    authors = sorted(people, key=lambda author: (author.matter.name.casefold(), author.slug))
    return views.AuthorsView(
        head=desk.head("/authors/", desk.title(desk.labels["authors"])),
        authors=tuple(map(desk.compose.counted_author, authors)),
    )


def _author(
    desk: Desk, author: Author, title: str, pager: views.Pager, positions: list[int]
) -> views.View:
    label, name = desk.labels["authors"], author.matter.name
    return views.AuthorView(
        head=desk.head(
            numbered(author.url, pager.number),
            desk.title(title, label, pager=pager),
            description=author.bio.excerpt if author.bio else "",
            trail=(desk.link(label, "/authors/"),),
            name=name,
            pager=pager,
        ),
        pager=pager,
        author=desk.compose.counted_author(author),
        stories=desk.compose.cards(positions),
    )
