"""A drawing looked at before it is rendered: what comes in is SVG, what goes out is what is wrong.

Parsed by expat, as strictly as the renderer does; nothing it names is opened.
"""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from typing import NamedTuple
from xml.parsers.expat import ExpatError, ParserCreate

from generator.errors import InternalError

WIDTH, HEIGHT = 1200, 630
"""Pixels of a card, as the networks that show it crop least of it."""


class Flaw(NamedTuple):
    """What is wrong with a drawing: in which line of it, what, and what to do."""

    line: int
    what: str
    remedy: str


class Lettered(NamedTuple):
    """A piece of text that a drawing shows, and the line of it."""

    line: int
    text: str


class Drawing(NamedTuple):
    """A drawing as it was looked at: the first flaw for which it is not rendered, and its texts."""

    flaw: Flaw | None
    texts: tuple[Lettered, ...]


class FlawedDrawingError(InternalError):
    """A drawing may not be rendered as a card: its `flaw`."""

    def __init__(self, flaw: Flaw) -> None:
        self.flaw = flaw
        super().__init__(flaw.what)


def looked_at(svg: str) -> Drawing:
    """Return what is to be known of the drawing of a card before it is rendered."""
    try:
        return Drawing(None, _Look(svg.encode(errors="replace"), is_card=True).texts())
    except FlawedDrawingError as error:
        return Drawing(error.flaw, ())


class _Look:
    """One pass over a drawing; what stands in its data URIs is looked at alike."""

    def __init__(self, svg: bytes, is_card: bool) -> None:
        self._svg, self._is_card = svg, is_card
        self._open, self._texts = list[str](), list[Lettered]()
        self._parser = ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype

    def texts(self) -> tuple[Lettered, ...]:
        """Return the texts that are shown; raises `FlawedDrawingError`."""
        try:
            self._parser.Parse(self._svg, True)
        except ExpatError as error:
            what = str(error).partition(":")[0]
            flaw = Flaw(error.lineno, f"this drawing is broken: {what}", _MEND)
            raise FlawedDrawingError(flaw) from error
        return tuple(self._texts)

    def _begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if not self._open and self._is_card:
            self._measure(name, attributes)
        self._open.append(name)
        if len(self._open) > _DEEPEST:
            self._fail(f"more than {_DEEPEST} elements stand in one another", _MEND)
        for key, value in attributes.items():
            if key.rpartition(" ")[2] == "href" and not value.startswith("#"):
                self._follow(name.rpartition(" ")[2], value)

    def _end(self, _: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        if any(name.rpartition(" ")[2] == "text" for name in self._open):
            self._texts.append(Lettered(self._parser.CurrentLineNumber, text))

    def _doctype(self, *_: object) -> None:
        self._fail("a drawing of a card needs no <!DOCTYPE>", "take it out")

    def _measure(self, name: str, attributes: Mapping[str, str]) -> None:
        size = tuple(attributes.get(key, "").removesuffix("px") for key in ("width", "height"))
        if name != f"{_SVG} svg":
            self._fail("this is no SVG", f'let it begin with <svg xmlns="{_SVG}">')
        if size != (str(WIDTH), str(HEIGHT)):
            what = f"a card is {WIDTH} × {HEIGHT} pixels"
            self._fail(what, f'write <svg width="{WIDTH}" height="{HEIGHT}">')

    def _follow(self, element: str, address: str) -> None:
        """Look into an address: none leads out of the drawing."""
        if element == "a":
            return
        found = _DATA.fullmatch(address)
        if not found:
            self._fail(f'a card shows nothing of elsewhere, such as "{address[:80]}"', _EMBED)
        elif found["kind"] == "svg+xml":
            self._look_within(found["data"])

    def _look_within(self, data: str) -> None:
        try:
            _Look(b64decode(data), is_card=False).texts()
        except Error:
            self._fail("a drawing in it is no base64", _MEND)
        except FlawedDrawingError as error:
            self._fail(f"a drawing in it is at fault: {error.flaw.what}", error.flaw.remedy)

    def _fail(self, what: str, remedy: str) -> None:
        raise FlawedDrawingError(Flaw(self._parser.CurrentLineNumber, what, remedy))


_SVG = "http://www.w3.org/2000/svg"
_DEEPEST = 100
"""Elements in one another: with many thousands the renderer would end the whole process."""
_DATA = re.compile(
    r"data:image/(?P<kind>png|jpeg|gif|webp|svg\+xml);base64,(?P<data>[\sA-Za-z0-9+/=]+)"
)
_MEND = "mend the layout"
_EMBED = "embed it as a data URI: data:image/png;base64,…"
