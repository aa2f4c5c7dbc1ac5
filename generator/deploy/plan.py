"""What a deploy would do, worked out before anything moves. Nothing here reads or writes.

The order is such that what is online is complete at each moment: nothing is sent before what
it needs, and nothing goes before what leads to it has.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec

from generator.deploy.manifest import Manifest
from generator.deploy.target import Freight
from generator.keep.inventory import Kind

GRACE = timedelta(days=1)
"""For so long an asset stays that no page needs: pages in browsers and caches still do."""

_PHASES: Mapping[Kind, int] = {
    "story": 0,
    "page": 0,
    "redirect": 0,
    "listing": 1,
    "front": 2,
    "feed": 3,
    "sitemap": 4,
}
_PASSING = re.compile(r"(^|/)page/\d+/index\.html$|^archive/")
"""Listings whose addresses come and go with the number of stories."""


class Plan(msgspec.Struct, frozen=True):
    """A deploy. All are paths, in order.

    `phases` are the files to send, one after the other. `new` and `corrected` are stories;
    `touched` are stories that change around their words. `listings`, `feeds` and `files` change
    or are new. `mended` are files that somebody changed at the target since the last deploy.
    `delete` goes in the end; of that `vanishing` are addresses that readers may know, and to
    which nothing leads on. `foreign` are files of others that would be overwritten. `ahead` is
    the manifest while the deploy is under way: what it will have put there is in it already.
    """

    phases: Sequence[Sequence[Freight]]
    delete: Sequence[str]
    new: Sequence[str]
    corrected: Sequence[str]
    touched: Sequence[str]
    listings: Sequence[str]
    feeds: Sequence[str]
    files: Sequence[str]
    mended: Sequence[str]
    vanishing: Sequence[str]
    foreign: Sequence[str]
    unchanged: int
    ahead: Manifest

    @property
    def is_empty(self) -> bool:
        return not self.delete and not any(self.phases)

    @property
    def bytes(self) -> int:
        """How much is to be sent."""
        return sum(freight.size for phase in self.phases for freight in phase)
