"""What may be wanted of a picture: a width, a format, a crop. Who plans that needs no decoder.

Out go values, which `variants` makes pictures of.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, Protocol

import msgspec

Format = Literal["avif", "jpeg", "webp", "png"]
QUALITIES: Mapping[Format, int] = {"avif": 50, "jpeg": 80, "webp": 80, "png": 100}
"""At which a picture is hardly told from its original; PNG loses nothing at any."""
Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in pixels of the upright picture."""
PerCent = Annotated[int, msgspec.Meta(ge=0, le=100)]


class Variant(msgspec.Struct, frozen=True):
    """What is wanted of a picture.

    `width` is in pixels; so is `height`, where the picture is cut to the ratio of both about the
    focus, and 0 where it is not cut. `quality` is on the format's own scale, up to 100; 0 is what
    `QUALITIES` has for it. `avif_speed` goes from 0, slow, to 10: at 6 AVIF is about as small as at
    4, in a quarter of the time.
    """

    width: Annotated[int, msgspec.Meta(ge=1)]
    height: Annotated[int, msgspec.Meta(ge=0)] = 0
    format: Format = "jpeg"
    quality: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    avif_speed: Annotated[int, msgspec.Meta(ge=0, le=10)] = 6
    focus_x: PerCent = 50
    focus_y: PerCent = 50

    def to_json(self) -> str:
        """Return it as `made_variant` takes it."""
        return msgspec.json.encode(self).decode()


def size_of_variant(width: int, height: int, variant: Variant) -> tuple[int, int]:
    """Return the size of a variant of a picture that is so wide and so high."""
    box = box_of_variant(width, height, variant)
    across, down = box[2] - box[0], box[3] - box[1]
    wide = min(variant.width, max(1, int(across)))
    ratio = variant.height / variant.width if variant.height else down / across
    return wide, max(1, round(wide * ratio))


def box_of_variant(width: int, height: int, variant: Variant) -> Box:
    """Return the largest part of a picture that has a variant's ratio, as near to its focus as can
    be.
    """
    if not variant.height:
        return 0, 0, width, height
    across = min(width, height * variant.width / variant.height)
    down = min(height, width * variant.height / variant.width)
    left = min(max(0, width * variant.focus_x / 100 - across / 2), width - across)
    top = min(max(0, height * variant.focus_y / 100 - down / 2), height - down)
    return left, top, left + across, top + down


class Seen(Protocol):
    """A picture of which is known whether it is translucent somewhere."""

    @property
    def has_alpha(self) -> bool: ...


def best_formats(picture: Seen, wanted: Iterable[Format]) -> tuple[Format, ...]:
    """Return the formats that do for a picture, in the order of those that are wanted.

    Of one that is translucent no JPEG is made, but a WebP in its place: it is a fraction of a PNG.
    """
    fit = ("webp" if one == "jpeg" and picture.has_alpha else one for one in wanted)
    return tuple(dict.fromkeys(fit))
