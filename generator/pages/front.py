"""The front page: lead, top stories, river; its later pages are river only."""

from collections.abc import Iterator

from generator.kinds import PageKind
from generator.pages.context import PageContext
from generator.pages.listing import listing
from generator.pages.output import Rendered
from generator.site.taxonomies import folded_term, terms_of
from generator.templates import views
from generator.urls import numbered


def front_pages(context: PageContext) -> Iterator[Rendered]:
    per_page = context.settings.front.per_page
    newest = range(len(context.outlines[""]))
    return listing(PageKind.FRONT, "/", context.front["river"], per_page, newest, _front)


def _front(context: PageContext, number: int) -> views.View:
    per_page, is_first = context.settings.front.per_page, number == 1
    pager, shown = context.part("/", context.front["river"], per_page, number)
    top = context.compose.cards(context.front["first"]) if is_first else ()
    title = _title(context) if is_first else context.title(context.labels["latest"], pager=pager)
    return views.FrontView(
        head=context.head(numbered("/", number), title, pager=pager),
        pager=pager,
        lead=top[0] if top else None,
        top=top[1:],
        sections=tuple(_sections(context)) if is_first else (),
        river=context.compose.cards(shown),
    )


def _sections(context: PageContext) -> Iterator[views.FrontSection]:
    """Yield the sections that the settings name, each with its newest stories."""
    front = context.settings.front
    terms = terms_of(context.site, "section") if front.sections else []
    by_name = {folded_term(said): term for term in terms for said in (term.slug, term.name)}
    for name in front.sections:
        if term := by_name.get(folded_term(name)):
            stories = context.site.by_term[term.key][: front.per_section]
            url = context.compose.href(term.url)
            yield views.FrontSection(term.name, url, context.compose.cards(stories))


def _title(context: PageContext) -> str:
    title, tagline = context.settings.title, context.settings.tagline
    return f"{title}: {tagline}" if tagline else title
