"""The folders of layouts: the site's own and the default one, and how messages name a file."""

import errno
import os
import posixpath
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from generator.config import LAYOUTS
from generator.content.borders import borders
from generator.content.names import is_ignored
from generator.content.sources import is_odd, walk
from generator.errors import Problem, attempt, fault
from generator.regular import read_whole
from generator.state.code_version import fingerprint

CODE = "extensions.py"
"""The file of a site's own code, in the folder of its layouts."""


def default_folder() -> Path:
    """Return the default layouts: inside the installed package, or beside it in the repository."""
    package = Path(__file__).resolve().parents[1]
    inside = package / LAYOUTS
    return inside if inside.is_dir() else package.parent / LAYOUTS


def has_code(root: Path) -> bool:
    """Return whether there is such a file in the site in `root`."""
    return os.path.exists(root / LAYOUTS / CODE)  # noqa: PTH110 (the folder may be locked)


def files_below(folder: Path) -> tuple[dict[str, Path], list[tuple[Path, OSError]]]:
    """Return the files below a folder of layouts by name, and what there cannot be read."""
    found = [*walk(str(folder), is_ignored, most_linked=_MOST_LINKED)]
    endless = [one.error for one in found if one.error and one.error.errno == errno.ELOOP]
    if endless:  # what else links lead to is better not read
        return {}, [(folder, endless[0])]
    names = sorted(file.path for file in found if not file.error)
    names = [name for name in names if not is_ignored(posixpath.basename(name))]
    unread = [(folder / file.path, file.error) for file in found if file.error]
    unread += [(folder / name, OSError(errno.EILSEQ, _ODD)) for name in names if is_odd(name)]
    return {name: folder / name for name in names if not is_odd(name)}, unread


def refused_links(root: Path, links: Iterable[str]) -> Iterator[Problem]:
    """Yield what is wrong with the links among a site's layouts, whose settings name these folders.

    None of them may be followed as long as anything is.
    """
    top, limits = root / LAYOUTS, borders(root, LAYOUTS, links)
    if limits.leads_out(str(top)) and (refusal := limits.refusal(str(top))):
        yield Problem(LAYOUTS, 0, *refusal)
        return
    for file in sorted(
        walk(str(top), is_ignored, limits.leads_out, _MOST_LINKED), key=lambda file: file.path
    ):
        if file.linked and not file.error and (refusal := limits.refusal(f"{top}/{file.path}")):
            yield Problem(f"{LAYOUTS}/{file.path}", 0, *refusal)


def layouts_digest(root: Path, *settings: bytes) -> str:
    """Return a digest of every file that may be a layout of the site in `root`, and of settings.

    Where the folders lie makes no difference.
    """
    parts: list[bytes | str] = [*settings]
    for folder in (root / LAYOUTS, default_folder()):
        files, unread = files_below(folder)
        parts.append(f"{len(files)} {len(unread)}")
        for name, file in files.items():
            data = attempt(partial(read_whole, file, MOST_OF_ASSET), partial(fault, ""))
            parts += [os.fsencode(name), str(data) if isinstance(data, Problem) else data]
        parts += (os.fsencode(path.relative_to(folder)) for path, _ in unread)
    return fingerprint(*parts)


_ODD = "its name holds a control character, or is no UTF-8"
_MOST_LINKED = 2_000
"""Files that links in a folder of layouts may lead to."""
MOST_OF_ASSET = 100_000_000
"""Bytes of a file of the layouts."""


def named(folders: Iterable[Path | str], file: Path | str) -> str:
    """Return a layout's file as messages name it."""
    own, default = map(Path, folders)
    if Path(file).is_relative_to(own):
        return (LAYOUTS / Path(file).relative_to(own)).as_posix()
    return (LAYOUTS / Path(file).relative_to(default)).as_posix() + _DEFAULT


def is_default(file: str) -> bool:
    """Return whether a layout's file, as messages name it, is one of the default layouts."""
    return file.endswith(_DEFAULT)


_DEFAULT = " (default)"
