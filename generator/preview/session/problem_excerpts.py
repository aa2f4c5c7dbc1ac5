"""Show where a mistake is: in comes a problem, out comes one with the lines around it."""

from pathlib import Path

from generator.config import LAYOUTS
from generator.errors import Problem, is_error
from generator.preview.values import ShownProblem
from generator.templates.folders import default_folder

_AROUND = 3


def with_excerpt(root: Path, problem: Problem) -> ShownProblem:
    """Return a problem with the lines of its file around the one that it names."""
    lines: list[tuple[int, str]] = []
    if problem.line:
        written = _text(root, problem.file).splitlines()
        first = max(1, problem.line - _AROUND)
        lines = [*enumerate(written[first - 1 : problem.line + _AROUND], first)]
    warns = not is_error(problem)
    return ShownProblem(
        problem.file, problem.line, problem.what, problem.remedy, tuple(lines), warns
    )


def _text(root: Path, file: str) -> str:
    """Return what is written in a file as messages name it."""
    name = file.removesuffix(" (default)")
    path = root / name if name == file else default_folder() / name.removeprefix(f"{LAYOUTS}/")
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
