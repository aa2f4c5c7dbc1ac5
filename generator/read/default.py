"""The default engine: Python-Markdown, set up for bodies."""

import re
from functools import cache
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import ESCAPE_RE, EscapeInlineProcessor
from markdown.util import ETX, STX

from generator.read.quick import quick_markdown
from generator.read.typography import ESCAPED

_EXTENSIONS = ("tables", "footnotes", "def_list", "fenced_code", "attr_list")


def to_html(body: str, smart_quotes: bool) -> str:
    """The HTML of a body. With smart quotes, escaped marks are as `typography` has them."""
    try:
        return _converter(smart_quotes).reset().convert(body)
    except BaseException:
        _converter.cache_clear()  # one that has failed may take the next text for a list
        raise


@cache
def _converter(smart_quotes: bool) -> Markdown:
    md = quick_markdown(_EXTENSIONS, {"footnotes": {"BACKLINK_TITLE": "{}"}})
    if smart_quotes:
        md.inlinePatterns.register(_Escapes(ESCAPE_RE, md), "escape", 180)
    return md


class _Escapes(EscapeInlineProcessor):
    """Keeps a mark that the author escaped apart from those that are to be set."""

    def handleMatch(  # type: ignore[override]  # noqa: N802 (Python-Markdown's name)
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        if escaped := ESCAPED.get(m[1]):
            return f"{STX}{ord(escaped)}{ETX}", m.start(), m.end()
        return super().handleMatch(m, data)
