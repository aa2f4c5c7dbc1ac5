"""The files of pictures: cleaned, sent as they are, kept, refused, or told of."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from support.photographs import ENDINGS, photograph, saved, translucent
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
from support.sites import refused


@pytest.fixture
def site(tmp_path: Path) -> PictureSite:
    return PictureSite(tmp_path / "site")


def shown_as(site: PictureSite, name: str, data: bytes) -> Image.Image:
    """A picture in the story's text, built: the file that the page shows of it."""
    site.write({f"content/images/{name}": data})
    site.story(f"![Shown](/images/{name})")
    site.build()
    (image,) = site.page(STORY).cssselect("img[alt='Shown']")
    return dict(pictures(site))[str(image.get("src"))[1:]]


# ------------------------------------------------------------------------------ formats


@pytest.mark.parametrize(
    ("form", "image", "becomes"),
    [
        ("HEIF", photograph(), "shown.jpg"),
        ("TIFF", photograph(), "shown.jpg"),
        ("BMP", photograph(), "shown.png"),
        ("TIFF", translucent(photograph()), "shown.png"),
        ("WEBP", photograph(), "shown.webp"),
        ("AVIF", photograph(), "shown.avif"),
    ],
)
def test_a_picture_has_an_address_of_the_format_that_it_is_published_in(
    site: PictureSite, form: str, image: Image.Image, becomes: str
) -> None:
    found = shown_as(site, f"shown{ENDINGS[form]}", saved(image, form))
    (shown,) = site.page(STORY).cssselect("img[alt='Shown']")
    assert shown.get("src") == f"/images/{becomes}"
    ending = becomes.rpartition(".")[2]
    assert found.format == {"jpg": "JPEG"}.get(ending, ending.upper())
    assert {path for path in site.outputs() if path.startswith("images/shown.")} == {
        f"images/{becomes}",
        *(path for path in made(site) if path.startswith("images/shown.")),
    }


def test_two_pictures_that_become_one_file_are_told(site: PictureSite) -> None:
    site.build()
    site.write({"content/images/house.tif": saved(photograph(), "TIFF")})
    (error,) = refused(site)
    assert "images/house.tif" in error
    assert "images/house.jpg" in error


def test_what_moves_goes_on_moving(site: PictureSite) -> None:
    frames = [photograph(120, 90, seed) for seed in range(3)]
    film = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=80)
    assert len(film) > 10_000
    found = shown_as(site, "film.gif", film)
    assert getattr(found, "n_frames", 1) == 3
    assert not [path for path in made(site) if "film" in path]


def test_a_small_file_is_sent_as_it_is_but_cleaned(site: PictureSite) -> None:
    small = taken(60, 45)
    assert len(small) < 10_000
    found = shown_as(site, "small.jpg", small)
    assert found.size == (60, 45)
    assert SECRET not in (site.public / "images/small.jpg").read_bytes()
    assert not [path for path in made(site) if "small" in path]
    assert not site.page(STORY).cssselect("picture img[alt='Shown']")


# ----------------------------------------------------------------------------- settings


def test_a_file_is_no_wider_than_a_page_unless_it_is_published_as_it_is(
    site: PictureSite,
) -> None:
    wide = taken(1800, 300)
    assert shown_as(site, "wide.jpg", wide).size == (1600, 267)
    (image,) = site.page(STORY).cssselect("img[alt='Shown']")
    assert (image.get("width"), image.get("height")) == ("1600", "267")
    site.images("original = true")
    assert shown_as(site, "wide.jpg", wide).size == (1800, 300)
    (image,) = site.page(STORY).cssselect("img[alt='Shown']")
    assert (image.get("width"), image.get("height")) == ("1800", "300")
    assert SECRET not in (site.public / "images/wide.jpg").read_bytes()


def test_what_is_kept_is_copied_as_it_is(site: PictureSite) -> None:
    site.images('keep = ["images/**"]')
    data = (site.root / "content/images/house.jpg").read_bytes()
    heic = saved(photograph(), "HEIF")
    site.write({"content/images/one.heic": heic, "content/images/broken.jpg": b"\xff\xd8none"})
    site.build()
    assert site.outputs()["images/house.jpg"] == data
    assert site.outputs()["images/one.heic"] == heic
    assert made(site) == set()
    assert not site.page(STORY).cssselect("picture, [srcset]")


def test_without_widths_there_is_the_cleaned_file_alone(site: PictureSite) -> None:
    site.images("widths = []")
    site.build()
    assert made(site) == set()
    assert not site.page(STORY).cssselect("picture, [srcset]")
    assert SECRET not in site.outputs()["images/house.jpg"]


def test_formats_are_offered_in_their_order(site: PictureSite) -> None:
    site.images('formats = ["avif", "webp", "jpeg"]')
    site.build()
    (around,) = site.page(STORY).cssselect("article picture")
    types = [source.get("type") for source in around.iter("source")]
    assert types == ["image/avif", "image/webp"]
    (image,) = around.iter("img")
    assert {one.rpartition(".")[2] for one in widths(image)} == {"jpeg"}
    assert {path.rpartition(".")[2] for path in made(site)} == {"avif", "webp", "jpeg"}


