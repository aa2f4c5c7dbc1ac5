"""Lines of several scripts as they are placed: each part in its font, in the order of sight."""

import re
from html import unescape
from unicodedata import normalize

import pytest
from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st

from generator.pictures.card_breaks import tidy
from generator.pictures.card_directions import is_right_to_left, levels
from generator.pictures.card_runs import placed
from generator.pictures.cards import OWN_FONT
from generator.pictures.glyphs import Face, Faces
from support.cards import ARABIC, HEBREW, faces_of, ink_of, square_font, svg_of


def parts(line: str, *, rtl: bool = False) -> list[str]:
    """The parts of a line from left to right, each in logical order."""
    spans = placed(line, 0, 50, faces_of(ARABIC, HEBREW), rtl=rtl)
    found = re.findall(r"<tspan[^>]*>([^<]*)</tspan>", spans)
    return [unescape(re.sub("[\u202e\u200f\u202c]", "", part)) for part in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Wave", False), ("«سلام» Wave", True), ("2026: שלום", True), ("12 – 3", False), ("", False)],
)
def test_the_first_letter_tells_the_direction(text: str, expected: bool) -> None:
    assert is_right_to_left(text) is expected


@given(st.text("abc אבג سلا 12 ٣ ()[] ,.-+%«» e\u0301", max_size=24), st.booleans())
def test_levels_are_those_of_another_implementation(text: str, rtl: bool) -> None:
    line = re.sub(r"^\u0301+", "", tidy(text))
    assert seen(line, levels(line, rtl=rtl)) == get_display(line, base_dir="R" if rtl else "L")


def seen(line: str, known: list[int]) -> str:
    """A line from left to right, by rule L2; brackets are not mirrored."""
    places = list(range(len(line)))
    for level in range(max(known, default=0), 0, -1):
        begin = 0
        while begin < len(places):
            end = begin
            while end < len(places) and known[places[end]] >= level:
                end += 1
            places[begin:end] = reversed(places[begin:end])
            begin = end + 1
    return "".join(line[place] for place in places)


def test_a_joiner_goes_with_what_it_stands_behind() -> None:
    assert set(levels("می\u200cخواهم", rtl=False)) == {1}


@pytest.mark.usefixtures("noto_fonts")
def test_a_text_in_one_font_is_one_part() -> None:
    assert parts("Tom & Jerry <b>") == ["Tom & Jerry <b>"]
    assert parts("البرلمان يصوّت", rtl=True) == [normalize("NFC", "البرلمان يصوّت")]


@pytest.mark.usefixtures("noto_fonts")
def test_parts_stand_in_the_order_in_which_they_are_seen() -> None:
    assert parts("قال BBC هذا", rtl=True) == ["هذا", " ", "BBC", "قال "]
    assert parts("The سلام Times") == ["The ", "سلام", " ", "Times"]
    assert parts("قال (BBC) هذا", rtl=True) == ["هذا", ") ", "BBC", "(", "قال "]


@pytest.mark.usefixtures("noto_fonts")
@pytest.mark.parametrize("line", ["Wave", "قال BBC (2026) هذا!", "שלום The (א) b"])
def test_a_line_ends_where_it_should(line: str) -> None:
    fonts, faces = [OWN_FONT, ARABIC, HEBREW], faces_of(ARABIC, HEBREW)
    wide = faces.width_of(line, 50)
    for rtl, anchor, left in (
        (False, "start", 600.0),
        (True, "end", 600.0),
        (True, "start", 600 - wide),
        (False, "end", 600 - wide),
        (True, "middle", 600 - wide / 2),
    ):
        spans = placed(line, 600, 50, faces, rtl=rtl, anchor=anchor)  # type: ignore[arg-type]
        begin, end = ink_of(svg_of(f'<text y="300" font-size="50">{spans}</text>'), fonts)
        assert begin == pytest.approx(left, abs=8) and end == pytest.approx(left + wide, abs=8)


@pytest.mark.parametrize("family", ["M PLUS 1p", "42dot", "L'Avion", 'A "B"', "A, B & C"])
def test_a_family_of_any_name_is_found(family: str) -> None:
    data = square_font("ab", family)
    spans = placed("ab", 100, 50, Faces([Face(data)]))
    begin, end = ink_of(svg_of(f'<text y="99" font-size="50">{spans}</text>'), [OWN_FONT, data])
    assert (begin, end) == (105, 194)  # of two squares; letters are narrower


def test_parts_in_other_fonts_do_not_overlap() -> None:
    faces = Faces([Face(OWN_FONT.read_bytes()), Face(square_font("国会"))])
    spans = placed("AI国会AI", 0, 50, faces)
    places = [float(x) for x in re.findall(r'x="([\d.]+)"', spans)]
    ai = faces.width_of("AI", 50)
    assert places == pytest.approx([0, ai, ai + 100], abs=0.01)
