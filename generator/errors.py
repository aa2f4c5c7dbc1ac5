"""What can go wrong, and how it is said.

    BroadsheetError                 whatever Broadsheet raises on purpose
    ├── SiteError               1   mistakes in the site, all of them at once: its `problems`
    │   ├┄┄ content                 dead-link, missing-picture, broken-picture, missing-glyph,
    │   │                           not-public, id-taken, markdown, wrong-block, broken-html,
    │   │                           unsafe-html, blocked, withheld, check
    │   ├┄┄ settings                host-limit
    │   ├┄┄ layout                  extension
    │   ├┄┄ output                  address-taken
    │   ├┄┄ state
    │   ├┄┄ cluster
    │   ├┄┄ in any of these         fault, unreadable, not-utf8, broken-syntax, too-large,
    │   │                           unknown-field, missing-field, wrong-value, unknown-name
    │   ├┄┄ after a deploy          not-announced, not-verified
    │   ├── ElsewhereError      1   what is elsewhere cannot be had
    │   │   └┄┄ elsewhere           refused-address, not-fetched
    │   └── DeployError         1   a deploy stops
    │       ├── DeployRefusedError  1   it would do what nobody allows, or the host takes no file
    │       │   └┄┄ deploy-refused  not-built, would-vanish, many-deletions, foreign-file, no-room
    │       ├── UnreachableError    1   the host does not answer: a later deploy may succeed
    │       ├── LockedError         1   another deploy is at work: one behind it may succeed
    │       └── CredentialsError    1   the host does not let this user in, or not do that
    ├── UsageError              2   the command cannot be carried out as it was typed
    ├── UnprintedError          1   what a command has to say cannot be written
    └── InternalError               caught inside Broadsheet: nobody is shown it
        ├── UnforeseenReadError     a layout reads what nobody found it to read: told as a fault
        ├── StateError              a file of the cache is damaged: the work begins again
        ├── LayoutError             a layout fails at a page
        ├── ExtensionError          code of the site's own fails
        ├── OvertimeError           work takes longer than it may
        ├── UnwieldyError           a text would keep its engine busy for minutes
        ├── UnusualError            the fast engine leaves a text to the other one
        ├── EndlessError            front matter never ends
        ├── BrokenError             front matter is not as its format has it
        ├── UnfitError              a field holds more than it may
        ├── TwiceError              an object has a field twice
        ├── CutError                the connection to a server is gone
        ├── NothingGivenError       a filter of a layout is given nothing
        ├── NoDateError             a filter of dates is given a text that is none
        ├── QueryError              a layout asks for stories, or texts, that cannot be
        │   └── ArgumentError       an argument of `stories` cannot have its value
        ├── UnknownCropError        a layout asks for a picture in a ratio that there is none in
        ├── NoFontError             a file is no font, or a broken one
        ├── BrokenPictureError      a picture is broken, or may not be decoded
        ├── NoGlyphsError           a font has no letters that can be drawn
        ├── FlawedDrawingError      a drawing may not be rendered as a card
        ├── RsyncError              rsync fails, or a listing at the server
        ├── GitError                git fails
        ├── GitMissingError         there is no git that can be used
        └── MountedError            a disk is mounted inside a folder of a deploy

The number is the exit code of a command that ends in it. What hangs on a dotted line is no class,
but codes of problems (codes.py): on the left those of whatever has no finer code.

A mistake in the site is a value, a `Problem`, so that all of them can be gathered and shown at
once; `SiteError` carries them to the top. A build tells many of all kinds together, so that no
class could tell which it was: the `code` of each does. A deploy stops at the first reason, so
that its class tells it, which follows from that code. A problem is also what becomes of whatever
goes wrong while a file is worked on and that nobody foresaw: each step of the work is done by
`attempt`.
"""

import errno
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Any, ClassVar, Literal, Self, TypeVar

import msgspec

from generator.codes import Code, code_of_file

T = TypeVar("T")


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong: `file:line: what; remedy`.

    `file` is relative to the site's root; `line` counts from 1 and is 0 where no
    line can be named. Who knows only the front matter's `field`, such as
    ("image", "src"), names that: its line is found when the problem is shown. What only
    `announces` an output, by its path, is said by the build that first makes it. `trace` is where
    in Broadsheet the work failed, if nobody foresaw that: it is for a report, not for editors.
    `lines` are to be pasted, and shown below the message. Where no `code` is given it is that of
    the file, as soon as that is named.

    What is quoted from the site in `what` and `remedy` may be of any length: it is cut.
    """

    file: str
    line: int
    what: str
    remedy: str = ""
    severity: Literal["error", "warning"] = "error"
    field: tuple[str | int, ...] = ()
    announces: str = ""
    trace: str = ""
    lines: tuple[str, ...] = ()
    code: Code | None = None

    def __post_init__(self) -> None:
        if self.code is None and self.file:
            msgspec.structs.force_setattr(self, "code", code_of_file(self.file))
        for name in ("what", "remedy"):
            text = getattr(self, name)
            if len(text) > _LONG:
                msgspec.structs.force_setattr(self, name, _cut(text))

    def __str__(self) -> str:
        text = visible(f"{self.place}: {self.what}" + (f"; {self.remedy}" if self.remedy else ""))
        return "".join([text, *(f"\n  {visible(line)}" for line in self.lines)])

    @property
    def place(self) -> str:
        """Return the file, with the line if one can be named."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def to_json(self) -> dict[str, Any]:
        """Return it for programs: `line` is None where none can be named, `lines` there if any."""
        told = {
            "file": visible(self.file),
            "line": self.line or None,
            "what": visible(self.what),
            "remedy": visible(self.remedy),
            "code": self.code,
        }
        return told | ({"lines": [*map(visible, self.lines)]} if self.lines else {})


