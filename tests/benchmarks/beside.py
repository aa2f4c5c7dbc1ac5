"""What Broadsheet owes besides the rounds of `speed`: calls, a cluster, and the preview.

Where a program for it is missing, the table says so.
"""

import importlib.util
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import calls
import dask_cluster
import measure
from measure import CommandError
from owed import CALLS, CLUSTER, LARGE, ONCE, SAVE, Extra
from peers import Tool, tool


def measured(own: Tool, root: Path, stories: int, rounds: int) -> Iterator[Extra]:
    """Measure Broadsheet's site as the rounds left it.

    A large archive is shown in the preview, a smaller one is copied, built under `strace` and by a
    cluster.
    """
    if stories == LARGE:
        yield _saved(own, root)
    else:
        yield _written_once(own, root, rounds)
        yield _file_calls(own, root, stories)
        yield _clustered(root, rounds)


def _written_once(own: Tool, root: Path, rounds: int) -> Extra:
    """Bytes that go to disk when site and state are copied: each file is written once then."""
    try:
        written = median(_copied(own, root) for _ in range(rounds))
    except CommandError as error:
        return _failed(ONCE, error)
    return Extra(ONCE, written, missing="" if written else "not measured: no disk was written to")


def _copied(own: Tool, root: Path) -> int:
    copy = tempfile.mkdtemp(prefix=f"{root.name}-", dir=root.parent)
    command = ["cp", "--recursive", own.output, *own.caches, copy]
    return measure.run(command, root, {}, root.with_suffix(".log")).written


def _file_calls(own: Tool, root: Path, stories: int) -> Extra:
    """Calls that touch files, for each story of a cold build."""
    if not calls.can_count():
        return Extra(CALLS, missing="not measured: install strace")
    _say("broadsheet: cold, under strace")
    own.clear(root)
    try:
        counted = calls.of_files(own.command, root, own.environment)
    except CommandError as error:
        return _failed(CALLS, error)
    most = ", ".join(f"{name} {count / stories:.1f}" for name, count in counted.most_common(8))
    _say(f"calls that touch files, a story: {most}")
    return Extra(CALLS, counted.total() / stories)


def _clustered(root: Path, rounds: int) -> Extra:
    """Cold builds with a cluster over those with as many processes."""
    own = tool("broadsheet", root, None)  # a cluster has its own workers, so no number of jobs
    if missing := dask_cluster.missing(own):
        return Extra(CLUSTER, missing=missing)
    _say(f"broadsheet: cold, by turns with {dask_cluster.WORKERS} processes and a cluster")
    try:
        local, clustered = zip(
            *dask_cluster.pairs(own, root, rounds, root.with_suffix(".log")), strict=True
        )
    except CommandError as error:
        return _failed(CLUSTER, error)
    return Extra(
        CLUSTER,
        median(one.cpu for one in clustered) / median(one.cpu for one in local),
        median(one.seconds for one in clustered) / median(one.seconds for one in local),
    )


def _saved(own: Tool, root: Path) -> Extra:
    """Seconds from a saved edit of a body to the screen."""
    if importlib.util.find_spec("playwright") is None or not shutil.which("chromium"):
        return Extra(SAVE, missing="not measured: install playwright and chromium")
    from playwright.sync_api import Error

    import preview

    _say("broadsheet: edits in the preview")
    try:
        return Extra(SAVE, median(preview.saved(own, root, LARGE)))
    except (Error, RuntimeError) as error:
        return _failed(SAVE, error)


def _failed(name: str, error: Exception) -> Extra:
    _say(f"{name}: {error}")
    return Extra(name, missing="failed")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
