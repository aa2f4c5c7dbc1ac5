"""Ask a session what the preview wants to know: in come paths of URLs, out come its values."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from msgspec.structs import replace

from generator.config import CONTENT
from generator.errors import Problem, attempt, fault, is_error
from generator.preview.session.page_info import page_info, why
from generator.preview.session.problem_excerpts import with_excerpt
from generator.preview.session.responses import moved, pictures_at, respond
from generator.preview.session.site import Session
from generator.preview.values import Move, PageInfo, Row, ShownProblem, SiteResponse, Unmade

T = TypeVar("T")


class SessionSource:
    """What the preview asks of a session, in the thread that owns it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def respond(
        self, path: str, *, hurried: bool = False, near: bool = False, waits: bool = True
    ) -> SiteResponse:
        return respond(self._session, path, hurried=hurried, near=near, waits=waits)

    def pictures_at(self, paths: Sequence[str]) -> Sequence[Unmade]:
        work = partial(pictures_at, self._session, paths)
        return self._or(work, [], "find the pictures of a page")

    def page_info(self, path: str) -> PageInfo | None:
        work = partial(page_info, self._session, path)
        return self._or(work, None, f"tell about {path}")

    def moved(self, path: str) -> Move | None:
        return self._or(partial(moved, self._session, path), None, f"find where {path} is now")

    def why(self, path: str) -> Sequence[Row]:
        work = partial(why, self._session, path)
        return self._or(work, [], f"say why {path} shows its stories")

    def problems(self) -> Sequence[ShownProblem]:
        found = attempt(self._problems, partial(fault, CONTENT, doing="tell what is wrong"))
        if isinstance(found, Problem):
            self._session.note(found)
            return [with_excerpt(self._session.root, found)]
        return found

    def _problems(self) -> Sequence[ShownProblem]:
        problems = self._session.problems()
        broken = {problem.file for problem in problems if is_error(problem)}
        # A warning may well be the reason: a misspelled `titel` is why the title is missing.
        return [
            with_excerpt(self._session.root, problem)
            for problem in problems
            if problem.file in broken
        ]

    def _or(self, work: Callable[[], T], instead: T, doing: str) -> T:
        """Return what some work gives; if it fails, something instead, for the page goes before.

        The failure is a warning of the session's.
        """
        done = attempt(work, partial(fault, CONTENT, doing=doing))
        if isinstance(done, Problem):
            self._session.note(replace(done, severity="warning"))
            return instead
        return done
