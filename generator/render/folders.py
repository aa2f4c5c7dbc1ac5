"""Where layouts lie: the site's own folder and the default one, and how messages name a file."""

from collections.abc import Iterable
from pathlib import Path

FOLDER = "layouts"


def default_folder() -> Path:
    """The default layouts: inside the installed package, or beside it in the repository."""
    package = Path(__file__).resolve().parents[1]
    inside = package / FOLDER
    return inside if inside.is_dir() else package.parent / FOLDER


def named(folders: Iterable[Path | str], file: Path | str) -> str:
    """A layout's file as messages name it."""
    own, default = map(Path, folders)
    if Path(file).is_relative_to(own):
        return f"{FOLDER}/{Path(file).relative_to(own).as_posix()}"
    return f"{FOLDER}/{Path(file).relative_to(default).as_posix()} (default)"
