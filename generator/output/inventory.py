"""What an output folder holds: each file that Broadsheet wrote, and what it is to the newsroom.

The build leaves it in the folder itself, so that a stale file is known as its own even when the
cache is gone, and so that whoever carries the folder away knows what he carries.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec.structs import replace

from generator.config import INVENTORY
from generator.kinds import PageKind
from generator.state.damaged import bytes_of, decoded
from generator.urls import answered_by

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Item(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """An output. `words` digests the text that a story was made from; `leads` is the whole address
    that one at an old address leads to, or is a copy of. One that is `bare` is linked without the
    ending of its file; one that is `passing` may go unasked, though others of its kind may not.
    `of` is the path of the picture that one was made of.
    """

    kind: PageKind
    words: str = ""
    leads: str = ""
    bare: bool = False
    passing: bool = False
    of: str = ""


class FeedEntry(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """A story in the feeds: the path of its page, and by what else it is known again.

    `words` digests the text that it was made from, `source` the place of that text's file;
    `former` are the paths of the pages at its old addresses.
    """

    path: str
    words: str
    source: str = ""
    former: tuple[str, ...] = ()


class Inventory(
    msgspec.Struct,
    frozen=True,
    omit_defaults=True,
    rename={"words_salt": "wording", "redirected_by_host": "ruled"},
):
    """An output folder. Paths are relative to it, as they are on disk.

    `url` is the address that the site was made for; `drafts` tells that drafts are in it;
    `newest` is the date of its newest story. `words_salt` names what else than its text
    the digest of a story's words hangs on: those of two inventories can be compared if it is
    the same. `retired` are the addresses that the clock took out of the site, from its root:
    stories that expired, and what was there for them alone. `redirected_by_host` are the paths of
    files that are not there, for the host redirects whoever asks for them. `entries` are the
    stories that feeds hold, by their ids there.
    """

    files: dict[str, Item]
    url: str = ""
    drafts: bool = False
    newest: Moment | None = None
    words_salt: str = ""
    retired: tuple[str, ...] = ()
    redirected_by_host: tuple[str, ...] = ()
    entries: dict[str, FeedEntry] = {}

    def address(self, path: str) -> str:
        """Return the path, from the site's root, that an output answers for, percent-encoded."""
        item = self.files.get(path)
        return answered_by(path, bare=item is not None and item.bare)


def read_inventory(folder: Path) -> Inventory | None:
    """Return the inventory of a folder; None if there is none that can be read."""
    try:
        data = bytes_of(folder / INVENTORY)
    except OSError:
        return None
    if data is None:
        return None
    found = decoded(_JSON, data)
    if found is None:
        return _plain_list(data)
    if all(map(_is_inside, found.files)):
        return found
    return replace(found, files={path: i for path, i in found.files.items() if _is_inside(path)})


def encoded(inventory: Inventory) -> bytes:
    return msgspec.json.encode(inventory, order="sorted")


def reworded(data: bytes, words: Mapping[str, tuple[str, str]]) -> bytes | None:
    """Return an encoded inventory in which the stories at these paths have other words.

    Those are given as they were and as they are; None if they are not as they were. It is as long
    as the site is large, and is not decoded.
    """
    for path, (old, new) in words.items():
        name = msgspec.json.encode(path)
        item, entry = b'%b:["%b","' % (name, PageKind.STORY.encode()), b'[%b,"' % name
        if data.count(item + old.encode() + b'"') != 1:
            return None
        for before in (item, entry):
            data = data.replace(before + old.encode() + b'"', before + new.encode() + b'"')
    return data


def _plain_list(data: bytes) -> Inventory | None:
    """Return what early versions wrote: the paths, one a line; None if it is none of theirs."""
    try:
        paths = data.decode().split("\n")
    except UnicodeDecodeError:
        return None
    if "index.html" not in paths:  # each site has one
        return None
    return Inventory({path: Item(PageKind.FILE) for path in paths if _is_inside(path)})


def _is_inside(path: str) -> bool:
    """Return whether a path stays in the folder and can be one: any other is not believed."""
    return "\0" not in path and not _NO_NAMES.intersection(path.split("/"))


_NO_NAMES = {"", ".", "..", INVENTORY}
"""None of them is the name of an output, or of a folder above it."""


_JSON = msgspec.json.Decoder(Inventory)
