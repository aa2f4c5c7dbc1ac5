"""Which stories are related, and why.

`vectors` tells what each story says, `nearest` which say the same, `company` ranks those,
`twins` finds copies; `web` is all of that and keeps it up to date, `packing` makes bytes of
it. `choice` lets the editor choose, `why` gives the reasons. All of it is a function of the
articles and the settings alone.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from copy import copy
from functools import cached_property, partial

from generator.arrange.links import destination
from generator.arrange.related.choice import Chooser, Limits, Suggestion, Voice, Wishes
from generator.arrange.related.grounds import grounds
from generator.arrange.related.vectors import Weights
from generator.arrange.related.web import Fetch, Rules, Subject, Web, weave
from generator.arrange.watch import Watch
from generator.config import Related, Settings
from generator.model import Article, Site
from generator.workers import HERE

__all__ = ["Relations", "Suggestion", "Web", "relate"]


class Relations:
    """The related stories of one site. Positions are those of the site's articles."""

    def __init__(self, site: Site, settings: Related, web: Web) -> None:
        self.site = site
        self.web = web
        self.limits = Limits(
            settings.count, settings.least, settings.per_source, settings.weights.variety
        )
        self._voices = list(map(_voice, site.articles))
        self._chooser = Chooser(web, self._voices, self.limits)
        self._by_path = {article.path: place for place, article in enumerate(site.articles)}
        self._by_url: Mapping[str, int]
        self._by_url = {article.url: place for place, article in enumerate(site.articles)}
        self._noted: Mapping[str, int] = {}

    def watched(self, site: Site, watch: Watch) -> "Relations":
        """The same relations, seen through the watched form of the same site."""
        seen = copy(self)
        seen.site = site
        grounds = dict(zip(self._by_path, self.grounds, strict=True))
        seen._noted = watch.family("grounds", grounds)
        seen._by_url = watch.family("story at", self._by_url, partial(stories_at, self.site))
        return seen

    @cached_property
    def grounds(self) -> list[int]:
        """By position: a number that is the same while the story's suggestions are."""
        return grounds(self.web, self._voices)

    def of(self, position: int) -> tuple[Suggestion, ...]:
        """The suggestions for the story at a position, best first."""
        wishes = self.wishes(position)
        for place in (position, *wishes.pin):  # these are noted where somebody watches
            self._noted.get(self.site.articles[place].path)
        return self._chooser.choose(position, wishes)

    def wishes(self, position: int) -> Wishes:
        """What the editor settled for the story at a position."""
        article = self.site.articles[position]
        return Wishes(
            pin=self._positions(article.pinned),
            exclude=self._positions(article.excluded),
            linked=self._linked(article),
        )

    def twins(self, position: int) -> set[int]:
        """The near-duplicates of the story at a position."""
        return self._chooser.twins.get(position, set())

    def runners_up(self, position: int) -> list[Suggestion]:
        """What was ranked for a story and not chosen, best first."""
        chosen = {suggestion.position for suggestion in self.of(position)}
        ranked = self.web.scores(position)
        return [Suggestion(place, score) for place, score in ranked if place not in chosen]

    def _linked(self, article: Article) -> list[int]:
        found = (
            destination(self.site, article.path, reference.target)
            for reference in article.body.references
            if reference.attr == "href"
        )
        places = (self._by_url.get(url.partition("#")[0].partition("?")[0]) for url in found if url)
        return [place for place in places if place is not None]

    def _positions(self, paths: Iterable[str]) -> list[int]:
        shown = (path for path in paths if self.site.addresses.get(path))
        return [self._by_path[path] for path in shown if path in self._by_path]


def stories_at(site: Site) -> dict[str, str]:
    """The content path of the story at each address."""
    return {article.url: article.path for article in site.articles}


def relate(
    site: Site,
    settings: Settings,
    fetch: Fetch,
    old: Web | None = None,
    executor: Executor = HERE,
) -> Relations:
    """The relations of a site's stories. From an `old` web only what changed is done again."""
    related = settings.related
    weights = related.weights
    rules = Rules(
        weights=Weights(weights.headline, weights.names, weights.tags),
        recency=weights.recency,
        half_life=related.half_life,
        company=weights.company,
        newer=related.newer,
    )
    subjects = [
        Subject(
            path=article.path,
            terms=article.body.terms,
            tags=article.tags,
            moment=round(article.matter.date.timestamp() * 1_000_000),
        )
        for article in site.articles
    ]
    return Relations(site, related, weave(subjects, rules, fetch, old, executor))


def _voice(article: Article) -> Voice:
    source = article.matter.source
    return Voice(source.name if source else "", article.authors)
