"""Pictures, made byte for byte."""

import struct
import zlib


def png(width: int, height: int, shade: int) -> bytes:
    """A grey picture; pictures of one size have files of one size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + bytes([shade]) * width) * height
    pixels = chunk(b"IDAT", zlib.compress(rows, level=0))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


PNG = png(32, 16, shade=90)


def bytes_for(path: str) -> bytes:
    """What a file of this name may hold: a picture, if it is one by its name."""
    return PNG if path.lower().endswith((".png", ".jpg")) else b"x"
