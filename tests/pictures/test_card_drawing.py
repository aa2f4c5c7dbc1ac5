"""Share cards drawn: the same bytes everywhere, nothing of elsewhere, and what is wrong is told."""

import os
import subprocess
import sys
from base64 import b64encode
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from generator.errors import Problem
from generator.pictures.card_runs import placed
from generator.pictures.cards import FONTS, LAYOUT, OWN_FONT, drawn_card, missing_glyphs
from generator.pictures.glyphs import Face, Faces
from support.cards import ink_of, pixels_of, square_font, story_card, svg_of
from support.hostile_texts import TEXTS

HEADLINE = "Parliament votes on the budget after a long night of talks"
TEXT = '<text x="80" y="200" font-size="60">{}</text>'
BLACK = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    b'<rect width="9" height="9"/></svg>'
)


def uri(data: bytes, kind: str = "svg+xml") -> str:
    return f"data:image/{kind};base64,{b64encode(data).decode()}"


def image(address: str) -> str:
    return svg_of(f'<image width="300" height="300" href="{address}"/>')


def card_of(svg: str, *fonts: Path | bytes) -> bytes:
    made = drawn_card(svg, *fonts)
    assert isinstance(made, bytes), made
    return made


def problem_of(svg: str, *fonts: Path | bytes) -> Problem:
    made = drawn_card(svg, *fonts)
    assert isinstance(made, Problem)
    return made


def test_a_card_is_a_small_png_of_its_size() -> None:
    card = card_of(story_card(HEADLINE))
    with Image.open(BytesIO(card)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert len(card) < 60_000


def test_a_card_shows_all_that_it_is_given() -> None:
    whole = card_of(story_card(HEADLINE))
    for name in ("kicker", "site", "fine"):
        assert card_of(story_card(HEADLINE, **{name: ""})) != whole
    assert card_of(story_card(HEADLINE, accent="#005533")) != whole


def test_the_longest_headline_stays_on_the_card() -> None:
    pixels = pixels_of(
        story_card("Wörter " * 700, kicker="Wort " * 90, site="W" * 900, fine="w" * 900)
    )
    edges = [pixels[:601, :79], pixels[:601, 1121:], pixels[:40], pixels[590:601]]
    assert all(edge.min() == edge.max() for edge in edges)


@pytest.mark.parametrize(
    "text", [*TEXTS, "", "   ", "a\x00\x0b\x1b\ud800\uffffb", "e" + "\u0301" * 99]
)
def test_a_hostile_text_is_drawn_as_text(text: str) -> None:
    svg = story_card(text, kicker=text, site=text, fine=text)
    assert isinstance(drawn_card(svg), bytes)
    assert "<script" not in svg and "<img" not in svg


def test_emoji_are_left_out_and_told() -> None:
    svg = story_card("A 😀 day", kicker="")
    told = missing_glyphs(svg)
    assert told and told.severity == "warning" and told.line
    assert '"😀" (U+1F600)' in told.what and f"put a font that has it into {FONTS}" == told.remedy
    assert card_of(svg) == card_of(svg.replace("😀", ""))


def test_many_missing_characters_are_counted() -> None:
    told = missing_glyphs(story_card("国会予算案可決政府発表", kicker=""))
    assert told and "and 3 more" in told.what and "has them" in told.remedy
    assert not missing_glyphs(story_card(HEADLINE))


@pytest.mark.parametrize("family", ["Square", ""])
def test_a_font_of_the_site_is_used_as_file_and_as_bytes(tmp_path: Path, family: str) -> None:
    data, file = square_font("国会", family), tmp_path / "Square.ttf"
    file.write_bytes(data)
    spans = placed("国会", 100, 50, Faces([Face(data)]))
    svg = svg_of(f'<text y="200" font-size="50">{spans}</text>')
    assert not missing_glyphs(svg, OWN_FONT, file)
    assert card_of(svg, OWN_FONT, file) == card_of(svg, OWN_FONT, data)
    assert ink_of(svg, [OWN_FONT, file]) == (105, 194)  # of two squares, not of two boxes


def test_a_font_whose_weight_varies_is_bold() -> None:
    data = square_font("ab", varies=True)
    face = Face(data)
    assert face.weight == 700 and face.width_of("ab", 50) == 120
    spans = placed("ab", 100, 50, Faces([face]))
    drawn = ink_of(svg_of(f'<text y="200" font-size="50">{spans}</text>'), [OWN_FONT, data])
    assert drawn == (105, 214)


def test_another_font_in_the_same_file_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "font.ttf"
    svg = svg_of(TEXT.format("国"))
    file.write_bytes(square_font("a"))
    assert missing_glyphs(svg, file)
    file.write_bytes(square_font("a国"))
    assert not missing_glyphs(svg, file)


def test_a_broken_font_is_told() -> None:
    told = problem_of(story_card(HEADLINE), b"junk")
    assert told.file == FONTS and "no font" in told.what and told.remedy


def test_a_font_that_is_not_there_is_told(tmp_path: Path) -> None:
    told = problem_of(story_card(HEADLINE), tmp_path / "gone.ttf")
    assert told.file == f"{FONTS}gone.ttf" and "cannot be read" in told.what and told.remedy


def test_a_text_without_a_font_of_its_own_has_the_first() -> None:
    for family in ("", 'font-family="Nobody"', 'font-family="serif"'):
        assert ink_of(svg_of(f'<text x="9" y="99" font-size="60" {family}>Wave</text>')) != (0, 0)


def test_the_same_drawing_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    svg = tmp_path / "card.svg"
    svg.write_text(story_card(HEADLINE), encoding="utf-8")
    fonts = tmp_path / ".fonts"
    fonts.mkdir()
    (fonts / "NotoSans-Bold.ttf").write_bytes(square_font("Palimentvos", "Noto Sans"))
    code = (
        "import sys; from pathlib import Path; from generator.pictures.cards import drawn_card;"
        "sys.stdout.buffer.write(drawn_card(Path(sys.argv[1]).read_text(encoding='utf-8')))"
    )
    homes = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(fonts), "LANG": "C", "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", code, svg], env=os.environ | homes, capture_output=True, check=True
    )
    assert done.stdout == card_of(svg.read_text(encoding="utf-8"))


