"""Stylesheets, scripts and pictures of the layouts, under names that hold their digest.

A name such as `assets/site.3f9c2a1b.css` never changes its content, so that a host may
tell browsers to keep it for ever.
"""

import hashlib
import posixpath
import re
from functools import partial
from pathlib import Path

import msgspec

from generator.config import LAYOUTS
from generator.errors import Problem, attempt, fault, unreadable
from generator.regular import read_whole
from generator.templates.folders import MOST_OF_ASSET, files_below, named

FOLDER = "assets"
_CSS_URL = re.compile(r"""url\(\s*(["']?)([^"')]+)\1\s*\)""")


TOUCH_ICON, ICON = "apple-touch-icon.png", "icon.svg"
"""The site's icon for telephones, and the drawing that it is made from."""


class Asset(msgspec.Struct, frozen=True):
    """A file of `layouts/assets/`: its name there, the output path, its bytes.

    With a `drawing`, the name of another, it is made from that, whose bytes it has here.
    """

    name: str
    path: str
    data: bytes
    drawing: str = ""

    @property
    def file(self) -> str:
        """Return the file that it is made from, as messages name it."""
        return f"{LAYOUTS}/{FOLDER}/{self.drawing or self.name}"


def load_assets(folders: tuple[Path, Path]) -> tuple[dict[str, Asset], list[Problem]]:
    """Return the assets by name, and what is wrong with files that cannot be read as assets.

    A file of an earlier folder hides that of a later one.
    """
    files: dict[str, Path] = {}
    problems: list[Problem] = []
    for folder in reversed(folders):
        found, unread = files_below(folder / FOLDER)
        problems += [unreadable(named(folders, place), error) for place, error in unread]
        files |= found
    assets: dict[str, Asset] = {}
    for name in sorted(files, key=lambda name: (name.endswith(".css"), name)):
        told = partial(fault, named(folders, files[name]))
        data = attempt(partial(_data, name, files[name], assets), told)
        if isinstance(data, Problem):
            problems.append(data)
        assets[name] = _asset(name, data if isinstance(data, bytes) else b"")
    if ICON in assets and TOUCH_ICON not in assets:
        assets[TOUCH_ICON] = _asset(TOUCH_ICON, assets[ICON].data, drawing=ICON)
    return dict(sorted(assets.items())), problems


def touch_icon_path(digest: str) -> str:
    """Return the output path of the icon for telephones that is made from a file of this digest."""
    stem, ending = posixpath.splitext(TOUCH_ICON)
    return f"{FOLDER}/{stem}.{digest[:8]}{ending}"


def made_asset(name: str, text: str) -> Asset:
    """Return a stylesheet that no file holds as an asset."""
    return _asset(name, f"{text}\n".encode())


def _data(name: str, file: Path, others: dict[str, Asset]) -> bytes:
    data = read_whole(file, MOST_OF_ASSET)
    return _css(name, data.decode(), others).encode() if name.endswith(".css") else data


def _asset(name: str, data: bytes, drawing: str = "") -> Asset:
    stem, ending = posixpath.splitext(name)
    digest = hashlib.blake2b(data, digest_size=4).hexdigest()
    return Asset(name, f"{FOLDER}/{stem}.{digest}{ending}", data, drawing)


def _css(name: str, written: str, others: dict[str, Asset]) -> str:
    """Return a stylesheet with its `url(…)` of other assets under their published names."""
    home = posixpath.dirname(f"{FOLDER}/{name}")

    def address(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[2]))
        if target not in others:
            return match[0]
        return f'url("{posixpath.relpath(others[target].path, home)}")'

    return _CSS_URL.sub(address, written)
