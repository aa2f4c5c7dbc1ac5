"""Stylesheets, scripts and pictures of the layouts, under names that hold their digest.

A name such as `assets/site.3f9c2a1b.css` never changes its content, so that a host may
tell browsers to keep it for ever.
"""

import hashlib
import posixpath
import re
from pathlib import Path

import msgspec

from generator.read.names import is_ignored

FOLDER = "assets"
_CSS_URL = re.compile(r"""url\(\s*(["']?)([^"')]+)\1\s*\)""")


class Asset(msgspec.Struct, frozen=True):
    """A file of `layouts/assets/`: its name there, the output path, its bytes."""

    name: str
    path: str
    data: bytes


def load_assets(
    folders: tuple[Path, ...],
) -> tuple[dict[str, Asset], list[tuple[Path, UnicodeDecodeError]]]:
    """The assets by name, and the stylesheets that are no UTF-8, with the error that says where.

    A file of an earlier folder hides that of a later one.
    """
    files: dict[str, Path] = {}
    for folder in reversed(folders):
        for file in sorted((folder / FOLDER).rglob("*")):
            name = file.relative_to(folder / FOLDER).as_posix()
            if file.is_file() and not any(map(is_ignored, name.split("/"))):
                files[name] = file
    assets = {n: _asset(n, f.read_bytes()) for n, f in files.items() if not n.endswith(".css")}
    unread = []
    for name in sorted(files.keys() - assets.keys()):
        try:
            assets[name] = _asset(name, _css(name, files[name], assets))
        except UnicodeDecodeError as error:
            unread.append((files[name], error))
            assets[name] = _asset(name, b"")  # one mistake, one message
    return dict(sorted(assets.items())), unread


def _asset(name: str, data: bytes) -> Asset:
    stem, ending = posixpath.splitext(name)
    digest = hashlib.blake2b(data, digest_size=4).hexdigest()
    return Asset(name, f"{FOLDER}/{stem}.{digest}{ending}", data)


def _css(name: str, file: Path, others: dict[str, Asset]) -> bytes:
    """A stylesheet with its `url(…)` of other assets under their published names."""
    home = posixpath.dirname(f"{FOLDER}/{name}")

    def address(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[2]))
        if target not in others:
            return match[0]
        return f'url("{posixpath.relpath(others[target].path, home)}")'

    return _CSS_URL.sub(address, file.read_text(encoding="utf-8")).encode()
