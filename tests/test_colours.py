"""Colours: as they are written, how far two are apart, and the nearest that can be read."""

import colorsys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.colours import AA, Colour, contrast, least_contrast, legible, read_colour

BLACK, WHITE = Colour(0, 0, 0), Colour(255, 255, 255)
DARK = (Colour(23, 22, 20), Colour(34, 32, 29))
LIGHT = (Colour(253, 252, 249), Colour(243, 240, 233))
colours = st.builds(Colour, *[st.integers(0, 255)] * 3)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("#9c1f1f", "#9c1f1f"),
        ("#FC0", "#ffcc00"),
        (" Navy ", "#000080"),
        ("rebeccapurple", "#663399"),
        *((wrong, "None") for wrong in ("", "#", "#12", "#1234", "#12345", "#ggg", "9c1f1f")),
        *((wrong, "None") for wrong in ("rgb(1,2,3)", "#٣٣٣", "#fff;}", "naví", "#ffffff00")),
    ],
)
def test_a_colour_is_read_as_css_writes_it(written: str, read: str) -> None:
    assert str(read_colour(written)) == read


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(BLACK, WHITE) == contrast(WHITE, BLACK) == 21
    assert contrast(WHITE, WHITE) == 1
    assert contrast(Colour(119, 119, 119), WHITE) == pytest.approx(4.48, abs=0.005)
    assert contrast(Colour(118, 118, 118), WHITE) == pytest.approx(4.54, abs=0.005)


@given(colours, st.sampled_from([DARK, LIGHT, (BLACK,), (WHITE,)]))
def test_a_legible_colour_can_be_read_on_every_ground(
    colour: Colour, grounds: tuple[Colour, ...]
) -> None:
    made = legible(colour, grounds)
    assert least_contrast(made, grounds) >= AA
    assert legible(made, grounds) == made
    if least_contrast(colour, grounds) >= AA:
        assert made == colour


@pytest.mark.parametrize("grounds", [DARK, LIGHT])
@pytest.mark.parametrize("written", ["#9c1f1f", "teal", "#0b5cab", "#866a00", "hotpink", "lime"])
def test_a_colour_that_is_made_legible_keeps_its_hue(
    written: str, grounds: tuple[Colour, ...]
) -> None:
    colour = read_colour(written)
    assert colour
    hues = [
        colorsys.rgb_to_hls(*(p / 255 for p in c))[0] for c in (colour, legible(colour, grounds))
    ]
    assert min(abs(hues[0] - hues[1]), 1 - abs(hues[0] - hues[1])) < 0.04


def test_no_more_is_changed_than_has_to_be() -> None:
    for colour in (BLACK, Colour(156, 31, 31), Colour(0, 0, 255)):
        assert least_contrast(legible(colour, DARK), DARK) < 1.03 * AA


def test_between_grounds_that_leave_no_room_there_is_an_end() -> None:
    grey = Colour(118, 118, 118)
    for grounds in ((BLACK, WHITE), (grey,), (WHITE, Colour(90, 90, 90))):
        for colour in (BLACK, WHITE, grey, Colour(255, 0, 0)):
            assert isinstance(legible(colour, grounds), Colour)
