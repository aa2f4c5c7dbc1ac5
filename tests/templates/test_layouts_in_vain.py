"""What stands in a site's layouts and is shown nowhere, or never comes to an end."""

import pytest

from support.cards import svg_of
from support.sites import SETTINGS, SmallSite, refused

EXTENDS = '{% extends "default/article.html" %}\n'
ARTICLE = "layouts/article.html"


@pytest.mark.parametrize(
    ("block", "remedy"),
    [
        ("bylin", "did you mean `byline`?"),
        ("BYLINE", "it has: "),
        ("of_my_own", "it has: authors, byline, "),
    ],
)
def test_a_block_that_is_nowhere_above_is_told(site: SmallSite, block: str, remedy: str) -> None:
    site.article("a")
    site.write({ARTICLE: f"{EXTENDS}{{% block {block} %}}x{{% endblock %}}"})
    (told,) = first = site.warnings()
    what = f'"default/article.html" has no block `{block}`: this one is shown nowhere; {remedy}'
    assert told.startswith(f"{ARTICLE}:2: {what}")
    assert site.warnings() == first
    site.article("a", "Other words.")
    assert site.warnings() == first
    site.write({ARTICLE: EXTENDS})
    assert site.warnings() == []


@pytest.mark.parametrize(
    "files",
    [
        {ARTICLE: f"{EXTENDS}{{% block dek %}}{{% block mine %}}x{{% endblock %}}{{% endblock %}}"},
        {
            ARTICLE: f"{EXTENDS}{{% block mine %}}x{{% endblock %}}"
            "{% block dek %}{{ self.mine() }}{% endblock %}"
        },
        {
            "layouts/mine.html": "{% block mine %}{% endblock %}",
            "layouts/404.html": '{% extends "mine.html" %}{% block mine %}x{% endblock %}',
        },
        {
            "layouts/base.html": '{% extends "default/base.html" %}'
            "{% block main %}{% block mine %}{% endblock %}{% endblock %}",
            "layouts/404.html": '{% extends "base.html" %}{% block mine %}x{% endblock %}',
        },
        {
            "layouts/404.html": '{% extends "default/404.html" if site.title else "base.html" %}'
            "{% block mine %}x{% endblock %}"
        },
        {"layouts/404.html": '{% include "boxes/main.html" %}', "layouts/boxes/main.html": "x"},
        {"layouts/404.html": '{% include "artcile.html" %}', "layouts/artcile.html": "x"},
        {"layouts/404.html": '{% include ["tga.html"] %}', "layouts/tga.html": "x"},
        {
            "layouts/404.html": '{% from "mine/tools.html" import a %}',
            "layouts/mine/tools.html": "x",
        },
        {"layouts/notes.md": "x", "layouts/LICENSE": "x", "layouts/assets/notes.html": "x"},
        {"layouts/labels/en.toml": "home = 'Front'"},
    ],
)
def test_what_is_used_is_no_mistake(site: SmallSite, files: dict[str, str | bytes]) -> None:
    site.article("a")
    site.write(files)
    assert site.warnings() == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("artcile.html", "artcile.html: nothing uses this layout; did you mean layouts/article."),
        ("sitemaps.xml", "sitemaps.xml: nothing uses this layout; did you mean layouts/sitemap."),
        (
            "partials/bylin.html",
            "partials/bylin.html: nothing uses this layout; did you mean layouts/partials/byline.",
        ),
        ("headers", "headers: nothing uses this layout; did you mean layouts/_headers?"),
        ("asset/a.css", "asset: nothing looks into this folder; did you mean layouts/assets?"),
        ("Assets/a/b.css", "Assets: nothing looks into this folder; did you mean layouts/assets?"),
        ("partial/a.html", "partial: nothing looks into this folder; did you mean layouts/partial"),
        ("label/xx.toml", "label: nothing looks into this folder; did you mean layouts/labels?"),
        (
            "ARTICLE.html",
            "ARTICLE.html: nothing uses this layout; did you mean layouts/article.html?",
        ),
        *(
            (name, f"{name}: nothing uses this layout; include it in one that is used, or take it")
            for name in ("newsletter.html", "partials/mine.html", "drafts/tga.html", "x.xml")
        ),
    ],
)
def test_a_file_that_nothing_looks_for_is_told(site: SmallSite, name: str, told: str) -> None:
    site.write({f"layouts/{name}": "x"})
    for _ in range(2):
        (warning,) = site.warnings()
        assert warning.startswith(f"layouts/{told}")


