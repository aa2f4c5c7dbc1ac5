"""Tell the person who started the preview: in comes what happened, out go lines."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime

from generator.config import CONTENT, LAYOUTS, SITE_TOML
from generator.content.data.folder import FOLDER as DATA
from generator.errors import Problem, is_error, said
from generator.preview.session.files import FileChanges

_FEW, _MOST = 3, 10
"""So many files are named, so many problems are told; of more, their number."""


class Terminal:
    """Tells each thing once, as long as it is so. `show` shows a line."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._problems: set[Problem] = set()
        self._notice = self._failure = ""

    def say(self, line: str) -> None:
        """Show a line."""
        with suppress(OSError):  # nobody may read it any more
            self._show(line)

    def say_saved(self, changes: FileChanges, now: datetime, seconds: float) -> None:
        """Tell what was taken over, and how long that took."""
        self.say(f"{now:%H:%M:%S} {_named(changes) or 'the clock'}: {1000 * seconds:.0f} ms")

    def say_notice(self, notice: str) -> None:
        """Tell how well files are watched, if there is anything to say of that."""
        if self._notice != notice:
            self._notice = notice
            self.say(notice)

    def say_failure(self, error: Exception) -> None:
        """Tell that something went wrong which is tried again."""
        if self._failure != said(error):
            self._failure = said(error)
            self.say(f"{self._failure}; it is tried again")

    def forget_failure(self) -> None:
        """Tell the same failure again if it comes again: something has gone well since."""
        self._failure = ""

    def say_problems(self, problems: Iterable[Problem]) -> None:
        """Tell what is wrong, as far as that is new, or that nothing is any more."""
        problems = list(problems)
        new = [problem for problem in problems if problem not in self._problems]
        for problem in new[:_MOST]:
            self.say(f"{problem}" if is_error(problem) else f"warning: {problem}")
        if len(new) > _MOST:
            self.say(f"and {len(new) - _MOST:,} more, which a build lists")
        if any(map(is_error, self._problems)) and not any(map(is_error, problems)):
            self.say("All is well again.")
        self._problems = set(problems)


def _named(changes: FileChanges) -> str:
    """Return what is new, in few words."""
    names = [f"{CONTENT}/{path}" for path in sorted(changes.texts | changes.files)]
    frame = (
        (SITE_TOML, changes.settings),
        (f"{CONTENT}/{DATA}", changes.data),
        (LAYOUTS, changes.layouts and not changes.data),
    )
    names += [name for name, is_new in frame if is_new]
    return ", ".join(names) if len(names) <= _FEW else f"{len(names):,} files"
