"""How long an editor waits: `broadsheet serve` beside `hugo server`, in the real Chromium.

    python tests/benchmarks/preview.py [--stories 10000] [--rounds 3] [--json figures.json]

Both preview the same archive, one at a time, with pages that their own layouts in `peers/` and
`layouts/` make alike. In each round each server is started without a cache and stopped, then
started with one (Broadsheet's of a build; Hugo keeps none, so this is its next start), and then
a file is saved again and again while a tab shows what is made of it: the next edit comes when
the one before it stands in the page, after a pause as long as chance says, the same in every
run. First all edits are saved in place; then some more are saved as a new file that takes the
old one's name, after which Hugo builds much more, and keeps it in memory.

Broadsheet's style sheet has an address that tells its content, so each edit of it changes every
page. Hugo has two sheets here: one at an address that stays, and one that does as Broadsheet's.

A start counts from the command to the newest story's link in the front page; an edit from just
before the file is opened to the changed text, or the style in force, in the open page.

Linux tells what processes take together, so this runs there. Nothing that was started outlives
it, unless it is killed itself.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

import corpus
import machine
import measure
import sites
import waits
from peers import TOOLS, Tool, tool
from playwright.sync_api import Browser
from tab import Tab, launched, opened

SERVED = "broadsheet", "broadsheet-commonmark", "hugo", "hugo-plain"
STYLES = {
    "broadsheet": ("layouts/assets/site.css", "layouts/assets/site.css"),
    "hugo": ("static/site.css", "assets/more.css"),
}
"""The sheets to edit; the address of the second changes with it."""
_HEAD = "layouts/_partials/head.html"
_LINK = """
{{ with resources.Get "more.css" | fingerprint }}
<link rel="stylesheet" href="{{ .RelPermalink }}">
{{ end }}
"""
EDITS = 20
_REPOSITORY = Path(__file__).resolve().parents[2]
_PATIENCE = 300.0
"""Seconds until a server must answer."""
_REST = 2.0
"""Seconds for a page just opened to listen, and before memory is read."""
_PAUSE = 0.5, 1.5
"""Seconds from an edit's being seen to the next: from, to."""


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    arguments, before = _arguments(), machine.load()
    tools = [tool(name, arguments.tools, None) for name in arguments.only]
    told: list[waits.Wait] = []
    with tempfile.TemporaryDirectory(prefix="broadsheet-preview-") as name, launched() as browser:
        folder = Path(name)
        for one in tools:
            _write(one, arguments.stories, folder / one.name)
        for number in range(arguments.rounds):
            for one in tools:
                desk = Desk(one, folder / one.name, arguments.stories, number, arguments.edits)
                told += _round(desk, browser)
    about = machine.about(tools, arguments.rounds, before)
    if arguments.json:
        raw = [wait._asdict() for wait in told]
        arguments.json.write_text(json.dumps({"about": about, "waits": raw}, indent=1))
    print(f"{about}\n\n{arguments.stories:,} stories:\n")
    print("\n".join(waits.side_by_side(arguments.only, told)))


def saved(one: Tool, root: Path, stories: int, edits: int = EDITS) -> list[float]:
    """Return the seconds from each save of a body, in place, to its words in the open page.

    The site is one that was built before, and is left as it was.
    """
    desk = Desk(one, root, stories, 0, edits)
    body = next(edit for edit in _edits(desk) if edit.kind == waits.BODY)
    text = body.file.read_text(encoding="utf-8")
    try:
        with launched() as browser, _previewed(desk, browser) as preview:
            return list(_saved_often(body, WAYS[0], preview.tab, desk))
    finally:
        body.file.write_text(text, encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    about = "how many (default: 10000)"
    parser.add_argument("--stories", type=int, default=10_000, metavar="N", help=about)
    about = f"some of these, with commas between: {', '.join(SERVED)} (default: hugo,broadsheet)"
    default = ["hugo", "broadsheet"]
    parser.add_argument("--only", type=_names, default=default, metavar="NAMES", help=about)
    about = "rounds, each server once in each (default: 3)"
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help=about)
    about = f"edits of the body in a round, of the others half as many (default: {EDITS})"
    parser.add_argument("--edits", type=int, default=EDITS, metavar="N", help=about)
    folder = Path(tempfile.gettempdir()) / "broadsheet-benchmark-tools"
    about = f"where Hugo is installed, and found again (default: {folder.name}, temporary)"
    parser.add_argument("--tools", type=Path, default=folder, metavar="DIR", help=about)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
    arguments = parser.parse_args()
    arguments.tools = arguments.tools.resolve()
    return arguments


def _names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - (TOOLS.keys() & set(SERVED)):
        raise argparse.ArgumentTypeError(f"no server: {', '.join(sorted(unknown))}")
    return names


def _write(one: Tool, stories: int, root: Path) -> None:
    """A site of so many stories, with style sheets of its own."""
    _say(f"{one.name}: writing {stories:,} stories")
    sites.prepare(one.form, root, one.settings)
    _, named = STYLES[one.form]
    (root / named).parent.mkdir(parents=True)
    if one.form == "broadsheet":
        shutil.copy(_REPOSITORY / named, root / named)
    else:
        (root / named).write_text(".more { color: inherit; }\n", encoding="utf-8")
        with (root / _HEAD).open("a", encoding="utf-8") as head:
            head.write(_LINK)
    sites.write(sites.FORMS[one.form], root, corpus.stories(stories))


# ---------------------------------------------------------------------------- a round


class Desk(NamedTuple):
    """A site that is edited: whose, where, of how many stories, in which round, how often."""

    tool: Tool
    root: Path
    stories: int
    round: int
    edits: int


