"""Listings, of several pages each: what they share, and those of authors with their list."""

from collections.abc import Callable, Iterator, Sequence

from generator.kinds import PageKind
from generator.pages.context import PageContext, pages_for
from generator.pages.output import Rendered
from generator.site.watch import Watched
from generator.templates import views
from generator.urls import numbered, output_path


def author_pages(context: PageContext) -> Iterator[Rendered]:
    yield index(context, context.paths.authors, "authors.html", _authors)
    for slug in context.site.authors:
        stories, per_page = context.site.by_author[slug], context.settings.lists.per_page
        author, kind = context.site.authors[slug], PageKind.AUTHOR
        path, layout = author.url, context.layout_of(author.path, author.matter.layout)
        yield from listing(kind, path, stories, per_page, stories, _author, slug, layout=layout)


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
    their kind, unless one is named. The further pages come and go with the number of stories;
    search engines find them through the first.
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


def index(
    context: PageContext, path: str, layout: str, view: Callable[..., views.View], *keys: str
) -> Rendered:
    """Return the page that lists all authors, or all terms of a taxonomy."""
    newest = range(len(context.outlines[""]))
    return Rendered(
        output_path(path), PageKind.LISTING, Watched(view, *keys), layout, changed=newest
    )


def _authors(context: PageContext) -> views.View:
    people = context.site.authors.values()
    authors = sorted(people, key=lambda author: (author.order, author.slug))
    return views.AuthorsView(
        head=context.head(context.paths.authors, context.title(context.labels["authors"])),
        authors=tuple(context.compose.counted_author(author.slug) for author in authors),
    )


def _author(context: PageContext, slug: str, number: int) -> views.View:
    stories, per_page = context.site.by_author[slug], context.settings.lists.per_page
    author, title = context.site.authors[slug], context.author_titles[slug]
    pager, shown = context.part(author.url, stories, per_page, number)
    label, name = context.labels["authors"], author.matter.name
    return views.AuthorView(
        head=context.head(
            numbered(author.url, pager.number),
            context.title(title, label, pager=pager),
            description=author.bio.excerpt if author.bio else "",
            trail=(context.link(label, context.paths.authors),),
            name=name,
            pager=pager,
        ),
        pager=pager,
        author=context.compose.counted_author(slug),
        stories=context.compose.cards(shown),
    )