class BroadsheetError(Exception):
    """Everything that Broadsheet raises on purpose."""


class SiteError(BroadsheetError):
    """The site cannot be built, or not carried.

    `problems` holds every reason and every warning, in order.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type["SiteError"], tuple[list[Problem]]]:
        return type(self), (self.problems,)


class ElsewhereError(SiteError):
    """What somebody wants from another host cannot be had, or not be used."""

    @classmethod
    def at(cls, url: str, what: str, remedy: str, code: Code) -> Self:
        """Return the error of one problem at an address."""
        return cls([Problem(url, 0, what, remedy, code=code)])


class DeployError(SiteError):
    """A deploy stops, for another reason than what `site.toml` says of it.

    Each kind has the `code` of its problems; `DeployRefusedError` is that of all other codes too.
    """

    code: ClassVar[Code]

    @classmethod
    def at(cls, place: str, what: str, remedy: str) -> Self:
        """Return the error of one problem at a target, or at a file on its way there."""
        return cls([Problem(place, 0, what, remedy, code=cls.code)])


class DeployRefusedError(DeployError):
    """The deploy would do what nobody has allowed, or the host does not take what it is sent."""

    code = Code.DEPLOY_REFUSED


class UnreachableError(DeployError):
    """The host does not answer, or the connection is cut: a later deploy may succeed."""

    code = Code.UNREACHABLE


class LockedError(DeployError):
    """Another deploy is at work at the target, or came between: one behind it may succeed."""

    code = Code.LOCKED


class CredentialsError(DeployError):
    """The host does not let this user in, or does not let him do that; or is not to be trusted."""

    code = Code.CREDENTIALS


def deploy_error(problem: Problem) -> DeployError:
    """Return the error of one problem of a deploy, of the kind that its code is of."""
    kinds = (UnreachableError, LockedError, CredentialsError)
    kind = next((kind for kind in kinds if kind.code == problem.code), DeployRefusedError)
    return kind([problem])


class UsageError(BroadsheetError):
    """The command was called in a way that cannot be carried out."""

    exit_code: ClassVar[int] = 2


class InternalError(BroadsheetError):
    """Raised and caught inside Broadsheet.

    It becomes a problem, or the work is done in another way. One that `is_a_defect` of Broadsheet
    itself is told like whatever nobody foresaw.
    """

    is_a_defect: ClassVar[bool] = False


class StateError(InternalError):
    """A file of the cache is damaged, or lacks what another has it to hold."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(path, what)
        self.path = path

    def __str__(self) -> str:
        return str(self.args[1])


def _is_meant(error: BaseException) -> bool:
    """Return whether an error was raised on purpose, and goes through."""
    if isinstance(error, InternalError):
        return not error.is_a_defect
    return isinstance(error, (BroadsheetError, KeyboardInterrupt, SystemExit, GeneratorExit))


def attempt(work: Callable[[], T], told: Callable[[BaseException], Problem]) -> T | Problem:
    """Return what some work gives or, whatever goes wrong in it, what is `told` of the error.

    What Broadsheet raises on purpose goes through.
    """
    try:
        return work()
    except BaseException as error:  # a panic of Rust is no `Exception`
        if _is_meant(error):
            raise
        return told(error)


def fault(file: str, error: BaseException, doing: str = "work on this", line: int = 0) -> Problem:
    """Return the problem of a file at which work failed, whatever the error is."""
    from concurrent.futures import BrokenExecutor  # slow to import, and hardly ever needed

    if isinstance(error, OSError) and _is_of(file, error):
        return unreadable(file, error)
    if isinstance(error, UnicodeDecodeError):
        return not_utf8(file, error)
    trace, code = "", None
    if isinstance(error, RecursionError):
        what, remedy = "this is nested too deep", "take out levels of quotations, lists or marks"
    elif isinstance(error, MemoryError):
        what, remedy = "there is not enough memory to work on this", "make it smaller, or part it"
    elif isinstance(error, BrokenExecutor):
        what = "the system has ended a process of the build, for want of memory perhaps"
        remedy = "build with --jobs 1, or look for a file that is too large"
    else:
        what = f"Broadsheet could not {doing} ({said(error)})"
        remedy = "take out what is unusual about it, or report this"
        trace, code = trace_of(error), Code.FAULT
    return Problem(file, line, what, remedy, trace=trace, code=code)


