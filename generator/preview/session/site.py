"""A site kept open: what is new in its files is taken over, edit by edit.

In come the names of files that were saved. Out come the site planned anew, or its new words, and
what is wrong. `state.py` says what leads to what; here it is done.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from generator.codes import Code
from generator.config import CONTENT, SITE_TOML, Settings
from generator.content.names import in_language
from generator.content.texts import locate
from generator.errors import Problem, attempt, fault, in_order, is_error
from generator.model import Article, Library, Reading
from generator.moments import moment
from generator.pages import Output
from generator.pages.story_checks import problems_of_all, problems_of_some
from generator.pictures.standing_in import load_decoders
from generator.preview.session.arrangement import (
    Arrangement,
    Frame,
    Last,
    all_shown,
    as_far_as_it_fits,
)
from generator.preview.session.files import FileChanges, Files
from generator.preview.session.moves import Moves
from generator.preview.session.planned_site import PlannedSite
from generator.preview.session.related import RelatedStories
from generator.preview.session.shown import Shown
from generator.preview.session.state import (
    Arranged,
    Checked,
    Empty,
    Event,
    Failed,
    Findings,
    FolderFound,
    FolderMissing,
    Gone,
    Looked,
    ReadAhead,
    Reworded,
    State,
    WorkFailed,
    is_sketch,
    next_state,
)
from generator.preview.session.texts import marks
from generator.site.editions import assemble_all, told_of_files, undeclared
from generator.site.schedule import valid_between
from generator.site.update import new_words, only_words
from generator.templates.loader import Layouts, load_layouts
from generator.workers import INLINE


class _Words(NamedTuple):
    """The stories that have new words, by position, and by path what is wrong with links.

    Stories whose links are broken are not among them: they wait, and are looked at each time.
    """

    stories: dict[int, Article]
    waiting: dict[str, tuple[Problem, ...]]


class _InLanguage(NamedTuple):
    """Texts in a language, "" being the main one: the names that they go by there, and files."""

    language: str
    names: Mapping[str, str]

    def readings(self, readings: Iterable[Reading]) -> list[Reading]:
        """Return what was read in these files under the names."""
        names = {file: name for name, file in self.names.items()}
        return [replace(reading, path=names[reading.path]) for reading in readings]

    def problems(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return problems, those of these files under the names."""
        names = {f"{CONTENT}/{file}": f"{CONTENT}/{name}" for name, file in self.names.items()}
        return [replace(told, file=names.get(told.file, told.file)) for told in problems]


