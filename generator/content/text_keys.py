"""The keys of all texts by their content paths, in columns.

Of a large site nearly all are held against those of another time, and no more.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping

from generator.state.columns import others_in, values_of

SIZE = 16
"""Bytes of a key."""


class TextKeys(Mapping[str, str]):
    """Keys, in hexadecimal, by paths, which ascend. `data` are the keys as bytes, end to end."""

    def __init__(self, paths: list[str], data: bytes) -> None:
        self.paths = paths
        self.data = data

    @classmethod
    def of(cls, paths: list[str], keys: list[bytes]) -> "TextKeys":
        """Return the keys of these paths, which stand in any order."""
        if sorted(paths) != paths:
            paths, keys = map(list, zip(*sorted(zip(paths, keys, strict=True)), strict=True))
        return cls(paths, b"".join(keys))

    def __getitem__(self, path: str) -> str:
        row = bisect_left(self.paths, path)
        if row == len(self.paths) or self.paths[row] != path:
            raise KeyError(path)
        return self.at(row)

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)

    def at(self, row: int) -> str:
        """Return the key of the text at a row."""
        return self.data[row * SIZE : (row + 1) * SIZE].hex()

    def new_since(self, before: "TextKeys") -> list[str]:
        """Return the paths of the texts that were not there before, or had another key."""
        if self.paths == before.paths:
            return [self.paths[row] for row in others_in(self.data, before.data, SIZE)]
        known = dict(zip(before.paths, values_of(before.data, SIZE), strict=True))
        now = zip(self.paths, values_of(self.data, SIZE), strict=True)
        return [path for path, key in now if known.get(path) != key]

    def put(self, new: Mapping[str, str]) -> "TextKeys":
        """Return these keys, others for some of the paths."""
        data = bytearray(self.data)
        for path, key in new.items():
            row = bisect_left(self.paths, path)
            data[row * SIZE : (row + 1) * SIZE] = bytes.fromhex(key)
        return TextKeys(self.paths, bytes(data))
