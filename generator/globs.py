"""Patterns of paths: `*` and `?` stand for what is within one name, `**` for any folders."""

from fnmatch import fnmatchcase
from functools import lru_cache

from generator.urls import composed


class Glob:
    """A pattern. What begins with "." is matched only where the pattern begins with "." too."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._parts = composed(pattern).replace("[", "[[]").split("/")

    @property
    def is_for_one_name(self) -> bool:
        """Return whether the pattern names its files in full: only the folders may vary."""
        return not set(self._parts[-1]) & {"*", "?"}

    def matches(self, path: str) -> bool:
        """Return whether the pattern is for a path; one letter may be written in several ways."""
        names = composed(path).split("/")
        ends = {0}  # how many of the names the parts so far may stand for
        for part in self._parts:
            if part == "**":
                ends = {end for begin in ends for end in _any_folders(names, begin)}
            else:
                ends = {end + 1 for end in ends if end < len(names) and _is_for(part, names[end])}
        return len(names) in (ends - {0} if self._parts == ["**"] else ends)

    def has_hidden(self, name: str) -> bool:
        """Return whether a name that begins with "." is asked for somewhere in the pattern."""
        return any(part.startswith(".") and _is_for(part, composed(name)) for part in self._parts)


@lru_cache(maxsize=256)
def glob(pattern: str) -> Glob:
    return Glob(pattern)


@lru_cache(maxsize=8)
def globs(patterns: tuple[str, ...]) -> tuple[Glob, ...]:
    return tuple(map(glob, patterns))


def bad_glob(pattern: str) -> str:
    """Say what is wrong with a pattern; an empty string if nothing."""
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


def _any_folders(names: list[str], begin: int) -> range:
    """Say where `**` may end that begins at the name `begin`: before the next hidden one."""
    hidden = (place for place in range(begin, len(names)) if names[place].startswith("."))
    return range(begin, next(hidden, len(names)) + 1)


def _is_for(part: str, name: str) -> bool:
    return fnmatchcase(name, part) and name.startswith(".") is part.startswith(".")
