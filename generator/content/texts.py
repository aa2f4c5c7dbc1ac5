"""One text file: front matter through the door, body converted; what the cache holds of it.

What comes in are the bytes of a text; what goes out is its reading, or what is wrong with it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec.structs import replace

from generator.config import CONTENT, SITE_TOML
from generator.content.blocks import Marked, idle_places, mark_blocks, without_signs
from generator.content.bounds import MOST_BYTES, UnwieldyError, oversize, overtime, patience
from generator.content.formulas import find_formulas
from generator.content.front_matter import parse
from generator.content.markdown.extensions import read_code
from generator.content.markdown.lint import lint
from generator.content.markdown.within import without_html_around
from generator.content.matter import open_text, phrases_in
from generator.content.mending import located
from generator.content.prose import convert, is_read_within
from generator.content.scan import Shape, key_of, without_fields
from generator.content.sources import Source, unreadable
from generator.errors import Problem, attempt, fault, is_error
from generator.fields import Path as Field
from generator.model import ArticleMatter, BodyInfo, Reading, Reference
from generator.regular import read_whole
from generator.state.code_version import fingerprint
from generator.terms import terms_of
from generator.toml_places import line_of as toml_line
from generator.workers import OvertimeError, limited

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
    body: BodyInfo = BodyInfo("")


class Kept(msgspec.Struct, frozen=True):
    """What the cache holds of a text: its reading and its warnings, both without its path."""

    reading: Reading
    warnings: tuple[Problem, ...] = ()


def read_file(
    content: Path, source: Source, shape: Shape, timezone: str, data: bytes | None = None
) -> Read | Unread:
    """Parse and convert one text file below `content`, or say all that is wrong with it.

    With its `data` it is not opened.
    """
    if data is None:
        try:
            data = read_whole(content / source.path)
        except OSError as error:
            return Unread(source.path, [unreadable(source.path, error)])
    if len(data) > MOST_BYTES:
        return Unread(source.path, [oversize(f"{CONTENT}/{source.path}", len(data))])
    try:
        with limited(patience(len(data))):
            return read_text(source, data, shape, timezone)
    except OvertimeError:
        return too_long(source, data)


def too_long(source: Source, data: bytes) -> Unread:
    """Return the problem of a text that takes more time than any that is written by people."""
    body = data.decode(errors="replace")
    return Unread(source.path, [overtime(f"{CONTENT}/{source.path}", body, 1)])


def read_text(source: Source, data: bytes, shape: Shape, timezone: str) -> Read | Unread:
    """Parse and convert the bytes of a text, or say all that is wrong with them."""
    file = f"{CONTENT}/{source.path}"
    work = partial(_read, source, data, shape, timezone)
    read = attempt(work, partial(fault, file))
    return Unread(source.path, [read]) if isinstance(read, Problem) else read


def _read(source: Source, data: bytes, shape: Shape, timezone: str) -> Read | Unread:
    path, kind, shape = source.path, source.kind, shape.of(source.path)
    opened = open_text(source, data, shape, timezone)
    if isinstance(opened, Problem):
        return Unread(path, [opened])
    document, matter, problems = opened
    assert kind is not None  # copied files are not read
    file = f"{CONTENT}/{path}"
    typed, first = document.body, document.body_line
    try:
        marked = mark_blocks(typed, first)
    except UnwieldyError as error:
        return Unread(path, [*problems, replace(error.problem(typed, first), file=file)])
    made = convert(typed, first, without_fields(shape), kind in _ASIDE, marked)
    prose, body, plain, wrong = made
    wrong = [*wrong, *idle_places(body.blocks, kind)]
    problems += (replace(problem, file=file) for problem in wrong)
    problems += _linted(marked, first, file, shape)
    body = replace(body, references=(*body.references, *_references_of(matter)))
    if matter is None or any(map(is_error, problems)):
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


def _references_of(matter: Any) -> Iterator[Reference]:
    """Yield the relative addresses in the lines of some front matter."""
    for phrase in phrases_in(matter):
        yield from phrase.references


def _linted(marked: Marked, first: int, file: str, shape: Shape) -> list[Problem]:
    """Return what of a body would be lost; that alone, if it cannot be looked at for that.

    Nothing of one that has too many parts. `first` is its first line in the file.
    """
    typed = without_signs(marked)
    formulas = find_formulas(typed) if shape.math else None
    body = formulas.masked() if formulas else typed
    if is_read_within(body, shape):
        body = without_html_around(body)
    work = partial(
        lint,
        body_line=first,
        file=file,
        engine=shape.engine,
        shows_html=shape.raw_html is False,
        has_colours=not read_code(shape.extensions),
        is_extended=bool(shape.extensions),
    )
    try:
        found = attempt(partial(work, body), lambda error: located(error, work, body, first))
    except UnwieldyError:
        return []
    return [replace(found, file=file)] if isinstance(found, Problem) else found


# JSON and not MessagePack: it keeps the offset of a moment.
_KEPT = msgspec.json.Decoder(Kept)


def known(blob: bytes, path: str) -> tuple[Reading, list[Problem]]:
    """Return a reading from the cache, at the path where it stands now, and its warnings."""
    kept = _KEPT.decode(blob)
    warnings = [replace(warning, file=f"{CONTENT}/{path}") for warning in kept.warnings]
    return replace(kept.reading, path=path), warnings


def locate(
    root: Path, problems: Iterable[Problem], opened: Mapping[str, bytes] = MappingProxyType({})
) -> list[Problem]:
    """Return the problems, each that names a field of front matter with that field's line.

    A file that many of them are of is looked at once; a text whose bytes were `opened` before, by
    its content path, is not opened again.
    """
    lines: dict[str, Callable[[Field], int]] = {}
    located = []
    for problem in problems:
        if problem.field:
            line = lines.get(problem.file) or _lines(root, problem.file, opened)
            lines[problem.file] = line
            problem = replace(problem, line=line(problem.field), field=())
        located.append(problem)
    return located


def _lines(root: Path, file: str, opened: Mapping[str, bytes]) -> Callable[[Field], int]:
    """Return what finds the line of a field; 1 wherever the file is another one by now."""
    try:
        data = opened.get(file.removeprefix(f"{CONTENT}/")) or read_whole(root / file)
        written = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return _first
    if file == SITE_TOML:
        return partial(toml_line, written)
    document = parse(written, file)
    return _first if isinstance(document, Problem) else document.line


def _first(_: Field) -> int:
    return 1
