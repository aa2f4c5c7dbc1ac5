"""No file takes more memory or time than a picture may, and none ends in an exception."""

import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from generator.errors import Problem
from generator.pictures.cleaning import Cleaned, cleaned
from generator.pictures.looking import Flaw, Picture, look_at_picture
from generator.pictures.variants import made_variant
from generator.pictures.wanted import Variant
from support.photographs import DISPLAY_P3, FORMATS, photograph, profile, quarters, saved, shown

SIDE = 50_000


def _sized(form: str, width: int, height: int) -> bytes:
    """A small picture whose header says that it is large."""
    data = bytearray(saved(quarters(), form))
    if form == "PNG":
        data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
        data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    elif form == "JPEG":
        start = data.index(b"\xff\xc0") + 5
        data[start : start + 4] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    elif form == "GIF":
        data[6:10] = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    elif form == "BMP":
        data[18:26] = width.to_bytes(4, "little") + height.to_bytes(4, "little")
    elif form == "AVIF":
        start = data.index(b"ispe") + 8
        data[start : start + 8] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return bytes(data)


def _large_webp() -> bytes:
    """The extended form with a canvas of 16,384 pixels each way."""
    inside = saved(quarters(), "WEBP")[12:]
    head = b"VP8X\x0a\0\0\0\x10\0\0\0\xff\x3f\0\xff\x3f\0"
    body = b"WEBP" + head + inside
    return b"RIFF" + len(body).to_bytes(4, "little") + body


BOMBS = {form: _sized(form, SIDE, SIDE) for form in ("PNG", "JPEG", "GIF", "BMP", "AVIF")} | {
    "WEBP": _large_webp()
}
MEASURE = """
import sys, warnings
from pathlib import Path
warnings.simplefilter("error")
from generator.pictures.cleaning import cleaned
from generator.pictures.looking import look_at_picture
from generator.pictures.variants import made_variant
from generator.pictures.wanted import Variant
small, file = map(Path, sys.argv[1:])
def work(path):
    made = [look_at_picture(path), cleaned(path), cleaned(path, 600)]
    for format in ("avif", "jpeg"):
        made.append(made_variant(path, Variant(600, format=format).to_json()))
    return made
def peak():
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])
work(small)
before = peak()
for one in work(file):
    print(type(one).__name__)
print(peak() - before)
"""


def measured(folder: Path, data: bytes) -> tuple[list[str], int]:
    """What becomes of a picture, and by how many KiB memory grows meanwhile."""
    (folder / "small").write_bytes(saved(photograph()))
    (folder / "file").write_bytes(data)
    args = [sys.executable, "-c", MEASURE, str(folder / "small"), str(folder / "file")]
    *kinds, grown = subprocess.run(args, check=True, capture_output=True, text=True).stdout.split()
    return kinds, int(grown)


@pytest.mark.parametrize("form", BOMBS)
def test_a_bomb_is_told_by_its_header(tmp_path: Path, form: str) -> None:
    (tmp_path / "bomb").write_bytes(BOMBS[form])
    found = look_at_picture(tmp_path / "bomb")
    assert isinstance(found, Flaw)
    assert found.what.startswith("it is too large (") or form == "AVIF"
    assert isinstance(cleaned(tmp_path / "bomb"), Problem)
    assert isinstance(made_variant(tmp_path / "bomb", Variant(9).to_json()), Problem)


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory otherwise")
@pytest.mark.parametrize("form", BOMBS)
def test_a_bomb_takes_no_memory(tmp_path: Path, form: str) -> None:
    kinds, grown = measured(tmp_path, BOMBS[form])
    assert kinds == ["Flaw", *["Problem"] * 4]
    assert grown < 20_000


def _with_profile(size: int) -> bytes:
    """A PNG whose profile has so many bytes, nearly all of them empty ones behind its tags."""
    return saved(quarters(), "PNG", icc_profile=profile(DISPLAY_P3).ljust(size, b"\0"))


def test_a_png_may_have_a_profile_as_large_as_those_of_printers(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(_with_profile(2_500_000))
    assert isinstance(look_at_picture(tmp_path / "a.png"), Picture)
    found = cleaned(tmp_path / "a.png")
    assert isinstance(found, Cleaned)
    assert shown(found.data).info["icc_profile"]


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory otherwise")
def test_a_profile_that_unpacks_to_hundreds_of_megabytes_takes_no_memory(tmp_path: Path) -> None:
    kinds, grown = measured(tmp_path, _with_profile(400_000_000))
    assert kinds == ["Flaw", *["Problem"] * 4]
    assert grown < 40_000


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory otherwise")
def test_a_large_picture_takes_no_more_than_its_pixels(tmp_path: Path) -> None:
    """A telephone's picture of 12 megapixels has 36 MB of pixels; half of that is decoded."""
    kinds, grown = measured(tmp_path, saved(photograph(4000, 3000)))
    assert kinds == ["Picture", "Cleaned", "Cleaned", "bytes", "bytes"]
    assert 1_000 < grown < 50_000


@pytest.mark.long
@pytest.mark.parametrize("form", FORMATS)
def test_wherever_a_file_is_cut_off_it_is_a_picture_or_has_a_flaw(
    tmp_path: Path, form: str
) -> None:
    data, file = saved(photograph(), form), tmp_path / "a"
    flaws = 0
    for part in range(50):
        file.write_bytes(data[: len(data) * part // 50])
        found = look_at_picture(file)
        assert isinstance(found, Flaw | Picture)
        assert isinstance(cleaned(file), Cleaned | Problem)
        assert isinstance(made_variant(file, Variant(50).to_json()), bytes | Problem)
        flaws += isinstance(found, Flaw)
    assert flaws > 40
