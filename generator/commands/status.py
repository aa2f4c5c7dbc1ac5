"""The news clock: what is drafted, scheduled and expiring, and when the site next changes."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from generator.commands.outdated import known_build, with_drafts
from generator.config import CONTENT, INVENTORY
from generator.content.read_metadata import read_metadata
from generator.content.scan import Scan
from generator.errors import Problem, SiteError, is_error, plural
from generator.model import ArticleMatter, ItemMatter, Library, PageMatter
from generator.moments import local
from generator.site.schedule import Change, Turn, in_news_sitemap, newest_first, state_of, turns
from generator.state.damaged import begins_again
from generator.state.stamp import stamp
from generator.workers import without_collector
from generator.workspace import Workspace, open_site

_OUTPUT = "public"


class Item(msgspec.Struct, frozen=True):
    """A story, page, or item of a collection. `path` is its file, seen from the site's folder."""

    title: str
    path: str


class Timed(msgspec.Struct, frozen=True):
    """A story or an item that goes live, or expires, at the moment `at`."""

    title: str
    path: str
    at: datetime


class News(msgspec.Struct, frozen=True):
    """How many stories the news sitemap holds, and when the next of them leaves it."""

    stories: int
    until: datetime | None


class Next(msgspec.Struct, frozen=True):
    """When the site next changes by itself, and how many stories go live then, expire, or are
    news no longer.
    """

    at: datetime
    live: int
    expires: int
    news: int


Standing = Literal["current", "due", "changed", "ahead", "missing", "unknown"]


class Built(msgspec.Struct, frozen=True):
    """How the built site stands, which was made for the moment `at`.

    "current": nothing is due; "due": the clock has changed something since, first at `since`;
    "changed": content, settings, layouts or Broadsheet have; "ahead": it is as of a later
    moment; "missing": there is none; "unknown": no build that is known here left it so.
    `drafts`: it shows drafts too.
    """

    standing: Standing
    at: datetime | None = None
    since: datetime | None = None
    drafts: bool = False


class Status(msgspec.Struct, frozen=True):
    """A site at the moment `at`. All moments are in its zone; lists have the soonest first.

    `never`: stories with a date to come that expire before it. `next` is None if the site stays
    as it is until somebody changes it.
    """

    at: datetime
    drafts: list[Item]
    scheduled: list[Timed]
    expiring: list[Timed]
    never: list[Item]
    news: News
    next: Next | None
    built: Built

    def lines(self) -> list[str]:
        """Return the same for people to read, line by line."""
        never = "never live, for they expire before"
        return [
            f"{self.at.date()} {_time(self.at)}, {self.at.tzinfo}",
            *_listed("drafts", self.drafts, self.at),
            *_listed("scheduled", self.scheduled, self.at),
            *_listed("expiring", self.expiring, self.at),
            *(_listed(never, self.never, self.at) if self.never else ()),
            f"news: {_news(self.news, self.at)}",
            f"next: {_next(self.next, self.at)}",
            *_built(self.built, self.at),
        ]


@begins_again
def news_clock(
    root: Path, at: datetime | None = None, waiting: Callable[[], None] = lambda: None
) -> Status:
    """Return the status of the site in `root` at the moment `at`, or now.

    Every mistake in settings and front matter is raised as a `SiteError`. No body is converted,
    and nothing is kept but how files look from outside. `waiting` is called when a build of the
    site is under way.
    """
    with without_collector(), open_site(root, jobs=1, waiting=waiting) as workspace:
        # In UTC, for Python compares moments of one zone by the clock on the wall.
        now, zone = workspace.moment(at).astimezone(UTC), workspace.settings.zone
        found = workspace.scan()
        library, problems = read_metadata(root, found.texts, workspace.settings, workspace.blobs)
        problems += [*workspace.problems, *found.problems]
        stories = list(_stories(library))
        built = _how_built(workspace, found, stories, now)
        if built.standing in _UNPROVED or any(map(is_error, problems)):
            whole = msgspec.structs.replace(library, files=found.files, withheld=found.withheld)
            _proof_read(workspace, whole, problems, now)
    live = [story for story in stories if state_of(story.matter, now) == "live"]
    fresh = _in_news_sitemap(live, now)
    leaving = [story.next(now) for story in fresh]
    until = min(filter(None, leaving), default=None)
    return Status(
        at=local(now, zone),
        drafts=_drafts(library),
        scheduled=_timed(stories, "live", now, zone),
        expiring=_timed(live, "expires", now, zone),
        never=[story.item for story in stories if story.is_never_live(now)],
        news=News(len(fresh), until and local(until.moment, zone)),
        next=_soonest(_changes(stories, fresh, now), zone),
        built=built,
    )


