"""Colour profiles: what the numbers of a picture mean.

In comes a picture with the profile (ICC.1) of its file; out go its colours in sRGB, or those of
Display P3 as they are, and profiles that hold colours and nothing else.

Display P3 stays, for telephones take pictures in it, screens show it, and where something takes it
for sRGB its colours are only a little paler. All else becomes sRGB, also what is wider: programs
for mail and feeds that take Adobe RGB or ProPhoto for sRGB show grey faces, and eight bits of these
are coarse.
A picture in sRGB goes without a profile: that is what all take it for.
"""

import struct
from io import BytesIO

from PIL import Image, ImageCms


def in_published_colours(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, bytes]:
    """Return a picture in grey, RGB or RGBA, and the profile that has to go with it, b"" for none.

    A profile that is broken, or of other colours than the picture's, is taken for none.
    """
    understood = _understood(profile, image.mode)
    if understood is None or profile is None:
        return (image.convert("RGB") if image.mode == "CMYK" else image), b""
    if image.mode in ("RGB", "RGBA") and _is_display_p3(understood):
        return image, bare(profile)
    return _in_srgb(image, understood), b""


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return a picture in grey, RGB or RGBA, with the colours of sRGB."""
    understood = _understood(profile, image.mode)
    if understood is None:
        return image.convert("RGB") if image.mode == "CMYK" else image
    return _in_srgb(image, understood)


def bare(profile: bytes | None) -> bytes:
    """Return a profile without what tells of a device or a person; b"" if it is none.

    Names, makers, serial numbers and dates are in its header and in tags that no colour hangs on
    (ICC.1:2022, 7.2 and 9).
    """
    if not profile or len(profile) < _HEADER + 4 or profile[36:40] != b"acsp":
        return b""
    tags = dict(_tags(profile))
    kept = {name: data for name, data in tags.items() if name in _OF_COLOUR}
    if not kept:
        return b""
    old = profile[8] < 4
    kept |= {
        b"desc": _text_v2(b"desc") if old else _TEXT,
        b"cprt": _text_v2(b"text") if old else _TEXT,
    }
    return _assembled(_bare_header(profile), kept)


_HEADER = 128


def _understood(profile: bytes | None, mode: str) -> ImageCms.ImageCmsProfile | None:
    """Return a profile of the colours that a picture of this mode has; None if it is none."""
    if not profile:
        return None
    try:
        read = ImageCms.ImageCmsProfile(BytesIO(profile))
        fits = read.profile.xcolor_space.strip() in _SPACES[mode]
    except (OSError, ValueError, KeyError):
        return None
    return read if fits else None


_SPACES = {"L": {"GRAY"}, "RGB": {"RGB"}, "RGBA": {"RGB"}, "CMYK": {"CMYK"}}


def _is_display_p3(profile: ImageCms.ImageCmsProfile) -> bool:
    core = profile.profile
    primaries = core.red_primary, core.green_primary, core.blue_primary
    if not all(primaries):
        return False
    found = [primary[1][:2] for primary in primaries if primary]
    pairs = zip(found, _DISPLAY_P3, strict=True)
    return all(abs(a - b) < _CLOSE for f, p in pairs for a, b in zip(f, p, strict=True))


_DISPLAY_P3 = (0.682, 0.319), (0.285, 0.675), (0.156, 0.066)
"""Red, green and blue of Display P3 (SMPTE EG 432-1) as x and y under D50, as in profiles."""
_CLOSE = 0.01


def _in_srgb(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    """Convert by the profile. What little CMS cannot convert is taken as it is."""
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    source = image.convert("RGB") if alpha else image
    try:
        done = ImageCms.profileToProfile(
            source, profile, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except ImageCms.PyCMSError:
        return image.convert("RGB") if image.mode == "CMYK" else image
    assert done is not None  # it is only where it works in place
    if image.mode == "L":
        return done.convert("L")
    if alpha:
        done.putalpha(alpha)
    return done


# ------------------------------------------------------------------------------ bare ones


def _tags(profile: bytes) -> list[tuple[bytes, bytes]]:
    """Return the tags of a profile that lie within it (ICC.1:2022, 7.3)."""
    number = struct.unpack_from(">I", profile, _HEADER)[0]
    places = range(_HEADER + 4, min(_HEADER + 4 + 12 * number, len(profile) - 11), 12)
    entries = [struct.unpack_from(">4sII", profile, place) for place in places]
    return [(n, profile[at : at + size]) for n, at, size in entries if at + size <= len(profile)]


def _bare_header(profile: bytes) -> bytes:
    """Return the header with size left open, and without makers, models, dates and digests."""
    header = bytearray(_HEADER)
    for start, end in ((8, 24), (36, 40), (64, 80)):
        header[start:end] = profile[start:end]
    header[24:36] = struct.pack(">6H", 2020, 1, 1, 0, 0, 0)
    return bytes(header)


def _assembled(header: bytes, tags: dict[bytes, bytes]) -> bytes:
    """Return a profile of these tags, each of which begins at a multiple of four."""
    start = _HEADER + 4 + 12 * len(tags)
    table, data, places = struct.pack(">I", len(tags)), b"", dict[bytes, int]()
    for name in sorted(tags):
        value = tags[name]
        if value not in places:  # channels often share one curve
            places[value] = start + len(data)
            data += value + bytes(-len(value) % 4)
        table += struct.pack(">4sII", name, places[value], len(value))
    return struct.pack(">I", start + len(data)) + header[4:] + table + data


def _text_v2(kind: bytes) -> bytes:
    """Return a name that says nothing, in the form of profiles before version 4 (ICC.1:2001-04)."""
    if kind == b"text":
        return b"text" + bytes(4) + b"-\0"
    return b"desc" + bytes(4) + struct.pack(">I", 2) + b"-\0" + bytes(4 + 4 + 2 + 1 + 67)


_TEXT = (
    b"mluc"
    + bytes(4)
    + struct.pack(">II2s2sII", 1, 12, b"en", b"US", 2, 28)
    + "-".encode("utf-16-be")
)
_OF_COLOUR = {
    *(b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"wtpt", b"bkpt", b"chad"),
    *(b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2", b"cicp"),
}
