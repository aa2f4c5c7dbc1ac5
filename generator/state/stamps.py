"""What is known of files from outside, so that those that look as they did are not opened."""

from collections.abc import Mapping
from typing import Protocol

from generator.state.cache import Cache


class Stamps(Protocol):
    """Texts by path: stamp and key. Copied files by path: stamp and what is known of them."""

    def sources(self) -> Mapping[str, tuple[str, str]]: ...

    def keep_sources(
        self, known: Mapping[str, tuple[str, str]], sources: Mapping[str, tuple[str, str]]
    ) -> None:
        """Replace what is `known` of texts."""

    def files(self) -> Mapping[str, tuple[str, bytes]]: ...

    def keep_files(self, files: Mapping[str, tuple[str, bytes]]) -> None:
        """Replace all that is known of copied files."""


class HeldStamps:
    """What a cache knows, held in memory from then on: nothing is written."""

    def __init__(self, cache: Cache) -> None:
        self._sources: Mapping[str, tuple[str, str]] = cache.sources()
        self._files: Mapping[str, tuple[str, bytes]] = cache.files()

    def sources(self) -> Mapping[str, tuple[str, str]]:
        return self._sources

    def keep_sources(
        self,
        known: Mapping[str, tuple[str, str]],  # noqa: ARG002 (others write only what differs)
        sources: Mapping[str, tuple[str, str]],
    ) -> None:
        self._sources = sources

    def files(self) -> Mapping[str, tuple[str, bytes]]:
        return self._files

    def keep_files(self, files: Mapping[str, tuple[str, bytes]]) -> None:
        self._files = files
