"""The clock's part: what is a draft, scheduled, live or expired at a given moment."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Literal, NamedTuple, TypeVar

from generator.model import Article, ArticleMatter, ItemMatter, KeptBack, Matter, PageMatter, State

T = TypeVar("T")
NEWS = timedelta(hours=48)
"""For so long a story is news, as Google's documentation of news sitemaps has it."""
NEWS_LIMIT = 1_000
"""Stories of a news sitemap, as that documentation sets it."""
Change = Literal["live", "expires", "news"]
"""A story goes live, expires, or is news no longer."""


Between = tuple[datetime | None, datetime | None]
"""Two moments, both left out; None: as far as one likes."""


class Turn(NamedTuple):
    """What the clock does to a story by itself, and when, in UTC.

    What comes `after` a moment does not hold yet at the moment itself. Turns compare in the
    order in which they come.
    """

    moment: datetime
    after: bool
    change: Change

    def is_ahead(self, at: datetime) -> bool:
        """Return whether it is still to come at the moment `at`."""
        return (self.moment, self.after) > (at, False)


def state_of(matter: ArticleMatter | ItemMatter, at: datetime) -> State:
    """Return where a story or an item stands at the moment `at`."""
    if matter.draft:
        return "draft"
    if is_expired(matter, at):
        return "expired"
    return "scheduled" if is_scheduled(matter, at) else "live"


def is_scheduled(matter: ArticleMatter | ItemMatter, at: datetime) -> bool:
    return matter.date is not None and matter.date > at


def is_expired(matter: ArticleMatter | ItemMatter, at: datetime) -> bool:
    return matter.expires is not None and matter.expires <= at


def is_shown(state: State, drafts: bool) -> bool:
    """Return whether a story is part of the site; `drafts` shows drafts and scheduled ones too."""
    return state == "live" or (drafts and state in ("draft", "scheduled"))


def newest_first(matter: ArticleMatter, path: str) -> tuple[float, str]:
    """Return what stories are sorted by."""
    return -matter.date.timestamp(), path


def in_news_sitemap(
    live: Iterable[T], matter_of: Callable[[T], ArticleMatter], at: datetime
) -> list[T]:
    """Return the stories that are news at the moment `at`, as many as a news sitemap takes.

    The stories are those `live` then, newest first.
    """
    fresh = takewhile(lambda story: _is_news(matter_of(story), at), live)
    return [*islice(fresh, NEWS_LIMIT)]


def kept_back(matters: Iterable[Matter], at: datetime, drafts: bool) -> KeptBack:
    """Count what a site does not show at the moment `at`; `drafts` is that of `is_shown`."""
    count = Counter(state for m in matters if not is_shown(state := _state_of_any(m, at), drafts))
    return KeptBack(count["draft"], count["scheduled"], count["expired"])


def _state_of_any(matter: Matter, at: datetime) -> State:
    if isinstance(matter, ArticleMatter | ItemMatter):
        return state_of(matter, at)
    return "draft" if isinstance(matter, PageMatter) and matter.draft else "live"


def _is_news(matter: ArticleMatter, at: datetime) -> bool:
    last = _no_news(matter)
    return last is None or at <= last


def turns(text: ArticleMatter | ItemMatter) -> list[Turn]:
    """Return what the clock does to a story or an item, in turn; nothing if it is a draft, or
    expires before it would go live. A story that expires while it is news only expires; an item is
    never news.
    """
    if text.draft:
        return []
    live = text.date and text.date.astimezone(UTC)
    last = _no_news(text) if isinstance(text, ArticleMatter) else None
    expires = text.expires and text.expires.astimezone(UTC)
    if expires and live and expires <= live:
        return []
    found = [Turn(live, False, "live")] if live else []
    if last and (expires is None or last < expires):
        found.append(Turn(last, True, "news"))
    if expires:
        found.append(Turn(expires, False, "expires"))
    return found


def valid_between(matters: Iterable[Matter], at: datetime) -> Between:
    """Return the moments around `at` between which the clock changes nothing, both left out.

    None: as far as one likes. What holds at such a moment itself may hold at no other.
    """
    turns = [moment for matter in matters for moment in _moments(matter)]
    if at in turns:
        return at, at
    since = max((moment for moment in turns if moment <= at), default=None)
    return since, min((moment for moment in turns if moment > at), default=None)


def first_older(stories: Sequence[Article], at: datetime, span: timedelta) -> int:
    """Return the position of the first of these stories, newest first, that is older than a time
    span at the moment `at`; their number if none is.
    """

    def is_older(position: int) -> bool:
        last = _last_within(stories[position].matter, span)
        return last is not None and last < at

    return bisect_left(range(len(stories)), True, key=is_older)


def narrowed(
    valid: Between, stories: Sequence[Article], at: datetime, spans: Iterable[timedelta]
) -> Between:
    """Return these moments, or closer ones between which no story comes to one of these ages.

    The stories are newest first.
    """
    since, until = valid
    for span in spans:
        place = first_older(stories, at, span)
        beside = [
            _last_within(story.matter, span) for story in stories[max(place - 1, 0) : place + 1]
        ]
        last = [moment for moment in beside if moment is not None]
        if at in (since, *last):
            return at, at
        since = max((m for m in (since, *last) if m is not None and m < at), default=None)
        until = min((m for m in (until, *last) if m is not None and m > at), default=None)
    return since, until


def _moments(matter: Matter) -> Iterator[datetime]:
    """Yield the moments at which something is true of a text that was not, or no longer is.

    A change that is dated in the future is warned of until then.
    """
    own: tuple[datetime | None, ...] = ()
    if isinstance(matter, ArticleMatter):
        own = (matter.date, _no_news(matter), matter.expires)
        if matter.source:
            own = (*own, matter.source.published)
        yield from (correction.date for correction in matter.corrections)
    if isinstance(matter, ItemMatter):
        own = (matter.date, matter.expires)
    if isinstance(matter, ArticleMatter | PageMatter | ItemMatter):
        own = (*own, matter.updated)
    yield from (moment for moment in own if moment is not None)


def _no_news(story: ArticleMatter) -> datetime | None:
    """Return when a story is news no longer, in UTC; None after the last day of the calendar."""
    return _last_within(story, NEWS)


def _last_within(story: ArticleMatter, span: timedelta) -> datetime | None:
    """Return the last moment, in UTC, at which a story is not older than a time span.

    None after the last day of the calendar. Within one zone Python counts by the clock on the
    wall: 48 hours would be 47 or 49 where that is changed.
    """
    try:
        return story.date.astimezone(UTC) + span
    except OverflowError:
        return None
