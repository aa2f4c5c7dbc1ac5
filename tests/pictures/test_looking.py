"""What is said of a picture: its size as people see it, its colour, its focus, its flaws."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from generator.pictures.looking import Flaw, Picture, look_at_picture
from generator.pictures.rights import Rights
from support.photographs import (
    FORMATS,
    exif_of,
    photograph,
    quarters,
    saved,
    translucent,
)


def looked_at(folder: Path, data: bytes, name: str = "a") -> Picture:
    found = look_at_picture(written(folder, data, name))
    assert isinstance(found, Picture), found
    return found


def written(folder: Path, data: bytes, name: str = "a") -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def flaw_of(folder: Path, data: bytes) -> str:
    found = look_at_picture(written(folder, data))
    assert isinstance(found, Flaw)
    return f"{found.what}; {found.remedy}"


@pytest.mark.parametrize("form", FORMATS)
def test_a_picture_of_each_format_is_known_by_its_bytes(tmp_path: Path, form: str) -> None:
    found = looked_at(tmp_path, saved(photograph(), form), "picture.txt")
    assert (found.width, found.height) == (320, 240)
    assert found.format == {"HEIF": "heic"}.get(form, form.lower())
    assert not found.is_animated
    assert not found.has_alpha
    assert found.rights == Rights()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "HEIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_size_is_that_of_the_picture_as_it_is_seen(
    tmp_path: Path, form: str, orientation: int
) -> None:
    found = looked_at(tmp_path, saved(quarters(), form, exif=exif_of(orientation)))
    assert (found.width, found.height) == ((64, 32) if orientation < 5 else (32, 64))


@pytest.mark.parametrize("name", ["Zürich 1.jpg", "a#b.jpg", "100%.jpg", "пример.jpg"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    assert looked_at(tmp_path, saved(photograph()), name).format == "jpeg"


@pytest.mark.parametrize(("form", "moves"), [("GIF", True), ("WEBP", True), ("PNG", True)])
def test_what_moves_is_told(tmp_path: Path, form: str, moves: bool) -> None:
    frames = [photograph(seed=seed) for seed in range(3)]
    found = looked_at(tmp_path, saved(frames[0], form, save_all=True, append_images=frames[1:]))
    assert found.is_animated is moves


@pytest.mark.parametrize("form", ["TIFF", "MPO"])
def test_several_pictures_in_one_file_do_not_move(tmp_path: Path, form: str) -> None:
    two = {"save_all": True, "append_images": [photograph(seed=2)]}
    found = looked_at(tmp_path, saved(photograph(), form, **two))
    assert not found.is_animated
    assert found.format == {"MPO": "jpeg", "TIFF": "tiff"}[form]


@pytest.mark.parametrize("form", ["PNG", "WEBP", "AVIF", "TIFF", "HEIF"])
def test_alpha_is_what_can_be_seen_through(tmp_path: Path, form: str) -> None:
    assert looked_at(tmp_path, saved(translucent(photograph()), form)).has_alpha
    assert not looked_at(tmp_path, saved(photograph().convert("RGBA"), form)).has_alpha


def test_a_palette_may_have_a_colour_that_is_seen_through(tmp_path: Path) -> None:
    palette = quarters().convert("P")
    assert looked_at(
        tmp_path, saved(palette, "GIF", transparency=palette.getpixel((0, 0)))
    ).has_alpha
    assert not looked_at(tmp_path, saved(palette, "GIF")).has_alpha


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#c81e28"])
@pytest.mark.parametrize("form", ["PNG", "BMP", "TIFF"])
def test_the_colour_of_a_picture_of_one_colour(tmp_path: Path, form: str, colour: str) -> None:
    assert looked_at(tmp_path, saved(Image.new("RGB", (99, 7), colour), form)).colour == colour


def test_the_colour_is_the_most_frequent_one_that_can_be_seen(tmp_path: Path) -> None:
    image = Image.new("RGBA", (100, 100), "#0000ff00")
    image.paste((200, 30, 40, 255), (0, 0, 30, 100))
    image.paste((20, 200, 40, 255), (30, 0, 50, 100))
    assert looked_at(tmp_path, saved(image, "PNG")).colour == "#c81e28"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "CMYK", "I;16", "I", "F", "YCbCr"])
def test_each_kind_of_pixels_has_a_colour(tmp_path: Path, mode: str) -> None:
    grey = Image.new("L", (40, 30), 255)
    value = {"I;16": 65_535, "I": 65_535, "F": 1.0}.get(mode)
    image = Image.new(mode, (40, 30), value) if value else grey.convert("RGB").convert(mode)
    form = "JPEG" if mode == "YCbCr" else "PNG" if mode in ("PA", "LA", "P") else "TIFF"
    assert looked_at(
        tmp_path, saved(image.convert("P") if mode == "PA" else image, form)
    ).colour in {
        "#ffffff",
        "#fefefe",
    }


@pytest.mark.parametrize(
    ("box", "near"), [((600, 100, 700, 200), (81, 25)), ((60, 450, 160, 550), (14, 83))]
)
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_the_focus_is_where_the_detail_is(
    tmp_path: Path, form: str, box: tuple[int, int, int, int], near: tuple[int, int]
) -> None:
    image = Image.new("RGB", (800, 600), "#88aacc")
    for step in range(0, 100, 20):
        inner = (box[0] + step // 2, box[1] + step // 2, box[2] - step // 2, box[3] - step // 2)
        ImageDraw.Draw(image).rectangle(inner, outline="black", width=4)
    x, y = looked_at(tmp_path, saved(image, form)).focus
    assert abs(x - near[0]) <= 3
    assert abs(y - near[1]) <= 3


def test_a_turned_picture_has_its_focus_turned(tmp_path: Path) -> None:
    x, y = looked_at(tmp_path, saved(photograph(), "PNG")).focus
    turned = looked_at(tmp_path, saved(photograph(), "PNG", exif=exif_of(3))).focus
    assert abs(turned[0] - (100 - x)) <= 2
    assert abs(turned[1] - (100 - y)) <= 2


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (2, 2)])
def test_a_picture_without_detail_has_its_focus_in_the_middle(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    assert looked_at(tmp_path, saved(Image.new("RGB", size, "teal"), "PNG")).focus == (50, 50)


def test_two_looks_see_the_same(tmp_path: Path) -> None:
    data = saved(photograph())
    assert looked_at(tmp_path, data, "a.jpg") == looked_at(tmp_path, data, "b.jpg")


@pytest.mark.parametrize(
    ("data", "flaw"),
    [
        (b"", "it is empty; put it back from a copy, or take it out"),
        (b"%PDF-1.7\n", "its bytes are not those of a picture that is known here; "),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "its bytes are not those of a picture that is known here"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "its bytes are not those of a picture"),
        (saved(photograph())[:5000], "it is cut off; copy it again from where it came"),
        (saved(photograph(), "PNG")[:5000], "it is cut off; copy it again from where it came"),
        (saved(photograph(), "WEBP")[:5000], "it is cut off; copy it again from where it came"),
        (saved(photograph(), "AVIF")[:5000], "it is cut off; copy it again from where it came"),
        (saved(photograph(), "HEIF")[:5000], "it is cut off; copy it again from where it came"),
        (saved(photograph(), "GIF")[:5000], "it is cut off; copy it again from where it came"),
        (saved(photograph(), "TIFF")[:5000], "it is cut off; copy it again from where it came"),
        (saved(photograph(), "BMP")[:5000], "it is cut off; copy it again from where it came"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "it is broken ("),
        (saved(photograph(), "PNG").replace(b"IHDR", b"IHDX"), "it is broken ("),
    ],
)
def test_a_flaw_is_told_in_plain_words(tmp_path: Path, data: bytes, flaw: str) -> None:
    assert flaw_of(tmp_path, data).startswith(flaw)


@pytest.mark.parametrize("form", FORMATS)
def test_what_stands_behind_a_picture_is_no_flaw_of_it(tmp_path: Path, form: str) -> None:
    data = saved(photograph(), form) + b"\x7f\xff\xff\xffSEFT" + bytes(100)
    assert looked_at(tmp_path, data).width == 320


def test_a_file_that_cannot_be_read_has_that_as_its_flaw(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.jpg", tmp_path):
        found = look_at_picture(path)
        assert isinstance(found, Flaw)
        assert found.what.startswith("cannot be read: ")


def test_a_limit_of_pixels_is_kept_to_the_pixel(tmp_path: Path) -> None:
    file = written(tmp_path, saved(photograph(20, 10), "PNG"))
    assert isinstance(look_at_picture(file, most_pixels=200), Picture)
    found = look_at_picture(file, most_pixels=199)
    assert isinstance(found, Flaw)
    assert found.what == "it is too large (20 × 10 pixels): it may have 0.000199 megapixels at most"
