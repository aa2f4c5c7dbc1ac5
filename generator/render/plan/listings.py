"""The pages of tags and of authors, and the lists of both."""

from collections.abc import Iterator, Sequence
from functools import partial

from generator.render import views
from generator.render.plan.desk import Desk, Page
from generator.urls import author_path, numbered, tag_path


def tag_pages(desk: Desk) -> Iterator[Page]:
    yield Page("tags/index.html", "tags.html", partial(_tags, desk), watched=True)
    per_page = desk.settings.lists.per_page
    for slug in desk.site.tags:
        positions = partial(desk.site.by_tag.__getitem__, slug)
        view = partial(_tag, desk, slug)
        yield from desk.listing(tag_path(slug), "tag.html", positions, per_page, view)


def author_pages(desk: Desk) -> Iterator[Page]:
    yield Page("authors/index.html", "authors.html", partial(_authors, desk), watched=True)
    per_page = desk.settings.lists.per_page
    for slug in desk.site.authors:
        positions = partial(desk.site.by_author.__getitem__, slug)
        view = partial(_author, desk, slug)
        yield from desk.listing(author_path(slug), "author.html", positions, per_page, view)


def _tags(desk: Desk) -> views.View:
    tags = sorted(desk.site.tags.values(), key=lambda tag: (tag.order, tag.slug))
    return views.TagsView(
        head=desk.head("/tags/", desk.title(desk.labels["topics"])),
        tags=tuple(map(desk.compose.tag, tags)),
    )


def _tag(desk: Desk, slug: str, pager: views.Pager, positions: Sequence[int]) -> views.View:
    tag, title = desk.site.tags[slug], desk.tag_titles[slug]
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
    authors = sorted(people, key=lambda author: (author.order, author.slug))
    return views.AuthorsView(
        head=desk.head("/authors/", desk.title(desk.labels["authors"])),
        authors=tuple(desk.compose.counted_author(author.slug) for author in authors),
    )


def _author(desk: Desk, slug: str, pager: views.Pager, positions: Sequence[int]) -> views.View:
    author, title = desk.site.authors[slug], desk.author_titles[slug]
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
        author=desk.compose.counted_author(slug),
        stories=desk.compose.cards(positions),
    )
