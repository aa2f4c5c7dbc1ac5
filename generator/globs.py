"""Patterns for paths: `*` and `?` stand for what is within one name, `**` for any folders."""

from fnmatch import fnmatchcase
from unicodedata import normalize


def matches(pattern: str, path: str) -> bool:
    """Say whether a path matches a pattern; letters and their accents in either form do."""
    names = _composed(path).split("/")
    reached = {0}
    for part in _composed(pattern).replace("[", "[[]").split("/"):
        if not reached:
            return False
        if part == "**":
            reached = set(range(min(reached), len(names) + 1))
        else:
            here = (place for place in reached if place < len(names))
            reached = {place + 1 for place in here if fnmatchcase(names[place], part)}
    return len(names) in reached


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


def _composed(text: str) -> str:
    return text if text.isascii() else normalize("NFC", text)
