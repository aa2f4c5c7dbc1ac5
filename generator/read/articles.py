"""Everything in `content/`, read: texts parsed and converted, copied files measured.

A text that the cache knows, by the digest of its bytes and of the settings that shape
it, is not parsed again.
"""

import hashlib
import time
from collections.abc import Iterable
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import imagesize
import msgspec
from msgspec.structs import replace

from generator.config import FILE, Settings
from generator.edition import edition, fingerprint
from generator.errors import Problem
from generator.keep.cache import Cache
from generator.model import (
    ArticleMatter,
    AuthorMatter,
    File,
    Kind,
    Library,
    PageMatter,
    PromoMatter,
    Reading,
    TagMatter,
)
from generator.read.frontmatter import parse
from generator.read.prose import Shape, convert
from generator.read.sources import CONTENT, Source, find_sources
from generator.schema import CONTROL, Door, decode, toml_line
from generator.workers import spread

_MATTER: dict[Kind, type[Any]] = {
    "articles": ArticleMatter,
    "authors": AuthorMatter,
    "tags": TagMatter,
    "pages": PageMatter,
    "promos": PromoMatter,
}
_CHUNK = 32
_SETTLED = 2_000_000_000
"""Nanoseconds. A file younger than this may change again without a new stamp."""


class Kept(msgspec.Struct, frozen=True):
    """What the cache holds of a text: its reading and its warnings, both without its path."""

    reading: Reading
    warnings: tuple[Problem, ...] = ()


class Read(msgspec.Struct, frozen=True):
    """What reading a text gave. `kept` and `prose` are encoded, and empty when it has errors."""

    path: str
    key: str
    problems: tuple[Problem, ...] = ()
    kept: bytes = b""
    prose: bytes = b""
    prose_key: str = ""


class Text(msgspec.Struct, frozen=True):
    """A text file's bytes, with the key under which the cache would know it."""

    source: Source
    data: bytes
    key: str


def read_content(
    root: Path, settings: Settings, cache: Cache, executor: Executor
) -> tuple[Library, list[Problem], int]:
    """The library, every problem in it, and how many bodies had to be converted."""
    sources = find_sources(root)
    shape = shape_of(settings)
    texts, problems = _texts(
        root, sources, fingerprint(msgspec.json.encode(shape), settings.timezone)
    )
    kept = cache.readings(text.key for text in texts)
    fresh = _read_fresh(
        [t for t in texts if t.key not in kept], shape, settings.timezone, cache, executor
    )
    readings: list[Reading] = []
    unread = {p.file.removeprefix(f"{CONTENT}/") for p in problems}
    for text in texts:
        path = text.source.path
        if text.source.path in fresh and not fresh[path].kept:
            problems += fresh[path].problems
            unread.add(path)
            continue
        blob = kept[text.key] if text.key in kept else fresh[path].kept
        known = _DECODER.decode(blob)
        readings.append(replace(known.reading, path=path))
        problems += [replace(warning, file=f"{CONTENT}/{path}") for warning in known.warnings]
    files, unreadable = _files(root, sources, cache)
    if not problems:
        cache.forget_others({t.key for t in texts}, {r.body.key for r in readings})
    library = Library(tuple(readings), files, frozenset(unread))
    return library, problems + unreadable, len(fresh)


def shape_of(settings: Settings) -> Shape:
    return Shape(
        language=settings.language,
        smart_quotes=settings.markdown.smart_quotes,
        excerpt=settings.markdown.excerpt,
        promo_after=settings.promos.after,
    )


