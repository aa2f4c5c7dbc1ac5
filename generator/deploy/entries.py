"""What would be new in readers' programs by a deploy, though the stories are not."""

from collections.abc import Iterator, Mapping

from generator.config import FILE
from generator.deploy.manifest import Manifest
from generator.errors import Problem
from generator.keep.inventory import FeedEntry
from generator.urls import Addresses, answered_by


def renewed(now: Mapping[str, FeedEntry], before: Manifest) -> dict[str, str]:
    """Return the paths of stories that feeds held under other ids, each with its old id.

    Nothing if they are few: that one story is shown again is no harm.
    """
    old = before.entries or _entries_by_address(before)
    ids = {sign: identity for identity, entry in old.items() for sign in _signs(entry)}
    again: dict[str, str] = {}
    for identity, entry in now.items():
        known = next((ids[sign] for sign in _signs(entry) if sign in ids), "")
        if known and identity not in old:
            again[entry.path] = known
    return again if len(again) > _FEW else {}


def warning(old: Mapping[str, str]) -> Problem:
    """Return the warning of stories that would be new; `old` are their ids, by their addresses."""
    what = f"{len(old):,} stories that are not new would be so to readers of the feeds"
    urls = {*map(_url, old, old.values())}
    if len(urls) == 1 and (url := urls.pop()):
        remedy = f'to keep their ids, write id_url = "{url}" under [feeds]'
    else:
        ids = [f'id: "{identity}" for {address}' for address, identity in old.items()]
        more = f" and {len(ids) - _FEW:,} more" if len(ids) > _FEW else ""
        remedy = f"to keep their ids, write them into the stories: {', '.join(ids[:_FEW])}{more}"
    return Problem(FILE, 0, what, remedy, "warning")


def _signs(entry: FeedEntry) -> Iterator[tuple[str, str]]:
    """By what a story is known again: one that moves keeps its file, or the text in that."""
    signs = {"source": entry.source, "path": entry.path, "words": entry.words}
    return ((kind, sign) for kind, sign in signs.items() if sign)


def _entries_by_address(before: Manifest) -> dict[str, FeedEntry]:
    """All stories under the ids that editions gave them which wrote none down: their addresses."""
    addresses = Addresses.of(before.url)
    stories = (path for path, entry in before.files.items() if before.url and entry.kind == "story")
    return {
        addresses.absolute(addresses.href(address)): FeedEntry(path, before.files[path].words, "")
        for path in stories
        for address in (answered_by(path, bare=not path.endswith("/index.html")), answered_by(path))
    }


def _url(address: str, identity: str) -> str:
    """The address of the site from which an id was made for an address; "" if from none."""
    path = address.removeprefix("/")
    return identity.removesuffix(path) if path and identity.endswith(f"/{path}") else ""


_FEW = 5
