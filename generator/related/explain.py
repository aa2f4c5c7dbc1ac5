"""The reasons why one story is related to another, in words that an editor reads."""

from collections.abc import Callable

import msgspec

from generator.content.words import plain
from generator.errors import plural
from generator.model import Prose
from generator.related import Relations
from generator.related.shares import reason
from generator.site.taxonomies import terms_of
from generator.terms import number_of, spellings

_TOLD = 6
"""So many terms of a kind are enough to tell."""


class Reasons(msgspec.Struct, frozen=True):
    """What two stories share, what says most first, and how far apart they are.

    `company` is the number of neighbours that they share. `parts` are what each signal
    adds to the score.
    """

    words: list[str]
    names: list[str]
    headline: list[str]
    tags: list[str]
    days: int
    company: int
    parts: dict[str, float]

    def lines(self) -> list[str]:
        """Return the same as short lines: "tags: Rail, Trade", "2 days apart"."""
        lines = [
            f"{name}: {', '.join(terms[:_TOLD])}"
            for name in ("tags", "names", "headline", "words")
            if (terms := getattr(self, name))
        ]
        lines.append(f"{self.days} {plural(self.days, 'day')} apart")
        if self.company:
            lines.append(f"{self.company} of the nearest stories are the same")
        return lines


class Reader:
    """Reads the stories of a site again, to say in words what they share.

    `prose` gives a converted body by its key.
    """

    def __init__(self, related: Relations, prose: Callable[[str], bytes], language: str) -> None:
        self._related = related
        self._prose = prose
        self._language = language
        self._tags = {number_of("tag", t.slug): t.name for t in terms_of(related.site, "tags")}

    def why(self, one: int, other: int) -> tuple[float, Reasons]:
        """Return the score of the story at one position with that at another, and the reasons."""
        spelled = self._tags | self._spelled(one) | self._spelled(other)
        why = reason(self._related.index, one, other, spelled)
        return why.score, Reasons(
            words=why.shared["word"] + why.shared["stop"],
            names=why.shared["name"],
            headline=why.shared["headline"],
            tags=why.shared["tag"],
            days=why.days,
            company=why.company,
            parts={part: round(share, 4) for part, share in why.parts.items()},
        )

    def _spelled(self, position: int) -> dict[int, str]:
        article = self._related.site.articles[position]
        prose = msgspec.msgpack.decode(self._prose(article.body.key), type=Prose)
        return spellings(article.matter.title, plain(prose.opening + prose.rest), self._language)
