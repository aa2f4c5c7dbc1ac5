"""Changes of files are noticed, however they are made: on the real file system."""

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.preview.burst import GONE, LONGEST, QUIET, UNSURE, Burst
from support.watched_folders import (
    Listener,
    delete_and_create,
    linux,
    listen,
    replace,
    vim_with_backup,
    write_in_place,
)

pytestmark = pytest.mark.long


# ------------------------------------------------------------------- how editors save


def emacs(file: Path, text: str) -> None:
    lock = file.with_name(f".#{file.name}")
    lock.symlink_to("editor@desk.1")
    shutil.copy2(file, file.with_name(f"{file.name}~"))
    file.with_name(f"#{file.name}#").write_text(text)
    file.write_text(text)
    file.with_name(f"#{file.name}#").unlink()
    lock.unlink()


def swap_by_two_renames(file: Path, text: str) -> None:
    fresh, old = file.with_name(f"{file.name}.tmp"), file.with_name(f".{file.name}.old")
    fresh.write_text(text)
    file.rename(old)
    fresh.rename(file)
    old.unlink()


def stream_editor(file: Path, text: str) -> None:
    subprocess.run(["sed", "-i", f"s/.*/{text}/", file.name], cwd=file.parent, check=True)


def from_elsewhere(file: Path, text: str) -> None:
    outside = file.parents[3] / "elsewhere" / file.name
    outside.write_text(text)
    outside.replace(file)


@pytest.mark.parametrize(
    "save",
    [
        write_in_place,
        replace,
        vim_with_backup,
        emacs,
        delete_and_create,
        swap_by_two_renames,
        stream_editor,
        from_elsewhere,
    ],
)
def test_a_save_is_told_by_its_name_alone(root: Path, save: Callable[[Path, str], None]) -> None:
    file = root / "content/articles/a.md"

    async def scenario(listener: Listener) -> None:
        for text in ("First.", "Second."):
            save(file, text)
            await listener.hears_of("content/articles/a.md")
            assert file.read_text() == text
            await listener.end()
            scratch = {path for path in listener.paths if Path(path).name.startswith("sed")}
            assert listener.paths - scratch == {"content/articles/a.md"}
            assert listener.told_all
            listener.heard.clear()

    listen(root, scenario)


def test_layouts_settings_and_pictures_are_watched(root: Path) -> None:
    async def scenario(listener: Listener) -> None:
        (root / "site.toml").write_text('title = "New"')
        (root / "layouts/base.html").write_text("New.")
        (root / "content/picture.png").write_bytes(bytes(200_000))
        await listener.hears_of("site.toml", "layouts/base.html", "content/picture.png")
        assert listener.told_all

    listen(root, scenario)


def test_what_is_not_wanted_is_not_told(root: Path) -> None:
    async def scenario(listener: Listener) -> None:
        (root / "public").mkdir()
        (root / "public/index.html").write_text("Own output.")
        (root / "notes.txt").write_text("Not the site's.")
        for name in (".hidden", "a.md~", "#a.md#", ".a.md.swp", "a.tmp", "Thumbs.db"):
            (root / "content/articles" / name).write_text("Ignored.")
        (root / "content/.git/objects").mkdir(parents=True)
        (root / "content/.git/objects/x.md").write_text("Ignored.")
        await listener.end()
        assert not listener.paths
        assert listener.told_all

    listen(root, scenario)


def test_reading_is_no_change(root: Path) -> None:
    async def scenario(listener: Listener) -> None:
        for file in [*root.rglob("*.md"), root / "site.toml"]:
            file.read_text()
        list(os.walk(root))
        await listener.end()
        assert not listener.paths
        assert listener.told_all

    listen(root, scenario)


def test_a_file_that_becomes_readable_is_told(root: Path) -> None:
    file = root / "content/articles/a.md"
    file.chmod(0)

    async def scenario(listener: Listener) -> None:
        file.chmod(0o644)
        await listener.hears_of("content/articles/a.md")

    listen(root, scenario)


def test_deleted_and_renamed_files_are_told(root: Path) -> None:
    async def scenario(listener: Listener) -> None:
        (root / "content/articles/a.md").rename(root / "content/articles/z.md")
        (root / "content/articles/deep/b.md").unlink()
        names = ("content/articles/a.md", "content/articles/z.md", "content/articles/deep/b.md")
        await listener.hears_of(*names)
        (root / "content/articles/z.md").rename(root.parent / "elsewhere/z.md")
        listener.heard.clear()
        await listener.hears_of("content/articles/z.md")
        (root.parent / "elsewhere/z.md").rename(root / "layouts/z.md")
        await listener.hears_of("layouts/z.md")
        assert listener.told_all

    listen(root, scenario)


