"""Addresses that stand in a text without any brackets: `https://…`, `www.…`, and of mail.

They are found as GitHub finds them: what only follows an address, such as a full stop or a bracket
that none in it opened, is no part of it.
"""

import re
from html import unescape

from generator.markup import attribute

_STOPS = r"""\s<>"“”„«»‹›「」『』（）《》。，、；：！？…—\x00-\x03\x0b-\x0d\x13-\x17\x1a-\x1f\x7f"""
"""What is no part of any address. What stands for an escaped mark may be."""

_LABEL = r"[A-Za-z0-9_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u1fff-]++"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*+"
_USER = r"(?:[\w.+%-]++(?::[\w.+%-]*+)?@)?+"
_REST = rf"(?::\d++)?+(?:[/?#](?:[^{_STOPS}&]|&(?!(?:lt|gt|quot);))*+)?+"
WEB = (
    rf"(?<![A-Za-z0-9])(?:(?i:https?|ftp)://{_USER}{_HOST}{_REST}"
    rf"|(?<![/@.:_-])www\.{_HOST}{_REST})"
)
"""An expression for an address of the web, with all that may only follow it."""

_LOCAL = r"[A-Za-z0-9.+_-]++(?:'[A-Za-z0-9.+_-]++)*+"
MAIL = (
    rf"(?<![A-Za-z0-9.+_@/-])(?<![A-Za-z0-9.+_-]')(?:mailto:)?{_LOCAL}"
    r"@[A-Za-z0-9_-]++(?:\.[A-Za-z0-9_-]++)++(?<=[A-Za-z])(?!@|:[A-Za-z0-9/])"
)
"""An expression for an address of mail; for no file on a server, such as `git@host:path`."""

SIGNS = {
    ":": r"://(?<=[psPS]://)(?<!\]\(http://)(?<!\]\(https://)(?<!<http://)(?<!<https://)",
    "www.": r"www\.(?<![\w/.]www\.)",
    "@": r"@(?<=[A-Za-z0-9._+-]@)[A-Za-z0-9_-]+\.",
}
"""Expressions of which one is in a text with a bare address, each with what it begins with."""


def end_of(written: str) -> int:
    """Return the length of the address that something which looks like one begins with."""
    end = len(written)
    surplus = written.count(")") - written.count("(")
    while end:
        last = written[end - 1]
        if last == ")" and surplus <= 0:
            break
        if last == ";" and (entity := _ENTITY_AT_END.search(written, max(0, end - 40), end)):
            end = entity.start()
        elif last.isalnum() or last in _LAST:
            break
        else:
            surplus += (last == "(") - (last == ")")
            end -= 1
    return end


_ENTITY_AT_END = re.compile(r"&(?:amp;)?#?\w{1,32};\Z")
_LAST = "/=+#%$@-"
"""Signs with which an address may end."""


def link(written: str, shown: str) -> str:
    """Return the link to an address that is written so in HTML, and is `shown`."""
    address = unescape(written)
    if address.startswith("www."):
        address = f"http://{address}"
    elif "://" not in address and not address.startswith("mailto:"):
        address = f"mailto:{address}"
    return f"<a{attribute('href', address)}>{shown}</a>"


# ------------------------------------------------------------------- marks in addresses

_STAR, _LINE = "\x18", "\x19"
"""Stand for `*` and `_` in an address: they are no marks of Markdown there."""

IN_ADDRESSES = {_STAR: "*", _LINE: "_"}

_MARK = re.compile(r"(?:\*|_(?:(?<!\w_)|(?!\w)))(?<!\\.)")
_TYPED = re.compile(rf"(?<!\]\()(?<!\]\( )(?<!\]:)(?<!\]: )(?<![<=]){WEB}")


def with_marks_apart(body: str) -> str:
    """Return a body in which no bare address holds what might be a mark of Markdown."""
    return _TYPED.sub(_apart, body) if _MARK.search(body) else body


def _apart(found: re.Match[str]) -> str:
    end = end_of(found[0])
    address = _MARK.sub(lambda mark: _STAR if mark[0] == "*" else _LINE, found[0][:end])
    return address + found[0][end:]
