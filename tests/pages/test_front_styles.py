"""The front page in its three styles: a newspaper's, a river with pictures, stories in full."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import html5lib
import pytest

from support.browser_pages import opened, served, sideways
from support.builds import build_again
from support.sites import SETTINGS, SmallSite, links, words

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800"/>'
NOTES = "Said.[^1] See [below](#far).\n\n## Far\n\nOn it goes.\n\n[^1]: Once."
SOURCE = "{name: The Times, url: 'https://times.example/a?b=1&c=2'}"
STYLES = ("paper", "river", "links")


def style(site: SmallSite, name: str, more: str = "", above: str = "") -> None:
    site.write({"site.toml": f'{SETTINGS}{above}[front]\nstyle = "{name}"\n{more}'})


def titles(site: SmallSite, path: str = "/") -> list[str]:
    page = site.page(path)
    return [h.text_content().removesuffix(" #") for h in page.cssselect(".post h3, .pictures h2")]


@pytest.fixture
def paper(site: SmallSite) -> SmallSite:
    """Stories of three days; some have a picture, a source, an author, a time."""
    site.write({"content/articles/p.svg": PICTURE})
    site.article("one", NOTES, date="2026-06-03 09:05", image="{src: p.svg, alt: A picture}")
    site.article("two", NOTES, date="2026-06-03 08:00", source=SOURCE, kicker="Law", tags="[AI]")
    site.article("three", "Short.", date="2026-06-02", author="Ann")
    site.article("four", "Shorter.", date="2026-06-01", author="Bo", featured=1)
    return site


# ----------------------------------------------------------------------------------- all


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
@pytest.mark.parametrize("name", STYLES)
def test_every_style_is_html_without_a_mistake(paper: SmallSite, name: str, engine: str) -> None:
    style(paper, name, f'per_page = 3\n[markdown]\nengine = "{engine}"\n')
    assert paper.warnings() == []
    for path in ("/", "/page/2/") if name != "paper" else ("/",):
        parser = html5lib.HTMLParser()
        parser.parse(paper.text(path))
        assert [(place, code) for place, code, _ in parser.errors] == []
        page = paper.page(path)
        ids = [str(i) for i in page.xpath("//@id")]
        assert len(ids) == len(set(ids))
        assert {str(name) for name in page.xpath("//@aria-labelledby")} <= {*ids}
        assert len(page.cssselect("h1")) == 1
        levels = [int(str(h.tag)[1]) for h in page.cssselect("h1, h2, h3, h4")]
        assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", STYLES)
def test_a_front_page_without_stories_says_so(site: SmallSite, name: str) -> None:
    style(site, name)
    site.build()
    assert "There are no stories yet." in words(site.page("/"))
    site.article("one")
    site.build()
    assert "There are no stories yet." not in words(site.page("/"))


def test_only_the_style_that_is_asked_for_is_styled(paper: SmallSite) -> None:
    for name, wanted, foreign in (("river", ".pictures", ".post"), ("links", ".post", ".pictures")):
        style(paper, name)
        paper.build()
        sheet = paper.text(links(paper.page("/"), "link[rel=stylesheet]")[1])
        assert wanted in sheet and foreign + " " not in sheet
    style(paper, "paper")
    paper.build()
    assert len(links(paper.page("/"), "link[rel=stylesheet]")) == 1


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["river", "links"])
@pytest.mark.parametrize("look", ["", '[look]\naccent = "#0b5cab"\nsize = 24\n'])
def test_every_style_can_be_read_by_all(
    browser: Any, paper: SmallSite, name: str, scheme: str, look: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    style(paper, name, f"per_page = 3\n{look}[security]\ncsp = true\n")
    paper.build()
    with served(paper.public) as home:
        for path in ("/", "/page/2/"):
            with opened(browser, home + path, color_scheme=scheme) as page:
                found = Axe().run(page).response["violations"]
                assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []
                for width in (320, 390, 768, 1280):
                    page.set_viewport_size({"width": width, "height": 844})
                    assert sideways(page) == [], width


# --------------------------------------------------------------------------------- river


def test_a_river_has_every_story_with_its_picture(paper: SmallSite) -> None:
    style(paper, "river")
    paper.build()
    assert titles(paper) == ["Four", "One", "Two", "Three"]  # the featured one leads
    page = paper.page("/")
    assert not page.cssselect(".lead, .river, .headlines")
    (picture,) = page.cssselect(".pictures img")
    assert (picture.get("src"), picture.get("alt")) == ("/articles/p.svg", "A picture")


def test_a_river_goes_on(paper: SmallSite) -> None:
    style(paper, "river", "per_page = 3\n")
    paper.build()
    assert (titles(paper), titles(paper, "/page/2/")) == (["Four", "One", "Two"], ["Three"])
    assert links(paper.page("/"), "nav.pager a") == ["/page/2/"]
    assert links(paper.page("/page/2/"), "nav.pager a") == ["/"]


# --------------------------------------------------------------------------------- links


def test_a_link_blog_has_stories_in_full_by_day(paper: SmallSite) -> None:
    style(paper, "links", "per_page = 3\n")
    paper.build()
    assert titles(paper) == ["One", "Two", "Three"]
    assert titles(paper, "/page/2/") == ["Four"]  # to feature one makes no difference
    page = paper.page("/")
    days = [words(day, "h2.label") for day in page.cssselect(".posts section")]
    assert days == ["Wednesday, June 3, 2026", "Tuesday, June 2, 2026"]
    assert "On it goes." in words(page, ".post") and "Short." in words(page, ".post")
    assert [time.text for time in page.cssselect(".post time")] == ["9:05\u202fAM", "8:00\u202fAM"]


def test_a_headline_leads_to_the_source_and_a_sign_to_the_story(paper: SmallSite) -> None:
    style(paper, "links")
    paper.build()
    page = paper.page("/")
    assert links(page, ".post h3 a") == [
        "/2026/06/one/",
        "https://times.example/a?b=1&c=2",
        "/2026/06/two/",
        "/2026/06/three/",
        "/2026/06/four/",
    ]
    (sign,) = page.cssselect(".permalink")
    assert sign.get("aria-label") == "Permanent link: Two"


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_fragments_of_a_text_lead_to_its_own_page(paper: SmallSite, engine: str) -> None:
    style(paper, "links", f'[markdown]\nengine = "{engine}"\n')
    paper.build()
    for name, post in zip(("one", "two"), paper.page("/").cssselect(".post"), strict=False):
        assert post.xpath(".//*[contains(@class, 'prose')]//@id") == []
        found = links(post, ".prose a")
        assert found
        ids = [str(i) for i in paper.page(f"/2026/06/{name}/").xpath("//@id")]
        for address in found:
            place, _, fragment = address.partition("#")
            assert place == f"/2026/06/{name}/" and fragment in ids


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('<p id="a">x</p>', "<p>x</p>"),
        ("<p class=k ID='a'>x</p>", "<p class=k>x</p>"),
        ('<p title="an id=5 of">x</p>', '<p title="an id=5 of">x</p>'),
        ('<a name="a" id=b></a>', "<a></a>"),
        ('<input name="a" id="b">', '<input name="a">'),
        (
            '<svg id="s"><linearGradient id="g"/><path fill="url(#g)"/></svg>',
            '<svg id="s"><linearGradient id="g"/><path fill="url(#g)"/></svg>',
        ),
    ],
)
def test_names_of_places_are_taken_out_and_nothing_else(
    site: SmallSite, engine: str, written: str, shown: str
) -> None:
    style(site, "links", f'[markdown]\nengine = "{engine}"\n')
    site.article("one", f'<div>{written}</div>\n\nAn id=7 stays, `id="8"` too.')
    site.build()
    text = site.text("/")
    assert f"<div>{shown}</div>" in text
    assert "An id=7 stays" in text and 'id="8"' in text.replace("&quot;", '"')


def test_a_link_blog_lies_below_a_path(paper: SmallSite) -> None:
    settings = SETTINGS.replace("example/", "example/blog/")
    paper.write({"site.toml": f'{settings}[front]\nstyle = "links"\n'})
    paper.build()
    assert links(paper.page("/"), ".permalink") == ["/blog/2026/06/two/"]
    assert "/blog/2026/06/one/#far" in links(paper.page("/"), ".post .prose a")


def test_a_day_is_that_of_the_sites_clocks(site: SmallSite) -> None:
    style(site, "links", above='timezone = "Asia/Tokyo"\n')
    site.article("late", date="2026-06-01T23:30:00Z")
    site.article("whole", date="2026-06-01")
    site.build()
    days = [words(day, "h2.label") for day in site.page("/").cssselect(".posts section")]
    assert days == ["Tuesday, June 2, 2026", "Monday, June 1, 2026"]


def test_corrections_are_named_and_lead_to_the_story(site: SmallSite) -> None:
    style(site, "links")
    site.article("one", corrections="[{date: 2026-06-02, text: It was two.}]")
    site.article("two", corrections="[{date: 2026-06-02, text: It was three.}]")
    site.build()
    found = links(site.page("/"), ".post > .meta a")
    assert sorted(found) == [f"/2026/06/{name}/#story_corrections" for name in ("one", "two")]


# ------------------------------------------------------------------------- what edits wake


@pytest.mark.parametrize(("name", "woken"), [("paper", False), ("river", False), ("links", True)])
def test_a_new_body_wakes_the_front_page_that_shows_it_alone(
    paper: SmallSite, name: str, woken: bool
) -> None:
    style(paper, name, "per_page = 3\n")
    paper.article("four", "Shorter.", date="2026-06-01", author="Bo", summary="S")
    paper.article("three", "Short.", date="2026-06-02", author="Ann", summary="S")
    paper.build()
    paper.article("three", "Shorter still.", date="2026-06-02", author="Ann", summary="S")
    rendered, _, _ = build_again(paper)
    assert ("index.html" in rendered) == woken
    assert "page/2/index.html" not in rendered


def test_from_one_style_to_another_is_as_from_nothing(paper: SmallSite) -> None:
    paper.build()
    for name in ("river", "links", "paper", "links", "river"):
        style(paper, name, "per_page = 2\n")
        build_again(paper)


# ----------------------------------------------------------------------- layouts of a site


@pytest.mark.parametrize("name", STYLES)
def test_a_site_s_own_front_page_stays_its_own(paper: SmallSite, name: str) -> None:
    own = "{% for card in [lead] if lead %}{{ card.title }} {% endfor %}"
    own += "{% for card in (top | list) + (river | list) %}{{ card.title }} {% endfor %}"
    paper.write({"layouts/front.html": own})
    style(paper, name)
    assert paper.warnings() == []
    assert {*paper.text("/").split()} == {"One", "Two", "Three", "Four"}


@pytest.mark.parametrize("name", ["river", "links"])
def test_a_style_can_be_overridden_block_by_block(paper: SmallSite, name: str) -> None:
    extends = f'{{% extends "default/front-{name}.html" %}}'
    paper.write({f"layouts/front-{name}.html": f"{extends}{{% block rail %}}Rail{{% endblock %}}"})
    style(paper, name)
    assert paper.warnings() == []
    assert "Rail" in paper.text("/") and len(titles(paper)) == 4


def test_the_parts_that_styles_are_joined_from_can_be_replaced(paper: SmallSite) -> None:
    paper.write({"layouts/assets/look/links.css": ".post { color: red }"})
    style(paper, "links")
    assert paper.warnings() == []
    sheet = Path(links(paper.page("/"), "link[rel=stylesheet]")[1].lstrip("/"))
    assert (paper.public / sheet).read_text() == ".post { color: red }\n"


def test_a_style_that_there_is_none_of_is_told(built: SmallSite) -> None:
    style(built, "rivers")
    what = 'front.style: "rivers" is none of paper, river, links; did you mean "river"?'
    assert built.errors() == [f"site.toml:4: {what}"]
