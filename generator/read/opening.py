"""What the first bytes of a copied file tell: that it is a text with front matter, or a key."""

import json
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from generator.read.names import BARE_KEY, MATTER
from generator.urls import is_text

HEAD = 65_536
"""So many bytes are looked at: front matter is shorter."""

_FIELDS = (
    "aliases|authors?|categories|date|draft|expires|layout|permalink|published|slug|summary"
    "|tags|title"
)
"""Which, among all the fields that data may have, those of a story or a page are known by."""
_TELLING = re.compile(rf"""^["']?(?:{_FIELDS})["']?\s*[:=]""", re.IGNORECASE | re.MULTILINE)
_TELLING_JSON = re.compile(rf'"(?:{_FIELDS})"\s*:', re.IGNORECASE)
_BOUNDARIES = {"-": re.compile(r"^-{3,}\s*$", re.M), "+": re.compile(r"^\+{3,}\s*$", re.M)}
_FIELD = re.compile(r"""\s*(?:#.*\n\s*)*(?:\Z|["']?[\w-][\w .-]*["']?\s*[:=](?:\s|["'\[{]))""")
_WRITTEN = (".txt", ".text", ".htm", ".html", ".mdown", ".mkd")
_DATA = (".yml", ".yaml", ".toml")
_SECRET = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")
_OBJECT = re.compile(r'\{\s*["}]')
_GLIMPSE = 1024


def why_withheld(path: str, head: bytes) -> str:
    """Why a file that begins with these bytes is not published; "" if nothing is against it."""
    if not _text(head[:_GLIMPSE]).startswith(("---", "+++", "{")):
        return ""
    text = _text(head)
    if _SECRET.match(text):
        return BARE_KEY
    is_matter = _is_object(path, text) if text[0] == "{" else _is_block(path, text)
    return MATTER if is_matter else ""


def _is_block(path: str, text: str) -> bool:
    """Whether a text begins with fields between two lines of `---` or `+++`.

    Such a line begins YAML that is no front matter, too, and divides it into documents.
    """
    boundary = _BOUNDARIES[text[0]]
    if not boundary.match(text):
        return False
    _, fields, *rest = boundary.split(text, 2)
    if not _FIELD.match(fields):
        return False
    if _TELLING.search(fields):
        return bool(rest) or _is_written(path)
    is_data = path.lower().endswith(_DATA)
    return bool(rest) and not is_data and bool(_is_written(path) or rest[0].strip())


def _is_object(path: str, text: str) -> bool:
    """Whether a text begins with a JSON object of fields, and is not data as a whole."""
    if not _OBJECT.match(text):
        return False
    if _is_written(path) and _TELLING_JSON.search(text):
        return True
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return False
    behind = text[end:].lstrip()
    if not behind or behind.startswith(("{", "[", ",")):
        return is_text(path)
    return _is_written(path) or bool(_TELLING_JSON.search(text, 0, end))


def _is_written(path: str) -> bool:
    """Whether a file is, by its ending, for people to read."""
    return is_text(path) or path.lower().endswith(_WRITTEN)


def _text(head: bytes) -> str:
    """The beginning of a file as text, as far as it is one, with plain line ends."""
    wide = head.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    text = head.decode("utf-16" if wide else "utf-8-sig", errors="replace")
    return text.lstrip().replace("\r\n", "\n").replace("\r", "\n")
