"""Bytes → disk, the way a bank writes: staged first, then each file replaced at once.

What Broadsheet wrote is listed in an inventory in the output folder itself, so that a stale
file is known as its own even when the cache is gone; where the inventory is damaged or gone, the
records of the builds tell. Nothing else is ever deleted.
"""

import contextlib
import errno
import os
import posixpath
import shutil
from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path
from typing import NamedTuple, Self
from uuid import uuid4

from msgspec.structs import replace

from generator.codes import Code
from generator.config import INVENTORY
from generator.errors import Problem, SiteError
from generator.kinds import PageKind
from generator.output.inventory import Inventory, Item, encoded, read_inventory
from generator.regular import real
from generator.state.damaged import clear_away
from generator.state.files import digest_of_content, length_of, size_of, stamp
from generator.state.outputs import Record
from generator.urls import folders_of

STAGING = ".broadsheet-staging"


NO_RECORDS: Mapping[str, Record] = {}


class OutputFolder:
    """An output folder during one build. Stage files, then `commit` them all.

    `records` are those of the builds into it. Leaving it drops what was staged and not committed.
    """

    def __init__(self, folder: Path, records: Mapping[str, Record] = NO_RECORDS) -> None:
        self.folder = folder
        self.staging = folder / STAGING
        self.before = _written_before(folder, records)

    def __enter__(self) -> Self:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            clear_away(self.staging)  # a killed build left it
            self.staging.mkdir()
        except OSError as error:
            raise SiteError([cannot_write(self.folder, self.folder, error)]) from error
        return self

    def __exit__(self, *_: object) -> None:
        clear_away(self.staging)
        with contextlib.suppress(OSError):  # it holds a site
            self.folder.rmdir()

    def commit(self, staged: Mapping[str, str], wanted: Inventory) -> list[str]:
        """Put the staged files in place and delete what is no longer wanted.

        `staged` are the files that `stage` wrote, by the paths that they belong to. Returns the
        deleted paths. The inventory covers old and new files while both may be there, so that a
        build killed here leaves nothing that the next would not know.
        """
        stale = self.before.files.keys() - wanted.files.keys()
        in_the_way = _in_the_way(stale, wanted.files.keys()) if stale else set()
        if foreign := list(self._obstacles(staged, in_the_way)):
            raise SiteError(foreign)
        try:
            if staged or stale:
                both = replace(wanted, files=self.before.files | wanted.files)
                self._write_inventory(both)
            deleted = self._delete(in_the_way)
            for path, file in staged.items():
                self._place(path, file)
            deleted += self._delete(stale - in_the_way)
            self._write_inventory(wanted)
        except OSError as error:
            place = Path(error.filename or self.folder)
            problem = cannot_write(self.folder, place, error)
            remedy = "mend it and build again; until then some pages are new and some are old"
            raise SiteError([replace(problem, remedy=remedy)]) from error
        return sorted(deleted)

    def _place(self, path: str, file: str) -> None:
        """Put a staged file where it belongs. Most often its folder is there, or its folder's."""
        target = f"{self.folder}/{path}"
        try:
            os.replace(_staged(self.folder, file), target)  # noqa: PTH105 (so many of them)
        except FileNotFoundError:
            os.makedirs(posixpath.dirname(target), exist_ok=True)  # noqa: PTH103
            os.replace(_staged(self.folder, file), target)  # noqa: PTH105

    def _obstacles(self, staged: Iterable[str], going: set[str]) -> Iterator[Problem]:
        """Yield what Broadsheet did not write and stands where a page, or its folder, belongs."""
        remedy = "move it away, or rename what belongs there"
        for path in staged:
            if os.path.isdir(f"{self.folder}/{path}") and not all(  # noqa: PTH112
                file.is_dir() or file.relative_to(self.folder).as_posix() in going
                for file in (self.folder / path).rglob("*")
            ):
                what = "a folder stands where a page belongs, and holds other files"
                yield _problem(f"{self.folder.name}/{path}", what, remedy)
        for parent in sorted({parent for path in staged for parent in folders_of(path)} - going):
            if (self.folder / parent).is_file():
                what = "a file that Broadsheet did not write stands where a folder belongs"
                yield _problem(f"{self.folder.name}/{parent}", what, remedy)

    def _delete(self, paths: set[str]) -> list[str]:
        """Delete files, and the folders that are empty without them."""
        gone = []
        for path in sorted(paths):
            file = self.folder / path
            if file.is_file() or file.is_symlink():
                file.unlink()
                gone.append(path)
            _remove_empty(file.parent, self.folder)
        return gone

    def _write_inventory(self, inventory: Inventory) -> None:
        data, target = encoded(inventory), self.folder / INVENTORY
        if not (target.is_file() and target.read_bytes() == data):
            write_whole(self.staging / INVENTORY, data)
            (self.staging / INVENTORY).replace(target)


