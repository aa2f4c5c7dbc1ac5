"""Pages such as About, the page for what is not found, and redirects from old addresses."""

from collections.abc import Iterable, Iterator

from generator.config import CONTENT
from generator.kinds import PageKind
from generator.pages.cards import share_picture
from generator.pages.context import PageContext
from generator.pages.output import Rendered
from generator.site.watch import Watched
from generator.templates import views
from generator.urls import is_bare, old_address, output_path

NOT_FOUND = "404.html"
"""The path at which hosts look for the page that they answer with where nothing is."""


def plain_pages(context: PageContext) -> Iterator[Rendered]:
    yield Rendered(NOT_FOUND, PageKind.NOT_FOUND, Watched(_not_found))
    for page in context.pages.values():
        yield Rendered(
            output_path(page.url),
            PageKind.PAGE,
            Watched(_page, page.path),
            context.layout_of(page.path, page.matter.layout),
            url=page.url,
            owner=page.path,
            bare=is_bare(page.url),
            unlisted=page.matter.draft,
            changed=page.matter.updated,
        )


def redirects(context: PageContext) -> Iterator[Rendered]:
    """Yield the page of each alias of a story, page, term, item or author."""
    site = context.site
    for position, story in enumerate(context.outlines[""]):
        view = Watched(_to_story, position)
        yield from _aliases(story.aliases, view, story.path, story.url)
    for page in context.pages.values():
        view = Watched(_to_page, page.path)
        yield from _aliases(page.matter.aliases, view, page.path, page.url)
    for key, term in site.terms.items():
        yield from _aliases(term.aliases, Watched(_to_term, key), term.path, term.url)
    for path in site.items if context.collections else ():
        item, view = site.items[path], Watched(_to_item, path)
        yield from _aliases(item.matter.aliases, view, path, item.url)
    for slug, author in site.authors.items():
        view = Watched(_to_author, slug)
        yield from _aliases(author.matter.aliases, view, author.path, author.url)


def _aliases(
    aliases: Iterable[str], view: Watched[PageContext, views.View], owner: str, leads: str
) -> Iterator[Rendered]:
    for alias in aliases:
        path = output_path(old_address(alias))
        yield Rendered(path, PageKind.REDIRECT, view, owner=owner, leads=leads)


def _to_story(context: PageContext, position: int) -> views.View:
    article = context.site.articles[position]
    return views.RedirectView(context.compose.href(article.url), article.matter.title)


def _to_page(context: PageContext, path: str) -> views.View:
    page = context.pages[path]
    return views.RedirectView(context.compose.href(page.url), page.matter.title)


def _to_term(context: PageContext, key: str) -> views.View:
    term = context.site.terms[key]
    return views.RedirectView(context.compose.href(term.url), term.name)


def _to_item(context: PageContext, path: str) -> views.View:
    item = context.site.items[path]
    return views.RedirectView(context.compose.href(item.url), item.matter.title)


def _to_author(context: PageContext, slug: str) -> views.View:
    author = context.site.authors[slug]
    return views.RedirectView(context.compose.href(author.url), author.matter.name)


def _page(context: PageContext, path: str) -> views.View:
    page = context.pages[path]
    matter = page.matter
    return views.PageView(
        head=context.head(
            page.url,
            context.title(context.page_titles[page.url]),
            description=matter.summary or page.body.excerpt,
            name=matter.title,
            noindex=matter.draft,
            picture=share_picture(context, page, None),
        ),
        title=matter.title,
        body=context.compose.body(page.path, page.body),
        summary=matter.summary,
        summary_markup=context.compose.markup(page.path, matter, "summary"),
        extra=matter.extra,
        path=f"{CONTENT}/{context.file_of(page.path)}",
    )


def _not_found(context: PageContext) -> views.View:
    return views.NotFoundView(
        head=context.head(
            f"/{NOT_FOUND}", context.title(context.labels["not_found"]), noindex=True
        ),
        latest=context.compose.cards(range(min(5, len(context.site.articles)))),
    )
