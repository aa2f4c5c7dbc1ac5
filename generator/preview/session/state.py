"""The states of a session, and what leads from one to another.

In come events: what the session found in its files, and what it made of that. Out comes the next
state. Nothing is read, written or shown here. A state speaks of what all files together show: what
is wrong with a single one is told by `Files.problems`, and may be in any state.
"""

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from generator.errors import Problem, is_error
from generator.preview.session.holding import Flaw, Names, flaws_of


class Findings(Struct, frozen=True):
    """What is known to be wrong with the site as it was saved, and what is shown all the same.

    `problems` are those that only all files together show. The files that are `held` stand as
    they last did; the errors of what is shown are `shown_flaws`. With `waiting` new words of
    stories wait, by their content paths, until these problems of their links are mended.
    """

    problems: tuple[Problem, ...] = ()
    held: Names = frozenset()
    shown_flaws: frozenset[Flaw] = frozenset()
    waiting: Mapping[str, tuple[Problem, ...]] = {}

    @property
    def has_errors(self) -> bool:
        """Return whether the files together show an error."""
        return any(map(is_error, self.problems))

    def told(self) -> list[Problem]:
        """Return all problems."""
        return [*self.problems, *(one for some in self.waiting.values() for one in some)]


class Empty(Struct, frozen=True):
    """Nothing can be shown yet: settings or layouts never were without errors."""

    findings: Findings = Findings()


class Unchecked(Struct, frozen=True):
    """The first site is shown; the mistakes that its files show together are looked for later."""

    findings: Findings = Findings()


class Sketch(Struct, frozen=True):
    """The site is shown while of some stories only the front matter was read."""

    findings: Findings = Findings()


class Ready(Struct, frozen=True):
    """The site is shown, and its files together show no error.

    It is shown as it was saved, but for words that wait, and for files with errors of their own,
    which are shown as they last were without.
    """

    findings: Findings = Findings()


class Refused(Struct, frozen=True):
    """The files together show an error. Those at fault are shown as they last were without it.

    If they never were shown otherwise, they are shown all the same. All else is as when `Ready`.
    """

    findings: Findings = Findings()


Open: TypeAlias = Empty | Unchecked | Sketch | Ready | Refused


class Failed(Struct, frozen=True):
    """Work failed that nobody foresaw. What was shown goes on; all is tried again."""

    before: Open
    problem: Problem

    @property
    def findings(self) -> Findings:
        return self.before.findings


class Gone(Struct, frozen=True):
    """The folder of the site is away."""

    before: Open | Failed

    @property
    def findings(self) -> Findings:
        return self.before.findings


State: TypeAlias = Open | Failed | Gone


class FolderMissing(Struct, frozen=True):
    """There is no folder where that of the site should be."""


class FolderFound(Struct, frozen=True):
    """The folder of the site is there."""


class WorkFailed(Struct, frozen=True):
    """What had to be done failed."""

    problem: Problem


class Looked(Struct, frozen=True):
    """The files were looked at, and the site need not be arranged again."""


class Reworded(Struct, frozen=True):
    """New words of stories were taken over where they stand, all but those that are `waiting`."""

    waiting: Mapping[str, tuple[Problem, ...]] = {}
    is_read: bool = True


class ReadAhead(Struct, frozen=True):
    """Stories that a page shows were read, and what is wrong with them is known."""


class Arranged(Struct, frozen=True):
    """The site was arranged anew. Its problems are known if it `is_checked`."""

    findings: Findings = Findings()
    is_read: bool = True
    is_checked: bool = True


class Checked(Struct, frozen=True):
    """The mistakes of a site that was shown before that were looked for."""

    problems: tuple[Problem, ...] = ()


Event: TypeAlias = (
    FolderMissing | FolderFound | WorkFailed | Looked | ReadAhead | Reworded | Arranged | Checked
)


def next_state(state: State, event: Event) -> State:
    """Return the state after an event.

    The columns are the states before, the rows the events: some with errors among the problems
    they tell, some while stories are unread. "Before" is what follows for the state that one
    of failure, or of a missing folder, holds as its `before`.

        event             empty      unchecked  sketch     ready      refused    failed     gone
        ----------------  ---------  ---------  ---------  ---------  ---------  ---------  ------
        folder missing    gone       gone       gone       gone       gone       gone       gone
        folder found      empty      unchecked  sketch     ready      refused    failed     before
        work failed       failed     failed     failed     failed     failed     failed     gone
        looked            empty      unchecked  sketch     ready      refused    before     gone
        read ahead        empty      unchecked  sketch     ready      refused    failed     gone
        reworded          empty      unchecked  sketch     ready      refused    before     gone
        reworded, unread  empty      sketch     sketch     sketch     sketch     before     gone
        checked           empty      ready      sketch     ready      refused    failed     gone
        checked, errors   empty      refused    sketch     refused    refused    failed     gone
        arranged          ready      ready      ready      ready      ready      ready      gone
        arranged, errors  refused    refused    refused    refused    refused    refused    gone
        first arranged    unchecked  unchecked  unchecked  unchecked  unchecked  unchecked  gone
        arranged, unread  sketch     sketch     sketch     sketch     sketch     sketch     gone
    """
    match state, event:
        case Gone(), FolderFound():
            return state.before
        case Gone(), _:
            return state
        case _, FolderMissing():
            return Gone(state)
        case _, FolderFound() | ReadAhead():
            return state
        case Failed(), WorkFailed():
            return Failed(state.before, event.problem)
        case Failed(), Checked():
            return Failed(_after(state.before, event), state.problem)
        case Failed(), _:
            return next_state(state.before, event)
        case _, WorkFailed():
            return Failed(state, event.problem)
        case _:
            return _after(state, event)


def is_sketch(state: State) -> bool:
    """Return whether what is shown, be there a failure or no folder now, is a sketch."""
    match state:
        case Failed() | Gone():
            return is_sketch(state.before)
        case _:
            return isinstance(state, Sketch)


def _after(state: Open, event: Looked | Reworded | Arranged | Checked) -> Open:
    """Return what follows where the folder is there and nothing fails."""
    match state, event:
        case _, Arranged():
            return _of_arranged(event)
        case Empty(), _:  # nothing is shown whose words could be new, or that could be checked
            return state
        case _, Reworded():
            findings = replace(state.findings, waiting=event.waiting)
            return replace(state, findings=findings) if event.is_read else Sketch(findings)
        case _, Checked():
            findings = _with(state.findings, event.problems)
            return Sketch(findings) if isinstance(state, Sketch) else _judged(findings)
        case _:
            return state


def _of_arranged(event: Arranged) -> Open:
    if not event.is_read:
        return Sketch(event.findings)
    return _judged(event.findings) if event.is_checked else Unchecked(event.findings)


def _judged(findings: Findings) -> Open:
    return Refused(findings) if findings.has_errors else Ready(findings)


def _with(findings: Findings, problems: tuple[Problem, ...]) -> Findings:
    """Return findings with more problems, whose errors are shown already."""
    shown_flaws = findings.shown_flaws | flaws_of(problems)
    return replace(findings, problems=findings.problems + problems, shown_flaws=shown_flaws)
