"""What a build leaves for the next one: its site, and what each page looked at.

With it the next build makes only the views that what has changed can change.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial

import msgspec
import numpy as np

from generator.arrange.related import stories_at
from generator.arrange.watch import ALL, Facts, number_of
from generator.errors import Problem
from generator.model import Site
from generator.render.plan import Desk


class Trace(msgspec.Struct, frozen=True, array_like=True):
    """What a page was made from: its layout, and the numbers of the facts, 32 bits each."""

    layout: str
    facts: bytes


class Memory(msgspec.Struct, frozen=True):
    """All that is worth keeping of a build.

    `token` names the build; `frame` digests what is no fact of its site: settings, labels,
    edition, the cache that holds its bodies. The clock changes nothing within its `standstill`.
    `keys` are those of its texts, by path; `warnings` what was said of them; `grounds` what the
    related stories stood on, by position. `contexts` digest, by layout, all that shapes a page
    but its view.
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
        self, desk: Desk, contexts: Mapping[str, str], reworded: Iterable[str] | None
    ) -> set[str]:
        """The paths of the pages that would come out as they did.

        `reworded` are the only stories that are new, and only in their words, if that is
        known.
        """
        paths = (article.path for article in self.site.articles)
        before: dict[str, Callable[[], Facts]] = {
            "grounds": lambda: dict(zip(paths, self.grounds, strict=True))
        }
        if reworded is None or _titles(self.site) != _titles(desk.site):
            families = Desk(self.site, desk.settings, desk.labels).watch.families
            before["headline"] = families["headline"]
            if reworded is None:
                before |= families
                before["story at"] = partial(stories_at, self.site)
        changed = desk.watch.changed(before)
        changed |= {number_of("article", path) for path in (*(reworded or ()), ALL)}
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


def _titles(site: Site) -> list[str]:
    return [article.matter.title for article in site.articles]


def recall(kept: bytes | None, token: str, frame: str) -> Memory | None:
    """The memory of the build of that name, if it is kept and of use under this frame."""
    try:
        memory = _MEMORY.decode(kept) if kept else None
    except msgspec.MsgspecError:  # another edition wrote it
        return None
    return memory if memory and (memory.token, memory.frame) == (token, frame) else None


_NUMBER = 4
_MEMORY = msgspec.json.Decoder(Memory)
