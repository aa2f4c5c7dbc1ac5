"""Headlines and all else that front matter shows have the marks of a body; names are left alone."""

import json

import pytest

from generator.commands.status import news_clock
from support.sites import NOW, SETTINGS, SmallSite, words

TYPED = 'It\'s "so" -- she said...'
SHOWN = "It’s “so” – she said…"
QUOTED = json.dumps(TYPED)
STORY = "/2026/06/a/"


def written(site: SmallSite, settings: str = "") -> None:
    """A site in which every field that readers see holds `TYPED`."""
    site.write(
        {
            "site.toml": f"{SETTINGS}{settings}\n[promos]\ndefault = 'p'\n",
            "content/promos/p.md": (
                f"---\ntitle: {QUOTED}\nurl: /about/\nlabel: {QUOTED}\n---\nText."
            ),
            "content/pages/about.md": f"---\ntitle: {QUOTED}\nsummary: {QUOTED}\n---\nText.",
            "content/authors/ann.md": (
                f"---\nname: Ann O'Neil\nrole: {QUOTED}\n"
                f"follow: {{url: 'https://e.org/', label: {QUOTED}}}\n---\nText."
            ),
            "content/tags/x.md": "---\nname: Rock 'n' roll\n---\nText.",
        }
    )
    site.article(
        "a",
        "Text.",
        title=QUOTED,
        summary=QUOTED,
        kicker=QUOTED,
        author="Ann O'Neil",
        tags="[\"Rock 'n' roll\"]",
        image=(
            f"{{src: 'https://e.org/--.png', alt: {QUOTED}, caption: {QUOTED}, credit: {QUOTED}}}"
        ),
        corrections=f"[{{date: 2026-06-10, text: {QUOTED}}}]",
    )


def test_all_that_front_matter_shows_is_set(site: SmallSite) -> None:
    written(site)
    site.build()
    page = site.page(STORY)
    for selector in ("h1", ".dek", ".kicker", "aside.promo a.button"):
        assert words(page, f"main {selector}") == SHOWN, selector
    assert words(page, "figcaption").count(SHOWN) == 2
    assert page.cssselect("article img")[0].get("alt") == SHOWN
    assert page.cssselect("article img")[0].get("src") == "https://e.org/--.png"
    assert SHOWN in words(page, ".corrections")
    for path, shown in site.outputs().items():
        if path.endswith((".html", ".xml", ".json")):
            assert b"-- she" not in shown, path


def test_names_stay_as_they_were_typed(site: SmallSite) -> None:
    written(site)
    site.build()
    page = site.page(STORY)
    assert words(page, "article a[rel=author]") == "Ann O'Neil"
    assert words(page, "article a[rel=tag]") == "Rock 'n' roll"
    assert SHOWN in words(site.page("/authors/ann/"))


def test_nothing_is_set_where_quotes_are_to_stay_straight(site: SmallSite) -> None:
    written(site, "[markdown]\nsmart_quotes = false\n")
    site.build()
    assert words(site.page(STORY), "h1") == TYPED


def test_marks_are_those_of_the_language_with_its_spaces(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + 'language = "fr"\n'})
    site.article("a", title="'« Quoi? » dit : \"Oui !\" &amp; <b>'")
    site.build()
    title = site.page(STORY).cssselect("h1")[0].text_content()
    shown = "«_Quoi_?_» dit~: «_Oui_!_» &amp; <b>"
    assert title.replace("\u202f", "_").replace("\u00a0", "~") == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (r"'5\" of \"it\", \-- \...'", '5" of "it", -- ...'),
        ("AT&amp;T's <b>&quot;</b>", "AT&amp;T’s <b>&quot;</b>"),
        ("'''...and then,'' he said'", "‘…and then,’ he said"),
        ("See https://e.org/it's--ok", "See https://e.org/it's--ok"),
        ("'Back in the ''90s'", "Back in the ’90s"),
    ],
)
def test_a_headline_is_text_and_stays_text(site: SmallSite, typed: str, shown: str) -> None:
    site.article("a", title=typed)
    site.build()
    assert site.page(STORY).cssselect("h1")[0].text_content() == shown
    assert json.loads(site.text("/feed.json"))["items"][0]["title"] == shown


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_the_title_of_a_picture_is_set_as_its_caption(site: SmallSite, engine: str) -> None:
    site.write(
        {
            "site.toml": SETTINGS + f'[markdown]\nengine = "{engine}"\n',
            "content/articles/p--q.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        }
    )
    site.article("a", r"""![It's](p--q.svg 'It is "so" -- \"or\"...')""")
    site.build()
    figure = site.page(STORY).cssselect(".prose figure")[0]
    assert words(figure, "figcaption") == 'It is “so” – "or"…'
    assert figure.cssselect("img")[0].get("src") == "/articles/p--q.svg"
    assert figure.cssselect("img")[0].get("alt") == "It's"


def test_an_edited_headline_is_set_too(site: SmallSite) -> None:
    written(site)
    site.build()
    site.article("a", title="'\"One\" -- two'")
    site.build()
    once = site.outputs()
    site.build(clean=True)
    assert site.outputs() == once
    assert words(site.page(STORY), "h1") == "“One” – two"


def test_the_news_clock_says_the_same_before_any_build(site: SmallSite) -> None:
    site.article("a", title="\"'It's'\"", draft="true")
    for _ in range(2):
        (draft,) = news_clock(site.root, NOW).drafts
        assert draft.title == "‘It’s’"
        site.build()
