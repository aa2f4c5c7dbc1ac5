"""Look at what a site is made of, as it lies on disk: settings, layouts, content.

In come names of files, or none for all of them. Out comes what is new of them, and what is wrong.
"""

import os
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from generator.config import CONTENT, LAYOUTS, SITE_TOML, Settings, load_settings
from generator.content.borders import borders
from generator.content.data.folder import FOLDER as DATA
from generator.content.markdown.extensions import extensions_of
from generator.content.names import is_key
from generator.content.scan import NO_TEXTS, Scan, scan, second_look
from generator.content.sources import is_left_out
from generator.content.text_keys import TextKeys
from generator.errors import Problem, is_error, is_unreadable
from generator.model import File
from generator.preview.session.texts import Texts
from generator.state.blobs import Blobs
from generator.state.files import HeldFiles
from generator.state.stamp import Stamp, regular_stamp
from generator.templates.extensions import refused_file, refused_settings
from generator.templates.folders import default_folder
from generator.templates.kept import kept_layouts
from generator.templates.loader import Layouts
from generator.workspace import BLOBS, CACHE, ReadOnlyWorkspace


class FileChanges(NamedTuple):
    """What has changed on disk: content paths of texts and of other files, and what frames them:
    settings, and layouts. If `data` for those has, they are not as they were either.
    """

    texts: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    settings: bool = False
    layouts: bool = False
    data: bool = False


class Files:
    """The files of the site in `root`, as they were when they were last looked at.

    `settings` and `layouts` are those of when they had no errors; None if that never was. To be
    `safe`, those that have code run are refused.
    """

    workspace: ReadOnlyWorkspace

    def __init__(self, root: Path, safe: bool = False) -> None:
        self.root = root
        self.safe = safe
        self.settings: Settings | None = None
        self.layouts: Layouts | None = None
        self.found = Scan(NO_TEXTS, {}, [], "")
        self.texts = Texts(root, Blobs(root / CACHE / BLOBS))
        self._seen = HeldFiles(root / CACHE)
        self._wrong_settings: list[Problem] = []
        self._wrong_layouts: list[Problem] = []
        self._layout_stamps: list[tuple[str, Stamp | None]] = []

    def problems(self) -> list[Problem]:
        """Return what is wrong with single files."""
        frame = [*self._wrong_settings, *self._wrong_layouts]
        return [*frame, *self.found.problems, *self.texts.problems()]

    @property
    def are_hindered(self) -> bool:
        """Return whether some cannot be read, which may pass by itself."""
        return any(map(is_unreadable, self.problems()))

    def look(self, named: Collection[str] | None) -> FileChanges:
        """Look at the files of these names, seen from the root; at all of them if None."""
        settings = (named is None or SITE_TOML in named) and self._look_at_settings()
        if self.settings is None:
            return FileChanges(settings=settings)
        is_frame = settings or named is None or any(map(_is_of_frame, named))
        known = self.layouts
        layouts = is_frame and self._lay_out()
        data = layouts and known is not None and self._has_other_data(known)
        before = self.found
        if settings or named is None or any(name.startswith(f"{CONTENT}/") for name in named):
            self.found = self._look_at_content(None if settings else named, self.settings)
        texts = self.texts.take_in(self.found) if self.found is not before else ()
        files = _differing(before.files, self.found.files)
        files |= _differing(before.withheld, self.found.withheld)
        return FileChanges(frozenset(texts), files, settings, layouts, data)

    def forget_opened(self) -> None:
        """Let go of the bytes of the texts that were opened: whoever needed them has read them."""
        self.found = replace(self.found, opened={})

    def has_layouts_as_read(self) -> bool:
        """Return whether the site's own layouts still are the files that they were read from."""
        return _stamps(self.root / LAYOUTS) == self._layout_stamps

    def ignores(self, name: str) -> bool:
        """Return whether nothing that happens to a file or folder of this name matters."""
        meant = self.settings.content.meant if self.settings else ()
        return is_left_out(name, meant) and not is_key(name)

    def bars(self, link: str) -> bool:
        """Return whether a link leads out of the site, and to none of the default layouts."""
        links = self.settings.content.links if self.settings else ()
        is_ours = not Path(link).is_relative_to(default_folder())
        return is_ours and borders(self.root, CONTENT, links).leads_out(link)

    def _look_at_settings(self) -> bool:
        settings, self._wrong_settings = load_settings(self.root)
        if settings and self.safe and (refused := [*refused_settings(settings)]):
            self._wrong_settings += refused
            return False
        if settings and (wrong := _unusable(settings)):
            self._wrong_settings += wrong
            return False
        if settings is None or _encoded(settings) == _encoded(self.settings):
            return False
        self.settings = self.texts.settings = settings
        self.workspace = ReadOnlyWorkspace(self.root, settings)
        return True

    def _lay_out(self) -> bool:
        self._layout_stamps = _stamps(self.root / LAYOUTS)
        if self.safe and (refused := [*refused_file(self.root)]):
            self._wrong_layouts = refused
            return False
        layouts, self._wrong_layouts = kept_layouts(
            self.root, self.workspace.settings, self.workspace
        )
        if layouts == self.layouts or any(map(is_error, self._wrong_layouts)):
            return False
        self.layouts = layouts
        return True

    def _has_other_data(self, known: Layouts) -> bool:
        return self.layouts is not None and self.layouts.data != known.data

    def _look_at_content(self, named: Collection[str] | None, settings: Settings) -> Scan:
        if named is not None:
            content = f"{CONTENT}/"
            paths = [name.removeprefix(content) for name in named if name.startswith(content)]
            if found := second_look(self.root, settings, self.found, paths):
                return found
        return _with_unread(scan(self.root, settings, self._seen), self.found)


