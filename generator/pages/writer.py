"""Pages to files, many at a time: what is as it was is skipped, the rest rendered and staged."""

import errno
import shutil
from array import array
from collections.abc import Callable, Container, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import suppress
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path

import msgspec

from generator.config import Settings
from generator.errors import Problem, SiteError, attempt, fault
from generator.output.writer import OutputFolder, Staged, cannot_write, stage
from generator.pages.context import PageContext
from generator.pages.output import Output, RenderSetup, Work
from generator.state.blobs import Blobs
from generator.state.code_version import code_version, fingerprint
from generator.state.outputs import Records
from generator.state.stamp import Stamp
from generator.templates.environment import Made, ProseStore, RenderConfig, Tongue
from generator.templates.extensions import Extensions
from generator.templates.loader import Layouts
from generator.templates.site_values import encoded_part
from generator.templates.views import SiteView, Styles
from generator.urls import file_path
from generator.workers import map_chunks

_CHUNK = 32


class RenderedPages(msgspec.Struct, frozen=True):
    """What came of writing pages. `made` are the fingerprints of what was not skipped, by path.

    `digests` are those of their bytes; `staged` are the files of those of them whose bytes differ
    from what is on disk, by path. `stamps` are how files will look, as far as that is known. `seen`
    are the facts that each view looked at that had to be made: their numbers, of 32 bits, end to
    end.
    """

    made: dict[str, str]
    digests: dict[str, bytes]
    stamps: dict[str, Stamp]
    staged: dict[str, str]
    seen: dict[str, bytes]
    problems: list[Problem]


class Job(msgspec.Struct, frozen=True):
    """One output to be made, by this work. `owned`: may be replaced.

    `file` is the one it is made from, as messages name it.
    """

    path: str
    fingerprint: str
    owned: bool
    work: Work
    file: str


class Failed(msgspec.Struct, frozen=True):
    """The work for an output that cannot be made: to tell why."""

    problem: Problem

    def done(self, config: bytes, store: ProseStore) -> Problem:  # noqa: ARG002
        return self.problem


class Done(msgspec.Struct, frozen=True):
    """A job done: what was staged, or what went wrong. A `warning` is in the way of nothing."""

    path: str
    fingerprint: str
    result: Staged | Problem
    warning: Problem | None = None


def set_up(site: SiteView, layouts: Layouts, settings: Settings, compiled: Path) -> RenderSetup:
    """Return what the pages of one site are rendered with, its layouts `compiled` there."""
    site = msgspec.structs.replace(site, styles=_linked(layouts.styles, settings.home.base))
    folder = compiled / code_version()
    if not folder.is_dir():
        shutil.rmtree(compiled, ignore_errors=True)
        with suppress(OSError):  # what cannot be kept is compiled again the next time
            compiled.unlink(missing_ok=True)
            folder.mkdir(parents=True)
    config = RenderConfig(
        folders=layouts.folders,
        digest=fingerprint(*(layout.digest for layout in layouts.layouts.values())),
        compiled=str(folder),
        labels=layouts.labels,
        assets={name: asset.path for name, asset in layouts.assets.items()},
        language=settings.language,
        origin=settings.home.origin,
        base=settings.home.base,
        timezone=settings.timezone,
        extensions=layouts.extensions,
    )
    # Folders are the machine's, and layouts, assets and code are in the digest of each layout that
    # uses them: none of these may wake every page.
    own = msgspec.structs.replace(
        config, folders=("", ""), digest="", compiled="", assets={}, extensions=Extensions()
    )
    shared = msgspec.json.encode(own)
    sites = {name: encoded_part(site, layout.reads) for name, layout in layouts.layouts.items()}
    data = {name: layouts.data_of(name) for name, layout in layouts.layouts.items() if layout.data}
    looked_at = {
        name: (x for f in files for x in (f.name, f.digest)) for name, files in data.items()
    }
    layout_digests = {
        name: fingerprint(sites[name], layout.digest, shared, *looked_at.get(name, ()))
        for name, layout in layouts.layouts.items()
    }
    return RenderSetup(config, sites, layout_digests, data)


def set_up_all(context: PageContext, layouts: Layouts, compiled: Path) -> RenderSetup:
    """Return what the pages of a site are rendered with, in all of its languages."""
    main = set_up(context.compose.site_view(), layouts, context.settings, compiled)
    if not context.editions:
        return main
    editions = {
        one.edition: set_up(
            one.compose.site_view(), layouts.in_language(one.edition), one.settings, compiled
        )
        for one in context.editions
    }
    configs = {name: setup.config for name, setup in editions.items()}
    tongues = {name: Tongue(config.labels, config.language) for name, config in configs.items()}
    config = msgspec.structs.replace(main.config, editions=tongues)
    return msgspec.structs.replace(main, config=config, editions=editions)


