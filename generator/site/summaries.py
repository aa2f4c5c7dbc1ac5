"""What stands for a story without a dek: how it begins, but for what many others begin with."""

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from generator.model import Article, BodyInfo, Site

_MANY = 5
"""Stories that have an opening in common: by then it is a greeting, and says nothing of them."""


def common_openings(bodies: Iterable[BodyInfo]) -> dict[str, int]:
    """Return how many of the bodies have each opening, of those that several have."""
    count = Counter(opening for body in bodies for opening in set(body.openings))
    return {opening: times for opening, times in count.items() if times > 1}


def shared_openings(common: Mapping[str, int]) -> frozenset[str]:
    """Return the openings that many bodies have."""
    return frozenset(opening for opening, times in common.items() if times >= _MANY)


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


def reworded_openings(site: Site, words: Mapping[int, Article]) -> dict[str, int]:
    """Return how many stories have each opening once these stand at their positions, at most.

    One that a single story had is not known, so a count that it begins with may be too high by one.
    """
    count = dict(site.openings)
    for position, story in words.items():
        before, now = set(site.articles[position].body.openings), set(story.body.openings)
        count.update((opening, count[opening] - 1) for opening in before - now if opening in count)
        count.update((opening, count.get(opening, 1) + 1) for opening in now - before)
    return count


def is_shared_anew(site: Site, openings: Mapping[str, int]) -> bool:
    """Return whether others are shared where this is how many stories have each, at most."""
    return shared_openings(openings) != site.shared
