"""Queries: a layout lists the stories it asks for, and shows whole texts of stories."""

import re
from datetime import timedelta

import pytest

from generator.moments import duration
from support.builds import build_again, clean_outputs, differing
from support.images import PNG
from support.sites import ENDLESS, SETTINGS, SmallSite, refused, words

MAIN = '{% extends "default/LAYOUT" %}{% block main %}BODY{% endblock %}'
LIST = "{% for card in ASKED %}<li>{{ card.title }}</li>{% endfor %}"


def show(site: SmallSite, body: str, layout: str = "front.html") -> None:
    """Have a layout show this and nothing else."""
    site.write({f"layouts/{layout}": MAIN.replace("LAYOUT", layout).replace("BODY", body)})


def ask(site: SmallSite, asked: str, layout: str = "front.html") -> None:
    show(site, LIST.replace("ASKED", asked), layout)


def listed(site: SmallSite, path: str = "/") -> list[str]:
    return [one.text_content() for one in site.page(path).cssselect("main li")]


@pytest.fixture
def paper(site: SmallSite) -> SmallSite:
    """Four stories: `flood` is a day old, `dam` three, `play` five, `lake` six weeks."""
    world, culture = {"section": "World"}, {"section": "Culture"}
    site.article("flood", date="2026-06-14", tags="[Water, Law]", author="Ann Lee", **world)
    site.article("dam", date="2026-06-12", tags="[Water]", author="Bo Ek", featured=1, **world)
    site.article("play", date="2026-06-10", tags="[Law]", author="[Ann Lee, Bo Ek]", **culture)
    site.article("lake", date="2026-05-01", tags="[Water]", series="Shores", **culture)
    site.article("draft", date="2026-06-01", tags="[Secret]", draft="true")
    site.article("past", date="2026-06-01", tags="[Past]", expires="2026-06-02")
    return site


# ------------------------------------------------------------------------------ lists


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ("stories()", ["Flood", "Dam", "Play", "Lake"]),
        ("stories(most=1)", ["Flood"]),
        ('stories(section="World")', ["Flood", "Dam"]),
        ('stories(section="world", tag="Law")', ["Flood"]),
        ('stories(tag=["Law", "water"], most=3)', ["Flood", "Dam", "Play"]),
        ('stories(tags=["Law", "Law"])', ["Flood", "Play"]),
        ("stories(tag=[])", []),
        ('stories(tag=["Law", "Secret"], author="bo-ek")', ["Play"]),
        ('stories(author="ann  LEE")', ["Flood", "Play"]),
        ('stories(author=["Ann Lee", "Bo Ek"], section="World")', ["Flood", "Dam"]),
        ('stories(series="Shores")', ["Lake"]),
        ('stories(since="7d")', ["Flood", "Dam", "Play"]),
        ('stories(since="36h")', ["Flood"]),
        ('stories(since="90m")', []),
        ('stories(since="99999w", tag="Law")', ["Flood", "Play"]),
        ("stories(featured=true)", ["Dam"]),
        ('stories(featured=true, section="Culture")', []),
        ("stories(without=lead)", ["Flood", "Play", "Lake"]),
        ("stories(without=[lead, top[:1]], most=1)", ["Play"]),
        ("stories(without=stories(most=2), most=1)", ["Play"]),
        ("stories(without=none, most=1)", ["Flood"]),
        ("(stories(most=2) + stories(tag='Law')) | unique", ["Flood", "Dam", "Play"]),
        ('stories(tag="Secret")', []),
        ('stories(tag="past")', []),
        ('stories(tag=stories(section="Culture") | map(attribute="title") | first)', None),
        ("stories(section=stories(most=1)[0].section)", ["Flood", "Dam"]),
        ("stories(tag=site.tags | selectattr('count', 'eq', 3))", ["Flood", "Dam", "Lake"]),
        ("stories(tag=site.tags[0], most=2)", ["Flood", "Dam"]),
    ],
)
def test_the_newest_stories_that_are_asked_for_are_listed(
    paper: SmallSite, asked: str, titles: list[str] | None
) -> None:
    ask(paper, asked)
    if titles is None:
        assert 'the tag "Play"' in str(paper.errors())
        return
    paper.build()
    assert listed(paper) == titles


