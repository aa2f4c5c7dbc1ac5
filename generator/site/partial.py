"""A site with some of its values: whoever reads another is told so, and shows nothing stale.

In come the values that may be read, or a site; out goes what is read like a `Site`.
"""

from typing import Any, NoReturn, cast

import msgspec

from generator.fields import PHRASES
from generator.model import Site

WORDS = ("title", "kicker", "summary")
"""What a story's front matter says that has no say in where the story stands."""


def partial_site(why: str, **values: Any) -> Site:
    """Return a site of these values alone. To read another raises `TypeError`, which says `why`."""
    refused = {name: _refusal(name, why) for name in Site.__struct_fields__ if name not in values}
    kind = msgspec.defstruct("PartialSite", values, namespace=refused, frozen=True)
    return cast(Site, kind(**values))


def wordless(site: Site) -> Site:
    """Return a site without what may be new when only words of its stories are.

    To read any of it, a headline, a body, the ids in it or the moment, raises `TypeError`.
    """
    values = {name: getattr(site, name) for name in Site.__struct_fields__}
    del values["anchors"], values["at"]
    articles = tuple(map(_Wordless, site.articles))
    return partial_site("it may be new where only words are", **values | {"articles": articles})


def _refusal(name: str, why: str) -> property:
    def refuse(_: object) -> NoReturn:
        raise TypeError(f"`site.{name}` cannot be read here: {why}")

    return property(refuse)


class _Wordless:
    """A story, or its front matter: all of it can be read but the words."""

    __slots__ = ("_whole",)

    def __init__(self, whole: object) -> None:
        self._whole = whole

    def __getattr__(self, name: str) -> Any:
        if name in _WORDS:
            raise TypeError(f"`{name}` of a story cannot be read here: words settle no place")
        value = getattr(self._whole, name)
        return _Wordless(value) if name == "matter" else value


_WORDS = {*WORDS, PHRASES, "body"}
