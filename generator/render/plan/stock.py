"""The inventory of a planned site: what each output is, for those who carry the site away."""

from collections.abc import Mapping, Sequence

from generator.keep.inventory import Inventory, Item, Kind
from generator.model import Site
from generator.render.plan.desk import Copy, Page
from generator.urls import Addresses

_KINDS: Mapping[str, Kind] = {
    "article.html": "story",
    "page.html": "page",
    "redirect.html": "redirect",
    "feed.xml": "feed",
    "rss.xml": "feed",
    "feed.json": "feed",
    "sitemap.xml": "sitemap",
    "sitemap-index.xml": "sitemap",
    "news-sitemap.xml": "sitemap",
    "robots.txt": "sitemap",
    "_redirects": "sitemap",
    "_headers": "sitemap",
}
"""What a layout makes; any other makes listings."""


def take_stock(
    pages: Sequence[Page | Copy],
    site: Site,
    url: str,
    drafts: bool,
    words: Mapping[str, str],
    wording: str,
) -> Inventory:
    """The inventory of these pages. `words` are the digests of the texts, by content path."""
    ruled = [page.path for page in pages if isinstance(page, Page) and page.ruled]
    addresses = Addresses.of(url)
    here = [page for page in pages if isinstance(page, Copy) or not page.ruled]
    return Inventory(
        files={page.path: _item(page, words, addresses) for page in here},
        url=url,
        drafts=drafts,
        newest=site.articles[0].matter.date.isoformat() if site.articles else "",
        wording=wording,
        retired=site.retired,
        ruled=tuple(sorted(ruled)),
    )


def _item(page: Page | Copy, words: Mapping[str, str], addresses: Addresses) -> Item:
    if isinstance(page, Copy):
        return Item("file" if page.owner else "asset")
    kind = "front" if page.path == "index.html" else _KINDS.get(page.layout, "listing")
    return Item(
        kind,
        words=words[page.owner] if kind == "story" else "",
        leads=addresses.absolute(addresses.href(page.leads)) if page.leads else "",
        bare=page.bare,
    )
