"""Attribute lists in Markdown: `{#id .class key="value"}`, and what only looks like one.

A list holds nothing else than items that begin with `#` or `.`, or have `=` in them, one of which
must be sure to be meant: by its sign, by quotes, or by the name of an attribute. After `{:` it may
hold anything of that, and bare words too. Anything else in braces is text: `{n=30}`.
"""

import re

from generator.content.html import Token, attributes
from generator.markup import start_tag

_NAME = r"""(?:#|\.(?![\d.,%]+[\s}]))[^\s=,;"'<>{}\x02\x03]+"""
_PAIR = r"""[^\W\d][\w:.-]*=(?:"[^"]*"|'[^']*'|[^\s="'<>{}]+)"""
_WORD = r"[^\W\d][\w:.-]*"

_KNOWN = (
    r"(?:abbr|alt|cite|class|colspan|data-[\w.-]+|aria-[\w-]+|datetime|decoding|dir|download|height"
    r"|hidden|href|hreflang|id|itemprop|lang|loading|name|rel|reversed|role|rowspan|scope|sizes|span"
    r"|src|srcset|start|style|tabindex|target|title|translate|type|value|width|align|valign|media)"
)
_DOUBTFUL = rf"""(?!{_KNOWN}=)[^\W\d][\w:.-]*=[^\s="'<>{{}}]+"""


def _list_of(item: str) -> str:
    return rf"(?:{item})(?:[ ]+(?:{item}))*"


def _list(unless: str) -> str:
    items = _list_of(f"{_NAME}|{_PAIR}")
    plain = rf"[ ]*{unless}(?={items}[ ]*\}})"
    return rf"\{{(?:{plain}|:[ ]*)({_list_of(f'{_NAME}|{_PAIR}|{_WORD}')})[ ]*\}}"


LIST = _list(rf"(?!{_list_of(_DOUBTFUL)}[ ]*\}})")
"""An expression for a list; its only group holds the items."""

LIST_AT_FENCE = _list("")
"""An expression for a list behind a fence, where nothing is text."""

_NAMES_FOLLOW = rf"(?=\{{:?[ ]*{_list_of(_NAME)}[ ]*\}})"
AT_END = rf"(?:[ ]+|(?<=\S){_NAMES_FOLLOW}){LIST}[ ]*"
"""An expression for a list at the end of a heading or a cell, parted from its words by a space.

A list of ids and classes need not be.
"""

ITEM = re.compile(r"""([.#]?)([^\s=}]+)(?:=(?:"([^"]*)"|'([^']*)'|(\S+)))?""")


def with_items(tag: Token, items: str) -> str:
    """Return a start tag with the items of a list too, all in the order of their names."""
    known: dict[str, str | None] = {one.name: one.value for one in attributes(tag)}
    for sign, word, *values in ITEM.findall(items):
        if sign == ".":
            known["class"] = f"{known['class']} {word}" if known.get("class") else word
        elif sign == "#":
            known["id"] = word
        else:
            is_bare = not any(values) and "=" not in items
            known[word] = None if is_bare else "".join(values)
    return start_tag(tag.name, dict(sorted(known.items())))
