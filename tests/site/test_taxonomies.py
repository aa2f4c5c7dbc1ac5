"""Sections, series, and what else a site sorts its stories by."""

import json
from typing import Any

import feedparser
import pytest

from generator.output.inventory import read_inventory
from support.builds import clean_tree, differing, tree
from support.sites import SETTINGS, SmallSite, links, refused, words

PLACES = """[taxonomies.places]
title = "Places"
feed = true
"""


def declared(site: SmallSite, tables: str = PLACES, more: str = "") -> None:
    site.write({"site.toml": f"{SETTINGS}{more}{tables}"})


def term(site: SmallSite, path: str, body: str = "", **fields: Any) -> None:
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    site.write({f"content/{path}.md": f"---\n{lines}---\n{body}\n"})


# ------------------------------------------------------------------------ sections


def test_a_section_stands_where_its_name_says_and_is_where_its_stories_belong(
    site: SmallSite,
) -> None:
    site.write({"site.toml": f'{SETTINGS}menu = [{{title = "World", url = "/world/"}}]\n'})
    site.article("story", section="World")
    site.article("other", kicker="Exclusive", section="World")
    assert site.warnings() == []
    page = site.page("/2026/06/story/index.html")
    assert links(page, ".story-head .kicker a") == ["/world/"]
    assert links(page, ".trail a") == ["/", "/world/"] or not page.cssselect(".trail")
    assert page.xpath("//nav[@class='menu']//a[@aria-current='true']/@href") == ["/world/"]
    assert '"articleSection":"World"' in site.text("2026/06/story/")
    assert words(site.page("/2026/06/other/index.html"), ".story-head .kicker") == "Exclusive"
    section = site.page("/world/index.html")
    assert section.xpath("//nav[@class='menu']//a[@aria-current='page']/@href") == ["/world/"]
    assert links(section, ".river h3 a") == ["/2026/06/other/", "/2026/06/story/"]
    assert words(section, ".river .kicker") == "Exclusive"
    inventory = read_inventory(site.public)
    assert inventory
    assert inventory.files["world/index.html"].kind == "section"
    feed = feedparser.parse(site.outputs()["world/feed.xml"])
    assert [entry.link for entry in feed.entries] == [
        "https://paper.example/2026/06/other/",
        "https://paper.example/2026/06/story/",
    ]
    assert "<loc>https://paper.example/world/</loc>" in site.text("sitemap.xml")


def test_a_site_without_sections_has_what_it_had(site: SmallSite) -> None:
    site.article("story", tags="[AI]")
    site.build()
    kinds = {item.kind for item in read_inventory(site.public).files.values()}  # type: ignore[union-attr]
    assert not kinds & {"section", "series", "term", "term feed"}


def test_sections_in_sections_stand_below_them_and_share_their_stories(site: SmallSite) -> None:
    term(site, "section/world", "All of it.", name="World")
    term(site, "section/europe", name="Europe", parent="World")
    term(site, "section/balkans", name="The Balkans", parent="europe")
    site.article("a", section="World")
    site.article("b", section="Europe")
    site.article("c", section="The Balkans")
    assert site.warnings() == []
    page = site.page("/world/europe/balkans/index.html")
    assert links(page, ".trail a") == ["/", "/world/", "/world/europe/"]
    assert links(page, ".river h3 a") == ["/2026/06/c/"]
    assert links(site.page("/world/europe/index.html"), ".river h3 a") == [
        "/2026/06/b/",
        "/2026/06/c/",
    ]
    world = site.page("/world/index.html")
    assert len(links(world, ".river h3 a")) == 3
    assert links(world, ".tally a") == ["/world/europe/"]
    assert words(world, ".prose") == "All of it."
    story = site.text("2026/06/c/")
    assert '"name":"Europe"' in story and "/world/europe/balkans/" in story


