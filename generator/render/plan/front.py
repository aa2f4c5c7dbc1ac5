"""The front page: lead, top stories, river; its later pages are river only."""

from collections.abc import Iterator, Sequence
from functools import partial

from generator.render import views
from generator.render.plan.desk import Desk, Page
from generator.urls import numbered


def front_pages(desk: Desk) -> Iterator[Page]:
    def view(pager: views.Pager, positions: Sequence[int]) -> views.View:
        is_first = pager.number == 1
        top = desk.compose.cards(desk.front["first"]) if is_first else ()
        title = _title(desk) if is_first else desk.title(desk.labels["latest"], pager=pager)
        return views.FrontView(
            head=desk.head(numbered("/", pager.number), title, pager=pager),
            pager=pager,
            lead=top[0] if top else None,
            top=top[1:],
            river=desk.compose.cards(positions),
        )

    shown = partial(desk.front.__getitem__, "river")
    yield from desk.listing("/", "front.html", shown, desk.settings.front.per_page, view)


def _title(desk: Desk) -> str:
    title, tagline = desk.settings.title, desk.settings.tagline
    return f"{title}: {tagline}" if tagline else title
