"""How good the suggestions are and what they cost, each figure beside its goal."""

import argparse
import multiprocessing
import resource
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

import labelled
import msgspec
from archives import Archive, Invented, edited, mixed, subjects

from generator.config import Related
from generator.related import relate
from generator.related.index import Fetch, Rules, update_index
from generator.related.packing import pack, unpack
from generator.related.subjects import subjects_of
from generator.related.vectors import Weights
from generator.state.code_version import code_version
from generator.state.journal import Journal
from generator.terms import Terms, terms_of

SMALL, LARGE = 10_000, 100_000
EDITS, JOBS = 20, 2
SPAWN = multiprocessing.get_context("spawn")
FACTORS = 0.0, 0.5, 1.0, 2.0
PARTS = "scale", "update", "quality", "share", "flat"


class Figure(NamedTuple):
    """A line of the table."""

    name: str
    measured: str
    goal: str = ""


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        _print(Figure("figure", "measured", "goal"))
        for figure in _figures(arguments, Path(folder)):
            _print(figure)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    about = "content/**/*.md, named by slugs, and labels.json: slug -> list of subjects"
    parser.add_argument("--labelled", type=Path, metavar="DIR", help=about)
    about = "measure scale and update on stories mixed from those of a labelled collection"
    parser.add_argument("--like", type=Path, metavar="DIR", help=about)
    parser.add_argument("--half", choices=["odd", "even"], help="score this half of the stories")
    about = "also score the settings at about 0, half, one and two times their defaults"
    parser.add_argument("--vary", action="store_true", help=about)
    parser.add_argument("--only", choices=PARTS, help="this part alone")
    arguments = parser.parse_args()
    if arguments.labelled is None and arguments.only in ("quality", "flat"):
        parser.error(f"{arguments.only} needs --labelled")
    return arguments


def _print(figure: Figure) -> None:
    print(f"{figure.name:<52}{figure.measured:>24}{figure.goal:>12}".rstrip(), flush=True)


def _figures(arguments: argparse.Namespace, folder: Path) -> Iterator[Figure]:
    source, half = arguments.labelled, _half(arguments.half)
    wanted = {arguments.only} if arguments.only else {*PARTS} - {"" if arguments.vary else "flat"}
    # Sizes come first: a process never tells less than its parent had when it was started.
    if "scale" in wanted:
        yield from scale(*(_archive(n, arguments.like, folder) for n in (SMALL, LARGE)))
    if "update" in wanted:
        yield from update(_archive(SMALL, arguments.like, folder), folder)
    if "quality" in wanted and source:
        yield from quality(labelled.built(source, folder), labelled.labels_of(source), half)
    if "share" in wanted:
        yield from share(labelled.built(source, folder))
    if "flat" in wanted and source:
        yield from flat(labelled.built(source, folder), labelled.labels_of(source), half)


def _half(which: str | None) -> labelled.Half:
    return lambda slug: which is None or zlib.crc32(slug.encode()) % 2 == (which == "odd")


def _archive(stories: int, like: Path | None, folder: Path) -> Archive:
    if like is None:
        return Invented(stories)
    with labelled.opened(labelled.built(like, folder).root) as there:
        articles = there.site.articles
        terms = there.fetch([article.body.terms for article in articles])
        known = {a.slug: (a.tags, own) for a, own in zip(articles, terms, strict=True)}
    return mixed(stories, known, labelled.labels_of(like))


# ------------------------------------------------------------------------- many stories


class Ranking(NamedTuple):
    """What ranking an archive took: seconds of processor time, and memory in bytes."""

    seconds: float
    before: int
    peak: int


def scale(small: Archive, large: Archive) -> Iterator[Figure]:
    """The cost of all stories from scratch, in a process for each archive."""
    few, many = _apart(small), _apart(large)
    each = [few.seconds / small.stories, many.seconds / large.stories]
    yield Figure(f"a story among {small.stories:,}, CPU", f"{each[0] * 1000:.2f} ms")
    yield Figure(f"a story among {large.stories:,}, CPU", f"{each[1] * 1000:.2f} ms")
    yield Figure("the same, as a ratio", f"{each[1] / each[0]:.2f}", "<= 3")
    yield Figure(f"memory before ranking {large.stories:,}", f"{many.before / 1e6:.0f} MB")
    peak = f"{many.peak / 1e6:.0f} MB"
    yield Figure(f"peak memory of ranking {large.stories:,}", peak, "<= 600 MB")


def _apart(archive: Archive) -> Ranking:
    with ProcessPoolExecutor(1, mp_context=SPAWN) as executor:
        return executor.submit(_ranking, archive).result()


def _ranking(archive: Archive) -> Ranking:
    invented = 0.0

    def fetch(keys: Sequence[str]) -> Iterator[Terms]:
        nonlocal invented
        for key in keys:
            started = time.process_time()
            terms = archive.terms(int(key))
            invented += time.process_time() - started
            yield terms

    listed = subjects_of(subjects(archive))
    before = _memory()
    started = time.process_time()
    update_index(listed, _rules(), fetch)
    return Ranking(time.process_time() - started - invented, before, _memory())


