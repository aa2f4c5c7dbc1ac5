"""The texts of `content/`, read: parsed and converted, as far as the cache does not know them.

It knows a text by the digest of its bytes and of the settings that shape what is made of it.
"""

from collections.abc import Iterator
from concurrent.futures import Executor
from functools import partial
from itertools import chain
from pathlib import Path

from msgspec.structs import replace

from generator.config import CONTENT, Settings
from generator.content.scan import Scan, Shape, Text, shape_of
from generator.content.texts import Read, Unread, known, read_file
from generator.errors import Problem
from generator.model import Digest, Library
from generator.state.cache import Cache
from generator.workers import map_chunks

_CHUNK = 32
_SAFE = 1024
"""Texts converted before what came of them is made safe on disk."""


def read_content(
    root: Path, found: Scan, settings: Settings, cache: Cache, executor: Executor
) -> tuple[Library, list[Problem], int]:
    """All that was found, read: the library, what is wrong in it, how many bodies were converted.

    What the cache holds of texts that are there no more is dropped.
    """
    library, problems, converted = read_texts(root, found.texts, settings, cache, executor)
    if not library.unread:
        bodies = [reading.body for reading in library.readings]
        keys = (text.key for text in found.texts)
        cache.forget_others(keys, (b.key for b in bodies), (b.terms for b in bodies))
    library = replace(library, files=found.files, withheld=found.withheld)
    return library, [*found.problems, *problems], converted


def read_texts(
    root: Path, texts: list[Text], settings: Settings, cache: Cache, executor: Executor
) -> tuple[Library, list[Problem], int]:
    """The library of these texts, every problem in them, and how many had to be converted."""
    problems: list[Problem] = []
    kept = cache.readings(text.key for text in texts)
    unknown = [text for text in texts if text.key not in kept]
    unread = {text.source.path: Digest("") for text in texts}
    shape = shape_of(settings)
    found_out = _read_all(root, unknown, shape, settings.timezone, executor)
    for number, (text, read) in enumerate(zip(unknown, found_out, strict=True)):
        if number % _SAFE == 0:
            cache.commit()  # what a killed build has done need not be done again
        if isinstance(read, Read):
            kept[text.key] = read.kept
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
    return Library(tuple(readings), {}, unread), problems, len(unknown)


def _read_all(
    root: Path, texts: list[Text], shape: Shape, timezone: str, executor: Executor
) -> Iterator[Read | Unread]:
    task = partial(_read_some, content=root / CONTENT, shape=shape, timezone=timezone)
    return chain.from_iterable(map_chunks(executor, task, texts, _CHUNK))


def _read_some(
    texts: list[Text], content: Path, shape: Shape, timezone: str
) -> list[Read | Unread]:
    return [read_file(content, text.source, shape, timezone) for text in texts]
