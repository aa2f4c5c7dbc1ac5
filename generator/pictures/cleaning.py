"""The file of a picture without what nobody meant to publish.

In comes a file; out go bytes that hold its pixels and who made it and whose it is: not where and
when it was taken, by which device, nor what a telephone puts beside it or behind it. What cannot be
made so is a problem, and never the file as it was.
"""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple, get_args

from PIL import Image, ImageFile, ImageSequence

from generator.errors import Problem
from generator.pictures.opening import (
    MOST_PIXELS,
    BrokenPictureError,
    format_of,
    is_animation,
    opened,
    orientation_of,
    told,
    turned,
    upright_size,
)
from generator.pictures.pixels import cut_out, is_translucent, plain
from generator.pictures.profiles import in_published_colours
from generator.pictures.rights import rights_of, xmp_of
from generator.pictures.stripped.gif import stripped_gif
from generator.pictures.stripped.jpeg import stripped_jpeg
from generator.pictures.stripped.png import stripped_png
from generator.pictures.stripped.webp import stripped_webp
from generator.pictures.variants import encoded, options_of
from generator.pictures.wanted import Format, Variant


class Cleaned(NamedTuple):
    """The bytes of a picture, and the format that they are in."""

    data: bytes
    format: str


def cleaned(source: Path, most_width: int | None = None, file: str = "") -> Cleaned | Problem:
    """Return the picture in a file without metadata, at most so many pixels wide.

    What need not change keeps its pixels as they are; another is encoded anew, and so is each AVIF,
    of which no part can be taken out. A film that is too long for that keeps its width. HEIC and
    TIFF become JPEG, BMP becomes PNG, and what is translucent of these PNG. `file` is the one that
    a mistake is told of; without one it is the source's name.
    """
    return told(lambda: _cleaned(source, most_width), file or source.name)


def _cleaned(source: Path, most_width: int | None) -> Cleaned:
    with opened(source) as image:
        kind, size = format_of(image), _size(image, most_width)
        xmp, can_be_stripped = xmp_of(rights_of(image)), orientation_of(image) == 1
        if can_be_stripped and kind in _STRIPPED and not _has_to_shrink(image, size):
            _prove(image)
            return Cleaned(_STRIPPED[kind](source.read_bytes(), xmp), kind)
        if is_animation(image):
            return Cleaned(_moving(image, size, xmp), kind)
        return _still(image, size, xmp)


_STRIPPED: dict[str, Callable[[bytes, bytes], bytes]] = {
    "jpeg": stripped_jpeg,
    "png": stripped_png,
    "webp": stripped_webp,
    "gif": lambda data, _: stripped_gif(data),
}


def _prove(image: ImageFile.ImageFile) -> None:
    """Decode a picture, small if it can be: what is said to be pixels might be something else."""
    image.draft(None, (64, 64))
    image.load()


def _size(image: ImageFile.ImageFile, most_width: int | None) -> tuple[int, int]:
    width, height = upright_size(image)
    across = min(most_width or width, width)
    return across, max(1, round(height * across / width))


def _has_to_shrink(image: ImageFile.ImageFile, size: tuple[int, int]) -> bool:
    """Return whether a picture is too wide, and no film that would take minutes to be made anew."""
    return upright_size(image) != size and not (is_animation(image) and _is_long(image, size))


# --------------------------------------------------------------------------- encoded anew


def _still(image: ImageFile.ImageFile, size: tuple[int, int], xmp: bytes) -> Cleaned:
    full, kind, profile = upright_size(image), format_of(image), image.info.get("icc_profile")
    pixels, kept = in_published_colours(cut_out(image, (0, 0, *full), size), profile)
    if kind == "gif":
        return Cleaned(_saved([pixels], "gif", {}), kind)
    target = _target(kind, pixels)
    variant = Variant(size[0], format=target, quality=_QUALITY)
    return Cleaned(encoded(pixels, variant, kept, xmp), target)


_QUALITY = 90


def _target(kind: str, pixels: Image.Image) -> Format:
    """Return the format that a picture is encoded in, of what kind its file is."""
    other: Format = "png" if kind == "bmp" or is_translucent(pixels) else "jpeg"
    return next((one for one in get_args(Format) if one == kind), other)


def _moving(image: ImageFile.ImageFile, size: tuple[int, int], xmp: bytes) -> bytes:
    """Return a picture that moves in another size, with all its frames as long as they were."""
    if _is_long(image, size):
        remedy = f"save it at most {size[0]:,} pixels wide, or as a film"
        raise BrokenPictureError("it moves for too long to be encoded anew", remedy)
    profile, turn, kind = image.info.get("icc_profile"), orientation_of(image), format_of(image)
    options = {"loop": image.info["loop"]} if "loop" in image.info else {}
    made, times, kept = list[Image.Image](), list[int](), b""
    for frame in ImageSequence.Iterator(image):
        whole = turned(plain(frame).convert("RGBA"), turn)
        smaller = whole.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        pixels, kept = in_published_colours(smaller, profile)
        made.append(pixels)
        times.append(int(frame.info.get("duration", 0)))
    if kind != "gif":
        variant = Variant(size[0], format=_target(kind, made[0]), quality=_QUALITY)
        options |= options_of(variant, xmp) | {"icc_profile": kept or None}
    return _saved(made, kind, options | {"duration": times})


def _saved(frames: list[Image.Image], kind: str, options: dict[str, Any]) -> bytes:
    for frame in frames:
        frame.info = {}  # of which encoders would write what they know
    out, first, others = BytesIO(), frames[0], frames[1:]
    film = {"save_all": True, "append_images": others, "disposal": 2} if others else {}
    first.save(out, kind.upper(), **film, **options)
    return out.getvalue()


def _is_long(image: ImageFile.ImageFile, size: tuple[int, int]) -> bool:
    """Return whether the frames of a picture are too many to be held, or to be decoded."""
    frames = getattr(image, "n_frames", 1)
    held, decoded = size[0] * size[1], image.width * image.height
    return bool(frames * held > MOST_PIXELS or frames * decoded > 10 * MOST_PIXELS)
