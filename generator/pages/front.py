"""The front page: lead, top stories, river; its later pages are river only."""

from collections.abc import Iterator, Sequence
from functools import partial

from generator.pages.context import Page, PageContext
from generator.templates import views
from generator.urls import numbered


def front_pages(context: PageContext) -> Iterator[Page]:
    def view(pager: views.Pager, positions: Sequence[int]) -> views.View:
        is_first = pager.number == 1
        top = context.compose.cards(context.front["first"]) if is_first else ()
        title = (
            _title(context) if is_first else context.title(context.labels["latest"], pager=pager)
        )
        return views.FrontView(
            head=context.head(numbered("/", pager.number), title, pager=pager),
            pager=pager,
            lead=top[0] if top else None,
            top=top[1:],
            river=context.compose.cards(positions),
        )

    shown = partial(context.front.__getitem__, "river")
    yield from context.listing("/", "front.html", shown, context.settings.front.per_page, view)


def _title(context: PageContext) -> str:
    title, tagline = context.settings.title, context.settings.tagline
    return f"{title}: {tagline}" if tagline else title
