"""How long recordings are: what people write, and what clocks and programs read."""

import pytest

from generator.durations import clock, iso_duration, read_duration


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("0", 0),
        ("3723", 3_723),
        ("  3723 ", 3_723),
        ("12.9", 12),
        ("0:05", 5),
        ("00:05", 5),
        ("62:03", 3_723),
        ("1:02:03", 3_723),
        ("01:02:03.250", 3_723),
        ("99:59:59", 359_999),
        ("360000", 360_000),
    ],
)
def test_a_length_is_read_as_it_is_written(written: str, seconds: int) -> None:
    assert read_duration(written) == seconds


@pytest.mark.parametrize(
    "written",
    [
        *("", ":", "1:", ":05", "1:5", "1:60", "1:60:00", "1:2:03", "1:02:3", "1:02:03:04"),
        *("-5", "+5", "5s", "1h", "soon", "1e3", "٣", "1 02", "1.", "360001", "9" * 10_000),
        *("100:00:00", "1:02.5:03", "1:" * 10_000),
    ],
)
def test_what_is_no_length_is_none(written: str) -> None:
    assert read_duration(written) is None


@pytest.mark.parametrize(
    ("seconds", "shown", "iso"),
    [
        (0, "0:00", "PT0S"),
        (5, "0:05", "PT5S"),
        (60, "1:00", "PT1M"),
        (3_600, "1:00:00", "PT1H"),
        (3_723, "1:02:03", "PT1H2M3S"),
        (360_000, "100:00:00", "PT100H"),
    ],
)
def test_a_length_is_shown_as_by_a_clock_and_told_to_programs(
    seconds: int, shown: str, iso: str
) -> None:
    assert (clock(seconds), iso_duration(seconds)) == (shown, iso)
