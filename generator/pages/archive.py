"""The archive: all years, each year, each month."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from generator.kinds import PageKind
from generator.pages.context import PageContext
from generator.pages.output import Rendered
from generator.site.watch import Watched
from generator.templates import views
from generator.urls import output_path


def archive_pages(context: PageContext) -> Iterator[Rendered]:
    months, newest = context.site.by_month, range(len(context.outlines[""]))
    paths = context.paths
    path = output_path(paths.archive)
    yield Rendered(path, PageKind.LISTING, Watched(_all_years), "archive.html", changed=newest)
    for year in _years_of(months):
        stories = [position for key in months if key[:4] == year for position in months[key]]
        path, view = output_path(paths.year(year)), Watched(_one_year, year)
        yield Rendered(path, PageKind.ARCHIVE, view, "archive.html", changed=stories)
    for month in months:
        path, view = output_path(paths.month(month)), Watched(_one_month, month)
        yield Rendered(path, PageKind.ARCHIVE, view, "month.html", changed=months[month])


def _years_of(months: Iterable[str]) -> list[str]:
    """Return the years of these months, in their order."""
    return list(dict.fromkeys(month[:4] for month in months))


def _all_years(context: PageContext) -> views.View:
    years = _years_of(context.site.by_month)
    return views.ArchiveView(
        head=context.head(context.paths.archive, context.title(context.labels["archive"])),
        years=tuple(_year(context, year) for year in years),
    )


def _one_year(context: PageContext, year: str) -> views.View:
    name, title = str(int(year)), context.title(str(int(year)), context.labels["archive"])
    head = context.head(context.paths.year(year), title, trail=_trail(context), name=name)
    return views.ArchiveView(head=head, years=(_year(context, year),), year=int(year))


def _one_month(context: PageContext, key: str) -> views.View:
    keys = list(context.site.by_month)
    place = keys.index(key)
    name = context.date(_first_day(key), "month")
    year = context.link(str(int(key[:4])), context.paths.year(key[:4]))
    return views.MonthView(
        head=context.head(
            context.paths.month(key),
            context.title(name, context.labels["archive"]),
            trail=(*_trail(context), year),
            name=name,
        ),
        month=_month(context, key),
        days=_days(context, key),
        newer=_month(context, keys[place - 1]) if place else None,
        older=_month(context, keys[place + 1]) if place + 1 < len(keys) else None,
    )


def _days(context: PageContext, key: str) -> tuple[views.Day, ...]:
    days: dict[datetime, list[views.Card]] = {}
    for line in context.compose.lines(context.site.by_month[key]):
        days.setdefault(context.day(line.date, line.timed), []).append(line)
    return tuple(views.Day(day, tuple(days[day])) for day in sorted(days, reverse=True))


def _year(context: PageContext, year: str) -> views.Year:
    months = tuple(_month(context, key) for key in context.site.by_month if key[:4] == year)
    url = context.compose.href(context.paths.year(year))
    return views.Year(int(year), url, sum(month.count for month in months), months)


def _month(context: PageContext, key: str) -> views.Month:
    url = context.compose.href(context.paths.month(key))
    return views.Month(_first_day(key), url, len(context.site.by_month[key]))


def _trail(context: PageContext) -> tuple[views.Link, ...]:
    return (context.link(context.labels["archive"], context.paths.archive),)


def _first_day(key: str) -> datetime:
    return datetime(int(key[:4]), int(key[5:]), 1, tzinfo=UTC)
