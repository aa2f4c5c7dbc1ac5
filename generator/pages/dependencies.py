"""What one build leaves for the next: its site, and which facts of it each page looked up.

What comes in is a site as it was built, and what each view looked up in it. What goes out, at the
next build, are the texts that are new, the site again if only words are, and the pages that would
come out as they did.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

import msgspec
import numpy as np
from msgspec.structs import replace

from generator.config import Settings
from generator.content.articles import ReadTexts
from generator.content.scan import Scan, Text
from generator.errors import Problem, is_error
from generator.model import KeptBack, Site
from generator.pages.context import PageContext
from generator.pages.output import Output
from generator.related import stories_at
from generator.site.assemble import Assembled
from generator.site.update import only_words, with_words
from generator.site.watch import ALL, Facts, number_of
from generator.state.code_version import fingerprint
from generator.state.journal import Journal
from generator.templates.loader import Layouts


class PageDependencies(msgspec.Struct, frozen=True, array_like=True):
    """What a page hangs on: its layout, and the numbers of the facts that its view looked up.

    Those are of 32 bits each, end to end.
    """

    layout: str
    facts: bytes


class LastSite(msgspec.Struct, frozen=True):
    """The site of the last build, and what that build found out about it.

    `token` names the build. `frame` digests what its pages hang on and is no fact of the site, see
    `frame_of`. The clock changes nothing while the site is `valid_between`. `keys` are those of its
    texts, by content path; `warnings` what was said of the site. `suggestion_digests` are numbers,
    by position, that are the same while a story's suggestions are. `layout_digests` digest, by
    layout, all that shapes a page but its view. `dependencies` are those of each page, by its path.
    `kept_back` counts what the site does not show.
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
    kept_back: KeptBack

    def new_among(self, texts: Iterable[Text]) -> list[Text]:
        """Return the texts that are not as they were."""
        return [text for text in texts if self.keys.get(text.source.path) != text.key]

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

    def unaffected(
        self,
        context: PageContext,
        layout_digests: Mapping[str, str],
        reworded: Iterable[str] | None,
    ) -> set[str]:
        """Return the paths of the pages that would come out as they did.

        `reworded` are the only stories that are new, and only in their words, if that is
        known.
        """
        changed = self._changed(context, reworded)
        sizes = [len(page.facts) // _NUMBER for page in self.dependencies.values()]
        facts = np.frombuffer(b"".join(p.facts for p in self.dependencies.values()), np.uint32)
        struck = np.isin(facts, np.fromiter(changed, np.uint32, len(changed)))
        struck_before = np.concatenate([[0], np.cumsum(struck)])
        ends = np.cumsum([0, *sizes])
        affected = struck_before[ends[1:]] > struck_before[ends[:-1]]
        pages = zip(self.dependencies.items(), affected.tolist(), strict=True)
        return {
            path
            for (path, page), is_affected in pages
            if not is_affected
            and self.layout_digests[page.layout] == layout_digests.get(page.layout)
        }

    def _changed(self, context: PageContext, reworded: Iterable[str] | None) -> set[int]:
        """Return the numbers of the facts that are not as they were.

        Where only words are new, those can be of stories, suggestions and headlines alone: no
        grouping is given words.
        """
        paths = (article.path for article in self.site.articles)
        before: dict[str, Callable[[], Facts]] = {
            "suggestions": lambda: dict(zip(paths, self.suggestion_digests, strict=True))
        }
        if reworded is None or _titles(self.site) != _titles(context.site):
            families = context.families_of(self.site)
            before["headline"] = families["headline"]
            if reworded is None:
                before |= families
                before["story at"] = partial(stories_at, self.site)
        changed = context.watch.changed(before)
        return changed | {number_of("article", path) for path in (*(reworded or ()), ALL)}


def _titles(site: Site) -> list[str]:
    return [article.matter.title for article in site.articles]


def frame_of(settings: Settings, layouts: Layouts, drafts: bool, token: str) -> str:
    """Return a digest of what all pages hang on and is no fact of the site.

    That are the settings, what the layouts bring along, the code's version, and the cache that
    holds the bodies, of that `token`.
    """
    brought = sorted(layouts.anchors), sorted(asset.path for asset in layouts.assets.values())
    return fingerprint(
        msgspec.json.encode((settings.shaping, layouts.labels, drafts, brought)), token
    )


def recall(kept: Journal, token: str, frame: str) -> LastSite | None:
    """Return the site of the build of that name, if it is kept, of use under this frame.

    Of what another version wrote nothing is said: an upgrade is no damage.
    """
    frames = kept.frames()
    try:
        last_site = _LAST_SITE.decode(frames[0]) if frames else None
    except msgspec.MsgspecError:
        return None
    return last_site if last_site and (last_site.token, last_site.frame) == (token, frame) else None


def dependencies_of(
    pages: Sequence[Output], looked_up: Mapping[str, bytes], last_site: LastSite | None
) -> dict[str, PageDependencies]:
    """Return what each watched page hangs on: the facts that were `looked_up`, or are known."""
    watched = [page for page in pages if page.is_watched]
    return {
        page.path: PageDependencies(page.layout, looked_up[page.path])
        if page.path in looked_up or last_site is None
        else last_site.dependencies[page.path]
        for page in watched
    }


_NUMBER = 4
_LAST_SITE = msgspec.json.Decoder(LastSite)
