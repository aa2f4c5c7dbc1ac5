"""The borders of symbolic links: to what readers may see of the site's own folder, and into the
folders that its settings name.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from typing import NamedTuple

from generator.config import LAYOUTS, SITE_TOML
from generator.content.names import is_ignored, is_key, may_be_public
from generator.errors import Problem

_OF_THE_SYSTEM = ("/dev", "/proc", "/sys")
"""What is below is no folder of anybody's: it tells of the machine and of those who work on it."""


class Refusal(NamedTuple):
    """Why a link may not lead where it does, and what to do."""

    what: str
    remedy: str


class Borders(NamedTuple):
    """Real paths: of a site's folder, of the one in it that links are looked at in, and of those
    that its settings let them lead into.
    """

    root: str
    home: str
    allowed: tuple[str, ...]

    def refusal(self, path: str) -> Refusal | None:
        """Return why the file at a path, to which a link leads, is none of the site's."""
        real = os.path.realpath(path)
        place = self._place(real)
        if place is None:
            return Refusal(f"this link leads out of the site's folder, to {real}", self._way(real))
        name = PurePath(os.path.relpath(real, place))
        is_own_affair = place == self.root and name.parts[:1] in ((SITE_TOML,), (LAYOUTS,))
        if is_own_affair or _is_hidden(name) or (place != self.home and _is_key(name.name)):
            shown = os.path.relpath(real, self.root) if _is_in(real, self.root) else real
            return Refusal(f"this link leads to {shown}, which is not for readers", _OUT)
        return None

    def leads_out(self, path: str) -> bool:
        """Return whether what is at a path, links followed, is in none of these folders."""
        return self._place(os.path.realpath(path)) is None

    def _place(self, real: str) -> str | None:
        places = (self.home, self.root, *self.allowed)
        return next((place for place in places if _is_in(real, place)), None)

    def _way(self, real: str) -> str:
        folder = real if os.path.isdir(real) else str(Path(real).parent)  # noqa: PTH112 (it may be out of reach)
        if _is_too_wide(folder) or _is_in(self.root, folder):
            return _OUT
        shown = PurePath(os.path.relpath(folder, self.root)).as_posix()
        return f'{_OUT}, or write links = ["{shown}"] under [content] in {SITE_TOML}'


def borders(root: Path, home: str, links: Iterable[str]) -> Borders:
    """Return the borders of the links in a folder of a site, whose settings name these."""
    top = os.path.realpath(root)
    real = (os.path.realpath(root / link) for link in links)
    allowed = tuple(folder for folder in real if not _is_too_wide(folder))
    # Where the folder is itself a link, that one is looked at first.
    inner = os.path.realpath(root / home)
    is_inside = any(_is_in(inner, place) for place in (top, *allowed))
    return Borders(top, inner if is_inside else f"{top}{os.sep}{home}", allowed)


def useless_links(root: Path, links: Iterable[str]) -> Iterator[Problem]:
    """Yield what is wrong with the folders that the settings let links lead into."""
    for number, link in enumerate(links):
        real = os.path.realpath(root / link)
        field = ("content", "links", number)
        if _is_too_wide(real):
            what = f"content.links: what is in \"{link}\" is the machine's, not the site's"
            yield Problem(SITE_TOML, 0, what, "name the very folder that is meant", field=field)
        elif not os.path.isdir(real):  # noqa: PTH112 (it may be out of reach)
            what = f'content.links: there is no folder "{link}"'
            remedy = "write its path as it is seen from the site's folder, or take it out"
            yield Problem(SITE_TOML, 0, what, remedy, "warning", field)


def _is_hidden(name: PurePath) -> bool:
    return any(part.startswith(".") and is_ignored(part) for part in name.parts)


def _is_key(name: str) -> bool:
    """Return whether a file is one with a secret in it, by its name alone.

    The bytes tell of others.
    """
    return is_key(name) and not may_be_public(name)


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _is_too_wide(folder: str) -> bool:
    return folder == Path(folder).anchor or any(_is_in(folder, top) for top in _OF_THE_SYSTEM)


_OUT = "take the link out"
