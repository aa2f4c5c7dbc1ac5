"""A site with some of its values: whoever reads another is told so, and shows nothing stale.

In come the values that may be read; out goes what is read like a `Site`.
"""

from typing import Any, cast

from generator.model import Site


def partial_site(why: str, **values: Any) -> Site:
    """Return a site of these values alone. To read another raises `TypeError`, which says `why`."""
    return cast(Site, _PartialSite(why, values))


class _PartialSite:
    def __init__(self, why: str, values: dict[str, Any]) -> None:
        self._why = why
        self.__dict__ |= values

    def __getattr__(self, name: str) -> Any:
        if name in Site.__struct_fields__:
            raise TypeError(f"`site.{name}` cannot be read here: {self._why}")
        raise AttributeError(name)
