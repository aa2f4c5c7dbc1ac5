"""Everything in `content/`, read: texts parsed and converted, copied files measured.

A text that the cache knows, by the digest of its bytes and of the settings that shape
it, is not parsed again.
"""

from collections.abc import Iterator
from concurrent.futures import Executor
from functools import partial
from itertools import chain
from pathlib import Path

import msgspec

from generator.config import CONTENT, Settings
from generator.edition import fingerprint
from generator.errors import Problem
from generator.keep.cache import Cache
from generator.model import Digest, Library
from generator.read.files import read_files
from generator.read.prose import Shape
from generator.read.sources import (
    Source,
    find_sources,
    is_odd,
    odd_names,
    regular_file,
    unreadable,
)
from generator.read.texts import Read, Text, Unread, known, read_text
from generator.workers import spread

_CHUNK = 32


def read_content(
    root: Path, settings: Settings, cache: Cache, executor: Executor
) -> tuple[Library, list[Problem], int]:
    """The library, every problem in it, and how many bodies had to be converted."""
    if not (root / CONTENT).is_dir():
        remedy = f"make it, and put stories into {CONTENT}/articles/"
        return Library((), {}), [Problem(CONTENT, 0, "there is no such folder", remedy)], 0
    found = find_sources(root)
    sources = [source for source in found if not is_odd(source.path)]
    shape = shape_of(settings)
    texts, problems = _texts(root, sources, shape, settings.timezone)
    problems += odd_names(found)
    unread = {source.path: Digest("") for source in sources if source.kind}
    kept = cache.readings(text.key for text in texts)
    unknown = [text for text in texts if text.key not in kept]
    for read in _read_all(unknown, shape, settings.timezone, executor):
        if isinstance(read, Read):
            kept[read.key] = read.kept
            cache.add(read.key, read.kept, read.prose_key, read.prose)
            if read.terms:
                cache.add_terms(read.terms_key, read.terms)
        else:
            problems += read.problems
            unread[read.path] = read.body
    cache.commit()
    readings = []
    for text in texts:
        if text.key in kept:
            reading, warnings = known(kept[text.key], text.source.path)
            readings.append(reading)
            problems += warnings
            del unread[reading.path]
    files, lost = read_files(root, sources, cache)
    if not unread:
        bodies = [reading.body for reading in readings]
        cache.forget_others(kept, (b.key for b in bodies), (b.terms for b in bodies))
    library = Library(tuple(readings), files, unread)
    return library, problems + lost, len(unknown)


def shape_of(settings: Settings) -> Shape:
    return Shape(
        language=settings.language,
        smart_quotes=settings.markdown.smart_quotes,
        excerpt=settings.markdown.excerpt,
        promo_after=settings.promos.after,
    )


def _texts(
    root: Path, sources: list[Source], shape: Shape, timezone: str
) -> tuple[list[Text], list[Problem]]:
    shaping = fingerprint(msgspec.json.encode(shape), timezone)
    texts, problems = [], []
    for source in sources:
        if source.kind is None:
            continue
        try:
            data = regular_file(root / CONTENT / source.path).read_bytes()
        except OSError as error:
            problems.append(unreadable(source.path, error))
        else:
            texts.append(Text(source, data, fingerprint(shaping, source.kind, data)))
    return texts, problems


def _read_all(
    texts: list[Text], shape: Shape, timezone: str, executor: Executor
) -> Iterator[Read | Unread]:
    task = partial(_read_some, shape=shape, timezone=timezone)
    return chain.from_iterable(spread(executor, task, texts, _CHUNK))


def _read_some(texts: list[Text], shape: Shape, timezone: str) -> list[Read | Unread]:
    return [read_text(text, shape, timezone) for text in texts]
