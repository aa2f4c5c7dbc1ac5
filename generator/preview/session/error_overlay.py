"""Mistakes as an editor sees them in the browser: with the lines around them."""

from pathlib import Path

from generator.config import LAYOUTS
from generator.errors import Problem, is_error
from generator.preview.values import Trouble
from generator.templates.folders import default_folder

_AROUND = 3


def trouble(root: Path, problem: Problem) -> Trouble:
    """A problem with the lines of its file around the one that it names."""
    lines: list[tuple[int, str]] = []
    if problem.line:
        written = _text(root, problem.file).splitlines()
        first = max(1, problem.line - _AROUND)
        lines = [*enumerate(written[first - 1 : problem.line + _AROUND], first)]
    warns = not is_error(problem)
    return Trouble(problem.file, problem.line, problem.what, problem.remedy, tuple(lines), warns)


def _text(root: Path, file: str) -> str:
    """What is written in a file as messages name it."""
    name = file.removesuffix(" (default)")
    path = root / name if name == file else default_folder() / name.removeprefix(f"{LAYOUTS}/")
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
