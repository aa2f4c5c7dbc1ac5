"""Watching goes on at the limits of the system, ends cleanly, and misses nothing at random."""

import asyncio
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from watchdog.utils import BaseThread

from generator.content.names import is_ignored
from generator.preview.watcher import Changes, Watcher
from support.preview_process import eventually
from support.watched_folders import (
    PATIENCE,
    Listener,
    awaited,
    linux,
    listen,
    out_and_in_again,
    replace,
    vim_with_backup,
    write_in_place,
)

pytestmark = pytest.mark.long

LONG_RUN = bool(os.environ.get("BROADSHEET_LONG"))

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
@pytest.mark.parametrize("seed", range(2 if LONG_RUN else 1))
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
