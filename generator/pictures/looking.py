"""What can be said of a picture once it is looked at.

In comes a file; out go its size as people see it, its format, its main colour, where its detail is
and whose it is, or why it cannot be published. It is decoded once, as small as its format allows.
"""

from pathlib import Path

import msgspec
import numpy as np
from PIL import Image, ImageFile

from generator.errors import Problem
from generator.pictures.opening import (
    MOST_PIXELS,
    format_of,
    is_animation,
    opened,
    orientation_of,
    told,
    turned,
    upright_size,
)
from generator.pictures.pixels import is_translucent, plain
from generator.pictures.profiles import in_srgb
from generator.pictures.rights import Rights, rights_of


class Picture(msgspec.Struct, frozen=True):
    """A picture: width and height in pixels as people see it, and what is in it.

    `format` is "jpeg", "png", "webp", "avif", "gif", "heic", "tiff" or "bmp". One that
    `has_alpha` is translucent somewhere, which is more than that its format has room for it.
    `colour` is "#rrggbb", of what can be seen; `focus` is the centre of its detail, in per cent
    from the left and from the top.
    """

    width: int
    height: int
    format: str
    is_animated: bool
    has_alpha: bool
    colour: str
    focus: tuple[int, int]
    rights: Rights


class Flaw(msgspec.Struct, frozen=True):
    """Why a picture cannot be published, and what to do."""

    what: str
    remedy: str


def look_at_picture(full: Path, most_pixels: int = MOST_PIXELS) -> Picture | Flaw:
    """Return what is to be known of the picture in a file, or its flaw.

    One of more pixels than `most_pixels` is told by its header, and never decoded. `most_pixels`
    is `MOST_PIXELS` at most.
    """
    found = told(lambda: _looked_at(full, min(most_pixels, MOST_PIXELS)), full.name)
    return Flaw(found.what, found.remedy) if isinstance(found, Problem) else found


def _looked_at(full: Path, most_pixels: int) -> Picture:
    with opened(full, most_pixels) as image:
        width, height = upright_size(image)
        kind, moves = format_of(image), is_animation(image)
        small, has_alpha = _small(image)
        rights = rights_of(image)  # which a PNG may have behind its pixels
        colour, focus = _main_colour(small), _centre_of_detail(small)
        return Picture(width, height, kind, moves, has_alpha, colour, focus, rights)


def _small(image: ImageFile.ImageFile) -> tuple[Image.Image, bool]:
    """Return a picture upright and small, in RGBA, and whether it is translucent somewhere."""
    orientation = orientation_of(image)
    image.draft(None, (_SIDE * 2, _SIDE * 2))
    whole = plain(image)
    scale = min(1, _SIDE / max(whole.size))
    sides = max(1, round(whole.width * scale)), max(1, round(whole.height * scale))
    small = in_srgb(whole.resize(sides, Image.Resampling.BOX), image.info.get("icc_profile"))
    small = small if small.mode == "RGBA" else small.convert("RGB").convert("RGBA")
    return turned(small, orientation), is_translucent(whole)


_SIDE = 64


def _main_colour(small: Image.Image) -> str:
    """Return the mean of the most frequent colours that are alike: of one in eight each way.

    Ties go to the darker one.
    """
    pixels = np.asarray(small).reshape(-1, 4).astype(np.int64)
    opaque = pixels[pixels[:, 3] >= _OPAQUE][:, :3]
    seen = opaque if len(opaque) else pixels[:, :3]
    kinds = (seen >> 5) @ np.array([64, 8, 1])
    main = seen[kinds == np.bincount(kinds).argmax()]
    red, green, blue = ((main.sum(axis=0) * 2 + len(main)) // (2 * len(main))).tolist()
    return f"#{red:02x}{green:02x}{blue:02x}"


_OPAQUE = 128


def _centre_of_detail(small: Image.Image) -> tuple[int, int]:
    """Return the centre of gravity of a picture's contours, in per cent; its middle if it has none.

    Whole numbers are summed, in the same order on each machine. What differs from its neighbours
    less than most of the picture does counts nothing: a meadow has more contours than a face.
    """
    grey = np.asarray(small.convert("RGB").convert("L")).astype(np.int64)
    down, across = (np.abs(np.diff(grey, axis=axis)) for axis in (0, 1))
    contours = np.zeros_like(grey)
    contours[:-1] += down
    contours[:, :-1] += across
    weights = np.maximum(0, contours - int(np.quantile(contours, 0.75, method="lower"))) ** 2
    total = int(weights.sum())
    if not total:
        return 50, 50
    height, width = grey.shape
    left = _per_cent(int((weights.sum(axis=0) * (2 * np.arange(width) + 1)).sum()), total, width)
    top = _per_cent(int((weights.sum(axis=1) * (2 * np.arange(height) + 1)).sum()), total, height)
    return left, top


def _per_cent(moment: int, total: int, side: int) -> int:
    """Return where a moment in half pixels is on a side, rounded."""
    return (100 * moment + total * side) // (2 * total * side)
