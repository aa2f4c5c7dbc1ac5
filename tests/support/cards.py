"""Share cards as tests draw them: by the default layout, with fonts of Debian's fonts-noto-core."""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables.TupleVariation import TupleVariation
from jinja2 import Environment, StrictUndefined, Template
from PIL import Image

from generator.pictures.card_lettering import Lettering
from generator.pictures.cards import LAYOUT, OWN_FONT, drawn_card
from generator.pictures.glyphs import Face, Faces

NOTO = Path("/usr/share/fonts/truetype/noto")
ARABIC, HEBREW, THAI = (
    NOTO / f"NotoSans{script}-Bold.ttf" for script in ("Arabic", "Hebrew", "Thai")
)
STORY = Path(__file__).parents[2] / LAYOUT


def faces_of(*fonts: Path) -> Faces:
    """The font that comes along, and others after it."""
    return Faces([Face(font.read_bytes()) for font in (OWN_FONT, *fonts)])


def render_card(layout: str, faces: Faces, headline: str, **values: str) -> str:
    """The SVG of a card as a layout makes it, escaped as those of a site are."""
    known = {"kicker": "Politics", "section": "", "fine": "1 May 2026", "accent": "#9c1f1f"}
    given: dict[str, Any] = known | {"headline": headline} | values
    site, date = SimpleNamespace(title=given.pop("site", "The Sheet")), given.pop("fine")
    return _template(layout).render(
        card=Lettering(faces), site=site, date=date, authors=(), **given
    )


@cache
def _template(layout: str) -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.filters["date"] = str  # as it is to be read
    return environment.from_string(layout)


def story_card(headline: str, *fonts: Path, **values: str) -> str:
    """The SVG of the default card of a story."""
    layout = STORY.read_text(encoding="utf-8")
    return render_card(layout, faces_of(*fonts), headline, **values)


def square_font(characters: str, family: str = "Square", *, varies: bool = False) -> bytes:
    """A font of black squares, each as wide as its size.

    One whose weight `varies` has squares a quarter wider where it is bold, and more room for them.
    """
    names = [".notdef", *(f"u{ord(one):04x}" for one in characters)]
    pen = TTGlyphPen(None)
    for move, point in zip("MLLL", ((100, 0), (100, 800), (900, 800), (900, 0)), strict=True):
        (pen.moveTo if move == "M" else pen.lineTo)(point)
    pen.closePath()
    builder = FontBuilder(1000)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(dict(zip(map(ord, characters), names[1:], strict=True)))
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 100)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "psName": "Square-Bold"} if family else {})
    builder.setupOS2(usWeightClass=700)
    builder.setupPost()
    if varies:
        wider = [(0, 0), (0, 0), (200, 0), (200, 0), (0, 0), (200, 0), (0, 0), (0, 0)]
        bold = TupleVariation({"wght": (0, 1, 1)}, wider)
        builder.setupFvar([("wght", 100, 400, 700, "Weight")], [])
        builder.setupGvar({name: [bold] for name in names})
    made = BytesIO()
    builder.save(made)
    return made.getvalue()


def squares(text: str) -> Faces:
    """Fonts in which each character of a text, and what lines end with, is as wide as its size."""
    characters = "".join(sorted({*text, *" -…"}))
    return Faces([Face(square_font(characters))])


def svg_of(inside: str) -> str:
    """A drawing of the size of a card."""
    size = 'width="1200" height="630"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n{inside}\n</svg>'


def pixels_of(svg: str, fonts: Sequence[Path | bytes] = (OWN_FONT,)) -> np.ndarray:
    """The pixels of a drawing, from 0 for black to 255 for white: rows of columns."""
    made = drawn_card(svg, *fonts)
    assert isinstance(made, bytes), made
    return np.asarray(Image.open(BytesIO(made)).convert("L"))


def ink_of(svg: str, fonts: Sequence[Path | bytes] = (OWN_FONT,)) -> tuple[int, int]:
    """The first and the last column of a drawing that are not white; (0, 0) if all are."""
    columns = np.flatnonzero((pixels_of(svg, fonts) < 250).any(axis=0))
    return (int(columns[0]), int(columns[-1])) if len(columns) else (0, 0)
