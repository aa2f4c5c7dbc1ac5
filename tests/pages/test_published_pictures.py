"""Pictures on pages: several widths and formats wherever they are shown, and all of them there."""

import re
from pathlib import Path

import pytest
from lxml import html as lxml_html

from support.feeds import contents
from support.photographs import photograph, saved, translucent
from support.published_pictures import (
    SECRET,
    STORY,
    PictureSite,
    addresses,
    made,
    pictures,
    taken,
    widths,
)
from support.sites import SETTINGS, SmallSite, refused


@pytest.fixture
def site(tmp_path: Path) -> PictureSite:
    return PictureSite(tmp_path / "site")


def everywhere(site: PictureSite) -> None:
    """A site that shows its photographs in each place that there is."""
    site.write(
        {
            f"content/images/{name}.jpg": taken(seed=seed)
            for seed, name in enumerate(("text", "block", "grid", "ann"), 2)
        }
    )
    site.write(
        {"content/authors/ann.md": "---\nname: Ann\nphoto: /images/ann.jpg\n---\nShe writes.\n"}
    )
    blocks = (
        "![In a text](/images/text.jpg)",
        '::: figure /images/block.jpg alt="In a block" :::',
        "::: gallery\n![In a gallery](/images/grid.jpg)\n:::",
    )
    site.story("\n\n".join(blocks), author="Ann")
    site.build()


SHOWN = {
    "A house": (STORY, "article figure img"),
    "In a text": (STORY, "article img[alt='In a text']"),
    "In a block": (STORY, "article img[alt='In a block']"),
    "In a gallery": (STORY, ".gallery-grid img"),
    "Ann": ("/authors/ann/", ".profile img"),
    "a card": ("/", "main img"),
}


def test_each_picture_is_there_in_several_widths_and_formats(site: PictureSite) -> None:
    everywhere(site)
    for path, selector in SHOWN.values():
        image = site.page(path).cssselect(selector)[0]
        (around,) = image.iterancestors("picture")
        (source,) = around.iter("source")
        assert source.get("type") == "image/avif"
        assert list(widths(source).values()) == [200, 400], selector
        assert list(widths(image).values()) == [200, 400], selector
        assert source.get("sizes") == image.get("sizes") != "", selector


def test_each_address_of_a_picture_is_answered_by_what_it_claims_to_be(site: PictureSite) -> None:
    everywhere(site)
    there = dict(pictures(site))
    claimed: dict[str, int] = {}
    for file in site.public.rglob("*.html"):
        page = lxml_html.document_fromstring(file.read_text(encoding="utf-8"))
        assert {one.removeprefix("/") for one in addresses(page)} <= there.keys(), file
        for part in page.iter("img", "source"):
            claimed |= widths(part)
    assert claimed
    for url, width in claimed.items():
        image = there[url.removeprefix("/")]
        assert image.width == width, url
        assert image.format == url.rpartition(".")[2].upper(), url


def test_every_variant_that_is_made_is_shown_or_a_crop(site: PictureSite) -> None:
    everywhere(site)
    html = "".join(file.read_text(encoding="utf-8") for file in site.public.rglob("*.html"))
    crops = {
        p for p, image in pictures(site) if p in made(site) and 4 * image.height != 3 * image.width
    }
    assert {path for path in made(site) if f"/{path}" not in html} <= crops


def test_a_card_shows_its_picture_cropped(site: PictureSite) -> None:
    site.build()
    image = site.page("/").cssselect("main img")[0]
    there = dict(pictures(site))
    for url in widths(image):
        assert there[url[1:]].width * 2 == pytest.approx(there[url[1:]].height * 3, abs=3)
    assert int(str(image.get("width"))) * 2 == pytest.approx(
        int(str(image.get("height"))) * 3, abs=3
    )


@pytest.mark.parametrize(("sides", "size"), [((1400, 900), (1200, 630)), ((600, 450), (600, 315))])
def test_what_is_shared_is_cropped_as_programs_crop_it(
    site: PictureSite, sides: tuple[int, int], size: tuple[int, int]
) -> None:
    site.write({"content/images/house.jpg": taken(*sides)})
    site.build()
    head = {
        meta.get("property"): meta.get("content")
        for meta in site.page(STORY).cssselect("meta[property^='og:image']")
    }
    path = str(head["og:image"]).removeprefix("https://paper.example/")
    shared = dict(pictures(site))[path]
    assert (shared.size, shared.format) == (size, "JPEG")
    assert (head["og:image:width"], head["og:image:height"]) == tuple(map(str, size))


