"""Changes of files are noticed, however they are made: on the real file system."""

import asyncio
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from watchdog.utils import BaseThread

from generator.content.names import is_ignored
from generator.preview.burst import GONE, LONGEST, QUIET, UNSURE, Burst
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
    site_folder,
    vim_with_backup,
    write_in_place,
)

pytestmark = pytest.mark.long


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return site_folder(tmp_path)


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


# ---------------------------------------------------------------------- limits, the end


CHILD = """
import asyncio, json, sys
from pathlib import Path
from generator.preview.watcher import Watcher
from generator.content.names import is_ignored

def say(**what):
    print(json.dumps(what), flush=True)

async def main():
    {before}
    with Watcher(Path(sys.argv[1]), ("content",), ("site.toml",), is_ignored) as watcher:
        say(notice=watcher.notice)
        while True:
            paths, complete = await watcher.changes()
            say(paths=sorted(paths), complete=complete)

asyncio.run(main())
"""


@contextmanager
def child(root: Path, *wrapper: str, before: str = "") -> Iterator[subprocess.Popen[str]]:
    """A watcher in a process of its own, which says each thing in a line of JSON."""
    command = [*wrapper, sys.executable, "-c", CHILD.format(before=before), str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        stop = threading.Timer(PATIENCE, process.kill)
        stop.start()
        try:
            yield process
        finally:
            stop.cancel()
            process.kill()


def said(process: subprocess.Popen[str]) -> Any:
    assert process.stdout
    return json.loads(process.stdout.readline() or '{"notice": "the process ended"}')


def in_own_limits(limit: str, value: int) -> list[str]:
    """A command before another: a user's namespace in which the kernel allows only so much."""
    enter = ["unshare", "--user", "--map-root-user", "sh", "-c"]
    script = f'echo {value} > /proc/sys/user/{limit} && exec "$@"'
    wrapper = [*enter, script, "sh"]
    try:
        subprocess.run([*wrapper, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no namespace of one's own here")
    return wrapper


def assert_polls(process: subprocess.Popen[str], root: Path, remedy: str) -> None:
    assert remedy in said(process)["notice"]
    (root / "content/articles/a.md").write_text("New, and longer.")
    assert "content/articles/a.md" in said(process)["paths"]
    (root / "content/articles/deep/b.md").unlink()
    assert "content/articles/deep/b.md" in said(process)["paths"]


@linux
@pytest.mark.parametrize("value", [0, 2, 3])
def test_files_are_polled_if_the_system_watches_no_more(root: Path, value: int) -> None:
    with child(root, *in_own_limits("max_inotify_watches", value)) as process:
        assert_polls(process, root, "max_user_watches")


@linux
def test_files_are_polled_if_the_system_has_no_watcher_left(root: Path) -> None:
    with child(root, *in_own_limits("max_inotify_instances", 0)) as process:
        assert_polls(process, root, "max_user_instances")


@linux
def test_files_are_polled_if_no_more_can_be_opened(root: Path) -> None:
    before = (
        "import os, resource;"
        "free = os.dup(0); os.close(free);"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (free + 2, free + 2))"
    )
    with child(root, before=before) as process:
        assert_polls(process, root, "ulimit")


@linux
def test_the_limit_may_be_reached_later(root: Path) -> None:
    with child(root, *in_own_limits("max_inotify_watches", 9)) as process:
        assert said(process) == {"notice": ""}
        for n in range(20):
            (root / f"content/{n}").mkdir()
        while said(process)["complete"]:
            pass
        (root / "content/19/c.md").write_text("New.")
        while "content/19/c.md" not in (told := said(process))["paths"] and told["complete"]:
            pass


@linux
def test_lost_events_are_confessed(root: Path) -> None:
    """A process that is halted while more happens than the kernel keeps."""
    kept = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    if kept > 500_000:
        pytest.skip("the kernel keeps too many events to outdo it quickly")
    with child(root) as process:
        assert said(process) == {"notice": ""}
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
        for n in range(kept + 100):  # each file is opened for writing, and closed
            name = "a.md" if n % 2 else "deep/b.md"
            os.close(os.open(root / "content/articles" / name, os.O_WRONLY))
        process.send_signal(signal.SIGCONT)
        while said(process)["complete"]:
            pass
        (root / "content/articles/a.md").write_text("Watched still.")
        while "content/articles/a.md" not in said(process)["paths"]:
            pass


def test_a_failing_thread_of_the_observer_is_made_up_for(
    root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    class Failing(BaseThread):
        def run(self) -> None:
            raise KeyError("some folder")

    async def scenario(listener: Listener) -> None:
        Failing().start()
        await listener.looks()
        (root / "content/articles/a.md").write_text("New.")
        await listener.hears_of("content/articles/a.md")

    listen(root, scenario)
    assert capfd.readouterr().err == ""


def test_nothing_is_printed_of_new_folders(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with child(root) as process:
        assert said(process) == {"notice": ""}
        for n in range(30):
            (root / f"content/{n}/below/still").mkdir(parents=True)
        out_and_in_again(root)
        while said(process)["complete"]:
            pass
        replace(root / "content/articles/a.md", "New.")
        while "content/articles/a.md" not in said(process)["paths"]:
            pass
    assert capfd.readouterr().err == ""


def test_stopping_leaves_no_thread(root: Path) -> None:
    before = set(threading.enumerate())
    hook = threading.excepthook
    watcher = Watcher(root, ("content", "layouts"), ("site.toml",), is_ignored)
    for _ in range(3):
        watcher.start()
        assert set(threading.enumerate()) > before
        # Its other half is waited for, which must not keep the end waiting.
        (root / "content/articles/a.md").rename(root.parent / "a.md")
        watcher.stop()
        assert set(threading.enumerate()) == before
        assert threading.excepthook is hook
        (root.parent / "a.md").rename(root / "content/articles/a.md")


def test_a_loop_that_ends_does_not_mind_changes(
    root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    ended = threading.Event()

    def write() -> None:
        while not ended.is_set():
            (root / "content/articles/a.md").write_text("New.")
            (root / "content/made").mkdir(exist_ok=True)
            (root / "content/made").rmdir()

    with Watcher(root, ("content",), (), is_ignored) as watcher:
        writer = threading.Thread(target=write)
        writer.start()
        try:
            for _ in range(4):
                awaited(watcher.changes, PATIENCE)
                eventually(lambda: watcher.pending)  # of which no loop is told
        finally:
            ended.set()
            writer.join()
    assert capfd.readouterr().err == ""


def test_what_was_not_told_when_cancelled_is_told_next(root: Path) -> None:
    async def begun(listener: Listener, waiting: "asyncio.Task[Changes]") -> None:
        await asyncio.sleep(0)

    async def noticed(listener: Listener, waiting: "asyncio.Task[Changes]") -> None:
        while not listener.watcher.pending and not waiting.done():
            await asyncio.sleep(0)

    async def told(listener: Listener, waiting: "asyncio.Task[Changes]") -> None:
        await asyncio.wait([waiting])

    async def scenario(listener: Listener) -> None:
        for n in range(20):
            waiting = asyncio.create_task(listener.watcher.changes())
            (root / f"content/articles/{n}.md").write_text("New.")
            await (begun, noticed, told)[n % 3](listener, waiting)
            if not waiting.cancel():
                listener.heard.append(waiting.result())
            else:
                await asyncio.wait([waiting])
        await listener.hears_of(*(f"content/articles/{n}.md" for n in range(20)))

    listen(root, scenario)


# ------------------------------------------------------------------- whatever happens


class Vandal:
    """Does things at random to the files of a site, most of them saves; and to folders, if wild."""

    def __init__(self, root: Path, seed: int, *, wild: bool) -> None:
        self.root, self.outside, self.wild = root, root.parent / "elsewhere", wild
        self.random = random.Random(seed)
        self.count = 0

    def act(self) -> None:
        deeds = [self.write] * 8 + [self.rename] * 3 + [self.delete] * 2
        if self.wild:
            deeds += [self.make_folder, self.move_folder, self.move_out, self.move_in]
            deeds += [self.delete_folder, self.link]
        self.count += 1
        with suppress(OSError, shutil.Error, IndexError):  # it is gone, or would be within itself
            self.random.choice(deeds)()

    def write(self) -> None:
        self.random.choice([write_in_place, replace, vim_with_backup])(
            self.random.choice([self.file(), self.new()]), f"Text {self.count}."
        )

    def rename(self) -> None:
        self.file().replace(self.random.choice([self.file(), self.new()]))

    def delete(self) -> None:
        self.file().unlink()

    def make_folder(self) -> None:
        folder = self.random.choice([self.folder(), self.root / "content"]) / f"f{self.count}/below"
        folder.mkdir(parents=True)
        (folder / "first.md").write_text(f"Text {self.count}.")

    def move_folder(self) -> None:
        self.folder().rename(self.folder() / f"m{self.count}")

    def move_out(self) -> None:
        self.random.choice([self.folder(), self.file()]).rename(self.outside / f"o{self.count}")

    def move_in(self) -> None:
        found = sorted(self.outside.iterdir())
        self.random.choice(found).rename(self.folder() / f"i{self.count}")

    def delete_folder(self) -> None:
        shutil.rmtree(self.folder())

    def link(self) -> None:
        targets = [self.folder(), self.file(), self.outside, *sorted(self.outside.iterdir())]
        (self.folder() / f"l{self.count}").symlink_to(self.random.choice(targets))

    def folder(self) -> Path:
        folders = [Path(folder) for folder, _, _ in os.walk(self.root / "content")]
        return self.random.choice(sorted(folders)[1:] or [self.root / "content"])

    def file(self) -> Path:
        files = sorted(file for file in (self.root / "content").rglob("*") if file.is_file())
        return self.random.choice(files or [self.new()])

    def new(self) -> Path:
        return self.folder() / f"n{self.count}.md"


def seen(root: Path) -> dict[str, str]:
    """What a reader finds in a site: it goes through links, but not in circles."""
    found: dict[str, str] = {}

    def look(folder: Path, above: frozenset[str]) -> None:
        for entry in sorted(folder.iterdir()) if folder.is_dir() else []:
            if is_ignored(entry.name):
                continue
            if entry.is_dir():
                if (real := os.path.realpath(entry)) not in above:
                    look(entry, above | {real})
            elif entry.is_file():
                found[entry.relative_to(root).as_posix()] = entry.read_text()

    look(root / "content", frozenset({os.path.realpath(root / "content")}))
    return found


@pytest.mark.parametrize("wild", [False, True])
@pytest.mark.parametrize("seed", range(2))
def test_who_reads_only_what_is_told_knows_all(root: Path, seed: int, *, wild: bool) -> None:
    """300 things are done; after each few the reader's picture must come to be the true one."""
    vandal = Vandal(root, seed, wild=wild)

    async def scenario(listener: Listener) -> None:
        known = seen(root)
        for _ in range(60):
            for _ in range(5):
                vandal.act()
            while known != seen(root):
                told = await listener.next()
                if not told.complete:
                    known = seen(root)
                    continue
                truth = seen(root)
                known |= {path: truth[path] for path in told.paths if path in truth}
                for path in told.paths - truth.keys():
                    known.pop(path, None)
        assert wild or listener.told_all

    listen(root, scenario)
