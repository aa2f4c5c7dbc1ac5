"""What is kept of the builds of a site into one folder, for the next one to go by.

What comes in is what a build has made; what goes out, at the next, is the last build, the records
of the outputs that are as it left them, and what it knew of its site. All of it may be lost at any
time: everything is then assembled, and rendered, again.
"""

import os
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec.structs import replace

from generator.config import INVENTORY
from generator.errors import Problem, SiteError, is_error
from generator.model import KeptBack
from generator.regular import real
from generator.state.damaged import clear_away
from generator.state.journal import Journal
from generator.state.outputs import NO_RECORDS, OutputTable, Record, Records
from generator.state.stamp import Stamp, stamp


class PictureCount(msgspec.Struct, frozen=True):
    """How many pictures a site shows, and the bytes of their files, lying and as published."""

    number: int = 0
    lying: int = 0
    published: int = 0


class Report(msgspec.Struct, frozen=True):
    """What a build did.

    `pages` counts all outputs: `rendered` of them went through a layout or were copied
    anew, `written` changed on disk, `unchanged` did not; `deleted` went away besides.
    `converted` counts Markdown bodies; `seconds` is wall-clock time. `kept_back` is what the
    site does not show. In the place of what is `unfinished` stands what does for a while.
    """

    articles: int
    pages: int
    rendered: int
    written: int
    unchanged: int
    deleted: int
    converted: int
    seconds: float
    warnings: list[Problem]
    kept_back: KeptBack = KeptBack()
    pictures: PictureCount = PictureCount()
    unfinished: int = 0

    @property
    def complete(self) -> bool:
        """Return whether all that there is was made."""
        return not self.unfinished


class LastBuild(msgspec.Struct, frozen=True):
    """The last build that was done into a folder.

    `token` names it; `inputs` digests all that it was made from but the moment `at`. What it made
    is the same for every moment between `since` and `until`, both left out; None: as far as one
    likes. `listed` is the stamp of the inventory that it wrote. `folder` is its path as the system
    writes it, seen from the site's folder; b"" if it is not known.
    """

    token: str
    inputs: str
    at: datetime
    since: datetime | None
    until: datetime | None
    report: Report
    listed: Stamp | None = None
    folder: bytes = b""

    def holds(self, at: datetime) -> bool:
        """Return whether the clock changes nothing between that build and the moment `at`."""
        after = self.since is None or self.since < at
        return at == self.at or (after and (self.until is None or at < self.until))

    def nothing_new(self) -> Report:
        """Return the report of a build that finds all as it was left."""
        return replace(
            self.report, rendered=0, written=0, unchanged=self.report.pages, deleted=0, converted=0
        )


class BuildState:
    """What is known of the builds into a folder while the next one is under way.

    `last` is the last build, if it is known; `last_site` is where what it knew of its site is kept.
    `records` are of the outputs that were found, by a `look`, to be as a build left them, by path:
    what each was made from, and how it looks now.
    """

    def __init__(self, state: Path, folder: Path) -> None:
        path = _path(state, folder)
        self._folder = folder
        self._path = path
        self.last_site = self.last_site_in("")
        self._outputs = OutputTable(path)
        self.last = _last(self._outputs.last)
        self.records: Records = NO_RECORDS

    def last_site_in(self, language: str) -> Journal:
        """Return where what it knew of its site in a language is kept; "" is the main one."""
        return Journal(self._path.with_suffix(f".{language.lower()}.site" if language else ".site"))

    def look(self) -> None:
        """Look at the outputs."""
        self.records = self._outputs.records.as_left(self._folder)

    def holds(self, at: datetime) -> bool:
        """Return whether the clock changes nothing between the last build and the moment `at`."""
        return self.last is not None and self.last.holds(at)

    @property
    def is_as_left(self) -> bool:
        """Return whether the last build is known, and left all done, and as it is still."""
        if self.last is None or self.records is not self._outputs.records:
            return False
        if not self.last.report.complete:
            return False
        return stamp(self._folder / INVENTORY) == self.last.listed

    def still_valid(self, inputs: str, at: datetime) -> LastBuild | None:
        """Return the last build, if these inputs would give the same, and if it is all there."""
        last = self.last
        if last is None or last.inputs != inputs or not last.holds(at):
            return None
        return last if self.is_as_left else None

    def changed(
        self, made: Mapping[str, str], digests: Mapping[str, bytes], stamps: Mapping[str, Stamp]
    ) -> dict[str, Record]:
        """Return the records that are others now: of outputs that were made, or look otherwise.

        What was `made` is told by the fingerprints; `stamps` are those that are known of it.
        """
        changed = self.records.moved_since(self._outputs.records)
        for path, mark in made.items():
            if look := stamps.get(path) or stamp(f"{self._folder}/{path}"):
                changed[path] = Record(mark, look, digests[path].hex())
        return changed

    def sizes(self, paths: Iterable[str], changed: Mapping[str, Record]) -> dict[str, int]:
        """Return the bytes of each output, of some of which the records have `changed`."""
        return {path: (changed.get(path) or self.records[path]).stamp.size for path in paths}

    def write(self, last: LastBuild, changed: dict[str, Record], wanted: Container[str]) -> None:
        """Keep a build and the records that it `changed`. `wanted` are the outputs there are."""
        name = _name(self._path.parent, self._folder)
        last = replace(last, listed=stamp(self._folder / INVENTORY), folder=name)
        self._outputs.write(changed, wanted, msgspec.json.encode(last))