CARD = svg_of("")


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("storry", "did you mean layouts/cards/story.svg?"),
        ("STORY", "did you mean layouts/cards/story.svg?"),
        ("quote", "include it in one that is used, or take it out; "),
    ],
)
def test_a_layout_of_cards_that_no_text_names_is_told(
    site: SmallSite, name: str, remedy: str
) -> None:
    site.write({"site.toml": f"{SETTINGS}[cards]\n", f"layouts/cards/{name}.svg": CARD})
    site.article("a")
    (told,) = first = site.warnings()
    assert told.startswith(f"layouts/cards/{name}.svg: nothing uses this layout; {remedy}")
    site.article("a", "Other words.")
    assert site.warnings() == first
    site.article("a", card=f"{name}.svg")
    assert site.warnings() == []


def test_a_layout_of_cards_is_used_by_another_of_them(site: SmallSite) -> None:
    site.write({"site.toml": f"{SETTINGS}[cards]\n", "layouts/cards/frame.svg": CARD})
    site.write({"layouts/cards/story.svg": '{% extends "cards/frame.svg" %}'})
    site.article("a")
    assert site.warnings() == []


@pytest.mark.parametrize("cards", ["", '[cards]\nfor = "none"\n'])
def test_layouts_of_cards_may_wait_for_these(site: SmallSite, cards: str) -> None:
    site.write({"site.toml": SETTINGS + cards, "layouts/cards/quote.svg": CARD})
    site.article("a")
    assert site.warnings() == []


def test_a_layout_that_extends_itself_is_told(built: SmallSite) -> None:
    built.write({ARTICLE: '\n{% extends "article.html" %}'})
    assert refused(built) == [f'{ARTICLE}:2: it extends itself; write "default/article.html"']


def test_a_circle_of_layouts_is_told(built: SmallSite) -> None:
    built.write(
        {
            "layouts/404.html": '{% extends "mine.html" %}',
            "layouts/mine.html": '{% extends "yours.html" %}',
            "layouts/yours.html": '{% extends "mine.html" %}',
        }
    )
    remedy = "take out one of the `extends`"
    assert refused(built) == [
        f'layouts/mine.html:1: it extends "yours.html", and so itself; {remedy}',
        f'layouts/yours.html:1: it extends "mine.html", and so itself; {remedy}',
    ]


def test_a_circle_by_way_of_a_default_layout_is_told(built: SmallSite) -> None:
    built.write({"layouts/base.html": '{% extends "article.html" %}'})
    what = 'it extends "article.html", and so itself; take out one of the `extends`'
    assert refused(built) == [f"layouts/base.html:1: {what}"]


@pytest.mark.parametrize(
    "files",
    [
        {"layouts/404.html": '\n{% include "404.html" %}'},
        {
            "layouts/404.html": '\n{% include "mine.html" %}',
            "layouts/mine.html": '\n{% include "404.html" %}',
        },
        {
            "layouts/404.html": '\n{% extends "base.html" %}',
            "layouts/base.html": '\n{% include "404.html" %}',
        },
    ],
)
def test_an_include_without_end_is_told(built: SmallSite, files: dict[str, str | bytes]) -> None:
    built.write(files)
    (told,) = refused(built)
    assert ":2: layouts include one another without end, while rendering /" in told


def test_an_include_that_comes_to_an_end_is_fine(site: SmallSite) -> None:
    steps = '{% set left = left - 1 %}{{ left }}{% if left %}{% include "mine.html" %}{% endif %}'
    site.write({"layouts/404.html": '{% set left = 3 %}{% include "mine.html" %}'})
    site.write({"layouts/mine.html": steps})
    assert site.warnings() == []
    assert site.text("404.html") == "210"


def test_what_is_told_of_an_idle_layout_goes_with_it_though_only_words_are_new(
    site: SmallSite,
) -> None:
    site.article("a", "One.")
    site.build()
    site.write({"layouts/artcile.html": "x"})
    site.article("a", "Two.")
    assert len(site.warnings()) == 1
    site.article("a", "Three.")
    assert len(site.warnings()) == 1
    site.write({"layouts/404.html": '{% include "artcile.html" %}'})
    site.article("a", "Four.")
    assert site.warnings() == []
    site.write({"layouts/404.html": ""})
    assert len(site.warnings()) == 1
    (site.root / "layouts/artcile.html").unlink()
    site.article("a", "Five.")
    assert site.warnings() == []
