"""A picture in other widths and formats: upright, in true colours, and never larger than it is."""

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any, get_args

import msgspec
import numpy as np
import pytest
from PIL import Image, ImageCms

from generator.codes import Code
from generator.errors import Problem
from generator.pictures.looking import Picture, look_at_picture
from generator.pictures.variants import made_variant
from generator.pictures.wanted import QUALITIES, Format, Variant, best_formats, size_of_variant
from support.photographs import (
    ADOBE_RGB,
    DISPLAY_P3,
    FORMATS,
    OWNER,
    corners,
    exif_of,
    photograph,
    profile,
    quarters,
    saved,
    shown,
    translucent,
)

TARGETS = get_args(Format)


def made(folder: Path, data: bytes, variant: Variant) -> Image.Image:
    return shown(bytes_of(folder, data, variant))


def bytes_of(folder: Path, data: bytes, variant: Variant) -> bytes:
    (folder / "a # é.jpg").write_bytes(data)
    found = made_variant(folder / "a # é.jpg", variant.to_json())
    assert isinstance(found, bytes), found
    return found


def pixel(image: Image.Image, x: int, y: int) -> list[int]:
    return list(np.asarray(image.convert("RGB"))[y, x].tolist())


@pytest.mark.parametrize("form", [form for form in FORMATS if form not in ("GIF", "BMP")])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_lies_as_people_see_the_original(tmp_path: Path, form: str, orientation: int) -> None:
    lies = {
        1: ["red", "lime", "blue", "white"],
        2: ["lime", "red", "white", "blue"],
        3: ["white", "blue", "lime", "red"],
        4: ["blue", "white", "red", "lime"],
        5: ["red", "blue", "lime", "white"],
        6: ["blue", "red", "white", "lime"],
        7: ["white", "lime", "blue", "red"],
        8: ["lime", "white", "red", "blue"],
    }
    data = saved(quarters(), form, exif=exif_of(orientation))
    image = made(tmp_path, data, Variant(24, format="png"))
    assert corners(image) == lies[orientation]
    assert image.size == ((24, 12) if orientation < 5 else (24, 48))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("form", FORMATS)
def test_each_format_becomes_each_other(tmp_path: Path, form: str, target: Format) -> None:
    image = made(tmp_path, saved(photograph(), form), Variant(160, format=target))
    assert image.size == (160, 120)
    assert image.format == target.upper()
    difference = np.asarray(image.convert("RGB"), int) - np.asarray(photograph().resize((160, 120)))
    assert abs(difference).mean() < 12


@pytest.mark.parametrize(("width", "size"), [(1, (1, 1)), (319, (319, 239)), (9999, (320, 240))])
def test_it_is_never_larger_than_the_original(
    tmp_path: Path, width: int, size: tuple[int, int]
) -> None:
    assert made(tmp_path, saved(photograph()), Variant(width)).size == size
    assert size_of_variant(320, 240, Variant(width)) == size


@pytest.mark.parametrize(
    ("variant", "size"),
    [
        (Variant(100, 100), (100, 100)),
        (Variant(1200, 630), (320, 168)),
        (Variant(100, 400), (60, 240)),
        (Variant(320, 240), (320, 240)),
    ],
)
def test_a_cut_has_its_ratio_at_any_size(
    tmp_path: Path, variant: Variant, size: tuple[int, int]
) -> None:
    assert made(tmp_path, saved(photograph()), variant).size == size
    assert size_of_variant(320, 240, variant) == size


@pytest.mark.parametrize(
    ("focus", "colours"), [((0, 50), ["red", "blue"]), ((100, 50), ["lime", "white"])]
)
def test_a_cut_is_about_the_focus(
    tmp_path: Path, focus: tuple[int, int], colours: list[str]
) -> None:
    variant = Variant(16, 16, format="png", focus_x=focus[0], focus_y=focus[1])
    above, _, below, _ = corners(made(tmp_path, saved(quarters(), "PNG"), variant))
    assert [above, below] == colours


def test_a_cut_of_a_large_jpeg_is_the_same_as_of_a_png(tmp_path: Path) -> None:
    """A JPEG is decoded smaller, and the box of the cut goes with it."""
    image = photograph(1601, 1203)
    variant = Variant(100, 150, format="png", focus_x=75, focus_y=50)
    cuts = [made(tmp_path, saved(image, form), variant) for form in ("JPEG", "PNG")]
    jpeg, png = (np.asarray(cut, int) for cut in cuts)
    assert abs(jpeg - png).mean() < 2


