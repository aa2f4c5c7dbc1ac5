"""What a layout reads of `site`, and what the functions read for it that it calls."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from generator.errors import Problem
from generator.state.blobs import Blobs
from generator.templates.environment import Made, Order, RenderConfig, render_order
from generator.templates.folders import default_folder
from generator.templates.site_values import (
    UnforeseenReadError,
    decoded_part,
    encoded_part,
    read_by_functions,
    reads_of,
)
from generator.templates.views import (
    Feeds,
    Link,
    Picture,
    PlainView,
    PublisherCard,
    SiteView,
    Story,
    View,
)
from support.sites import SETTINGS, SmallSite

SITE = SiteView(
    title="The P",
    language="en",
    publisher=PublisherCard("Q", "/q/"),
    feeds=Feeds(Link("A", "/feed.xml"), Link("R", "/rss.xml"), Link("J", "/feed.json")),
)


def at_once(site: SiteView) -> str:
    return site.title


def where_something_is(site: SiteView, story: Story) -> str:
    if story.picture and story.corrections and story.extra is not None:
        return site.news_name
    return ""


def where_something_is_missing(site: SiteView, story: Story) -> str:
    return "" if story.source else site.tagline


def for_each(site: SiteView, links: tuple[Link, ...]) -> list[str]:
    return [site.home + link.url for link in links]


def where_the_site_has_it(site: SiteView) -> str:
    return site.archive if site.picture else site.hub


def far_below(site: SiteView, absolute: Callable[[str], str], photo: Picture) -> str:
    return absolute(at_once(site)) + str(site.publisher.logo) + str(photo.width * site.year)


FUNCTIONS: dict[Callable[..., Any], set[str]] = {
    at_once: {"title"},
    where_something_is: {"news_name"},
    where_something_is_missing: {"tagline"},
    for_each: {"home"},
    where_the_site_has_it: {"archive", "picture", "hub"},
    far_below: {"title", "publisher", "year"},
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_a_function_reads_is_found_by_running_it(function: Callable[..., Any]) -> None:
    assert reads_of(function) == FUNCTIONS[function]


def test_what_the_functions_for_layouts_read() -> None:
    assert read_by_functions() == {
        "article_jsonld": {"language", "publisher"},
        "site_jsonld": {"description", "language", "publisher", "title", "url"},
    }


def test_every_value_of_site_can_be_read_by_a_function() -> None:
    for name in SiteView.__struct_fields__:
        assert reads_of(reading(name)) == {name}


def test_a_function_that_reads_what_there_is_not_fails_before_any_page() -> None:
    with pytest.raises(AttributeError, match="gone"):
        reads_of(reading("gone"))


def reading(name: str) -> Callable[..., Any]:
    def function(site: SiteView) -> Any:
        return getattr(site, name)

    return function


def test_a_layout_has_what_it_reads_and_no_more() -> None:
    part = decoded_part(encoded_part(SITE, frozenset({"title", "feeds", "hub"})))
    assert (part.title, part.feeds, part.hub) == ("The P", SITE.feeds, "")
    for name in SiteView.__struct_fields__:
        if name not in ("title", "feeds", "hub"):
            with pytest.raises(UnforeseenReadError, match=f"site.{name}"):
                getattr(part, name)
    with pytest.raises(AttributeError):
        part.gone  # noqa: B018


@pytest.mark.parametrize("name", ["language", "publisher", "title", "url", "description"])
@pytest.mark.parametrize("own", [True, False])
def test_a_name_that_was_forgotten_is_an_error_of_ours(
    name: str, own: bool, tmp_path: Path
) -> None:
    """Whoever wrote the layout: the page could not be known to be stale."""
    (tmp_path / "own.html").write_text("{% if true %}{{ site_jsonld() }}{% endif %}")
    (tmp_path / "part.html").write_text('{% include "own.html" %}')
    layout = "own.html" if own else "part.html"
    reads = read_by_functions()["site_jsonld"]
    assert isinstance(printed(tmp_path, layout, reads), bytes)
    problem = printed(tmp_path, layout, reads - {name})
    assert isinstance(problem, Problem)
    what = f"Broadsheet could not make the page /x.html (UnforeseenReadError: `site.{name}` "
    assert problem.what == f"{what}was not found to be read by this layout)"
    assert (problem.file, problem.severity) == ("site.toml", "error")


def printed(
    folder: Path, layout: str, reads: frozenset[str], view: View | None = None
) -> bytes | Problem:
    config = RenderConfig(
        (str(folder), str(default_folder())),
        "",
        str(folder),
        {},
        {},
        "en",
        "https://p.example",
        "/",
    )
    view = view or PlainView()
    shown, part = msgspec.json.encode(view), encoded_part(SITE, reads)
    order = Order("x.html", layout, type(view), shown, part, "site.toml")
    with Blobs.to_write(folder / "blobs") as blobs:
        made = render_order(order, msgspec.json.encode(config), blobs)
    if isinstance(made, Problem):
        return made
    assert isinstance(made, Made) and isinstance(made.data, bytes)
    return made.data


def named_alike(field: str, base: type[View] = View) -> View:
    fields = [(field, str, "one")]
    made: Any = msgspec.defstruct("PlainView", fields, bases=(base,), frozen=True)
    view: View = made()
    return view


@pytest.mark.parametrize(
    ("field", "view"),
    [
        ("links", PlainView(("one",))),
        ("week", named_alike("week")),
        ("day", named_alike("day")),
        ("month", named_alike("month", PlainView)),
    ],
)
def test_views_of_one_name_are_rendered_each_with_its_own_fields(
    tmp_path: Path, field: str, view: View
) -> None:
    (tmp_path / "own.html").write_text(f"<{{{{ {field} | length }}}}>")
    assert (
        printed(tmp_path, "own.html", frozenset(), view)
        == f"<{len(getattr(view, field))}>".encode()
    )


ASKED = {
    "{{ site_jsonld() }}": True,
    "{% set told = site_jsonld %}{{ told() }}": True,
    '{% include "told.html" %}': True,
    '{% from "macros.html" import told with context %}{{ told() }}': True,
    "{{ site['description'] }}": True,
    "{{ site | attr('description') }}": True,
    "{% set here = site %}{{ here.description }}": True,
    "{{ article_jsonld(story=story, head=head) }}": False,
    "{{ breadcrumbs_jsonld(head) }}": False,
}


@pytest.mark.parametrize("line", ASKED)
def test_a_value_read_by_a_function_wakes_the_pages_that_call_it(
    site: SmallSite, line: str
) -> None:
    site.article("one")
    site.write(
        {
            "layouts/article.html": line,
            "layouts/told.html": "{{ site_jsonld() }}",
            "layouts/macros.html": "{% macro told() %}{{ site_jsonld() }}{% endmacro %}",
        }
    )
    site.build()
    settings = f'description = "Something new"\n{SETTINGS}'
    assert not re.search(r"^description", SETTINGS, re.MULTILINE)
    site.write({"site.toml": settings})
    site.build()
    assert ("Something new" in site.text("/2026/06/one/")) == ASKED[line]
    before = site.outputs()
    site.build(clean=True)
    assert site.outputs() == before
