"""Pages to files, many at a time: what is as it was is skipped, the rest rendered and staged."""

import errno
import math
import shutil
import time
from collections import Counter, deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from functools import cache, lru_cache, partial
from itertools import chain
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from generator.config import Settings
from generator.content.block_arguments import BlockKind
from generator.errors import Problem, SiteError, attempt, fault
from generator.output.writer import OutputFolder, Staged, cannot_write, stage
from generator.pages.asking import MOST_ROUNDS, Asker, Asking
from generator.pages.context import PageContext
from generator.pages.dependencies import MadeFrom
from generator.pages.output import Deriving, Drawing, Output, RenderSetup, Work
from generator.site.cards import FOLDER as CARDS
from generator.state.blobs import Blobs
from generator.state.code_version import code_version, fingerprint
from generator.state.outputs import Records
from generator.state.stamp import Stamp
from generator.templates.block_kinds import FALLBACKS, form_of
from generator.templates.card_fonts import NO_FONTS, card_fonts
from generator.templates.collections import encoded_collections
from generator.templates.environment import Made, ProseStore, RenderConfig, Tongue, Unanswered
from generator.templates.exchange import NO_ANSWERS, Answers
from generator.templates.loader import Layout, Layouts
from generator.templates.site_values import encoded_part
from generator.templates.views import ItemCard, SiteView, Styles
from generator.urls import file_path
from generator.workers import map_chunks

_CHUNK, _CHUNK_OF_CARDS = 32, 4
_STANDS_IN = 32 * "0"
"""The fingerprint of what does for a while: no output has it, so the next build makes it."""
DRAWN = "cards"
"""The folder, beside that of compiled layouts, which keeps share cards."""


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


class Job(msgspec.Struct, frozen=True):
    """One output to be made, by this work. `owned`: may be replaced.

    `file` is the one it is made from, as messages name it. The `answers` are to what its layout is
    likely to ask.
    """

    path: str
    owned: bool
    work: Work
    file: str
    answers: Answers = NO_ANSWERS


class Failed(msgspec.Struct, frozen=True):
    """The work for an output that cannot be made: to tell why."""

    problem: Problem

    def done(
        self,
        config: bytes,  # noqa: ARG002
        store: ProseStore,  # noqa: ARG002
        answers: Answers = NO_ANSWERS,  # noqa: ARG002
    ) -> Problem:
        return self.problem


class Done(msgspec.Struct, frozen=True):
    """A job done: what was staged, or what went wrong. A `warning` is in the way of nothing.

    `asked` are the questions whose answers are in what was made. A job that cannot be done without
    more answers is handed back. What `stands_in` does for a while.
    """

    path: str
    result: Staged | Unanswered | Problem
    warning: Problem | None = None
    asked: tuple[bytes, ...] = ()
    stands_in: bool = False


def set_up(
    site: SiteView,
    layouts: Layouts,
    settings: Settings,
    compiled: Path,
    items: Mapping[str, tuple[ItemCard, ...]] = MappingProxyType({}),
) -> RenderSetup:
    """Return what the pages of one site are rendered with, its layouts `compiled` there.

    `items` are those of each collection that layouts show.
    """
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
        blocks=layouts.blocks,
    )
    known = layouts.layouts
    part = cache(partial(encoded_part, site))  # most layouts read the same values
    shown_items = cache(partial(encoded_collections, items))
    sites = {name: part(layout.reads) for name, layout in known.items()}
    data = {name: layouts.data_of(layout) for name, layout in known.items() if layout.data}
    collections = {n: shown_items(one.collections) for n, one in known.items() if one.collections}
    shared, fonts = _shared(config), card_fonts(layouts) if settings.cards else NO_FONTS

    def digest(name: str, layout: Layout) -> str:
        """Return the digest of all that can change a page of a layout but its view."""
        looked_at = [x for f in layouts.data_of(layout) for x in (f.name, f.digest)]
        drawn_with = [fonts.digest] if name.startswith(CARDS) else []
        shown = shown_items(layout.collections) if layout.collections else b""
        more = *looked_at, *drawn_with
        return fingerprint(part(layout.reads), layout.digest, shared, shown, *more)

    digests = {name: digest(name, layout) for name, layout in known.items()}
    own = {n: digest(n, one.own) if one.own else digests[n] for n, one in known.items()}
    blocks = {name: _digest_of_block(kind, digests) for name, kind in layouts.blocks.items()}
    return RenderSetup(
        config,
        sites,
        digests,
        data,
        collections,
        own,
        blocks,
        fonts=fonts,
        drawn=compiled.with_name(DRAWN),
    )


def _shared(config: RenderConfig) -> bytes:
    """Return what can change any page.

    Folders are the machine's, and layouts, assets and code are in the digest of each layout that
    uses them: none of these may wake every page.
    """
    nothing = RenderConfig(("", ""), "", "", {}, {}, "", "", "")
    names = ("folders", "digest", "compiled", "assets", "extensions", "blocks")
    without = {name: getattr(nothing, name) for name in names}
    return msgspec.json.encode(replace(config, **without))


