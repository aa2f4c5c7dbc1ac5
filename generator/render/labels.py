"""The words of the interface, in the site's language."""

import tomllib
from pathlib import Path
from typing import Any

from generator.config import FILE, Settings, broken_toml
from generator.errors import Problem, not_utf8
from generator.mismatch import nearest
from generator.render.folders import named

FOLDER = "labels"


def load_labels(
    folders: tuple[Path, Path], settings: Settings
) -> tuple[dict[str, str], list[Problem]]:
    """The words of the interface: English, then the language's, then the site's own."""
    labels: dict[str, Any] = {}
    problems = []
    language = settings.language.lower()
    for folder in reversed(folders):
        files = {file.stem.lower(): file for file in sorted((folder / FOLDER).glob("*.toml"))}
        for name in dict.fromkeys(("en", language.split("-")[0], language)):
            try:
                labels |= tomllib.loads(files[name].read_text(encoding="utf-8"))
            except KeyError:
                continue  # no words in this language here
            except tomllib.TOMLDecodeError as error:
                problems.append(broken_toml(named(folders, files[name]), str(error), 0))
            except UnicodeDecodeError as error:
                problems.append(not_utf8(named(folders, files[name]), error))
    for key in sorted(settings.labels.keys() - labels.keys()):
        close = nearest(key, sorted(labels))
        remedy = f"did you mean `{close}`?" if close else "take it out"
        what = f"labels: no layout has `{key}`"
        problems.append(Problem(FILE, 0, what, remedy, "warning", ("labels", key)))
    return {key: str(text) for key, text in (labels | settings.labels).items()}, problems
