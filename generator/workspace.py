"""A site opened for work: its settings, its cache, and what is in its content folder."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from generator.config import FILE, Content, Settings, load_settings
from generator.content.scan import scan
from generator.errors import Problem, SiteError, UsageError
from generator.moments import moment, no_moment
from generator.state import blobs
from generator.state.cache import Cache
from generator.state.code_version import fingerprint
from generator.state.database import unusable
from generator.state.lock import locked
from generator.system import usable_cores
from generator.templates.folders import layouts_digest, refused_links
from generator.workers import pool

CACHE, COMPILED = ".broadsheet", "compiled"
"""The cache's folder, and the one in it for what Jinja makes of the layouts."""


class Workspace:
    """A site while it is open for work; `open_site` opens one.

    `found` is what is in its content folder; `problems` is what is wrong with its settings.
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
        self.found = scan(root, settings, cache, guessed=settings is _LENIENT)

    def moment(self, at: datetime | None) -> datetime:
        """The moment `at`, in the site's zone if it has none of its own; now, unless given."""
        if at is None:
            return datetime.now(UTC)
        try:
            return moment(at, self.settings.zone)
        except OverflowError as error:
            raise UsageError("--at: " + "; ".join(no_moment(at.isoformat()))) from error

    def inputs(self, drafts: bool) -> str:
        """A digest of all that a build is made from but the moment."""
        refused = [str(wrong) for wrong in refused_links(self.root, self.settings.content.links)]
        texts = msgspec.json.encode((self.settings.shaping, drafts, refused))
        layouts = "" if refused else layouts_digest(self.root)
        return fingerprint(texts, self.found.digest, layouts)

    def keep(self, name: str, pieces: Iterable[bytes | memoryview]) -> None:
        """Put a value on the shelf of that name in the cache."""
        path = self.root / CACHE / name
        try:
            blobs.put(path, pieces)
        except OSError as error:
            raise SiteError([unusable(path, error)]) from error

    def kept(self, name: str) -> bytes | None:
        """The value of that name, if it is there and whole."""
        return blobs.get(self.root / CACHE / name)


class ReadOnlyWorkspace:
    """A site opened to be looked at: nothing is written, what is to be kept is held in memory."""

    def __init__(self, root: Path, settings: Settings) -> None:
        self.root = root
        self.settings = settings
        self._held: dict[str, bytes] = {}

    def keep(self, name: str, pieces: Iterable[bytes | memoryview]) -> None:
        """Hold a value."""
        self._held[name] = b"".join(pieces)

    def kept(self, name: str) -> bytes | None:
        """The value of that name, if it is held, or there and whole."""
        return self._held.get(name) or blobs.get(self.root / CACHE / name)


@contextmanager
def open_site(
    root: Path,
    *,
    refused: Problem | None = None,
    clean: bool = False,
    jobs: int | None = None,
    waiting: Callable[[], None] = lambda: None,
) -> Iterator[Workspace]:
    """The newsroom of the site in `root`, which nobody else can use until it is closed.

    `refused` is what speaks against it already. `clean` forgets what was known of the site.
    `waiting` is called when another build is under way.
    """
    settings, problems = _settings(root, refused)
    with (
        locked(root / CACHE / "lock", waiting),
        pool(jobs or usable_cores()) as executor,
    ):
        if clean:
            _forget(root)
        with Cache(root / CACHE / "cache.db") as cache:
            yield Workspace(root, settings, problems, cache, executor)


def _settings(root: Path, refused: Problem | None) -> tuple[Settings, list[Problem]]:
    """The settings and what is wrong with them.

    With errors in them, settings that serve to find the mistakes in the content as well.
    """
    settings, problems = load_settings(root)
    if refused:
        problems.append(refused)
    if not os.path.lexists(root / FILE) or refused:
        raise SiteError(problems)
    return settings or _LENIENT, problems


_LENIENT = Settings(title="?", url="https://example.org/", content=Content(publish=("**",)))
"""With these no file is said not to be published that the site's own would let through."""


def _forget(root: Path) -> None:
    for path in (root / CACHE).iterdir():
        if path.name != "lock":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
