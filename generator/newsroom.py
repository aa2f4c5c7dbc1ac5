"""A site opened for work: its settings, what was read, the stories arranged and related."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

from generator.arrange.calendar import standstill
from generator.arrange.links import dead_links
from generator.arrange.related import Relations, relate
from generator.arrange.related.packing import pack, unpack
from generator.arrange.site import arrange
from generator.config import CONTENT, FILE, Settings, load_settings
from generator.edition import edition
from generator.errors import Problem, SiteError, is_error
from generator.keep import shelf
from generator.keep.cache import Cache
from generator.keep.database import told_plainly, unusable
from generator.keep.lock import locked
from generator.memory import Memory
from generator.model import ArticleMatter, Site
from generator.read.articles import read_content, read_texts, survey
from generator.render.layouts import Layouts, layouts_digest, load_layouts
from generator.schema import moment
from generator.terms import Terms
from generator.workers import default_jobs, pool

CACHE = ".broadsheet"
_WEB, _LAYOUTS = "related.web", "layouts.known"


class Newsroom:
    """A site while it is open; `open_site` opens one.

    `found` is what is in its content folder. `problems` is all that is known to be wrong
    with it; with errors among them, the site is arranged as far as it goes. `converted`
    counts the Markdown bodies that were not known. `standstill` is between what moments
    the arranged site stays as it is.
    """

    def __init__(
        self,
        root: Path,
        settings: Settings,
        problems: list[Problem],
        cache: Cache,
        executor: Executor,
    ) -> None:
        self.root = root
        self.settings = settings
        self.problems = problems
        self.cache = cache
        self.executor = executor
        self.found = survey(root, settings, cache)
        self.converted = 0
        self.standstill: tuple[datetime | None, datetime | None] = (None, None)

    def moment(self, at: datetime | None) -> datetime:
        """The moment `at`, in the site's zone if it has none of its own; now, unless given."""
        return moment(at, self.settings.zone) if at else datetime.now(UTC)

    def arranged(self, at: datetime, drafts: bool) -> Site:
        """The site for the moment `at`; what is wrong with it joins `problems`."""
        library, amiss, converted = read_content(
            self.root, self.found, self.settings, self.cache, self.executor
        )
        self.converted += converted
        site, mistakes = arrange(library, self.settings, at, drafts)
        self.problems += [*amiss, *mistakes]
        matters = (reading.matter for reading in library.readings)
        self.standstill = standstill(
            (matter for matter in matters if isinstance(matter, ArticleMatter)), at
        )
        return site

    def retouched(self, memory: Memory, at: datetime) -> tuple[Site, list[str]] | None:
        """The remembered site with its new bodies, and the paths of the stories that have one.

        None if anything else about it is new, or wrong: then it has to be arranged.
        """
        texts = [t for t in self.found.texts if memory.keys.get(t.source.path) != t.key]
        same = len(self.found.texts) == len(memory.keys) and self.found.files == memory.site.files
        paths = {text.source.path for text in texts}
        known = {s.path: place for place, s in enumerate(memory.site.articles) if s.path in paths}
        warned = {problem.file for problem in memory.warnings}
        if not same or len(known) < len(paths) or warned & {f"{CONTENT}/{path}" for path in paths}:
            return None
        library, amiss, converted = read_texts(
            self.root, texts, self.settings, self.cache, self.executor
        )
        self.converted += converted
        articles = list(memory.site.articles)
        for reading in library.readings:
            place = known[reading.path]
            if reading.matter != articles[place].matter:
                return None
            articles[place] = replace(articles[place], body=reading.body)
        site = replace(memory.site, at=at, articles=tuple(articles))
        bodies = [(reading.path, reading.body) for reading in library.readings]
        amiss += dead_links(site, bodies, ())
        if any(map(is_error, [*self.problems, *self.found.problems, *amiss])):
            return None
        self.problems = [*memory.warnings, *amiss]
        self.standstill = memory.standstill
        return site, sorted(paths)

    def layouts(self) -> tuple[Layouts, list[Problem], str]:
        """The layouts, what is wrong with them, and a digest of it all.

        To understand layouts takes time: what was found out is kept.
        """
        digest = layouts_digest(self.root, self.settings)
        path = self.root / CACHE / _LAYOUTS
        kept = shelf.get(path)
        if kept and kept.startswith(digest.encode()):
            return *_LOADED.decode(kept[len(digest) :]), digest
        loaded = load_layouts(self.root, self.settings)
        if not any(map(is_error, loaded[1])):
            self._keep(path, [digest.encode(), msgspec.msgpack.encode(loaded)])
        return *loaded, digest

    def related(self, site: Site) -> Relations:
        """The relations of the site's stories; what was found is kept for the next time."""
        path = self.root / CACHE / _WEB
        data = shelf.get(path)
        old = unpack(data, edition()) if data else None
        relations = relate(site, self.settings, self._terms, old)
        if relations.web is not old:
            self._keep(path, pack(relations.web, edition()))
        return relations

    def _keep(self, path: Path, pieces: Iterable[bytes | memoryview]) -> None:
        try:
            shelf.put(path, pieces)
        except OSError as error:
            raise SiteError([unusable(path, error)]) from error

    def _terms(self, keys: Sequence[str]) -> Iterator[Terms]:
        return map(_TERMS.decode, self.cache.terms(keys))


_LOADED = msgspec.msgpack.Decoder(tuple[Layouts, list[Problem]])
_TERMS = msgspec.msgpack.Decoder(Terms)


@contextmanager
def open_site(
    root: Path,
    *,
    refused: Problem | None = None,
    clean: bool = False,
    jobs: int | None = None,
    waiting: Callable[[], None] = lambda: None,
) -> Iterator[Newsroom]:
    """The newsroom of the site in `root`, which nobody else can use until it is closed.

    `refused` is what speaks against it already. `clean` forgets what was known of the site.
    `waiting` is called when another build is under way.
    """
    settings, problems = _settings(root, refused)
    with (
        locked(root / CACHE / "lock", waiting),
        told_plainly(root / CACHE),
        pool(jobs or default_jobs()) as executor,
    ):
        if clean:
            _forget(root)
        with Cache(root / CACHE / "cache.db") as cache:
            yield Newsroom(root, settings, problems, cache, executor)


def _settings(root: Path, refused: Problem | None) -> tuple[Settings, list[Problem]]:
    """The settings and what is wrong with them.

    With errors in them, settings that serve to find the mistakes in the content as well.
    """
    settings, problems = load_settings(root)
    if refused:
        problems.append(refused)
    if not (root / FILE).exists() or refused:
        raise SiteError(problems)
    return settings or Settings(title="?", url="https://example.org/"), problems


def _forget(root: Path) -> None:
    for path in (root / CACHE).iterdir():
        if path.name != "lock":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
