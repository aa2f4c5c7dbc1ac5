"""Listings, of several pages each: those of tags and of authors, and the lists of both."""

from collections.abc import Callable, Iterator, Sequence

from generator.kinds import PageKind
from generator.pages.context import PageContext, pages_for
from generator.pages.output import Rendered
from generator.site.watch import Watched
from generator.templates import views
from generator.urls import author_path, numbered, output_path, tag_feed_path, tag_path


def tag_pages(context: PageContext) -> Iterator[Rendered]:
    yield _index(context, "tags/index.html", "tags.html", _tags)
    for slug in context.site.tags:
        stories, per_page = context.site.by_tag[slug], context.settings.lists.per_page
        yield from listing(PageKind.TAG, tag_path(slug), stories, per_page, stories, _tag, slug)


def author_pages(context: PageContext) -> Iterator[Rendered]:
    yield _index(context, "authors/index.html", "authors.html", _authors)
    for slug in context.site.authors:
        stories, per_page = context.site.by_author[slug], context.settings.lists.per_page
        path = author_path(slug)
        yield from listing(PageKind.AUTHOR, path, stories, per_page, stories, _author, slug)


def listing(
    kind: PageKind,
    path: str,
    stories: Sequence[int],
    per_page: int,
    changed: Sequence[int],
    view: Callable[..., views.View],
    *keys: str,
    layout: str = "",
) -> Iterator[Rendered]:
    """Yield the pages of a listing of the `stories` at these positions.

    Their views are of the context, the keys, and the number of the page. They have the layout of
    their kind, unless one is named. The further pages come
    and go with the number of stories; search engines find them through the first.
    """
    for number in range(1, pages_for(stories, per_page) + 1):
        yield Rendered(
            output_path(numbered(path, number)),
            kind,
            Watched(view, *keys, number),
            layout,
            passing=number > 1,
            unlisted=number > 1,
            changed=changed,
        )


def _index(
    context: PageContext, path: str, layout: str, view: Callable[[PageContext], views.View]
) -> Rendered:
    """Return the page that lists all tags, or all authors."""
    newest = range(len(context.outlines[""]))
    return Rendered(path, PageKind.LISTING, Watched(view), layout, changed=newest)


def _tags(context: PageContext) -> views.View:
    tags = sorted(context.site.tags.values(), key=lambda tag: (tag.order, tag.slug))
    return views.TagsView(
        head=context.head("/tags/", context.title(context.labels["topics"])),
        tags=tuple(map(context.compose.tag, tags)),
    )


def _tag(context: PageContext, slug: str, number: int) -> views.View:
    stories, per_page = context.site.by_tag[slug], context.settings.lists.per_page
    pager, shown = context.part(tag_path(slug), stories, per_page, number)
    tag, title = context.site.tags[slug], context.tag_titles[slug]
    label, text = context.labels["topics"], tag.description
    return views.TagView(
        head=context.head(
            numbered(tag.url, pager.number),
            context.title(title, label, pager=pager),
            description=text.excerpt if text else "",
            trail=(context.link(label, "/tags/"),),
            name=tag.name,
            feed=context.link(f"{tag.name} | {context.settings.title}", tag_feed_path(tag.url)),
            pager=pager,
        ),
        pager=pager,
        tag=context.compose.tag(tag),
        description=context.compose.body(tag.path, text) if text and text.words else None,
        stories=context.compose.cards(shown),
    )


def _authors(context: PageContext) -> views.View:
    people = context.site.authors.values()
    authors = sorted(people, key=lambda author: (author.order, author.slug))
    return views.AuthorsView(
        head=context.head("/authors/", context.title(context.labels["authors"])),
        authors=tuple(context.compose.counted_author(author.slug) for author in authors),
    )


def _author(context: PageContext, slug: str, number: int) -> views.View:
    stories, per_page = context.site.by_author[slug], context.settings.lists.per_page
    pager, shown = context.part(author_path(slug), stories, per_page, number)
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
        stories=context.compose.cards(shown),
    )
