"""What is done in an open newsroom: its stories are arranged, or reworded, and related."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec.structs import replace

from generator.arrange.anchors import anchors_of, fragments, place_of
from generator.arrange.calendar import standstill
from generator.arrange.file_names import FileNames
from generator.arrange.links import dead_links
from generator.arrange.related import Relations, Web, relate
from generator.arrange.related.packing import pack, unpack
from generator.arrange.site import arrange, texts
from generator.arrange.summaries import is_shared_anew, summed_up
from generator.config import CONTENT, Settings
from generator.edition import edition
from generator.errors import Problem, SiteError, attempt, fault, is_error
from generator.keep.cache import Cache
from generator.memory import Memory
from generator.model import Anchors, Article, ArticleMatter, Reading, Site
from generator.newsroom import Newsroom
from generator.read.articles import read_content, read_texts
from generator.read.texts import locate
from generator.render.folders import default_folder, layouts_digest, refused_links
from generator.render.layouts import Layouts, load_layouts
from generator.terms import Terms

_WEB, _LAYOUTS = "related.web", "layouts.known"
_LITTLE = 8
"""Stories that may be new since the web was kept: finding them again is less work than writing."""


class Room(Protocol):
    """A site opened: to work on it, or to look at it."""

    root: Path
    settings: Settings

    def keep(self, name: str, pieces: Iterable[bytes | memoryview]) -> None: ...

    def kept(self, name: str) -> bytes | None: ...


class Arranged(msgspec.Struct, frozen=True):
    """A site, and what is wrong with it; with errors among that, it goes as far as it can.

    The clock changes nothing within its `standstill`. `converted` counts the Markdown bodies
    that were not known. `reworded` are the content paths of the stories whose words are new,
    if nothing else is.
    """

    site: Site
    problems: list[Problem]
    standstill: tuple[datetime | None, datetime | None]
    converted: int
    reworded: frozenset[str] | None = None


def arranged(room: Newsroom, at: datetime, drafts: bool) -> Arranged:
    """The site of the newsroom for the moment `at`."""
    library, amiss, converted = read_content(
        room.root, room.found, room.settings, room.cache, room.executor
    )
    work = partial(arrange, library, room.settings, at, drafts)
    made = attempt(work, partial(fault, CONTENT, doing="arrange the stories"))
    if isinstance(made, Problem):  # what is wrong with single files is told all the same
        raise SiteError([*room.problems, *locate(room.root, amiss), made])
    site, mistakes = made
    still = standstill((reading.matter for reading in library.readings), at)
    if not site.articles:
        still = at, at  # the year in the footer is that of the newest story, else today's
    return Arranged(site, [*room.problems, *amiss, *mistakes], still, converted)


def reworded(room: Newsroom, memory: Memory, at: datetime) -> Arranged | None:
    """The remembered site with the bodies, titles and summaries of its stories that are new.

    None if anything else is new, or wrong: then the site has to be arranged.
    """
    found, site = room.found, memory.site
    if len(found.texts) != len(memory.keys) or found.files != site.files:
        return None
    if found.withheld != site.withheld:
        return None
    texts = [t for t in room.found.texts if memory.keys.get(t.source.path) != t.key]
    paths = frozenset(text.source.path for text in texts)
    stories = {article.path for article in memory.site.articles}
    if not paths <= stories or are_warned(memory.warnings, paths):
        return None
    library, amiss, converted = read_texts(
        room.root, texts, room.settings, room.cache, room.executor
    )
    words = new_words(memory.site, library.readings)
    if words is None or are_led_into(memory.site, words) or is_shared_anew(memory.site, words):
        return None
    site = replace(with_words(memory.site, words), at=at)
    bodies = [(reading.path, reading.body) for reading in library.readings]
    amiss += dead_links(site, bodies, (), FileNames(site.addresses))
    if any(map(is_error, [*room.problems, *room.found.problems, *amiss])):
        return None
    return Arranged(site, [*memory.warnings, *amiss], memory.standstill, converted, paths)


def new_words(site: Site, readings: Iterable[Reading]) -> dict[int, Article] | None:
    """The stories of a site, by position, with the words that these readings have for them.

    None if more is new than bodies, titles, kickers and summaries of stories that are shown.
    """
    new = {reading.path: reading for reading in readings}
    words = {}
    for position, article in enumerate(site.articles):
        reading = new.pop(article.path, None)
        if reading is not None:
            matter = reading.matter
            if not isinstance(matter, ArticleMatter) or _place(matter) != _place(article.matter):
                return None
            body = summed_up(reading.body, site.shared)
            words[position] = replace(article, matter=matter, body=body)
    return None if new else words


def are_led_into(site: Site, words: Mapping[int, Article]) -> bool:
    """Whether another text leads to an id of one of these stories, and its ids are new."""
    now = _anchors(words.values())
    new = {place for place, anchors in now.items() if site.anchors.get(place) != anchors}
    if not new:
        return False
    own = {story.path for story in words.values()}
    others = ((path, body) for path, body in texts(site) if path not in own)
    return not new.isdisjoint(fragments(site, others))


def with_words(site: Site, words: Mapping[int, Article]) -> Site:
    """The site with other stories at these positions, which differ in words alone."""
    articles = list(site.articles)
    for position, article in words.items():
        articles[position] = article
    anchors = {**site.anchors, **_anchors(words.values())}
    return replace(site, articles=tuple(articles), anchors=anchors)


def related(room: Newsroom, site: Site) -> Relations:
    """The relations of the site's stories; what was found is kept for the next time."""
    old = kept_web(room)
    relations = relate(site, room.settings, partial(_terms, room.cache), old, room.executor)
    if old is None or relations.web.distance(old) > _LITTLE:
        room.keep(_WEB, pack(relations.web, edition()))
    return relations


