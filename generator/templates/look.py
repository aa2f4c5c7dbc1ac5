"""The look of a site: what its settings say of colours, fonts and sizes, as a stylesheet.

What comes in are the settings and the assets of the layouts; what goes out is one more asset, to be
linked after `site.css`, and what is wrong with colours and fonts.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from generator.codes import Code
from generator.colours import AA, Colour, least_contrast, legible, read_colour
from generator.config import LAYOUTS, SITE_TOML, Look, Settings, families
from generator.content.html import named
from generator.errors import Problem
from generator.mismatch import near
from generator.templates.assets import FOLDER, Asset, made_asset
from generator.templates.fonts import Font, NoFontError, for_first_screen, is_named, read_font
from generator.templates.views import Styles
from generator.urls import file_path

SHEET, OWN_SHEET = "look.css", "own.css"
"""The assets that are linked after `site.css`: what the settings make, and the site's own."""


def with_look(
    assets: Mapping[str, Asset], settings: Settings
) -> tuple[dict[str, Asset], Styles, list[Problem]]:
    """Return the assets with the look's stylesheet, what pages link of them, and what is wrong.

    Those that are parts of such a stylesheet stand in it if the settings ask for them, and are
    nothing by themselves. Paths are those of outputs.
    """
    known = {name: asset for name, asset in assets.items() if name not in _PARTS.values()}
    fonts, broken = _fonts(known) if settings.look.serif or settings.look.sans else ([], [])
    stacks = [s for field in _GENERIC if (s := _stack(field, settings.look, fonts, known))]
    schemes = _schemes(known)
    rules = [*_rules(settings, stacks, schemes), *_parts(settings, assets)]
    if rules:
        known = {SHEET: made_asset(SHEET, "\n".join(rules))} | known
    sheets = [*([SHEET] if rules else []), *([OWN_SHEET] if OWN_SHEET in known else [])]
    first = [font.name for stack in stacks for font in stack.first]
    styles = Styles(
        sheets=tuple(known[name].path for name in sheets),
        fonts=tuple(known[name].path for name in dict.fromkeys(first)),
        ground="" if settings.look.theme == "auto" else str(schemes[settings.look.theme][0]),
    )
    unknown = [stack.problem for stack in stacks if stack.problem]
    return known, styles, [*broken, *unknown, *_faint(settings.look, schemes)]


def _rules(settings: Settings, stacks: Sequence["_Stack"], schemes: "_Schemes") -> Iterator[str]:
    """Yield what the settings make rules of; words in other languages keep their fonts."""
    yield from dict.fromkeys(rule for stack in stacks for rule in stack.faces)
    if stacks:
        chosen = " ".join(f"--{stack.field}: {stack.value};" for stack in stacks)
        yield f":lang({settings.language.split('-')[0]}) {{ {chosen} }}"
    if screen := [*_rules_of_screen(settings.look, schemes)]:
        yield "\n".join(["@media screen {", *(f"  {rule}" for rule in screen), "}"])


def _rules_of_screen(look: Look, schemes: "_Schemes") -> Iterator[str]:
    if accent := read_colour(look.accent):
        in_dark = read_colour(look.accent_dark) or legible(accent, schemes["dark"])
        yield f":root {{ --accent: light-dark({accent}, {in_dark}); }}"
    if look.theme != "auto":
        yield f":root {{ color-scheme: only {look.theme}; }}"
    if look.size != _USUAL.size:
        yield f"html {{ font-size: {100 * look.size / _USUAL.size:g}%; }}"
    if (look.size, look.width) != (_USUAL.size, _USUAL.width):
        width = look.width / _REM * _USUAL.size / look.size
        yield f".page {{ max-inline-size: {width:.5g}rem; }}"


def _parts(settings: Settings, assets: Mapping[str, Asset]) -> Iterator[str]:
    """Yield the stylesheets of what the settings ask for."""
    asked = ["logo"] if settings.look.logo else []
    for name in [*asked, settings.front.style]:
        if name in _PARTS:
            yield assets[_PARTS[name]].data.decode().rstrip("\n")


_PARTS = {name: f"look/{name}.css" for name in ("logo", "river", "links")}
_USUAL = Look()
_REM = 16
"""Pixels of a rem, where readers have not chosen another size of letters."""


# ------------------------------------------------------------------------------ colours

_Schemes = Mapping[str, tuple[Colour, ...]]
"""The grounds of the light and of the dark page: its own, and that of its tinted parts."""