def _stamps(folder: Path) -> list[tuple[str, Stamp | None]]:
    """Return how the files below a folder look from outside."""
    below = os.walk(folder)
    paths = sorted(f"{top}/{name}" for top, _, names in below for name in names)
    return [(path, regular_stamp(Path(path).lstat())) for path in paths if os.path.lexists(path)]


def _with_unread(found: Scan, before: Scan) -> Scan:
    """Return a scan with what was known before of files and folders that cannot be read now."""
    unread = {p.file for p in found.problems if is_unreadable(p) or p.file == CONTENT}
    if not unread:
        return found

    def is_unread(path: str) -> bool:
        above = PurePosixPath(CONTENT, path).parents
        return f"{CONTENT}/{path}" in unread or not unread.isdisjoint(map(str, above))

    keys = {path: key for path, key in before.texts.keys.items() if is_unread(path)}
    keys |= found.texts.keys
    files = {path: file for path, file in before.files.items() if is_unread(path)} | found.files
    return replace(
        found,
        texts=found.texts.with_keys(TextKeys.of([*keys], [*map(bytes.fromhex, keys.values())])),
        files={path: files[path] for path in sorted(files)},
    )


def _encoded(settings: Settings | None) -> bytes:
    """Return settings with the order of their tables, of which the first row may count."""
    return msgspec.json.encode(settings)


def _unusable(settings: Settings) -> list[Problem]:
    """Return what is wrong with the extensions of Markdown, which are imported for that."""
    if not extensions_of(settings.markdown):
        return []
    from generator.content.markdown.made_extensions import unusable

    return unusable(settings.markdown)


def _is_of_frame(name: str) -> bool:
    """Return whether a file, by its name, may be a layout, or data for layouts."""
    is_content = name.startswith(f"{CONTENT}/") and not name.startswith(f"{CONTENT}/{DATA}")
    return name != SITE_TOML and not is_content


def _differing(before: Mapping[str, File | str], after: Mapping[str, File | str]) -> frozenset[str]:
    """Return the paths of the files that came, went, or have other bytes, or another reason."""
    if before is after:
        return frozenset()
    return frozenset(
        path for path in before.keys() | after.keys() if before.get(path) != after.get(path)
    )
