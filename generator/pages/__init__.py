"""From a site to every output: where it stands, its layout, and how its view is made.

In come the `Site`, its relations, the settings and the assets of the layouts; out goes the plan,
a list of pages and copies, and with it what is wrong with links to pages that are not in it.
Planning renders nothing: a view is made when it is asked for, and `writer` renders and stages
those pages that are not as they were.

Each kind of page has its planner; `context` and `compose` are what they share. `queries` answers
what layouts ask.
"""

import posixpath
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path as FilePath
from urllib.parse import unquote

from msgspec.structs import replace

from generator.codes import Code
from generator.config import CONTENT, SITE_TOML, MenuItem, Settings
from generator.errors import Problem, is_error
from generator.fields import Path as Field
from generator.mismatch import nearest
from generator.model import Site
from generator.pages.assets import asset_outputs, icon_outputs
from generator.pages.cards import card_files
from generator.pages.collisions import collisions
from generator.pages.context import PageContext, Related
from generator.pages.editions import in_edition
from generator.pages.feed import feeds
from generator.pages.host_files import (
    answered_by_host,
    host_pages,
    host_problems,
    is_read_by_host,
    kind_of_file,
)
from generator.pages.items import collection_feeds
from generator.pages.output import Copied, Derived, Output, Rendered, SourceFile
from generator.pages.picture_files import STORE, file_output, picture_outputs
from generator.pages.plain import NOT_FOUND
from generator.pages.planners import pages_of
from generator.pages.podcast import chapter_files
from generator.pages.sitemap import SITEMAP_LIMIT, robots, sitemaps
from generator.site.anchors import unknown_anchors
from generator.site.assemble import Edition, texts
from generator.site.editions import told_of_files
from generator.site.file_names import FileNames
from generator.site.links import Bodies, destination, page_of, unknown_paths
from generator.templates.assets import Asset
from generator.urls import file_path, folders_of

__all__ = [
    "Answered",
    "Copied",
    "Derived",
    "Output",
    "PageContext",
    "Related",
    "Rendered",
    "SourceFile",
    "collisions",
    "dead_paths",
    "gone_pictures",
    "host_problems",
    "picture_plan",
    "plan",
]


def plan(
    context: PageContext,
    assets: Mapping[str, Asset],
    root: FilePath,
    sitemap_limit: int = SITEMAP_LIMIT,
) -> list[Output]:
    """Return every output of the site in `root`. Views are made when they are asked for."""
    pages = [*pages_of(context)]
    return _written_where_needed(
        [
            *pages,
            *host_pages(context, assets.values(), root),
            *feeds(context),
            *collection_feeds(context),
            *chapter_files(context),
            *card_files(context),
            *sitemaps(context, pages, sitemap_limit),
            robots(context),
            *_in_other_languages(context, sitemap_limit),
            *picture_plan([one.site for one in context.every], context.settings, root),
            *asset_outputs(assets),
            *icon_outputs(context, root),
        ]
    )


def _in_other_languages(context: PageContext, sitemap_limit: int) -> Iterator[Output]:
    """Yield all that there is in each language, but for what is there once."""
    for one in context.editions:
        pages = [page for page in pages_of(one) if page.path != NOT_FOUND]
        made = *feeds(one), *collection_feeds(one), *chapter_files(one), *card_files(one)
        outputs = [*pages, *made, *sitemaps(one, pages, sitemap_limit)]
        yield from (in_edition(one, output) for output in outputs)


def picture_plan(sites: Sequence[Site], settings: Settings, root: FilePath) -> Iterator[Output]:
    """Yield the outputs of the site in `root` that are made of pictures, and other files.

    It is given in each of its languages, the main one first.
    """
    yield from _files(sites[0], settings, root)
    yield from picture_outputs(sites, settings, root, root / STORE)


def gone_pictures(
    site: Site,
    assets: Mapping[str, Asset],
    settings: Settings,
    root: FilePath,
    editions: Iterable[Edition] = (),
) -> Iterator[Problem]:
    """Yield a problem for each picture that is not there, of a site with mistakes of any kind."""
    known = Answered.by([*_files(site, settings, root), *asset_outputs(assets)])
    yield from filter(is_error, dead_paths(site, root, texts(site), known, (), ()))
    for edition in editions:
        dead = dead_paths(edition.site, root, texts(edition.site), known, (), ())
        yield from told_of_files(filter(is_error, dead), edition.names)


