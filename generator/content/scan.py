"""What is in `content/`, before any of it is parsed.

What comes in are a site's folder and settings, and how its files looked before; what goes out are
its texts by key and its copied files by digest. A file whose stamp is the one it had is not opened.
"""

import os
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import overload

import msgspec
from msgspec.structs import replace

from generator.config import CONTENT, Engine, Extra, ListRules, RawHtml, Settings
from generator.config.collections import DeclaredField, collections_of
from generator.config.policy import policy_with_own
from generator.config.taxonomies import declared_of
from generator.content.borders import borders, useless_links
from generator.content.files import read_files
from generator.content.markdown.extensions import MarkdownExtension, extensions_of
from generator.content.names import in_language, is_reserved, kind_of_text
from generator.content.sources import Source, find_sources, is_odd, odd_names, unreadable
from generator.content.text_keys import TextKeys
from generator.content.withheld import not_pages, not_published, published_keys, vain_patterns
from generator.errors import Problem
from generator.model import File, Kind
from generator.regular import read_whole
from generator.state.code_version import fingerprint
from generator.state.files import Files
from generator.state.table import Rows, Seen

_MOST_OPENED = 4_000_000
"""Bytes of texts that are held once they are scanned; what is beyond is opened again to be read."""


class Shape(msgspec.Struct, frozen=True):
    """The settings that shape a text as it is read; see `site.toml`.

    `taxonomies` are those whose names are fields of stories as the site declares them, each with
    whether a story may have several; `collections` those that it declares, with their fields.
    `languages` are those beside the main one.
    """

    engine: Engine
    language: str
    smart_quotes: bool
    excerpt: int
    promo_after: int
    raw_html: RawHtml = True
    lists: ListRules = "classic"
    taxonomies: tuple[tuple[str, bool], ...] = ()
    collections: tuple[tuple[str, tuple[DeclaredField, ...]], ...] = ()
    policy: tuple[tuple[str, tuple[str, ...]], ...] = ()
    extensions: tuple[MarkdownExtension, ...] = ()
    languages: tuple[str, ...] = ()
    math: bool = False
    extras: tuple[Extra, ...] = ()

    def of(self, path: str) -> "Shape":
        """Return what shapes the text at a content path, whose name may say its language."""
        if not self.languages:
            return self
        _, language = in_language(path, self.languages)
        return _in(language or self.language, self)


@lru_cache(maxsize=16)
def _in(language: str, shape: Shape) -> Shape:
    return replace(shape, language=language, languages=())


class Text(msgspec.Struct, frozen=True):
    """A text file, with the key under which the cache would know it."""

    source: Source
    key: str


class FoundTexts(Sequence[Text]):
    """The texts of these `keys`, in the order of their paths, of a site with such `collections`."""

    def __init__(self, keys: TextKeys, collections: Container[str] = ()) -> None:
        self.keys = keys
        self._collections = collections

    def with_keys(self, keys: TextKeys) -> "FoundTexts":
        """Return the texts of other keys, of the same site."""
        return FoundTexts(keys, self._collections)

    @overload
    def __getitem__(self, row: int) -> Text: ...

    @overload
    def __getitem__(self, row: slice) -> Sequence[Text]: ...

    def __getitem__(self, row: int | slice) -> Text | Sequence[Text]:
        if isinstance(row, slice):
            return [self[place] for place in range(len(self))[row]]
        return self._text(self.keys.paths[row], self.keys.at(row))

    def __iter__(self) -> Iterator[Text]:
        return (self._text(path, self.keys.at(row)) for row, path in enumerate(self.keys.paths))

    def __len__(self) -> int:
        return len(self.keys)

    def at(self, path: str) -> Text:
        """Return the text at a content path."""
        return self._text(path, self.keys[path])

    def kind_of(self, path: str) -> Kind:
        """Return the kind of the text at a content path."""
        return kind_of_text(path, self._collections)

    def _text(self, path: str, key: str) -> Text:
        return Text(Source(path, self.kind_of(path)), key)


