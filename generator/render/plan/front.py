"""The front page: lead, top stories, river; its later pages are river only."""

from collections.abc import Iterator

from generator.render import views
from generator.render.plan.desk import Desk, Page
from generator.urls import numbered


def front_pages(desk: Desk) -> Iterator[Page]:
    """The featured stories lead, by their rank; the newest fill what places are left."""
    articles = desk.site.articles
    ranks = [
        (a.matter.featured, i) for i, a in enumerate(articles) if a.matter.featured is not None
    ]
    featured = [position for _, position in sorted(ranks)]
    others = sorted(set(range(len(articles))) - set(featured))
    first = (featured + others)[: 1 + desk.settings.front.top]
    river = sorted(set(featured + others) - set(first))

    def view(pager: views.Pager, positions: list[int]) -> views.View:
        is_first = pager.number == 1
        top = desk.compose.cards(first) if is_first else ()
        title = _title(desk) if is_first else desk.title(desk.labels["latest"], pager=pager)
        return views.FrontView(
            head=desk.head(numbered("/", pager.number), title, pager=pager),
            pager=pager,
            lead=top[0] if top else None,
            top=top[1:],
            river=desk.compose.cards(positions),
        )

    yield from desk.listing("/", "front.html", river, desk.settings.front.per_page, view)


def _title(desk: Desk) -> str:
    title, tagline = desk.settings.title, desk.settings.tagline
    return f"{title}: {tagline}" if tagline else title