def test_a_term_has_the_stories_of_its_parts(paper: SmallSite) -> None:
    paper.write({"content/section/culture.md": "---\nname: Culture\nparent: World\n---\n"})
    ask(paper, 'stories(section="World")')
    paper.build()
    assert listed(paper) == ["Flood", "Dam", "Play", "Lake"]


def test_terms_are_named_as_in_front_matter(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + '[taxonomies.places]\ntitle = "Places"\n'})
    site.write({"content/places/kyiv.md": "---\nname: Київ\n---\n"})
    site.article("one", places="[Київ]", tags='["A.I."]')
    for asked in ('places="kyiv"', 'places="КИЇВ"', 'tag="AI"', 'tag="a.i."', 'tag="ai"'):
        ask(site, f"stories({asked})")
        site.build()
        assert listed(site) == ["One"], asked


@pytest.mark.parametrize("hidden", [{}, {"draft": "true"}, {"expires": "2026-06-02"}])
def test_a_term_is_found_by_all_that_it_is_called_whether_shown_or_not(
    site: SmallSite, hidden: dict[str, str]
) -> None:
    site.write({"content/tags/climate-change.md": "---\nname: Climate\n---\n"})
    site.article("other")
    site.article("one", tags="[climate change]", **hidden)
    for name in ("climate change", "Climate", "climate-change"):
        ask(site, f'stories(tag="{name}")')
        assert not site.errors(), name
        assert listed(site) == ([] if hidden else ["One"])


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_page_asks_for_its_own(paper: SmallSite, jobs: int) -> None:
    ask(paper, "stories(tag=story.tags, without=story)", "article.html")
    paper.build(jobs=jobs)
    assert listed(paper, "/2026/06/flood/") == ["Dam", "Play", "Lake"]
    assert listed(paper, "/2026/05/lake/") == ["Flood", "Dam"]
    build_again(paper, jobs=jobs)


@pytest.mark.parametrize(
    ("layout", "path"), [("tag.html", "/tags/law/"), ("section.html", "/world/")]
)
def test_pages_that_are_lists_themselves_ask_too(paper: SmallSite, layout: str, path: str) -> None:
    body = "<p>{{ stories | length }} {{ stories[0].title }}</p>"
    show(paper, body + LIST.replace("ASKED", "stories(section='Culture', without=stories)"), layout)
    paper.build()
    assert words(paper.page(path), "main p") == "2 Flood"
    assert "Lake" in listed(paper, path)


def test_whatever_has_a_layout_may_ask(paper: SmallSite) -> None:
    paper.write({"layouts/robots.txt": "{% for c in stories(most=2) %}{{ c.url }} {% endfor %}"})
    paper.write({"layouts/partials/footer.html": "{{ stories(tag='Law')[0].title }}"})
    macro = "{% macro m(n) %}{{ stories(most=n) | length }}{% endmacro %}"
    paper.write({"layouts/partials/m.html": macro})
    paper.write({"layouts/404.html": "{% from 'partials/m.html' import m %}{{ m(3) }}"})
    paper.build()
    assert paper.text("robots.txt") == "/2026/06/flood/ /2026/06/dam/ "
    assert paper.text("404.html") == "3"
    assert paper.text("/tags/").count("Flood") == 1
    assert build_again(paper).rendered == set()


def test_a_page_may_ask_for_what_hangs_on_answers(paper: SmallSite) -> None:
    first = "stories(most=1)[0]"
    ask(paper, f"stories(author={first}.authors[0].title, without={first})")
    paper.build()
    assert listed(paper) == ["Play"]


def test_drafts_are_listed_where_they_are_shown(paper: SmallSite) -> None:
    ask(paper, 'stories(tag="Secret")')
    paper.build()
    assert listed(paper) == []
    build_again(paper, drafts=True)
    assert listed(paper) == ["Draft"]


# ------------------------------------------------------------------------------ texts

STORY = """First of [all](play.md), with a [note](#part).

## Part

And more.[^1]

[^1]: Said so."""


@pytest.fixture
def long(paper: SmallSite) -> SmallSite:
    paper.article("flood", STORY, date="2026-06-14", summary="A dek.")
    return paper


