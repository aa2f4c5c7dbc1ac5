"""A folder of a site under watch, and ways in which files and folders in it change."""

import asyncio
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest

from generator.content.names import is_ignored
from generator.preview.watcher import Changes, Watcher

PATIENCE = 180
"""Seconds that a change is waited for, on however busy a machine."""

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="inotify is Linux's own")


def site_folder(place: Path) -> Path:
    """Make a site's folder, with neighbours beside it."""
    for name in ("site/content/articles/deep", "site/layouts", "elsewhere"):
        (place / name).mkdir(parents=True)
    for name in ("content/articles/a.md", "content/articles/deep/b.md", "layouts/base.html"):
        (place / "site" / name).write_text("Old.")
    (place / "site/site.toml").write_text("")
    return place / "site"


class Listener:
    """Hears of changes, and remembers what it has heard."""

    def __init__(self, watcher: Watcher, root: Path) -> None:
        self.watcher, self.root, self.heard = watcher, root, list[Changes]()
        self._ends = 0

    @property
    def paths(self) -> set[str]:
        return {path for changes in self.heard for path in changes.paths}

    @property
    def told_all(self) -> bool:
        return all(changes.complete for changes in self.heard)

    async def next(self) -> Changes:
        changes = await asyncio.wait_for(self.watcher.changes(), PATIENCE)
        self.heard.append(changes)
        return changes

    async def hears_of(self, *paths: str) -> None:
        """Until all the paths have been named."""
        while not self.paths.issuperset(paths):
            await self.next()

    async def looks(self) -> None:
        """Until it is told to look at everything, by a burst that was not heard before."""
        while (await self.next()).complete:
            pass

    async def settles(self) -> None:
        """Until what was done before has been heard; then forget that it was."""
        await self.end()
        self.heard.clear()

    async def end(self) -> None:
        """Save one more file at the end of all: nothing comes after it.

        Who watches anew just then may have its listener look at everything instead of naming that
        file; so it is done again.
        """
        is_named = False
        while not is_named:
            self._ends += 1
            name = f"content/articles/end-{self._ends}.md"
            replace(self.root / name, "The end.")
            changes = await self.next()
            while name not in changes.paths and changes.complete:
                changes = await self.next()
            is_named = name in changes.paths
        self.heard = [Changes(heard.paths - self._names(), heard.complete) for heard in self.heard]

    def _names(self) -> set[str]:
        return {f"content/articles/end-{n + 1}.md" for n in range(self._ends)}


T = TypeVar("T")
Scenario = Callable[[Listener], Awaitable[None]]


def listen(root: Path, scenario: Scenario, *folders: str | Path) -> None:
    with Watcher(root, folders or ("content", "layouts"), ("site.toml",), is_ignored) as watcher:
        awaited(lambda: scenario(Listener(watcher, root)), 4 * PATIENCE)


def awaited(what: Callable[[], Awaitable[T]], seconds: float) -> T:
    """What comes of it, in a loop of its own: where a browser is open, this thread has one."""

    async def bounded() -> T:
        return await asyncio.wait_for(what(), seconds)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, bounded()).result()


def replace(file: Path, text: str) -> None:
    """Write a file beside, and move it into its place."""
    beside = file.with_name(f".{file.name}.tmp")
    beside.write_text(text)
    beside.replace(file)


def write_in_place(file: Path, text: str) -> None:
    file.write_text(text)


def vim_with_backup(file: Path, text: str) -> None:
    backup = file.with_name(f"{file.name}~")
    swap = file.with_name(f".{file.name}.swp")
    swap.write_text("b0VIM")
    file.rename(backup)
    with file.open("w") as fresh:
        fresh.write(text)
        fresh.flush()
        os.fsync(fresh.fileno())
    backup.unlink()
    swap.unlink()


def delete_and_create(file: Path, text: str) -> None:
    file.unlink()
    file.write_text(text)


def made(root: Path) -> Path:
    (root / "content/made/below").mkdir(parents=True)
    return root / "content/made/below"


def renamed(root: Path) -> Path:
    (root / "content/articles/deep").rename(root / "content/shallow")
    return root / "content/shallow"


def moved_out(root: Path) -> Path:
    (root / "content/articles/deep").rename(root.parent / "elsewhere/deep")
    return root / "content/articles"


def deleted(root: Path) -> Path:
    shutil.rmtree(root / "content/articles/deep")
    return root / "content/articles"


def out_and_in_again(root: Path) -> Path:
    (root / "content/articles/deep").rename(root.parent / "deep")
    (root.parent / "deep").rename(root / "content/articles/deep")
    return root / "content/articles/deep"
