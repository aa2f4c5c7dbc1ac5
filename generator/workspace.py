"""A site opened for work: its settings, the build state, and processes to work with.

What comes in is the site's folder; what goes out is a workspace, which nobody else can use until it
is closed. To look at a site without a build there is one that writes nothing.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.codes import Code
from generator.config import CONTENT, LENIENT, SITE_TOML, Settings, load_settings
from generator.content.data.folder import data_digest
from generator.content.scan import Scan, Text, scan
from generator.errors import Problem, SiteError, UsageError, attempt, fault, is_error
from generator.model import Site
from generator.moments import moment, no_moment
from generator.state.blobs import Blobs
from generator.state.code_version import fingerprint
from generator.state.damaged import remove, remove_leftovers, unusable
from generator.state.files import FileTable
from generator.state.journal import Journal, Pieces
from generator.state.lock import locked
from generator.system import usable_cores
from generator.templates.folders import has_code, layouts_digest, refused_links
from generator.workers import Workers, pool

if TYPE_CHECKING:
    from generator.content.articles import ReadTexts, Track
    from generator.related import Relations
    from generator.related.subjects import Columns
    from generator.site.assemble import Assembled
    from generator.templates.loader import Layouts

CACHE, BLOBS, COMPILED = ".broadsheet", "blobs", "compiled"
"""The folder of the state, and those in it for values and for what Jinja makes of the layouts."""


class Workspace:
    """A site while it is open for work; `open_site` opens one.

    `problems` is what is wrong with its settings. What reads and assembles a site is imported when
    that is asked for: there are builds that find nothing to do.
    """

    def __init__(
        self,
        root: Path,
        settings: Settings,
        problems: list[Problem],
        blobs: Blobs,
        executor: Workers,
    ) -> None:
        self.root = root
        self.settings = settings
        self.problems = problems
        self.blobs = blobs
        self.files = FileTable(root / CACHE)
        self.executor = executor

    def scan(self) -> Scan:
        """Look at what is in the content folder."""
        return scan(self.root, self.settings, self.files, guessed=self._is_guessed)

    def read_some(self, found: Scan, texts: Sequence[Text], track: "Track" = iter) -> "ReadTexts":
        """Read these of the texts that were found."""
        from generator.content.articles import read_texts

        settings, blobs, executor = self.settings, self.blobs, self.executor
        return read_texts(self.root, texts, settings, blobs, executor, found.opened, track)

    def read(
        self, found: Scan, some: "ReadTexts | None" = None, track: "Track" = iter
    ) -> "ReadTexts":
        """Read all that was found, but for the texts that are read already."""
        from generator.content.articles import NOTHING, read_content

        settings, blobs, executor = self.settings, self.blobs, self.executor
        done = some or NOTHING
        read = read_content(self.root, found, settings, blobs, executor, done, track)
        if not self._is_guessed:
            return read
        # A field that nobody knows may be one that the settings declare.
        told = [p for p in read.problems if is_error(p) or p.code is not Code.UNKNOWN_FIELD]
        return read._replace(problems=told)

    @property
    def _is_guessed(self) -> bool:
        """Return whether the settings are broken, and others stand in for them."""
        return self.settings is LENIENT

    def layouts(self) -> "tuple[Layouts, list[Problem]]":
        """Load the layouts; return them with what is wrong with them."""
        from generator.templates.kept import kept_layouts

        return kept_layouts(self.root, self.settings, self)

    def assemble(self, read: "ReadTexts", at: datetime, drafts: bool = False) -> "Assembled":
        """Assemble the site of all that was `read`, for the moment `at`."""
        from generator.content.texts import locate
        from generator.site.assemble import Assembled
        from generator.site.editions import assemble_all, undeclared, without_translations
        from generator.site.schedule import kept_back, valid_between

        amiss = [*self.problems, *read.problems]
        library, odd = read.library, undeclared(read.library, self.settings)
        if self._is_guessed:
            library, odd = without_translations(library), iter(())
        work = partial(assemble_all, library, self.settings, at, drafts)
        made = attempt(work, partial(fault, CONTENT, doing="arrange the stories"))
        if isinstance(made, Problem):  # what is wrong with single files is told all the same
            raise SiteError([*locate(self.root, amiss), made])
        site, editions, mistakes = made
        matters = [reading.matter for reading in read.library.readings]
        still = valid_between(matters, at)
        if not all(one.articles for one in (site, *(edition.site for edition in editions))):
            still = at, at  # the year in the footer is that of the newest story, else today's
        hidden = kept_back(matters, at, drafts)
        problems = chain(amiss, mistakes, odd)
        return Assembled(site, problems, still, read.converted, hidden, editions=editions)

    def relate(self, site: Site, known: "Columns | None" = None, edition: str = "") -> "Relations":
        """Find the related stories of a site, or of its edition in another language.

        Of stories that were kept, columns may be `known`.
        """
        from generator.related.kept import relate_from_kept

        blobs, executor = self.blobs, self.executor
        return relate_from_kept(site, self.settings, blobs, self, executor, known, edition)

    def moment(self, at: datetime | None) -> datetime:
        """Return the moment `at`, in the site's zone if it has none of its own; now, if None."""
        if at is None:
            return datetime.now(UTC)
        try:
            return moment(at, self.settings.zone)
        except OverflowError as error:
            raise UsageError("--at: " + "; ".join(no_moment(at.isoformat()))) from error

    def inputs(self, found: Scan, drafts: bool) -> str:
        """Return a digest of all that a build is made from but the moment."""
        refused = [str(wrong) for wrong in refused_links(self.root, self.settings.content.links)]
        texts = msgspec.json.encode((self.settings.shaping, drafts, refused, self._code()))
        layouts = "" if refused else layouts_digest(self.root)
        return fingerprint(texts, found.digest, layouts, data_digest(self.root, self.settings))

    def _code(self) -> tuple[dict[str, str], list[Problem]]:
        """Return the digests of the site's own code, by file and package, and what is wrong."""
        if not (self.settings.extensions or has_code(self.root)):
            return {}, []
        from generator.templates.extensions import find_extensions

        code, problems = find_extensions(self.root, self.settings)
        return code.digests, problems

    def keep(self, name: str, *frames: Pieces) -> None:
        """Keep a value of these frames under a name for the next build."""
        Journal(self.root / CACHE / name).replace(*frames)

    def kept(self, name: str) -> Sequence[memoryview]:
        """Return the frames of the value of that name, as far as they are whole."""
        return Journal(self.root / CACHE / name).frames()