# --------------------------------------------------------------------------------- pixels


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK"])
def test_each_kind_of_pixels_is_taken(tmp_path: Path, mode: str, target: Format) -> None:
    form = "TIFF" if mode == "CMYK" else "PNG"
    image = made(tmp_path, saved(quarters().convert(mode), form), Variant(32, format=target))
    assert image.size == (32, 16)
    assert image.mode in ("L", "RGB")
    if mode not in ("1", "L", "LA"):
        assert corners(image) == ["red", "lime", "blue", "white"]


@pytest.mark.parametrize("white", [255, 65_535])
def test_sixteen_bits_become_eight(tmp_path: Path, white: int) -> None:
    image = Image.fromarray(np.full((10, 10), white, np.uint16))
    assert pixel(made(tmp_path, saved(image, "PNG"), Variant(10, format="png")), 5, 5) == (
        [white >> 8] * 3
    )


def test_a_jpeg_of_something_translucent_is_on_white(tmp_path: Path) -> None:
    black = translucent(Image.new("RGB", (100, 50), "black"))
    image = made(tmp_path, saved(black, "PNG"), Variant(100, quality=95))
    assert abs(pixel(image, 20, 20)[0] - (255 - 40)) < 4
    assert pixel(image, 80, 20)[0] < 4


@pytest.mark.parametrize("target", ["avif", "webp", "png"])
def test_others_stay_translucent(tmp_path: Path, target: Format) -> None:
    image = made(tmp_path, saved(translucent(photograph()), "PNG"), Variant(100, format=target))
    alpha = np.asarray(image.getchannel("A"))
    assert 30 < alpha.min() < 50  # a sharp edge rings
    assert alpha.max() == 255


@pytest.mark.parametrize(
    ("image", "formats"),
    [(photograph(), ("avif", "jpeg")), (translucent(photograph()), ("avif", "webp"))],
)
def test_a_translucent_picture_gets_no_jpeg(
    tmp_path: Path, image: Image.Image, formats: tuple[Format, ...]
) -> None:
    (tmp_path / "a.png").write_bytes(saved(image, "PNG"))
    picture = look_at_picture(tmp_path / "a.png")
    assert isinstance(picture, Picture)
    assert best_formats(picture, ("avif", "jpeg")) == formats
    assert best_formats(picture, (*formats, "webp")) == tuple(dict.fromkeys((*formats, "webp")))


def test_of_what_moves_it_is_the_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert pixel(made(tmp_path, data, Variant(40, format="png")), 5, 5) == [255, 0, 0]


# -------------------------------------------------------------------------------- colours


@pytest.mark.parametrize("target", TARGETS)
def test_display_p3_stays_and_names_nobody(tmp_path: Path, target: Format) -> None:
    data = saved(quarters(), "PNG", icc_profile=profile(DISPLAY_P3))
    found = bytes_of(tmp_path, data, Variant(32, format=target))
    image = shown(found)
    assert corners(image) == ["red", "lime", "blue", "white"]
    kept = ImageCms.ImageCmsProfile(BytesIO(image.info["icc_profile"]))
    assert ImageCms.getProfileDescription(kept).strip() == "-"
    assert OWNER in profile(DISPLAY_P3)
    assert b"SECR" not in image.info["icc_profile"]


def test_the_bare_profile_means_the_same_colours(tmp_path: Path) -> None:
    image = Image.new("RGB", (8, 8), (200, 60, 50))
    found = made(
        tmp_path, saved(image, "PNG", icc_profile=profile(DISPLAY_P3)), Variant(8, format="png")
    )
    srgb = ImageCms.createProfile("sRGB")
    before, after = (
        ImageCms.profileToProfile(image, BytesIO(icc), srgb)
        for icc in (profile(DISPLAY_P3), found.info["icc_profile"])
    )
    assert before is not None and after is not None
    assert pixel(before, 4, 4) == pixel(after, 4, 4) != [200, 60, 50]


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_what_is_wider_becomes_srgb(tmp_path: Path, mode: str) -> None:
    image = Image.new("RGB", (8, 8), (150, 120, 100)).convert(mode)
    data = saved(image, "PNG", icc_profile=profile(ADOBE_RGB))
    found = made(tmp_path, data, Variant(8, format="png"))
    assert "icc_profile" not in found.info
    red, green, blue = pixel(found, 4, 4)
    assert red > 155
    assert abs(green - 120) < 4
    assert abs(blue - 99) < 6


