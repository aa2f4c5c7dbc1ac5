"""The values that pass between the preview and the session behind it."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec

from generator.config.policy import Policy
from generator.errors import Problem
from generator.kinds import ShownAs


class ShownProblem(msgspec.Struct, frozen=True):
    """A mistake as the overlay shows it: `file:line: what; remedy`, and the lines around it.

    `line` counts from 1 and is 0 where none can be named; `lines` are numbers and texts. With
    `is_warning` nothing is held up by it.
    """

    file: str
    line: int
    what: str
    remedy: str = ""
    lines: tuple[tuple[int, str], ...] = ()
    is_warning: bool = False


class Move(msgspec.Struct, frozen=True):
    """What stood at an address: its `url` now, "" if it is shown no more, and its file's name."""

    url: str
    file: str = ""


class PageInfo(msgspec.Struct, frozen=True):
    """What the bar says of a page.

    `publication` says whether it is public if it is not simply live: "Draft"; `figures` such as
    "3 min · 712 words"; `source` is the file it is made from, "" if it is made from many.
    """

    publication: str = ""
    figures: str = ""
    warnings: tuple[str, ...] = ()
    source: str = ""


class Row(msgspec.Struct, frozen=True):
    """Something that a page shows, and in `lines` why."""

    title: str
    url: str
    lines: tuple[str, ...] = ()


class SiteResponse(msgspec.Struct, frozen=True):
    """What the site responds with at a URL: bytes, or the file that holds them.

    `type` is the media type, with its charset where it is text; `shown_as` says what a person is
    shown of it: a page, the entries of a feed, or the body as it is. `encoding` is the one that the
    body has been stored in, for the reader to undo. `location` is where a redirect
    leads, `near` are addresses like one that is not there. `problems` are what went wrong with
    this very page; the body is then that of when all was well. `policy` is its content security
    policy, if there is one. What is `unmade` takes long to make, and has no body yet.
    """

    body: bytes | Path
    type: str
    shown_as: ShownAs = "page"
    status: int = 200
    location: str = ""
    near: tuple[str, ...] = ()
    problems: tuple[ShownProblem, ...] = ()
    encoding: str = ""
    policy: Policy = {}
    unmade: "Unmade | None" = None


STANDS_IN = 203
"""The status of what stands in for something that is not made yet (RFC 9110, 15.3.4)."""


class Unmade(Protocol):
    """A file that takes long to make."""

    @property
    def path(self) -> str:
        """Return the path of its URL, decoded."""

    @property
    def key(self) -> str:
        """Return what tells it from others, and from what may be at its address another time."""

    @property
    def file(self) -> str:
        """Return the file that is named if it cannot be made."""

    @property
    def order(self) -> tuple[int, int]:
        """Return what says which of several comes first: the one with less."""

    @property
    def sooner(self) -> "Unmade | None":
        """Return what is made in less time, and is better than what would stand in otherwise."""

    @property
    def making(self) -> Callable[[], bool | Problem]:
        """Return what makes it in any process: whether it is there then, or what is wrong."""

    def is_there(self) -> bool:
        """Return whether it is made already."""

    def stand_in(self) -> SiteResponse:
        """Return what does for a while; that may take as long as a person hardly notices."""

    def blank(self) -> SiteResponse:
        """Return what does if there is no time at all."""

    def failed(self, problem: Problem) -> SiteResponse:
        """Return the response if it cannot be made."""
