"""Blocks as readers see them: on pages, in feeds, in other forms; a site's own; what is told."""

import pytest

from support.builds import build_again
from support.images import png
from support.sites import SmallSite, words

CALLOUTS = ("note", "tip", "warning", "important", "caution")
URL = "/2026/06/a/"


@pytest.fixture
def desk(site: SmallSite) -> SmallSite:
    """A site with a story to lead to, a picture and a table."""
    site.article("other", "Other words.", tags="[Water]", kicker="Exclusive", date="2026-05-01")
    site.write({"content/articles/boat.png": png(8, 4, 1)})
    return site


def shown(site: SmallSite, body: str) -> str:
    """The HTML of a story's text."""
    site.article("a", body)
    site.build()
    page = site.page(URL)
    (prose,) = page.cssselect(".prose")
    return str(prose.text_content())


def in_feed(site: SmallSite) -> str:
    return site.text("feed.xml").partition("<title>A</title>")[2].partition("</entry>")[0]


# ------------------------------------------------------------------------------ default


@pytest.mark.parametrize("kind", CALLOUTS)
def test_a_callout_has_a_title_of_its_own_or_the_usual_one(desk: SmallSite, kind: str) -> None:
    desk.article("a", f'::: {kind}\nA *b*.\n:::\n\n::: {kind} "Mind the <gap>"\nC\n:::')
    desk.build()
    page = desk.page(URL)
    assert [words(page, f".{kind}")] == [f"{kind.title()} A b. Mind the <gap> C"]
    assert f"&lt;strong&gt;{kind.title()}&lt;/strong&gt;" in in_feed(desk)


def test_labels_of_callouts_are_in_the_site_s_language(desk: SmallSite) -> None:
    settings = (desk.root / "site.toml").read_text()
    desk.write({"site.toml": f'language = "de"\n{settings}'})
    assert "Hinweis" in shown(desk, "::: note\nA\n:::")


def test_a_pull_quote_says_who_and_where(desk: SmallSite) -> None:
    desk.article("a", '::: quote "Ada Lovelace" source="Notes"\nA\n:::\n\n::: quote\nB\n:::')
    desk.build()
    assert words(desk.page(URL), ".pull") == "A Ada Lovelace, Notes B"


def test_a_figure_has_all_its_parts_and_its_size(desk: SmallSite) -> None:
    desk.article("a", '::: figure boat.png alt="A boat" title="T" caption="C" credit="D" :::')
    desk.build()
    (image,) = desk.page(URL).cssselect("figure img")
    assert [image.get(name) for name in ("src", "alt", "width", "height")] == [
        "/articles/boat.png",
        "A boat",
        "8",
        "4",
    ]
    assert words(desk.page(URL), "figcaption") == "T C D"
    assert "https://paper.example/articles/boat.png" in in_feed(desk)


def test_a_story_is_shown_as_a_card_while_readers_see_it(desk: SmallSite) -> None:
    body = "::: story other.md :::\n\n::: story other :::"
    assert shown(desk, body).split() == ["Exclusive", "Other", "Other", "words."] * 2
    assert "https://paper.example/2026/05/other/" in in_feed(desk)
    desk.article("other", "Other words.", date="2026-05-01", draft="true")
    assert shown(desk, body).split() == []


def test_stories_are_those_that_are_asked_for_but_this_one(desk: SmallSite) -> None:
    desk.article("third", "Third.", tags="[Water]", date="2026-05-02")
    desk.article("a", '::: stories "More" tag=Water count=1 :::\n\nA', tags="[Water]")
    desk.build()
    assert words(desk.page(URL), ".cards") == "More Third Third."


def test_a_place_for_an_advertisement_is_empty_until_it_is_filled(desk: SmallSite) -> None:
    assert shown(desk, '::: ad slot="x" :::').strip() == ""
    ad = "{#- Ours.\n[arguments]\nslot = 'text'\n-#}\n<p>Buy at {{ slot }}</p>"
    desk.write({"layouts/blocks/ad.html": ad})
    assert shown(desk, '::: ad slot="x" :::').strip() == "Buy at x"


