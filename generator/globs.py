"""Patterns of paths: `*` and `?` stand for what is within one name, `**` for any folders."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache


class Glob:
    """A pattern. What begins with "." is matched only where the pattern begins with "." too."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._names = composed(pattern).split("/")
        self._path = re.compile("".join(_steps(self._names)), re.DOTALL)

    @property
    def takes_all(self) -> bool:
        """Whether the pattern is for all that is in a folder."""
        return not self._names[-1].strip("*")

    def matches(self, path: str) -> bool:
        """Whether the pattern is for a path; one letter may be written in several ways."""
        return bool(self._path.fullmatch(composed(path)))

    def has_hidden(self, name: str) -> bool:
        """Whether a name that begins with "." is asked for somewhere in the pattern."""
        hidden = (part for part in self._names if part.startswith("."))
        return any(re.fullmatch(_name(part), composed(name)) for part in hidden)


@lru_cache(maxsize=256)
def glob(pattern: str) -> Glob:
    return Glob(pattern)


@lru_cache(maxsize=8)
def globs(patterns: tuple[str, ...]) -> tuple[Glob, ...]:
    return tuple(map(glob, patterns))


def bad_glob(pattern: str) -> str:
    """What is wrong with a pattern, or an empty string."""
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


def composed(name: str) -> str:
    """A name with each letter and its accents as one character, as far as there is one."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def _steps(names: list[str]) -> Iterator[str]:
    for place, name in enumerate(names, start=1):
        is_last = place == len(names)
        if name == "**":
            yield rf"(?:{_name('*')}/)*" + (_name("*") if is_last else "")
        else:
            yield _name(name) + ("" if is_last else "/")


def _name(part: str) -> str:
    """The expression for one name between slashes."""
    free = "".join(_SIGNS.get(sign) or re.escape(sign) for sign in part)
    return rf"(?!\.)(?=[^/]){free}" if part[:1] in _SIGNS else free


_SIGNS = {"*": "[^/]*", "?": "[^/]"}
