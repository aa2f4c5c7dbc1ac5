"""What a build leaves for the next one: its site, and what each page looked at.

With it the next build makes only the views that what has changed can change.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial

import msgspec
import numpy as np

from generator.errors import Problem
from generator.model import Site
from generator.pages.context import PageContext
from generator.related import stories_at
from generator.site.watch import ALL, Facts, number_of


class PageDependencies(msgspec.Struct, frozen=True, array_like=True):
    """What a page was made from: its layout, and the numbers of the facts, 32 bits each."""

    layout: str
    facts: bytes


class LastSite(msgspec.Struct, frozen=True):
    """All that is worth keeping of a build.

    `token` names the build; `frame` digests what is no fact of its site: settings, labels,
    code version, the cache that holds its bodies. The clock changes nothing while it is
    `valid_between`. `keys` are those of its texts, by path; `warnings` what was said of them;
    `suggestion_digests` what the related stories stood on, by position. `layout_digests` digest, by
    layout, all that shapes a page but its view.
    """

    token: str
    frame: str
    site: Site
    valid_between: tuple[datetime | None, datetime | None]
    keys: dict[str, str]
    warnings: list[Problem]
    suggestion_digests: list[int]
    layout_digests: dict[str, str]
    dependencies: dict[str, PageDependencies]

    def unaffected(
        self,
        context: PageContext,
        layout_digests: Mapping[str, str],
        reworded: Iterable[str] | None,
    ) -> set[str]:
        """The paths of the pages that would come out as they did.

        `reworded` are the only stories that are new, and only in their words, if that is
        known.
        """
        paths = (article.path for article in self.site.articles)
        before: dict[str, Callable[[], Facts]] = {
            "grounds": lambda: dict(zip(paths, self.suggestion_digests, strict=True))
        }
        if reworded is None or _titles(self.site) != _titles(context.site):
            families = context.families_of(self.site)
            before["headline"] = families["headline"]
            if reworded is None:
                before |= families
                before["story at"] = partial(stories_at, self.site)
        changed = context.watch.changed(before)
        changed |= {number_of("article", path) for path in (*(reworded or ()), ALL)}
        sizes = [len(trace.facts) // _NUMBER for trace in self.dependencies.values()]
        facts = np.frombuffer(b"".join(t.facts for t in self.dependencies.values()), np.uint32)
        struck = np.isin(facts, np.fromiter(changed, np.uint32, len(changed)))
        struck_before = np.concatenate([[0], np.cumsum(struck)])
        ends = np.cumsum([0, *sizes])
        awake = struck_before[ends[1:]] > struck_before[ends[:-1]]
        return {
            path
            for (path, trace), is_awake in zip(
                self.dependencies.items(), awake.tolist(), strict=True
            )
            if not is_awake
            and self.layout_digests[trace.layout] == layout_digests.get(trace.layout)
        }


def _titles(site: Site) -> list[str]:
    return [article.matter.title for article in site.articles]


def recall(kept: bytes | None, token: str, frame: str) -> LastSite | None:
    """The memory of the build of that name, if it is kept and of use under this frame."""
    try:
        last_site = _LAST_SITE.decode(kept) if kept else None
    except msgspec.MsgspecError:  # another edition wrote it
        return None
    return last_site if last_site and (last_site.token, last_site.frame) == (token, frame) else None


_NUMBER = 4
_LAST_SITE = msgspec.json.Decoder(LastSite)
