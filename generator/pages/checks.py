"""What is wrong with a planned site: addresses that two pages have, links that lead to no page.

What comes in are the site and its pages; what goes out are problems.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from generator.errors import Problem
from generator.model import BodyInfo, Site
from generator.pages import Answered, Output, PageContext, collisions, dead_paths
from generator.pages.blocks import KnownBlocks, dead_in_blocks
from generator.site.assemble import Assembled, Edition, texts
from generator.site.editions import told_of_files
from generator.site.layouts import mistakes_of_layouts
from generator.site.stories import positions_of
from generator.templates.inheritance import is_card
from generator.templates.loader import Layouts


def plan_problems(
    assembled: Assembled,
    context: PageContext,
    pages: Sequence[Output],
    layouts: Layouts,
    root: Path,
) -> Iterator[Problem]:
    """Yield what is wrong with the plan; where only words are new, with the links in those."""
    known = Answered.by(pages)
    if assembled.reworded is not None:
        yield from problems_of_words(assembled.site, assembled.reworded, known, layouts, root)
        return
    site, entries = assembled.site, context.settings.entries
    yield from collisions(context, pages)
    yield from mistakes_of_layouts(site, context.settings, layouts.layouts)
    yield from dead_paths(site, root, texts(site), known, entries, layouts.anchors)
    for edition in assembled.editions:
        yield from problems_of_edition(edition, known, layouts, context.blocks, root)


def problems_of_edition(
    edition: Edition, known: Answered, layouts: Layouts, blocks: KnownBlocks, root: Path
) -> Iterator[Problem]:
    """Yield what is wrong with the layouts, links and blocks of the texts in another language."""
    site, settings = edition.site, edition.settings
    wrong = mistakes_of_layouts(site, settings, layouts.layouts)
    dead = dead_paths(site, root, texts(site), known, (), layouts.anchors)
    of_blocks = dead_in_blocks(site, texts(site), blocks)
    yield from told_of_files(chain(wrong, dead, of_blocks), edition.names)


def idle_layouts(layouts: Layouts, used: Iterable[str]) -> list[Problem]:
    """Return what is wrong with the site's layouts that neither others nor pages use.

    Those of share cards may stand there for the day on which cards are switched on.
    """
    if not layouts.idle:
        return []
    pages = {*used}
    has_cards = any(map(is_card, pages))
    idle = (name for name in layouts.idle if has_cards or not is_card(name))
    return [layouts.idle[name] for name in idle if name not in pages]


def problems_of_words(
    site: Site,
    reworded: Container[str],
    known: Answered,
    layouts: Layouts,
    root: Path,
) -> Iterator[Problem]:
    """Yield what is wrong with the links in the stories at these content paths."""
    yield from dead_paths(site, root, bodies_of(site, reworded), known, (), layouts.anchors)


def bodies_of(site: Site, paths: Container[str]) -> Iterator[tuple[str, BodyInfo]]:
    """Yield the bodies of the stories at these content paths: no other story is put together."""
    for position in positions_of(site.articles, paths):
        story = site.articles[position]
        yield story.path, story.body
