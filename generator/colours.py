"""Colours: read as CSS writes them, compared, and made lighter or darker until they can be read.

Contrast is that of WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio. Lightness is changed
in OKLCH (Björn Ottosson, https://bottosson.github.io/posts/oklab/), where the hue stays what it is.
"""

import re
from collections.abc import Iterable
from math import cbrt
from typing import NamedTuple

AA = 4.5
"""The contrast that WCAG asks of letters, to level AA."""


class Colour(NamedTuple):
    """A colour of sRGB; each part from 0 to 255."""

    red: int
    green: int
    blue: int

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def luminance(self) -> float:
        """Return the relative luminance, from 0 for black to 1 for white."""
        red, green, blue = map(_linear, self)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def read_colour(written: str) -> Colour | None:
    """Return the colour that is written as `#9c1f1f`, `#fc0` or by its name in CSS; else None."""
    written = written.strip().lower()
    digits = _NAMES.get(written) or (written[1:] if _HEX.fullmatch(written) else "")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return Colour(*bytes.fromhex(digits)) if digits else None


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((one.luminance, other.luminance))
    return (lighter + 0.05) / (darker + 0.05)


def least_contrast(colour: Colour, grounds: Iterable[Colour]) -> float:
    """Return the contrast of a colour with that of the grounds which is nearest to it."""
    return min(contrast(colour, ground) for ground in grounds)


def legible(colour: Colour, grounds: tuple[Colour, ...]) -> Colour:
    """Return the colour itself if it can be read on all grounds, else the nearest that can.

    It is lighter on dark grounds, and darker on light ones; its hue stays. Between grounds that
    leave no room for any it is white or black.
    """
    lightness, a, b = _oklab(colour)
    is_dark = max(ground.luminance for ground in grounds) < _MIDDLE
    step, end = (_STEP, 1.0) if is_dark else (-_STEP, 0.0)
    while least_contrast(colour, grounds) < AA and lightness != end:
        lightness = min(max(lightness + step, 0.0), 1.0)
        colour = _within(lightness, a, b)
    return colour


# --------------------------------------------------------------------------- inside

_STEP = 0.002
"""Of lightness: less than an eye can see."""
_MIDDLE = 0.179
"""The luminance of which black and white are equally far."""
_HEX = re.compile("#(?:[0-9a-f]{3}|[0-9a-f]{6})")


def _linear(part: int) -> float:
    """Return a part of a colour as an amount of light, from 0 to 1."""
    value = part / 255
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _encoded(light: float) -> int:
    light = min(max(light, 0.0), 1.0)
    value = 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return round(255 * value)


def _oklab(colour: Colour) -> tuple[float, float, float]:
    """Return lightness, and how red or green, yellow or blue a colour is."""
    red, green, blue = map(_linear, colour)
    long = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _light(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    """Return the amounts of red, green and blue light of a colour; some may be out of reach."""
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _within(lightness: float, a: float, b: float) -> Colour:
    """Return the colour of a lightness and hue, as vivid as screens can show it."""
    most = 1.0
    least = 1.0 if _is_shown(_light(lightness, a, b)) else 0.0
    while most - least > _STEP:
        share = (least + most) / 2
        if _is_shown(_light(lightness, share * a, share * b)):
            least = share
        else:
            most = share
    red, green, blue = map(_encoded, _light(lightness, least * a, least * b))
    return Colour(red, green, blue)


def _is_shown(light: tuple[float, float, float]) -> bool:
    return all(-0.0001 <= part <= 1.0001 for part in light)


_LISTED = """
    aliceblue:f0f8ff antiquewhite:faebd7 aqua:00ffff aquamarine:7fffd4 azure:f0ffff beige:f5f5dc
    bisque:ffe4c4 black:000000 blanchedalmond:ffebcd blue:0000ff blueviolet:8a2be2 brown:a52a2a
    burlywood:deb887 cadetblue:5f9ea0 chartreuse:7fff00 chocolate:d2691e coral:ff7f50
    cornflowerblue:6495ed cornsilk:fff8dc crimson:dc143c cyan:00ffff darkblue:00008b darkcyan:008b8b
    darkgoldenrod:b8860b darkgray:a9a9a9 darkgreen:006400 darkgrey:a9a9a9 darkkhaki:bdb76b
    darkmagenta:8b008b darkolivegreen:556b2f darkorange:ff8c00 darkorchid:9932cc darkred:8b0000
    darksalmon:e9967a darkseagreen:8fbc8f darkslateblue:483d8b darkslategray:2f4f4f
    darkslategrey:2f4f4f darkturquoise:00ced1 darkviolet:9400d3 deeppink:ff1493 deepskyblue:00bfff
    dimgray:696969 dimgrey:696969 dodgerblue:1e90ff firebrick:b22222 floralwhite:fffaf0
    forestgreen:228b22 fuchsia:ff00ff gainsboro:dcdcdc ghostwhite:f8f8ff gold:ffd700
    goldenrod:daa520 gray:808080 green:008000 greenyellow:adff2f grey:808080 honeydew:f0fff0
    hotpink:ff69b4 indianred:cd5c5c indigo:4b0082 ivory:fffff0 khaki:f0e68c lavender:e6e6fa
    lavenderblush:fff0f5 lawngreen:7cfc00 lemonchiffon:fffacd lightblue:add8e6 lightcoral:f08080
    lightcyan:e0ffff lightgoldenrodyellow:fafad2 lightgray:d3d3d3 lightgreen:90ee90 lightgrey:d3d3d3
    lightpink:ffb6c1 lightsalmon:ffa07a lightseagreen:20b2aa lightskyblue:87cefa
    lightslategray:778899 lightslategrey:778899 lightsteelblue:b0c4de lightyellow:ffffe0 lime:00ff00
    limegreen:32cd32 linen:faf0e6 magenta:ff00ff maroon:800000 mediumaquamarine:66cdaa
    mediumblue:0000cd mediumorchid:ba55d3 mediumpurple:9370db mediumseagreen:3cb371
    mediumslateblue:7b68ee mediumspringgreen:00fa9a mediumturquoise:48d1cc mediumvioletred:c71585
    midnightblue:191970 mintcream:f5fffa mistyrose:ffe4e1 moccasin:ffe4b5 navajowhite:ffdead
    navy:000080 oldlace:fdf5e6 olive:808000 olivedrab:6b8e23 orange:ffa500 orangered:ff4500
    orchid:da70d6 palegoldenrod:eee8aa palegreen:98fb98 paleturquoise:afeeee palevioletred:db7093
    papayawhip:ffefd5 peachpuff:ffdab9 peru:cd853f pink:ffc0cb plum:dda0dd powderblue:b0e0e6
    purple:800080 rebeccapurple:663399 red:ff0000 rosybrown:bc8f8f royalblue:4169e1
    saddlebrown:8b4513 salmon:fa8072 sandybrown:f4a460 seagreen:2e8b57 seashell:fff5ee sienna:a0522d
    silver:c0c0c0 skyblue:87ceeb slateblue:6a5acd slategray:708090 slategrey:708090 snow:fffafa
    springgreen:00ff7f steelblue:4682b4 tan:d2b48c teal:008080 thistle:d8bfd8 tomato:ff6347
    turquoise:40e0d0 violet:ee82ee wheat:f5deb3 white:ffffff whitesmoke:f5f5f5 yellow:ffff00
    yellowgreen:9acd32
"""
"""The names of CSS Color Module Level 4, https://www.w3.org/TR/css-color-4/#named-colors."""
_NAMES = dict(pair.split(":") for pair in _LISTED.split())