NO_TEXTS = FoundTexts(TextKeys([], b""))


class Scan(msgspec.Struct, frozen=True):
    """All that was found.

    Two scans with one `digest` are of the same files with the same bytes. `words_salt` names what
    else than their bytes the keys of the texts hang on. `withheld` are the files that are not
    published, with the reason. `opened` holds the bytes of texts that had to be opened, by path, so
    that nobody opens them again: 4 MB of them at most.
    """

    texts: FoundTexts
    files: dict[str, File]
    problems: list[Problem]
    digest: str
    words_salt: str = ""
    withheld: dict[str, str] = {}
    opened: Mapping[str, bytes] = {}


def scan(root: Path, settings: Settings, files: Files, *, guessed: bool = False) -> Scan:
    """Look at the files of the site in `root`. Those whose stamp is known are not opened.

    Where the settings are `guessed`, nothing is said of what is published and what is not.
    """
    if not os.path.lexists(root / CONTENT):
        remedy = f"make it, and put stories into {CONTENT}/articles/"
        return Scan(NO_TEXTS, {}, [Problem(CONTENT, 0, "there is no such folder", remedy)], "")
    meant, links = settings.content.meant, settings.content.links
    limits = borders(root, CONTENT, links)
    if refusal := limits.refusal(str(root / CONTENT)):
        return Scan(NO_TEXTS, {}, [Problem(CONTENT, 0, *refusal)], "")
    shape, zone = shape_of(settings), settings.timezone
    under = fingerprint(_shaping(shape, zone), *settings.content.publish)
    known = files.known("texts", under)
    declared: dict[str, Kind] = dict.fromkeys(settings.taxonomies, "terms")
    declared |= dict.fromkeys(settings.collections, "items")
    as_known, found = find_sources(root, meant, limits, declared, known)
    sources = [s for s in found if not (s.refused or s.error or is_odd(s.path))]
    opened = _open(root, sources, settings)
    seen = _seen(known, as_known, opened)
    if seen is not known:
        files.keep("texts", under, seen)
    keys = _keys(seen, opened)
    copied = read_files(root, sources, meant, files)
    withheld = {s.path: s.withheld for s in sources if s.withheld} | copied.withheld
    problems = [*opened.problems, *odd_names(found), *copied.problems, *useless_links(root, links)]
    if not guessed:
        problems += [
            *not_published(withheld),
            *not_pages(copied.files, meant),
            *published_keys(copied.keys, meant),
            *vain_patterns(meant, [*keys.paths, *(source.path for source in found)]),
        ]
    digests = [(file.path, file.digest) for file in copied.files.values()]
    others = msgspec.json.encode((keys.paths, digests, problems))
    digest = fingerprint(keys.data, others)
    texts = FoundTexts(keys, frozenset(settings.collections))
    salt = fingerprint(_shaping(without_fields(_in(shape.language, shape)), zone))
    return Scan(texts, copied.files, problems, digest, salt, withheld, opened.texts)


def second_look(root: Path, settings: Settings, found: Scan, paths: Collection[str]) -> Scan | None:
    """Look again at some texts, whose bytes are new, and return the scan with those.

    Only their bytes are among the `opened`. None if that is not all: if one of these paths was not,
    or is no longer, that of a text. Those that came and went do not count.
    """
    keys = found.texts.keys
    shape = shape_of(settings)
    new, opened = dict[str, str](), _Opened()
    for path in paths:
        file = root / CONTENT / path
        if path not in keys:
            if not _is_as_it_was(file, path, found):
                return None
            continue
        if file.is_symlink():
            return None
        try:
            data = read_whole(file)
        except OSError:
            return None
        new[path] = key_of(found.texts.kind_of(path), data, shape.of(path), settings.timezone)
        opened.hold(path, data)
    digest = fingerprint(found.digest, *new.values())
    texts = found.texts.with_keys(keys.put(new))
    return replace(found, texts=texts, digest=digest, opened=opened.texts)


