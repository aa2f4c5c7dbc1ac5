"""Bytes in less room, by Zstandard (RFC 8878), which is quick enough for a value of each story."""

import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_QUICK = 1
"""The level: what a higher one saves of a text of usual length is next to nothing."""


def compressed(data: bytes) -> bytes:
    """Return bytes in less room."""
    return zstd.compress(data, _QUICK)


def expanded(data: bytes) -> bytes:
    """Return the bytes that were compressed. Raises `ValueError` if none were."""
    try:
        return zstd.decompress(data)
    except zstd.ZstdError as error:
        raise ValueError(str(error)) from error
