"""A file is cleaned without touching its pixels where it can be, and never published as it was."""

import random
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageSequence
from PIL.PngImagePlugin import PngInfo

from generator.codes import Code
from generator.errors import Problem
from generator.pictures.cleaning import Cleaned, cleaned
from generator.pictures.stripped.gif import stripped_gif
from support.photographs import (
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

STRIPPED = ("JPEG", "PNG", "WEBP", "GIF")
SECRET = b"SECRET place"


def clean(folder: Path, data: bytes, most_width: int | None = None) -> Cleaned:
    found = cleaned(written(folder, data), most_width)
    assert isinstance(found, Cleaned), found
    return found


def written(folder: Path, data: bytes) -> Path:
    (folder / "ä #1.jpg").write_bytes(data)
    return folder / "ä #1.jpg"


def frames(data: bytes) -> list[tuple[bytes, float]]:
    """The pixels of each frame, and how long it is shown, which some tell once it is decoded."""
    with Image.open(BytesIO(data)) as image:
        return [
            (pixels, frame.info["duration"])
            for frame in ImageSequence.Iterator(image)
            if (pixels := frame.convert("RGBA").tobytes())
        ]


def moving(form: str, **options: bytes) -> bytes:
    first, *others = [photograph(120, 80, seed) for seed in range(3)]
    film: dict[str, Any] = {"save_all": True, "append_images": others, "duration": 120, "loop": 0}
    return saved(first, form, **film, **options)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_blocks": 3}])
@pytest.mark.parametrize("form", STRIPPED)
def test_the_pixels_are_as_they_were(tmp_path: Path, form: str, options: dict[str, int]) -> None:
    data = saved(photograph(), form, **(options if form == "JPEG" else {}))
    found = clean(tmp_path, data)
    assert found.format == form.lower()
    assert shown(found.data).tobytes() == shown(data).tobytes()
    assert len(found.data) <= len(data)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_the_pixels_of_each_kind_of_png_are_as_they_were(tmp_path: Path, mode: str) -> None:
    image = quarters().convert(mode) if mode != "I;16" else Image.new(mode, (9, 9), 40_000)
    found = shown(clean(tmp_path, saved(image, "PNG")).data)
    assert found.tobytes() == shown(saved(image, "PNG")).tobytes()
    assert found.mode == mode


def test_printers_colours_of_a_jpeg_are_as_they_were(tmp_path: Path) -> None:
    data = saved(quarters().convert("CMYK"))
    found = shown(clean(tmp_path, data).data)
    assert found.mode == "CMYK"
    assert found.tobytes() == shown(data).tobytes()


@pytest.mark.parametrize("form", [form for form in FORMATS if form not in ("GIF", "BMP")])
@pytest.mark.parametrize("orientation", [2, 3, 5, 6, 8])
def test_what_is_turned_by_its_metadata_is_turned_in_its_pixels(
    tmp_path: Path, form: str, orientation: int
) -> None:
    upright = {
        2: ["lime", "red", "white", "blue"],
        3: ["white", "blue", "lime", "red"],
        5: ["red", "blue", "lime", "white"],
        6: ["blue", "red", "white", "lime"],
        8: ["lime", "white", "red", "blue"],
    }
    found = shown(clean(tmp_path, saved(quarters(), form, exif=exif_of(orientation))).data)
    assert corners(found) == upright[orientation]
    assert not found.getexif()


@pytest.mark.parametrize(
    ("form", "image", "becomes"),
    [
        ("HEIF", photograph(), "jpeg"),
        ("TIFF", photograph(), "jpeg"),
        ("BMP", photograph(), "png"),
        ("AVIF", photograph(), "avif"),
        ("HEIF", translucent(photograph()), "png"),
        ("TIFF", translucent(photograph()), "png"),
        ("AVIF", translucent(photograph()), "avif"),
    ],
)
def test_what_browsers_do_not_show_becomes_what_they_do(
    tmp_path: Path, form: str, image: Image.Image, becomes: str
) -> None:
    found = clean(tmp_path, saved(image, form))
    assert found.format == becomes
    assert shown(found.data).format == becomes.upper()
    seen, was = shown(found.data).convert("RGB"), image.convert("RGB")
    assert abs(np.asarray(seen, int) - np.asarray(was)).mean() < 8


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_too_wide_is_made_smaller(tmp_path: Path, form: str) -> None:
    assert shown(clean(tmp_path, saved(photograph(), form), 100).data).size == (100, 75)
    assert shown(clean(tmp_path, saved(photograph(), form), 320).data).size == (320, 240)
    assert shown(clean(tmp_path, saved(photograph(), form), 900).data).size == (320, 240)


def test_a_width_is_that_of_the_picture_as_it_is_seen(tmp_path: Path) -> None:
    data = saved(photograph(), exif=exif_of(6))
    assert shown(clean(tmp_path, data, 120).data).size == (120, 160)


# ------------------------------------------------------------------------------ what moves


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_what_moves_goes_on_moving(tmp_path: Path, form: str) -> None:
    found = clean(tmp_path, moving(form))
    assert frames(found.data) == frames(moving(form))
    assert shown(found.data).info["loop"] == 0


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "AVIF"])
def test_what_moves_and_is_too_wide_moves_in_small(tmp_path: Path, form: str) -> None:
    found = clean(tmp_path, moving(form), 60)
    assert found.format == form.lower()
    assert shown(found.data).size == (60, 40)
    assert [duration for _, duration in frames(found.data)] == [120] * 3
    if form != "AVIF":  # which has no number of times
        assert shown(found.data).info["loop"] == 0


