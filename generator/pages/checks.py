"""What is wrong with a planned site: addresses that two pages have, links that lead to no page.

What comes in are the site and its pages; what goes out are problems.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from generator.errors import Problem
from generator.pages import Output, PageContext, collisions, dead_paths
from generator.site.assemble import Assembled, texts
from generator.templates.loader import Layouts


def plan_problems(
    assembled: Assembled,
    context: PageContext,
    pages: Sequence[Output],
    layouts: Layouts,
    root: Path,
) -> Iterator[Problem]:
    """Yield what is wrong with the plan; where only words are new, with the links in those."""
    site, menu = assembled.site, context.settings.menu
    bodies = texts(site)
    if assembled.reworded is None:
        yield from collisions(context, pages)
    else:
        bodies, menu = (body for body in bodies if body[0] in assembled.reworded), ()
    yield from dead_paths(site, root, bodies, pages, menu, layouts.anchors)
