"""What a site's own code is made with: filters, functions and tests of layouts, checks of stories.

    from generator.extend import Finding, check, filter

    @filter
    def shout(text):
        return text.upper() + "!"

    @check
    def has_summary(story):
        if not story.front_matter.summary:
            yield Finding("there is no summary", "add one", field="summary")

Such functions stand in `layouts/extensions.py` of a site, or in an installed package that its
setting `extensions` names. What one returns must follow from what it is given: Broadsheet renders
a page anew when the code is another, and not when the clock, a file or the network is.

A marked function stays what it is, and nothing is noted anywhere else. This is all that Broadsheet
promises to code of others: it changes only with `API_VERSION`.
"""

from collections.abc import Callable
from inspect import getattr_static, unwrap
from typing import Any, Literal, TypeVar, overload

import msgspec

from generator.model import ArticleMatter

__all__ = ["API_VERSION", "Finding", "Story", "check", "filter", "function", "test"]

API_VERSION = 1
"""Grows when code that was written for an earlier one may have to be changed."""

F = TypeVar("F", bound=Callable[..., Any])
Kind = Literal["filter", "function", "test", "check"]


class Story(msgspec.Struct, frozen=True):
    """A story as a check sees it.

    `path` is that of its file, from the site's folder. `front_matter` has the fields that the
    manual lists for articles, as readers see them; those that are not written have their defaults.
    `words` counts those of the text.
    """

    path: str
    front_matter: ArticleMatter
    words: int

    @property
    def title(self) -> str:
        return self.front_matter.title

    @property
    def tags(self) -> tuple[str, ...]:
        return self.front_matter.tags


class Finding(msgspec.Struct, frozen=True):
    """What a check has found: `what` is wrong with a story, and the `remedy`.

    An "error" keeps the site from being built. It is told of the line of the `field`, such as
    "summary" or ("image", "alt"), or of a `line` of the text that the check was given, from 1.
    """

    what: str
    remedy: str = ""
    severity: Literal["warning", "error"] = "warning"
    field: str | tuple[str | int, ...] = ()
    line: int = 0


class Mark(msgspec.Struct, frozen=True):
    """What a function was marked as, and by which name. If it `replaces`, one of that name is there
    already.
    """

    kind: Kind
    name: str
    replaces: bool


class Marker:
    """A decorator, for use as it is, or with the name by which layouts know the function.

    A name that Jinja or Broadsheet has given already is refused, unless it `replaces` that.
    Raises `TypeError` for what is no function that is written in Python.
    """

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    @overload
    def __call__(self, marked: F, /) -> F: ...

    @overload
    def __call__(self, name: str = "", /, *, replaces: bool = False) -> Callable[[F], F]: ...

    def __call__(self, given: F | str = "", /, *, replaces: bool = False) -> F | Callable[[F], F]:
        """Mark a function, or return what marks one."""
        if not isinstance(given, str):
            return self._marked(given, "", replaces)
        return lambda function: self._marked(function, given, replaces)

    def _marked(self, function: F, name: str, replaces: bool) -> F:
        if not hasattr(unwrap(function), "__code__"):
            raise TypeError(f"{function!r} is no function to be marked: write one with `def`")
        mark = Mark(self._kind, name or function.__name__, replaces)
        setattr(function, _MARKS, (*marks_of(function), mark))
        return function


filter = Marker("filter")  # noqa: A001 (that is what it is called in layouts)
"""Marks `f` for layouts: `{{ value | f }}`, and `{{ value | f(more) }}`."""
function = Marker("function")
"""Marks `f` for layouts: `{{ f(value) }}`."""
test = Marker("test")
"""Marks `f` for layouts: `{% if value is f %}`."""
check = Marker("check")
"""Marks what is given each story (`Story`) and, if it has a second parameter `text`, its text as
it was typed, and yields a `Finding`, or the words of a warning, for each thing that is wrong.
"""

_MARKS = "__broadsheet__"


def marks_of(function: object) -> tuple[Mark, ...]:
    """Return what a function was marked as; nothing for any other value."""
    marks = getattr_static(function, _MARKS, ())  # what is no function may do anything when asked
    return marks if isinstance(marks, tuple) else ()
