"""Pages such as About, the page for what is not found, and redirects from old addresses."""

from collections.abc import Iterator
from functools import partial

from generator.config import CONTENT
from generator.model import StaticPage
from generator.render import views
from generator.render.plan.desk import Desk, Page
from generator.urls import is_bare, old_address, output_path


def plain_pages(desk: Desk) -> Iterator[Page]:
    yield Page("404.html", "404.html", partial(_not_found, desk))
    titles = desk.told_apart({page.url: page.matter.title for page in desk.site.pages})
    for page in desk.site.pages:
        view = partial(_page, desk, page, titles[page.url])
        path, bare = output_path(page.url), is_bare(page.url)
        yield Page(path, "page.html", view, page.path, bare=bare)


def redirects(desk: Desk) -> Iterator[Page]:
    """The page of each alias of a story, page, tag or author."""
    for position, article in enumerate(desk.site.articles):
        for alias in article.matter.aliases:
            view = partial(_to_story, desk, position)
            page = Page(output_path(old_address(alias)), "redirect.html", view, article.path)
            yield page._replace(watched=True, leads=article.url)
    for about in desk.site.pages:
        for alias in about.matter.aliases:
            view = partial(_to_page, desk, about)
            path = output_path(old_address(alias))
            yield Page(path, "redirect.html", view, about.path, leads=about.url)
    for slug, tag in desk.site.tags.items():
        for alias in tag.aliases:
            view = partial(_to_tag, desk, slug)
            page = Page(output_path(old_address(alias)), "redirect.html", view, tag.path)
            yield page._replace(watched=True, leads=tag.url)
    for slug, author in desk.site.authors.items():
        for alias in author.matter.aliases:
            view = partial(_to_author, desk, slug)
            page = Page(output_path(old_address(alias)), "redirect.html", view, author.path)
            yield page._replace(watched=True, leads=author.url)


def _to_story(desk: Desk, position: int) -> views.View:
    article = desk.site.articles[position]
    return views.RedirectView(desk.compose.href(article.url), article.matter.title)


def _to_page(desk: Desk, page: StaticPage) -> views.View:
    return views.RedirectView(desk.compose.href(page.url), page.matter.title)


def _to_tag(desk: Desk, slug: str) -> views.View:
    tag = desk.site.tags[slug]
    return views.RedirectView(desk.compose.href(tag.url), tag.name)


def _to_author(desk: Desk, slug: str) -> views.View:
    author = desk.site.authors[slug]
    return views.RedirectView(desk.compose.href(author.url), author.matter.name)


def _page(desk: Desk, page: StaticPage, title: str) -> views.View:
    matter = page.matter
    return views.PageView(
        head=desk.head(
            page.url,
            desk.title(title),
            description=matter.summary or page.body.excerpt,
            name=matter.title,
            noindex=matter.draft,
        ),
        title=matter.title,
        body=desk.compose.body(page.path, page.body),
        summary=matter.summary,
        extra=matter.extra,
        path=f"{CONTENT}/{page.path}",
    )


def _not_found(desk: Desk) -> views.View:
    return views.NotFoundView(
        head=desk.head("/404.html", desk.title(desk.labels["not_found"]), noindex=True),
        latest=desk.compose.cards(range(min(5, len(desk.site.articles)))),
    )
