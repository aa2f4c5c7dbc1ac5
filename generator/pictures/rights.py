"""Who made a picture: read from its metadata, and written anew by itself.

In comes a picture of Pillow; out go creator, copyright and credit in plain words, and XMP that says
no more than these. Of the three places that may hold them XMP goes before IPTC, and that before
EXIF: the later one was invented, the more of a name it holds. GIF has none that is read.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

import msgspec
from PIL import ExifTags, ImageFile
from PIL.IptcImagePlugin import getiptcinfo


class Rights(msgspec.Struct, frozen=True):
    """Who made a picture, whose it is, and whom to name below it; "" for what is not known."""

    creator: str = ""
    copyright: str = ""
    credit: str = ""


def rights_of(image: ImageFile.ImageFile) -> Rights:
    """Return what a picture's metadata says, each in one line; what is broken there says nothing.

    Of a PNG that holds them behind its pixels, those are decoded.
    """
    found = [_quietly(read, image) for read in (_of_xmp, _of_iptc, _of_exif, _of_texts)]
    return Rights(*(_first_of(found, field) for field in Rights.__struct_fields__))


def xmp_of(rights: Rights) -> bytes:
    """Return XMP that says who made a picture, and nothing else; b"" if there is nothing to say.

    The format is ISO 16684-1; the properties are those of the IPTC Photo Metadata Standard.
    """
    parts = (
        _XMP_CREATOR.format(escape(rights.creator)) if rights.creator else "",
        _XMP_COPYRIGHT.format(escape(rights.copyright)) if rights.copyright else "",
        _XMP_CREDIT.format(escape(rights.credit)) if rights.credit else "",
    )
    return _XMP.format("".join(parts)).encode() if any(parts) else b""


_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/">{}</rdf:Description>'
    "</rdf:RDF></x:xmpmeta>"
)
_XMP_CREATOR = "<dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>"
_XMP_COPYRIGHT = (
    '<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:rights>'
)
_XMP_CREDIT = "<photoshop:Credit>{}</photoshop:Credit>"


def _quietly(read: Callable[[ImageFile.ImageFile], Rights], image: ImageFile.ImageFile) -> Rights:
    """Return what can be read: whatever is wrong with metadata is no flaw of the picture."""
    with suppress(Exception):
        return read(image)
    return Rights()


def _first_of(found: Iterable[Rights], field: str) -> str:
    return next(filter(None, (getattr(rights, field) for rights in found)), "")[:_LONGEST]


# -------------------------------------------------------------------------------------- XMP


def _of_xmp(image: ImageFile.ImageFile) -> Rights:
    xmp = image.info.get("xmp") or b""
    if len(xmp) > _MOST_XMP:
        return Rights()
    reader = _XmpReader()
    reader.read(xmp.encode() if isinstance(xmp, str) else xmp.strip(b"\0"))
    texts = {field: ", ".join(filter(None, map(_line, t))) for field, t in reader.found.items()}
    return Rights(**texts)


class _XmpReader:
    """Gather the three properties, whether they are elements, lists or attributes."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {field: [] for field in Rights.__struct_fields__}
        self._field = ""
        self._text = ""

    def read(self, xmp: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        with suppress(expat.ExpatError, ValueError):  # what came before it ends was well
            parser.Parse(xmp, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._field = self._field or _FIELDS.get(name, "")
        self._text = ""
        for attribute in attributes.keys() & _FIELDS.keys():
            self._add(_FIELDS[attribute], attributes[attribute])

    def _end(self, name: str) -> None:
        if self._field:
            self._add(self._field, self._text)
        self._text = ""
        if _FIELDS.get(name) == self._field:
            self._field = ""

    def _characters(self, text: str) -> None:
        self._text += text if self._field else ""

    def _add(self, field: str, text: str) -> None:
        """Keep one more text of a property; of a copyright the first language is enough."""
        if text.strip() and (field == "creator" or not self.found[field]):
            self.found[field].append(text)


_DC, _PHOTOSHOP = "http://purl.org/dc/elements/1.1/ ", "http://ns.adobe.com/photoshop/1.0/ "
_FIELDS = {
    f"{_DC}creator": "creator",
    f"{_DC}rights": "copyright",
    f"{_PHOTOSHOP}Credit": "credit",
}
_MOST_XMP = 16_000_000

# -------------------------------------------------------------------- IPTC, EXIF, PNG's own


def _of_iptc(image: ImageFile.ImageFile) -> Rights:
    """Return what IPTC says (IIM 4.2: 2:80, 2:116, 2:110)."""
    found = getiptcinfo(image) or {}
    return Rights(*(_listed(found.get((2, number))) for number in (80, 116, 110)))


def _of_exif(image: ImageFile.ImageFile) -> Rights:
    exif = image.getexif()
    tags = ExifTags.Base.Artist, ExifTags.Base.Copyright
    return Rights(*(_line(str(exif.get(tag) or "")) for tag in tags))


def _of_texts(image: ImageFile.ImageFile) -> Rights:
    """Return what a PNG says in texts of its own (PNG specification, 11.3.3.2)."""
    if image.format != "PNG":
        return Rights()
    return Rights(*(_line(str(image.info.get(key) or "")) for key in ("Author", "Copyright")))


def _listed(value: bytes | list[bytes] | None) -> str:
    values = value if isinstance(value, list) else [value or b""]
    return ", ".join(filter(None, (_line(one.decode("latin-1")) for one in values)))


def _line(text: Any) -> str:
    """Return a text in one line, without what cannot be seen; UTF-8 that was read as Latin-1
    is read as what it is.
    """
    with suppress(UnicodeError):
        text = text.encode("latin-1").decode()
    seen = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(seen.split())


_LONGEST = 300
"""Characters of a line: a segment of a JPEG has to hold them all."""