def test_no_published_file_says_where_or_by_which_device_it_was_taken(site: PictureSite) -> None:
    assert SECRET in (site.root / "content/images/house.jpg").read_bytes()
    everywhere(site)
    found = dict(pictures(site))
    assert len(found) > len(made(site)) > 20
    for path, image in found.items():
        assert not image.getexif(), path
    for path, data in site.outputs().items():
        assert SECRET not in data, path


def test_a_picture_in_a_gallery_is_asked_for_as_wide_as_its_column(site: PictureSite) -> None:
    everywhere(site)
    (picture,) = site.page(STORY).cssselect(".gallery-grid picture")
    asked = {one.get("sizes") for one in picture.cssselect("source, img")}
    assert asked == {"(min-width: 46rem) 22rem, 50vw"}


def test_a_link_around_a_gallerys_picture_leads_to_its_file(site: PictureSite) -> None:
    everywhere(site)
    (link,) = site.page(STORY).cssselect(".gallery-grid a")
    assert link.get("href") == "/images/grid.jpg"
    assert link.cssselect("picture img")


# ---------------------------------------------------------------------- what is written


def test_what_is_written_at_a_picture_in_a_text_stays_with_it(site: PictureSite) -> None:
    site.story('<img class="wide" id="one" src="/images/house.jpg" alt="A house">', image="")
    site.build()
    image = site.page(STORY).cssselect("picture img.wide#one")[0]
    assert image.get("width") == "600"
    assert len(widths(image)) == 2


OWN = (
    '<picture><source srcset="/images/house.jpg" media="(min-width: 9px)">'
    '<img src="/images/house.jpg" alt="Own"></picture>',
    '<img src="/images/house.jpg" srcset="/images/house.jpg 600w" alt="Own">',
    '<img src="https://cdn.example/house.jpg" alt="Own">',
)


@pytest.mark.parametrize("own", OWN)
def test_forms_of_ones_own_are_left_as_they_are(site: PictureSite, own: str) -> None:
    site.story(f"Before.\n\n{own}\n\nAfter.")
    site.build()
    (image,) = site.page(STORY).cssselect("img[alt='Own']")
    around = [*image.iterancestors("picture")]
    assert len(around) == own.count("<picture")
    assert sum(len(one.cssselect("source")) for one in around) == own.count("<source")
    assert (image.get("srcset") or "") == ("/images/house.jpg 600w" if " 600w" in own else "")


def test_what_is_not_one_picture_gets_no_widths(site: PictureSite) -> None:
    site.write({"content/images/film.mp4": b"film"})
    site.story('<video src="/images/film.mp4" poster="/images/house.jpg" controls></video>')
    site.build()
    (film,) = site.page(STORY).cssselect("video")
    assert film.get("poster") == "/images/house.jpg"
    assert film.get("srcset") is None


def test_the_picture_of_a_draft_is_shown_in_no_form(site: PictureSite) -> None:
    draft = "---\ntitle: Draft\ndate: 2026-06-01\ndraft: true\n---\n"
    site.write({"content/articles/draft/index.md": draft, "content/articles/draft/a.jpg": taken()})
    site.story("![Not yet](draft/a.jpg)")
    site.build()
    html = site.text(STORY)
    assert "/a." not in html
    assert not [path for path in site.outputs() if "/a." in path]


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
@pytest.mark.parametrize("raw_html", ['"safe"', "false", "true"])
def test_pictures_are_there_however_html_is_passed_on(
    site: PictureSite, engine: str, raw_html: str
) -> None:
    site.images(more=f'[markdown]\nengine = "{engine}"\nraw_html = {raw_html}\n')
    site.story("![In a text](/images/house.jpg)")
    site.build()
    (image,) = site.page(STORY).cssselect("picture img[alt='In a text']")
    assert len(widths(image)) == 2


def test_feeds_have_the_plain_picture_with_its_whole_address(site: PictureSite) -> None:
    everywhere(site)
    for name, content in contents(site).items():
        html = lxml_html.fromstring(f"<div>{content}</div>")
        assert html.cssselect("img"), name
        assert not html.cssselect("picture, source, [srcset]"), name
        for image in html.cssselect("img"):
            assert str(image.get("src")).startswith("https://paper.example/images/"), name