def test_an_avif_that_moves_is_encoded_anew(tmp_path: Path) -> None:
    assert len(frames(clean(tmp_path, moving("AVIF")).data)) == 3


@pytest.mark.long
def test_a_film_of_very_many_frames_keeps_its_width(tmp_path: Path) -> None:
    first, *others = [Image.new("L", (1000, 1000), shade) for shade in range(120)]
    data = saved(first, "GIF", save_all=True, append_images=others)
    assert shown(clean(tmp_path, data, 950).data).size == (1000, 1000)


def test_a_gif_keeps_its_loop_and_loses_what_programs_say(tmp_path: Path) -> None:
    data = moving("GIF", comment=SECRET)
    own = b"!\xff\x0bXMP DataXMP" + b"\x0c" + SECRET + b"\0"
    text = b"!\xf9\x04\1\0\0\0\0!\x01\x0c" + bytes(12) + b"\x0c" + SECRET + b"\0"
    end = data.rindex(b";")
    found = clean(tmp_path, data[:end] + own + text + b";" + SECRET).data
    assert SECRET not in found
    assert frames(found) == frames(data)
    assert found == stripped_gif(found)


# ------------------------------------------------------------------ what stands elsewhere


def jpeg_with(marker: int) -> bytes:
    segment = bytes([0xFF, marker, 0, len(SECRET) + 2]) + SECRET
    data = saved(photograph())
    return data[:20] + segment + data[20:]


def png_with(kind: bytes, body: bytes = SECRET) -> bytes:
    if kind == b"eXIf":
        return saved(photograph(), "PNG", exif=body)
    texts = PngInfo()
    texts.add(kind, body)
    return saved(photograph(), "PNG", pnginfo=texts)


@pytest.mark.parametrize("marker", [*range(0xE0, 0xF0), 0xDC, 0xFE])
def test_no_segment_of_a_program_stays_in_a_jpeg(tmp_path: Path, marker: int) -> None:
    assert SECRET in jpeg_with(marker)
    assert SECRET not in clean(tmp_path, jpeg_with(marker)).data


def test_a_segment_between_the_scans_of_a_jpeg_goes_too(tmp_path: Path) -> None:
    data = saved(photograph(), progressive=True)
    place = data.rindex(b"\xff\xda")
    hidden = data[:place] + b"\xff\xfe" + bytes([0, len(SECRET) + 2]) + SECRET + data[place:]
    found = clean(tmp_path, hidden).data
    assert SECRET not in found
    assert shown(found).tobytes() == shown(data).tobytes()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_what_stands_behind_the_end_goes(tmp_path: Path, form: str) -> None:
    found = clean(tmp_path, saved(photograph(), form) + SECRET)
    assert SECRET not in found.data


