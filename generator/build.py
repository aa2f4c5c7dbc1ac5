"""The story of a build: read, arrange, relate, plan, render, keep."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import msgspec

from generator.arrange.site import texts
from generator.config import CONTENT, Settings
from generator.edition import fingerprint
from generator.errors import Problem, in_order, raise_errors
from generator.keep.output import Output, refuse
from generator.memory import Logbook, Memory, Past, Trace
from generator.model import Site
from generator.newsroom import CACHE, open_site
from generator.read.texts import locate
from generator.render.folders import FOLDER as LAYOUTS
from generator.render.plan import Copy, Desk, Page, collisions, dead_paths, plan
from generator.render.press import Printed, print_pages, set_up


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
        Logbook(root / CACHE, folder) as log,
    ):
        settings, when = room.settings, room.moment(at)
        layouts, broken, digest = room.layouts()
        frame = fingerprint(msgspec.json.encode((settings, layouts.labels, drafts)))
        inputs = fingerprint(frame, room.found.digest, digest)
        if past := log.standing(inputs, when):
            return _nothing_new(past, started)

        memory = log.memory(frame)
        retouched = room.retouched(memory, when) if memory and log.held(when) else None
        site, bodies = retouched or (room.arranged(when, drafts), None)
        problems = locate(root, [*room.problems, *broken])
        raise_errors(problems)

        related = room.related(site)
        desk = Desk(site, settings, layouts.labels)
        pages = plan(desk, related, layouts.assets, root)
        problems += locate(root, _amiss(site, bodies, pages, settings))
        raise_errors(problems)

        setup = set_up(desk.compose.site_view(), layouts, settings)
        asleep = memory.asleep(desk, setup.contexts, bodies) if memory else set()
        with Output(folder) as out:
            printed = print_pages(
                pages, setup, desk.watch, asleep, out, log.records, room.cache, room.executor
            )
            raise_errors(printed.problems)
            wanted = {page.path for page in pages}
            deleted = out.commit(printed.staged, wanted)
        past = Past(
            token=uuid4().hex,
            inputs=inputs,
            at=when,
            since=room.standstill[0],
            until=room.standstill[1],
            articles=len(site.articles),
            pages=len(pages),
            warnings=in_order(problems),
        )
        memory = Memory(
            token=past.token,
            frame=frame,
            site=site,
            standstill=room.standstill,
            keys={text.source.path: text.key for text in room.found.texts},
            warnings=past.warnings,
            grounds=related.digests(),
            contexts=setup.contexts,
            traces=_traces(pages, printed, memory),
        )
        log.write(past, memory, printed.made, log.records.keys() - wanted)
    return Report(
        articles=len(site.articles),
        pages=len(pages),
        rendered=len(printed.made),
        written=len(printed.staged),
        unchanged=len(pages) - len(printed.staged),
        deleted=len(deleted),
        converted=room.converted,
        seconds=round(time.perf_counter() - started, 3),
        warnings=in_order(problems),
    )


def _amiss(
    site: Site, bodies: list[str] | None, pages: list[Page | Copy], settings: Settings
) -> Iterator[Problem]:
    """What is wrong with the plan; of new `bodies` alone, if nothing else is new."""
    if bodies is None:
        yield from collisions(pages)
        yield from dead_paths(site, texts(site), pages, settings.menu)
    else:
        articles = (article for article in site.articles if article.path in bodies)
        yield from dead_paths(site, ((a.path, a.body) for a in articles), pages, ())


def _traces(pages: list[Page | Copy], printed: Printed, memory: Memory | None) -> dict[str, Trace]:
    """What each page that is watched looked at: in this build, or in an earlier one."""
    watched = [page for page in pages if isinstance(page, Page) and page.watched]
    return {
        page.path: Trace.of(page.layout, printed.seen[page.path])
        if page.path in printed.seen or memory is None
        else memory.traces[page.path]
        for page in watched
    }


def _nothing_new(past: Past, started: float) -> Report:
    return Report(
        articles=past.articles,
        pages=past.pages,
        rendered=0,
        written=0,
        unchanged=past.pages,
        deleted=0,
        converted=0,
        seconds=round(time.perf_counter() - started, 3),
        warnings=past.warnings,
    )
