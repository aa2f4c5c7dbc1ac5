"""Live preview: the site is kept open, its files are watched, its pages served."""

import asyncio
import socket
import time
import webbrowser
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from generator.config import CONTENT, FILE, LAYOUTS, load_settings
from generator.errors import Problem, SiteError, UsageError, attempt, fault, is_error, said
from generator.preview.ending import on_signals, stand_guard
from generator.preview.hosts import Hosts
from generator.preview.running import Runner, address_of, bind
from generator.preview.server import Ask, Server
from generator.preview.session.error_overlay import trouble
from generator.preview.session.files import News
from generator.preview.session.page_info import note, why
from generator.preview.session.responses import address_of_file, addresses_of_files, answer, moved
from generator.preview.session.site import LiveSite
from generator.preview.session.warming import end as end_warming
from generator.preview.session.warming import start as start_warming
from generator.preview.tabs import Change, Saved, Tabs
from generator.preview.values import Answer, Move, Note, Row, Trouble
from generator.preview.watcher import Watcher
from generator.templates.folders import default_folder
from generator.workers import SerialExecutor, collect_seldom, without_collector

T = TypeVar("T")

_TICK = 2.0
"""Seconds between two looks at the clock, and, after a save, until all files are looked at: the
watch may have missed one.
"""
_SOON, _LATE = 0.25, 8.0
"""Seconds until what could not be taken over is tried again: twice as many each time, at most."""
_FEW, _MOST = 3, 10
"""So many files are named, so many problems are told; of more, their number."""


class Options(NamedTuple):
    """How a site is previewed."""

    host: str = "127.0.0.1"
    port: int = 8000
    at: datetime | None = None
    drafts: bool = True
    navigate: bool = False
    open: bool = False
    poll: bool = False


def serve(root: Path, options: Options, say: Callable[[str], None]) -> None:
    """Serve the site in `root` until a signal ends it; `say` shows a line to the person.

    Raises `SiteError` if there is no site there, `UsageError` if the address cannot be had.
    """
    if not (root / FILE).exists():
        raise SiteError(load_settings(root)[1])
    root = root.absolute()  # the current folder may be deleted, and made anew
    guard = stand_guard()
    try:
        listener = bind(options.host, options.port)
    except OSError as error:
        what = f"cannot listen at {options.host}:{options.port}: {error.strerror or error}"
        raise UsageError(f"{what}; choose others with --host and --port") from error
    port = listener.getsockname()[1]
    if options.port not in (0, port):
        say(f"Port {options.port} is taken; serving at {port} instead.")
    with listener:
        asyncio.run(_session(root, options, listener, say, guard))


async def _session(
    root: Path, options: Options, listener: socket.socket, say: Callable[[str], None], guard: int
) -> None:
    stop = asyncio.Event()
    on_signals(stop.set, guard)
    executor = SerialExecutor()
    ask = partial(_asked, executor)
    places: list[str | Path] = [CONTENT, LAYOUTS, default_folder()]
    live = await ask(LiveSite, root, options.at, options.drafts)
    source = _Source(live)
    tabs = Tabs(source, options.navigate)
    app = Server(source, tabs, ask, Hosts(options.host)).app
    ignores, bars = live.files.ignores, live.files.bars
    with Watcher(root, places, [FILE], ignores, bars, poll=options.poll) as watcher:
        editor = _Editor(live, tabs, watcher, ask, say)
        serving = asyncio.create_task(Runner(app).run_at(listener, stop))
        following = asyncio.create_task(editor.follow(address_of(listener), options.open))
        following.add_done_callback(lambda _: stop.set())
        await stop.wait()
        tabs.close()
        following.cancel()
        await serving
        editor.end()
    if not following.cancelled() and (error := following.exception()):
        raise error


async def _asked(
    executor: SerialExecutor, function: Callable[..., Any], *values: Any, **named: Any
) -> Any:
    return await asyncio.wrap_future(executor.submit(function, *values, **named))


class _Source:
    """The site as the preview asks for it, in the lane."""

    def __init__(self, live: LiveSite) -> None:
        self._live = live

    def answer(self, path: str, *, hurried: bool = False, near: bool = False) -> Answer:
        return answer(self._live, path, hurried=hurried, near=near)

    def note(self, path: str) -> Note | None:
        return _spared(partial(note, self._live, path), None)

    def moved(self, path: str) -> Move | None:
        return _spared(partial(moved, self._live, path), None)

    def why(self, path: str) -> Sequence[Row]:
        return _spared(partial(why, self._live, path), [])

    def troubles(self) -> Sequence[Trouble]:
        return _spared(self._troubles, [])

    def _troubles(self) -> Sequence[Trouble]:
        problems = self._live.problems()
        broken = {problem.file for problem in problems if is_error(problem)}
        # A warning may well be the reason: a misspelled `titel` is why the title is missing.
        return [trouble(self._live.root, problem) for problem in problems if problem.file in broken]


def _spared(work: Callable[[], T], instead: T) -> T:
    """Return what some work gives; something instead if it fails, for the page goes before."""
    done = attempt(work, partial(fault, CONTENT))
    return instead if isinstance(done, Problem) else done