def test_a_card_is_shown_in_full(long: SmallSite) -> None:
    show(long, "{{ prose(stories(most=1)[0]).html }}")
    long.build()
    page = long.page("/").cssselect("main")[0]
    assert "And more." in words(page, "p")
    assert [a.get("href") for a in page.cssselect("a")][:2] == [
        "/2026/06/play/",
        "/2026/06/flood/#part",
    ]
    assert not page.cssselect("h2[id]")


def test_a_card_is_shown_in_full_elsewhere(long: SmallSite) -> None:
    show(long, "{{ prose(stories(most=1)[0], absolute=true).html }}")
    long.build()
    found = [a.get("href") for a in long.page("/").cssselect("main a")][:2]
    assert found == [f"https://paper.example/2026/06/{end}" for end in ("play/", "flood/#part")]


def test_a_card_shows_its_first_paragraph(long: SmallSite) -> None:
    show(long, "{% for card in river %}<div>{{ card.opening }}</div>{% endfor %}")
    long.write({"site.toml": SETTINGS + '[front]\ntop = 0\nstyle = "river"\n'})
    show(
        long, "{% for card in river %}<div>{{ card.opening }}</div>{% endfor %}", "front-river.html"
    )
    long.build()
    (first, *_) = (
        div for div in long.page("/").cssselect("main div") if "First of" in div.text_content()
    )
    assert [child.tag for child in first] == ["p"]
    assert words(first, "p") == "First of all, with a note."


@pytest.mark.parametrize(
    ("body", "opening"),
    [
        ("", ""),
        ("- A list\n- alone", ""),
        ("> Quoted.\n\nOwn words.", "<p>Own words.</p>"),
        ("![Dot](/dot.png)\n\n*Caption.*\n\nOwn *words*.", "<p>Own <em>words</em>.</p>"),
        ("<div><p>In a division.</p></div>", "<p>In a division.</p>"),
    ],
)
@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_the_first_paragraph_is_the_authors_own(
    site: SmallSite, body: str, opening: str, engine: str
) -> None:
    site.write({"site.toml": SETTINGS + f'[markdown]\nengine = "{engine}"\n'})
    site.write({"content/dot.png": PNG})
    site.article("one", body, summary="A dek.")
    show(site, "[{{ stories()[0].opening }}]")
    site.build()
    assert f"[{opening}]" in site.text("/")


def test_a_card_tells_its_source_and_what_is_extra(site: SmallSite) -> None:
    site.article("one", source="{name: <Wire>, url: https://w.example/1}", extra="{mood: calm}")
    site.article("two")
    shown = "{{ card.source }} {{ card.source.url }} {{ card.extra.mood }}{{ card.extra.none }}"
    show(site, f"{{% with card = stories()[0] %}}<p>{shown}</p>{{% endwith %}}")
    site.build()
    assert words(site.page("/"), "main p") == "<Wire> https://w.example/1 calm"


# ---------------------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ('section="Wrold"', 'no story has the section "Wrold"; did you mean "World"?'),
        ('tag=["Law", "Wate"]', 'no story has the tag "Wate"; did you mean "Water"?'),
        ('author="Ann Leigh"', 'no story has the author "Ann Leigh"; did you mean "Ann Lee"?'),
        ('series="§"', 'no story has the series "§"; name it in a story, or mend it'),
        ('sektion="World"', "`stories` cannot be asked for `sektion`; did you mean `section`?"),
        (
            "q=1",
            "`stories` cannot be asked for `q`; known here: author, featured, most, section, "
            "series, since, tag, without",
        ),
        ('since="7 days"', 'since: "7 days" is not a duration; write 7d'),
        ('since="soon"', 'since: "soon" is not a duration; write 90m, 36h, 7d or 2w'),
        ("since=7", 'since: "7" is not a duration; write 90m, 36h, 7d or 2w'),
        ("without=5", "`without` is given a number; write `without=story`, or a list"),
        ("most=0", "`most` is no number of stories; write one such as `most=10`"),
        ("most=10**30", "`most` is no number of stories; write one such as `most=10`"),
        ('most="5"', "`most` is no number of stories; write one such as `most=10`"),
        ('featured="yes"', "`featured` is neither true nor false; write `featured=true`"),
        (
            '"World"',
            '`stories` is given text without a name; write what it is: `stories(section="World")`',
        ),
        (
            "section=none",
            "`stories` is given nothing as `section`; put an `if` around it, or leave it out",
        ),
        ("tag=site", None),
        ("tag=nothing", "`nothing` is not defined here; mend the layout"),
        ("without=nothing", "`nothing` is not defined here; mend the layout"),
    ],
)
def test_a_question_that_cannot_be_meant_is_an_error(
    paper: SmallSite, asked: str, told: str | None
) -> None:
    paper.build()
    paper.write({"layouts/404.html": f"\n{{% set x = stories({asked}) %}}{{{{ x }}}}"})
    (error,) = refused(paper)
    assert error.startswith("layouts/404.html:2: ")
    assert told is None or told.partition(";")[0] in error, error
    assert told is None or error.endswith(told.partition("; ")[2]), error


