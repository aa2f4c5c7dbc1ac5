"""What is kept of the builds of a site into one folder, for the next one to go by.

What comes in is what a build has made; what goes out, at the next, is the last build, the records
of the outputs that are as it left them, and what it knew of its site. All of it may be lost at any
time: everything is then assembled, and rendered, again.
"""

import os
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Self

import msgspec
from msgspec.structs import replace

from generator.config import INVENTORY
from generator.errors import Problem, SiteError, StateError, is_error
from generator.regular import real
from generator.state import blobs
from generator.state.database import unusable
from generator.state.files import digest_of_file, stamp
from generator.state.outputs import Record, RecordedOutputs


class Report(msgspec.Struct, frozen=True):
    """What a build did.

    `pages` counts all outputs: `rendered` of them went through a layout or were copied
    anew, `written` changed on disk, `unchanged` did not; `deleted` went away besides.
    `converted` counts Markdown bodies; `seconds` is wall-clock time.
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


class LastBuild(msgspec.Struct, frozen=True):
    """The last build that was done into a folder.

    `token` names it; `inputs` digests all that it was made from but the moment `at`. What it made
    is the same for every moment between `since` and `until`, both left out; None: as far as one
    likes. `listed` is the stamp of the inventory that it wrote.
    """

    token: str
    inputs: str
    at: datetime
    since: datetime | None
    until: datetime | None
    report: Report
    listed: str = ""

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

    `last` is the last build, if it is known; `last_site_file` holds what it knew of its site.
    `records` are of the outputs that were found, by a `look`, to be as a build left them, by path:
    what each was made from, and how it looks now.
    """

    def __init__(self, cache: Path, folder: Path) -> None:
        name = _name(cache.parent, folder)
        self._folder = folder
        self.last_site_file = cache / f"{name}.site"
        self._outputs = RecordedOutputs(cache / f"{name}.db")
        self._noted = self._outputs.records()
        self.last = _last(self._outputs.last())
        self.records: dict[str, Record] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._outputs.close()

    def look(self) -> None:
        """Look at the outputs."""
        self.records = dict(_as_left(str(self._folder), self._noted))

    def holds(self, at: datetime) -> bool:
        """Return whether the clock changes nothing between the last build and the moment `at`."""
        return self.last is not None and self.last.holds(at)

    def still_valid(self, inputs: str, at: datetime) -> LastBuild | None:
        """Return the last build, if these inputs would give the same, and if it is all there."""
        last = self.last
        if last is None or last.inputs != inputs or not last.holds(at):
            return None
        is_whole = self.records == self._noted and stamp(self._folder / INVENTORY) == last.listed
        return last if is_whole else None

    def sizes(self, paths: Iterable[str], made: Container[str]) -> dict[str, int]:
        """Return the bytes of each output, some of which were just `made`.

        Those of one that was left alone begin its stamp.
        """
        return {
            path: (self._folder / path).stat().st_size
            if path in made
            else int(self.records[path].stamp.partition(" ")[0])
            for path in paths
        }

    def write(
        self,
        last: LastBuild,
        last_site: bytes,
        made: Mapping[str, str],
        digests: Mapping[str, bytes],
        wanted: Container[str],
    ) -> None:
        """Keep a build: of the outputs it made, the fingerprints and the digests of their bytes.

        `wanted` are the outputs that there are now.
        """
        try:
            blobs.put(self.last_site_file, [last_site])
        except OSError as error:
            raise SiteError([unusable(self.last_site_file, error)]) from error
        records = self.records | {
            path: Record(mark, stamp(self._folder / path), digests[path].hex())
            for path, mark in made.items()
        }
        new = {path: r for path, r in records.items() if self._noted.get(path) != r}
        gone = [path for path in self._noted if path not in wanted]
        last = replace(last, listed=stamp(self._folder / INVENTORY))
        self._outputs.update(new, gone, msgspec.json.encode(last))


def last_build(cache: Path, folder: Path) -> LastBuild | None:
    """Return the last build into a folder, if it is known. Where none was, nothing is made."""
    path = cache / f"{_name(cache.parent, folder)}.db"
    if not path.is_file():
        return None
    with closing(RecordedOutputs(path)) as outputs:
        return _last(outputs.last())


def digests(cache: Path, folder: Path) -> dict[str, tuple[str, str]]:
    """Return how each output in a folder was left, by path, and the digest of its bytes then.

    Nothing of those that no build is known to have made.
    """
    path = cache / f"{_name(cache.parent, folder)}.db"
    if not path.is_file():
        return {}
    with suppress(StateError), closing(RecordedOutputs(path)) as outputs:
        return {path: (r.stamp, r.digest) for path, r in outputs.records().items()}
    return {}


@contextmanager
def failures_noted(cache: Path, folder: Path) -> Iterator[None]:
    """Note that the build into a folder in the block fails, until one does not."""
    note = _failure(cache, folder)
    try:
        yield
    except Exception as error:
        number = sum(map(is_error, error.problems)) if isinstance(error, SiteError) else 1
        with suppress(OSError):
            blobs.put(note, [str(number).encode()])
        raise
    with suppress(OSError):
        note.unlink(missing_ok=True)


def failure(cache: Path, folder: Path) -> int:
    """Return how many errors the last build into a folder failed with: 0 if it did not."""
    note = _failure(cache, folder)
    return int(blobs.get(note) or 1) if note.exists() else 0


def _failure(cache: Path, folder: Path) -> Path:
    return cache / f"{_name(cache.parent, folder)}.failed"


def _as_left(folder: str, noted: Mapping[str, Record]) -> Iterator[tuple[str, Record]]:
    """Yield the records of the files that hold what they did, as they look now.

    One that looks otherwise may be the same all the same: in a folder that was moved or copied,
    every file does.
    """
    for path, record in noted.items():
        look = stamp(f"{folder}/{path}")
        if look == record.stamp:
            yield path, record
        elif look and digest_of_file(f"{folder}/{path}") == record.digest:
            yield path, record._replace(stamp=look)


def _last(kept: bytes | None) -> LastBuild | None:
    try:
        return msgspec.json.decode(kept, type=LastBuild) if kept else None
    except msgspec.MsgspecError:  # an upgrade is no damage: nothing here names its version
        return None


def _name(site: Path, folder: Path) -> str:
    """Return the name of a folder's state: one inside the site moves with it."""
    here, site = real(folder), real(site)
    name = str(here.relative_to(site) if here.is_relative_to(site) else here)
    return f"output-{blake2b(os.fsencode(name), digest_size=6).hexdigest()}"
