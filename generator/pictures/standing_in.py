"""What stands in for a picture until it is made: a drawing of exactly its size.

In come the colour of the picture and, if there is any, a picture of the same; out goes an SVG
(SVG 2, 5.1 and 12.3) that shows the part that is wanted. A page in which one takes the place of the
other does not move.
"""

from base64 import b64encode
from pathlib import Path
from typing import NamedTuple

from generator.markup import start_tag
from generator.pictures.wanted import Box, Variant

SVG = "image/svg+xml"


class Still(NamedTuple):
    """The bytes of a picture, and their media type."""

    data: bytes
    type: str


class View(NamedTuple):
    """The `size` in which the part in a `box` of a picture is shown; all in pixels.

    `full` is the size of the whole picture.
    """

    size: tuple[int, int]
    full: tuple[int, int]
    box: Box


def drawn(view: View, colour: str, still: Still | None = None) -> Still:
    """Return a drawing of a colour, "" for none, with the whole picture on it if that is given."""
    left, top, right, bottom = view.box
    width, height = map(str, view.size)
    across, down = f"{right - left:g}", f"{bottom - top:g}"
    outer = {"xmlns": "http://www.w3.org/2000/svg", "width": width, "height": height}
    outer |= {"viewBox": f"{left:g} {top:g} {across} {down}", "preserveAspectRatio": "none"}
    drawing = start_tag("svg", outer)
    if colour:
        place = {"x": f"{left:g}", "y": f"{top:g}", "width": across, "height": down}
        drawing += start_tag("rect", {**place, "fill": colour}) + "</rect>"
    if still:
        address = f"data:{still.type};base64,{b64encode(still.data).decode()}"
        size = {"width": str(view.full[0]), "height": str(view.full[1])}
        shown = size | {"preserveAspectRatio": "none", "href": address}
        drawing += start_tag("image", shown) + "</image>"
    return Still(f"{drawing}</svg>".encode(), SVG)


def sketched(source: Path) -> Still | None:
    """Return a picture in a file, whole, as small as a stamp.

    None where that takes about as long as to make it well, or it is broken.
    """
    from generator.pictures.opening import told

    found = told(lambda: _sketched(source), source.name)
    return found if isinstance(found, Still) else None


def load_decoders() -> None:
    """Load what `sketched` needs, so that the first picture need not wait for that."""
    from generator.pictures import variants  # noqa: F401 (to load it is all)


_ACROSS = 160
_MOST = {"jpeg": 40_000_000}
_MOST_OF_OTHERS = 1_500_000
"""Pixels that are decoded in less than a tenth of a second: of a JPEG an eighth of each side is."""


def _sketched(source: Path) -> Still | None:
    from generator.pictures.opening import format_of, opened, upright_size
    from generator.pictures.pixels import cut_out, is_translucent
    from generator.pictures.profiles import in_published_colours
    from generator.pictures.variants import encoded

    with opened(source) as image:
        if image.width * image.height > _MOST.get(format_of(image), _MOST_OF_OTHERS):
            return None
        full, profile = upright_size(image), image.info.get("icc_profile")
        across = min(_ACROSS, full[0])
        size = across, max(1, round(full[1] * across / full[0]))
        pixels, kept = in_published_colours(cut_out(image, (0, 0, *full), size), profile)
        variant = Variant(across, format="png" if is_translucent(pixels) else "jpeg", quality=60)
        return Still(encoded(pixels, variant, kept, b""), f"image/{variant.format}")
