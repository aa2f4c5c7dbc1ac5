"""Digests of bytes, by which outputs are told apart."""

import hashlib
import os
from collections.abc import Iterable
from functools import partial
from hashlib import blake2b
from io import BufferedReader
from pathlib import Path
from stat import S_ISREG

_BLOCK = 1 << 20


def digest_of_file(file: str) -> str:
    """Return the digest of a file's bytes; "" if it is no regular file, or cannot be read."""
    try:
        return "" if size_of(file) is None else digest_of_content(Path(file)).hex()
    except OSError:
        return ""


def digest_of_content(content: bytes | Path) -> bytes:
    """Return the digest of bytes, or of a file that is never whole in memory."""
    if isinstance(content, bytes):
        return digest_of([content])
    with content.open("rb", buffering=0) as source:
        return digest_of(iter(partial(source.read, _BLOCK), b""))


def digest_of_source(data: BufferedReader) -> str:
    """Return the digest by which a copied file of the content is known, from where it is read."""
    return hashlib.file_digest(data, "sha256").hexdigest()


def digest_of(pieces: Iterable[bytes]) -> bytes:
    """Return the digest of an output's bytes, by which a deploy tells what has to be sent."""
    found = blake2b(digest_size=16)
    for piece in pieces:
        found.update(piece)
    return found.digest()


def length_of(content: bytes | Path) -> int:
    """Return how many bytes there are."""
    return content.stat().st_size if isinstance(content, Path) else len(content)


def size_of(file: str) -> int | None:
    """Return the size of a regular file, None if there is none."""
    try:
        status = os.stat(file)  # noqa: PTH116
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_size if S_ISREG(status.st_mode) else None
