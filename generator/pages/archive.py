"""The archive: all years, each year, each month."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial

from generator.moments import local
from generator.pages.context import Page, PageContext
from generator.templates import views
from generator.urls import month_path, output_path, year_path


def archive_pages(context: PageContext) -> Iterator[Page]:
    archive = _Archive(context)
    yield Page("archive/index.html", "archive.html", archive.all_years, watched=True)
    for year in years_of(archive.months):
        path = output_path(year_path(year))
        view = partial(archive.one_year, year)
        yield Page(path, "archive.html", view, watched=True, passing=True)
    for month in archive.months:
        path = output_path(month_path(month))
        view = partial(archive.one_month, month)
        yield Page(path, "month.html", view, watched=True, passing=True)


def years_of(months: Iterable[str]) -> list[str]:
    """The years of these months, in their order."""
    return list(dict.fromkeys(month[:4] for month in months))


class _Archive:
    """The archive of a desk, its months counted once."""

    def __init__(self, context: PageContext) -> None:
        self.context = context
        self.months = context.site.by_month
        self.label = context.labels["archive"]

    def all_years(self) -> views.View:
        return views.ArchiveView(
            head=self.context.head("/archive/", self.context.title(self.label)),
            years=tuple(map(self._year, years_of(self.months))),
        )

    def one_year(self, year: str) -> views.View:
        name = str(int(year))
        head = self.context.head(
            year_path(year), self.context.title(name, self.label), trail=self._trail(), name=name
        )
        return views.ArchiveView(head=head, years=(self._year(year),), year=int(year))

    def one_month(self, key: str) -> views.View:
        keys = list(self.months)
        place = keys.index(key)
        name = self.context.date(_first_day(key), "month")
        year = self.context.link(str(int(key[:4])), year_path(key[:4]))
        return views.MonthView(
            head=self.context.head(
                month_path(key),
                self.context.title(name, self.label),
                trail=(*self._trail(), year),
                name=name,
            ),
            month=self._month(key),
            days=self._days(key),
            newer=self._month(keys[place - 1]) if place else None,
            older=self._month(keys[place + 1]) if place + 1 < len(keys) else None,
        )

    def _days(self, key: str) -> tuple[views.Day, ...]:
        days: dict[datetime, list[views.Card]] = {}
        for line in self.context.compose.lines(self.months[key]):
            days.setdefault(self._day(line), []).append(line)
        return tuple(views.Day(day, tuple(days[day])) for day in sorted(days, reverse=True))

    def _day(self, line: views.Card) -> datetime:
        """The day on which readers are told that a story was published: a time is the site's."""
        shown = local(line.date, self.context.settings.zone) if line.timed else line.date
        return datetime(shown.year, shown.month, shown.day, tzinfo=UTC)

    def _year(self, year: str) -> views.Year:
        months = tuple(self._month(key) for key in self.months if key[:4] == year)
        url = self.context.compose.href(year_path(year))
        return views.Year(int(year), url, sum(month.count for month in months), months)

    def _month(self, key: str) -> views.Month:
        url = self.context.compose.href(month_path(key))
        return views.Month(_first_day(key), url, len(self.months[key]))

    def _trail(self) -> tuple[views.Link, ...]:
        return (self.context.link(self.label, "/archive/"),)


def _first_day(key: str) -> datetime:
    return datetime(int(key[:4]), int(key[5:]), 1, tzinfo=UTC)