def kept_web(room: Room) -> Web | None:
    """How the stories hung together when that was kept last."""
    kept = room.kept(_WEB)
    return unpack(kept, edition()) if kept else None


def laid_out(room: Room) -> tuple[Layouts, list[Problem]]:
    """The layouts, and what is wrong with them.

    To understand layouts takes time: what was found out is kept.
    """
    if refused := [*refused_links(room.root, room.settings.content.links)]:
        # Nothing behind these may be read: the default layouts alone serve to find other mistakes.
        layouts, amiss = load_layouts(default_folder().parent, room.settings)
        return layouts, [*amiss, *refused]
    labels = msgspec.json.encode((room.settings.language, room.settings.labels))
    digest = layouts_digest(room.root, labels).encode()
    kept = room.kept(_LAYOUTS)
    if kept and kept.startswith(digest):
        return _LOADED.decode(kept[len(digest) :])
    loaded = load_layouts(room.root, room.settings)
    if not any(map(is_error, loaded[1])):
        room.keep(_LAYOUTS, [digest, msgspec.msgpack.encode(loaded)])
    return loaded


def are_warned(warnings: Iterable[Problem], paths: Collection[str]) -> bool:
    """Whether one of these texts was warned of: with its words the warning may go."""
    files = {f"{CONTENT}/{path}" for path in paths}
    return any(problem.file in files for problem in warnings)


def _terms(cache: Cache, keys: Sequence[str]) -> Iterator[Terms]:
    return map(_TERMS.decode, cache.terms(keys))


def _anchors(stories: Iterable[Article]) -> dict[str, Anchors]:
    found = ((story.url, anchors_of(story.body)) for story in stories)
    return {place_of(url): anchors for url, anchors in found if anchors}


def _place(matter: ArticleMatter) -> bytes:
    """All of a story's front matter but its words: what settles where it stands in the site.

    Encoded, for moments of two zones may be equal and yet not the same.
    """
    return msgspec.json.encode(replace(matter, title="", kicker="", summary=""))


_LOADED = msgspec.msgpack.Decoder(tuple[Layouts, list[Problem]])
_TERMS = msgspec.msgpack.Decoder(Terms)
