"""What stands in for a picture that is not made yet: of its size, and never the file itself."""

from base64 import b64decode
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from generator.preview.session.responses import pictures_at, respond
from generator.preview.session.site import Session
from generator.preview.values import STANDS_IN, SiteResponse, Unmade
from support.photographs import exif_of, photograph, quarters, saved, shown, translucent
from support.published_pictures import SECRET, PictureSite
from support.sites import NOW

HOUSE = "content/images/house.jpg"


@pytest.fixture
def site(tmp_path: Path) -> PictureSite:
    return PictureSite(tmp_path / "site")


def house(site: PictureSite, end: str, cut: bool = False) -> Unmade:
    """What is made of the house at an address that ends so: whole, or cut for a card."""
    live = Session(site.root, NOW)
    live.update()
    assert live.planned
    paths = [f"/{path}" for path in live.planned.pages if path.endswith(end)]
    found = pictures_at(live, [path for path in paths if "/house." in path])
    return found[1 if cut else 0]


def made(one: Unmade) -> None:
    assert one.making() is True
    assert one.is_there()


class Drawing:
    """A drawing that stands in: its size, the part of the picture that it shows, what is in it."""

    def __init__(self, answer: SiteResponse) -> None:
        assert (answer.status, answer.type) == (STANDS_IN, "image/svg+xml")
        assert isinstance(answer.body, bytes)
        assert SECRET not in answer.body
        root = etree.fromstring(answer.body)
        self.size = int(root.get("width", "")), int(root.get("height", ""))
        self.part = tuple(map(float, root.get("viewBox", "").split()))
        self.colours = [str(rect.get("fill")) for rect in root.iter("{*}rect")]
        self.pictures = [self._decoded(image) for image in root.iter("{*}image")]

    @staticmethod
    def _decoded(image: etree._Element) -> Image.Image:
        data = b64decode(image.get("href", "").partition(",")[2])
        assert SECRET not in data
        return shown(data)


# -------------------------------------------------------------------- nothing is made yet


@pytest.mark.parametrize(
    ("end", "cut", "size", "part"),
    [
        (".400.avif", False, (400, 300), (0, 0, 600, 450)),
        (".400.avif", True, (400, 267), (0, 43, 600, 400)),
        ("house.jpg", False, (600, 450), (0, 0, 600, 450)),
    ],
)
def test_a_sketch_is_of_the_size_and_the_part_that_is_wanted(
    site: PictureSite, end: str, cut: bool, size: tuple[int, int], part: tuple[float, ...]
) -> None:
    drawing = Drawing(house(site, end, cut).stand_in())
    assert drawing.size == size
    assert drawing.part == pytest.approx(part, abs=3)
    assert [picture.size for picture in drawing.pictures] == [(160, 120)]


def test_one_lies_as_the_picture_does(site: PictureSite) -> None:
    turned = saved(quarters(600, 300).transpose(Image.Transpose.ROTATE_90), exif=exif_of(6))
    site.write({HOUSE: turned + bytes(10_000)})
    (picture,) = Drawing(house(site, ".400.avif").stand_in()).pictures
    reds = [picture.getpixel((10, 10)), picture.getpixel((150, 10))]
    assert picture.size == (160, 80)
    assert [bool(pixel[0] > 128 > pixel[1]) for pixel in reds if isinstance(pixel, tuple)] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(saved(photograph(1500, 1200), "PNG"), id="one that takes long to decode"),
        pytest.param(saved(photograph(600, 450), "PNG"), id="a small one"),
    ],
)
def test_there_is_time_for_a_colour(site: PictureSite, data: bytes) -> None:
    site.write({"content/images/house.png": data})
    site.article("story", image="{src: /images/house.png, alt: A house}")
    (site.root / HOUSE).unlink()
    one = house(site, ".400.avif")
    blank, drawing = Drawing(one.blank()), Drawing(one.stand_in())
    assert blank.size == drawing.size
    assert blank.pictures == []
    assert blank.colours == drawing.colours != []
    assert len(drawing.pictures) == (len(data) < 1_000_000)


def test_nothing_is_behind_what_is_translucent(site: PictureSite) -> None:
    data = saved(translucent(photograph(600, 450)), "PNG")
    site.write({"content/images/house.png": data})
    site.article("story", image="{src: /images/house.png, alt: A house}")
    (site.root / HOUSE).unlink()
    drawing = Drawing(house(site, ".400.avif").stand_in())
    assert drawing.colours == []
    assert [picture.mode for picture in drawing.pictures] == ["RGBA"]


# ------------------------------------------------------------------ something is made


def test_the_jpeg_of_that_width_stands_in_as_it_is(site: PictureSite) -> None:
    one = house(site, ".400.avif", cut=True)
    assert one.sooner
    made(one.sooner)
    answer = one.stand_in()
    assert isinstance(answer.body, bytes)
    assert (answer.status, answer.type) == (STANDS_IN, "image/jpeg")
    assert shown(answer.body).size == (400, 267)


@pytest.mark.parametrize(
    ("there", "size"),
    [
        (["house.jpg"], (600, 450)),
        ([".200.jpeg"], (200, 150)),
        ([".200.jpeg", ".400.avif", "house.jpg"], (400, 300)),
        ([".200.avif", "house.jpg"], (600, 450)),
    ],
)
def test_what_is_sharp_enough_stands_in_before_all_else(
    site: PictureSite, there: list[str], size: tuple[int, int]
) -> None:
    for end in there:
        made(house(site, end))
    drawing = Drawing(house(site, ".400.jpeg").stand_in())
    assert drawing.size == (400, 300)
    assert drawing.part == (0, 0, 600, 450)
    assert [picture.size for picture in drawing.pictures] == [size]


def test_of_a_whole_picture_the_part_stands_in_that_is_wanted(site: PictureSite) -> None:
    made(house(site, "house.jpg"))
    drawing = Drawing(house(site, ".400.avif", cut=True).stand_in())
    assert drawing.size == (400, 267)
    assert drawing.part == pytest.approx((0, 43, 600, 400), abs=3)


def test_of_a_part_what_is_cut_alike_stands_in_and_never_for_the_whole(site: PictureSite) -> None:
    made(house(site, ".200.jpeg", cut=True))
    cut = Drawing(house(site, ".400.avif", cut=True).stand_in())
    assert (cut.size, cut.part) == ((400, 267), (0, 0, 600, 450))
    assert [picture.size for picture in cut.pictures] == [(200, 133)]
    whole = Drawing(house(site, ".400.avif").stand_in())
    assert [picture.size for picture in whole.pictures] == [(160, 120)]


def test_what_is_made_is_answered_as_ever(site: PictureSite) -> None:
    live = Session(site.root, NOW)
    live.update()
    one = house(site, ".400.jpeg")
    assert respond(live, one.path, waits=False).unmade is not None
    made(one)
    answer = respond(live, one.path, waits=False)
    assert (answer.unmade, answer.status) == (None, 200)
    assert answer == respond(live, one.path)


def test_one_whose_file_was_replaced_is_not_made(site: PictureSite) -> None:
    one = house(site, ".400.jpeg")
    site.write({HOUSE: saved(photograph(640, 480, seed=3))})
    assert one.making() is False
    assert not one.is_there()
