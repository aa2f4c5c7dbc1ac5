"""What is not there: keys of `extra` are empty, other names are mistakes, filters say so."""

import pytest

from support.sites import SmallSite, refused

LAYOUT = "layouts/article.html"
EMPTY = [
    "{{ story.extra.mood }}",
    '{{ story.extra["mood"] }}',
    "{{ story.extra.mood.shade.of.it }}",
    "{{ site.extra.x.y }}",
    '{{ site.extra.x["y"][0] }}',
    "{{ story.extra.known.gone }}",
    "{% if story.extra.mood %}no{% endif %}",
    "{% if story.extra.mood.shade %}no{% endif %}",
    '{% if story.extra.mood == "gay" %}no{% endif %}',
    "{% for one in story.extra.moods %}no{% endfor %}",
    "{% for one in story.extra.moods.of.all %}{{ one.name }}{% endfor %}",
    '{% if "x" in story.extra.moods %}no{% endif %}',
    "{% if story.extra.mood is defined %}no{% endif %}",
    "{% with mood = story.extra.mood %}{{ mood }}{% endwith %}",
    "{% set mood = story.extra.mood %}{{ mood }}{{ mood.shade }}",
    "{{ story.extra.moods | join }}{{ story.extra.mood | upper | default('') }}",
    "{% for row in story.extra.rows %}{{ row.gone }}{% endfor %}",
    '{{ story.extra.rows | map(attribute="gone") | join }}',
]


@pytest.mark.parametrize("source", EMPTY)
def test_a_key_that_extra_does_not_have_is_empty(site: SmallSite, source: str) -> None:
    site.article("good", extra="{known: {a: 1}, rows: [{name: A}]}")
    site.write({LAYOUT: f"<p>{source}</p>"})
    assert site.warnings() == []
    assert site.text("/2026/06/good/") == "<p></p>"


def test_a_key_of_a_page_s_extra_is_empty_too(site: SmallSite) -> None:
    site.write({"content/pages/a.md": "---\ntitle: A\n---\n\nText.\n"})
    site.write({"layouts/page.html": "<p>{{ extra.mood }}{{ extra.mood.shade }}</p>"})
    assert site.warnings() == []
    assert site.text("/a/") == "<p></p>"


def test_what_extra_has_is_shown(site: SmallSite) -> None:
    site.article("good", extra="{mood: {shade: <dark>}}")
    site.write({LAYOUT: "{{ story.extra.mood.shade }}{{ story.extra.mood.shade | default(1) }}"})
    site.build()
    assert site.text("/2026/06/good/") == "&lt;dark&gt;" * 2
    site.write({LAYOUT: "{{ story.extra.gone | default('else') }}"})
    site.build()
    assert site.text("/2026/06/good/") == "else"


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("{{ story.titel }}", "Story has no `titel`, only title, url,"),
        ("{% if story.titel %}{% endif %}", "Story has no `titel`, only title, url,"),
        ("{{ story.extr.mood }}", "Story has no `extr`, only title, url,"),
        ("{{ mood }}", "`mood` is not defined here"),
        ("{{ mood.shade | date }}", "`mood` is not defined here"),
        ("{{ label.bye }}", "there is no label `bye`, did you mean `by`?"),
        ("{{ story.extra.count + 1 }}", "there is no `count`: it is empty here"),
        ("{{ story.extra.count() }}", "there is no `count`: it is empty here"),
    ],
)
def test_any_other_name_that_is_not_there_is_a_mistake(
    built: SmallSite, source: str, what: str
) -> None:
    built.write({LAYOUT: f"<p>\n{source}\n"})
    (told,) = refused(built)
    assert told.startswith(f"{LAYOUT}:2: {what}")


REMEDY = "while rendering /2026/06/good/; put an `if` around it, or `default(…)` before it"


@pytest.mark.parametrize(
    "nothing", ["none", "story.updated", "story.extra.gone", "story.extra.a.b"]
)
@pytest.mark.parametrize("name", ["date", "iso", "number", "rfc822", "absolute"])
def test_a_filter_that_is_given_nothing_says_so(built: SmallSite, name: str, nothing: str) -> None:
    built.write({LAYOUT: f"<p>\n\n{{{{ {nothing} | {name} }}}}"})
    assert refused(built) == [f"{LAYOUT}:3: the filter `{name}` is given nothing, {REMEDY}"]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("{{ none | fill(a=1) }}", "fill"),
        ('{{ none | date("time") }}', "date"),
        ("{{ none | date(time=true) }}", "date"),
        ("{{ none | length }}", "length"),
        ("{{ none | sort | list }}", "sort"),
        ('{{ ["2026", none] | map("date") | list }}', ""),
        ("{{ story.picture | first }}", "first"),
        ("{% filter date %}{% endfilter %}", ""),
    ],
)
def test_any_filter_says_so(built: SmallSite, source: str, name: str) -> None:
    built.write({LAYOUT: f"<p>\n{source}"})
    (told,) = refused(built)
    assert told.startswith(f"{LAYOUT}:2: ")
    if name:
        assert f"the filter `{name}` is given nothing" in told


def test_a_filter_that_fails_at_something_is_told_as_ever(built: SmallSite) -> None:
    built.write({LAYOUT: "{{ story.words | date }}"})
    (told,) = refused(built)
    assert told.startswith(f"{LAYOUT}:1: AttributeError: ")


def test_the_part_that_gives_nothing_is_named(built: SmallSite) -> None:
    part = (
        '{% extends "default/article.html" %}\n{% block dek %}{% include "my.html" %}{% endblock %}'
    )
    built.write({LAYOUT: part, "layouts/my.html": "\n{{ story.updated | date }}"})
    assert refused(built) == [f"layouts/my.html:2: the filter `date` is given nothing, {REMEDY}"]
