"""The pages of tags and of authors, and the lists of both."""

from collections.abc import Iterator, Sequence
from functools import partial

from generator.pages.context import Page, PageContext
from generator.templates import views
from generator.urls import author_path, numbered, tag_path


def tag_pages(context: PageContext) -> Iterator[Page]:
    yield Page("tags/index.html", "tags.html", partial(_tags, context), watched=True)
    per_page = context.settings.lists.per_page
    for slug in context.site.tags:
        positions = partial(context.site.by_tag.__getitem__, slug)
        view = partial(_tag, context, slug)
        yield from context.listing(tag_path(slug), "tag.html", positions, per_page, view)


def author_pages(context: PageContext) -> Iterator[Page]:
    yield Page("authors/index.html", "authors.html", partial(_authors, context), watched=True)
    per_page = context.settings.lists.per_page
    for slug in context.site.authors:
        positions = partial(context.site.by_author.__getitem__, slug)
        view = partial(_author, context, slug)
        yield from context.listing(author_path(slug), "author.html", positions, per_page, view)


def _tags(context: PageContext) -> views.View:
    tags = sorted(context.site.tags.values(), key=lambda tag: (tag.order, tag.slug))
    return views.TagsView(
        head=context.head("/tags/", context.title(context.labels["topics"])),
        tags=tuple(map(context.compose.tag, tags)),
    )


def _tag(
    context: PageContext, slug: str, pager: views.Pager, positions: Sequence[int]
) -> views.View:
    tag, title = context.site.tags[slug], context.tag_titles[slug]
    label, text = context.labels["topics"], tag.description
    return views.TagView(
        head=context.head(
            numbered(tag.url, pager.number),
            context.title(title, label, pager=pager),
            description=text.excerpt if text else "",
            trail=(context.link(label, "/tags/"),),
            name=tag.name,
            feed=context.link(f"{tag.name} | {context.settings.title}", f"{tag.url}feed.xml"),
            pager=pager,
        ),
        pager=pager,
        tag=context.compose.tag(tag),
        description=context.compose.body(tag.path, text) if text and text.words else None,
        stories=context.compose.cards(positions),
    )


def _authors(context: PageContext) -> views.View:
    people = context.site.authors.values()
    authors = sorted(people, key=lambda author: (author.order, author.slug))
    return views.AuthorsView(
        head=context.head("/authors/", context.title(context.labels["authors"])),
        authors=tuple(context.compose.counted_author(author.slug) for author in authors),
    )


def _author(
    context: PageContext, slug: str, pager: views.Pager, positions: Sequence[int]
) -> views.View:
    author, title = context.site.authors[slug], context.author_titles[slug]
    label, name = context.labels["authors"], author.matter.name
    return views.AuthorView(
        head=context.head(
            numbered(author.url, pager.number),
            context.title(title, label, pager=pager),
            description=author.bio.excerpt if author.bio else "",
            trail=(context.link(label, "/authors/"),),
            name=name,
            pager=pager,
        ),
        pager=pager,
        author=context.compose.counted_author(slug),
        stories=context.compose.cards(positions),
    )