class ReadOnlyWorkspace:
    """A site opened to be looked at: nothing is written, what is to be kept is held in memory."""

    def __init__(self, root: Path, settings: Settings) -> None:
        self.root = root
        self.settings = settings
        self._held: dict[str, list[memoryview]] = {}

    def keep(self, name: str, *frames: Pieces) -> None:
        """Hold a value of these frames."""
        self._held[name] = [memoryview(b"".join(pieces)) for pieces in frames]

    def kept(self, name: str) -> Sequence[memoryview]:
        """Return the frames of the value of that name, if it is held, or there and whole."""
        return self._held.get(name) or Journal(self.root / CACHE / name).frames()


@contextmanager
def open_site(
    root: Path,
    *,
    refused: Problem | None = None,
    safe: bool = False,
    clean: bool = False,
    jobs: int | None = None,
    cluster: str | None = None,
    waiting: Callable[[], None] = lambda: None,
) -> Iterator[Workspace]:
    """Open the site in `root`, which nobody else can use until it is closed.

    `refused` is what speaks against it already. With `safe` a site that has code run is refused.
    `clean` forgets what was known of the site.
    Work goes to so many processes, or to the `cluster` of the scheduler at an address. `waiting` is
    called when another build is under way.
    """
    settings, problems = _settings(root, refused, safe)
    workers = _cluster(cluster, root) if cluster else pool(jobs or usable_cores())
    with locked(root / CACHE / "lock", waiting), workers as executor:
        if clean:
            forget(root)
        remove_leftovers(root / CACHE)
        with Blobs.to_write(root / CACHE / BLOBS) as blobs:
            yield Workspace(root, settings, problems, blobs, executor)


def forget(root: Path) -> None:
    """Take away all that is kept of the site in `root`, but for the lock, which the caller has.

    The name of all values goes first: whoever is killed meanwhile leaves none that others miss.
    Raises `SiteError` for what cannot be taken away.
    """
    lock, name = root / CACHE / "lock", root / CACHE / BLOBS / "name"
    for path in (name, *(one for one in sorted((root / CACHE).iterdir()) if one != lock)):
        try:
            remove(path)
        except OSError as error:
            raise SiteError([unusable(path, error)]) from error


def _cluster(address: str, root: Path) -> Workers:
    from generator.cluster import cluster  # few have what it takes

    return cluster(address, root / CACHE / "cluster")


def _settings(root: Path, refused: Problem | None, safe: bool) -> tuple[Settings, list[Problem]]:
    """Return the settings and what is wrong with them.

    With errors in them, settings that serve to find the mistakes in the content as well.
    """
    settings, problems = load_settings(root)
    if refused:
        problems.append(refused)
    if not os.path.lexists(root / SITE_TOML) or refused:
        raise SiteError(problems)
    if safe:
        refuse_code(root, settings or LENIENT)
    return settings or LENIENT, problems


def refuse_code(root: Path, settings: Settings) -> None:
    """Raise `SiteError` if the site in `root` has code run, and say where."""
    from generator.content.texts import locate
    from generator.templates.extensions import refused_file, refused_settings

    if found := [*refused_file(root), *refused_settings(settings)]:
        raise SiteError(locate(root, found))
