"""What a watched view may hold, and what it may read: nothing that changes without a notice."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial, wraps
from typing import Any, NamedTuple

import pytest

from generator.config import Settings
from generator.model import Site, Tag
from generator.pages.context import PageContext
from generator.site.watch import Unwatched, Watched
from generator.templates.views import Link

TAG = Tag("space", "/tags/space/", "Space")
EMPTY = Site(datetime(2026, 6, 1, tzinfo=UTC), (), {}, {}, {}, {}, {}, (), {}, {}, {})
LABELS = dict.fromkeys(("topics", "authors", "archive", "not_found"), "")


class Pair(NamedTuple):
    left: object
    right: object


def value(context: object, *keys: object) -> tuple[object, ...]:
    return (context, *keys)


class Planner:
    def view(self, *_: object) -> None:
        """Look nothing up."""


def with_default(_: object, tag: Tag = TAG) -> Tag:
    return tag


def with_named_default(_: object, *, tag: Tag = TAG) -> Tag:
    return tag


def replaced(_: object) -> None:
    """Stand no longer where the name leads to."""


former = replaced


def replaced(_: object) -> None:  # type: ignore[no-redef]
    """Stand where the name leads to."""


def about(tag: Tag) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def view(*_: object) -> Tag:
            return tag

        return view

    return decorate


@about(TAG)
def decorated(_: object) -> None:
    """Hold a value by the decorator."""


def enclosed(tag: Tag) -> Callable[[str], Tag]:
    def view(_: str) -> Tag:
        return tag

    return view


@pytest.mark.parametrize("keys", [(), ("space",), (3, True, None), (("a", (1, "b")), "")])
def test_a_watched_function_is_called_with_its_keys(keys: tuple[Any, ...]) -> None:
    assert Watched(value, *keys)("context") == ("context", *keys)


@pytest.mark.parametrize(
    "wrong",
    [
        TAG,
        Link("Space", "/tags/space/"),
        ("space", TAG),
        Pair("space", TAG),
        ["space"],
        {"space": 1},
        {"space"},
        range(3),
        datetime(2026, 6, 1, tzinfo=UTC),
        value,
        object(),
    ],
    ids=lambda wrong: type(wrong).__name__,
)
def test_a_value_is_no_key(wrong: object) -> None:
    with pytest.raises(TypeError, match="keys alone"):
        Watched(value, "a", wrong)
    assert Unwatched(value, "a", wrong)("context") == ("context", "a", wrong)


@pytest.mark.parametrize(
    "function",
    [
        enclosed(TAG),
        lambda context: context,
        partial(value, TAG),
        Planner().view,
        Planner(),
        len,
        former,
    ],
    ids=["closure", "lambda", "partial", "method", "object", "built-in", "replaced"],
)
def test_a_function_that_may_hold_values_is_refused(function: Any) -> None:
    with pytest.raises(TypeError, match="no function of a module"):
        Watched(function)


@pytest.mark.parametrize("function", [decorated, with_default, with_named_default])
def test_a_function_that_holds_values_is_refused(function: Any) -> None:
    with pytest.raises(TypeError, match="holds values of its own"):
        Watched(function)


@pytest.mark.parametrize("name", Site.__struct_fields__)
def test_a_value_of_a_watched_site_is_noted_or_cannot_be_read(name: str) -> None:
    context = PageContext(EMPTY, Settings(title="A", url="https://a.example"), LABELS)
    try:
        _, seen = context.watch.noted(lambda: len(getattr(context.site, name)))
    except TypeError as error:
        assert f"`site.{name}` cannot be read here" in str(error)
    else:
        assert seen
