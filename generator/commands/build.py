"""A build, from top to bottom: scan, read, assemble, check, relate, plan, render, commit.

What comes in are the folder of a site and a moment; what goes out are the files of the site as it
stands then, and a report of what was done. Whatever is as an earlier build left it is skipped.
"""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec
from msgspec.structs import replace

from generator.commands.progress import Progress
from generator.config import CONTENT, LAYOUTS
from generator.errors import Problem, SiteError, faults_told, in_order, is_error, raise_errors
from generator.output.writer import refuse
from generator.state.builds import BuildState, LastBuild, Report, failures_noted
from generator.state.database import begun_again
from generator.workers import without_collector
from generator.workspace import CACHE, COMPILED, Workspace, open_site

if TYPE_CHECKING:
    from generator.pages.writer import Printed
    from generator.site.assemble import Assembled

__all__ = ["Report", "build"]


@faults_told(CONTENT, "build this site")
def build(
    root: Path,
    output: Path | None = None,
    *,
    at: datetime | None = None,
    drafts: bool = False,
    clean: bool = False,
    jobs: int | None = None,
    waiting: Callable[[], None] = lambda: None,
    progress: Progress | None = None,
) -> Report:
    """Build the site in `root` into `output`, or raise `SiteError` and leave all as it was.

    `at` is the moment for which the site is built: now, unless it is given; without a
    zone of its own it is in the site's. `clean` forgets what earlier builds know. `waiting`
    is called when another build is under way; `progress` is told of each step.
    """
    started = time.perf_counter()
    folder = output or root / "public"
    refused = refuse(folder, root, (CONTENT, LAYOUTS, CACHE))
    renewed: list[Problem] = []

    def work() -> Report:
        with (
            without_collector(),
            open_site(root, refused=refused, clean=clean, jobs=jobs, waiting=waiting) as workspace,
            failures_noted(root / CACHE, folder),
            BuildState(root / CACHE, folder) as state,
        ):
            return _build(workspace, state, folder, at, drafts, progress or Progress())

    report = begun_again(work, renewed.append)
    warnings = in_order([*report.warnings, *renewed])
    return replace(report, warnings=warnings, seconds=round(time.perf_counter() - started, 3))