def test_the_other_pictures_of_a_telephone_go(tmp_path: Path) -> None:
    data = saved(photograph(), "MPO", save_all=True, append_images=[photograph(seed=2)])
    found = clean(tmp_path, data).data
    assert shown(data).format == "MPO"
    assert shown(found).format == "JPEG"
    assert len(found) < 0.7 * len(data)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (b"tEXt", b"Place\0" + SECRET),
        (b"iTXt", b"Place\0\0\0\0\0" + SECRET),
        (b"tIME", b"\x07\xea\x0b\x1b\x0a\x0b\x0c"),
        (b"eXIf", exif_of(note=SECRET)[6:]),
        (b"prVt", SECRET),
        (b"caBX", SECRET),
    ],
)
def test_no_chunk_of_texts_stays_in_a_png(tmp_path: Path, kind: bytes, body: bytes) -> None:
    assert kind + body in png_with(kind, body)
    found = clean(tmp_path, png_with(kind, body)).data
    assert kind not in found
    assert body not in found


def test_what_a_webp_has_besides_its_picture_goes(tmp_path: Path) -> None:
    data = saved(translucent(photograph()), "WEBP", exif=exif_of(note=SECRET))
    extra = b"PRVT" + len(SECRET).to_bytes(4, "little") + SECRET
    length = int.from_bytes(data[4:8], "little") + len(extra)
    found = clean(tmp_path, data[:4] + length.to_bytes(4, "little") + data[8:] + extra).data
    assert SECRET not in found
    assert "exif" not in shown(found).info
    assert shown(found).tobytes() == shown(data).tobytes()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_profile_stays_and_names_nobody(tmp_path: Path, form: str) -> None:
    data = saved(photograph(), form, icc_profile=profile(DISPLAY_P3))
    found = clean(tmp_path, data).data
    kept = shown(found).info["icc_profile"]
    assert OWNER in shown(data).info["icc_profile"]
    assert OWNER not in kept
    assert b"SECR" not in kept
    assert shown(found).tobytes() == shown(data).tobytes()


def test_cleaning_what_is_clean_changes_nothing(tmp_path: Path) -> None:
    for form in STRIPPED:
        once = clean(tmp_path, saved(photograph(), form)).data
        assert clean(tmp_path, once).data == once


# ------------------------------------------------------------------------------- problems


@pytest.mark.parametrize("data", [b"", b"GPS SECRET", b"<svg/>", saved(photograph())[:4000]])
def test_what_cannot_be_cleaned_is_a_problem(tmp_path: Path, data: bytes) -> None:
    found = cleaned(written(tmp_path, data), file="content/a.jpg")
    assert isinstance(found, Problem)
    assert found.file == "content/a.jpg"
    assert found.code == Code.BROKEN_PICTURE


def test_a_file_that_is_gone_cannot_be_cleaned(tmp_path: Path) -> None:
    found = cleaned(tmp_path / "a.jpg")
    assert isinstance(found, Problem)
    assert found.code == Code.UNREADABLE


def with_secrets(form: str) -> bytes:
    if form == "GIF":
        return saved(quarters(), form, comment=SECRET)
    return saved(quarters(), form, exif=exif_of(note=SECRET))


@pytest.mark.long
@pytest.mark.parametrize("form", [form for form in FORMATS if form != "BMP"])
@pytest.mark.parametrize("damage", ["a byte", "a cut", "a gap"])
def test_however_a_file_is_damaged_nothing_of_it_comes_through(
    tmp_path: Path, form: str, damage: str
) -> None:
    """It is cleaned, or it is a problem; an exception would be a third."""
    chance, data = random.Random(f"{form} {damage}"), with_secrets(form)
    assert SECRET in data
    made = [cleaned(written(tmp_path, DAMAGES[damage](data, chance))) for _ in range(60)]
    assert not [m for m in made if isinstance(m, Cleaned) and SECRET in m.data]
    assert all(isinstance(m, Cleaned | Problem) for m in made)


def _with_other_bytes(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(min(len(data), 600))
    return data[:place] + chance.randbytes(1) + data[place + 1 :]


def _without_a_part(data: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.sample(range(min(len(data), 900)), 2))
    return data[:start] + data[end:]


DAMAGES: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "a byte": _with_other_bytes,
    "a cut": lambda data, chance: data[: chance.randrange(len(data))],
    "a gap": _without_a_part,
}
