"""A text taken apart: its front matter comes through the door, its body is left alone.

What readers see of the front matter has the same typographic marks as a body, and some of it
Markdown inside its line.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from generator.codes import Code
from generator.config import CONTENT
from generator.config.collections import DeclaredField
from generator.content.bounds import UnwieldyError
from generator.content.declared import item_of, item_with, story_of, story_with, with_defaults
from generator.content.foreign import MatterDoor
from generator.content.front_matter import Document, parse
from generator.content.phrases import read_phrase
from generator.content.scan import Shape
from generator.content.sources import Source, unreadable
from generator.content.typography import typeset_text
from generator.errors import Problem, attempt, fault, is_error, not_utf8, shortened
from generator.fields import PHRASES, holds_text, named
from generator.fields import Path as Field
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
    Phrase,
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
    TermMatter: ("image",),
    PromoMatter: ("title", "label"),
    PictureMatter: ("title", "alt", "caption", "credit"),
    AudioMatter: ("title",),
    CorrectionMatter: ("text",),
    FollowMatter: ("label",),
}
"""The fields that are set like a body. Names are not: by them authors and tags are known."""

_PHRASES: dict[type[Any], tuple[str, ...]] = {
    ArticleMatter: ("summary",),
    PageMatter: ("summary",),
    ItemMatter: ("summary",),
    PictureMatter: ("caption", "credit"),
    CorrectionMatter: ("text",),
}
"""Those that may have Markdown inside their line."""
_TABLES = ("declared", "texts", "pictures")
"""Fields that no front matter has: what they hold stands in it by its own name."""


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
    setting = _Setting(file, document.line, shape)
    return Opened(document, setting.of(matter), [*problems, *setting.problems])


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


class _Setting:
    """Sets what readers see of front matter, and gathers the `problems` of what they are to see."""

    def __init__(self, file: str, line: Callable[[Field], int], shape: Shape) -> None:
        self._file, self._line, self._shape = file, line, shape
        self.problems: list[Problem] = []

    def of(self, value: Any, field: Field = ()) -> Any:
        """Return the text, or the texts in a value, that stands in a `field`, as it is shown."""
        if isinstance(value, str):
            shape = self._shape
            return typeset_text(value, shape.language) if shape.smart_quotes else value
        if isinstance(value, tuple):
            return tuple(self.of(part, (*field, place)) for place, part in enumerate(value))
        if isinstance(value, dict):
            return {name: self.of(part, (*field, name)) for name, part in value.items()}
        changed: dict[str, Any] = {}
        phrases: dict[str, Phrase] = {}
        for name in _SET.get(type(value), ()):
            typed = getattr(value, name)
            if not typed:
                continue
            here = field if name in _TABLES else (*field, name)
            if name in _PHRASES.get(type(value), ()):
                shown, phrase = self._phrase(typed, here)
                phrases |= {name: phrase} if phrase else {}
            else:
                shown = self.of(typed, here)
            changed |= {name: shown} if shown != typed else {}
        changed |= {PHRASES: phrases} if phrases else {}
        return replace(value, **changed) if changed else value

    def _phrase(self, typed: str, field: Field) -> tuple[str, Phrase | None]:
        """Return a line of text as it is read, and as HTML if there is Markdown in it."""
        try:
            words, phrase, harmful = read_phrase(typed, self._shape)
        except UnwieldyError as error:
            self._tell(field, error.what, error.remedy, Code.TOO_LARGE)
            return typed, None
        for address in harmful:
            what = f'"{shortened(address)}" is code, and no address'
            self._tell(field, what, "write where it leads", Code.UNSAFE_HTML)
        if phrase and phrase.references:
            line = self._line(field)
            found = tuple(replace(one, line=line) for one in phrase.references)
            phrase = replace(phrase, references=found)
        return words, phrase

    def _tell(self, field: Field, what: str, remedy: str, code: Code) -> None:
        file, line = self._file, self._line(field)
        self.problems.append(Problem(file, line, f"{named(field)}: {what}", remedy, code=code))


def phrases_in(value: Any) -> Iterator[Phrase]:
    """Yield the lines with Markdown in them of front matter, in no order that anybody sees."""
    if isinstance(value, tuple):
        for part in value:
            yield from phrases_in(part)
    elif isinstance(value, dict):
        yield from phrases_in((*value.values(),))
    elif type(value) in _SET:
        yield from getattr(value, PHRASES, {}).values()
        for name in _SET[type(value)]:
            yield from phrases_in(getattr(value, name))


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
