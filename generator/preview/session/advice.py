"""Advise an editor what to mend in a story before it goes out: no mistakes.

In comes a story with its body, out come sentences.
"""

from collections.abc import Iterator

from generator.content.html import attribute, look_at
from generator.model import Article, Prose

HEADLINE = 90
"""Characters: a longer headline is cut off in search results and where it is shared."""


def advice(article: Article, prose: Prose) -> Iterator[str]:
    """Yield what is missing in a story, or too long. `prose` is its body."""
    matter = article.matter
    if len(matter.title) > HEADLINE:
        yield f"The headline has {len(matter.title)} characters: {HEADLINE} are shown everywhere"
    if not matter.summary:
        yield "No summary: listings show how the text begins"
    if not article.tags:
        yield "No tags: it stands on no tag page"
    if matter.image and not matter.image.alt.strip():
        yield "The lead picture has no alt text"
    if matter.audio and not matter.audio.transcript:
        yield "The recording has no transcript"
    if without := _without_alt(prose.opening + prose.rest):
        yield f"{without} picture{'s' * (without > 1)} in the text without alt text"


def _without_alt(markup: str) -> int:
    """Return how many pictures have no words that may stand in their place."""
    if "<img" not in markup.lower():
        return 0
    alts = (attribute(picture, "alt") for _, picture in look_at(markup).starts("img"))
    return sum(not (alt and alt.value.strip()) for alt in alts)