def test_the_promo_stands_where_the_text_says(desk: SmallSite) -> None:
    desk.write({"content/promos/join.md": "---\ntitle: T\nurl: /about/\nlabel: L\n---\nJoin us."})
    desk.write({"content/pages/about.md": "---\ntitle: About\n---\nUs."})
    settings = (desk.root / "site.toml").read_text()
    desk.write({"site.toml": f'{settings}\n[promos]\ndefault = "join"\n'})
    told = shown(desk, "One\n\n::: promo :::\n\nTwo\n\nThree\n\nFour\n\nFive\n\nSix").split()
    assert told[0] == "One" and told[-5:] == ["Two", "Three", "Four", "Five", "Six"]
    assert "Join" in told


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_blocks_stand_in_any_text(desk: SmallSite, engine: str) -> None:
    settings = (desk.root / "site.toml").read_text()
    desk.write({"site.toml": f'{settings}\n[markdown]\nengine = "{engine}"\n'})
    block = "::: note\nKnown *here*.\n:::"
    desk.write(
        {
            "content/authors/ada.md": f"---\nname: Ada\n---\n{block}",
            "content/tags/water.md": f"---\nname: Water\n---\n{block}",
            "content/pages/about.md": f"---\ntitle: About\n---\n{block}",
        }
    )
    desk.article("a", "A", author="Ada")
    desk.build()
    for path in (URL, "/authors/ada/", "/tags/water/", "/about/"):
        assert words(desk.page(path), ".note") == "Note Known here."


# -------------------------------------------------------------------------- other forms


def test_each_form_is_the_layout_of_its_name(desk: SmallSite) -> None:
    forms = {"html": "page", "feed.html": "feed", "mail.html": "mail", "txt": "text"}
    for ending, form in forms.items():
        desk.write({f"layouts/blocks/own.{ending}": f"<p>{form}: {{{{ form }}}}</p>{{{{ body }}}}"})
    texts = "".join(f'[{{{{ prose(story.body, form="{f}").html }}}}]' for f in forms.values())
    layout = f'{{% extends "default/article.html" %}}{{% block text %}}{texts}{{% endblock %}}'
    desk.write({"layouts/article.html": layout})
    desk.article("a", "::: own\nA *b*\n:::")
    desk.build()
    story = desk.text(URL).replace("\n]", "]")
    assert "<p>page: html</p><p>A <em>b</em></p>]" in story
    assert "[<p>feed: feed.html</p><p>A <em>b</em></p>]" in story
    assert "[<p>mail: mail.html</p><p>A <em>b</em></p>]" in story
    assert "[<p><p>text: txt</p>A b</p>]" in story


def test_a_missing_form_falls_back(desk: SmallSite) -> None:
    own = (
        "{#- X.\n[arguments]\npic = 'picture'\ntitle = 'text'\nurl = 'address'\n-#}\n"
        '<div><img src="{{ pic.url }}" alt="">{{ body }}<script>x()</script></div>'
    )
    desk.write({"layouts/blocks/own.html": own})
    forms = "".join(f'[{{{{ prose(story.body, form="{f}").html }}}}]' for f in ("feed", "mail"))
    text = '[{{ prose(story.body, form="text").text }}]'
    layout = (
        f'{{% extends "default/article.html" %}}{{% block text %}}{forms}{text}{{% endblock %}}'
    )
    desk.write({"layouts/article.html": layout})
    desk.article("a", 'B\n\n::: own pic=boat.png title="T" url=other.md\nA\n:::')
    desk.build()
    story = desk.text(URL).replace("\n]", "]")
    image = "https://paper.example/articles/boat.png"
    link = "https://paper.example/2026/05/other/"
    assert f'<div><img src="{image}" alt=""><p>A</p></div>' in story
    assert f'<a href="{link}"><img src="{image}" alt="T"></a>' in story
    assert f'<a href="{link}">T</a>' in story
    assert f"[B\n\nT\nA\n{link}]" in story


def test_a_block_sees_no_text_of_another_story(desk: SmallSite) -> None:
    own = "{#- X.\n[arguments]\nstory = 'story'\n-#}\n{{ prose(story).html }}"
    desk.write({"layouts/blocks/own.html": own})
    desk.article("a", "::: own story=other.md :::")
    told = "layouts/blocks/own.html:5: a block shows no other text: show its card instead"
    assert any(message.startswith(told) for message in desk.errors())


