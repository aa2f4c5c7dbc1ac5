"""What the pages of a site are rendered with, in each of its languages.

In come the values of the site and its layouts; out goes a `RenderSetup`, with the digests of all
that can change a page of a layout but its view.
"""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType

import msgspec
from msgspec.structs import replace

from generator.config import Settings
from generator.content.block_arguments import BlockKind
from generator.pages.context import PageContext
from generator.pages.output import RenderSetup
from generator.site.cards import FOLDER as CARDS
from generator.state.code_version import code_version, fingerprint
from generator.templates.block_kinds import FALLBACKS, form_of
from generator.templates.card_fonts import NO_FONTS, card_fonts
from generator.templates.collections import encoded_collections
from generator.templates.environment import RenderConfig, Tongue
from generator.templates.loader import Layout, Layouts
from generator.templates.site_values import encoded_part
from generator.templates.views import ItemCard, SiteView, Styles
from generator.urls import file_path

DRAWN = "cards"
"""The folder, beside that of compiled layouts, which keeps share cards."""


def set_up_all(context: PageContext, layouts: Layouts, compiled: Path) -> RenderSetup:
    """Return what the pages of a site are rendered with, in all of its languages."""

    def of(one: PageContext, layouts: Layouts) -> RenderSetup:
        items = one.compose.collections(layouts.collections)
        return set_up(one.compose.site_view(), layouts, one.settings, compiled, items)

    main = of(context, layouts)
    if not context.editions:
        return main
    editions = {one.edition: of(one, layouts.in_language(one.edition)) for one in context.editions}
    configs = {name: setup.config for name, setup in editions.items()}
    tongues = {name: Tongue(config.labels, config.language) for name, config in configs.items()}
    config = msgspec.structs.replace(main.config, editions=tongues)
    return msgspec.structs.replace(main, config=config, editions=editions)


def set_up(
    site: SiteView,
    layouts: Layouts,
    settings: Settings,
    compiled: Path,
    items: Mapping[str, tuple[ItemCard, ...]] = MappingProxyType({}),
) -> RenderSetup:
    """Return what the pages of one site are rendered with, its layouts `compiled` there.

    `items` are those of each collection that layouts show.
    """
    site = msgspec.structs.replace(site, styles=_linked(layouts.styles, settings.home.base))
    folder = compiled / code_version()
    if not folder.is_dir():
        shutil.rmtree(compiled, ignore_errors=True)
        with suppress(OSError):  # what cannot be kept is compiled again the next time
            compiled.unlink(missing_ok=True)
            folder.mkdir(parents=True)
    config = RenderConfig(
        folders=layouts.folders,
        digest=fingerprint(*(layout.digest for layout in layouts.layouts.values())),
        compiled=str(folder),
        labels=layouts.labels,
        assets={name: asset.path for name, asset in layouts.assets.items()},
        language=settings.language,
        origin=settings.home.origin,
        base=settings.home.base,
        timezone=settings.timezone,
        extensions=layouts.extensions,
        blocks=layouts.blocks,
    )
    known = layouts.layouts
    part = cache(partial(encoded_part, site))  # most layouts read the same values
    shown_items = cache(partial(encoded_collections, items))
    sites = {name: part(layout.reads) for name, layout in known.items()}
    data = {name: layouts.data_of(layout) for name, layout in known.items() if layout.data}
    collections = {n: shown_items(one.collections) for n, one in known.items() if one.collections}
    shared, fonts = _shared(config), card_fonts(layouts) if settings.cards else NO_FONTS

    def digest(name: str, layout: Layout) -> str:
        """Return the digest of all that can change a page of a layout but its view."""
        looked_at = [x for f in layouts.data_of(layout) for x in (f.name, f.digest)]
        drawn_with = [fonts.digest] if name.startswith(CARDS) else []
        shown = shown_items(layout.collections) if layout.collections else b""
        more = *looked_at, *drawn_with
        return fingerprint(part(layout.reads), layout.digest, shared, shown, *more)

    digests = {name: digest(name, layout) for name, layout in known.items()}
    own = {n: digest(n, one.own) if one.own else digests[n] for n, one in known.items()}
    blocks = {name: _digest_of_block(kind, digests) for name, kind in layouts.blocks.items()}
    return RenderSetup(
        config,
        sites,
        digests,
        data,
        collections,
        own,
        blocks,
        fonts=fonts,
        drawn=compiled.with_name(DRAWN),
    )


def _shared(config: RenderConfig) -> bytes:
    """Return what can change any page.

    Folders are the machine's, and layouts, assets and code are in the digest of each layout that
    uses them: none of these may wake every page.
    """
    nothing = RenderConfig(("", ""), "", "", {}, {}, "", "", "")
    names = ("folders", "digest", "compiled", "assets", "extensions", "blocks")
    without = {name: getattr(nothing, name) for name in names}
    return msgspec.json.encode(replace(config, **without))


def _digest_of_block(kind: BlockKind, digests: Mapping[str, str]) -> str:
    """Return the digest of all that a block may be shown by, in any form."""
    names = [form_of(kind.name, form) for form in kind.forms]
    return fingerprint(*(digests[name] for name in (*names, *FALLBACKS)))


def _linked(styles: Styles, base: str) -> Styles:
    """Return what pages load by its addresses."""
    linked = (tuple(base + file_path(p) for p in some) for some in (styles.sheets, styles.fonts))
    sheets, fonts = linked
    return msgspec.structs.replace(styles, sheets=sheets, fonts=fonts)