_UNPROVED: tuple[Standing, ...] = ("changed", "missing", "unknown")
"""What was built well from what is there now has no mistakes; of these nobody knows that."""


def _proof_read(
    workspace: Workspace, library: Library, problems: list[Problem], at: datetime
) -> None:
    """Raise all that is wrong, if anything is, with what only all files together show."""
    from generator.site.editions import assemble_all  # most often it is not needed: see `build`

    problems = [*problems, *assemble_all(library, workspace.settings, at).problems]
    if any(map(is_error, problems)):
        from generator.content.texts import locate

        raise SiteError(locate(workspace.root, problems))


# -------------------------------------------------------------------------- the content


class _Story(NamedTuple):
    """A story, or an item of a collection, with what the clock does to it, in turn."""

    path: str
    matter: ArticleMatter | ItemMatter
    turns: list[Turn]

    @property
    def item(self) -> Item:
        return Item(self.matter.title, self.path)

    def next(self, at: datetime) -> Turn | None:
        return next((turn for turn in self.turns if turn.is_ahead(at)), None)

    def is_never_live(self, at: datetime) -> bool:
        date = self.matter.date
        return not self.matter.draft and not self.turns and date is not None and date > at


def _stories(library: Library) -> Iterator[_Story]:
    """Yield every story and item, in the order of their paths."""
    for reading in library.readings:
        if isinstance(reading.matter, ArticleMatter | ItemMatter):
            yield _Story(f"{CONTENT}/{reading.path}", reading.matter, turns(reading.matter))


def _drafts(library: Library) -> list[Item]:
    return [
        Item(reading.matter.title, f"{CONTENT}/{reading.path}")
        for reading in library.readings
        if isinstance(reading.matter, ArticleMatter | PageMatter | ItemMatter)
        and reading.matter.draft
    ]


def _timed(stories: Iterable[_Story], change: Change, at: datetime, zone: ZoneInfo) -> list[Timed]:
    """Return the stories to which this is still to happen, soonest first, then by their paths."""
    coming = sorted(
        (turn.moment, story.path, story.matter.title)
        for story in stories
        for turn in story.turns
        if turn.change == change and turn.is_ahead(at)
    )
    return [Timed(title, path, local(moment, zone)) for moment, path, title in coming]


def _in_news_sitemap(live: Iterable[_Story], at: datetime) -> list[_Story]:
    news = [(one.matter, one) for one in live if isinstance(one.matter, ArticleMatter)]
    news.sort(key=lambda story: newest_first(story[0], story[1].path))
    return [story for _, story in in_news_sitemap(news, lambda story: story[0], at)]


# ---------------------------------------------------------------------------- the clock


def _changes(stories: Iterable[_Story], fresh: Iterable[_Story], at: datetime) -> Iterator[Turn]:
    """Yield all that the clock will change in the site as it is at the moment `at`."""
    for some, changes in ((stories, ("live", "expires")), (fresh, ("news",))):
        for story in some:
            yield from (t for t in story.turns if t.change in changes and t.is_ahead(at))


def _soonest(changes: Iterable[Turn], zone: ZoneInfo) -> Next | None:
    changes = list(changes)
    if not changes:
        return None
    moment = min(changes).moment
    count = Counter(turn.change for turn in changes if turn.moment == moment)
    return Next(local(moment, zone), count["live"], count["expires"], count["news"])


