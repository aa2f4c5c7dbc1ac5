"""Moments: one grammar wherever one is written, and nothing that it does not name is read."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from generator.cli import main
from generator.moments import moment, no_moment, read_moment
from support.front_matter import opened, told, yaml
from support.sites import NOW, SmallSite, command

DAY = datetime(2026, 6, 5)
READ = {
    "2026-06-05": DAY,
    "2026-6-5": DAY,
    " 2026-06-05 ": DAY,
    "2026-06-05T20:30": DAY.replace(hour=20, minute=30),
    "2026-06-05 20:30": DAY.replace(hour=20, minute=30),
    "2026-06-05 \t 8:30": DAY.replace(hour=8, minute=30),
    "2026-06-05T08:30:15": DAY.replace(hour=8, minute=30, second=15),
    "2026-06-05T08:30:15.25": DAY.replace(hour=8, minute=30, second=15, microsecond=250_000),
    "2026-06-05T08:30:15.123456789": DAY.replace(hour=8, minute=30, second=15, microsecond=123_456),
    "2026-06-05T08:30Z": DAY.replace(hour=8, minute=30, tzinfo=UTC),
    "2026-06-05 08:30 Z": DAY.replace(hour=8, minute=30, tzinfo=UTC),
    "2026-06-05T08:30+2": DAY.replace(hour=8, minute=30, tzinfo=timezone(timedelta(hours=2))),
    "2026-06-05T08:30 +02": DAY.replace(hour=8, minute=30, tzinfo=timezone(timedelta(hours=2))),
    "2026-06-05T08:30-0530": DAY.replace(
        hour=8, minute=30, tzinfo=timezone(-timedelta(hours=5, minutes=30))
    ),
    "2026-06-05 08:30 -05:30": DAY.replace(
        hour=8, minute=30, tzinfo=timezone(-timedelta(hours=5, minutes=30))
    ),
}

ANY = "write 2026-03-31 or 2026-03-31T08:00"
REFUSED = {
    "2026-06-15 20.30": "write 2026-06-15 20:30",
    "2026-06-15 08,30": "write 2026-06-15 08:30",
    "2026-06-15t08:30z": "write 2026-06-15 08:30Z",
    "2026-06-15 8:30 pm": "write 2026-06-15 20:30",
    "2026-06-15 12:15 a.m.": "write 2026-06-15 00:15",
    "2026-06-15 8 PM": "write 2026-06-15 20:00",
    "2026-06-15, 8h30": "write 2026-06-15 08:30",
    "2026-06-15\u00a008:30": "write 2026-06-15 08:30",
    "20260615": "write 2026-06-15",
    "2013/08/30 19:24:36": "write 2013-08-30 19:24:36",
    "2013.08.30": "write 2013-08-30",
    "August 30, 2013": "write 2013-08-30",
    "Aug. 30 2013": "write 2013-08-30",
    "30 August 2013": "write 2013-08-30",
    "30-Aug-2013": "write 2013-08-30",
    "2013 August 30": "write 2013-08-30",
    "30. August 2013, 8:30": "write 2013-08-30 08:30",
    "Friday, August 30th, 2013 at 8:05 pm": "write 2013-08-30 20:05",
    "Fri, 30 Aug 2013 19:24:36 +0200": "write 2013-08-30 19:24:36+02:00",
    "Fri, 30 Aug 2013 19:24:36 GMT": "write 2013-08-30 19:24:36Z",
    "30.08.2013": "write 2013-08-30",
    "30/08/2013": "write 2013-08-30",
    "08/30/2013": "write 2013-08-30",
    "5/5/2013": "write 2013-05-05",
    "15. Juni 2026": "write 2026-06-15",
    "1er août 2026": ANY,
    "15 de junio de 2026": "write 2026-06-15",
    "3 märz 2026, 8:30": "write 2026-03-03 08:30",
    "13.5.2026": "write 2026-05-13",
    "5.13.2026": "write 2026-05-13",
    "12.5.2026": ANY,
    "20260615T203000Z": "write 2026-06-15 20:30:00Z",
    "20260615T203000": "write 2026-06-15 20:30:00",
    "08/09/2013": ANY,
    "08.09.2013": ANY,
    "06/01/13": ANY,
    "Thu, 30 Aug 2013 19:24:36 +0200": ANY,  # it was a Friday
    "30 Augury 2013": ANY,
    "31 April 2013": ANY,
    "13:00 pm": ANY,
    "2026-06-15 13:00 pm": ANY,
    "2026-06-15 0:30 am": ANY,
    "2026-06-14 -0500": ANY,
    "2026-06-14+02:00": ANY,
    "2026-06-14Z": ANY,
    "2026-06-1-4": ANY,
    "2026-W24-1": ANY,
    "2026-166": ANY,
    "2026-06": ANY,
    "2026": ANY,
    "26-06-15": ANY,
    "12026-06-15": ANY,
    "2026-06-31": ANY,
    "2026-13-01": ANY,
    "0000-01-01": ANY,
    "2026-06-15T24:00": ANY,
    "2026-06-15T08:60": ANY,
    "2026-06-15T08": ANY,
    "2026-06-15T0830": ANY,
    "2026-06-15T8:3": ANY,
    "2026-06-15T08:30:5": ANY,
    "2026-06-15T08:30.5": ANY,
    "2026-06-15T08:30:15,5": ANY,
    "2026-06-15T 08:30": ANY,
    "2026-06-15_08:30": ANY,
    "2026-06-15T08:30+24:00": ANY,
    "2026-06-15T08:30+0575": ANY,
    "2026-06-15T08:30+02:0": ANY,
    "2026-06-15T08:30 EST": ANY,
    "2026-06-15T08:30Z+1": ANY,
    "2026-06-15T08:30[Europe/Berlin]": ANY,
    "2026-06-15 (revised)": ANY,
    "٢٠٢٦-06-15": ANY,
    "tomorrow": ANY,
    "": ANY,
}


@pytest.mark.parametrize("text", READ)
def test_the_grammar(text: str) -> None:
    assert read_moment(text) == READ[text]
    assert read_moment(text).tzinfo == READ[text].tzinfo


@pytest.mark.parametrize("text", REFUSED)
def test_what_the_grammar_does_not_name_is_refused_with_the_one_moment_it_can_mean(
    text: str,
) -> None:
    with pytest.raises(ValueError):
        read_moment(text)
    what, remedy = no_moment(text)
    assert what.endswith('" is not a date')
    assert remedy == REFUSED[text]


def test_a_text_of_any_length_is_told_in_a_line() -> None:
    what, remedy = no_moment("August " * 100_000)
    assert len(what) < 100
    assert remedy == ANY


MOMENTS = st.datetimes(min_value=datetime(1, 1, 1)).map(lambda found: found.replace(fold=0))
ZONES = st.none() | st.integers(-23 * 60, 23 * 60).map(lambda n: timezone(timedelta(minutes=n)))


@given(MOMENTS, ZONES, st.sampled_from("T "), st.sampled_from(["", " "]))
def test_every_moment_is_read_as_it_is_written(
    found: datetime, zone: timezone | None, middle: str, gap: str
) -> None:
    written = found.isoformat(sep=middle)
    offset = found.replace(tzinfo=zone).isoformat()[len(found.isoformat()) :]
    assert read_moment(written + gap * bool(offset) + offset) == found.replace(tzinfo=zone)


@given(st.from_regex(r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}[T .:,Z+0-9-]{0,16}", fullmatch=True))
def test_what_is_shown_as_the_way_to_write_it_is_one(text: str) -> None:
    try:
        read_moment(text)
    except ValueError:
        _, remedy = no_moment(text)
        assert remedy == ANY or read_moment(remedy.removeprefix("write "))


def test_a_date_alone_is_its_first_moment_in_the_zone() -> None:
    zone = timezone(timedelta(hours=9))
    assert moment(date(2026, 6, 5), zone) == DAY.replace(tzinfo=zone)
    assert moment("2026-06-05T00:00Z", zone) == DAY.replace(tzinfo=UTC)


FIELDS = [
    "date: {}",
    "updated: {}",
    "expires: {}",
    "corrections: [{{date: {}, text: a}}]",
    'source: {{name: a, url: "https://a.example/", published: {}}}',
]


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_that_holds_a_moment_has_the_grammar(field: str) -> None:
    assert opened(yaml(field.format("2026-06-05 8:30 +02")))[1] == []
    (message,) = told(yaml(field.format("2026-06-05 20.30")))
    assert message.endswith('"2026-06-05 20.30" is not a date; write 2026-06-05 20:30')


def test_a_story_is_not_live_before_its_hour(site: SmallSite) -> None:
    site.article("a", date="2026-06-15 20:30")
    assert site.build(at=NOW.replace(hour=20)).articles == 0
    assert site.build(at=NOW.replace(hour=20, minute=30)).articles == 1


@pytest.mark.parametrize(("written", "articles"), [("2026-6-14 9:00", 0), ("2026-06-15T00:00Z", 1)])
def test_the_command_reads_moments_as_front_matter_does(
    site: SmallSite, written: str, articles: int
) -> None:
    site.article("a", date="2026-06-15")
    site.article("b", date="2027-06-15")
    code, printed, _ = command(site.root, "--json", "--at", written)
    assert code == 0
    assert f'"articles": {articles},' in printed


def test_the_command_says_how_a_moment_is_written(site: SmallSite) -> None:
    code, _, shown = command(site.root, "--at", "2026-06-15 20.30")
    assert code == 2
    assert '"2026-06-15 20.30" is not a date; write 2026-06-15 20:30' in shown


@pytest.mark.parametrize("edge", ["9999-12-31T23:59:00-14:00", "0001-01-01T00:00:00+14:00"])
@pytest.mark.parametrize("typed", ["build", "status", "related --orphans"])
def test_moments_at_the_edge_of_the_calendar_are_refused(
    edge: str, typed: str, site: SmallSite
) -> None:
    done = CliRunner().invoke(main, [*typed.split(), "--root", str(site.root), "--at", edge])
    assert done.exit_code == 2
    what = f'"{edge}" is at the edge of the calendar; write a year between 2 and 9998'
    assert done.output.splitlines()[-1].endswith(f": {what}")


@pytest.mark.parametrize(
    "near", ["9999-12-31", "0001-01-01", "9998-12-31T23:59-14:00", "0002-01-01T00:00+14:00"]
)
def test_moments_near_the_edge_of_the_calendar(near: str, site: SmallSite) -> None:
    site.article("a")
    assert (
        CliRunner().invoke(main, ["build", "--root", str(site.root), "--at", near]).exit_code == 0
    )


def test_more_processes_than_any_machine_has_cores_for(site: SmallSite) -> None:
    many = "99999999999999"
    done = CliRunner().invoke(main, ["build", "--root", str(site.root), "--jobs", many])
    assert done.exit_code == 2
    assert f"Invalid value for '--jobs': {many} is not in the range" in done.output
