"""The story of a build that has work to do: read, arrange, relate, plan, render, keep."""

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import msgspec
from msgspec.structs import replace

from generator.content.texts import locate
from generator.errors import Problem, in_order, is_error, raise_errors
from generator.hosts.limits import warnings
from generator.model import Site
from generator.output.inventory import read_inventory
from generator.output.writer import OutputFolder
from generator.pages import (
    Output,
    PageContext,
    collisions,
    dead_paths,
    gone_pictures,
    host_problems,
    plan,
)
from generator.pages.dependencies import LastSite, PageDependencies, recall
from generator.pages.inventory import inventory_of, withdrawn
from generator.pages.writer import Printed, print_pages, set_up
from generator.site.assemble import texts
from generator.state.builds import BuildState, LastBuild, Report
from generator.state.code_version import fingerprint
from generator.state.outputs import Record
from generator.steps import Arranged, arranged, loaded_layouts, related, reworded
from generator.workspace import CACHE, COMPILED, Workspace


def make(
    workspace: Workspace, state: BuildState, folder: Path, inputs: str, at: datetime, drafts: bool
) -> Report:
    """Build the site of an open newsroom into a folder, and write down what was built."""
    settings = workspace.settings
    layouts, broken = loaded_layouts(workspace)
    # What layouts bring along, texts may lead to.
    brought = sorted(layouts.anchors), sorted(asset.path for asset in layouts.assets.values())
    frame = fingerprint(
        msgspec.json.encode((settings.shaping, layouts.labels, drafts, brought)),
        workspace.cache.token,
    )
    last_site = recall(state.last_site(), state.last.token, frame) if state.last else None
    held = state.last is not None and state.last.holds(at) and not any(map(is_error, broken))
    today = (reworded(workspace, last_site, at) if last_site and held else None) or arranged(
        workspace, at, drafts
    )
    news = [problem for problem in today.problems if problem.announces]
    problems = locate(workspace.root, [p for p in today.problems if not p.announces])
    broken = locate(workspace.root, broken)
    gone = _gone(workspace, folder, today.site)
    if any(map(is_error, [*problems, *broken])):
        pictures = gone_pictures(today.site, layouts.assets, settings.host, workspace.root)
        raise_errors([*problems, *broken, *gone, *pictures])

    relations = related(workspace, today.site)
    context = PageContext(today.site, settings, layouts.labels, relations.watched)
    planned = plan(context, layouts.assets, workspace.root)
    problems += locate(
        workspace.root, _amiss(today, context, planned, workspace.root, layouts.anchors)
    )
    hosted = locate(workspace.root, host_problems(context, layouts.assets.values(), workspace.root))
    raise_errors([*problems, *hosted, *gone])
    pages = [page for page in planned if page.is_written]

    keys = {text.source.path: text.key for text in workspace.found.texts}
    setup = set_up(
        context.compose.site_view(), layouts, settings, workspace.root / CACHE / COMPILED
    )
    unaffected = (
        last_site.unaffected(context, setup.layout_digests, today.reworded) if last_site else set()
    )
    with OutputFolder(folder, state.records) as out:
        printed = print_pages(
            pages,
            setup,
            context,
            unaffected,
            out,
            state.records,
            workspace.cache,
            workspace.executor,
        )
        raise_errors(printed.problems)
        wanted = inventory_of(
            planned, today.site, settings, drafts, keys, workspace.found.words_salt
        )
        deleted = out.commit(printed.staged, wanted)
        news = [p for p in news if p.announces in wanted.files.keys() - out.before.files.keys()]
    if settings.host:
        sizes = _sizes(folder, wanted.files, printed, state.records)
        hosted += locate(workspace.root, warnings(settings.host, sizes))

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
    last = LastBuild(uuid4().hex, inputs, at, *today.valid_between, report)
    remembered = LastSite(
        token=last.token,
        frame=frame,
        site=today.site,
        valid_between=today.valid_between,
        keys=keys,
        warnings=in_order(problems),
        suggestion_digests=relations.suggestion_digests,
        layout_digests=setup.layout_digests,
        dependencies=_dependencies(pages, printed, last_site),
    )
    encoded = msgspec.json.encode(remembered)
    state.write(last, encoded, printed.made, printed.digests, wanted.files)
    news += gone
    return replace(report, warnings=in_order([*report.warnings, *locate(workspace.root, news)]))


def _gone(workspace: Workspace, folder: Path, site: Site) -> list[Problem]:
    """A warning of files that an earlier build has published: the next has no more to say of it."""
    if not site.withheld:
        return []
    return list(withdrawn(read_inventory(folder), site, workspace.settings))


def _amiss(
    today: Arranged,
    context: PageContext,
    pages: list[Output],
    root: Path,
    anchors: Container[str],
) -> Iterator[Problem]:
    """What is wrong with the plan; where only words are new, with the links in those."""
    bodies, menu = texts(today.site), context.settings.menu
    if today.reworded is None:
        yield from collisions(context, pages)
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


def _dependencies(
    pages: list[Output], printed: Printed, last_site: LastSite | None
) -> dict[str, PageDependencies]:
    """What each page that is watched looked at: in this build, or in an earlier one."""
    watched = [page for page in pages if page.is_watched]
    return {
        page.path: PageDependencies(page.layout, printed.seen[page.path])
        if page.path in printed.seen or last_site is None
        else last_site.dependencies[page.path]
        for page in watched
    }
