"""Awkward stories in a real browser: what is looked at by eye, where a number can tell."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest

from support.browser_pages import opened, pixels, served, sideways
from support.sites import SETTINGS, SmallSite, words

pytestmark = pytest.mark.long

STORY = "/2026/06/story/"
WIDTHS = (320, 390, 1280)
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800"/>'
IMAGE = "{src: p.svg, alt: A picture}"
SENTENCE = "The committee met for the third time this year, and rose without a decision. "
HEADLINE = "A much amended proposal on the labelling of refurbished machinery " * 2


@contextmanager
def shown(
    browser: Any, site: SmallSite, path: str = STORY, width: int = 1280, drafts: bool = False
) -> Iterator[Any]:
    """A page of the site, built and opened in a window of a width."""
    site.write({"content/articles/p.svg": PICTURE})
    site.build(drafts=drafts)
    window = {"width": width, "height": 844}
    with served(site.public) as home, opened(browser, home + path, viewport=window) as page:
        yield page


def each_width(page: Any, *widths: int) -> Iterator[int]:
    """The window at one width after the other; nothing sticks out of it at any."""
    for width in widths or WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        yield width
        assert sideways(page) == [], width


def box(page: Any, selector: str) -> dict[str, float]:
    """Where the first element of a selector is: x, y, width, height."""
    found: dict[str, float] = page.locator(selector).first.bounding_box()
    return found


def gap(page: Any, above: str, below: str) -> float:
    """Pixels between the foot of one element and the head of another."""
    first = box(page, above)
    return box(page, below)["y"] - first["y"] - first["height"]


# -------------------------------------------------------------------------------- fonts


def fonts(page: Any, selector: str) -> set[str]:
    """The families that the text of each element of a selector is really set in."""
    client = page.context.new_cdp_session(page)
    client.send("DOM.enable")
    client.send("CSS.enable")
    root = client.send("DOM.getDocument", {"depth": -1})["root"]["nodeId"]
    query = {"nodeId": root, "selector": selector}
    nodes = client.send("DOM.querySelectorAll", query)["nodeIds"]
    used = (client.send("CSS.getPlatformFontsForNode", {"nodeId": node}) for node in nodes)
    return {font["familyName"] for found in used for font in found["fonts"]}


MIXED = "Chang’e-6: 1,935.3 g (53 days) — «so» “it” ‘is’, 50 % at £3.50; really? Yes! № 7 · 1/2 …"


@pytest.mark.usefixtures("noto_fonts")
@pytest.mark.parametrize("language", ["en", "de", "ru", "uk", "vi", "pl"])
def test_digits_and_points_are_of_the_same_font_as_letters(
    browser: Any, site: SmallSite, language: str
) -> None:
    site.write({"site.toml": f'{SETTINGS}language = "{language}"\n'})
    letters = "Съешь ещё этих булок" if language in ("ru", "uk") else "Quick brown foxes"
    text = f"{letters}. {MIXED}"
    body = f'<p class="opening">{text}</p>\n\n## {text}\n\n> {text}\n\n- {text}\n\n`{MIXED}`\n'
    site.article("story", body, title=json.dumps(text), summary=json.dumps(text), author="Bo 7")
    with shown(browser, site) as page:
        for part in ("h1", ".dek", ".opening", ".prose h2", "blockquote", ".prose li", ".byline"):
            assert len(fonts(page, f".story {part}")) == 1, part
        assert fonts(page, ".prose h2") == fonts(page, ".opening")
        assert not any("Arabic" in name or "Naskh" in name for name in fonts(page, "body"))
        assert all("Mono" in name for name in fonts(page, ".prose code"))


@pytest.mark.usefixtures("noto_fonts")
@pytest.mark.parametrize(
    ("language", "text", "family"),
    [
        ("ar", "اجتمعت اللجنة للمرة الثالثة هذا العام", "Noto Naskh Arabic"),
        ("fa", "کمیته برای سومین بار تشکیل شد", "Noto Naskh Arabic"),
        ("he", "הוועדה נפגשה בפעם השלישית השנה", "Hebrew"),
        ("hi", "समिति ने तीसरी बार बैठक की", "Devanagari"),
    ],
)
def test_each_script_has_a_font_of_its_own(
    browser: Any, site: SmallSite, language: str, text: str, family: str
) -> None:
    site.article("abroad", f'<p lang="{language}" class="own">{text}</p>\n\nPlain.')
    site.article("story", text, title=text)
    site.write({"site.toml": f'{SETTINGS}language = "{language}"\n'})
    with shown(browser, site) as page:
        (used,) = fonts(page, ".story .prose > p")
        assert family in used
        assert all(family in name for name in fonts(page, ".story h1"))
    site.write({"site.toml": SETTINGS})
    with shown(browser, site, "/2026/06/abroad/") as page:
        assert fonts(page, ".own") == {used}


# --------------------------------------------------------------------------- front page


@pytest.mark.parametrize("stories", range(8))
def test_a_front_page_without_a_river_has_no_word_on_it(site: SmallSite, stories: int) -> None:
    for number in range(stories):
        site.article(f"s{number}")
    site.build()
    page = site.page("/")
    assert ("There are no stories yet." in words(page)) == (stories == 0)
    assert bool(page.cssselect("#latest_stories")) == (stories in (0, 7))


@pytest.mark.parametrize("others", [1, 2, 3, 5])
def test_a_lead_without_a_picture_leaves_no_hole(
    browser: Any, site: SmallSite, others: int
) -> None:
    site.article("lead", SENTENCE, featured=1)
    for number in range(others):
        site.article(f"s{number}", SENTENCE, image=IMAGE, title=HEADLINE)
    with shown(browser, site, "/") as page:
        for _ in each_width(page, 390, 768, 1280):
            assert gap(page, ".lead .card-text", ".row") < 40
            column = box(page, "main .headlines")["width"]
            assert box(page, ".lead")["width"] == pytest.approx(column)


def test_without_tags_there_is_no_empty_column(browser: Any, site: SmallSite) -> None:
    for number in range(9):
        site.article(f"s{number}", SENTENCE)
    with shown(browser, site, "/") as page:
        assert page.locator("aside").count() == 0
        for _ in each_width(page):
            assert box(page, ".latest")["width"] == box(page, ".spread")["width"]


def test_a_story_that_is_related_to_none_stands_in_the_middle(
    browser: Any, site: SmallSite
) -> None:
    site.article("story", SENTENCE * 9)
    with shown(browser, site) as page:
        story = box(page, "article")
        assert story["x"] + story["width"] / 2 == pytest.approx(640, abs=10)
        assert box(page, "h1")["x"] == story["x"]


def test_the_only_author_is_not_named_on_every_card(site: SmallSite) -> None:
    for number in range(3):
        site.article(f"s{number}", author="Ann Ant")
    site.build()
    assert "Ann Ant" not in words(site.page("/"), ".card")
    assert words(site.page("/2026/06/s0/"), ".byline") == "By Ann Ant"
    site.article("s3", author="Bo Bear")
    site.build()
    assert "Ann Ant" in words(site.page("/"), ".card")


def test_the_footer_leads_to_no_empty_list(site: SmallSite) -> None:
    site.article("story")
    site.build()
    assert words(site.page(STORY), "footer.footer nav ul:first-child") == "Archive"
    site.article("story", tags="[AI]", author="Ann")
    site.build()
    assert words(site.page(STORY), "footer.footer nav ul:first-child") == "Topics Authors Archive"


# -------------------------------------------------------------------------- story's head


@pytest.mark.parametrize(
    ("path", "headline"),
    [
        (STORY, ".story h1"),
        ("/2026/06/bare/", ".story h1"),
        ("/", ".card h2"),
        ("/tags/ai/", ".river h3"),
    ],
)
def test_state_and_kicker_keep_off_the_headline(
    browser: Any, site: SmallSite, path: str, headline: str
) -> None:
    site.article("story", SENTENCE, draft="true", kicker="Exclusive", tags="[AI]")
    site.article("bare", SENTENCE, draft="true", tags="[AI]")
    with shown(browser, site, path, drafts=True) as page:
        for _ in each_width(page):
            for above, least in ((".kicker", 4), (".state", 8)):
                pair = page.locator(f"main {above} + *")
                for number in range(pair.count()):
                    tops = pair.nth(number).evaluate(
                        "e => [e.previousElementSibling, e].map((x) => x.getBoundingClientRect())"
                        ".map((r) => [r.top, r.bottom])"
                    )
                    assert tops[1][0] - tops[0][1] >= least, above
        assert page.locator(f"main :is(.state, .kicker) + {headline.split()[-1]}").count()


@pytest.mark.parametrize(
    "name",
    [
        "Dame Elizabeth Rosemond Taylor-Hilton-Wilding-Todd-Fisher-Burton",
        "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren",
    ],
)
def test_by_stands_on_the_line_of_the_name(browser: Any, site: SmallSite, name: str) -> None:
    site.article("story", author=name)
    with shown(browser, site) as page:
        for _ in each_width(page):
            tops = page.eval_on_selector(
                ".byline",
                """e => [e, e.querySelector("a")].map((node) => {
                  const range = document.createRange();
                  range.selectNodeContents(node);
                  return range.getClientRects()[0].top;
                })""",
            )
            assert tops[0] == pytest.approx(tops[1], abs=2)


def test_a_long_headline_is_a_step_smaller(browser: Any, site: SmallSite) -> None:
    long = (HEADLINE * 2)[:150].strip()
    site.article("story", SENTENCE, title=long, image=IMAGE, featured=1)
    site.article("short", SENTENCE)
    sizes = {}
    for path, headline in ((STORY, "h1"), ("/2026/06/short/", "h1"), ("/", ".lead h2")):
        with shown(browser, site, path) as page:
            for width in each_width(page):
                sizes[path, width] = pixels(page, headline, "fontSize")
                lines = box(page, headline)["height"] / pixels(page, headline, "lineHeight")
                assert lines < 7.5, (path, width)
    for width in WIDTHS:
        long_size, short_size = sizes[STORY, width], sizes["/2026/06/short/", width]
        assert long_size == sizes["/", width] < 0.85 * short_size


# ------------------------------------------------------------------------------- contents


def with_headings(upper: int, lower: int) -> str:
    """A text with so many headings, and so many below each."""
    parts = [f"## Part {n}\n\n{SENTENCE}\n" for n in range(upper)]
    below = "".join(f"### Point {n}\n\n{SENTENCE}\n\n" for n in range(lower))
    return "\n".join([SENTENCE, "", *(f"{part}\n{below}" for part in parts)])


@pytest.mark.parametrize(
    ("upper", "lower", "shown_entries"),
    [(3, 0, 3), (4, 2, 12), (5, 2, 5), (10, 3, 10), (40, 0, 40)],
)
def test_a_long_list_of_contents_has_the_upper_level_alone(
    site: SmallSite, upper: int, lower: int, shown_entries: int
) -> None:
    site.article("story", with_headings(upper, lower))
    site.build()
    assert len(site.page(STORY).cssselect(".contents li")) == shown_entries


def test_an_upper_level_of_one_is_no_list(site: SmallSite) -> None:
    site.article("story", with_headings(1, 20))
    site.build()
    assert len(site.page(STORY).cssselect(".contents li")) == 21


@pytest.mark.parametrize("upper", [3, 12, 40])
def test_contents_are_closed_where_they_stand_above_the_text(
    browser: Any, site: SmallSite, upper: int
) -> None:
    site.article("story", with_headings(upper, 0), author="Ann Ant", kicker="News", tags="[AI]")
    with shown(browser, site) as page:
        for width in (1000, 768, 390, 320):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert box(page, ".prose p")["y"] < 500
            assert not page.locator(".contents li").first.is_visible()
        page.click(".contents summary")
        assert page.locator(".contents li").last.is_visible()


def test_contents_are_open_where_they_have_a_column(browser: Any, site: SmallSite) -> None:
    site.article("story", with_headings(5, 0))
    with shown(browser, site) as page:
        assert page.locator(".contents li").first.is_visible()
        assert box(page, ".contents")["x"] < box(page, ".prose")["x"]
        page.focus(".contents li:nth-child(4) a")
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#part-3"


# ---------------------------------------------------------------------------------- prose


FRAME = '<iframe {} title="F" srcdoc="&lt;p&gt;x"></iframe>'


EMBEDS: list[tuple[str, float | None]] = [
    (FRAME.format('width="560" height="315"'), 16 / 9),
    (FRAME.format('width="1280" height="720" frameborder="1"'), 16 / 9),
    (FRAME.format('width="1000" height="2000"'), 1 / 2),
    (FRAME.format('width="560"'), 16 / 9),
    (FRAME.format('width="100%"'), 16 / 9),
    (FRAME.format(""), 16 / 9),
    (FRAME.format('width="100%" height="166"'), None),
    (FRAME.format('height="166"'), None),
    (FRAME.format('width="560px" height="315px"'), 16 / 9),
    ('<video width="1920" height="1080" controls></video>', 16 / 9),
    ('<video width="1920" controls></video>', None),
    ('<object data="p.svg" type="image/svg+xml" width="900" height="600">p</object>', 3 / 2),
    ('<embed src="p.svg" type="image/svg+xml" width="900" height="200">', 9 / 2),
    ("<audio controls></audio>", None),
    ('<svg width="1000" height="500" viewBox="0 0 10 5"></svg>', 2),
    ('<canvas width="1000" height="500"></canvas>', 2),
    ('<img src="p.svg" alt="p" width="2400" height="1600">', 3 / 2),
]
"""Each with its ratio of width to height, where it says one."""


@pytest.mark.parametrize("around", ["{}", "<div>\n{}\n</div>", "- Item:\n\n    {}\n"])
def test_nothing_is_wider_than_its_column(browser: Any, site: SmallSite, around: str) -> None:
    parts = [f'<div class="e{n}">\n{embed}\n</div>' for n, (embed, _) in enumerate(EMBEDS)]
    if around.startswith("-"):
        parts = [part.replace("\n", "") for part in parts]
    site.article("story", "\n\n".join(around.format(part) for part in parts))
    with shown(browser, site) as page:
        for width in each_width(page):
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            for number, (embed, ratio) in enumerate(EMBEDS):
                selector = f".e{number} {embed[1:].split()[0]}"
                found = box(page, selector)
                column = box(page, f".e{number}")["width"]
                assert 100 < found["width"] <= column + 0.5, embed
                assert pixels(page, selector, "borderTopWidth") == 0
                if ratio is not None:
                    assert found["width"] / found["height"] == pytest.approx(ratio, rel=0.02), embed


DIGEST = """\
- [One story](https://one.example/) of the day.

    > What it says.

    And what we say.

- Another.

    Its second paragraph.

- A third:
    - nested
    - twice
"""


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_a_digest_is_an_even_list(browser: Any, site: SmallSite, engine: str) -> None:
    site.write({"site.toml": f'{SETTINGS}[markdown]\nengine = "{engine}"\n'})
    site.article("story", DIGEST)
    item, quotation = ".prose > ul > li", ".prose li > blockquote"
    with shown(browser, site) as page:
        for _ in each_width(page):
            assert pixels(page, quotation, "fontSize") == pixels(page, item, "fontSize")
            within = [
                gap(page, f"{item} > p", quotation),
                gap(page, quotation, f"{quotation} + p"),
                gap(page, f"{item}:nth-child(2) > p", f"{item}:nth-child(2) > p + p"),
            ]
            between = gap(page, item, f"{item}:nth-child(2)")
            assert all(5 < space < between for space in within)
            after = gap(page, f"{item}:nth-child(2)", f"{item}:nth-child(3)")
            assert between == pytest.approx(after, abs=1)


def test_a_quotation_of_its_own_is_larger_than_the_text(browser: Any, site: SmallSite) -> None:
    site.article("story", f"{SENTENCE}\n\n> {SENTENCE}")
    with shown(browser, site) as page:
        assert pixels(page, "blockquote", "fontSize") > pixels(page, ".prose > p", "fontSize")


def test_a_link_in_a_heading_is_underlined(browser: Any, site: SmallSite) -> None:
    headings = ["[All of it](/)", "Some [of](/) it", "*[Within](/)*"]
    site.article("story", "\n\n".join(f"{'#' * n} {h}" for n in range(2, 7) for h in headings))
    with shown(browser, site) as page:
        lines = page.eval_on_selector_all(
            ".prose a", "all => all.map((e) => getComputedStyle(e).textDecorationLine)"
        )
        assert lines == ["underline"] * 15


GALLERIES = [
    "![a](p.svg) ![b](p.svg)",
    "![a](p.svg)![b](p.svg)![c](p.svg)",
    "![a](p.svg)\n![b](p.svg)\n![c](p.svg)",
    "[![a](p.svg)](/) [![b](p.svg)](/)",
    "![a](p.svg)\n\n![b](p.svg)",
    "![a](p.svg)  \n![b](p.svg)",
    "Here ![a](p.svg) and ![b](p.svg)",
    '<figure><img src="p.svg" alt="a"><img src="p.svg" alt="b"></figure>',
]


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_pictures_do_not_touch(browser: Any, site: SmallSite, engine: str) -> None:
    site.write({"site.toml": f'{SETTINGS}[markdown]\nengine = "{engine}"\n'})
    site.article("story", f"\n\n{SENTENCE}\n\n".join(GALLERIES))
    with shown(browser, site) as page:
        for width in each_width(page):
            images = page.locator(".prose img")
            boxes = [images.nth(number).bounding_box() for number in range(images.count())]
            assert len(boxes) == 18
            for one, two in pairwise(boxes):
                across = two["x"] - one["x"] - one["width"]
                down = two["y"] - one["y"] - one["height"]
                assert max(across, down) >= 8, width


def test_the_padding_of_code_is_no_space(browser: Any, site: SmallSite) -> None:
    site.article("story", "a`b`c and `d e`")
    with shown(browser, site) as page:
        size = pixels(page, ".prose p", "fontSize")
        assert pixels(page, ".prose code", "paddingLeft") < 0.15 * size