def test_a_picture_that_is_narrower_is_made_as_wide_as_it_is(site: PictureSite) -> None:
    site.images("widths = [200, 1000]")
    site.build()
    (image,) = site.page(STORY).cssselect("article img")
    assert list(widths(image).values()) == [200, 600]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("widths = [200, 9]", "images.widths: 9 is not between 16 and 8,192"),
        ("formats = []", "images.formats: none of them is the one that every browser shows"),
        ('formats = ["jpeg", "avif"]', 'images.formats[2]: not every browser shows "avif"'),
        ('formats = ["gif"]', "images.formats"),
        ("quality = 0", "images.quality: 0 is not between 1 and 100"),
        ("avif_speed = 11", "images.avif_speed: 11 is not between 0 and 10"),
        ("crops = [1.5]", 'images.crops[1]: "1.5" is no ratio of width to height'),
        ("budget = 60", 'images.budget: "60" is no time for a build'),
        ('budget = "1h"', "it is not in whole seconds or minutes"),
        ('crops = ["wide"]', 'images.crops[1]: "wide" is no ratio of width to height'),
        ('keep = ["a/***"]', 'images.keep[1]: "a/***" is no pattern of files'),
    ],
)
def test_what_is_no_setting_of_pictures_is_told(site: PictureSite, line: str, told: str) -> None:
    site.images(line)
    (error,) = site.errors()
    assert error.startswith("site.toml:")
    assert told in error


def test_a_file_of_many_bytes_is_told(site: PictureSite) -> None:
    site.images("max_bytes = 20000")
    (told,) = site.warnings()
    assert told.startswith("content/images/house.jpg: this picture has 0.0 MB")
    site.images("max_bytes = 0")
    assert site.warnings() == []


def test_a_name_that_says_another_format_than_the_bytes_is_told(site: PictureSite) -> None:
    names = {"a.png": "JPEG", "b.jpeg": "JPEG", "c.JPG": "JPEG", "d.jpg": "PNG", "e.webp": "AVIF"}
    site.write({f"content/images/{n}": saved(photograph(), form) for n, form in names.items()})
    told = sorted(site.warnings())
    assert [one.split(": ")[0].removeprefix("content/images/") for one in told] == [
        "a.png",
        "d.jpg",
        "e.webp",
    ]
    endings = [one.rpartition("let its name end in ")[2].split(",")[0] for one in told]
    assert endings == [".jpg", ".png", ".avif"]


# ---------------------------------------------------------------------- what is refused

BROKEN = {
    "cut.jpg": taken()[:9_000],
    "none.jpg": b"\xff\xd8\xff\xe0" + b"nothing" * 3_000,
    "text.png": b"This is no picture.",
    "cut.webp": saved(photograph(), "WEBP")[:3_000],
    "none.tif": b"II*\0" + bytes(12_000),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_picture_is_told_by_its_name_and_the_old_site_stays(
    site: PictureSite, name: str
) -> None:
    site.build()
    site.write({f"content/images/{name}": BROKEN[name]})
    (error,) = refused(site)
    assert error.startswith(f"content/images/{name}: ")
    assert "keep under [images]" in error


@pytest.mark.parametrize("focus", ["left", "60%", "60 30", "101% 0%", "-1% 0%", "60%, 30%"])
def test_a_focus_that_is_no_place_is_told(site: PictureSite, focus: str) -> None:
    site.build()
    site.story(image=f", focus: '{focus}'")
    (error,) = refused(site)
    assert error.startswith("content/articles/story.md:")
    assert f'image.focus: "{focus}" is no place in a picture; write one such as "60% 30%"' in error


def test_a_crop_is_about_its_focus(site: PictureSite) -> None:
    half = Image.new("RGB", (600, 600), "blue")
    half.paste("red", (0, 0, 600, 300))
    noise = photograph(600, 600).convert("L").point(lambda shade: shade // 8)
    half = Image.merge("RGB", [*half.split()[:1], noise, half.split()[2]])
    site.images('crops = ["3:1"]')
    site.write({"content/images/house.jpg": saved(half, quality=98)})
    for focus, place in (("50% 0%", 0), ("50% 100%", 2)):
        site.story(image=f", focus: {focus}")
        site.write({"layouts/article.html": "{{ story.picture.crop('3:1').url }}"})
        site.build()
        shown = dict(pictures(site))[site.text(STORY).strip()[1:]]
        pixel = shown.convert("RGB").getpixel((shown.width // 2, shown.height // 2))
        assert isinstance(pixel, tuple)
        assert pixel[place] > 200


# --------------------------------------------------------------------- what is told of


def test_a_drawing_with_a_script_is_told(site: PictureSite) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    site.write({"content/images/drawing.svg": svg})
    (told,) = site.warnings()
    assert told.startswith("content/images/drawing.svg: this file is published as it is, and it")
    site.images('keep = ["images/drawing.svg"]')
    assert site.warnings() == []


@pytest.mark.parametrize("place", [b"\xa9xyz\0\x12+48.1371+011.5761/", b"GPSLatitude"])
def test_a_film_that_says_where_it_was_made_is_told(site: PictureSite, place: bytes) -> None:
    site.write({"content/images/film.mp4": b"\0\0\0\x18ftypmp42" + bytes(5_000_000) + place})
    (told,) = site.warnings()
    assert told.startswith("content/images/film.mp4: ")
    assert "it says where it was made" in told


def test_every_address_leads_to_a_file_with_workers_too(site: PictureSite) -> None:
    site.build(jobs=2)
    by_two = site.outputs()
    assert {one[1:] for one in addresses(site.page(STORY))} <= by_two.keys()
    site.build(clean=True, jobs=1)
    assert site.outputs() == by_two
    assert Image.open(BytesIO(by_two["images/house.jpg"])).size == (600, 450)
