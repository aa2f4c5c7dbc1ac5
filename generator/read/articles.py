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
from msgspec.structs import replace

from generator.config import CONTENT, Settings
from generator.edition import fingerprint
from generator.errors import Problem
from generator.keep.cache import Cache
from generator.model import Digest, File, Library
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
from generator.read.texts import Read, Text, Unread, key_of, known, read_text
from generator.workers import spread

_CHUNK = 32


class Survey(msgspec.Struct, frozen=True):
    """What is in `content/`, before any of it is parsed.

    Two surveys with one `digest` are of the same files with the same bytes.
    """

    texts: list[Text]
    files: dict[str, File]
    problems: list[Problem]
    digest: str


def survey(root: Path, settings: Settings, cache: Cache) -> Survey:
    """The files of the site in `root`. Those whose stamp the cache knows are not opened."""
    if not (root / CONTENT).is_dir():
        remedy = f"make it, and put stories into {CONTENT}/articles/"
        return Survey([], {}, [Problem(CONTENT, 0, "there is no such folder", remedy)], "")
    found = find_sources(root)
    sources = [source for source in found if not is_odd(source.path)]
    texts, problems = _texts(root, sources, settings, cache)
    files, lost = read_files(root, sources, cache)
    problems += [*odd_names(found), *lost]
    names = (part for text in texts for part in (text.source.path, text.key))
    copied = (part for file in files.values() for part in (file.path, file.digest))
    digest = fingerprint(*names, "", *copied, "", *map(str, problems))
    return Survey(texts, files, problems, digest)


def read_content(
    root: Path, found: Survey, settings: Settings, cache: Cache, executor: Executor
) -> tuple[Library, list[Problem], int]:
    """All that was found, read: the library, what is wrong in it, how many bodies were converted.

    What the cache holds of texts that are there no more is dropped.
    """
    library, problems, converted = read_texts(root, found.texts, settings, cache, executor)
    if not library.unread:
        bodies = [reading.body for reading in library.readings]
        keys = (text.key for text in found.texts)
        cache.forget_others(keys, (b.key for b in bodies), (b.terms for b in bodies))
    return replace(library, files=found.files), [*found.problems, *problems], converted


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
    for text, read in zip(unknown, found_out, strict=True):
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


def shape_of(settings: Settings) -> Shape:
    return Shape(
        language=settings.language,
        smart_quotes=settings.markdown.smart_quotes,
        excerpt=settings.markdown.excerpt,
        promo_after=settings.promos.after,
    )


def _texts(
    root: Path, sources: list[Source], settings: Settings, cache: Cache
) -> tuple[list[Text], list[Problem]]:
    """The texts with their keys. What cannot be read at all is a problem, and left out."""
    shape = shape_of(settings)
    shaping = fingerprint(msgspec.json.encode(shape), settings.timezone)
    known = cache.sources()
    keep: dict[str, tuple[str, str]] = {}
    texts, problems = [], []
    for source in sources:
        if source.kind is None:
            continue
        stamp = f"{source.stamp} {shaping}"
        seen, key = known.get(source.path, ("", ""))
        if seen != stamp:
            try:
                data = regular_file(root / CONTENT / source.path).read_bytes()
            except OSError as error:
                problems.append(unreadable(source.path, error))
                continue
            key = key_of(source.kind, data, shape, settings.timezone)
        texts.append(Text(source, key))
        if source.settled:
            keep[source.path] = (stamp, key)
    if keep != known:
        cache.keep_sources(known, keep)
    return texts, problems


def _read_all(
    root: Path, texts: list[Text], shape: Shape, timezone: str, executor: Executor
) -> Iterator[Read | Unread]:
    task = partial(_read_some, content=root / CONTENT, shape=shape, timezone=timezone)
    return chain.from_iterable(spread(executor, task, texts, _CHUNK))


def _read_some(
    texts: list[Text], content: Path, shape: Shape, timezone: str
) -> list[Read | Unread]:
    return [read_text(content, text, shape, timezone) for text in texts]