def _how_built(workspace: Workspace, found: Scan, stories: Iterable[_Story], at: datetime) -> Built:
    """Say how the built site stands at the moment `at`.

    The build itself is more careful: for it, also a draft's date is a reason to look.
    """
    folder = workspace.root / _OUTPUT
    if not stamp(folder / INVENTORY):
        return Built("missing")
    built = known_build(workspace.root, folder)
    if built is None:
        return Built("unknown")
    zone, before = workspace.settings.zone, built.at.astimezone(UTC)
    made = local(before, zone)
    drafts = with_drafts(workspace, found, built)
    if drafts is None:
        return Built("changed", made)
    first, last = sorted((before, at))
    between = [t for s in stories for t in s.turns if t.is_ahead(first) and not t.is_ahead(last)]
    if not between:
        return Built("current", made, drafts=drafts)
    if at < before:
        return Built("ahead", made, drafts=drafts)
    return Built("due", made, local(min(between).moment, zone), drafts)


# ---------------------------------------------------------------------------- in words

_VERBS: dict[Change, tuple[str, str]] = {
    "live": ("goes live", "go live"),
    "expires": ("expires", "expire"),
    "news": ("is news no longer", "are news no longer"),
}


def _listed(name: str, items: Sequence[Item | Timed], now: datetime) -> list[str]:
    """Say how many there are, and each on a line of its own, with its moment if it has one."""
    times = [_when(item.at, now) if isinstance(item, Timed) else "" for item in items]
    wide = max(map(len, times), default=0)
    rows = zip(times, items, strict=True)
    return [
        f"{name}: {len(items)}",
        *(f"  {time:{wide}}{'  ' * bool(time)}{item.path}: {item.title}" for time, item in rows),
    ]


def _news(news: News, now: datetime) -> str:
    until = f", the next leaves: {_when(news.until, now)}" if news.until else ""
    return f"{_counted(news.stories)}{until}"


def _next(coming: Next | None, now: datetime) -> str:
    if coming is None:
        return "nothing is due"
    numbers: dict[Change, int]
    numbers = {"live": coming.live, "expires": coming.expires, "news": coming.news}
    said = [(number, _VERBS[change][number != 1]) for change, number in numbers.items() if number]
    (first, verb), *others = said
    rest = (f"{number} {verb}" for number, verb in others)
    return ", ".join([_when(coming.at, now), f"{_counted(first)} {verb}", *rest])


def _built(built: Built, now: datetime) -> list[str]:
    since = built.since and _when(built.since, now)
    made = built.at and _when(built.at, now)
    remedy = "run broadsheet build"
    told: dict[Standing, str] = {
        "current": "the built site is up to date",
        "due": f"the built site is out of date since {since}: {remedy}",
        "changed": f"the built site is out of date, for something was changed: {remedy}",
        "ahead": f"the built site is that of a later moment: {made}",
        "missing": f"there is no built site: {remedy}",
        "unknown": f"it is not known what the built site was made from: {remedy}",
    }
    return [told[built.standing], *(["the built site shows drafts"] if built.drafts else [])]


def _counted(number: int) -> str:
    return f"{number} {plural(number, 'story', 'stories')}"


def _when(moment: datetime, now: datetime) -> str:
    """Return a moment as one says it on the day of `now`."""
    days = (moment.date() - now.date()).days
    time = _time(moment)
    return {0: time, 1: f"tomorrow {time}"}.get(days, f"{moment.date()} {time}")


def _time(moment: datetime) -> str:
    """Return the time of day; with its offset in the hour that clocks put back bring twice."""
    other = moment.replace(fold=1 - moment.fold)
    offset = moment.isoformat()[-6:] if other.utcoffset() != moment.utcoffset() else ""
    return f"{moment:%H:%M:%S}".removesuffix(":00") + offset
