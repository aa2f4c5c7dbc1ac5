"""Pages to files, many at a time: what is as it was is skipped, the rest rendered and staged."""

import errno
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from functools import lru_cache, partial
from itertools import chain
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType

import msgspec

from generator.errors import Problem, SiteError, attempt, fault
from generator.output.writer import OutputFolder, Staged, cannot_write, stage
from generator.pages.asking import Asker, Asking
from generator.pages.context import PageContext
from generator.pages.dependencies import MadeFrom
from generator.pages.jobs import (
    Done,
    Failed,
    Job,
    Later,
    Queue,
    TimeLeft,
    as_time_allows,
    quick_ones,
)
from generator.pages.output import Output, RenderSetup, Work
from generator.state.blobs import Blobs
from generator.state.outputs import Records
from generator.state.stamp import Stamp
from generator.templates.environment import Made, Unanswered
from generator.workers import map_chunks

_CHUNK, _CHUNK_OF_CARDS = 32, 4
_STANDS_IN = 32 * "0"
"""The fingerprint of what does for a while: no output has it, so the next build makes it."""


class RenderedPages(msgspec.Struct, frozen=True):
    """What came of writing pages. `made` are the fingerprints of what was not skipped, by path.

    `digests` are those of their bytes; `staged` are the files of those of them whose bytes differ
    from what is on disk, by path. `stamps` are how files will look, as far as that is known. `seen`
    is what each page was made from of which the view had to be made. `unfinished` are those in
    whose place stands what does for a while.
    """

    made: dict[str, str]
    digests: dict[str, bytes]
    stamps: dict[str, Stamp]
    staged: dict[str, str]
    seen: dict[str, MadeFrom]
    problems: list[Problem]
    unfinished: set[str] = set()


def render_pages(
    pages: Iterable[Output],
    setup: RenderSetup,
    context: PageContext,
    unaffected: Container[str],
    output: OutputFolder,
    records: Records,
    blobs: Blobs,
    executor: Executor,
    questions: Mapping[str, bytes] = MappingProxyType({}),
    budget: float | None = None,
) -> RenderedPages:
    """Stage every page whose fingerprint is not the one in `records`, which are of files that
    are there.

    The views of pages that are `unaffected` are not made, as long as their files are there.
    `questions` are what the layouts of pages asked last, packed, by path. With a `budget` no output
    is begun that takes long once so many seconds went by since the others were made: share cards
    are, those of new texts first, and then pictures.
    """
    rendered = RenderedPages({}, {}, {}, {}, {}, [])
    asking = Asking(context, setup, questions)
    later = Later([], [])
    jobs = quick_ones(_jobs(pages, asking, unaffected, output, records, rendered.seen), later)
    encoded = msgspec.json.encode(setup.config)
    store, put = (blobs.folder, blobs.token), partial(_staged, output.folder, output.tree)
    do = partial(map_chunks, executor, partial(_render, config=encoded, store=store, put=put))
    here = partial(_do, config=encoded, store=store, put=put)
    wrong, warnings, time_left = list[tuple[int, Problem]](), set[Problem](), TimeLeft(budget)
    made = chain(
        Queue(jobs, asking, here).all_done(do, _CHUNK),
        Queue(as_time_allows(later.cards, time_left), asking, here).all_done(do, _CHUNK_OF_CARDS),
        Queue(as_time_allows(later.pictures, time_left), asking, here).all_done(do, 1),
    )
    for asker, done in made:
        path, result = done.path, done.result
        if done.warning:
            warnings.add(done.warning)
        if isinstance(result, Problem):
            wrong.append((asker.number, result))
            continue
        assert isinstance(result, Staged)
        rendered.made[path] = asker.mark
        if done.asked or asker.asked_last:
            rendered.made[path], rendered.seen[path] = asking.made(asker, done.asked)
        if done.stands_in:
            rendered.made[path] = _STANDS_IN
            rendered.unfinished.add(path)
        rendered.digests[path] = result.digest
        if result.stamp:
            rendered.stamps[path] = result.stamp
        if result.file:
            rendered.staged[path] = result.file
    in_turn = [problem for _, problem in sorted(wrong, key=itemgetter(0))]
    rendered.problems.extend([*_once_each(in_turn), *warnings])
    return rendered


