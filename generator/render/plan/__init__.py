"""Site → every page. Each is an output path, a layout and a view; nothing is rendered here."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from generator.arrange.links import unknown_paths
from generator.config import CONTENT, FILE, MenuItem
from generator.errors import Problem
from generator.model import Digest, Site
from generator.render.assets import Asset
from generator.render.plan.archive import archive_pages
from generator.render.plan.desk import Copy, Desk, Page
from generator.render.plan.feeds import SITEMAP_LIMIT, feeds, sitemaps
from generator.render.plan.front import front_pages
from generator.render.plan.listings import author_pages, tag_pages
from generator.render.plan.plain import plain_pages, redirects
from generator.render.plan.stories import Related, story_pages
from generator.urls import folders_of

__all__ = ["Copy", "Desk", "Page", "Related", "collisions", "dead_paths", "plan"]


def plan(
    desk: Desk,
    related: Related,
    assets: Mapping[str, Asset],
    root: Path,
    sitemap_limit: int = SITEMAP_LIMIT,
) -> list[Page | Copy]:
    """Every output of the site in `root`. Views are made when they are asked for."""
    return [
        *front_pages(desk),
        *story_pages(desk, related),
        *tag_pages(desk),
        *author_pages(desk),
        *archive_pages(desk),
        *plain_pages(desk),
        *redirects(desk),
        *feeds(desk),
        *sitemaps(desk, sitemap_limit),
        *_files(desk.site, root),
        *(Copy(asset.path, asset.data, asset.path) for asset in assets.values()),
    ]


def collisions(pages: Iterable[Page | Copy]) -> Iterator[Problem]:
    """Outputs that would overwrite one another, or need a folder where a file is.

    Names that differ only in case count as one: some disks and hosts see no difference.
    """
    owners: dict[str, Page | Copy] = {}
    for page in pages:
        other = owners.setdefault(page.path.casefold(), page)
        if other is not page:
            yield _collision(page, other)
    for name, page in owners.items():
        for folder in folders_of(name):
            if above := owners.get(folder):
                yield _collision(page, above)


def dead_paths(
    site: Site,
    texts: Iterable[tuple[str, Digest]],
    pages: Iterable[Page | Copy],
    menu: Iterable[MenuItem],
) -> Iterator[Problem]:
    """Links of these texts, and menu entries, to a path of this site that no page answers for."""
    known = frozenset(
        path
        for page in pages
        for path in (f"/{page.path}", f"/{page.path.removesuffix('index.html')}")
    )
    yield from unknown_paths(site, texts, known)
    for number, item in enumerate(menu):
        path = item.url.split("#")[0]
        if path.startswith("/") and path not in known:
            what = f'menu: no page of this site answers for "{item.url}"'
            field = ("menu", number, "url")
            yield Problem(FILE, 0, what, "mend the address", "warning", field)


def _collision(page: Page | Copy, other: Page | Copy) -> Problem:
    mine, theirs = (page, other) if page.owner else (other, page)
    whose = f"{CONTENT}/{theirs.owner}" if theirs.owner else "a page that Broadsheet makes"
    is_alias = isinstance(mine, Page) and mine.layout == "redirect.html"
    kind = "alias" if is_alias else "address"
    what = f"its {kind} /{mine.path.removesuffix('index.html')} is also that of {whose}"
    field = () if isinstance(mine, Copy) else ("aliases",) if is_alias else ("slug",)
    return Problem(f"{CONTENT}/{mine.owner}", 0, what, "rename one of the two", field=field)


def _files(site: Site, root: Path) -> Iterator[Copy]:
    """The files of the content, each at its address; none of a story that is not public."""
    for path, file in site.files.items():
        if address := site.addresses[path]:
            yield Copy(unquote(address).removeprefix("/"), root / CONTENT / path, file.digest, path)