def test_names_of_a_story_that_cannot_be_read_are_not_said_to_be_unknown(built: SmallSite) -> None:
    term(built, "section/baroque", name="Baroque", parent="Opera")
    term(built, "tags/rail", name="Rail")
    built.article("a", section="Baroque")
    built.article("b", section="Opera", tags="[Rail]", date="soon")
    (told,) = refused(built)
    assert told.startswith("content/articles/b.md:3: date: ")
    built.article("b", tags="[Rail]")
    assert refused(built) == [
        'content/section/baroque.md:3: parent: there is no "Opera" in content/section/, nor in any'
        " story; add its file, or mend the name"
    ]


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("story.terms.place", "`story.terms` has no `place`; did you mean `places`?"),
        ('story.terms["cities"]', "`story.terms` has no `cities`; known here: places"),
        (
            "story.terms.section",
            "`story.terms` has no `section`, for it comes along; write `story.section`",
        ),
    ],
)
def test_terms_of_no_taxonomy_are_told_at_the_layout(
    built: SmallSite, expression: str, told: str
) -> None:
    declared(built)
    layout = (
        f'{{% extends "default/article.html" %}}\n{{% block dek %}}{{% for t in {expression} %}}'
    )
    built.write({"layouts/article.html": layout + "{{ t.name }}{% endfor %}{% endblock %}"})
    assert refused(built) == [f"layouts/article.html:2: {told}"]
    sound = layout.replace(expression, "story.terms.places")
    built.write({"layouts/article.html": sound + "{{ t.title }}{% endfor %}{% endblock %}"})
    built.build()
    declared(built, "")
    assert refused(built) == [
        "layouts/article.html:2: `story.terms` has no `places`;"
        " declare it as [taxonomies.places] in site.toml"
    ]


def test_a_tag_shows_the_tags_that_are_parts_of_it(site: SmallSite) -> None:
    term(site, "tags/water", name="Water")
    term(site, "tags/floods", name="Floods", parent="Water")
    site.article("a", tags="[Floods]")
    assert site.warnings() == []
    assert links(site.page("/tags/water/index.html"), ".tally a") == ["/tags/water/floods/"]
    assert links(site.page("/tags/water/floods/index.html"), ".tally a") == []


def test_an_address_of_a_story_holds_its_section(site: SmallSite) -> None:
    declared(site, more='permalink = "/{section}/{slug}/"\n')
    term(site, "section/europe", name="Europe", parent="World")
    term(site, "section/world", name="World")
    site.article("a", section="Europe")
    site.article("b", permalink="/elsewhere/")
    assert site.warnings() == []
    assert {"world/europe/a/index.html", "elsewhere/index.html"} <= site.outputs().keys()
    site.article("c")
    assert refused(site) == [
        "content/articles/c.md:1: it has no `section`, and its address is to hold one"
        ' (by "/{section}/{slug}/" in site.toml);'
        " add `section`, or give it a `permalink` of its own"
    ]


def test_the_front_page_has_a_block_for_each_section_that_is_named(site: SmallSite) -> None:
    front = '[front]\nsections = ["culture", "World"]\nper_section = 2\n'
    declared(site, front)
    for number in range(3):
        site.article(f"w{number}", section="World")
    site.article("c", section="Culture")
    assert site.warnings() == []
    page = site.page("/index.html")
    assert links(page, ".section h2 a")[0] == "/culture/"
    assert links(page, ".section .label a") == ["/culture/", "/world/"]
    assert len(page.cssselect(".section .card")) == 3
    declared(site, front.replace("culture", "Kulture"))
    assert site.warnings() == [
        'site.toml:4: front.sections[1]: there is no section "Kulture"; did you mean "Culture"?'
    ]


# -------------------------------------------------------------------------- series


def test_a_series_has_an_order_a_box_in_its_stories_and_a_page(site: SmallSite) -> None:
    site.article("b", series="{name: Water, part: 2}")
    site.article("a", series="{name: Water, part: 1}", date="2026-06-03")
    site.article("late", series="Water", date="2026-06-02")
    site.article("early", series="Water", date="2026-06-01")
    site.article("alone")
    assert site.warnings() == []
    order = [f"/2026/06/{name}/" for name in ("a", "b", "early", "late")]
    assert links(site.page("/series/water/index.html"), ".river h3 a") == order
    page = site.page("/2026/06/b/index.html")
    assert links(page, ".series ol a") == [order[0], *order[2:]]
    assert words(page, ".series [aria-current]") == "B"
    assert links(page, ".series .more a") == [order[0], order[2]]
    assert links(site.page("/2026/06/a/index.html"), ".series .more a") == [order[1]]
    assert not site.page("/2026/06/alone/index.html").cssselect(".series")
    assert links(site.page("/series/index.html"), ".tally a") == ["/series/water/"]


# ------------------------------------------------------------------------- declared


def test_a_taxonomy_of_its_own_is_a_field_a_folder_pages_a_list_and_feeds(
    site: SmallSite,
) -> None:
    declared(site)
    term(site, "places/kyiv", "The *capital*.", name="Kyiv", aliases="[/kiev/]")
    site.article("story", places="[Berlin, Kyiv]")
    site.article("one", places="Berlin")
    assert site.warnings() == []
    page = site.page("/2026/06/story/index.html")
    assert links(page, ".story-foot .tags a") == ["/places/berlin/", "/places/kyiv/"]
    assert links(site.page("/places/index.html"), ".tally a") == [
        "/places/berlin/",
        "/places/kyiv/",
    ]
    assert words(site.page("/places/index.html"), "h1") == "Places"
    kyiv = site.page("/places/kyiv/index.html")
    assert words(kyiv, ".prose") == "The capital."
    assert links(kyiv, ".trail a") == ["/", "/places/"]
    assert "places/kyiv/feed.xml" in site.outputs()
    assert "/places/kyiv/" in site.text("kiev/")