class Session:
    """The site in `root`, kept open. Only one thread may use it.

    It is shown for the moment `at`, or for now. To be `safe`, no code of its own is run. With a
    mistake in a file, even one that only the
    files together show, what was made of that file before stands, and all else goes on.
    `planned` is None as long as there is nothing to show. `until` is when the clock changes
    something, if it does. `state` says how things are, but for files with errors of their own;
    events alone change it.
    """

    def __init__(
        self, root: Path, at: datetime | None = None, drafts: bool = True, safe: bool = False
    ) -> None:
        self.root = root
        self.at = at
        self.drafts = drafts
        self.files = Files(root, safe)
        self.related = RelatedStories(self.files.texts)
        self.moves = Moves()
        self.planned: PlannedSite | None = None
        self.until: datetime | None = None
        self.state: State = Empty()
        self._shown = Shown()
        self._mistakes: Iterator[Problem] = iter(())  # not looked for yet
        self._noted: set[Problem] = set()
        self._problems: list[Problem] | None = None

    @property
    def is_behind(self) -> bool:
        """Return whether something could not be taken over, and has to be tried again."""
        return isinstance(self.state, Failed | Gone) or self.files.are_hindered

    def update(self, named: Collection[str] | None = None) -> FileChanges:
        """Take over what is new in the files of these names, seen from the root; None: in all.

        Whatever goes wrong is a problem; the next time all is looked at, and arranged, again.
        All is looked at, too, when the folder is there again.
        """
        was_gone = isinstance(self.state, Gone)
        self._on(FolderFound() if self.root.is_dir() else FolderMissing())
        if isinstance(self.state, Gone):
            return FileChanges()
        failed = self.state if isinstance(self.state, Failed) else None
        file = failed.problem.file if failed else _one_of(named)
        work = partial(self._update, None if failed or was_gone else named)
        done = attempt(work, partial(fault, file, doing="take over what was saved"))
        self.files.forget_opened()
        if isinstance(done, Problem):
            self._on(WorkFailed(done))
            return FileChanges()
        return done

    def settle(self) -> bool:
        """Do what can wait a moment, a check and related stories; return whether any was due."""
        if isinstance(self.state, Gone):
            return False
        is_more_known = self._done(self._check, "look for what is wrong with the stories")
        is_related = self._done(self._relate, "relate the stories")
        return is_more_known or is_related

    def prepare(self) -> None:
        """Get ready for the first edit, and the first picture, once there is time for that."""
        if self.files.settings and self.files.layouts:
            self.files.texts.prepare()
            load_layouts(self.root, self.files.settings)  # the first edit of one reads them all
        if self.planned and self.planned.pictures:
            load_decoders()

    def problems(self) -> list[Problem]:
        """Return all that is wrong, as far as it is known."""
        if isinstance(self.state, Gone):
            what = "the folder of the site is gone"
            return [Problem(str(self.root), 0, what, "put it back", code=Code.UNREADABLE)]
        if self._problems is None:
            failures = [self.state.problem] if isinstance(self.state, Failed) else []
            files = self._located(self.files.problems())
            findings = self.state.findings.told()
            self._problems = in_order([*failures, *files, *findings, *self._noted])
        return self._problems

    def note(self, problem: Problem) -> None:
        """Tell of a problem that came up when something was asked for, until more is saved."""
        if problem not in self._noted:
            self._noted.add(problem)
            self._problems = None

    def is_late(self) -> bool:
        """Return whether the clock has changed something."""
        of_layouts = self.planned.until if self.planned and not self.at else None
        now = datetime.now(UTC)
        return any(until is not None and now >= until for until in (self.until, of_layouts))

    def read_ahead(self, page: Output) -> bool:
        """Read the stories that a page shows, if that was not done yet; return whether it was due.

        What a layout asks for is known once its page was rendered.
        """
        texts, is_due = self.files.texts, False
        while self.planned and texts.ahead:
            numbers = self.planned.ahead(page) & texts.ahead.keys()
            if not numbers:
                break
            is_due = True
            stories = [texts.ahead.pop(number) for number in numbers]
            for text in stories:
                texts.read(text)
            self._on(ReadAhead())
            for here in self._by_language(text.source.path for text in stories):
                latest = here.readings(texts.latest(here.names.values()))
                words = new_words(self.planned.sites[here.language], latest)
                self._reword(self.planned, here.language, words or {})
        return is_due

    def _on(self, event: Event) -> None:
        self.state = next_state(self.state, event)
        self._problems = None

    def _update(self, named: Collection[str] | None) -> FileChanges:
        changes = self.files.look(named)
        if any(changes):
            self._noted.clear()
        settings, layouts = self.files.settings, self.files.layouts
        if settings is None or layouts is None:
            self._on(Looked())
            return changes
        event = None if self._must_be_arranged() else self._take_over(changes, layouts)
        self._on(event or self._arrange(settings, layouts))
        findings = self.state.findings
        if not (findings.has_errors or findings.waiting or self.files.texts.are_broken):
            self.files.texts.tidy()
        return changes

    def _must_be_arranged(self) -> bool:
        """Return whether the site has to be arranged whatever is new in its files."""
        was_read = is_sketch(self.state) and not self.files.texts.ahead
        return isinstance(self.state, Empty | Failed) or was_read or self.is_late()

    def _done(self, work: Callable[[], bool], doing: str) -> bool:
        """Do what can wait a moment; return whether it was due, as it was if it fails."""
        done = attempt(work, partial(fault, CONTENT, doing=doing))
        if isinstance(done, Problem):
            self._on(WorkFailed(done))
            return True
        return done

    def _relate(self) -> bool:
        """Find the related stories, if those are of before the last edit."""
        return self.related.settle()

    def _check(self) -> bool:
        """Look for the mistakes of a site that was shown before that; return whether it has any."""
        found = tuple(self._located(self._mistakes))
        self._on(Checked(found))
        return bool(found)

    def _located(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return the problems, each with its line."""
        return locate(self.root, problems, self.files.found.opened)

    # --------------------------------------------------- without arranging the site again

    def _take_over(self, changes: FileChanges, layouts: Layouts) -> Event | None:
        """Take over what is new, or return None if the site has to be arranged again for that."""
        if not any(changes):
            return Looked()
        planned = self.planned
        if (
            planned is None
            or changes.settings
            or changes.files
            or SITE_TOML in self.state.findings.held
        ):
            return None
        if changes.layouts:
            return self._take_layouts_over(planned, changes, layouts)
        self._check()  # or what is mended now would be told afterwards
        paths = changes.texts | self.state.findings.waiting.keys()
        if not self.state.findings.held.isdisjoint(f"{CONTENT}/{path}" for path in paths):
            return None
        waiting: dict[str, tuple[Problem, ...]] = {}
        found: list[tuple[str, dict[int, Article]]] = []
        for here in self._by_language(paths):
            words = self._words(planned, here)
            if words is None:
                return None
            found.append((here.language, words.stories))
            waiting |= words.waiting
        for language, stories in found:
            self._reword(planned, language, stories)
        return Reworded(waiting, is_read=not self.files.texts.ahead)

    def _take_layouts_over(
        self, planned: PlannedSite, changes: FileChanges, layouts: Layouts
    ) -> Event | None:
        has_errors = self.state.findings.has_errors
        if changes.texts or has_errors or _is_promised_otherwise(layouts, planned.layouts):
            return None
        planned.lay_out(layouts)
        return Looked()

    def _by_language(self, paths: Iterable[str]) -> Iterator[_InLanguage]:
        """Yield texts by their languages."""
        languages = self.planned.settings.languages if self.planned else {}
        names: dict[str, dict[str, str]] = {}
        for path in paths:
            plain, language = in_language(path, languages)
            names.setdefault(language, {})[plain] = path
        return (_InLanguage(language, known) for language, known in names.items())

    def _words(self, planned: PlannedSite, here: _InLanguage) -> _Words | None:
        """Return the new words of these texts; None if more than words is new."""
        read = self.files.texts.readings(here.names.values())
        if read is None or any(
            planned.file_of(p, here.language) != here.names[p] for p in here.names
        ):
            return None
        readings, known = here.readings(read), here.problems(self.state.findings.problems)
        words = only_words(planned.sites[here.language], here.names.keys(), readings, known)
        if words is None or planned.is_led_into(words.stories, here.language):
            return None
        waiting: dict[str, tuple[Problem, ...]] = {}
        for reading in readings:
            file, path = f"{CONTENT}/{reading.path}", here.names[reading.path]
            dead = [problem for problem in words.dead_links if problem.file == file]
            dead += planned.dead_paths([(reading.path, reading.body)], here.language)
            dead += planned.mistakes_in_blocks([(reading.path, reading.body)], here.language)
            given = self.root, [replace(reading, path=path)], self.drafts, planned.layouts
            told = told_of_files(dead, here.names) if here.language else dead
            if wrong := [*told, *problems_of_some(*given, INLINE)]:
                waiting[path] = tuple(self._located(wrong))
        broken = {path for path, wrong in waiting.items() if any(map(is_error, wrong))}
        stories = words.stories.items()
        fit = {place: story for place, story in stories if here.names[story.path] not in broken}
        return _Words(fit, waiting)

    def _reword(self, planned: PlannedSite, language: str, words: dict[int, Article]) -> None:
        planned.reword(words, language)
        files = (planned.file_of(story.path, language) for story in words.values())
        self._shown = self._shown.with_words(self.files.texts.latest(files))
        related = self.related.in_edition(language)
        related.set_site(planned.sites[language], self.files.workspace, same_places=True)

    # ----------------------------------------------------------- arranging the site again

    def _arrange(self, settings: Settings, layouts: Layouts) -> Event:
        """Arrange and plan the site anew, with what does not fit as it last stood."""
        at = moment(self.at, settings.zone) if self.at else datetime.now(UTC)
        is_first = self.planned is None
        arrangement, findings = self._arranged(settings, layouts, at)
        findings = replace(findings, problems=tuple(self._located(findings.problems)))
        self._show(arrangement, at)
        self._mistakes = arrangement.mistakes if is_first else iter(())
        return Arranged(findings, is_read=not self.files.texts.ahead, is_checked=not is_first)

    def _arranged(
        self, settings: Settings, layouts: Layouts, at: datetime
    ) -> tuple[Arrangement, Findings]:
        found = self.files.found
        library = replace(self.files.texts.library(found.files), withheld=found.withheld)
        work = partial(self._arrangement, at)
        now, before = Frame(settings, layouts), self.planned
        if before is None:  # the first page need not wait until all is read for mistakes
            return work(library, now), Findings()
        if is_sketch(self.state):
            return all_shown(work, library, now)
        last = Last(self._shown, Frame(before.settings, before.layouts), self.state.findings)
        return as_far_as_it_fits(work, library, now, last)

    def _arrangement(self, at: datetime, library: Library, frame: Frame) -> Arrangement:
        site, editions, mistakes = assemble_all(library, frame.settings, at, self.drafts)
        planned = PlannedSite(self.root, *frame, site, self.related, self.files.texts, editions)
        lasting = (problem for problem in mistakes if not problem.announces)
        odd = undeclared(library, frame.settings)
        found = self._found_by_checks(library, frame.layouts)
        return Arrangement(library, planned, chain(lasting, odd, planned.problems(), found))

    def _found_by_checks(self, library: Library, layouts: Layouts) -> Iterator[Problem]:
        """Yield what the site's own checks find in the stories whose words are known."""
        read = (reading for reading in library.readings if not marks(reading.body.key.encode()))
        workspace = self.files.workspace
        return problems_of_all(self.root, read, self.drafts, layouts, INLINE, workspace)

    def _show(self, arrangement: Arrangement, at: datetime) -> None:
        """Have a site stand from now on."""
        library, planned, _ = arrangement
        if self.planned:
            planned.take_over(self.planned)
        before = self.planned.site.addresses if self.planned else {}
        self.moves.note(before, planned.site.addresses, self.files.found.texts.keys)
        matters = (reading.matter for reading in library.readings)
        self.until = None if self.at else valid_between(matters, at)[1]
        self.planned, self._shown = planned, Shown.of(library)
        self.related.set_site(planned.site, self.files.workspace, same_places=False)
        for edition in planned.editions:
            related = self.related.in_edition(edition.settings.language)
            related.set_site(edition.site, self.files.workspace, same_places=False)


def _one_of(named: Collection[str] | None) -> str:
    """Return the file to be named if these cannot be taken over."""
    return next(iter(named)) if named and len(named) == 1 else CONTENT


def _is_promised_otherwise(layouts: Layouts, before: Layouts) -> bool:
    """Return whether other words, ids, checks or idle ones come with the layouts.

    Those are looked at beside their pages.
    """
    now = layouts.labels, layouts.words, layouts.anchors, layouts.checks, layouts.idle
    then = before.labels, before.words, before.anchors, before.checks, before.idle
    return now != then
