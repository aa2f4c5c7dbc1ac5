"""The elements of HTML: which need an end, which close which, which hide what is in them."""

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


def named(names: str) -> frozenset[str]:
    """Return names that are parted by spaces."""
    return frozenset(names.split())


VOID = named(
    "area base br col embed hr img input link meta param source track wbr"
    " html head body frameset frame basefont bgsound keygen image"
)
"""Elements that have no end; and those whose tags mean nothing in the body of a page."""

OF_PAGE = frozenset(("html", "head", "body"))

RAW = named("script style textarea title xmp iframe noembed noframes plaintext")
"""In these no tag is one but their own end tag."""

MEDIA = named("audio canvas iframe object video")
"""Elements whose text is for browsers that cannot show them."""

UNSEEN = (MEDIA - {"object"}) | named("script style title template noscript noembed noframes rp")
"""Elements of which browsers show no text; of an `<object>` they do if it has no data."""

SWALLOWING = RAW | named("template noscript select svg math")
"""Elements that take in all that follows if they are never closed."""

OPTIONAL = named(
    "p li dt dd tr td th thead tbody tfoot caption colgroup option optgroup rt rp rtc rb"
)
"""Elements whose end tag may be left out."""

FORMATTING = named("a b big code em font i nobr s small strike strong tt u")
"""Elements that go on behind the end of their block, until their own end tag."""

P_CLOSERS = named(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre search section summary"
    " table ul"
)
"""Elements that close a paragraph."""

_CELLS = frozenset(("td", "th", "p"))
_ROWS = _CELLS | {"tr"}
_GROUPS = _ROWS | {"thead", "tbody", "tfoot", "caption", "colgroup"}
_LISTS = frozenset(("ul", "ol"))
_ITEMS, _TERMS = frozenset(("li", "p")), frozenset(("dt", "dd", "p"))
CLOSES: dict[str, frozenset[str]] = {
    **dict.fromkeys(HEADINGS, HEADINGS),
    **dict.fromkeys(("thead", "tbody", "tfoot"), _GROUPS),
    **dict.fromkeys(("td", "th"), _CELLS),
    **dict.fromkeys(("dt", "dd"), _TERMS),
    **dict.fromkeys(("rt", "rp"), frozenset(("rt", "rp"))),
    "tr": _ROWS | {"caption", "colgroup"},
    "li": _ITEMS,
    "option": frozenset(("option",)),
    "optgroup": frozenset(("option", "optgroup")),
}
"""The elements that a start tag closes if they are the innermost."""

ALONE = frozenset(("a", "nobr", "button", "table"))
"""Elements that close one of their own name that is open, as far as no other bounds it."""

CLOSERS = frozenset(CLOSES) | P_CLOSERS | ALONE
NOTHING: frozenset[str] = frozenset()

_TABLE_PARTS = named("table caption colgroup thead tbody tfoot tr td th")
_TABLE_BOUNDS = frozenset(("table", "template", "noscript"))
_BOUNDS = named("table caption td th template noscript select object marquee applet button")
"""Elements out of which no end tag of another reaches; of parts of a table, only some are."""

LOOSE_BOUNDS = named("select object marquee applet button")
"""Bounds that are part of a line: if one is left open in a block, the block's end tag ends both."""

SPECIAL = P_CLOSERS | _TABLE_PARTS | _BOUNDS | named("li dt dd")
"""Elements out of which no end tag reaches of those that are neither blocks nor letters."""

ITEM_NAMES = frozenset(("li", "dt", "dd"))
FOREIGN = frozenset(("svg", "math"))
HOME = frozenset(("foreignobject", "desc", "title", "annotation-xml"))
BREAKING = named(
    "b big blockquote br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 hr i img li menu nobr"
    " ol p pre ruby s small span strong strike sub sup table tt u ul var"
)
"""Start tags that close pictures and formulas: elements of those are meant to be all in them."""

PARTING = (
    P_CLOSERS
    | _TABLE_PARTS
    | UNSEEN
    | named(
        "body br dd dt head html img legend li listing marquee optgroup option plaintext rt xmp"
    )
)
"""Elements whose tags part words. All others, known or not, are part of a line."""

INSIDE_LINES = FORMATTING | named(
    "abbr bdi bdo br button cite data del dfn img input ins kbd label mark output q samp select"
    " span sub sup textarea time var wbr"
)
"""Elements that are part of a line, and begin no block."""


_OTHERS = named(
    "abbr audio bdi bdo button canvas cite data datalist del dfn ins kbd label legend map mark"
    " meter object output picture progress q ruby samp slot span sub sup time var video"
)
KNOWN = CLOSERS | HEADINGS | VOID | SWALLOWING | OPTIONAL | FORMATTING | _OTHERS
"""The names of the elements of HTML."""


def partners(name: str) -> frozenset[str]:
    """Return the names of end tags that end an element: any heading's ends any heading."""
    return HEADINGS if name in HEADINGS else frozenset((name,))


def is_to_be_closed(name: str) -> bool:
    """Return whether an element that stands in a line needs an end tag in its block."""
    is_known = name in KNOWN or "-" in name
    return is_known and name not in OPTIONAL and (name not in SPECIAL or name in LOOSE_BOUNDS)


def bounds_of(name: str) -> frozenset[str]:
    """Return the elements out of which an end tag of this name does not reach."""
    if name in _TABLE_PARTS:
        return _TABLE_BOUNDS
    if name == "li":
        return _BOUNDS | _LISTS
    is_ordinary = name not in SPECIAL and name not in FORMATTING
    return SPECIAL if is_ordinary and name not in FOREIGN else _BOUNDS
