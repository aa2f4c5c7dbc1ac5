"""Share cards: what comes in is an SVG and fonts, what goes out is a PNG of 1200 × 630 pixels.

Nothing else has a part in it: no font of the machine, no other file and no network. The same
drawing and fonts give the same bytes on every machine. So the file is the renderer's own: a palette
would take off two fifths of it, but with the compression of whatever library a machine has, and
would take a third longer.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from generator.errors import Problem
from generator.pictures.card_drawing import Lettered, looked_at
from generator.pictures.card_lettering import Lettering
from generator.pictures.glyphs import Face, Faces, NoGlyphsError

LAYOUT = "layouts/cards/story.svg"
"""The layout that problems are told of; whoever draws another one replaces it."""
OWN_FONT = Path(__file__).with_name("fonts") / "NotoSans-Bold.ttf"
"""The font that comes along: Noto Sans, under the SIL Open Font License."""
FONTS = "layouts/assets/fonts/"
"""Where a site puts fonts of its own."""


def drawn_card(svg: str, *fonts: Path | bytes) -> bytes | Problem:
    """Return a drawing as a PNG; or what is wrong with it, or with one of the fonts.

    `fonts` are files or what they hold: TrueType, OpenType or WOFF2; the first is that of texts
    that ask for none. Without any it is the one that comes along. Lines of a problem are those of
    the drawing. Characters that no font has are left out: `missing_glyphs` tells of them.
    """
    drawing, known = looked_at(svg), _known(fonts)
    if flaw := drawing.flaw:
        return Problem(LAYOUT, flaw.line, flaw.what, flaw.remedy)
    if isinstance(known, Problem):
        return known
    try:
        return _rendered(_without(svg, _missing(drawing.texts, known)), known)
    except ValueError as error:
        return Problem(LAYOUT, 0, f"this drawing is broken: {error}", "mend the layout")


def missing_glyphs(svg: str, *fonts: Path | bytes) -> Problem | None:
    """Return a warning of the characters in a drawing's texts that none of the fonts has.

    None if all are there, or if `drawn_card` has something worse to say.
    """
    drawing, known = looked_at(svg), _known(fonts)
    if drawing.flaw or isinstance(known, Problem):
        return None
    missing = _missing(drawing.texts, known)
    if not missing:
        return None
    line = next(text.line for text in drawing.texts if missing[0] in text.text)
    named = ", ".join(f'"{one}" (U+{ord(one):04X})' for one in missing[:_NAMED])
    more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
    what = f"no font of the card has {named}{more}: left out"
    remedy = f"put a font that has {'it' if len(missing) == 1 else 'them'} into {FONTS}"
    return Problem(LAYOUT, line, what, remedy, "warning")


def lettering(*fonts: Path) -> Lettering | Problem:
    """Return what the layouts of cards set texts with, by files of fonts; or what is wrong with one
    of those.
    """
    known = _known(fonts)
    return known if isinstance(known, Problem) else _lettering(tuple(one.face for one in known))


# --------------------------------------------------------------------------- inside

_FONTS = 32
"""Fonts that a process holds ready."""
_NAMED = 8
"""Characters that a warning names."""


class _Font(NamedTuple):
    """A font, and the file that the renderer reads it from; None if that must be made."""

    face: Face
    file: Path | None


@lru_cache(maxsize=4)
def _lettering(faces: tuple[Face, ...]) -> Lettering:
    return Lettering(Faces(faces))


def _known(fonts: Sequence[Path | bytes]) -> list[_Font] | Problem:
    """Return the fonts for a card; or what is wrong with one of them.

    A file of WOFF2 is there for pages: it is passed over if cards cannot be drawn with it.
    """
    found = list[_Font]()
    for font in fonts or (OWN_FONT,):
        name = "" if isinstance(font, bytes) else font.name
        try:
            found.append(_of_bytes(font) if isinstance(font, bytes) else _of_file(font))
        except NoGlyphsError as error:
            if name.lower().endswith(".woff2"):
                continue
            remedy = "get it anew, as WOFF2, TrueType or OpenType"
            return Problem(FONTS + name, 0, f"this is no font for cards: {error}", remedy)
        except OSError as error:
            remedy = "see that it is there, and may be read"
            return Problem(FONTS + name, 0, f"cannot be read: {error.strerror}", remedy)
    return found or [_of_file(OWN_FONT)]


def _of_file(path: Path) -> _Font:
    stat = path.stat()
    return _read(path, stat.st_mtime_ns, stat.st_size, stat.st_ino)


@lru_cache(maxsize=_FONTS)
def _read(path: Path, *_stamp: int) -> _Font:
    """Return the font of a file that looks like this from outside."""
    face = Face(data := path.read_bytes())
    return _Font(face, path if face.data == data else None)


@lru_cache(maxsize=_FONTS)
def _of_bytes(data: bytes) -> _Font:
    return _Font(Face(data), None)


def _missing(texts: Sequence[Lettered], fonts: Sequence[_Font]) -> list[str]:
    faces = Faces([font.face for font in fonts])
    return faces.missing("".join(text.text for text in texts))


def _without(svg: str, missing: Sequence[str]) -> str:
    """Return a drawing without characters, which else were drawn as boxes; markup has no such."""
    return svg.translate({ord(one): None for one in missing if not one.isascii()})


def _rendered(svg: str, fonts: Sequence[_Font]) -> bytes:
    """Return what the renderer makes of a drawing; ValueError if it cannot."""
    from resvg_py import svg_to_bytes

    family = fonts[0].face.family
    with _as_files(fonts) as paths:
        return svg_to_bytes(
            svg_string=svg,
            background="#fff",
            skip_system_fonts=True,
            font_files=paths,
            font_family=family,
            sans_serif_family=family,
            serif_family=family,
        )


@contextmanager
def _as_files(fonts: Sequence[_Font]) -> Iterator[list[str]]:
    """Give fonts to the renderer, which takes nothing but names of files."""
    with ExitStack() as stack:
        made = [font.face for font in fonts if not font.file]
        folder = stack.enter_context(TemporaryDirectory(prefix="broadsheet-")) if made else ""
        paths = list[str]()
        for number, font in enumerate(fonts):
            path = font.file or Path(folder, f"{number}.font")
            if not font.file:
                path.write_bytes(font.face.data)
            paths.append(str(path))
        yield paths