def test_other_languages_show_the_same_files(site: PictureSite) -> None:
    site.images(more="[languages.de]\n")
    matter = "---\ntitle: Haus\ndate: 2026-06-01\nimage: {src: /images/house.jpg, alt: Haus}\n---\n"
    site.write({"content/articles/story.de.md": f"{matter}![Noch eins](/images/house.jpg)\n"})
    site.build()
    german = {one.removeprefix("/") for one in addresses(site.page(f"/de{STORY}"))}
    assert german & made(site)
    assert german <= dict(pictures(site)).keys()


def test_a_translation_has_crops_of_a_picture_of_its_own(site: PictureSite) -> None:
    site.images(more="[languages.de]\n")
    site.write({"content/images/tower.jpg": taken(seed=4)})
    site.article("story.de", image="{src: /images/tower.jpg, alt: Turm, focus: 10% 20%}")
    site.build()
    pages = [site.text(path) for path in ("/de/", f"/de{STORY}")]
    named = {one for page in pages for one in re.findall(r"/(images/tower\.\w{10}\.[\w.]+)", page)}
    assert len({path.split(".")[1] for path in named}) == 3  # whole, as a card, to be shared
    assert named <= made(site)


def test_a_site_below_a_path_leads_there(site: PictureSite) -> None:
    file = site.root / "site.toml"
    file.write_text(file.read_text().replace("paper.example/", "paper.example/news/"))
    site.build()
    found = addresses(site.page(STORY))
    assert found
    assert {one.removeprefix("/news/") for one in found} <= dict(pictures(site)).keys()


# ------------------------------------------------------------------------------ credits


def test_the_credit_of_the_file_is_shown_where_the_text_has_none(site: PictureSite) -> None:
    exif = photograph().getexif()
    exif[0x8298] = "Ada Example"
    site.write({"content/images/house.jpg": saved(photograph(600, 450), exif=exif)})
    site.build()
    assert "Ada Example" in site.text(STORY)
    site.story(image=", credit: Bo Own")
    site.build()
    assert "Ada Example" not in site.text(STORY)
    assert "Bo Own" in site.text(STORY)
    site.story()
    site.images("credit = false")
    site.build()
    assert "Ada Example" not in site.text(STORY)


# ------------------------------------------------------------------------------- tones


def test_an_opaque_picture_has_the_tone_of_a_rule_and_a_translucent_one_has_none(
    site: PictureSite,
) -> None:
    site.build()
    (around,) = site.page(STORY).cssselect("article picture")
    sheet = "".join(f.read_text() for f in (site.public / "assets").rglob("site*.css"))
    names = (around.get("class") or "").split()
    assert [name[:-1] for name in names] == ["tone-r", "tone-g", "tone-b"]
    assert all(f".{name} " in sheet for name in names)
    site.write({"content/images/glass.png": saved(translucent(photograph(600, 450)), "PNG")})
    site.article("story", image="{src: /images/glass.png, alt: Glass}")
    site.build()
    (around,) = site.page(STORY).cssselect("article picture")
    assert around.get("class") is None
    image = around.cssselect("img")[0]
    assert {one.rpartition(".")[2] for one in widths(image)} == {"webp"}


# ----------------------------------------------------------------------------- layouts


def test_a_layout_may_crop_to_the_ratios_of_the_site(site: PictureSite) -> None:
    site.images('crops = ["1:1"]')
    crop = '{% set one = story.picture.crop("1:1", [200]) %}'
    site.write({"layouts/article.html": f"{crop}{{{{ one.url }}}} {{{{ one.width }}}}"})
    site.build()
    url, width = site.text(STORY).split()
    assert (dict(pictures(site))[url[1:]].size, width) == ((200, 200), "200")


def test_an_unknown_crop_is_told_with_the_line_of_the_layout(site: PictureSite) -> None:
    site.build()
    site.write({"layouts/article.html": "\n\n{{ story.picture.crop('4:5').url }}"})
    (error,) = refused(site)
    assert error.startswith('layouts/article.html:3: no picture is cropped to "4:5"')
    assert 'add "4:5" to crops under [images]' in error


def test_a_site_without_photographs_has_no_folder_of_pictures(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "plain")
    site.write({"site.toml": SETTINGS})
    site.article("story")
    site.build()
    assert not (site.root / ".broadsheet/images").exists()
    assert made(site) == set()
