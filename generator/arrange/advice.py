"""What an editor may want to mend in a story before it goes out: no mistakes, only advice."""

import re
from collections.abc import Iterator

from generator.model import Article, Prose

HEADLINE = 90
"""Characters: a longer headline is cut off in search results and where it is shared."""

_PICTURE = re.compile(r"<img\b[^>]*>")
_ALT = re.compile(r"""\salt\s*=\s*(?:"[^"]*\S[^"]*"|'[^']*\S[^']*'|[^\s"'>]+)""")


def advice(article: Article, prose: Prose) -> Iterator[str]:
    """What is missing in a story, or too long. `prose` is its body."""
    matter = article.matter
    if len(matter.title) > HEADLINE:
        yield f"The headline has {len(matter.title)} characters: {HEADLINE} are shown everywhere"
    if not matter.summary:
        yield "No summary: listings show how the text begins"
    if not article.tags:
        yield "No tags: it stands on no tag page"
    if matter.image and not matter.image.alt.strip():
        yield "The lead picture has no alt text"
    pictures = _PICTURE.findall(prose.opening + prose.rest)
    if without := sum(not _ALT.search(picture) for picture in pictures):
        yield f"{without} picture{'s' * (without > 1)} in the text without alt text"
