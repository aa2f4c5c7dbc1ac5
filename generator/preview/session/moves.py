"""Know where stories went, by the address at which they were, whatever became of their files.

In come the addresses of all files before and after an edit, out goes the file of an old address.
"""

from collections.abc import Mapping

_MOST = 10_000
"""Addresses, and files that are gone, that are remembered: the last ones."""


class Moves:
    """What stood at which address, and which file took the place of which.

    A file has moved to another name if that one holds the same bytes; it may have been gone
    between.
    """

    def __init__(self) -> None:
        self._files: dict[str, str] = {}  # address: the file that stood there last
        self._left: dict[str, set[str]] = {}  # file: the addresses where it stood
        self._gone: dict[str, str] = {}  # key of a text: where it was
        self._keys: dict[str, str] = {}

    def note(
        self, before: Mapping[str, str], now: Mapping[str, str], keys: Mapping[str, str]
    ) -> None:
        """Note what moved between two times, by the addresses of all files `before` and `now`.

        `keys` are those of the texts now, by their content paths.
        """
        keys = dict(keys)
        for path, address in before.items():
            if address and now.get(path) != address:
                self._leave(address, path)
        for path in self._keys.keys() - keys.keys():
            self._gone[self._keys[path]] = path
        for path in keys.keys() - self._keys.keys():
            self._rename(self._gone.pop(keys[path], path), path)
        self._keys = keys
        for known in (self._files, self._left, self._gone):
            while len(known) > _MOST:
                del known[next(iter(known))]

    def file_of(self, address: str) -> str:
        """Return the file, as it is called now, of what stood at an address; "" if nothing did."""
        return self._files.get(address, "")

    def _leave(self, address: str, path: str) -> None:
        self._files[address] = path
        self._left.setdefault(path, set()).add(address)

    def _rename(self, old: str, path: str) -> None:
        if old != path:
            for address in self._left.pop(old, ()):
                if self._files.get(address) == old:
                    self._leave(address, path)
