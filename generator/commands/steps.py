"""What each step of a build does, given what those before it gave; `build` tells their order.

What comes in are a site that is open, what earlier builds left and the files that were found; what
goes out, step by step, are its sources, the site, the plan, the pages, and what the next build can
go by.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import msgspec
from msgspec.structs import replace

from generator.commands.problems import Problems
from generator.content.articles import ReadTexts
from generator.content.scan import Scan
from generator.content.texts import locate
from generator.errors import Problem, in_order, is_error, raise_errors
from generator.hosts.limits import warnings as host_limits
from generator.output.inventory import Inventory, read_inventory
from generator.output.writer import OutputFolder
from generator.pages import Output, PageContext, gone_pictures, host_problems, plan
from generator.pages.checks import plan_problems
from generator.pages.dependencies import LastSite, dependencies_of, frame_of, recall
from generator.pages.inventory import inventory_of, withdrawn
from generator.pages.writer import RenderedPages, render_pages, set_up
from generator.related import Relations
from generator.site.assemble import Assembled
from generator.state.builds import BuildState, LastBuild, Report
from generator.templates.loader import Layouts
from generator.workspace import CACHE, COMPILED, Workspace


class Sources(NamedTuple):
    """The layouts of a site and its texts, as they were read.

    `last_site` is what the last build left of its site, if that is of use under this `frame`. If
    only words are new since, `reworded` is the site with them; else all texts are `read`.
    """

    layouts: Layouts
    frame: str
    last_site: LastSite | None
    read: ReadTexts
    reworded: Assembled | None


class Plan(NamedTuple):
    """All `outputs` of the site that was `assembled`; `pages` are those that are written."""

    assembled: Assembled
    relations: Relations
    context: PageContext
    outputs: list[Output]
    pages: list[Output]


class Rendered(NamedTuple):
    """What came of rendering, and the digests of what shaped the pages, by layout."""

    pages: RenderedPages
    layout_digests: dict[str, str]


class Committed(NamedTuple):
    """What stands in the output folder now, and the paths that were deleted from it."""

    inventory: Inventory
    deleted: list[str]


class Steps:
    """The steps of one build, and what all of them go by.

    What is wrong is added to the `problems`; errors among them end the build at the end of a step.
    `track` sees how far a long step is.
    """

    def __init__(
        self,
        workspace: Workspace,
        state: BuildState,
        problems: Problems,
        found: Scan,
        moment: datetime,
        drafts: bool,
        track: Callable[[Collection[Any]], Iterable[Any]],
    ) -> None:
        self._workspace, self._state, self._problems = workspace, state, problems
        self._found, self._moment, self._drafts, self._track = found, moment, drafts, track
        self._root, self._settings = workspace.root, workspace.settings
        self._located = partial(locate, self._root, opened=found.opened)

    def read(self) -> Sources:
        """Read the layouts, and the texts: the new ones alone if nothing but words is new."""
        layouts, amiss = self._workspace.layouts()
        self._problems.lasting += self._located(amiss)
        frame = frame_of(self._settings, layouts, self._drafts, self._workspace.blobs.token)
        last = self._state.last
        last_site = recall(self._state.last_site, last.token, frame) if last else None
        if last_site is None:
            read = self._workspace.read(self._found, track=self._track)
            return Sources(layouts, frame, None, read, None)
        new = last_site.new_among(self._found.texts)
        read, reworded = self._workspace.read_some(self._found, new, self._track), None
        is_sound = not any(map(is_error, [*self._workspace.problems, *amiss]))
        if is_sound and self._state.holds(self._moment):
            reworded = last_site.reworded(self._found, new, read, self._moment)
        if reworded is None:
            read = self._workspace.read(self._found, read)
        return Sources(layouts, frame, last_site, read, reworded)

    def assemble(self, sources: Sources) -> Assembled:
        """Return the site, assembled anew unless only words are new."""
        return sources.reworded or self._workspace.assemble(
            sources.read, self._moment, self._drafts
        )

    def check(self, sources: Sources, assembled: Assembled, folder: Path) -> None:
        """Look for what is wrong with the site, and for what is gone from the output folder."""
        problems, site, host = self._problems, assembled.site, self._settings.host
        found = [*assembled.problems]
        problems.of_site += self._located(one for one in found if not one.announces)
        problems.announced += (one for one in found if one.announces)
        if site.withheld:
            gone = withdrawn(read_inventory(folder), site, self._settings)
            problems.once += self._located(gone)
        if problems.has_errors:
            gone = gone_pictures(site, sources.layouts.assets, host, self._root)
            problems.once += self._located(gone)
        raise_errors(problems)

    def plan(self, sources: Sources, assembled: Assembled, relations: Relations) -> Plan:
        """Plan every output of the site, and look for what is wrong with the plan."""
        layouts, problems = sources.layouts, self._problems
        context = PageContext(assembled.site, self._settings, layouts.labels, relations.watched)
        outputs = plan(context, layouts.assets, self._root)
        amiss = plan_problems(assembled, context, outputs, layouts, self._root)
        problems.of_site += self._located(amiss)
        of_host = host_problems(context, layouts.assets.values(), self._root)
        problems.lasting += self._located(of_host)
        raise_errors(problems)
        pages = [output for output in outputs if output.is_written]
        return Plan(assembled, relations, context, outputs, pages)

    def render(self, sources: Sources, plan: Plan, out: OutputFolder) -> Rendered:
        """Render and stage the pages, but for those that would come out as they did."""
        context, last_site, workspace = plan.context, sources.last_site, self._workspace
        compiled = self._root / CACHE / COMPILED
        setup = set_up(context.compose.site_view(), sources.layouts, self._settings, compiled)
        digests, unaffected = setup.layout_digests, set[str]()
        if last_site:
            unaffected = last_site.unaffected(context, digests, plan.assembled.reworded)
        pages, records = self._track(plan.pages), self._state.records
        rendered_pages = render_pages(
            pages, setup, context, unaffected, out, records, workspace.blobs, workspace.executor
        )
        self._problems.lasting += rendered_pages.problems
        raise_errors(self._problems)
        return Rendered(rendered_pages, digests)

    def commit(self, plan: Plan, rendered: Rendered, out: OutputFolder) -> Committed:
        """Put what was staged in its place, and delete what is no longer wanted."""
        site, settings, salt = plan.assembled.site, self._settings, self._found.words_salt
        inventory = inventory_of(plan.outputs, site, settings, self._drafts, self._keys, salt)
        deleted = out.commit(rendered.pages.staged, inventory)
        new = inventory.files.keys() - out.before.files.keys()
        announced = (one for one in self._problems.announced if one.announces in new)
        self._problems.once += self._located(announced)
        return Committed(inventory, deleted)

    def keep(
        self, inputs: str, sources: Sources, plan: Plan, rendered: Rendered, committed: Committed
    ) -> Report:
        """Keep what the next build can go by, and report what was done.

        That comes last: the next build may find nothing to do, and clears nothing away.
        """
        problems, assembled = self._problems, plan.assembled
        pages, files = rendered.pages, committed.inventory.files
        changed = self._state.changed(pages.made, pages.digests, pages.stamps)
        if host := self._settings.host:
            sizes = self._state.sizes(files, changed)
            problems.lasting += self._located(host_limits(host, sizes))
        lasting = in_order([*problems.of_site, *problems.lasting])
        report = _report(plan, pages, committed, lasting)
        build = LastBuild(uuid4().hex, inputs, self._moment, *assembled.valid_between, report)
        site = LastSite(
            token=build.token,
            frame=sources.frame,
            site=assembled.site,
            valid_between=assembled.valid_between,
            keys=self._keys,
            warnings=in_order(problems.of_site),
            suggestion_digests=plan.relations.suggestion_digests,
            layout_digests=rendered.layout_digests,
            kept_back=assembled.kept_back,
            dependencies=dependencies_of(plan.pages, pages.seen, sources.last_site),
        )
        self._state.write(build, msgspec.json.encode(site), changed, files)
        return replace(report, warnings=in_order(problems))

    @cached_property
    def _keys(self) -> dict[str, str]:
        """Return the keys of the texts that were found, by path."""
        return {text.source.path: text.key for text in self._found.texts}


def _report(
    plan: Plan, pages: RenderedPages, committed: Committed, warnings: list[Problem]
) -> Report:
    """Return what was done; the seconds are not known yet."""
    return Report(
        articles=len(plan.assembled.site.articles),
        pages=len(plan.pages),
        rendered=len(pages.made),
        written=len(pages.staged),
        unchanged=len(plan.pages) - len(pages.staged),
        deleted=len(committed.deleted),
        converted=plan.assembled.converted,
        seconds=0.0,
        warnings=warnings,
        kept_back=plan.assembled.kept_back,
    )
