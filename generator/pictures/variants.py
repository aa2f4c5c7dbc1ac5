"""A picture in another width, format or cut: what readers are sent in place of the file.

In come a file and what is wanted of it; out go bytes, the same on each machine with the same
Pillow. Nothing of the file's metadata is in them but who made it and whose it is. Of a picture that
moves it is the first frame. Nothing is sharpened: that makes none more like its original, as
measured by structural similarity.
"""

from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
from PIL import Image, PngImagePlugin, features

from generator.codes import Code
from generator.errors import Problem
from generator.pictures.opening import opened, told, upright_size
from generator.pictures.pixels import cut_out, is_translucent, on_white
from generator.pictures.profiles import in_published_colours
from generator.pictures.rights import rights_of, xmp_of
from generator.pictures.wanted import QUALITIES, Variant, box_of_variant, size_of_variant


def made_variant(source: Path, variant: str, file: str = "") -> bytes | Problem:
    """Return the picture in a file as a variant wants it, which is given as JSON.

    It is never wider than what is cut from the file. `file` is the one that a mistake is told of;
    without one it is the name of the source.
    """
    wanted = msgspec.json.decode(variant, type=Variant)
    if wanted.format in ("avif", "webp") and not features.check(wanted.format):
        what = f"the Pillow that is installed makes no {wanted.format.upper()}"
        return Problem(file or source.name, 0, what, "install it from PyPI", code=Code.EXTENSION)
    return told(lambda: _made(source, wanted), file or source.name)


def encoded(image: Image.Image, variant: Variant, profile: bytes, xmp: bytes) -> bytes:
    """Return a picture in grey, RGB or RGBA as the bytes of a variant's format."""
    if variant.format == "jpeg":
        image = on_white(image)
    elif image.mode == "RGBA" and not is_translucent(image):
        image = image.convert("RGB")
    image.info = {}  # of which encoders would write what they know
    out = BytesIO()
    options = options_of(variant, xmp)
    image.save(out, variant.format.upper(), icc_profile=profile or None, **options)
    return out.getvalue()


def options_of(variant: Variant, xmp: bytes) -> dict[str, Any]:
    """Return how an encoder is called. None of them may look how many cores there are."""
    quality = {"quality": variant.quality or QUALITIES[variant.format]}
    match variant.format:
        case "jpeg":
            shape = {"progressive": True, "optimize": True, "subsampling": "4:2:0"}
            return quality | shape | ({"xmp": xmp} if xmp else {})
        case "avif":
            speed = {"speed": variant.avif_speed, "max_threads": 1, "subsampling": "4:2:0"}
            return quality | speed | {"xmp": xmp}
        case "webp":
            return quality | {"method": 4, "xmp": xmp}
        case "png":
            return {"optimize": True, "pnginfo": _text_of_png(xmp)}


def _made(source: Path, variant: Variant) -> bytes:
    with opened(source) as image:
        full, profile = upright_size(image), image.info.get("icc_profile")
        size = size_of_variant(*full, variant)
        pixels = cut_out(image, box_of_variant(*full, variant), size)
        published, kept_profile = in_published_colours(pixels, profile)
        return encoded(published, variant, kept_profile, xmp_of(rights_of(image)))


def _text_of_png(xmp: bytes) -> PngImagePlugin.PngInfo:
    texts = PngImagePlugin.PngInfo()
    if xmp:
        texts.add_itxt("XML:com.adobe.xmp", xmp.decode())
    return texts
