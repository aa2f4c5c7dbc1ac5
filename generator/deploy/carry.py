"""The story of a deploy: lock, look, plan, send, delete, keep in mind what is there now."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime

import msgspec
from msgspec.structs import replace

from generator.deploy.manifest import Manifest, decoded, encoded, is_newer
from generator.deploy.plan import Limits, Plan, objections, plan
from generator.deploy.targets.target import Target, Upload
from generator.errors import DeployRefusedError, raise_errors
from generator.output.inventory import Inventory

_PIECES = 8
"""A large deploy writes down so many times how far it is: a broken one goes on from there."""
_LEAST = 500
"""Files that are sent again rather than written down in between."""


Progress = Callable[[Upload], None]
"""Called for each file that has arrived."""
Announce = Callable[[Sequence[str]], Sequence[str]]
"""Tell one service of new stories, by path; those of which it could not be told."""


_NOBODY: Mapping[str, Announce] = {}


class Load(msgspec.Struct, frozen=True):
    """What is to be carried: the files, and what is known of them."""

    upload: Sequence[Upload]
    inventory: Inventory


def carry(
    target: Target,
    load: Load,
    limits: Limits,
    at: datetime,
    *,
    dry_run: bool = False,
    planned: Callable[[Plan], None],
    progress: Progress,
    announce: Mapping[str, Announce] = _NOBODY,
) -> Plan:
    """Make the target hold what is loaded, and return what had to be done for it.

    `at` is the present moment. `planned` is called before anything moves; with `dry_run`
    nothing does. In the end new stories are announced to each service by its name; one that
    could not be told is told by a later deploy, the others are not told again. Raises
    `DeployRefusedError` if the limits do not allow the deploy, `DeployError` if something goes
    wrong.
    """
    with target.opened(), nullcontext() if dry_run else target.locked():
        before = _before(target)
        there = target.listing([one.path for one in load.upload])
        todo = plan(load.upload, load.inventory, before, there, at)
        pending = _pending(before.unannounced if before else {}, todo.new, announce)
        todo = replace(todo, ahead=replace(todo.ahead, unannounced=pending))
        planned(todo)
        raise_errors(objections(todo, limits, target.name), DeployRefusedError)
        if not dry_run:
            now = todo.ahead if todo.is_empty else _move(target, todo, progress)
            _announce(target, todo, now, announce)
        return todo


def _before(target: Target) -> Manifest | None:
    """Return what earlier deploys put there, if there were any."""
    kept = target.manifest()
    if kept is None:
        return None
    manifest = f"the manifest of earlier deploys, {target.noted_in},"
    if is_newer(kept):
        what, remedy = f"{manifest} was written by a newer Broadsheet", "deploy with that one"
        raise DeployRefusedError.at(target.name, what, remedy)
    before = decoded(kept)
    if before is None:
        what = f"{manifest} is damaged"
        remedy = "delete it; the next deploy will ask for --confirm to overwrite what is there"
        raise DeployRefusedError.at(target.name, what, remedy)
    return before


def _move(target: Target, todo: Plan, progress: Progress) -> Manifest:
    """Send and delete, in order; the manifest of what is there then."""
    entries = dict(todo.ahead.files)
    upload = {one.path: one for phase in todo.phases for one in phase}

    def arrived(path: str, mark: str) -> None:
        entries[path] = replace(entries[path], mark=mark)
        progress(upload[path])

    def note() -> None:
        target.keep(encoded(replace(todo.ahead, files=entries)))

    note()  # before anything is there: a deploy that is killed leaves nothing unknown
    size = max(_LEAST, math.ceil(len(upload) / _PIECES))
    unwritten = 0
    for piece in _pieces(todo.phases, size):
        if unwritten + len(piece) > size:
            note()
            unwritten = 0
        target.send(piece, arrived)
        unwritten += len(piece)
    target.delete(todo.delete)
    for path in todo.delete:
        del entries[path]
    now = replace(todo.ahead, files=entries, unannounced={}, entries=todo.entries)
    target.keep(encoded(now))
    target.commit(todo.summary())
    return now


def _pending(
    late: Mapping[str, Sequence[str]], new: Sequence[str], announce: Mapping[str, Announce]
) -> dict[str, tuple[str, ...]]:
    """Return what each service is still to be told of: by earlier deploys, and by this one."""
    stories = {name: tuple(dict.fromkeys((*late.get(name, ()), *new))) for name in announce}
    return {name: paths for name, paths in stories.items() if paths}


def _announce(target: Target, todo: Plan, now: Manifest, announce: Mapping[str, Announce]) -> None:
    """Announce what is new. What could not be told of is kept in mind for the next deploy."""
    left = {}
    for name, stories in todo.ahead.unannounced.items():
        pending = [path for path in stories if path in now.files]
        if pending and (untold := tuple(announce[name](pending))):
            left[name] = untold
    if left != now.unannounced:
        target.keep(encoded(replace(now, unannounced=left)))
        target.commit("Note which stories are still to be announced")


def _pieces(phases: Sequence[Sequence[Upload]], size: int) -> Iterator[Sequence[Upload]]:
    """Yield the phases, the large ones in parts of that size."""
    for phase in phases:
        for start in range(0, len(phase), size):
            yield phase[start : start + size]