def test_no_font_of_the_machine_is_used() -> None:
    svg = svg_of('<text x="80" y="200" font-size="60" font-family="DejaVu Sans">Wave</text>')
    own = svg_of('<text x="80" y="200" font-size="60" font-family="Noto Sans">Wave</text>')
    assert card_of(svg) == card_of(own)


@pytest.mark.parametrize(
    "address",
    [
        "/etc/passwd",
        "file:///etc/passwd",
        "http://localhost/x.png",
        "https://example.org/x.png",
        "//example.org/x.png",
        "x.svg",
        " data:image/png;base64,AAAA",
        "data:text/html;base64,AAAA",
        "data:image/svg+xml,&lt;svg/&gt;",
        "",
    ],
)
@pytest.mark.parametrize("name", ["href", "xlink:href"])
def test_what_is_elsewhere_is_refused(address: str, name: str) -> None:
    space = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
    told = problem_of(svg_of(f'<g {space}>\n<image width="9" height="9" {name}="{address}"/></g>'))
    assert (told.file, told.line) == (LAYOUT, 3)
    assert "nothing of elsewhere" in told.what and "data URI" in told.remedy


def test_a_file_of_the_machine_is_refused_whatever_asks_for_it(tmp_path: Path) -> None:
    picture = tmp_path / "black.svg"
    picture.write_bytes(BLACK)
    asked = [
        f'<filter id="f"><feImage href="{picture}"/></filter><rect filter="url(#f)"/>',
        f'<i:image xmlns:i="http://www.w3.org/2000/svg" href="{picture}"/>',
        f'<use href="{picture}#a"/>',
    ]
    assert all("nothing of elsewhere" in problem_of(svg_of(one)).what for one in asked)
    within = BLACK.replace(
        b"<rect", f'<image width="9" height="9" href="{picture}"/><rect'.encode()
    )
    assert "a drawing in it is at fault" in problem_of(image(uri(within))).what


def test_pictures_in_the_drawing_are_shown() -> None:
    dot = BytesIO()
    Image.new("RGB", (9, 9), "black").save(dot, "PNG")
    assert ink_of(image(uri(BLACK))) == ink_of(image(uri(dot.getvalue(), "png"))) == (0, 299)


@pytest.mark.parametrize(
    ("svg", "line", "what"),
    [
        (svg_of("<g>\n<rect>\n</g>"), 4, "broken: mismatched tag"),
        (svg_of("a & b"), 2, "broken"),
        ("", 1, "broken"),
        ("<html/>", 1, "no SVG"),
        ('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', 1, "1200 × 630"),
        (f'<!DOCTYPE svg [<!ENTITY a "b">]>{svg_of("&a;")}', 1, "DOCTYPE"),
        (svg_of("<g>" * 200 + "</g>" * 200), 2, "stand in one another"),
        (svg_of('<image href="data:image/svg+xml;base64,A"/>'), 2, "no base64"),
    ],
)
def test_a_broken_drawing_is_told_with_its_line(svg: str, line: int, what: str) -> None:
    told = problem_of(svg)
    assert told.line == line and what in told.what and told.remedy
    assert missing_glyphs(svg) is None
