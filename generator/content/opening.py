"""A copied file by its first bytes: whether it is a text with front matter, or a key."""

import json
import re
from collections.abc import Iterator

from generator.content.names import BARE_KEY, MATTER
from generator.urls import is_text

HEAD = 65_536
"""So many bytes are looked at: front matter is shorter."""

_FIELDS = (
    "aliases|authors?|categories|date|draft|expires|layout|permalink|published|slug|summary"
    "|tags|title"
)
"""Which, among all the fields that data may have, those of a story or a page are known by."""
_TELLING = re.compile(rf"""^["']?(?:{_FIELDS})["']?\s*[:=]""", re.IGNORECASE | re.MULTILINE)
_TELLING_INDENTED = re.compile(
    rf"""^[ \t]*["']?(?:{_FIELDS}|status)["']?\s*[:=]""", re.IGNORECASE | re.MULTILINE
)
_TELLING_JSON = re.compile(rf'"(?:{_FIELDS})"\s*:', re.IGNORECASE)
_TELLING_OBJECT = re.compile(rf"""[{{,\s]["']?(?:{_FIELDS}|status)["']?\s*[:=]""", re.IGNORECASE)
_HIDING = re.compile(
    r"""^\W*(?:draft|hidden|published|status)["']?\s*[:=]""", re.IGNORECASE | re.MULTILINE
)
"""Of a text that may be one with front matter, this tells that it may be none for readers."""
_FIRST_LINES = 20
_FENCE = re.compile(r"(-{3,}|\+{3,}|;{3,})[ \t]*([A-Za-z][\w+-]*)?[ \t]*$", re.MULTILINE)
"""The line before front matter, and the language that Eleventy may have behind it."""
_ENDS = {
    "-": re.compile(r"^[ \t]*(?:-{3,}|\.\.\.)[ \t]*$", re.MULTILINE),
    "+": re.compile(r"^[ \t]*\+{3,}[ \t]*$", re.MULTILINE),
    ";": re.compile(r"^[ \t]*;{3,}[ \t]*$", re.MULTILINE),
}
_END_OF_DATA = re.compile(r"^-{3,}\s*$", re.MULTILINE)
_FIELD = re.compile(r"""\s*(?:#.*\n\s*)*(?:\Z|["']?[\w-][\w .-]*["']?\s*[:=](?:\s|["'\[{]))""")
_ROW = re.compile(
    r"""(?::|\.\.[ \t]+|\#\+)?["']?([A-Za-z][\w-]*(?:[ ][\w-]+){0,2})["']?[ \t]*:(?!:)[ \t]*(.*)"""
)
"""A row of a header: plain, or as reStructuredText, Nikola and Org have it."""
_TELLING_ROWS = {
    *("author", "authors", "category", "date", "draft", "hidden", "published", "slug", "status"),
    *("summary", "tags", "title"),
}
_HIDDEN_ROW = re.compile(
    r"(?:draft|hidden)\W+(?:true|yes|on|1)\b|published\W+(?:false|no|off|0)\b"
    r"|status\W+(?:draft|hidden|pending|private|unpublished)\b",
    re.IGNORECASE,
)
_OF_MAIL = {"from", "message-id", "mime-version", "received", "return-path", "subject", "to"}
_TITLE = re.compile(
    r"(?:([^\w\s])\1{2,}\n)?.*\S.*\n([^\w\s])\2{2,}[ \t]*\n\s*(?=:)|=[ ].*\n\s*(?=:)"
)
"""A title before a header, as reStructuredText and AsciiDoc have it."""
_BLANK = re.compile("[\\s\ufeff\u00ad\u200b-\u200f\u2060]+")
"""Before anything else; some of it nobody can see."""
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_WRITTEN = (
    *(".adoc", ".asciidoc", ".htm", ".html", ".mdown", ".mdx", ".mkd", ".org", ".rst"),
    *(".text", ".textile", ".txt"),
)
_DATA = (".yml", ".yaml", ".toml", ".cff")
_ROWS_OF_DATA = (*_DATA, ".csv", ".eml", ".ini", ".json", ".mbox", ".properties", ".tsv")
_SECRET = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")
_OBJECT = re.compile(r'\{\s*["}]')
_GLIMPSE = 8192


