"""A site opened for work: its settings, what was read, the stories arranged and related."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from generator.arrange.related import Relations, relate
from generator.arrange.related.packing import pack, unpack
from generator.arrange.site import arrange
from generator.config import FILE, Settings, load_settings
from generator.edition import edition
from generator.errors import Problem, SiteError
from generator.keep import shelf
from generator.keep.cache import Cache
from generator.keep.database import told_plainly, unusable
from generator.keep.lock import locked
from generator.model import Site
from generator.read.articles import read_content
from generator.schema import moment
from generator.terms import Terms
from generator.workers import default_jobs, pool

CACHE = ".broadsheet"
_WEB = "related.web"


class Newsroom:
    """A site while it is open; `open_site` opens one.

    `problems` is all that is wrong with it so far; with errors among them, the site is
    arranged as far as it goes. `converted` counts the Markdown bodies that were not known.
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
        self.cache = cache
        self.executor = executor
        self._library, found, self.converted = read_content(root, settings, cache, executor)
        self.problems = [*problems, *found]

    def arranged(self, at: datetime | None, drafts: bool) -> Site:
        """The site for the moment `at`, now unless given; what is wrong joins `problems`."""
        when = moment(at, self.settings.zone) if at else datetime.now(UTC)
        site, amiss = arrange(self._library, self.settings, when, drafts)
        self.problems += amiss
        return site

    def related(self, site: Site) -> Relations:
        """The relations of the site's stories; what was found is kept for the next time."""
        path = self.root / CACHE / _WEB
        data = shelf.get(path)
        old = unpack(data, edition()) if data else None
        relations = relate(site, self.settings, self._terms, old)
        if relations.web is not old:
            try:
                shelf.put(path, pack(relations.web, edition()))
            except OSError as error:
                raise SiteError([unusable(path, error)]) from error
        return relations

    def _terms(self, keys: Sequence[str]) -> Iterator[Terms]:
        return map(_TERMS.decode, self.cache.terms(keys))


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
