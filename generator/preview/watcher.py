"""Notice every change of files, and tell of it once it is whole.

On Linux an observer says when a file that was written is closed again; elsewhere the end of
a write is known only by the quiet after it. Where others may change files and nothing is told
of that, another one looks for itself, again and again: it polls. What an observer cannot be
trusted with is not mended but made anew: after folders have come, gone or moved, after events
were lost, and after one of its threads has failed, a new observer takes its place, and only
then listeners are told to look at everything.
"""

import asyncio
import errno
import logging
import math
import os
import stat
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePath
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
from watchdog.observers.polling import PollingEmitter
from watchdog.utils import BaseThread

from generator.preview.burst import Burst
from generator.preview.mounts import Mount, mounts, silent
from generator.preview.places import MOST_LINKED, Places
from generator.system import TELLS_OF_CLOSED_FILES

POLLING = 1.0
"""Seconds between two looks where the system does not tell of changes."""
_SHARE = 0.2
"""Looking takes no more than this part of the time, however slow a file system is."""
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

    Start it before the files are read for the first time, and nothing is missed. With `poll` it
    looks by itself and trusts no events. `notice` is what a person should be told about how well
    files are watched, "" if there is nothing.
    """

    notice = ""

    def __init__(
        self,
        root: Path,
        folders: Sequence[str | Path],
        files: Sequence[str],
        ignored: Callable[[str], bool],
        barred: Callable[[str], bool] = lambda _: False,
        *,
        poll: bool = False,
    ) -> None:
        self._root, self._names = root, (*folders, *files)
        self._ignored, self._barred = ignored, barred
        self._burst = Burst()
        self._alarms = _Alarms(self._alarm)
        self._observers: list[BaseObserver] = []
        self._places: Places | None = None
        self._early: list[tuple[FileSystemEvent, bool]] = []
        self._judging = threading.Lock()
        self._renewing = threading.Lock()
        self._watched: list[tuple[int, int]] = []
        self._running = self._retiring = False
        self._limit = _FORCED if poll else ""  # why no events are trusted, and the remedy
        self._until = math.inf
        self._waiter: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    @property
    def pending(self) -> bool:
        """Return whether something was noticed that has not been told yet."""
        return self._burst.due(time.monotonic()) is not None

    def start(self) -> None:
        """Watch from now on."""
        self._running = True
        self._alarms.start()
        try:
            self._renew()
        except OSError:  # it is tried again when changes are asked for
            self._alarm()

    def stop(self) -> None:
        """Watch no longer; what is not told by now will not be."""
        self._running = False
        with self._renewing:
            self._retire()
        self._alarms.stop()

    def check(self) -> None:
        """Watch anew if a folder is no longer the one that is watched.

        Nothing tells that a folder above was moved, with all in it, or something mounted there.
        """
        if self._identities() != self._watched:
            self._alarm()

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
        """Return the next changes, gathered until no more are to be expected."""
        called = asyncio.Event()
        self._waiter = (asyncio.get_running_loop(), called)
        while (wait := self._wait()) is None or wait > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(called.wait(), wait)
            called.clear()
        return await self._told()

    def _wait(self) -> float | None:
        """Return for how many seconds there is nothing to tell; None if there is nothing at all."""
        self._until = math.inf  # whatever is heard from now on wakes us
        now = time.monotonic()
        wait = self._burst.due(now)
        self._until = math.inf if wait is None else now + wait
        return wait

    async def _told(self) -> Changes:
        """Return what is ready now; of an upheaval it is told when files are well watched again."""
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
        while self._observers:
            observer = self._observers.pop()
            observer.stop()
            observer.join()
        self._retiring = False

    def _observe(self) -> None:
        """Watch everything anew; by polling, if the system will not watch it all."""
        try:
            self._observe_by(None if self._limit else Observer())
        except OSError as error:
            self._retire()
            if self._limit:
                raise
            self._limit = _limit(error)
            self._observe_by(None)

    def _observe_by(self, observer: BaseObserver | None) -> None:
        """Watch by an observer, and poll where it hears nothing; without one, poll everything."""
        self._places, self._early = None, []
        self._watched = self._identities()
        table, unheard = mounts(), list[Mount]()

        def look(folder: str, deep: bool) -> None:
            mount = None if self._is_program(folder) else silent(table, folder, deep=deep)
            if observer:
                _schedule(observer, partial(self._heard, polled=False), folder, deep)
            if mount or not observer:
                _schedule(self._poller(), partial(self._heard, polled=True), folder, deep)
            unheard.extend([mount] if mount else [])

        if observer:
            self._observers.append(observer)
            observer.start()
        places = Places(self._root, self._names, self._ignored, look, self._barred)
        if observer:
            _prove(observer)
        self._know(places, unheard)

    def _poller(self) -> BaseObserver:
        """Return the observer that polls, started when it is first needed."""
        for observer in self._observers:
            if isinstance(observer, _Polling):
                return observer
        self._observers.append(poller := _Polling())
        poller.start()
        return poller

    def _is_program(self, folder: str) -> bool:
        """Return whether a folder is that of the default layouts, and none of the site's."""
        if PurePath(folder).is_relative_to(os.path.realpath(self._root)):
            return False
        own = [PurePath(os.path.realpath(n)) for n in self._names if PurePath(n).is_absolute()]
        return any(o.is_relative_to(folder) or PurePath(folder).is_relative_to(o) for o in own)

    def _identities(self) -> list[tuple[int, int]]:
        """Return the devices and inodes of the folders that were asked for; zeros for none."""
        found = (_status(os.path.realpath(self._root / name)) for name in ("", *self._names))
        return [
            (status.st_dev, status.st_ino) if status and stat.S_ISDIR(status.st_mode) else (0, 0)
            for status in found
        ]

    def _know(self, places: Places, unheard: list[Mount]) -> None:
        """Judge events from now on, and those that came meanwhile."""
        too_many = _TOO_MANY if places.left_out else ""
        self.notice = self._limit or (_unheard(unheard[0]) if unheard else too_many)
        with self._judging:
            self._places = places
            for event, polled in self._early:
                self._judge(event, places, polled)
            self._early = []

    # ------------------------------------------------------------------- what is heard

    def _heard(self, event: FileSystemEvent, polled: bool) -> None:
        """Judge an event, called from the observer's thread; `polled` if that looks by itself."""
        with self._judging:
            if self._places is None:
                self._early.append((event, polled))
                return
            self._judge(event, self._places, polled)
        self._call()

    def _alarm(self) -> None:
        """Take it that events were lost: something is wrong with the observer."""
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

    def _judge(self, event: FileSystemEvent, places: Places, polled: bool) -> None:
        source, target = os.fsdecode(event.src_path), os.fsdecode(event.dest_path)
        if event.is_directory:
            if any(_matters(path, places) for path in (source, target) if path):
                self._burst.upheaval(time.monotonic())
        elif isinstance(event, FileMovedEvent):
            self._touch(source, FileDeletedEvent, places, polled)
            self._touch(target, FileMovedEvent, places, polled)
        else:
            self._touch(source, type(event), places, polled)

    def _touch(self, path: str, kind: type[FileSystemEvent], places: Places, polled: bool) -> None:
        if not path or not _matters(path, places):
            return
        now, status = time.monotonic(), _status(path)
        if places.is_way(path) or (status and stat.S_ISLNK(status.st_mode)):
            self._burst.upheaval(now)
        elif kind in (FileClosedEvent, FileMovedEvent):
            self._burst.whole(path, now)
        elif not polled and _is_being_written(kind, status):
            self._burst.written(path, now)
        elif kind is FileAttribEvent:
            self._burst.seen(path, now)
        elif kind is FileDeletedEvent and status is None:
            self._burst.gone(path, now)
        else:
            self._burst.unsure(path, now)