def test_a_taxonomy_that_gives_a_story_one_term_alone(site: SmallSite) -> None:
    declared(site, '[taxonomies.city]\nmany = false\npermalink = "/in/{slug}/"\n')
    site.article("story", city="Kyiv")
    assert site.warnings() == []
    assert "in/kyiv/index.html" in site.outputs()
    site.article("two", city="[Kyiv, Lviv]")
    (told,) = refused(site)
    assert told.startswith("content/articles/two.md:4: city: expected text, got a list")


def test_a_name_that_is_not_declared_is_told(site: SmallSite) -> None:
    site.article("story", places="[Berlin]")
    (told,) = site.warnings()
    assert told.startswith("content/articles/story.md:4: `places` has no meaning here")
    declared(site)
    assert site.warnings() == []
    site.article("story", place="[Berlin]")
    assert site.warnings() == [
        "content/articles/story.md:4: unknown field `place`; did you mean `places`?"
    ]


def test_terms_enter_layouts(site: SmallSite) -> None:
    declared(site)
    site.write(
        {
            "layouts/article.html": "{% for name, terms in story.terms.items() %}{{ name }}:"
            "{% for term in terms %} {{ term.title }}{% endfor %}{% endfor %}|"
            "{{ story.section.title if story.section }}|{{ story.series.name if story.series }}"
        }
    )
    site.article("story", places="[Kyiv, Berlin]", section="World", series="Water")
    site.build()
    assert site.text("2026/06/story/").strip() == "places: Kyiv Berlin|World|Water"


# -------------------------------------------------------------------- what wakes, errors


EDITS = {
    "a term renamed": lambda site: term(site, "section/world", name="The World"),
    "a parent": lambda site: term(site, "section/europe", name="Europe", parent="The World"),
    "a parent gone": lambda site: term(site, "section/europe", name="Europe"),
    "a description": lambda site: term(site, "places/kyiv", "It is old.", name="Kyiv"),
    "a story moved": lambda site: site.article("c", section="Europe", places="Kyiv"),
    "a part": lambda site: site.article("b", series="{name: Water, part: 9}", section="World"),
    "a title": lambda site: site.article("a", title="Anew", series="Water", section="Europe"),
    "gone": lambda site: (site.root / "content/articles/c.md").unlink(),
    "no feeds": lambda site: declared(site, PLACES.replace("true", "false")),
    "elsewhere": lambda site: declared(site, PLACES + 'permalink = "/orte/{slug}/"\n'),
    "in an address": lambda site: declared(site, more='permalink = "/{section}/{slug}/"\n'),
    "sections at the front": lambda site: declared(site, '[front]\nsections = ["World"]\n'),
}


def test_after_each_edit_an_incremental_build_is_a_clean_one(site: SmallSite) -> None:
    declared(site)
    term(site, "section/world", name="World")
    term(site, "section/europe", name="Europe", parent="World")
    site.article("a", series="{name: Water, part: 2}", section="Europe")
    site.article("b", series="{name: Water, part: 1}", section="World")
    site.article("c", places="[Kyiv]", section="World")
    site.build()
    for name, edit in EDITS.items():
        edit(site)  # type: ignore[no-untyped-call]
        site.errors()
        assert differing(tree(site.public), clean_tree(site)) == [], name


def test_a_story_of_a_series_wakes_the_others(site: SmallSite) -> None:
    site.article("a", series="Water", tags="[X]")
    site.article("b", series="Water", date="2026-06-02")
    site.article("other", date="2026-06-03", related='{exclude: ["a", "b"]}')
    site.build()
    before = {path: item.words for path, item in read_inventory(site.public).files.items()}  # type: ignore[union-attr]
    site.article("c", series="Water", date="2026-05-01")
    site.build()
    assert links(site.page("/2026/06/a/index.html"), ".series .more a")[0] == "/2026/05/c/"
    assert links(site.page("/2026/06/b/index.html"), ".series ol a")[0] == "/2026/05/c/"
    assert before.keys() <= read_inventory(site.public).files.keys()  # type: ignore[union-attr]


