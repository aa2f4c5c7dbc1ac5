"""The front page: lead, top stories, river; its later pages are river only."""

from collections.abc import Iterator

from generator.kinds import PageKind
from generator.pages.context import PageContext
from generator.pages.listing import listing
from generator.pages.output import Rendered
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
        river=context.compose.cards(shown),
    )


def _title(context: PageContext) -> str:
    title, tagline = context.settings.title, context.settings.tagline
    return f"{title}: {tagline}" if tagline else title