def _is_being_written(kind: type[FileSystemEvent], status: os.stat_result | None) -> bool:
    """Return whether it will be told that the file is closed: one that is moved in is not empty."""
    if not TELLS_OF_CLOSED_FILES or status is None:
        return False
    return kind is FileModifiedEvent or (kind is FileCreatedEvent and not status.st_size)


def _matters(path: str, places: Places) -> bool:
    return bool(places.name(path)) or places.is_linked(path) or places.is_way(path)


def _status(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except OSError:
        return None


class _Look(PollingEmitter):
    """Looks at a folder again and again, with a pause after each look that fits its length."""

    _took = 0.0

    def queue_events(self, timeout: float) -> None:
        pause = max(timeout, self._took * (1 / _SHARE - 1))
        begun = time.monotonic()
        super().queue_events(pause)
        self._took = max(0.0, time.monotonic() - begun - pause)


class _Polling(BaseObserver):
    """An observer that looks by itself, and goes behind no link."""

    def __init__(self) -> None:
        look = partial(_Look, stat=os.lstat, listdir=os.scandir)
        super().__init__(look, timeout=POLLING)  # type: ignore[arg-type]


def _schedule(
    observer: BaseObserver, heard: Callable[[FileSystemEvent], None], folder: str, deep: bool
) -> None:
    """Have an observer watch a folder, unless something is in the way of that one alone."""
    try:
        observer.schedule(_Handler(heard), folder, recursive=deep, event_filter=_EVENTS)
    except OSError as error:
        if error.errno not in _OBSTACLES:
            raise


def _prove(observer: BaseObserver) -> None:
    """Raise OSError if nothing more can be watched.

    An observer that reaches the system's limit below a folder says nothing of it.
    """
    watch = observer.schedule(FileSystemEventHandler(), Path(__file__).anchor)
    observer.unschedule(watch)


def _limit(error: OSError) -> str:
    remedy = _REMEDIES.get(error.errno or 0, "see whether the system lets programs watch files")
    return f"Files are polled every second, since watching them failed: {error.strerror}; {remedy}"


def _unheard(mount: Mount) -> str:
    return (
        f"Files are polled every second as well as watched: of what others change in"
        f" {mount.folder} ({mount.kind}) no events are told"
    )


_REMEDIES = {
    errno.ENOSPC: "raise fs.inotify.max_user_watches",
    errno.EMFILE: "raise fs.inotify.max_user_instances, or the limit of open files (ulimit -n)",
}
_FORCED = "Files are polled every second, as asked for"
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