WRONG = {
    ("section/world", "World", "parent: Wurld"): (
        'content/section/world.md:3: parent: there is no "Wurld" in content/section/, nor in any'
        ' story; did you mean "world"?'
    ),
    ("section/world", "World", "parent: World"): (
        'content/section/world.md:3: parent: "World" is a part of this one, or of itself;'
        " take out one of the two"
    ),
    ("places/kyiv", "Kyiv", "image: {src: none.jpg, alt: x}"): (
        'content/places/kyiv.md:3: image.src: there is no file "none.jpg";'
        " put it at content/places/none.jpg, or mend the path"
    ),
    ("section/europe", "World", "parent: World"): (
        'content/section/europe.md:3: parent: "World" is a part of this one, or of itself;'
        " take out one of the two"
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_term_is_told(built: SmallSite, case: tuple[str, str, str]) -> None:
    path, name, line = case
    declared(built)
    built.article("story", section="World", places="Kyiv")
    built.write({f"content/{path}.md": f"---\nname: {name}\n{line}\n---\n"})
    assert refused(built) == [WRONG[case]]


def test_a_term_that_no_story_has_is_told(site: SmallSite) -> None:
    site.article("story", section="World")
    term(site, "section/worlds", name="Worlds")
    assert site.warnings() == [
        'content/section/worlds.md:2: no story has "Worlds", so it has no page;'
        ' is it "World" in the stories?'
    ]


def test_a_section_where_a_page_stands_is_refused(built: SmallSite) -> None:
    built.article("story", section="About")
    built.write({"content/pages/about.md": "---\ntitle: About\n---\nText.\n"})
    assert refused(built) == [
        'content/pages/about.md:1: its address /about/ is also that of section "About", in'
        " content/articles/story.md; rename one of the two"
    ]


def test_two_terms_with_one_address_are_refused(built: SmallSite) -> None:
    declared(built, '[taxonomies.places]\npermalink = "/{slug}/"\n')
    built.article("story", section="World", places="World")
    assert refused(built) == [
        'content/articles/story.md:4: section "World" would stand at /world/, as places "World"'
        " does; name it otherwise, or move one of the two in [addresses] or [taxonomies]"
    ]


def test_a_section_where_a_page_of_broadsheets_own_stands_is_refused(built: SmallSite) -> None:
    built.article("story", section="Archive")
    remedy = "name it otherwise, or move one of the two in [addresses] or [taxonomies]"
    what = 'section "Archive" would stand at /archive/, as a page that Broadsheet makes does,'
    by = "by layouts/archive.html and layouts/section.html"
    assert refused(built) == [f"content/articles/story.md:4: {what} {by}; {remedy}"]
    term(built, "section/archive", name="Archive")
    assert refused(built) == [f"content/section/archive.md:2: {what} {by}; {remedy}"]


SETTINGS_WRONG = {
    "[taxonomies.tags]": "taxonomies.tags: tags are there already; their address is addresses.tags",
    "[taxonomies.Places]": "taxonomies.Places: it is a field of stories and a folder;"
    ' name it as in "places" or "our_cities"',
    "[taxonomies.title]": "taxonomies.title: stories have a field of that name already;"
    " choose another name",
    "[taxonomies.since]": "taxonomies.since: layouts say something else by it in stories(since=…);"
    " choose another name",
    "[taxonomies.promos]": "taxonomies.promos: content/promos/ is for something else;"
    " choose another name",
    '[taxonomies]\ncity.permalink = "/in/"': 'taxonomies.city.permalink: "/in/": it does not end'
    ' with "/{slug}/"; write a pattern such as "/city/{slug}/"',
    "[taxonomies]\nsection.many = true": "taxonomies.section.many: a story has one section alone;"
    " take it out, or declare another taxonomy",
    "[taxonomies]\ncity.feeds = true": "unknown field `taxonomies.city.feeds`;"
    " did you mean `feed`?",
}


@pytest.mark.parametrize("lines", SETTINGS_WRONG)
def test_what_cannot_be_declared_is_told_with_its_line(built: SmallSite, lines: str) -> None:
    declared(built, f"{lines}\n")
    number = 3 + lines.count("\n")
    assert refused(built) == [f"site.toml:{number}: {SETTINGS_WRONG[lines]}"]


def test_a_term_moved_leads_on_by_its_aliases(site: SmallSite) -> None:
    declared(site, PLACES + 'permalink = "/orte/{slug}/"\n')
    term(site, "places/kyiv", name="Kyiv", aliases="[/places/kyiv/]")
    site.article("story", places="Kyiv")
    assert site.warnings() == []
    assert json.loads(json.dumps(site.text("places/kyiv/"))).count("/orte/kyiv/") >= 1
