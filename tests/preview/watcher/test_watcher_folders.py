"""Folders and links under watch: they come, go, change places and lead elsewhere."""

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from generator.content.names import is_ignored
from generator.preview.places import MOST_LINKED
from generator.preview.watcher import Changes, Watcher
from support.preview_process import eventually
from support.watched_folders import (
    PATIENCE,
    Listener,
    awaited,
    delete_and_create,
    deleted,
    linux,
    listen,
    made,
    moved_out,
    out_and_in_again,
    renamed,
    replace,
    write_in_place,
)

pytestmark = pytest.mark.long


# -------------------------------------------------------------------------- folders


def moved_in(root: Path) -> Path:
    outside = root.parent / "elsewhere/full"
    outside.mkdir()
    (outside / "c.md").write_text("From elsewhere.")
    outside.rename(root / "content/full")
    return root / "content/full"


def made_anew(root: Path) -> Path:
    shutil.rmtree(root / "content")
    (root / "content/articles").mkdir(parents=True)
    return root / "content/articles"


def renamed_away_and_back(root: Path) -> Path:
    (root / "content").rename(root / "contents")
    (root / "contents").rename(root / "content")
    return root / "content/articles/deep"


def out_for_another(root: Path) -> Path:
    """What is too much for watchdog 7.1: a thread of its ends with a KeyError."""
    (root / "content/articles/deep").rename(root.parent / "deep")
    (root / "content/articles/deep").mkdir()
    read_by_observers()
    (root / "content/articles/deep").rmdir()
    read_by_observers()
    shutil.rmtree(root.parent / "deep")
    return root / "content/articles"


def read_by_observers() -> None:
    """Wait until this process has read all that Linux has to tell of files."""
    if sys.platform == "linux":
        eventually(lambda: not any(map(unread, Path("/proc/self/fd").iterdir())))


def unread(file: Path) -> int:
    """How many bytes wait behind a descriptor of inotify."""
    import fcntl
    import termios

    with suppress(OSError):  # it is closed again
        if os.fspath(file.readlink()) == "anon_inode:inotify":
            count = fcntl.ioctl(int(file.name), termios.FIONREAD, bytes(4))
            return int.from_bytes(count, sys.byteorder)
    return 0


@pytest.mark.parametrize(
    "change",
    [
        made,
        renamed,
        moved_in,
        moved_out,
        deleted,
        made_anew,
        renamed_away_and_back,
        out_and_in_again,
        out_for_another,
    ],
)
def test_when_folders_change_everything_is_looked_at(
    root: Path, change: Callable[[Path], Path], capfd: pytest.CaptureFixture[str]
) -> None:
    async def scenario(listener: Listener) -> None:
        folder = change(root)
        await listener.looks()
        (root / "content/articles").mkdir(exist_ok=True)
        await listener.settles()
        (folder / "later.md").write_text("Later.")
        await listener.hears_of((folder / "later.md").relative_to(root).as_posix())

    listen(root, scenario)
    assert capfd.readouterr().err == ""


def test_folders_may_come_later(root: Path) -> None:
    async def scenario(listener: Listener) -> None:
        (root / "assets").mkdir()
        await listener.looks()
        (root / "assets/style.css").write_text("p {}")
        await listener.hears_of("assets/style.css")
        (root / "assets").rename(root / "away")
        await listener.looks()
        (root / "away").rename(root / "assets")
        await listener.looks()
        listener.heard.clear()
        (root / "assets/style.css").write_text("b {}")
        await listener.hears_of("assets/style.css")

    listen(root, scenario, "content", "assets")


def test_the_site_itself_may_go_and_come_back(root: Path) -> None:
    async def scenario(listener: Listener) -> None:
        shutil.copytree(root, root.parent / "copy")
        shutil.rmtree(root)
        await listener.looks()
        (root.parent / "copy").rename(root)
        await listener.looks()
        (root / "content/articles/a.md").write_text("Back.")
        await listener.hears_of("content/articles/a.md")

    listen(root, scenario)


def test_a_folder_elsewhere_is_named_by_its_path(root: Path) -> None:
    elsewhere = root.parent / "elsewhere"

    async def scenario(listener: Listener) -> None:
        (elsewhere / "base.html").write_text("Default.")
        await listener.hears_of((elsewhere / "base.html").as_posix())
        assert listener.told_all

    listen(root, scenario, "content", elsewhere)


