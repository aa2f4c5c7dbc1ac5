"""Where cameras, telephones and programs put what nobody looks for: beside and behind a picture.

In come the bytes of a picture and a word; out go bytes that say the word in each place that its
format has for others, and behind its end, of what telephones put there one or another: a film, a
second picture, a list of their own.
"""

import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))
from support.photographs import exif_of, photograph, saved

Add = Callable[[bytes, bytes, bytes], bytes]


def with_more(data: bytes, form: str, number: int, word: str) -> bytes:
    """Return a picture in a format that Pillow names so, with the word in it and behind it.

    Its number says what stands behind it.
    """
    said = word.encode() + b"HIDDEN " + word.encode("utf-16-le") + word.encode("utf-16-be")
    behind = _BEHIND[number % len(_BEHIND)](said)
    return _PLACES[form](data, said, behind)


# ------------------------------------------------------------------------- beside the pixels


def _in_jpeg(data: bytes, said: bytes, behind: bytes) -> bytes:
    """Segments of programs (ITU-T T.81, B.2.4.6), right behind the start."""
    segments = b"".join(
        b"\xff" + bytes([marker]) + struct.pack(">H", len(head + said) + 2) + head + said
        for marker, head in _OF_PROGRAMS
    )
    return data[:2] + segments + data[2:] + behind


_OF_PROGRAMS = (
    (0xE0, b"JFXX\0\x13"),
    (0xE1, b"http://ns.adobe.com/xmp/extension/\0" + bytes(40)),
    (0xE1, b"QVCI\0"),
    (0xE2, b"MPF\0"),
    (0xE2, b"FPXR\0\0"),
    (0xE3, b"_JPSJPS_"),
    (0xE4, b"DJI-DBG\0"),
    (0xE5, b"RMETA\0"),
    (0xE6, b"GoPro\0"),
    (0xE7, b"PENTAX \0"),
    (0xE9, b"Media Jukebox\0"),
    (0xEB, b"JP\0\1\0\0\0\1"),
    (0xEC, b"Ducky"),
    (0xEF, b""),
    (0xFE, b""),
)
"""Markers, and what stands at the begin: of Casio, DJI, Ricoh, GoPro, Pentax, of further pictures
in the same file, and of what was signed (C2PA), among others."""


def _in_png(data: bytes, said: bytes, behind: bytes) -> bytes:
    """Chunks of texts and of programs, before the pixels and behind them."""
    packed = zlib.compress(said)
    texts = {
        b"tEXt": b"Raw profile type exif\0\nexif\n" + said.hex().encode(),
        b"zTXt": b"Raw profile type xmp\0\0" + packed,
        b"iTXt": b"Place\0\1\0\0\0" + packed,
        b"caBX": said,
        b"prVt": said,
    }
    chunks = b"".join(_chunk(kind, body) for kind, body in texts.items())
    end = data.rindex(b"IEND") - 4
    return (
        data[:33]
        + chunks
        + data[33:end]
        + _chunk(b"tEXt", b"Author2\0" + said)
        + data[end:]
        + behind
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _in_webp(data: bytes, said: bytes, behind: bytes) -> bytes:
    extra = b"PRVT" + struct.pack("<I", len(said)) + said + bytes(len(said) % 2)
    length = int.from_bytes(data[4:8], "little") + len(extra)
    return data[:4] + struct.pack("<I", length) + data[8:] + extra + behind


def _in_boxes(data: bytes, said: bytes, behind: bytes) -> bytes:
    """Boxes at the end, as in the moving pictures of telephones (ISO/IEC 14496-12, 4.2)."""
    return (
        data + _box(b"uuid", bytes(range(16)) + said) + _box(b"free", said) + _box(b"mpvd", behind)
    )


def _behind(data: bytes, said: bytes, behind: bytes) -> bytes:
    return data + said + behind


_PLACES: dict[str, Add] = {
    "JPEG": _in_jpeg,
    "PNG": _in_png,
    "WEBP": _in_webp,
    "AVIF": _in_boxes,
    "HEIF": _in_boxes,
    "TIFF": _behind,
}

# ---------------------------------------------------------------------- behind the picture


def _film(said: bytes) -> bytes:
    """A film of no frames that says where it was taken (QuickTime File Format, user data)."""
    place = b"+48.1372+011.5761/" + said
    text = struct.pack(">HH", len(place), 0x15C7) + place
    about = _box(b"udta", _box(b"\xa9xyz", text))
    return _box(b"ftyp", b"mp42\0\0\0\0mp42isom") + _box(b"moov", about) + _box(b"mdat", said)


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def _second_picture(said: bytes) -> bytes:
    return saved(photograph(64, 48), exif=exif_of(note=said))


def _list_of_samsung(said: bytes) -> bytes:
    """Parts with names, the table of them, and its length, as exiftool's `Samsung.pm` has it."""
    part = b"\0\0\x01\x0a" + struct.pack("<I", 14) + b"Image_UTC_Data" + said
    entry = b"\0\0\x01\x0a" + struct.pack("<II", len(part), len(part))
    table = b"SEFH" + struct.pack("<II", 106, 1) + entry
    return part + table + struct.pack("<I", len(table)) + b"SEFT"


def _record_of_insta360(said: bytes) -> bytes:
    """A record, its kind and length, and a signature, as in exiftool's `QuickTimeStream.pl`."""
    serial = b"\x0a" + bytes([len(said)]) + said
    head = struct.pack("<HI", 0x101, len(serial))
    end = struct.pack("<I", len(serial) + 6 + 72 + 6) + bytes(4)
    return serial + head + bytes(26) + end + b"8db42d694ccc418790edff439fe026bf"


_BEHIND = _film, _second_picture, _list_of_samsung, _record_of_insta360
