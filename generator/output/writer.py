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
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Self
from uuid import uuid4

from msgspec.structs import replace

from generator.codes import Code
from generator.config import INVENTORY
from generator.errors import Problem, SiteError
from generator.kinds import PageKind
from generator.output.inventory import Inventory, Item, encoded, read_inventory
from generator.regular import real, write_whole
from generator.state.damaged import clear_away
from generator.state.digests import digest_of_content, length_of, size_of
from generator.state.outputs import NO_RECORDS, Records
from generator.state.stamp import Stamp, stamp, stamp_of
from generator.urls import folders_of

STAGING = ".broadsheet-staging"


class OutputFolder:
    """An output folder during one build. Stage files, then `commit` them all.

    `records` are those of the builds into it. In one that is empty there is no old site to protect:
    if all `workers_are_here`, files are staged in a `tree`, which is put in place as a whole.
    Leaving it drops what was staged and not committed.
    """

    def __init__(
        self, folder: Path, records: Records = NO_RECORDS, workers_are_here: bool = True
    ) -> None:
        self.folder = folder
        self.staging = folder / STAGING
        self.tree = ""
        self._workers_are_here = workers_are_here
        self._records = records

    def __enter__(self) -> Self:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            clear_away(self.staging)  # a killed build left it
            is_empty = not any(self._strangers()) and not self.before.files
            self.tree = uuid4().hex if is_empty and self._workers_are_here else ""
            (self.staging / self.tree).mkdir(parents=True)
        except OSError as error:
            raise SiteError([cannot_write(self.folder, self.folder, error)]) from error
        return self

    def __exit__(self, *_: object) -> None:
        clear_away(self.staging)
        with contextlib.suppress(OSError):  # it holds a site
            self.folder.rmdir()

    @cached_property
    def before(self) -> Inventory:
        """Return what Broadsheet had written into the folder when the build began."""
        return _written_before(self.folder, self._records)

    def owns(self, path: str) -> bool:
        """Return whether Broadsheet had written the file at a path."""
        return path in self._records or path in self.before.files

    def commit(self, staged: Mapping[str, str], wanted: Inventory) -> list[str]:
        """Put the staged files in place and delete what is no longer wanted.

        `staged` are the files that `stage` wrote, by the paths that they belong to. Returns the
        deleted paths. The inventory covers old and new files while both may be there, so that a
        build killed here leaves nothing that the next would not know.
        """
        if self.tree:
            self._commit_whole(wanted)
            return []
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
            raise self._half_done(error) from error
        return sorted(deleted)

    def commit_words(self, staged: Mapping[str, str], inventory: bytes) -> None:
        """Put the staged files in place of others, with the encoded inventory that then holds."""
        try:
            for path, file in staged.items():
                self._place(path, file)
            self._write_encoded(inventory)
        except OSError as error:
            raise self._half_done(error) from error

    def _commit_whole(self, wanted: Inventory) -> None:
        """Put all that was staged for an empty folder in place, a folder with all that is in it."""
        what = "somebody else wrote this while the site was being built"
        remedy = "move it away, and build again"
        if found := [_problem(f"{self.folder.name}/{s}", what, remedy) for s in self._strangers()]:
            raise SiteError(found)
        try:
            self._write_inventory(wanted)
            for place in sorted((self.staging / self.tree).iterdir()):
                place.rename(self.folder / place.name)
        except OSError as error:
            raise self._half_done(error) from error

    def _strangers(self) -> list[str]:
        """Return the names of what is in the folder and was not put there by this build."""
        return sorted({place.name for place in self.folder.iterdir()} - {STAGING, INVENTORY})

    def _half_done(self, error: OSError) -> SiteError:
        problem = cannot_write(self.folder, Path(error.filename or self.folder), error)
        remedy = "mend it and build again; until then some pages are new and some are old"
        return SiteError([replace(problem, remedy=remedy)])

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
        self._write_encoded(encoded(inventory))

    def _write_encoded(self, data: bytes) -> None:
        target = self.folder / INVENTORY
        if not (target.is_file() and target.read_bytes() == data):
            write_whole(str(self.staging / INVENTORY), data)
            (self.staging / INVENTORY).replace(target)


def _written_before(folder: Path, records: Records) -> Inventory:
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
    """An output with these bytes: written into a staged `file`, or found in its place ("").

    `stamp` is how it will look in its place, if that is known.
    """

    digest: bytes
    file: str = ""
    stamp: Stamp | None = None


def stage(
    folder: Path, path: str, content: bytes | Path, owned: bool, tree: str = ""
) -> Staged | Problem:
    """Write an output beside its place, unless the very bytes are there already.

    A problem if a file that is not Broadsheet's own, and so not `owned`, stands there with other
    bytes. Where work is done again because a machine seemed lost, both may write at once, even into
    the folder of a later build: so each writes a file of its own. In a `tree` of that name all are
    written as they are to stand: whoever writes there ends with the build.
    """
    digest = digest_of_content(content)
    if tree:
        file = f"{tree}/{path}"
        look = _written_among_others(_staged(folder, file), content)
        is_moved_alone = "/" not in path  # which changes how it looks
        return Staged(digest, file, None if is_moved_alone else look)
    size = size_of(f"{folder}/{path}")
    if size is not None:
        if size == length_of(content) and digest_of_content(folder / path) == digest:
            return Staged(digest)
        if not owned:
            what = "Broadsheet did not write this file, and a page of the site belongs there"
            remedy = "move it away, or put it into content/"
            return _problem(f"{folder.name}/{path}", what, remedy)
    file = uuid4().hex
    _written(_staged(folder, file), content)
    return Staged(digest, file)


def _written_among_others(path: str, content: bytes | Path) -> Stamp:
    """Write a file whose folder may be missing, as most are: nearly every page has its own."""
    folder = posixpath.dirname(path)
    try:
        os.mkdir(folder)  # noqa: PTH102 (so many of them)
    except FileExistsError:
        pass
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
    return _written(path, content)


def _written(path: str, content: bytes | Path) -> Stamp:
    """Write a file, and return how it looks; one that is copied is never whole in memory."""
    if isinstance(content, bytes):
        return stamp_of(write_whole(path, content))
    shutil.copyfile(content, path)
    return stamp_of(os.stat(path))  # noqa: PTH116


def _staged(folder: Path, file: str) -> str:
    """Return where a file is staged: all side by side, for folders take longer than files."""
    return f"{folder}/{STAGING}/{file}"


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
