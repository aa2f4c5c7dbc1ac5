"""Which texts have a share card, and the layout that draws it.

In come front matter and settings; out go names of layouts.
"""

from generator.config import Settings
from generator.model import ArticleMatter, ItemMatter, PageMatter, PictureMatter, Site
from generator.site.links import destination, page_of

FOLDER = "cards/"
"""Begins the name of each layout of cards."""
STORY = f"{FOLDER}story.svg"
"""The layout of cards whose texts choose none."""


def card_layout(
    path: str, matter: ArticleMatter | PageMatter | ItemMatter, site: Site, settings: Settings
) -> str:
    """Return the name of the layout that draws the card of a text; "" if it has no card.

    A text that chooses a layout for it has one, whether it has a picture or not.
    """
    if settings.cards is None or settings.cards.for_ == "none" or matter.card is False:
        return ""
    if isinstance(matter.card, str) and matter.card:
        return chosen_layout(matter.card)
    image = None if isinstance(matter, PageMatter) else matter.image
    is_wanted = settings.cards.for_ == "all" or not _can_be_shared(path, image, site)
    return STORY if is_wanted else ""


def chosen_layout(name: str) -> str:
    """Return the layout that front matter calls so."""
    return FOLDER + name


def _can_be_shared(path: str, image: PictureMatter | None, site: Site) -> bool:
    """Return whether the picture of a text is shown where its page is shared: no drawing is."""
    if image is None or not image.src or page_of(image.src).lower().endswith(".svg"):
        return False
    return destination(site, path, image.src) != ""
