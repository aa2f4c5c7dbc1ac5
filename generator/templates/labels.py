"""The words of the interface, in the site's language."""

import tomllib
from functools import partial
from pathlib import Path

from generator.config import SITE_TOML, Settings, broken_toml
from generator.errors import Problem, attempt, fault, unreadable
from generator.mismatch import nearest
from generator.regular import read_whole
from generator.templates.folders import files_below, named

FOLDER = "labels"


def load_labels(
    folders: tuple[Path, Path], settings: Settings, table: tuple[str, ...] = ("labels",)
) -> tuple[dict[str, str], list[Problem]]:
    """Return the words of the interface: English, then the language's, then the site's own.

    Those stand in this table of the settings.
    """
    labels: dict[str, str] = {}
    problems = []
    language = settings.language.lower()
    for folder in reversed(folders):
        files, unread = files_below(folder / FOLDER)
        problems += [unreadable(named(folders, place), error) for place, error in unread]
        by_language = {Path(n).stem.lower(): f for n, f in files.items() if n.endswith(".toml")}
        for name in dict.fromkeys(("en", language.split("-")[0], language)):
            if file := by_language.get(name):
                read = attempt(partial(_read, file), partial(_told, named(folders, file)))
                if isinstance(read, Problem):
                    problems.append(read)
                else:
                    labels |= read
    for key in sorted(settings.labels.keys() - labels.keys()):
        close = nearest(key, sorted(labels))
        remedy = f"did you mean `{close}`?" if close else "take it out"
        what = f"{'.'.join(table)}: no layout has `{key}`"
        problems.append(Problem(SITE_TOML, 0, what, remedy, "warning", (*table, key)))
    return labels | settings.labels, problems


def _read(file: Path) -> dict[str, str]:
    written = tomllib.loads(read_whole(file).decode())
    return {key: str(text) for key, text in written.items()}


def _told(file: str, error: BaseException) -> Problem:
    is_broken = isinstance(error, tomllib.TOMLDecodeError)
    return broken_toml(file, str(error), 0) if is_broken else fault(file, error)
