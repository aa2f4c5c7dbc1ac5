"""The clock's part: what is a draft, scheduled, live or expired at a given moment."""

from datetime import datetime

from generator.model import ArticleMatter, State


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
