"""Values by digest: converted texts, their bodies, their terms, in a segment for each kind.

One process writes, while it holds the site's lock; any process reads, without a lock.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import Literal, Self, get_args

from generator.errors import SiteError, StateError
from generator.state.damaged import bytes_of, remove, unusable
from generator.state.segment import Segment

Kind = Literal["prose", "terms", "readings"]
"""In the order in which they are written: a reading has the others to be there."""


class Blobs:
    """The values of a site by kind and key, in a folder that may be deleted at any time.

    Keys are digests of 16 bytes, in hexadecimal. Raises `StateError` for a value that is damaged,
    or that is not there though another has it to be, `SiteError` where the folder cannot be
    written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._segments: dict[Kind, Segment] = {k: Segment(folder, k) for k in get_args(Kind)}

    @classmethod
    def to_write(cls, folder: Path) -> Self:
        """Return the values of a folder, which is made if need be. Nobody else may write there."""
        blobs = cls(folder)
        with blobs._written():
            if not blobs.token:
                remove(folder)
                folder.mkdir(parents=True)
                (folder / _NAME).write_text(token_hex(16))
        return blobs

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for segment in self._segments.values():
            segment.close()

    @property
    def token(self) -> str:
        """Return what names all that is in the folder, wherever that is put: "" if nothing is."""
        with suppress(OSError):
            return (bytes_of(self.folder / _NAME) or b"").decode(errors="replace")
        return ""

    def found(self, kind: Kind, keys: Sequence[str]) -> Iterator[bytes | None]:
        """Yield the values of these keys, in their order; None for each that is not there."""
        values = self._segments[kind].values(keys)
        return map(self._expanded, values) if kind in _COMPRESSED else values

    def values(self, kind: Kind, keys: Sequence[str]) -> Iterator[bytes]:
        """Yield the values of these keys, in their order. Each of them is there."""
        for value in self.found(kind, keys):
            if value is None:
                raise StateError(self.folder, "it lacks what another value has it to hold")
            yield value

    def prose(self, key: str) -> bytes:
        """Return the body of a key, which is there."""
        return next(self.values("prose", [key]))

    def number(self, kind: Kind) -> int:
        """Return how many values of a kind there are."""
        return len(self._segments[kind])

    def add(self, kind: Kind, key: str, value: bytes) -> None:
        """Keep a value. It can be read when `commit` has been called."""
        if kind in _COMPRESSED:
            from generator.state.compression import compressed

            value = compressed(value)
        self._segments[kind].add(key, value)

    def commit(self) -> None:
        """Write what was added."""
        with self._written():
            for segment in self._segments.values():
                segment.write()

    def forget_others(self, wanted: Mapping[Kind, Collection[str]], share: float = 0.5) -> None:
        """Drop all values but these, by kind and key, once the others are more than a share of all.

        Of all kinds at once, readings first: none is left of which another value is gone.
        """
        with self._written():
            sizes = [self._segments[kind].sizes(keys) for kind, keys in wanted.items()]
            others, whole = map(sum, zip(*sizes, strict=True))
            for kind, segment in reversed(self._segments.items()):
                if others > share * whole:
                    segment.compact(wanted[kind])
                segment.remove_others()

    def _expanded(self, value: bytes | None) -> bytes | None:
        if value is None:
            return None
        from generator.state.compression import expanded  # where nothing is new nobody needs it

        try:
            return expanded(value)
        except ValueError as error:
            raise StateError(self.folder, "it is damaged") from error

    @contextmanager
    def _written(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise SiteError([unusable(self.folder, error)]) from error


_COMPRESSED = frozenset({"prose"})
"""The kinds whose values are kept in less room: half of that of a body, which is read to make its
pages alone. Terms are random numbers, and all readings are looked at whenever a story is new.
"""
_NAME = "name"