def _is_as_it_was(file: Path, path: str, found: Scan) -> bool:
    """Return whether at a path that is no text's nothing is, as before, or what is withheld
    whatever it holds.
    """
    if path in found.withheld and is_reserved(path):
        return file.is_file() and not file.is_symlink()
    return path not in found.withheld and path not in found.files and not os.path.lexists(file)


def shape_of(settings: Settings) -> Shape:
    """Return what of the settings shapes a text as it is read."""
    return Shape(
        engine=settings.markdown.engine,
        language=settings.language,
        smart_quotes=settings.markdown.smart_quotes,
        excerpt=settings.markdown.excerpt,
        promo_after=settings.promos.after,
        raw_html=settings.markdown.raw_html,
        lists=settings.markdown.lists,
        taxonomies=declared_of(settings),
        collections=tuple((one.name, one.fields) for one in collections_of(settings).values()),
        policy=tuple(policy_with_own(settings).items()),
        extensions=extensions_of(settings.markdown),
        languages=tuple(settings.languages),
        math=settings.markdown.math,
        extras=tuple(sorted({*settings.markdown.extras})),
    )


class _Opened:
    """Texts that were opened: by path their keys, the bytes of those that may be held, and what is
    known of those that are `settled` from now on.
    """

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}
        self.texts: dict[str, bytes] = {}
        self.settled: dict[str, Seen] = {}
        self.problems: list[Problem] = []
        self._left = _MOST_OPENED

    def hold(self, path: str, data: bytes) -> None:
        self._left -= len(data)
        if self._left >= 0:
            self.texts[path] = data


def _open(root: Path, sources: list[Source], settings: Settings) -> _Opened:
    """Open the texts among these. What cannot be read at all is a problem, and left out."""
    shape = shape_of(settings)
    opened = _Opened()
    for source in sources:
        if source.kind is None:
            continue
        path = source.path
        try:
            data = read_whole(root / CONTENT / path)
        except OSError as error:
            opened.problems.append(unreadable(path, error))
            continue
        key = key_of(source.kind, data, shape.of(path), settings.timezone)
        opened.keys[path] = key
        opened.hold(path, data)
        if source.settled and source.stamp:
            opened.settled[path] = Seen(source.stamp, bytes.fromhex(key))
    return opened


def _seen(known: Rows, as_known: Collection[int], opened: _Opened) -> Rows:
    """Return what is known of texts from now on, each that was known in the place that it had."""
    if len(as_known) == len(known) and not opened.settled:
        return known
    others = {*range(len(known))}.difference(as_known)
    gone = {known.paths[row] for row in others} - opened.settled.keys()
    return known.put(Rows.of(opened.settled), gone)


def _keys(seen: Rows, opened: _Opened) -> TextKeys:
    """Return the keys of the texts that are known from now on, and of those that may yet change."""
    unsettled = opened.keys.keys() - opened.settled.keys()
    keys = [*seen.findings, *(bytes.fromhex(opened.keys[path]) for path in unsettled)]
    return TextKeys.of([*seen.paths, *unsettled], keys)


def key_of(kind: Kind, data: bytes, shape: Shape, timezone: str) -> str:
    """Return the digest of a text and of the settings that shape what is made of it."""
    shape = shape if kind == "items" else without_fields(shape)
    return fingerprint(_shaping(shape, timezone), kind, data)


def without_fields(shape: Shape) -> Shape:
    """Return what shapes all but the front matter of items: new fields make nothing else new."""
    return replace(shape, collections=()) if shape.collections else shape


@lru_cache(maxsize=8)
def _shaping(shape: Shape, timezone: str) -> bytes:
    return msgspec.json.encode((shape, timezone))
