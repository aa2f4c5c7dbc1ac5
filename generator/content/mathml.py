"""MathML as it may stand in any page: without styles of its own, which strict policies forbid.

What comes in is what the library makes of a formula; what goes out has classes of `math.css` in
their place, or attributes of MathML Core (https://www.w3.org/TR/mathml-core/).
"""

import re

_CLASSES = {
    "text-align: left": "tex-left",
    "text-align: right": "tex-right",
    "padding-left: 0": "tex-near",
    "padding-left:1em": "tex-apart",
    "padding-right: 0": "tex-tight",
    "border-left: 0.05em solid currentcolor": "tex-line-left",
    "border-right: 0.05em solid currentcolor": "tex-line-right",
    "border-top: 0.05em solid currentcolor": "tex-line-top",
    "border-left: 0.05em dashed currentcolor": "tex-line-left",
    "border-right: 0.05em dashed currentcolor": "tex-line-right",
    "border-top: 0.05em dashed currentcolor": "tex-line-top",
    "margin-left:-0.16666667em": "tex-closer",
    "font-variant-caps: small-caps": "tex-small-caps",
    "width: 100%": "tex-wide",
    "width: 50%": "tex-half",
}
"""What stylesheets say of columns, by what the library writes into the cells."""
_ATTRIBUTES = {"color": "mathcolor", "font-size": "mathsize"}

_STYLE = re.compile(r' style="([^"]*)"')
_EMPTY = re.compile(r"<(mspace|mprescripts)([^<>]*)/>")


def settled(mathml: str) -> str:
    """Return the MathML without styles, elements all with an end, characters as themselves.

    Raises `ValueError` for what leads to other places of a page, or is one.
    """
    if ' id="' in mathml or " href=" in mathml:
        raise ValueError("a formula has no labels, and refers to none")
    mathml = _EMPTY.sub(r"<\1\2></\1>", mathml)
    mathml = mathml.replace("&ApplyFunction;", "\u2061").replace("&InvisibleTimes;", "\u2062")
    return _STYLE.sub(_in_attributes, mathml)


def _in_attributes(style: re.Match[str]) -> str:
    """Return attributes that say what a style does; what none can say is left out."""
    rules = [rule.strip() for rule in style[1].split(";")]
    names = dict.fromkeys(_CLASSES[rule] for rule in rules if rule in _CLASSES)
    pairs = (rule.partition(":")[::2] for rule in rules)
    said = [f' {_ATTRIBUTES[n]}="{value.strip()}"' for n, value in pairs if n in _ATTRIBUTES]
    classes = f' class="{" ".join(names)}"' if names else ""
    return classes + "".join(said)
