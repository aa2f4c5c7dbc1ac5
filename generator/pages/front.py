"""The front page: lead, top stories, river, in one of three styles; later pages are river only."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from generator.config.settings import FrontStyle
from generator.kinds import PageKind
from generator.pages.context import PageContext
from generator.pages.listing import listing
from generator.pages.output import Rendered
from generator.site.taxonomies import folded_term, terms_of
from generator.templates import views
from generator.urls import numbered


def front_pages(context: PageContext) -> Iterator[Rendered]:
    front, river = context.settings.front, context.front["river"]
    newest, layout = range(len(context.outlines[""])), _LAYOUTS[front.style]
    home, per_page = context.paths.front, front.per_page
    return listing(PageKind.FRONT, home, river, per_page, newest, _front, layout=layout)


_LAYOUTS: Mapping[FrontStyle, str] = {
    "paper": "front.html",
    "river": "front-river.html",
    "links": "front-links.html",
}


def _front(context: PageContext, number: int) -> views.View:
    front, is_first = context.settings.front, number == 1
    home, river = context.paths.front, context.front["river"]
    pager, shown = context.part(home, river, front.per_page, number)
    top = context.compose.cards(context.front["first"]) if is_first else ()
    title = _title(context) if is_first else context.title(context.labels["latest"], pager=pager)
    return views.FrontView(
        head=context.head(numbered(home, number), title, pager=pager),
        pager=pager,
        lead=top[0] if top else None,
        top=top[1:],
        sections=tuple(_sections(context)) if is_first else (),
        river=context.compose.cards(shown),
        days=_days(context, shown) if front.style == "links" else (),
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


def _days(context: PageContext, positions: Iterable[int]) -> tuple[views.FullDay, ...]:
    """Return the stories at these positions in full, by day."""
    days: dict[datetime, list[views.Story]] = {}
    for position in positions:
        story = context.compose.story(context.site.articles[position])
        days.setdefault(context.day(story.date, story.timed), []).append(story)
    return tuple(views.FullDay(day, tuple(stories)) for day, stories in days.items())


def _title(context: PageContext) -> str:
    title, tagline = context.settings.title, context.settings.tagline
    return f"{title}: {tagline}" if tagline else title
