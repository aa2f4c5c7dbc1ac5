"""Notice every change of files, and tell of it once it is whole.

On Linux an observer says when a file that was written is closed again; elsewhere the end of
a write is known only by the quiet after it. What an observer cannot be trusted with is not
mended but made anew: after folders have come, gone or moved, after events were lost, and
after one of its threads has failed, a new observer takes its place, and only then listeners
are told to look at everything.
"""

import asyncio
import errno
import logging
import math
import os
import stat
import sys
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from watchdog.events import (
    DirAttribEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.inotify_move_event_grouper import InotifyMoveEventGrouper
from watchdog.observers.polling import PollingObserverVFS
from watchdog.utils import BaseThread

from generator.preview.burst import Burst
from generator.preview.places import MOST_LINKED, Places

POLLING = 1.0
"""Seconds between two looks where the system does not tell of changes."""
PAIRING = 0.05
"""Seconds that a file moved away is waited for to appear elsewhere in the same folder."""

# Nothing is told of files that are only read, nor of folders because of what is in them.
_EVENTS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileClosedEvent,
    FileMovedEvent,
    FileDeletedEvent,
    FileAttribEvent,
    DirCreatedEvent,
    DirMovedEvent,
    DirDeletedEvent,
    DirAttribEvent,
]
# What is in the way of watching one folder, and not of watching any.
_OBSTACLES = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EACCES, errno.ENAMETOOLONG}


class Changes(NamedTuple):
    """Files that were written, made, moved or deleted, named from the site's root.

    Those of a folder that was given as an absolute path are named by that. If the changes are
    not `complete`, others may have changed that are not named.
    """

    paths: frozenset[str]
    complete: bool


