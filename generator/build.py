"""A build: the site is opened, and made anew as far as anything about it is new."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from generator.config import CONTENT, LAYOUTS
from generator.errors import Problem, faults_told, in_order
from generator.keep.database import begun_again
from generator.keep.output import refuse
from generator.logbook import Logbook, Report, failures_noted
from generator.newsroom import CACHE, open_site
from generator.workers import without_collector

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
            open_site(root, refused=refused, clean=clean, jobs=jobs, waiting=waiting) as room,
            failures_noted(root / CACHE, folder),
            Logbook(root / CACHE, folder) as log,
        ):
            when, inputs = room.moment(at), room.inputs(drafts)
            past = log.standing(inputs, when)
            if past:
                return past.nothing_new()
            # What there is no work for is not imported: that alone would take half of the time.
            from generator.making import make

            return make(room, log, folder, inputs, when, drafts)

    report = begun_again(work, renewed.append)
    warnings = in_order([*report.warnings, *renewed])
    return replace(report, warnings=warnings, seconds=round(time.perf_counter() - started, 3))
