"""A built folder, made ready to be carried: each file with its digest and headers."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import blake2b
from pathlib import Path
from time import perf_counter

import msgspec

from generator.codes import Code
from generator.deploy.targets.target import Upload
from generator.errors import DeployRefusedError, Problem, raise_errors
from generator.hosts.headers import Headers
from generator.output.inventory import Inventory, Item
from generator.state.digests import digest_of
from generator.state.stamp import Stamp, stamp

Digests = Mapping[str, tuple[Stamp, str]]
"""By path: how a file looked from outside, and what the digest of its bytes was then."""
HeadersOf = Callable[[str, Item], Headers]


def load(
    folder: Path,
    inventory: Inventory,
    headers_of: HeadersOf | None,
    known: Digests,
) -> list[Upload]:
    """Return every file of the inventory in order.

    A file that looks as it did when its digest was `known` is not read. Raises
    `DeployRefusedError` if some are missing or cannot be read.
    """
    paths = sorted(inventory.files)
    digests = _digests(folder, paths, known)
    upload = []
    for path, (look, digest) in zip(paths, digests, strict=True):
        item = inventory.files[path]
        headers = headers_of(path, item) if headers_of else Headers()
        upload.append(
            Upload(
                path=path,
                file=folder / path,
                size=look.size,
                kind=item.kind,
                digest=_with_headers(digest, headers),
                headers=headers,
            )
        )
    return upload


def _digests(folder: Path, paths: list[str], known: Digests) -> list[tuple[Stamp, str]]:
    """Return how each of the files looks from outside, and what the digest of its bytes is.

    What has to be waited for is found sooner many at a time; what is in memory, one by one.
    """
    parts = [paths[start : start + _PART] for start in range(0, len(paths), _PART)]
    found = list[tuple[Stamp, str] | Problem]()
    waits = False
    while parts and not waits:
        started = perf_counter()
        found += _looked_at(folder, known, part := parts.pop(0))
        waits = perf_counter() - started > len(part) * _PROMPT
    if parts:
        with ThreadPoolExecutor(_THREADS) as pool:
            for some in pool.map(partial(_looked_at, folder, known), parts):
                found += some
    raise_errors((one for one in found if isinstance(one, Problem)), DeployRefusedError)
    return [one for one in found if not isinstance(one, Problem)]


def _looked_at(folder: Path, known: Digests, paths: list[str]) -> list[tuple[Stamp, str] | Problem]:
    """Return each file with its digest, read if that is not known, or what is wrong with it."""
    found = list[tuple[Stamp, str] | Problem]()
    for path in paths:
        look, noted = stamp(f"{folder}/{path}"), known.get(path)
        if look and noted and noted[0] == look:
            found.append(noted)
        else:
            found.append(_read(folder, path, look))
    return found


def _read(folder: Path, path: str, look: Stamp | None) -> tuple[Stamp, str] | Problem:
    if look is None:
        return _unfit(folder, path, "the build put it there, and it is gone")
    try:
        with open(f"{folder}/{path}", "rb", buffering=0) as source:  # noqa: PTH123 (so many)
            return look, digest_of(iter(partial(source.read, _BLOCK), b"")).hex()
    except OSError as error:
        return _unfit(folder, path, f"cannot be read: {error.strerror}")


def _unfit(folder: Path, path: str, what: str) -> Problem:
    remedy = "build the site again"
    return Problem(f"{folder.name}/{path}", 0, what, remedy, code=Code.NOT_BUILT)


def _with_headers(digest: str, headers: Headers) -> str:
    """Return the digest of a file with its headers: other headers make another file."""
    if headers == Headers():
        return digest
    return blake2b(digest.encode() + msgspec.json.encode(headers), digest_size=16).hexdigest()


_BLOCK = 1 << 20
_PART = 256
"""Files that a thread looks at before it asks for more."""
_THREADS = 16
_PROMPT = 50e-6
"""Seconds for each file, above which it was waited for."""
