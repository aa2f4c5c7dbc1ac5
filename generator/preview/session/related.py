"""The related stories of a site that is kept open: found when they are first asked for."""

from collections.abc import Sequence

from generator.model import Site
from generator.preview.session.texts import Texts
from generator.related import RelatedIndex, Relations, Suggestion, relate
from generator.related.kept import kept_index
from generator.workspace import ReadOnlyWorkspace


class RelatedStories:
    """What is related to each story of the site that was handed over last.

    To find it takes longer than anything else after an edit. While `hurried`, what was found
    before the last edit is told. `is_behind`: it is not what a build would say.
    """

    def __init__(self, texts: Texts) -> None:
        self.hurried = False
        self.is_behind = False
        self._texts = texts
        self._index: RelatedIndex | None = None
        self._relations: Relations | None = None

    def hand_over(self, site: Site, workspace: ReadOnlyWorkspace, same_places: bool) -> None:
        """Tell of another site. In the `same_places` the stories stand where they stood before."""
        self._site, self._workspace = site, workspace
        self.is_behind = True
        if not same_places:
            self._relations = None

    def of(self, position: int) -> Sequence[Suggestion]:
        """The suggestions for a story, best first; none before all stories are read."""
        return () if self._texts.ahead else self.relations().of(position)

    def relations(self) -> Relations:
        """The relations of the site; with `hurried`, perhaps those of before the last edit."""
        if self._relations is None or (self.is_behind and not self.hurried):
            self._index = self._index or kept_index(self._workspace)
            settings = self._workspace.settings
            self._relations = relate(self._site, settings, self._texts.terms, self._index)
            self._index = self._relations.index
            self.is_behind = False
        return self._relations
