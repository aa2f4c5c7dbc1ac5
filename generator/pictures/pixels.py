"""Pixels in the one form that all encoders take, whatever the form in the file.

In comes a picture of Pillow; out goes one in grey, RGB or RGBA with eight bits a channel, turned
upright, cut out and made smaller. Printers' colours (CMYK) stay what they are until their profile
is applied.
"""

import math

import numpy as np
from PIL import Image, ImageFile

from generator.pictures.opening import orientation_of, turned, upright_size
from generator.pictures.wanted import Box


def cut_out(image: ImageFile.ImageFile, box: Box, size: tuple[int, int]) -> Image.Image:
    """Return what is in a box of a picture, in a size that is no larger than the box.

    A JPEG is decoded at a half, a quarter or an eighth of its size where that is still twice as
    large as what is wanted.
    """
    orientation, full = orientation_of(image), upright_size(image)
    _draft(image, size[0] / (box[2] - box[0]))
    whole = turned(plain(image), orientation)
    scale = whole.width / full[0], whole.height / full[1]
    edges = (box[0] * scale[0], box[1] * scale[1], box[2] * scale[0], box[3] * scale[1])
    if edges == (0, 0, *size) and whole.size == size:
        return whole
    left, top, right, bottom = edges
    inside = left, top, min(right, whole.width), min(bottom, whole.height)
    return whole.resize(size, Image.Resampling.LANCZOS, inside, reducing_gap=3.0)


def plain(image: Image.Image) -> Image.Image:
    """Return a picture in grey, RGB, RGBA or CMYK with eight bits a channel."""
    image.load()
    if image.mode.startswith("I") or image.mode == "F":
        return _in_eight_bits(image)
    if image.has_transparency_data:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def is_translucent(image: Image.Image) -> bool:
    """Return whether something behind a picture would be seen through it."""
    return image.mode == "RGBA" and image.getchannel("A").getextrema() != (255, 255)


def on_white(image: Image.Image) -> Image.Image:
    """Return a picture on white, without alpha."""
    if image.mode != "RGBA":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _draft(image: ImageFile.ImageFile, scale: float) -> None:
    """Have a JPEG decoded smaller, if it is one."""
    width, height = (max(1, math.ceil(side * scale * 2)) for side in image.size)
    image.draft(None, (width, height))


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Return a grey picture of more bits in eight.

    Where nothing says how bright white is, it is one for fractions, or what a byte or two hold.
    """
    values = np.asarray(image)
    if image.mode.startswith("I;16"):
        return Image.fromarray((values >> 8).astype(np.uint8))
    top = float(np.nanmax(values, initial=0))
    white = 1 if image.mode == "F" and top <= 1 else 255 if top <= 255 else 65_535
    scaled = np.nan_to_num(values.astype(np.float32)) * np.float32(255 / white)
    return Image.fromarray(np.clip(scaled + 0.5, 0, 255).astype(np.uint8))
