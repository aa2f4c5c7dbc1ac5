"""Values by number for a folder of values, so that each process knows what is right."""

from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import get_args

from generator.state.blobs import Blobs, Kind

KINDS: tuple[Kind, ...] = get_args(Kind)


def key_of(kind: Kind, number: int) -> str:
    return blake2b(f"{kind} {number}".encode(), digest_size=16).hexdigest()


def value_of(kind: Kind, number: int) -> bytes:
    """A value of its own for each: some are of no bytes, some of many."""
    size = (0, 1, 30, 200, 5000, 100_000)[number % 6]
    return (f"{kind} {number} ".encode() * (size // 3 + 1))[:size]


def add(blobs: Blobs, numbers: Iterable[int]) -> None:
    """Add the values of each number, of each kind, and commit them."""
    for number in numbers:
        for kind in KINDS:
            blobs.add(kind, key_of(kind, number), value_of(kind, number))
    blobs.commit()


def forget_others(blobs: Blobs, numbers: Iterable[int]) -> None:
    wanted = [*numbers]
    blobs.forget_others({kind: [key_of(kind, number) for number in wanted] for kind in KINDS})


def there(blobs: Blobs, kind: Kind, numbers: Iterable[int]) -> set[int]:
    """The numbers of those of the values that are there. Each must be the right one."""
    asked = [*numbers]
    found = blobs.found(kind, [key_of(kind, number) for number in asked])
    pairs = [(number, value) for number, value in zip(asked, found, strict=True)]
    assert [n for n, value in pairs if value not in (None, value_of(kind, n))] == []
    return {number for number, value in pairs if value is not None}


def segments(folder: Path) -> list[str]:
    """The files of the segments in a folder."""
    return sorted(path.name for path in folder.iterdir() if path.name != "name")