def _schemes(assets: Mapping[str, Asset]) -> _Schemes:
    """Return the grounds, as the site's stylesheets have them."""
    sheets = (assets[name].data for name in ("site.css", OWN_SHEET) if name in assets)
    written = b"".join(sheets).decode(errors="replace")
    light, dark = zip(*(_ground(written, name) for name in ("paper", "wash")), strict=True)
    return {"light": light, "dark": dark}


def _ground(written: str, name: str) -> tuple[Colour, Colour]:
    """Return the last two colours that stylesheets give a ground, for the light and the dark.

    White and black, if there are none that can be read.
    """
    found = re.findall(rf"--{name}\s*:\s*light-dark\(([^,()]+),([^,()]+)\)", written)
    pairs = ((read_colour(light), read_colour(dark)) for light, dark in reversed(found))
    known = ((light, dark) for light, dark in pairs if light and dark)
    return next(known, (Colour(255, 255, 255), Colour(0, 0, 0)))


def _faint(look: Look, schemes: _Schemes) -> Iterator[Problem]:
    """Yield a warning of each colour that many cannot read on the grounds of its scheme."""
    seen = (("accent", look.accent, "light"), ("accent_dark", look.accent_dark, "dark"))
    for field, written, scheme in seen:
        colour, grounds = read_colour(written), schemes[scheme]
        is_seen = look.theme in ("auto", scheme)
        if colour and is_seen and (found := least_contrast(colour, grounds)) < AA:
            what = f"look.{field}: on the {scheme} page {written} has a contrast of {found:.1f}"
            what += f" to 1, too little for many readers: letters need {AA}"
            remedy, place = f'write "{legible(colour, grounds)}"', ("look", field)
            yield Problem(SITE_TOML, 0, what, remedy, "warning", place, code=Code.WRONG_VALUE)


# -------------------------------------------------------------------------------- fonts


class _Stack(NamedTuple):
    """The fonts of a setting: the value of the stylesheet, and what files of fonts it needs.

    The `first` are those that pages need at once. The `problem` is a font that there is none of.
    """

    field: str
    value: str
    faces: list[str]
    first: list[Font]
    problem: Problem | None


def _stack(
    field: str, look: Look, fonts: Sequence[Font], assets: Mapping[str, Asset]
) -> _Stack | None:
    """Return the fonts of a setting, those of the assets among them; None if it names none."""
    names = families(getattr(look, field))
    if not names:
        return None
    own = {name: [font for font in fonts if is_named(font, name)] for name in names}
    generic = [] if names[-1] in _KEYWORDS else [_GENERIC[field]]
    is_there = len(names) > 1 or names[0] in _KEYWORDS or own[names[0]]
    return _Stack(
        field,
        ", ".join(name if name in _KEYWORDS else f'"{name}"' for name in [*names, *generic]),
        [
            font.rule(name, file_path(assets[font.name].path.removeprefix(f"{FOLDER}/")))
            for name, some in own.items()
            for font in some
        ],
        [font for some in own.values() for font in for_first_screen(some)],
        None if is_there else _no_font(field, names[0], fonts),
    )


def _no_font(field: str, name: str, fonts: Sequence[Font]) -> Problem:
    close = near(name, {font.family.casefold(): font.family for font in fonts}.values())
    place = f"{LAYOUTS}/{FOLDER}/{_FONTS}"
    what = f'look.{field}: there is no font "{name}" in {place}'
    stack = f'or write what readers may have: "{name}, {_GENERIC[field]}"'
    remedy = f'did you mean "{close}"?' if close else f"put its .woff2 files there, {stack}"
    return Problem(SITE_TOML, 0, what, remedy, field=("look", field), code=Code.UNKNOWN_NAME)


def _fonts(assets: Mapping[str, Asset]) -> tuple[list[Font], list[Problem]]:
    """Return the fonts among the assets, and what is wrong with files that should be some."""
    fonts, problems = list[Font](), list[Problem]()
    for name, asset in assets.items():
        if name.startswith(_FONTS) and name.lower().endswith(".woff2"):
            try:
                fonts.append(read_font(name, asset.data))
            except NoFontError:
                what, remedy = "this is no WOFF2 font, or a broken one", "get it anew, as WOFF2"
                problems.append(Problem(asset.file, 0, what, remedy, code=Code.BROKEN_SYNTAX))
    return fonts, problems


_FONTS = "fonts/"
_GENERIC = {"serif": "serif", "sans": "sans-serif"}
"""The settings of fonts, each with the kind that browsers fall back on."""
_KEYWORDS = named(
    "serif sans-serif monospace cursive fantasy system-ui ui-serif ui-sans-serif ui-monospace"
    " ui-rounded math"
)
"""What stylesheets call kinds of fonts, and no font is called."""
