"""Layouts, labels and assets that are broken: the file, the line, and what to do."""

import pytest

from support.sites import SmallSite, command, refused

LAYOUTS = {
    "{{ story. }}": "broken layout: expected name or number; mend the line",
    '{% include "partials/gone.html" %}': 'there is no layout "partials/gone.html";'
    " mend the name, or add the file",
    '{{ asset("gone.css") }}': 'there is no asset "gone.css"; put it at layouts/assets/gone.css',
    "{{ stroy.title }}": "`stroy` is not defined here,"
    " while rendering /2026/06/good/; mend the layout",
    "{{ story.title + 3 }}": 'TypeError: can only concatenate str (not "int") to str,'
    " while rendering /2026/06/good/; mend the layout",
}


@pytest.mark.long
@pytest.mark.parametrize("line", LAYOUTS)
def test_a_broken_layout(site: SmallSite, line: str) -> None:
    site.article("good")
    assert command(site.root)[0] == 0
    site.write({"layouts/article.html": f"<p>\n{line}\n"})
    assert refused(site) == [f"layouts/article.html:2: {LAYOUTS[line]}"]


def test_a_name_that_site_or_story_does_not_have(site: SmallSite) -> None:
    site.article("good")
    site.write({"layouts/article.html": "<p>\n{{ site.gone }}\n"})
    (message,) = refused(site)
    assert message.startswith("layouts/article.html:2: `site` has no `gone`; known here: archive,")
    site.write({"layouts/article.html": "<p>\n{{ story.titel }}\n"})
    (message,) = refused(site)
    assert message.startswith("layouts/article.html:2: Story has no `titel`, only title, url,")
    assert message.endswith(", while rendering /2026/06/good/; mend the layout")


def test_an_error_in_a_part_names_the_part(site: SmallSite) -> None:
    site.article("better")
    part = (
        '{% extends "default/article.html" %}\n{% block dek %}{% include "my.html" %}{% endblock %}'
    )
    site.write({"layouts/article.html": part, "layouts/my.html": "\n\n{{ nothing }}"})
    what = "`nothing` is not defined here, while rendering /2026/06/better/; mend the layout"
    assert refused(site) == [f"layouts/my.html:3: {what}"]


def test_an_include_is_judged_by_what_it_names_not_how(built: SmallSite) -> None:
    for name in ('"partials/" "gone.html"', '"partials/\\x67one.html"'):
        built.write({"layouts/404.html": f"<p>\n{{% include {name} %}}"})
        what = 'there is no layout "partials/gone.html"; mend the name, or add the file'
        assert refused(built) == [f"layouts/404.html:2: {what}"]


def test_a_missing_include_is_told_where_it_is_included(built: SmallSite) -> None:
    built.write({"layouts/404.html": '{# gone.html #}\n<p>\n{% include "gone.html" %}'})
    what = 'there is no layout "gone.html"; mend the name, or add the file'
    assert refused(built) == [f"layouts/404.html:3: {what}"]


@pytest.mark.parametrize(
    ("tag", "shown"),
    [
        ('{% include "gone.html" ignore missing %}', ""),
        ('{% include ["gone.html", "partials/mine.html"] %}', "mine"),
    ],
)
def test_an_include_that_may_be_missing_is_fine(site: SmallSite, tag: str, shown: str) -> None:
    site.write({"layouts/404.html": tag})
    if shown:
        site.write({"layouts/partials/mine.html": shown})
    assert site.warnings() == []
    assert site.text("404.html") == shown


# ---------------------------------------------------------------- files of layouts/


@pytest.mark.parametrize(
    "path", ["layouts/404.html", "layouts/assets/site.css", "layouts/labels/en.toml"]
)
def test_a_layout_stylesheet_or_labels_that_are_no_utf8(built: SmallSite, path: str) -> None:
    built.write({path: b"a\n\xff"})
    what = "the bytes are no UTF-8 (0xff); save the file as UTF-8"
    assert refused(built) == [f"{path}:2: {what}"]


@pytest.mark.parametrize("name", ["partials/.card.html.swp", "partials/.DS_Store", "404.html~"])
def test_what_an_editor_leaves_in_layouts_is_ignored(site: SmallSite, name: str) -> None:
    site.write({f"layouts/{name}": b"{% if %}\xff"})
    assert site.warnings() == []


def test_a_layout_that_is_a_link_to_nowhere(built: SmallSite) -> None:
    (built.root / "layouts").mkdir()
    (built.root / "layouts/404.html").symlink_to("nowhere")
    (message,) = refused(built)
    assert message.startswith("layouts/404.html: cannot be read: No such file or directory; ")


@pytest.mark.parametrize(
    ("line", "guess"),
    [
        ('{% include "partials/pagr.html" %}', '"partials/pager.html"'),
        ('{% include "pager.html" %}', '"partials/pager.html"'),
        ('{{ asset("siet.css") }}', '"site.css"'),
        ("{{ site.titel }}", "`title`"),
    ],
)
def test_a_misspelled_name_is_guessed(built: SmallSite, line: str, guess: str) -> None:
    built.write({"layouts/404.html": line})
    (told,) = refused(built)
    assert told.startswith("layouts/404.html:1: ")
    assert told.endswith(f"; did you mean {guess}?")


DEEP = "this layout is nested too deep"
LONG_NUMBER = "broken layout: a number has too many digits"


@pytest.mark.long
@pytest.mark.parametrize(
    ("written", "what"),
    [
        (f"{{{{ {'9' * 20_000} }}}}", LONG_NUMBER),
        (f"{{% if a > {'1' * 5_000} %}}{{% endif %}}", LONG_NUMBER),
        ("{{" * 20_000, DEEP),
        (f"{{{{ {'(' * 20_000}", DEEP),
        (f"{{{{ {'(' * 400}1{')' * 400} }}}}", DEEP),
        ("{% if a %}" * 3_000, DEEP),
        (f"{{{{ 1{'+1' * 3_000} }}}}", DEEP),
        (f"{{{{ a{'.a' * 3_000} }}}}", DEEP),
        (f"{{{{ {'not ' * 3_000}1 }}}}", DEEP),
    ],
    ids=lambda value: value[:12],
)
def test_a_layout_that_is_nested_too_deep_or_holds_an_endless_number(
    built: SmallSite, written: str, what: str
) -> None:
    built.write({"layouts/404.html": f"{{{{ site.title }}}}\n\n{written}\n<p>\n"})
    (message,) = refused(built)
    assert message.startswith(f"layouts/404.html:3: {what}; ")
