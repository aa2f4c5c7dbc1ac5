"""Hold the texts of a site that is kept open: each is read again when its bytes are others.

In come the texts that were found on disk. Out come what they say, their bodies and their terms. The
cache is read, never written: what it does not hold is held here.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from generator.config import CONTENT, Settings
from generator.content.bounds import patience
from generator.content.matter import read_matter
from generator.content.prose import convert
from generator.content.scan import NO_TEXTS, FoundTexts, Scan, Shape, Text, shape_of
from generator.content.sources import Source
from generator.content.text_keys import TextKeys
from generator.content.texts import Read, Unread, known, locate, read_file, too_long
from generator.errors import Problem, SiteError, StateError, attempt, fault, is_unreadable
from generator.model import BodyInfo, File, Library, Prose, Reading
from generator.state.blobs import Blobs
from generator.terms import Terms
from generator.workers import Apart, OvertimeError, chunks

MANY = 256
"""So many texts that nobody has read before are work for all cores."""
LONG = 16_000
"""Bytes of a text that is read in a process of its own, which can be ended."""
_LEAST_SHARE = 5
"""Of the seconds of the clock, the processor works one for a text at least."""


class _Known(NamedTuple):
    """A text as far as it is known.

    With errors in it `unread` is what is known of its body all the same, and `reading` is that
    of when it had none.
    """

    text: Text
    reading: Reading | None
    problems: list[Problem]
    unread: BodyInfo | None = None


class Texts:
    """The texts of the site in `root`, read as its `settings` have it.

    `ahead` are stories of which only the front matter is read yet, by the number in the mark
    that stands for their words.
    """

    settings: Settings

    def __init__(self, root: Path, blobs: Blobs) -> None:
        self.ahead: dict[int, Text] = {}
        self._root = root
        self._blobs = blobs
        self._keys = NO_TEXTS.keys
        self._known: dict[str, _Known] = {}
        self._amiss: set[str] = set()  # the paths of those with errors or warnings
        self._broken: set[str] = set()
        self._touched: set[str] = set()  # those that may be others than when all were looked at
        self._made: dict[str, bytes] = {}
        self._stale: set[str] = set()
        self._numbers = count()
        self._is_read = False
        self._apart = Apart()

    def take_in(self, found: Scan) -> set[str]:
        """Read what is new among all the texts there are now; what was opened is not again.

        Return the paths of those that are new, have other bytes than before, or are gone.
        """
        keys, opened = found.texts.keys, found.opened
        new, gone = self._new_among(found.texts), self._gone_from(keys)
        for path in gone:
            self._put(path, None)
        if len(new) <= MANY:
            self._hold(text.source.path for text in new)
        kept = self._kept(new)
        unknown = [text for text in new if text.key not in kept]
        are_many = (
            not self._is_read and sum(text.source.kind == "articles" for text in unknown) > MANY
        )
        for text in unknown:
            if are_many and text.source.kind == "articles":
                self._read_metadata(text)
            else:
                self.read(text, opened.get(text.source.path))
        for text in new:
            if blob := kept.get(text.key):
                self._put(text.source.path, self._located(text, blob, opened))
        self._is_read = False
        self._touched = {path for path in self._touched if keys.get(path) != self._key(path)}
        self._keys = keys  # not before all is read: what failed is new the next time, too
        return {*gone, *(text.source.path for text in new)}

    def _new_among(self, texts: FoundTexts) -> list[Text]:
        """Return the texts that are not as they were read last."""
        keys = texts.keys
        may_be = {*keys.new_since(self._keys), *(path for path in self._touched if path in keys)}
        return [texts.at(path) for path in sorted(may_be) if self._key(path) != keys[path]]

    def _gone_from(self, keys: TextKeys) -> Set[str]:
        """Return the paths of the texts that are no more."""
        return set() if keys.paths == self._keys.paths else self._known.keys() - {*keys.paths}

    def expect_all(self) -> None:
        """Have what is `ahead` taken in as if it were new: it has been read elsewhere."""
        for text in self.ahead.values():
            path = text.source.path
            if path in self._known:
                self._know(path, self._known[path]._replace(text=Text(text.source, "")))
        self.ahead.clear()
        self._is_read = True

    def read(self, text: Text, data: bytes | None = None) -> None:
        """Read a text with its body. With its `data` it is not opened."""
        path = text.source.path
        opened = {} if data is None else {path: data}
        shape, zone = shape_of(self.settings), self.settings.timezone
        read = self._read_file(text.source, shape, zone, data)
        if isinstance(read, Read):
            self._put(path, self._located(Text(text.source, read.key), read.kept, opened))
            self._made |= {read.prose_key: read.prose, read.terms_key: read.terms}
        else:
            last = self._known.get(path)
            whole = last.reading if last else None
            if whole and marks(whole.body.key.encode()):
                whole = replace(whole, body=BodyInfo(""))
            if any(map(is_unreadable, read.problems)):
                text = Text(text.source, "")  # it is new as soon as it can be read
            problems = locate(self._root, read.problems, opened)
            self._know(path, _Known(text, whole, problems, read.body))

    def _located(self, text: Text, kept: bytes, opened: Mapping[str, bytes]) -> _Known:
        """Return what is known of a text without errors, each warning with its line."""
        reading, warnings = known(kept, text.source.path)
        return _Known(text, reading, locate(self._root, warnings, opened))

    def _read_file(
        self, source: Source, shape: Shape, zone: str, data: bytes | None
    ) -> Read | Unread:
        """Read a file; a long one elsewhere, for no other thread runs while it is looked at."""
        content = self._root / CONTENT
        size = _size(content / source.path) if data is None else len(data)
        if size <= LONG:
            return read_file(content, source, shape, zone, data)
        try:
            most = _LEAST_SHARE * patience(size)
            task = partial(self._apart.call, most, read_file, content, source, shape, zone, data)
            read = attempt(task, partial(fault, f"{CONTENT}/{source.path}"))
        except OvertimeError:
            return too_long(source, b"")
        return Unread(source.path, [read]) if isinstance(read, Problem) else read

    def end(self) -> None:
        """Leave no process running."""
        self._apart.end()

    def tidy(self) -> None:
        """Let go of what was made of texts as they were before: no page shows it any more."""
        for key in self._stale:
            self._made.pop(key, None)
        self._stale.clear()

    def prepare(self) -> None:
        """Import what reading takes, so that the first edit need not wait for it."""
        convert("", 1, shape_of(self.settings))

    def readings(self, paths: Collection[str]) -> list[Reading] | None:
        """Return what these texts say, without those that have errors now.

        None if one of them is gone, or was never without errors.
        """
        found = [one for path in paths if (one := self._known.get(path)) and one.reading]
        if len(found) < len(paths):
            return None
        return [one.reading for one in found if one.reading and one.unread is None]

    def latest(self, paths: Iterable[str]) -> list[Reading]:
        """Return what these texts say now or, where they have errors, said before."""
        found = (self._known.get(path) for path in paths)
        return [one.reading for one in found if one and one.reading]

    def library(self, files: dict[str, File]) -> Library:
        """Return all that is known, of broken texts as of when they were whole."""
        everything = sorted(self._known.items())
        readings = tuple(one.reading for _, one in everything if one.reading)
        unread = {path: one.unread for path, one in everything if one.unread}
        return Library(readings, files, unread)

    @property
    def are_broken(self) -> bool:
        """Return whether some have errors now."""
        return bool(self._broken)

    def problems(self) -> list[Problem]:
        return [problem for path in self._amiss for problem in self._known[path].problems]

    def prose(self, key: str) -> bytes:
        """Return a converted body by its key."""
        if key and key not in self._made:
            try:
                return self._blobs.prose(key)
            except _UNREADABLE:
                self._make_again({key})
        return self._made.get(key, _NO_PROSE)

    def terms(self, keys: Sequence[str]) -> Iterator[Terms]:
        """Yield the terms of stories by their keys, in the same order."""
        for some in chunks(keys, _SOME):
            yield from map(_TERMS.decode, self._terms(some))

    def _terms(self, keys: list[str]) -> list[bytes]:
        elsewhere = [key for key in keys if key not in self._made]
        try:
            there = dict(zip(elsewhere, self._blobs.values("terms", elsewhere), strict=True))
        except _UNREADABLE:
            self._make_again(elsewhere)
            there = {}
        return [there.get(key) or self._made.get(key, _NO_TERMS) for key in keys]

    def _kept(self, texts: Sequence[Text]) -> dict[str, bytes]:
        """Return what the cache holds of these texts, if it can be read."""
        try:
            keys = [text.key for text in texts]
            found = zip(keys, self._blobs.found("readings", keys), strict=True)
            return {key: reading for key, reading in found if reading is not None}
        except _UNREADABLE:
            return {}

    def _key(self, path: str) -> str:
        return self._known[path].text.key if path in self._known else ""

    def _hold(self, paths: Iterable[str]) -> None:
        """Hold the bodies of texts as they were: pages may go on showing them if the new ones
        are wrong, and a build drops from the cache what is written nowhere any more.
        """
        for path in paths:
            reading = self._known[path].reading if path in self._known else None
            if reading and reading.body.key not in self._made:
                with suppress(*_UNREADABLE):
                    self._made[reading.body.key] = self._blobs.prose(reading.body.key)

    def _put(self, path: str, now: _Known | None) -> None:
        """Know a text as it is now, or no longer."""
        before = self._known.pop(path, None)
        if before and before.reading:
            self._stale |= {before.reading.body.key, before.reading.body.terms}
        if now and now.reading:
            self._stale -= {now.reading.body.key, now.reading.body.terms}
        self._know(path, now)

    def _know(self, path: str, now: _Known | None) -> None:
        self._touched.add(path)
        for paths, is_one in (
            (self._broken, now is not None and now.unread is not None),
            (self._amiss, now is not None and bool(now.problems)),
        ):
            paths.add(path) if is_one else paths.discard(path)
        if now:
            self._known[path] = now

    def _read_metadata(self, text: Text) -> None:
        """Read only the front matter of a story; with errors in it, nothing yet."""
        number = next(self._numbers)
        self.ahead[number] = text
        shown = mark(number)
        body = BodyInfo(shown, excerpt=shown, words=1)
        shape, zone = shape_of(self.settings), self.settings.timezone
        reading, _ = read_matter(self._root / CONTENT, text.source, shape, zone, body)
        self._put(text.source.path, _Known(text, reading, []))

    def _make_again(self, keys: Collection[str]) -> None:
        """Read texts again whose bodies or terms are not in the cache: a build tidies it.

        What is written there now may be something else. Whoever watches the files will say so.
        """
        wanted = set(keys)
        for one in list(self._known.values()):
            body = one.reading.body if one.reading else BodyInfo("")
            if not wanted.isdisjoint((body.key, body.terms)):
                self.read(one.text)


def _size(file: Path) -> int:
    """Return the bytes of a file; 0 if it cannot be looked at."""
    try:
        return file.stat().st_size
    except OSError:
        return 0


def mark(number: int) -> str:
    """Return what stands for the words of a story that is not read yet: no text holds it."""
    return f"\ue000{number}\ue001"


def marks(view: bytes) -> set[int]:
    """Return the numbers of the marks in an encoded view."""
    return {int(number) for number in _MARK.findall(view)}


_MARK = re.compile("\ue000(\\d+)\ue001".encode())
_UNREADABLE = (SiteError, StateError)
"""Errors of the cache: what it does not give is made again."""
_TERMS = msgspec.msgpack.Decoder(Terms)
_SOME = 1024
"""Terms at a time, which bounds the memory used."""
_NO_PROSE, _NO_TERMS = msgspec.msgpack.encode(Prose()), msgspec.msgpack.encode(Terms(b"", b"", b""))
