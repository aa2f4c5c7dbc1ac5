"""Where layouts lie: the site's own folder and the default one, and how messages name a file."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from generator.config import LAYOUTS
from generator.edition import fingerprint
from generator.read.names import is_ignored


def default_folder() -> Path:
    """The default layouts: inside the installed package, or beside it in the repository."""
    package = Path(__file__).resolve().parents[1]
    inside = package / LAYOUTS
    return inside if inside.is_dir() else package.parent / LAYOUTS


def layouts_digest(root: Path, *settings: bytes) -> str:
    """A digest of every file that may be a layout of the site in `root`, and of settings."""
    parts: list[bytes | str] = [*settings]
    for folder in (root / LAYOUTS, default_folder()):
        parts.append(str(folder))
        for file in sorted(folder.rglob("*")):
            if not file.is_dir() and not is_ignored(file.name):
                parts.append(str(file))
                with suppress(OSError):  # whoever loads it will say so
                    parts.append(file.read_bytes())
    return fingerprint(*parts)


def named(folders: Iterable[Path | str], file: Path | str) -> str:
    """A layout's file as messages name it."""
    own, default = map(Path, folders)
    if Path(file).is_relative_to(own):
        return f"{LAYOUTS}/{Path(file).relative_to(own).as_posix()}"
    return f"{LAYOUTS}/{Path(file).relative_to(default).as_posix()}{_DEFAULT}"


def is_default(file: str) -> bool:
    """Whether a layout's file, as messages name it, is one of the default layouts."""
    return file.endswith(_DEFAULT)


_DEFAULT = " (default)"
