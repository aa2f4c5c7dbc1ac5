"""Put the live preview together: a session that keeps the site open, a watcher of files, a server.

In come the folder of the site and how it is to be previewed. What is served goes out by HTTP, what
a person should know by `say`.
"""

import asyncio
import socket
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from generator.config import CONTENT, LAYOUTS, SITE_TOML, load_settings
from generator.errors import SiteError, UsageError
from generator.preview.ending import on_signals, stand_guard
from generator.preview.hosts import Hosts
from generator.preview.making import Making
from generator.preview.running import Runner, address_of, bind
from generator.preview.server import Server
from generator.preview.session.follower import Follower
from generator.preview.session.site import Session
from generator.preview.session.source import SessionSource
from generator.preview.session.terminal import Terminal
from generator.preview.tabs import Tabs
from generator.preview.watcher import Watcher
from generator.templates.folders import default_folder
from generator.workers import SerialExecutor
from generator.workspace import refuse_code


class Options(NamedTuple):
    """How a site is previewed."""

    host: str = "127.0.0.1"
    port: int = 8000
    at: datetime | None = None
    drafts: bool = True
    navigate: bool = False
    open: bool = False
    poll: bool = False
    safe: bool = False


def serve(root: Path, options: Options, say: Callable[[str], None]) -> None:
    """Serve the site in `root` until a signal ends it; `say` shows a line to the person.

    Raises `SiteError` if there is no site there, or it has code run and is to be `safe`;
    `UsageError` if the address cannot be had.
    """
    if not (root / SITE_TOML).exists():
        raise SiteError(load_settings(root)[1])
    if options.safe and (settings := load_settings(root)[0]):
        refuse_code(root, settings)
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
        asyncio.run(_preview(root, options, listener, say, guard))


async def _preview(
    root: Path, options: Options, listener: socket.socket, say: Callable[[str], None], guard: int
) -> None:
    stop = asyncio.Event()
    on_signals(stop.set, guard)
    executor = SerialExecutor()
    ask = partial(_asked, executor)
    places: list[str | Path] = [CONTENT, LAYOUTS, default_folder()]
    session = await ask(Session, root, options.at, options.drafts, options.safe)
    source = SessionSource(session)
    tabs = Tabs(source, options.navigate)
    making = Making(source, ask, tabs.tell_made)
    app = Server(source, tabs, making, ask, Hosts(options.host)).app
    ignores, bars = session.files.ignores, session.files.bars
    with Watcher(root, places, [SITE_TOML], ignores, bars, poll=options.poll) as watcher:
        follower = Follower(session, tabs, watcher, ask, Terminal(say))
        serving = asyncio.create_task(Runner(app).run_at(listener, stop))
        following = asyncio.create_task(follower.follow(address_of(listener), options.open))
        work = [following, asyncio.create_task(making.run())]
        for task in work:
            task.add_done_callback(lambda _: stop.set())
        await stop.wait()
        tabs.close()
        for task in work:
            task.cancel()
        await serving
        making.end()
        follower.end()
    for task in work:
        if task.done() and not task.cancelled() and (error := task.exception()):
            raise error


async def _asked(
    executor: SerialExecutor, function: Callable[..., Any], *values: Any, **named: Any
) -> Any:
    return await asyncio.wrap_future(executor.submit(function, *values, **named))
