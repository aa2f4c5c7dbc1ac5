"""The choice among the ranked stories: here the editor has the last word."""

from collections.abc import Callable, Collection, Container, Sequence
from math import inf
from typing import NamedTuple

from generator.related.index import RelatedIndex
from generator.related.neighbours import NOBODY
from generator.related.subjects import Voice


class Suggestion(NamedTuple):
    """A related story: its position, and its score from 0 to 1. A pin scores what it would."""

    position: int
    score: float
    pinned: bool = False


class Wishes(NamedTuple):
    """What is settled for a story whatever the scores: positions of other stories.

    `linked` are those that its text leads to already.
    """

    pin: Sequence[int] = ()
    exclude: Collection[int] = ()
    linked: Collection[int] = ()


class Limits(NamedTuple):
    """The settings that shape a choice.

    `wanted`: so many at most. `per_source`: so many of one source, 0 for any number.
    `variety`: what a story loses for each one chosen before it, and for the story itself,
    that has its source or an author of it.
    """

    wanted: int
    least: float
    per_source: int
    variety: float


class Chooser:
    """Chooses from one index. `voice` gives that of the story at a position."""

    def __init__(self, index: RelatedIndex, voice: Callable[[int], Voice], limits: Limits) -> None:
        self.index = index
        self.voice = voice
        self.limits = limits
        self.near_duplicates = index.near_duplicates()

    def choose(self, position: int, wishes: Wishes) -> tuple[Suggestion, ...]:
        """Return the suggestions for a story, best first.

        Pins come first, in their order, excluded stories never, even when pinned. No
        near-duplicate of the story or of another suggestion is there unless it is pinned.
        """
        ranked = list(self.index.scores(position))
        never = {position, *wishes.exclude}
        pins = [p for p in dict.fromkeys(wishes.pin) if p not in never][: self.limits.wanted]
        scores = dict(ranked) if pins else {}
        chosen = [Suggestion(p, scores.get(p, 0.0), pinned=True) for p in pins]
        never.update(pins, wishes.linked)
        for place in (position, *pins):
            never.update(self.near_duplicates.get(place, ()))
        while len(chosen) < self.limits.wanted:
            heard = [self.voice(s.position) for s in chosen]
            place, score = self._best(ranked, never, heard, self.voice(position))
            if place == NOBODY:
                break
            chosen.append(Suggestion(place, score))
            never.update({place}, self.near_duplicates.get(place, ()))
        return tuple(chosen)

    def _best(
        self,
        ranked: Sequence[tuple[int, float]],
        never: Container[int],
        heard: Sequence[Voice],
        own: Voice,
    ) -> tuple[int, float]:
        """Return the best of `ranked`, which stands by score,
        when who was heard already counts less.
        """
        best, best_score, best_worth = NOBODY, 0.0, -inf
        for place, score in ranked:
            if score <= best_worth or score < self.limits.least:
                break
            if place in never:
                continue
            voice = self.voice(place)
            likes = sum(map(voice.is_like, heard))
            full = self.limits.per_source
            if voice.source and full and likes >= full:
                continue
            worth = score - self.limits.variety * (likes + voice.is_like(own))
            if worth > best_worth:
                best, best_score, best_worth = place, score, worth
        return best, best_score
