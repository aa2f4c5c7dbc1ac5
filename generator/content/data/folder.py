"""The folder of a site's data: which files are in it, and a digest of them all.

A build that finds nothing new comes no further than this.
"""

import os
import unicodedata
from functools import partial
from pathlib import Path
from posixpath import basename, splitext
from typing import NamedTuple

from generator.config import CONTENT, Settings
from generator.content.borders import Refusal, borders
from generator.content.names import is_ignored
from generator.content.sources import is_odd, walk
from generator.errors import Problem, attempt, fault
from generator.regular import read_whole
from generator.state.code_version import fingerprint

FOLDER = "_data"
ENDINGS = (".csv", ".json", ".toml", ".yaml", ".yml")
_MOST_LINKED = 2_000
"""Files that links in the folder may lead to."""


class Found(NamedTuple):
    """A file, or a folder that cannot be looked into for an `error`, by its path in the folder.

    `name` is that of the data in it, "" if there can be none. `refusal` is why no link may lead
    there.
    """

    path: str
    name: str
    refusal: Refusal | None
    error: OSError | None

    @property
    def file(self) -> str:
        """Return its path from the site's folder."""
        return f"{CONTENT}/{FOLDER}/{self.path}".rstrip("/")


def find_data(root: Path, settings: Settings) -> list[Found]:
    """Return what is in the folder of the site in `root`, in order.

    Of odd names the scan of the content tells, and of a folder that lies elsewhere.
    """
    top = str(root / CONTENT / FOLDER)
    if not os.path.lexists(top):
        return []
    limits = borders(root, CONTENT, settings.content.links)
    if limits.leads_out(top):
        return []
    found = [
        Found(path, _name(path), limits.refusal(f"{top}/{path}") if linked else None, error)
        for path, _, linked, error in walk(top, is_ignored, limits.leads_out, _MOST_LINKED)
        if error or not (is_ignored(basename(path)) or is_odd(path))
    ]
    return sorted(found, key=lambda one: one.path)


def data_digest(root: Path, settings: Settings) -> str:
    """Return a digest of all that data is read from, "" if there is nothing."""
    parts: list[bytes | str] = []
    for found in find_data(root, settings):
        parts.append(f"{found.path} {found.refusal} {found.error}")
        if found.name and not (found.refusal or found.error):
            data = attempt(partial(read_whole, root / found.file), partial(fault, found.file))
            parts.append(str(data) if isinstance(data, Problem) else data)
    return fingerprint(*parts) if parts else ""


def _name(path: str) -> str:
    name, ending = splitext(path)
    return unicodedata.normalize("NFC", name) if ending.lower() in ENDINGS else ""
