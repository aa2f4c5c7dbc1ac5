"""The fonts of share cards: those of a site's layouts, and behind them the one that comes along.

In come the layouts of a site, out go files, and a digest of all that is in them.
"""

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

import msgspec

from generator.state.code_version import fingerprint
from generator.templates.assets import FOLDER, Asset
from generator.templates.loader import Layouts


class CardFonts(msgspec.Struct, frozen=True):
    """Files of fonts, in the order in which they are looked into for a letter."""

    files: tuple[Path, ...] = ()
    digest: str = ""


NO_FONTS = CardFonts()
"""Those of a site without cards."""


def card_fonts(layouts: Layouts) -> CardFonts:
    """Return the fonts that the cards of a site are drawn with, bold ones and upright ones first.

    What the site has in `layouts/assets/fonts/` goes before the one that comes along.
    """
    from generator.pictures.cards import OWN_FONT  # few sites have cards

    own = sorted(_fonts(layouts), key=_order)
    files = [_file(one.name, layouts) for one in own]
    data = *(one.data for one in own), OWN_FONT.read_bytes()
    digests = (blake2b(one, digest_size=16).digest() for one in data)
    return CardFonts((*files, OWN_FONT), fingerprint(*digests))


def _fonts(layouts: Layouts) -> Iterator[Asset]:
    for name, asset in layouts.assets.items():
        if name.startswith("fonts/") and name.lower().endswith((".woff2", ".ttf", ".otf")):
            yield asset


def _order(font: Asset) -> tuple[bool, bool, str]:
    """Return what orders fonts: a file's name says what its letters look like."""
    name = font.name.lower()
    return "italic" in name or "oblique" in name, "bold" not in name, font.name


def _file(name: str, layouts: Layouts) -> Path:
    """Return the file of an asset: the site's own, if it has one of that name."""
    own, default = (Path(folder, FOLDER, name) for folder in layouts.folders)
    return own if own.exists() else default
