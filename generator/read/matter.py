"""Front matter by itself: texts come through the door, and their bodies are left alone."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from generator.config import CONTENT
from generator.errors import Problem, not_utf8
from generator.keep.cache import Cache
from generator.model import (
    ArticleMatter,
    AuthorMatter,
    Digest,
    Kind,
    Library,
    Matter,
    PageMatter,
    PromoMatter,
    Reading,
    TagMatter,
)
from generator.read.frontmatter import Document, parse
from generator.read.sources import Source, regular_file, unreadable
from generator.read.survey import Text
from generator.schema import CONTROL, Door, decode

_MATTER: dict[Kind, type[Any]] = {
    "articles": ArticleMatter,
    "authors": AuthorMatter,
    "tags": TagMatter,
    "pages": PageMatter,
    "promos": PromoMatter,
}


class Opened(NamedTuple):
    """A text taken apart. `matter` is None if there is an error among the problems."""

    document: Document
    matter: Any
    problems: list[Problem]


def open_text(source: Source, data: bytes, timezone: str) -> Opened | Problem:
    """The bytes of a text as its front matter and body, or why they cannot be taken apart."""
    file = f"{CONTENT}/{source.path}"
    try:
        written = _clean(data)
    except UnicodeDecodeError as error:
        return not_utf8(file, error)
    document = parse(written, file)
    if isinstance(document, Problem):
        return document
    assert source.kind is not None  # copied files are not read
    door = Door(file, document.line, ZoneInfo(timezone), unknown="warning")
    return Opened(document, *decode(_MATTER[source.kind], document.fields, door))


def read_matter(
    content: Path, source: Source, timezone: str, body: Digest
) -> tuple[Reading | None, list[Problem]]:
    """A text with a body of which no more is known than is given, and what is wrong with it."""
    try:
        data = regular_file(content / source.path).read_bytes()
    except OSError as error:
        return None, [unreadable(source.path, error)]
    opened = open_text(source, data, timezone)
    if isinstance(opened, Problem):
        return None, [opened]
    if opened.matter is None:
        return None, opened.problems
    assert source.kind is not None
    return Reading(source.kind, source.path, opened.matter, body), opened.problems


def read_matters(
    root: Path, texts: Iterable[Text], timezone: str, cache: Cache
) -> tuple[Library, list[Problem]]:
    """The library of these texts, all without bodies, and every problem in their front matter.

    A text that the cache knows is not opened. Nothing is written.
    """
    texts = list(texts)
    kept = cache.readings(text.key for text in texts)
    readings: list[Reading] = []
    problems: list[Problem] = []
    unread: dict[str, Digest] = {}
    for text in texts:
        blob = kept.get(text.key)
        reading, found = (
            _known(blob, text.source)
            if blob
            else read_matter(root / CONTENT, text.source, timezone, _NO_BODY)
        )
        problems += found
        if reading:
            readings.append(reading)
        else:
            unread[text.source.path] = _NO_BODY
    return Library(tuple(readings), {}, unread), problems


_NO_BODY = Digest("")


class _Face(msgspec.Struct, frozen=True):
    """The part of a reading that is decoded."""

    matter: Matter


class _Kept(msgspec.Struct, frozen=True):
    """What the cache holds of a text (`read.texts.Kept`), its body left out."""

    reading: _Face
    warnings: tuple[Problem, ...] = ()


_KEPT = msgspec.json.Decoder(_Kept)


def _known(blob: bytes, source: Source) -> tuple[Reading, list[Problem]]:
    """A reading from the cache without its body, at the path where it stands now."""
    kept = _KEPT.decode(blob)
    assert source.kind is not None
    warnings = [replace(warning, file=f"{CONTENT}/{source.path}") for warning in kept.warnings]
    return Reading(source.kind, source.path, kept.reading.matter, _NO_BODY), warnings


_CONTROL_BYTES = bytes(code for code in range(128) if CONTROL.match(chr(code)))
_CONTROL_STARTS = b"\xef\xbf"
"""How those of `CONTROL` begin in UTF-8 that are not in ASCII, and some others."""


def _clean(data: bytes) -> str:
    """The text with plain line ends, and without characters that no page could carry."""
    written = data.decode("utf-8-sig")
    if _CONTROL_STARTS not in data and data.translate(None, _CONTROL_BYTES) == data:
        return written
    return CONTROL.sub("", written.replace("\r\n", "\n").replace("\r", "\n"))
