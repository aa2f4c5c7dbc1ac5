"""Smaller files of drawings: what comes in is a PNG, what goes out is the same picture as a PNG."""

from io import BytesIO


def packed(png: bytes) -> bytes:
    """Return an opaque picture with a palette if it has no more than 256 colours, else as it is.

    No pixel changes: cards have about 80 colours, and are half as large with a palette.
    """
    import numpy as np
    from PIL import Image

    with Image.open(BytesIO(png)) as picture:
        height, width = picture.height, picture.width
        whole = picture if picture.mode == "RGBA" else picture.convert("RGBA")
        dots = np.asarray(whole).view("<u4").ravel()
    begins = np.concatenate([[0], np.flatnonzero(dots[1:] != dots[:-1]) + 1])  # of equal dots
    colours = np.unique(dots[begins])
    if len(colours) > _MOST:
        return png
    numbers = np.searchsorted(colours, dots[begins]).astype(np.uint8)
    lengths = np.diff(begins, append=len(dots))
    small = Image.fromarray(np.repeat(numbers, lengths).reshape(height, width))
    small.putpalette(colours.tobytes(), "RGBX")
    made = BytesIO()
    small.save(made, "PNG", compress_level=_EFFORT)
    return made.getvalue()


_MOST = 256
_EFFORT = 5
"""Of zlib: 9 takes ten times as long, and takes off a fifth."""
