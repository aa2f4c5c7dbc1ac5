"""A text taken apart: its front matter comes through the door, its body is left alone.

What readers see of the front matter has the same typographic marks as a body.
"""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from generator.codes import Code
from generator.config import CONTENT
from generator.config.collections import DeclaredField
from generator.content.declared import item_of, item_with, story_of, story_with, with_defaults
from generator.content.foreign import MatterDoor
from generator.content.front_matter import Document, parse
from generator.content.scan import Shape
from generator.content.sources import Source, unreadable
from generator.content.typography import typeset_text
from generator.errors import Problem, attempt, fault, is_error, not_utf8
from generator.fields import holds_text
from generator.model import (
    ArticleMatter,
    AudioMatter,
    AuthorMatter,
    BodyInfo,
    CorrectionMatter,
    Fields,
    FollowMatter,
    ItemMatter,
    Kind,
    PageMatter,
    PictureMatter,
    PromoMatter,
    Reading,
    TermMatter,
)
from generator.regular import read_whole
from generator.schema import CONTROL, decode

_MATTER: dict[Kind, type[Any]] = {
    "articles": ArticleMatter,
    "authors": AuthorMatter,
    "terms": TermMatter,
    "pages": PageMatter,
    "promos": PromoMatter,
    "items": ItemMatter,
}

_SET: dict[type[Any], tuple[str, ...]] = {
    ArticleMatter: ("title", "kicker", "summary", "image", "audio", "corrections"),
    PageMatter: ("title", "summary"),
    ItemMatter: ("title", "summary", "image", "declared"),
    Fields: ("texts", "pictures"),
    AuthorMatter: ("role", "follow"),
    PromoMatter: ("title", "label"),
    PictureMatter: ("title", "alt", "caption", "credit"),
    AudioMatter: ("title",),
    CorrectionMatter: ("text",),
    FollowMatter: ("label",),
}
"""The fields that are set like a body. Names are not: by them authors and tags are known."""


class Opened(NamedTuple):
    """A text taken apart. `matter` is None if there is an error among the problems."""

    document: Document
    matter: Any
    problems: list[Problem]


def open_text(source: Source, data: bytes, shape: Shape, timezone: str) -> Opened | Problem:
    """Return a text's bytes as front matter and body, or why they cannot be taken apart."""
    file, shape = f"{CONTENT}/{source.path}", shape.of(source.path)
    try:
        written = clean(data)
    except UnicodeDecodeError as error:
        return not_utf8(file, error)
    document = parse(written, file)
    if isinstance(document, Problem):
        return document
    assert source.kind is not None  # copied files are not read
    kind, fields = _MATTER[source.kind], document.fields
    door = MatterDoor(file, document.line, ZoneInfo(timezone), document.form)
    own = _own_fields(source, shape) if kind is ItemMatter else ()
    if kind is ArticleMatter and shape.taxonomies:
        kind = story_with(shape.taxonomies)
    elif kind is ItemMatter:
        kind, fields = item_with(own), with_defaults(own, fields)
    matter, problems = decode(kind, fields, door)
    problems += [
        *door.empty(kind, fields),
        *door.astray(kind, fields),
        *_lost(kind, document, door),
    ]
    if matter is None or any(map(is_error, problems)):
        return Opened(document, None, problems)
    if isinstance(matter, ArticleMatter):
        matter = story_of(matter)
    elif isinstance(matter, ItemMatter):
        matter = item_of(matter, own)
    marked = _with_marks(matter, shape.language) if shape.smart_quotes else matter
    return Opened(document, marked, problems)


def _own_fields(source: Source, shape: Shape) -> tuple[DeclaredField, ...]:
    """Return the fields that the collection of an item declares."""
    return dict(shape.collections)[source.path.partition("/")[0]]


def _lost(kind: type[Any], document: Document, door: MatterDoor) -> Iterator[Problem]:
    """Warn of words that were typed for a text and are no part of it."""
    for loss in document.losses:
        if holds_text(kind, loss.path, document.fields):
            what, remedy = loss.what, "put it in quotes"
            yield Problem(door.file, loss.line, what, remedy, "warning", code=Code.WRONG_VALUE)


def read_matter(
    content: Path, source: Source, shape: Shape, timezone: str, body: BodyInfo
) -> tuple[Reading | None, list[Problem]]:
    """Return a text with a body of which just this is known, and what is wrong with it."""
    try:
        data = read_whole(content / source.path)
    except OSError as error:
        return None, [unreadable(source.path, error)]
    file = f"{CONTENT}/{source.path}"
    work = partial(open_text, source, data, shape, timezone)
    opened = attempt(work, partial(fault, file))
    if isinstance(opened, Problem):
        return None, [opened]
    if opened.matter is None:
        return None, opened.problems
    assert source.kind is not None
    return Reading(source.kind, source.path, opened.matter, body), opened.problems


def body_of(text: Path) -> tuple[str, int] | Problem:
    """Return the body of a text as it was typed, and its first line in the file."""
    document = parse(clean(read_whole(text)), text.name)
    return document if isinstance(document, Problem) else (document.body, document.body_line)


def _with_marks(value: Any, language: str) -> Any:
    """Return a text, or the texts in a value that readers see, with the marks of a language."""
    if isinstance(value, str):
        return typeset_text(value, language)
    if isinstance(value, tuple):
        return tuple(_with_marks(part, language) for part in value)
    if isinstance(value, dict):
        return {name: _with_marks(part, language) for name, part in value.items()}
    changed = {}
    for name in _SET.get(type(value), ()):
        typed = getattr(value, name)
        if typed and (shown := _with_marks(typed, language)) != typed:
            changed[name] = shown
    return replace(value, **changed) if changed else value


_TABS_DOWN = re.compile(r"(?<=[^\n])[\x0b\x0c]+(?=[^\n])")
"""What word processors put between lines and pages: within a line, it parts words."""
_UNSEEN = re.compile(f"{CONTROL.pattern}|[\ufdd0-\ufdef]")
"""What nobody can see: beside those of `CONTROL` what Unicode keeps for programs, such as this."""
_CONTROL_BYTES = bytes(code for code in range(128) if CONTROL.match(chr(code)))
_CONTROL_START = b"\xef"
"""How those of `CONTROL` begin in UTF-8 that are not in ASCII, and others."""


def clean(data: bytes) -> str:
    """Return the text with plain line ends, and without characters that no page could carry."""
    written = data.decode("utf-8-sig")
    if _CONTROL_START not in data and len(data.translate(None, _CONTROL_BYTES)) == len(data):
        return written
    plain = written.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub("", _TABS_DOWN.sub(" ", plain))
