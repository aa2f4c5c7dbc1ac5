"""The default layouts: where they lie, what can be changed in them, and copies for a site."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from posixpath import dirname
from shlex import quote

import msgspec
from jinja2 import nodes

from generator.config import LAYOUTS, load_settings
from generator.errors import SiteError, UsageError, raise_errors, shortened, unreadable
from generator.regular import read_whole
from generator.templates.folders import default_folder, files_below, refused_links
from generator.templates.loader import bare_environment, is_layout, nearest_file


class DefaultLayout(msgspec.Struct, frozen=True):
    """A file of the default layouts, by its name in their folder.

    `extends` is the layout that it extends, "" if none; `blocks` are those that stand in itself,
    from top to bottom. `replaced`: the site has a file of its own in its place.
    """

    name: str
    extends: str
    blocks: list[str]
    replaced: bool

    def line(self, width: int) -> str:
        """Return the same for people to read, the name in a column of that width."""
        remarks = (
            f"replaced by {LAYOUTS}/{self.name}" if self.replaced else "",
            f"extends {self.extends}" if self.extends else "",
            f"blocks: {', '.join(self.blocks)}" if self.blocks else "",
        )
        return f"{self.name:{width}}  {'; '.join(filter(None, remarks))}".rstrip()


class DefaultLayouts(msgspec.Struct, frozen=True):
    """The default layouts of this installation, folder by folder."""

    folder: str
    files: list[DefaultLayout]

    def lines(self) -> list[str]:
        """Return the same for people to read: a line for each file."""
        width = max(len(file.name) for file in self.files)
        return [f"Default layouts: {self.folder}", "", *(file.line(width) for file in self.files)]


def default_layouts(root: Path) -> DefaultLayouts:
    """List the default layouts, and which of them the site in `root` has replaced.

    SiteError if its own ones cannot be looked at. There need be no site.
    """
    own, files = _own(root), _default()
    return DefaultLayouts(
        folder=str(default_folder()),
        files=[
            DefaultLayout(name, *_outline(name, files[name]), replaced=name in own)
            for name in sorted(files, key=lambda name: (dirname(name), name))
        ],
    )


def copy_layouts(root: Path, names: Sequence[str]) -> list[DefaultLayout]:
    """Copy default layouts into the site in `root`, and return them; nothing is overwritten.

    UsageError if there is none of such a name, or if one cannot be written: then none is.
    """
    settings, problems = load_settings(root)
    if settings is None:
        raise SiteError(problems)
    raise_errors(refused_links(root, settings.content.links))
    _own(root)
    files = _default()
    wanted = {name: root / LAYOUTS / name for name in names}
    _refuse(_unknown(name, files) for name in wanted if name not in files)
    _refuse(_taken(path) for path in wanted.values() if os.path.lexists(path))
    _write({path: read_whole(files[name]) for name, path in wanted.items()})
    return [DefaultLayout(name, *_outline(name, files[name]), replaced=True) for name in wanted]


def told_of_copies(root: Path, copied: Sequence[DefaultLayout]) -> list[str]:
    """Return what to say of layouts that were copied: where they are, and how to go on."""
    place = "" if root == Path() else f" --root {quote(str(root))}"
    told = [f"Copied {root / LAYOUTS / layout.name}." for layout in copied]
    told.append(f"What you change there is on the site: broadsheet serve{place} shows it at once.")
    if name := next((layout.name for layout in copied if layout.blocks), ""):
        told.append(
            f"To change one block of {name} and leave the rest to Broadsheet, keep nothing in it"
            f' but that block, below the line {{% extends "default/{name}" %}}'
        )
    return told


def _default() -> dict[str, Path]:
    return files_below(default_folder())[0]


def _own(root: Path) -> dict[str, Path]:
    """Return the site's own layouts by name; SiteError if they cannot be looked at.

    In the repository of Broadsheet there are none: its site has the default ones.
    """
    if (root / LAYOUTS).resolve() == default_folder():
        return {}
    files, unread = files_below(root / LAYOUTS)
    raise_errors(unreadable(file.relative_to(root).as_posix(), error) for file, error in unread)
    return files


def _outline(name: str, file: Path) -> tuple[str, list[str]]:
    """Return the layout that a file extends, "" if none, and the blocks that stand in it."""
    if not is_layout(name):
        return "", []
    tree = bare_environment(("", "")).parse(read_whole(file).decode())
    above = tree.find(nodes.Extends)
    return (
        str(above.template.as_const()) if above else "",
        [block.name for block in tree.find_all(nodes.Block)],
    )


def _refuse(reasons: Iterable[str]) -> None:
    """Raise a `UsageError` if there are any reasons to."""
    if said := "\n".join(reasons):
        raise UsageError(said)


def _unknown(name: str, files: Iterable[str]) -> str:
    close = nearest_file(name, files)
    hint = f'did you mean "{close}"?' if close else "`broadsheet layouts` lists them"
    return f'there is no default layout "{shortened(name)}"; {hint}'


def _taken(path: Path) -> str:
    return f"{path} is there already: edit it, or move it away"


def _write(contents: dict[Path, bytes]) -> None:
    """Write new files: all of them, or none."""
    written: list[Path] = []
    try:
        for path, data in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                written.append(path)
                file.write(data)
    except OSError as error:
        for done in written:
            done.unlink(missing_ok=True)
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
