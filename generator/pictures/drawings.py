"""Drawings (SVG): what in one could do harm, or tells others who looks at it.

In come the bytes of a file, out go sentences; it is not changed. A page that shows a drawing as a
picture runs nothing of it. Who opens its address does.
"""

import re
from collections.abc import Iterator
from xml.parsers import expat

from generator.errors import shortened


def svg_flaws(svg: bytes) -> list[str]:
    """Return why a drawing may not be published without a warning: each reason once, in order.

    It is looked at as browsers do, so one that is no XML up to its end has that as a flaw.
    """
    reader = _Drawing()
    reader.read(svg)
    return list(dict.fromkeys(reader.flaws))


class _Drawing:
    """What a drawing holds, element by element."""

    def __init__(self) -> None:
        self.flaws: list[str] = []
        self._root = ""
        self._style: str | None = None

    def read(self, svg: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.ProcessingInstructionHandler = self._instruction
        parser.EntityDeclHandler = self._entity
        try:
            parser.Parse(svg, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            self.flaws.append(f"it is no XML that can be read ({error})")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, element = name.rpartition(" ")
        if not self._root:
            self._root = element
            if element != "svg":
                self.flaws.append("it is no SVG")
        if element.lower() in _ACTIVE:
            self.flaws.append(f"it holds an element `{shortened(element)}`")
        elif space == _HTML:
            self.flaws.append("it holds HTML")
        if element.lower() == "style":
            self._style = ""
        for attribute, value in attributes.items():
            name = attribute.rpartition(" ")[2].lower()
            self.flaws += _of_attribute(name, value, is_link=element == "a")

    def _end(self, name: str) -> None:
        if name.rpartition(" ")[2].lower() == "style" and self._style is not None:
            self.flaws += _of_styles(self._style)
            self._style = None

    def _characters(self, text: str) -> None:
        if self._style is not None:
            self._style += text

    def _instruction(self, target: str, data: str) -> None:
        if target == "xml-stylesheet":
            self.flaws.append(f"it takes a style sheet from elsewhere ({shortened(data)})")

    def _entity(
        self,
        name: str,
        is_parameter: bool,
        value: str | None,
        base: str | None,
        system: str | None,
        public: str | None,
        notation: str | None,
    ) -> None:
        del is_parameter, base, public, notation
        if value is None:
            self.flaws.append(f"its entity `{shortened(name)}` is elsewhere ({system})")


def _of_attribute(name: str, value: str, is_link: bool) -> Iterator[str]:
    """Yield what is wrong with an attribute. Browsers drop spaces and controls in addresses.

    A link leads elsewhere only when somebody follows it.
    """
    bare = _UNSEEN.sub("", value).lower()
    if name.startswith("on"):
        yield f"it has an attribute `{shortened(name)}`, which runs a script"
    if _SCRIPT.search(bare):
        yield f"its `{shortened(name)}` runs a script"
    elif name in ("href", "src", "base") and not (_is_own(bare) or is_link):
        yield f"its `{name}` leads elsewhere ({shortened(value)})"
    if name == "attributename" and (bare.startswith("on") or bare.endswith("href")):
        yield f"it changes `{shortened(value)}` while it is shown"
    elif name != "href":
        yield from _of_styles(value)


def _of_styles(css: str) -> Iterator[str]:
    """Yield what styles take from elsewhere (CSS Syntax 3; CSS Values 4, 4.5)."""
    plain = _ESCAPE.sub(_unescaped, _COMMENT.sub("", css))
    if "@import" in plain.lower():
        yield "its styles import others"
    for found in _URL.finditer(plain):
        if not _is_own(_UNSEEN.sub("", found[1]).strip("'\"").lower()):
            yield f"its styles take something from elsewhere ({shortened(found[1].strip())})"
    if _IMAGE_SET.search(_URL.sub("", plain)):
        yield "its styles take a picture from elsewhere"


def _is_own(address: str) -> bool:
    """Return whether an address leads to a part of the drawing, or holds a picture of pixels."""
    return not address or address.startswith("#") or bool(_PIXELS.match(address))


def _unescaped(match: re.Match[str]) -> str:
    if not match[1]:
        return match[2]
    number = int(match[1], 16)
    return chr(number) if 0 < number < 0x110000 else "\ufffd"


_HTML = "http://www.w3.org/1999/xhtml"
_ACTIVE = {
    *("script", "foreignobject", "handler", "listener"),
    *("iframe", "object", "embed", "audio", "video"),
}
_UNSEEN = re.compile(r"[\x00-\x20]")
_SCRIPT = re.compile(r"(?:^|[;,])(?:javascript|vbscript):|^data:(?:text/|application/|image/svg)")
_PIXELS = re.compile(r"data:image/(?:png|jpe?g|gif|webp|avif)[;,]")
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_URL = re.compile(r"url\(\s*(\"[^\"]*\"|'[^']*'|[^)]*)", re.IGNORECASE)
_IMAGE_SET = re.compile(r"\b(?:image-set|image|src)\(\s*[\"']", re.IGNORECASE)
