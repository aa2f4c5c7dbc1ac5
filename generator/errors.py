"""What can go wrong, and how it is said.

    BroadsheetError
    ├── SiteError      content, settings, layouts or the output folder are at fault: exit code 1
    └── UsageError     the command line is at fault: exit code 2

A mistake in the site is a value, a `Problem`, so that all of them can be gathered
and shown at once; `SiteError` carries them to the top.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong: `file:line: what; remedy`.

    `file` is relative to the site's root; `line` counts from 1 and is 0 where no
    line can be named. Who knows only the front matter's `field`, such as
    ("image", "src"), names that: its line is found when the problem is shown. What only
    `announces` an output, by its path, is said by the build that first makes it.

    What is quoted from the site in `what` and `remedy` may be of any length: it is cut.
    """

    file: str
    line: int
    what: str
    remedy: str = ""
    severity: Literal["error", "warning"] = "error"
    field: tuple[str | int, ...] = ()
    announces: str = ""

    def __post_init__(self) -> None:
        for name in ("what", "remedy"):
            said = getattr(self, name)
            if len(said) > _LONG:
                msgspec.structs.force_setattr(self, name, _cut(said))

    def __str__(self) -> str:
        return f"{self.place}: {self.what}" + (f"; {self.remedy}" if self.remedy else "")

    @property
    def place(self) -> str:
        file = visible(self.file)
        return f"{file}:{self.line}" if self.line else file


class BroadsheetError(Exception):
    """Everything that Broadsheet raises on purpose."""


class SiteError(BroadsheetError):
    """The site cannot be built. `problems` holds every reason and every warning, in order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type["SiteError"], tuple[list[Problem]]]:
        return type(self), (self.problems,)


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


def counted(number: int, one: str, many: str = "") -> str:
    """A number of things in words: `1 story`, `2,000 stories`."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


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


def told(problems: Iterable[Problem]) -> Iterator[str]:
    """What is to be read of the problems, line by line, each beginning with its place.

    Of more than `MANY` of one kind only the first is told, and where the next ones are.
    """
    kinds: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        kinds.setdefault((problem.severity, _QUOTED.sub("…", problem.what)), []).append(problem)
    shown = [some if len(some) <= MANY else [_first_of(some)] for some in kinds.values()]
    for problem in in_order(problem for some in shown for problem in some):
        yield f"{problem}" if is_error(problem) else f"warning: {problem}"


MANY = 20
"""So many problems of one kind are told one by one."""
_QUOTED = re.compile(r'"[^"]*"|`[^`]*`|\S*/\S*|\d+')
"""What of a message is the site's own: without it two of one kind are the same."""


def _first_of(problems: list[Problem]) -> Problem:
    """The first of many problems of one kind, with their number and the next two places."""
    first, *others = problems
    also = ", ".join(problem.place for problem in others[:2])
    more = f"({len(problems):,} of this kind: also {also}, …; `build --json` has all)"
    return msgspec.structs.replace(first, remedy=f"{first.remedy} {more}".strip())


_LONG = 400
"""Characters of a message that are never too many."""
_LONGEST = 2_000
_ENDLESS = re.compile(r'"[^"]{400,}"|\S{400,}')


def _cut(said: str) -> str:
    """A message without most of what is too long in it: what is quoted, a word, all of it."""
    said = _ENDLESS.sub(lambda long: f"{long[0][:200]}…{long[0][-20:]}", said)
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def raise_errors(problems: Iterable[Problem]) -> None:
    """Raise a `SiteError` if there is an error among the problems; it carries the warnings too.

    A warning may well be the reason: a misspelled `titel` is why the title is missing.
    """
    problems = list(problems)
    if any(map(is_error, problems)):
        raise SiteError(problems)