def test_srgb_goes_without_a_profile(tmp_path: Path) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    found = made(tmp_path, saved(quarters(), "PNG", icc_profile=srgb), Variant(32, format="png"))
    assert "icc_profile" not in found.info
    assert corners(found) == ["red", "lime", "blue", "white"]


@pytest.mark.parametrize("icc", [b"", b"no profile", profile(ADOBE_RGB)[:200], bytes(4000)])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_profile_that_is_broken_or_of_others_is_taken_for_none(
    tmp_path: Path, mode: str, icc: bytes
) -> None:
    data = saved(Image.new(mode, (8, 8)), "TIFF", **({"icc_profile": icc} if icc else {}))
    assert made(tmp_path, data, Variant(8)).mode in ("L", "RGB")


# ---------------------------------------------------------------------------------- bytes


ENCODE = """
import os, sys
from pathlib import Path
if len(sys.argv) > 3:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
from generator.pictures.variants import made_variant
made = made_variant(Path(sys.argv[1]), sys.argv[2])
assert isinstance(made, bytes)
sys.stdout.buffer.write(made)
"""


def encoded_elsewhere(*args: str) -> bytes:
    command = [sys.executable, "-c", ENCODE, *args]
    return subprocess.run(command, check=True, capture_output=True).stdout


@pytest.mark.long
@pytest.mark.parametrize("target", TARGETS)
def test_the_bytes_are_the_same_in_each_process_and_on_one_core(
    tmp_path: Path, target: Format
) -> None:
    data, variant = saved(photograph(700, 500)), Variant(600, format=target)
    here = bytes_of(tmp_path, data, variant)
    args = [str(tmp_path / "a # é.jpg"), variant.to_json()]
    one_core: list[Any] = ["one core"] if hasattr(os, "sched_setaffinity") else []
    assert here == bytes_of(tmp_path, data, variant)
    assert here == encoded_elsewhere(*args) == encoded_elsewhere(*args, *one_core)


def test_a_jpeg_is_progressive_and_small(tmp_path: Path) -> None:
    image = made(tmp_path, saved(photograph()), Variant(320))
    assert image.info["progressive"]


def test_a_better_quality_takes_more_bytes(tmp_path: Path) -> None:
    for target in ("avif", "jpeg", "webp"):
        sizes = [
            len(bytes_of(tmp_path, saved(photograph()), Variant(320, format=target, quality=q)))
            for q in (30, 60, 90)
        ]
        assert sizes == sorted(set(sizes))


@pytest.mark.parametrize("target", TARGETS)
def test_each_format_has_a_quality_of_its_own(tmp_path: Path, target: Format) -> None:
    data, own = saved(photograph()), Variant(320, format=target)
    same = Variant(320, format=target, quality=QUALITIES[target])
    assert bytes_of(tmp_path, data, own) == bytes_of(tmp_path, data, same)


# ------------------------------------------------------------------------------- problems


def test_what_is_broken_is_told_of_the_file_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(saved(photograph())[:3000])
    found = made_variant(tmp_path / "a.jpg", Variant(10).to_json(), "content/a.jpg")
    assert isinstance(found, Problem)
    assert str(found) == "content/a.jpg: it is cut off; copy it again from where it came"
    assert found.code == Code.BROKEN_PICTURE
    unnamed = made_variant(tmp_path / "a.jpg", Variant(10).to_json())
    assert isinstance(unnamed, Problem)
    assert unnamed.file == "a.jpg"


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    found = made_variant(tmp_path / "a.jpg", Variant(10).to_json())
    assert isinstance(found, Problem)
    assert found.code == Code.UNREADABLE


@pytest.mark.parametrize(
    "wrong",
    ['{"width": 0}', '{"width": 9, "quality": 101}', '{"width": 9, "format": "tiff"}', "{}"],
)
def test_a_variant_that_cannot_be_is_refused(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        made_variant(tmp_path / "a.jpg", wrong)
