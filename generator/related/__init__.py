"""The stories that are related to each story, and the reasons.

In come a site's stories, the terms of each and the settings; out go, for each story, the stories
that its page suggests, with scores. Nothing else has a say, neither the clock nor what was found
before: an index that is updated equals one that is made anew.

`stories` asks a site for all of its stories, `subjects` is what is known of them without their
terms. `vectors` tells what each story
says, `inverted` which stories say a thing, `neighbours` which say the same, `shared_neighbours`
ranks those, `near_duplicates` finds copies, `digests` tells whose suggestions are as they were.
`index` is all of that and keeps it up to date, `packing` makes bytes of it. `table` is an array of
which little changes. `select` lets the editor choose, `explain` and `shares` give the reasons.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from copy import copy
from functools import partial

from generator.config import Related, Settings
from generator.model import Article, Site
from generator.related.index import Fetch, RelatedIndex, Rules, update_index
from generator.related.select import Chooser, Limits, Suggestion, Wishes
from generator.related.stories import Stories
from generator.related.subjects import Columns, Hashes
from generator.related.vectors import Weights
from generator.site.links import destination
from generator.site.stories import columns_of
from generator.site.watch import ByPath, Watch
from generator.workers import INLINE

__all__ = ["RelatedIndex", "Relations", "Suggestion", "relate"]


class Relations:
    """The related stories of one site. Positions are those of the site's articles."""

    def __init__(
        self, site: Site, settings: Related, index: RelatedIndex, stories: Stories
    ) -> None:
        self.site = site
        self.index = index
        self.stories = stories
        self.limits = Limits(
            settings.count, settings.least, settings.per_source, settings.weights.variety
        )
        self._chooser = Chooser(index, stories.voice, self.limits)
        self._by_url: Mapping[str, int] | None = None
        self._noted: Mapping[str, int] = {}

    def watched(self, site: Site, watch: Watch) -> "Relations":
        """Return the same relations, seen through the watched form of the same site."""
        seen = copy(self)
        seen.site = site
        paths = columns_of(self.site.articles).paths
        digests = ByPath(paths, lambda position: int(self.suggestion_digests[position]))
        seen._noted = watch.family("suggestions", digests)
        seen._by_url = watch.family("story at", self.stories.by_url, partial(stories_at, self.site))
        return seen

    @property
    def suggestion_digests(self) -> Hashes:
        """Return, by position, a number that is the same while the story's suggestions are."""
        return self.index.digests

    def of(self, position: int) -> tuple[Suggestion, ...]:
        """Return the suggestions for the story at a position, best first."""
        wishes = self.wishes(position)
        for place in (position, *wishes.pin):  # these are noted where somebody watches
            self._noted.get(self.site.articles[place].path)
        return self._chooser.choose(position, wishes)

    def wishes(self, position: int) -> Wishes:
        """Return what the editor settled for the story at a position."""
        article = self.site.articles[position]
        return Wishes(
            pin=self._positions(article.pinned),
            exclude=self._positions(article.excluded),
            linked=self._linked(article),
        )

    def near_duplicates(self, position: int) -> set[int]:
        """Return the near-duplicates of the story at a position."""
        return self._chooser.near_duplicates.get(position, set())

    def runners_up(self, position: int) -> list[Suggestion]:
        """Return what was ranked for a story and not chosen, best first."""
        chosen = {suggestion.position for suggestion in self.of(position)}
        ranked = self.index.scores(position)
        return [Suggestion(place, score) for place, score in ranked if place not in chosen]

    def _linked(self, article: Article) -> list[int]:
        found = (
            destination(self.site, article.path, reference.target)
            for reference in article.body.references
            if reference.attr == "href"
        )
        by_url = self.stories.by_url if self._by_url is None else self._by_url
        places = (by_url.get(url.partition("#")[0].partition("?")[0]) for url in found if url)
        return [place for place in places if place is not None]

    def _positions(self, paths: Iterable[str]) -> list[int]:
        shown = (path for path in paths if self.site.addresses.get(path))
        by_path = self.stories.by_path
        return [by_path[path] for path in shown if path in by_path]


def stories_at(site: Site) -> dict[str, str]:
    """Return the content path of the story at each address."""
    columns = columns_of(site.articles)
    return dict(zip(columns.urls, columns.paths, strict=True))


def relate(
    site: Site,
    settings: Settings,
    fetch: Fetch,
    old: RelatedIndex | None = None,
    executor: Executor = INLINE,
    last: Stories | None = None,
    known: Columns | None = None,
) -> Relations:
    """Return the relations of a site's stories.

    With an `old` index only what changed is done again. With those of another state of the site,
    `last`, or of stories that were kept the `known` columns, only stories that are others are
    looked at.
    """
    related = settings.related
    weights = related.weights
    rules = Rules(
        weights=Weights(weights.headline, weights.names, weights.tags),
        recency=weights.recency,
        half_life=related.half_life,
        company=weights.company,
        newer=related.newer,
    )
    stories = Stories(site, last, known)
    index = update_index(stories.subjects, rules, fetch, old, executor)
    return Relations(site, related, index, stories)
