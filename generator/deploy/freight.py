"""A built folder, made ready to be carried: each file with its digest and headers."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import blake2b
from pathlib import Path

import msgspec

from generator.deploy.target import Freight, Headers
from generator.errors import Problem, SiteError
from generator.keep.inventory import Inventory, Item
from generator.keep.output import digest_of, stamp

Digests = Mapping[str, tuple[str, str]]
"""By path: how a file looked from outside, and what the digest of its bytes was then."""
HeadersOf = Callable[[str, Item], Headers]


def load(
    folder: Path,
    inventory: Inventory,
    headers_of: HeadersOf | None,
    known: Digests,
) -> list[Freight]:
    """Every file of the inventory in order.

    A file that looks as it did when its digest was `known` is not read. Raises `SiteError` if
    one is missing.
    """
    paths = sorted(inventory.files)
    digests = _digests(folder, paths, known)
    freight = []
    for path in paths:
        item, (looks, digest) = inventory.files[path], digests[path]
        headers = headers_of(path, item) if headers_of else Headers()
        freight.append(
            Freight(
                path=path,
                file=folder / path,
                size=int(looks.partition(" ")[0]),
                kind=item.kind,
                digest=_with_headers(digest, headers),
                headers=headers,
            )
        )
    return freight


def _digests(folder: Path, paths: list[str], known: Digests) -> Digests:
    looks = {path: stamp(f"{folder}/{path}") for path in paths}
    if lost := [path for path, look in looks.items() if not look]:
        what = "the build put it there, and it is gone"
        raise SiteError(
            Problem(f"{folder.name}/{p}", 0, what, "build the site again") for p in lost
        )
    nothing = ("", "")
    new = [path for path, look in looks.items() if known.get(path, nothing)[0] != look]
    parts = [new[start : start + _PART] for start in range(0, len(new), _PART)]
    with ThreadPoolExecutor(_THREADS) as pool:  # reading and digesting let other threads go on
        found = [d for part in pool.map(partial(_read, folder), parts) for d in part]
    fresh = dict(zip(new, found, strict=True))
    return {path: (look, fresh.get(path) or known[path][1]) for path, look in looks.items()}


def _unread(folder: Path, path: str, what: str) -> Problem:
    return Problem(f"{folder.name}/{path}", 0, what, "build the site again")


def _read(folder: Path, paths: list[str]) -> list[str]:
    """The digests of these files."""
    found = []
    for path in paths:
        try:
            with open(f"{folder}/{path}", "rb", buffering=0) as source:  # noqa: PTH123 (so many)
                found.append(digest_of(iter(partial(source.read, _BLOCK), b"")).hex())
        except OSError as error:
            what = f"cannot be read: {error.strerror}"
            raise SiteError([_unread(folder, path, what)]) from error
    return found


def _with_headers(digest: str, headers: Headers) -> str:
    """Other headers make another file: it has to be sent again."""
    if headers == Headers():
        return digest
    return blake2b(digest.encode() + msgspec.json.encode(headers), digest_size=16).hexdigest()


_BLOCK = 1 << 20
_PART = 256
"""Files that a thread reads before it asks for more."""
_THREADS = 4
