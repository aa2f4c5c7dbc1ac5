"""A built folder, made ready to be carried: each file with its digest and headers."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from pathlib import Path

import msgspec

from generator.deploy.target import Freight, Headers
from generator.errors import Problem, SiteError
from generator.keep.inventory import Inventory, Item
from generator.keep.output import stamp

Digests = dict[str, tuple[str, str]]
"""By path: how a file looked from outside, and what the digest of its bytes was then."""
HeadersOf = Callable[[str, Item], Headers]


def load(
    folder: Path,
    inventory: Inventory,
    headers_of: HeadersOf | None,
    known: Mapping[str, tuple[str, str]],
) -> tuple[list[Freight], Digests]:
    """Every file of the inventory in order, and the digests as they are now.

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
    return freight, digests


def _digests(folder: Path, paths: list[str], known: Mapping[str, tuple[str, str]]) -> Digests:
    top = str(folder)
    with ThreadPoolExecutor() as pool:  # the digest lets other threads go on

        def look(path: str) -> tuple[str, str] | None:
            return _look(f"{top}/{path}", known.get(path))

        found = dict(zip(paths, pool.map(look, paths, chunksize=1), strict=True))
    if lost := [path for path, seen in found.items() if seen is None]:
        remedy = "build the site again"
        raise SiteError(
            Problem(f"{folder.name}/{path}", 0, "the build put it there, and it is gone", remedy)
            for path in lost
        )
    return {path: seen for path, seen in found.items() if seen is not None}


def _look(file: str, known: tuple[str, str] | None) -> tuple[str, str] | None:
    """The file's stamp and digest; None if it is not there."""
    seen = stamp(file)
    if known and known[0] == seen:
        return known
    try:
        with open(file, "rb", buffering=0) as source:  # noqa: PTH123 (so many of them)
            digest = blake2b(digest_size=16)
            while block := source.read(_BLOCK):
                digest.update(block)
    except FileNotFoundError:
        return None
    return seen, digest.hexdigest()


def _with_headers(digest: str, headers: Headers) -> str:
    """Other headers make another file: it has to be sent again."""
    if headers == Headers():
        return digest
    return blake2b(digest.encode() + msgspec.json.encode(headers), digest_size=16).hexdigest()


_BLOCK = 1 << 20
