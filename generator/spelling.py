"""How a value of front matter is spelled: what was typed for it, and how one is to be typed."""

import json
import re
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

Format = Literal["yaml", "toml", "json"]


class Scalar(msgspec.Struct, frozen=True):
    """A value that its format takes for no text, and what was typed for it: 3.1 for `3.10`.

    Which of the two is meant depends on the field.
    """

    value: Any
    typed: str


def plain(raw: Any) -> Any:
    """Return the value with each `Scalar` in it taken as what its format takes it for."""
    if isinstance(raw, Scalar):
        return raw.value
    if isinstance(raw, Mapping):
        return {name: plain(value) for name, value in raw.items()}
    return [plain(value) for value in raw] if isinstance(raw, list | tuple) else raw


def typed(raw: Any) -> Any:
    """Return what was typed for a value, if it is one scalar; else the value itself."""
    return raw.typed if isinstance(raw, Scalar) else raw


def field_spelled(name: str, value: Any, form: Format) -> str:
    """Return a field as it is to be typed in front matter: `tags: [A, B]`."""
    if form == "json":
        return f"{json.dumps(name)}: {spelled(value, form)}"
    return (
        f"{name} = {spelled(value, form)}" if form == "toml" else f"{name}: {spelled(value, form)}"
    )


def spelled(value: Any, form: Format) -> str:
    """Return a value of texts, lists and tables as it is to be typed in one line."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(field_spelled(name, one, form) for name, one in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(spelled(one, form) for one in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if form == "yaml" and _BARE.fullmatch(str(value)) and str(value).casefold() not in _WORDS:
        return str(value)
    quoted = json.dumps(str(value), ensure_ascii=False)
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in quoted)


_BARE = re.compile(
    r"/?[^\W\d_][\w/.-]*(?: [\w/.-]+)*|[0-9]{4}(?:-[0-9]{1,2}){2}[0-9:T .Z+-]*+(?<! )"
)
"""Texts that need no quotes anywhere in YAML."""
_WORDS = {"yes", "no", "on", "off", "true", "false", "null"}


DEEPEST = 100
"""Levels of tables and lists in each other that anything here may have."""


def deepest_line(text: str) -> int:
    """Return the line where brackets stand deeper in each other than they may, or the last one."""
    depth, place = 0, 0
    for found in re.finditer(r"[\[{\]}]", text):
        depth, place = depth + (1 if found[0] in "[{" else -1), found.start()
        if depth > DEEPEST:
            break
    return text.count("\n", 0, place) + 1
