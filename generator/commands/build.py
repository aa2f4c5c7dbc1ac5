"""A build, from top to bottom: scan, read, assemble, check, relate, plan, render, commit.

What comes in are the folder of a site and a moment; what goes out are the files of the site as it
stands then, and a report of what was done. Whatever is as an earlier build left it is skipped.
"""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from generator.commands.problems import Problems
from generator.commands.progress import Progress
from generator.config import CONTENT, LAYOUTS
from generator.errors import Problem, faults_told, in_order
from generator.output.writer import OutputFolder, refuse
from generator.state.builds import BuildState, Report, failures_noted
from generator.state.damaged import begun_again
from generator.workers import without_collector
from generator.workspace import CACHE, Workspace, open_site

__all__ = ["Report", "build"]


@faults_told(CONTENT, "build this site")
def build(
    root: Path,
    output: Path | None = None,
    *,
    at: datetime | None = None,
    drafts: bool = False,
    safe: bool = False,
    clean: bool = False,
    jobs: int | None = None,
    cluster: str | None = None,
    complete: bool = False,
    waiting: Callable[[], None] = lambda: None,
    progress: Progress | None = None,
) -> Report:
    """Build the site in `root` into `output`, or raise `SiteError` and leave all as it was.

    `at` is the moment for which the site is built: now, unless it is given; without a
    zone of its own it is in the site's. With `safe` a site that has code run is refused. `clean`
    forgets what earlier builds know. Work goes to so many processes (`jobs`), or to the workers of
    a `cluster`, named by its scheduler's address. What takes long is made whatever it takes if the
    site is to be `complete`. `waiting` is called when another build is under
    way; `progress` is told of each step.
    """
    started = time.perf_counter()
    folder = output or root / "public"
    refused = refuse(folder, root, (CONTENT, LAYOUTS, CACHE))
    renewed: list[Problem] = []

    def work() -> Report:
        with (
            without_collector(),
            open_site(
                root,
                refused=refused,
                safe=safe,
                clean=clean,
                jobs=jobs,
                cluster=cluster,
                waiting=waiting,
            ) as workspace,
            failures_noted(root / CACHE, folder),
            Problems(renewed) as problems,
        ):
            state = BuildState(root / CACHE, folder)
            told = progress or Progress()
            return _build(workspace, state, problems, folder, at, drafts, complete, told)

    report = begun_again(work, renewed.append)
    warnings = in_order([*report.warnings, *renewed])
    return replace(report, warnings=warnings, seconds=round(time.perf_counter() - started, 3))


def _build(
    workspace: Workspace,
    state: BuildState,
    problems: Problems,
    folder: Path,
    at: datetime | None,
    drafts: bool,
    complete: bool,
    progress: Progress,
) -> Report:
    """Build an open site into a folder, and keep what the next build can go by."""
    with progress.step("scan") as step:
        state.look()
        found = workspace.scan()
        moment, inputs = workspace.moment(at), workspace.inputs(found, drafts)
        step.counts(len(found.texts) + len(found.files), "file")
    if same := state.still_valid(inputs, moment):
        return same.nothing_new()

    # A build that ends here imports nothing of what follows: that would take half of its time.
    from generator.commands.steps import Steps

    workspace.executor.start()
    given = workspace, state, problems, found, folder, moment, drafts, complete
    steps = Steps(*given, progress.track)
    with progress.step("read") as step:
        sources = steps.read()
        step.counts(sources.read.converted, *steps.texts)
    with progress.step("assemble") as step:
        assembled = steps.assemble(sources)
        step.counts(assembled.stories, "story", "stories")
    with progress.step("check") as step:
        steps.check(sources, assembled)
        step.counts(len(problems.of_site), "warning")
    sources = steps.let_go(sources)
    with progress.step("relate") as step:
        related = steps.relate(sources, assembled)
        step.counts(assembled.stories, "story", "stories")
    with progress.step("plan") as step:
        plan = steps.plan(sources, assembled, related)
        step.counts(len(plan.pages), "page")
    del related  # they take much memory, as does what views are made from below
    with OutputFolder(folder, state.records, workspace.executor.are_here) as out:
        with progress.step("render") as step, workspace.executor.reaching(out.staging):
            rendered = steps.render(plan, out)
            step.counts(len(rendered.made), "page")
        plan = plan.without_context()
        with progress.step("commit") as step:
            committed = steps.commit(plan, rendered, out)
            step.counts(len(rendered.staged) + len(committed.deleted), "file")
    return steps.keep(inputs, sources, plan, rendered, committed)
