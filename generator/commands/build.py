"""A build: the site is opened, and made anew as far as anything about it is new."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from generator.config import CONTENT, LAYOUTS
from generator.errors import Problem, faults_told, in_order
from generator.output.writer import refuse
from generator.state.builds import BuildState, Report, failures_noted
from generator.state.database import begun_again
from generator.workers import without_collector
from generator.workspace import CACHE, open_site

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
) -> Report:
    """Build the site in `root` into `output`, or raise `SiteError` and leave all as it was.

    `at` is the moment for which the site is built: now, unless it is given; without a
    zone of its own it is in the site's. `clean` forgets what earlier builds know. `waiting`
    is called when another build is under way.
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
            when, inputs = workspace.moment(at), workspace.inputs(drafts)
            last = state.still_valid(inputs, when)
            if last:
                return last.nothing_new()
            # What there is no work for is not imported: that alone would take half of the time.
            from generator.commands.making import make

            return make(workspace, state, folder, inputs, when, drafts)

    report = begun_again(work, renewed.append)
    warnings = in_order([*report.warnings, *renewed])
    return replace(report, warnings=warnings, seconds=round(time.perf_counter() - started, 3))