def test_a_mistake_on_many_pages_is_told_once(paper: SmallSite) -> None:
    paper.build()
    ask(paper, 'stories(tag="Wate")', "article.html")
    (error,) = refused(paper)
    assert "while rendering /2026/06/flood/ and 3 more" in error
    assert refused(paper, jobs=2) == [error]


def test_a_term_that_loses_its_last_story_is_told(paper: SmallSite) -> None:
    ask(paper, 'stories(series="Shores")')
    paper.build()
    paper.article("lake", date="2026-05-01")
    assert refused(paper)[0].startswith("layouts/front.html:1: ")


@pytest.mark.long
def test_questions_that_hang_on_one_another_are_answered_to_the_end(site: SmallSite) -> None:
    """Only other processes have to have questions answered before they go on."""
    for number in range(ENOUGH):
        site.article(f"s{number}", tags=f"[T{number % 20}, All]")
    asked = 'stories(tag=["T" ~ number, "All"], without=seen.cards, most=1)'
    chain = "{% set seen = namespace(cards=[]) %}{% for number in range(20) %}"
    chain += f"{{% set seen.cards = seen.cards + {asked} | list %}}{{% endfor %}}"
    show(site, chain + LIST.replace("ASKED", "seen.cards"), "404.html")
    site.build(jobs=2)
    assert len(set(listed(site, "/404.html"))) == 20
    assert differing(site.outputs(), clean_outputs(site)) == []
    assert build_again(site, jobs=2).rendered == set()


ENOUGH = 150
"""Pages for which processes are started."""


@pytest.mark.long
def test_other_processes_have_each_question_answered(site: SmallSite) -> None:
    for number in range(ENOUGH):
        site.article(
            f"s{number}", f"The text of {number}.", tags=f"[T{number % 7}, U{number % 40}]"
        )
    asked = "stories(tag=story.tags[-1], without=story, most=2)"
    tail = "{% for c in stories(tag=story.tags[0], since='4w') %}{{ c.opening }}{% endfor %}"
    show(site, LIST.replace("ASKED", asked) + tail, "article.html")
    site.build(jobs=2)
    assert listed(site, "/2026/06/s7/") == ["S127", "S47"]
    assert differing(site.outputs(), clean_outputs(site)) == []
    assert build_again(site, jobs=2).rendered == set()
    site.article("s47", "Another text.", tags="[T5, U7]")
    build_again(site, jobs=2)
    site.article("s8", "Another text.", tags="[T1, U7]", date="2026-06-02")
    build_again(site, jobs=2)


@pytest.mark.long
def test_a_layout_that_is_rendered_the_slow_way_may_ask(site: SmallSite) -> None:
    for number in range(ENOUGH):
        site.article(f"s{number}")
    site.write({"layouts/404.html": ENDLESS + "{{ stories(most=7) | length }}"})
    site.expects_faults = True
    site.build(jobs=2)
    assert site.text("404.html").endswith("7")


def test_a_layout_that_fails_says_where_whatever_it_asks(paper: SmallSite) -> None:
    show(paper, "{{ stories()[0].title }}\n{{ 1 / (stories() | length - 4) }}")
    (error,) = paper.errors()
    assert error.startswith("layouts/front.html:2: ZeroDivisionError")


def test_durations_are_whole_numbers_of_a_unit() -> None:
    known = {"90m": timedelta(minutes=90), "36h": timedelta(hours=36)}
    known |= {"7d": timedelta(days=7), "2w": timedelta(weeks=2)}
    assert {text: duration(text) for text in known} == known
    for text in ("", "7", "d", "0d", "-1d", "1.5d", "7D", " 7d", "7d7h", "100000d", "٧d"):
        with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
            duration(text)