# ---------------------------------------------------------------------------- links


@pytest.mark.parametrize("save", [write_in_place, replace, delete_and_create])
def test_a_file_behind_a_link_is_watched(root: Path, save: Callable[[Path, str], None]) -> None:
    real = root.parent / "elsewhere/real.md"
    real.write_text("Old.")
    (root / "content/articles/link.md").symlink_to(real)

    async def scenario(listener: Listener) -> None:
        (real.parent / "other.md").write_text("Nobody's.")
        await listener.end()
        assert listener.told_all
        for text in ("First.", "Second."):
            save(real, text)
            await listener.looks()

    listen(root, scenario)


def test_a_folder_behind_a_link_is_watched(root: Path) -> None:
    real = root.parent / "elsewhere/real"
    (real / "deep").mkdir(parents=True)
    (root / "content/link").symlink_to(real)

    async def scenario(listener: Listener) -> None:
        (real / "deep/c.md").write_text("New.")
        await listener.looks()
        (real / "deeper/still").mkdir(parents=True)
        await listener.looks()
        await listener.settles()
        (real / "deeper/still/d.md").write_text("New.")
        await listener.looks()
        real.rename(real.with_name("away"))
        await listener.looks()
        real.with_name("away").rename(real)
        await listener.looks()
        await listener.settles()
        replace(real / "deep/c.md", "Newer.")
        await listener.looks()

    listen(root, scenario)


def test_links_come_and_go(root: Path) -> None:
    one, two = root.parent / "elsewhere/one", root.parent / "elsewhere/two"
    one.mkdir()
    two.mkdir()
    link, fresh = root / "content/link", root / "content/.link"

    async def scenario(listener: Listener) -> None:
        link.symlink_to(one)
        await listener.looks()
        await listener.settles()
        (one / "c.md").write_text("New.")
        await listener.looks()
        fresh.symlink_to(two)
        fresh.replace(link)
        await listener.looks()
        await listener.settles()
        (one / "c.md").write_text("No longer the site's.")
        await listener.end()
        assert listener.told_all
        (two / "c.md").write_text("New.")
        await listener.looks()
        link.unlink()
        await listener.looks()
        await listener.settles()
        (two / "c.md").write_text("No longer the site's.")
        await listener.end()
        assert listener.told_all

    listen(root, scenario)


def test_a_link_may_wait_for_what_it_leads_to(root: Path) -> None:
    real = root.parent / "elsewhere/not/there/yet"
    (root / "content/link").symlink_to(real)

    async def scenario(listener: Listener) -> None:
        real.mkdir(parents=True)
        await listener.looks()
        await listener.settles()
        (real / "c.md").write_text("New.")
        await listener.looks()

    listen(root, scenario)


def test_a_link_to_what_cannot_be_is_no_obstacle(root: Path) -> None:
    (root / "content/long.md").symlink_to(root / ("x" * 300) / "y")
    (root / "content/round.md").symlink_to("round.md")

    async def scenario(listener: Listener) -> None:
        assert listener.watcher.notice == ""
        (root / "content/articles/a.md").write_text("New.")
        await listener.hears_of("content/articles/a.md")
        assert listener.told_all

    listen(root, scenario)


@linux
def test_a_name_that_is_no_text_is_told(root: Path) -> None:
    async def scenario(listener: Listener) -> None:
        (root / "content/articles/\udcff.md").write_text("New.")
        await listener.hears_of("content/articles/\udcff.md")

    listen(root, scenario)


def test_links_behind_links_are_followed(root: Path) -> None:
    one, two = root.parent / "elsewhere/one", root.parent / "elsewhere/two"
    one.mkdir()
    two.mkdir()
    (root / "content/link").symlink_to(one)
    (one / "further").symlink_to(two)
    (two / "back").symlink_to(one)

    async def scenario(listener: Listener) -> None:
        (two / "c.md").write_text("New.")
        await listener.looks()

    listen(root, scenario)


