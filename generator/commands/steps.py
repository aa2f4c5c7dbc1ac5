"""What each step of a build does, given what those before it gave; `build` tells their order.

What comes in are a site that is open, what earlier builds left and the files that were found; what
goes out, step by step, are its sources, the site, the plan, the pages, and what the next build can
go by.
"""

from array import array
from collections.abc import (
    Callable,
    Collection,
    Container,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from datetime import datetime
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote
from uuid import uuid4

from msgspec.structs import replace

from generator.codes import Code
from generator.commands.problems import Problems
from generator.config import INVENTORY
from generator.config.images import seconds_of
from generator.content.articles import NOTHING, ReadTexts, blobs_of
from generator.content.markdown.extensions import extensions_of
from generator.content.scan import Scan
from generator.content.text_keys import TextKeys
from generator.content.texts import locate
from generator.errors import Problem, in_order, is_error, raise_errors
from generator.hosts.limits import warnings as host_limits
from generator.moments import duration
from generator.output.inventory import read_inventory, reworded
from generator.output.writer import OutputFolder
from generator.pages import Output, PageContext, gone_pictures, host_problems
from generator.pages import plan as plan_of
from generator.pages.blocks import dead_in_blocks, misspelt_blocks
from generator.pages.cards import sweep_cards
from generator.pages.checks import bodies_of, idle_layouts, plan_problems, problems_of_words
from generator.pages.dependencies import Pages, pages_of_plan
from generator.pages.editions import context_of, known_blocks
from generator.pages.inventory import inventory_of, withdrawn
from generator.pages.last_editions import InEdition, in_editions, keys_in
from generator.pages.last_editions import unaffected as unaffected_in_all
from generator.pages.last_site import LastSite, frame_of, keep_whole, keep_words, recall
from generator.pages.output import RenderSetup
from generator.pages.picture_files import sweep_store
from generator.pages.render_setup import set_up_all
from generator.pages.story_checks import problems_of_all, problems_of_some
from generator.pages.writer import RenderedPages, render_pages
from generator.related import Relations
from generator.related.subjects import Columns, Hashes
from generator.site.assemble import Assembled, texts
from generator.site.schedule import narrowed
from generator.state.blobs import Kind
from generator.state.builds import BuildState, LastBuild, PictureCount, Report
from generator.state.damaged import bytes_of
from generator.state.outputs import Record
from generator.templates.loader import Layouts
from generator.workspace import CACHE, COMPILED, Workspace


class Sources(NamedTuple):
    """The layouts of a site and its texts, as they were read.

    `last_site` is what the last build left of its site, if that is of use under this `frame`. If
    only words are new since, `reworded` is the site with them; else all texts are `read`. Of a site
    of several languages those of the last build are `in_languages`. `wanted` are the keys of what
    is kept of those that are read, once nobody needs them any more.
    """

    layouts: Layouts
    frame: str
    last_site: LastSite | None
    read: ReadTexts
    reworded: Assembled | None
    in_languages: Mapping[str, LastSite] = {}
    wanted: Mapping[Kind, Collection[str]] | None = None


class Plan(NamedTuple):
    """The pages of the site that was `assembled` that are to be looked at.

    All but the `unaffected` may come out otherwise than they did. `number` counts all pages that
    are written. `questions` are what their layouts asked last, packed, by the paths of pages.
    `outputs` are all of the site, planned from `facts`; None if what was planned last stands, and
    then the `inventory` is known, encoded. What views are made from is in the `context` until pages
    are rendered.
    """

    assembled: Assembled
    suggestion_digests: Hashes
    subjects: Columns
    context: PageContext | None
    setup: RenderSetup
    pages: list[Output]
    number: int
    questions: Mapping[str, bytes]
    unaffected: Container[str] = ()
    outputs: list[Output] | None = None
    facts: bytes = b""
    inventory: bytes = b""
    host_problems: Sequence[Problem] = ()
    in_languages: Sequence[InEdition] = ()

    def without_context(self) -> "Plan":
        """Return the plan of pages that are rendered: nobody makes a view of it any more."""
        return self._replace(context=None)


class Committed(NamedTuple):
    """The paths of the outputs that stand in the output folder now, and those that were deleted."""

    files: Collection[str]
    deleted: list[str]


class Steps:
    """The steps of one build, and what all of them go by.

    What is wrong is added to the `problems`; errors among them end the build at the end of a step.
    With `complete` nothing is left for the next build. `track` sees how far a long step is.
    """

    def __init__(
        self,
        workspace: Workspace,
        state: BuildState,
        problems: Problems,
        found: Scan,
        folder: Path,
        moment: datetime,
        drafts: bool,
        complete: bool,
        track: Callable[[Collection[Any]], Iterable[Any]],
    ) -> None:
        self._workspace, self._state, self._problems = workspace, state, problems
        self._found, self._moment, self._drafts, self._track = found, moment, drafts, track
        self._root, self._settings, self._folder = workspace.root, workspace.settings, folder
        budget = seconds_of(self._settings.images.budget)
        self._budget = None if complete else budget
        self._located = partial(locate, self._root, opened=found.opened)

    @property
    def texts(self) -> tuple[str, str]:
        """Return the words for a text and for texts; they say what makes reading them slow."""
        slow = ", with extensions of Markdown, several times as slow"
        why = slow if extensions_of(self._settings.markdown) else ""
        return f"text{why}", f"texts{why}"

    def read(self) -> Sources:
        """Read the layouts, and the texts: the new ones alone if nothing but words is new."""
        blobs, (layouts, amiss) = self._workspace.blobs, self._workspace.layouts()
        self._problems.lasting += self._located(amiss)
        frame = frame_of(self._settings, layouts, self._drafts, blobs.token)
        last, languages = self._state.last, self._settings.languages
        last_site = self._recalled(last.token, frame) if last and not languages else None
        if last_site is None:
            in_languages = self._recalled_in_all(last.token, frame) if last and languages else {}
            read = self._workspace.read(self._found, track=self._track)
            return Sources(layouts, frame, None, read, None, in_languages)
        new = last_site.new_among(self._found.texts)
        read, reworded = self._workspace.read_some(self._found, new, self._track), None
        is_sound = not any(map(is_error, [*self._workspace.problems, *amiss]))
        if is_sound and self._state.holds(self._moment):
            reworded = last_site.reworded(self._found, new, read, self._moment)
        if reworded is None:
            read = self._workspace.read(self._found, read)
        return Sources(layouts, frame, last_site, read, reworded)

    def _recalled(self, token: str, frame: str) -> LastSite | None:
        kept, blobs = self._state.last_site, self._workspace.blobs
        return recall(kept, token, frame, blobs, self._keys)

    def _recalled_in_all(self, token: str, frame: str) -> dict[str, LastSite]:
        """Return the last site in each language; nothing if one is not there."""
        found: dict[str, LastSite] = {}
        for language, keys in keys_in(self._keys, self._settings.languages).items():
            kept, blobs = self._state.last_site_in(language), self._workspace.blobs
            last_site = recall(kept, token, frame, blobs, keys)
            if last_site is None:
                return {}
            found[language] = last_site
        return found

    def assemble(self, sources: Sources) -> Assembled:
        """Return the site, assembled anew unless only words are new."""
        return sources.reworded or self._workspace.assemble(
            sources.read, self._moment, self._drafts
        )

    def check(self, sources: Sources, assembled: Assembled) -> None:
        """Look for what is wrong with the site, and for what is gone from the output folder."""
        problems, site = self._problems, assembled.site
        found = [*assembled.problems]
        problems.of_site += self._located(one for one in found if not one.announces)
        problems.announced += (one for one in found if one.announces)
        problems.of_site += self._located(self._found_by_checks(sources))
        problems.of_site += self._located(self._found_in_blocks(sources, assembled))
        if site.withheld:
            gone = withdrawn(read_inventory(self._folder), site, self._settings)
            problems.once += self._located(gone)
        if problems.has_errors:
            gone = gone_pictures(
                site, sources.layouts.assets, self._settings, self._root, assembled.editions
            )
            problems.once += self._located(gone)
        raise_errors(problems)

    def _found_in_blocks(self, sources: Sources, assembled: Assembled) -> Iterator[Problem]:
        """Yield what is wrong with blocks: in texts with new words, if only those are new."""
        library, site, new = sources.read.library, assembled.site, assembled.reworded
        known = known_blocks(self._settings, sources.layouts, self._root)
        yield from misspelt_blocks(library, known.kinds, self._drafts)
        shown = texts(site) if new is None else bodies_of(site, new)
        yield from dead_in_blocks(site, shown, known)

    def _found_by_checks(self, sources: Sources) -> Iterator[Problem]:
        """Yield what the site's own checks find: in the stories with new words, if only those are.

        What was found in the others is among the problems of the site already.
        """
        workspace, readings = self._workspace, sources.read.library.readings
        given = self._root, readings, self._drafts, sources.layouts, workspace.executor
        return problems_of_some(*given) if sources.reworded else problems_of_all(*given, workspace)

    def let_go(self, sources: Sources) -> Sources:
        """Return the sources without the texts: what pages show of them is in the site by now."""
        if sources.reworded:
            return sources
        wanted = blobs_of(self._found, sources.read.library)
        return sources._replace(read=NOTHING, wanted=wanted)

    def relate(self, sources: Sources, assembled: Assembled) -> list[Relations]:
        """Find the related stories in each language, the main one first: of a site with new words,
        anew for those.
        """
        known = sources.last_site.subjects if sources.last_site and sources.reworded else None
        relate, editions = self._workspace.relate, assembled.editions
        others = [relate(one.site, edition=one.settings.language) for one in editions]
        return [relate(assembled.site, known), *others]

    def plan(self, sources: Sources, assembled: Assembled, related: list[Relations]) -> Plan:
        """Plan the outputs of the site, and look for what is wrong with the plan.

        Where only words are new, what was planned last may stand.
        """
        layouts, problems, last_site = sources.layouts, self._problems, sources.last_site
        relations, *others = related
        editions = zip(assembled.editions, (one.watched for one in others), strict=True)
        given = assembled.site, self._settings, layouts, relations.watched, self._root
        context = context_of(*given, editions)
        changed = set[int]()
        if last_site:
            changed = last_site.changed(context, assembled.reworded, relations.suggestion_digests)
        setup = set_up_all(context, layouts, self._root / CACHE / COMPILED)
        if plan := self._last_plan(sources, assembled, relations, context, setup, changed):
            raise_errors(problems)
            return plan
        planned = partial(plan_of, context, layouts.assets, self._root)
        outputs, facts = context.watch.noted(planned)
        amiss = plan_problems(assembled, context, outputs, layouts, self._root)
        problems.of_site += self._located(amiss)
        of_host = self._located(host_problems(context, layouts.assets.values(), self._root))
        problems.lasting += of_host
        problems.lasting += idle_layouts(layouts, (output.layout for output in outputs))
        raise_errors(problems)
        pages = [output for output in outputs if output.is_written]
        unaffected = last_site.unaffected(changed, setup.layout_digests) if last_site else set()
        lasts = [last_site] if last_site else sources.in_languages.values()
        questions = {p: q for last in lasts for p, q in last.pages.questions_by_path().items()}
        found = in_editions(assembled.site, assembled.editions, related) if others else []
        if sources.in_languages:
            unaffected = unaffected_in_all(sources.in_languages, context, found, setup)
        return Plan(
            assembled,
            relations.suggestion_digests.copy(),  # no part of the index, which is large
            relations.stories.columns,
            context,
            setup,
            pages,
            len(pages),
            questions,
            unaffected,
            outputs,
            array("I", facts).tobytes(),
            host_problems=of_host,
            in_languages=found,
        )

    def _last_plan(
        self,
        sources: Sources,
        assembled: Assembled,
        relations: Relations,
        context: PageContext,
        setup: RenderSetup,
        changed: set[int],
    ) -> Plan | None:
        """Return the pages of the last plan that have to be looked at, if that stands.

        It does while nothing has `changed` that it was made from, all outputs are as they were
        left, and those that may come out otherwise can be made by themselves.
        """
        last_site, reworded = sources.last_site, assembled.reworded
        if last_site is None or reworded is None or not self._state.is_as_left:
            return None
        if last_site.pages.is_planned_from(changed):
            return None
        if last_site.layout_digests.keys() - setup.layout_digests.keys():
            return None  # a layout is gone that pages may have chosen
        rows = last_site.affected(changed, setup.layout_digests)
        pages = [page for row in rows if (page := last_site.pages.output(row))]
        inventory = self._inventory_of_words(last_site, pages)
        if len(pages) < len(rows) or inventory is None:
            return None
        known, given = last_site.pages.answered, (sources.layouts, self._root)
        amiss = problems_of_words(assembled.site, reworded, known, *given)
        self._problems.of_site += self._located(amiss)
        self._problems.lasting += last_site.host_problems
        self._problems.lasting += idle_layouts(sources.layouts, last_site.pages.layouts)
        number = len(last_site.pages.paths)
        return Plan(
            assembled,
            relations.suggestion_digests,
            relations.stories.columns,
            context,
            setup,
            [*pages],
            number,
            last_site.pages.questions_by_path(),
            inventory=inventory,
            host_problems=last_site.host_problems,
        )

    def _inventory_of_words(self, last_site: LastSite, pages: Iterable[Output]) -> bytes | None:
        """Return the encoded inventory in which these pages of stories have their new words."""
        words = {
            page.path: (last_site.keys[page.owner], self._keys[page.owner])
            for page in pages
            if page.kind.traits.is_story and last_site.keys[page.owner] != self._keys[page.owner]
        }
        data = bytes_of(self._folder / INVENTORY) if len(words) <= _FEW else None
        return reworded(data, words) if data else None

    def render(self, plan: Plan, out: OutputFolder) -> RenderedPages:
        """Render and stage the pages, but for those that would come out as they did."""
        pages, records, workspace = self._track(plan.pages), self._state.records, self._workspace
        assert plan.context is not None
        rendered = render_pages(
            pages,
            plan.setup,
            plan.context,
            plan.unaffected,
            out,
            records,
            workspace.blobs,
            workspace.executor,
            plan.questions,
            budget=self._budget,
        )
        self._problems.lasting += rendered.problems
        self._problems.lasting += self._said_of_cards(plan, rendered)
        raise_errors(self._problems)
        return rendered

    def _said_of_cards(self, plan: Plan, rendered: RenderedPages) -> Iterator[Problem]:
        """Yield what the last build said of the share cards that stand as they are."""
        said = self._state.last.report.warnings if self._state.last else ()
        said = [one for one in said if one.code is Code.MISSING_GLYPH]
        drawn = {
            page.file: page.path in rendered.made
            for page in (plan.pages if said else ())
            if page.kind.traits.is_drawn
        }
        is_gone = plan.outputs is not None  # else what is not looked at now is as it was
        yield from (one for one in said if not drawn.get(one.file, is_gone))

    def commit(self, plan: Plan, rendered: RenderedPages, out: OutputFolder) -> Committed:
        """Put what was staged in its place, and delete what is no longer wanted."""
        if plan.outputs is None:
            out.commit_words(rendered.staged, plan.inventory)
            return Committed(self._state.records, [])
        site, editions = plan.assembled.site, plan.assembled.editions
        given = site, self._settings, self._drafts, self._keys, self._found.words_salt
        inventory = inventory_of(plan.outputs, *given, editions)
        deleted = out.commit(rendered.staged, inventory)
        new = inventory.files.keys() - out.before.files.keys()
        announced = (one for one in self._problems.announced if one.announces in new)
        self._problems.once += self._located(announced)
        return Committed(inventory.files, deleted)

    def keep(
        self,
        inputs: str,
        sources: Sources,
        plan: Plan,
        rendered: RenderedPages,
        committed: Committed,
    ) -> Report:
        """Keep what the next build can go by, and report what was done.

        That comes last: the next build may find nothing to do, and clears nothing away.
        """
        problems, assembled, state = self._problems, plan.assembled, self._state
        changed = state.changed(rendered.made, rendered.digests, rendered.stamps)
        if host := self._settings.host:
            sizes = state.sizes(committed.files, changed)
            problems.lasting += self._located(host_limits(host, sizes))
        lasting = in_order([*problems.of_site, *problems.lasting])
        report = _report(plan, rendered, committed, lasting)
        if plan.outputs is not None:
            report = replace(report, pictures=self._pictures(plan, committed, changed))
            if report.pictures.number:
                sweep_store(plan.outputs, self._root)
            sweep_cards(plan.outputs, plan.setup.drawn)
        if plan.in_languages:
            every = self._pages_in_all(sources, plan, rendered)
        else:
            every = {"": self._pages(sources, plan, rendered)}
        valid = self._valid_between(assembled, rendered, every.values())
        build = LastBuild(uuid4().hex, inputs, self._moment, *valid, report)
        if plan.in_languages:
            self._keep_all(build.token, sources, plan, every)
        else:
            self._keep_site(build.token, sources, plan, rendered, every[""])
        state.write(build, changed, committed.files)
        self._forget_others(sources)  # what goes could be asked for until now
        return replace(report, warnings=in_order(problems))

    def _pictures(
        self, plan: Plan, committed: Committed, changed: Mapping[str, Record]
    ) -> PictureCount:
        """Return how many pictures are published cleaned, and how large their files are."""
        site, images = plan.assembled.site, self._settings.images
        pictures = {
            unquote(site.addresses[path]).removeprefix("/"): file
            for path, file in site.files.items()
            if file.raster and site.addresses[path] and not images.keeps(path)
        }
        there = (path for path in pictures if path in committed.files)
        sizes = self._state.sizes(there, changed)
        lying = sum(map(attrgetter("size"), pictures.values()))
        return PictureCount(len(pictures), lying, sum(sizes.values()))

    def _forget_others(self, sources: Sources) -> None:
        """Drop what is kept of other texts, if all were read, or if it has become much."""
        blobs, wanted = self._workspace.blobs, sources.wanted
        if wanted is None and blobs.number("readings") > 2 * len(self._found.texts):
            wanted = blobs_of(self._found, self._workspace.read(self._found).library)
        if wanted is not None:
            blobs.forget_others(wanted)

    def _pages(self, sources: Sources, plan: Plan, rendered: RenderedPages) -> Pages:
        """Return the pages of the plan; with what is new of them, if that is not the last one."""
        last = sources.last_site.pages if sources.last_site else None
        if plan.outputs is not None:
            return pages_of_plan(plan.outputs, plan.facts, rendered.seen, last)
        assert last is not None
        return last

    def _keep_site(
        self, token: str, sources: Sources, plan: Plan, rendered: RenderedPages, pages: Pages
    ) -> None:
        last, kept = sources.last_site, self._state.last_site
        found = InEdition("", plan.assembled.site, plan.suggestion_digests, plan.subjects)
        site = self._last_site(token, sources, plan, found, self._keys, pages)
        if plan.outputs is None and last:
            keep_words(kept, last, site, rendered.seen)
        else:
            keep_whole(kept, site)

    def _pages_in_all(
        self, sources: Sources, plan: Plan, rendered: RenderedPages
    ) -> dict[str, Pages]:
        """Return the pages of the plan in each language."""
        pages: dict[str, Pages] = {}
        for language, *_ in plan.in_languages:
            last = sources.in_languages.get(language)
            outputs = [output for output in plan.outputs or () if output.edition == language]
            before = last.pages if last else None
            pages[language] = pages_of_plan(outputs, b"", rendered.seen, before)
        return pages

    def _valid_between(
        self, assembled: Assembled, rendered: RenderedPages, every: Iterable[Pages]
    ) -> tuple[datetime | None, datetime | None]:
        """Return between which moments the clock changes nothing, for no layout that asks either.

        `every` are the pages in each language.
        """
        asked = {span: None for pages in every for span in pages.spans_with(rendered.seen)}
        valid = assembled.valid_between
        for site in (assembled.site, *(edition.site for edition in assembled.editions)):
            valid = narrowed(valid, site.articles, self._moment, map(duration, asked))
        return valid

    def _keep_all(
        self, token: str, sources: Sources, plan: Plan, every: Mapping[str, Pages]
    ) -> None:
        """Keep the site in each language, with its pages."""
        keys = keys_in(self._keys, self._settings.languages)
        for found in plan.in_languages:
            language = found.language
            given = token, sources, plan, found, keys[language], every[language]
            keep_whole(self._state.last_site_in(language), self._last_site(*given))

    def _last_site(
        self,
        token: str,
        sources: Sources,
        plan: Plan,
        found: InEdition,
        keys: TextKeys,
        pages: Pages,
    ) -> LastSite:
        """Return what is kept of the site in a language, whose texts have these keys."""
        return LastSite(
            token=token,
            frame=sources.frame,
            site=found.site,
            valid_between=plan.assembled.valid_between,
            keys=keys,
            warnings=in_order(self._problems.of_site),
            host_problems=plan.host_problems,
            suggestion_digests=found.suggestion_digests,
            subjects=found.subjects,
            layout_digests=plan.setup.of(found.language).layout_digests,
            pages=pages,
            kept_back=plan.assembled.kept_back,
        )

    @property
    def _keys(self) -> TextKeys:
        """Return the keys of the texts that were found, by path."""
        return self._found.texts.keys


def _report(
    plan: Plan, rendered: RenderedPages, committed: Committed, warnings: list[Problem]
) -> Report:
    """Return what was done; the seconds are not known yet."""
    return Report(
        articles=plan.assembled.stories,
        pages=plan.number,
        rendered=len(rendered.made),
        written=len(rendered.staged),
        unchanged=plan.number - len(rendered.staged),
        deleted=len(committed.deleted),
        converted=plan.assembled.converted,
        seconds=0.0,
        warnings=warnings,
        kept_back=plan.assembled.kept_back,
        unfinished=len(rendered.unfinished),
    )


_FEW = 16
"""Stories whose words in the inventory are replaced one by one; for more it is made anew."""
