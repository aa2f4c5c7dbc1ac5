"""Layouts that texts choose, by a field or by where they lie."""

from collections.abc import Callable

import pytest

from support.builds import clean_tree, differing, tree
from support.sites import SETTINGS, SmallSite, refused

LONG = (
    '{% extends "article.html" %}{% block headline %}<h1>LONG {{ story.title }}</h1>{% endblock %}'
)
FOLDERS = '[layouts]\n"articles/opinion/**" = "long.html"\n"articles/**" = "article.html"\n'


def page(**fields: str) -> str:
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f"---\n{lines}---\nText.\n"


def test_a_text_of_any_kind_chooses_its_layout(site: SmallSite) -> None:
    site.article("story", layout="long.html", author="Jo", section="World")
    site.article("other")
    site.write(
        {
            "layouts/long.html": LONG,
            "layouts/landing.html": "PAGE {{ title }}",
            "layouts/who.html": "WHO {{ author.name }}",
            "layouts/part.html": "PART {{ term.name }} {{ pager.number }}",
            "content/pages/start.md": page(title="Start", layout="landing.html"),
            "content/authors/jo.md": page(name="Jo", layout="who.html"),
            "content/section/world.md": page(name="World", layout="part.html"),
        }
    )
    assert site.warnings() == []
    assert "LONG Story" in site.text("2026/06/story/")
    assert "LONG" not in site.text("2026/06/other/")
    assert site.text("start/") == "PAGE Start"
    assert site.text("authors/jo/") == "WHO Jo"
    assert site.text("world/") == "PART World 1"


def test_folders_have_layouts_and_a_field_goes_before_them(site: SmallSite) -> None:
    site.write({"site.toml": f"{SETTINGS}{FOLDERS}", "layouts/long.html": LONG})
    site.article("opinion/deep/one")
    site.article("opinion/two", layout="article.html")
    site.article("three")
    assert site.warnings() == []
    assert [("LONG" in site.text(f"2026/06/{name}/")) for name in ("one", "two", "three")] == [
        True,
        False,
        False,
    ]


EDITS: dict[str, Callable[[SmallSite], None]] = {
    "chosen": lambda site: site.article("a", layout="long.html"),
    "another text": lambda site: site.article("b", "Other words.", layout="long.html"),
    "the layout": lambda site: site.write({"layouts/long.html": "{{ story.title }}"}),
    "not chosen": lambda site: site.article("a"),
    "by folders": lambda site: site.write({"site.toml": f"{SETTINGS}{FOLDERS}"}),
    "gone": lambda site: (site.root / "layouts/long.html").unlink(),
    "gone, and words": lambda site: site.article("b", "More words.", layout="long.html"),
    "back": lambda site: site.write({"layouts/long.html": LONG}),
}


def test_after_each_edit_an_incremental_build_is_a_clean_one(site: SmallSite) -> None:
    site.write({"layouts/long.html": LONG})
    site.article("a")
    site.article("b", layout="long.html")
    site.article("opinion/c")
    site.build()
    for name, edit in EDITS.items():
        edit(site)
        if errors := site.errors():
            assert "gone" in name, errors
            continue
        assert differing(tree(site.public), clean_tree(site)) == [], name


WRONG = {
    "lnog.html": 'content/articles/story.md:4: layout: there is no layout "lnog.html";'
    ' did you mean "long.html"?',
    "none.html": 'content/articles/story.md:4: layout: there is no layout "none.html";'
    " add layouts/none.html, or mend the name",
    "../x.html": 'content/articles/story.md:4: layout: there is no layout "../x.html";'
    " add layouts/../x.html, or mend the name",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_layout_that_there_is_none_of(built: SmallSite, name: str) -> None:
    built.write({"layouts/long.html": LONG})
    built.article("story", layout=name)
    assert refused(built) == [WRONG[name]]


def test_a_layout_as_other_generators_name_it_means_nothing(site: SmallSite) -> None:
    site.article("story", layout="post")
    assert site.warnings() == [
        'content/articles/story.md:4: layout: there is no layout "post"; take it out, or name a'
        " file in layouts/ with its ending .html"
    ]


def test_rows_of_the_settings_that_are_wrong(built: SmallSite) -> None:
    built.write({"site.toml": f'{SETTINGS}[layouts]\n"/x" = "long.html"\n'})
    assert refused(built) == [
        'site.toml:4: layouts: "/x" is no pattern of files: it starts with "/";'
        ' write one such as "articles/opinion/**"'
    ]
    built.write({"site.toml": f'{SETTINGS}[layouts]\n"articles/*" = "artikel.html"\n'})
    assert refused(built) == [
        'site.toml:4: layouts: there is no layout "artikel.html"; did you mean "article.html"?'
    ]
