"""The story of a build: read, arrange, relate, plan, render, keep."""

import time
from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

import msgspec

from generator.config import CONTENT
from generator.errors import Problem, in_order, raise_errors
from generator.keep.manifest import Manifest, Record
from generator.keep.output import Output, refuse, stamp
from generator.newsroom import CACHE, open_site
from generator.read.texts import locate
from generator.render.compose import Composer
from generator.render.folders import FOLDER as LAYOUTS
from generator.render.layouts import load_layouts
from generator.render.plan import collisions, dead_paths, plan
from generator.render.press import print_pages


class Report(msgspec.Struct, frozen=True):
    """What a build did.

    `pages` counts all outputs: `rendered` of them went through a layout or were copied
    anew, `written` changed on disk, `unchanged` did not; `deleted` went away besides.
    `converted` counts Markdown bodies; `seconds` is wall-clock time.
    """

    articles: int
    pages: int
    rendered: int
    written: int
    unchanged: int
    deleted: int
    converted: int
    seconds: float
    warnings: list[Problem]


def build(
    root: Path,
    output: Path | None = None,
    *,
    at: datetime | None = None,
    drafts: bool = False,
    clean: bool = False,
    jobs: int | None = None,
    waiting: Callable[[], None] = lambda: None,
) -> Report:
    """Build the site in `root` into `output`, or raise `SiteError` and leave all as it was.

    `at` is the moment for which the site is built: now, unless it is given; without a
    zone of its own it is in the site's. `clean` forgets what earlier builds know. `waiting`
    is called when another build is under way.
    """
    started = time.perf_counter()
    folder = output or root / "public"
    refused = refuse(folder, root, (CONTENT, LAYOUTS, CACHE))
    with (
        open_site(root, refused=refused, clean=clean, jobs=jobs, waiting=waiting) as room,
        Manifest(_manifest(root, folder)) as manifest,
    ):
        settings = room.settings
        site = room.arranged(at, drafts)
        layouts, broken = load_layouts(root, settings)
        problems = locate(root, [*room.problems, *broken])
        raise_errors(problems)

        related = room.related(site)
        pages = plan(site, related, settings, layouts.labels, layouts.assets, root)
        amiss = [*collisions(pages), *dead_paths(site, pages, settings)]
        problems += locate(root, amiss)
        raise_errors(problems)

        view = Composer(site, settings).site_view()
        with Output(folder) as out:
            records = manifest.records()
            printed = print_pages(
                pages, view, layouts, settings, out, records, room.cache, room.executor
            )
            raise_errors(printed.problems)
            wanted = {page.path for page in pages}
            deleted = out.commit(printed.staged, wanted)
        made = {path: Record(mark, stamp(folder / path)) for path, mark in printed.made.items()}
        manifest.update(made, gone=records.keys() - wanted)
    return Report(
        articles=len(site.articles),
        pages=len(pages),
        rendered=len(made),
        written=len(printed.staged),
        unchanged=len(pages) - len(printed.staged),
        deleted=len(deleted),
        converted=room.converted,
        seconds=round(time.perf_counter() - started, 3),
        warnings=in_order(problems),
    )


def _manifest(root: Path, folder: Path) -> Path:
    """Each output folder has a manifest of its own; one inside the site moves with it."""
    here, site = folder.resolve(), root.resolve()
    name = str(here.relative_to(site) if here.is_relative_to(site) else here)
    digest = blake2b(name.encode(), digest_size=6).hexdigest()
    return root / CACHE / f"output-{digest}.db"
