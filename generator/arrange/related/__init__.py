"""Which stories are related, and why.

`vectors` tells what each story says, `nearest` which say the same, `company` ranks those,
`twins` finds copies; `web` is all of that and keeps it up to date, `packing` makes bytes of
it. `choice` lets the editor choose, `why` gives the reasons. All of it is a function of the
articles and the settings alone.
"""

from collections.abc import Iterable
from functools import cached_property

from generator.arrange.links import destination
from generator.arrange.related.choice import Chooser, Limits, Suggestion, Voice, Wishes
from generator.arrange.related.vectors import Weights
from generator.arrange.related.web import Fetch, Rules, Subject, Web, weave
from generator.config import Related, Settings
from generator.model import Article, Site

__all__ = ["Relations", "Suggestion", "Web", "relate"]


class Relations:
    """The related stories of one site. Positions are those of the site's articles."""

    def __init__(self, site: Site, settings: Related, web: Web) -> None:
        self.site = site
        self.web = web
        self.limits = Limits(
            settings.count, settings.least, settings.per_source, settings.weights.variety
        )
        self._chooser = Chooser(web, list(map(_voice, site.articles)), self.limits)

    def of(self, position: int) -> tuple[Suggestion, ...]:
        """The suggestions for the story at a position, best first."""
        return self._chooser.choose(position, self.wishes(position))

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
        return [self._by_path[path] for path in paths if path in self._by_path]

    @cached_property
    def _by_path(self) -> dict[str, int]:
        return {article.path: place for place, article in enumerate(self.site.articles)}

    @cached_property
    def _by_url(self) -> dict[str, int]:
        return {article.url: place for place, article in enumerate(self.site.articles)}


def relate(site: Site, settings: Settings, fetch: Fetch, old: Web | None = None) -> Relations:
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
    return Relations(site, related, weave(subjects, rules, fetch, old))


def _voice(article: Article) -> Voice:
    source = article.matter.source
    return Voice(source.name if source else "", article.authors)
