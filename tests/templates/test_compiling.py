"""Layouts compiled compactly: the same text as by Jinja's own code, the same names in reach."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
import msgspec
import pytest
from markupsafe import Markup, escape

from generator.model import Heading, Prose
from generator.state.blobs import Blobs
from generator.templates.compiler import compile_compactly, escape_text
from generator.templates.environment import RenderConfig, make_environments
from generator.templates.folders import default_folder
from generator.templates.loader import Missing
from generator.templates.views import (
    ArticleView,
    AuthorCard,
    Body,
    Card,
    Day,
    Entry,
    Feeds,
    FeedView,
    Head,
    HeaderRule,
    HeadersView,
    Link,
    Month,
    MonthView,
    NotFoundView,
    PlainView,
    PublisherCard,
    RedirectsView,
    RedirectView,
    Rule,
    SiteView,
    SourceNote,
    Story,
    Suggestion,
    TagsView,
    TermCard,
    View,
)
from support.sites import ENDLESS, SETTINGS, SmallSite, command

PARTS = {
    "story": "[{{ story.title }}|{{ item }}]",
    "names": "{{ item }}{{ seen('item') }}",
    "sets": "{% set title = 'inside' %}{% if true %}{% set item = 'mine' %}{% endif %}{{ title }}",
    "nested": '<{% include "names" %}{% include "sets" %}{% include "story" %}>',
    "changes": "{% set item = item ~ '+' %}{% include 'names' %}{{ item }}",
    "asks": "{% from 'macros' import shout with context %}{{ shout(title) }}{{ seen('shout') }}",
    "unescapes": "{% autoescape false %}{{ title }}{% endautoescape %}{{ story.title }}",
    "blocks": "{% block one %}part{% endblock %}{{ self.one() }}",
    "macros": "{% macro shout(x) %}{{ x }}!{{ item }}{% endmacro %}",
    "joined": "{{ [html, '<'] | join('&') }}",
    "base": "a {% block one %}base {{ item }}{% endblock %} z",
}
VALUES: dict[str, Any] = {
    "story": SimpleNamespace(title='<Tea> & "milk"', tags=("a", "<b>"), extra={"a": {"b": "<"}}),
    "item": "outer",
    "title": "title",
    "html": Markup("<b>bold</b>"),
    "rows": [{"title": "<1>", "items": "field"}, {"title": "2"}],
}
SOURCES = [
    '{{ story.title }}{{ html }}{{ 3 }}{{ none }}{{ 1.5 }}{{ story.tags }}{{ "<" }}',
    "{{ story.extra.a.b }}{{ rows[0].title }}{{ rows[1].title.upper().lower() }}",
    "{{ rows[0].items is defined }}{{ story.gone is defined }}{{ story.gone | default('none') }}",
    "{{ (story.extra.gone.far is defined) if story.extra.gone is defined else 'no' }}",
    "{{ dict(a=story.title, b=story.extra.a).b.b ~ story.title }}",
    '{% include "story" %}',
    '{% for item in story.tags %}{{ loop.index }}{% include "story" %}{% endfor %}{{ item }}',
    '{% for item in story.tags if item != "a" %}{% include "names" %}{% endfor %}',
    '{% with item = story.title %}{% include "nested" %}{% endwith %}{% include "nested" %}',
    '{% set item = "set" %}{% include "names" %}{% include "sets" %}{{ title }}{{ item }}',
    '{% set text %}{{ story.title }}{% include "nested" %}{% endset %}{{ text }}{{ text | e }}',
    '{% for item in story.tags %}{% include "changes" %}{% include "changes" %}{% endfor %}',
    '{% include "changes" %}{% set item = "set" %}{% include "changes" %}{{ seen("item") }}',
    '{% set title = "<set>" %}{% include "asks" %}{{ shout is defined }}{% include "unescapes" %}',
    '{% if not item %}{% set later = 1 %}{% endif %}{% include "changes" %}{{ later is defined }}',
    '{% macro show(item) %}{% include "changes" %}{{ item }}{% endmacro %}{{ show("<m>") }}',
    '{% macro show(item) %}{{ item }}{% include "names" %}{% endmacro %}{{ show("<m>") }}',
    "{% macro show() %}<{{ caller() }}>{% endmacro %}"
    '{% call show() %}{{ story.title }}{% include "names" %}{% endcall %}',
    '{% autoescape false %}{{ story.title }}{% include "joined" %}{% endautoescape %}',
    '{% autoescape story.title == "" %}{{ story.title }}{% include "joined" %}{% endautoescape %}',
    '{% autoescape false %}{% block one %}{{ story.title }}{% include "joined" %}'
    "{% endblock %}{% endautoescape %}",
    '{% extends "base" %}{% set item = "mine" %}'
    '{% block one %}{{ super() }}{% include "names" %}{% include "blocks" %}{% endblock %}',
    '{% block one %}own{% endblock %}{% include "blocks" %}',
    '{% for item in ["x"] %}{% block one scoped %}{% include "names" %}{% endblock %}{% endfor %}',
    '{% import "macros" as m with context %}{{ m.shout(story.title) }}',
    '{% from "macros" import shout with context %}{{ shout(story.title) }}',
    '{% include "gone" ignore missing %}{% include ["gone", "names"] %}',
    '{% include "story" ignore missing %}',
    '{% set name = "names" %}{% include name %}',
    '{% set item = "new" %}{% include "blocks" without context %}',
    '{% for item in [[1, [2, 3]]] recursive %}{% include "names" %}'
    "{% if item is iterable %}{{ loop(item) }}{% endif %}{% endfor %}",
    '{% filter upper %}{{ story.title }}{% include "names" %}{% endfilter %}',
]
FAILING = [
    "{{ story.gone }}",
    "{{ story.gone.further }}",
    "{% if story.gone %}{% endif %}",
    '{% with story = none %}{% include "story" %}{% endwith %}',
    '{% include "gone" %}',
]


@pytest.mark.parametrize("source", SOURCES)
def test_the_same_text_as_by_jinja(source: str) -> None:
    plain, compact = environments(PARTS | {"page": source})
    text = plain.get_template("page").render(VALUES)
    assert text
    assert compact.get_template("page").render(VALUES) == text
    other = VALUES | {"item": "again"}
    again = plain.get_template("page").render(other)
    assert compact.get_template("page").render(other) == again


@pytest.mark.parametrize("source", FAILING)
def test_the_same_error_as_by_jinja(source: str) -> None:
    errors = []
    for environment in environments(PARTS | {"page": source}):
        with pytest.raises(jinja2.TemplateError) as raised:
            environment.get_template("page").render(VALUES)
        errors.append((type(raised.value), str(raised.value)))
    assert errors[0] == errors[1]


@pytest.mark.parametrize("text", ["", "plain", "<a href='x'>\"&amp;\"</a>", "é ’ 𝄞 \x00"])
def test_text_is_escaped_as_by_markupsafe(text: str) -> None:
    assert escape_text(text) == str(escape(text))
    assert type(escape_text(text)) is str


CARD = Card("Tea & <milk>", "/tea/", datetime(2026, 6, 1, tzinfo=UTC), "Hot.", state="draft")
HEAD = Head(
    url="/x/",
    title='"X"',
    description="<x>",
    trail=(Link("Front", "/"), Link("X", "/x/")),
)
SITE = SiteView(
    title="P & Q",
    menu=(Link("<X>", "/x/"),),
    publisher=PublisherCard("The P", "/"),
    feeds=Feeds(Link("A", "/feed.xml"), Link("R", "/rss.xml"), Link("J", "/feed.json")),
)
JUNE = Month(CARD.date, "/2026/06/", 2)
PROSE = Prose("<p>First.</p>", "<h2>Then</h2>", tuple(Heading(2, i, i) for i in ("a", "b", "c")))
BODY = Body("b0d1" * 8)
SOURCE = SourceNote("The Q", "https://q.example/", "Quill & Co")
LINKS = (Link("A", "/a/"), Link("B & C", "/b/"), Link("D", "/d/"))
STORY = Story(
    CARD.title,
    CARD.url,
    CARD.date,
    CARD.summary,
    BODY,
    authors=(AuthorCard("A", "/a/", bio=BODY), AuthorCard("B", "/b/")),
    tags=LINKS,
    source=SOURCE,
    minutes=4,
)
ENTRY = Entry(
    "tag:a&b",
    CARD.title,
    CARD.url,
    CARD.date,
    CARD.date,
    CARD.summary,
    BODY,
    LINKS,
    ("x",),
    source=SOURCE,
)
FEED = FeedView("tag:f", "/feed.xml", "/", "<P>", CARD.date, (ENTRY, ENTRY))
VIEWS: dict[str, View] = {
    "article.html": ArticleView(HEAD, STORY, (Suggestion("S", "/s/", "K"),), older=LINKS[0]),
    "feed.json": FEED,
    "feed.xml": FEED,
    "rss.xml": FEED,
    "404.html": NotFoundView(HEAD, latest=(CARD, CARD)),
    "month.html": MonthView(HEAD, JUNE, (Day(CARD.date, (CARD,)),), newer=JUNE),
    "redirect.html": RedirectView("/x/", "A & B"),
    "robots.txt": PlainView(("https://p.example/sitemap.xml",)),
    "_redirects": RedirectsView((Rule("/a&b/", "/b'/", "301"),) * 2, "/mine /yours\n", "/* /x\n"),
    "_headers": HeadersView((HeaderRule("/*", ("A: b", "C: 'd'")),) * 2, "/x\n  E: <f>\n"),
    "tags.html": TagsView(HEAD, (TermCard("<tag>", "/tags/tag/", 3),)),
}


@pytest.mark.parametrize("layout", VIEWS)
def test_a_default_layout_needs_no_second_rendering(layout: str, tmp_path: Path) -> None:
    folders = (str(tmp_path), str(default_folder()))
    labels = tomllib.loads((default_folder() / "labels/en.toml").read_text("utf-8"))
    names = ("icon.svg", "apple-touch-icon.png", "site.css", "comments.js")
    assets = {name: name for name in names}
    config = RenderConfig(
        folders, "", str(tmp_path), labels, assets, "en", "https://p.example", "/"
    )
    values = {name: getattr(VIEWS[layout], name) for name in VIEWS[layout].__struct_fields__}
    with Blobs.to_write(tmp_path / "blobs") as blobs:
        blobs.add("prose", BODY.key, msgspec.msgpack.encode(PROSE))
        blobs.commit()
        plain, compact = make_environments(config, blobs)
        texts = [e.get_template(layout).render(values, site=SITE) for e in (plain, compact)]
    assert texts[0] == texts[1]


# ---------------------------------------------------------------- compiled, rendered


def environments(sources: dict[str, str]) -> list[jinja2.Environment]:
    """Two environments of the same sources, of which the second compiles compactly."""
    both = []
    for _ in range(2):
        loader = jinja2.DictLoader(sources)
        both.append(jinja2.Environment(loader=loader, autoescape=True, undefined=Missing))
        both[-1].globals["seen"] = seen
    compile_compactly(both[1])
    return both


@jinja2.pass_context
def seen(context: jinja2.runtime.Context, name: str) -> str:
    """What a function that is given the context finds there."""
    return f"({context.get(name)})"


# ------------------------------------------------------------- where the fast way fails


def test_a_fast_way_that_fails_is_told_once_and_the_pages_are_right(site: SmallSite) -> None:
    site.expects_faults = True
    for number in range(3):
        site.article(f"s{number}")
    site.write({"layouts/article.html": ENDLESS, "layouts/tag.html": ENDLESS})
    (message,) = site.warnings()
    assert message.startswith(
        "layouts/article.html: the fast way to render this layout failed (Syn"
    )
    assert message.endswith(
        "the plain way did not; nothing is wrong with the pages, but report this"
    )
    assert site.text("/2026/06/s1/") == "2026"
    assert site.warnings() == [message]
    site.write({"layouts/article.html": "{{ site.year }}"})
    assert site.warnings() == []


def test_processes_tell_of_it_as_well(site: SmallSite) -> None:
    site.expects_faults = True
    for number in range(140):
        site.article(f"s{number}", "Text.")
    site.write({"layouts/article.html": ENDLESS})
    (message,) = site.warnings(jobs=2)
    assert message.startswith("layouts/article.html: the fast way")


def test_who_hears_no_warnings_of_python_is_told_of_it_as_well(site: SmallSite) -> None:
    site.article("one")
    site.write({"layouts/article.html": ENDLESS})
    code, _, shown = command(site.root, PYTHONWARNINGS="ignore")
    assert code == 0
    assert shown.count("layouts/article.html: the fast way") == 1


def test_a_test_that_does_not_expect_it_fails(site: SmallSite) -> None:
    site.article("one")
    site.write({"layouts/article.html": ENDLESS})
    with pytest.raises(AssertionError, match="the fast way"):
        site.build()


@pytest.mark.parametrize(
    "line", ["{{ story.gone }}", "{{ 1 / 0 }}", '{{ asset("x" ~ site.year) }}']
)
def test_a_layout_that_fails_either_way_is_told_as_ever(site: SmallSite, line: str) -> None:
    site.article("one")
    site.write({"layouts/article.html": f"{ENDLESS}\n{line}"})
    (message,) = site.errors()
    assert message.startswith("layouts/article.html:2: ")
    assert "fast" not in message


# ------------------------------------------------------------------ kept between builds


@pytest.mark.long
@pytest.mark.parametrize("damage", ["cut", "garbage", "swapped", "folders"])
def test_compiled_layouts_that_are_damaged_are_compiled_again(site: SmallSite, damage: str) -> None:
    """What runs is sealed under its name, so nothing else is ever run in its place."""
    site.article("one")
    assert command(site.root)[0] == 0
    kept = sorted((site.root / ".broadsheet").rglob("compact-*"))
    assert len(kept) > 1
    data = [file.read_bytes() for file in kept]
    for number, file in enumerate(kept):
        file.unlink()
        if damage == "folders":
            file.mkdir()
        else:
            other = {"cut": data[number][:-9], "garbage": b"?" * 999, "swapped": data[number - 1]}
            file.write_bytes(other[damage])
    site.write({"site.toml": SETTINGS.replace("Test Paper", "Another Paper")})
    code, _, told = command(site.root)
    assert (code, "warning" in told) == (0, False)
    after = site.outputs()
    assert b"Another Paper" in after["2026/06/one/index.html"]
    assert command(site.root, "--clean")[0] == 0
    assert site.outputs() == after
