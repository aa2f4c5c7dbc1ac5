"""What is to be made in the background, and what of it comes next.

In come the pages that people look at, with what is on them, and what a browser asked for. What
nobody looks at any more is dropped, so that there never is more of it than a few pages hold.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator

from generator.preview.values import Unmade

_PAGES = 8
"""Pages that are looked at last; more are open in nobody's sight."""
_ON_A_PAGE = 2_000
_ASKED = 128


class Wanted:
    """Files that are not made yet, by their keys."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, dict[str, Unmade]] = OrderedDict()  # looked at last: last
        self._asked: OrderedDict[str, Unmade] = OrderedDict()

    def look_at(self, page: str, shown: Iterable[Unmade]) -> None:
        """Want what is on a page that somebody looks at now."""
        first = sorted(shown, key=_order)[:_ON_A_PAGE]
        self._pages[page] = {one.key: one for one in first}
        self._pages.move_to_end(page)
        if len(self._pages) > _PAGES:
            self.leave(next(iter(self._pages)))

    def leave(self, page: str) -> None:
        """Want no more what is only on a page that nobody looks at any more."""
        left = self._pages.pop(page, {})
        for key in left.keys() & self._asked.keys():
            if not any(key in shown for shown in self._pages.values()):
                del self._asked[key]

    def ask(self, one: Unmade) -> None:
        """Want something that a browser waits for: it comes before all else."""
        for each in (one.sooner, one):
            if each:
                self._asked[each.key] = each
        while len(self._asked) > _ASKED:
            self._asked.popitem(last=False)

    def next(self) -> Unmade | None:
        """Return what comes next, None if nothing is wanted.

        Of what was asked for, and then of all else, that of the page looked at last comes first;
        there what is quick to make, and what is small.
        """
        if self._asked:
            return min(self._asked.values(), key=lambda one: (self._age(one), _order(one)))
        return next(self._shown(), None)

    def done(self, one: Unmade) -> None:
        """Want something no more."""
        for some in (self._asked, *self._pages.values()):
            some.pop(one.key, None)

    def _shown(self) -> Iterator[Unmade]:
        for shown in reversed(self._pages.values()):
            yield from shown.values()

    def _age(self, one: Unmade) -> int:
        """Return how many pages were looked at since one that shows it."""
        ages = (age for age, shown in enumerate(reversed(self._pages.values())) if one.key in shown)
        return next(ages, 0)


def _order(one: Unmade) -> tuple[int, int]:
    return one.order
