"""The site of the last build as it is kept for the next one, and what is new since.

What comes in is a site that was built, and its pages with what each looked up in it. What goes out,
at the next build, are the texts that are new; the site again, if only words are; and the pages that
would come out as they did. It is kept in columns, and behind them what is new in words: of a large
site nothing is put together but what is asked for.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

import msgspec
import numpy as np
from msgspec.structs import replace

from generator.config import Settings
from generator.content.articles import ReadTexts
from generator.content.scan import FoundTexts, Scan, Text
from generator.content.text_keys import TextKeys
from generator.errors import Problem, is_error
from generator.model import Anchors, KeptBack, Site
from generator.pages.context import PageContext
from generator.pages.dependencies import MadeFrom, Pages
from generator.related import stories_at
from generator.related.subjects import Columns, Hashes
from generator.site.anchors import place_of
from generator.site.assemble import Assembled
from generator.site.kept import KeptAddresses, KeptAnchors, encoded_anchors
from generator.site.overlay import changes_of, overlaid
from generator.site.stories import Columns as StoryColumns
from generator.site.stories import KeptStories, columns_of, places_of
from generator.site.update import only_words, with_words
from generator.site.watch import ALL, Facts, number_of
from generator.state.blobs import Blobs
from generator.state.code_version import fingerprint
from generator.state.columns import Column
from generator.state.journal import Journal
from generator.templates.loader import Layouts
from generator.templates.views import Translation

V = TypeVar("V")


class LastSite(msgspec.Struct, frozen=True):
    """The site of the last build, and what that build found out about it.

    `token` names the build. `frame` digests what its pages hang on and is no fact of the site, see
    `frame_of`. The clock changes nothing while the site is `valid_between`. `keys` are those of its
    texts, by content path; `warnings` what was said of the site, and `host_problems` of its host.
    `suggestion_digests` are numbers, by position, that are the same while a story's suggestions
    are, `subjects` what relating knows of the stories. `layout_digests` digest, by layout, all that
    shapes a page but its view. `kept_back` counts what the site does not show.
    """

    token: str
    frame: str
    site: Site
    valid_between: tuple[datetime | None, datetime | None]
    keys: TextKeys
    warnings: list[Problem]
    host_problems: Sequence[Problem]
    suggestion_digests: Hashes
    subjects: Columns
    layout_digests: dict[str, str]
    pages: Pages
    kept_back: KeptBack

    def new_among(self, texts: FoundTexts) -> list[Text]:
        """Return the texts that are not as they were."""
        return [texts.at(path) for path in texts.keys.new_since(self.keys)]

    def reworded(
        self, found: Scan, new: Iterable[Text], read: ReadTexts, at: datetime
    ) -> Assembled | None:
        """Return the site with the words that were `read` of the `new` texts, for the moment `at`.

        None if anything else is new, or wrong: then the site has to be assembled.
        """
        site = self.site
        if len(found.texts) != len(self.keys):
            return None
        if (found.files, found.withheld) != (site.files, site.withheld):
            return None
        paths = frozenset(text.source.path for text in new)
        words = only_words(site, paths, read.library.readings, self.warnings)
        if words is None:
            return None
        amiss = [*read.problems, *words.dead_links]
        if any(map(is_error, [*found.problems, *amiss])):
            return None
        site = replace(with_words(site, words.stories), at=at)
        problems = iter([*self.warnings, *amiss])
        return Assembled(site, problems, self.valid_between, read.converted, self.kept_back, paths)

    def changed(
        self,
        context: PageContext,
        reworded: Iterable[str] | None,
        suggestion_digests: Hashes,
        translations: Mapping[str, tuple[Translation, ...]] = {},
    ) -> set[int]:
        """Return the numbers of the facts that are not as they were.

        `reworded` are the only stories that are new, and only in their words, if that is known. So
        the facts can be of stories, suggestions and headlines alone: no grouping is given words.
        `translations` are those that there were.
        """
        before: dict[str, Callable[[], Facts]] = {}
        if reworded is None or self._titles != columns_of(context.plain.articles).titles:
            if self.pages.ask:
                context.queries.expect(self.pages.spans)
            families = context.families_of(self.site, translations)
            before["headline"] = families["headline"]
            if reworded is None:
                before |= families
                before["story at"] = partial(stories_at, self.site)
                before["suggestions"] = self._suggestions
        changed = context.watch.changed(before)
        changed |= {number_of("article", path) for path in (*(reworded or ()), ALL)}
        if reworded is None:
            return changed
        paths = columns_of(self.site.articles).paths
        related = np.flatnonzero(self.suggestion_digests != suggestion_digests).tolist()
        names = [*(paths[position] for position in related), *([ALL] if related else [])]
        return changed | {number_of("suggestions", name) for name in names}

    def unaffected(self, changed: set[int], layout_digests: Mapping[str, str]) -> set[str]:
        """Return the paths of the pages that would come out as they did."""
        affected = set(self.affected(changed, layout_digests))
        return {path for row, path in enumerate(self.pages.paths) if row not in affected}

    def affected(self, changed: set[int], layout_digests: Mapping[str, str]) -> list[int]:
        """Return the rows of the pages that may come out otherwise than they did.

        Those looked up a fact that has `changed`, or are of a layout that is another now.
        """
        layouts = {name for name, d in self.layout_digests.items() if layout_digests.get(name) != d}
        rows = self.pages.struck(changed)
        return sorted({*rows, *self.pages.of_layouts(layouts)}) if layouts else rows

    @property
    def _titles(self) -> list[str]:
        return columns_of(self.site.articles).titles

    def _suggestions(self) -> Facts:
        paths = columns_of(self.site.articles).paths
        return dict(zip(paths, self.suggestion_digests.tolist(), strict=True))


def frame_of(settings: Settings, layouts: Layouts, drafts: bool, token: str) -> str:
    """Return a digest of what all pages hang on and is no fact of the site.

    That are the settings, what the layouts bring along, the site's own checks, the code's version,
    and the values that hold the bodies, of that `token`.
    """
    words = layouts.labels, layouts.words
    brought = sorted(layouts.anchors), sorted(asset.path for asset in layouts.assets.values())
    return fingerprint(
        msgspec.json.encode((settings.shaping, words, drafts, brought, layouts.checks)),
        token,
    )


# ------------------------------------------------------------------------------ as kept


class _Whole(msgspec.Struct, frozen=True, array_like=True):
    """A last site in columns: of texts, of stories, of pages. `head` is the rest, as JSON, which
    keeps the offset of a moment.

    `urls` are the addresses of texts, by their rows; stories have those of 32 bits in `rows`.
    """

    token: str
    frame: str
    head: bytes
    texts: list[str]
    keys: bytes
    urls: list[str]
    rows: bytes
    titles: list[str]
    featured: dict[int, int]
    places: Column
    anchors: Column
    suggestion_digests: bytes
    subjects: tuple[bytes, bytes, bytes]
    pages: Pages


class _Head(msgspec.Struct, frozen=True):
    site: Site
    valid_between: tuple[datetime | None, datetime | None]
    warnings: list[Problem]
    host_problems: Sequence[Problem]
    layout_digests: dict[str, str]
    kept_back: KeptBack


class _Words(msgspec.Struct, frozen=True, array_like=True):
    """What is new after a build for which only words were: by path, position or row."""

    token: str
    frame: str
    head: bytes
    keys: dict[str, str]
    titles: dict[int, str]
    suggestion_digests: dict[int, int]
    reworded: list[int]
    subjects: tuple[bytes, bytes, bytes]
    made: dict[str, MadeFrom]


class _WordsHead(msgspec.Struct, frozen=True):
    at: datetime
    warnings: list[Problem]
    layout_digests: dict[str, str]
    anchors: dict[str, Anchors]
    openings: dict[str, int]
    led_into: dict[str, tuple[str, ...]]


def keep_whole(kept: Journal, last_site: LastSite) -> None:
    """Keep a last site in place of whatever was kept."""
    site, paths = last_site.site, last_site.keys.paths
    stories, rows = columns_of(site.articles), dict(zip(paths, range(len(paths)), strict=True))
    places = {*map(place_of, stories.urls)}
    of_others = {path: url for path, url in site.addresses.items() if path not in rows}
    in_others = {place: ids for place, ids in site.anchors.items() if place not in places}
    head = _Head(
        replace(site, articles=(), addresses=of_others, anchors=in_others),
        last_site.valid_between,
        last_site.warnings,
        last_site.host_problems,
        last_site.layout_digests,
        last_site.kept_back,
    )
    whole = _Whole(
        last_site.token,
        last_site.frame,
        msgspec.json.encode(head),
        paths,
        last_site.keys.data,
        [site.addresses[path] for path in paths],
        array("I", map(rows.__getitem__, stories.paths)).tobytes(),
        stories.titles,
        stories.featured,
        Column.of(places_of(site.articles)),
        Column.of(encoded_anchors(site.anchors, stories.urls)),
        last_site.suggestion_digests.tobytes(),
        last_site.subjects.packed(),
        last_site.pages,
    )
    kept.replace([msgspec.msgpack.encode(whole)])


def keep_words(kept: Journal, before: LastSite, now: LastSite, made: dict[str, MadeFrom]) -> None:
    """Keep what is new after a last site that was recalled: words, and what some pages were `made`
    from.
    """
    if kept.has_grown:
        keep_whole(kept, replace(now, pages=now.pages.with_new(made)))
        return
    old, new = before.site, now.site
    no_more = dict.fromkeys(old.led_into.keys() - new.led_into.keys(), ())
    head = _WordsHead(
        new.at,
        now.warnings,
        now.layout_digests,
        _new_in(changes_of(new.anchors), changes_of(old.anchors)),
        _new_in(new.openings, old.openings),
        _new_in(new.led_into, old.led_into) | no_more,
    )
    related = np.flatnonzero(before.suggestion_digests != now.suggestion_digests)
    reworded = np.flatnonzero((before.subjects.digests != now.subjects.digests).any(axis=1))
    words = _Words(
        now.token,
        now.frame,
        msgspec.json.encode(head),
        {path: now.keys[path] for path in now.keys.new_since(before.keys)},
        dict(_others(columns_of(old.articles).titles, columns_of(new.articles).titles)),
        {row: int(now.suggestion_digests[row]) for row in related.tolist()},
        reworded.tolist(),
        now.subjects.take(reworded).packed(),
        made,
    )
    kept.append([msgspec.msgpack.encode(words)])


def recall(kept: Journal, token: str, frame: str, blobs: Blobs, keys: TextKeys) -> LastSite | None:
    """Return the site of the build of that name, if it is kept, of use under this frame.

    Its stories are among the `blobs`; those that are not by `keys` what they were may be gone,
    where the site is built into other folders too: then it is of no use. Of what another version
    wrote nothing is said: an upgrade is no damage.
    """
    frames = kept.frames()
    try:
        if not frames or _MARK.decode(frames[-1]) != _Mark(token, frame):
            return None
        later = [*map(_WORDS.decode, frames[1:])]
        last_site = _recalled(_WHOLE.decode(frames[0]), later, blobs)
    except msgspec.MsgspecError:
        return None
    others = [last_site.keys[path] for path in last_site.keys.new_since(keys)]
    return None if None in blobs.found("readings", others) else last_site


def _recalled(whole: _Whole, later: list[_Words], blobs: Blobs) -> LastSite:
    head = _HEAD.decode(whole.head)
    rows = memoryview(whole.rows).cast("I")
    urls = [whole.urls[row] for row in rows]
    columns = StoryColumns([whole.texts[row] for row in rows], urls, whole.titles, whole.featured)
    site = replace(
        head.site,
        addresses=KeptAddresses(whole.texts, whole.urls, head.site.addresses),
        anchors=KeptAnchors(urls, whole.anchors, head.site.anchors),
    )
    digests = np.frombuffer(whole.suggestion_digests, np.uint64).copy()
    subjects = Columns.unpacked(*whole.subjects)
    made: dict[str, MadeFrom] = {}
    words = [_WORDS_HEAD.decode(some.head) for some in later]
    new_keys: dict[str, str] = {}
    for some in later:
        new_keys |= some.keys
        made |= some.made
        for position, title in some.titles.items():
            columns.titles[position] = title
        new = Columns.unpacked(*some.subjects)
        subjects = subjects.put(np.array(some.reworded, np.intp), new)
        for position, digest in some.suggestion_digests.items():
            digests[position] = digest
    keys = TextKeys(whole.texts, whole.keys).put(new_keys)
    stories = KeptStories(
        whole.places,
        columns,
        lambda paths: blobs.values("readings", [keys[path] for path in paths]),
        head.site.shared,
    )
    return LastSite(
        token=later[-1].token if later else whole.token,
        frame=whole.frame,
        site=_with_words(replace(site, articles=stories), words),
        valid_between=head.valid_between,
        keys=keys,
        warnings=words[-1].warnings if words else head.warnings,
        host_problems=head.host_problems,
        suggestion_digests=digests,
        subjects=subjects,
        layout_digests=words[-1].layout_digests if words else head.layout_digests,
        pages=whole.pages.with_new(made) if made else whole.pages,
        kept_back=head.kept_back,
    )


def _with_words(site: Site, words: list[_WordsHead]) -> Site:
    anchors, openings, led_into = dict[str, Anchors](), dict(site.openings), dict(site.led_into)
    for some in words:
        anchors |= some.anchors
        openings |= some.openings
        led_into |= some.led_into
    led_into = {place: paths for place, paths in led_into.items() if paths}
    at = words[-1].at if words else site.at
    return replace(
        site,
        at=at,
        anchors=overlaid(site.anchors, anchors),
        openings=openings,
        led_into=led_into,
    )


def _new_in(now: Mapping[str, V], before: Mapping[str, V]) -> dict[str, V]:
    """Return what of a mapping is not as it was."""
    return {key: value for key, value in now.items() if before.get(key) != value}


def _others(before: Sequence[V], now: Sequence[V]) -> Iterator[tuple[int, V]]:
    """Yield the places at which two lists differ, with what is there now."""
    for place, (old, new) in enumerate(zip(before, now, strict=True)):
        if old != new:
            yield place, new


class _Mark(msgspec.Struct, frozen=True, array_like=True):
    """By which a last site is known, whatever else is in it."""

    token: str
    frame: str


_MARK = msgspec.msgpack.Decoder(_Mark)
_WHOLE, _HEAD = msgspec.msgpack.Decoder(_Whole), msgspec.json.Decoder(_Head)
_WORDS, _WORDS_HEAD = msgspec.msgpack.Decoder(_Words), msgspec.json.Decoder(_WordsHead)
