"""Patterns for paths: `*` and `?` stand for what is within one name, `**` for any folders."""

import re
from functools import lru_cache
from unicodedata import normalize


def matches(pattern: str, path: str) -> bool:
    """Say whether a path matches a pattern; letters and their accents in either form do."""
    return bool(_compiled(pattern).fullmatch(_composed(path)))


def bad_glob(pattern: str) -> str:
    """Say what is wrong with a pattern, or return an empty string."""
    names = pattern.split("/")
    if "\\" in pattern:
        return 'it holds "\\"'
    if pattern.startswith("/"):
        return 'it starts with "/"'
    if pattern.endswith("/"):
        return "it ends with a folder"
    if any(name in ("", ".", "..") for name in names):
        return "a name in it is empty, or leads elsewhere"
    if any("**" in name and name != "**" for name in names):
        return '"**" stands for whole folders'
    return ""


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    *folders, last = _composed(pattern).split("/")
    above = "".join(_ANY_FOLDERS if name == "**" else f"{_within(name)}/" for name in folders)
    return re.compile(above + (".+" if last == "**" else _within(last)), re.DOTALL)


def _within(name: str) -> str:
    return "".join(_SIGNS.get(sign) or re.escape(sign) for sign in name)


def _composed(text: str) -> str:
    return text if text.isascii() else normalize("NFC", text)


_ANY_FOLDERS = "(?:[^/]+/)*"
_SIGNS = {"*": "[^/]*", "?": "[^/]"}