def _build(
    workspace: Workspace,
    state: BuildState,
    folder: Path,
    at: datetime | None,
    drafts: bool,
    progress: Progress,
) -> Report:
    """Build an open site into a folder, and keep what the next build can go by."""
    root, settings = workspace.root, workspace.settings
    with progress.step("scan") as step:
        found = workspace.scan()
        moment, inputs = workspace.moment(at), workspace.inputs(found, drafts)
        step.counts(len(found.texts) + len(found.files), "file")
    if last := state.still_valid(inputs, moment):
        return last.nothing_new()

    # A build that ends here imports nothing of what follows: that would take half of its time.
    from generator.content.texts import locate
    from generator.hosts.limits import warnings as host_limits
    from generator.output.inventory import read_inventory
    from generator.output.writer import OutputFolder
    from generator.pages import PageContext, gone_pictures, host_problems, plan
    from generator.pages.checks import plan_problems
    from generator.pages.dependencies import LastSite, dependencies_of, frame_of, recall
    from generator.pages.inventory import inventory_of, withdrawn
    from generator.pages.writer import print_pages, set_up

    located = partial(locate, root, opened=found.opened)
    with progress.step("read") as step:
        layouts, in_layouts = workspace.layouts()
        frame = frame_of(settings, layouts, drafts, workspace.cache.token)
        last_site = recall(state.last_site(), state.last.token, frame) if state.last else None
        texts = last_site.new_among(found.texts) if last_site else found.texts
        read = workspace.read(found, texts, progress.track)
        step.counts(read.converted, "text")

    with progress.step("assemble") as step:
        assembled = None
        if last_site and state.holds(moment) and not _errors(workspace.problems, in_layouts):
            assembled = last_site.reworded(found, read, moment)
        assembled = assembled or workspace.assemble(found, read, moment, drafts)
        site, reworded = assembled.site, assembled.reworded
        step.counts(len(site.articles), "story", "stories")

    with progress.step("check") as step:
        said = [*assembled.problems]
        in_site = [problem for problem in said if not problem.announces]
        gone = [*withdrawn(read_inventory(folder), site, settings)] if site.withheld else []
        if _errors(in_site, in_layouts):
            pictures = gone_pictures(site, layouts.assets, settings.host, root)
            raise SiteError(located([*in_site, *in_layouts, *gone, *pictures]))
        step.counts(len(in_site), "warning")

    with progress.step("relate") as step:
        relations = workspace.relate(site)
        step.counts(len(site.articles), "story", "stories")

    with progress.step("plan") as step:
        context = PageContext(site, settings, layouts.labels, relations.watched)
        planned = plan(context, layouts.assets, root)
        in_site += plan_problems(assembled, context, planned, layouts, root)
        of_host = [*host_problems(context, layouts.assets.values(), root)]
        if _errors(in_site, of_host):
            raise SiteError(located([*in_site, *of_host, *gone]))
        pages = [page for page in planned if page.is_written]
        step.counts(len(pages), "page")

    with OutputFolder(folder, state.records) as out:
        with progress.step("render") as step:
            view, compiled = context.compose.site_view(), root / CACHE / COMPILED
            setup = set_up(view, layouts, settings, compiled)
            digests = setup.layout_digests
            unaffected = last_site.unaffected(context, digests, reworded) if last_site else set()
            tracked, records = progress.track(pages), state.records
            cache, executor = workspace.cache, workspace.executor
            printed = print_pages(
                tracked, setup, context, unaffected, out, records, cache, executor
            )
            raise_errors(printed.problems)
            step.counts(len(printed.made), "page")

        with progress.step("commit") as step:
            keys = {text.source.path: text.key for text in found.texts}
            wanted = inventory_of(planned, site, settings, drafts, keys, found.words_salt)
            deleted = out.commit(printed.staged, wanted)
            step.counts(len(printed.staged) + len(deleted), "file")

    # What is kept is kept last: the next build may find nothing to do, and clears nothing away.
    of_host += host_limits(settings.host, state.sizes(wanted.files, printed.made))
    in_site = in_order(located(in_site))
    lasting = in_order([*in_site, *located([*in_layouts, *of_host]), *printed.problems])
    report = _report(assembled, len(pages), printed, len(deleted), lasting)
    last = LastBuild(uuid4().hex, inputs, moment, *assembled.valid_between, report)
    last_site = LastSite(
        token=last.token,
        frame=frame,
        site=site,
        valid_between=assembled.valid_between,
        keys=keys,
        warnings=in_site,
        suggestion_digests=relations.suggestion_digests,
        layout_digests=digests,
        dependencies=dependencies_of(pages, printed.seen, last_site),
    )
    encoded = msgspec.json.encode(last_site)
    state.write(last, encoded, printed.made, printed.digests, wanted.files)

    new = wanted.files.keys() - out.before.files.keys()
    news = located([*gone, *(problem for problem in said if problem.announces in new)])
    return replace(report, warnings=in_order([*report.warnings, *news]))


def _report(
    assembled: "Assembled", pages: int, printed: "Printed", deleted: int, warnings: list[Problem]
) -> Report:
    """Return what was done; the seconds are not known yet."""
    return Report(
        articles=len(assembled.site.articles),
        pages=pages,
        rendered=len(printed.made),
        written=len(printed.staged),
        unchanged=pages - len(printed.staged),
        deleted=deleted,
        converted=assembled.converted,
        seconds=0.0,
        warnings=warnings,
    )


def _errors(*problems: Iterable[Problem]) -> bool:
    """Tell whether there is an error among some problems."""
    return any(map(is_error, chain(*problems)))
