"""`broadsheet status`: drafted, scheduled, expiring, and when the site next changes by itself."""

import random
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from generator.commands.status import news_clock
from generator.site.schedule import NEWS_LIMIT
from support.manual import section
from support.sites import NOW, SETTINGS, SmallSite
from support.status_reports import BERLIN, lines, told


def line(site: SmallSite, name: str, at: str = NOW.isoformat()) -> str:
    """What stands behind a name, such as "next"."""
    (found,) = [row for row in lines(site, at) if row.startswith(f"{name}: ")]
    return found.removeprefix(f"{name}: ")


def paths(items: list[dict[str, str]]) -> list[str]:
    return [item["path"].removeprefix("content/articles/").removesuffix(".md") for item in items]


def sitemap(site: SmallSite) -> int:
    return site.outputs().get("news-sitemap.xml", b"").count(b"<news:news>")


# ------------------------------------------------------------------------------ the lists


def test_the_news_clock_is_told_as_the_manual_shows_it(site: SmallSite) -> None:
    site.write({"site.toml": BERLIN})
    site.article("2026/fair", title="A fair without a date", draft="true")
    site.article("2026/vote", title="The council has voted", date="2026-06-15T18:30")
    site.article("2026/weather", title="The weather of the week", date="2026-06-16T06:00")
    site.article("2026/tickets", title="Tickets for the summer", expires="2026-07-01")
    for name, date in (
        ("a", "2026-06-14T09:00"),
        ("b", "2026-06-14T17:00"),
        ("c", "2026-06-15T11:00"),
    ):
        site.article(name, date=date)
    site.build(at=datetime(2026, 6, 15, 10, tzinfo=ZoneInfo("Europe/Berlin")))
    (example,) = re.findall(
        r"^```text\n(.*?)^```$", section("commands", "## broadsheet status"), re.M | re.S
    )
    assert lines(site, "2026-06-15T12:00") == example.splitlines()


def test_an_empty_site_has_nothing_due(site: SmallSite) -> None:
    assert lines(site)[1:] == [
        "drafts: 0",
        "scheduled: 0",
        "expiring: 0",
        "news: 0 stories",
        "next: nothing is due",
        "there is no built site: run broadsheet build",
    ]


def test_machines_read_moments_with_their_zone(site: SmallSite) -> None:
    site.write({"site.toml": BERLIN})
    site.article("idea", draft="true")
    site.article("fair", date="2026-06-14T10:00", expires="2026-06-15T20:00+00:00")
    site.article("later", date="2026-06-16T06:00")
    site.build()
    assert told(site) == {
        "at": "2026-06-15T14:00:00+02:00",
        "drafts": [{"title": "Idea", "path": "content/articles/idea.md"}],
        "scheduled": [
            {
                "title": "Later",
                "path": "content/articles/later.md",
                "at": "2026-06-16T06:00:00+02:00",
            }
        ],
        "expiring": [
            {
                "title": "Fair",
                "path": "content/articles/fair.md",
                "at": "2026-06-15T22:00:00+02:00",
            }
        ],
        "never": [],
        "news": {"stories": 1, "until": "2026-06-15T22:00:00+02:00"},
        "next": {"at": "2026-06-15T22:00:00+02:00", "live": 0, "expires": 1, "news": 0},
        "built": {
            "standing": "current",
            "at": "2026-06-15T14:00:00+02:00",
            "since": None,
            "drafts": False,
        },
    }


def test_draft_pages_are_drafts_too(site: SmallSite) -> None:
    site.write({"content/pages/about.md": "---\ntitle: About\ndraft: true\n---\n\nUs.\n"})
    site.article("idea", draft="true", date="2030-01-01", expires="2031-01-01")
    found = told(site)
    assert [item["title"] for item in found["drafts"]] == ["Idea", "About"]
    assert found["scheduled"] == found["expiring"] == found["never"] == []
    assert found["next"] is None


