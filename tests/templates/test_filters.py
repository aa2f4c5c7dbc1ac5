"""What layouts call: labels filled in, dates written out, JSON for a script, bodies shown."""

import json
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from generator.model import Prose
from generator.templates.dates import format_date, iso
from generator.templates.environment import ShownProse, fill
from generator.templates.metadata import script
from generator.templates.views import Body, Target
from generator.urls import Home


@pytest.mark.parametrize(
    ("label", "values", "shown"),
    [
        ("By {authors}", {"authors": "A & B"}, "By A &amp; B"),
        ("By {authors}", {"authors": Markup("<a>A</a>")}, "By <a>A</a>"),
        ("<b>{n}</b>", {"n": 3}, "&lt;b&gt;3&lt;/b&gt;"),
        (Markup("<b>{n}</b>"), {"n": 3}, "<b>3</b>"),
        ("{n} of {total}, {n}", {"n": 1, "total": 2}, "1 of 2, 1"),
        ("{other} {} {n", {"n": 1}, "{other} {} {n"),
        ("no names", {"n": 1}, "no names"),
        ("", {}, ""),
    ],
)
def test_a_label_is_filled(label: str, values: dict[str, object], shown: str) -> None:
    assert [fill(label, **values), fill(label, **values)] == [Markup(shown)] * 2


def test_a_label_as_markup_is_not_taken_for_the_same_label_as_text() -> None:
    assert [fill("<i>"), fill(Markup("<i>")), fill("<i>")] == ["&lt;i&gt;", "<i>", "&lt;i&gt;"]


def test_a_date_is_that_of_its_own_zone() -> None:
    late = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
    later = late.astimezone(timezone(timedelta(hours=2)))
    assert late == later
    assert [iso(late), iso(later)] == ["2026-03-31T23:30:00+00:00", "2026-04-01T01:30:00+02:00"]
    assert [format_date(moment, "long", "en-GB") for moment in (late, later)] == [
        "31 March 2026",
        "1 April 2026",
    ]


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 31, 8, 5, 7, 999_999, tzinfo=UTC),
        datetime(2026, 3, 31, 8, 5, 7, 1),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=-11, minutes=-30))),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin")),
    ],
)
def test_a_moment_for_machines_is_as_python_writes_it(moment: datetime) -> None:
    assert iso(moment) == moment.isoformat(timespec="seconds")


@pytest.mark.parametrize(
    ("pattern", "morning", "evening"),
    [
        ("long", "31 March 2026", "31 March 2026"),
        ("month", "March 2026", "March 2026"),
        ("HH:mm", "08:05", "20:05"),
        ("time", "08:05", "20:05"),
    ],
)
def test_a_date_in_the_pattern_asked_for(pattern: str, morning: str, evening: str) -> None:
    moment = datetime(2026, 3, 31, 8, 5, tzinfo=UTC)
    assert format_date(moment, pattern, "en-GB") == morning
    assert format_date(moment.replace(hour=20), pattern, "en-GB") == evening


def test_json_in_a_script_is_whole_and_safe() -> None:
    text = "".join(map(chr, [*range(0x500), 0x2028, 0x2029, 0xFFFD, 0x1F600])) + "</script>"
    data = {"text": text, "number": 3, "yes": True, "list": ["a", {"b": "c"}]}
    shown = script(data)
    assert json.loads(shown) == data
    assert not set("<>&") & set(shown)
    plain = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&":
        plain = plain.replace(char, f"\\u{ord(char):04x}")
    assert shown == plain


def test_the_links_of_a_body_are_filled_in_each_half() -> None:
    prose = Prose("<a \x020\x03>1</a>", '<img \x021\x03 alt=""><a \x022\x03>3</a>', ())
    targets = (Target("href", "/a&b/"), Target("src", ""), Target("href", "#here"))
    home = Home("https://p.example", "/")
    near, far = (
        ShownProse(prose, Body("", targets), *place)
        for place in ((None, ""), (home, "https://p.x/s/"))
    )
    assert near.opening == '<a href="/a&amp;b/">1</a>'
    assert near.html == near.opening + Markup('<img hidden alt=""><a href="#here">3</a>')
    assert far.html == Markup(
        '<a href="https://p.example/a&amp;b/">1</a><a href="https://p.x/s/#here">3</a>'
    ), "what is hidden is not shown elsewhere"
