"""A story's own page: what stands in the article, beside it and under it."""

import pytest

from support.sites import SETTINGS, SmallSite, links, words

RELATED = "aside.related li a"


def test_a_story_shows_all_that_is_said_of_it(site: SmallSite) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="6"/>'
    site.write({"content/articles/map.svg": drawing})
    site.write({"content/authors/ann.md": "---\nname: Ann Ant\n---\nShe *digs*.\n"})
    site.article(
        "story",
        "Word " * 460,
        date="2026-05-31T22:15:00-05:00",
        kicker="Exclusive",
        summary="What happened & why",
        authors="[Ann Ant, Bo Bear, Cy Cat]",
        tags="[AI, Law]",
        image='{src: map.svg, alt: A map, title: "Here", credit: "Bo", caption: "Now"}',
    )
    site.build()
    article = site.page("/2026/05/story/").cssselect("article")[0]
    assert words(article, "h1") == "Story"
    assert words(article, ".kicker") == "Exclusive"
    assert words(article, ".dek") == "What happened & why"
    assert words(article, ".byline") == "By Ann Ant, Bo Bear and Cy Cat"
    assert links(article, "a[rel=author]") == [
        f"/authors/{a}/" for a in ("ann", "bo-bear", "cy-cat")
    ]
    assert words(article, "time") == "June 1, 2026, 3:15 AM"
    assert article.xpath(".//time/@datetime") == ["2026-05-31T22:15:00-05:00"]
    assert "2 min read" in words(article, "header, .story-meta")
    assert words(article, "figure figcaption") == "Here Now Bo"
    picture = article.cssselect("figure img")[0]
    assert (picture.get("src"), picture.get("alt")) == ("/articles/map.svg", "A map")
    assert (picture.get("width"), picture.get("height")) == ("9", "6")
    assert links(article, "a[rel=tag]") == ["/tags/ai/", "/tags/law/"]
    assert "She digs." in words(article, "section.author")


def test_a_story_without_a_summary_shows_no_dek(site: SmallSite) -> None:
    site.article("story", "The first paragraph.\n\nThe second.")
    site.build()
    assert site.page("/2026/06/story/").cssselect(".dek") == []
    assert "The first paragraph." in words(site.page("/"), "main .summary")


def test_previous_and_next_are_the_neighbours_in_time(site: SmallSite) -> None:
    for day in (1, 2, 3):
        site.article(f"d{day}", date=f"2026-05-0{day}")
    site.article("hidden", date="2026-05-02T12:00", draft="true")
    site.build()
    pages = [site.page(f"/2026/05/d{day}/") for day in (1, 2, 3)]
    assert [links(page, "nav a[rel=prev]") for page in pages] == [
        [],
        ["/2026/05/d1/"],
        ["/2026/05/d2/"],
    ]
    assert [links(page, "nav a[rel=next]") for page in pages] == [
        ["/2026/05/d2/"],
        ["/2026/05/d3/"],
        [],
    ]


def test_the_sidebar_has_one_link_a_suggestion_and_one_to_them_all(site: SmallSite) -> None:
    for day in range(1, 9):
        body = "Some rather long first paragraph that goes on " * 5
        site.article(f"k{day}", body, date=f"2026-05-0{day}", tags="[AI, Law]", kicker="New")
    site.article("story", tags="[Law, AI]")
    site.write({"site.toml": SETTINGS + "[related]\ncount = 3\nexcerpt = 40\n"})
    site.build()
    (aside,) = site.page("/2026/06/story/").cssselect("aside.related")
    assert links(aside, "li a") == [f"/2026/05/k{day}/" for day in (8, 7, 6)]
    assert links(aside, "a.view-all") == ["/tags/ai/"]
    assert len(links(aside)) == 4
    assert aside.cssselect("time") == []
    assert all(len(p.text_content()) <= 40 for p in aside.cssselect("li .summary"))
    assert words(aside, "li .summary").count("…") == 3


def test_pins_come_first_and_what_is_excluded_never(site: SmallSite) -> None:
    site.article("near", tags="[AI]")
    site.article("never", tags="[AI]")
    site.article("strange", tags="[Cats]")
    site.article("desk/far", date="2020-01-01", tags="[AI]")
    choice = "{pin: [strange, desk/far.md], exclude: [never.md]}"
    site.article("story", tags="[AI]", related=choice)
    assert site.warnings() == []
    shown = links(site.page("/2026/06/story/"), RELATED)
    assert shown == ["/2026/06/strange/", "/2020/01/far/", "/2026/06/near/"]


def test_what_is_excluded_is_not_shown_even_when_pinned(site: SmallSite) -> None:
    site.article("other")
    site.article("story", related="{pin: [other], exclude: [other.md]}")
    site.build()
    assert links(site.page("/2026/06/story/"), RELATED) == []


def test_a_pinned_draft_is_not_shown(site: SmallSite) -> None:
    site.article("hidden", draft="true")
    site.article("story", related="{pin: [hidden]}")
    site.build()
    assert site.page("/2026/06/story/").cssselect("aside.related") == []
    site.build(drafts=True)
    assert links(site.page("/2026/06/story/"), RELATED) == ["/2026/06/hidden/"]


