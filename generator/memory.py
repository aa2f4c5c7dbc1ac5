"""What a build leaves for the next one: its site, and what each page looked at.

With it the next build makes only the views that what has changed can change. It is a value
of its own for each output folder, and may be lost at any time.
"""

from array import array
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any, Self

import msgspec
import numpy as np
from msgspec.structs import replace

from generator.arrange.related import stories_at
from generator.arrange.watch import ALL, number_of
from generator.errors import Problem, SiteError
from generator.keep import shelf
from generator.keep.database import unusable
from generator.keep.manifest import Manifest, Record
from generator.keep.output import LIST, stamp
from generator.model import Site
from generator.render.plan import Desk


class Trace(msgspec.Struct, frozen=True, array_like=True):
    """What a page was made from: its layout, and the numbers of the facts, 32 bits each."""

    layout: str
    facts: bytes

    @classmethod
    def of(cls, layout: str, facts: set[int]) -> "Trace":
        return cls(layout, array("I", facts).tobytes())


class Past(msgspec.Struct, frozen=True):
    """The last build in short. `token` names it; `inputs` digests all that it was made from
    but the moment `at`, for which what it made held from `since` to `until`.

    `listed` is the stamp of the output's own list of files.
    """

    token: str
    inputs: str
    at: datetime
    since: datetime | None
    until: datetime | None
    articles: int
    pages: int
    warnings: list[Problem]
    listed: str = ""

    def holds(self, at: datetime) -> bool:
        """Whether the clock changes nothing between that build and the moment `at`."""
        after = self.since is None or self.since < at
        return at == self.at or (after and (self.until is None or at < self.until))


class Memory(msgspec.Struct, frozen=True):
    """All that is worth keeping of a build.

    `token` names the build; `frame` digests what is no fact of its site: settings, labels,
    edition. The clock changes nothing within its `standstill`.
    `keys` are those of its texts, by path; `warnings` what was said of them;
    `grounds` what the related stories stood on, by position. `contexts` digest, by layout,
    all that shapes a page but its view.
    """

    token: str
    frame: str
    site: Site
    standstill: tuple[datetime | None, datetime | None]
    keys: dict[str, str]
    warnings: list[Problem]
    grounds: list[int]
    contexts: dict[str, str]
    traces: dict[str, Trace]

    def asleep(
        self, desk: Desk, contexts: Mapping[str, str], retouched: Iterable[str] | None
    ) -> set[str]:
        """The paths of the pages that would come out as they did.

        `retouched` are the only stories that are new, and only in their bodies, if that is
        known.
        """
        paths = (article.path for article in self.site.articles)
        before: dict[str, Mapping[str, Any]] = {
            "grounds": dict(zip(paths, self.grounds, strict=True))
        }
        if retouched is None:
            before |= Desk(self.site, desk.settings, desk.labels).watch.families
            before["story at"] = stories_at(self.site)
        changed = desk.watch.changed(before)
        changed |= {number_of("article", path) for path in (*(retouched or ()), ALL)}
        sizes = [len(trace.facts) // _NUMBER for trace in self.traces.values()]
        facts = np.frombuffer(b"".join(t.facts for t in self.traces.values()), np.uint32)
        struck = np.isin(facts, np.fromiter(changed, np.uint32, len(changed)))
        struck_before = np.concatenate([[0], np.cumsum(struck)])
        ends = np.cumsum([0, *sizes])
        awake = struck_before[ends[1:]] > struck_before[ends[:-1]]
        return {
            path
            for (path, trace), is_awake in zip(self.traces.items(), awake.tolist(), strict=True)
            if not is_awake and self.contexts[trace.layout] == contexts.get(trace.layout)
        }


class Logbook:
    """What is known of the builds of one site into one folder: records, past and memory.

    `records` tell of each output what it was made from and how it looked.
    """

    def __init__(self, cache: Path, folder: Path) -> None:
        name = _name(cache.parent, folder)
        self._folder = folder
        self._memory = cache / f"{name}.memory"
        self._manifest = Manifest(cache / f"{name}.db")
        self.records = self._manifest.records()
        past = self._manifest.past()
        try:
            self._past = _PAST.decode(past) if past else None
        except msgspec.MsgspecError:  # of another edition
            self._past = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._manifest.close()

    def held(self, at: datetime) -> bool:
        """Whether the clock has changed nothing since the last build."""
        return self._past is not None and self._past.holds(at)

    def standing(self, inputs: str, at: datetime) -> Past | None:
        """The last build, if the same inputs would give the same again and it is all there."""
        past = self._past
        if past is None or past.inputs != inputs or not past.holds(at):
            return None
        if stamp(self._folder / LIST) != past.listed:
            return None
        whole = (stamp(self._folder / path) == r.stamp for path, r in self.records.items())
        return past if all(whole) else None

    def memory(self, frame: str) -> Memory | None:
        """The memory of the last build, if it is there and of use under this frame."""
        data = shelf.get(self._memory) if self._past else None
        try:
            memory = _MEMORY.decode(data) if data else None
        except msgspec.MsgspecError:
            return None
        known = memory and self._past and memory.token == self._past.token
        return memory if memory and known and memory.frame == frame else None

    def write(
        self, past: Past, memory: Memory, made: Mapping[str, str], gone: Iterable[str]
    ) -> None:
        """Keep what a build leaves. `made` are the fingerprints of the outputs it made."""
        try:
            shelf.put(self._memory, [msgspec.json.encode(memory)])
        except OSError as error:
            raise SiteError([unusable(self._memory, error)]) from error
        records = {path: Record(mark, stamp(self._folder / path)) for path, mark in made.items()}
        past = replace(past, listed=stamp(self._folder / LIST))
        self._manifest.update(records, gone, msgspec.json.encode(past))


def _name(site: Path, folder: Path) -> str:
    """Each output folder has a manifest of its own; one inside the site moves with it."""
    here, site = folder.resolve(), site.resolve()
    name = str(here.relative_to(site) if here.is_relative_to(site) else here)
    return f"output-{blake2b(name.encode(), digest_size=6).hexdigest()}"


_NUMBER = 4
_PAST = msgspec.json.Decoder(Past)
_MEMORY = msgspec.json.Decoder(Memory)
