"""The inventory of a planned site: what each output is, for those who carry the site away."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import unquote

from generator.arrange.site import address_of_file
from generator.config import CONTENT, FILE, publish_line
from generator.errors import Problem
from generator.keep.inventory import Inventory, Item, Kind
from generator.model import Site
from generator.read.names import SECRETS, underlined_folder
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
    homes = {article.path: article.url for article in site.articles}
    homes |= {page.path: page.url for page in site.pages}

    def leads(owner: str) -> str:
        return addresses.absolute(addresses.href(homes[owner]))

    return Inventory(
        files={p.path: _item(p, words, leads) for p in pages if isinstance(p, Copy) or not p.ruled},
        url=url,
        drafts=drafts,
        newest=site.articles[0].matter.date.isoformat() if site.articles else "",
        wording=wording,
        retired=site.retired,
        ruled=tuple(sorted(ruled)),
    )


def withdrawn(before: Inventory | None, site: Site, publish: Sequence[str]) -> Iterator[Problem]:
    """A warning if files that were published `before` are not any more; `publish` is the setting.

    Keys are no part of it: nobody is to be told how to publish them again.
    """
    there = before.files if before else {}
    withheld = (path for path, why in site.withheld.items() if why not in SECRETS)
    paths = sorted(path for path in withheld if _was_there(path, site, there))
    if not paths:
        return
    shown = ", ".join(f"{CONTENT}/{path}" for path in paths[:_SHOWN])
    more = " …" if len(paths) > _SHOWN else ""
    number = "1 file that was published is"
    if len(paths) > 1:
        number = f"{len(paths):,} files that were published are"
    what = f"{number} not any more: {shown}{more}"
    patterns = dict.fromkeys([*publish, *map(_pattern, paths)])
    remedy = f"if readers need them, write {publish_line(patterns)}"
    yield Problem(FILE, 0, what, remedy, "warning")


def _was_there(path: str, site: Site, files: Mapping[str, Item]) -> bool:
    address = unquote(address_of_file(path, site.addresses)).removeprefix("/")
    return address in files and files[address].kind == "file"


def _pattern(path: str) -> str:
    folder = underlined_folder(path)
    return f"{folder}/**" if folder else path


_SHOWN = 3


def _item(page: Page | Copy, words: Mapping[str, str], leads: Callable[[str], str]) -> Item:
    if isinstance(page, Copy):
        return Item("file" if page.owner else "asset")
    kind = "front" if page.path == "index.html" else _KINDS.get(page.layout, "listing")
    match kind:
        case "story":
            return Item(kind, words=words[page.owner])
        case "redirect":
            return Item(kind, leads=leads(page.owner))
        case _:
            return Item(kind)