def test_a_story_that_is_related_to_nothing_has_no_sidebar(site: SmallSite) -> None:
    site.article("one", tags="[AI]")
    site.article("two", tags="[Law]")
    site.build()
    assert site.page("/2026/06/one/").cssselect("aside") == []


def test_rare_tags_weigh_more_than_common_ones(site: SmallSite) -> None:
    for day in range(1, 9):
        site.article(f"common{day}", tags="[News]")
    site.article("rare", date="2025-01-01", tags="[Quarks]")
    site.article("story", tags="[News, Quarks]")
    site.build()
    assert links(site.page("/2026/06/story/"), RELATED)[0] == "/2025/01/rare/"


# ------------------------------------------------------------ promo, corrections, source


PROMO = """
    -- content/promos/paper.md --
    ---
    title: Read us
    url: /tags/
    label: Subscribe
    ---
    Every *week*.
    -- content/promos/other.md --
    ---
    title: Or this
    url: https://other.example/
    label: Go
    ---
    Else.
    """


def test_the_promo_stands_between_two_paragraphs(site: SmallSite) -> None:
    site.write(PROMO)
    site.write({"site.toml": SETTINGS + '[promos]\ndefault = "paper"\nafter = 2\n'})
    site.article("story", "One.\n\nTwo.\n\nThree.\n\nFour.")
    site.article("without", "One.\n\nTwo.\n\nThree.", promo="false")
    site.article("other", "One.\n\nTwo.\n\nThree.", promo="other")
    site.build()
    (promo,) = site.page("/2026/06/story/").cssselect("article aside.promo")
    before, after = promo.getprevious(), promo.getnext()
    assert before is not None and after is not None
    assert (before.text_content(), after.text_content()) == ("Two.", "Three.")
    assert words(promo, "p") == "Read us Every week. Subscribe"
    assert links(promo) == ["/tags/"]
    assert site.page("/2026/06/without/").cssselect(".promo") == []
    assert links(site.page("/2026/06/other/"), ".promo a") == ["https://other.example/"]


def test_corrections_are_shown_with_their_dates(site: SmallSite) -> None:
    fixes = '[{date: 2026-06-02, text: "It was <ten>."}, {date: 2026-06-03, text: Not nine.}]'
    site.article("story", corrections=fixes)
    site.build()
    items = [
        " ".join(li.text_content().split())
        for li in site.page("/2026/06/story/").cssselect(".corrections li")
    ]
    assert items == ["June 2, 2026 It was <ten>.", "June 3, 2026 Not nine."]
    assert "Updated June 3, 2026" in words(site.page("/2026/06/story/"), ".story-meta")


@pytest.mark.parametrize(
    ("author", "line"),
    [(None, "Based on reporting at The Times"), ("Di", "Based on reporting by Di at The Times")],
)
def test_the_source_line_names_whose_story_it_was(
    site: SmallSite, author: str | None, line: str
) -> None:
    by = f", author: {author}" if author else ""
    site.article("story", source=f'{{name: The Times, url: "https://t.example/?a=1&b=2"{by}}}')
    site.build()
    (source,) = site.page("/2026/06/story/").cssselect("article .source")
    assert " ".join(source.text_content().split()) == line
    assert links(source) == ["https://t.example/?a=1&b=2"]


# ------------------------------------------------------------------------ comments, drafts


MAIL = SETTINGS + '[comments]\nprovider = "mailto"\naddress = "desk@paper.example"\n'


def test_a_letter_to_the_editor_names_the_story(site: SmallSite) -> None:
    site.write({"site.toml": MAIL})
    site.article("story", title="'50% & \"more\"'")
    site.build()
    (letter,) = links(site.page("/2026/06/story/"), ".comments a")
    assert letter == (
        "mailto:desk@paper.example?subject=Re%3A%2050%25%20%26%20%E2%80%9Cmore%E2%80%9D"
    )


def test_comments_can_be_off_for_one_story_and_are_off_by_default(site: SmallSite) -> None:
    site.article("with")
    site.article("without", comments="false")
    site.build()
    assert site.page("/2026/06/with/").cssselect(".comments") == []
    site.write({"site.toml": MAIL})
    site.build()
    assert len(site.page("/2026/06/with/").cssselect(".comments")) == 1
    assert site.page("/2026/06/without/").cssselect(".comments") == []


@pytest.mark.parametrize(
    ("field", "value", "note"),
    [("draft", "true", "Draft"), ("date", "2026-06-16", "Scheduled")],
)
def test_what_is_not_public_is_marked_and_kept_from_search_engines(
    site: SmallSite, field: str, value: str, note: str
) -> None:
    site.article("story", **{field: value}, tags="[AI]")
    site.article("live", date="2026-06-15")
    site.build()
    assert "2026/06/story/index.html" not in site.outputs()
    site.build(drafts=True)
    page = site.page("/2026/06/story/")
    assert words(page, "article .state").startswith(note)
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert note in words(site.page("/tags/ai/"), "main li")
    assert "/2026/06/story/" not in site.text("/sitemap.xml") + site.text("/news-sitemap.xml")


def test_an_expired_story_is_gone(site: SmallSite) -> None:
    site.article("story", expires="2026-06-15T11:59:59+00:00", tags="[AI]", aliases="[/old/]")
    site.build()
    assert not [p for p in site.outputs() if "story" in p or "old" in p or "ai" in p]
