"""Share cards: which pages have one, what their heads say of it, and when it is drawn anew."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from support.builds import build_again, clean_tree, differing, tree
from support.cards import ARABIC, STORY, square_font
from support.complete_site import CompleteSite, page
from support.deploys import DeployedSite
from support.fonts import font
from support.host_folder import FolderHost
from support.images import png
from support.sites import NOW, SETTINGS, SmallSite

CARDS = "[cards]\n"
OTHER = """<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630">
<rect width="1200" height="630" fill="{{ accent }}"/></svg>
"""


@pytest.fixture
def paper(site: SmallSite) -> SmallSite:
    """A site that has cards drawn for pages without a picture."""
    site.write({"site.toml": SETTINGS + CARDS})
    return site


def cards(site: SmallSite) -> set[str]:
    return {path for path in site.outputs() if path.startswith("cards/")}


def shared(site: SmallSite, path: str) -> dict[str, str]:
    """What other sites are told of the picture of a page."""
    metas = site.page(path).cssselect("meta")
    told = {
        str(meta.get("property") or meta.get("name")): str(meta.get("content")) for meta in metas
    }
    return {name: text for name, text in told.items() if name.startswith(("og:image", "twitter:"))}


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(data)).convert("RGB"))


def picture_of(site: SmallSite) -> str:
    site.write({"content/images/cat.png": png(8, 6, 1)})
    return "{src: /images/cat.png, alt: A cat}"


# ------------------------------------------------------------------------- which pages


def test_there_are_none_without_the_setting(site: SmallSite) -> None:
    site.article("story")
    site.build()
    assert cards(site) == set()
    assert shared(site, "/2026/06/story/") == {"twitter:card": "summary"}


def test_a_story_without_a_picture_is_shared_with_its_card(paper: SmallSite) -> None:
    paper.article("story", title="Ann's <rail> & sea")
    assert paper.warnings() == []
    assert Image.open(BytesIO(paper.outputs()["cards/2026/06/story.png"])).size == (1200, 630)
    assert shared(paper, "/2026/06/story/") == {
        "og:image": "https://paper.example/cards/2026/06/story.png",
        "og:image:alt": "Ann’s <rail> & sea",
        "og:image:width": "1200",
        "og:image:height": "630",
        "twitter:card": "summary_large_image",
    }


def test_a_story_with_a_picture_is_shared_with_that(paper: SmallSite) -> None:
    paper.article("story", image=picture_of(paper))
    paper.build()
    assert cards(paper) == set()
    assert shared(paper, "/2026/06/story/")["og:image:alt"] == "A cat"


def test_a_drawing_cannot_be_shared(paper: SmallSite) -> None:
    paper.write({"content/map.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>'})
    paper.article("story", image="{src: /map.svg, alt: A map}")
    paper.build()
    assert cards(paper) == {"cards/2026/06/story.png"}
    assert paper.page("/2026/06/story/").cssselect('article img[src="/map.svg"]')


def test_all_may_have_one_and_show_their_own_pictures(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + '[cards]\nfor = "all"\n'})
    site.article("story", image=picture_of(site))
    site.build()
    address = "https://paper.example/cards/2026/06/story.png"
    page = site.page("/2026/06/story/")
    assert shared(site, "/2026/06/story/")["og:image"] == address
    assert [img.get("alt") for img in page.cssselect("article img")] == ["A cat"]
    data = json.loads(page.cssselect('script[type="application/ld+json"]')[0].text_content())
    assert data["image"][0]["url"] == "https://paper.example/images/cat.png"


def test_a_site_may_switch_them_off(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + '[cards]\nfor = "none"\n'})
    site.article("story", card="other.svg")
    site.write({"layouts/cards/other.svg": OTHER})
    assert site.warnings() == []
    assert cards(site) == set()


def test_a_text_may_have_none(paper: SmallSite) -> None:
    paper.article("story", card="false")
    paper.build()
    assert cards(paper) == set()
    assert shared(paper, "/2026/06/story/") == {"twitter:card": "summary"}


def test_pages_and_items_have_cards(site: SmallSite) -> None:
    events = '[collections.events]\ntitle = "Events"\n'
    site.write({"site.toml": SETTINGS + CARDS + events})
    for name in ("pages/about", "events/fair"):
        site.write({f"content/{name}.md": "---\ntitle: Some name\n---\nText.\n"})
    site.write({"content/pages/bare.md": "---\ntitle: Bare\ncard: false\n---\nText.\n"})
    assert site.warnings() == []
    assert cards(site) == {"cards/about.png", "cards/events/fair.png"}
    for path, name in (("/about/", "about"), ("/events/fair/", "events/fair")):
        assert shared(site, path)["og:image"] == f"https://paper.example/cards/{name}.png"


def test_cards_are_no_part_of_feeds_and_sitemaps(paper: SmallSite) -> None:
    paper.article("story")
    paper.build()
    for path in ("/feed.xml", "/rss.xml", "/feed.json", "/sitemap.xml", "/"):
        assert "cards/" not in paper.text(path)


def test_each_language_has_its_own(site: SmallSite) -> None:
    german = '[languages.de]\ntitle = "Die Zeitung"\n'
    site.write({"site.toml": SETTINGS + CARDS + german})
    site.article("story")
    site.article("story.de", title="Ein Bericht")
    site.build()
    assert cards(site) == {"cards/2026/06/story.png", "cards/de/2026/06/story.png"}
    address = shared(site, "/de/2026/06/story/")["og:image"]
    assert address == "https://paper.example/cards/de/2026/06/story.png"


# ---------------------------------------------------------------------------- layouts


def test_a_text_may_choose_its_layout(paper: SmallSite) -> None:
    paper.write({"layouts/cards/other.svg": OTHER})
    paper.write({"site.toml": f'{SETTINGS}{CARDS}[look]\naccent = "#0b5cab"\n'})
    paper.article("story", card="other.svg", image=picture_of(paper))
    assert paper.warnings() == []
    drawn = pixels(paper.outputs()["cards/2026/06/story.png"])
    assert (drawn == (0x0B, 0x5C, 0xAB)).all()
    assert shared(paper, "/2026/06/story/")["og:image"].endswith("/cards/2026/06/story.png")


def test_an_accent_that_nobody_could_read_is_darker_on_the_card(paper: SmallSite) -> None:
    paper.write({"site.toml": f'{SETTINGS}{CARDS}[look]\naccent = "#ffe000"\n'})
    paper.write({"layouts/cards/story.svg": OTHER})
    paper.article("story")
    paper.build()
    red, green, _ = pixels(paper.outputs()["cards/2026/06/story.png"])[0, 0]
    assert max(red, green) < 0x90


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("othr.svg", 'did you mean "other.svg"?'),
        ("other", 'did you mean "other.svg"?'),
        ("quote.svg", "add layouts/cards/quote.svg"),
        ("../base.html", 'write the name of a file in layouts/cards/, such as "'),
        ("/etc/passwd", 'write the name of a file in layouts/cards/, such as "'),
        ("quote.png", 'write the name of a file in layouts/cards/, such as "'),
    ],
)
def test_an_unknown_layout_is_told(paper: SmallSite, written: str, told: str) -> None:
    paper.write({"layouts/cards/other.svg": OTHER})
    paper.article("story", card=written)
    (error,) = paper.errors()
    assert error.startswith(f'content/articles/story.md:4: card: there is no layout "{written}"')
    assert told in error


def test_what_a_card_of_another_generator_says_is_nothing_here(site: SmallSite) -> None:
    site.article("story", card="summary_large_image")
    assert site.warnings() == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{{ accent }}", "{{ acent }}", "`acent` is not defined here"),
        ("</svg>", "<rect</svg>", "this drawing is broken: not well-formed"),
        ('height="630">', 'height="600">', "a card is 1200 × 630 pixels"),
        ("</svg>", '<image href="/etc/passwd"/></svg>', "a card shows nothing of elsewhere"),
    ],
)
def test_a_mistake_in_a_layout_is_told_once(
    paper: SmallSite, old: str, new: str, told: str
) -> None:
    layout = STORY.read_text(encoding="utf-8")
    assert old in layout
    paper.write({"layouts/cards/story.svg": layout.replace(old, new, 1)})
    paper.article("one")
    paper.article("two")
    (error,) = paper.errors()
    assert error.startswith("layouts/cards/story.svg:")
    assert told in error
    assert "while rendering /cards/2026/06/one.png and 1 more" in error


def test_text_is_escaped(paper: SmallSite) -> None:
    paper.article("story", title="'<b>&amp;</b> </text><script>'")
    assert paper.warnings() == []


# ------------------------------------------------------------------------------ fonts


def test_a_font_of_the_site_is_used_and_wakes_all_cards(paper: SmallSite) -> None:
    paper.article("one")
    paper.article("two")
    paper.build()
    before = paper.outputs()["cards/2026/06/one.png"]
    letters = "".join(map(chr, range(32, 127)))
    paper.write({"layouts/assets/fonts/square.ttf": square_font(letters)})
    rendered = build_again(paper).rendered
    assert cards(paper) < rendered
    assert paper.outputs()["cards/2026/06/one.png"] != before


def test_a_file_that_is_no_font_is_told(paper: SmallSite) -> None:
    paper.write({"layouts/assets/fonts/broken.ttf": b"no font"})
    paper.article("one")
    paper.article("two")
    (error,) = paper.errors()
    assert error.startswith("layouts/assets/fonts/broken.ttf: this is no font for cards")
    assert " more" not in error


@pytest.mark.parametrize("cut", [0, 9, 400])
def test_a_font_that_is_damaged_is_told(paper: SmallSite, cut: int) -> None:
    paper.write({"layouts/assets/fonts/cut.otf": square_font("abc")[:cut]})
    paper.article("story")
    (error,) = paper.errors()
    assert error.startswith("layouts/assets/fonts/cut.otf: this is no font for cards")


BESIDE = ["README.txt", ".DS_Store", "._Noto.ttf", "OFL", "noto.ttf.bak", "noto.woff", "sub/a.css"]


@pytest.mark.parametrize("name", BESIDE)
def test_what_lies_beside_fonts_is_passed_over(paper: SmallSite, name: str) -> None:
    paper.article("story")
    paper.build()
    before = paper.outputs()["cards/2026/06/story.png"]
    paper.write({f"layouts/assets/fonts/{name}": b"no font"})
    assert paper.warnings() == []
    assert paper.outputs()["cards/2026/06/story.png"] == before


@pytest.mark.parametrize("data", [b"no font", b"wOF2 and no more", font("Literata")])
def test_a_font_for_pages_that_draws_no_card_is_passed_over(paper: SmallSite, data: bytes) -> None:
    paper.article("story")
    paper.build()
    before = paper.outputs()["cards/2026/06/story.png"]
    paper.write({"layouts/assets/fonts/literata.woff2": data})
    assert paper.warnings() == []
    assert paper.outputs()["cards/2026/06/story.png"] == before


def test_what_no_font_has_is_told_until_it_is_mended(paper: SmallSite) -> None:
    paper.article("story", title="Shanghai 上")
    paper.article("other")
    told = (
        'content/articles/story.md: no font of the card has "上" (U+4E0A): left out;'
        " put a font that has it into layouts/assets/fonts/"
    )
    assert paper.warnings() == [told]
    paper.article("other", "New words.")
    assert list(map(str, build_again(paper).report.warnings)) == [told]
    paper.article("third")
    assert list(map(str, build_again(paper).report.warnings)) == [told]
    paper.article("story", title="Shanghai")
    assert build_again(paper).report.warnings == []


@pytest.mark.usefixtures("noto_fonts")
def test_a_site_that_is_read_from_the_right_has_its_words_there(site: SmallSite) -> None:
    site.write({"site.toml": f'{SETTINGS}language = "ar"\n{CARDS}'})
    site.write({"layouts/assets/fonts/arabic.ttf": ARABIC.read_bytes()})
    site.article("story", title="قطار جديد")
    assert site.warnings() == []
    headline = pixels(site.outputs()["cards/2026/06/story.png"])[200:560]
    assert (headline[:, 600:] < 200).any() and not (headline[:, :400] < 200).any()


# --------------------------------------------------------------- edits, builds, deploys


@pytest.fixture
def desk(tmp_path: Path) -> CompleteSite:
    desk = CompleteSite(tmp_path / "desk")
    settings = (desk.root / "site.toml").read_text()
    desk.write({"site.toml": settings + CARDS})
    desk.build()
    return desk


def drawn_by(site: SmallSite, **options: Any) -> set[str]:
    """The cards that a build draws anew."""
    return {path for path in build_again(site, **options).rendered if path.startswith("cards/")}


def card(name: str) -> str:
    return f"cards/{page(name).removesuffix('/index.html')}.png"


@pytest.mark.long
def test_an_edit_draws_those_cards_anew_that_show_it(desk: CompleteSite) -> None:
    desk.rewrite("wheat-4", "So it was.", "So it is.")
    assert drawn_by(desk) == set()
    desk.rewrite("wheat-4", title="A new headline")
    assert drawn_by(desk) == {card("wheat-4")}
    desk.rewrite("wheat-4", title="A new headline", kicker="Exclusive")
    assert drawn_by(desk) == {card("wheat-4")}
    desk.rewrite("wheat-4", title="A new headline", section="Farms")
    assert drawn_by(desk) == {card("wheat-4")}
    desk.write({"content/section/farms.md": "---\nname: Fields\n---\n"})
    assert drawn_by(desk) == {card("wheat-4")}
    desk.rewrite("wheat-4", date="2026-04-02T09:00")
    assert drawn_by(desk) == {card("wheat-4")}


@pytest.mark.long
def test_a_layout_draws_all_cards_anew_and_no_page(desk: CompleteSite) -> None:
    layout = STORY.read_text(encoding="utf-8").replace("#fdfcf9", "#ffffff")
    desk.write({"layouts/cards/story.svg": layout})
    assert build_again(desk).rendered == cards(desk)
    desk.write({"layouts/cards/story.svg": layout.replace("1b1a18", "000000")})
    assert build_again(desk).rendered == cards(desk)


@pytest.mark.long
def test_the_name_and_the_look_of_the_site_draw_all_cards_anew(desk: CompleteSite) -> None:
    settings = (desk.root / "site.toml").read_text()
    desk.write({"site.toml": settings + '[look]\naccent = "#0b5cab"\n'})
    assert drawn_by(desk) == cards(desk)
    desk.write({"site.toml": settings.replace("The Desk", "The Table")})
    assert drawn_by(desk) == cards(desk)


@pytest.mark.long
def test_a_picture_that_comes_takes_the_place_of_the_card(desk: CompleteSite) -> None:
    assert card("rail-4") not in desk.outputs()
    desk.rewrite("wheat-4", image="{src: /pictures/train.png, alt: A train}")
    again = build_again(desk)
    assert again.deleted == {card("wheat-4")}
    desk.rewrite("wheat-4")
    assert card("wheat-4") in build_again(desk).rendered


def test_any_number_of_processes_draws_the_same(paper: SmallSite) -> None:
    for number in range(3):
        paper.article(f"story-{number}")
    paper.build(jobs=2)
    assert differing(tree(paper.public), clean_tree(paper, jobs=1)) == []


def test_a_card_that_was_drawn_is_kept(paper: SmallSite) -> None:
    paper.article("story")
    paper.build()
    (kept,) = [file for file in (paper.root / ".broadsheet/cards").rglob("*") if file.is_file()]
    assert kept.read_bytes() == paper.outputs()["cards/2026/06/story.png"]
    stamp = kept.stat().st_mtime_ns
    paper.build(output=paper.root / "elsewhere")
    assert kept.stat().st_mtime_ns == stamp


def test_the_store_holds_no_more_than_twice_what_is_shown(paper: SmallSite) -> None:
    for number in range(6):
        paper.article("story", title=f"Headline {number}", tags=f"[T{number}]")
        paper.build()
        kept = [file for file in (paper.root / ".broadsheet/cards").rglob("*") if file.is_file()]
        assert len(kept) <= 2


@pytest.mark.long
def test_a_deploy_sends_a_card_when_it_is_another(site: SmallSite, tmp_path: Path) -> None:
    paper = DeployedSite(site, FolderHost(tmp_path / "host"))
    paper.settings("[cards]")
    assert paper.deployed()["sent"] == len(paper.built())
    assert paper.deployed()["sent"] == 0
    assert paper.host.files() == paper.built()
    layout = STORY.read_text(encoding="utf-8").replace("#fdfcf9", "#ffffff")
    paper.site.write({"layouts/cards/story.svg": layout})
    assert paper.deployed()["sent"] == len(cards(site)) > 0
    assert paper.host.files() == paper.built()


def test_the_preview_shows_it_and_draws_it_anew(paper: SmallSite) -> None:
    paper.article("story")
    live = Session(paper.root, NOW)
    live.update()
    before = respond(live, "/cards/2026/06/story.png")
    assert (before.status, before.type, before.problems) == (200, "image/png", ())
    paper.article("story", title="Another headline")
    live.update(["content/articles/story.md"])
    after = respond(live, "/cards/2026/06/story.png")
    assert after.body != before.body
    paper.build()
    assert after.body == paper.outputs()["cards/2026/06/story.png"]
    paper.write({"layouts/cards/story.svg": OTHER})
    live.update(["layouts/cards/story.svg"])
    drawn = respond(live, "/cards/2026/06/story.png").body
    assert isinstance(drawn, bytes)
    assert (pixels(drawn) == (0x9C, 0x1F, 0x1F)).all()


def test_the_preview_tells_a_mistake_in_the_layout(paper: SmallSite) -> None:
    paper.article("story")
    paper.write({"layouts/cards/story.svg": "<svg>"})
    live = Session(paper.root, NOW)
    live.update()
    (problem,) = respond(live, "/cards/2026/06/story.png").problems
    assert problem.file == "layouts/cards/story.svg"
