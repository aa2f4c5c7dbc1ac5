"""What can go wrong, and how it is said.

    BroadsheetError
    ├── SiteError      content, settings, layouts or the output folder are at fault: exit code 1
    ├── StateError     a file of the cache is damaged: it is made anew, and the work begins again
    └── UsageError     the command line is at fault: exit code 2

A mistake in the site is a value, a `Problem`, so that all of them can be gathered
and shown at once; `SiteError` carries them to the top.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong: `file:line: what; remedy`.

    `file` is relative to the site's root; `line` counts from 1 and is 0 where no
    line can be named. Who knows only the front matter's `field`, such as
    ("image", "src"), names that: its line is found when the problem is shown. What only
    `announces` an output, by its path, is said by the build that first makes it.
    """

    file: str
    line: int
    what: str
    remedy: str = ""
    severity: Literal["error", "warning"] = "error"
    field: tuple[str | int, ...] = ()
    announces: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}" + (f"; {self.remedy}" if self.remedy else "")


class BroadsheetError(Exception):
    """Everything that Broadsheet raises on purpose."""


class SiteError(BroadsheetError):
    """The site cannot be built. `problems` holds every reason and every warning, in order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type["SiteError"], tuple[list[Problem]]]:
        return type(self), (self.problems,)


class StateError(BroadsheetError):
    """A file of the cache is damaged, or lacks what another has it to hold.

    Nobody is shown this.
    """

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(path, what)
        self.path = path

    def __str__(self) -> str:
        return str(self.args[1])


class UsageError(BroadsheetError):
    """The command was called in a way that cannot be carried out."""


def visible(text: str) -> str:
    """A text to be shown in a message: what would not be seen in it is spelled out."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shortened(text: str) -> str:
    """The beginning of a long text, to be shown in a message."""
    return f"{visible(text[:60])}…" if len(text) > 60 else visible(text)


def not_utf8(file: str, error: UnicodeDecodeError) -> Problem:
    """The problem of a file that is no UTF-8, with the line and value of its first odd byte."""
    line = error.object.count(b"\n", 0, error.start) + 1
    what = f"the bytes are no UTF-8 (0x{error.object[error.start]:02x})"
    return Problem(file, line, what, "save the file as UTF-8")


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems by file, then line, each once."""
    return sorted(set(problems), key=lambda p: (p.file, p.line, p.what, p.remedy))


def is_error(problem: Problem) -> bool:
    return problem.severity == "error"


def raise_errors(problems: Iterable[Problem]) -> None:
    """Raise a `SiteError` if there is an error among the problems; it carries the warnings too.

    A warning may well be the reason: a misspelled `titel` is why the title is missing.
    """
    problems = list(problems)
    if any(map(is_error, problems)):
        raise SiteError(problems)
