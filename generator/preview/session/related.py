"""Relate the stories of a site that is kept open, when that is first asked for.

In comes each site that is shown, out come the suggestions for its stories.
"""

from collections.abc import Sequence

from generator.model import Site
from generator.preview.session.texts import Texts
from generator.related import Relations, Suggestion, relate
from generator.related.kept import kept_index
from generator.workspace import ReadOnlyWorkspace


class RelatedStories:
    """What is related to each story of the site that was set last.

    To find it takes longer than anything else after an edit. `is_behind`: what was found is not
    what a build would say. `edition` is its language, "" for the main one.
    """

    def __init__(self, texts: Texts, edition: str = "") -> None:
        self.is_behind = False
        self.edition = edition
        self._texts = texts
        self._editions: dict[str, RelatedStories] = {}
        self._last: Relations | None = None
        self._relations: Relations | None = None

    def in_edition(self, edition: str) -> "RelatedStories":
        """Return what is related to the stories in another language; "" is this one."""
        if not edition:
            return self
        return self._editions.setdefault(edition, RelatedStories(self._texts, edition))

    def set_site(self, site: Site, workspace: ReadOnlyWorkspace, same_places: bool) -> None:
        """Relate the stories of another site from now on.

        In the `same_places` they stand where they stood before.
        """
        self._site, self._workspace = site, workspace
        self.is_behind = True
        if not same_places:
            self._relations = None

    def settle(self) -> bool:
        """Find the relations in all languages; return whether there were any to be found."""
        every = (self, *self._editions.values())
        found = [one.find() for one in every if one.is_behind]
        return any(one is not None for one in found)

    def find(self, *, hurried: bool = False) -> Relations | None:
        """Return the relations of the site, found now if they are not yet.

        With `hurried`, those of before the last edit will do. None before all stories are read.
        """
        if self._texts.ahead:
            return None
        if self._relations is None or (self.is_behind and not hurried):
            last, settings = self._last, self._workspace.settings
            index = last.index if last else kept_index(self._workspace, self.edition)
            stories = last.stories if last else None
            found = relate(self._site, settings, self._texts.terms, index, last=stories)
            self._relations = self._last = found
            self.is_behind = False
        return self._relations

    def of(self, position: int) -> Sequence[Suggestion]:
        """Return the suggestions for a story, best first, as they were found last."""
        found = None if self._texts.ahead else self._relations
        return found.of(position) if found else ()
