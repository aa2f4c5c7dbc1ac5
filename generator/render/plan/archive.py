"""The archive: all years, each year, each month."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from generator.model import Site
from generator.render import views
from generator.render.plan.desk import Desk, Page
from generator.urls import month_path, output_path, year_path

YearMonth = tuple[int, int]


def months_of(site: Site) -> dict[YearMonth, tuple[int, ...]]:
    """The positions of each month's stories, newest month first.

    A story's month is that of its date in the date's own zone, as readers see it.
    """
    months: dict[YearMonth, list[int]] = {}
    for position, article in enumerate(site.articles):
        date = article.matter.date
        months.setdefault((date.year, date.month), []).append(position)
    return {key: tuple(months[key]) for key in sorted(months, reverse=True)}


def archive_pages(desk: Desk) -> Iterator[Page]:
    archive = _Archive(desk)
    yield Page("archive/index.html", "archive.html", archive.all_years)
    for year in dict.fromkeys(year for year, _ in archive.months):
        path = output_path(year_path(year))
        yield Page(path, "archive.html", partial(archive.one_year, year))
    for month in archive.months:
        path = output_path(month_path(*month))
        yield Page(path, "month.html", partial(archive.one_month, month))


class _Archive:
    """The archive of a desk, its months counted once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.months = months_of(desk.site)
        self.label = desk.labels["archive"]

    def all_years(self) -> views.View:
        years = dict.fromkeys(year for year, _ in self.months)
        return views.ArchiveView(
            head=self.desk.head("/archive/", self.desk.title(self.label)),
            years=tuple(map(self._year, years)),
        )

    def one_year(self, year: int) -> views.View:
        name = str(year)
        head = self.desk.head(
            year_path(year), self.desk.title(name, self.label), trail=self._trail(), name=name
        )
        return views.ArchiveView(head=head, years=(self._year(year),), year=year)

    def one_month(self, key: YearMonth) -> views.View:
        keys = list(self.months)
        place = keys.index(key)
        name = self.desk.date(_first_day(key), "month")
        year = self.desk.link(str(key[0]), year_path(key[0]))
        return views.MonthView(
            head=self.desk.head(
                month_path(*key),
                self.desk.title(name, self.label),
                trail=(*self._trail(), year),
                name=name,
            ),
            month=self._month(key),
            days=self._days(key),
            newer=self._month(keys[place - 1]) if place else None,
            older=self._month(keys[place + 1]) if place + 1 < len(keys) else None,
        )

    def _days(self, key: YearMonth) -> tuple[views.Day, ...]:
        days: dict[datetime, list[views.Card]] = {}
        for position in self.months[key]:
            article = self.desk.site.articles[position]
            day = datetime(*key, article.matter.date.day, tzinfo=UTC)
            days.setdefault(day, []).append(self.desk.compose.line(article))
        return tuple(views.Day(day, tuple(days[day])) for day in sorted(days, reverse=True))

    def _year(self, year: int) -> views.Year:
        months = tuple(self._month(key) for key in self.months if key[0] == year)
        url = self.desk.compose.href(year_path(year))
        return views.Year(year, url, sum(month.count for month in months), months)

    def _month(self, key: YearMonth) -> views.Month:
        url = self.desk.compose.href(month_path(*key))
        return views.Month(_first_day(key), url, len(self.months[key]))

    def _trail(self) -> tuple[views.Link, ...]:
        return (self.desk.link(self.label, "/archive/"),)


def _first_day(key: YearMonth) -> datetime:
    return datetime(*key, 1, tzinfo=UTC)