def last_build(state: Path, folder: Path) -> LastBuild | None:
    """Return the last build into a folder, if it is known."""
    return _last(OutputTable(_path(state, folder)).last)


def digests(state: Path, folder: Path) -> dict[str, tuple[Stamp, str]]:
    """Return how each output in a folder was left, by path, and the digest of its bytes then.

    Nothing of those that no build is known to have made.
    """
    records = OutputTable(_path(state, folder)).records
    return {path: (record.stamp, record.digest) for path, record in records.items()}


def digests_of_all(state: Path) -> set[str]:
    """Return the digests of the bytes of all outputs, as builds into any folder have left them."""
    records = (OutputTable(table).records for table in _tables(state))
    return {record.digest for some in records for record in some.values()}


def of_gone_folders(state: Path, meant: Path) -> list[Path]:
    """Return the files that tell of builds into folders that are no more.

    One that is `meant` to be built into may be made again.
    """
    found = list[Path]()
    for table in _tables(state):
        last = _last(OutputTable(table).last)
        if last and last.folder and table != _path(state, meant):
            folder = state.parent / os.fsdecode(last.folder)
            found += [] if folder.is_dir() else state.glob(f"{table.stem}.*")
    return found


def of_other_languages(state: Path, languages: Iterable[str]) -> list[Path]:
    """Return the files that tell of builds of a site in other languages than these."""
    known = {language.lower() for language in languages}
    files = ((path, _IN_LANGUAGE.fullmatch(path.name)) for path in state.glob("output-*.*.site"))
    return [path for path, found in files if found and found[1] not in known]


@contextmanager
def failures_noted(state: Path, folder: Path) -> Iterator[None]:
    """Note that the build into a folder in the block fails, until one does not."""
    note = _failure(state, folder)
    try:
        yield
    except Exception as error:
        number = sum(map(is_error, error.problems)) if isinstance(error, SiteError) else 1
        with suppress(SiteError):
            note.replace([str(number).encode()])
        raise
    clear_away(note.path)


def failure(state: Path, folder: Path) -> int:
    """Return how many errors the last build into a folder failed with: 0 if it did not."""
    note = _failure(state, folder)
    return int(bytes(next(iter(note.frames()), b"1"))) if note.path.exists() else 0


def _failure(state: Path, folder: Path) -> Journal:
    return Journal(_path(state, folder).with_suffix(".failed"))


def _last(kept: bytes) -> LastBuild | None:
    try:
        return msgspec.json.decode(kept, type=LastBuild) if kept else None
    except msgspec.MsgspecError:  # an upgrade is no damage: nothing here names its version
        return None


def _path(state: Path, folder: Path) -> Path:
    """Return where the records of a folder are kept."""
    name = blake2b(_name(state, folder), digest_size=6).hexdigest()
    return state / f"output-{name}.outputs"


def _name(state: Path, folder: Path) -> bytes:
    """Return what tells a folder from others: of one inside the site, which moves with that, the
    path from there.
    """
    here, site = real(folder), real(state.parent)
    return os.fsencode(here.relative_to(site) if here.is_relative_to(site) else here)


def _tables(state: Path) -> list[Path]:
    return sorted(path for path in state.glob("output-*.outputs") if _TABLE.fullmatch(path.name))


_TABLE = re.compile(r"output-[0-9a-f]{12}\.outputs")
_IN_LANGUAGE = re.compile(r"output-[0-9a-f]{12}\.([^.]+)\.site")