def _memory() -> int:
    """The most memory that this process has had, in bytes."""
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _rules() -> Rules:
    """The rules of a site without settings of its own."""
    related, own = Related(), Related().weights
    weights = Weights(own.headline, own.names, own.tags)
    return Rules(weights, own.recency, related.half_life, own.company, related.newer)


# --------------------------------------------------------------------------- one edit


def update(archive: Archive, folder: Path) -> Iterator[Figure]:
    """The wall-clock time of bringing a web up to date after one story's body was edited."""
    listed = list(subjects(archive))
    fetch = partial(map, lambda key: archive.terms(int(key)))
    old = update_index(subjects_of(listed), _rules(), fetch)
    kept, new = Journal(folder / "related.index"), Journal(folder / "updated.index")
    kept.replace(pack(old, code_version()))
    plain, shelved = [], []
    for number in range(0, archive.stories, archive.stories // EDITS):
        terms = edited(archive.terms(number), archive.terms(number + 1), number)
        now = listed.copy()
        now[number] = listed[number]._replace(terms="edited")
        today, giving = subjects_of(now), _giving(terms, archive)
        started = time.perf_counter()
        update_index(today, old.rules, giving, old)
        plain.append(time.perf_counter() - started)
        started = time.perf_counter()
        known = unpack(kept.frames()[0], code_version())
        index = update_index(today, old.rules, giving, known)
        new.replace(pack(index, code_version()))
        shelved.append(time.perf_counter() - started)
    name = f"one body edited among {archive.stories:,}: median, worst"
    yield Figure(name, _milliseconds(plain), "<= 60 ms")
    yield Figure("the same from shelf to shelf", _milliseconds(shelved))


def _giving(terms: Terms, archive: Archive) -> Fetch:
    return partial(map, lambda key: terms if key == "edited" else archive.terms(int(key)))


def _milliseconds(times: Sequence[float]) -> str:
    return f"{median(times) * 1000:.0f} ms, {max(times) * 1000:.0f} ms"


# ---------------------------------------------------------------------------- quality


def quality(site: labelled.Built, labels: labelled.Labels, half: labelled.Half) -> Iterator[Figure]:
    """How well what stands on the pages agrees with the labels."""
    found = labelled.pages(site.root / "public", labels)
    result = labelled.score(labels, {slug: page.suggested for slug, page in found.items()}, half)
    slugs = labelled.judged(labels, half)
    yield Figure("stories judged", f"{len(slugs):,} of {len(found):,}")
    yield Figure("precision at 5", f"{result.precision:.4f}", ">= 0.77")
    yield Figure("nDCG at 5", f"{result.ndcg:.4f}", ">= 0.71")
    copies = labelled.copies(found, slugs)
    yield Figure("near-duplicates among suggestions", f"{copies:.4f}", "<= 0.002")
    yield Figure("the most suggested story, times the mean", f"{result.hub:.4f}", "<= 20")


def flat(site: labelled.Built, labels: labelled.Labels, half: labelled.Half) -> Iterator[Figure]:
    """Precision and nDCG at 5 with each setting in turn at other values than its default."""
    with labelled.opened(site.root) as there:
        for name, result in labelled.varied(there, FACTORS, labels, half):
            yield Figure(f"p@5, nDCG@5: {name}", f"{result.precision:.4f}  {result.ndcg:.4f}")


# ------------------------------------------------------------------------------ share


def share(site: labelled.Built) -> Iterator[Figure]:
    """The processor time for terms and ranking, against that of the cold build of the site."""
    with labelled.opened(site.root) as there:
        reading = _reading(list(there.texts()))
        started = time.process_time()
        relations = relate(there.site, there.settings, there.fetch)
        for position in range(len(there.site.articles)):
            relations.of(position)
        ranking = time.process_time() - started
    yield Figure("a cold build, CPU", f"{site.seconds:.1f} s")
    yield Figure("its terms alone", f"{reading:.1f} s")
    yield Figure("its ranking alone", f"{ranking:.1f} s")
    part = (reading + ranking) / site.seconds
    yield Figure("terms and ranking, as a share of it", f"{part:.3f}", "<= 0.25")


def _reading(texts: list[tuple[str, str, str]]) -> float:
    """The seconds that `terms_of` takes where nothing was stemmed before."""
    chunks = [texts[place : place + 32] for place in range(0, len(texts), 32)]
    with ProcessPoolExecutor(JOBS, mp_context=SPAWN) as executor:
        return sum(executor.map(_read, chunks))


def _read(texts: list[tuple[str, str, str]]) -> float:
    started = time.process_time()
    for text in texts:
        msgspec.msgpack.encode(terms_of(*text))
    return time.process_time() - started


if __name__ == "__main__":
    main()