# ------------------------------------------------------------------------- what is told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("::: qoute\nA\n:::", 'there is no block "qoute"; did you mean "quote"?'),
        ("A\n\n::: note\nB", "`::: note` is never closed; write a line `:::` below it"),
        ("::: figure :::", "`::: figure`: it wants `src`; write"),
        ("::: figure boot.png :::", '::: figure: src: there is no file "boot.png"; did you mean'),
        ("::: story othr.md :::", '::: story: story: there is no story "othr.md"; did you mean'),
        ("::: stories tag=Wine :::", 'no story has the tag "Wine"'),
        ("::: stories tag=Water since=soon :::", 'since: "soon" is no'),
        ("::: stories count=0 :::", "`count` is no number of stories, while"),
        ("::: stories count=2.5 :::", "`count` is no number of stories"),
    ],
)
def test_what_is_wrong_with_a_block_is_told_with_its_line(
    desk: SmallSite, body: str, told: str
) -> None:
    desk.article("a", body)
    line = 6 + body.count("\n", 0, body.index(":::"))
    messages = desk.errors()
    assert len(messages) == 1, messages
    assert messages[0].startswith(f"content/articles/a.md:{line}: ")
    assert told in messages[0]


@pytest.mark.parametrize(
    "hidden", [{"draft": "true"}, {"date": "2030-01-01"}, {"expires": "2026-05-02"}]
)
@pytest.mark.parametrize("name", ["other.md", "other"])
def test_a_story_that_readers_do_not_see_is_told_until_they_do(
    desk: SmallSite, name: str, hidden: dict[str, str]
) -> None:
    desk.article("a", f"A\n\n::: story {name} :::")
    desk.article("other", "Other words.", **{"date": "2026-05-01", **hidden})
    told = f'::: story: story: "{name}" is not public now: its readers see no card'
    remedy = "publish it, or take the block out"
    assert desk.warnings() == [f"content/articles/a.md:8: {told}; {remedy}"]
    desk.article("b", "B")
    assert len(desk.warnings()) == 1
    desk.article("other", "Other words.", date="2026-05-01")
    assert desk.warnings() == []


def test_two_first_arguments_of_a_block_are_told_where_the_second_is_declared(
    desk: SmallSite,
) -> None:
    rows = 'a = { first = true }\nb = "text"\nc = { first = true }'
    desk.write({"layouts/blocks/own.html": f"{{#- X.\n[arguments]\n{rows}\n-#}}\n{{{{ a }}}}"})
    told = "c: another argument is written without its name already"
    remedy = "take `first` out of one of the two"
    assert desk.errors() == [f"layouts/blocks/own.html:5: {told}; {remedy}"]


def test_places_that_mean_nothing_in_a_text_are_told(desk: SmallSite) -> None:
    body = "A\n\n::: promo :::\n\n::: more :::\n\nB\n"
    settings = (desk.root / "site.toml").read_text()
    desk.write(
        {
            "site.toml": f"{settings}[collections.events]\n[taxonomies.places]\n",
            "content/articles/a.md": f"---\ntitle: A\ndate: 2026-06-01\n---\n{body}",
            "content/pages/about.md": f"---\ntitle: A\n---\n{body}",
            "content/events/e.md": f"---\ntitle: A\n---\n{body}",
            "content/tags/water.md": f"---\nname: Water\n---\n{body}",
            "content/promos/p.md": f"---\ntitle: A\nlabel: L\nurl: /\n---\n{body}",
        }
    )
    promo = "`::: promo` does nothing in this text: only a story has a call to action; take it out"
    more = "`::: more` does nothing in this text: only stories, pages and items have a summary"
    told = [warning for warning in desk.warnings() if "does nothing" in warning]
    assert told == [
        f"content/events/e.md:6: {promo}",
        f"content/pages/about.md:6: {promo}",
        f"content/promos/p.md:8: {promo}",
        f"content/promos/p.md:10: {more} of their beginning; take it out",
        f"content/tags/water.md:6: {promo}",
        f"content/tags/water.md:8: {more} of their beginning; take it out",
    ]


def test_what_a_layout_hands_on_is_told_by_the_name_that_was_typed(desk: SmallSite) -> None:
    own = "{#- X.\n[arguments]\nspan = 'text'\n-#}\n{{ stories(since=span) | length }}"
    desk.write({"layouts/blocks/own.html": own})
    desk.article("a", "A\n\n::: own span=soon :::")
    (message,) = desk.errors()
    assert message.startswith('content/articles/a.md:8: span: "soon" is no')


def test_all_is_told_at_once_and_nothing_is_lost(desk: SmallSite) -> None:
    desk.build()
    before = desk.outputs()
    desk.article("a", "::: qoute :::\n\n::: figure :::\n\n::: note x y\n:::")
    desk.article("b", "::: story nowhere.md :::")
    assert len(desk.errors()) == 4
    assert desk.outputs() == before


