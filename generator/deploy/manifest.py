"""What deploys have put at a target, kept there: the only files that a deploy ever deletes."""

from collections.abc import Mapping

import msgspec

from generator.kinds import PageKind
from generator.output.inventory import FeedEntry, Moment
from generator.state import damaged


class Entry(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """A file at the target.

    `digest` is that of its bytes and headers. `mark` is what the target itself says of the
    file's content (an ETag, a blob's name, size and time) since it arrived, "" until it has.
    `words` digests the text of a story. `unused` is the moment since when no page of the site
    needs the file, None while one does. One that is `passing` may go unasked, though others of its
    kind may not. `of` is the path of the picture that one was made of.
    """

    digest: str
    kind: PageKind
    mark: str = ""
    words: str = ""
    unused: Moment | None = None
    passing: bool = False
    of: str = ""


class Manifest(msgspec.Struct, frozen=True, omit_defaults=True, rename={"words_salt": "wording"}):
    """All of a target. `files` are by path from the target's top, as they are on disk.

    `words_salt` is that of the inventory it was deployed from. `unannounced` are the paths of new
    stories by the name of the service that was not told of them yet. `entries` are the stories
    that its feeds hold, by their ids there; editions before this one wrote none.
    """

    files: Mapping[str, Entry]
    url: str = ""
    words_salt: str = ""
    unannounced: Mapping[str, tuple[str, ...]] = {}
    entries: Mapping[str, FeedEntry] = {}


class _Head(msgspec.Struct, frozen=True):
    """How a manifest is written. This Broadsheet and all before it write the first format, and no
    number; one that writes what they could not read raises it.
    """

    format: int = 1


def decoded(data: bytes) -> Manifest | None:
    """Return a manifest; None if it is none."""
    return damaged.decoded(_JSON, data)


def is_newer(data: bytes) -> bool:
    """Return whether a later Broadsheet wrote a manifest, in a format that this one cannot read."""
    head = damaged.decoded(_HEAD, data)
    return head is not None and head.format > _Head().format


def encoded(manifest: Manifest) -> bytes:
    return msgspec.json.encode(manifest, order="deterministic")


_JSON = msgspec.json.Decoder(Manifest)
_HEAD = msgspec.json.Decoder(_Head)
