"""Ask a session what the preview wants to know: in come paths of URLs, out come its values."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from generator.config import CONTENT
from generator.errors import Problem, attempt, fault, is_error
from generator.preview.session.error_overlay import shown_problem
from generator.preview.session.page_info import page_info, why
from generator.preview.session.responses import moved, respond
from generator.preview.session.site import Session
from generator.preview.values import Move, PageInfo, Row, ShownProblem, SiteResponse

T = TypeVar("T")


class SessionSource:
    """What the preview asks of a session, in the thread that owns it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def respond(self, path: str, *, hurried: bool = False, near: bool = False) -> SiteResponse:
        return respond(self._session, path, hurried=hurried, near=near)

    def page_info(self, path: str) -> PageInfo | None:
        return _or(partial(page_info, self._session, path), None)

    def moved(self, path: str) -> Move | None:
        return _or(partial(moved, self._session, path), None)

    def why(self, path: str) -> Sequence[Row]:
        return _or(partial(why, self._session, path), [])

    def problems(self) -> Sequence[ShownProblem]:
        return _or(self._problems, [])

    def _problems(self) -> Sequence[ShownProblem]:
        problems = self._session.problems()
        broken = {problem.file for problem in problems if is_error(problem)}
        # A warning may well be the reason: a misspelled `titel` is why the title is missing.
        return [
            shown_problem(self._session.root, problem)
            for problem in problems
            if problem.file in broken
        ]


def _or(work: Callable[[], T], instead: T) -> T:
    """Return what some work gives; something instead if it fails, for the page goes before."""
    done = attempt(work, partial(fault, CONTENT))
    return instead if isinstance(done, Problem) else done
