"""The time of day: shown wherever a date was written with one, in the site's zone and language."""

import pytest

from support.sites import SETTINGS, SmallSite, words

STORY = "/2026/06/story/"
BERLIN = SETTINGS + 'timezone = "Europe/Berlin"\n'


@pytest.mark.parametrize(
    ("date", "shown"),
    [
        ("2026-06-01", "June 1, 2026"),
        ('"2026-06-01"', "June 1, 2026"),
        ("2026-6-1", "June 1, 2026"),
        ("2026-06-01T14:20", "June 1, 2026, 2:20 PM"),
        ("2026-06-01 14:20:59", "June 1, 2026, 2:20 PM"),
        ('"2026-06-01 8:05"', "June 1, 2026, 8:05 AM"),
        ("2026-06-01T00:00", "June 1, 2026, 12:00 AM"),
        ("2026-06-01 00:00:00", "June 1, 2026, 12:00 AM"),
        ("2026-06-01T00:00Z", "June 1, 2026, 2:00 AM"),
        ("2026-06-01T22:30-05:00", "June 2, 2026, 5:30 AM"),
    ],
)
def test_a_time_is_shown_if_the_date_has_one(site: SmallSite, date: str, shown: str) -> None:
    site.write({"site.toml": BERLIN})
    site.article("story", date=date)
    site.build()
    assert words(site.page(STORY), "time") == shown


@pytest.mark.parametrize(
    ("matter", "shown"),
    [
        ("+++\ntitle = 'S'\ndate = 2026-06-01\n+++\n", "June 1, 2026"),
        ("+++\ntitle = 'S'\ndate = 2026-06-01T00:00:00\n+++\n", "June 1, 2026, 12:00 AM"),
        ("+++\ntitle = 'S'\ndate = 2026-06-01T14:20:00Z\n+++\n", "June 1, 2026, 2:20 PM"),
        ('{"title": "S", "date": "2026-06-01"}\n', "June 1, 2026"),
        ('{"title": "S", "date": "2026-06-01T14:20"}\n', "June 1, 2026, 2:20 PM"),
    ],
)
def test_every_format_tells_a_day_from_a_time(site: SmallSite, matter: str, shown: str) -> None:
    site.write({"content/articles/story.md": f"{matter}\nText.\n"})
    site.build()
    assert words(site.page(STORY), "time") == shown


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en-GB", "1 June 2026, 14:20"),
        ("de", "1. Juni 2026, 14:20"),
        ("sv", "1 juni 2026 14:20"),
        ("ja", "2026年6月1日 14:20"),
        ("zh", "2026年6月1日 14:20"),
        ("fi", "1. kesäkuuta 2026 14.20"),
        ("ar", "1 يونيو 2026، 2:20 م"),
    ],
)
def test_a_time_is_written_as_the_language_has_it(
    site: SmallSite, language: str, shown: str
) -> None:
    site.write({"site.toml": SETTINGS + f'language = "{language}"\n'})
    site.article("story", date="2026-06-01T14:20")
    site.build()
    assert words(site.page(STORY), "time") == shown


@pytest.mark.long
@pytest.mark.parametrize(
    ("date", "changes", "head"),
    [
        ("2026-06-01T08:00", {}, ""),
        ("2026-06-01T08:00", {"updated": "2026-06-01T14:20"}, "Updated 2:20 PM"),
        ("2026-06-01", {"updated": "2026-06-01T14:20"}, "Updated 2:20 PM"),
        ("2026-06-01T08:00", {"updated": "2026-06-02T09:00"}, "Updated June 2, 2026, 9:00 AM"),
        ("2026-06-01T08:00", {"updated": "2026-06-02"}, "Updated June 2, 2026"),
        ("2026-06-01T23:00Z", {"updated": "2026-06-02T08:00+02:00"}, "Updated 8:00 AM"),
        (
            "2026-06-01",
            {"corrections": "[{date: 2026-06-03, text: Nine.}]"},
            "Updated June 3, 2026 Corrected",
        ),
        (
            "2026-06-01T08:00",
            {
                "updated": "2026-06-01T09:00",
                "corrections": "[{date: 2026-06-01T10:15, text: Nine.}]",
            },
            "Updated 10:15 AM Corrected",
        ),
    ],
)
def test_the_head_says_what_was_changed_and_when(
    site: SmallSite, date: str, changes: dict[str, str], head: str
) -> None:
    site.write({"site.toml": BERLIN})
    site.article("story", date=date, **changes)
    site.build()
    notes = words(site.page(STORY), ".story-meta .meta:not(:first-child):not(:last-child)")
    assert notes == head


