"""Take away what is kept between builds and no build of the site needs any more, or all of it.

What comes in is the folder of a site; what goes out is how much room that freed. Nothing that an
editor wrote is touched, nor anything that was built.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from generator.codes import Code
from generator.config import SITE_TOML, load_settings
from generator.content.articles import ReadTexts, blobs_of
from generator.content.scan import Scan
from generator.content.texts import locate
from generator.errors import Problem, SiteError, counted, raise_errors, sized
from generator.pages import Output, picture_plan
from generator.pages.picture_files import STORE, keys_in_store
from generator.pages.render_setup import DRAWN
from generator.pictures.kept import Store
from generator.related.kept import of_other_languages as related_in_others
from generator.state.builds import digests_of_all, of_gone_folders, of_other_languages
from generator.state.code_version import code_version
from generator.state.damaged import begins_again
from generator.state.freed import Room, room_of, taken_away
from generator.state.lock import locked
from generator.workers import without_collector
from generator.workspace import BLOBS, CACHE, COMPILED, Workspace, forget, open_site


class Cleaned(msgspec.Struct, frozen=True):
    """What there is no more: `files` in all and their `bytes`; `pictures` and `cards` are those of
    the files that were made of pictures, or drawn to be shared.

    `bytes` counts texts too, of which several are in one file.
    """

    files: int = 0
    bytes: int = 0
    pictures: int = 0
    cards: int = 0

    def line(self) -> str:
        """Return the same for people to read."""
        if not self.bytes and not self.files:
            return "Nothing to free."
        some = (self.pictures, "picture"), (self.cards, "share card")
        named = ", ".join(counted(number, noun) for number, noun in some if number)
        freed = f"Freed {counted(self.files, 'file')}, {sized(self.bytes)}"
        return f"{freed}: {named}." if named else f"{freed}."


@begins_again
def clean(root: Path, safe: bool = False, waiting: Callable[[], None] = lambda: None) -> Cleaned:
    """Take away what no build of the site in `root` needs any more, with drafts or without.

    Mistakes in settings and content are raised as a `SiteError`, for then nobody knows what is
    needed. With `safe` a site that has code run is refused. `waiting` is called when a build of
    the site is under way.
    """
    if not _state_of(root).exists():
        return Cleaned()
    with without_collector(), open_site(root, safe=safe, waiting=waiting) as workspace:
        found = workspace.scan()
        read = workspace.read(found)
        pictures = keys_in_store(_picture_outputs(workspace, read))
        builds = sum(map(taken_away, _of_no_build(workspace)), Room())
        shown = digests_of_all(root / CACHE)
        texts = _forget_texts(workspace, found, read)
        made = Store(root / STORE).sweep(pictures, shown)
        drawn = Store(root / CACHE / DRAWN).sweep(frozenset(), shown)
    return _cleaned(builds + texts, made, drawn)


def clean_all(root: Path, waiting: Callable[[], None] = lambda: None) -> Cleaned:
    """Take away all that is kept of the site in `root`, whatever is wrong with it.

    The lock stays, an empty file by which commands wait for one another. Raises `SiteError` where
    there is no site, or where its state lies elsewhere. `waiting` is called when a build of the
    site is under way.
    """
    state = _state_of(root)
    if state.is_symlink():
        raise SiteError([_elsewhere(state)])
    if not state.exists():
        return Cleaned()
    with locked(state / "lock", waiting):
        before = room_of(state), room_of(root / STORE), room_of(state / DRAWN)
        forget(root)
        after = room_of(state)
    whole, made, drawn = before
    return _cleaned(whole - made - drawn - after, made, drawn)


# ------------------------------------------------------------------------------- helpers


def _state_of(root: Path) -> Path:
    """Return the folder of the state; raise `SiteError` where there is no site."""
    if not (root / SITE_TOML).exists():
        raise SiteError(load_settings(root)[1])
    return root / CACHE


def _picture_outputs(workspace: Workspace, read: ReadTexts) -> Iterator[Output]:
    """Yield all outputs that are made of pictures, of the site as it is and with its drafts."""
    root, now = workspace.root, workspace.moment(None)
    for drafts in (False, True):
        assembled = workspace.assemble(read, now, drafts)
        if not drafts:
            raise_errors(locate(root, assembled.problems))
        sites = assembled.site, *(one.site for one in assembled.editions)
        yield from picture_plan(sites, workspace.settings, root)


def _of_no_build(workspace: Workspace) -> Iterator[Path]:
    """Yield what is kept of folders, languages and code that builds have to do with no more."""
    root, languages = workspace.root, workspace.settings.languages
    state = root / CACHE
    yield from of_gone_folders(state, root / "public")
    yield from of_other_languages(state, languages)
    yield from related_in_others(state, languages)
    yield from (one for one in (state / COMPILED).glob("*") if one.name != code_version())


def _forget_texts(workspace: Workspace, found: Scan, read: ReadTexts) -> Room:
    """Drop what is kept of texts that are no more, or were other ones."""
    folder = workspace.root / CACHE / BLOBS
    before = room_of(folder)
    workspace.blobs.forget_others(blobs_of(found, read.library), share=0)
    return before - room_of(folder)


def _cleaned(others: Room, pictures: Room, cards: Room) -> Cleaned:
    whole = others + pictures + cards
    return Cleaned(whole.files, whole.bytes, pictures.files, cards.files)


def _elsewhere(state: Path) -> Problem:
    what = f"it is a link to {state.readlink()}, where other things may lie"
    return Problem(CACHE, 0, what, "take away yourself what lies there", code=Code.STATE)