def _written_before(folder: Path, records: Mapping[str, Record]) -> Inventory:
    """Return what Broadsheet wrote into a folder.

    What the inventory does not list, though a build has written it, counts if nobody touched it
    since; of an inventory that is damaged all counts, as it would by a whole one.
    """
    listed = read_inventory(folder)
    is_damaged = listed is None and os.path.lexists(folder / INVENTORY)
    known = listed or Inventory({})
    ours = {
        path: Item(PageKind.FILE)
        for path in records.keys() - known.files.keys()
        if is_damaged or stamp(f"{folder}/{path}") == records[path].stamp
    }
    return replace(known, files=known.files | ours) if ours else known


class Staged(NamedTuple):
    """An output with these bytes: written into a staged `file`, or found in its place ("")."""

    digest: bytes
    file: str = ""


def stage(folder: Path, path: str, content: bytes | Path, owned: bool) -> Staged | Problem:
    """Write an output beside its place, unless the very bytes are there already.

    A file that is copied is never whole in memory. A problem if a file that is not Broadsheet's
    own stands there with other bytes. Where work is done again because a machine seemed lost, both
    may write at once, even into the folder of a later build: so each writes a file of its own.
    """
    size, digest = size_of(f"{folder}/{path}"), digest_of_content(content)
    if size is not None:
        if size == length_of(content) and digest_of_content(folder / path) == digest:
            return Staged(digest)
        if not owned:
            what = "Broadsheet did not write this file, and a page of the site belongs there"
            remedy = "move it away, or put it into content/"
            return _problem(f"{folder.name}/{path}", what, remedy)
    file = uuid4().hex
    if isinstance(content, bytes):
        write_whole(_staged(folder, file), content)
    else:
        shutil.copyfile(content, _staged(folder, file))
    return Staged(digest, file)


def _staged(folder: Path, file: str) -> str:
    """Return where a file is staged: all side by side, for folders take longer than files."""
    return f"{folder}/{STAGING}/{file}"


def write_whole(path: Path | str, data: bytes) -> None:
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(data)


def refuse(output: Path, root: Path, sources: Iterable[str]) -> Problem | None:
    """Return why a folder may not be the output of the site in `root`, or None."""
    here, site = real(output), real(root)
    remedy = "choose another --output, such as public"
    if here == real(root / "public"):
        remedy = "move it away, or choose another --output"
    if str(root).encode(errors="replace") != os.fsencode(root):
        what = "the name of the site's folder, or of one above it, is no UTF-8"
        return _problem(str(root), what, "rename it, or build from inside the site's folder")
    if output.is_symlink() and not output.exists():
        return _problem(str(output), "the output folder is a link that leads nowhere", remedy)
    if here == site or here in site.parents:
        what = "the output folder is the site itself or holds it"
        return _problem(str(output), what, remedy)
    for source in sources:
        folder = real(root / source)
        if here == folder or here in folder.parents or folder in here.parents:
            what = f"the output folder is {source}/, or above or inside it"
            return _problem(str(output), what, remedy)
    if output.exists() and not output.is_dir():
        return _problem(str(output), "the output folder is a file", remedy)
    return None


def cannot_write(folder: Path, place: Path, error: OSError) -> Problem:
    try:
        name = f"{folder.name}/{place.relative_to(folder).as_posix()}".removesuffix("/.")
    except ValueError:
        name = str(place)
    what = f"cannot be written: {error.strerror or error}"
    if error.errno == errno.ENAMETOOLONG:
        return _problem(name, what, "shorten its slug")
    return _problem(name, what, "the site there is as it was; make room, or mend permissions")


def _in_the_way(stale: Set[str], wanted: Set[str]) -> set[str]:
    """Return the stale files that stand where a wanted one needs a folder, or the reverse."""
    folders = {parent for path in wanted for parent in folders_of(path)}
    return {p for p in stale if p in folders or any(parent in wanted for parent in folders_of(p))}


def _remove_empty(folder: Path, top: Path) -> None:
    while folder != top:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def _problem(place: str, what: str, remedy: str) -> Problem:
    """Return the problem of an output folder, whatever its name is, or of a place in it."""
    return Problem(place, 0, what, remedy, code=Code.OUTPUT)
