"""Patterns of paths: `*` stands for any part of a name, `**` for any number of folders."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache


class Glob:
    """A pattern. What begins with "." is matched only where the pattern begins with "." too."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._names = composed(pattern).split("/")
        self._path = re.compile("".join(_steps(self._names)))

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


@lru_cache(maxsize=8)
def globs(patterns: tuple[str, ...]) -> tuple[Glob, ...]:
    return tuple(map(Glob, patterns))


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
    """The expression for one name between slashes. Two stars side by side are one."""
    free = "[^/]*".join(map(re.escape, re.split(r"\*+", part)))
    return rf"(?!\.)(?=[^/]){free}" if part.startswith("*") else free
