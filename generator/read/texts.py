"""One text file: front matter through the door, body converted; what the cache holds of it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from generator.config import CONTENT, FILE
from generator.edition import fingerprint
from generator.errors import Problem, not_utf8
from generator.model import (
    ArticleMatter,
    AuthorMatter,
    Digest,
    Kind,
    PageMatter,
    PromoMatter,
    Reading,
    TagMatter,
)
from generator.read.frontmatter import parse
from generator.read.prose import convert
from generator.read.sources import Source, regular_file, unreadable
from generator.read.survey import Shape, key_of
from generator.schema import CONTROL, Door, decode, toml_line
from generator.terms import terms_of

_MATTER: dict[Kind, type[Any]] = {
    "articles": ArticleMatter,
    "authors": AuthorMatter,
    "tags": TagMatter,
    "pages": PageMatter,
    "promos": PromoMatter,
}
_ASIDE = ("authors", "promos")
"""Kinds whose texts stand on the pages of others."""


class Read(msgspec.Struct, frozen=True):
    """A text read well: what the cache is to hold of it, encoded.

    `key` is that of the bytes that were read: not the text's, if the file has changed since.
    """

    key: str
    kept: bytes
    prose_key: str
    prose: bytes
    terms_key: str = ""
    terms: bytes = b""


class Unread(msgspec.Struct, frozen=True):
    """A text with errors, and what is known of its body all the same."""

    path: str
    problems: list[Problem]
    body: Digest = Digest("")


class Kept(msgspec.Struct, frozen=True):
    """What the cache holds of a text: its reading and its warnings, both without its path."""

    reading: Reading
    warnings: tuple[Problem, ...] = ()


def read_file(content: Path, source: Source, shape: Shape, timezone: str) -> Read | Unread:
    """Parse and convert one text file below `content`, or say all that is wrong with it."""
    try:
        data = regular_file(content / source.path).read_bytes()
    except OSError as error:
        return Unread(source.path, [unreadable(source.path, error)])
    return read_text(source, data, shape, timezone)


def read_matter(content: Path, source: Source, timezone: str, body: Digest) -> Reading | None:
    """A text with a body of which no more is known than is given; None if it has errors."""
    assert source.kind is not None  # copied files are not read
    file = f"{CONTENT}/{source.path}"
    try:
        document = parse(_clean(regular_file(content / source.path).read_bytes()), file)
    except (OSError, UnicodeDecodeError):
        return None
    if isinstance(document, Problem):
        return None
    door = Door(file, document.line, ZoneInfo(timezone), unknown="warning")
    matter, _ = decode(_MATTER[source.kind], document.fields, door)
    return Reading(source.kind, source.path, matter, body) if matter else None


def read_text(source: Source, data: bytes, shape: Shape, timezone: str) -> Read | Unread:
    """Parse and convert the bytes of a text, or say all that is wrong with them."""
    path, kind = source.path, source.kind
    file = f"{CONTENT}/{path}"
    try:
        written = _clean(data)
    except UnicodeDecodeError as error:
        return Unread(path, [not_utf8(file, error)])
    document = parse(written, file)
    if isinstance(document, Problem):
        return Unread(path, [document])
    assert kind is not None  # copied files are not read
    door = Door(file, document.line, ZoneInfo(timezone), unknown="warning")
    matter, problems = decode(_MATTER[kind], document.fields, door)
    prose, body, plain = convert(document.body, document.body_line, shape, aside=kind in _ASIDE)
    if matter is None:
        return Unread(path, problems, body)
    terms = b""
    if isinstance(matter, ArticleMatter):
        body = replace(body, terms=fingerprint("terms", matter.title, plain, shape.language))
        terms = msgspec.msgpack.encode(terms_of(matter.title, plain, shape.language))
    warnings = tuple(replace(problem, file="") for problem in problems)
    return Read(
        key=key_of(kind, data, shape, timezone),
        kept=msgspec.json.encode(Kept(Reading(kind, "", matter, body), warnings)),
        prose_key=body.key,
        prose=msgspec.msgpack.encode(prose),
        terms_key=body.terms,
        terms=terms,
    )


# JSON and not MessagePack: it keeps the offset of a moment.
_KEPT = msgspec.json.Decoder(Kept)


def known(blob: bytes, path: str) -> tuple[Reading, list[Problem]]:
    """A reading from the cache, at the path where it stands now."""
    kept = _KEPT.decode(blob)
    warnings = [replace(warning, file=f"{CONTENT}/{path}") for warning in kept.warnings]
    return replace(kept.reading, path=path), warnings


def locate(root: Path, problems: Iterable[Problem]) -> list[Problem]:
    """The problems, each that names a field of front matter with that field's line."""
    return [_located(root, problem) for problem in problems]


_CONTROL_BYTES = bytes(code for code in range(128) if CONTROL.match(chr(code)))
_CONTROL_STARTS = b"\xef\xbf"
"""How those of `CONTROL` begin in UTF-8 that are not in ASCII, and some others."""


def _clean(data: bytes) -> str:
    """The text with plain line ends, and without characters that no page could carry."""
    written = data.decode("utf-8-sig")
    if _CONTROL_STARTS not in data and data.translate(None, _CONTROL_BYTES) == data:
        return written
    return CONTROL.sub("", written.replace("\r\n", "\n").replace("\r", "\n"))


def _located(root: Path, problem: Problem) -> Problem:
    if not problem.field:
        return problem
    written = (root / problem.file).read_text(encoding="utf-8-sig")
    if problem.file == FILE:
        return replace(problem, line=toml_line(written, problem.field), field=())
    document = parse(written, problem.file)
    line = 1 if isinstance(document, Problem) else document.line(problem.field)
    return replace(problem, line=line, field=())
