"""The planners of pages for readers: from a context, all pages of a kind or two."""

from collections.abc import Callable, Iterator

from generator.pages.archive import archive_pages
from generator.pages.context import PageContext
from generator.pages.front import front_pages
from generator.pages.listing import author_pages, tag_pages
from generator.pages.output import Rendered
from generator.pages.plain import plain_pages
from generator.pages.story import story_pages

Planner = Callable[[PageContext], Iterator[Rendered]]

PLANNERS: tuple[Planner, ...] = (
    front_pages,
    story_pages,
    tag_pages,
    author_pages,
    archive_pages,
    plain_pages,
)


def pages_of(context: PageContext) -> Iterator[Rendered]:
    """Yield all pages for readers."""
    for planner in PLANNERS:
        yield from planner(context)
