"""A fast way that fails where the plain one does not: it is a fault of Broadsheet's, and is told.

The result is right all the same, for it is the plain way's. So it is a warning of Python's, which
ends a test, and which a build gathers wherever it comes up and puts into its report.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from generator.errors import Problem, said, trace_of


class FastPathWarning(UserWarning):
    """A fast path failed, with the `problem` that says where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def warn_of_fast_path(file: str, doing: str, error: BaseException) -> None:
    """Warn that what is done fast with a file failed with an error, and the plain way did not."""
    what = f"the fast way to {doing} failed ({said(error)}); the plain way did not"
    remedy = "nothing is wrong with the pages, but report this"
    problem = Problem(file, 0, what, remedy, "warning", trace=trace_of(error))
    warnings.warn(FastPathWarning(problem), stacklevel=2)


@contextmanager
def fast_path_problems() -> Iterator[set[Problem]]:
    """Gather the problems of the fast paths that fail in the block; other warnings are shown."""
    found: set[Problem] = set()
    with warnings.catch_warnings():
        show = warnings.showwarning

        def note(message: Warning | str, *where: Any, **how: Any) -> None:
            if isinstance(message, FastPathWarning):
                found.add(message.problem)
            else:
                show(message, *where, **how)

        warnings.showwarning = note
        yield found