def test_a_block_that_there_is_none_of_stays_text(desk: SmallSite) -> None:
    desk.article("a", "::: spoiler x\nA *b*\n:::\n\n::: {.lead}\nB\n:::")
    assert [warning.partition(";")[0] for warning in desk.warnings()] == [
        "content/articles/a.md:6: `::: spoiler x` is no block, and readers will see it",
        "content/articles/a.md:10: `::: {.lead}` is no block, and readers will see it",
    ]
    assert words(desk.page(URL), ".prose") == "::: spoiler x A b ::: ::: {.lead} B :::"


@pytest.mark.parametrize(
    ("comment", "line", "told"),
    [
        ("[arguments]\nsrc = \n", 3, "the arguments of this block cannot be read"),
        ("[arguments]\nsrc = 'pictrue'\n", 3, 'src: there is no type "pictrue"; did you mean'),
        ("[arguments]\na = 'text'\nbody = 'text'\n", 4, "body: no argument can have this name"),
        ("[arguments]\na = { required = 1 }\n", 3, "a: `required` is true or false"),
        ("[arguments]\na = { tpye = 'text' }\n", 3, 'a: nothing is said by "tpye"; did you mean'),
        ("[arguments]\na = { type = 'number', default = 'x' }\n", 3, "a: its default is no number"),
        ("[arguments]\na = { choices = ['x'], default = 'y' }\n", 3, "a: its default is none of"),
    ],
)
def test_what_is_wrong_with_a_declaration_is_told_with_its_line(
    desk: SmallSite, comment: str, line: int, told: str
) -> None:
    desk.write({"layouts/blocks/own.html": f"{{#- Own.\n{comment}-#}}\n"})
    (message,) = desk.errors()
    assert message.startswith(f"layouts/blocks/own.html:{line}: ")
    assert told in message


def test_a_form_alone_is_no_block(desk: SmallSite) -> None:
    desk.write({"layouts/blocks/own.feed.html": "A"})
    (message,) = desk.errors()
    assert message.startswith('layouts/blocks/own.feed.html: the block "own" has no form for pages')


@pytest.mark.parametrize("hidden", [{"draft": "true"}, {"date": "2030-01-01"}])
def test_a_story_that_is_hidden_fails_no_build(desk: SmallSite, hidden: dict[str, str]) -> None:
    desk.article("a", "::: story own-slug :::\n\nA", date="2026-06-02")
    desk.article("named", "B", **{"slug": "own-slug"} | hidden)
    assert all("own-slug" in warning for warning in desk.warnings())
    desk.article("named", "B", slug="own-slug")
    desk.build()
    assert words(desk.page(URL), ".cards") == "Named B"


@pytest.mark.parametrize("page", ["about.md", "pages/about.md", "about"])
def test_what_is_no_story_is_told(desk: SmallSite, page: str) -> None:
    desk.write({"content/pages/about.md": "---\ntitle: About\n---\nUs."})
    desk.article("a", f"::: story {page} :::")
    (message,) = desk.errors()
    assert f'there is no story "{page}"' in message


def test_mistakes_of_blocks_are_told_beside_all_others(desk: SmallSite) -> None:
    desk.article("a", "[x](gone.md)\n\n::: nota :::\n\n::: figure gone.png :::")
    desk.article("b", "::: note\nA\n:::", titel="x", tags="[Water]")
    told = desk.errors()
    assert [message.split(":")[1] for message in told] == ["6", "8", "10"]


def test_ids_of_blocks_are_one_text_s_own(desk: SmallSite) -> None:
    desk.write({"layouts/blocks/own.html": '<p id="{{ block.id }}">A</p>'})
    desk.write({"content/authors/ada.md": "---\nname: Ada\n---\n::: own :::"})
    desk.article("a", "::: own :::\n\n::: own :::", author="Ada")
    desk.build()
    ids = [str(one) for one in desk.page(URL).xpath("//p[text()='A']/@id")]
    assert len(ids) == len({*ids}) == 3


def test_a_layout_may_look_at_a_text_before_it_shows_it(desk: SmallSite) -> None:
    looks = "{% set text = prose(story.body) %}{% if text.html and text.text %}"
    desk.write({"layouts/article.html": looks + "{{ text.html }}{% endif %}{{ text.html }}"})
    desk.article("a", "::: note\nA\n:::")
    desk.build()
    assert desk.text(URL).count('<link rel="stylesheet" href="/assets/blocks.') == 1
    assert desk.text(URL).startswith("<link")


