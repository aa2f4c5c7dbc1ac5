"""Rows of YAML that are read without it: most front matter has no others."""

import re
from functools import lru_cache
from typing import Any

import yaml

TAG = "tag:yaml.org,2002:"
_NARROW = {
    f"{TAG}int": re.compile(r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0|[1-9][0-9_]*)$"),
    f"{TAG}float": re.compile(
        r"(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$"
    ),
}
"""Numbers as YAML has them, but for 9:11, which would be 551, and 0700, which would be 448."""
RESOLVERS = {
    letter: [
        (tag, _NARROW.get(tag, regexp))
        for tag, regexp in pairs
        if tag not in (f"{TAG}timestamp", f"{TAG}value")
    ]
    for letter, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
"""By first letter, what is no text, as PyYAML keeps it."""

_QUOTED = r'"[^"\\]*+(?:\\"[^"\\]*+)*+"'
_BARE = r"\w[^:#]*+(?::\w[^:#]*+)*+(?<! )"
_ITEM = re.compile(rf"{_QUOTED}|\w+(?:[ ./-]\w+)*+")
_ITEMS = rf"(?:{_ITEM.pattern})(?:, (?:{_ITEM.pattern}))*"
# A longer name could be too long for YAML.
_ROW = re.compile(rf"(\w{{1,99}}): (?:({_QUOTED}|{_BARE})|\[({_ITEMS}|)\])")


def simple(matter: str) -> dict[str, Any] | None:
    """Return what YAML makes of rows such as `title: "A"`, `date: 2026-03-31` and `tags: ["B", C]`.

    None if there is anything but texts and lists of texts, each in one row: that is for YAML.
    """
    fields: dict[str, Any] = {}
    for row in matter.strip("\n").split("\n"):
        found = _ROW.fullmatch(row)
        if found is None or found[1] in fields or not row.isprintable():
            return None
        name, text, items = found.groups()
        texts = [text] if text else _ITEM.findall(items)
        if not all(map(_is_text, [name, *texts])):
            return None
        fields[name] = _unquoted(text) if text else [_unquoted(item) for item in texts]
    return fields


@lru_cache(maxsize=1024)
def _is_text(scalar: str) -> bool:
    """Return whether YAML takes a scalar for text: not for a number, for true or for nothing."""
    return not any(regexp.match(scalar) for _, regexp in RESOLVERS.get(scalar[0], ()))


def _unquoted(scalar: str) -> str:
    return scalar[1:-1].replace('\\"', '"') if scalar[0] == '"' else scalar