def why_withheld(path: str, head: bytes) -> str:
    """Return why a file that begins with these bytes is not published.

    "" if nothing is against it.
    """
    glimpse = _text(head[:_GLIMPSE])
    if _begins_as_fields(glimpse):
        if _SECRET.match(glimpse):
            return BARE_KEY
        if _is_matter(path, _text(head)):
            return MATTER
    if path.lower().endswith(_ROWS_OF_DATA):
        return ""
    return MATTER if any(map(_is_header, _headers(glimpse))) else ""


def is_no_secret(head: bytes) -> bool:
    """Return whether a file that is a key by its name begins as something else.

    That is an archive, as Keynote's files are, or certificates and public keys alone.
    """
    if head.startswith(b"PK\x03\x04"):
        return True
    is_whole = len(head) < HEAD
    return is_whole and b"-----BEGIN " in head and b"PRIVATE" not in head.upper()


def _begins_as_fields(text: str) -> bool:
    return text.startswith(("---", "+++", ";;;", "{"))


def _is_matter(path: str, text: str) -> bool:
    return _is_object(path, text) if text[0] == "{" else _is_block(path, text)


def _is_block(path: str, text: str) -> bool:
    """Return whether a text begins with fields between two lines of `---`, `+++` or `;;;`.

    Such a line begins YAML that is no front matter, too, and divides it into documents.
    """
    fence = _FENCE.match(text)
    if not fence:
        return False
    is_data = path.lower().endswith(_DATA)
    end = _END_OF_DATA if is_data and text[0] == "-" else _ENDS[text[0]]
    fields, *rest = end.split(text[fence.end() :], 1)
    if is_data:
        return bool(rest and _FIELD.match(fields) and _TELLING.search(fields))
    if _HIDING.search("\n".join(fields.splitlines()[:_FIRST_LINES])):
        return True
    is_object = bool(fence[2]) or fields.lstrip().startswith("{")
    if is_object and _TELLING_OBJECT.search(fields):
        return bool(rest) or _is_written(path)
    if _begins_with_field(fields) and _TELLING_INDENTED.search(fields):
        return True
    return bool(rest and _FIELD.match(fields) and (_is_written(path) or rest[0].strip()))


def _begins_with_field(fields: str) -> bool:
    return bool(_FIELD.match(fields) or _TELLING_INDENTED.match(fields.lstrip()))


def _is_object(path: str, text: str) -> bool:
    """Return whether a text begins with a JSON object of fields, and is not data as a whole."""
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


def _headers(text: str) -> Iterator[str]:
    """Yield the header of rows that a text may begin with; a title above is a row of it."""
    yield text
    if title := _TITLE.match(text):
        yield f":title: it stands above\n{text[title.end() :]}"


def _is_header(text: str) -> bool:
    """Return whether a text begins with rows of fields, closed by an empty line,
    that tell of a story.
    """
    names, is_hidden = [], False
    for line in text.split("\n")[:-1]:
        if not line.strip() or _FENCE.match(line):
            break
        if row := _ROW.match(line):
            names.append(row[1].lower())
            is_hidden = is_hidden or bool(_HIDDEN_ROW.match(f"{row[1]}: {row[2]}"))
        elif not names or line[0] not in " \t":
            return False
    else:
        return False
    if not names or not _OF_MAIL.isdisjoint(names):
        return False
    telling = [name for name in names if name in _TELLING_ROWS]
    return is_hidden or (names[0] in _TELLING_ROWS and len(telling) > 1)


def _is_written(path: str) -> bool:
    """Return whether a file is, by its ending, for people to read."""
    return is_text(path) or path.lower().endswith(_WRITTEN)


def _text(head: bytes) -> str:
    """Return the beginning of a file as text, as far as it is one, with plain line ends.

    What stands before it and is not shown is left out, but for a comment that holds fields.
    """
    coding = json.detect_encoding(head)
    text = head.decode(coding, errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    start = 0
    while found := _BLANK.match(text, start) or _COMMENT.match(text, start):
        within = found[1].strip() if found.re is _COMMENT else ""
        if _begins_as_fields(within) or within.startswith(".. ") or _HIDDEN_ROW.search(within):
            return f"{within}\n\n{text[found.end() :]}"
        start = found.end()
    return text[start:]
