"""Everything in `content/`, read: texts parsed and converted, copied files measured.

A text that the cache knows, by the digest of its bytes and of the settings that shape
it, is not parsed again.
"""

import errno
import hashlib
import stat
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from functools import partial
from itertools import chain
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
    Digest,
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
from generator.read.sources import CONTENT, Source, find_sources, kind_of
from generator.schema import CONTROL, Door, decode, toml_line
from generator.workers import spread

_MATTER: dict[Kind, type[Any]] = {
    "articles": ArticleMatter,
    "authors": AuthorMatter,
    "tags": TagMatter,
    "pages": PageMatter,
    "promos": PromoMatter,
}
_ASIDE = ("authors", "promos")
"""Kinds whose texts stand on the pages of others."""
_CHUNK = 32
_SETTLED = 2_000_000_000
"""Nanoseconds. A file younger than this may change again without a new stamp."""


class Kept(msgspec.Struct, frozen=True):
    """What the cache holds of a text: its reading and its warnings, both without its path."""

    reading: Reading
    warnings: tuple[Problem, ...] = ()


class Text(msgspec.Struct, frozen=True):
    """A text file's bytes, with the key under which the cache would know it."""

    source: Source
    data: bytes
    key: str


class Read(msgspec.Struct, frozen=True):
    """A text read well: what the cache is to hold of it, encoded."""

    key: str
    kept: bytes
    prose_key: str
    prose: bytes


class Unread(msgspec.Struct, frozen=True):
    """A text with errors, and what is known of its body all the same."""

    path: str
    problems: list[Problem]
    body: Digest = Digest("")


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
    problems += _odd_names(found)
    unread = {source.path: Digest("") for source in sources if source.kind}
    kept = cache.readings(text.key for text in texts)
    unknown = [text for text in texts if text.key not in kept]
    for read in _read_all(unknown, shape, settings.timezone, executor):
        if isinstance(read, Read):
            kept[read.key] = read.kept
            cache.add(read.key, read.kept, read.prose_key, read.prose)
        else:
            problems += read.problems
            unread[read.path] = read.body
    cache.commit()
    readings = []
    for text in texts:
        if text.key in kept:
            reading, warnings = _known(kept[text.key], text.source.path)
            readings.append(reading)
            problems += warnings
            del unread[reading.path]
    files, unreadable = _files(root, sources, cache)
    if not unread:
        cache.forget_others(kept, (reading.body.key for reading in readings))
    library = Library(tuple(readings), files, unread)
    return library, problems + unreadable, len(unknown)


def shape_of(settings: Settings) -> Shape:
    return Shape(
        language=settings.language,
        smart_quotes=settings.markdown.smart_quotes,
        excerpt=settings.markdown.excerpt,
        promo_after=settings.promos.after,
    )


def read_text(text: Text, shape: Shape, timezone: str) -> Read | Unread:
    """Parse and convert one text file, or say all that is wrong with it."""
    path, kind = text.source
    file = f"{CONTENT}/{path}"
    try:
        written = _clean(text.data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = text.data.count(b"\n", 0, error.start) + 1
        what = f"the bytes are no UTF-8 (0x{text.data[error.start]:02x})"
        return Unread(path, [Problem(file, line, what, "save the file as UTF-8")])
    document = parse(written, file)
    if isinstance(document, Problem):
        return Unread(path, [document])
    assert kind is not None  # copied files are not read
    door = Door(file, document.line, ZoneInfo(timezone), unknown="warning")
    matter, problems = decode(_MATTER[kind], document.fields, door)
    prose, body = convert(document.body, document.body_line, shape, aside=kind in _ASIDE)
    if matter is None:
        return Unread(path, problems, body)
    warnings = tuple(replace(problem, file="") for problem in problems)
    return Read(
        key=text.key,
        kept=msgspec.json.encode(Kept(Reading(kind, "", matter, body), warnings)),
        prose_key=body.key,
        prose=msgspec.msgpack.encode(prose),
    )


def _clean(written: str) -> str:
    """The text with plain line ends, and without characters that no page could carry."""
    return CONTROL.sub("", written.replace("\r\n", "\n").replace("\r", "\n"))


def locate(root: Path, problems: Iterable[Problem]) -> list[Problem]:
    """The problems, each that names a field of front matter with that field's line."""
    return [_located(root, problem) for problem in problems]


# JSON and not MessagePack: it keeps the offset of a moment.
_KEPT = msgspec.json.Decoder(Kept)


def _known(blob: bytes, path: str) -> tuple[Reading, list[Problem]]:
    """A reading from the cache, at the path where it stands now."""
    kept = _KEPT.decode(blob)
    warnings = [replace(warning, file=f"{CONTENT}/{path}") for warning in kept.warnings]
    return replace(kept.reading, path=path), warnings


def _texts(
    root: Path, sources: list[Source], shape: Shape, timezone: str
) -> tuple[list[Text], list[Problem]]:
    shaping = fingerprint(msgspec.json.encode(shape), timezone)
    texts, problems = [], []
    for source in sources:
        if source.kind is None:
            continue
        try:
            data = _open_file(root / CONTENT / source.path).read_bytes()
        except OSError as error:
            problems.append(_unreadable(source.path, error))
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
            status = _open_file(full).stat()
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


def _open_file(full: Path) -> Path:
    """The path, if a regular file is there: to read a pipe would be to wait for ever."""
    if not stat.S_ISREG(full.stat().st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")
    return full


def is_odd(path: str) -> bool:
    """Whether a name holds what no address or list of files could carry."""
    return bool(CONTROL.search(path)) or len(path.splitlines()) > 1


def _odd_names(sources: list[Source]) -> Iterator[Problem]:
    """Files whose names no address or list could carry, or that look like texts and are none."""
    for source in sources:
        if is_odd(source.path):
            shown = source.path.encode("unicode_escape").decode()
            what = "the file's name holds a control character, or is no UTF-8"
            yield Problem(f"{CONTENT}/{shown}", 0, what, "rename it")
            continue
        looks_like_text = source.path.lower().endswith((".md", ".markdown"))
        if source.kind is None and looks_like_text and kind_of(f"{source.path}.md"):
            what = "this file is published as it is, not as a page"
            remedy = "give its name the ending .md if it is a text"
            yield Problem(f"{CONTENT}/{source.path}", 0, what, remedy, "warning")


def _unreadable(path: str, error: OSError) -> Problem:
    what = f"cannot be read: {error.strerror}"
    remedy = _REMEDIES.get(error.errno or 0, "mend its permissions")
    return Problem(f"{CONTENT}/{path}", 0, what, remedy)


_REMEDIES = {
    errno.ENOENT: "point the link at a file that is there",
    errno.ELOOP: "point the link at a file that is there",
    errno.EINVAL: "take it out",
}


def _located(root: Path, problem: Problem) -> Problem:
    if not problem.field:
        return problem
    written = (root / problem.file).read_text(encoding="utf-8-sig")
    if problem.file == FILE:
        return replace(problem, line=toml_line(written, problem.field), field=())
    document = parse(written, problem.file)
    line = 1 if isinstance(document, Problem) else document.line(problem.field)
    return replace(problem, line=line, field=())
