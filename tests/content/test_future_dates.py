"""Changes, corrections and sources that are dated in the future."""

from datetime import UTC, datetime

from support.sites import SETTINGS, SmallSite


def test_a_change_in_the_future_is_a_warning_until_it_is_past(site: SmallSite) -> None:
    future = "write when the change was made"
    corrections = "[{date: 2026-06-14, text: a}, {date: 2026-06-17, text: b}]"
    site.article("a", updated="2026-06-16", corrections=corrections)
    site.article("to-come", date="2026-07-01", updated="2026-07-01T09:00")
    site.write({"content/pages/p.md": "---\ntitle: P\nupdated: 2026-06-18\n---\nX"})
    of_a = [
        f"content/articles/a.md:4: updated: it is in the future; {future}",
        f"content/articles/a.md:5: corrections[2].date: it is in the future; {future}",
    ]
    of_others = [
        f"content/articles/to-come.md:4: updated: it is in the future; {future}",
        f"content/pages/p.md:3: updated: it is in the future; {future}",
    ]
    assert site.warnings() == of_a + of_others
    assert site.warnings() == of_a + of_others
    assert site.warnings(at=day(16)) == of_a[1:] + of_others
    assert site.warnings(at=day(17)) == of_others
    assert site.warnings(at=day(18)) == of_others[:1]
    assert site.warnings(at=day(15)) == of_a + of_others


def test_a_correction_before_its_story_is_a_warning(site: SmallSite) -> None:
    corrections = "[{date: 2026-06-10, text: a}, {date: 2026-06-09, text: b}]"
    site.article("a", date="2026-06-10T12:00", corrections=corrections)
    assert site.warnings() == [
        "content/articles/a.md:4: corrections[2].date: it is before the date; mend one of the two"
    ]


def test_a_source_in_the_future_is_a_warning_until_it_is_past(site: SmallSite) -> None:
    site.article("a", source="{name: T, url: 'https://t.example/', published: 2026-06-16}")
    assert site.warnings() == [
        "content/articles/a.md:4: source.published: it is in the future;"
        " write when it was published"
    ]
    assert site.warnings(at=day(17)) == []


def test_nothing_is_warned_of_that_is_dated_now(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS})
    site.article("a", updated="2026-06-16T00:00Z")
    assert site.warnings(at=day(16)) == []


def day(number: int) -> datetime:
    return datetime(2026, 6, number, tzinfo=UTC)
