"""The fields of stories that a site declares itself: one for each taxonomy of its own.

In comes a story's front matter as it came through the door, with a field for each of those; out
goes what the rooms above know: one value of them all.
"""

from functools import lru_cache
from typing import cast

import msgspec
from msgspec.structs import asdict

from generator.fields import TERMS
from generator.model import ArticleMatter


@lru_cache(maxsize=16)
def story_with(taxonomies: tuple[tuple[str, bool], ...]) -> type[ArticleMatter]:
    """Return the type of a story that has a field for each of these taxonomies.

    With each name comes whether a story may have several of its terms.
    """
    fields = [
        (name, str | tuple[str, ...] if many else str, () if many else "")
        for name, many in taxonomies
    ]
    kind = msgspec.defstruct(
        "StoryWithTerms", fields, bases=(ArticleMatter,), frozen=True, tag="story", kw_only=True
    )
    return cast(type[ArticleMatter], kind)


def story_of(matter: ArticleMatter) -> ArticleMatter:
    """Return a story with what its declared fields say among its `terms`."""
    if type(matter) is ArticleMatter:
        return matter
    values = asdict(matter)
    declared = [name for name in values if name not in ArticleMatter.__struct_fields__]
    said = {name: values.pop(name) for name in declared}
    terms = {name: (one,) if isinstance(one, str) else one for name, one in said.items() if one}
    return ArticleMatter(**values | {TERMS: terms})
