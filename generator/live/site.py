"""A site kept open: what is new in its files is taken over, edit by edit."""

from collections.abc import Collection, Iterator, Set
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path

from msgspec.structs import replace

from generator.arrange.calendar import standstill
from generator.arrange.file_names import FileNames
from generator.arrange.links import dead_links
from generator.arrange.site import arrange
from generator.arrange.summaries import is_shared_anew
from generator.config import CONTENT, Settings
from generator.editing import are_led_into, are_warned, new_words
from generator.errors import Problem, attempt, fault, in_order, is_error
from generator.live.files import Files, News
from generator.live.kin import Kin
from generator.live.moves import Moves
from generator.live.standing import Standing
from generator.model import Article
from generator.moments import moment
from generator.read.texts import locate
from generator.render.layouts import Layouts, load_layouts
from generator.render.plan import Page


class LiveSite:
    """The site in `root`, kept open. Only one thread may use it.

    It is shown for the moment `at`, or for now. With a mistake in a file, what was made of that
    file before stands; with one that only the files together show, the whole site does.
    `standing` is None as long as there is nothing to show. `until` is when the clock changes
    something, if it does. `is_gone`: there is no such folder at the moment.
    """

    def __init__(self, root: Path, at: datetime | None = None, drafts: bool = True) -> None:
        self.root = root
        self.files = Files(root)
        self.kin = Kin(self.files.texts)
        self.moves = Moves()
        self.standing: Standing | None = None
        self.until: datetime | None = None
        self.at = at
        self.drafts = drafts
        self.is_gone = False
        self._fault: Problem | None = None
        self._amiss: list[Problem] = []
        self._links: dict[str, list[Problem]] = {}
        self._unproved: Iterator[Problem] = iter(())
        self._refused = False
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
        must = must or self.standing is None or self._refused
        must = must or self.is_late() or self._was_read()
        if must or (any(news) and not self._take_over(news, layouts)):
            self._arrange(settings, layouts)
        if not self._refused and not self._links:
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
        found = locate(self.root, self._unproved)
        self._amiss += found
        self._refused = self._refused or any(map(is_error, found))
        is_behind = self.kin.is_behind and not self.files.texts.ahead
        if is_behind:
            self.kin.relations()
        return is_behind or bool(found)

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

    def read_ahead(self, page: Page) -> None:
        """Read the stories that a page shows, if that was not done yet."""
        texts = self.files.texts
        while self.standing and texts.ahead:
            numbers = self.standing.ahead(page) & texts.ahead.keys()
            if not numbers:
                return
            stories = [texts.ahead.pop(number) for number in numbers]
            for text in stories:
                texts.read(text)
            words = new_words(
                self.standing.site, texts.latest(text.source.path for text in stories)
            )
            self.standing.reword(words or {})
            self.kin.hand_over(self.standing.site, self.files.room, same_places=True)

    def _was_read(self) -> bool:
        """Whether the site stands as of when not all stories were read, and now they are."""
        return self._is_sketch and not self.files.texts.ahead

    def _take_over(self, news: News, layouts: Layouts) -> bool:
        """Take over what is new without arranging the site again, if that does."""
        standing = self.standing
        if standing is None or news.settings or news.files:
            return False
        if news.layouts:
            if news.texts or _is_promised_otherwise(layouts, standing.layouts):
                return False
            standing.lay_out(layouts)
            return True
        words = self._words(standing, news.texts | self._links.keys())
        if words is None:
            return False
        standing.reword(words)
        self._is_sketch = self._is_sketch or bool(self.files.texts.ahead)
        self.kin.hand_over(standing.site, self.files.room, same_places=True)
        return True

    def _words(self, standing: Standing, paths: Set[str]) -> dict[int, Article] | None:
        """The stories that have new words, by position, if nothing else is new.

        Those whose links are wrong have to wait: they are looked at again each time.
        """
        readings = self.files.texts.readings(paths)
        if readings is None or are_warned(self._amiss, paths):
            return None
        words = new_words(standing.site, readings)
        site = standing.site
        if words is None or are_led_into(site, words) or is_shared_anew(site, words):
            return None
        self._links = {}
        names = FileNames(standing.site.addresses)
        for reading in readings:
            body = [(reading.path, reading.body)]
            dead = dead_links(standing.site, body, (), names)
            if wrong := [*dead, *standing.dead_paths(body)]:
                self._links[reading.path] = locate(self.root, wrong)
        broken = {path for path, wrong in self._links.items() if any(map(is_error, wrong))}
        return {place: story for place, story in words.items() if story.path not in broken}

    def _arrange(self, settings: Settings, layouts: Layouts) -> None:
        """Arrange and plan the site anew. With errors in that, what stands is left standing."""
        at = moment(self.at, settings.zone) if self.at else datetime.now(UTC)
        self._links = {}
        found = self.files.found
        library = replace(self.files.texts.library(found.files), withheld=found.withheld)
        site, mistakes = arrange(library, settings, at, self.drafts)
        standing = Standing(self.root, settings, layouts, site, self.kin, self.files.texts)
        lasting = (problem for problem in mistakes if not problem.announces)
        proof = chain(lasting, standing.problems())
        if self.standing is None:  # the first page need not wait until all is read for proof
            self._amiss, self._unproved = [], proof
        else:
            self._amiss = locate(self.root, proof)
            self._refused = any(map(is_error, self._amiss))
            if self._refused and not self._is_sketch:
                return
            standing.take_over(self.standing)
        before = self.standing.site.addresses if self.standing else {}
        self.moves.note(before, site.addresses, self.files.found.texts)
        self.standing = standing
        self._is_sketch = bool(self.files.texts.ahead)
        self.kin.hand_over(site, self.files.room, same_places=False)
        matters = (reading.matter for reading in library.readings)
        self.until = None if self.at else standstill(matters, at)[1]


def _one_of(named: Collection[str] | None) -> str:
    """The file to be named if these cannot be taken over."""
    return next(iter(named)) if named and len(named) == 1 else CONTENT


def _is_promised_otherwise(layouts: Layouts, before: Layouts) -> bool:
    """Whether other words or ids come with the layouts: those are looked at beside their pages."""
    return (layouts.labels, layouts.anchors) != (before.labels, before.anchors)
