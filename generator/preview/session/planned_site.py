"""A site planned and ready to print, one page at a time, when it is asked for.

In come settings, layouts and a site. Out come its pages, their bytes, and what is wrong with them.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from generator.config import Settings
from generator.content.block_arguments import mistakes_of_blocks
from generator.errors import Problem, attempt, fault
from generator.model import Article, BodyInfo, Reference, Site
from generator.moments import duration
from generator.pages import (
    Answered,
    Output,
    collisions,
    dead_paths,
    host_problems,
    plan,
)
from generator.pages.asking import Asking
from generator.pages.assets import asset_outputs
from generator.pages.blocks import dead_in_blocks
from generator.pages.checks import idle_layouts, problems_of_edition
from generator.pages.context import PageContext, Relate
from generator.pages.editions import context_of
from generator.pages.output import Derived
from generator.pages.queries import packed
from generator.pages.render_setup import set_up_all
from generator.preview.session.related import RelatedStories
from generator.preview.session.texts import marks
from generator.site.anchors import place_of
from generator.site.assemble import Edition, texts
from generator.site.layouts import mistakes_of_layouts
from generator.site.schedule import narrowed
from generator.site.update import with_anchors, with_words
from generator.templates.environment import Made, ProseStore, environments_of
from generator.templates.loader import Layouts
from generator.workspace import CACHE, COMPILED

_HELD = 64
"""Pages held as they were rendered last."""
_FORMER = 16
"""Assets held after their layouts have others in their places."""


class RenderedPage(NamedTuple):
    """A page's bytes, and what shaped them. `problem`: the layout fails now, it did not then.

    `warning`: the fast way to make it failed, see `Made`. One that `is_new` was made, or tried to
    be made, when it was asked for. `asked` are the questions of its layout, with answers in it.
    """

    fingerprint: str
    data: bytes | Path
    problem: Problem | None = None
    warning: Problem | None = None
    is_new: bool = True
    asked: tuple[bytes, ...] = ()


class PlannedSite:
    """A site as it is shown: its pages by output path, and what prints them.

    `settings`, `layouts` and `editions` are what it was made from, and so are the `sites`, by their
    language. `former` are assets, by output path, that pages rendered before lead to. `until` is
    when the clock changes what layouts have asked for so far, if it does.
    """

    def __init__(
        self,
        root: Path,
        settings: Settings,
        layouts: Layouts,
        site: Site,
        related: RelatedStories,
        store: ProseStore,
        editions: Sequence[Edition] = (),
    ) -> None:
        self.settings = settings
        self.layouts = layouts
        self.editions = editions
        self.sites = {"": site} | {one.settings.language: one.site for one in editions}
        others = ((one, _as_found(related, one.settings.language)) for one in editions)
        self.context = context_of(site, settings, layouts, lambda *_: related, root, others)
        self.former: OrderedDict[str, Output] = OrderedDict()
        self.until: datetime | None = None
        self._plan = plan(self.context, layouts.assets, root)
        self._empty = [page for page in self._plan if page.empty]
        self.pages: dict[str, Output] = {page.path: page for page in self._plan}
        for page in self._empty:
            del self.pages[page.path]
        self._answered = Answered.by(self._plan)
        self._related = related
        self._root = root
        self._compiled = root / CACHE / COMPILED
        self._store = store
        self._rendered: OrderedDict[str, RenderedPage] = OrderedDict()
        self._set_up()

    @property
    def site(self) -> Site:
        """Return the site in its main language."""
        return self.sites[""]

    @cached_property
    def pictures(self) -> dict[str, tuple[Derived, ...]]:
        """Return what is made of each picture of the content, by its path there."""
        found: dict[str, list[Derived]] = {}
        for page in self.pages.values():
            if isinstance(page, Derived) and page.takes_long:
                found.setdefault(page.owner, []).append(page)
        return {path: tuple(some) for path, some in found.items()}

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the plan."""
        yield from collisions(self.context, self._plan)
        yield from mistakes_of_layouts(self.site, self.settings, self.layouts.layouts)
        yield from self.mistakes_in_blocks(texts(self.site))
        entries, anchors = self.settings.entries, self.layouts.anchors
        known = self._answered
        yield from dead_paths(self.site, self._root, texts(self.site), known, entries, anchors)
        for edition in self.editions:
            given = self.layouts, self.context.blocks, self._root
            yield from problems_of_edition(edition, known, *given)
        yield from host_problems(self.context, self.layouts.assets.values(), self._root)
        yield from idle_layouts(self.layouts, (page.layout for page in self._plan))

    def dead_paths(
        self, bodies: Iterable[tuple[str, BodyInfo]], edition: str = ""
    ) -> Iterator[Problem]:
        """Yield what is wrong with the links of these bodies to paths of the site, and to ids."""
        site, anchors = self.sites[edition], self.layouts.anchors
        some = [(path, body) for path, body in bodies if any(map(_is_looked_up, body.references))]
        if some:
            yield from dead_paths(site, self._root, some, self._answered, (), anchors)

    def mistakes_in_blocks(
        self, bodies: Iterable[tuple[str, BodyInfo]], edition: str = ""
    ) -> Iterator[Problem]:
        """Yield what is wrong with the blocks of these bodies."""
        known = self.context.blocks
        for path, body in (some := [*bodies]):
            yield from mistakes_of_blocks(path, body.blocks, known.kinds)
        yield from dead_in_blocks(self.sites[edition], some, known)

    def reword(self, words: Mapping[int, Article], edition: str = "") -> None:
        """Take over stories in a language, by position, of which only the words are new."""
        site = self.sites[edition] = with_words(self.sites[edition], words)
        for other in self.sites.keys() - {edition}:
            anchors = with_anchors(self.sites[other].anchors, words.values())
            self.sites[other] = replace(self.sites[other], anchors=anchors)
            self.context.of(other).take_anchors(site, words.values())
        if self.context.of(edition).reword(site, words) & self._shown_everywhere[edition]:
            self._set_up()

    def file_of(self, path: str, edition: str) -> str:
        """Return the content file of a text that goes by a path in a language."""
        return self.context.of(edition).file_of(path)

    def is_led_into(self, words: Mapping[int, Article], edition: str) -> bool:
        """Return whether texts in other languages lead to ids of these stories."""
        others = [site.led_into for name, site in self.sites.items() if name != edition]
        places = [place_of(story.url) for story in words.values()] if others else []
        return any(place in led_into for led_into in others for place in places)

    def lay_out(self, layouts: Layouts) -> None:
        """Take over other layouts, whose labels are the same."""
        for asset in self.layouts.assets.values():
            del self.pages[asset.path]
        self.pages |= {output.path: output for output in asset_outputs(layouts.assets)}
        self._hold_former(self.layouts)
        self.layouts = layouts
        self._answered = Answered.by([*self.pages.values(), *self._empty])
        self._set_up()

    def ahead(self, page: Output) -> set[int]:
        """Return the marks of the stories that the page shows and nobody has read yet."""
        held = self._rendered.get(page.path)
        queries = self.context.of(page.edition).queries
        answers = (queries.answer(question) for question in held.asked) if held else ()
        return marks(page.shown(self.context)).union(*map(marks, answers))

    def render(self, page: Output, *, hurried: bool = False) -> RenderedPage:
        """Return a page's bytes; those of the last time where it cannot be made now.

        With `hurried`, related stories of before the last edit will do.
        """
        held = self._rendered.pop(page.path, RenderedPage("", b""))
        work = partial(self._render, page, held, hurried=hurried)
        made = attempt(work, partial(fault, page.file))
        if isinstance(made, Problem):
            made = held._replace(problem=made, warning=None, is_new=True)
        if isinstance(made.data, Path):  # the file holds it
            return made
        if made.asked:
            self.until = self._next_turn()
        self._rendered[page.path] = made
        if len(self._rendered) > _HELD:
            self._rendered.popitem(last=False)
        return made

    def _next_turn(self) -> datetime | None:
        """Return when the clock changes what layouts have asked for so far, if it does."""
        valid: tuple[datetime | None, datetime | None] = None, None
        for one in self.context.every:
            site, spans = self.sites[one.edition], map(duration, one.queries.spans)
            valid = narrowed(valid, site.articles, site.at, spans)
        return valid[1]

    def forget(self, page: Output) -> None:
        """Print a page anew the next time: layouts may have been read that are others by now."""
        if held := self._rendered.get(page.path):
            self._rendered[page.path] = held._replace(fingerprint="")
        environments_of.cache_clear()

    def _render(self, page: Output, held: RenderedPage, *, hurried: bool) -> RenderedPage | Problem:
        """Return a page as it was `held`, if that was made from what it is made from now."""
        if shows_related(page):
            self._related.in_edition(page.edition).find(hurried=hurried)
        asking = Asking(self.context, self._setup, {page.path: packed(held.asked)})
        work, asker = asking.begin(page)
        fingerprint, _ = asking.made(asker, held.asked)
        if held.fingerprint == fingerprint and not held.problem:
            return held._replace(is_new=False)
        made = work.done(self._config, self._store, asking.likely(asker))
        if isinstance(made, Problem):
            return made
        assert isinstance(made, Made)  # all is answered in this process
        fingerprint, _ = asking.made(asker, made.asked)
        return RenderedPage(fingerprint, made.data, warning=made.warning, asked=made.asked)

    def site_of(self, page: Output) -> Site:
        """Return the site in the language of a page."""
        return self.sites[page.edition]

    def leads_to(self, page: Output) -> str:
        """Return where a redirect leads; "" if the page is none."""
        return self.context.compose.href(page.leads) if page.kind.traits.leads_on else ""

    def take_over(self, before: "PlannedSite") -> None:
        """Hold the pages that were rendered before, for when one cannot be rendered now."""
        self._rendered, self.former = before._rendered, before.former
        self._hold_former(before.layouts)

    def _hold_former(self, layouts: Layouts) -> None:
        """Hold the assets of layouts that are no longer; a browser may ask for them yet."""
        for output in asset_outputs(layouts.assets):
            if output.path not in self.pages:
                self.former[output.path] = output
        while len(self.former) > _FORMER:
            self.former.popitem(last=False)

    def _set_up(self) -> None:
        made = partial(set_up_all, self.context, self.layouts, self._compiled)
        self._setup, shown = self.context.watch.noted(made)
        self._shown_everywhere = {"": shown}
        for one in self.context.editions:
            show = partial(_show_everywhere, one, self.layouts)
            _, self._shown_everywhere[one.edition] = one.watch.noted(show)
        self._config = msgspec.json.encode(self._setup.config)


def _show_everywhere(context: PageContext, layouts: Layouts) -> None:
    """Look up what any page may show: the values of the site, and collections."""
    context.compose.site_view()
    context.compose.collections(layouts.collections)


def _as_found(related: RelatedStories, edition: str) -> Relate:
    return lambda *_: related.in_edition(edition)


def shows_related(page: Output) -> bool:
    """Return whether a page shows what is related to its story."""
    return page.kind.traits.shows_related


def _is_looked_up(reference: Reference) -> bool:
    return reference.target.startswith("/") or "#" in reference.target