def _jobs(
    pages: Iterable[Output],
    asking: Asking,
    unaffected: Container[str],
    output: OutputFolder,
    records: Records,
    seen: dict[str, MadeFrom],
) -> Iterator[tuple[Job, Asker]]:
    """Yield the jobs for all that is not on disk already as it should be.

    What watched pages are made from is put into `seen`.
    """
    for number, page in enumerate(pages):
        record = records.get(page.path)
        is_whole = record is not None and record.fingerprint != _STANDS_IN
        if is_whole and page.is_watched and page.path in unaffected:
            continue
        told = partial(fault, page.file, doing=f"make the page {page.path}")
        begun = attempt(partial(_begun, page, number, asking, seen), told)
        if isinstance(begun, Problem):
            job = Job(page.path, output.owns(page.path), Failed(begun), page.file)
            yield job, Asker(number, "", "", set())
        elif record is None or record.fingerprint != begun[2]:
            work, asker, _ = begun
            yield Job(page.path, output.owns(page.path), work, page.file), asker


def _begun(
    page: Output, number: int, asking: Asking, seen: dict[str, MadeFrom]
) -> tuple[Work, Asker, str]:
    """Return the work for an output, with its fingerprint if it asks what it asked last."""
    work, asker = asking.begin(page, number)
    mark, seen[page.path] = asking.made(asker, asker.asked_last)
    return work, asker, mark


Put = Callable[[Job, bytes | Path], Staged | Problem]
"""Writes an output into the output folder, or beside its place there."""


def _render(jobs: list[Job], config: bytes, store: tuple[Path, str], put: Put) -> list[Done]:
    return [_do(job, config, store, put) for job in jobs]


def _do(job: Job, config: bytes, store: tuple[Path, str], put: Put) -> Done:
    made = attempt(partial(_made, job, config, store), partial(fault, job.file))
    if not isinstance(made, Made):
        return Done(job.path, made)
    return Done(job.path, put(job, made.data), made.warning, made.asked, made.stands_in)


def _made(job: Job, config: bytes, store: tuple[Path, str]) -> Made | Unanswered | Problem:
    made = job.work.done(config, _store(*store), job.answers)
    if isinstance(made, Made) and isinstance(made.data, Path):
        made.data.open("rb").close()  # what cannot be read is the file's fault, not the output's
    return made


def _staged(folder: Path, tree: str, job: Job, data: bytes | Path) -> Staged | Problem:
    try:
        return stage(folder, job.path, data, job.owned, tree)
    except OSError as error:
        problem = cannot_write(folder, folder / job.path, error)
        if error.errno in _OF_ONE:
            return problem
        raise SiteError([problem]) from error  # a full disk concerns every page


_OF_ONE = (errno.ENAMETOOLONG, errno.EISDIR, errno.ENOTDIR, errno.EILSEQ, errno.EINVAL)
"""Why one page cannot be written, and others may well be."""


@lru_cache(maxsize=1)
def _store(folder: Path, token: str) -> Blobs:  # noqa: ARG001 (another token is another folder)
    """Return the bodies of a site as this process reads them."""
    return Blobs(folder)


def _once_each(problems: list[Problem]) -> list[Problem]:
    """Return one problem for each place, which says of how many pages if it names one of them."""
    first: dict[tuple[str, int, str], Problem] = {}
    count: dict[tuple[str, int, str], int] = {}
    for problem in problems:
        key = (problem.file, problem.line, problem.what.partition(_NAMING_A_PAGE)[0])
        first.setdefault(key, problem)
        count[key] = count.get(key, 0) + 1
    return [
        msgspec.structs.replace(p, what=f"{p.what} and {count[key] - 1} more")
        if count[key] > 1 and _NAMING_A_PAGE in p.what
        else p
        for key, p in first.items()
    ]


_NAMING_A_PAGE = ", while rendering"
