"""Tags and addresses between < and > for Python-Markdown, found where CommonMark finds them.

So `Map<K, V>` is text, and `<tel:+4930123>` a link. A < that is escaped is text everywhere.
"""

import re

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import AutolinkInlineProcessor, HtmlInlineProcessor

_VALUE = r"""(?:"[^"]*+"|'[^']*+'|[^\s"'=<>`]++)"""
_ATTRIBUTE = rf"\s++[a-zA-Z_:@][\w.:@-]*+(?:\s*+=\s*+{_VALUE})?+"
TAG = (
    rf"(<(?:[a-zA-Z][a-zA-Z0-9-]*+(?:{_ATTRIBUTE})*+\s*+/?|/[a-zA-Z][a-zA-Z0-9-]*+\s*+"
    r"|!--(?:(?!<!--|-->).)*--|\?(?:(?!\?>).)*+\?|![a-zA-Z][^>]*+)>)"
)
"""An expression for a tag, a comment or a declaration inside a line; `@` may begin a name."""

ADDRESS = r"<((?!mailto:)[a-zA-Z][a-zA-Z0-9+.-]{1,31}:(?!:)[^\s<>]*+)>"
"""An expression for an address with a scheme; not for `<std::string>`, which is code."""

_LESS = "\x15"
"""Stands for a < that the author escaped."""

_ESCAPED_LESS = re.compile(r"(?<!\\)((?:\\\\)*)\\<")


class Tags(Extension):
    """Puts the expressions of this module in the places of Python-Markdown's own."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, _LESS]
        md.inlinePatterns.register(AutolinkInlineProcessor(ADDRESS, md), "autolink", 120)
        md.inlinePatterns.register(HtmlInlineProcessor(TAG, md), "html", 90)


def with_escapes_apart(body: str) -> str:
    """Return the body with a sign in the place of each `<` that is escaped."""
    return _ESCAPED_LESS.sub(rf"\1\\{_LESS}", body) if "\\<" in body else body


def put_back(html: str, is_raw: bool = False) -> str:
    """Return the HTML with what the signs stand for.

    In what is raw, all was meant as it was typed.
    """
    return html.replace(_LESS, "<" if is_raw else "&lt;") if _LESS in html else html