def _digest_of_block(kind: BlockKind, digests: Mapping[str, str]) -> str:
    """Return the digest of all that a block may be shown by, in any form."""
    names = [form_of(kind.name, form) for form in kind.forms]
    return fingerprint(*(digests[name] for name in (*names, *FALLBACKS)))


def set_up_all(context: PageContext, layouts: Layouts, compiled: Path) -> RenderSetup:
    """Return what the pages of a site are rendered with, in all of its languages."""

    def of(one: PageContext, layouts: Layouts) -> RenderSetup:
        items = one.compose.collections(layouts.collections)
        return set_up(one.compose.site_view(), layouts, one.settings, compiled, items)

    main = of(context, layouts)
    if not context.editions:
        return main
    editions = {one.edition: of(one, layouts.in_language(one.edition)) for one in context.editions}
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
    later = _Later([], [])
    jobs = _quick(_jobs(pages, asking, unaffected, output, records, rendered.seen), later)
    encoded = msgspec.json.encode(setup.config)
    store, put = (blobs.folder, blobs.token), partial(_staged, output.folder, output.tree)
    do = partial(map_chunks, executor, partial(_render, config=encoded, store=store, put=put))
    here = partial(_do, config=encoded, store=store, put=put)
    wrong, warnings, time_left = list[tuple[int, Problem]](), set[Problem](), _TimeLeft(budget)
    made = chain(
        _Queue(jobs, asking, here).all_done(do, _CHUNK),
        _Queue(_as_time_allows(later.cards, time_left), asking, here).all_done(do, _CHUNK_OF_CARDS),
        _Queue(_as_time_allows(later.pictures, time_left), asking, here).all_done(do, 1),
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


Do = Callable[[Iterable[Job], int], Iterator[list[Done]]]
"""Does jobs, so many at a time."""


class _Later(NamedTuple):
    """The jobs that take long, each with who asks for it."""

    cards: list[tuple[Job, Asker]]
    pictures: list[tuple[Job, Asker]]


class _TimeLeft:
    """Whether there is time left of so many seconds, which begin when that is asked first."""

    def __init__(self, seconds: float | None) -> None:
        self._seconds = math.inf if seconds is None else seconds
        self._end: float | None = None

    def __bool__(self) -> bool:
        now = time.monotonic()
        self._end = self._end or now + self._seconds
        return now < self._end


def _quick(jobs: Iterable[tuple[Job, Asker]], later: _Later) -> Iterator[tuple[Job, Asker]]:
    """Yield the jobs but those that take long, which are put aside."""
    for job, asker in jobs:
        if isinstance(job.work, Drawing):
            later.cards.append((job, asker))
        elif isinstance(job.work, Deriving) and job.work.takes_long:
            later.pictures.append((job, asker))
        else:
            yield job, asker


def _as_time_allows(
    jobs: Iterable[tuple[Job, Asker]], time_left: _TimeLeft
) -> Iterator[tuple[Job, Asker]]:
    """Yield jobs, and those for which there is no time as what does for a while instead."""
    for job, asker in jobs:
        work = job.work
        assert isinstance(work, Deriving | Drawing)
        has_time = work.instead is None or time_left
        yield job if has_time else replace(job, work=work.instead), asker


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


class _Queue:
    """Jobs, and which of them are under way: those that need more answers are done again with them,
    before new ones. What goes on asking is done `here`, where each question is answered at once.
    """

    def __init__(
        self, jobs: Iterator[tuple[Job, Asker]], asking: Asking, here: Callable[[Job], Done]
    ) -> None:
        self._jobs, self._asking, self._here = jobs, asking, here
        self._under_way: dict[str, tuple[Job, Asker]] = {}
        self._again: deque[tuple[Job, Asker]] = deque()
        self._rounds = Counter[str]()

    def all_done(self, do: Do, size: int) -> Iterator[tuple[Asker, Done]]:
        """Yield each job that is done, so many at a time in each process, and who asked for it."""
        while True:
            for done in chain.from_iterable(do(self._begun(), size)):
                job, asker = self._under_way.pop(done.path)
                if not isinstance(done.result, Unanswered):
                    yield asker, done
                elif self._rounds[job.path] == MOST_ROUNDS:
                    yield asker, self._here(replace(job, answers=self._asking.likely(asker)))
                else:
                    self._answer(job, asker, done.result.questions)
            if not self._again:
                return

    def _begun(self) -> Iterator[Job]:
        """Yield the jobs there are; of what is under way more may come."""
        for job, asker in self._jobs:
            while self._again:
                yield self._begin(*self._again.popleft())
            yield self._begin(replace(job, answers=self._asking.likely(asker)), asker)
        while self._again:
            yield self._begin(*self._again.popleft())

    def _begin(self, job: Job, asker: Asker) -> Job:
        self._under_way[job.path] = job, asker
        return job

    def _answer(self, job: Job, asker: Asker, questions: tuple[bytes, ...]) -> None:
        """Have a job done again with the answers to these questions too."""
        self._rounds[job.path] += 1
        work = partial(self._asking.answers, questions, asker.edition)
        found = attempt(work, partial(fault, job.file))
        if isinstance(found, Problem):
            self._again.append((replace(job, work=Failed(found)), asker))
            return
        self._asking.note(asker, found)
        self._again.append((replace(job, answers={**job.answers, **found}), asker))


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