def _linked(styles: Styles, base: str) -> Styles:
    """Return what pages load by its addresses."""
    linked = (tuple(base + file_path(p) for p in some) for some in (styles.sheets, styles.fonts))
    sheets, fonts = linked
    return msgspec.structs.replace(styles, sheets=sheets, fonts=fonts)


def render_pages(
    pages: Iterable[Output],
    setup: RenderSetup,
    context: PageContext,
    unaffected: Container[str],
    output: OutputFolder,
    records: Records,
    blobs: Blobs,
    executor: Executor,
) -> RenderedPages:
    """Stage every page whose fingerprint is not the one in `records`, which are of files that
    are there.

    The views of pages that are `unaffected` are not made, as long as their files are there.
    """
    seen: dict[str, bytes] = {}
    jobs = _jobs(pages, setup, context, unaffected, output, records, seen)
    encoded = msgspec.json.encode(setup.config)
    store, put = (blobs.folder, blobs.token), partial(_staged, output.folder, output.tree)
    task = partial(_render, config=encoded, store=store, put=put)
    rendered = RenderedPages({}, {}, {}, {}, seen, [])
    wrong, warnings = list[Problem](), set[Problem]()
    for done in chain.from_iterable(map_chunks(executor, task, jobs, _CHUNK)):
        path, result = done.path, done.result
        rendered.made[path] = done.fingerprint
        if done.warning:
            warnings.add(done.warning)
        if isinstance(result, Problem):
            wrong.append(result)
            continue
        rendered.digests[path] = result.digest
        if result.stamp:
            rendered.stamps[path] = result.stamp
        if result.file:
            rendered.staged[path] = result.file
    rendered.problems.extend([*_once_each(wrong), *warnings])
    return rendered


def _jobs(
    pages: Iterable[Output],
    setup: RenderSetup,
    context: PageContext,
    unaffected: Container[str],
    output: OutputFolder,
    records: Records,
    seen: dict[str, bytes],
) -> Iterator[Job]:
    """Yield the jobs for all that is not on disk already as it should be.

    What watched pages looked at is put into `seen`.
    """
    for page in pages:
        record = records.get(page.path)
        if record and page.is_watched and page.path in unaffected:
            continue
        told = partial(fault, page.file, doing=f"make the page {page.path}")
        ordered = attempt(partial(_ordered, page, setup, context, seen), told)
        work, mark = (Failed(ordered), "") if isinstance(ordered, Problem) else ordered
        if record is None or record.fingerprint != mark:
            yield Job(page.path, mark, output.owns(page.path), work, page.file)


def _ordered(
    page: Output, setup: RenderSetup, context: PageContext, seen: dict[str, bytes]
) -> tuple[Work, str]:
    """Return the work for an output, with its fingerprint."""
    watch = context.of(page.edition).watch
    ordered, facts = watch.noted(partial(page.work, context, setup))
    seen[page.path] = array("I", facts).tobytes()
    return ordered


Put = Callable[[Job, bytes | Path], Staged | Problem]
"""Writes an output into the output folder, or beside its place there."""


def _render(jobs: list[Job], config: bytes, store: tuple[Path, str], put: Put) -> list[Done]:
    return [_do(job, config, store, put) for job in jobs]


def _do(job: Job, config: bytes, store: tuple[Path, str], put: Put) -> Done:
    made = attempt(partial(_made, job.work, config, store), partial(fault, job.file))
    if isinstance(made, Problem):
        return Done(job.path, job.fingerprint, made)
    return Done(job.path, job.fingerprint, put(job, made.data), made.warning)


def _made(work: Work, config: bytes, store: tuple[Path, str]) -> Made | Problem:
    made = work.done(config, _store(*store))
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
    """Return one problem for each place in a layout, naming the first page that it broke."""
    first: dict[tuple[str, int, str], Problem] = {}
    count: dict[tuple[str, int, str], int] = {}
    for problem in problems:
        key = (problem.file, problem.line, problem.what.partition(", while rendering")[0])
        first.setdefault(key, problem)
        count[key] = count.get(key, 0) + 1
    return [
        msgspec.structs.replace(p, what=f"{p.what} and {count[key] - 1} more")
        if count[key] > 1
        else p
        for key, p in first.items()
    ]
