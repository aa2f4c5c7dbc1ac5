"""What would be new in readers' programs by a deploy, though the stories are not."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from generator.config import SITE_TOML
from generator.deploy.manifest import Manifest
from generator.errors import Problem
from generator.output.inventory import FeedEntry
from generator.urls import Home, answered_by


class Renewal(NamedTuple):
    """A story that would be new to readers: the id by which they know it, and the one to come."""

    known: str
    id: str


def renewed(now: Mapping[str, FeedEntry], before: Manifest) -> dict[str, Renewal]:
    """Return the stories, by the paths of their pages, that feeds held under other ids.

    Nothing if they are few: that one story is shown again is no harm.
    """
    old = before.entries or _entries_by_address(before)
    ids = {sign: identity for identity, entry in old.items() for sign in _signs(entry)}
    again: dict[str, Renewal] = {}
    for identity, entry in now.items():
        known = next((ids[sign] for sign in _signs(entry) if sign in ids), "")
        if known and identity not in old:
            again[entry.path] = Renewal(known, identity)
    return again if len(again) > _FEW else {}


def warning(stories: Mapping[str, Renewal]) -> Problem:
    """Return the warning of stories that would be new to readers; they are by their addresses."""
    what = f"{len(stories):,} stories that are not new would be so to readers of the feeds"
    urls = {_url(address, one.known) for address, one in stories.items()}
    is_moved = all(_url(address, one.id) for address, one in stories.items())
    if is_moved and len(urls) == 1 and (url := urls.pop()):
        remedy = f'to keep their ids, write id_url = "{url}" under [feeds]'
    else:
        ids = [f'id: "{one.known}" for {address}' for address, one in stories.items()]
        more = f" and {len(ids) - _FEW:,} more" if len(ids) > _FEW else ""
        remedy = f"to keep their ids, write them into the stories: {', '.join(ids[:_FEW])}{more}"
    return Problem(SITE_TOML, 0, what, remedy, "warning")


def _signs(entry: FeedEntry) -> Iterator[tuple[str, str]]:
    """Yield by what a story is known again: one that moves keeps its file, or the text in that."""
    if entry.source:
        yield "source", entry.source
    yield from (("path", path) for path in (entry.path, *entry.former))
    yield "words", entry.words


def _entries_by_address(before: Manifest) -> dict[str, FeedEntry]:
    """Return all stories under the ids of versions that wrote none down: their addresses."""
    home = Home.of(before.url)
    known = before.files.items() if before.url else ()
    stories = (path for path, entry in known if entry.kind.traits.is_story)
    return {
        home.absolute(home.href(address)): FeedEntry(path, before.files[path].words)
        for path in stories
        for address in (answered_by(path, bare=not path.endswith("/index.html")), answered_by(path))
    }


def _url(address: str, identity: str) -> str:
    """Return the address of the site from which an id was made for an address; "" if from none."""
    path = address.removeprefix("/")
    return identity.removesuffix(path) if path and identity.endswith(f"/{path}") else ""


_FEW = 5
