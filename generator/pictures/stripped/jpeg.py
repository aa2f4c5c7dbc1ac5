"""A JPEG without what is not needed to decode it (ITU-T T.81, Annex B; ITU-T T.871).

What a telephone puts behind the picture goes too: its other pictures, and the film that it took.
"""

import re
import struct
from collections.abc import Iterator

from generator.pictures.profiles import bare
from generator.pictures.stripped.reading import Reader, cut_off, not_in_order


def stripped_jpeg(data: bytes, xmp: bytes) -> bytes:
    """Return a JPEG that holds its pixels, what their colours mean, and this XMP, b"" for none."""
    parts, profiles, jfif, adobe = list[bytes](), list[bytes](), b"", b""
    for marker, body in _segments(Reader(data)):
        if marker == _APP0 and body.startswith(b"JFIF\0"):
            jfif = _segment(_APP0, _without_thumbnail(body))
        elif marker == _APP0 + 2 and body.startswith(_ICC):
            profiles.append(body)
        elif marker == _APP0 + 14 and body.startswith(b"Adobe"):
            adobe = _segment(marker, body[:12])
        elif marker == _SCAN:
            parts.append(body)
        elif marker in _OF_PICTURE:
            parts.append(_segment(marker, body))
    about = _segment(_APP0 + 1, _XMP + xmp) if xmp else b""
    return b"".join([b"\xff\xd8", jfif, about, adobe, *_profile(profiles), *parts, b"\xff\xd9"])


def _segments(data: Reader) -> Iterator[tuple[int, bytes]]:
    """Yield marker and body of each segment; of a scan all up to the next marker.

    What stands between them and is none is passed over, as decoders do.
    """
    if data.take(2) != b"\xff\xd8":
        raise not_in_order("it does not begin as a JPEG")
    while (marker := _next_marker(data)) != _END:
        if marker == _SCAN:
            yield marker, _scan(data)
        elif marker not in _ALONE:
            yield marker, data.take(_body_length(data))


def _next_marker(data: Reader) -> int:
    found = _MARKER.search(data.data, data.place)
    if not found:
        raise cut_off()
    data.place = found.end()
    return data.data[found.end() - 1]


def _body_length(data: Reader) -> int:
    length = data.number(2) - 2
    if length < 0:
        raise not_in_order("a segment is shorter than its head")
    return length


def _scan(data: Reader) -> bytes:
    """Return a scan with its marker, up to the marker behind it."""
    start = data.place
    data.take(_body_length(data))
    end = _BEHIND_SCAN.search(data.data, data.place)
    if not end:
        raise cut_off()
    data.place = end.start()
    return b"\xff\xda" + data.data[start : data.place]


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _without_thumbnail(jfif: bytes) -> bytes:
    """Return version and density; the size of no thumbnail."""
    return jfif[:12].ljust(12, b"\0") + bytes(2)


def _profile(bodies: list[bytes]) -> Iterator[bytes]:
    """Yield the segments of the bare profile of those that are parts of one (ICC.1:2022, B.4)."""
    in_order = sorted(bodies, key=lambda body: body[12:13])
    profile = bare(b"".join(body[14:] for body in in_order))
    pieces = [profile[at : at + _MOST] for at in range(0, len(profile), _MOST)]
    for number, piece in enumerate(pieces, 1):
        yield _segment(_APP0 + 2, _ICC + bytes([number, len(pieces)]) + piece)


_APP0, _SCAN, _END = 0xE0, 0xDA, 0xD9
_OF_PICTURE = {*range(0xC0, 0xD0), 0xDB, 0xDD} - {0xC8}
"""Frames, tables of codes and of quantization, and the restart interval."""
_ALONE = {0x01, *range(0xD0, 0xD9)}
"""Markers without a body."""
_ICC, _XMP, _MOST = b"ICC_PROFILE\0", b"http://ns.adobe.com/xap/1.0/\0", 65_519
_MARKER = re.compile(rb"\xff+[^\x00\xff]")
_BEHIND_SCAN = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