class _Editor:
    """Follows what an editor saves: has the site take it over, tells the tabs and the terminal."""

    def __init__(
        self, live: LiveSite, tabs: Tabs, watcher: Watcher, ask: Ask, say: Callable[[str], None]
    ) -> None:
        self._live = live
        self._tabs = tabs
        self._watcher = watcher
        self._ask = ask
        self._print = say
        self._occasions: asyncio.Queue[Collection[str] | None] = asyncio.Queue()
        self._saved = Saved(round(time.time()))  # more than any of an earlier run
        self._told: set[Problem] = set()
        self._in_doubt = False
        self._warming: BaseProcess | None = None
        self._is_warm = False
        self._notice = self._failure = ""

    async def follow(self, address: str, open_browser: bool) -> None:
        """Open the site, then take over one save after the other, for ever."""
        await self._guarded(self._ask(self._open))
        planned = self._live.planned
        address += planned.settings.addresses.base if planned else "/"
        self._say(f"Serving at {address} (Ctrl-C ends it)")
        self._tell_notice()
        if open_browser:
            webbrowser.open(address)
        await self._guarded(self._settle())
        await self._guarded(self._ask(self._live.rehearse))
        if self._live.is_behind:
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
        self._live.files.texts.end()

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
        self._tell_notice()
        self._occasions.put_nowait(paths if is_complete else None)
        self._in_doubt = is_complete

    async def _tick(self) -> None:
        """Look at all files when the clock or a doubt asks for it, or others have read them."""
        while True:
            await asyncio.sleep(_TICK)
            await self._guarded(asyncio.to_thread(self._watcher.check))
            if self._warming and not self._warming.is_alive():
                self._warming, self._is_warm = None, True
            in_doubt = self._in_doubt and not self._watcher.pending
            if self._is_warm or in_doubt or self._live.is_late():
                self._in_doubt = False
                self._occasions.put_nowait(None)

    async def _warm(self) -> None:
        """Have stories read elsewhere, if there are many that nobody has read yet."""
        if self._live.files.texts.ahead and self._warming is None:
            self._say(f"{self._busy()} Pages are shown meanwhile.")
            self._warming = start_warming(self._live.root, self._live.at, self._live.drafts)

    async def _deal_with(self, named: Collection[str] | None) -> None:
        """Take over what was saved, again and again until that is done."""
        pause = _SOON
        while not await self._guarded(self._take_over(named)) or self._live.is_behind:
            try:
                named = await asyncio.wait_for(self._occasions.get(), pause)
            except TimeoutError:
                named, pause = None, min(2 * pause, _LATE)

    async def _guarded(self, work: Awaitable[object]) -> bool:
        """Return whether some work was done. Whatever goes wrong is told, once."""
        try:
            await work
        except Exception as error:
            if self._failure != said(error):
                self._failure = said(error)
                self._say(f"{self._failure}; it is tried again")
            return False
        self._failure = ""
        return True

    async def _take_over(self, named: Collection[str] | None) -> None:
        started = time.perf_counter()
        before = self._live.planned
        news = await self._ask(self._update, named)
        if any(news) or self._live.planned is not before:
            took = 1000 * (time.perf_counter() - started)
            self._say(f"{self._now():%H:%M:%S} {_what(news) or 'the clock'}: {took:.0f} ms")
        self._tell_problems()
        if news.settings:
            self._watcher.look_anew()  # other links may be followed now
        if not self._watcher.pending:
            await self._settle()

    async def _settle(self) -> None:
        await self._ask(self._settled)
        self._tell_problems()

    # ------------------------------------------------------------------- in the lane

    def _open(self) -> None:
        with without_collector():
            self._live.update()
        self._tabs.tell(Change((), self._saved, self._busy()))
        collect_seldom()

    def _update(self, named: Collection[str] | None) -> News:
        if self._is_warm:
            self._live.files.texts.expect_all()
            self._is_warm = False
        before, problems = self._live.planned, self._live.problems()
        news = self._live.update(named)
        if any(news) or self._live.planned is not before or self._live.problems() != problems:
            url = address_of_file(self._live, *news.texts) if len(news.texts) == 1 else ""
            if url:
                self._saved = Saved(self._saved.number + 1, url)
            files = addresses_of_files(self._live, news.files)
            self._tabs.tell(Change(files, self._saved, self._busy(), hurried=True))
        return news

    def _settled(self) -> None:
        if self._live.settle():
            self._tabs.tell(Change((), self._saved, self._busy()))

    def _busy(self) -> str:
        ahead = len(self._live.files.texts.ahead)
        return f"Reading {ahead:,} stories; related stories will follow." if ahead else ""

    # --------------------------------------------------------------- to the terminal

    def _say(self, line: str) -> None:
        with suppress(OSError):  # nobody may read it any more
            self._print(line)

    def _now(self) -> datetime:
        settings = self._live.files.settings
        return datetime.now(settings.zone if settings else None)

    def _tell_notice(self) -> None:
        """How well files are watched, if there is anything to say of that."""
        if self._notice != self._watcher.notice:
            self._notice = self._watcher.notice
            self._say(self._notice)

    def _tell_problems(self) -> None:
        """Each problem once, as long as it is there."""
        problems = self._live.problems()
        new = [problem for problem in problems if problem not in self._told]
        for problem in new[:_MOST]:
            self._say(f"{problem}" if is_error(problem) else f"warning: {problem}")
        if len(new) > _MOST:
            self._say(f"and {len(new) - _MOST:,} more, which a build lists")
        if any(map(is_error, self._told)) and not any(map(is_error, problems)):
            self._say("All is well again.")
        self._told = set(problems)


def _what(news: News) -> str:
    """What is new, in few words."""
    names = [f"{CONTENT}/{path}" for path in sorted(news.texts | news.files)]
    names += [name for name, is_new in ((FILE, news.settings), (LAYOUTS, news.layouts)) if is_new]
    return ", ".join(names) if len(names) <= _FEW else f"{len(names):,} files"
