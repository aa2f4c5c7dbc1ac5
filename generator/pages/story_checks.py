"""What the checks of the site's own code find in its stories.

What comes in are readings, the code and what was found before; what goes out are problems. A story
is checked again when anything is new of what a check sees of it, or the code is.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from generator.codes import Code
from generator.config import CONTENT
from generator.content.matter import body_of
from generator.errors import Problem, attempt, fault, shortened
from generator.extend import Finding, Story
from generator.model import ArticleMatter, Reading
from generator.state.code_version import fingerprint
from generator.state.journal import NamedValues
from generator.templates.extensions import Extensions
from generator.templates.functions import Marked, failure, functions_of
from generator.templates.loader import Layouts
from generator.workers import map_chunks

_NAME = "stories.checked"
_CHUNK = 32


class _Found(msgspec.Struct, frozen=True, array_like=True):
    """What was found in a story, whose `key` digests all that a check sees of it."""

    key: str
    problems: tuple[Problem, ...]


class _Task(msgspec.Struct, frozen=True):
    """A story to be checked."""

    story: Story
    key: str


def problems_of_all(
    root: Path,
    readings: Iterable[Reading],
    drafts: bool,
    layouts: Layouts,
    executor: Executor,
    kept: NamedValues,
) -> Iterator[Problem]:
    """Yield what the checks find in all stories of a site, and keep it for the next time.

    Scheduled and expired stories are checked too, so that no mistake waits for its hour; drafts
    where they are shown.
    """
    if not layouts.checks:
        return
    known = _known(kept, layouts.checks)
    tasks = [*_tasks(readings, drafts)]
    new = [task for task in tasks if known.get(task.story.path, _NOTHING).key != task.key]
    found = known | _found(root, new, layouts.extensions, executor)
    now = {task.story.path: found[task.story.path] for task in tasks}
    if now != known:
        _keep(kept, layouts.checks, now)
    yield from chain.from_iterable(one.problems for one in now.values())


def problems_of_some(
    root: Path, readings: Iterable[Reading], drafts: bool, layouts: Layouts, executor: Executor
) -> Iterator[Problem]:
    """Yield what the checks find in these stories."""
    if layouts.checks:
        found = _found(root, [*_tasks(readings, drafts)], layouts.extensions, executor)
        yield from chain.from_iterable(one.problems for one in found.values())


def _found(
    root: Path, tasks: list[_Task], extensions: Extensions, executor: Executor
) -> dict[str, _Found]:
    """Return what is found in these stories, by path."""
    work = partial(_check_some, root=root, extensions=extensions)
    return dict(chain.from_iterable(map_chunks(executor, work, tasks, _CHUNK)))


def _tasks(readings: Iterable[Reading], drafts: bool) -> Iterator[_Task]:
    encode = msgspec.json.Encoder().encode
    for reading in readings:
        matter, body = reading.matter, reading.body
        if isinstance(matter, ArticleMatter) and (drafts or not matter.draft):
            story = Story(f"{CONTENT}/{reading.path}", matter, body.words)
            yield _Task(story, fingerprint(encode(story), body.key))


def _known(kept: NamedValues, checks: str) -> dict[str, _Found]:
    """Return what these very checks have found, by path."""
    frames = kept.kept(_NAME)
    if len(frames) != 2 or bytes(frames[0]).decode() != fingerprint(checks):
        return {}
    return _FOUND.decode(frames[1])


def _keep(kept: NamedValues, checks: str, found: dict[str, _Found]) -> None:
    """Keep what was found, but for where a check failed, which another time it may not."""
    sure = {path: one for path, one in found.items() if not any(map(_is_failure, one.problems))}
    kept.keep(_NAME, [fingerprint(checks).encode()], [msgspec.msgpack.encode(sure)])


def _is_failure(problem: Problem) -> bool:
    """Return whether a problem is of a check, and not what one has found."""
    return problem.code != Code.CHECK


_NOTHING = _Found("", ())
_FOUND = msgspec.msgpack.Decoder(dict[str, _Found])


# ------------------------------------------------------------- in any process


def _check_some(tasks: list[_Task], root: Path, extensions: Extensions) -> list[tuple[str, _Found]]:
    checks = functions_of(extensions).of_kind("check").values()
    wants_text = any(check.wants_text for check in checks)
    return [(t.story.path, _checked(t, [*checks], root if wants_text else None)) for t in tasks]


def _checked(task: _Task, checks: list[Marked], root: Path | None) -> _Found:
    """Return what the checks find in a story; its text is in the site's folder, if one wants it."""
    story, text, above = task.story, "", 0
    if root:
        read = attempt(partial(body_of, root / story.path), partial(fault, story.path))
        if isinstance(read, Problem):
            return _Found(task.key, (read,))
        text, first = read
        above = first - 1
    problems = (problem for check in checks for problem in _findings(check, story, text, above))
    return _Found(task.key, tuple(problems))


def _findings(check: Marked, story: Story, text: str, above: int) -> Iterator[Problem]:
    """Yield what a check finds, or how it fails. The text begins below so many lines `above`."""
    given = (story, text) if check.wants_text else (story,)
    try:
        found = check.function(*given)
        for value in [found] if isinstance(found, str | Finding) else found or ():
            yield _problem(value, story, above)
    except (Exception, SystemExit) as error:
        problem = failure(check, error).problem
        what = f"{problem.what}, in the check `{check.mark.name}` of {story.path}"
        yield replace(problem, what=what)


def _problem(value: Any, story: Story, above: int) -> Problem:
    """Return what a check has yielded as a problem. Raises `TypeError` if it is no finding."""
    finding = Finding(value) if isinstance(value, str) else value
    if not isinstance(finding, Finding):
        raise TypeError(f"{shortened(repr(value))} is no Finding, and no text")
    try:
        finding = msgspec.convert(msgspec.to_builtins(finding), Finding)
    except (msgspec.ValidationError, TypeError) as error:
        raise TypeError(f"a Finding cannot be so: {error}") from error
    what, remedy, severity, field, line = msgspec.structs.astuple(finding)
    path = (field,) if isinstance(field, str) and field else tuple(field)
    place = above + line if line else 0 if path else 1
    return Problem(story.path, place, what, remedy, severity, path, code=Code.CHECK)
