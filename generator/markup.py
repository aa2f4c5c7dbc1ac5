"""The one writer of HTML: text, attributes and tags, in which nothing that is text comes alive.

All that Broadsheet itself writes into a page, but for layouts, which Jinja escapes, is written
here.
"""

import re
from collections.abc import Mapping
from html import escape

_NAME = re.compile(r"[^\s\"'<>/=\x00-\x20\x7f]+")


def text(plain: str) -> str:
    """Return a text as HTML, whether it is to stand between tags or in a quoted attribute."""
    return escape(plain)


def attribute(name: str, value: str | None = None) -> str:
    """Return an attribute with a space before it; without a value its name alone.

    ValueError for a name that would be more than one, or none.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of an attribute")
    return f" {name}" if value is None else f' {name}="{escape(value)}"'


def start_tag(name: str, attributes: Mapping[str, str | None]) -> str:
    """Return a start tag with these attributes, in their order."""
    return f"<{name}{''.join(attribute(key, value) for key, value in attributes.items())}>"


def json_in_script(data: bytes) -> str:
    """Return JSON as it may stand in a `<script>`: no tag or comment can begin or end in it."""
    for sign, code in _IN_SCRIPT.items():
        data = data.replace(sign, code)
    return data.decode()


_IN_SCRIPT = {sign.encode(): f"\\u{ord(sign):04x}".encode() for sign in "<>&"}
