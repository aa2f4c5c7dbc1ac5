"""Fonts of cards: widths are those that are drawn, and what no font has is known."""

from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import woff2

from generator.pictures.cards import OWN_FONT
from generator.pictures.glyphs import Face, Faces, NoGlyphsError
from support.cards import ARABIC, HEBREW, THAI, faces_of, ink_of, square_font, svg_of

LATIN = ["Hamburgefonstiv", "AVATAR To Wave", "office affluent", "Straße Ærø Čapek", "Привет Ελλάς"]
OTHERS = ["البرلمان يصوت على الميزانية", "הכנסת אישרה את התקציב", "รัฐสภาลงมติน้ำท่วม"]


def own() -> Face:
    return Face(OWN_FONT.read_bytes())


def packed(font: bytes) -> bytes:
    made = BytesIO()
    woff2.compress(BytesIO(font), made)
    return made.getvalue()


@pytest.mark.parametrize("text", LATIN)
def test_a_text_is_as_wide_as_it_is_drawn(text: str) -> None:
    assert_drawn_as_wide(text, faces_of(), [OWN_FONT])


@pytest.mark.usefixtures("noto_fonts")
@pytest.mark.parametrize("text", OTHERS)
def test_joined_letters_and_marks_are_as_wide_as_they_are_drawn(text: str) -> None:
    assert_drawn_as_wide(text, faces_of(ARABIC, HEBREW, THAI), [OWN_FONT, ARABIC, HEBREW, THAI])


def assert_drawn_as_wide(text: str, faces: Faces, fonts: list[Path]) -> None:
    """Ink of a text, twice and once, differs by the width of it and a space, within 1 %."""
    face = faces.runs(text)[0].face
    assert face
    style = f'y="300" font-size="40" font-family="{face.family}" font-weight="700"'
    drawn = [
        ink_of(svg_of(f"<text {style}>{one}</text>"), fonts) for one in (text, f"{text} {text}")
    ]
    (begin, end), (twice_begin, twice_end) = drawn
    moved = (twice_end - twice_begin) - (end - begin)
    assert moved == pytest.approx(face.width_of(text + " ", 40), rel=0.01)
    assert faces.width_of(text, 40) == pytest.approx(face.width_of(text, 40))


def test_kerning_and_ligatures_count() -> None:
    kerned = own().width_of("AV", 100)
    assert kerned < own().width_of("A", 100) + own().width_of("V", 100)


def test_width_grows_with_the_size() -> None:
    assert own().width_of("Broadsheet", 80) == pytest.approx(2 * own().width_of("Broadsheet", 40))


def test_what_a_font_does_not_have_is_told_once() -> None:
    assert own().missing("国a国😀é\u200d\u00ad\n ") == ["国", "😀"]
    assert faces_of().missing("国a国😀") == ["国", "😀"]


def test_an_accent_needs_no_glyph_if_the_letter_has_its_own() -> None:
    assert not Face(square_font("e\u0301")).missing("é")


def test_what_no_font_has_takes_no_room() -> None:
    assert faces_of().width_of("a😀b", 50) == pytest.approx(faces_of().width_of("ab", 50), rel=0.02)


def test_the_first_font_that_has_a_letter_draws_it() -> None:
    faces = Faces([own(), Face(square_font("国会、 "))])
    runs = [(run.text, run.face and run.face.family) for run in faces.runs("AI国会、 b😀")]
    assert runs == [("AI", "Noto Sans"), ("国会、 ", "Square"), ("b", "Noto Sans"), ("😀", None)]


def test_woff2_is_read_as_the_font_in_it() -> None:
    face = Face(packed(OWN_FONT.read_bytes()))
    assert (face.family, face.weight) == ("Noto Sans", 700)
    assert face.width_of("Wave", 64) == own().width_of("Wave", 64)
    assert not face.data.startswith(b"wOF2")


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"junk", b"wOF2junk", b"\0\1\0\0" + bytes(40), packed(square_font("a"))[:200]),
        OWN_FONT.read_bytes()[:300_000],  # which has letters, and no name
    ],
)
def test_what_is_no_font_is_refused(data: bytes) -> None:
    with pytest.raises(NoGlyphsError):
        Face(data)