def read_text(text: Text, shape: Shape, timezone: str) -> Read:
    """Parse and convert one text file."""
    path, kind = text.source
    file = f"{CONTENT}/{path}"
    try:
        written = CONTROL.sub(
            "", text.data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        )
    except UnicodeDecodeError as error:
        line = text.data.count(b"\n", 0, error.start) + 1
        what = f"the bytes are no UTF-8 (0x{text.data[error.start]:02x})"
        return Read(path, text.key, (Problem(file, line, what, "save the file as UTF-8"),))
    document = parse(written, file)
    if isinstance(document, Problem):
        return Read(path, text.key, (document,))
    assert kind is not None
    door = Door(file, document.line, ZoneInfo(timezone), unknown="warning")
    matter, problems = decode(_MATTER[kind], document.fields, door)
    if matter is None:
        return Read(path, text.key, tuple(problems))
    prose, body = convert(document.body, document.body_line, shape)
    warnings = tuple(replace(problem, file="") for problem in problems)
    return Read(
        path=path,
        key=text.key,
        kept=msgspec.json.encode(Kept(Reading(kind, "", matter, body), warnings)),
        prose=msgspec.msgpack.encode(prose),
        prose_key=body.key,
    )


def locate(root: Path, problems: Iterable[Problem]) -> list[Problem]:
    """The problems, each that names a field of front matter with that field's line."""
    return [_located(root, problem) for problem in problems]


# JSON and not MessagePack: it keeps the offset of a moment.
_DECODER = msgspec.json.Decoder(Kept)


def _texts(root: Path, sources: list[Source], shape: str) -> tuple[list[Text], list[Problem]]:
    texts, problems = [], []
    for source in sources:
        if source.kind is None:
            continue
        try:
            data = (root / CONTENT / source.path).read_bytes()
        except OSError as error:
            problems.append(_unreadable(source.path, error))
        else:
            texts.append(Text(source, data, fingerprint(shape, source.kind, data)))
    return texts, problems


def _read_fresh(
    texts: list[Text], shape: Shape, timezone: str, cache: Cache, executor: Executor
) -> dict[str, Read]:
    """Read what the cache does not know, and tell it. By path."""
    fresh: dict[str, Read] = {}
    task = partial(_read_texts, shape=shape, timezone=timezone)
    for reads in spread(executor, task, texts, _CHUNK):
        good = [read for read in reads if read.kept]
        cache.add_readings(
            {read.key: read.kept for read in good}, {read.prose_key: read.prose for read in good}
        )
        fresh |= {read.path: read for read in reads}
    return fresh


def _read_texts(texts: list[Text], shape: Shape, timezone: str) -> list[Read]:
    return [read_text(text, shape, timezone) for text in texts]


def _files(
    root: Path, sources: list[Source], cache: Cache
) -> tuple[dict[str, File], list[Problem]]:
    """The copied files, by path. One whose stamp the cache knows is not read again."""
    known = cache.files()
    kept: dict[str, tuple[str, bytes]] = {}
    files: dict[str, File] = {}
    problems: list[Problem] = []
    for path in (source.path for source in sources if source.kind is None):
        full = root / CONTENT / path
        try:
            status = full.stat()
            stamp = f"{status.st_size} {status.st_mtime_ns} {status.st_ino} {edition()}"
            if path in known and known[path][0] == stamp:
                files[path] = msgspec.msgpack.decode(known[path][1], type=File)
            else:
                files[path] = _file(path, full)
        except OSError as error:
            problems.append(_unreadable(path, error))
            continue
        if time.time_ns() - status.st_mtime_ns > _SETTLED:
            kept[path] = (stamp, msgspec.msgpack.encode(files[path]))
    if kept != known:
        cache.keep_files(kept)
    return files, problems


def _file(path: str, full: Path) -> File:
    with full.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    width, height = imagesize.get(full)
    return File(path, digest, full.stat().st_size, max(0, round(width)), max(0, round(height)))


def _unreadable(path: str, error: OSError) -> Problem:
    what = f"cannot be read: {error.strerror}"
    remedy = (
        "point the link at a file that is there" if error.errno == 2 else "mend its permissions"
    )
    return Problem(f"{CONTENT}/{path}", 0, what, remedy)


def _located(root: Path, problem: Problem) -> Problem:
    if not problem.field:
        return problem
    written = (root / problem.file).read_text(encoding="utf-8-sig")
    if problem.file == FILE:
        return replace(problem, line=toml_line(written, problem.field), field=())
    document = parse(written, problem.file)
    line = 1 if isinstance(document, Problem) else document.line(problem.field)
    return replace(problem, line=line, field=())
