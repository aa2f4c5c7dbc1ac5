"""Values by digest: converted texts, their bodies, their terms, in a segment for each kind.

One process writes, while it holds the site's lock; any process reads, without a lock.
"""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Literal, Self, get_args

from generator.errors import SiteError, StateError
from generator.state.damaged import bytes_of, remove, unusable
from generator.state.segment import Segment

Kind = Literal["readings", "prose", "terms"]


class Blobs:
    """The values of a site by kind and key, in a folder that may be deleted at any time.

    Keys are digests of 16 bytes, in hexadecimal. `token` names what is in the folder, wherever that
    is put: "" if nothing is. Raises `StateError` for a value that is damaged, or that is not there
    though another has it to be, `SiteError` where the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.token = (bytes_of(folder / _NAME) or b"").decode(errors="replace")
        self._segments = {kind: Segment(folder, kind) for kind in get_args(Kind)}

    @classmethod
    def to_write(cls, folder: Path) -> Self:
        """Return the values of a folder, which is made if need be. Nobody else may write there."""
        try:
            if not bytes_of(folder / _NAME):
                remove(folder)
                folder.mkdir(parents=True)
                (folder / _NAME).write_text(token_hex(16))
        except OSError as error:
            raise SiteError([unusable(folder, error)]) from error
        return cls(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for segment in self._segments.values():
            segment.close()

    def found(self, kind: Kind, keys: Sequence[str]) -> Iterator[bytes | None]:
        """Yield the values of these keys, in their order; None for each that is not there."""
        return self._segments[kind].values(keys)

    def values(self, kind: Kind, keys: Sequence[str]) -> Iterator[bytes]:
        """Yield the values of these keys, in their order. Each of them is there."""
        for value in self.found(kind, keys):
            if value is None:
                raise StateError(self.folder, "it lacks what another value has it to hold")
            yield value

    def prose(self, key: str) -> bytes:
        """Return the body of a key, which is there."""
        return next(self.values("prose", [key]))

    def add(self, kind: Kind, key: str, value: bytes) -> None:
        """Keep a value. It can be read when `commit` has been called."""
        self._segments[kind].add(key, value)

    def commit(self) -> None:
        """Write what was added."""
        try:
            for segment in self._segments.values():
                segment.write()
        except OSError as error:
            raise SiteError([unusable(self.folder, error)]) from error

    def forget_others(self, kind: Kind, keys: Collection[str]) -> None:
        """Drop all values of a kind but these, once they are less than half of all."""
        try:
            self._segments[kind].compact(keys)
        except OSError as error:
            raise SiteError([unusable(self.folder, error)]) from error


_NAME = "name"