def test_links_on_the_way_are_watched(root: Path) -> None:
    """A link leads through another: to what is current, which is exchanged as a whole."""
    elsewhere = root.parent / "elsewhere"
    for edition in ("one", "two"):
        (elsewhere / "editions" / edition).mkdir(parents=True)
        (elsewhere / "editions" / edition / "c.md").write_text(edition)
    (elsewhere / "current").symlink_to("editions/one")
    (root / "content/link.md").symlink_to("../../elsewhere/current/c.md")

    async def scenario(listener: Listener) -> None:
        (elsewhere / ".fresh").symlink_to("editions/two")
        (elsewhere / ".fresh").replace(elsewhere / "current")
        await listener.looks()
        assert (root / "content/link.md").read_text() == "two"
        await listener.settles()
        (elsewhere / "editions/two/c.md").write_text("New.")
        await listener.looks()

    listen(root, scenario)


def test_a_link_made_while_the_watch_begins_is_followed(root: Path) -> None:
    real = root.parent / "elsewhere/real.md"
    real.write_text("Old.")
    for n in range(300):
        (root / f"content/articles/deep/{n}.md").write_text("Old.")
    link = root / "content/link.md"

    async def scenario(listener: Listener) -> None:
        await listener.settles()
        replace(real, "New.")
        await listener.looks()

    for name in ("articles", "deep", "a.md", *(f"{30 * n}.md" for n in range(10))):
        link.unlink(missing_ok=True)
        looked_at = list[str]()

        def ignored(found: str, name: str = name, looked_at: list[str] = looked_at) -> bool:
            if found == name and name not in looked_at:
                link.symlink_to(real)  # while folders are walked, and this name was just found
            looked_at.append(found)
            return is_ignored(found)

        with Watcher(root, ("content",), (), ignored) as watcher:
            assert name in looked_at
            awaited(partial(scenario, Listener(watcher, root)), 4 * PATIENCE)


def test_what_a_link_inside_shows_twice_is_looked_for(root: Path) -> None:
    (root / "content/latest").symlink_to(root / "content/articles/deep")

    async def scenario(listener: Listener) -> None:
        (root / "content/articles/deep/b.md").write_text("New.")
        changes = await listener.next()
        assert changes == Changes(frozenset({"content/articles/deep/b.md"}), complete=False)

    listen(root, scenario)


def test_a_link_that_leads_back_is_no_loop(root: Path) -> None:
    (root / "content/articles/loop").symlink_to(root / "content")
    (root / "content/articles/deep/self").symlink_to("self")

    async def scenario(listener: Listener) -> None:
        (root / "content/articles/a.md").write_text("New.")
        assert await listener.next() == Changes(frozenset({"content/articles/a.md"}), complete=True)

    listen(root, scenario)


def test_a_watched_folder_may_be_a_link(root: Path) -> None:
    real = root.parent / "elsewhere/content"
    (root / "content").rename(real)
    (root / "content").symlink_to(real)

    async def scenario(listener: Listener) -> None:
        (real / "articles/a.md").write_text("New.")
        await listener.hears_of("content/articles/a.md")
        assert listener.told_all
        (root / "content").unlink()
        await listener.looks()

    listen(root, scenario)


@linux
def test_two_links_to_one_folder_cost_one_watch(root: Path) -> None:
    real = root.parent / "elsewhere"
    for n in range(100):
        (real / str(n)).mkdir()
    counts = []
    for name in ("one", "two"):
        (root / "content" / name).symlink_to(real)
        with Watcher(root, ("content",), (), is_ignored):
            counts.append(watches())
    assert counts[0] == counts[1] > 100


def watches() -> int:
    """How many folders this process watches, by what the kernel says."""
    told = [file.read_text() for file in Path("/proc/self/fdinfo").iterdir() if file.exists()]
    return sum(text.count("inotify wd:") for text in told)


def test_more_links_than_are_watched_are_confessed(root: Path) -> None:
    for n in range(MOST_LINKED + 1):
        (root.parent / "elsewhere" / str(n)).mkdir()
        (root.parent / "elsewhere" / str(n) / "c.md").write_text("Old.")
        (root / f"content/{n}.md").symlink_to(root.parent / f"elsewhere/{n}/c.md")
    with Watcher(root, ("content",), (), is_ignored) as watcher:
        assert f"more than {MOST_LINKED} places" in watcher.notice
