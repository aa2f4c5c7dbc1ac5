"""The texts of `content/`, read: parsed and converted, as far as the cache does not know them.

What comes in are texts as a scan has found them; what goes out is the library of them, and what is
wrong in it. The cache knows a text by the digest of its bytes and of the settings that shape what
is made of it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from generator.config import CONTENT, Settings
from generator.content.scan import Scan, Shape, Text, shape_of
from generator.content.texts import Read, Unread, known, read_file
from generator.errors import Problem
from generator.model import BodyInfo, Library, Reading
from generator.state.blobs import Blobs, Kind
from generator.workers import map_chunks

Track = Callable[[Collection[Text]], Iterable[Text]]
"""What yields the texts that it is given, and sees thereby how far the reading is."""
_CHUNK = 32
_SAFE = 1024
"""Texts converted before what came of them is made safe on disk."""


class ReadTexts(NamedTuple):
    """Texts as they were read, and what is wrong in them.

    `converted` counts those whose bodies the cache did not know.
    """

    library: Library
    problems: list[Problem]
    converted: int


NOTHING = ReadTexts(Library((), {}), [], 0)


def read_content(
    root: Path,
    found: Scan,
    settings: Settings,
    blobs: Blobs,
    executor: Executor,
    read: ReadTexts = NOTHING,
    track: Track = iter,
) -> ReadTexts:
    """Read all that was found, but for the texts that are `read` already."""
    done = {reading.path for reading in read.library.readings} | read.library.unread.keys()
    texts = [text for text in found.texts if text.source.path not in done]
    more = read_texts(root, texts, settings, blobs, executor, found.opened, track)
    library = _joined(read.library, more.library, found)
    problems = [*found.problems, *read.problems, *more.problems]
    return ReadTexts(library, problems, read.converted + more.converted)


def blobs_of(found: Scan, library: Library) -> dict[Kind, list[str]]:
    """Return the keys of what is kept, by kind, of the texts that were found and read."""
    bodies = [reading.body for reading in library.readings]
    return {
        "readings": [*found.texts.keys.values()],
        "prose": [body.key for body in bodies],
        "terms": [body.terms for body in bodies if body.terms],
    }


def read_texts(
    root: Path,
    texts: Sequence[Text],
    settings: Settings,
    blobs: Blobs,
    executor: Executor,
    opened: Mapping[str, bytes],
    track: Track = iter,
) -> ReadTexts:
    """Read these texts. The bytes of some were `opened` before, and are not opened again."""
    problems: list[Problem] = []
    readings: dict[str, Reading] = {}
    unread: dict[str, BodyInfo] = {}

    def take(blob: bytes, path: str) -> None:
        readings[path], warnings = known(blob, path)
        problems.extend(warnings)

    unknown = []
    kept = blobs.found("readings", [text.key for text in texts])
    for text, blob in zip(texts, kept, strict=True):
        if blob is None:
            unknown.append(text)
        else:
            take(blob, text.source.path)
    shape = shape_of(settings)
    if unknown and shape.extensions:
        from generator.content.markdown.made_extensions import unusable  # few sites name any

        if wrong := unusable(settings.markdown):
            problems += wrong
            shape = replace(shape, extensions=())  # what else is wrong is told all the same
    found_out = _read_all(root, unknown, shape, settings.timezone, executor, opened)
    for number, (text, read) in enumerate(zip(track(unknown), found_out, strict=True)):
        if number % _SAFE == 0:
            blobs.commit()  # what a killed build has done need not be done again
        if isinstance(read, Read):
            take(read.kept, text.source.path)
            blobs.add("prose", read.prose_key, read.prose)
            if read.terms:
                blobs.add("terms", read.terms_key, read.terms)
            blobs.add("readings", read.key, read.kept)
        else:
            problems += read.problems
            unread[read.path] = read.body
    blobs.commit()
    in_order = (readings[text.source.path] for text in texts if text.source.path in readings)
    return ReadTexts(Library(tuple(in_order), {}, unread), problems, len(unknown))


def _joined(some: Library, others: Library, found: Scan) -> Library:
    """Return all that was found as one library, its texts in the order of their paths."""
    readings = others.readings
    if some.readings:
        readings = tuple(sorted(some.readings + readings, key=lambda reading: reading.path))
    unread = some.unread | others.unread
    return Library(readings, found.files, dict(sorted(unread.items())), found.withheld)


def _read_all(
    root: Path,
    texts: Sequence[Text],
    shape: Shape,
    timezone: str,
    executor: Executor,
    opened: Mapping[str, bytes],
) -> Iterator[Read | Unread]:
    task = partial(_read_some, content=root / CONTENT, shape=shape, timezone=timezone)
    with_bytes = ((text, opened.get(text.source.path)) for text in texts)
    return chain.from_iterable(map_chunks(executor, task, with_bytes, _CHUNK))


def _read_some(
    texts: list[tuple[Text, bytes | None]], content: Path, shape: Shape, timezone: str
) -> list[Read | Unread]:
    if shape.extensions:
        from generator.content.markdown.made_extensions import unlike

        if wrong := unlike(shape.extensions):
            return [Unread(text.source.path, wrong) for text, _ in texts]
    return [read_file(content, text.source, shape, timezone, data) for text, data in texts]
