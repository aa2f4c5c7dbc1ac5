"""Pictures as cameras take them, and what cameras write into them."""

import json
import subprocess
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from pillow_heif import register_heif_opener

ENDINGS = {
    "JPEG": ".jpg",
    "PNG": ".png",
    "WEBP": ".webp",
    "AVIF": ".avif",
    "GIF": ".gif",
    "HEIF": ".heic",
    "TIFF": ".tif",
    "BMP": ".bmp",
}
FORMATS = tuple(ENDINGS)
"""As Pillow names them."""
DISPLAY_P3 = (0.680, 0.320), (0.265, 0.690), (0.150, 0.060)
ADOBE_RGB = (0.640, 0.330), (0.210, 0.710), (0.150, 0.060)
OWNER = b"SECRET of the screen's owner"

register_heif_opener()


def photograph(width: int = 320, height: int = 240, seed: int = 1) -> Image.Image:
    """A sky above a field, with a red house, and noise as of a sensor."""
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    sky = down < height * 0.6
    shades = np.where(sky, 200 - 60 * down / height, 60 + 80 * across / width)
    pixels = np.stack([shades * 0.6, shades * 0.8, np.where(sky, 230, 60)], axis=-1)
    house = (abs(across - width * 0.75) < width / 10) & (abs(down - height / 2) < height / 8)
    pixels[house] = 200, 40, 30
    pixels += np.random.default_rng(seed).normal(0, 5, (height, width, 1))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def quarters(width: int = 64, height: int = 32) -> Image.Image:
    """Four colours, by which it is seen how a picture lies: red and green above blue and white."""
    image = Image.new("RGB", (width, height))
    for number, colour in enumerate(("red", "lime", "blue", "white")):
        part = Image.new("RGB", (width // 2, height // 2), colour)
        image.paste(part, (number % 2 * width // 2, number // 2 * height // 2))
    return image


def corners(image: Image.Image) -> list[str]:
    """The colours of `quarters`, from the left above to the right below."""
    names = {(1, 0, 0): "red", (0, 1, 0): "lime", (0, 0, 1): "blue", (1, 1, 1): "white"}
    width, height = image.size
    places = [(width * x // 4, height * y // 4) for y in (1, 3) for x in (1, 3)]
    rgb = image.convert("RGB")
    found = [np.asarray(rgb)[y, x].tolist() for x, y in places]
    return [names[red > 128, green > 128, blue > 128] for red, green, blue in found]


def translucent(image: Image.Image) -> Image.Image:
    """A picture of which the left half can hardly be seen."""
    alpha = Image.new("L", image.size, 255)
    alpha.paste(40, (0, 0, image.width // 2, image.height))
    image = image.copy()
    image.putalpha(alpha)
    return image


def saved(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def shown(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def exif_of(orientation: int = 1, note: bytes = b"") -> bytes:
    """EXIF as a camera writes it, with a note of the maker's own."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    if note:
        exif[0x010F] = "NIKON CORPORATION"
        exif.get_ifd(0x8769)[0x927C] = note
    return exif.tobytes()


def profile(primaries: tuple[tuple[float, float], ...]) -> bytes:
    """A profile of these primaries and gamma 2.2 (ICC.1:2001-04), that names a screen's owner."""
    white = np.array([0.9505, 1.0, 1.0891])
    d50 = np.array([0.9642, 1.0, 0.8249])
    bradford = np.array(
        [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
    )
    columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in primaries]).T
    to_xyz = columns * np.linalg.solve(columns, white)
    adapt = np.linalg.inv(bradford) @ np.diag((bradford @ d50) / (bradford @ white)) @ bradford
    named = OWNER + b"\0"
    tags = {
        b"desc": b"desc" + bytes(4) + len(named).to_bytes(4, "big") + named + bytes(78),
        b"cprt": b"text" + bytes(4) + named,
        b"wtpt": _xyz(d50),
        b"chad": b"sf32" + bytes(4) + b"".join(map(_fixed, adapt.ravel())),
        **{
            b"%cXYZ" % c: _xyz(column) for c, column in zip(b"rgb", (adapt @ to_xyz).T, strict=True)
        },
        **{b"%cTRC" % c: b"curv" + bytes(4) + b"\0\0\0\1\x02\x33\0\0" for c in b"rgb"},
    }
    table, data, start = len(tags).to_bytes(4, "big"), b"", 132 + 12 * len(tags)
    for name, value in tags.items():
        table += name + (start + len(data)).to_bytes(4, "big") + len(value).to_bytes(4, "big")
        data += value + bytes(-len(value) % 4)
    header = bytes(4) + b"appl\x02\x10\0\0mntrRGB XYZ " + bytes(12) + b"acspAPPL" + bytes(4)
    header += b"SECRSCRN" + bytes(12) + b"".join(map(_fixed, d50)) + b"SECR" + bytes(44)
    return (start + len(data)).to_bytes(4, "big") + header[4:] + table + data


def _xyz(values: Iterable[float]) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(map(_fixed, values))


def _fixed(value: float) -> bytes:
    return round(value * 65_536).to_bytes(4, "big", signed=True)


# ------------------------------------------------------------------------------ exiftool


def plant(exiftool: str, files: Iterable[Path], tags: dict[str, str]) -> None:
    """Write tags into files, each where its format has room for them."""
    args = [f"-{name}={value}" for name, value in tags.items()]
    command = [exiftool, "-q", "-m", "-overwrite_original", *args, *map(str, files)]
    subprocess.run(command, check=True, capture_output=True)


def tags_in(exiftool: str, files: Iterable[Path]) -> dict[str, dict[str, Any]]:
    """All that exiftool finds in files, by their names, what it does not know included."""
    command = [exiftool, "-json", "-G1", "-a", "-U", "-ee3", *map(str, files)]
    done = subprocess.run(command, check=True, capture_output=True)
    return {Path(found["SourceFile"]).name: found for found in json.loads(done.stdout)}
