"""Share cards: the picture that other sites show where somebody shares the address of a page.

In come texts, out go the outputs that draw their cards, and what the heads of their pages say of
those.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from generator.colours import Colour, legible, read_colour
from generator.kinds import PageKind
from generator.model import Article, Item, StaticPage
from generator.pages.context import PageContext
from generator.pages.output import Output, Rendered
from generator.pictures.kept import Store
from generator.site.cards import card_layout
from generator.site.watch import Watched
from generator.templates import views
from generator.urls import card_of, named_file


def card_files(context: PageContext) -> Iterator[Rendered]:
    """Yield the cards of stories, pages and items."""
    if context.settings.cards is None or context.settings.cards.for_ == "none":
        return
    for position, story in enumerate(context.outlines[""]):
        if story.card:
            yield _card(story.path, story.url, story.card, Watched(_of_story, position))
    for page in context.pages.values():
        if layout := _layout(context, page):
            yield _card(page.path, page.url, layout, Watched(_of_page, page.path))
    for path in context.site.items if context.collections else ():
        item = context.site.items[path]
        if layout := _layout(context, item):
            yield _card(path, item.url, layout, Watched(_of_item, path))


def share_picture(
    context: PageContext, text: Article | StaticPage | Item, picture: views.Picture | None
) -> views.Picture | None:
    """Return what is shown where the page of a text is shared: its card, if it has one, in place of
    its `picture`.
    """
    if not _layout(context, text):
        return picture
    width, height = views.SHARE
    url, alt = context.compose.href(card_of(text.url)), text.matter.title
    return views.Picture(url, alt, width=width, height=height)


def sweep_cards(outputs: Iterable[Output], store: Path) -> None:
    """Empty the store of cards once it keeps twice as many as there are.

    Which of them are of use is not known before they are drawn; those that stand need none of it.
    """
    number = sum(output.kind.traits.is_drawn for output in outputs)
    Store(store).sweep_beyond(frozenset(), 2 * number)


# --------------------------------------------------------------------------- inside


def _layout(context: PageContext, text: Article | StaticPage | Item) -> str:
    return card_layout(text.path, text.matter, context.site, context.settings)


def _card(path: str, url: str, layout: str, view: Watched[PageContext, views.View]) -> Rendered:
    return Rendered(named_file(card_of(url)), PageKind.CARD, view, layout, owner=path)


def _of_story(context: PageContext, position: int) -> views.View:
    article = context.site.articles[position]
    matter, section = article.matter, context.compose.section(article)
    return views.CardView(
        headline=matter.title,
        accent=_accent(context.settings.look.accent),
        kicker=matter.kicker,
        section=section.title if section else "",
        date=context.day(matter.date, "date" in matter.timed),
        authors=tuple(context.compose.author_link(slug).title for slug in article.authors),
    )


def _of_page(context: PageContext, path: str) -> views.View:
    accent = _accent(context.settings.look.accent)
    return views.CardView(headline=context.pages[path].matter.title, accent=accent)


def _of_item(context: PageContext, path: str) -> views.View:
    item = context.site.items[path]
    matter = item.matter
    return views.CardView(
        headline=matter.title,
        accent=_accent(context.settings.look.accent),
        section=context.collections[item.collection].title,
        date=_day(context, matter.date, "date" in matter.timed),
    )


def _day(context: PageContext, moment: datetime | None, timed: bool) -> datetime | None:
    return context.day(moment, timed) if moment else None


@lru_cache(maxsize=16)
def _accent(written: str) -> str:
    """Return the accent of a look as it can be read on a card."""
    return str(legible(read_colour(written) or _ACCENT, (_GROUND,)))


_ACCENT = Colour(0x9C, 0x1F, 0x1F)
"""That of sites whose settings have none, as `site.css` has it for light pages."""
_GROUND = Colour(0xFD, 0xFC, 0xF9)
"""The ground of the default card."""