def test_items_of_collections_go_by_the_clock_too(site: SmallSite) -> None:
    site.write({"site.toml": f"{SETTINGS}[collections.events]\n"})
    for name, fields in (
        ("soon", "date: 2026-06-16\n"),
        ("over", "expires: 2026-06-17\n"),
        ("idea", "draft: true\n"),
        ("never", "date: 2026-07-02\nexpires: 2026-07-01\n"),
        ("plain", ""),
    ):
        site.write({f"content/events/{name}.md": f"---\ntitle: {name}\n{fields}---\n"})
    found = told(site)
    assert [item["title"] for item in found["drafts"]] == ["idea"]
    assert [item["title"] for item in found["scheduled"]] == ["soon"]
    assert [item["title"] for item in found["expiring"]] == ["over"]
    assert [item["title"] for item in found["never"]] == ["never"]
    assert found["news"]["stories"] == 0
    assert found["next"]["live"] == 1


def test_equal_moments_are_told_by_path(site: SmallSite) -> None:
    site.article("b", date="2026-06-16T06:00", expires="2026-06-18")
    site.article("c", date="2026-06-16T08:00+02:00", expires="2026-06-17")
    site.article("a", date="2026-06-16T08:00")
    assert paths(told(site)["scheduled"]) == ["b", "c", "a"]


def test_a_scheduled_story_is_not_expiring_before_it_is_live(site: SmallSite) -> None:
    site.article("soon", date="2026-06-16", expires="2026-06-20")
    site.article("gone", expires="2026-06-10")
    assert (paths(told(site)["scheduled"]), told(site)["expiring"]) == (["soon"], [])
    later = told(site, "2026-06-17")
    assert (later["scheduled"], paths(later["expiring"])) == ([], ["soon"])


def test_a_story_that_expires_before_its_date_is_told_as_such(site: SmallSite) -> None:
    site.article("typo", date="2026-07-01", expires="2025-07-01")
    site.article("brief", date="2026-07-01", expires="2026-07-01")
    found = told(site)
    assert (paths(found["never"]), found["scheduled"]) == (["brief", "typo"], [])
    assert found["next"] is None
    shown = lines(site)
    assert shown[shown.index("never live, for they expire before: 2") :][1:3] == [
        "  content/articles/brief.md: Brief",
        "  content/articles/typo.md: Typo",
    ]


# --------------------------------------------------------------------------- what is next


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ([("2026-06-15T18:00", None)], "18:00, 1 story goes live"),
        ([("2026-06-15T18:00", None)] * 2, "18:00, 2 stories go live"),
        ([("2026-06-15T18:00:30", None)], "18:00:30, 1 story goes live"),
        ([("2026-06-16", None)], "tomorrow 00:00, 1 story goes live"),
        ([("2026-06-17T06:00", None)], "2026-06-17 06:00, 1 story goes live"),
        ([("2026-01-01", "2026-06-16T06:00")], "tomorrow 06:00, 1 story expires"),
        ([("2026-01-01", "2026-06-16T06:00")] * 3, "tomorrow 06:00, 3 stories expire"),
        ([("2026-06-14T06:00", None)], "tomorrow 06:00, 1 story is news no longer"),
        ([("2026-06-14T06:00", None)] * 2, "tomorrow 06:00, 2 stories are news no longer"),
        (
            [("2026-06-16T06:00", None), ("2026-01-01", "2026-06-16T06:00")] * 2,
            "tomorrow 06:00, 2 stories go live, 2 expire",
        ),
        (
            [("2026-06-16T06:00", None)] * 2
            + [("2026-06-01", "2026-06-16T08:00+02:00"), ("2026-06-14T06:00", None)],
            "tomorrow 06:00, 2 stories go live, 1 expires, 1 is news no longer",
        ),
        ([("2026-06-14T06:00", "2026-06-16T06:00")], "tomorrow 06:00, 1 story expires"),
        ([("2026-06-14T06:00", "2026-06-15T13:00")], "13:00, 1 story expires"),
        ([("2026-06-15T12:00", None)], "2026-06-17 12:00, 1 story is news no longer"),
        ([("2026-06-13T12:00", None)], "12:00, 1 story is news no longer"),
        ([("2026-06-13T11:59", None)], "nothing is due"),
        ([("2026-01-01", "2026-06-15T12:00")], "nothing is due"),
    ],
)
def test_what_comes_next_is_said_in_words(
    site: SmallSite, dates: list[tuple[str, str | None]], said: str
) -> None:
    for number, (date, expires) in enumerate(dates):
        site.article(f"story-{number}", date=date, expires=expires)
    assert line(site, "next") == said