def test_corrected_leads_to_the_corrections(site: SmallSite) -> None:
    fixes = "[{date: 2026-06-02, text: Nine.}, {date: 2026-06-03T16:30, text: Not nine.}]"
    site.article("story", corrections=fixes)
    site.build()
    page = site.page(STORY)
    (link,) = page.cssselect(".story-meta .meta a")
    (target,) = page.cssselect(str(link.get("href")))
    assert target.text_content() == "Corrections"
    assert words(page, ".corrections li") == ("June 2, 2026 Nine. June 3, 2026, 4:30 PM Not nine.")


def test_lists_have_the_time_too(site: SmallSite) -> None:
    site.article("timed", date="2026-06-02T14:20", tags="[AI]")
    site.article("day", date="2026-06-01", tags="[AI]")
    site.build()
    shown = "Jun 2, 2026, 2:20 PM Jun 1, 2026"
    assert words(site.page("/"), ".card time") == shown
    assert words(site.page("/tags/ai/"), ".river time") == shown
    stamps = site.page("/").xpath("//*[contains(@class, 'card')]//time/@datetime")
    assert stamps == ["2026-06-02T14:20:00+00:00", "2026-06-01T00:00:00+00:00"]


def test_a_month_has_no_midnight_and_the_days_of_the_sites_zone(site: SmallSite) -> None:
    site.write({"site.toml": BERLIN})
    site.article("late", date="2026-06-01T22:30Z")
    site.article("timed", date="2026-06-02T14:20")
    site.article("day", date="2026-06-01")
    site.build()
    days = [words(day, "*") for day in site.page("/archive/2026/06/").cssselect(".day")]
    assert [day.split(" ")[1:3] for day in days] == [["June", "2,"], ["June", "1,"]]
    times = words(site.page("/archive/2026/06/"), ".day time")
    assert times == "2:20 PM 12:30 AM"


def test_a_midnight_that_is_written_down_wakes_the_pages(site: SmallSite) -> None:
    site.article("story", date="2026-06-01")
    site.build()
    site.article("story", date="2026-06-01T00:00")
    site.build()
    assert words(site.page(STORY), "time") == "June 1, 2026, 12:00 AM"
    kept = site.outputs()
    site.build(clean=True)
    assert site.outputs() == kept


def test_another_zone_of_the_site_wakes_the_pages(site: SmallSite) -> None:
    site.article("story", date="2026-06-01T12:00Z")
    site.build()
    site.write({"site.toml": BERLIN})
    site.build()
    assert words(site.page(STORY), "time") == "June 1, 2026, 2:00 PM"


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("date", ["0001-01-01T00:30Z", "9998-12-31T23:30Z", "9999-12-31T23:30Z"])
def test_the_ends_of_the_calendar_break_no_page(site: SmallSite, date: str, zone: str) -> None:
    site.write({"site.toml": f'{SETTINGS}timezone = "{zone}"\n'})
    site.article("story", date=date)
    if not site.errors(drafts=True):
        (month,) = [path for path in site.outputs() if path.count("/") == 3 and "arch" in path]
        assert len(site.page(month.removesuffix("index.html")).cssselect(".day li")) == 1


def test_a_layout_may_ask_for_parts_of_a_moment(site: SmallSite) -> None:
    asked = ['date("HH.mm", time=true)', 'date("time")', 'date("short", time=true)']
    shown = " | ".join(f"{{{{ story.date | {one} }}}}" for one in asked)
    site.write({"layouts/partials/byline.html": shown})
    site.write({"site.toml": BERLIN})
    site.article("story", date="2026-06-01T12:20Z")
    site.build()
    assert words(site.page(STORY), ".story-meta") == "14.20 | 2:20 PM | 6/1/26, 2:20 PM"


def test_feeds_have_the_moment_as_it_was_written(site: SmallSite) -> None:
    site.write({"site.toml": BERLIN})
    site.article("story", date="2026-06-01T22:30-05:00")
    site.build()
    assert "2026-06-01T22:30:00-05:00" in site.text("/feed.xml")
    assert "<pubDate>Mon, 01 Jun 2026 22:30:00 -0500</pubDate>" in site.text("/rss.xml")
