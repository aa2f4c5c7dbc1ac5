"""What stands for a story without a dek: how it begins, but for what many others begin with."""

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from generator.model import Article, BodyInfo, Site

_MANY = 5
"""Stories that have an opening in common: by then it is a greeting, and says nothing of them."""


def shared_openings(bodies: Iterable[BodyInfo]) -> frozenset[str]:
    """Return the openings that many of the bodies have."""
    count = Counter(opening for body in bodies for opening in set(body.openings))
    return frozenset(opening for opening, times in count.items() if times >= _MANY)


def summed_up(body: BodyInfo, shared: frozenset[str]) -> BodyInfo:
    """Return a body with the excerpt that its story is to have:
    the first one that is not shared.
    """
    excerpts = body.excerpt, *body.spare
    own = (n for n, opening in enumerate(body.openings) if opening not in shared)
    place = next(own, len(body.openings))
    if place == 0 and not body.spare:
        return body
    excerpt = excerpts[place] if place < len(excerpts) else body.excerpt
    return replace(body, excerpt=excerpt, spare=())


def is_shared_anew(site: Site, words: Mapping[int, Article]) -> bool:
    """Return whether other openings than before are shared once these
    stories stand at their positions.
    """
    change: Counter[str] = Counter()
    for position, story in words.items():
        change.update(set(story.body.openings))
        change.subtract(set(site.articles[position].body.openings))
    changed = {opening for opening, times in change.items() if times}
    if not changed:
        return False
    before = Counter(
        opening
        for article in site.articles
        if not changed.isdisjoint(article.body.openings)
        for opening in changed.intersection(article.body.openings)
    )
    return any((before[o] >= _MANY) != (before[o] + change[o] >= _MANY) for o in changed)
