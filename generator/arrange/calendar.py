"""The clock's part: what is a draft, scheduled, live or expired at a given moment."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from generator.model import ArticleMatter, State

NEWS = timedelta(hours=48)
"""For so long a story is news, as Google's documentation of news sitemaps has it."""


def state_of(matter: ArticleMatter, at: datetime) -> State:
    """Where a story stands at the moment `at`."""
    if matter.draft:
        return "draft"
    if is_expired(matter, at):
        return "expired"
    return "scheduled" if is_scheduled(matter, at) else "live"


def is_scheduled(matter: ArticleMatter, at: datetime) -> bool:
    return matter.date > at


def is_expired(matter: ArticleMatter, at: datetime) -> bool:
    return matter.expires is not None and matter.expires <= at


def is_shown(state: State, drafts: bool) -> bool:
    """Whether a story is part of the site; `drafts` shows drafts and scheduled ones too."""
    return state == "live" or (drafts and state in ("draft", "scheduled"))


def standstill(
    stories: Iterable[ArticleMatter], at: datetime
) -> tuple[datetime | None, datetime | None]:
    """The moments around `at` between which the clock changes nothing, both left out.

    None: as far as one likes. What holds at such a moment itself may hold at no other.
    """
    turns = [
        moment
        for story in stories
        for moment in (story.date, _no_news(story), story.expires)
        if moment is not None
    ]
    if at in turns:
        return at, at
    since = max((moment for moment in turns if moment <= at), default=None)
    return since, min((moment for moment in turns if moment > at), default=None)


def _no_news(story: ArticleMatter) -> datetime | None:
    """When a story is news no longer; None after the last day of the calendar."""
    try:
        return story.date + NEWS
    except OverflowError:
        return None