def _round(desk: Desk, browser: Browser) -> Iterator[waits.Wait]:
    """A start without a cache, one with it, and the edits; then all is as it was."""

    def told(kind: str, value: float, way: str = "") -> waits.Wait:
        _say(f"{desk.tool.name}: {kind}, {f'{way}, ' * bool(way)}{value:,.3f}")
        return waits.Wait(desk.tool.name, desk.round, kind, way, value)

    desk.tool.clear(desk.root)
    with _previewed(desk, browser) as cold:
        yield told(waits.COLD, cold.seconds)
    if desk.tool.form == "broadsheet":
        log = desk.root.parent / "build.log"
        measure.run(desk.tool.command, desk.root, desk.tool.environment, log)
    edits = list(_edits(desk))
    texts = {edit.file: edit.file.read_text(encoding="utf-8") for edit in edits}
    with _previewed(desk, browser) as warm:
        yield told(waits.WARM, warm.seconds)
        for way in WAYS:
            for edit in edits:
                for seconds in _saved_often(edit, way, warm.tab, desk):
                    yield told(edit.kind, seconds, way.name)
            time.sleep(_REST)
            yield told(waits.HELD, measure.memory(warm.process.pid), way.name)
            yield told(waits.PEAK, warm.watch.peak, way.name)
        yield told(waits.END, warm.interrupted())
    for file, text in texts.items():
        file.write_text(text, encoding="utf-8")


class Preview(NamedTuple):
    """A server at work, the tab that shows its front page, and the seconds until it did."""

    process: "subprocess.Popen[bytes]"
    watch: measure.Watch
    tab: Tab
    seconds: float

    def interrupted(self) -> float:
        """Seconds from Ctrl-C to the end."""
        started = time.perf_counter()
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(_PATIENCE)
        return time.perf_counter() - started


@contextmanager
def _previewed(desk: Desk, browser: Browser) -> Iterator[Preview]:
    port = _free_port()
    with opened(browser, f"http://127.0.0.1:{port}", sites.address(0)) as tab:
        for file in sites.files(desk.root):
            file.read_bytes()  # so that it is in memory: no disk is measured
        os.sync()
        started = time.time()
        with _serving(desk, port) as process:
            watch = measure.Watch(process.pid)
            watch.start()
            try:
                _answers(process, port)
                yield Preview(process, watch, tab, tab.front() - started)
            finally:
                watch.stop()


@contextmanager
def _serving(desk: Desk, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """The server, in a group of processes of which nothing outlives the block."""
    with (
        (desk.root.parent / f"{desk.tool.name}.log").open("wb") as log,
        subprocess.Popen(
            [*desk.tool.server, str(port)],
            cwd=desk.root,
            env=os.environ | desk.tool.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield process
        except BaseException:
            said = Path(log.name).read_text(encoding="utf-8", errors="replace")
            _say(f"{desk.tool.name} said at last:\n{said[-2000:]}")
            raise
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _answers(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Wait until the port takes connections; raise `RuntimeError` if it never does."""
    last = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < last:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.002)
    raise RuntimeError("no server")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


# ------------------------------------------------------------------------------ edits


class Edit(NamedTuple):
    """Of which kind, how often, to be seen where, in which file; what makes its text another."""

    kind: str
    often: int
    address: str
    file: Path
    changed: Callable[[str, str], str]


def _edits(desk: Desk) -> Iterator[Edit]:
    """The newest story's title stands in the front page."""
    form, middle = sites.FORMS[desk.tool.form], desk.stories // 2
    body, newest = (sites.path(form, desk.root, number) for number in (middle, 0))
    article = sites.address(middle)
    style, named = (desk.root / name for name in STYLES[desk.tool.form])
    half = -(-desk.edits // 2)
    yield Edit(waits.BODY, desk.edits, article, body, sites.with_another_sentence)
    yield Edit(waits.STYLE, half, article, style, _with_style)
    yield Edit(waits.NAMED, half, article, named, partial(_with_style, name="other"))
    yield Edit(waits.TITLE, half, "/", newest, sites.with_another_title)


def _saved_often(edit: Edit, way: "Way", tab: Tab, desk: Desk) -> Iterator[float]:
    """Seconds until each of many edits was to be seen; each takes the place of the one before."""
    chance = Random(f"{desk.round} {edit.kind} {way.name}")
    text = edit.file.read_text(encoding="utf-8")
    tab.open(edit.address)
    time.sleep(_REST)
    for _ in range(-(-edit.often // way.seldom)):
        mark = tab.mark()
        yield tab.after(partial(way.save, edit.file, edit.changed(text, mark)), mark)
        time.sleep(chance.uniform(*_PAUSE))


def _in_place(file: Path, text: str) -> float:
    """The moment before the file was opened."""
    moment = time.time()
    file.write_text(text, encoding="utf-8")
    return moment


def _by_renaming(file: Path, text: str) -> float:
    """The moment before a new file was begun, under such a name as GNOME's editors give it."""
    moment = time.time()
    new = file.with_name(f".goutputstream-{file.stem}")
    new.write_text(text, encoding="utf-8")
    new.replace(file)
    return moment


class Way(NamedTuple):
    """How a file is saved; one of so many edits is saved so."""

    name: str
    save: Callable[[Path, str], float]
    seldom: int = 1


WAYS = Way(waits.IN_PLACE, _in_place), Way(waits.RENAMED, _by_renaming, 4)


def _with_style(text: str, mark: str, name: str = "mark") -> str:
    return f"{text}\n:root {{ --{name}: {mark}; }}\n"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