def test_a_default_may_be_a_date(desk: SmallSite) -> None:
    day = "day = { type = 'date', default = '2026-01-31' }"
    own = f"{{#- X.\n[arguments]\n{day}\n-#}}\n{{{{ day | date }}}}"
    desk.write({"layouts/blocks/own.html": own})
    assert shown(desk, "::: own :::").strip() == "January 31, 2026"
    desk.write({"layouts/blocks/own.html": own.replace("2026-01-31", "soon")})
    (message,) = desk.errors()
    assert message.startswith("layouts/blocks/own.html:3: day: its default is no date")


# --------------------------------------------------------------------------- what wakes


def test_a_page_is_made_again_when_what_its_blocks_lead_to_is_another(desk: SmallSite) -> None:
    own = "{#- X.\n[arguments]\nsrc = 'table'\n-#}\n{{ src.rows[0][0] }}"
    desk.write({"layouts/blocks/own.html": own, "content/articles/n.csv": "a,b\n1,2\n"})
    desk.article("a", "::: own src=n.csv :::\n\n::: figure boat.png :::\n\n::: story other.md :::")
    desk.build()
    assert build_again(desk).rendered == set()
    desk.write({"content/articles/n.csv": "a,b\n3,4\n"})
    assert "2026/06/a/index.html" in build_again(desk).rendered
    assert "3" in desk.text(URL)
    desk.write({"content/articles/boat.png": png(20, 10, 1)})
    assert "2026/06/a/index.html" in build_again(desk).rendered
    desk.article("other", "New words.", date="2026-05-01", kicker="Exclusive")
    assert "2026/06/a/index.html" in build_again(desk).rendered
    assert "New words." in desk.text(URL)


def test_a_layout_of_a_block_wakes_the_pages_with_that_block_alone(desk: SmallSite) -> None:
    desk.write({"layouts/blocks/own.html": "one {{ body }}"})
    desk.article("a", "::: own\nA\n:::")
    desk.article("b", "::: note\nB\n:::")
    desk.build()
    desk.write({"layouts/blocks/own.html": "two {{ body }}"})
    rendered = build_again(desk).rendered
    assert "2026/06/a/index.html" in rendered
    assert not {"2026/06/b/index.html", "2026/05/other/index.html"} & rendered
    assert "two" in desk.text(URL)


@pytest.mark.parametrize("block", ["story other.md", "stories", "ad"])
def test_a_text_that_no_layout_shows_is_told(desk: SmallSite, block: str) -> None:
    desk.article("a", f"::: {block}\nWords.\n:::")
    (message,) = desk.errors()
    name = block.partition(" ")[0]
    assert message.startswith(
        f"content/articles/a.md:6: what stands in `::: {name}` is shown nowhere; end the block"
    )


def test_stories_are_the_same_ones_in_feeds(desk: SmallSite) -> None:
    desk.article("a", "::: stories count=1 :::\n\nWords.")
    desk.build()
    assert words(desk.page(URL), ".cards") == "Exclusive Other Other words."
    assert "/2026/05/other/" in in_feed(desk).partition("&lt;ul&gt;")[2]


@pytest.mark.parametrize(
    ("block", "mail", "text"),
    [
        ("::: warning\nMind it.\n:::", "<strong>Warning</strong>", "Warning\n\nMind it."),
        ('::: quote "Ada" source="Notes"\nA\n:::', "<blockquote>", "A\n— Ada, Notes"),
        ('::: figure boat.png alt="B" credit="C" :::', "boat.png", "B. C"),
        (
            "::: story other.md :::",
            "/2026/05/other/",
            "Other\nhttps://paper.example/2026/05/other/",
        ),
    ],
)
def test_no_form_loses_words(desk: SmallSite, block: str, mail: str, text: str) -> None:
    forms = '[{{ prose(story.body, form="mail").html }}][{{ prose(story.body, form="text").text }}]'
    layout = f'{{% extends "default/article.html" %}}{{% block text %}}{forms}{{% endblock %}}'
    desk.write({"layouts/article.html": layout})
    desk.article("a", block)
    desk.build()
    shown = desk.text(URL)
    assert mail in shown
    assert f"[{text}]" in shown
