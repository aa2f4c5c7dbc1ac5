"""Attribute lists in Markdown: `{#id .class key="value"}`, and what only looks like one.

A list holds nothing else than items that begin with `#` or `.`, or have `=` in them; after `{:`
it may hold bare words too. Anything else in braces is text.
"""

_NAME = r"""(?:#|\.(?![\d.,%]+[\s}]))[^\s=,;"'<>{}\x02\x03]+"""
_PAIR = r"""[^\W\d][\w:.-]*=(?:"[^"]*"|'[^']*'|[^\s="'<>{}]+)"""
_WORD = r"[^\W\d][\w:.-]*"


def _list_of(item: str) -> str:
    return rf"(?:{item})(?:[ ]+(?:{item}))*"


LIST = (
    rf"\{{(?:[ ]*(?={_list_of(f'{_NAME}|{_PAIR}')}[ ]*\}})|:[ ]*)"
    rf"({_list_of(f'{_NAME}|{_PAIR}|{_WORD}')})[ ]*\}}"
)
"""An expression for a list; its only group holds the items."""

_NAMES_FOLLOW = rf"(?=\{{:?[ ]*{_list_of(_NAME)}[ ]*\}})"
AT_END = rf"(?:[ ]+|(?<=\S){_NAMES_FOLLOW}){LIST}[ ]*"
"""An expression for a list at the end of a heading or a cell, parted from its words by a space.

A list of ids and classes need not be.
"""
