"""Know what the pages show of the content.

In comes a library as it was read, out comes one with some files as they are shown: what does not
fit is held, and goes on being shown as it last was.
"""

from collections.abc import Iterable, Mapping, Set
from typing import NamedTuple

from msgspec.structs import replace

from generator.config import CONTENT
from generator.model import BodyInfo, File, Library, Reading
from generator.preview.session.holding import Names


class Shown(NamedTuple):
    """The texts and the other files that the pages show, by content path."""

    readings: Mapping[str, Reading] = {}
    files: Mapping[str, File] = {}

    @classmethod
    def of(cls, library: Library) -> "Shown":
        return cls({reading.path: reading for reading in library.readings}, library.files)

    def with_words(self, readings: Iterable[Reading]) -> "Shown":
        """Return the same with other readings of some texts."""
        return self._replace(readings={**self.readings, **{r.path: r for r in readings}})

    def differing(self, library: Library) -> Names:
        """Return the names of the content files that are not as they are shown."""
        texts = {r.path for r in library.readings if self.readings.get(r.path) != r}
        files = {path for path, file in library.files.items() if self.files.get(path) != file}
        return frozenset(f"{CONTENT}/{path}" for path in texts | files)

    def without_broken(self, library: Library) -> Library:
        """Return the library with its broken texts as they are shown.

        They may have been whole since then, and yet unfit.
        """
        return replace(library, readings=self._instead(library, library.unread.keys()))

    def holding(self, library: Library, held: Names) -> Library:
        """Return the library with these files as they are shown, or without those that are not."""
        paths = {name.removeprefix(f"{CONTENT}/") for name in held}
        known = {reading.path for reading in library.readings} | library.unread.keys()
        unread = library.unread | dict.fromkeys(sorted(paths & known), BodyInfo(""))
        files = library.files
        if not paths.isdisjoint(files):
            kept = {path: self.files.get(path) if path in paths else files[path] for path in files}
            files = {path: file for path, file in kept.items() if file}
        readings = self._instead(library, paths & known)
        return replace(library, readings=readings, files=files, unread=unread)

    def _instead(self, library: Library, paths: Set[str]) -> tuple[Reading, ...]:
        """Return the readings of a library, of these paths those that are shown."""
        readings = {reading.path: reading for reading in library.readings}
        for path in paths:
            readings.pop(path, None)
            if path in self.readings:
                readings[path] = self.readings[path]
        return tuple(readings[path] for path in sorted(readings))
