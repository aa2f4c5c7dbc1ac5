"""Checksums of what is kept, bound to where it is kept.

What is damaged, and what is whole but another's, is noticed when it is read. The checksum finds
accidents, no forgery: who may write into the cache may do anything.
"""

from collections.abc import Iterable
from typing import Any
from zlib import crc32

_SIZE = 4


def sealed(place: str, value: bytes) -> bytes:
    """Return a value with the checksum that it has in this place."""
    return signature(place, [value]) + value


def unsealed(place: str, kept: Any) -> bytes | None:
    """Return the value that was sealed for this place; None if `kept` is anything else."""
    try:
        value: bytes = kept[_SIZE:]
        return value if kept[:_SIZE] == signature(place, [value]) else None
    except TypeError:  # no bytes at all
        return None


def signature(place: str, pieces: Iterable[bytes | memoryview]) -> bytes:
    """Return the checksum, of `_SIZE` bytes, of a value in pieces that belongs to this place."""
    checksum = crc32(place.encode())
    for piece in pieces:
        checksum = crc32(piece, checksum)
    return checksum.to_bytes(_SIZE, "big")


def seal_of(*fields: str) -> int:
    """Return the checksum of a row of texts."""
    return crc32("\0".join(fields).encode())


def is_sealed(fields: Iterable[Any], seal: Any) -> bool:
    """Return whether this is the very row of texts that had this checksum."""
    try:
        return bool(seal_of(*fields) == seal)
    except TypeError:  # no texts at all
        return False