@pytest.mark.parametrize("seed", range(6))
def test_the_site_changes_when_it_was_said_and_not_before(site: SmallSite, seed: int) -> None:
    """What is said to be next is held against what builds make of the site."""
    chance = random.Random(seed)

    def some_moment() -> str:
        shift = timedelta(hours=chance.randint(-60, 60), minutes=chance.choice([0, 0, 30]))
        return (NOW + shift).isoformat()

    for number in range(chance.randint(2, 7)):
        draft = chance.choice([None, None, None, "true"])
        expires = chance.choice([None, some_moment()])
        site.article(f"story-{number}", date=some_moment(), expires=expires, draft=draft)
    site.article("always", date="2026-01-01")
    at, second = NOW, timedelta(seconds=1)
    for _ in range(4):
        site.build(at=at)
        before, found = site.outputs(), told(site, at.isoformat())
        assert found["built"]["standing"] == "current"
        assert found["news"]["stories"] == sitemap(site)
        if found["next"] is None:
            site.build(at=at + timedelta(days=30))
            assert pages_of(site.outputs()) == pages_of(before)
            return
        coming = datetime.fromisoformat(found["next"]["at"])
        almost, at = coming - second, coming + second
        assert told(site, almost.isoformat())["built"]["standing"] == "current"
        assert told(site, at.isoformat())["built"]["standing"] == "due"
        assert told(site, at.isoformat())["built"]["since"] == found["next"]["at"]
        site.build(at=almost)
        assert pages_of(site.outputs()) == pages_of(before)
        site.build(at=at)
        assert pages_of(site.outputs()) != pages_of(before)


def pages_of(outputs: dict[str, bytes]) -> dict[str, bytes]:
    """What readers get."""
    return {path: data for path, data in outputs.items() if path != ".broadsheet"}


# ---------------------------------------------------------------------------------- news


def test_news_are_those_of_the_news_sitemap(site: SmallSite) -> None:
    site.article("just-in", date="2026-06-13T12:00")
    site.article("just-out", date="2026-06-13T11:59:59")
    site.article("now", date="2026-06-15T12:00")
    site.article("gone", date="2026-06-15T08:00", expires="2026-06-15T11:00")
    site.article("idea", date="2026-06-15T08:00", draft="true")
    site.article("coming", date="2026-06-15T12:00:01")
    site.build()
    assert told(site)["news"] == {"stories": 2, "until": "2026-06-15T12:00:00Z"}
    assert sitemap(site) == 2


def test_a_story_may_expire_before_it_is_old_news(site: SmallSite) -> None:
    site.article("old", date="2026-06-14T00:00")
    site.article("brief", date="2026-06-15T00:00", expires="2026-06-15T15:00")
    assert line(site, "news") == "2 stories, the next leaves: 15:00"


def test_more_news_than_the_sitemap_holds_changes_nothing_when_it_gets_old(
    site: SmallSite,
) -> None:
    for number in range(NEWS_LIMIT):
        site.article(f"story-{number}", date="2026-06-14T12:00")
    site.article("older", date="2026-06-14T06:00")
    found = told(site)
    assert found["news"] == {"stories": NEWS_LIMIT, "until": "2026-06-16T12:00:00Z"}
    assert found["next"]["at"] == "2026-06-16T12:00:00Z"


# --------------------------------------------------------------------------------- zones


