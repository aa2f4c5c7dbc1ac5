"""What is in `content/`, before any of it is parsed.

What comes in are a site's folder and settings, and how its files looked before; what goes out are
its texts by key and its copied files by digest. A file whose stamp is the one it had is not opened.
"""

import os
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec.structs import replace

from generator.config import CONTENT, Engine, RawHtml, Settings
from generator.config.policy import policy_with_own
from generator.config.taxonomies import declared_of
from generator.content.borders import borders, useless_links
from generator.content.files import read_files
from generator.content.markdown.extensions import MarkdownExtension, extensions_of
from generator.content.sources import Source, find_sources, is_odd, odd_names, unreadable
from generator.content.withheld import not_pages, not_published, published_keys, vain_patterns
from generator.errors import Problem
from generator.model import File, Kind
from generator.regular import read_whole
from generator.state.code_version import fingerprint
from generator.state.files import Files, KnownFiles
from generator.state.table import Seen

_MOST_OPENED = 4_000_000
"""Bytes of texts that are held once they are scanned; what is beyond is opened again to be read."""


class Shape(msgspec.Struct, frozen=True):
    """The settings that shape a text as it is read; see `site.toml`.

    `taxonomies` are those whose names are fields of stories as the site declares them, each with
    whether a story may have several.
    """

    engine: Engine
    language: str
    smart_quotes: bool
    excerpt: int
    promo_after: int
    raw_html: RawHtml = True
    taxonomies: tuple[tuple[str, bool], ...] = ()
    policy: tuple[tuple[str, tuple[str, ...]], ...] = ()
    extensions: tuple[MarkdownExtension, ...] = ()


class Text(msgspec.Struct, frozen=True):
    """A text file, with the key under which the cache would know it."""

    source: Source
    key: str


class Scan(msgspec.Struct, frozen=True):
    """All that was found.

    Two scans with one `digest` are of the same files with the same bytes. `words_salt` names what
    else than their bytes the keys of the texts hang on. `withheld` are the files that are not
    published, with the reason. `opened` holds the bytes of texts that had to be opened, by path, so
    that nobody opens them again: 4 MB of them at most.
    """

    texts: list[Text]
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
        return Scan([], {}, [Problem(CONTENT, 0, "there is no such folder", remedy)], "")
    meant, links = settings.content.meant, settings.content.links
    limits = borders(root, CONTENT, links)
    if refusal := limits.refusal(str(root / CONTENT)):
        return Scan([], {}, [Problem(CONTENT, 0, *refusal)], "")
    shape = shape_of(settings)
    shaping = fingerprint(_shaping(shape, settings.timezone))
    known = files.known("texts", shaping)
    found = find_sources(root, meant, limits, settings.taxonomies, known)
    sources = [s for s in found if not (s.refused or s.error or is_odd(s.path))]
    opened = _Opened()
    texts, problems, seen = _texts(root, sources, settings, known, opened)
    if seen != known:
        files.keep("texts", shaping, seen)
    copied = read_files(root, sources, meant, files)
    withheld = {s.path: s.withheld for s in sources if s.withheld} | copied.withheld
    problems += [*odd_names(found), *copied.problems, *useless_links(root, links)]
    if not guessed:
        problems += [
            *not_published(withheld),
            *not_pages(copied.files, meant),
            *published_keys(copied.keys, meant),
            *vain_patterns(meant, [source.path for source in found]),
        ]
    names = [(text.source.path, text.key) for text in texts]
    digests = [(file.path, file.digest) for file in copied.files.values()]
    digest = fingerprint(msgspec.json.encode((names, digests, problems)))
    return Scan(texts, copied.files, problems, digest, shaping, withheld, opened.texts)


def second_look(root: Path, settings: Settings, found: Scan, paths: Collection[str]) -> Scan | None:
    """Look again at some texts, whose bytes are new, and return the scan with those.

    Only their bytes are among the `opened`. None if that is not all: if one of these paths was not,
    or is no longer, that of a text. Those that came and went do not count.
    """
    texts = list(found.texts)
    places = {text.source.path: place for place, text in enumerate(texts)}
    shape = shape_of(settings)
    opened = _Opened()
    for path in paths:
        if path not in places:
            known = path in found.files or path in found.withheld
            if known or os.path.lexists(root / CONTENT / path):
                return None
            continue
        source = texts[places[path]].source
        assert source.kind is not None
        if (root / CONTENT / path).is_symlink():
            return None
        try:
            data = read_whole(root / CONTENT / path)
        except OSError:
            return None
        key = key_of(source.kind, data, shape, settings.timezone)
        texts[places[path]] = Text(source, key)
        opened.hold(path, data)
    digest = fingerprint(found.digest, *(texts[places[p]].key for p in paths if p in places))
    return replace(found, texts=texts, digest=digest, opened=opened.texts)


def shape_of(settings: Settings) -> Shape:
    """Return what of the settings shapes a text as it is read."""
    return Shape(
        engine=settings.markdown.engine,
        language=settings.language,
        smart_quotes=settings.markdown.smart_quotes,
        excerpt=settings.markdown.excerpt,
        promo_after=settings.promos.after,
        raw_html=settings.markdown.raw_html,
        taxonomies=declared_of(settings),
        policy=tuple(policy_with_own(settings).items()),
        extensions=extensions_of(settings.markdown),
    )


class _Opened:
    """The bytes of the texts that were opened, by path, but for those beyond what may be held."""

    def __init__(self) -> None:
        self.texts: dict[str, bytes] = {}
        self._left = _MOST_OPENED

    def hold(self, path: str, data: bytes) -> None:
        self._left -= len(data)
        if self._left >= 0:
            self.texts[path] = data


def _texts(
    root: Path, sources: list[Source], settings: Settings, known: KnownFiles, opened: _Opened
) -> tuple[list[Text], list[Problem], dict[str, Seen]]:
    """Return the texts with their keys, what is wrong, and what is known of them from now on.

    What cannot be read at all is a problem, and left out.
    """
    shape = shape_of(settings)
    keep: dict[str, Seen] = {}
    texts, problems = [], []
    for source in sources:
        if source.kind is None:
            continue
        seen = known.get(source.path)
        if seen and seen.stamp == source.stamp:
            texts.append(Text(source, seen.value.hex()))
            keep[source.path] = seen
            continue
        try:
            data = read_whole(root / CONTENT / source.path)
        except OSError as error:
            problems.append(unreadable(source.path, error))
            continue
        key = key_of(source.kind, data, shape, settings.timezone)
        opened.hold(source.path, data)
        texts.append(Text(source, key))
        if source.settled and source.stamp:
            keep[source.path] = Seen(source.stamp, bytes.fromhex(key))
    return texts, problems, keep


def key_of(kind: Kind, data: bytes, shape: Shape, timezone: str) -> str:
    """Return the digest of a text and of the settings that shape what is made of it."""
    return fingerprint(_shaping(shape, timezone), kind, data)


@lru_cache(maxsize=8)
def _shaping(shape: Shape, timezone: str) -> bytes:
    return msgspec.json.encode((shape, timezone))