class Answered:
    """The paths that outputs answer for: `outputs` are theirs, and whether each is bare."""

    def __init__(self, outputs: Mapping[str, bool]) -> None:
        self._outputs = outputs

    @classmethod
    def by(cls, outputs: Iterable[Output]) -> "Answered":
        """Return the paths that these answer for."""
        return cls({output.path: output.bare for output in outputs})

    def __contains__(self, path: str) -> bool:
        file = path.removeprefix("/")
        is_file = file in self._outputs or f"{file}index.html" in self._outputs
        return path.startswith("/") and (is_file or self._outputs.get(f"{file}.html", False))

    def __iter__(self) -> Iterator[str]:
        for path, is_bare in self._outputs.items():
            yield f"/{path}"
            yield f"/{path.removesuffix('index.html')}"
            if is_bare:
                yield f"/{path.removesuffix('.html')}"


def dead_paths(
    site: Site,
    root: FilePath,
    bodies: Bodies,
    known: Answered,
    entries: Iterable[tuple[Field, MenuItem]],
    anchors: Container[str],
) -> Iterator[Problem]:
    """Yield addresses in these texts, and entries of menu and footer, that lead to nothing here.

    `anchors` are the ids that the layouts bring along.
    """
    bodies, host_answers = tuple(bodies), answered_by_host(site, root)

    def answers(path: str) -> bool:
        return path in known or f"{path}/" in known or host_answers(path)

    yield from unknown_paths(site, bodies, answers, FileNames(site.addresses))
    yield from unknown_anchors(site, bodies, anchors)
    for file, field, url in _own_links(site, entries):
        path = unquote(page_of(destination(site, "", url) or url))
        if path.startswith("/") and path not in known and not host_answers(path):
            name = ".".join(str(part) for part in field[:-1] or field if isinstance(part, str))
            what = f'{name}: no page of this site answers for "{url}"'
            near = _near(path, known)
            remedy = f'did you mean "{file_path(near)}"?' if near else "mend the address"
            yield Problem(file, 0, what, remedy, "warning", field, code=Code.DEAD_LINK)


def _own_links(
    site: Site, entries: Iterable[tuple[Field, MenuItem]]
) -> Iterator[tuple[str, Field, str]]:
    """Yield where settings and front matter lead readers: the file, the field, the address."""
    for place, item in entries:
        yield SITE_TOML, (*place, "url"), item.url
    for author in site.authors.values():
        if author.matter.follow:
            yield f"{CONTENT}/{author.path}", ("follow", "url"), author.matter.follow.url
    for promo in site.promos.values():
        yield f"{CONTENT}/{promo.path}", ("url",), promo.matter.url
    for text in site.items.values():
        yield from ((f"{CONTENT}/{text.path}", (n,), url) for n, url in text.addresses.items())


def _near(wanted: str, known: Iterable[str]) -> str:
    """Return the path of a page most like the wanted one, in any case; or an empty string."""
    size = len(wanted)
    pages = (path for path in known if not path.endswith("index.html"))
    alike = (path for path in pages if abs(len(path) - size) <= _MOST_OFF)
    return nearest(wanted, alike, likeness=0.8, form=str.casefold)


_MOST_OFF = 3
"""Letters too many or too few of an address that is meant to be another."""


def _written_where_needed(outputs: list[Output]) -> list[Output]:
    """Return the outputs; one whose address is a folder that others need is redirected by no host.

    What a host does with a rule for a folder that is there is nowhere said.
    """
    if not any(output.redirected_by_host for output in outputs):
        return outputs
    folders = {f for o in outputs if not o.redirected_by_host for f in folders_of(o.path)}
    return [
        replace(output, redirected_by_host=False)
        if output.redirected_by_host and posixpath.dirname(output.path) in folders
        else output
        for output in outputs
    ]


def _files(site: Site, settings: Settings, root: FilePath) -> Iterator[Output]:
    """Yield the files of the content, each at its address; none of a story that is not public."""
    images, store = settings.images, root / STORE
    for path, file in site.files.items():
        address = site.addresses[path]
        if address and not is_read_by_host(settings.host, path):
            target = unquote(address).removeprefix("/")
            kind, source = kind_of_file(target), root / CONTENT / path
            yield file_output(target, file, kind, images, root, store) or Copied(
                target, kind, source, file.digest, owner=path
            )