# ------------------------------------------------------------------------ gathering


def test_a_half_written_file_is_not_told() -> None:
    burst = Burst()
    burst.written("a", 0.0)
    burst.whole("b", 0.1)
    assert burst.due(0.1) == pytest.approx(UNSURE)
    assert burst.take(0.1 + UNSURE, 0) == {"b"}
    assert burst.due(0.2) == pytest.approx(LONGEST - 0.2)
    burst.written("a", 0.3)
    burst.whole("a", 0.4)
    assert burst.due(0.4) == pytest.approx(QUIET)
    assert burst.take(0.4 + QUIET, 0) == {"a"}
    assert burst.due(0.5) is None


def test_a_file_that_is_never_closed_is_told_at_last() -> None:
    burst = Burst()
    for tenth in range(5):
        burst.written("log", tenth / 10)
        assert not burst.take(tenth / 10, 0)
    assert burst.due(LONGEST) == pytest.approx(0)
    assert burst.take(LONGEST, 0) == {"log"}


def test_changes_that_never_stop_are_told_in_between() -> None:
    burst = Burst()
    moments = [n * QUIET / 2 for n in range(1000)]
    for n, now in enumerate(moments):
        burst.whole(f"{n}", now)
        if (burst.due(now) or 0) <= 0:
            break
    assert now == pytest.approx(LONGEST)
    assert len(burst.take(now, 0)) == n + 1


def test_more_is_awaited_where_more_may_follow() -> None:
    burst = Burst()
    burst.unsure("a", 0.0)
    assert burst.due(0.0) == pytest.approx(UNSURE)
    burst.whole("a", 0.02)
    assert burst.due(0.02) == pytest.approx(QUIET)


def test_a_file_that_is_made_anew_is_never_told_to_be_gone() -> None:
    burst = Burst()
    burst.gone("a", 0.0)
    assert burst.due(0.0) == pytest.approx(GONE)
    burst.written("a", GONE - 0.01)
    burst.whole("b", GONE - 0.01)
    assert burst.take(GONE, 0) == {"b"}
    burst.whole("a", GONE + 0.1)
    assert burst.due(GONE + 0.1) == pytest.approx(QUIET)


def test_a_file_that_is_gone_for_good_is_told() -> None:
    burst = Burst()
    burst.gone("a", 0.0)
    assert burst.take(GONE, 0) == {"a"}
    assert burst.due(GONE) is None


@linux
def test_no_listener_reads_half_a_file(root: Path) -> None:
    """A writer that is quicker than changes are kept for is never interrupted by a reader."""
    file = root / "content/articles/a.md"

    def write_slowly(text: str) -> float:
        began = time.monotonic()
        with file.open("w") as stream:
            for letter in text:
                stream.write(letter)
                stream.flush()
                time.sleep(0.01)
        return time.monotonic() - began

    async def scenario(listener: Listener) -> None:
        quick = 0
        while quick < 3:
            writing = asyncio.create_task(asyncio.to_thread(write_slowly, "slowly written"))
            await listener.hears_of("content/articles/a.md")
            found = file.read_text()
            if await writing < LONGEST - 0.1:
                quick += 1
                assert found == "slowly written"
            await listener.settles()

    listen(root, scenario)


def test_thousands_of_files_checked_out_come_in_few_bursts(root: Path) -> None:
    folder = root / "content/articles"
    names = [f"content/articles/{n}.md" for n in range(2000)]

    def git(*arguments: str) -> None:
        settings = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "gc.auto=0"]
        subprocess.run(["git", *settings, *arguments], cwd=root, check=True, capture_output=True)

    git("init", "-q")
    for edition in ("one", "two"):
        for n in range(2000):
            (folder / f"{n}.md").write_text(f"Story {n}, {edition}.")
        git("checkout", "-q", "-b", edition)
        git("add", "-A")
        git("commit", "-q", "-m", edition)

    async def scenario(listener: Listener) -> None:
        began = time.monotonic()
        checkout = asyncio.create_task(asyncio.to_thread(git, "checkout", "-q", "one"))
        await listener.hears_of(*names)
        await checkout
        assert listener.told_all
        slowest = (time.monotonic() - began) / QUIET  # before each of them it was quiet
        assert len(listener.heard) < max(200, slowest + 2)

    listen(root, scenario)


def test_what_is_not_yet_told_is_pending(root: Path) -> None:
    async def scenario(listener: Listener) -> None:
        assert not listener.watcher.pending
        (root / "content/articles/a.md").write_text("New.")
        while not listener.watcher.pending:
            await asyncio.sleep(0.001)
        await listener.hears_of("content/articles/a.md")
        assert not listener.watcher.pending

    listen(root, scenario)
