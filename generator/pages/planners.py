"""The planners of pages for readers: from a context, all outputs of a kind or two.

Sitemaps call them once more, so what they look up is watched. Outputs that need more than the
context, such as files of the site or assets, are planned in `pages.plan`.
"""

from collections.abc import Callable, Iterator

from generator.pages.archive import archive_pages
from generator.pages.context import PageContext
from generator.pages.front import front_pages
from generator.pages.items import item_pages
from generator.pages.listing import author_pages
from generator.pages.output import Output
from generator.pages.plain import plain_pages
from generator.pages.story import story_pages
from generator.pages.terms import term_pages

Planner = Callable[[PageContext], Iterator[Output]]

PLANNERS: tuple[Planner, ...] = (
    front_pages,
    story_pages,
    term_pages,
    author_pages,
    archive_pages,
    item_pages,
    plain_pages,
)


def pages_of(context: PageContext) -> Iterator[Output]:
    """Yield all pages for readers, and what belongs to them."""
    for planner in PLANNERS:
        yield from planner(context)
