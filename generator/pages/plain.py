"""Pages such as About, the page for what is not found, and redirects from old addresses."""

from collections.abc import Iterator
from functools import partial

from generator.config import CONTENT
from generator.model import StaticPage
from generator.pages.context import Page, PageContext
from generator.templates import views
from generator.urls import is_bare, old_address, output_path


def plain_pages(context: PageContext) -> Iterator[Page]:
    yield Page("404.html", "404.html", partial(_not_found, context))
    titles = context.told_apart({page.url: page.matter.title for page in context.site.pages})
    for page in context.site.pages:
        view = partial(_page, context, page, titles[page.url])
        path, bare = output_path(page.url), is_bare(page.url)
        yield Page(path, "page.html", view, page.path, bare=bare)


def redirects(context: PageContext) -> Iterator[Page]:
    """The page of each alias of a story, page, tag or author."""
    for position, article in enumerate(context.site.articles):
        for alias in article.matter.aliases:
            view = partial(_to_story, context, position)
            page = Page(output_path(old_address(alias)), "redirect.html", view, article.path)
            yield page._replace(watched=True, leads=article.url)
    for about in context.site.pages:
        for alias in about.matter.aliases:
            view = partial(_to_page, context, about)
            path = output_path(old_address(alias))
            yield Page(path, "redirect.html", view, about.path, leads=about.url)
    for slug, tag in context.site.tags.items():
        for alias in tag.aliases:
            view = partial(_to_tag, context, slug)
            page = Page(output_path(old_address(alias)), "redirect.html", view, tag.path)
            yield page._replace(watched=True, leads=tag.url)
    for slug, author in context.site.authors.items():
        for alias in author.matter.aliases:
            view = partial(_to_author, context, slug)
            page = Page(output_path(old_address(alias)), "redirect.html", view, author.path)
            yield page._replace(watched=True, leads=author.url)


def _to_story(context: PageContext, position: int) -> views.View:
    article = context.site.articles[position]
    return views.RedirectView(context.compose.href(article.url), article.matter.title)


def _to_page(context: PageContext, page: StaticPage) -> views.View:
    return views.RedirectView(context.compose.href(page.url), page.matter.title)


def _to_tag(context: PageContext, slug: str) -> views.View:
    tag = context.site.tags[slug]
    return views.RedirectView(context.compose.href(tag.url), tag.name)


def _to_author(context: PageContext, slug: str) -> views.View:
    author = context.site.authors[slug]
    return views.RedirectView(context.compose.href(author.url), author.matter.name)


def _page(context: PageContext, page: StaticPage, title: str) -> views.View:
    matter = page.matter
    return views.PageView(
        head=context.head(
            page.url,
            context.title(title),
            description=matter.summary or page.body.excerpt,
            name=matter.title,
            noindex=matter.draft,
        ),
        title=matter.title,
        body=context.compose.body(page.path, page.body),
        summary=matter.summary,
        extra=matter.extra,
        path=f"{CONTENT}/{page.path}",
    )


def _not_found(context: PageContext) -> views.View:
    return views.NotFoundView(
        head=context.head("/404.html", context.title(context.labels["not_found"]), noindex=True),
        latest=context.compose.cards(range(min(5, len(context.site.articles)))),
    )