def _is_of(file: str, error: OSError) -> bool:
    """Return whether it is this file that cannot be read, and no other, nor a connection.

    What fails in a file that is open names none.
    """
    if error.filename is None:
        return not isinstance(error, ConnectionError)
    return PurePath(str(error.filename)).name in file


@contextmanager
def faults_told(file: str, doing: str) -> Iterator[None]:
    """Raise whatever goes wrong in the block as a `SiteError` that names a file."""
    try:
        yield
    except BaseException as error:
        if _is_meant(error):
            raise
        raise SiteError([fault(file, error, doing)]) from error


def said(error: BaseException) -> str:
    """Return an error in its own words, short and in one line."""
    words = re.sub(r" at 0x[0-9a-f]+", "", str(error))  # each run would have another one
    return shortened(" ".join(f"{type(error).__name__}: {words}".split()), _SAID).rstrip(": ")


def trace_of(error: BaseException) -> str:
    """Return the last steps that led to an error, for a report."""
    import traceback  # slow to import, and hardly ever needed

    return "".join(traceback.format_exception(error, limit=-_STEPS))


_SAID, _STEPS = 200, 20


def unreadable(file: str, error: OSError) -> Problem:
    """Return the problem of a file that is there, or should be, and cannot be read."""
    remedy = _REMEDIES.get(error.errno or 0, "mend its permissions")
    what = f"cannot be read: {error.strerror or error}"
    return Problem(file, 0, what, remedy, code=Code.UNREADABLE)


def is_unreadable(problem: Problem) -> bool:
    """Return whether a file cannot be read, which may pass without anybody's writing it."""
    return problem.code == Code.UNREADABLE


_REMEDIES = {
    errno.EFBIG: "part it, or make it smaller",
    errno.EILSEQ: "rename it",
    errno.EINVAL: "take it out",
    errno.EISDIR: "move it away",
    errno.EIO: "put it back from a copy: the disk may be damaged",
    errno.ELOOP: "point the link at a file that is there",
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
    errno.ENAMETOOLONG: "give it a shorter name, or put it in fewer folders",
    errno.ENFILE: "end programs that hold many files open",
    errno.ENOENT: "point the link at a file that is there",
    errno.ENOSPC: "make room on the disk",
    errno.ENOTDIR: "put a folder in its place",
}


def visible(text: str) -> str:
    """Return a text to be shown in a message: what would not be seen in it is spelled out."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shortened(text: str, most: int = 60) -> str:
    """Return the beginning of a long text, to be shown in a message."""
    return f"{visible(text[:most])}…" if len(text) > most else visible(text)


def counted(number: int, one: str, many: str = "") -> str:
    """Say a number of things in words: `1 story`, `2,000 stories`."""
    return f"{number:,} {plural(number, one, many)}"


def sized(number: int) -> str:
    """Return so many bytes as one says them, such as "1.2 MB"."""
    return f"{number / 1e6:,.1f} MB" if number >= 100_000 else f"{number / 1e3:,.1f} kB"


def plural(number: int, one: str, many: str = "") -> str:
    """Return the word for so many things, where their number stands by itself."""
    return one if number == 1 else many or f"{one}s"


def not_utf8(file: str, error: UnicodeDecodeError) -> Problem:
    """Return the problem of a file that is no UTF-8: the line and value of its first odd byte."""
    line = error.object.count(b"\n", 0, error.start) + 1
    what = f"the bytes are no UTF-8 (0x{error.object[error.start]:02x})"
    return Problem(file, line, what, "save the file as UTF-8", code=Code.NOT_UTF8)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sort the problems by file, then line, each once."""
    return sorted(set(problems), key=lambda p: (p.file, p.line, p.what, p.remedy))


def is_error(problem: Problem) -> bool:
    """Return whether a problem is an error, and no warning."""
    return problem.severity == "error"


def told(problems: Iterable[Problem]) -> Iterator[str]:
    """Yield what is to be read of the problems, line by line, each beginning with its place.

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
    """Return the first of many problems of one kind, with their number and the next two places."""
    first, *others = problems
    also = ", ".join(problem.place for problem in others[:2])
    more = f"({len(problems):,} of this kind: also {also}, …; `build --json` has all)"
    return msgspec.structs.replace(first, remedy=f"{first.remedy} {more}".strip())


_LONG = 400
"""Characters of a message that are never too many."""
_LONGEST = 2_000
_ENDLESS = re.compile(r'"[^"]{400,}"|\S{400,}')


def _cut(text: str) -> str:
    """Shorten what is too long in a message: what is quoted, a word, all of it."""
    text = _ENDLESS.sub(lambda long: f"{long[0][:200]}…{long[0][-20:]}", text)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def raise_errors(problems: Iterable[Problem], kind: type[SiteError] = SiteError) -> None:
    """Raise an error of that kind if there is one among the problems; it carries the warnings too.

    A warning may well be the reason: a misspelled `titel` is why the title is missing.
    """
    problems = list(problems)
    if any(map(is_error, problems)):
        raise kind(problems)
