"""Find the places of the files that a site is made from: in its folders, and where links lead.

In come the names of folders and files, out go the real ones that are to be watched.

Folders are walked by their real paths and each of them once, so that links cannot loop. What
a link leads to is watched where it really is.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path, PurePath

MOST_LINKED = 100
"""Places outside the site's folders that are watched; each of them costs a thread."""


class Places:
    """The folders and files that are wanted, and what is behind the links in them.

    `look(folder, deep)` is called for each place before it is walked, so that nothing that
    happens meanwhile is overlooked: the real path of a folder, and whether all below it
    counts too. No link is followed that is `barred`, by the path where it stands.
    """

    def __init__(
        self,
        root: Path,
        names: Iterable[str | Path],
        ignored: Callable[[str], bool],
        look: Callable[[str, bool], None],
        barred: Callable[[str], bool],
    ) -> None:
        self._ignored = ignored
        self._barred = barred
        self._look = look
        self._shown: dict[str, str] = {}  # real path: how it and what is below it is named
        self._linked: set[str] = set()  # real paths that links lead to
        self._links: set[str] = set()  # where links stand
        self._ways: set[str] = set()  # what others are reached by, or will be once it is there
        self._trees: set[str] = set()  # folders watched with all below
        self._spots: set[str] = set()  # folders watched themselves
        self._walked: set[str] = set()
        self._led: list[tuple[str, str]] = []  # folders with links, and where those lead
        self._outer = 0
        for name in names:
            self._want(Path(os.path.realpath(root), name), PurePath(name).as_posix())
        self._follow()

    @property
    def left_out(self) -> bool:
        """Return whether links lead to more places than are watched."""
        return self._outer > MOST_LINKED

    def name(self, path: str) -> str:
        """Return what listeners call a file: below the root, with slashes; "" if not theirs."""
        for above in chain([path], _above(path)):
            if above in self._shown:
                below = path[len(above) :].replace(os.sep, "/")
                return "" if self._hidden(below) else self._shown[above] + below
        return ""

    def is_linked(self, path: str) -> bool:
        """Return whether a link leads to a file, or to a folder that it is in."""
        if not self._linked:
            return False
        return any(
            above in self._linked and not self._hidden(path[len(above) :].replace(os.sep, "/"))
            for above in chain([path], _above(path))
        )

    def is_way(self, path: str) -> bool:
        """Return whether it matters if anything is at this path, and what."""
        return path in self._ways or path in self._links

    def _hidden(self, below: str) -> bool:
        return any(self._ignored(part) for part in below.split("/") if part)

    # ------------------------------------------------------------------- finding them

    def _want(self, path: Path, shown: str) -> None:
        """Find a folder or file that is asked for by name, and may itself be a link."""
        path = Path(os.path.realpath(path.parent), path.name)
        self._approach(path)
        self._shown[str(path)] = shown
        if _is(Path.is_symlink, path):
            link, path = path, self._lead(path)
            if self._barred(str(link)):
                return
            self._approach(path)
            self._shown.setdefault(str(path), shown)
        if _is(Path.is_dir, path):
            self._survey(str(path))

    def _approach(self, path: Path) -> None:
        """Watch for what may come to be at a path, or at a folder above that is not there yet."""
        step = path
        while not _is(Path.is_dir, step.parent) and step.parent != step:
            step = step.parent
        if not _is(Path.is_file, step):
            self._ways.add(str(step))
        folder = str(step.parent)
        if folder not in self._spots and not self._covers(folder):
            self._spots.add(folder)
            self._watch(folder, deep=False)
        if step != path and _is(Path.is_dir, step):  # it came before it was watched for
            self._approach(path)

    def _lead(self, link: Path) -> Path:
        """Return where a link leads to in the end; what it passes through is watched for."""
        for hop in _hops(link):
            self._links.add(str(hop))
            if hop != link:
                self._approach(hop)
        return Path(os.path.realpath(link))

    def _survey(self, tree: str) -> None:
        """Watch a folder with all below, then see where the links in it lead."""
        if not self._covers(tree):
            self._trees.add(tree)
            self._watch(tree, deep=True)
        for folder, link in self._walk(tree):
            real = str(self._lead(Path(link)))
            if not self._barred(link):
                self._led.append((folder, real))

    def _watch(self, folder: str, *, deep: bool) -> None:
        self._outer += bool(self._linked)
        if not self.left_out:
            self._look(folder, deep)

    def _covers(self, folder: str) -> bool:
        return folder in self._trees or any(above in self._trees for above in _above(folder))

    def _walk(self, tree: str) -> Iterator[tuple[str, str]]:
        """Yield each link below a folder, with the folder that it is in."""
        folders = [tree]
        while folders:
            folder = folders.pop()
            if folder in self._walked:
                continue
            self._walked.add(folder)
            with suppress(OSError), os.scandir(folder) as entries:
                for entry in entries:
                    if self._ignored(entry.name):
                        continue
                    if entry.is_symlink():
                        yield folder, entry.path
                    elif entry.is_dir():
                        folders.append(entry.path)

    def _follow(self) -> None:
        """Follow links until there are none that lead to anything new.

        One that leads back to a folder above shows nothing that is not there already, unless
        the folder that it is in is itself shown by a link.
        """
        while fresh := {real for folder, real in self._led if self._shows(folder, real)}:
            self._linked |= fresh
            self._led = [(folder, real) for folder, real in self._led if real not in fresh]
            for real in sorted(fresh):
                self._approach(Path(real))
                if _is(Path.is_dir, Path(real)):
                    self._survey(real)

    def _shows(self, folder: str, real: str) -> bool:
        leads_back = folder == real or real in _above(folder)
        return real not in self._linked and (not leads_back or self.is_linked(folder))


def _hops(link: Path) -> Iterator[Path]:
    """Yield every link that is passed on the way to where one leads, and itself."""
    seen, place, ahead = set[Path](), link.parent, [link.name]
    while ahead:
        step = ahead.pop()
        place = place.parent if step == ".." else place / step
        if place in seen:
            return
        if _is(Path.is_symlink, place):
            seen.add(place)
            yield place
            with suppress(OSError):  # it is gone by now
                ahead += reversed(place.readlink().parts)
            place = place.parent


def _is(kind: Callable[[Path], bool], path: Path) -> bool:
    """Return whether a path is of a kind; one that may not be looked at is of none."""
    try:
        return kind(path)
    except OSError:
        return False


def _above(path: str) -> Iterator[str]:
    """Yield the folders above a path, the nearest first."""
    while path := path.rpartition(os.sep)[0]:
        yield path
    yield os.sep
