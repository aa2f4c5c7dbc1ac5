"""What is done in an open newsroom: its stories are arranged, or reworded, and related."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec.structs import replace

from generator.config import CONTENT, Settings
from generator.content.articles import read_content, read_texts
from generator.content.texts import locate
from generator.errors import Problem, SiteError, attempt, fault, is_error
from generator.model import Site
from generator.pages.dependencies import LastSite
from generator.related import RelatedIndex, Relations, relate
from generator.related.packing import pack, unpack
from generator.site.assemble import arrange
from generator.site.schedule import valid_between
from generator.site.update import only_words, with_words
from generator.state.cache import Cache
from generator.state.code_version import code_version
from generator.templates.folders import default_folder, layouts_digest, refused_links
from generator.templates.loader import Layouts, load_layouts
from generator.terms import Terms
from generator.workspace import Workspace

_WEB, _LAYOUTS = "related.web", "layouts.known"
_LITTLE = 8
"""Stories that may be new since the web was kept: finding them again is less work than writing."""


class AnyWorkspace(Protocol):
    """A site opened: to work on it, or to look at it."""

    root: Path
    settings: Settings

    def keep(self, name: str, pieces: Iterable[bytes | memoryview]) -> None: ...

    def kept(self, name: str) -> bytes | None: ...


class Arranged(msgspec.Struct, frozen=True):
    """A site, and what is wrong with it; with errors among that, it goes as far as it can.

    The clock changes nothing within its `valid_between`. `converted` counts the Markdown bodies
    that were not known. `reworded` are the content paths of the stories whose words are new,
    if nothing else is.
    """

    site: Site
    problems: list[Problem]
    valid_between: tuple[datetime | None, datetime | None]
    converted: int
    reworded: frozenset[str] | None = None


def arranged(workspace: Workspace, at: datetime, drafts: bool) -> Arranged:
    """The site of the newsroom for the moment `at`."""
    library, amiss, converted = read_content(
        workspace.root, workspace.found, workspace.settings, workspace.cache, workspace.executor
    )
    work = partial(arrange, library, workspace.settings, at, drafts)
    made = attempt(work, partial(fault, CONTENT, doing="arrange the stories"))
    if isinstance(made, Problem):  # what is wrong with single files is told all the same
        raise SiteError([*workspace.problems, *locate(workspace.root, amiss), made])
    site, mistakes = made
    still = valid_between((reading.matter for reading in library.readings), at)
    if not site.articles:
        still = at, at  # the year in the footer is that of the newest story, else today's
    return Arranged(site, [*workspace.problems, *amiss, *mistakes], still, converted)


def reworded(workspace: Workspace, last_site: LastSite, at: datetime) -> Arranged | None:
    """The remembered site with the bodies, titles and summaries of its stories that are new.

    None if anything else is new, or wrong: then the site has to be arranged.
    """
    found, site = workspace.found, last_site.site
    if len(found.texts) != len(last_site.keys) or found.files != site.files:
        return None
    if found.withheld != site.withheld:
        return None
    texts = [t for t in workspace.found.texts if last_site.keys.get(t.source.path) != t.key]
    paths = frozenset(text.source.path for text in texts)
    if not paths <= {article.path for article in site.articles}:
        return None
    library, amiss, converted = read_texts(
        workspace.root, texts, workspace.settings, workspace.cache, workspace.executor
    )
    words = only_words(site, paths, library.readings, last_site.warnings)
    if words is None:
        return None
    amiss += words.dead_links
    if any(map(is_error, [*workspace.problems, *workspace.found.problems, *amiss])):
        return None
    site = replace(with_words(site, words.stories), at=at)
    return Arranged(site, [*last_site.warnings, *amiss], last_site.valid_between, converted, paths)


def related(workspace: Workspace, site: Site) -> Relations:
    """The relations of the site's stories; what was found is kept for the next time."""
    old = kept_index(workspace)
    relations = relate(
        site, workspace.settings, partial(_terms, workspace.cache), old, workspace.executor
    )
    if old is None or relations.index.distance(old) > _LITTLE:
        workspace.keep(_WEB, pack(relations.index, code_version()))
    return relations


def kept_index(workspace: AnyWorkspace) -> RelatedIndex | None:
    """How the stories hung together when that was kept last."""
    kept = workspace.kept(_WEB)
    return unpack(kept, code_version()) if kept else None


def loaded_layouts(workspace: AnyWorkspace) -> tuple[Layouts, list[Problem]]:
    """The layouts, and what is wrong with them.

    To understand layouts takes time: what was found out is kept.
    """
    if refused := [*refused_links(workspace.root, workspace.settings.content.links)]:
        # Nothing behind these may be read: the default layouts alone serve to find other mistakes.
        layouts, amiss = load_layouts(default_folder().parent, workspace.settings)
        return layouts, [*amiss, *refused]
    labels = msgspec.json.encode((workspace.settings.language, workspace.settings.labels))
    digest = layouts_digest(workspace.root, labels).encode()
    kept = workspace.kept(_LAYOUTS)
    if kept and kept.startswith(digest):
        return _LOADED.decode(kept[len(digest) :])
    loaded = load_layouts(workspace.root, workspace.settings)
    if not any(map(is_error, loaded[1])):
        workspace.keep(_LAYOUTS, [digest, msgspec.msgpack.encode(loaded)])
    return loaded


def _terms(cache: Cache, keys: Sequence[str]) -> Iterator[Terms]:
    return map(_TERMS.decode, cache.terms(keys))


_LOADED = msgspec.msgpack.Decoder(tuple[Layouts, list[Problem]])
_TERMS = msgspec.msgpack.Decoder(Terms)
