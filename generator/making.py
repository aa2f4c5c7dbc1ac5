"""The story of a build that has work to do: read, arrange, relate, plan, render, keep."""

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import msgspec
from msgspec.structs import replace

from generator.arrange.site import texts
from generator.deploy.limits import warnings
from generator.editing import Arranged, arranged, laid_out, related, reworded
from generator.edition import fingerprint
from generator.errors import Problem, in_order, is_error, raise_errors
from generator.keep.inventory import read_inventory
from generator.keep.manifest import Record
from generator.keep.output import Output
from generator.logbook import Logbook, Past, Report
from generator.memory import Memory, Trace, recall
from generator.model import Site
from generator.newsroom import CACHE, COMPILED, Newsroom
from generator.read.texts import locate
from generator.render.plan import (
    Copy,
    Desk,
    Page,
    collisions,
    dead_paths,
    gone_pictures,
    host_problems,
    plan,
)
from generator.render.plan.stock import take_stock, withdrawn
from generator.render.press import Printed, print_pages, set_up


def make(
    room: Newsroom, log: Logbook, folder: Path, inputs: str, at: datetime, drafts: bool
) -> Report:
    """Build the site of an open newsroom into a folder, and write down what was built."""
    settings = room.settings
    layouts, broken = laid_out(room)
    # What layouts bring along, texts may lead to.
    brought = sorted(layouts.anchors), sorted(asset.path for asset in layouts.assets.values())
    frame = fingerprint(
        msgspec.json.encode((settings.shaping, layouts.labels, drafts, brought)), room.cache.token
    )
    memory = recall(log.memory(), log.past.token, frame) if log.past else None
    held = log.past is not None and log.past.holds(at) and not any(map(is_error, broken))
    today = (reworded(room, memory, at) if memory and held else None) or arranged(room, at, drafts)
    news = [problem for problem in today.problems if problem.announces]
    problems = locate(room.root, [p for p in today.problems if not p.announces])
    broken = locate(room.root, broken)
    gone = _gone(room, folder, today.site)
    if any(map(is_error, [*problems, *broken])):
        pictures = gone_pictures(today.site, layouts.assets, settings.host, room.root)
        raise_errors([*problems, *broken, *gone, *pictures])

    relations = related(room, today.site)
    desk = Desk(today.site, settings, layouts.labels)
    kin = relations.watched(desk.site, desk.watch)
    planned = plan(desk, kin, layouts.assets, room.root)
    problems += locate(room.root, _amiss(today, desk, planned, room.root, layouts.anchors))
    hosted = locate(room.root, host_problems(desk, layouts.assets.values(), room.root))
    raise_errors([*problems, *hosted, *gone])
    pages = [page for page in planned if page.is_written]

    keys = {text.source.path: text.key for text in room.found.texts}
    setup = set_up(desk.compose.site_view(), layouts, settings, room.root / CACHE / COMPILED)
    asleep = memory.asleep(desk, setup.contexts, today.reworded) if memory else set()
    with Output(folder, log.records) as out:
        printed = print_pages(
            pages, setup, desk.watch, asleep, out, log.records, room.cache, room.executor
        )
        raise_errors(printed.problems)
        wanted = take_stock(planned, today.site, settings, drafts, keys, room.found.wording)
        deleted = out.commit(printed.staged, wanted)
        news = [p for p in news if p.announces in wanted.files.keys() - out.before.files.keys()]
    if settings.host:
        sizes = _sizes(folder, wanted.files, printed, log.records)
        hosted += locate(room.root, warnings(settings.host, sizes))

    report = Report(
        articles=len(today.site.articles),
        pages=len(pages),
        rendered=len(printed.made),
        written=len(printed.staged),
        unchanged=len(pages) - len(printed.staged),
        deleted=len(deleted),
        converted=today.converted,
        seconds=0.0,
        warnings=in_order([*problems, *broken, *hosted]),
    )
    past = Past(uuid4().hex, inputs, at, *today.standstill, report)
    remembered = Memory(
        token=past.token,
        frame=frame,
        site=today.site,
        standstill=today.standstill,
        keys=keys,
        warnings=in_order(problems),
        grounds=relations.grounds,
        contexts=setup.contexts,
        traces=_traces(pages, printed, memory),
    )
    encoded = msgspec.json.encode(remembered)
    log.write(past, encoded, printed.made, printed.digests, wanted.files)
    news += gone
    return replace(report, warnings=in_order([*report.warnings, *locate(room.root, news)]))


def _gone(room: Newsroom, folder: Path, site: Site) -> list[Problem]:
    """A warning of files that an earlier build has published: the next has no more to say of it."""
    if not site.withheld:
        return []
    return list(withdrawn(read_inventory(folder), site, room.settings))


def _amiss(
    today: Arranged,
    desk: Desk,
    pages: list[Page | Copy],
    root: Path,
    anchors: Container[str],
) -> Iterator[Problem]:
    """What is wrong with the plan; where only words are new, with the links in those."""
    bodies, menu = texts(today.site), desk.settings.menu
    if today.reworded is None:
        yield from collisions(desk, pages)
    else:
        bodies, menu = (body for body in bodies if body[0] in today.reworded), ()
    yield from dead_paths(today.site, root, bodies, pages, menu, anchors)


def _sizes(
    folder: Path, paths: Iterable[str], printed: Printed, records: Mapping[str, Record]
) -> dict[str, int]:
    """The bytes of each output. Those of one that was left alone begin its stamp."""
    return {
        path: (folder / path).stat().st_size
        if path in printed.made
        else int(records[path].stamp.partition(" ")[0])
        for path in paths
    }


def _traces(pages: list[Page | Copy], printed: Printed, memory: Memory | None) -> dict[str, Trace]:
    """What each page that is watched looked at: in this build, or in an earlier one."""
    watched = [page for page in pages if isinstance(page, Page) and page.watched]
    return {
        page.path: Trace(page.layout, printed.seen[page.path])
        if page.path in printed.seen or memory is None
        else memory.traces[page.path]
        for page in watched
    }
