"""Read a whole archive that nobody has read yet, in a process of its own, on all cores.

What it finds out goes into the cache, as a build has it; the preview goes on meanwhile.
"""

import multiprocessing
import signal
import sys
from contextlib import suppress
from datetime import datetime
from multiprocessing.process import BaseProcess
from pathlib import Path

from generator.errors import SiteError
from generator.state.damaged import begins_again
from generator.system import give_way
from generator.workers import end_with_parent, start_spawned
from generator.workspace import open_site

_PATIENCE = 5
"""How nice the process is: a page that is asked for comes first."""
_PARTING = 0.5
"""Seconds that it may take to end."""


def start(root: Path, at: datetime | None, drafts: bool, safe: bool = False) -> BaseProcess:
    """Return a process that reads and relates the stories of the site in `root`."""
    given = (root, at, drafts, safe)
    process = multiprocessing.get_context("spawn").Process(target=_warm, args=given)
    start_spawned(process)
    return process


def end(process: BaseProcess) -> None:
    """End the process, and wait until nothing of it is left."""
    process.terminate()
    process.join(_PARTING)
    process.kill()
    process.join()


def _warm(root: Path, at: datetime | None, drafts: bool, safe: bool) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who started it ends it
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # what it has started is cleared away
    end_with_parent()
    give_way(_PATIENCE)
    with suppress(SiteError):  # what is wrong is told by who watches
        _read_all(root, at, drafts, safe)


@begins_again
def _read_all(root: Path, at: datetime | None, drafts: bool, safe: bool) -> None:
    with open_site(root, safe=safe) as workspace:
        read = workspace.read(workspace.scan())
        assembled = workspace.assemble(read, workspace.moment(at), drafts)
        workspace.relate(assembled.site)
        for one in assembled.editions:
            workspace.relate(one.site, edition=one.settings.language)