class Watcher:
    """Watches folders with all below them, and files, and what links in them lead to.

    Start it before the files are read for the first time, and nothing is missed. `notice` is
    what a person should be told about how well files are watched, "" if there is nothing.
    """

    notice = ""

    def __init__(
        self,
        root: Path,
        folders: Sequence[str | Path],
        files: Sequence[str],
        ignored: Callable[[str], bool],
        barred: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._root, self._names = root, (*folders, *files)
        self._ignored, self._barred = ignored, barred
        self._burst = Burst()
        self._alarms = _Alarms(self._alarm)
        self._observer: BaseObserver | None = None
        self._places: Places | None = None
        self._early: list[FileSystemEvent] = []
        self._judging = threading.Lock()
        self._renewing = threading.Lock()
        self._running = self._retiring = False
        self._limit = ""  # why files are polled, and the remedy
        self._until = math.inf
        self._waiter: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    @property
    def pending(self) -> bool:
        """Whether something was noticed that has not been told yet."""
        return self._burst.due(time.monotonic()) is not None

    def start(self) -> None:
        """Watch from now on."""
        self._running = True
        self._alarms.start()
        self._renew()

    def stop(self) -> None:
        """Watch no longer; what is not told by now will not be."""
        self._running = False
        with self._renewing:
            self._retire()
        self._alarms.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def look_anew(self) -> None:
        """Watch everything anew, for other links are followed now, and have all looked at."""
        self._burst.upheaval(time.monotonic())
        self._call()

    async def changes(self) -> Changes:
        """The next changes, gathered until no more are to be expected."""
        called = asyncio.Event()
        self._waiter = (asyncio.get_running_loop(), called)
        while (wait := self._wait()) is None or wait > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(called.wait(), wait)
            called.clear()
        return await self._told()

    def _wait(self) -> float | None:
        """For how many seconds there is nothing to tell; None if there is nothing at all."""
        self._until = math.inf  # whatever is heard from now on wakes us
        now = time.monotonic()
        wait = self._burst.due(now)
        self._until = math.inf if wait is None else now + wait
        return wait

    async def _told(self) -> Changes:
        """What is ready now; of an upheaval it is told when files are well watched again."""
        upheavals = self._burst.upheavals
        if upheavals:
            await asyncio.to_thread(self._renew)
        taken = self._burst.take(time.monotonic(), upheavals)
        places = self._places
        if places is None:
            return Changes(frozenset(), complete=False)
        names = frozenset(filter(None, map(places.name, taken)))
        return Changes(names, not upheavals and not any(map(places.is_linked, taken)))

    # ----------------------------------------------------------- a new observer for an old

    def _renew(self) -> None:
        with self._renewing:
            if self._running:
                self._retire()
                self._observe()

    def _retire(self) -> None:
        self._retiring = True
        observer, self._observer = self._observer, None
        if observer:
            observer.stop()
            observer.join()
        self._retiring = False

    def _observe(self) -> None:
        """Watch everything anew; by polling, if the system will not watch it all."""
        try:
            self._observe_by(_polling() if self._limit else Observer())
        except OSError as error:
            self._retire()
            self._limit = _limit(error)
            self._observe_by(_polling())

    def _observe_by(self, observer: BaseObserver) -> None:
        self._observer, self._places, self._early = observer, None, []
        observer.start()
        handler = _Handler(self._heard)

        def look(folder: str, deep: bool) -> None:
            try:
                observer.schedule(handler, folder, recursive=deep, event_filter=_EVENTS)
            except OSError as error:
                if not self._limit and error.errno not in _OBSTACLES:
                    raise

        places = Places(self._root, self._names, self._ignored, look, self._barred)
        if not self._limit:
            _prove(observer, handler)
        self._know(places)

    def _know(self, places: Places) -> None:
        """From now on events can be judged, and those that came meanwhile."""
        self.notice = self._limit or (_TOO_MANY if places.left_out else "")
        with self._judging:
            self._places = places
            for event in self._early:
                self._judge(event, places)
            self._early = []

    # ------------------------------------------------------------------- what is heard

    def _heard(self, event: FileSystemEvent) -> None:
        """Called from the observer's thread."""
        with self._judging:
            if self._places is None:
                self._early.append(event)
                return
            self._judge(event, self._places)
        self._call()

    def _alarm(self) -> None:
        """Something is wrong with the observer: events may have been lost."""
        if not self._retiring:
            self._burst.upheaval(time.monotonic())
            self._call()

    def _call(self) -> None:
        """Wake who waits, if there is something to tell before the time it sleeps until.

        If the loop is at its end, nobody waits.
        """
        now = time.monotonic()
        wait = self._burst.due(now)
        if self._waiter and wait is not None and now + wait < self._until:
            loop, called = self._waiter
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(called.set)

    def _judge(self, event: FileSystemEvent, places: Places) -> None:
        source, target = os.fsdecode(event.src_path), os.fsdecode(event.dest_path)
        if event.is_directory:
            if any(_matters(path, places) for path in (source, target) if path):
                self._burst.upheaval(time.monotonic())
        elif isinstance(event, FileMovedEvent):
            self._touch(source, FileDeletedEvent, places)
            self._touch(target, FileMovedEvent, places)
        else:
            self._touch(source, type(event), places)

    def _touch(self, path: str, kind: type[FileSystemEvent], places: Places) -> None:
        if not path or not _matters(path, places):
            return
        now, status = time.monotonic(), _status(path)
        if places.is_way(path) or (status and stat.S_ISLNK(status.st_mode)):
            self._burst.upheaval(now)
        elif kind in (FileClosedEvent, FileMovedEvent):
            self._burst.whole(path, now)
        elif self._is_being_written(kind, status):
            self._burst.written(path, now)
        elif kind is FileAttribEvent:
            self._burst.seen(path, now)
        elif kind is FileDeletedEvent and status is None:
            self._burst.gone(path, now)
        else:
            self._burst.unsure(path, now)

    def _is_being_written(self, kind: type[FileSystemEvent], status: os.stat_result | None) -> bool:
        """Whether it will be told that the file is closed: one that is moved in is not empty."""
        if self._limit or not sys.platform.startswith("linux") or status is None:
            return False
        return kind is FileModifiedEvent or (kind is FileCreatedEvent and not status.st_size)


def _matters(path: str, places: Places) -> bool:
    return bool(places.name(path)) or places.is_linked(path) or places.is_way(path)


def _status(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except OSError:
        return None


def _polling() -> BaseObserver:
    """An observer that looks by itself, and goes behind no link."""
    return PollingObserverVFS(os.lstat, os.scandir, polling_interval=POLLING)


def _prove(observer: BaseObserver, handler: FileSystemEventHandler) -> None:
    """Raise OSError if nothing more can be watched.

    An observer that reaches the system's limit below a folder says nothing of it.
    """
    watch = observer.schedule(handler, Path.cwd().anchor, event_filter=_EVENTS)
    observer.unschedule(watch)


def _limit(error: OSError) -> str:
    remedy = _REMEDIES.get(error.errno or 0, "see whether the system lets programs watch files")
    return (
        f"Files are looked at every second, since watching them failed: {error.strerror}; {remedy}"
    )


_REMEDIES = {
    errno.ENOSPC: "raise fs.inotify.max_user_watches",
    errno.EMFILE: "raise fs.inotify.max_user_instances, or the limit of open files (ulimit -n)",
}
_TOO_MANY = f"Links lead to more than {MOST_LINKED} places; changes in the others go unnoticed"


class _Handler(FileSystemEventHandler):
    """Passes every event on."""

    def __init__(self, heard: Callable[[FileSystemEvent], None]) -> None:
        self._heard = heard

    def dispatch(self, event: FileSystemEvent) -> None:
        self._heard(event)


class _Alarms(logging.Handler):
    """Hears that an observer has lost events, or one of its threads.

    It warns of lost events in the log and nowhere else; and folders that are moved about can
    be too much for it, so that a thread of it ends, with an error that nobody could catch.
    """

    def __init__(self, alarm: Callable[[], None]) -> None:
        super().__init__(logging.WARNING)
        self._alarm = alarm
        self._before = threading.excepthook

    def start(self) -> None:
        InotifyMoveEventGrouper.delay = PAIRING
        # It says so of each new folder that it comes upon twice, and there is no harm in it.
        warnings.filterwarnings("ignore", "Callback with id", RuntimeWarning)
        logging.getLogger("watchdog").addHandler(self)
        self._before, threading.excepthook = threading.excepthook, self._failed

    def stop(self) -> None:
        logging.getLogger("watchdog").removeHandler(self)
        if threading.excepthook == self._failed:
            threading.excepthook = self._before

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 (all it says is bad news)
        self._alarm()

    def _failed(self, failure: threading.ExceptHookArgs) -> None:
        if isinstance(failure.thread, BaseThread):
            self._alarm()
        else:
            self._before(failure)
