"""A build, from top to bottom: scan, read, assemble, check, relate, plan, render, commit.

What comes in are the folder of a site and a moment; what goes out are the files of the site as it
stands then, and a report of what was done. Whatever is as an earlier build left it is skipped.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Self
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
            _Problems(renewed) as problems,
            BuildState(root / CACHE, folder) as state,
        ):
            return _build(workspace, state, problems, folder, at, drafts, progress or Progress())

    report = begun_again(work, renewed.append)
    warnings = in_order([*report.warnings, *renewed])
    return replace(report, warnings=warnings, seconds=round(time.perf_counter() - started, 3))


def _build(
    workspace: Workspace,
    state: BuildState,
    problems: "_Problems",
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
    if same := state.still_valid(inputs, moment):
        return same.nothing_new()

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
        problems.lasting += located(in_layouts)
        frame = frame_of(settings, layouts, drafts, workspace.cache.token)
        last_site = recall(state.last_site_file, state.last.token, frame) if state.last else None
        texts = last_site.new_among(found.texts) if last_site else found.texts
        read = workspace.read(found, texts, progress.track)
        step.counts(read.converted, "text")

    with progress.step("assemble") as step:
        assembled = None
        if last_site and state.holds(moment) and not _errors(workspace.problems, in_layouts):
            assembled = last_site.reworded(found, texts, read, moment)
        assembled = assembled or workspace.assemble(found, read, moment, drafts)
        site, reworded = assembled.site, assembled.reworded
        step.counts(len(site.articles), "story", "stories")

    with progress.step("check") as step:
        found_wrong = [*assembled.problems]
        problems.of_site += located(one for one in found_wrong if not one.announces)
        if site.withheld:
            problems.once += located(withdrawn(read_inventory(folder), site, settings))
        if _errors(problems):
            problems.once += located(gone_pictures(site, layouts.assets, settings.host, root))
        raise_errors(problems)
        step.counts(len(problems.of_site), "warning")

    with progress.step("relate") as step:
        relations = workspace.relate(site)
        step.counts(len(site.articles), "story", "stories")

    with progress.step("plan") as step:
        context = PageContext(site, settings, layouts.labels, relations.watched)
        planned = plan(context, layouts.assets, root)
        problems.of_site += located(plan_problems(assembled, context, planned, layouts, root))
        problems.lasting += located(host_problems(context, layouts.assets.values(), root))
        raise_errors(problems)
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
            problems.lasting += printed.problems
            raise_errors(problems)
            step.counts(len(printed.made), "page")

        with progress.step("commit") as step:
            keys = {text.source.path: text.key for text in found.texts}
            wanted = inventory_of(planned, site, settings, drafts, keys, found.words_salt)
            deleted = out.commit(printed.staged, wanted)
            step.counts(len(printed.staged) + len(deleted), "file")

    # What is kept is kept last: the next build may find nothing to do, and clears nothing away.
    sizes = state.sizes(wanted.files, printed.made)
    problems.lasting += located(host_limits(settings.host, sizes))
    lasting = in_order([*problems.of_site, *problems.lasting])
    report = _report(assembled, len(pages), printed, len(deleted), lasting)
    this_build = LastBuild(uuid4().hex, inputs, moment, *assembled.valid_between, report)
    this_site = LastSite(
        token=this_build.token,
        frame=frame,
        site=site,
        valid_between=assembled.valid_between,
        keys=keys,
        warnings=in_order(problems.of_site),
        suggestion_digests=relations.suggestion_digests,
        layout_digests=digests,
        dependencies=dependencies_of(pages, printed.seen, last_site),
    )
    encoded = msgspec.json.encode(this_site)
    state.write(this_build, encoded, printed.made, printed.digests, wanted.files)

    new = wanted.files.keys() - out.before.files.keys()
    problems.once += located(one for one in found_wrong if one.announces in new)
    return replace(report, warnings=in_order(problems))


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


class _Problems:
    """What is wrong, as the steps of a build find it; an error that ends one tells of all.

    Where only words are new, the next build takes over those `of_site`. It tells them and the
    other `lasting` ones as well if it finds nothing new; those to be told `once` it does not.
    """

    def __init__(self, once: Iterable[Problem]) -> None:
        self.of_site: list[Problem] = []
        self.lasting: list[Problem] = []
        self.once = [*once]

    def __iter__(self) -> Iterator[Problem]:
        return chain(self.of_site, self.lasting, self.once)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, SiteError):
            raise SiteError([*self, *error.problems]) from error
