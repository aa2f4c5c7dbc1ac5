"""A site kept open: what is new in its files is taken over, edit by edit."""

from collections.abc import Collection, Iterable, Iterator, Set
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from generator.config import CONTENT, FILE, Settings
from generator.content.texts import locate
from generator.errors import Problem, attempt, fault, in_order, is_error
from generator.model import Article, Digest, File, Library, Reading
from generator.moments import moment
from generator.pages import Output
from generator.preview.session.files import Files, News
from generator.preview.session.holding import Before, Flaw, Names, held_back
from generator.preview.session.moves import Moves
from generator.preview.session.planned_site import PlannedSite
from generator.preview.session.related import RelatedStories
from generator.site.assemble import arrange
from generator.site.file_names import FileNames
from generator.site.links import dead_links
from generator.site.schedule import valid_between
from generator.site.summaries import is_shared_anew
from generator.steps import are_led_into, are_warned, new_words
from generator.templates.loader import Layouts, load_layouts


class _Draft(NamedTuple):
    """A site arranged from a library, and its mistakes, once they are asked for."""

    library: Library
    planned: PlannedSite
    proof: Iterator[Problem]


class LiveSite:
    """The site in `root`, kept open. Only one thread may use it.

    It is shown for the moment `at`, or for now. With a mistake in a file, even one that only the
    files together show, what was made of that file before stands, and all else goes on.
    `planned` is None as long as there is nothing to show. `until` is when the clock changes
    something, if it does. `is_gone`: there is no such folder at the moment.
    """

    def __init__(self, root: Path, at: datetime | None = None, drafts: bool = True) -> None:
        self.root = root
        self.files = Files(root)
        self.related = RelatedStories(self.files.texts)
        self.moves = Moves()
        self.planned: PlannedSite | None = None
        self.until: datetime | None = None
        self.at = at
        self.drafts = drafts
        self.is_gone = False
        self._fault: Problem | None = None
        self._amiss: list[Problem] = []
        self._links: dict[str, list[Problem]] = {}
        self._unproved: Iterator[Problem] = iter(())
        self._refused = False
        self._shown: dict[str, Reading] = {}
        self._shown_files: dict[str, File] = {}
        self._held: Names = frozenset()
        self._borne: frozenset[Flaw] = frozenset()  # flaws of what is shown all the same
        self._told: frozenset[Flaw] = frozenset()  # flaws of all as it was saved
        self._is_sketch = False  # made while not all stories were read
        self._problems: list[Problem] | None = None

    @property
    def is_behind(self) -> bool:
        """Whether something could not be taken over, and has to be tried again."""
        return self.is_gone or self._fault is not None or self.files.are_hindered

    def update(self, named: Collection[str] | None = None) -> News:
        """Take over what is new in the files of these names, seen from the root; None: in all.

        Whatever goes wrong is a problem; the next time all is looked at, and arranged, again.
        """
        self._problems = None
        self.is_gone = not self.root.is_dir()
        if self.is_gone:
            return News()
        before, self._fault = self._fault, None
        file = before.file if before else _one_of(named)
        work = partial(self._update, None if before else named, must=before is not None)
        done = attempt(work, partial(fault, file, doing="take over what was saved"))
        if isinstance(done, Problem):
            self._fault = done
            return News()
        return done

    def _update(self, named: Collection[str] | None, *, must: bool) -> News:
        news = self.files.look(named)
        settings, layouts = self.files.settings, self.files.layouts
        if settings is None or layouts is None:
            return news
        must = must or self.planned is None or self.is_late() or self._was_read()
        if must or (any(news) and not self._take_over(news, layouts)):
            self._arrange(settings, layouts)
        if not (self._refused or self._links or self.files.texts.are_broken):
            self.files.texts.tidy()
        return news

    def settle(self) -> bool:
        """Do what can wait a moment, proof and related stories; whether any was due."""
        if self.is_gone:
            return False
        done = attempt(self._settle, partial(fault, CONTENT, doing="relate the stories"))
        if isinstance(done, Problem):
            self._fault, self._problems = done, None
            return True
        return done

    def _settle(self) -> bool:
        self._problems = None
        found = self._prove()
        is_behind = self.related.is_behind and not self.files.texts.ahead
        if is_behind:
            self.related.relations()
        return is_behind or bool(found)

    def _prove(self) -> list[Problem]:
        """Look for the mistakes of a site that was shown before that."""
        found = locate(self.root, self._unproved)
        self._amiss += found
        self._refused = self._refused or any(map(is_error, found))
        self._borne |= _flaws(found)
        return found

    def rehearse(self) -> None:
        """Get ready for the first edit, once there is time for that."""
        if self.files.settings and self.files.layouts:
            self.files.texts.rehearse()
            load_layouts(self.root, self.files.settings)  # the first edit of one reads them all

    def problems(self) -> list[Problem]:
        """All that is wrong, as far as it is known."""
        if self.is_gone:
            return [Problem(str(self.root), 0, "the folder of the site is gone", "put it back")]
        if self._problems is None:
            files = locate(self.root, self.files.problems())
            faults = [self._fault] if self._fault else []
            wrong = [*faults, *files, *self._amiss, *chain(*self._links.values())]
            self._problems = in_order(wrong)
        return self._problems

    def is_late(self) -> bool:
        """Whether the clock has changed something."""
        return self.until is not None and datetime.now(UTC) >= self.until

    def read_ahead(self, page: Output) -> None:
        """Read the stories that a page shows, if that was not done yet."""
        texts = self.files.texts
        while self.planned and texts.ahead:
            numbers = self.planned.ahead(page) & texts.ahead.keys()
            if not numbers:
                return
            stories = [texts.ahead.pop(number) for number in numbers]
            for text in stories:
                texts.read(text)
            latest = texts.latest(text.source.path for text in stories)
            words = new_words(self.planned.site, latest)
            self._reword(self.planned, words or {})
            self.related.hand_over(self.planned.site, self.files.workspace, same_places=True)

    def _was_read(self) -> bool:
        """Whether the site stands as of when not all stories were read, and now they are."""
        return self._is_sketch and not self.files.texts.ahead

    def _take_over(self, news: News, layouts: Layouts) -> bool:
        """Take over what is new without arranging the site again, if that does."""
        planned = self.planned
        if planned is None or news.settings or news.files or FILE in self._held:
            return False
        if news.layouts:
            if news.texts or self._refused or _is_promised_otherwise(layouts, planned.layouts):
                return False
            planned.lay_out(layouts)
            return True
        self._prove()  # or what is mended now would be told afterwards
        paths = news.texts | self._links.keys()
        if not self._held.isdisjoint(f"{CONTENT}/{path}" for path in paths):
            return False
        words = self._words(planned, paths)
        if words is None:
            return False
        self._reword(planned, words)
        self._is_sketch = self._is_sketch or bool(self.files.texts.ahead)
        self.related.hand_over(planned.site, self.files.workspace, same_places=True)
        return True

    def _words(self, planned: PlannedSite, paths: Set[str]) -> dict[int, Article] | None:
        """The stories that have new words, by position, if nothing else is new.

        Those whose links are wrong have to wait: they are looked at again each time.
        """
        readings = self.files.texts.readings(paths)
        if readings is None or are_warned(self._amiss, paths):
            return None
        words = new_words(planned.site, readings)
        site = planned.site
        if words is None or are_led_into(site, words) or is_shared_anew(site, words):
            return None
        self._links = {}
        names = FileNames(planned.site.addresses)
        for reading in readings:
            body = [(reading.path, reading.body)]
            dead = dead_links(planned.site, body, (), names)
            if wrong := [*dead, *planned.dead_paths(body)]:
                self._links[reading.path] = locate(self.root, wrong)
        broken = {path for path, wrong in self._links.items() if any(map(is_error, wrong))}
        return {place: story for place, story in words.items() if story.path not in broken}

    def _reword(self, planned: PlannedSite, words: dict[int, Article]) -> None:
        planned.reword(words)
        for reading in self.files.texts.latest(story.path for story in words.values()):
            self._shown[reading.path] = reading

    def _arrange(self, settings: Settings, layouts: Layouts) -> None:
        """Arrange and plan the site anew, with what does not fit as it last stood."""
        at = moment(self.at, settings.zone) if self.at else datetime.now(UTC)
        self._links = {}
        if self.planned is None:  # the first page need not wait until all is read for proof
            draft = self._draft(self._library(), settings, layouts, at)
            self._amiss, self._unproved = [], draft.proof
            self._held, self._borne = frozenset(), frozenset()
        elif self._is_sketch:
            draft = self._draft(self._library(), settings, layouts, at)
            self._amiss, self._unproved = locate(self.root, draft.proof), iter(())
            self._held, self._borne = frozenset(), _flaws(self._amiss)
            self._refused = bool(self._borne)
        else:
            self._unproved = iter(())
            draft = self._fitting(self.planned, settings, layouts, at)
        self._take(draft, at)

    def _fitting(
        self, before: PlannedSite, settings: Settings, layouts: Layouts, at: datetime
    ) -> _Draft:
        """The site as far as what is new fits; what is told are the mistakes of all as saved."""
        library = self._without_broken(self._library())
        new = self._new(library)
        if before.settings != settings or before.layouts != layouts:
            new |= {FILE}
        drafts: dict[Names, _Draft] = {}
        every: dict[Names, frozenset[Flaw]] = {}

        def draft(held: Names) -> _Draft:
            frame = (before.settings, before.layouts) if FILE in held else (settings, layouts)
            made = self._draft(self._holding(library, held), *frame, at)
            drafts.clear()  # each is large, and the last one is nearly always taken
            drafts[held] = made
            return made

        def flaws(held: Names) -> Set[Flaw]:
            told = [*draft(held).proof]
            if not held:
                self._amiss = locate(self.root, told)
            every[held] = _flaws(told)
            loose = new - held
            return {f for f in every[held] if f not in self._borne or f[0] in loose}

        self._held = held_back(flaws, Before(self._held, self._told), new)
        self._told = every[frozenset()]
        taken = drafts.get(self._held) or draft(self._held)
        self._borne = every[self._held]
        self._refused = any(map(is_error, self._amiss))
        return taken

    def _draft(
        self, library: Library, settings: Settings, layouts: Layouts, at: datetime
    ) -> _Draft:
        site, mistakes = arrange(library, settings, at, self.drafts)
        planned = PlannedSite(self.root, settings, layouts, site, self.related, self.files.texts)
        lasting = (problem for problem in mistakes if not problem.announces)
        return _Draft(library, planned, chain(lasting, planned.problems()))

    def _take(self, draft: _Draft, at: datetime) -> None:
        """Have a site stand from now on."""
        library, planned, _ = draft
        if self.planned:
            planned.take_over(self.planned)
        before = self.planned.site.addresses if self.planned else {}
        self.moves.note(before, planned.site.addresses, self.files.found.texts)
        self.planned = planned
        self._shown = {reading.path: reading for reading in library.readings}
        self._shown_files = library.files
        self._is_sketch = bool(self.files.texts.ahead)
        self.related.hand_over(planned.site, self.files.workspace, same_places=False)
        matters = (reading.matter for reading in library.readings)
        self.until = None if self.at else valid_between(matters, at)[1]

    # ------------------------------------------------------- what is saved, and what stands

    def _library(self) -> Library:
        found = self.files.found
        return replace(self.files.texts.library(found.files), withheld=found.withheld)

    def _without_broken(self, library: Library) -> Library:
        """The library with its broken texts as they stand: they may have been whole since then,
        and yet unfit.
        """
        readings = self._as_shown(library, library.unread.keys())
        return replace(library, readings=readings)

    def _holding(self, library: Library, held: Names) -> Library:
        """The library with these files as they stand, or without those that do not."""
        paths = {name.removeprefix(f"{CONTENT}/") for name in held}
        known = {reading.path for reading in library.readings} | library.unread.keys()
        unread = library.unread | dict.fromkeys(sorted(paths & known), Digest(""))
        files = library.files
        if not paths.isdisjoint(files):
            shown = self._shown_files
            kept = {path: shown.get(path) if path in paths else files[path] for path in files}
            files = {path: file for path, file in kept.items() if file}
        readings = self._as_shown(library, paths & known)
        return replace(library, readings=readings, files=files, unread=unread)

    def _as_shown(self, library: Library, paths: Set[str]) -> tuple[Reading, ...]:
        """The readings, of these paths those that are shown."""
        readings = {reading.path: reading for reading in library.readings}
        for path in paths:
            readings.pop(path, None)
            if path in self._shown:
                readings[path] = self._shown[path]
        return tuple(readings[path] for path in sorted(readings))

    def _new(self, library: Library) -> Names:
        """The names of the content files that are not as they are shown."""
        texts = {r.path for r in library.readings if self._shown.get(r.path) != r}
        shown = self._shown_files
        files = {path for path, file in library.files.items() if shown.get(path) != file}
        return frozenset(f"{CONTENT}/{path}" for path in texts | files)


def _one_of(named: Collection[str] | None) -> str:
    """The file to be named if these cannot be taken over."""
    return next(iter(named)) if named and len(named) == 1 else CONTENT


def _flaws(problems: Iterable[Problem]) -> frozenset[Flaw]:
    """The errors among problems, those of settings and layouts as mistakes of the settings."""
    return frozenset(
        (problem.file if problem.file.startswith(f"{CONTENT}/") else FILE, problem.what)
        for problem in problems
        if is_error(problem)
    )


def _is_promised_otherwise(layouts: Layouts, before: Layouts) -> bool:
    """Whether other words or ids come with the layouts: those are looked at beside their pages."""
    return (layouts.labels, layouts.anchors) != (before.labels, before.anchors)