def test_today_is_that_of_the_site(site: SmallSite) -> None:
    site.write({"site.toml": BERLIN})
    site.article("morning", date="2026-06-16T06:00")
    assert line(site, "next", "2026-06-15T21:59Z") == "tomorrow 06:00, 1 story goes live"
    assert line(site, "next", "2026-06-15T22:00Z") == "06:00, 1 story goes live"
    assert line(site, "next", "2026-06-16T05:59") == "06:00, 1 story goes live"
    assert line(site, "next", "2026-06-16T06:00").endswith("is news no longer")


def test_clocks_that_are_put_forward_shorten_the_night(site: SmallSite) -> None:
    site.write({"site.toml": BERLIN})
    site.article("skipped", date="2026-03-29T02:30")
    site.article("three", date="2026-03-29T03:00")
    site.article("before", date="2026-03-27T20:00")
    found = told(site, "2026-03-28T20:00")
    assert [(s["title"], s["at"]) for s in found["scheduled"]] == [
        ("Three", "2026-03-29T03:00:00+02:00"),
        ("Skipped", "2026-03-29T03:30:00+02:00"),
    ]
    assert found["news"]["until"] == "2026-03-29T21:00:00+02:00"
    assert line(site, "next", "2026-03-28T20:00") == "tomorrow 03:00, 1 story goes live"
    at_ten_past = told(site, "2026-03-29T03:10")
    assert (at_ten_past["news"]["stories"], paths(at_ten_past["scheduled"])) == (2, ["skipped"])
    site.build(at=datetime(2026, 3, 29, 2, 15, tzinfo=UTC))
    assert told(site, "2026-03-29T20:30")["built"]["standing"] == "current"
    assert told(site, "2026-03-29T21:01")["built"]["since"] == "2026-03-29T21:00:00+02:00"


def test_the_hour_that_comes_twice_is_told_with_its_offset(site: SmallSite) -> None:
    site.write({"site.toml": BERLIN})
    site.article("second", date="2026-10-25T02:30+01:00")
    site.article("first", date="2026-10-25T02:45+02:00")
    site.article("old", date="2026-10-24T12:00")
    found = told(site, "2026-10-24T13:00")
    assert paths(found["scheduled"]) == ["first", "second"]
    assert found["news"]["until"] == "2026-10-26T11:00:00+01:00"
    said = line(site, "next", "2026-10-24T13:00")
    assert said == "tomorrow 02:45+02:00, 1 story goes live"
    said = line(site, "next", "2026-10-25T02:50+02:00")
    assert said == "02:30+01:00, 1 story goes live"
    assert line(site, "next", "2026-10-25T02:31+01:00").startswith("tomorrow 11:00, ")


@pytest.mark.parametrize("known", [True, False])
def test_a_zone_counts_the_same_whether_a_story_was_built_or_not(
    site: SmallSite, known: bool
) -> None:
    """What comes from the cache has lost the zone's name; moments are the same all the same."""
    site.write({"site.toml": BERLIN})
    site.article("story", date="2026-10-24T12:00", expires="2026-10-25T02:30")
    if known:
        site.build()
    found = told(site, "2026-10-24T13:00")
    assert found["expiring"][0]["at"] == "2026-10-25T02:30:00+02:00"
    assert found["next"]["at"] == "2026-10-25T02:30:00+02:00"


def test_the_last_day_of_the_calendar_is_never(site: SmallSite) -> None:
    site.write({"site.toml": BERLIN})
    site.article("story", expires="9999-12-31T23:59:59Z")
    site.article("last", date="9999-12-31T12:00:00Z")
    assert told(site)["expiring"][0]["at"] == "9999-12-31T23:59:59Z"
    assert line(site, "next") == "9999-12-31 13:00, 1 story goes live"
    assert line(site, "next", "9999-12-30T12:00Z") == "tomorrow 13:00, 1 story goes live"
    assert line(site, "next", "9999-12-31T12:00:01Z") == "23:59:59, 1 story expires"


def test_a_site_is_up_to_date_however_its_folder_is_named(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.article("a")
    site.build()
    monkeypatch.chdir(site.root)
    assert news_clock(Path(), NOW).built.standing == "current"
