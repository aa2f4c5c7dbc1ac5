"""Make what takes long in a process of its own, one thing at a time, and never have anyone wait.

In come what a browser asks for and the pages that people look at. Out go responses: that a file is
made, or what does for it until then; the tabs are told when it is.
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote

from generator.errors import Problem, SiteError, attempt, fault
from generator.preview.documents import addresses_of_pictures, document
from generator.preview.tabs import Source
from generator.preview.values import SiteResponse, Unmade
from generator.preview.wanted import Wanted
from generator.workers import Apart

T = TypeVar("T")

_FIRST, _THEN = 0.020, 0.030
"""Seconds that a browser waits for a file itself, and then for what is like it. The rest of a tenth
of a second, which nobody notices, is for all else that is done at that moment.
"""
_AT_ONCE = 1
"""Stand-ins that are made at once: one core is for them, one for the server."""
_LONGEST = 600.0
"""Seconds after which what is not made then is given up."""
_IDLE = 60.0
"""Seconds without work after which the process is ended: it holds what a large picture took."""
_PATIENCE = 5
"""How nice the process is: a page that is asked for comes first."""
_AWAY = 2.0
"""Seconds that a page may be without a tab: one that is loaded anew loses its tab for a moment."""
_HELD = 256
"""Files of which is known what became of them, or what stood in for them."""


class Making:
    """The one who has things made; all of it is called in the loop.

    `ask` calls in the thread that owns the `source`; `tell` tells the tabs of addresses.
    """

    def __init__(
        self, source: Source, ask: Callable[..., Any], tell: Callable[[Sequence[str]], None]
    ) -> None:
        self._source = source
        self._ask = ask
        self._tell = tell
        self._wanted = Wanted()
        self._more = asyncio.Event()
        self._apart = Apart(_PATIENCE)
        self._sketching = ThreadPoolExecutor(_AT_ONCE)
        self._awaited: OrderedDict[str, asyncio.Future[Problem | None]] = OrderedDict()
        self._failed: OrderedDict[str, Problem] = OrderedDict()
        self._stood_in: OrderedDict[str, Unmade] = OrderedDict()
        self._bettered: OrderedDict[str, Unmade] = OrderedDict()
        self._late: OrderedDict[str, SiteResponse] = OrderedDict()
        self._tabs = Counter[str]()
        self._tasks = set[asyncio.Task[None]]()

    async def run(self) -> None:
        """Make what is wanted, for ever."""
        while True:
            if one := self._wanted.next():
                self._settle(one, await self._make(one))
                continue
            self._more.clear()
            try:
                await asyncio.wait_for(self._more.wait(), _IDLE)
            except TimeoutError:
                self._apart.end()

    def end(self) -> None:
        """Leave nothing running."""
        self._apart.end()
        self._sketching.shutdown(wait=False, cancel_futures=True)

    async def shown(self, one: Unmade) -> SiteResponse | None:
        """Return within a tenth of a second what does for a file, or None once that is made."""
        if problem := self._failed.get(one.key):
            return one.failed(problem)
        if late := self._late.pop(one.key, None):
            self._stands_in(one)
            return late
        made = self._asked_for(one)
        rough = asyncio.get_running_loop().run_in_executor(self._sketching, _stand_in, one)
        await asyncio.wait([made], timeout=_FIRST)
        both: list[asyncio.Future[Any]] = [made, rough]
        await asyncio.wait(both, timeout=_THEN, return_when=asyncio.FIRST_COMPLETED)
        if made.done():
            problem = made.result()
            return one.failed(problem) if problem else None
        self._stands_in(one)
        if rough.done():
            return rough.result()
        rough.add_done_callback(partial(self._comes_late, one))
        return one.blank()

    def look_at(self, page: str, body: bytes | None = None) -> None:
        """Have all pictures made that are on a page, which somebody looks at now."""
        task = asyncio.create_task(self._look_at(page, body))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def while_open(self, page: str, events: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Yield the events of a tab, and look at its page until it is closed."""
        self._tabs[page] += 1
        self.look_at(page)
        try:
            async for event in events:
                yield event
        finally:
            self._tabs[page] -= 1
            asyncio.get_running_loop().call_later(_AWAY, self._leave, page)

    async def _make(self, one: Unmade) -> bool | Problem:
        """Return whether something is there, once it was made if need be, or what is wrong."""
        try:
            if await asyncio.to_thread(one.is_there):
                return True
            work = partial(self._apart.call, _LONGEST, _made_apart, one.making, one.file)
            return await asyncio.to_thread(work)
        except Exception as error:  # of the process, which may have been ended by the system
            return fault(one.file, error, _DOING)

    def _settle(self, one: Unmade, outcome: bool | Problem) -> None:
        """Say what became of something to all who wait for it."""
        self._wanted.done(one)
        self._late.pop(one.key, None)
        problem = outcome if isinstance(outcome, Problem) else None
        if problem:
            _hold(self._failed, one.key, problem)
        if made := self._awaited.pop(one.key, None):
            made.set_result(problem)
        stood_in = [each for each in self._stood_in.values() if one.key == each.key]
        for each in stood_in:
            del self._stood_in[each.path]
            self._bettered.pop(each.path, None)
        if outcome is True:
            stood_in += self._better_by(one)
        if outcome and stood_in:
            self._tell([quote(each.path) for each in stood_in])

    def _better_by(self, made: Unmade) -> list[Unmade]:
        """Return those in whose place something that is there now is better than what was shown.

        Each is told of once: a tab that asks again then has it looked for again, which would be
        told, and asked for, without end.
        """
        others = [each for each in self._stood_in.values() if each.path not in self._bettered]
        bettered = [each for each in others if each.sooner and each.sooner.key == made.key]
        for each in bettered:
            _hold(self._bettered, each.path, each)
            self._late.pop(each.key, None)
        return bettered

    def _asked_for(self, one: Unmade) -> asyncio.Future[Problem | None]:
        """Return what is done as soon as something is made, which is begun before all else."""
        made = self._awaited.get(one.key) or asyncio.get_running_loop().create_future()
        _hold(self._awaited, one.key, made)
        self._wanted.ask(one)
        self._more.set()
        return made

    def _stands_in(self, one: Unmade) -> None:
        """Note that something is shown in place of a file."""
        _hold(self._stood_in, one.path, one)

    def _comes_late(self, one: Unmade, rough: asyncio.Future[SiteResponse]) -> None:
        """Have tabs ask for what stands in for a file, if it took longer than they could wait."""
        if rough.cancelled() or one.path not in self._stood_in or rough.result() == one.blank():
            return
        _hold(self._late, one.key, rough.result())
        self._tell([quote(one.path)])

    async def _look_at(self, page: str, body: bytes | None) -> None:
        """Want what is on a page; whoever asked for the page is told what is wrong with it."""
        with suppress(SiteError):
            await self._want_all(page, body)

    async def _want_all(self, page: str, body: bytes | None) -> None:
        is_opened = body is not None
        if body is None:
            shown = document(await self._ask(self._source.respond, page, hurried=True))
            body = shown.body if isinstance(shown.body, bytes) else b""
        addresses = await asyncio.to_thread(addresses_of_pictures, body, page)
        found = await self._ask(self._source.pictures_at, addresses)
        for one in found if is_opened else ():  # what failed is tried again
            self._failed.pop(one.key, None)
        self._wanted.look_at(page, [one for one in found if one.key not in self._failed])
        self._more.set()

    def _leave(self, page: str) -> None:
        if self._tabs[page] <= 0:
            del self._tabs[page]
            self._wanted.leave(page)


_DOING = "make this picture"


def _made_apart(making: Callable[[], bool | Problem], file: str) -> bool | Problem:
    """Make something, in the process that is there for that."""
    try:
        return attempt(making, partial(fault, file, doing=_DOING))
    except SiteError as error:
        return error.problems[0]


def _stand_in(one: Unmade) -> SiteResponse:
    made = attempt(one.stand_in, partial(fault, one.file, doing="draw what stands in for this"))
    return one.blank() if isinstance(made, Problem) else made


def _hold(some: OrderedDict[str, T], key: str, value: T) -> None:
    """Hold a value, and of others those that came last."""
    some[key] = value
    some.move_to_end(key)
    if len(some) > _HELD:
        some.popitem(last=False)
