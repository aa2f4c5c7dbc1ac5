"""What a watched view may hold, and what it may read: nothing that changes without a notice."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial, wraps
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from generator.config import Settings
from generator.model import Article, ArticleMatter, BodyInfo, Site, Term
from generator.pages.context import PageContext
from generator.site.watch import ALL, Unwatched, Watch, Watched, number_of
from generator.templates.views import Link

TAG = Term("tags", "space", "/tags/space/", "Space")
MOMENT = datetime(2026, 6, 1, tzinfo=UTC)
MATTER = ArticleMatter(title="Mars", date=MOMENT, extra={"series": "Planets"})
STORY = Article("a.md", "a", "/a/", "live", MATTER, BodyInfo("key"), (), {"tags": ("space",)})
SITE = Site(MOMENT, (STORY,), {}, {}, {}, {}, {}, (), {}, {}, {})
LABELS = dict.fromkeys(("topics", "authors", "archive", "not_found"), "")


def context_of(site: Site) -> PageContext:
    return PageContext(site, Settings(title="A", url="https://a.example"), LABELS)


class Pair(NamedTuple):
    left: object
    right: object


def value(context: object, *keys: object) -> tuple[object, ...]:
    return (context, *keys)


class Planner:
    def view(self, *_: object) -> None:
        """Look nothing up."""


def with_default(_: object, tag: Term = TAG) -> Term:
    return tag


def with_named_default(_: object, *, tag: Term = TAG) -> Term:
    return tag


def replaced(_: object) -> None:
    """Stand no longer where the name leads to."""


former = replaced


def replaced(_: object) -> None:  # type: ignore[no-redef]
    """Stand where the name leads to."""


def about(tag: Term) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def view(*_: object) -> Term:
            return tag

        return view

    return decorate


@about(TAG)
def decorated(_: object) -> None:
    """Hold a value by the decorator."""


def enclosed(tag: Term) -> Callable[[str], Term]:
    def view(_: str) -> Term:
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
    context = context_of(SITE)
    try:
        _, seen = context.watch.noted(lambda: len(getattr(context.site, name)))
    except TypeError as error:
        assert f"`site.{name}` cannot be read here" in str(error)
    else:
        assert seen


def by_series(site: Site) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for position, story in enumerate(site.articles):
        groups.setdefault(story.matter.extra["series"], []).append(position)
    return groups


def test_stories_are_grouped_by_what_is_not_their_words_and_the_groups_are_watched() -> None:
    context = context_of(SITE)
    groups, seen = context.watch.noted(lambda: dict(context.grouped(by_series)))
    assert groups == {"Planets": [0]}
    assert seen

    moved = replace(STORY, matter=replace(MATTER, extra={"series": "Moons"}))
    families = context.families_of(replace(SITE, articles=(moved,)))
    assert seen <= context.watch.changed(families)


def by_moment(site: Site) -> dict[str, list[int]]:
    return {str(site.at): [0]}


def by_id(site: Site) -> dict[str, list[int]]:
    return {place: [] for place in site.anchors}


def by_body(site: Site) -> dict[str, list[int]]:
    return {story.body.key: [0] for story in site.articles}


def by_dek(site: Site) -> dict[str, list[int]]:
    return {story.summary: [0] for story in site.articles}


def by_summary(site: Site) -> dict[str, list[int]]:
    return {story.matter.summary: [0] for story in site.articles}


def by_kicker(site: Site) -> dict[str, list[int]]:
    return {story.matter.kicker: [0] for story in site.articles}


def by_title(site: Site) -> dict[str, list[int]]:
    return {story.matter.title: [0] for story in site.articles}


@pytest.mark.parametrize(
    "grouping", [by_moment, by_id, by_body, by_dek, by_summary, by_kicker, by_title]
)
def test_a_grouping_cannot_read_what_is_new_when_only_words_are(grouping: Any) -> None:
    with pytest.raises(TypeError, match="cannot be read here"):
        context_of(SITE).grouped(grouping)


@pytest.mark.parametrize(
    "grouping",
    [lambda _: {}, partial(by_series), with_default, decorated],
    ids=["lambda", "partial", "default", "decorated"],
)
def test_a_grouping_that_may_hold_values_is_refused(grouping: Any) -> None:
    with pytest.raises(TypeError, match="may"):
        context_of(SITE).grouped(grouping)


def test_a_family_of_facts_takes_no_name_of_another() -> None:
    watch = Watch()
    watch.family("page", {})
    with pytest.raises(ValueError, match="'page'"):
        watch.family("page", {})


def test_words_settle_no_facts_but_those_that_are_compared_where_only_words_are_new() -> None:
    matter = replace(MATTER, title="Moon", kicker="Space", summary="Far away.")
    story = replace(STORY, matter=matter, body=BodyInfo("other", excerpt="Near.", words=300))
    context = context_of(SITE)
    changed = context.watch.changed(context.families_of(replace(SITE, articles=(story,))))
    facts = [("article", "a.md"), ("article", ALL), ("headline", "/a/"), ("headline", ALL)]
    assert changed == {number_of(*fact) for fact in facts}
