"""In which widths, formats and crops a picture of the content is published, and where.

In come a file and the settings of pictures; out go `Ladder`s, for views and for the outputs that
answer for all addresses in them. The name of a variant holds a digest of what it is made from.
"""

import posixpath
from hashlib import blake2b
from typing import NamedTuple

from generator.config import Images
from generator.config.settings import PAGE_WIDTH
from generator.content.pictures import read_focus
from generator.model import File, PictureMatter
from generator.pictures.wanted import Format, best_formats
from generator.slugs import slugify
from generator.templates.views import SHARE


class Ladder(NamedTuple):
    """A picture in several widths, in pixels, and formats, the best first.

    `stem` begins the name of each; `ratio` is that of width to height, as it is cropped.
    """

    stem: str
    widths: tuple[int, ...]
    formats: tuple[Format, ...]
    ratio: tuple[int, int]
    focus: tuple[int, int] = (50, 50)
    is_crop: bool = False

    def path(self, width: int, form: str) -> str:
        """Return where a variant is, from the root of the site."""
        return f"{FOLDER}/{self.stem}.{width}.{form}"


FOLDER = "images"
"""The folder of the site that variants of pictures are in."""


def ladder_of(file: File, images: Images) -> Ladder | None:
    """Return the variants of a picture; None if it is sent as it is, for it is small or moves."""
    raster = file.raster
    if raster is None or raster.is_animated or file.size < _SMALL or not images.widths:
        return None
    if images.keeps(file.path):
        return None
    formats, widths = best_formats(raster, images.formats), _widths(file.width, images.widths)
    return Ladder(_stem(file, images, ""), widths, formats, (file.width, file.height))


def crop_of(
    file: File, images: Images, ratio: tuple[int, int], focus: tuple[int, int]
) -> Ladder | None:
    """Return the variants of a picture cropped to a ratio about a point, in per cent."""
    whole = ladder_of(file, images)
    if whole is None:
        return None
    if ratio == SHARE:
        return _one_jpeg(file, images, ratio, focus, SHARE[0])
    most = tuple(one for one in images.widths if one <= _WIDEST_CROP)
    widths, stem = _widths(_across(file, ratio), most), _stem_of_crop(file, images, ratio, focus)
    return Ladder(stem, widths, whole.formats, ratio, focus, is_crop=True)


def thumbnail_of(file: File, images: Images, focus: tuple[int, int]) -> Ladder | None:
    """Return what feeds show of a picture beside a headline: a square about a point, in one width.

    Where a site crops pictures to squares as wide, it is one of those.
    """
    if ladder_of(file, images) is None:
        return None
    return _one_jpeg(file, images, (1, 1), focus, _THUMBNAIL)


def published_size(file: File, images: Images) -> tuple[int, int]:
    """Return the sides of a picture's file as it is published, in pixels; 0 if not known."""
    if (
        file.raster is None
        or images.original
        or file.width <= PAGE_WIDTH
        or images.keeps(file.path)
    ):
        return file.width, file.height
    return PAGE_WIDTH, max(1, round(file.height * PAGE_WIDTH / file.width))


def focus_of(written: PictureMatter, file: File) -> tuple[int, int]:
    """Return the point of a picture, in per cent, that is to be seen however it is cropped."""
    own = file.raster.focus if file.raster else (50, 50)
    return read_focus(written.focus) or own


# ------------------------------------------------------------------------------- helpers

_SMALL = 10_000
"""Bytes of a file that is sent as it is, cleaned: each of its variants would save less."""
_WIDEST_CROP = 1200
"""Pixels: crops are for cards, which are no wider on any screen."""
_THUMBNAIL = 480
"""Pixels: programs show it no wider than a third of that."""


def _one_jpeg(
    file: File, images: Images, ratio: tuple[int, int], focus: tuple[int, int], most: int
) -> Ladder:
    """Return a crop for programs that may know no other format, at most so wide."""
    stem, widths = _stem_of_crop(file, images, ratio, focus), (min(most, _across(file, ratio)),)
    return Ladder(stem, widths, ("jpeg",), ratio, focus, is_crop=True)


def _across(file: File, ratio: tuple[int, int]) -> int:
    """Return how wide a picture is once it is cropped."""
    return min(file.width, file.height * ratio[0] // ratio[1])


def _widths(across: int, wanted: tuple[int, ...]) -> tuple[int, ...]:
    """Return the widths that a picture so wide is made in: none is above its own."""
    smaller = sorted({one for one in wanted if one < across})
    return (*smaller, across) if len(smaller) < len({*wanted}) else tuple(smaller)


def _stem_of_crop(
    file: File, images: Images, ratio: tuple[int, int], focus: tuple[int, int]
) -> str:
    return _stem(file, images, f"{ratio[0]}x{ratio[1]}-{focus[0]}-{focus[1]}")


def _stem(file: File, images: Images, cropping: str) -> str:
    name = slugify(posixpath.splitext(posixpath.basename(file.path))[0])[:_LONGEST] or "picture"
    made_from = f"{file.digest} {images.quality} {images.avif_speed} {cropping}"
    return f"{name}.{blake2b(made_from.encode(), digest_size=5).hexdigest()}"


_LONGEST = 40
