"""The one door by which pictures are decoded.

In comes a file; out goes a picture of Pillow of which no pixel is decoded yet, within bounds, or an
error in plain words. Whatever decoding stumbles over in the block is that error too.
"""

import logging
import re
import struct
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TypeVar

from PIL import ExifTags, Image, ImageFile, PngImagePlugin, UnidentifiedImageError

from generator.codes import Code
from generator.errors import InternalError, Problem, said, unreadable
from generator.pictures.formats import sniffed
from generator.regular import regular_file

T = TypeVar("T")

MOST_PIXELS = 100_000_000
"""Pixels of a picture that are decoded: a hundred megapixels, which take 400 MB at most."""
MOST_BYTES = 500_000_000
"""Bytes of a file that are read: some decoders hold all of them."""
_MOST_PACKED = 16_000_000
"""Bytes that a profile or a text of a PNG has unpacked: profiles of printers have two million."""

# What Pillow only warns of, such as metadata that is broken, is none of an editor's concern, and
# what is too large is refused here in better words.
warnings.filterwarnings("ignore", module=r"PIL\.")
logging.getLogger("PIL").addHandler(logging.NullHandler())
Image.MAX_IMAGE_PIXELS = max(Image.MAX_IMAGE_PIXELS or 0, MOST_PIXELS)
PngImagePlugin.MAX_TEXT_CHUNK = max(PngImagePlugin.MAX_TEXT_CHUNK, _MOST_PACKED)


class BrokenPictureError(InternalError):
    """A picture is broken, too large, or of a format that cannot be decoded."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.what, self.remedy = what, remedy

    def problem(self, file: str) -> Problem:
        """Return it as the problem of a file."""
        return Problem(file, 0, self.what, self.remedy, code=Code.BROKEN_PICTURE)


@contextmanager
def opened(full: Path, most_pixels: int = MOST_PIXELS) -> Iterator[ImageFile.ImageFile]:
    """Open the picture in a file, and close it at the end of the block.

    Raises `BrokenPictureError`, also for what fails in the block, and `OSError` for a file that
    cannot be read.
    """
    with regular_file(full).open("rb") as file:
        pillow = _understood(file)
        try:
            with Image.open(file, formats=[pillow]) as image:
                _refuse_more(image.size, most_pixels)
                yield image
        except BrokenPictureError:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_large(_pixels_in(error)) from error
        except Exception as error:  # decoders raise anything at all at bytes that are broken
            raise _broken(error) from error


def told(work: Callable[[], T], file: str) -> T | Problem:
    """Return what work at a picture gives, or the problem of the file that it is told of."""
    try:
        return work()
    except BrokenPictureError as error:
        return error.problem(file)
    except OSError as error:
        return unreadable(file, error)


def format_of(image: ImageFile.ImageFile) -> str:
    """Return the format of a picture in small letters: "jpeg", "png", "heic", …

    A JPEG with more pictures behind the first, as telephones make them, is a JPEG.
    """
    return {"MPO": "jpeg", "HEIF": "heic"}.get(image.format or "", (image.format or "").lower())


def is_animation(image: ImageFile.ImageFile) -> bool:
    """Return whether a picture moves: the pages of a TIFF, or pictures of a telephone, do not."""
    return format_of(image) in _MOVING and bool(getattr(image, "is_animated", False))


def orientation_of(image: ImageFile.ImageFile) -> int:
    """Return how a picture has to be turned, from 1, not at all, to 8 (EXIF 2.32, 4.6.4).

    Pillow turns a TIFF, and its plugin a HEIC, when it is decoded.
    """
    if format_of(image) in ("tiff", "heic"):
        return 1
    with suppress(Exception):  # whatever is wrong with metadata is no flaw of the picture
        found = image.getexif().get(ExifTags.Base.Orientation, 1)
        return found if isinstance(found, int) and 1 <= found <= 8 else 1
    return 1


def upright_size(image: ImageFile.ImageFile) -> tuple[int, int]:
    """Return width and height of a picture as people see it."""
    width, height = image.size
    return (height, width) if orientation_of(image) >= 5 else (width, height)


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """Return a picture turned upright, of this orientation in its file."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_MOVING = {"gif", "webp", "png", "avif"}
_PILLOW = {"heic": "HEIF"}
"""Names of formats there that are others than here. Nothing else than what is known here is ever
decoded: Pillow knows formats that run programs, or hold others.
"""


def _understood(file: IO[bytes]) -> str:
    """Return the format of a file that can be opened now, and is no larger than it may be."""
    found = sniffed(file)
    if found.size > MOST_BYTES:
        most = f"it has {found.size // 1_000_000:,} MB, and may have {MOST_BYTES // 1_000_000}"
        raise BrokenPictureError(most, _SMALLER)
    if not found.size:
        raise BrokenPictureError("it is empty", "put it back from a copy, or take it out")
    if not found.format:
        remedy = "save it as JPEG, PNG, WebP, AVIF or GIF"
        raise BrokenPictureError("its bytes are not those of a picture that is known here", remedy)
    if found.is_cut_off:
        raise _cut_off()
    _refuse_more(found.canvas, MOST_PIXELS)
    if found.format == "heic":
        _have_heic_known()
    return _PILLOW.get(found.format, found.format.upper())


def _have_heic_known() -> None:
    try:
        from pillow_heif import register_heif_opener
    except ImportError as error:
        what = "pictures of HEIC take a library that is not installed"
        remedy = "run pip install 'broadsheet[heif]', or save it as JPEG"
        raise BrokenPictureError(what, remedy) from error
    register_heif_opener()


def _refuse_more(size: tuple[int, int], most_pixels: int) -> None:
    width, height = size
    if width * height > most_pixels:
        raise _too_large(f" ({width:,} × {height:,} pixels)", most_pixels)


def _pixels_in(error: Exception) -> str:
    """Return what Pillow says of the size of a picture that it refuses itself."""
    found = re.search(r"\((\d+) pixels\)", str(error))
    return f" ({int(found[1]) / 1_000_000:,.0f} megapixels)" if found else ""


def _too_large(size: str, most_pixels: int = MOST_PIXELS) -> BrokenPictureError:
    most = f"it may have {most_pixels / 1_000_000:,g} megapixels at most"
    return BrokenPictureError(f"it is too large{size}: {most}", _SMALLER)


def _broken(error: Exception) -> BrokenPictureError:
    """Return what to say of an error of a decoder, of which each has its own words."""
    words = str(error).lower()
    if isinstance(error, EOFError | struct.error) or any(word in words for word in _CUT):
        return _cut_off()
    return BrokenPictureError(f"it is broken ({_said(error)})", "save it anew, or take it out")


def _cut_off() -> BrokenPictureError:
    return BrokenPictureError("it is cut off", "copy it again from where it came")


def _said(error: Exception) -> str:
    """Return an error without what tells of this process: where its file lies in memory."""
    if isinstance(error, UnidentifiedImageError):
        return "no decoder knows it"
    return said(error)


_CUT = ("truncated", "end of file", "eof", "not enough data", "unexpected end", "no more data")
_SMALLER = "make it smaller"
