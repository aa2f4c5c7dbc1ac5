"""Follow what an editor saves.

In come changes of files, the clock, and what was read elsewhere. The session takes them over; the
tabs and the terminal are told.
"""

import asyncio
import time
import webbrowser
from collections.abc import Awaitable, Collection
from datetime import datetime
from multiprocessing.process import BaseProcess

from generator.preview.server import Ask
from generator.preview.session.files import FileChanges
from generator.preview.session.responses import address_of_file, addresses_of_files
from generator.preview.session.site import Session
from generator.preview.session.terminal import Terminal
from generator.preview.session.warming import end as end_warming
from generator.preview.session.warming import start as start_warming
from generator.preview.tabs import Change, Saved, Tabs
from generator.preview.watcher import Watcher
from generator.workers import collect_seldom, without_collector

_TICK = 2.0
"""Seconds between two looks at the clock, and, after a save, at least until all files are looked
at: the watch may have missed one.
"""
_REST = 10
"""So many times as long as it takes to look at all files nobody saves before that is done: who
saves again meanwhile would have to wait for its end.
"""
_SOON, _LATE = 0.25, 8.0
"""Seconds until what could not be taken over is tried again: twice as many each time, at most."""


class Follower:
    """Has a session take over one save after the other.

    `ask` calls a function in the thread that owns the session.
    """

    def __init__(
        self, session: Session, tabs: Tabs, watcher: Watcher, ask: Ask, terminal: Terminal
    ) -> None:
        self._session = session
        self._tabs = tabs
        self._watcher = watcher
        self._ask = ask
        self._terminal = terminal
        self._occasions: asyncio.Queue[Collection[str] | None] = asyncio.Queue()
        self._saved = Saved(round(time.time()))  # more than any of an earlier run
        self._in_doubt = False
        self._heard_at = self._look_took = 0.0
        self._warming: BaseProcess | None = None  # until what it has read is taken over

    async def follow(self, address: str, open_browser: bool) -> None:
        """Open the site, then take over one save after the other, for ever."""
        await self._guarded(self._ask(self._open))
        planned = self._session.planned
        address += planned.settings.home.base if planned else "/"
        self._terminal.say(f"Serving at {address} (Ctrl-C ends it)")
        self._terminal.say_notice(self._watcher.notice)
        if open_browser:
            webbrowser.open(address)
        await self._guarded(self._settle())
        await self._guarded(self._ask(self._session.prepare))
        if self._session.is_behind:
            self._occasions.put_nowait(None)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch())
            tasks.create_task(self._tick())
            while True:
                await self._guarded(self._warm())
                await self._deal_with(await self._occasions.get())

    def end(self) -> None:
        """Leave nothing running."""
        if self._warming:
            end_warming(self._warming)
        self._session.files.texts.end()

    async def _watch(self) -> None:
        pause = _SOON
        while True:
            if await self._guarded(self._hear()):
                pause = _SOON
            else:
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LATE)

    async def _hear(self) -> None:
        """Pass on the next changes."""
        paths, is_complete = await self._watcher.changes()
        self._terminal.say_notice(self._watcher.notice)
        self._occasions.put_nowait(paths if is_complete else None)
        self._in_doubt, self._heard_at = is_complete, time.monotonic()

    async def _tick(self) -> None:
        """Look at all files when the clock or a doubt asks for it, or others have read them."""
        while True:
            await asyncio.sleep(_TICK)
            await self._guarded(self._check())
            if self._is_warm() or self._is_time_for_doubt() or self._session.is_late():
                self._in_doubt = False
                self._occasions.put_nowait(None)

    def _is_time_for_doubt(self) -> bool:
        """Return whether all files are to be looked at, for one that is not known to have changed.

        In a large archive that takes a second or more.
        """
        quiet = time.monotonic() - self._heard_at
        return self._in_doubt and not self._watcher.pending and quiet > _REST * self._look_took

    async def _check(self) -> None:
        """Look that the watch goes on, and tell what came up while pages were shown."""
        await asyncio.to_thread(self._watcher.check)
        self._terminal.say_problems(await self._ask(self._session.problems))

    async def _warm(self) -> None:
        """Have stories read elsewhere, if there are many that nobody has read yet."""
        session = self._session
        if session.files.texts.ahead and self._warming is None:
            self._terminal.say(f"{self._busy()} Pages are shown meanwhile.")
            self._warming = start_warming(
                session.root, session.at, session.drafts, session.files.safe
            )

    async def _deal_with(self, named: Collection[str] | None) -> None:
        """Take over what was saved, again and again until that is done."""
        pause = _SOON
        while not await self._guarded(self._take_over(named)) or self._session.is_behind:
            try:
                named = await asyncio.wait_for(self._occasions.get(), pause)
            except TimeoutError:
                named, pause = None, min(2 * pause, _LATE)

    async def _guarded(self, work: Awaitable[object]) -> bool:
        """Return whether some work was done. Whatever goes wrong is told, once."""
        try:
            await work
        except Exception as error:
            self._terminal.say_failure(error)
            return False
        self._terminal.forget_failure()
        return True

    async def _take_over(self, named: Collection[str] | None) -> None:
        started = time.perf_counter()
        before = self._session.planned
        changes: FileChanges = await self._ask(self._update, named)
        if named is None and not any(changes):
            self._look_took = time.perf_counter() - started
        if any(changes) or self._session.planned is not before:
            self._terminal.say_saved(changes, self._now(), time.perf_counter() - started)
        self._terminal.say_problems(self._session.problems())
        if changes.settings:
            self._watcher.look_anew()  # other links may be followed now
        if not self._watcher.pending:
            await self._settle()

    async def _settle(self) -> None:
        await self._ask(self._settled)
        self._terminal.say_problems(self._session.problems())

    def _now(self) -> datetime:
        settings = self._session.files.settings
        return datetime.now(settings.zone if settings else None)

    def _is_warm(self) -> bool:
        """Return whether stories have been read elsewhere that were not taken over yet."""
        return self._warming is not None and not self._warming.is_alive()

    def _busy(self) -> str:
        ahead = len(self._session.files.texts.ahead)
        return f"Reading {ahead:,} stories; related stories will follow." if ahead else ""

    # ------------------------------------------------- in the thread that owns the session

    def _open(self) -> None:
        with without_collector():
            self._session.update()
        self._tabs.tell(Change((), self._saved, self._busy()))
        collect_seldom()

    def _update(self, named: Collection[str] | None) -> FileChanges:
        session = self._session
        if self._is_warm():
            session.files.texts.expect_all()
            self._warming = None
        before, problems = session.planned, session.problems()
        changes = session.update(named)
        if any(changes) or session.planned is not before or session.problems() != problems:
            url = address_of_file(session, *changes.texts) if len(changes.texts) == 1 else ""
            if url:
                self._saved = Saved(self._saved.number + 1, url)
            files = addresses_of_files(session, changes.files)
            self._tabs.tell(Change(files, self._saved, self._busy(), hurried=True))
        return changes

    def _settled(self) -> None:
        if self._session.settle():
            self._tabs.tell(Change((), self._saved, self._busy()))
